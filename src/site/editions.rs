//! A site in several languages: the first at the root, every other one in a
//! folder of its own code (`en/`), page for page at the same address.
//!
//! Invariant: what says nothing in a language (style sheet, scripts, pictures,
//! papers, records for forms) stands once, at the root.

use crate::text::Language;

/// The languages of a site, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editions {
    first: Language,
    others: Vec<Language>,
}

impl Editions {
    /// A site in one language.
    pub fn only(language: Language) -> Self {
        Editions {
            first: language,
            others: Vec::new(),
        }
    }

    /// A site in these languages, each once; in `without` where there are none.
    pub fn new(languages: &[Language], without: Language) -> Self {
        let mut editions = Editions::only(languages.first().copied().unwrap_or(without));
        for language in languages {
            if editions.all().all(|known| known != *language) {
                editions.others.push(*language);
            }
        }
        editions
    }

    /// The language at the root, which papers are in as well.
    pub fn first(&self) -> Language {
        self.first
    }

    /// All of them, the first first.
    pub fn all(&self) -> impl Iterator<Item = Language> + '_ {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// Where the pages of a language stand: nothing for the first, `en/`.
    pub fn folder(&self, language: Language) -> String {
        match language == self.first {
            true => String::new(),
            false => format!("{}/", language.code()),
        }
    }

    /// From the root of a language's pages to what all languages share.
    pub fn up(&self, language: Language) -> &'static str {
        match language == self.first {
            true => "",
            false => "../",
        }
    }

    /// Whose file an address from the root is: the language, and the address
    /// from the root of its pages.
    pub fn place<'p>(&self, path: &'p str) -> (Language, &'p str) {
        let below = path.split_once('/');
        let of = below.and_then(|(folder, rest)| {
            let known = self.others.iter().find(|known| known.code() == folder);
            known.map(|language| (*language, rest))
        });
        of.unwrap_or((self.first, path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Chinese, English};

    #[test]
    fn each_language_stands_once_and_the_first_at_the_root() {
        let both = Editions::new(&[English, Chinese, English], Chinese);
        assert_eq!(both.all().collect::<Vec<_>>(), [English, Chinese]);
        assert_eq!(both.folder(English), "");
        assert_eq!(both.folder(Chinese), "zh/");
        assert_eq!(both.up(Chinese), "../");
        assert_eq!(both.place("zh/people/li.html"), (Chinese, "people/li.html"));
        assert_eq!(both.place("en/index.html"), (English, "en/index.html"));
        assert_eq!(Editions::new(&[], Chinese), Editions::only(Chinese));
    }
}
