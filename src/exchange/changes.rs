//! What git says was changed in which records, by whom and when.
//!
//! Invariants: only the company's own people are told, and a change to a
//! record that the viewer may not see is not there. The words of a commit are
//! there only when all of its records may be seen: words about several records
//! may speak of any of them.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use crate::history::Commit;
use crate::organisation::PersonId;
use crate::outlook::Outlook;
use crate::past::{Past, Step, is_record};

/// What one commit did to the records.
#[derive(Clone, Debug)]
pub struct RecordsChanged<'p> {
    /// The commit; none of what is not committed yet.
    pub commit: Option<&'p Commit>,
    /// Who made it, where it is one of ours.
    pub person: Option<PersonId>,
    /// What they wrote about it, where the viewer may read it.
    pub subject: Option<&'p str>,
    /// The records, by index, and what was done to each; in the order of
    /// their numbers.
    pub records: Vec<(usize, Step<'p>)>,
}

/// The commits that changed records the viewer may see, newest first; before
/// them what is not committed yet.
pub fn changes<'p>(outlook: &Outlook<'_>, past: &'p Past) -> Vec<RecordsChanged<'p>> {
    // what is in no commit comes first
    let mut by_commit: BTreeMap<Option<usize>, Vec<(usize, Step<'p>)>> = BTreeMap::new();
    for record in &outlook.records {
        let timeline = past.timeline(outlook, *record);
        for step in timeline.into_iter().flat_map(|timeline| timeline.steps) {
            let commit = step.index.map(|index| past.log().changes[index].commit);
            let of_commit = by_commit.entry(commit).or_default();
            of_commit.push((*record, step));
        }
    }
    let mut touched: HashMap<usize, usize> = HashMap::new();
    for change in &past.log().changes {
        if is_record(&change.path) {
            *touched.entry(change.commit).or_default() += 1;
        }
    }
    let of_commit = |(commit, records): (Option<usize>, Vec<(usize, Step<'p>)>)| {
        let told = records.iter().filter(|(_, step)| !step.kept_back).count();
        let subject = commit
            .filter(|commit| touched.get(commit) == Some(&told))
            .and_then(|commit| past.log().subjects.get(commit));
        let (_, first) = records.first()?;
        Some(RecordsChanged {
            commit: first.commit,
            person: first.person,
            subject: subject
                .map(|subject| subject.trim())
                .filter(|subject| !subject.is_empty()),
            records,
        })
    };
    by_commit.into_iter().filter_map(of_commit).collect()
}

/// What git says of each record's file: how often it was changed, and when last.
#[derive(Clone, Copy, Debug)]
pub struct Revisions<'p> {
    past: &'p Past,
}

impl<'p> Revisions<'p> {
    /// Out of the past.
    pub fn new(past: &'p Past) -> Self {
        Revisions { past }
    }

    /// How many commits changed a record's file, and when the last one did.
    /// Nothing for outsiders: when people work is no business of theirs.
    pub fn of(&self, outlook: &Outlook<'_>, record: usize) -> Option<(u32, Timestamp)> {
        if !outlook.viewer.is_insider() {
            return None;
        }
        self.past.revisions(record)
    }
}
