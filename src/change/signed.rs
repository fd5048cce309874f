//! What a signature covers, and whether it still stands as it was signed.
//!
//! A signature covers the section that it stands in, or those that its field
//! names in `signs`; in a row of a table or of a repeated section, its row. It
//! covers everything that was said there when it was given. What was empty may
//! be filled in later, as on paper; rows do not come to a table that had some,
//! unless its rows are signed themselves. Other signatures are not covered.

use std::collections::BTreeMap;

use super::{Version, meaning};
use crate::definition::{Field, FieldType, Section};
use crate::finding::Span;
use crate::record::{Cell, Row, Signature, Value};
use crate::text::{Language, Text};

/// Where a signature stands, by indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The section.
    pub section: usize,
    /// The row of a repeated one, else 0.
    pub row: usize,
    /// The field.
    pub field: usize,
    /// The row and the column, in a table.
    pub inner: Option<(usize, usize)>,
    /// Which of a list.
    pub item: Option<usize>,
}

/// A signature that was given.
#[derive(Clone, Copy)]
pub struct Given<'r> {
    /// Where it stands.
    pub spot: Spot,
    /// Its field.
    pub field: &'r Field,
    /// It.
    pub signature: &'r Signature,
    /// Where it stands in the file.
    pub span: Span,
}

/// Every signature of a record that names somebody, in the order of the kind.
pub fn given<'r>(version: Version<'r>) -> Vec<Given<'r>> {
    let mut all = Vec::new();
    let kind = version.register.kind_of(version.record);
    for (section, definition) in kind.sections.iter().enumerate() {
        if !definition.fields.iter().any(holds_signatures) {
            continue;
        }
        for (row, values) in version.record.section(section).iter().enumerate() {
            for (field, definition) in definition.fields.iter().enumerate() {
                let spot = Spot {
                    section,
                    row,
                    field,
                    inner: None,
                    item: None,
                };
                let Some(cell) = values.get(field) else {
                    continue;
                };
                collect(definition, cell, spot, &mut all);
                let Value::Rows(rows) = &cell.value else {
                    continue;
                };
                for (index, inner) in rows.iter().enumerate() {
                    for (column, definition) in definition.columns().iter().enumerate() {
                        let spot = Spot {
                            inner: Some((index, column)),
                            ..spot
                        };
                        if let Some(cell) = inner.get(column) {
                            collect(definition, cell, spot, &mut all);
                        }
                    }
                }
            }
        }
    }
    all
}

fn collect<'r>(field: &'r Field, cell: &'r Cell, spot: Spot, all: &mut Vec<Given<'r>>) {
    let mut one = |cell: &'r Cell, item| {
        if let Value::Signature(signature) = &cell.value
            && !cell.value.is_empty()
        {
            all.push(Given {
                spot: Spot { item, ..spot },
                field,
                signature,
                span: cell.span,
            });
        }
    };
    match &cell.value {
        Value::Many(items) => {
            for (index, item) in items.iter().enumerate() {
                one(item, Some(index));
            }
        }
        _ => one(cell, None),
    }
}

impl Given<'_> {
    /// What tells the signature from all others in every version of its record:
    /// who gave it, when, with which remark, and for what. A copy elsewhere in
    /// the record is another one.
    pub fn key(&self, version: Version<'_>) -> String {
        let kind = version.register.kind_of(version.record);
        let section = &kind.sections[self.spot.section];
        let field = &section.fields[self.spot.field];
        let row = version.record.section(self.spot.section).get(self.spot.row);
        let mut key = format!("{}\u{1}{}\u{1}", section.id, field.id);
        if let (true, Some(row)) = (section.repeated, row) {
            key.push_str(&identity(version, &section.fields, section.identity, row));
        }
        if let (Some((at, column)), Some(row)) = (self.spot.inner, row)
            && let Some(Value::Rows(rows)) = row.get(self.spot.field).map(|cell| &cell.value)
            && let Some(inner) = rows.get(at)
        {
            let columns = field.columns();
            key.push_str(&format!("\u{1}{}\u{1}", columns[column].id));
            key.push_str(&identity(version, columns, table_identity(field), inner));
        }
        let value = Cell {
            value: Value::Signature(self.signature.clone()),
            span: self.span,
        };
        key + "\u{1}" + &meaning::of_cell(version, self.field, &value)
    }
}

/// What tells a row from others; nothing where the definition has nothing.
fn identity(version: Version<'_>, fields: &[Field], by: Option<usize>, row: &Row) -> String {
    let found = by.and_then(|index| Some((fields.get(index)?, row.get(index)?)));
    found.map_or_else(String::new, |(field, cell)| {
        meaning::of_cell(version, field, cell)
    })
}

fn table_identity(field: &Field) -> Option<usize> {
    match &field.kind {
        FieldType::Table { identity, .. } => *identity,
        _ => None,
    }
}

fn is_signature(field: &Field) -> bool {
    matches!(field.kind, FieldType::Signature)
}

fn holds_signatures(field: &Field) -> bool {
    is_signature(field) || field.columns().iter().any(is_signature)
}

/// What was signed: each value that stood there, by its place in the record.
#[derive(Clone, Debug, Default)]
pub struct Signed {
    values: BTreeMap<String, (String, Text)>,
}

impl Signed {
    /// What does not stand any more as it was signed, in the form's words; none
    /// while all of it does.
    pub fn first_lost(&self, now: &Signed) -> Option<&Text> {
        self.values
            .iter()
            .find(|(place, (meaning, _))| {
                now.values.get(*place).map(|(other, _)| other) != Some(meaning)
            })
            .map(|(_, (_, what))| what)
    }

    fn add(&mut self, place: String, meaning: String, what: Text) {
        self.values.insert(place, (meaning, what));
    }
}

/// What a signature covers, as its version of the record says it.
pub fn signed(version: Version<'_>, given: &Given<'_>) -> Signed {
    let kind = version.register.kind_of(version.record);
    let mut all = Signed::default();
    let own = &kind.sections[given.spot.section];
    let rows = version.record.section(given.spot.section);
    let whole = given.field.signs.is_empty();
    if let Some(row) = rows.get(given.spot.row) {
        let mut covering = Covering {
            version,
            section: own,
            all: &mut all,
        };
        let key = match own.repeated {
            true => identity(version, &own.fields, own.identity, row),
            false => String::new(),
        };
        if whole {
            covering.row(&key, row);
        } else if own.repeated {
            // whatever else it signs, it signs its own row
            covering.row(&key, row);
        }
        if let Some((at, _)) = given.spot.inner {
            let field = &own.fields[given.spot.field];
            if let Some(Value::Rows(inner)) = row.get(given.spot.field).map(|cell| &cell.value)
                && let Some(inner) = inner.get(at)
            {
                let name = identity(version, field.columns(), table_identity(field), inner);
                covering.columns(&key, field, &name, inner);
            }
        }
    }
    for section in &kind.sections {
        if given
            .field
            .signs
            .iter()
            .any(|name| *name.value == *section.id)
        {
            let index = kind.section(&section.id).unwrap_or_default();
            let mut covering = Covering {
                version,
                section,
                all: &mut all,
            };
            covering.section(version.record.section(index));
        }
    }
    all
}

/// Takes a section's values in.
struct Covering<'a, 'r> {
    version: Version<'r>,
    section: &'a Section,
    all: &'a mut Signed,
}

impl Covering<'_, '_> {
    /// All rows of a section that is covered as a whole.
    fn section(&mut self, rows: &[Row]) {
        let section = self.section;
        if section.repeated && !rows.is_empty() {
            let what = section.label.clone();
            self.all
                .add(format!("{}#", section.id), rows.len().to_string(), what);
        }
        for (index, row) in rows.iter().enumerate() {
            let key = match section.repeated {
                true => named(
                    identity(self.version, &section.fields, section.identity, row),
                    index,
                ),
                false => String::new(),
            };
            self.row(&key, row);
        }
    }

    /// The fields of a section, or of one row of a repeated one.
    fn row(&mut self, key: &str, row: &Row) {
        for (index, field) in self.section.fields.iter().enumerate() {
            let Some(cell) = row.get(index).filter(|_| !is_signature(field)) else {
                continue;
            };
            if let Value::Rows(rows) = &cell.value {
                self.table(key, field, rows);
                continue;
            }
            let place = format!("{}\u{1}{key}\u{1}{}", self.section.id, field.id);
            let meaning = meaning::of_cell(self.version, field, cell);
            let what = labelled(&[&self.section.label, &field.label]);
            self.all.add(place, meaning, what);
        }
    }

    fn table(&mut self, key: &str, field: &Field, rows: &[Row]) {
        // rows that are signed themselves come one after the other
        if holds_signatures(field) {
            return;
        }
        if !rows.is_empty() {
            let place = format!("{}\u{1}{key}\u{1}{}#", self.section.id, field.id);
            let what = labelled(&[&self.section.label, &field.label]);
            self.all.add(place, rows.len().to_string(), what);
        }
        for (index, row) in rows.iter().enumerate() {
            let name = identity(self.version, field.columns(), table_identity(field), row);
            self.columns(key, field, &named(name, index), row);
        }
    }

    fn columns(&mut self, key: &str, field: &Field, name: &str, row: &Row) {
        for (index, column) in field.columns().iter().enumerate() {
            let Some(cell) = row.get(index).filter(|_| !is_signature(column)) else {
                continue;
            };
            let place = format!(
                "{}\u{1}{key}\u{1}{}\u{1}{name}\u{1}{}",
                self.section.id, field.id, column.id
            );
            let meaning = meaning::of_cell(self.version, column, cell);
            let what = labelled(&[&self.section.label, &field.label, &column.label]);
            self.all.add(place, meaning, what);
        }
    }
}

/// A row without a name of its own is known by its place.
fn named(name: String, index: usize) -> String {
    match name.is_empty() {
        true => index.to_string(),
        false => name,
    }
}

fn labelled(labels: &[&Text]) -> Text {
    let [zh, en] = [Language::Chinese, Language::English].map(|language| {
        let labels: Vec<&str> = labels.iter().map(|label| label.get(language)).collect();
        labels.join(" / ")
    });
    Text::new(zh, en)
}
