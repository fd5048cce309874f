//! Who may change a record, or a part of it, by its definition.

use std::sync::Arc;

use super::path::{Path, PathScope};
use crate::source::{Located, TableReader};

/// Somebody who may change it.
#[derive(Clone, Debug)]
pub enum MayChange {
    /// Everybody of the department whose record it is.
    Department,
    /// The head of that department.
    Head,
    /// The 分管领导 of that department.
    Leader,
    /// Who answers for the record.
    Responsible,
    /// Whom it concerns (`participants`), and their departments.
    Participants,
    /// The office that keeps the register.
    Office,
    /// Those whom a value of the record names: people, and everybody of the
    /// departments.
    Named(Path),
}

/// A name as it was written, and where: read with its section, understood when
/// all sections are known.
pub(super) type Written = Vec<(Arc<str>, crate::finding::Place)>;

/// The names under `changed_by`.
pub(super) fn read_written(reader: &TableReader<'_>) -> Option<Written> {
    let has = reader.has("changed_by");
    let names = reader.strings("changed_by").into_iter();
    let names = names.map(|name| (name.value.into(), name.place));
    has.then(|| names.collect())
}

/// What these names mean; one that leads nowhere is reported.
pub(super) fn resolve(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
    written: &Written,
) -> Vec<MayChange> {
    let one = |(name, place): &(Arc<str>, crate::finding::Place)| {
        Some(match &**name {
            "department" => MayChange::Department,
            "head" => MayChange::Head,
            "leader" => MayChange::Leader,
            "responsible" => MayChange::Responsible,
            "participants" => MayChange::Participants,
            "office" => MayChange::Office,
            path => {
                let found = Located {
                    value: path,
                    place: *place,
                };
                MayChange::Named(scope.path(reader, "changed_by", &found)?)
            }
        })
    };
    written.iter().filter_map(one).collect()
}
