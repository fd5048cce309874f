//! A matter that differs between two versions, as the rules of change look at it.

use std::collections::HashMap;

use super::Circumstances;
use crate::change::{Change, Comparison, Pair, Part, Spot, Told, Version, compare};
use crate::definition::Kind;
use crate::finding::{Place, Span};
use crate::record::{Cell, Value};
use crate::register::Register;
use crate::text::{Language, Text};

/// The numbers that changed, old to new.
pub(super) type Renumbered<'r> = HashMap<&'r str, &'r str>;

pub(super) fn renumbered<'r>(comparison: &Comparison<'r>) -> Renumbered<'r> {
    let versions = comparison
        .pairs
        .iter()
        .map(|pair| comparison.versions(*pair));
    versions
        .filter_map(|(old, new)| Some((&*old?.record.id.value, &*new?.record.id.value)))
        .filter(|(old, new)| old != new)
        .collect()
}

/// A record that is new, gone, or says something else.
pub struct ChangedMatter<'r> {
    /// What it was; none when it is new.
    pub before: Option<Version<'r>>,
    /// What it is; none when it is gone.
    pub after: Option<Version<'r>>,
    /// What it says otherwise, without references to records that only have
    /// another number now.
    pub changes: Vec<Change<'r>>,
    /// The newer register, also where the record is gone.
    pub register: &'r Register,
    /// What was asked beforehand.
    pub circumstances: &'r Circumstances,
}

impl<'r> ChangedMatter<'r> {
    pub(super) fn new(
        comparison: &Comparison<'r>,
        pair: Pair,
        renumbered: &Renumbered<'_>,
        circumstances: &'r Circumstances,
    ) -> Self {
        let (before, after) = comparison.versions(pair);
        let mut changes = match (before, after) {
            // of what could not be parsed nobody knows what it says
            (Some(old), Some(new)) if new.record.broken.is_empty() => compare(old, new),
            _ => Vec::new(),
        };
        changes.retain(|change| !only_renumbered(change, renumbered));
        ChangedMatter {
            before,
            after,
            changes,
            register: comparison.after,
            circumstances,
        }
    }

    /// The place to say that a record is gone at: its file is no more, and the
    /// settings are the repository's own.
    pub(super) fn place_of_gone(&self) -> Place {
        self.register.settings.place
    }

    /// The record that was deleted; none while its file is there and only
    /// cannot be read.
    pub(super) fn deleted(&self) -> Option<Version<'r>> {
        let before = self.before.filter(|_| self.after.is_none())?;
        let path = &before.register.sources.file(before.record.file).path;
        let mut files = self.register.sources.iter();
        files.all(|(_, file)| file.path != *path).then_some(before)
    }

    /// Where the matter stood and stands, as indexes of the newer kind's states;
    /// none where one of them is no state of it.
    pub(super) fn states(&self) -> Option<(&'r Kind, usize, usize)> {
        let (before, after) = (self.before?, self.after?);
        let kind = after.register.kind_of(after.record);
        let old = before.state();
        if !is_written(before) || !is_written(after) {
            return None;
        }
        let from = kind.states.iter().position(|state| state.id == old.id)?;
        Some((kind, from, after.record.state.value))
    }

    /// Where a change shows in the newer version: what it says now, else the
    /// row or section that it is gone from.
    pub(super) fn place(&self, after: Version<'r>, change: &Change<'r>) -> Place {
        let told = change.after.map(|told| told.span());
        let span = told.filter(|span| *span != Span::default());
        let span = span.or_else(|| match change.part {
            Part::Section(spot) => around(after, spot),
            _ => None,
        });
        after.place(span.unwrap_or(after.record.id.span))
    }
}

/// Whether the state that a record was given is one of its kind's: another
/// name has been said, and counts as the first.
fn is_written(version: Version<'_>) -> bool {
    let sources = &version.register.sources;
    let words = sources.words(version.place(version.record.state.span));
    words.trim_matches(['"', '\'']) == &*version.state().id
}

/// The row or the section that something is gone from.
fn around(after: Version<'_>, spot: Spot<'_>) -> Option<Span> {
    let kind = after.register.kind_of(after.record);
    let section = kind.section(&spot.section.id)?;
    let rows = after.record.section(section);
    let row = spot.row.and_then(|at| at.after).unwrap_or(0);
    Some(rows.get(row).or(rows.last())?.span)
}

/// What a change is about, in both languages: section and field; none of the
/// record's head.
pub(super) fn what(change: &Change<'_>) -> Option<Text> {
    let Part::Section(spot) = change.part else {
        return None;
    };
    let labels = [
        Some(&spot.section.label),
        spot.field.map(|field| &field.label),
        spot.column.map(|column| &column.label),
    ];
    let [zh, en] = [Language::Chinese, Language::English].map(|language| {
        let labels: Vec<&str> = labels
            .iter()
            .flatten()
            .map(|label| label.get(language))
            .collect();
        labels.join(" / ")
    });
    Some(Text::new(zh, en))
}

fn only_renumbered(change: &Change<'_>, renumbered: &Renumbered<'_>) -> bool {
    let (Some(before), Some(after)) = (change.before, change.after) else {
        return false;
    };
    let (Some(old), Some(new)) = (numbers(before), numbers(after)) else {
        return false;
    };
    let mut old: Vec<&str> = old
        .into_iter()
        .map(|number| renumbered.get(number).copied().unwrap_or(number))
        .collect();
    let mut new = new;
    old.sort_unstable();
    new.sort_unstable();
    old == new
}

/// The numbers of records that something names; none when it names none.
pub(super) fn numbers(told: Told<'_>) -> Option<Vec<&str>> {
    match told {
        Told::Numbers(all) => Some(all.iter().map(|at| &*at.value).collect()),
        Told::Cell(_, cell) => match &cell.value {
            Value::Many(items) => items.iter().map(reference).collect(),
            _ => Some(vec![reference(cell)?]),
        },
        _ => None,
    }
}

fn reference(cell: &Cell) -> Option<&str> {
    match &cell.value {
        Value::Reference(number) => Some(number),
        _ => None,
    }
}
