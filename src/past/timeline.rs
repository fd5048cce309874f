//! What became of one record, as a viewer may know it.

use std::collections::HashMap;
use std::sync::Arc;

use super::fact::Fact;
use super::gather::readable;
use super::head::{Head, Reading};
use super::{Extent, Past, Uncommitted, is_record};
use crate::history::{Change, Commit, Did, is_nothing};
use crate::organisation::PersonId;
use crate::outlook::Outlook;
use crate::register::Register;

/// A change of a record.
#[derive(Clone, Debug)]
pub struct Step<'p> {
    /// The commit; none of what is not committed yet.
    pub commit: Option<&'p Commit>,
    /// Its place in the log.
    pub index: Option<usize>,
    /// Who made it, where it is one of ours.
    pub person: Option<PersonId>,
    /// What was done.
    pub did: Did,
    /// Where the file lay before it was moved.
    pub from: Option<&'p str>,
    /// What changed. Nothing of a new record, and of what could not be read.
    pub facts: Vec<Fact>,
    /// What the record said of itself then; none when it could not be read,
    /// and when it was deleted.
    pub head: Option<&'p Head>,
    /// What could be made of it then.
    pub reading: Option<&'p Reading>,
    /// Whether a merge decided it.
    pub by_merge: bool,
    /// Whether what changed is not told: the viewer could not see the record
    /// as it was before.
    pub kept_back: bool,
}

/// Where a timeline begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// With the record.
    Known,
    /// Somewhere in what a shallow clone does not have.
    Beyond,
    /// With what the viewer may see: it was confidential before.
    KeptBack,
    /// Nowhere: nothing of it is committed.
    Nowhere,
}

/// What became of a record, newest first.
#[derive(Clone, Debug)]
pub struct Timeline<'p> {
    /// Its changes.
    pub steps: Vec<Step<'p>>,
    /// Where they begin.
    pub beginning: Beginning,
}

impl Past {
    /// What became of a record, by its index. None for outsiders, and for a
    /// record that the viewer may not see.
    pub fn timeline(&self, outlook: &Outlook<'_>, record: usize) -> Option<Timeline<'_>> {
        if !outlook.viewer.is_insider() || !outlook.sees(record) {
            return None;
        }
        let register = outlook.register;
        let changes = self.of_record.get(record).map_or(&[][..], |all| all);
        let made: HashMap<&str, &Change> = { changes.iter() }
            .map(|index| &self.log.changes[*index])
            .filter(|change| !is_nothing(&change.object))
            .map(|change| (&*change.object, change))
            .collect();
        let sees = |head: &Head| head.is_seen_by(&outlook.viewer, register);
        let mut steps: Vec<Step<'_>> = Vec::with_capacity(changes.len() + 1);
        steps.extend(self.not_committed(record));
        let mut kept_back = false;
        for index in changes {
            let change = &self.log.changes[*index];
            let mut step = self.step(register, *index, change);
            if step.head.is_some_and(|head| !sees(head)) {
                kept_back = true;
                continue;
            }
            let befores = change.before.iter();
            let mut befores = befores.filter_map(|object| {
                let object = readable(object, &made, &self.known)?;
                Some((object.clone(), self.known.versions.get(&object)?.head()?))
            });
            match befores.clone().all(|(_, head)| sees(head)) {
                true => step.facts = self.facts(befores.by_ref().map(|(object, _)| object), change),
                false => step.kept_back = true,
            }
            // a merge of two sides that agree decided nothing
            if step.by_merge && step.facts.is_empty() && !step.kept_back {
                continue;
            }
            steps.push(step);
        }
        let is_whole = changes
            .last()
            .is_some_and(|last| self.log.changes[*last].did == Did::Added);
        let beginning = match (kept_back, self.extent()) {
            (true, _) => Beginning::KeptBack,
            (false, _) if is_whole => Beginning::Known,
            (false, Extent::Part) if !self.uncommitted_new(record) => Beginning::Beyond,
            (false, _) if changes.is_empty() => Beginning::Nowhere,
            (false, _) => Beginning::Known,
        };
        Some(Timeline { steps, beginning })
    }

    fn uncommitted_new(&self, record: usize) -> bool {
        matches!(self.uncommitted.get(&record), Some(Uncommitted::New))
    }

    fn not_committed(&self, record: usize) -> Option<Step<'_>> {
        let (did, facts) = match self.uncommitted.get(&record)? {
            Uncommitted::New => (Did::Added, Vec::new()),
            Uncommitted::Edited(facts) => (Did::Changed, facts.clone()),
        };
        Some(Step {
            commit: None,
            index: None,
            person: None,
            did,
            from: None,
            facts,
            head: None,
            reading: None,
            by_merge: false,
            kept_back: false,
        })
    }

    fn step<'p>(&'p self, register: &Register, index: usize, change: &'p Change) -> Step<'p> {
        let commit = self.log.commits.get(change.commit);
        let reading = self.known.versions.get(&change.object);
        Step {
            commit,
            index: Some(index),
            person: commit.and_then(|commit| author(register, commit)),
            did: change.did,
            from: change.from.as_deref(),
            facts: Vec::new(),
            head: reading.and_then(Reading::head),
            reading,
            by_merge: change.before.len() > 1,
            kept_back: false,
        }
    }

    /// What differs from a version, or, of a merge, from each of several.
    fn facts(&self, befores: impl Iterator<Item = Arc<str>>, change: &Change) -> Vec<Fact> {
        let of = |before: Arc<str>| {
            let pair = (before, change.object.clone());
            self.known.facts.get(&pair).map_or(&[][..], |facts| facts)
        };
        let mut sides = befores.map(of);
        let mut facts = sides.next().unwrap_or_default().to_vec();
        for side in sides {
            facts.retain(|fact| {
                let mut side = side.iter();
                side.any(|other| other.part == fact.part && other.after == fact.after)
            });
        }
        facts
    }
}

/// A change of a record that is gone.
#[derive(Clone, Debug)]
pub struct Gone<'p> {
    /// Its number: what it said of itself, else the name of its file.
    pub number: String,
    /// Its title, as far as it is known.
    pub title: String,
    /// Its kind, where it is still one.
    pub kind: Option<usize>,
    /// The change.
    pub step: Step<'p>,
}

impl Past {
    /// The changes of records that are gone, newest first, for insiders: of
    /// what a viewer could not see nothing.
    pub fn gone(&self, outlook: &Outlook<'_>) -> Vec<Gone<'_>> {
        if !outlook.viewer.is_insider() {
            return Vec::new();
        }
        let register = outlook.register;
        let head_of = |object: &Arc<str>| self.known.versions.get(object)?.head();
        let gone = self
            .log
            .changes
            .iter()
            .enumerate()
            .filter_map(|(index, change)| {
                if self.record_of(index).is_some() || !is_record(&change.path) {
                    return None;
                }
                let step = self.step(register, index, change);
                let before = change.before.iter().find_map(head_of);
                let heads = [step.head, before];
                let mut known = heads.into_iter().flatten();
                let sees = |head: &Head| head.is_seen_by(&outlook.viewer, register);
                // of what could not be read nobody knows for whom it was
                let head = known.clone().next().filter(|_| known.all(sees))?;
                Some(Gone {
                    number: head.number.to_string(),
                    title: head.title.to_string(),
                    kind: register
                        .kinds
                        .iter()
                        .position(|kind| *kind.id == *head.kind),
                    step,
                })
            });
        gone.collect()
    }
}

/// The person of the organisation whose mail address a commit has.
pub fn author(register: &Register, commit: &Commit) -> Option<PersonId> {
    register.organisation.person_of_mail(&commit.email)
}
