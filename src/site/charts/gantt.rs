//! Milestones and tasks on one axis of time with today's line: what a record,
//! a meeting or a project has promised by which day.
//!
//! Which rows are promises is told by definitions alone: rows of a section
//! with a `commitment`, and rows whose own date is a limit.

use super::tracks::{Part, Track, TracksView, lay_out};
use crate::calendar::{Due, Moment};
use crate::definition::LimitStart;
use crate::outlook::{Action, ActionStatus, Obligation, Status};
use crate::record::RowRef;
use crate::site::context::Context;

/// More lines than this are no picture any more.
const MOST: usize = 60;

/// The plan of several records, each a group under its number and title, for
/// a page at this depth (`root` leads up from it). `id` is unique on the page.
/// What has ended is left out first when there is too much. None when nothing
/// is promised by any day.
pub(in crate::site) fn gantt(
    context: &Context<'_>,
    id: &'static str,
    records: &[usize],
    root: &str,
) -> Option<TracksView> {
    let mut open = false;
    let (under_way, ended): (Vec<usize>, Vec<usize>) = records
        .iter()
        .copied()
        .filter(|record| context.outlook.sees(*record))
        .partition(|record| !context.outlook.phase(*record).ended());
    let mut room = MOST;
    let mut groups = Vec::new();
    for record in under_way.into_iter().chain(ended) {
        let mut tracks = promises(context, record);
        tracks.truncate(room);
        room -= tracks.len();
        if tracks.is_empty() {
            continue;
        }
        open |= !context.outlook.phase(record).ended();
        let of = &context.register.records[record];
        let mut label = context.record_link(&of.id.value, None, root);
        label.push(" ");
        label.push(of.heading());
        groups.push((label, tracks));
    }
    let now = open.then(|| context.time_of_now());
    let label: &str = context.word("site.chart.gantt");
    lay_out(context, id, label, groups, now)
}

/// The lines of a record's promises, by their day.
pub(super) fn promises(context: &Context<'_>, record: usize) -> Vec<Track> {
    let outlook = context.outlook;
    let obligations = outlook.obligations_of(record);
    let mut dated: Vec<(Due, Track)> = obligations
        .iter()
        .filter(|obligation| is_promise(context, obligation))
        .filter(|obligation| obligation.status != Status::Lapsed)
        .map(|obligation| (obligation.due, of_obligation(context, obligation)))
        .collect();
    for action in outlook.actions_of(record) {
        let owed = |obligation: &&Obligation| {
            obligation.row == Some(action.row)
                && section_of(context, obligation) == Some(action.section)
        };
        let known = obligations
            .iter()
            .filter(|owed| is_promise(context, owed))
            .find(owed);
        if let (None, Some(due)) = (known, action.due)
            && action.status != ActionStatus::Dropped
        {
            dated.push((due, of_action(context, action, due)));
        }
    }
    dated.sort_by_key(|(due, _)| due.instant);
    dated.into_iter().map(|(_, track)| track).collect()
}

/// Whether it is owed by a date that the row itself gives.
pub(super) fn is_promise(context: &Context<'_>, obligation: &Obligation) -> bool {
    let limit = context.limit_of(obligation);
    let LimitStart::Due(path) = &limit.start else {
        return false;
    };
    let own = limit.each.as_ref().is_some_and(|rows| {
        rows.field.is_none()
            && path
                .cell()
                .is_some_and(|(section, _, _)| section == rows.section)
    });
    own && obligation.row.is_some()
}

fn section_of(context: &Context<'_>, obligation: &Obligation) -> Option<usize> {
    context
        .limit_of(obligation)
        .each
        .as_ref()
        .map(|rows| rows.section)
}

fn of_obligation(context: &Context<'_>, obligation: &Obligation) -> Track {
    let tone = context.tone(obligation);
    let label = context
        .display
        .duty_what(obligation)
        .unwrap_or_else(|| context.text(&context.limit_of(obligation).label));
    let start = section_of(context, obligation)
        .and_then(|section| start_of(context, obligation.record, section, obligation.row?));
    Track {
        label: label.to_owned(),
        tone,
        state: context.tone_word(tone).to_owned(),
        ..promise(
            context,
            start,
            obligation.due,
            obligation.met_at,
            obligation.status.is_open(),
        )
    }
}

fn of_action(context: &Context<'_>, action: &Action, due: Due) -> Track {
    let tone = match action.status {
        ActionStatus::Overdue => "overdue",
        ActionStatus::DueSoon => "soon",
        ActionStatus::Open => "pending",
        ActionStatus::DoneLate => "met-late",
        ActionStatus::Done => "met",
        ActionStatus::Dropped => "lapsed",
    };
    let record = &context.register.records[action.record];
    let section = &context.register.kind_of(record).sections[action.section];
    let what = section
        .commitment
        .as_ref()
        .map(|commitment| commitment.what);
    let row = record.section(action.section).get(action.row);
    let label = what
        .and_then(|what| row?.get(what)?.value.text())
        .and_then(|text| text.lines().next())
        .unwrap_or_else(|| context.text(&section.label));
    let start = start_of(context, action.record, action.section, action.row);
    Track {
        label: label.to_owned(),
        tone,
        state: context.tone_word(tone).to_owned(),
        ..promise(context, start, due, action.done, action.status.is_open())
    }
}

/// When the work of a row began, where its definition keeps that.
fn start_of(context: &Context<'_>, record: usize, section: usize, row: usize) -> Option<Moment> {
    let record = &context.register.records[record];
    let definition = &context.register.kind_of(record).sections[section];
    let column = definition.commitment.as_ref()?.start?;
    RowRef::Row(record.section(section).get(row)?)
        .get(column)?
        .value
        .moment()
}

/// A promise as a line: the time there is where its beginning is known, the
/// day it ends, when it was kept or how far past its day it is.
pub(super) fn promise(
    context: &Context<'_>,
    start: Option<Moment>,
    due: Due,
    met: Option<Moment>,
    open: bool,
) -> Track {
    let end = context.time_of_due(&due);
    let now = context.time_of_now();
    let begun = start
        .map(|start| context.time_of(start))
        .filter(|begun| *begun < end);
    let mut parts = Vec::new();
    parts.extend(begun.map(|begun| Part::Span(begun, end)));
    match met {
        Some(moment) => {
            let at = context.time_of(moment);
            if let Some(begun) = begun
                && at > begun
            {
                parts.push(Part::Used(begun, at.min(end)));
            }
            if due.is_met_by(moment) {
                // an hour of the last day may lie after noon of the day itself
                parts.push(Part::Met(at.min(end)));
            } else {
                parts.push(Part::Late(end, at.max(end)));
                parts.push(Part::MetLate(at.max(end)));
            }
        }
        None if open => {
            if let Some(begun) = begun
                && now > begun
            {
                parts.push(Part::Used(begun, now.min(end)));
            }
            if now > end {
                parts.push(Part::Late(end, now));
            }
        }
        None => parts.push(Part::Missed(end)),
    }
    parts.push(Part::Due(end));
    Track {
        label: String::new(),
        when: context.days_name(start, Some(Moment::Date(due.date))),
        tone: "",
        state: String::new(),
        note: match met {
            Some(met) => context.dates.met(&due, met),
            None if open => context.dates.relative(&due),
            None => String::new(),
        },
        parts,
    }
}
