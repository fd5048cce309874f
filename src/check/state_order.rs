//! The events of a matter happened in the order of its states.

use std::cmp::Ordering;

use super::progress::{Entered, compare, entered, of_state, shown, state_is_known};
use super::registry::Scope;
use crate::finding::Finding;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    if !state_is_known(scope) {
        return;
    }
    let rank = scope.rank();
    let mut latest: Option<Entered<'_>> = None;
    let mut events = entered(scope);
    events.retain(|event| !event.planned || event.state.rank <= rank);
    let state = &scope.kind.states[scope.record.state.value];
    if state.aside {
        // a matter may be broken off before a day that was planned
        events.retain(|event| !event.planned);
        events.extend(of_state(scope, state));
    }
    for event in events {
        if let Some(before) = &latest
            && compare(scope, event.at, before.at) == Ordering::Less
        {
            let record = scope.record;
            found.push(
                Finding::error("state-order", record.place(event.cell.span))
                    .with("state", &event.state.label)
                    .with("at", shown(scope, event.at))
                    .with("earlier", &before.state.label)
                    .with("earlier-at", shown(scope, before.at))
                    .related(record.place(before.cell.span)),
            );
            continue;
        }
        latest = Some(event);
    }
}
