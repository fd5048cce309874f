//! All departments with their people.

use super::chrome;
use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::view::view;
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::publish::Output;

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
        people: Vec<PersonRow>,
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
    let departments: Vec<DepartmentRow> = organisation
        .departments
        .iter()
        .zip(0..)
        .map(|(department, id)| DepartmentRow {
            id: department.id.to_string(),
            link: context.name(Subject::Department(DepartmentId(id)), ""),
            people: people_of(context, DepartmentId(id), ""),
        })
        .collect();
    let people = organisation
        .people
        .iter()
        .filter(|person| !person.left)
        .count();
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

/// The people of a department who have not left.
pub(super) fn people_of(
    context: &Context<'_>,
    department: DepartmentId,
    root: &str,
) -> Vec<PersonRow> {
    let people = context.register.organisation.people.iter().zip(0..);
    people
        .filter(|(person, _)| person.department == Some(department) && !person.left)
        .map(|(person, id)| {
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
                link: context.name(Subject::Person(PersonId(id)), root),
                position: person
                    .title
                    .as_ref()
                    .map_or("", |title| context.text(title))
                    .to_owned(),
                load,
            }
        })
        .collect()
}
