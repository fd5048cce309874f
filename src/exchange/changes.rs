//! What git says was changed in which records, by whom and when.
//!
//! Invariants: only the company's own people are told, and a change to a
//! record that the viewer may not see is not there. The words of a commit are
//! there only when all of its records may be seen: words about several records
//! may speak of any of them.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::history::{Commit, Did, Log};
use crate::organisation::PersonId;
use crate::outlook::Outlook;
use crate::register::{ORGANISATION, RECORDS};

/// What one commit did to the records.
#[derive(Clone, Debug)]
pub struct RecordsChanged<'l> {
    /// The commit.
    pub commit: &'l Commit,
    /// Who made it, where it is one of ours.
    pub person: Option<PersonId>,
    /// What they wrote about it, where the viewer may read it.
    pub subject: Option<&'l str>,
    /// The records, by index, and what was done to each; in the order of
    /// their numbers.
    pub records: Vec<(usize, Did)>,
}

/// The commits that changed records the viewer may see, newest first.
pub fn changes<'l>(outlook: &Outlook<'_>, log: &'l Log) -> Vec<RecordsChanged<'l>> {
    if !outlook.viewer.is_insider() {
        return Vec::new();
    }
    let register = outlook.register;
    let by_path: HashMap<&str, usize> = outlook
        .records
        .iter()
        .map(|index| {
            let file = register.records[*index].file;
            (&*register.sources.file(file).path, *index)
        })
        .collect();
    let people: HashMap<String, PersonId> = (0..)
        .map(PersonId)
        .zip(&register.organisation.people)
        .filter_map(|(id, person)| Some((person.email.as_ref()?.to_lowercase(), id)))
        .collect();
    let mut all = Vec::new();
    for of_commit in log.changes.chunk_by(|a, b| a.commit == b.commit) {
        let Some(index) = of_commit.first().map(|change| change.commit) else {
            continue;
        };
        let Some(commit) = log.commits.get(index) else {
            continue;
        };
        let mut records: Vec<(usize, Did)> = of_commit
            .iter()
            .filter_map(|change| Some((*by_path.get(&*change.path)?, change.did)))
            .collect();
        if records.is_empty() {
            continue;
        }
        records.sort_unstable_by_key(|(record, _)| *record);
        let knows_all = of_commit
            .iter()
            .all(|change| !is_record(&change.path) || by_path.contains_key(&*change.path));
        let subject = log.subjects.get(index).map(|subject| subject.trim());
        all.push(RecordsChanged {
            commit,
            person: people.get(&commit.email.to_lowercase()).copied(),
            subject: subject
                .filter(|subject| outlook.viewer.is_insider() && knows_all && !subject.is_empty()),
            records,
        });
    }
    all
}

/// Whether a file is a record, there now or not.
fn is_record(path: &str) -> bool {
    let below = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    below(RECORDS) && !below(ORGANISATION)
}

/// What git says of each record's file: how often it was changed, and when last.
#[derive(Clone, Debug, Default)]
pub struct Revisions {
    of_file: HashMap<std::sync::Arc<str>, (u32, Timestamp)>,
}

impl Revisions {
    /// Out of the past.
    pub fn new(log: &Log) -> Self {
        let mut of_file: HashMap<_, (u32, Timestamp)> = HashMap::new();
        for change in &log.changes {
            let Some(commit) = log.commits.get(change.commit) else {
                continue;
            };
            let entry = of_file.entry(change.path.clone()).or_insert((0, commit.at));
            entry.0 += 1;
            entry.1 = entry.1.max(commit.at);
        }
        Revisions { of_file }
    }

    /// How many commits changed a record's file, and when the last one did.
    /// Nothing for outsiders: when people work is no business of theirs.
    pub fn of(&self, outlook: &Outlook<'_>, record: usize) -> Option<(u32, Timestamp)> {
        if !outlook.viewer.is_insider() {
            return None;
        }
        let register = outlook.register;
        let file = register.records[record].file;
        self.of_file
            .get(&*register.sources.file(file).path)
            .copied()
    }
}
