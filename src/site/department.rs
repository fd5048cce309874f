//! A department's page: what it owes, what it waits for, its matters, its people.

use super::chrome::CrumbView;
use super::context::Context;
use super::duties::DutyRow;
use super::engine::SiteError;
use super::markup::Markup;
use super::organisation::{PersonRow, people_of};
use super::record::FactView;
use super::record_rows::RecordRow;
use super::view::view;
use super::{address, chrome};
use crate::definition::Phase;
use crate::organisation::{DepartmentId, Subject};
use crate::publish::Output;

/// From a folder up to the root.
const ROOT: &str = "../";
/// Most rows of a list.
const MOST_ROWS: usize = 200;

view! {
    DepartmentView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        lead: String,
        facts: Vec<FactView>,
        owes: Vec<DutyRow>,
        owes_total: usize,
        awaits: Vec<DutyRow>,
        awaits_total: usize,
        records: Vec<RecordRow>,
        record_total: usize,
        people: Vec<PersonRow>,
    }
}

pub(super) fn render(context: &Context<'_>, id: u32) -> Result<Output, SiteError> {
    let department = context.register.organisation.department(DepartmentId(id));
    let name = context.text(&department.name);
    let desk = context.desks.department(id);
    let records: Vec<usize> = context
        .outlook
        .records
        .iter()
        .rev()
        .copied()
        .filter(|record| context.outlook.phase(*record) == Phase::Open)
        .filter(|record| context.outlook.department_of(*record) == Some(DepartmentId(id)))
        .collect();
    let people = people_of(context, DepartmentId(id), ROOT);
    let mut facts = Vec::new();
    for (label, person) in [
        ("site.department.head", department.head),
        ("site.department.leader", department.leader),
    ] {
        if let Some(person) = person {
            facts.push(FactView {
                label: context.word(label).to_owned(),
                value: context.name(Subject::Person(person), ROOT),
            });
        }
    }
    facts.push(FactView {
        label: context.word("site.department.people_count").to_owned(),
        value: Markup::text(&people.len().to_string()),
    });
    let page = DepartmentView {
        title: name.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (
                context.word("site.organisation.title"),
                Some(format!("{ROOT}organisation.html")),
            ),
            (name, None),
        ]),
        heading: name.to_owned(),
        lead: context.words.filled(
            "site.department.lead",
            &[
                ("owes", &desk.owes.len().to_string()),
                ("overdue", &desk.overdue.to_string()),
                ("awaits", &desk.awaits.len().to_string()),
                ("records", &records.len().to_string()),
            ],
        ),
        facts,
        owes: context.duty_rows(&desk.owes, ROOT, MOST_ROWS),
        owes_total: desk.owes.len(),
        awaits: context.duty_rows(&desk.awaits, ROOT, MOST_ROWS),
        awaits_total: desk.awaits.len(),
        record_total: records.len(),
        records: records
            .into_iter()
            .take(MOST_ROWS)
            .map(|record| context.record_row(record, ROOT))
            .collect(),
        people,
    };
    context.page(
        "site/department.html",
        address::department(&department.id),
        "organisation.html",
        page,
    )
}
