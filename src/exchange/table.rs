//! Tables of typed values: what CSV, XLSX and JSON are written from.
//!
//! A file a table says which columns it has ([`super::register`],
//! [`super::lists`]); a file a format says how values are written. Invariant:
//! a table is made of an outlook and holds nothing that its viewer may not
//! see (D12).

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::Moment;
use crate::source::Decimal;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Words.
    Text,
    /// Days.
    Date,
    /// Instants; a day where no more is known.
    Instant,
    /// Numbers.
    Number,
    /// Amounts with two places; the currency has a column of its own.
    Money,
    /// Yes or no.
    Boolean,
    /// Words out of a list: states, choices.
    Choice,
    /// People, departments, outside parties.
    Name,
    /// Numbers of records.
    Record,
}

impl ColumnType {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ColumnType::Text => "text",
            ColumnType::Date => "date",
            ColumnType::Instant => "instant",
            ColumnType::Number => "number",
            ColumnType::Money => "money",
            ColumnType::Boolean => "boolean",
            ColumnType::Choice => "choice",
            ColumnType::Name => "name",
            ColumnType::Record => "record",
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs: a path of the definition (`request.due_on`), or
    /// one of the program's own words (`next_due`).
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// What its values are.
    pub kind: ColumnType,
    /// Whether each is a list.
    pub many: bool,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum<'r> {
    /// Nothing is known.
    Nothing,
    /// Words.
    Text(Cow<'r, str>),
    /// A day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// A number.
    Number(f64),
    /// An amount.
    Amount(Decimal),
    /// Yes or no.
    Boolean(bool),
    /// Something with a name in records and one for people.
    Named {
        /// The name in records.
        id: Cow<'r, str>,
        /// The name for people.
        name: Cow<'r, str>,
    },
    /// Several.
    List(Vec<Datum<'r>>),
}

impl<'r> Datum<'r> {
    /// Words; nothing where there are none.
    pub fn text(text: impl Into<Cow<'r, str>>) -> Self {
        let text = text.into();
        if text.trim().is_empty() {
            return Datum::Nothing;
        }
        Datum::Text(text)
    }

    /// A count; nothing instead of nought.
    pub fn count(count: usize) -> Self {
        match count {
            0 => Datum::Nothing,
            count => Datum::Number(count as f64),
        }
    }

    /// A list without its gaps; nothing where it is empty.
    pub fn list(items: impl IntoIterator<Item = Datum<'r>>) -> Self {
        let items: Vec<Datum<'r>> = items
            .into_iter()
            .filter(|item| *item != Datum::Nothing)
            .collect();
        if items.is_empty() {
            return Datum::Nothing;
        }
        Datum::List(items)
    }
}

impl From<Moment> for Datum<'_> {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::Date(date) => Datum::Day(date),
            Moment::Instant(instant) => Datum::Instant(instant),
        }
    }
}

impl<'r, T: Into<Datum<'r>>> From<Option<T>> for Datum<'r> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Datum::Nothing, Into::into)
    }
}

/// Rows of values under columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<'r> {
    /// Its name for programs, a part of its files' names.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has a value for every column.
    pub rows: Vec<Vec<Datum<'r>>>,
}

/// A table and those of the rows within its rows: a workbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Book<'r> {
    /// What it is about; CSV is of this alone.
    pub table: Table<'r>,
    /// A table for each kind of rows that records of it have, such as actions.
    pub details: Vec<Table<'r>>,
}

impl<'r> From<Table<'r>> for Book<'r> {
    fn from(table: Table<'r>) -> Self {
        Book {
            table,
            details: Vec::new(),
        }
    }
}

/// What reads a column's value out of a line.
type Read<'a, 'r, L> = Box<dyn Fn(&L) -> Datum<'r> + 'a>;

/// Columns together with what their values are read from.
pub struct Columns<'a, 'r, L> {
    columns: Vec<Column>,
    read: Vec<Read<'a, 'r, L>>,
}

impl<'a, 'r, L> Default for Columns<'a, 'r, L> {
    fn default() -> Self {
        Columns {
            columns: Vec::new(),
            read: Vec::new(),
        }
    }
}

impl<'a, 'r, L> Columns<'a, 'r, L> {
    /// Adds a column.
    pub fn add(
        &mut self,
        id: impl Into<String>,
        label: impl Into<String>,
        kind: ColumnType,
        read: impl Fn(&L) -> Datum<'r> + 'a,
    ) {
        self.push(id.into(), label.into(), kind, false, read);
    }

    /// Adds a column of lists.
    pub fn add_many(
        &mut self,
        id: impl Into<String>,
        label: impl Into<String>,
        kind: ColumnType,
        read: impl Fn(&L) -> Datum<'r> + 'a,
    ) {
        self.push(id.into(), label.into(), kind, true, read);
    }

    fn push(
        &mut self,
        id: String,
        label: String,
        kind: ColumnType,
        many: bool,
        read: impl Fn(&L) -> Datum<'r> + 'a,
    ) {
        self.columns.push(Column {
            id,
            label,
            kind,
            many,
        });
        self.read.push(Box::new(read));
    }

    /// The table of these lines. Columns of the same label are told apart by
    /// `context`: what stands before the label then, by the column's name.
    pub fn table(
        mut self,
        id: impl Into<String>,
        title: impl Into<String>,
        lines: impl IntoIterator<Item = L>,
        context: impl Fn(&str) -> Option<String>,
    ) -> Table<'r> {
        let labels: Vec<Arc<str>> = self
            .columns
            .iter()
            .map(|column| column.label.as_str().into())
            .collect();
        for (index, column) in self.columns.iter_mut().enumerate() {
            let twin =
                |(other, label): (usize, &Arc<str>)| other != index && *label == labels[index];
            if labels.iter().enumerate().any(twin)
                && let Some(before) = context(&column.id)
            {
                column.label = format!("{before} · {}", column.label);
            }
        }
        let rows = lines
            .into_iter()
            .map(|line| self.read.iter().map(|read| read(&line)).collect())
            .collect();
        Table {
            id: id.into(),
            title: title.into(),
            columns: self.columns,
            rows,
        }
    }
}
