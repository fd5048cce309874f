//! Following a definition's paths into a record, with the rows they lead
//! through.

use super::{Cell, Record, Row, SectionValue, Value};
use crate::definition::path::{Path, Root, Rows};
use crate::definition::{Field, Kind};

/// One row among others: the only one whose values are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Only<'r> {
    /// Among which rows.
    pub rows: &'r Rows,
    /// Which of them.
    pub index: usize,
}

/// A place that a path leads to; the value may be missing there.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'r> {
    /// The value.
    pub cell: Option<&'r Cell>,
    /// The rows on the way that are rows of something: the occurrence of a
    /// repeated section, the row of a table.
    pub row: Option<&'r Row>,
}

/// The field that a path ends at; none for keys of the envelope.
pub fn field_of<'k>(kind: &'k Kind, path: &Path) -> Option<&'k Field> {
    let (section, field, column) = path.cell()?;
    let field = kind.sections.get(section)?.fields.get(field)?;
    match column {
        Some(column) => field.columns().get(column),
        None => Some(field),
    }
}

/// Every place a path leads to, in the order of the record; rows in which
/// nothing stands there are among them.
pub fn hits<'r>(record: &'r Record, path: &Path, only: Option<Only<'_>>) -> Vec<Hit<'r>> {
    let Root::Cell {
        section,
        field,
        column,
    } = path.root
    else {
        return Vec::new();
    };
    let only = only.filter(|only| only.rows.section == section);
    let one_section =
        |index: usize| only.is_none_or(|only| only.rows.field.is_some() || only.index == index);
    let rows = record.section(section);
    let repeated = matches!(record.sections.get(section), Some(SectionValue::Many(_)));
    let mut all = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if !one_section(index) {
            continue;
        }
        let cell = row.get(field);
        let Some(column) = column else {
            all.push(Hit {
                cell,
                row: repeated.then_some(row),
            });
            continue;
        };
        if let Some(Value::Rows(inner)) = cell.map(|cell| &cell.value) {
            for (index, row) in inner.iter().enumerate() {
                let wanted =
                    only.is_none_or(|only| only.rows.field != Some(field) || only.index == index);
                if wanted {
                    all.push(Hit {
                        cell: row.get(column),
                        row: Some(row),
                    });
                }
            }
        }
    }
    all
}
