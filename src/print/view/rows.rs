//! Following a form's paths into a record, with the rows they lead through.

use crate::definition::path::{Path, Rows};
use crate::definition::{Kind, Section};
pub(super) use crate::record::{Only, field_of, hits};
use crate::record::{Record, RowRef, Value};
use crate::register::Register;

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
