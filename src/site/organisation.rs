//! All departments with their people.

use super::cells::{Cell, Row};
use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::view::view;
use super::{address, chrome};
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::publish::Output;

/// Most people on the page: about 130 KB.
const MOST_PEOPLE: usize = 600;

view! {
    OrganisationView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        departments: Vec<DepartmentRow>,
    }
}

view! {
    DepartmentRow {
        id: String,
        link: Markup,
        total: usize,
        people: Vec<PersonRow>,
        more: Option<String>,
    }
}

view! {
    /// A person with what they have on the desk.
    PersonRow {
        link: Markup,
        position: String,
        load: Markup,
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let organisation = &context.register.organisation;
    let title = context.word("site.organisation.title");
    let present = organisation.people.iter().filter(|person| !person.left);
    let people = present.count();
    // A large company's departments show whom there is room for.
    let most = MOST_PEOPLE / organisation.departments.len().max(1);
    let departments: Vec<DepartmentRow> = organisation
        .departments
        .iter()
        .zip(0..)
        .map(|(department, id)| {
            let of_department = people_of(context, DepartmentId(id));
            let shown = if people <= MOST_PEOPLE {
                of_department.len()
            } else {
                most
            };
            DepartmentRow {
                id: department.id.to_string(),
                link: context.name(Subject::Department(DepartmentId(id)), ""),
                total: of_department.len(),
                more: (of_department.len() > shown)
                    .then(|| format!("{}#people", address::department(&department.id))),
                people: of_department
                    .into_iter()
                    .take(shown)
                    .map(|person| person_view(context, person))
                    .collect(),
            }
        })
        .collect();
    let page = OrganisationView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: context.words.filled(
            "site.organisation.lead",
            &[
                ("departments", &departments.len().to_string()),
                ("people", &people.to_string()),
            ],
        ),
        departments,
    };
    context.page(
        "site/organisation.html",
        "organisation.html".to_owned(),
        "organisation.html",
        page,
    )
}

/// The people of a department who have not left, by index.
pub(super) fn people_of(context: &Context<'_>, department: DepartmentId) -> Vec<usize> {
    let people = context.register.organisation.people.iter().enumerate();
    people
        .filter(|(_, person)| person.department == Some(department) && !person.left)
        .map(|(id, _)| id)
        .collect()
}

/// A person with what they have on the desk, as a row of a table.
pub(super) fn person_row(context: &Context<'_>, id: u32) -> Row {
    let person = context.register.organisation.person(PersonId(id));
    let desk = context.desks.person(id);
    let title = person.title.as_ref();
    let count = |count: usize| Cell::Amount(count as f64, count.to_string());
    vec![
        Cell::name(Some(Subject::Person(PersonId(id)))),
        Cell::text(title.map_or("", |title| context.text(title))),
        count(desk.owes.len()),
        count(desk.overdue),
    ]
}

fn person_view(context: &Context<'_>, id: usize) -> PersonRow {
    let id = id as u32;
    let person = context.register.organisation.person(PersonId(id));
    let desk = context.desks.person(id);
    let load = if desk.overdue > 0 {
        let text = context.words.filled(
            "site.department.overdue",
            &[("count", &desk.overdue.to_string())],
        );
        Markup::mark("overdue", &text)
    } else if desk.owes.is_empty() {
        Markup::default()
    } else {
        let text = context.words.filled(
            "site.department.open",
            &[("count", &desk.owes.len().to_string())],
        );
        Markup::span(&["soft small"], &text)
    };
    PersonRow {
        link: context.name(Subject::Person(PersonId(id)), ""),
        position: person
            .title
            .as_ref()
            .map_or("", |title| context.text(title))
            .to_owned(),
        load,
    }
}
