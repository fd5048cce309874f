//! The company's own pages: `site/pages/*.md`, and `site/front.md`, the text of
//! the first page. Between two lines of `+++` above a text stand its title, its
//! order and whether it stays in the company; links are written as they lead
//! from file to file.
//!
//! Invariants: a page is for the company's own people unless every version of
//! it says `internal = false` (D12); in every language there are the same pages.

use std::collections::BTreeMap;

use super::address;
use super::files::{OwnFile, SiteFiles};
use crate::finding::{FileId, Finding, Place, Span};
use crate::register::Register;
use crate::source::{Findings, SourceFile, TableReader, parse};
use crate::text::{Language, Text};

/// The line above and below what is said of a page.
const FENCE: &str = "+++";

/// A page as it is shown in one language.
pub(super) struct OwnPage {
    /// Its name in addresses.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Whether the title stands in the text as its first heading.
    pub headed: bool,
    /// The Markdown.
    pub text: String,
}

/// The pages that a viewer may see, in their order, and the first page's text.
#[derive(Default)]
pub(super) struct OwnPages {
    pub pages: Vec<OwnPage>,
    pub front: Option<OwnPage>,
}

/// What stands above a text.
struct Head {
    title: Option<Text>,
    order: Option<i64>,
    internal: bool,
    /// Where the text begins.
    end: usize,
}

impl OwnPages {
    /// The pages in a language; where one has none in it, in the repository's.
    pub fn new(files: &SiteFiles, register: &Register, language: Language, insider: bool) -> Self {
        let usual = register.settings.language;
        let of = |files: &[&OwnFile]| -> Option<(i64, OwnPage)> {
            let heads: Vec<Head> = files.iter().map(|file| head(file, None).0).collect();
            let open = insider || heads.iter().all(|head| !head.internal);
            let wanted = [Some(language), None, Some(usual)];
            let chosen = wanted
                .iter()
                .find_map(|wanted| files.iter().position(|file| file.language == *wanted))
                .unwrap_or_default();
            let (file, head) = (files.get(chosen)?, heads.get(chosen)?);
            open.then(|| {
                (
                    head.order.unwrap_or(file.order),
                    shown(file, head, language),
                )
            })
        };
        let mut named: BTreeMap<&str, Vec<&OwnFile>> = BTreeMap::new();
        for file in &files.pages {
            named.entry(&file.name).or_default().push(file);
        }
        let mut pages: Vec<(i64, OwnPage)> = named.values().filter_map(|files| of(files)).collect();
        pages.sort_by(|(a, page), (b, other)| (a, &page.name).cmp(&(b, &other.name)));
        let front: Vec<&OwnFile> = files.front.iter().collect();
        OwnPages {
            pages: pages.into_iter().map(|(_, page)| page).collect(),
            front: of(&front).map(|(_, page)| page),
        }
    }
}

/// What is wrong above the texts.
pub(super) fn check(files: &SiteFiles, register: &Register) -> Vec<Finding> {
    let own = files.pages.iter().chain(&files.front);
    own.flat_map(|file| {
        let mut sources = register.sources.iter();
        let known = sources.find(|(_, source)| source.path == file.path);
        known.map_or_else(Vec::new, |(id, _)| head(file, Some(id)).1)
    })
    .collect()
}

fn shown(file: &OwnFile, head: &Head, language: Language) -> OwnPage {
    let text = file.text.get(head.end..).unwrap_or_default();
    let heading = text.lines().find_map(|line| line.strip_prefix("# "));
    let given = head.title.as_ref().map(|title| title.get(language));
    let title = given.or(heading.map(str::trim)).unwrap_or(&file.name);
    OwnPage {
        name: file.name.clone(),
        title: title.to_owned(),
        headed: heading.is_some(),
        text: text.to_owned(),
    }
}

/// Reads what stands above a text; `id` is the file that findings are in.
fn head(file: &OwnFile, id: Option<FileId>) -> (Head, Vec<Finding>) {
    let mut head = Head {
        title: None,
        order: None,
        internal: true,
        end: 0,
    };
    let id = id.unwrap_or(FileId(0));
    let mut lines = file.text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == FENCE) else {
        return (head, Vec::new());
    };
    let mut at = first.len();
    let close = lines.find_map(|line| {
        let start = at;
        at += line.len();
        (line.trim_end() == FENCE).then_some(start)
    });
    let Some(close) = close else {
        let span = Span::new(0..FENCE.len());
        let finding = Finding::error("bad-setting", Place { file: id, span });
        return (head, vec![finding.message("fence").with("value", FENCE)]);
    };
    head.end = at;
    // what stands before stays in place, so that spans are those of the file
    let before = " ".repeat(first.trim_end().len()) + &first[first.trim_end().len()..];
    let table = SourceFile::new(&*file.path, before + &file.text[first.len()..close]);
    let parsed = parse(id, &table);
    let findings = Findings::default();
    let reader = TableReader::new(id, 0..0, parsed.table.get_ref(), &findings);
    head.title = reader.text("title");
    head.order = reader.integer("order").map(|found| found.value);
    head.internal = reader.boolean_or("internal", true);
    reader.finish();
    let mut found = parsed.findings;
    if found.is_empty() {
        found = findings.into_inner();
    }
    (head, found)
}

/// Where a link of a file below `site/` leads from the page that is made of
/// it: to the page of another file, to an asset, or where it says.
pub(super) fn resolved(link: &str, file_folder: &str, page: &str, up: &str) -> String {
    let end = link.find(['#', '?']).unwrap_or(link.len());
    let (path, rest) = link.split_at(end);
    if path.is_empty() || path.starts_with('/') || path.contains(':') {
        return link.to_owned();
    }
    let mut parts: Vec<&str> = file_folder
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            // out of the site: as it says
            ".." if parts.pop().is_none() => return link.to_owned(),
            ".." => {}
            part => parts.push(part),
        }
    }
    let root = address::root_of(page);
    let target = parts.join("/");
    let page_of = |stem: &str| super::files::page_name(stem).0.to_owned();
    if target.starts_with("assets/") {
        return format!("{root}{up}{target}{rest}");
    }
    match (target.strip_prefix("pages/"), target.strip_suffix(".md")) {
        (Some(name), Some(_)) => {
            let stem = name.strip_suffix(".md").unwrap_or(name);
            format!("{root}{}{rest}", address::handbook(&page_of(stem)))
        }
        (None, Some(stem)) if page_of(stem) == "front" => format!("{root}index.html{rest}"),
        _ => format!("{root}{target}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_from_file_to_file_is_one_from_page_to_page() {
        let page = |link| resolved(link, "pages", "pages/canteen.html", "../");
        assert_eq!(page("20-rules.md#two"), "../pages/rules.html#two");
        assert_eq!(page("20-rules.en.md"), "../pages/rules.html");
        assert_eq!(page("../front.md"), "../index.html");
        assert_eq!(page("../assets/menu.png"), "../../assets/menu.png");
        assert_eq!(
            page("../records/XT-2026-0012.html"),
            "../records/XT-2026-0012.html"
        );
        assert_eq!(page("https://example.com/a.md"), "https://example.com/a.md");
        assert_eq!(page("#top"), "#top");
        assert_eq!(page("mailto:a@example.com"), "mailto:a@example.com");
        assert_eq!(page("../../records/a.toml"), "../../records/a.toml");
        let front = |link| resolved(link, "", "index.html", "");
        assert_eq!(front("pages/20-rules.md"), "pages/rules.html");
        assert_eq!(front("assets/menu.png"), "assets/menu.png");
    }
}
