//! How a kind tells that a date was moved: in rows of their own, each naming
//! what it delays, or in columns of the rows that are delayed (T24, T31).

use super::commitment::{column, required};
use super::field::Field;
use crate::source::TableReader;

/// Which columns of a section tell of a delay. All are indexes of fields.
#[derive(Clone, Debug)]
pub struct Delay {
    /// What is delayed, where the rows are only about delays: the name of
    /// another row. None where a row tells of its own delay.
    pub item: Option<usize>,
    /// The date that no longer holds.
    pub from: usize,
    /// When it was told of.
    pub told: usize,
    /// Why.
    pub reason: usize,
}

pub(super) fn read_delay(reader: TableReader<'_>, fields: &[Field]) -> Option<Delay> {
    let item = column(&reader, "item", fields);
    let from = required(&reader, "from", fields);
    let told = required(&reader, "told", fields);
    let reason = required(&reader, "reason", fields);
    reader.finish();
    Some(Delay {
        item,
        from: from?,
        told: told?,
        reason: reason?,
    })
}
