//! Word lists of an organisation: what is too vague, what is internal.

use std::sync::Arc;

use crate::source::TableReader;
use crate::text::Text;

/// A term of a list.
#[derive(Clone, Debug)]
pub struct Term {
    /// The term.
    pub term: Arc<str>,
    /// What to write instead.
    pub suggest: Option<Text>,
}

/// `templates/lists/<id>.toml`.
#[derive(Clone, Debug)]
pub struct WordList {
    /// Its name.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Text,
    /// The terms.
    pub words: Vec<Term>,
    /// Terms that contain one of the words and are all right (事项, 事务 beside 事).
    pub except: Vec<Arc<str>>,
}

/// Reads a word list.
pub fn read_list(id: &str, reader: TableReader<'_>) -> WordList {
    let words = reader
        .tables("words")
        .into_iter()
        .filter_map(|table| {
            let term = table.required_string("term");
            let suggest = table.text("suggest");
            table.get("clause");
            table.get("note");
            table.finish();
            term.map(|term| Term {
                term: term.value.into(),
                suggest,
            })
        })
        .collect();
    let list = WordList {
        id: id.into(),
        name: reader.required_text("name"),
        words,
        except: reader
            .strings("except")
            .iter()
            .map(|found| found.value.into())
            .collect(),
    };
    reader.get("note");
    reader.get("clause");
    reader.finish();
    list
}
