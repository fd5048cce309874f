//! Which version of its record a paper shows.

use std::collections::BTreeSet;
use std::path::Path;

use crate::history::{Commit, Git, GitError, Log};
use crate::past::Past;

/// What git says of the records' files; read once, for all papers.
#[derive(Debug, Default)]
pub struct Provenance {
    log: Log,
    edited: BTreeSet<String>,
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
    /// Reads it, in a few calls of git however many files there are. Knows
    /// nothing where there is no git, no repository or no commit.
    pub fn read(root: &Path) -> Result<Self, GitError> {
        let git = match Git::open(root) {
            Ok(git) => git,
            Err(GitError::Missing | GitError::NoRepository) => return Ok(Provenance::default()),
            Err(error) => return Err(error),
        };
        let log = Log::of(&git)?;
        let edited = match log.commits.is_empty() {
            true => BTreeSet::new(),
            false => git.edited()?,
        };
        Ok(Provenance { log, edited })
    }

    /// The same, where what became of the records is known already.
    pub fn of_past(past: &Past) -> Self {
        Provenance {
            log: past.log().clone(),
            edited: past.edited().clone(),
        }
    }

    /// The walk that it rests on.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The files that say something else than in the newest commit.
    pub fn edited(&self) -> &BTreeSet<String> {
        &self.edited
    }

    /// The version of a file, by its path from the root.
    pub fn of(&self, path: &str) -> Version<'_> {
        Version {
            commit: self.log.last_change(path),
            edited: self.edited.contains(path),
        }
    }
}
