//! Reading definition and organisation files key by key, collecting every
//! mistake: a missing key, a wrong type, a key nobody asked for.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::finding::{FileId, Finding, Place, Span};
use crate::text::Text;

/// Where the readers of one file put their findings.
#[derive(Default)]
pub struct Findings(RefCell<Vec<Finding>>);

impl Findings {
    /// Adds one.
    pub fn add(&self, finding: Finding) {
        self.0.borrow_mut().push(finding);
    }

    /// All of them.
    pub fn into_inner(self) -> Vec<Finding> {
        self.0.into_inner()
    }
}

/// A value with the place it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// The type of a TOML value as the rules' messages name it
/// (`[types]` of the words files).
pub fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "float",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(datetime) => match (datetime.date, datetime.time) {
            (Some(_), None) => "date",
            (None, Some(_)) => "time",
            _ => "instant",
        },
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "table",
    }
}

/// The known name most like the given one, if any is close enough to be what
/// was meant: a third of its letters may differ, or one is the other's start.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    known
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(name, candidate);
            (distance, candidate)
        })
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .filter(|(distance, candidate)| {
            let length = name.chars().count().max(candidate.chars().count());
            *distance <= (length / 3).max(1) && *distance < length
        })
        .map(|(_, candidate)| candidate)
}

/// One table of a file, read key by key. Call [`TableReader::finish`] at the
/// end: keys that were never asked for become findings.
pub struct TableReader<'t> {
    table: &'t DeTable<'t>,
    /// Where the table stands (its header, or the whole inline table).
    pub place: Place,
    findings: &'t Findings,
    asked: RefCell<Vec<&'static str>>,
}

impl<'t> TableReader<'t> {
    /// A reader of this table.
    pub fn new(
        file: FileId,
        span: Range<usize>,
        table: &'t DeTable<'t>,
        findings: &'t Findings,
    ) -> Self {
        TableReader {
            table,
            place: Place {
                file,
                span: Span::new(span),
            },
            findings,
            asked: RefCell::default(),
        }
    }

    fn located(&self, span: Range<usize>) -> Place {
        Place {
            file: self.place.file,
            span: Span::new(span),
        }
    }

    /// The value of a key, whatever it is; the key counts as known from now on.
    pub fn get(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.table.get(key)
    }

    /// Whether the key is there (and known from now on).
    pub fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// The place of a value of this table.
    pub fn place_of(&self, value: &Spanned<DeValue<'t>>) -> Place {
        self.located(value.span())
    }

    /// Adds a finding about this file.
    pub fn report(&self, finding: Finding) {
        self.findings.add(finding);
    }

    /// Reports that a value has another type than `expected`.
    pub fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'t>>, expected: &'static str) {
        self.findings.add(
            Finding::error("wrong-type", self.located(value.span()))
                .message("definition")
                .with("key", key)
                .with("expected", expected)
                .with("found", type_name(value.get_ref())),
        );
    }

    /// Reports that a key is missing.
    pub fn missing(&self, key: &'static str) {
        self.findings
            .add(Finding::error("missing-key", self.place).with("key", key));
    }

    /// A string.
    pub fn string(&self, key: &'static str) -> Option<Located<&'t str>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Located {
                value: text.as_ref(),
                place: self.located(value.span()),
            }),
            _ => {
                self.wrong_type(key, value, "string");
                None
            }
        }
    }

    /// A string that must be there.
    pub fn required_string(&self, key: &'static str) -> Option<Located<&'t str>> {
        if self.get(key).is_none() {
            self.missing(key);
            return None;
        }
        self.string(key)
    }

    /// `true` or `false`; `false` when absent.
    pub fn boolean(&self, key: &'static str) -> bool {
        self.boolean_or(key, false)
    }

    /// `true` or `false`, with what holds when it is absent.
    pub fn boolean_or(&self, key: &'static str, absent: bool) -> bool {
        match self.get(key) {
            None => absent,
            Some(value) => match value.get_ref() {
                DeValue::Boolean(value) => *value,
                _ => {
                    self.wrong_type(key, value, "boolean");
                    absent
                }
            },
        }
    }

    /// A whole number.
    pub fn integer(&self, key: &'static str) -> Option<Located<i64>> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        match number {
            Some(number) => Some(Located {
                value: number,
                place: self.located(value.span()),
            }),
            None => {
                self.wrong_type(key, value, "integer");
                None
            }
        }
    }

    /// A number, whole or not.
    pub fn number(&self, key: &'static str) -> Option<f64> {
        self.as_number(key, self.get(key)?)
    }

    /// A list of numbers, whole or not; none in the place of what is no number.
    pub fn numbers(&self, key: &'static str) -> Vec<Option<f64>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        match value.get_ref().as_array() {
            Some(items) => items.iter().map(|item| self.as_number(key, item)).collect(),
            None => {
                self.wrong_type(key, value, "array");
                Vec::new()
            }
        }
    }

    fn as_number(&self, key: &'static str, value: &Spanned<DeValue<'t>>) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(|number| number as f64),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(key, value, "float");
        }
        number
    }

    /// A text in both languages: a string, or `{ zh = …, en = … }`.
    pub fn text(&self, key: &'static str) -> Option<Text> {
        let value = self.get(key)?;
        self.as_text(key, value)
    }

    /// A text that must be there; the empty text when it is not.
    pub fn required_text(&self, key: &'static str) -> Text {
        if self.get(key).is_none() {
            self.missing(key);
            return Text::default();
        }
        self.text(key).unwrap_or_default()
    }

    /// A value read as a text in both languages.
    pub fn as_text(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<Text> {
        match value.get_ref() {
            DeValue::String(text) => Some(Text::same(text.as_ref())),
            DeValue::Table(table) => {
                let reader = self.nested(value.span(), table);
                let zh = reader.string("zh");
                let en = reader.string("en");
                let text = match (zh, en) {
                    (Some(zh), Some(en)) => Text::new(zh.value, en.value),
                    (Some(only), None) | (None, Some(only)) => Text::same(only.value),
                    (None, None) => {
                        reader.missing("zh");
                        Text::default()
                    }
                };
                reader.finish();
                Some(text)
            }
            _ => {
                self.wrong_type(key, value, "text");
                None
            }
        }
    }

    /// A list of strings; a single string counts as a list of one. Empty when absent.
    pub fn strings(&self, key: &'static str) -> Vec<Located<&'t str>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::String(text) => vec![Located {
                value: text.as_ref(),
                place: self.located(value.span()),
            }],
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(Located {
                        value: text.as_ref(),
                        place: self.located(item.span()),
                    }),
                    _ => {
                        self.wrong_type(key, item, "string");
                        None
                    }
                })
                .collect(),
            _ => {
                self.wrong_type(key, value, "array");
                Vec::new()
            }
        }
    }

    /// A table.
    pub fn table(&self, key: &'static str) -> Option<TableReader<'t>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.nested(value.span(), table)),
            _ => {
                self.wrong_type(key, value, "table");
                None
            }
        }
    }

    /// A list of tables; empty when absent.
    pub fn tables(&self, key: &'static str) -> Vec<TableReader<'t>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::Table(table) => Some(self.nested(item.span(), table)),
                    _ => {
                        self.wrong_type(key, item, "table");
                        None
                    }
                })
                .collect(),
            _ => {
                self.wrong_type(key, value, "array");
                Vec::new()
            }
        }
    }

    /// The tables of a table that stand under names of the author's choosing,
    /// in their order; empty when absent.
    pub fn named_tables(&self, key: &'static str) -> Vec<(Located<&'t str>, TableReader<'t>)> {
        let Some(table) = self.table(key) else {
            return Vec::new();
        };
        table.entries_as_tables()
    }

    /// All entries of this table as tables under names of the author's choosing.
    /// The reader needs no [`TableReader::finish`] then.
    pub fn entries_as_tables(&self) -> Vec<(Located<&'t str>, TableReader<'t>)> {
        self.entries()
            .filter_map(|(name, value)| match value.get_ref() {
                DeValue::Table(inner) => {
                    let reader = self.nested(value.span(), inner);
                    Some((name, reader))
                }
                _ => {
                    self.wrong_type(name.value, value, "table");
                    None
                }
            })
            .collect()
    }

    /// All entries, whatever they are.
    pub fn entries(
        &self,
    ) -> impl Iterator<Item = (Located<&'t str>, &'t Spanned<DeValue<'t>>)> + use<'t> {
        let file = self.place.file;
        self.table.iter().map(move |(key, value)| {
            let key: &'t Spanned<DeString<'t>> = key;
            let name = Located {
                value: key.get_ref().as_ref(),
                place: Place {
                    file,
                    span: Span::new(key.span()),
                },
            };
            (name, value)
        })
    }

    /// A reader of a table inside this one.
    pub fn nested(&self, span: Range<usize>, table: &'t DeTable<'t>) -> TableReader<'t> {
        TableReader::new(self.place.file, span, table, self.findings)
    }

    /// One of several words; a finding with the nearest one when it is none of them.
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let found = self.string(key)?;
        self.as_choice(key, &found, choices)
    }

    /// A string read as one of several words.
    pub fn as_choice<T: Copy>(
        &self,
        key: &str,
        found: &Located<&'t str>,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == found.value) {
            return Some(*value);
        }
        let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.unknown_name("unknown-word", key, found, &known);
        None
    }

    /// Reports a name that is none of those known, with the nearest.
    pub fn unknown_name(
        &self,
        rule: &'static str,
        key: &str,
        found: &Located<&str>,
        known: &[&str],
    ) {
        let mut finding = Finding::error(rule, found.place)
            .with("key", key)
            .with("name", found.value)
            .with("known", known.join(", "));
        if let Some(near) = nearest(found.value, known.iter().copied()) {
            finding = finding.message("near").with("near", near).fix(
                found.place.span,
                format!("\"{near}\""),
                false,
            );
        }
        self.findings.add(finding);
    }

    /// Ends the reading: every key that nobody asked for is a finding.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref();
            if asked.contains(&name) {
                continue;
            }
            let place = self.located(key.span());
            let mut finding = Finding::error("unknown-key", place)
                .with("key", name)
                .with("known", asked.join(", "));
            if let Some(near) = nearest(name, asked.iter().copied()) {
                finding = finding
                    .message("near")
                    .with("near", near)
                    .fix(place.span, near, false);
            }
            self.findings.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_close_or_none() {
        let known = ["department", "person", "due_on"];
        assert_eq!(nearest("deparment", known), Some("department"));
        assert_eq!(nearest("due_no", known), Some("due_on"));
        assert_eq!(nearest("budget", known), None);
    }
}
