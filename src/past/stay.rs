//! How long a record stood in each state, by the commits that moved it.

use jiff::{SignedDuration, Timestamp};

use super::timeline::Timeline;
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

/// One visit to a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The state, by its name.
    pub state: Box<str>,
    /// When the record came to it.
    pub since: Timestamp,
    /// When it left it; none while it stands in it.
    pub until: Option<Timestamp>,
    /// The change that it left it in, by its index in the log.
    pub left_in: Option<usize>,
    /// How long by the clock on the wall, if it has left.
    pub time: SignedDuration,
    /// How many working days, the first day not counted, if it has left; none
    /// where the calendar does not reach.
    pub working_days: Option<i64>,
}

/// The visits of a record to its states, oldest first.
pub fn visits(timeline: &Timeline<'_>, calendar: &Calendar) -> Vec<Visit> {
    let moves = moves(timeline);
    let visit = |(index, (state, since, _)): (usize, &(&str, Timestamp, Option<usize>))| {
        let next = moves.get(index + 1);
        let until = next.map(|(_, at, _)| *at);
        let (time, working_days) = span(calendar, *since, until.unwrap_or(*since));
        Visit {
            state: (*state).into(),
            since: *since,
            until,
            left_in: next.and_then(|(.., change)| *change),
            time,
            working_days,
        }
    };
    moves.iter().enumerate().map(visit).collect()
}

fn span(calendar: &Calendar, from: Timestamp, to: Timestamp) -> (SignedDuration, Option<i64>) {
    let day = |at: Timestamp| calendar.date(Moment::Instant(at));
    let working_days = calendar.working_days_between(day(from), day(to)).ok();
    (to.duration_since(from), working_days)
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
    for visit in visits(timeline, calendar) {
        let lasts = visit.until.is_none();
        let state = kind.state(&visit.state).map(|state| &kind.states[state]);
        let ended = state.is_some_and(|state| state.phase.ended());
        let (time, working_days) = match lasts && !ended {
            true => span(calendar, visit.since, until.max(visit.since)),
            false => (visit.time, visit.working_days),
        };
        match stays.iter_mut().find(|stay| stay.state == visit.state) {
            Some(stay) => {
                stay.since = visit.since;
                stay.lasts = lasts;
                stay.time += time;
                let both = stay.working_days.zip(working_days);
                stay.working_days = both.map(|(before, more)| before + more);
            }
            None => stays.push(Stay {
                state: visit.state,
                since: visit.since,
                lasts,
                time,
                working_days,
            }),
        }
    }
    stays
}

/// Which state a record came to, when and in which change, oldest first. A
/// clock that went backwards from one commit to the next counts as having
/// stood still.
fn moves<'p>(timeline: &Timeline<'p>) -> Vec<(&'p str, Timestamp, Option<usize>)> {
    let mut moves: Vec<(&str, Timestamp, Option<usize>)> = Vec::new();
    for step in timeline.steps.iter().rev() {
        let (Some(head), Some(commit)) = (step.head, step.commit) else {
            continue;
        };
        let state = &*head.state;
        match moves.last() {
            Some((last, ..)) if *last == state => {}
            Some((_, before, _)) => moves.push((state, commit.at.max(*before), step.index)),
            None => moves.push((state, commit.at, step.index)),
        }
    }
    moves
}
