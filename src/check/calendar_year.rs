//! D4: every year that a limit is counted through has its table of holidays.
//! Weekends are never taken for it.

use super::progress::moment_at;
use super::registry::Scope;
use crate::calendar::{CalendarError, Length};
use crate::definition::{LimitStart, Phase};
use crate::finding::{Finding, Level, Span};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    if scope.phase() == Phase::Void {
        return;
    }
    let mut said: Vec<i16> = Vec::new();
    let calendar = &scope.register.calendar;
    let newest = calendar.holidays().years().map(|(year, _)| year).max();
    let next = newest.map(|year| year.saturating_add(1));
    let mut report = |year: i16, span: Span, level: Level, message: &'static str| {
        if said.contains(&year) {
            return;
        }
        said.push(year);
        found.push(
            Finding::error("calendar-year", scope.record.place(span))
                .level(level)
                .message(message)
                .clause(Some("TZ-D4".into()))
                .with("year", year.to_string())
                .with("file", format!("templates/calendar/{year}.toml")),
        );
    };
    for limit in &scope.kind.limits {
        match &limit.start {
            LimitStart::Event(path) => {
                let mut length = None;
                for event in scope.record.find(path) {
                    let Some(at) = moment_at(event.cell, path) else {
                        continue;
                    };
                    let length = length.get_or_insert_with(|| length_of(scope, &limit.id));
                    let due = length.as_ref().map(|length| calendar.add(at, length));
                    if let Some(Err(CalendarError::MissingYear(missing))) = due {
                        report(missing.year, event.cell.span, Level::Error, "plain");
                    }
                }
            }
            // the day stands in the record: only the days until then cannot be
            // counted, and nobody can have the table of a year further ahead
            LimitStart::Due(path) => {
                for event in scope.record.find(path) {
                    let at = moment_at(event.cell, path);
                    if let Some(Err(missing)) = at.map(|at| calendar.day(calendar.date(at)))
                        && Some(missing.year) == next
                    {
                        report(missing.year, event.cell.span, Level::Warning, "due");
                    }
                }
            }
        }
    }
}

/// How long the profile makes the limit for a record of this priority; none
/// where it does not apply.
fn length_of(scope: &Scope<'_>, limit: &str) -> Option<Length> {
    let applied = scope.register.profile().limit(&scope.kind.id, limit)?;
    let priority = scope.record.priority.as_ref();
    let own = priority.and_then(|priority| applied.by_priority[priority.value as usize].as_ref());
    own.map(|(length, _)| *length).or(applied.length)
}
