//! Word lists of an organisation: what is too vague, what is internal, what
//! a goal may be measured by.
//!
//! Chinese has no spaces, so a term is told from a longer word that holds it
//! by naming that word: `not_in` of the term, `except` of the list. Terms and
//! innocent words are looked for at once, the longest first, so the time does
//! not depend on how many there are.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use crate::finding::{Finding, Level};
use crate::source::TableReader;
use crate::text::Text;

/// Where in a text a term is at fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// Wherever it stands.
    #[default]
    Anywhere,
    /// As the last word.
    Trailing,
    /// As all that was written.
    Whole,
}

/// A term of a list.
#[derive(Clone, Debug)]
pub struct Term {
    /// The term.
    pub term: Arc<str>,
    /// What to write instead.
    pub suggest: Option<Text>,
    /// The clause that names it, where it is not the list's.
    pub clause: Option<Arc<str>>,
    /// How much it weighs, where that is not for the rule to say.
    pub level: Option<Level>,
    /// Where it is at fault.
    pub position: Position,
    /// Whether it is all right when more is said after it.
    pub unless_followed: bool,
    /// Longer words in which it is innocent.
    pub not_in: Vec<Arc<str>>,
}

/// A part that a complete text has, told by its shape.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its name for people.
    pub name: Text,
    /// What tells that it is there.
    pub shape: Regex,
}

/// A term found in a text.
#[derive(Clone, Debug)]
pub struct Hit<'l> {
    /// The term.
    pub term: &'l Term,
    /// The bytes of the text it was found at.
    pub range: Range<usize>,
}

/// `templates/lists/<id>.toml`.
#[derive(Clone, Debug)]
pub struct WordList {
    /// Its name.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Text,
    /// The clause it comes from.
    pub clause: Option<Arc<str>>,
    /// The terms.
    pub words: Vec<Term>,
    /// What a good text looks like as a whole, for lists that say so.
    pub shape: Option<Regex>,
    /// The parts of a complete text, for lists that say so.
    pub elements: Vec<Element>,
    /// Longer words in which any term is innocent.
    pub except: Vec<Arc<str>>,
    automaton: Option<AhoCorasick>,
    /// The terms that are looked for at the end of a text only.
    at_the_end: Vec<usize>,
    /// Which term a pattern of the automaton is; none for innocent words.
    patterns: Vec<Option<usize>>,
}

impl WordList {
    /// Every term at fault in a text, in order and without overlaps.
    ///
    /// A term in quotation marks is spoken about, not used. Letters and
    /// digits of the Latin alphabet only count as whole words.
    pub fn hits(&self, text: &str) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        if let Some(automaton) = &self.automaton {
            for found in automaton.find_iter(text) {
                let range = found.range();
                if let Some(Some(index)) = self.patterns.get(found.pattern().as_usize())
                    && is_word(text, &range)
                    && !is_quoted(text, &range)
                {
                    hits.push(Hit {
                        term: &self.words[*index],
                        range,
                    });
                }
            }
        }
        if !self.at_the_end.is_empty() {
            let bare = text.trim();
            let said = bare.trim_end_matches(is_punctuation).trim_end();
            let start = text.len() - text.trim_start().len();
            hits.extend(
                self.at_the_end
                    .iter()
                    .map(|index| &self.words[*index])
                    .filter_map(|term| Some((term, term.ends(bare, said)?)))
                    .map(|(term, range)| Hit {
                        term,
                        range: start + range.start..start + range.end,
                    })
                    .max_by_key(|hit| hit.range.len()),
            );
        }
        hits
    }
}

impl Term {
    /// Where the term is, as the last or only word of a text, given with and
    /// without the punctuation at its end.
    fn ends(&self, bare: &str, said: &str) -> Option<Range<usize>> {
        let range = match self.position {
            Position::Whole if bare == &*self.term || said == &*self.term => 0..self.term.len(),
            Position::Trailing if said.ends_with(&*self.term) => {
                said.len() - self.term.len()..said.len()
            }
            _ => return None,
        };
        let innocent = self.not_in.iter().any(|longer| said.ends_with(&**longer));
        (!innocent).then_some(range)
    }
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(
            c,
            '。' | '，' | '、' | '；' | '：' | '！' | '？' | '…' | '．' | '～'
        )
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let term = &text[range.clone()];
    let joined_before =
        latin(term.chars().next()) && latin(text[..range.start].chars().next_back());
    let joined_after = latin(term.chars().next_back()) && latin(text[range.end..].chars().next());
    !joined_before && !joined_after
}

fn is_quoted(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    matches!(
        (before, after),
        (Some('“'), Some('”')) | (Some('"'), Some('"')) | (Some('「'), Some('」'))
    )
}

/// Reads a word list.
pub fn read_list(id: &str, reader: TableReader<'_>) -> WordList {
    let words: Vec<Term> = reader
        .tables("words")
        .into_iter()
        .filter_map(read_term)
        .collect();
    let except: Vec<Arc<str>> = strings(&reader, "except");
    let elements = reader
        .tables("elements")
        .into_iter()
        .filter_map(|table| {
            let name = table.required_text("name");
            let shape = read_shape(&table, "shape");
            if shape.is_none() && !table.has("shape") {
                table.missing("shape");
            }
            table.finish();
            shape.map(|shape| Element { name, shape })
        })
        .collect();
    let (automaton, patterns) = build(&words, &except);
    let list = WordList {
        id: id.into(),
        name: reader.required_text("name"),
        clause: reader.string("clause").map(|found| found.value.into()),
        shape: read_shape(&reader, "shape"),
        at_the_end: (0..words.len())
            .filter(|index| words[*index].position != Position::Anywhere)
            .collect(),
        words,
        elements,
        except,
        automaton,
        patterns,
    };
    reader.get("note");
    reader.finish();
    list
}

fn read_term(table: TableReader<'_>) -> Option<Term> {
    let term = table.required_string("term");
    let read = Term {
        term: term.as_ref().map_or("", |found| found.value).into(),
        suggest: table.text("suggest"),
        clause: table.string("clause").map(|found| found.value.into()),
        level: table.choice(
            "level",
            &[
                ("error", Level::Error),
                ("warning", Level::Warning),
                ("note", Level::Note),
            ],
        ),
        position: table
            .choice(
                "position",
                &[
                    ("anywhere", Position::Anywhere),
                    ("trailing", Position::Trailing),
                    ("whole", Position::Whole),
                ],
            )
            .unwrap_or_default(),
        unless_followed: table.has("unless_followed") && table.boolean("unless_followed"),
        not_in: strings(&table, "not_in"),
    };
    table.get("note");
    table.finish();
    (!read.term.is_empty()).then_some(read)
}

fn strings(reader: &TableReader<'_>, key: &'static str) -> Vec<Arc<str>> {
    reader
        .strings(key)
        .iter()
        .map(|found| found.value.into())
        .collect()
}

fn read_shape(reader: &TableReader<'_>, key: &'static str) -> Option<Regex> {
    let found = reader.string(key)?;
    match super::pattern::pattern(found.value) {
        Ok(regex) => Some(regex),
        Err(detail) => {
            reader.report(Finding::error("bad-pattern", found.place).with("detail", detail));
            None
        }
    }
}

fn build(words: &[Term], except: &[Arc<str>]) -> (Option<AhoCorasick>, Vec<Option<usize>>) {
    let mut texts: Vec<&str> = Vec::new();
    let mut patterns = Vec::new();
    for (index, term) in words.iter().enumerate() {
        if term.position != Position::Anywhere {
            continue;
        }
        texts.push(&term.term);
        patterns.push(Some(index));
        for longer in &term.not_in {
            texts.push(longer);
            patterns.push(None);
        }
    }
    if texts.is_empty() {
        return (None, patterns);
    }
    for longer in except {
        texts.push(longer);
        patterns.push(None);
    }
    // fails only past four thousand million patterns
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(&texts)
        .ok();
    (automaton, patterns)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::finding::FileId;
    use crate::source::{Findings, SourceFile, parse};

    fn list(text: &str) -> WordList {
        let findings = Findings::default();
        let source = SourceFile::new("list.toml", text);
        let parsed = parse(FileId(0), &source);
        let reader = TableReader::new(FileId(0), 0..0, parsed.table.get_ref(), &findings);
        let list = read_list("test", reader);
        assert!(findings.into_inner().is_empty());
        list
    }

    fn found(list: &WordList, text: &str) -> Vec<String> {
        let hits = list.hits(text).into_iter();
        hits.map(|hit| text[hit.range].to_owned()).collect()
    }

    #[test]
    fn the_longest_term_wins_and_longer_words_are_innocent() {
        let list = list(
            r#"name = "x"
            except = ["有关部门规章"]
            words = [
              { term = "尽快" }, { term = "尽快落实" }, { term = "有关部门" },
              { term = "左右", not_in = ["左右手"] },
            ]"#,
        );
        assert_eq!(found(&list, "请尽快落实，尽快"), ["尽快落实", "尽快"]);
        assert_eq!(found(&list, "左右手各一只，三天左右"), ["左右"]);
        assert_eq!(found(&list, "按有关部门规章，报有关部门"), ["有关部门"]);
    }

    #[test]
    fn latin_words_are_whole_and_case_does_not_matter() {
        let list = list(
            r#"name = "x"
            words = [{ term = "soon" }, { term = "TBD" }]"#,
        );
        assert_eq!(found(&list, "sooner, Soon, tbd。"), ["Soon", "tbd"]);
    }

    #[test]
    fn a_term_in_quotation_marks_is_spoken_about() {
        let list = list(
            r#"name = "x"
            words = [{ term = "尽快" }]"#,
        );
        assert!(found(&list, "通知中不写“尽快”").is_empty());
    }

    #[test]
    fn trailing_and_whole_terms_look_at_the_end_only() {
        let list = list(
            r#"name = "x"
            words = [
              { term = "事", position = "trailing", not_in = ["人事"] },
              { term = "问题", position = "whole" },
            ]"#,
        );
        assert_eq!(found(&list, "采购的事。"), ["事"]);
        assert_eq!(found(&list, " 问题！"), ["问题"]);
        for good in ["采购事项", "事务", "调整人事", "问题清单", "表冠问题"] {
            assert!(found(&list, good).is_empty(), "{good}");
        }
    }
}
