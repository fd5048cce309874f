//! Following a form's paths into a record, with the rows they lead through.

use crate::definition::path::{Path, Root, Rows};
use crate::definition::{Field, Kind, Section};
use crate::record::{Cell, Record, Row, RowRef, Value};
use crate::register::Register;

/// The row that a paper of its own is printed for.
#[derive(Clone, Copy)]
pub(super) struct Only<'r> {
    pub rows: &'r Rows,
    pub index: usize,
}

/// A place that a path leads to; the value may be missing there.
pub(super) struct Hit<'r> {
    /// The value.
    pub cell: Option<&'r Cell>,
    /// The rows on the way that are rows of something: the occurrence of a
    /// repeated section, the row of a table.
    pub row: Option<&'r Row>,
}

/// The field that a path ends at; none for keys of the envelope.
pub(super) fn field_of<'k>(kind: &'k Kind, path: &Path) -> Option<&'k Field> {
    let (section, field, column) = path.cell()?;
    let field = kind.sections.get(section)?.fields.get(field)?;
    match column {
        Some(column) => field.columns().get(column),
        None => Some(field),
    }
}

/// What has rows on the way of a path, if anything has.
pub(super) fn rows_of(kind: &Kind, path: &Path) -> Option<Rows> {
    let (section, field, column) = path.cell()?;
    let definition = kind.sections.get(section)?;
    let field = match column {
        Some(_) => Some(field),
        None if definition.repeated => None,
        None => return None,
    };
    Some(Rows {
        text: path.text.clone(),
        section,
        field,
    })
}

/// Every place a path leads to, in the order of the record; rows in which
/// nothing stands there are among them.
pub(super) fn hits<'r>(record: &'r Record, path: &Path, only: Option<Only<'_>>) -> Vec<Hit<'r>> {
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
    let repeated = matches!(
        record.sections.get(section),
        Some(crate::record::SectionValue::Many(_))
    );
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

/// The rows of a table on a form; of a paper for one row, only those.
pub(super) fn table_rows<'r>(
    record: &'r Record,
    rows: &Rows,
    only: Option<Only<'_>>,
) -> Vec<RowRef<'r>> {
    let Some(only) = only.filter(|only| only.rows.section == rows.section) else {
        return record.rows(rows);
    };
    if only.rows.field == rows.field {
        return record
            .rows(rows)
            .into_iter()
            .skip(only.index)
            .take(1)
            .collect();
    }
    match (only.rows.field, rows.field) {
        // a table inside the occurrence that the paper is for
        (None, Some(field)) => {
            let cell = record
                .section(rows.section)
                .get(only.index)
                .and_then(|row| row.get(field));
            match cell.map(|cell| &cell.value) {
                Some(Value::Rows(inner)) => inner.iter().map(RowRef::Row).collect(),
                Some(Value::Many(items)) => items.iter().map(RowRef::Item).collect(),
                _ => Vec::new(),
            }
        }
        _ => record.rows(rows),
    }
}

/// How many days late a task is: from the day it was due to the day it was
/// done, or, while it is open, to the latest other day that the row tells.
/// None when it is not late.
pub(super) fn days_late(register: &Register, section: &Section, row: &RowRef<'_>) -> Option<i64> {
    let commitment = section.commitment.as_ref()?;
    let day = |column: usize| {
        let moment = row.get(column)?.value.moment()?;
        Some(register.calendar.date(moment))
    };
    let due = day(commitment.due)?;
    let told = match commitment.done.and_then(day) {
        Some(done) => done,
        None => (0..section.fields.len())
            .filter(|column| *column != commitment.due)
            .filter_map(day)
            .max()?,
    };
    let days = i64::from(due.until(told).ok()?.get_days());
    (days > 0).then_some(days)
}
