//! Sites that are made in memory, and what a reader finds on a page.

use std::collections::BTreeMap;

use taizhang::finding::Finding;
use taizhang::outlook::Outlook;
use taizhang::past::Past;
use taizhang::publish::publish_in_memory;
use taizhang::site::{Forms, NoForms, Site, SiteFiles, SiteInput};
use taizhang::text::Language;

/// What a site is made of beside its outlook.
pub struct Making<'m> {
    pub findings: &'m [Finding],
    pub language: Language,
    pub files: SiteFiles,
    pub forms: &'m dyn Forms,
}

impl Default for Making<'_> {
    fn default() -> Self {
        Making {
            findings: &[],
            language: Language::Chinese,
            files: SiteFiles::built_in(),
            forms: &NoForms,
        }
    }
}

/// Every file of the site, by its address; pictures as far as they are text.
pub fn site_of(outlook: &Outlook<'_>, making: &Making<'_>) -> BTreeMap<String, String> {
    let input = SiteInput {
        outlook,
        findings: making.findings,
        language: making.language,
        files: &making.files,
        forms: making.forms,
        past: &Past::default(),
    };
    let site = Site::new(input).unwrap();
    let files = publish_in_memory(site.outputs()).unwrap().into_iter();
    files
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

/// The text between tags, blanks folded.
pub fn words(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(character),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
