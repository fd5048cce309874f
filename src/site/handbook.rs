//! Handbook pages: Markdown of the repository, with a table of contents.

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::files::HandbookPage;
use super::markup::Markup;
use super::view::view;
use super::{address, chrome};
use crate::markdown;
use crate::publish::Output;

view! {
    HandbookView {
        title: String,
        crumbs: Vec<CrumbView>,
        contents: Vec<HeadingView>,
        html: Markup,
    }
}

view! {
    HeadingView {
        level: u8,
        id: String,
        text: String,
    }
}

/// A page's title: its first heading, or its name.
pub(super) fn title(page: &HandbookPage) -> String {
    let heading = page.text.lines().find_map(|line| line.strip_prefix("# "));
    heading.map_or(page.name.as_str(), str::trim).to_owned()
}

pub(super) fn render(context: &Context<'_>, index: usize) -> Result<Output, SiteError> {
    let page = &context.files.pages[index];
    let title = title(page);
    let path = address::handbook(&page.name);
    let read = markdown::page_to_html(&page.text);
    let contents: Vec<HeadingView> = read
        .headings
        .iter()
        .filter(|heading| (2..=3).contains(&heading.level))
        .map(|heading| HeadingView {
            level: heading.level,
            id: heading.id.clone(),
            text: heading.text.clone(),
        })
        .collect();
    let view = HandbookView {
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("../index.html".to_owned()),
            ),
            (&title, None),
        ]),
        contents: if contents.len() > 1 {
            contents
        } else {
            Vec::new()
        },
        html: Markup::page(&read),
        title,
    };
    context.page("site/page.html", path.clone(), &path, view)
}
