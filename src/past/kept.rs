//! What has been found out, kept in the git directory from one run to the next.
//!
//! Invariants: it is no source of anything. What is damaged, of another
//! format, or of other definitions counts as not there, and a folder that
//! cannot be written costs time alone. It is written in whole or not at all.
//! It knows nothing of audiences: what it holds is filtered when it is shown.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fact::Fact;
use super::head::Reading;
use crate::history::{Change, Commit, Did, Git, Log};
use crate::register::Register;

/// What the file begins with: the program and its format.
const FORMAT: &[u8] = concat!("taizhang history ", env!("CARGO_PKG_VERSION"), " 1\n").as_bytes();
const FILE: &str = "history";

/// The objects of two versions.
type Pair = (Arc<str>, Arc<str>);

/// What is known of the versions of records.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What each object says.
    pub versions: HashMap<Arc<str>, Reading>,
    /// What differs between two objects.
    pub facts: HashMap<Pair, Arc<[Fact]>>,
}

/// The file, with names once and numbers for them.
#[derive(Serialize, Deserialize)]
struct Kept {
    definitions: [u8; 32],
    /// The folder of the work tree that paths are from.
    prefix: String,
    commits: Vec<KeptCommit>,
    names: Vec<String>,
    changes: Vec<KeptChange>,
    versions: Vec<(u32, Reading)>,
    facts: Vec<(u32, u32, Vec<Fact>)>,
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

const DID: [Did; 4] = [Did::Added, Did::Changed, Did::Moved, Did::Deleted];

/// Where it is kept; none where git does not say.
pub(super) fn folder(git: &Git) -> Option<PathBuf> {
    git.own_folder("taizhang").ok()
}

/// What is kept in a folder: the past as far as it was known, and what is
/// known of versions, of these definitions only.
pub(super) fn read(folder: &Path, git: &Git, definitions: &[u8; 32]) -> Option<(Log, Known)> {
    let bytes = std::fs::read(folder.join(FILE)).ok()?;
    let rest = bytes.strip_prefix(FORMAT)?;
    let (sum, content) = rest.split_at_checked(32)?;
    if blake3::hash(content).as_bytes() != sum {
        return None;
    }
    let kept: Kept = postcard::from_bytes(content).ok()?;
    if kept.prefix != git.prefix() {
        return None;
    }
    let names: Vec<Arc<str>> = kept.names.iter().map(|name| Arc::from(&**name)).collect();
    let name = |index: u32| names.get(index as usize).cloned();
    let mut log = Log::default();
    for commit in kept.commits {
        log.subjects.push(commit.subject);
        log.commits.push(Commit {
            id: commit.id,
            author: commit.author,
            email: commit.email,
            at: Timestamp::from_second(commit.seconds).ok()?,
        });
    }
    for change in kept.changes {
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
    let mut known = Known::default();
    if kept.definitions == *definitions {
        for (object, reading) in kept.versions {
            known.versions.insert(name(object)?, reading);
        }
        for (before, after, facts) in kept.facts {
            known
                .facts
                .insert((name(before)?, name(after)?), facts.into());
        }
    }
    Some((log, known))
}

/// Keeps it. What goes wrong is nobody's trouble: it is found out again.
pub(super) fn write(folder: &Path, git: &Git, definitions: &[u8; 32], log: &Log, known: &Known) {
    let mut content = FORMAT.to_vec();
    content.extend([0; 32]);
    let Ok(mut content) = postcard::to_extend(&kept(git, definitions, log, known), content) else {
        return;
    };
    let (head, rest) = content.split_at_mut(FORMAT.len() + 32);
    head[FORMAT.len()..].copy_from_slice(blake3::hash(rest).as_bytes());
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&content)?;
        file.persist(folder.join(FILE))?;
        Ok(())
    };
    let _ = write();
}

fn kept(git: &Git, definitions: &[u8; 32], log: &Log, known: &Known) -> Kept {
    let mut names = Names::default();
    let changes = log
        .changes
        .iter()
        .map(|change| KeptChange {
            commit: number(change.commit),
            path: names.number(&change.path),
            did: DID.iter().position(|did| *did == change.did).unwrap_or(0) as u8,
            from: change.from.as_ref().map(|from| names.number(from)),
            before: change.before.iter().map(|one| names.number(one)).collect(),
            object: names.number(&change.object),
        })
        .collect();
    // of objects that no commit here has any more nothing is kept
    let of = |object: &Arc<str>| names.numbers.get(object).copied();
    let versions = known.versions.iter();
    let mut versions: Vec<(u32, Reading)> = versions
        .filter_map(|(object, reading)| Some((of(object)?, reading.clone())))
        .collect();
    versions.sort_by_key(|(object, _)| *object);
    let facts = known.facts.iter();
    let mut facts: Vec<(u32, u32, Vec<Fact>)> = facts
        .filter_map(|((old, new), facts)| Some((of(old)?, of(new)?, facts.to_vec())))
        .collect();
    facts.sort_by_key(|(before, after, _)| (*before, *after));
    let commits = log.commits.iter().zip(&log.subjects);
    Kept {
        definitions: *definitions,
        prefix: git.prefix().to_owned(),
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
        versions,
        facts,
        names: names.all,
    }
}

#[derive(Default)]
struct Names {
    all: Vec<String>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Names {
    fn number(&mut self, name: &Arc<str>) -> u32 {
        *self.numbers.entry(name.clone()).or_insert_with(|| {
            self.all.push((**name).to_owned());
            number(self.all.len() - 1)
        })
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What decides how a version is understood: the kinds, the names that the
/// organisation gives, the zone of times without one.
pub(super) fn definitions(register: &Register) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut add = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    for (path, template) in register.templates.below("kinds/") {
        add(path.as_bytes());
        add(&template.bytes);
    }
    let organisation = &register.organisation;
    for (what, ids) in [
        (
            "people",
            organisation
                .people
                .iter()
                .map(|one| &*one.id)
                .collect::<Vec<&str>>(),
        ),
        (
            "departments",
            organisation
                .departments
                .iter()
                .map(|one| &*one.id)
                .collect(),
        ),
        (
            "parties",
            organisation.parties.iter().map(|one| &*one.id).collect(),
        ),
    ] {
        add(what.as_bytes());
        let mut ids = ids;
        ids.sort_unstable();
        for id in ids {
            add(id.as_bytes());
        }
    }
    add(format!("{:?}", register.settings.time.time_zone).as_bytes());
    *hasher.finalize().as_bytes()
}
