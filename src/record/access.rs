//! Following paths into a record.

use super::{Cell, Record, Row, SectionValue, Value};
use crate::calendar::Moment;
use crate::definition::path::{Part, Path, Root, Rows};
use crate::finding::Span;
use crate::organisation::{Organisation, Subject};

/// A value that a path led to.
#[derive(Clone, Copy, Debug)]
pub struct Found<'r> {
    /// The value.
    pub cell: &'r Cell,
    /// Index of the row it stands in: of the repeated section or the table.
    pub row: usize,
}

/// A row of something that has rows.
#[derive(Clone, Copy, Debug)]
pub enum RowRef<'r> {
    /// A row with cells.
    Row(&'r Row),
    /// An item of a list field.
    Item(&'r Cell),
}

impl<'r> RowRef<'r> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            RowRef::Row(row) => row.span,
            RowRef::Item(cell) => cell.span,
        }
    }

    /// A column's value; a list's item is its own only column.
    pub fn get(&self, column: usize) -> Option<&'r Cell> {
        match self {
            RowRef::Row(row) => row.get(column),
            RowRef::Item(cell) => Some(cell),
        }
    }
}

impl Record {
    /// The rows of a section.
    pub fn section(&self, section: usize) -> &[Row] {
        self.sections.get(section).map_or(&[], SectionValue::rows)
    }

    /// Every value a path leads to, in order: more than one where a repeated
    /// section or a table lies on the way.
    pub fn find<'r>(&'r self, path: &Path) -> impl Iterator<Item = Found<'r>> + use<'r> {
        let root = path.root;
        let rows = match root {
            Root::Cell { section, .. } => self.section(section),
            _ => &[],
        };
        rows.iter().enumerate().flat_map(move |(index, row)| {
            let (field, column) = match root {
                Root::Cell { field, column, .. } => (field, column),
                _ => (usize::MAX, None),
            };
            let cell = row.get(field);
            let direct = match column {
                None => cell,
                Some(_) => None,
            };
            let inner: &[Row] = match (cell.map(|cell| &cell.value), column) {
                (Some(Value::Rows(rows)), Some(_)) => rows,
                _ => &[],
            };
            let column = column.unwrap_or(0);
            direct
                .map(|cell| Found { cell, row: index })
                .into_iter()
                .chain(inner.iter().enumerate().filter_map(move |(row, inner)| {
                    inner.get(column).map(|cell| Found { cell, row })
                }))
        })
    }

    /// The first value a path leads to.
    pub fn first(&self, path: &Path) -> Option<&Cell> {
        self.find(path).map(|found| found.cell).next()
    }

    /// The rows of a repeated section, a table field or a list field.
    pub fn rows<'r>(&'r self, rows: &Rows) -> Vec<RowRef<'r>> {
        let Some(field) = rows.field else {
            return self.section(rows.section).iter().map(RowRef::Row).collect();
        };
        let mut all = Vec::new();
        for row in self.section(rows.section) {
            match row.get(field).map(|cell| &cell.value) {
                Some(Value::Rows(inner)) => all.extend(inner.iter().map(RowRef::Row)),
                Some(Value::Many(items)) => all.extend(items.iter().map(RowRef::Item)),
                _ => {}
            }
        }
        all
    }

    /// The moment a path leads to, its part considered.
    pub fn moment(&self, path: &Path) -> Option<Moment> {
        part_moment(&self.first(path)?.value, path.part)
    }

    /// The people, departments and parties a path leads to, its part considered.
    pub fn subjects(&self, path: &Path, organisation: &Organisation) -> Vec<Subject> {
        let mut subjects = Vec::new();
        for found in self.find(path) {
            collect_subjects(&found.cell.value, path.part, organisation, &mut subjects);
        }
        subjects
    }
}

/// The moment in a value, by the part that the path asks for.
pub fn part_moment(value: &Value, part: Option<Part>) -> Option<Moment> {
    match (value, part) {
        (Value::Period(_, to), Some(Part::To)) => Some(*to),
        (value, _) => value.moment(),
    }
}

/// The subjects in a value, by the part that the path asks for.
pub fn collect_subjects(
    value: &Value,
    part: Option<Part>,
    organisation: &Organisation,
    into: &mut Vec<Subject>,
) {
    let subject = match value {
        Value::Person(person) => Subject::Person(*person),
        Value::Department(department) => Subject::Department(*department),
        Value::Party(party) => Subject::Party(*party),
        Value::Signature(signature) => match signature.person {
            Some(person) => Subject::Person(person),
            None => return,
        },
        Value::Many(items) => {
            for item in items {
                collect_subjects(&item.value, part, organisation, into);
            }
            return;
        }
        _ => return,
    };
    let subject = match part {
        Some(Part::Head) => organisation.head_of(subject).map(Subject::Person),
        Some(Part::Leader) => organisation.leader_of(subject).map(Subject::Person),
        _ => Some(subject),
    };
    if let Some(subject) = subject
        && !into.contains(&subject)
    {
        into.push(subject);
    }
}
