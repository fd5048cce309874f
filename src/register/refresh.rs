//! A repository of which little has changed since it was loaded: only those
//! files are read again.
//!
//! Invariant: a refreshed register is the one that loading would give, in
//! every record, number, index and finding.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::load::{Loaded, ORGANISATION, RECORDS};
use crate::source::{Tree, Walked};

/// What it took to know what files say now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// They say what they said.
    Same,
    /// Records changed, and were read.
    Records,
    /// What all records rest on may have changed: nothing was read, the
    /// repository has to be loaded.
    Everything,
}

impl Loaded {
    /// Takes in that these paths, from the root of a folder, have changed, have
    /// come or are gone.
    pub fn refresh(&mut self, tree: &Tree, changed: &BTreeSet<String>) -> Refresh {
        if changed.is_empty() {
            return Refresh::Same;
        }
        if self.is_entangled() {
            return Refresh::Everything;
        }
        let mut changes: BTreeMap<String, Option<Walked>> = BTreeMap::new();
        for path in changed {
            match self.look(tree, path) {
                Ok(Some((path, walked))) => {
                    changes.insert(path, walked);
                }
                Ok(None) => {}
                Err(Unclear) => return Refresh::Everything,
            }
        }
        if changes.is_empty() {
            return Refresh::Same;
        }
        self.take_changes(changes);
        Refresh::Records
    }

    /// What a path holds now; nothing where it is no record's or says what it
    /// said.
    fn look(&self, tree: &Tree, path: &str) -> Result<Option<(String, Option<Walked>)>, Unclear> {
        let Some(below) = path.strip_prefix(RECORDS).and_then(|p| p.strip_prefix('/')) else {
            return Err(Unclear);
        };
        let hidden = below.split('/').any(|part| part.starts_with('.'));
        if hidden {
            return Ok(None);
        }
        let linked = tree.has_link(path);
        let folder = tree.is_folder(path) || self.has_folder(path);
        if linked || folder || path.starts_with(ORGANISATION) {
            return Err(Unclear);
        }
        if Path::new(path).extension().is_none_or(|end| end != "toml") {
            return Ok(None);
        }
        let walked = tree.read_file(path);
        let same = self.says(path, walked.as_ref());
        Ok((!same).then(|| (path.to_owned(), walked)))
    }
}

/// One cannot tell what a path has to do with records.
struct Unclear;
