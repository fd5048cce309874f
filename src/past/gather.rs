//! Reading the versions that nothing is known of yet, and comparing them.
//!
//! Invariant: an object is read by the definitions of today, whatever they
//! were then; what cannot be read is known as such, and the versions on either
//! side of it are compared with one another.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::fact::{Fact, facts};
use super::head::{Former, Head, Reading, read};
use super::is_record;
use super::kept::Known;
use crate::change::Version;
use crate::history::{Change, Git, GitError, Log, is_nothing};
use crate::record::Record;
use crate::register::Register;

/// So many comparisons are made at once: what their versions say is in memory
/// until they are.
const AT_ONCE: usize = 2_000;

/// Two objects.
type Pair = (Arc<str>, Arc<str>);

/// Completes what is known. Whether anything was found out.
pub(super) fn gather(
    register: &Register,
    git: &Git,
    log: &Log,
    edited: &BTreeSet<String>,
    known: &mut Known,
) -> Result<bool, GitError> {
    let mut gathering = Gathering {
        register,
        git,
        edited,
        here: None,
    };
    let mut changes: Vec<&Change> = { log.changes.iter() }
        .filter(|change| is_record(&change.path))
        .collect();
    // the versions of one record are next to each other, and read once
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    let first = gathering.complete(known, &changes, |change, _| change.before.to_vec())?;
    let made: HashMap<&str, &Change> = { changes.iter() }
        .filter(|change| !is_nothing(&change.object))
        .map(|change| (&*change.object, *change))
        .collect();
    let second = gathering.complete(known, &changes, |change, known| {
        let before = change.before.iter();
        before
            .filter_map(|object| readable(object, &made, known))
            .collect()
    })?;
    Ok(first || second)
}

/// An object, or the newest before it that can be read, if it cannot.
pub(super) fn readable(
    object: &Arc<str>,
    made: &HashMap<&str, &Change>,
    known: &Known,
) -> Option<Arc<str>> {
    let mut object = object;
    for _ in 0..made.len() {
        if known.versions.get(object)?.head().is_some() {
            return Some(object.clone());
        }
        object = made.get(&**object)?.before.first()?;
    }
    None
}

struct Gathering<'r> {
    register: &'r Register,
    git: &'r Git,
    edited: &'r BTreeSet<String>,
    /// The objects that the register's own records were read from; found when
    /// the first is asked for.
    here: Option<HashMap<Arc<str>, &'r Record>>,
}

/// What is asked of a version: what it says, and how that differs from others.
struct Job {
    object: Arc<str>,
    before: Vec<Arc<str>>,
}

type Found = (Vec<(Arc<str>, Reading)>, Vec<(Pair, Arc<[Fact]>)>);

impl<'r> Gathering<'r> {
    fn find_here(&mut self) -> Result<(), GitError> {
        if self.here.is_some() {
            return Ok(());
        }
        let objects = self.git.objects_of("HEAD")?;
        let records = self.register.records.iter().filter_map(|record| {
            let path = &self.register.sources.file(record.file).path;
            let is_same = record.broken.is_empty() && !self.edited.contains(path);
            let object = objects.get(path).filter(|_| is_same)?;
            Some((Arc::from(&**object), record))
        });
        self.here = Some(records.collect());
        Ok(())
    }

    fn here(&self, object: &Arc<str>) -> Option<&'r Record> {
        self.here.as_ref()?.get(object).copied()
    }

    /// Reads what is not known of the versions that changes led to, and
    /// compares them with those that `before` names.
    fn complete(
        &mut self,
        known: &mut Known,
        changes: &[&Change],
        before: impl Fn(&Change, &Known) -> Vec<Arc<str>>,
    ) -> Result<bool, GitError> {
        let mut asked: HashSet<Pair> = HashSet::new();
        let mut jobs: Vec<Job> = Vec::new();
        let is_unread = |known: &Known, object: &Arc<str>| {
            let reading = known.versions.get(object);
            reading.is_some_and(|reading| reading.head().is_none())
        };
        for change in changes {
            let object = &change.object;
            if is_nothing(object) || is_unread(known, object) {
                continue;
            }
            let mut older = before(change, known);
            older.retain(|before| {
                let pair = (before.clone(), object.clone());
                before != object
                    && !is_nothing(before)
                    && !is_unread(known, before)
                    && !known.facts.contains_key(&pair)
                    && asked.insert(pair)
            });
            if !older.is_empty() || !known.versions.contains_key(object) {
                jobs.push(Job {
                    object: object.clone(),
                    before: older,
                });
            }
        }
        if jobs.is_empty() {
            return Ok(false);
        }
        self.find_here()?;
        let gathering = &*self;
        let found: Vec<Found> = jobs
            .par_chunks(AT_ONCE)
            .map(|jobs| gathering.look(jobs))
            .collect::<Result<_, _>>()?;
        for (versions, facts) in found {
            known.versions.extend(versions);
            known.facts.extend(facts);
        }
        Ok(true)
    }

    fn look(&self, jobs: &[Job]) -> Result<Found, GitError> {
        let mut wanted: Vec<&Arc<str>> = Vec::new();
        let mut asked: HashSet<&Arc<str>> = HashSet::new();
        for object in jobs
            .iter()
            .flat_map(|job| job.before.iter().chain([&job.object]))
        {
            if self.here(object).is_none() && asked.insert(object) {
                wanted.push(object);
            }
        }
        let names: Vec<&str> = wanted.iter().map(|object| &***object).collect();
        let found = self.git.small_objects(&names)?;
        let read: Vec<(Reading, Option<Former>)> = found
            .into_par_iter()
            .map(|bytes| read(self.register, bytes))
            .collect();
        let mut versions = Vec::with_capacity(jobs.len());
        let mut records: HashMap<&Arc<str>, Former> = HashMap::with_capacity(read.len());
        for (object, (reading, record)) in wanted.into_iter().zip(read) {
            versions.push((object.clone(), reading));
            records.extend(record.map(|record| (object, record)));
        }
        for job in jobs {
            if let Some(record) = self.here(&job.object) {
                let head = Head::of(Version::new(self.register, record));
                versions.push((job.object.clone(), Reading::Read(head)));
            }
        }
        let version = |object: &Arc<str>| {
            let former = records.get(object);
            let former = former.map(|former| former.version(self.register));
            former.or_else(|| Some(Version::new(self.register, self.here(object)?)))
        };
        let facts = jobs
            .par_iter()
            .flat_map_iter(|job| {
                job.before.iter().filter_map(|before| {
                    let facts = facts(version(before)?, version(&job.object)?);
                    Some(((before.clone(), job.object.clone()), facts.into()))
                })
            })
            .collect();
        Ok((versions, facts))
    }
}
