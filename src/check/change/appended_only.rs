//! What happened stays written: notes of progress and events are appended, not
//! rewritten or taken out, once the matter has left its draft.

use std::cmp::Ordering;

use super::matter::{ChangedMatter, what};
use crate::change::{Change, Part, Spot, Told, Version};
use crate::definition::{Field, Kind, Phase};
use crate::finding::{Finding, Level};
use crate::record::{Row, Value};

const RULE: &str = "appended-only";

pub(in crate::check) fn check(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let Some(before) = matter.before else {
        return;
    };
    let phase = before.state().phase;
    if phase == Phase::Draft {
        return;
    }
    // of a record that has ended its own rule tells
    if let Some(gone) = matter.deleted().filter(|_| !phase.ended()) {
        found.push(
            Finding::error(RULE, matter.place_of_gone())
                .message("deleted")
                .with("id", &*gone.record.id.value)
                .with("state", &gone.state().label),
        );
    }
    let (Some(after), Some((kind, from, to))) = (matter.after, matter.states()) else {
        return;
    };
    if phase.ended() && kind.states[to].phase.ended() {
        return;
    }
    let reached = kind.states[from].rank.min(kind.states[to].rank);
    // a mistake is put right where everybody sees it: with a note that says so
    let level = match matter.changes.iter().any(is_note) {
        true => Level::Note,
        false => Level::Error,
    };
    for change in &matter.changes {
        let Part::Section(spot) = change.part else {
            continue;
        };
        let Some(told) = change.before else { continue };
        let unread = matches!(change.after, Some(Told::Cell(_, cell)) if matches!(cell.value, Value::Invalid));
        let is_log = spot.section.log.is_some();
        let is_kept = is_log
            || match told {
                Told::Cell(field, cell) => {
                    is_past(matter, before, cell.value.moment(), field)
                        && !lies_ahead(kind, spot, reached)
                }
                Told::Row(fields, row) => has_event(matter, before, fields, row),
                _ => false,
            };
        if unread || !is_kept {
            continue;
        }
        let message = match (is_log, change.after.is_some()) {
            (true, true) => "note-rewritten",
            (true, false) => "note-removed",
            (false, true) => "plain",
            (false, false) => "removed",
        };
        let finding = Finding::error(RULE, matter.place(after, change))
            .level(level)
            .message(message);
        let was = match told {
            Told::Cell(_, cell) => before.register.sources.words(before.place(cell.span)),
            _ => "",
        };
        found.push(
            finding
                .with("what", what(change).unwrap_or_default())
                .with("was", first_line(was)),
        );
    }
}

/// The first line of some source, no longer than one can read in a message.
fn first_line(words: &str) -> String {
    let words = words.trim_matches(['"', '\'', '\n', '\r']);
    let line = words.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// How many characters of what stood there a message shows.
const LONGEST: usize = 40;

/// Whether a change appends a note of progress.
fn is_note(change: &Change<'_>) -> bool {
    let Part::Section(spot) = change.part else {
        return false;
    };
    spot.section.log.is_some() && change.before.is_none() && spot.field.is_none()
}

/// Whether a field tells of something that has happened: what is dated ahead is
/// a plan, and plans change.
fn is_past(
    matter: &ChangedMatter<'_>,
    before: Version<'_>,
    at: Option<crate::calendar::Moment>,
    field: &Field,
) -> bool {
    let Some(at) = at.filter(|_| field.event) else {
        return false;
    };
    let calendar = &before.register.calendar;
    let today = calendar.local(matter.circumstances.as_of).date();
    calendar.date(at).cmp(&today) != Ordering::Greater
}

fn has_event(matter: &ChangedMatter<'_>, before: Version<'_>, fields: &[Field], row: &Row) -> bool {
    fields.iter().enumerate().any(|(index, field)| {
        let at = row.get(index).and_then(|cell| cell.value.moment());
        is_past(matter, before, at, field)
    })
}

/// Whether an event is how a state is entered that the matter does not stand in
/// yet, or does not any more: sent back, it enters it again.
fn lies_ahead(kind: &Kind, spot: Spot<'_>, reached: usize) -> bool {
    kind.states
        .iter()
        .filter(|state| state.rank > reached)
        .filter_map(|state| state.entered.as_ref()?.cell())
        .any(|(section, field, column)| {
            let section = &kind.sections[section];
            let entered = &section.fields[field];
            let column = column.map(|column| &entered.columns()[column].id);
            section.id == spot.section.id
                && spot.field.is_some_and(|field| field.id == entered.id)
                && spot.column.map(|column| &column.id) == column
        })
}
