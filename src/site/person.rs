//! A person's page: what they owe, await and sign, what they have concluded
//! and signed, what they work on.

use super::address;
use super::chrome::CrumbView;
use super::context::Context;
use super::desk::{self, DeskPage, ROOT, Whose};
use super::engine::SiteError;
use super::markup::Markup;
use super::record::FactView;
use crate::organisation::{PersonId, Subject};
use crate::publish::Output;

pub(super) fn render(context: &Context<'_>, id: u32) -> Result<Output, SiteError> {
    let organisation = &context.register.organisation;
    let person = organisation.person(PersonId(id));
    let name = context.text(&person.name);
    let desk = context.desks.person(id);
    let mut crumbs = vec![
        (
            context.word("site.overview.title"),
            Some(format!("{ROOT}index.html")),
        ),
        (
            context.word("site.organisation.title"),
            Some(format!("{ROOT}organisation.html")),
        ),
    ];
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: Markup| {
        facts.push(FactView {
            label: label.to_owned(),
            value,
        })
    };
    if let Some(department) = person.department {
        let definition = organisation.department(department);
        crumbs.push((
            context.text(&definition.name),
            Some(format!("{ROOT}{}", address::department(&definition.id))),
        ));
        fact(
            context.word("site.person.department"),
            context.name(Subject::Department(department), ROOT),
        );
    }
    crumbs.push((name, None));
    if let Some(title) = &person.title {
        fact(
            context.word("site.person.position"),
            Markup::text(context.text(title)),
        );
    }
    if let Some(email) = &person.email {
        fact(
            context.word("site.person.email"),
            Markup::link(Some(&format!("mailto:{email}")), email),
        );
    }
    if let Some(number) = &person.staff_number {
        fact(
            context.word("site.person.staff_number"),
            Markup::text(number),
        );
    }
    if let Some(phone) = &person.phone {
        fact(context.word("site.person.phone"), Markup::text(phone));
    }
    let page = DeskPage {
        crumbs: crumbs
            .into_iter()
            .map(|(text, href)| CrumbView {
                text: text.to_owned(),
                href,
            })
            .collect(),
        lead: context.words.filled(
            "site.person.lead",
            &[
                ("owes", &desk.owes.len().to_string()),
                ("overdue", &desk.overdue.to_string()),
                ("awaits", &desk.awaits.len().to_string()),
            ],
        ),
        facts,
    };
    desk::render(context, Whose::Person(id), page)
}
