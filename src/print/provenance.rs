//! Which version of its record a paper shows.

use std::path::Path;

use crate::history::{Commit, GitError, Log, Snapshot};

/// What git says of the records' files; read once, for all papers.
#[derive(Debug, Default)]
pub struct Provenance {
    log: Log,
    snapshot: Snapshot,
}

/// The version of a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Version<'p> {
    /// The commit that changed it last. Not the newest of all: that would set
    /// every paper again after every commit. None without git, in a shallow
    /// clone that does not reach so far, and before the first commit of it.
    pub commit: Option<&'p Commit>,
    /// Whether it says something else now.
    pub edited: bool,
}

impl Provenance {
    /// What was read of the same repository.
    pub fn new(log: Log, snapshot: Snapshot) -> Self {
        Provenance { log, snapshot }
    }

    /// Reads it, in two calls of git however many files there are. Knows
    /// nothing where there is no git or no repository.
    pub fn read(root: &Path) -> Result<Self, GitError> {
        Ok(Provenance {
            log: Log::read(root)?,
            snapshot: Snapshot::read(root)?,
        })
    }

    /// The version of a file, by its path from the root.
    pub fn of(&self, path: &str) -> Version<'_> {
        Version {
            commit: self.log.last_change(path),
            edited: self.snapshot.is_edited(path),
        }
    }
}
