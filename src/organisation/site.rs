//! `[site]` of `taizhang.toml`: in which languages the company's site is, and
//! how it looks.
//!
//! Invariant: what stands here can be shown; a value that cannot was a finding
//! when it was read, and what holds without it holds.

use crate::source::TableReader;
use crate::text::Language;

/// Everything `[site]` says.
#[derive(Clone, Debug, Default)]
pub struct SiteSettings {
    /// The languages of its pages, the first at the root; none for the
    /// repository's own.
    pub languages: Vec<Language>,
}

/// Reads `[site]`.
pub(super) fn read_site(table: TableReader<'_>) -> SiteSettings {
    let mut site = SiteSettings::default();
    for found in table.strings("languages") {
        match table.as_choice("languages", &found, &Language::NAMES) {
            Some(language) if !site.languages.contains(&language) => site.languages.push(language),
            _ => {}
        }
    }
    table.get("note");
    table.finish();
    site
}
