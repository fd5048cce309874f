//! The whole past in one walk: every commit, and what each did to which file.
//!
//! Which files were only moved is found here (see [`super::trail`]): git's own
//! search costs more than the walk.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::git::{Git, GitError};
use super::snapshot::Commit;
use super::walk::walk;
use super::walked::Walked;

/// What a commit did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was not there before.
    Added,
    /// It says something else.
    Changed,
    /// It lies elsewhere now, and may say something else.
    Moved,
    /// It is gone.
    Deleted,
}

impl Did {
    /// The name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Did::Added => "added",
            Did::Changed => "changed",
            Did::Moved => "moved",
            Did::Deleted => "deleted",
        }
    }
}

/// A commit's change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Index of the commit in [`Log::commits`].
    pub commit: usize,
    /// The file, by its path from the root.
    pub path: Arc<str>,
    /// What was done to it.
    pub did: Did,
    /// The path that it had before it was moved.
    pub from: Option<Arc<str>>,
    /// The objects that held what it said: one; of a merge that made something
    /// else of it than any of its parents had, one for each parent. Zeros where
    /// it was not there.
    pub before: Box<[Arc<str>]>,
    /// The object that holds what it says now; zeros when it is gone.
    pub object: Arc<str>,
}

/// All that was committed up to `HEAD`, newest first.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The commits, newest first, none before the ones that rest on it.
    pub commits: Vec<Commit>,
    /// Their first lines, in the same order.
    pub subjects: Vec<String>,
    /// What they did, in the same order. A merge did what none of its parents
    /// says: conflicts settled, and edits made on the way.
    pub changes: Vec<Change>,
    /// Whether the clone is shallow: what came before its oldest commits is
    /// unknown, and what those did is left out.
    pub shallow: bool,
    /// Indexes of each file's changes, by the path it has there.
    pub(super) of_path: HashMap<Arc<str>, Vec<usize>>,
    /// Indexes of the changes that moved a file away, by the path it had before.
    pub(super) left: HashMap<Arc<str>, Vec<usize>>,
}

impl Log {
    /// The past of the files at `root`. Empty where there is no git, no
    /// repository or no commit.
    pub fn read(root: &Path) -> Result<Log, GitError> {
        let git = match Git::open(root) {
            Ok(git) => git,
            Err(GitError::Missing | GitError::NoRepository) => return Ok(Log::default()),
            Err(error) => return Err(error),
        };
        Log::of(&git)
    }

    /// The past of a work tree that was found. Empty before the first commit.
    pub fn of(git: &Git) -> Result<Log, GitError> {
        match git.commit_id("HEAD") {
            Ok(head) => Log::up_to(git, &head),
            Err(_) => Ok(Log::default()),
        }
    }

    /// The past up to a commit, by its full name. Only commits are walked that
    /// were not walked before.
    pub fn up_to(git: &Git, commit: &str) -> Result<Log, GitError> {
        let boundary = git.shallow_commits()?;
        if !boundary.is_empty() {
            // what its oldest commits did changes when more is fetched
            let ids = git.rest_of(commit)?;
            let ids: Vec<&str> = ids.lines().collect();
            return Ok(walk(git, &ids, &boundary)?.indexed());
        }
        let walked = Walked::read(git);
        Ok(match walked.is_up_to(commit) {
            true => walked.current(),
            false => walked.up_to(git, &git.rest_of(commit)?)?,
        }
        .indexed())
    }

    /// With what finds a file's changes.
    fn indexed(mut self) -> Log {
        for (index, change) in self.changes.iter().enumerate() {
            let of_path = self.of_path.entry(change.path.clone()).or_default();
            of_path.push(index);
            if let Some(from) = &change.from {
                self.left.entry(from.clone()).or_default().push(index);
            }
        }
        self
    }

    /// The commit that last changed a file; none when no known commit did.
    pub fn last_change(&self, path: &str) -> Option<&Commit> {
        self.commits.get(self.newest(path)?.commit)
    }

    /// The last change of a file; none when no known commit changed it.
    pub fn newest(&self, path: &str) -> Option<&Change> {
        Some(&self.changes[*self.of_path.get(path)?.first()?])
    }
}

/// Whether git names no object: it writes zeros then.
pub fn is_nothing(object: &str) -> bool {
    object.bytes().all(|byte| byte == b'0')
}
