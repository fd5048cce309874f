//! What a repository brings to its site: handbook pages and assets.

use std::collections::BTreeMap;

use crate::definition::templates;
use crate::publish::Output;
use crate::source::{Tree, ordinary_size};

/// A handbook page: Markdown from `site/pages`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandbookPage {
    /// Its name in addresses: the file's, without extension and leading number.
    pub name: String,
    /// The Markdown.
    pub text: String,
}

/// Pages in their order, and assets by path.
#[derive(Debug, Clone, Default)]
pub struct SiteFiles {
    /// The handbook pages.
    pub pages: Vec<HandbookPage>,
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
            pages: Vec::new(),
            assets,
        }
    }

    /// `site/pages/*.md` of a repository in the order of their file names, and the
    /// built-in assets with the files of `site/assets` over them. Files that
    /// cannot be read are left out.
    pub fn of_repository(tree: &Tree) -> Self {
        let mut pages = Vec::new();
        for (path, bytes) in tree.bytes_below("site/pages", ordinary_size) {
            let Some(stem) = path.strip_suffix(".md").filter(|stem| !stem.contains('/')) else {
                continue;
            };
            let Ok(text) = String::from_utf8(bytes) else {
                continue;
            };
            let name = stem.trim_start_matches(|c: char| c.is_ascii_digit());
            let name = name
                .strip_prefix('-')
                .filter(|name| !name.is_empty())
                .unwrap_or(stem);
            pages.push(HandbookPage {
                name: name.to_owned(),
                text,
            });
        }
        let mut assets: BTreeMap<String, Vec<u8>> = Self::built_in().assets.into_iter().collect();
        assets.extend(tree.bytes_below("site/assets", ordinary_size));
        SiteFiles {
            pages,
            assets: assets.into_iter().collect(),
        }
    }

    /// The style sheet of all pages; empty where there is none.
    pub(super) fn style_sheet(&self) -> &str {
        let found = self.assets.iter().find(|(path, _)| path == "style.css");
        let text = found.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok());
        text.unwrap_or_default()
    }

    pub(super) fn asset(&self, index: usize) -> Output {
        let (path, bytes) = &self.assets[index];
        Output {
            path: format!("assets/{path}"),
            bytes: bytes.clone(),
        }
    }
}
