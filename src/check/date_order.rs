//! What was promised in a matter is due, and done, after the matter began.

use std::cmp::Ordering;

use super::commitments::promises;
use super::progress::{compare, entered, shown};
use super::registry::Scope;
use crate::finding::Finding;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let events = entered(scope);
    let Some(start) = events.first().filter(|event| !event.planned) else {
        return;
    };
    let record = scope.record;
    for promise in promises(scope) {
        let columns = promise.columns;
        for (message, column) in [("due", Some(columns.due)), ("done", columns.done)] {
            let cell = column.and_then(|column| promise.row.get(column));
            let Some((cell, at)) = cell.and_then(|cell| Some((cell, cell.value.moment()?))) else {
                continue;
            };
            if compare(scope, at, start.at) != Ordering::Less {
                continue;
            }
            found.push(
                Finding::warning("date-order", record.place(cell.span))
                    .message(message)
                    .with("what", promise.what())
                    .with("at", shown(scope, at))
                    .with("state", &start.state.label)
                    .with("start", shown(scope, start.at))
                    .related(record.place(start.cell.span)),
            );
        }
    }
}
