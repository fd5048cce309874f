//! What HTML may hold that came from Markdown.
//!
//! `html` itself writes only elements of this list, so that its output needs
//! no second parse unless the source carried raw HTML or an address that is
//! not plainly harmless. A property test holds the two ways equal.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::url::ParseError;
use ammonia::{Builder, Url, UrlRelative};

/// Schemes that an address may have.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

const TAGS: [&str; 37] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

static FOR_RECORDS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = for_pages();
    builder.rm_tags(["img"]);
    builder
});

static FOR_PAGES: LazyLock<Builder<'static>> = LazyLock::new(for_pages);

fn for_pages() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(TAGS.into_iter().collect())
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("img", HashSet::from(["src", "alt", "title"])),
            ("ol", HashSet::from(["start"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
            ("h1", HashSet::from(["id"])),
            ("h2", HashSet::from(["id"])),
            ("h3", HashSet::from(["id"])),
            ("h4", HashSet::from(["id"])),
        ]))
        .allowed_classes(HashMap::from([
            ("td", HashSet::from(["num", "mid"])),
            ("th", HashSet::from(["num", "mid"])),
        ]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    builder
}

/// HTML with everything outside the list dropped; in records pictures too.
pub(super) fn clean(html: &str, with_pictures: bool) -> String {
    let cleaner = if with_pictures {
        &FOR_PAGES
    } else {
        &FOR_RECORDS
    };
    cleaner.clean(html).to_string()
}

/// The text of HTML, for papers, which have no HTML: without comments and the
/// tags that pages honour. Any other tag is no markup but something written,
/// and stays.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        match rest[start..].find('>') {
            Some(end) => {
                let tag = &rest[start..start + end + 1];
                if !is_honoured(tag) {
                    text.push_str(tag);
                }
                rest = &rest[start + end + 1..];
            }
            None => {
                rest = &rest[start..];
                break;
            }
        }
    }
    text.push_str(rest);
    text
}

fn is_honoured(tag: &str) -> bool {
    let inner = tag.trim_start_matches('<').trim_start_matches('/');
    let end = inner
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inner.len());
    let name = inner[..end].to_ascii_lowercase();
    inner.starts_with("!--") || name != "img" && TAGS.contains(&name.as_str())
}

/// True for an address that `clean` would keep as it is.
pub(super) fn is_harmless_address(address: &str) -> bool {
    match Url::parse(address) {
        Ok(url) => SCHEMES.contains(&url.scheme()),
        Err(error) => error == ParseError::RelativeUrlWithoutBase,
    }
}
