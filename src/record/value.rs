//! Values as the kind's fields type them.

use std::sync::Arc;

use super::standing::Standing;
use crate::calendar::{Length, Moment};
use crate::finding::Span;
use crate::organisation::{DepartmentId, PartyId, PersonId};
use crate::source::Decimal;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// A confirmation by a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signature {
    /// Who, when it is one of ours.
    pub person: Option<PersonId>,
    /// Who, when it is an outsider.
    pub name: Option<Box<str>>,
    /// When.
    pub at: Option<Moment>,
    /// What was remarked.
    pub opinion: Option<Box<str>>,
    /// What git knows of it; none where nobody has asked git.
    pub standing: Option<Box<Standing>>,
}

/// A file that goes with a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// Its name: 主题+版本+日期 (N1).
    pub name: Box<str>,
    /// Where it lies in the repository, if it does.
    pub file: Option<Box<str>>,
}

/// A typed value.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text, plain or Markdown as the field says.
    Text(Box<str>),
    /// A day or an instant.
    Moment(Moment),
    /// From … to ….
    Period(Moment, Moment),
    /// A length of time.
    Duration(Length),
    /// An amount of money.
    Money {
        /// How much.
        amount: Decimal,
        /// ISO 4217 code.
        currency: Arc<str>,
    },
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// Index of the choice.
    Choice(u16),
    /// A person.
    Person(PersonId),
    /// A department.
    Department(DepartmentId),
    /// An outside party.
    Party(PartyId),
    /// The number of another record.
    Reference(Box<str>),
    /// A file.
    Attachment(Attachment),
    /// It was said that there is none (W7).
    NoneStated,
    /// A confirmation.
    Signature(Signature),
    /// A list.
    Many(Vec<Cell>),
    /// The rows of a table.
    Rows(Vec<Row>),
    /// Something was written that is none of the above; the finding has been made.
    Invalid,
}

impl Value {
    /// The day or instant, if it is one. A period's start, a signature's time.
    pub fn moment(&self) -> Option<Moment> {
        match self {
            Value::Moment(moment) => Some(*moment),
            Value::Period(from, _) => Some(*from),
            Value::Signature(signature) => signature.at,
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Reference(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it says nothing: an empty text, an empty list.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.trim().is_empty(),
            Value::Many(items) => items.is_empty(),
            Value::Rows(rows) => rows.is_empty(),
            Value::Signature(signature) => signature.person.is_none() && signature.name.is_none(),
            _ => false,
        }
    }
}

/// A row of a table, or one occurrence of a section.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it stands: its header, or the inline table.
    pub span: Span,
    /// Its values at the indexes of the fields.
    pub cells: Box<[Option<Cell>]>,
}

impl Row {
    /// The value of a field, if it was written and says something.
    pub fn get(&self, field: usize) -> Option<&Cell> {
        self.cells
            .get(field)
            .and_then(Option::as_ref)
            .filter(|cell| !cell.value.is_empty())
    }

    /// The value of a field as it was written, empty ones included.
    pub fn written(&self, field: usize) -> Option<&Cell> {
        self.cells.get(field).and_then(Option::as_ref)
    }
}

/// A section of a record.
#[derive(Clone, Debug, Default)]
pub enum SectionValue {
    /// It was not written.
    #[default]
    Absent,
    /// A plain section.
    One(Row),
    /// The occurrences of a repeated one.
    Many(Vec<Row>),
}

impl SectionValue {
    /// The rows: none, one, or all occurrences.
    pub fn rows(&self) -> &[Row] {
        match self {
            SectionValue::Absent => &[],
            SectionValue::One(row) => std::slice::from_ref(row),
            SectionValue::Many(rows) => rows,
        }
    }
}
