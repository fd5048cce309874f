//! The company's own pages: Markdown of the repository, with a table of contents.

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::own_pages::resolved;
use super::view::view;
use super::{address, chrome};
use crate::markdown;
use crate::publish::Output;

view! {
    HandbookView {
        title: String,
        headed: bool,
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

pub(super) fn render(context: &Context<'_>, index: usize) -> Result<Output, SiteError> {
    let page = &context.own.pages[index];
    let path = address::handbook(&page.name);
    let read = markdown::page_with_links(&page.text, 0, &|link| {
        resolved(link, "pages", &path, context.up)
    });
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
            (&page.title, None),
        ]),
        contents: if contents.len() > 1 {
            contents
        } else {
            Vec::new()
        },
        html: Markup::page(&read),
        title: page.title.clone(),
        headed: page.headed,
    };
    context.page("site/page.html", path.clone(), &path, view)
}

/// The company's own text of the first page.
pub(super) fn front(context: &Context<'_>) -> Option<Markup> {
    let front = context.own.front.as_ref()?;
    let read = markdown::page_with_links(&front.text, 1, &|link| {
        resolved(link, "", "index.html", context.up)
    });
    Some(Markup::page(&read))
}
