//! How long open matters have been open.

use crate::definition::Phase;
use crate::outlook::{Outlook, opened};

/// Upper bounds of the classes of age, in working days; what is older than the
/// last one is a class of its own.
pub const AGES: [i64; 4] = [5, 10, 20, 60];

/// The open matters of a kind by their age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ageing {
    /// Index of the kind.
    pub kind: usize,
    /// How many are how old, by the classes of [`AGES`].
    pub classes: [usize; AGES.len() + 1],
    /// Those of which the record does not say since when, and those of years
    /// without a calendar.
    pub unknown: usize,
    /// The oldest of those known.
    pub oldest: Option<Oldest>,
}

/// A matter and its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oldest {
    /// Index of the record.
    pub record: usize,
    /// In working days.
    pub days: i64,
}

impl Ageing {
    /// All open matters of the kind.
    pub fn total(&self) -> usize {
        self.classes.iter().sum::<usize>() + self.unknown
    }
}

/// Kinds that have open matters, in their order.
pub(super) fn of_kinds(outlook: &Outlook<'_>) -> Vec<Ageing> {
    let calendar = &outlook.register.calendar;
    let mut kinds: Vec<Ageing> = (0..outlook.register.kinds.len())
        .map(|kind| Ageing {
            kind,
            classes: [0; AGES.len() + 1],
            unknown: 0,
            oldest: None,
        })
        .collect();
    for record in outlook.records.iter().copied() {
        if outlook.phase(record) != Phase::Open {
            continue;
        }
        let kind = &mut kinds[outlook.register.records[record].kind];
        let days = opened(outlook.register, record)
            .filter(|moment| outlook.has_come(*moment))
            .and_then(|moment| {
                let day = calendar.date(moment);
                calendar.working_days_between(day, outlook.today).ok()
            });
        let Some(days) = days else {
            kind.unknown += 1;
            continue;
        };
        kind.classes[class_of(days)] += 1;
        // of two of the same age the first in the register's order
        if kind.oldest.is_none_or(|oldest| days > oldest.days) {
            kind.oldest = Some(Oldest { record, days });
        }
    }
    kinds.retain(|kind| kind.total() > 0);
    kinds
}

fn class_of(days: i64) -> usize {
    AGES.iter()
        .position(|bound| days <= *bound)
        .unwrap_or(AGES.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_the_class_below_it() {
        assert_eq!([0, 5, 6, 10, 60, 61].map(class_of), [0, 0, 1, 1, 3, 4]);
    }
}
