//! `[site]` of `taizhang.toml`: in which languages the company's site is, and
//! how it looks.
//!
//! Invariant: what stands here can be shown; a value that cannot was a finding
//! when it was read, and what holds without it holds. Whether an entry of the
//! navigation leads to a page is known when there are pages.

use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use super::colour::{Accent, colour};
use super::logo::{self, Logo};
use crate::finding::{Finding, Place};
use crate::source::{Located, TableReader, Tree};
use crate::text::{Language, Text};

/// Everything `[site]` says.
#[derive(Clone, Debug, Default)]
pub struct SiteSettings {
    /// The languages of its pages, the first at the root; none for the
    /// repository's own.
    pub languages: Vec<Language>,
    /// The colour of links, focus and what is chosen.
    pub accent: Option<Accent>,
    logo_path: Option<Located<Arc<str>>>,
    /// What stands in the bar before the company's name.
    pub logo: Option<Logo>,
    /// The groups of the navigation, in order; none for the usual ones.
    pub navigation: Vec<NavigationGroup>,
}

/// The groups of the usual navigation, by the names that settings call them.
pub const GROUPS: [&str; 5] = ["today", "matters", "meetings", "registers", "rules"];

/// A group of the navigation.
#[derive(Clone, Debug)]
pub struct NavigationGroup {
    /// What stands over it; that of the usual group where none is given.
    pub label: Option<Text>,
    /// The usual group whose entries follow those named here.
    pub group: Option<&'static str>,
    /// What stands in it first.
    pub items: Vec<NavigationEntry>,
    /// Which of the usual group's entries do not.
    pub hide: Vec<Located<Arc<str>>>,
}

/// An entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavigationEntry {
    /// Where it leads.
    pub to: Target,
    /// Its words; the page's own where none are given.
    pub label: Option<Text>,
    /// Whether only the company's own people have it.
    pub internal: bool,
    /// Where it is named.
    pub place: Place,
}

/// Where an entry of the navigation leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page of the site, by its address without `.html`.
    Page(Arc<str>),
    /// Somewhere else: `https://…`.
    Outside(Arc<str>),
}

impl SiteSettings {
    /// Takes the logo's file in; what is wrong with it is a finding, and the
    /// built-in mark stays.
    pub(super) fn read_logo(&mut self, tree: &Tree) -> Option<Finding> {
        let read = logo::read(self.logo_path.as_ref()?, tree);
        read.map(|logo| self.logo = Some(logo))
            .err()
            .map(|finding| *finding)
    }
}

/// Reads `[site]`.
pub(super) fn read_site(table: TableReader<'_>) -> SiteSettings {
    let mut site = SiteSettings {
        accent: read_accent(&table),
        logo_path: table.string("logo").map(owned),
        ..SiteSettings::default()
    };
    for found in table.strings("languages") {
        match table.as_choice("languages", &found, &Language::NAMES) {
            Some(language) if !site.languages.contains(&language) => site.languages.push(language),
            _ => {}
        }
    }
    site.navigation = table
        .tables("navigation")
        .into_iter()
        .map(read_group)
        .collect();
    table.get("note");
    table.finish();
    site
}

fn read_accent(table: &TableReader<'_>) -> Option<Accent> {
    let found = table.string("accent")?;
    let bad = |finding: Finding| finding.with("value", found.value);
    let Some(wanted) = colour(found.value) else {
        table.report(bad(
            Finding::error("bad-setting", found.place).message("colour")
        ));
        return None;
    };
    let accent = Accent::nearest(wanted);
    let near = accent.light.colour.as_str();
    if !near.eq_ignore_ascii_case(found.value) {
        let finding = Finding::warning("bad-setting", found.place).message("colour-unread");
        table.report(bad(finding).with("near", near).fix(
            found.place.span,
            format!("\"{near}\""),
            true,
        ));
    }
    Some(accent)
}

fn read_group(table: TableReader<'_>) -> NavigationGroup {
    let names = GROUPS.map(|name| (name, name));
    let group = NavigationGroup {
        label: table.text("label"),
        group: table.choice("group", &names),
        items: read_items(&table),
        hide: table.strings("hide").into_iter().map(owned).collect(),
    };
    if group.label.is_none() && group.group.is_none() {
        table.missing("label");
    }
    table.finish();
    group
}

/// Entries are names of pages, or tables where more is to be said.
fn read_items(table: &TableReader<'_>) -> Vec<NavigationEntry> {
    let Some(value) = table.get("items") else {
        return Vec::new();
    };
    let DeValue::Array(items) = value.get_ref() else {
        table.wrong_type("items", value, "array");
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| read_item(table, item))
        .collect()
}

fn read_item<'t>(
    table: &TableReader<'t>,
    item: &'t Spanned<DeValue<'t>>,
) -> Option<NavigationEntry> {
    match item.get_ref() {
        DeValue::String(page) => Some(NavigationEntry {
            to: page_named(page),
            label: None,
            internal: false,
            place: table.place_of(item),
        }),
        DeValue::Table(inner) => {
            let entry = table.nested(item.span(), inner);
            let read = read_entry(&entry);
            entry.finish();
            read
        }
        _ => {
            table.wrong_type("items", item, "string");
            None
        }
    }
}

fn read_entry(entry: &TableReader<'_>) -> Option<NavigationEntry> {
    let label = entry.text("label");
    let page = entry.string("page");
    let url = entry.string("url");
    let (to, place) = match (page, url) {
        (Some(page), _) => (page_named(page.value), page.place),
        (None, Some(url)) => {
            let schemes = ["https://", "http://", "mailto:", "tel:"];
            let known = schemes.iter().any(|scheme| url.value.starts_with(scheme));
            if !known || url.value.contains(char::is_whitespace) {
                let finding = Finding::error("bad-setting", url.place).message("link");
                entry.report(finding.with("value", url.value));
                return None;
            }
            if label.is_none() {
                entry.missing("label");
            }
            (Target::Outside(url.value.into()), url.place)
        }
        (None, None) => {
            entry.missing("page");
            return None;
        }
    };
    // what leads out of the site is for the company's own people
    let internal = entry.boolean_or("internal", matches!(to, Target::Outside(_)));
    Some(NavigationEntry {
        to,
        label,
        internal,
        place,
    })
}

/// A page by its address; whether `.html` is written makes no difference.
fn page_named(name: &str) -> Target {
    let name = name.strip_prefix('/').unwrap_or(name);
    Target::Page(name.strip_suffix(".html").unwrap_or(name).into())
}

fn owned(found: Located<&str>) -> Located<Arc<str>> {
    Located {
        value: found.value.into(),
        place: found.place,
    }
}
