//! What is known of the versions of records, kept from one run to the next
//! ([`crate::history::kept`]) for the same definitions.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fact::Fact;
use super::head::Reading;
use crate::history::kept::{self, Names};
use crate::history::{Git, Log};

const FILE: &str = "versions";

/// The objects of two versions.
type Pair = (Arc<str>, Arc<str>);

/// What is known of the versions of records.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What each object says.
    pub versions: HashMap<Arc<str>, Reading>,
    /// What differs between two objects.
    pub facts: HashMap<Pair, Arc<[Fact]>>,
}

/// The file, with names once and numbers for them.
#[derive(Serialize, Deserialize)]
struct Kept {
    definitions: [u8; 32],
    names: Vec<String>,
    versions: Vec<(u32, Reading)>,
    facts: Vec<(u32, u32, Vec<Fact>)>,
}

/// What is kept of these definitions.
pub(super) fn read(git: &Git, definitions: [u8; 32]) -> Option<Known> {
    let kept: Kept = kept::read(git, FILE)?;
    if kept.definitions != definitions {
        return None;
    }
    let names: Vec<Arc<str>> = kept.names.iter().map(|name| Arc::from(&**name)).collect();
    let name = |index: u32| names.get(index as usize).cloned();
    let mut known = Known::default();
    for (object, reading) in kept.versions {
        known.versions.insert(name(object)?, reading);
    }
    for (before, after, facts) in kept.facts {
        let pair = (name(before)?, name(after)?);
        known.facts.insert(pair, facts.into());
    }
    Some(known)
}

/// Keeps what is known of the objects of a past.
pub(super) fn write(git: &Git, definitions: [u8; 32], log: &Log, known: &Known) {
    let mut names = Names::default();
    let mut versions = Vec::with_capacity(known.versions.len());
    let mut facts = Vec::with_capacity(known.facts.len());
    // in the order of the past: the same is written for the same
    for change in &log.changes {
        for object in change.before.iter().chain([&change.object]) {
            let (number, is_new) = names.number_of(object);
            if is_new && let Some(reading) = known.versions.get(object) {
                versions.push((number, reading.clone()));
            }
        }
    }
    for ((old, new), found) in &known.facts {
        if let (Some(old), Some(new)) = (names.find(old), names.find(new)) {
            facts.push((old, new, found.to_vec()));
        }
    }
    facts.sort_by_key(|(before, after, _)| (*before, *after));
    let kept = Kept {
        definitions,
        names: names.into_all(),
        versions,
        facts,
    };
    kept::write(git, FILE, &kept);
}
