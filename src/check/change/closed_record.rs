//! What has ended stays as it was: it is reopened with a reason, or its next
//! step adds to it.

use std::collections::BTreeSet;

use super::matter::{ChangedMatter, numbers, what};
use super::state_transition::is_way;
use crate::change::{Change, Part, Told, Version};
use crate::definition::{FieldType, Kind};
use crate::finding::Finding;
use crate::record::{Row, Value};

const RULE: &str = "closed-record";

pub(in crate::check) fn check(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let Some(before) = matter.before.filter(|before| before.state().phase.ended()) else {
        return;
    };
    if let Some(gone) = matter.deleted() {
        found.push(
            Finding::error(RULE, matter.place_of_gone())
                .message("deleted")
                .with("id", &*gone.record.id.value)
                .with("state", &gone.state().label),
        );
        return;
    }
    let (Some((kind, from, to)), Some(after)) = (matter.states(), matter.after) else {
        return;
    };
    if !kind.states[to].phase.ended() {
        // a move that no transition allows has been said
        if is_way(kind, from, to) && !matter.changes.iter().any(gives_reason) {
            found.push(
                Finding::error(RULE, after.place(after.record.state.span))
                    .message("no-reason")
                    .with("from", &kind.states[from].label)
                    .with("to", &kind.states[to].label),
            );
        }
        return;
    }
    let grows = from != to || leads_on(kind, from);
    let wrong: Vec<&Change<'_>> = matter
        .changes
        .iter()
        .filter(|change| !(is_bookkeeping(change) || grows && is_addition(change)))
        .collect();
    let Some(first) = wrong.first() else {
        return;
    };
    found.push(finding(matter, (before, after), kind, from, first, &wrong));
}

fn finding<'r>(
    matter: &ChangedMatter<'r>,
    (before, after): (Version<'r>, Version<'r>),
    kind: &Kind,
    from: usize,
    first: &Change<'r>,
    wrong: &[&Change<'r>],
) -> Finding {
    let reopened: BTreeSet<usize> = kind
        .transitions
        .iter()
        .filter(|transition| transition.from.contains(&from))
        .map(|transition| transition.to)
        .filter(|to| !kind.states[*to].phase.ended())
        .collect();
    let mut finding = Finding::error(RULE, matter.place(after, first))
        .with("state", &before.state().label)
        .with("count", wrong.len());
    finding = match (what(first), reopened.is_empty()) {
        (Some(what), true) => finding.with("what", what),
        (Some(what), false) => finding
            .message("reopen")
            .with("what", what)
            .with("known", super::state_transition::listed(kind, &reopened)),
        (None, _) => finding.message("head"),
    };
    for change in wrong.iter().skip(1).take(SHOWN) {
        finding = finding.related(matter.place(after, change));
    }
    finding
}

/// How many further places a finding names.
const SHOWN: usize = 5;

/// Whether a step on the main path lies ahead: an archive's, mostly.
fn leads_on(kind: &Kind, from: usize) -> bool {
    kind.transitions
        .iter()
        .any(|transition| transition.from.contains(&from) && !kind.states[transition.to].aside)
}

/// What says nothing about the matter itself: its state, of which the rule of
/// transitions tells, its number, and further records it has to do with.
fn is_bookkeeping(change: &Change<'_>) -> bool {
    match change.part {
        Part::State | Part::Number => true,
        Part::Related => {
            let known = |told: Option<Told<'_>>| match told {
                Some(told) => numbers(told).unwrap_or_default().len(),
                None => 0,
            };
            known(change.after) > known(change.before)
        }
        _ => false,
    }
}

fn is_addition(change: &Change<'_>) -> bool {
    matches!(change.part, Part::Section(_)) && change.before.is_none()
}

/// Whether a change writes a text where there was none.
fn gives_reason(change: &Change<'_>) -> bool {
    if change.before.is_some() {
        return false;
    }
    match change.after {
        Some(Told::Cell(field, cell)) => match &cell.value {
            Value::Rows(rows) => rows.iter().any(|row| says_something(field.columns(), row)),
            Value::Text(text) => !text.trim().is_empty() && is_prose(&field.kind),
            _ => false,
        },
        Some(Told::Row(fields, row)) => says_something(fields, row),
        _ => false,
    }
}

fn says_something(fields: &[crate::definition::Field], row: &Row) -> bool {
    fields.iter().enumerate().any(|(index, field)| {
        let text = row.get(index).and_then(|cell| cell.value.text());
        is_prose(&field.kind) && text.is_some_and(|text| !text.trim().is_empty())
    })
}

fn is_prose(kind: &FieldType) -> bool {
    matches!(kind, FieldType::Text { .. } | FieldType::Markdown)
}
