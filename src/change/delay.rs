//! The delays that a record tells of, whichever way its kind has for it.

use jiff::civil::Date;

use super::Version;
use crate::calendar::Moment;
use crate::definition::Delay;
use crate::record::{Row, Value};

/// A delay that a record tells of.
#[derive(Clone, Copy, Debug)]
pub struct ToldDelay<'r> {
    /// The section whose row tells of it, and which row.
    pub section: usize,
    /// The row.
    pub row: usize,
    /// What it delays, by its name; none where the row tells of its own delay.
    pub item: Option<&'r str>,
    /// The day that no longer holds.
    pub from: Date,
    /// When it was told of.
    pub told: Option<Moment>,
    /// Why; empty where nothing is said.
    pub reason: &'r str,
}

/// The delays that a record tells of, in its order; rows without the day that
/// they move are none.
pub fn told_delays<'r>(version: Version<'r>) -> Vec<ToldDelay<'r>> {
    let kind = version.register.kind_of(version.record);
    let mut all = Vec::new();
    for (section, definition) in kind.sections.iter().enumerate() {
        let Some(delay) = &definition.delay else {
            continue;
        };
        let rows = version.record.section(section).iter().enumerate();
        all.extend(rows.filter_map(|(row, cells)| told(version, delay, (section, row), cells)));
    }
    all
}

fn told<'r>(
    version: Version<'r>,
    delay: &Delay,
    (section, row): (usize, usize),
    cells: &'r Row,
) -> Option<ToldDelay<'r>> {
    let moment = |field: usize| cells.get(field)?.value.moment();
    let text = |field: usize| match cells.get(field).map(|cell| &cell.value) {
        Some(Value::Text(text)) => text.trim(),
        _ => "",
    };
    Some(ToldDelay {
        section,
        row,
        item: delay.item.map(text),
        from: version.register.calendar.date(moment(delay.from)?),
        told: moment(delay.told),
        reason: text(delay.reason),
    })
}
