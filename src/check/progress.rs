//! The events by which a record got from state to state.

use std::cmp::Ordering;

use super::registry::Scope;
use crate::calendar::Moment;
use crate::definition::{Part, Path, State};
use crate::record::{Cell, Value};

/// A state with the event that it was entered by.
pub(super) struct Entered<'r> {
    /// The state.
    pub state: &'r State,
    /// Where its event stands in records.
    pub path: &'r Path,
    /// The event.
    pub cell: &'r Cell,
    /// When it was.
    pub at: Moment,
    /// Whether it may be a plan: the end of a period stands there before it is reached.
    pub planned: bool,
}

/// Whether the record's state is one of its kind's; a name that is none has
/// been said, and counts as the first until it is put right.
pub(super) fn state_is_known(scope: &Scope<'_>) -> bool {
    let record = scope.record;
    let written = scope
        .register
        .sources
        .words(record.place(record.state.span));
    written.trim_matches(['"', '\'']) == &*scope.kind.states[record.state.value].id
}

/// The states of the main path whose event is there, in order.
pub(super) fn entered<'r>(scope: &Scope<'r>) -> Vec<Entered<'r>> {
    let states = scope.kind.states.iter();
    states
        .filter(|state| !state.aside)
        .filter_map(|state| of_state(scope, state))
        .collect()
}

/// A state with its event, if it is there.
pub(super) fn of_state<'r>(scope: &Scope<'r>, state: &'r State) -> Option<Entered<'r>> {
    let path = state.entered.as_ref()?;
    let cell = scope.record.first(path)?;
    Some(Entered {
        state,
        path,
        cell,
        at: moment_at(cell, path)?,
        planned: path.part.is_some(),
    })
}

/// The moment that a path means in a value it led to.
pub(super) fn moment_at(cell: &Cell, path: &Path) -> Option<Moment> {
    match (&cell.value, path.part) {
        (Value::Period(_, to), Some(Part::To)) => Some(*to),
        (value, _) => value.moment(),
    }
}

/// Compares two moments: to the second when both are known so, else by the day.
pub(super) fn compare(scope: &Scope<'_>, a: Moment, b: Moment) -> Ordering {
    match (a, b) {
        (Moment::Instant(a), Moment::Instant(b)) => a.cmp(&b),
        _ => {
            let calendar = &scope.register.calendar;
            calendar.date(a).cmp(&calendar.date(b))
        }
    }
}

/// A moment as records are read in tables: the day, and the time if it is known.
pub(super) fn shown(scope: &Scope<'_>, moment: Moment) -> String {
    match moment {
        Moment::Date(date) => date.to_string(),
        Moment::Instant(instant) => scope
            .register
            .calendar
            .local(instant)
            .strftime("%Y-%m-%d %H:%M")
            .to_string(),
    }
}
