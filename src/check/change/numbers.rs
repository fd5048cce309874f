//! A number belongs to one matter for ever, and to one only.

use std::collections::BTreeMap;

use super::matter::ChangedMatter;
use crate::change::{Change, Part, Told};
use crate::definition::Phase;
use crate::finding::Finding;
use crate::record::{Cell, Row, Value};

/// What git knows of the numbers that are new in a change.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// The titles of matters that had one of them and are gone.
    pub former: BTreeMap<String, String>,
    /// Other branches that have given one of them as well.
    pub claims: Vec<Claim>,
}

/// A number that another branch has given to another matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The number.
    pub number: String,
    /// The branch, as it was named.
    pub branch: String,
    /// The matter's title there.
    pub title: String,
}

/// Finds new records with a number that was given before, and numbers that
/// another matter has got.
pub(in crate::check) fn reused(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let Some(after) = matter.after else { return };
    let number = &*after.record.id.value;
    let had_it = matter
        .before
        .filter(|before| *before.record.id.value == *number);
    let title = match had_it {
        Some(before) if is_another(matter, before.state().phase, before.record) => {
            Some(before.record.heading())
        }
        Some(_) => None,
        None => {
            let former = matter.circumstances.numbers.former.get(number);
            former
                .map(String::as_str)
                .filter(|title| title.trim() != after.record.title.value.trim())
        }
    };
    let Some(title) = title else { return };
    found.push(
        Finding::error("number-reused", after.place(after.record.id.span))
            .with("id", number)
            .with("title", title),
    );
}

/// Finds new records whose number another branch has given too.
pub(in crate::check) fn taken(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let Some(after) = matter.after else { return };
    let number = &*after.record.id.value;
    if matter
        .before
        .is_some_and(|before| *before.record.id.value == *number)
    {
        return;
    }
    let claims = matter.circumstances.numbers.claims.iter();
    for claim in claims.filter(|claim| claim.number == number) {
        if claim.title.trim() == after.record.title.value.trim() {
            continue;
        }
        found.push(
            Finding::error("number-taken", after.place(after.record.id.span))
                .with("id", number)
                .with("branch", &*claim.branch)
                .with("title", &*claim.title),
        );
    }
}

/// Whether a number stands on another matter now: under another title, with
/// hardly anything left of what was said. A draft may be written anew.
fn is_another(matter: &ChangedMatter<'_>, phase: Phase, record: &crate::record::Record) -> bool {
    let is_titled = |change: &Change<'_>| matches!(change.part, Part::Title);
    if phase == Phase::Draft || !matter.changes.iter().any(is_titled) {
        return false;
    }
    let rows = record.sections.iter().flat_map(|section| section.rows());
    let said: usize = rows.map(values_of_row).sum();
    let altered: usize = matter
        .changes
        .iter()
        .filter(|change| matches!(change.part, Part::Section(_)))
        .filter_map(|change| change.before)
        .map(|told| match told {
            Told::Row(_, row) => values_of_row(row),
            Told::Cell(_, cell) => values(cell),
            _ => 0,
        })
        .sum();
    // a fifth may be alike by chance: the department, the person
    said > 0 && altered * 5 >= said * 4
}

fn values(cell: &Cell) -> usize {
    match &cell.value {
        Value::Rows(rows) => rows.iter().map(values_of_row).sum(),
        _ => 1,
    }
}

fn values_of_row(row: &Row) -> usize {
    row.cells.iter().flatten().map(values).sum()
}
