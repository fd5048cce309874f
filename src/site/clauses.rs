//! The clauses of a handbook and what carries each: the same table as
//! `taizhang explain --clauses`.

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::view::view;
use super::{PrintedForm, address, chrome};
use crate::definition::{CarrierKind, Clause};
use crate::display::Carried;
use crate::publish::Output;

/// From a folder up to the root.
const ROOT: &str = "../";

view! {
    ClausesView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        lead: String,
        handbooks: Vec<HandbookLink>,
        topics: Vec<TopicView>,
    }
}

view! {
    /// Another handbook; without an address it is this one.
    HandbookLink {
        label: String,
        href: Option<String>,
        total: usize,
    }
}

view! {
    /// Clauses about the same thing, which their numbers begin with.
    TopicView {
        id: String,
        label: String,
        clauses: Vec<ClauseRow>,
    }
}

view! {
    ClauseRow {
        anchor: String,
        id: String,
        asks: String,
        carriers: Vec<CarrierRow>,
    }
}

view! {
    CarrierRow {
        label: String,
        of: Option<Markup>,
        items: Markup,
    }
}

pub(super) fn render(context: &Context<'_>, index: usize) -> Result<Output, SiteError> {
    let handbook = &context.register.handbooks[index];
    let clauses = context.register.clauses.iter();
    let clauses: Vec<&Clause> = clauses
        .filter(|clause| clause.handbook == handbook.id)
        .collect();
    let mut topics: Vec<TopicView> = Vec::new();
    for group in clauses.chunk_by(|a, b| topic(&a.id) == topic(&b.id)) {
        let name = group.first().map_or("", |clause| topic(&clause.id));
        let words = format!("site.clauses.topics.{name}");
        let rows = group.iter().map(|clause| row(context, clause));
        topics.push(TopicView {
            id: format!("topic-{}", topics.len() + 1),
            label: context.words.find(&words).unwrap_or(name).to_owned(),
            clauses: rows.collect(),
        });
    }
    let handbooks = context
        .register
        .handbooks
        .iter()
        .enumerate()
        .map(|(other, known)| HandbookLink {
            label: format!("{} {}", known.id, context.text(&known.name)),
            href: (other != index).then(|| format!("{ROOT}{}", address::clauses(&known.id))),
            total: context
                .register
                .clauses
                .iter()
                .filter(|clause| clause.handbook == known.id)
                .count(),
        })
        .collect();
    let name = context.text(&handbook.name);
    let path = address::clauses(&handbook.id);
    let entry = context
        .register
        .handbooks
        .first()
        .map_or("", |first| &first.id);
    let page = ClausesView {
        title: format!("{name} {}", context.word("site.clauses.title")),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (context.word("site.clauses.title"), None),
        ]),
        heading: name.to_owned(),
        lead: context.words.filled(
            "site.clauses.lead",
            &[
                ("handbook", &handbook.id),
                ("count", &clauses.len().to_string()),
            ],
        ),
        handbooks,
        topics,
    };
    context.page("site/clauses.html", path, &address::clauses(entry), page)
}

/// What a clause is about: the letters its number begins with.
fn topic(id: &str) -> &str {
    id.trim_end_matches(|character: char| !character.is_alphabetic())
}

fn row(context: &Context<'_>, clause: &Clause) -> ClauseRow {
    let mut linked: Vec<usize> = Vec::new();
    let mut carriers: Vec<CarrierRow> = context
        .display
        .carried(clause)
        .into_iter()
        .map(|carried| carrier(context, &carried, &mut linked))
        .collect();
    let program = clause.carrier.iter().map(|carrier| CarrierRow {
        label: context.words.get("carriers.program").to_owned(),
        of: None,
        items: Markup::text(context.text(carrier)),
    });
    carriers.extend(program);
    if carriers.is_empty() {
        carriers.push(CarrierRow {
            label: context.words.get("carriers.none").to_owned(),
            of: None,
            items: Markup::default(),
        });
    }
    ClauseRow {
        anchor: address::file_name(&clause.id),
        id: clause.id.to_string(),
        asks: context.text(&clause.asks).to_owned(),
        carriers,
    }
}

/// A line with links to the register of its kind, the first time that the
/// clause names it, and to the printed forms.
fn carrier(context: &Context<'_>, carried: &Carried, linked: &mut Vec<usize>) -> CarrierRow {
    let mut kinds = context.register.kinds.iter();
    let kind = kinds
        .position(|kind| kind.id == carried.definition)
        .filter(|_| carried.what.is_of_a_kind());
    let register = kind.filter(|kind| !linked.contains(kind)).map(|kind| {
        linked.push(kind);
        let id = &context.register.kinds[kind].id;
        format!("{ROOT}{}", address::register(id, 1))
    });
    let forms: Vec<PrintedForm> = kind
        .filter(|_| carried.what == CarrierKind::Form)
        .map_or_else(Vec::new, |kind| context.forms.of_kind(kind));
    let mut items = Markup::default();
    for (index, item) in carried.items.iter().enumerate() {
        if index > 0 {
            items.push(context.word("display.list_separator"));
        }
        let paper = forms.iter().find(|form| form.name == *item);
        let paper = paper
            .and_then(|form| form.files.first())
            .map(|(_, path)| format!("{ROOT}{path}"));
        let href = if carried.of.is_empty() {
            &register
        } else {
            &paper
        };
        items.add(&Markup::link(href.as_deref(), item));
    }
    CarrierRow {
        label: carried.label.clone(),
        of: (!carried.of.is_empty()).then(|| Markup::link(register.as_deref(), &carried.of)),
        items,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_begins_with_what_it_is_about() {
        for (id, about) in [
            ("P1.2", "P"),
            ("T20", "T"),
            ("TR1", "TR"),
            ("TZ-D12", "TZ-D"),
        ] {
            assert_eq!(topic(id), about, "{id}");
        }
    }
}
