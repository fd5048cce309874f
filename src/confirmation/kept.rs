//! What was found of signatures' pasts, kept from one run to the next
//! ([`crate::history::kept`]): a record's is the same while its text, its past
//! and the definitions are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::past::{Past, Trace};
use crate::digest::Digest;
use crate::history::kept::{self, Names};
use crate::history::{Git, Log};
use crate::register::Register;

const FILE: &str = "signatures";

/// Of what something was found out.
pub(super) type Sum = [u8; 32];

/// What is known of records' signatures, in the order of their kinds.
#[derive(Default)]
pub(super) struct Known {
    traces: BTreeMap<Sum, Vec<Trace<u32>>>,
    commits: Vec<Arc<str>>,
}

/// The file, with numbers for commits.
#[derive(Serialize, Deserialize)]
struct Kept {
    commits: Vec<String>,
    traces: BTreeMap<Sum, Vec<Trace<u32>>>,
}

impl Known {
    /// What is kept.
    pub fn read(git: &Git) -> Known {
        let kept: Option<Kept> = kept::read(git, FILE);
        kept.map_or_else(Known::default, |kept| Known {
            traces: kept.traces,
            commits: kept.commits.iter().map(|id| Arc::from(&**id)).collect(),
        })
    }

    /// What is known of so many signatures of a past, with commits as places
    /// in the log.
    pub fn of(
        &self,
        sum: &Sum,
        signatures: usize,
        places: &HashMap<&str, usize>,
    ) -> Option<Vec<Trace>> {
        let place = |number: u32| places.get(&**self.commits.get(number as usize)?).copied();
        let traces = self.traces.get(sum)?;
        let traces: Vec<Trace> = { traces.iter() }
            .map(|trace| trace.map(place))
            .collect::<Option<_>>()?;
        (traces.len() == signatures).then_some(traces)
    }

    /// Keeps what was found out now, and what was known before as long as that
    /// is not more: another branch may be asked for next.
    pub fn write<'t>(&self, git: &Git, log: &Log, found: impl Iterator<Item = (Sum, &'t [Trace])>) {
        let mut names = Names::default();
        let mut traces = BTreeMap::new();
        for (sum, found) in found {
            let mut number = |place: usize| {
                let commit = log.commits.get(place)?;
                Some(names.number(&Arc::from(&*commit.id)))
            };
            let found: Option<Vec<_>> = found.iter().map(|one| one.map(&mut number)).collect();
            traces.extend(found.map(|found| (sum, found)));
        }
        let most = traces.len() * 2;
        for (sum, before) in &self.traces {
            if traces.len() >= most {
                break;
            }
            let mut number = |old: u32| Some(names.number(self.commits.get(old as usize)?));
            let again: Option<Vec<_>> = before.iter().map(|one| one.map(&mut number)).collect();
            if let Some(again) = again {
                traces.entry(*sum).or_insert(again);
            }
        }
        let commits = names.into_all();
        kept::write(git, FILE, &Kept { commits, traces });
    }
}

/// Of what a record's signatures were found out.
pub(super) fn sum(
    register: &Register,
    definitions: &[u8; 32],
    past: &Past<'_>,
    (log, edited): (&Log, bool),
) -> Sum {
    let mut digest = Digest::default();
    digest.add(definitions);
    digest.add(past.path);
    digest.add([u8::from(edited), u8::from(log.shallow)]);
    let file = register.records[past.record].file;
    digest.add(&register.sources.file(file).text);
    for change in &past.trail {
        digest.add(&log.commits[change.commit].id);
        digest.add([change.before.len() as u8]);
        for object in change.before.iter().chain([&change.object]) {
            digest.add(object.as_bytes());
        }
    }
    *digest.finish().as_bytes()
}
