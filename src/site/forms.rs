//! All forms: each kind's with the clause that asks for it, blank and filled.

use std::collections::HashMap;

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::record::{FileView, forms};
use super::view::view;
use super::{address, chrome};
use crate::publish::Output;

/// How many of the newest filled ones are named.
const NEWEST: usize = 3;

view! {
    FormsView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        kinds: Vec<KindView>,
        gathered: Vec<PaperRow>,
    }
}

view! {
    KindView {
        id: String,
        label: String,
        href: String,
        forms: Vec<FormRow>,
    }
}

view! {
    FormRow {
        name: String,
        clause: Option<Markup>,
        blank: Vec<FileView>,
        filled: usize,
        newest: Vec<NewestView>,
    }
}

view! {
    /// A filled form: the record's number, and the paper.
    NewestView {
        id: String,
        label: String,
        href: String,
    }
}

view! {
    /// A paper gathered from many records.
    PaperRow {
        name: String,
        href: String,
        clause: Option<Markup>,
        description: String,
        blank: Vec<FileView>,
        filled: usize,
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.forms.title");
    let mut filled = Filled::of_records(context);
    let mut count = 0;
    let kinds: Vec<KindView> = context
        .register
        .kinds
        .iter()
        .enumerate()
        .filter_map(|(kind, definition)| {
            let papers = context.forms.of_kind(kind);
            let ids: Vec<String> = papers.iter().map(|paper| paper.id.clone()).collect();
            let rows: Vec<FormRow> = forms(context, papers, "")
                .into_iter()
                .zip(ids)
                .map(|(form, id)| {
                    let (filled, newest) = filled.take(kind, &id);
                    FormRow {
                        name: form.name,
                        clause: form.clause,
                        blank: form.files,
                        filled,
                        newest,
                    }
                })
                .collect();
            count += rows.len();
            (!rows.is_empty()).then(|| KindView {
                id: address::file_name(&definition.id),
                label: context.text(&definition.name).to_owned(),
                href: address::register(&definition.id, 1),
                forms: rows,
            })
        })
        .collect();
    let page = FormsView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: context
            .words
            .filled("site.forms.lead", &[("count", &count.to_string())]),
        kinds,
        gathered: gathered(context),
    };
    context.page(
        "site/forms.html",
        "forms.html".to_owned(),
        "forms.html",
        page,
    )
}

/// The filled forms of each kind.
struct Filled(HashMap<(usize, String), (usize, Vec<NewestView>)>);

impl Filled {
    fn of_records(context: &Context<'_>) -> Self {
        let mut all: HashMap<(usize, String), (usize, Vec<NewestView>)> = HashMap::new();
        // the newest number first
        for index in context.outlook.records.iter().rev().copied() {
            let record = &context.register.records[index];
            for form in context.forms.of_record(index) {
                let Some((_, path)) = form.files.first() else {
                    continue;
                };
                let (count, newest) = all.entry((record.kind, form.id)).or_default();
                *count += 1;
                let again = newest
                    .last()
                    .is_some_and(|last| last.id == *record.id.value);
                if newest.len() < NEWEST && !again {
                    newest.push(NewestView {
                        id: record.id.value.to_string(),
                        label: record.heading().to_owned(),
                        href: path.clone(),
                    });
                }
            }
        }
        Filled(all)
    }

    fn take(&mut self, kind: usize, form: &str) -> (usize, Vec<NewestView>) {
        self.0.remove(&(kind, form.to_owned())).unwrap_or_default()
    }
}

/// The papers gathered from many records.
fn gathered(context: &Context<'_>) -> Vec<PaperRow> {
    let blank = context.word("site.registers.blank");
    context
        .register
        .register_papers
        .iter()
        .enumerate()
        .filter_map(|(index, paper)| {
            let papers = forms(context, context.forms.of_register(index), "");
            if papers.is_empty() {
                return None;
            }
            let (blanks, filled): (Vec<_>, Vec<_>) =
                papers.into_iter().partition(|form| form.name == blank);
            Some(PaperRow {
                name: context.text(&paper.name).to_owned(),
                href: address::gathered(&paper.id, None, 1),
                clause: paper
                    .clause
                    .as_deref()
                    .map(|clause| context.clause(clause, "")),
                description: context.text(&paper.description).to_owned(),
                blank: blanks.into_iter().flat_map(|form| form.files).collect(),
                filled: filled.len(),
            })
        })
        .collect()
}
