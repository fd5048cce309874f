//! Pages of a register paper of which there are many: one for each project,
//! person or outside party.

use super::cells::{Cell, Column, Holds, Row};
use super::context::Context;
use super::engine::SiteError;
use super::list::{Group, ListPage, Pages, ROWS};
use super::markup::Markup;
use super::{PrintedForm, address, chrome};
use crate::publish::Output;

/// From a folder up to the root.
const ROOT: &str = "../";
/// Most papers of one sort that stand on the page of all registers.
pub(super) const MOST: usize = 40;

/// How many pages of its own a paper has: none where all of it stands on the
/// page of all registers.
pub(super) fn count(context: &Context<'_>, paper: usize) -> usize {
    match context.forms.count_of_register(paper) {
        few if few <= MOST => 0,
        many => many.div_ceil(ROWS),
    }
}

pub(super) fn render(
    context: &Context<'_>,
    paper: usize,
    number: usize,
) -> Result<Output, SiteError> {
    let definition = &context.register.register_papers[paper];
    let forms = context.forms.of_register(paper);
    let label = context.text(&definition.name);
    let words = forms.first().map(|form| form.files.as_slice());
    let mut columns = vec![Column::new(
        "title",
        context.words.get("site.registers.paper"),
        Holds::Title,
    )];
    for (word, _) in words.unwrap_or_default() {
        columns.push(Column::new(word, word, Holds::Text));
    }
    let group = Group::new(
        context,
        "papers",
        ["site.registers.papers", "site.registers.papers", ""],
    );
    let pages = Pages::new(1, (0..forms.len()).map(|form| (0, form)));
    let page = ListPage {
        title: label,
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (
                context.word("site.registers.title"),
                Some(format!("{ROOT}registers.html")),
            ),
            (label, None),
        ]),
        lead: Markup::text(context.text(&definition.description)),
        begin: None,
        blanks: Vec::new(),
        papers: Vec::new(),
        take: Vec::new(),
        current: "registers.html",
        root: ROOT,
        number,
        address: &|number| address::papers(&definition.id, number),
        columns: &columns,
        groups: &[group],
        pages: &pages,
        data: None,
        skip_empty: true,
    };
    page.render(context, |form| row(&forms[form]))
}

fn row(form: &PrintedForm) -> Row {
    let first = form.files.first();
    let mut row = vec![Cell::Title {
        text: form.name.clone(),
        href: first.map_or_else(String::new, |(_, path)| path.clone()),
        sub: String::new(),
        tags: Vec::new(),
    }];
    let files = form.files.iter();
    row.extend(files.map(|(word, path)| Cell::Link(word.clone(), path.clone())));
    row
}
