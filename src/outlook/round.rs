//! Recurring limits, round by round: met, missed, next.

use std::sync::Arc;

use super::Clock;
use super::obligation::{Obligation, Status};
use super::view::View;
use crate::calendar::{Due, Length, Moment};
use crate::definition::LimitLength;
use crate::finding::Finding;

/// Most rounds that are listed for one limit of one record: a rhythm of an
/// hour over a year must not fill the memory.
const MAXIMUM_ROUNDS: usize = 400;

/// Adds the rounds of a recurring limit that have passed, and the next one to
/// be met.
///
/// A round is met by an event after the round before it was due and no later
/// than its own limit. Of the rounds that passed without one, only the last
/// is still owed, and only while nothing has been said since; the others
/// were missed.
#[expect(clippy::too_many_arguments)]
pub(super) fn rounds(
    view: &View<'_>,
    start: Moment,
    every: Length,
    length: Option<&LimitLength>,
    clause: Option<Arc<str>>,
    clock: &Clock,
    into: &mut Vec<Obligation>,
    findings: &mut Vec<Finding>,
) {
    let register = view.register;
    if !clock.has_come(register, start) {
        return;
    }
    let events: Vec<Moment> = view
        .answers()
        .into_iter()
        .filter(|event| clock.has_come(register, *event))
        .collect();
    let end = end_of_rounds(view, clock, &events);
    let first = into.len();
    let mut previous: Option<Due> = None;
    // far enough for the round that is running: rounds are lazy
    let horizon = clock
        .as_of
        .checked_add(jiff::SignedDuration::from_hours(24 * 366))
        .unwrap_or(jiff::Timestamp::MAX);
    for due in register
        .calendar
        .rounds(start, &every, horizon)
        .take(MAXIMUM_ROUNDS)
    {
        let due = match due {
            Ok(due) => due,
            Err(error) => {
                if end.is_none() {
                    findings.push(view.uncounted(error));
                }
                break;
            }
        };
        if end.is_some_and(|end| previous.is_some_and(|previous| previous.is_met_by(end))) {
            break;
        }
        let met_at = events
            .iter()
            .copied()
            .filter(|event| {
                due.is_met_by(*event) && previous.is_none_or(|previous| !previous.is_met_by(*event))
            })
            .max_by_key(|event| register.calendar.date(*event));
        let mut obligation = view.obligation(due, met_at, clock, clause.clone());
        obligation.start = Some(start);
        obligation.length = Some(every);
        obligation.round = Some((into.len() - first + 1) as u32);
        let running = due.instant > clock.as_of;
        // the round that the end falls into is not owed any more
        if met_at.is_none() && end.is_some_and(|end| due.is_met_by(end)) {
            break;
        }
        into.push(obligation);
        previous = Some(due);
        // a round that was met early leaves the one after it to come
        if running && met_at.is_none() {
            break;
        }
    }
    settle(view, &mut into[first..], &events, length, clock);
}

/// When the rounds ended, if they did.
fn end_of_rounds(view: &View<'_>, clock: &Clock, events: &[Moment]) -> Option<Moment> {
    let until = view
        .limit
        .until
        .as_ref()
        .and_then(|path| view.moment(path))
        .filter(|moment| clock.has_come(view.register, *moment));
    if until.is_some() || view.is_owed() {
        return until;
    }
    events
        .iter()
        .copied()
        .max_by_key(|event| view.register.calendar.date(*event))
        .or(Some(Moment::Instant(jiff::Timestamp::MIN)))
}

fn settle(
    view: &View<'_>,
    rounds: &mut [Obligation],
    events: &[Moment],
    length: Option<&LimitLength>,
    clock: &Clock,
) {
    let last_unmet = rounds
        .iter()
        .rposition(|round| round.met_at.is_none() && clock.is_over(&round.due));
    for (index, round) in rounds.iter_mut().enumerate() {
        if round.met_at.is_some() || !clock.is_over(&round.due) {
            continue;
        }
        let said_since = events.iter().any(|event| !round.due.is_met_by(*event));
        let still_owed = Some(index) == last_unmet && !said_since && view.is_owed();
        round.status = if still_owed {
            Status::Overdue
        } else {
            Status::Missed
        };
        if still_owed {
            view.add_consequences(round, length, clock);
        }
    }
}
