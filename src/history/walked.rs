//! The commits that were walked before, kept for the next run.
//!
//! What a commit did is the same for ever, so that only new ones are walked,
//! whichever branch is asked for. Their order is git's each time.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::git::{Git, GitError};
use super::kept::{self, Names};
use super::log::{Change, Did, Log};
use super::snapshot::Commit;
use super::walk::walk;

const FILE: &str = "log";

const DID: [Did; 4] = [Did::Added, Did::Changed, Did::Moved, Did::Deleted];

/// The commits that were walked.
#[derive(Default)]
pub(super) struct Walked {
    log: Log,
    /// So many of them are the past of the first one, in its order; the others
    /// are of other branches, or of none any more.
    current: usize,
}

/// A commit, its first line, and what it did.
type Told = (Commit, String, Vec<Change>);

impl Walked {
    /// What is kept; nothing where that is of another folder of the repository.
    pub fn read(git: &Git) -> Walked {
        let kept = kept::read::<Kept>(git, FILE).filter(|kept| kept.prefix == git.prefix());
        kept.and_then(Kept::into_walked).unwrap_or_default()
    }

    /// Whether it is the past of that commit as it stands.
    pub fn is_up_to(&self, commit: &str) -> bool {
        self.log
            .commits
            .first()
            .is_some_and(|first| first.id == commit)
    }

    /// The past of the first commit.
    pub fn current(mut self) -> Log {
        self.log.commits.truncate(self.current);
        self.log.subjects.truncate(self.current);
        let changes = &mut self.log.changes;
        changes.truncate(changes.partition_point(|change| change.commit < self.current));
        self.log
    }

    /// The past that git lists so. What had to be walked for it is kept.
    pub fn up_to(self, git: &Git, listed: &str) -> Result<Log, GitError> {
        let ids: Vec<&str> = listed.lines().collect();
        let known: HashMap<&str, usize> = { self.log.commits.iter().enumerate() }
            .map(|(index, commit)| (&*commit.id, index))
            .collect();
        let unknown: Vec<&str> = { ids.iter().copied() }
            .filter(|id| !known.contains_key(id))
            .collect();
        let places: Vec<Option<usize>> = ids.iter().map(|id| known.get(id).copied()).collect();
        let mut newer = told(walk(git, &unknown, &[])?).into_iter();
        let mut older: Vec<Option<Told>> = told(self.log).into_iter().map(Some).collect();
        let mut log = Log::default();
        for place in places {
            let told = match place {
                Some(index) => older[index].take(),
                None => newer.next(),
            };
            push(&mut log, told);
        }
        if !unknown.is_empty() {
            let current = log.commits.len();
            // commits that nothing leads to any more are not kept for ever
            for told in older.into_iter().flatten().take(current) {
                push(&mut log, Some(told));
            }
            kept::write(git, FILE, &Kept::of(git, &log, current));
            let walked = Walked { log, current };
            return Ok(walked.current());
        }
        Ok(log)
    }
}

/// A log commit by commit.
fn told(log: Log) -> Vec<Told> {
    let mut all: Vec<Told> = { log.commits.into_iter().zip(log.subjects) }
        .map(|(commit, subject)| (commit, subject, Vec::new()))
        .collect();
    for change in log.changes {
        all[change.commit].2.push(change);
    }
    all
}

fn push(log: &mut Log, told: Option<Told>) {
    let Some((commit, subject, changes)) = told else {
        return;
    };
    let commit_index = log.commits.len();
    log.commits.push(commit);
    log.subjects.push(subject);
    log.changes.extend(changes.into_iter().map(|change| Change {
        commit: commit_index,
        ..change
    }));
}

/// The file, with names once and numbers for them.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The folder of the work tree that paths are from.
    prefix: String,
    current: u32,
    names: Vec<String>,
    commits: Vec<KeptCommit>,
    changes: Vec<KeptChange>,
}

#[derive(Serialize, Deserialize)]
struct KeptCommit {
    id: String,
    author: String,
    email: String,
    seconds: i64,
    subject: String,
}

#[derive(Serialize, Deserialize)]
struct KeptChange {
    commit: u32,
    path: u32,
    did: u8,
    from: Option<u32>,
    before: Vec<u32>,
    object: u32,
}

impl Kept {
    fn of(git: &Git, log: &Log, current: usize) -> Kept {
        let mut names = Names::default();
        let changes = { log.changes.iter() }
            .map(|change| KeptChange {
                commit: number(change.commit),
                path: names.number(&change.path),
                did: DID.iter().position(|did| *did == change.did).unwrap_or(0) as u8,
                from: change.from.as_ref().map(|from| names.number(from)),
                before: change.before.iter().map(|one| names.number(one)).collect(),
                object: names.number(&change.object),
            })
            .collect();
        let commits = log.commits.iter().zip(&log.subjects);
        Kept {
            prefix: git.prefix().to_owned(),
            current: number(current),
            commits: commits
                .map(|(commit, subject)| KeptCommit {
                    id: commit.id.clone(),
                    author: commit.author.clone(),
                    email: commit.email.clone(),
                    seconds: commit.at.as_second(),
                    subject: subject.clone(),
                })
                .collect(),
            changes,
            names: names.into_all(),
        }
    }

    /// None where a number leads nowhere.
    fn into_walked(self) -> Option<Walked> {
        let names: Vec<Arc<str>> = self.names.iter().map(|name| Arc::from(&**name)).collect();
        let name = |index: u32| names.get(index as usize).cloned();
        let mut log = Log::default();
        for commit in self.commits {
            log.subjects.push(commit.subject);
            log.commits.push(Commit {
                id: commit.id,
                author: commit.author,
                email: commit.email,
                at: Timestamp::from_second(commit.seconds).ok()?,
            });
        }
        for change in self.changes {
            let commit = change.commit as usize;
            log.commits.get(commit)?;
            log.changes.push(Change {
                commit,
                path: name(change.path)?,
                did: *DID.get(usize::from(change.did))?,
                from: match change.from {
                    Some(from) => Some(name(from)?),
                    None => None,
                },
                before: change.before.into_iter().map(name).collect::<Option<_>>()?,
                object: name(change.object)?,
            });
        }
        let current = self.current as usize;
        log.commits.get(current.checked_sub(1)?)?;
        Some(Walked { log, current })
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
