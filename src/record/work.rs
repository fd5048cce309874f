//! How much work the expressions of a record's kind make on it, before any of
//! them is evaluated.
//!
//! Kinds and records may come from anybody (a pull request from a fork), and
//! an expression, once begun, runs to its end: a record on which they would
//! take too long or hold too much is left unevaluated, and said so.

use super::{Record, SectionValue, Value};
use crate::definition::Kind;
use crate::finding::Finding;

/// Most steps of one evaluation; a step takes about a ten-millionth of a second.
const STEPS_OF_ONE: u64 = 50_000_000;
/// Most bytes of one evaluation.
const BYTES_OF_ONE: u64 = 256 << 20;
/// Most steps of all evaluations of one record.
const STEPS_OF_A_RECORD: u64 = 500_000_000;
/// Most steps of all records together.
const STEPS_OF_ALL: u64 = 10_000_000_000;

/// What is left of the work that all records may make.
#[derive(Debug)]
pub struct WorkLeft(u64);

impl Default for WorkLeft {
    fn default() -> Self {
        WorkLeft(STEPS_OF_ALL)
    }
}

impl WorkLeft {
    /// Marks a record whose expressions would take too long, with a finding.
    /// `steps` is what [`work_of`] says of it.
    pub fn take(
        &mut self,
        record: &mut Record,
        kind: &Kind,
        steps: Option<u64>,
    ) -> Option<Finding> {
        record.too_costly = false;
        match steps.and_then(|steps| self.0.checked_sub(steps)) {
            Some(left) => {
                self.0 = left;
                None
            }
            None => {
                record.too_costly = true;
                let place = record.place(record.state.span);
                let finding = Finding::error("expression-failed", place);
                Some(finding.message("work").with("kind", &*kind.id))
            }
        }
    }
}

/// The steps of all expressions of a record; none when they, or a single one,
/// go too far. `text` is the length of its file in bytes.
pub fn work_of(record: &Record, kind: &Kind, text: u64) -> Option<u64> {
    steps(record, kind, text).filter(|steps| *steps <= STEPS_OF_A_RECORD)
}

/// The steps of all expressions; none when a single one goes too far.
fn steps(record: &Record, kind: &Kind, text: u64) -> Option<u64> {
    let longest = longest_list(record);
    let mut all = Some(0_u64);
    kind.expressions(&mut |expression, rows| {
        let cost = expression.cost();
        let (steps, bytes) = (cost.steps(longest, text), cost.bytes(longest, text));
        let times = rows.map_or(1, |rows| record.rows(rows).len() as u64);
        all = all
            .filter(|_| times == 0 || steps <= STEPS_OF_ONE && bytes <= BYTES_OF_ONE)
            .map(|all| all.saturating_add(steps.saturating_mul(times)));
    });
    all
}

fn longest_list(record: &Record) -> u64 {
    let mut longest = record.related.len().max(record.visible_to.len());
    for section in &record.sections {
        let rows = match section {
            SectionValue::Many(rows) => {
                longest = longest.max(rows.len());
                &**rows
            }
            SectionValue::One(row) => std::slice::from_ref(row),
            SectionValue::Absent => &[],
        };
        for cell in rows.iter().flat_map(|row| row.cells.iter().flatten()) {
            longest = longest.max(match &cell.value {
                Value::Many(items) => items.len(),
                Value::Rows(rows) => rows.len(),
                _ => 0,
            });
        }
    }
    longest as u64
}
