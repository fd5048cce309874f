//! A department's page: what it owes, what it waits for, its matters, its people.

use super::chrome;
use super::context::Context;
use super::desk::{self, DeskPage, ROOT, Whose};
use super::engine::SiteError;
use super::markup::Markup;
use super::organisation::people_of;
use super::record::FactView;
use crate::organisation::{DepartmentId, Subject};
use crate::publish::Output;

pub(super) fn render(context: &Context<'_>, id: u32) -> Result<Output, SiteError> {
    let department = context.register.organisation.department(DepartmentId(id));
    let name = context.text(&department.name);
    let desk = context.desks.department(id);
    let people = people_of(context, DepartmentId(id));
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
    let page = DeskPage {
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
        lead: context.words.filled(
            "site.department.lead",
            &[
                ("owes", &desk.owes.len().to_string()),
                ("overdue", &desk.overdue.to_string()),
                ("awaits", &desk.awaits.len().to_string()),
                ("records", &desk.records.len().to_string()),
            ],
        ),
        facts,
    };
    desk::render(context, Whose::Department(id), page)
}
