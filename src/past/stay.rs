//! How long a record stood in each state, by the commits that moved it.

use jiff::{SignedDuration, Timestamp};

use super::timeline::{Step, Timeline};
use crate::calendar::{Calendar, Moment};
use crate::definition::Kind;

/// The time that a record spent in a state, all visits together.
#[derive(Clone, Debug, PartialEq)]
pub struct Stay {
    /// The state, by its name.
    pub state: Box<str>,
    /// Since when, the last time.
    pub since: Timestamp,
    /// Whether the record stands in it.
    pub lasts: bool,
    /// By the clock on the wall.
    pub time: SignedDuration,
    /// In working days, the first day not counted; none where the calendar
    /// does not reach.
    pub working_days: Option<i64>,
}

/// The states of a timeline in the order in which they were reached. The one
/// that lasts is counted up to an instant, unless the matter has ended with it.
pub fn stays(
    timeline: &Timeline<'_>,
    kind: &Kind,
    calendar: &Calendar,
    until: Timestamp,
) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    let moves = moves(timeline);
    for (index, (state, since)) in moves.iter().enumerate() {
        let next = moves.get(index + 1).map(|(_, at)| *at);
        let ended = kind
            .state(state)
            .is_some_and(|state| kind.states[state].phase.ended());
        let end = match (next, ended) {
            (Some(next), _) => next,
            (None, true) => *since,
            (None, false) => until.max(*since),
        };
        let day = |at: Timestamp| calendar.date(Moment::Instant(at));
        let working_days = calendar.working_days_between(day(*since), day(end)).ok();
        let time = end.duration_since(*since);
        match stays.iter_mut().find(|stay| *stay.state == **state) {
            Some(stay) => {
                stay.since = *since;
                stay.lasts = next.is_none();
                stay.time += time;
                let both = stay.working_days.zip(working_days);
                stay.working_days = both.map(|(before, more)| before + more);
            }
            None => stays.push(Stay {
                state: (*state).into(),
                since: *since,
                lasts: next.is_none(),
                time,
                working_days,
            }),
        }
    }
    stays
}

/// Which state a record came to and when, oldest first. A clock that went
/// backwards from one commit to the next counts as having stood still.
fn moves<'p>(timeline: &Timeline<'p>) -> Vec<(&'p str, Timestamp)> {
    let mut moves: Vec<(&str, Timestamp)> = Vec::new();
    let committed = |step: &Step<'p>| Some((&*step.head?.state, step.commit?.at));
    for (state, at) in timeline.steps.iter().rev().filter_map(committed) {
        match moves.last() {
            Some((last, _)) if *last == state => {}
            Some((_, before)) => moves.push((state, at.max(*before))),
            None => moves.push((state, at)),
        }
    }
    moves
}
