//! Which commit the files are of.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use super::git::{Git, GitError};

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its full name.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// Their mail address.
    pub email: String,
    /// When it was made.
    pub at: Timestamp,
}

impl Commit {
    /// The first characters of its name: what people read out and paper shows.
    pub fn short(&self) -> &str {
        self.id.get(..SHORT).unwrap_or(&self.id)
    }
}

/// Length of a short name: of 10,000 commits hardly two begin alike.
const SHORT: usize = 9;

/// The state of the files, read once at the edge: the commit they are of, and
/// which of them have been edited since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The commit; none without git or before the first one.
    pub commit: Option<Commit>,
    edited: BTreeSet<String>,
}

impl Snapshot {
    /// The snapshot of the files at `root`; one without a commit where there
    /// is no git, no repository or no commit yet.
    pub fn read(root: &Path) -> Result<Snapshot, GitError> {
        let git = match Git::open(root) {
            Ok(git) => git,
            Err(GitError::Missing | GitError::NoRepository) => return Ok(Snapshot::default()),
            Err(error) => return Err(error),
        };
        let Ok(id) = git.commit_id("HEAD") else {
            return Ok(Snapshot::default());
        };
        let answer = git.run(["log", "-1", "--format=%an%x00%ae%x00%ct", &id])?;
        let answer = String::from_utf8_lossy(&answer);
        let mut parts = answer.trim_end().split('\0').map(str::to_owned);
        let author = parts.next().unwrap_or_default();
        let email = parts.next().unwrap_or_default();
        let at = parts
            .next()
            .and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok())
            .unwrap_or_default();
        Ok(Snapshot {
            commit: Some(Commit {
                id,
                author,
                email,
                at,
            }),
            edited: git.edited()?,
        })
    }

    /// Whether a file, by its path from the root, says something else than it
    /// did in the commit.
    pub fn is_edited(&self, path: &str) -> bool {
        self.edited.contains(path)
    }

    /// Whether any file does.
    pub fn has_edits(&self) -> bool {
        !self.edited.is_empty()
    }
}
