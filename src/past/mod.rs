//! What became of every record: who changed what and when, out of git.
//!
//! One walk for the whole repository; each version is read once by today's
//! definitions, and what differs between two is kept ([`kept`]) by the names
//! that files use. Words are found when it is shown ([`words`]).
//!
//! Invariants: nothing here fails a command: without git, without commits,
//! without some objects, less is known, and [`Past::known`] says so. What an
//! audience may not see is left out where a timeline is asked for, never
//! before; outsiders are told nothing.

mod fact;
mod follow;
mod gather;
mod head;
mod kept;
mod said;
mod stay;
mod timeline;
mod words;

pub use fact::{Fact, FactPart, FactSpot, RowName};
pub use head::{Head, Reading};
pub use said::Said;
pub use stay::{Stay, Visit, stays, visits};
pub use timeline::{Beginning, Gone, Step, Timeline};
pub use words::{FactView, Telling};

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::OnceLock;

use jiff::Timestamp;

use crate::change::Version;
use crate::history::{Git, GitError, Log};
use crate::register::{ORGANISATION, RECORDS, Register};
use kept::Known;

/// How much is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// There is no git, no repository of it, or no commit.
    #[default]
    Nothing,
    /// The clone is shallow: older commits are not here.
    Part,
    /// Everything.
    All,
}

/// Everything that became of the records of a register.
#[derive(Debug, Default)]
pub struct Past {
    log: Log,
    known: Known,
    /// The changes of each record, by its index, newest first.
    of_record: Vec<Vec<usize>>,
    /// The record that a change is of, by the change's index; none of one that
    /// is gone, and of other files.
    record_of: Vec<Option<usize>>,
    /// What each record says otherwise than in the newest commit, by its index.
    uncommitted: BTreeMap<usize, Uncommitted>,
    /// The files that say something else than in the newest commit.
    edited: BTreeSet<String>,
    /// The objects of the newest commit by path, as soon as somebody asked.
    committed: OnceLock<HashMap<String, String>>,
}

/// What stands in a file and in no commit.
#[derive(Clone, Debug)]
enum Uncommitted {
    /// The whole record.
    New,
    /// What differs.
    Edited(Vec<Fact>),
}

impl Past {
    /// Finds it out: what was kept, and what is newer.
    pub fn read(register: &Register, git: &Git) -> Result<Past, GitError> {
        // git looks at every file while what is kept is read
        let look = || -> Result<_, GitError> { git.commit_id("HEAD").and_then(|_| git.edited()) };
        let definitions = register.fingerprint();
        let (edited, (log, known)) = rayon::join(look, || {
            rayon::join(|| Log::of(git), || kept::read(git, definitions))
        });
        let (log, mut known) = (log?, known.unwrap_or_default());
        let edited = match log.commits.is_empty() {
            true => BTreeSet::new(),
            false => edited?,
        };
        if gather::gather(register, git, &log, &edited, &mut known)? {
            kept::write(git, definitions, &log, &known);
        }
        let mut past = Past {
            known,
            record_of: Vec::new(),
            of_record: Vec::new(),
            uncommitted: BTreeMap::new(),
            edited: BTreeSet::new(),
            committed: OnceLock::new(),
            log,
        };
        past.find_records(register);
        past.find_uncommitted(register, git, &edited)?;
        past.edited = edited;
        Ok(past)
    }

    /// The walk that it rests on.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The files under the root that say something else than in the newest commit.
    pub fn edited(&self) -> &BTreeSet<String> {
        &self.edited
    }

    /// The same out of the folder that a register was read from; nothing is
    /// known where there is no git.
    pub fn of_folder(register: &Register, root: &Path) -> Result<Past, GitError> {
        match Git::open(root) {
            Ok(git) => Past::read(register, &git),
            Err(GitError::Missing | GitError::NoRepository) => Ok(Past::default()),
            Err(error) => Err(error),
        }
    }

    /// How much is known.
    pub fn extent(&self) -> Extent {
        match (self.log.commits.is_empty(), self.log.shallow) {
            (true, _) => Extent::Nothing,
            (false, true) => Extent::Part,
            (false, false) => Extent::All,
        }
    }

    /// The record that a change of the log is of, by its index now.
    pub fn record_of(&self, change: usize) -> Option<usize> {
        self.record_of.get(change).copied().flatten()
    }

    /// How many commits changed a record's file, and when the last one did.
    pub fn revisions(&self, record: usize) -> Option<(u32, Timestamp)> {
        let changes = self.of_record.get(record)?;
        let commits = changes
            .iter()
            .map(|change| self.log.changes[*change].commit);
        let last = { commits }.filter_map(|commit| Some(self.log.commits.get(commit)?.at));
        Some((
            u32::try_from(changes.len()).unwrap_or(u32::MAX),
            last.max()?,
        ))
    }

    fn find_records(&mut self, register: &Register) {
        self.record_of = vec![None; self.log.changes.len()];
        self.of_record = Vec::with_capacity(register.records.len());
        for (index, record) in register.records.iter().enumerate() {
            let path = &register.sources.file(record.file).path;
            let all: Vec<usize> = self.log.trail_indexes(path).into_iter().collect();
            for change in &all {
                self.record_of[*change].get_or_insert(index);
            }
            self.of_record.push(all);
        }
    }
}

impl Past {
    fn committed(&self, git: &Git) -> Result<&HashMap<String, String>, GitError> {
        match self.committed.get() {
            Some(committed) => Ok(committed),
            None => {
                let committed = git.objects_of("HEAD")?;
                Ok(self.committed.get_or_init(|| committed))
            }
        }
    }

    fn find_uncommitted(
        &mut self,
        register: &Register,
        git: &Git,
        edited: &BTreeSet<String>,
    ) -> Result<(), GitError> {
        let mut edited_records = Vec::new();
        for (index, record) in register.records.iter().enumerate() {
            let path = &register.sources.file(record.file).path;
            if edited.contains(path) {
                edited_records.push((index, path));
            }
        }
        if edited_records.is_empty() {
            return Ok(());
        }
        let committed = self.committed(git)?;
        let mut before: Vec<(usize, String)> = Vec::new();
        let mut new: Vec<usize> = Vec::new();
        for (index, path) in edited_records {
            match committed.get(path) {
                Some(object) => before.push((index, object.clone())),
                None => new.push(index),
            }
        }
        let new = new.into_iter().map(|index| (index, Uncommitted::New));
        self.uncommitted.extend(new);
        let objects: Vec<&str> = before.iter().map(|(_, object)| &**object).collect();
        let found = git.small_objects(&objects)?;
        for ((index, _), bytes) in before.into_iter().zip(found) {
            let record = &register.records[index];
            let facts = match head::read(register, bytes).1 {
                Some(old) if record.broken.is_empty() => {
                    fact::facts(old.version(register), Version::new(register, record))
                }
                _ => Vec::new(),
            };
            self.uncommitted.insert(index, Uncommitted::Edited(facts));
        }
        Ok(())
    }
}

/// Whether a file is a record, there now or not.
pub fn is_record(path: &str) -> bool {
    let below = path.strip_prefix(RECORDS);
    below.is_some_and(|rest| rest.starts_with('/'))
        && !path.starts_with(ORGANISATION)
        && path.ends_with(".toml")
}
