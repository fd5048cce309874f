//! What a change does to one matter.

use super::duties::{Duty, duties};
use crate::change::{Change, Comparison, Pair, Version, compare};
use crate::check::Checker;
use crate::definition::Transition;
use crate::finding::Finding;
use crate::outlook::Outlook;

/// A matter that differs between the two sides.
pub struct Matter<'r> {
    /// The record in each register, by index.
    pub pair: Pair,
    /// What it was; none when it is new.
    pub before: Option<Version<'r>>,
    /// What it is; none when its file is gone.
    pub after: Option<Version<'r>>,
    /// What it says otherwise, part by part; nothing of a new or deleted one.
    pub changes: Vec<Change<'r>>,
    /// What the change does to what is owed in it.
    pub duties: Vec<Duty>,
    /// The steps it can take next, and what it lacks for each.
    pub next: Vec<Next<'r>>,
}

/// A step that a matter can take.
pub struct Next<'r> {
    /// The step.
    pub transition: &'r Transition,
    /// What is missing for it.
    pub missing: Vec<Finding>,
}

impl<'r> Matter<'r> {
    pub(super) fn new(
        comparison: &Comparison<'r>,
        pair: Pair,
        before: &Outlook<'_>,
        after: &Outlook<'_>,
        checker: &Checker<'_>,
    ) -> Self {
        let (old, new) = comparison.versions(pair);
        Matter {
            pair,
            before: old,
            after: new,
            changes: match (old, new) {
                (Some(old), Some(new)) => compare(old, new),
                _ => Vec::new(),
            },
            duties: duties(before, after, pair),
            next: new.map_or_else(Vec::new, |version| next(version, checker)),
        }
    }

    /// The newer version, else the one that is gone.
    pub fn version(&self) -> Option<Version<'r>> {
        self.after.or(self.before)
    }

    /// Whether anything differs that a reader would call a difference.
    pub fn says_otherwise(&self) -> bool {
        self.before.is_none() || self.after.is_none() || !self.changes.is_empty()
    }
}

fn next<'r>(version: Version<'r>, checker: &Checker<'_>) -> Vec<Next<'r>> {
    let kind = version.register.kind_of(version.record);
    let here = version.record.state.value;
    kind.transitions
        .iter()
        .filter(|transition| transition.from.contains(&here))
        // what leads off the path asks for a reason, not for work
        .filter(|transition| !kind.states[transition.to].aside)
        .map(|transition| Next {
            transition,
            missing: checker.missing_for(version.record, transition.to),
        })
        .collect()
}
