//! The path of one matter: its states one after the other, its limits with
//! the time there was and the time it took, and what is promised by which
//! day, on one axis of time.

use super::gantt::{is_promise, promise, promises};
use super::tracks::{Part, Track, TracksView, lay_out};
use crate::calendar::Moment;
use crate::outlook::{Obligation, Status, Step};
use crate::site::context::Context;
use crate::site::markup::Markup;

/// Fewer lines than this tell nothing that words do not.
const LEAST: usize = 2;

/// The figure of a record's page; none when too little has happened.
pub(in crate::site) fn path(
    context: &Context<'_>,
    record: usize,
    steps: &[Step],
) -> Option<TracksView> {
    let ended = context.outlook.phase(record).ended();
    let now = (!ended).then(|| context.time_of_now());
    let states = states(context, record, steps, ended);
    let limits = limits(context, record);
    let promises = promises(context, record);
    if states.len() + limits.len() + promises.len() < LEAST {
        return None;
    }
    let name = |word: &'static str| Markup::text(context.words.get(word));
    let groups = vec![
        (name("site.chart.states"), states),
        (name("site.chart.limits"), limits),
        (name("site.chart.promises"), promises),
    ];
    lay_out(
        context,
        "path",
        context.word("site.chart.path"),
        groups,
        now,
    )
}

/// A line a state that the record says when it was entered, to the next one.
fn states(context: &Context<'_>, record: usize, steps: &[Step], ended: bool) -> Vec<Track> {
    let calendar = context.dates.calendar();
    let kind = context.register.kind_of(&context.register.records[record]);
    let mut entered: Vec<(usize, Moment)> = steps
        .iter()
        .filter_map(|step| Some((step.state, step.entered?)))
        .filter(|(_, at)| context.outlook.has_come(*at))
        .collect();
    entered.sort_by_key(|(_, at)| context.time_of(*at));
    entered
        .iter()
        .enumerate()
        .map(|(place, (state, at))| {
            let next = entered.get(place + 1).map(|(_, next)| *next);
            let from = context.time_of(*at);
            let until = match next {
                Some(next) => Some(context.time_of(next)),
                None => (!ended).then(|| context.time_of_now()),
            };
            let end = next.map_or(context.outlook.today, |next| calendar.date(next));
            let days = calendar.working_days_between(calendar.date(*at), end).ok();
            let mut parts = Vec::new();
            parts.extend(until.map(|until| Part::Used(from, until)));
            parts.push(Part::Met(from));
            Track {
                label: context.text(&kind.states[*state].label).to_owned(),
                when: match until {
                    Some(_) => context.days_name(Some(*at), next),
                    None => context.day_name(*at),
                },
                tone: "",
                state: String::new(),
                note: match (until, days) {
                    (Some(_), Some(days)) => context
                        .words
                        .filled("site.chart.stayed", &[("count", &days.max(0).to_string())]),
                    _ => String::new(),
                },
                parts,
            }
        })
        .collect()
}

/// A line a limit, by the first end on it: the rounds of one and the answers
/// of several share it.
fn limits(context: &Context<'_>, record: usize) -> Vec<Track> {
    let owed: Vec<&Obligation> = context
        .outlook
        .obligations_of(record)
        .iter()
        .filter(|obligation| obligation.status != Status::Lapsed)
        .filter(|obligation| !is_promise(context, obligation))
        .collect();
    // they come limit by limit
    let groups = owed.chunk_by(|a, b| a.limit == b.limit);
    let mut dated: Vec<(i64, Track)> = groups
        .filter_map(|group| {
            let first = group
                .iter()
                .map(|one| context.time_of_due(&one.due))
                .min()?;
            let track = match group {
                [only] => single(context, only),
                group => several(context, group),
            };
            Some((first, track))
        })
        .collect();
    dated.sort_by_key(|(due, _)| *due);
    dated.into_iter().map(|(_, track)| track).collect()
}

fn single(context: &Context<'_>, obligation: &Obligation) -> Track {
    let tone = context.tone(obligation);
    Track {
        label: context.display.duty(obligation),
        tone,
        state: context.tone_word(tone).to_owned(),
        ..promise(
            context,
            obligation.start,
            obligation.due,
            obligation.met_at,
            obligation.status.is_open(),
        )
    }
}

/// The rounds of a limit, or what each of several owes by it: an end each, and
/// whether it was kept. It stands as its worst does.
fn several(context: &Context<'_>, group: &[&Obligation]) -> Track {
    let now = context.time_of_now();
    let mut parts = Vec::new();
    let mut met = 0;
    let mut judged = 0;
    let same = |pair: &[&Obligation]| pair[0].start == pair[1].start && pair[0].due == pair[1].due;
    if let [first, ..] = group
        && let Some(start) = first.start
        && group.windows(2).all(same)
    {
        let end = context.time_of_due(&first.due);
        parts.push(Part::Span(context.time_of(start).min(end), end));
    }
    for one in group {
        let end = context.time_of_due(&one.due);
        let at = one.met_at.map(|moment| context.time_of(moment));
        match (one.status, at) {
            (Status::Met, Some(at)) => {
                met += 1;
                parts.push(Part::Met(at.min(end)));
            }
            (Status::MetLate, Some(at)) => {
                parts.push(Part::Late(end, at.max(end)));
                parts.push(Part::MetLate(at.max(end)));
            }
            (Status::Overdue, _) => parts.push(Part::Late(end, now.max(end))),
            (Status::Missed, _) => parts.push(Part::Missed(end)),
            _ => {}
        }
        judged += usize::from(!matches!(one.status, Status::Pending | Status::DueSoon));
        if parts.last() != Some(&Part::Due(end)) {
            parts.push(Part::Due(end));
        }
    }
    let worst = group.iter().min_by_key(|one| one.status);
    let tone = worst.map_or("", |worst| context.tone(worst));
    let days = group.iter().map(|one| Moment::Date(one.due.date));
    let first = days.clone().min_by_key(|day| context.time_of(*day));
    let last = days.max_by_key(|day| context.time_of(*day));
    Track {
        label: group.first().map_or_else(String::new, |one| {
            context.text(&context.limit_of(one).label).to_owned()
        }),
        when: context.days_name(first, last),
        tone,
        state: worst.map_or_else(String::new, |_| context.tone_word(tone).to_owned()),
        note: context.words.filled(
            "site.chart.of_several",
            &[
                ("met", &met.to_string()),
                ("judged", &judged.to_string()),
                ("count", &group.len().to_string()),
            ],
        ),
        parts,
    }
}
