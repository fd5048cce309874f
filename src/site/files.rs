//! What a repository brings to its site: pages, the first page's text, assets.

use std::collections::BTreeMap;

use crate::definition::templates;
use crate::source::{Tree, ordinary_size};
use crate::text::Language;

/// A file of Markdown below `site/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Its path in the repository.
    pub path: String,
    /// Its name in addresses: the file's, without extension, language and
    /// leading number.
    pub name: String,
    /// The language that its name says: `canteen.en.md`.
    pub language: Option<Language>,
    /// The leading number; what has none comes last.
    pub order: i64,
    /// What it says.
    pub text: String,
}

/// Pages in their order, and assets by path.
#[derive(Debug, Clone, Default)]
pub struct SiteFiles {
    /// `site/pages/*.md`.
    pub pages: Vec<OwnFile>,
    /// `site/front.md`, in as many languages as there are.
    pub front: Vec<OwnFile>,
    /// Path below `assets/` and content.
    pub assets: Vec<(String, Vec<u8>)>,
}

impl SiteFiles {
    /// The assets out of the binary, no pages.
    pub fn built_in() -> Self {
        let assets = templates::assets()
            .into_iter()
            .map(|(path, bytes)| (path, bytes.to_vec()))
            .collect();
        SiteFiles {
            assets,
            ..SiteFiles::default()
        }
    }

    /// `site/pages/*.md` and `site/front.md` of a repository, and the built-in
    /// assets with the files of `site/assets` over them. Files that cannot be
    /// read are left out.
    pub fn of_repository(tree: &Tree) -> Self {
        let markdown = |path: &str| match path.ends_with(".md") && !path.contains('/') {
            true => ordinary_size(path),
            false => 0,
        };
        let own = |folder: &'static str| {
            let files = tree.bytes_below(folder, markdown).into_iter();
            files.filter_map(move |(path, bytes)| {
                let (name, language, order) = page_name(path.strip_suffix(".md")?);
                Some(OwnFile {
                    name: name.to_owned(),
                    language,
                    order,
                    text: String::from_utf8(bytes).ok()?,
                    path: format!("{folder}/{path}"),
                })
            })
        };
        let mut assets: BTreeMap<String, Vec<u8>> = Self::built_in().assets.into_iter().collect();
        assets.extend(tree.bytes_below("site/assets", ordinary_size));
        SiteFiles {
            pages: own("site/pages").collect(),
            front: own("site").filter(|file| file.name == "front").collect(),
            assets: assets.into_iter().collect(),
        }
    }

    /// The style sheet of all pages; empty where there is none.
    pub(super) fn style_sheet(&self) -> &str {
        let found = self.assets.iter().find(|(path, _)| path == "style.css");
        let text = found.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok());
        text.unwrap_or_default()
    }
}

/// What the name of a file without extension says: `20-canteen.en` is canteen,
/// in English, the twentieth.
pub(super) fn page_name(stem: &str) -> (&str, Option<Language>, i64) {
    let by_code = |code: &str| Language::NAMES.into_iter().find(|(name, _)| *name == code);
    let of = stem.rsplit_once('.');
    let of = of.and_then(|(rest, code)| Some((rest, by_code(code)?.1)));
    let (stem, language) = of.map_or((stem, None), |(rest, language)| (rest, Some(language)));
    let name = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &stem[..stem.len() - name.len()];
    match (name.strip_prefix('-'), number.parse()) {
        (Some(name), Ok(order)) if !name.is_empty() => (name, language, order),
        _ => (stem, language, i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_number_before_and_a_language_behind() {
        assert_eq!(
            page_name("20-canteen.en"),
            ("canteen", Some(Language::English), 20)
        );
        assert_eq!(page_name("canteen"), ("canteen", None, i64::MAX));
        assert_eq!(page_name("2026"), ("2026", None, i64::MAX));
        assert_eq!(page_name("07-v1.2"), ("v1.2", None, 7));
        assert_eq!(page_name("12-"), ("12-", None, i64::MAX));
    }
}
