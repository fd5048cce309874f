//! What a change does to what is owed in a matter.

use std::collections::HashMap;

use crate::calendar::Due;
use crate::change::{Pair, ToldDelay, Version, of_subject, row_key, told_delays};
use crate::outlook::{Obligation, Outlook, Status};

/// Something owed that stands otherwise after the change.
#[derive(Clone, Debug)]
pub struct Duty {
    /// What happened to it.
    pub change: DutyChange,
    /// Index among the older outlook's obligations, where it was one.
    pub before: Option<usize>,
    /// Index among the newer outlook's obligations, where it is one.
    pub after: Option<usize>,
}

/// What a change does to something owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyChange {
    /// It is owed now.
    Began,
    /// It has been met, in time or late.
    Met,
    /// It was met and is not any more: the event that met it is gone.
    Unmet,
    /// It is owed by another day.
    Moved {
        /// The day it was owed by.
        from: Due,
        /// Whether the move was told of; none where the kind has no limit that
        /// asks for it.
        announced: Option<Announced>,
    },
    /// It is owed no longer, and was not met.
    Ended,
}

/// Whether a move of a date was told of before the date had passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// In time.
    InTime,
    /// After the old date.
    Late,
    /// Not at all.
    Not,
}

/// Everything owed in a matter that the change touches, in the order of the
/// newer side, then what is gone.
pub(super) fn duties(before: &Outlook<'_>, after: &Outlook<'_>, pair: Pair) -> Vec<Duty> {
    let old = known(before, pair.before);
    let new = known(after, pair.after);
    let mut by_key: HashMap<&Key, usize> = old.iter().map(|(key, index)| (key, *index)).collect();
    let mut duties = Vec::new();
    for (key, index) in &new {
        let now = &after.obligations[*index];
        let was = by_key.remove(key);
        let change = match was.map(|was| &before.obligations[was]) {
            None if now.met_at.is_some() => Some(DutyChange::Met),
            None if now.status.is_open() => Some(DutyChange::Began),
            None => None,
            Some(was) => changed(after, pair, was, now),
        };
        duties.extend(change.map(|change| Duty {
            change,
            before: was,
            after: Some(*index),
        }));
    }
    for (key, index) in &old {
        if by_key.contains_key(key) && before.obligations[*index].status.is_open() {
            duties.push(Duty {
                change: DutyChange::Ended,
                before: Some(*index),
                after: None,
            });
        }
    }
    duties
}

fn changed(
    after: &Outlook<'_>,
    pair: Pair,
    was: &Obligation,
    now: &Obligation,
) -> Option<DutyChange> {
    match (was.met_at, now.met_at) {
        (None, Some(_)) => return Some(DutyChange::Met),
        (Some(_), None) => return Some(DutyChange::Unmet),
        _ => {}
    }
    if was.due != now.due {
        return Some(DutyChange::Moved {
            from: was.due,
            announced: announced(after, pair, &was.due),
        });
    }
    let ended = was.status.is_open() && matches!(now.status, Status::Missed | Status::Lapsed);
    ended.then_some(DutyChange::Ended)
}

/// Whether the move of a date is told of: as the kind's definition has it, else
/// by a limit whose obligation is to tell of a delay before that very date.
fn announced(after: &Outlook<'_>, pair: Pair, from: &Due) -> Option<Announced> {
    let record = pair.after?;
    let register = after.register;
    let kind = register.kind_of(&register.records[record]);
    if kind.sections.iter().any(|section| section.delay.is_some()) {
        let version = Version::new(register, &register.records[record]);
        let is_of = |told: &ToldDelay<'_>| {
            !told.reason.is_empty()
                && [Some(from.date), from.shifted_from].contains(&Some(told.from))
        };
        let told: Vec<ToldDelay<'_>> = { told_delays(version).into_iter() }.filter(is_of).collect();
        let in_time = |told: &ToldDelay<'_>| {
            let day = told.told.map(|at| register.calendar.date(at));
            day.is_some_and(|day| day <= told.from)
        };
        return Some(match told.iter().any(in_time) {
            true => Announced::InTime,
            false if told.is_empty() => Announced::Not,
            false => Announced::Late,
        });
    }
    kind.limits.iter().find(|limit| limit.announces_delay)?;
    let told: Vec<&Obligation> = after
        .obligations_of(record)
        .iter()
        .filter(|obligation| kind.limits[obligation.limit].announces_delay)
        .filter(|obligation| obligation.due.date == from.date && obligation.met_at.is_some())
        .collect();
    let in_time = told
        .iter()
        .any(|obligation| obligation.status == Status::Met);
    Some(match in_time {
        true => Announced::InTime,
        false if told.is_empty() => Announced::Not,
        false => Announced::Late,
    })
}

/// What something owed is known by on both sides: its limit, the row or the
/// round, who owes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    limit: String,
    row: Option<String>,
    round: Option<u32>,
    owed_by: Option<String>,
}

fn known(outlook: &Outlook<'_>, record: Option<usize>) -> Vec<(Key, usize)> {
    let Some(record) = record else {
        return Vec::new();
    };
    let register = outlook.register;
    let version = Version::new(register, &register.records[record]);
    let kind = register.kind_of(version.record);
    let first = outlook.obligations_range(record).start;
    let mut counts: HashMap<Key, usize> = HashMap::new();
    outlook
        .obligations_of(record)
        .iter()
        .enumerate()
        .map(|(index, obligation)| {
            let limit = &kind.limits[obligation.limit];
            let row = obligation.row.zip(limit.each.as_ref());
            let mut key = Key {
                limit: limit.id.to_string(),
                row: row.and_then(|(row, each)| row_key(version, each, row)),
                round: obligation.round,
                // rows without a name are told apart by who owes them
                owed_by: match limit.each {
                    Some(_) => obligation
                        .owed_by
                        .map(|who| of_subject(&register.organisation, who)),
                    None => None,
                },
            };
            let count = counts.entry(key.clone()).or_default();
            *count += 1;
            if *count > 1 {
                key.row = Some(format!("{} {count}", key.row.unwrap_or_default()));
            }
            (key, first + index)
        })
        .collect()
}
