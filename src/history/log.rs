//! The whole past in one walk: every commit, and what each did to which file.
//!
//! Which files were only moved is found here (see [`super::trail`]): git's own
//! search costs more than the walk.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::git::{Git, GitError};
use super::snapshot::Commit;
use super::trail;

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
        Log::continued(git, Log::default())
    }

    /// The same from a past that was known: only what is newer is walked, where
    /// what was known still leads here.
    pub fn continued(git: &Git, known: Log) -> Result<Log, GitError> {
        let Ok(head) = git.commit_id("HEAD") else {
            return Ok(Log::default());
        };
        let boundary = git.shallow_commits()?;
        let last = known.commits.first().filter(|_| boundary.is_empty());
        let newer = match last {
            Some(last) if last.id == head => Some(Log::default()),
            Some(last) if git.leads_to(&last.id, &head)? => {
                let newer = Log::walk(git, &format!("{}..{head}", last.id), &[])?;
                // older commits that a merge brought stand among those known
                let older = newer.commits.iter().any(|commit| commit.at < last.at);
                (!older).then_some(newer)
            }
            _ => None,
        };
        let log = match newer {
            Some(newer) => newer.before(known),
            None => Log::walk(git, &head, &boundary)?,
        };
        Ok(log.indexed())
    }

    /// Walks the past up to a commit, by its full name.
    pub fn up_to(git: &Git, commit: &str) -> Result<Log, GitError> {
        Ok(Log::walk(git, commit, &git.shallow_commits()?)?.indexed())
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

    fn walk(git: &Git, range: &str, boundary: &[String]) -> Result<Log, GitError> {
        let answer = git.run([
            "log",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--root",
            "--date-order",
            "--diff-merges=combined",
            "--format=%x01%H%x00%an%x00%ae%x00%ct%x00%s%x00",
            range,
        ])?;
        let mut log = Log {
            shallow: !boundary.is_empty(),
            ..Log::default()
        };
        log.parse(&answer, |path| git.below_root(path), boundary);
        trail::find_moves(&mut log.changes);
        trail::find_renumbered(git, &mut log)?;
        Ok(log)
    }

    /// These commits, and behind them those of an older log.
    fn before(mut self, older: Log) -> Log {
        let newer = self.commits.len();
        self.commits.extend(older.commits);
        self.subjects.extend(older.subjects);
        self.changes
            .extend(older.changes.into_iter().map(|change| Change {
                commit: change.commit + newer,
                ..change
            }));
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
                if let Some(path) = below_root(path) {
                    let commit = self.commits.len().saturating_sub(1);
                    self.changes.push(change(commit, path, raw));
                }
            }
        }
    }
}

/// One change as git says it behind the first colon: a further colon for each
/// further parent, then modes before and after, objects before and after, and
/// what was done.
fn change(commit: usize, path: &str, raw: &str) -> Change {
    let told = raw.trim_start_matches(':');
    let parents = raw.len() - told.len() + 1;
    let mut parts = told.split(' ').skip(parents + 1);
    let before: Box<[Arc<str>]> = parts.by_ref().take(parents).map(Arc::from).collect();
    let object: Arc<str> = parts.next().unwrap_or_default().into();
    let was_there = before.iter().any(|before| !is_nothing(before));
    let did = match (was_there, is_nothing(&object)) {
        (false, _) => Did::Added,
        (true, true) => Did::Deleted,
        (true, false) => Did::Changed,
    };
    Change {
        commit,
        path: path.into(),
        did,
        from: None,
        before,
        object,
    }
}

/// Whether git names no object: it writes zeros then.
pub fn is_nothing(object: &str) -> bool {
    object.bytes().all(|byte| byte == b'0')
}
