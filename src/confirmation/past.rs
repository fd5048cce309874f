//! Which commit added a signature, and which changed what was signed.
//!
//! Branches run side by side: a signature was added by the newest commit after
//! which it is there and before which it was not, whatever other branches said
//! meanwhile. One that is there although no such commit is, a merge brought in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Asked;
use super::kept::{self, Known, Sum};
use crate::change::{Given, SignatureSpot, Signed, Version, given, signed};
use crate::finding::FileId;
use crate::history::{Change, GitError, is_nothing};
use crate::organisation::PersonId;
use crate::record::{Record, read_record};
use crate::register::Register;
use crate::source::SourceFile;

/// By what a signature was added. Commits are places in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Added<C = usize> {
    /// A commit.
    By(C),
    /// A merge, or an edit that no commit tells of.
    Merged(Option<C>),
    /// It is in the file and in no commit yet.
    NotYet,
    /// A commit that this clone does not reach.
    Unknown,
}

/// What became of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trace<C = usize> {
    /// What added it.
    pub added: Added<C>,
    /// What changed what had been signed: a commit, or an edit that is in none.
    pub changed: Option<Option<C>>,
}

impl<C: Copy> Trace<C> {
    /// The same with other names for commits; none where one has none.
    pub fn map<D>(&self, mut name: impl FnMut(C) -> Option<D>) -> Option<Trace<D>> {
        let mut inner = |commit: Option<C>| match commit {
            Some(commit) => name(commit).map(Some),
            None => Some(None),
        };
        Some(Trace {
            added: match self.added {
                Added::By(commit) => Added::By(inner(Some(commit))??),
                Added::Merged(commit) => Added::Merged(inner(commit)?),
                Added::NotYet => Added::NotYet,
                Added::Unknown => Added::Unknown,
            },
            changed: match self.changed {
                Some(commit) => Some(inner(commit)?),
                None => None,
            },
        })
    }
}

/// Where a signature comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// Where it stands.
    pub spot: SignatureSpot,
    /// Whose it is; none of an outsider's.
    pub person: Option<PersonId>,
    /// What became of it.
    pub trace: Trace,
}

/// The past of a record that holds signatures.
pub(super) struct Past<'r> {
    pub record: usize,
    pub path: &'r str,
    pub trail: Vec<&'r Change>,
    given: Vec<Given<'r>>,
}

impl<'r> Past<'r> {
    /// Whether all of it came in one commit, and says still what it said then.
    fn is_plain(&self, edited: bool) -> bool {
        let whole = self.trail.iter().all(|change| change.before.len() == 1);
        !edited && self.trail.len() == 1 && whole && is_nothing(&self.trail[0].before[0])
    }

    /// Of one that is plain.
    fn plain(&self) -> Vec<Trace> {
        let trace = |commit| Trace {
            added: Added::By(commit),
            changed: None,
        };
        let given = self.given.iter();
        given.map(|_| trace(self.trail[0].commit)).collect()
    }

    /// The objects that its versions were.
    fn objects(&self) -> impl Iterator<Item = &'r Arc<str>> + '_ {
        let changes = self.trail.iter();
        let objects = changes.flat_map(|change| change.before.iter().chain([&change.object]));
        objects.filter(|object| !is_nothing(object))
    }
}

/// By what a record's past is known again, and what became of its signatures,
/// as far as it is known.
type Traced = (Option<Sum>, Option<Vec<Trace>>);

/// Where every signature of the register comes from, record by record.
pub(super) fn origins(
    register: &Register,
    asked: &Asked<'_>,
) -> Result<Vec<(usize, Vec<Origin>)>, GitError> {
    let pasts: Vec<Past<'_>> = register
        .records
        .iter()
        .enumerate()
        .filter_map(|(index, record)| {
            let path = &*register.sources.file(record.file).path;
            if asked.only.is_some_and(|only| !only.contains(path)) {
                return None;
            }
            let given = given(Version::new(register, record));
            (!given.is_empty()).then(|| Past {
                record: index,
                path,
                given,
                trail: asked.log.trail(path),
            })
        })
        .collect();
    let is_edited = |past: &Past<'_>| asked.edited.contains(past.path);
    let places: HashMap<&str, usize> = { asked.log.commits.iter().enumerate() }
        .map(|(place, commit)| (&*commit.id, place))
        .collect();
    // of a few files it is found out as quickly as it is read
    let known = match asked.only {
        None => Known::read(asked.git),
        Some(_) => Known::default(),
    };
    let definitions = register.fingerprint();
    let mut traced: Vec<Traced> = { pasts.par_iter() }
        .map(|past| {
            let edited = is_edited(past);
            if past.is_plain(edited) {
                return (None, Some(past.plain()));
            }
            let sum = kept::sum(register, &definitions, past, (asked.log, edited));
            (Some(sum), known.of(&sum, past.given.len(), &places))
        })
        .collect();
    let grows = traced.iter().any(|(_, traces)| traces.is_none());
    let texts = texts(asked, pasts.iter().zip(&traced))?;
    { pasts.par_iter().zip(&mut traced) }
        .filter(|(_, (_, traces))| traces.is_none())
        .for_each(|(past, (sum, traces))| {
            let tracing = Tracing::new(register, past, &texts);
            *traces = Some(tracing.traces(is_edited(past), asked.log.shallow));
            // what git has not may come later
            if !past.objects().all(|object| texts.contains_key(&**object)) {
                *sum = None;
            }
        });
    if grows && asked.only.is_none() {
        let all = traced.iter();
        let found = all.filter_map(|(sum, traces)| Some(((*sum)?, traces.as_deref()?)));
        known.write(asked.git, asked.log, found);
    }
    let origins = { pasts.iter().zip(traced) }.map(|(past, (_, traces))| {
        let given = past.given.iter().zip(traces.into_iter().flatten());
        let origins = given.map(|(given, trace)| Origin {
            spot: given.spot,
            person: given.signature.person,
            trace,
        });
        (past.record, origins.collect())
    });
    Ok(origins.collect())
}

/// What the files said whose pasts have no trace yet, by object.
fn texts<'r, 'i>(
    asked: &Asked<'_>,
    pasts: impl Iterator<Item = (&'i Past<'r>, &'i Traced)>,
) -> Result<HashMap<&'r str, Vec<u8>>, GitError>
where
    'r: 'i,
{
    let objects: BTreeSet<&Arc<str>> = pasts
        .filter(|(_, (_, traces))| traces.is_none())
        .flat_map(|(past, _)| past.objects())
        .collect();
    let names: Vec<&str> = objects.iter().map(|object| &***object).collect();
    let bytes = match names.is_empty() {
        true => Vec::new(),
        false => asked.git.small_objects(&names)?,
    };
    Ok({ objects.into_iter().zip(bytes) }
        .filter_map(|(object, bytes)| Some((&**object, bytes?)))
        .collect())
}

/// A version of the record, with the signatures in it.
struct Old {
    record: Record,
    file: SourceFile,
}

impl Old {
    fn version<'v>(&'v self, register: &'v Register) -> Version<'v> {
        Version {
            register,
            record: &self.record,
            file: &self.file,
        }
    }
}

/// What a version says of signatures: each by its key, with what it covers.
type Keys = HashMap<String, Signed>;

struct Tracing<'a, 'r> {
    register: &'r Register,
    past: &'a Past<'r>,
    /// By object.
    versions: HashMap<&'r str, Keys>,
}

impl<'a, 'r> Tracing<'a, 'r> {
    fn new(register: &'r Register, past: &'a Past<'r>, texts: &HashMap<&str, Vec<u8>>) -> Self {
        let mut versions: HashMap<&'r str, Keys> = HashMap::new();
        for change in &past.trail {
            for object in change.before.iter().chain([&change.object]) {
                if !versions.contains_key(&**object)
                    && let Some(bytes) = texts.get(&**object)
                {
                    versions.insert(object, keys_of(register, past.path, bytes));
                }
            }
        }
        Tracing {
            register,
            past,
            versions,
        }
    }

    fn keys(&self, object: &str) -> Option<&Keys> {
        self.versions.get(object)
    }

    fn has(&self, object: &str, key: &str) -> bool {
        self.keys(object).is_some_and(|keys| keys.contains_key(key))
    }

    /// What became of each signature, in their order.
    fn traces(&self, edited: bool, shallow: bool) -> Vec<Trace> {
        let record = &self.register.records[self.past.record];
        let now = Version::new(self.register, record);
        let mut traces = Vec::with_capacity(self.past.given.len());
        for given in &self.past.given {
            let key = given.key(now);
            let (added, at) = self.added(&key, edited, shallow);
            let changed = at.and_then(|at| {
                let was = self.keys(&self.past.trail[at].object)?.get(&key)?;
                self.changed(&key, was, &signed(now, given), at, edited)
            });
            traces.push(Trace { added, changed });
        }
        traces
    }

    /// What added a signature, and the index of that change in the trail.
    fn added(&self, key: &str, edited: bool, shallow: bool) -> (Added, Option<usize>) {
        let trail = &self.past.trail;
        for (index, change) in trail.iter().enumerate() {
            let after = self.has(&change.object, key);
            let before = |all: bool| match all {
                true => change.before.iter().all(|object| self.has(object, key)),
                false => change.before.iter().any(|object| self.has(object, key)),
            };
            if after && !before(false) {
                // of a merge it is not told whose hand it was
                return match change.before.len() {
                    1 => (Added::By(change.commit), Some(index)),
                    _ => (Added::Merged(Some(change.commit)), Some(index)),
                };
            }
            if !after && before(true) {
                // it was taken out, and is there: put back by no commit
                let added = match edited {
                    true => Added::NotYet,
                    false => Added::Merged(None),
                };
                return (added, None);
            }
        }
        let known = trail.iter().any(|change| {
            let mut objects = change.before.iter().chain([&change.object]);
            objects.any(|object| self.has(object, key))
        });
        let added = match (edited && !known && !trail.is_empty(), shallow) {
            (true, _) => Added::NotYet,
            // what the oldest known commit found there, or nothing is known at all
            (false, true) => Added::Unknown,
            (false, false) if edited || trail.is_empty() => Added::NotYet,
            (false, false) => Added::Merged(None),
        };
        (added, None)
    }

    /// The change since that one of the trail by which something of what was
    /// signed was lost; none while all of it stands.
    fn changed(
        &self,
        key: &str,
        was: &Signed,
        now: &Signed,
        at: usize,
        edited: bool,
    ) -> Option<Option<usize>> {
        was.first_lost(now)?;
        let stands = |object: &str| {
            let found = self.keys(object).and_then(|keys| keys.get(key));
            found.is_some_and(|found| was.first_lost(found).is_none())
        };
        let since = self.past.trail[..at].iter().rev();
        let lost = { since }.find(|change| {
            self.has(&change.object, key)
                && !stands(&change.object)
                && change.before.iter().any(|object| stands(object))
        });
        let newest = self.past.trail[..at].first();
        let newest = newest.filter(|_| !edited);
        Some(lost.or(newest).map(|change| change.commit))
    }
}

fn keys_of(register: &Register, path: &str, bytes: &[u8]) -> Keys {
    // of what is no text nothing was signed
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Keys::new();
    };
    let file = SourceFile::new(path, text);
    let time = &register.settings.time;
    let (record, _) = read_record(
        &register.kinds,
        &register.organisation,
        time,
        FileId(0),
        &file,
    );
    let Some(record) = record else {
        return Keys::new();
    };
    let old = Old { record, file };
    let version = old.version(register);
    let given = given(version);
    given
        .iter()
        .map(|given| (given.key(version), signed(version, given)))
        .collect()
}
