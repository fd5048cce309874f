//! Rows that are promises (who does what by when), and rows that are notes of progress.

use std::sync::Arc;

use super::field::Field;
use crate::source::TableReader;

/// Which columns of a repeated section make its rows tasks (W4, W9, D7, D13):
/// the action tracker is made of them. All are indexes of fields.
#[derive(Clone, Debug)]
pub struct Commitment {
    /// What is to be done.
    pub what: usize,
    /// The one who answers for it.
    pub owner: usize,
    /// Who helps.
    pub helpers: Option<usize>,
    /// When the work on it began, where that is kept.
    pub start: Option<usize>,
    /// The day by which.
    pub due: usize,
    /// The day on which it was done.
    pub done: Option<usize>,
    /// How one sees that it is done.
    pub standard: Option<usize>,
    /// How far it is.
    pub status: Option<usize>,
    /// Values of the status that mean the task was dropped.
    pub dropped: Vec<Arc<str>>,
}

/// Which columns of a repeated section make its rows dated notes.
#[derive(Clone, Debug)]
pub struct Log {
    /// When.
    pub at: usize,
    /// Who wrote it.
    pub by: Option<usize>,
    /// What it says.
    pub text: usize,
}

/// The index of the field that a key of `commitment` or `log` names.
pub(super) fn column(
    reader: &TableReader<'_>,
    key: &'static str,
    fields: &[Field],
) -> Option<usize> {
    let name = reader.string(key)?;
    let found = fields.iter().position(|field| *field.id == *name.value);
    if found.is_none() {
        let known: Vec<&str> = fields.iter().map(|field| &*field.id).collect();
        reader.unknown_name("unknown-path", key, &name, &known);
    }
    found
}

pub(super) fn required(
    reader: &TableReader<'_>,
    key: &'static str,
    fields: &[Field],
) -> Option<usize> {
    if !reader.has(key) {
        reader.missing(key);
        return None;
    }
    column(reader, key, fields)
}

pub(super) fn read_commitment(reader: TableReader<'_>, fields: &[Field]) -> Option<Commitment> {
    let what = required(&reader, "what", fields);
    let owner = required(&reader, "owner", fields);
    let due = required(&reader, "due", fields);
    let start = column(&reader, "start", fields);
    let helpers = column(&reader, "helpers", fields);
    let done = column(&reader, "done", fields);
    let standard = column(&reader, "standard", fields);
    let status = column(&reader, "status", fields);
    let dropped = reader
        .strings("dropped")
        .iter()
        .map(|name| name.value.into())
        .collect();
    reader.finish();
    Some(Commitment {
        what: what?,
        owner: owner?,
        helpers,
        start,
        due: due?,
        done,
        standard,
        status,
        dropped,
    })
}

pub(super) fn read_log(reader: TableReader<'_>, fields: &[Field]) -> Option<Log> {
    let at = required(&reader, "at", fields);
    let by = column(&reader, "by", fields);
    let text = required(&reader, "text", fields);
    reader.finish();
    Some(Log {
        at: at?,
        by,
        text: text?,
    })
}
