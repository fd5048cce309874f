//! Where matters stand and wait: the states of a kind with how many stand
//! there now, and how long matters stayed there.
//!
//! A stay is measured from the event by which a state was entered to the next
//! event by which one was. Where a state between the two keeps no such event,
//! nobody knows how long the first one lasted, and it is not counted.

use std::cmp::Ordering;

use crate::calendar::Moment;
use crate::definition::{Kind, Phase};
use crate::outlook::Outlook;
use crate::record::Record;

/// The states of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Index of the kind.
    pub kind: usize,
    /// Its states under way, in their order: neither drafts nor what has ended.
    pub stays: Vec<Stay>,
}

/// A state, and how long matters stay in it, in working days.
#[derive(Clone, Debug, PartialEq)]
pub struct Stay {
    /// Index of the state.
    pub state: usize,
    /// How many matters stand there now.
    pub standing: usize,
    /// How many stays are over and known.
    pub measured: usize,
    /// Half of these were no longer; none without any.
    pub median: Option<f64>,
    /// The longest of all, over or not.
    pub longest: Option<Longest>,
}

/// The longest stay in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Longest {
    /// Index of the record.
    pub record: usize,
    /// In working days.
    pub days: i64,
    /// Whether the matter still stands there.
    pub still: bool,
}

/// Kinds that have something under way or have had, in their order.
pub(super) fn of_kinds(outlook: &Outlook<'_>) -> Vec<Flow> {
    let register = outlook.register;
    let mut flows: Vec<Vec<Counting>> = register
        .kinds
        .iter()
        .map(|kind| kind.states.iter().map(|_| Counting::default()).collect())
        .collect();
    for index in outlook.records.iter().copied() {
        let record = &register.records[index];
        let states = &mut flows[record.kind];
        states[record.state.value].standing += 1;
        stays(outlook, record, |state, days, still| {
            let state = &mut states[state];
            if !still {
                state.days.push(days);
            }
            if state.longest.is_none_or(|longest| days > longest.days) {
                state.longest = Some(Longest {
                    record: index,
                    days,
                    still,
                });
            }
        });
    }
    let flows = flows.into_iter().enumerate().map(|(kind, states)| Flow {
        kind,
        stays: states
            .into_iter()
            .enumerate()
            .filter(|(state, _)| register.kinds[kind].states[*state].phase == Phase::Open)
            .map(|(state, counted)| counted.finish(state))
            .collect(),
    });
    flows
        .filter(|flow| {
            let known = |stay: &Stay| stay.standing > 0 || stay.longest.is_some();
            flow.stays.iter().any(known)
        })
        .collect()
}

#[derive(Default)]
struct Counting {
    standing: usize,
    days: Vec<i64>,
    longest: Option<Longest>,
}

impl Counting {
    fn finish(mut self, state: usize) -> Stay {
        Stay {
            state,
            standing: self.standing,
            measured: self.days.len(),
            median: middle(&mut self.days, i64::cmp)
                .map(|(below, above)| (below + above) as f64 / 2.0),
            longest: self.longest,
        }
    }
}

/// Every stay of a record that is known: state, working days, whether it goes on.
fn stays(outlook: &Outlook<'_>, record: &Record, mut found: impl FnMut(usize, i64, bool)) {
    let calendar = &outlook.register.calendar;
    let kind = outlook.register.kind_of(record);
    let entered = entered(outlook, kind, record);
    for (place, (state, at)) in entered.iter().enumerate() {
        let next = entered.get(place + 1);
        let still = next.is_none();
        let known = match next {
            Some((next, _)) => is_known_between(kind, *state, *next),
            None => *state == record.state.value,
        };
        if !known || kind.states[*state].phase != Phase::Open {
            continue;
        }
        let until = next.map_or(outlook.today, |(_, at)| calendar.date(*at));
        if let Ok(days) = calendar.working_days_between(calendar.date(*at), until) {
            found(*state, days.max(0), still);
        }
    }
}

/// The states that a record has entered, in the order of time.
fn entered(outlook: &Outlook<'_>, kind: &Kind, record: &Record) -> Vec<(usize, Moment)> {
    let mut entered: Vec<(usize, Moment)> = kind
        .states
        .iter()
        .enumerate()
        .filter(|(_, state)| state.phase != Phase::Draft)
        // several endings may be told by one event: the one it is in counts
        .filter(|(index, state)| {
            !state.aside || state.phase == Phase::Open || *index == record.state.value
        })
        .filter_map(|(index, state)| Some((index, record.moment(state.entered.as_ref()?)?)))
        .filter(|(_, at)| outlook.has_come(*at))
        .collect();
    // Stable: what happened on one day stays in the order of the states.
    entered.sort_by_key(|(_, at)| outlook.register.calendar.date(*at));
    entered
}

/// Whether no state that keeps no event can have been between two states.
fn is_known_between(kind: &Kind, from: usize, to: usize) -> bool {
    let between = kind.states.get(from + 1..to).unwrap_or(&[]);
    between
        .iter()
        .all(|state| state.entered.is_some() || state.aside)
}

/// The one in the middle, or the two around it.
pub(super) fn middle<T: Copy>(values: &mut [T], by: impl Fn(&T, &T) -> Ordering) -> Option<(T, T)> {
    values.sort_unstable_by(by);
    let half = values.len() / 2;
    let above = *values.get(half)?;
    let below = if values.len().is_multiple_of(2) {
        *values.get(half - 1)?
    } else {
        above
    };
    Some((below, above))
}
