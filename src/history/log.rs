//! The whole past in one walk: every commit, and what each did to which file.
//!
//! A file's past is found by its path: git's own search for renames costs
//! more than the walk, and a record that moved keeps its number.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::git::{Git, GitError};
use super::snapshot::Commit;

/// What a commit did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was not there before.
    Added,
    /// It says something else.
    Changed,
    /// It is gone.
    Deleted,
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
    /// The object that holds what it says now; zeros when it is gone.
    pub object: Arc<str>,
}

/// All that was committed up to `HEAD`, newest first.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The commits, newest first.
    pub commits: Vec<Commit>,
    /// Their first lines, in the same order.
    pub subjects: Vec<String>,
    /// What they did, in the same order; merges did nothing themselves.
    pub changes: Vec<Change>,
    /// Whether the clone is shallow: what came before its oldest commits is
    /// unknown, and what those did is left out.
    pub shallow: bool,
    newest: HashMap<Arc<str>, usize>,
}

impl Log {
    /// Walks the past of the files at `root`. Empty where there is no git, no
    /// repository or no commit.
    pub fn read(root: &Path) -> Result<Log, GitError> {
        let git = match Git::open(root) {
            Ok(git) => git,
            Err(GitError::Missing | GitError::NoRepository) => return Ok(Log::default()),
            Err(error) => return Err(error),
        };
        Log::of(&git)
    }

    /// Walks the past of a work tree that was found. Empty before the first
    /// commit.
    pub fn of(git: &Git) -> Result<Log, GitError> {
        if git.commit_id("HEAD").is_err() {
            return Ok(Log::default());
        }
        let boundary = git.shallow_commits()?;
        let answer = git.run([
            "log",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--root",
            "--format=%x01%H%x00%an%x00%ae%x00%ct%x00%s%x00",
            "HEAD",
        ])?;
        let mut log = Log {
            shallow: !boundary.is_empty(),
            ..Log::default()
        };
        log.parse(&answer, |path| git.below_root(path), &boundary);
        for (index, change) in log.changes.iter().enumerate() {
            log.newest.entry(change.path.clone()).or_insert(index);
        }
        Ok(log)
    }

    /// The commit that last changed a file; none when no known commit did.
    pub fn last_change(&self, path: &str) -> Option<&Commit> {
        let change = &self.changes[*self.newest.get(path)?];
        self.commits.get(change.commit)
    }

    /// git's answer: a commit starts with U+0001 and has five fields; its
    /// changes follow, two fields each.
    fn parse<'a>(
        &mut self,
        answer: &'a [u8],
        below_root: impl Fn(&'a str) -> Option<&'a str>,
        boundary: &[String],
    ) {
        let mut fields = answer.split(|byte| *byte == 0);
        let mut known = true;
        while let Some(field) = fields.next() {
            let field = field.strip_prefix(b"\n").unwrap_or(field);
            if let Some(id) = field.strip_prefix(b"\x01") {
                let mut text = || String::from_utf8_lossy(fields.next().unwrap_or_default());
                let (author, email) = (text().into_owned(), text().into_owned());
                let seconds = text().parse().unwrap_or_default();
                self.subjects.push(text().into_owned());
                let id = String::from_utf8_lossy(id).into_owned();
                known = !boundary.contains(&id);
                self.commits.push(Commit {
                    id,
                    author,
                    email,
                    at: Timestamp::from_second(seconds).unwrap_or_default(),
                });
            } else if let Some(raw) = field.strip_prefix(b":") {
                let path = fields.next().unwrap_or_default();
                let (true, Ok(raw), Ok(path)) =
                    (known, std::str::from_utf8(raw), std::str::from_utf8(path))
                else {
                    continue;
                };
                // modes before and after, objects before and after, what was done
                let mut parts = raw.split(' ').skip(3);
                let object = parts.next().unwrap_or_default();
                let did = match parts.next() {
                    Some("A") => Did::Added,
                    Some("D") => Did::Deleted,
                    _ => Did::Changed,
                };
                if let Some(path) = below_root(path) {
                    self.changes.push(Change {
                        commit: self.commits.len().saturating_sub(1),
                        path: path.into(),
                        did,
                        object: object.into(),
                    });
                }
            }
        }
    }
}
