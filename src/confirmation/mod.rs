//! How strongly signatures confirm (D9), and whether what was signed still
//! stands: asked of git once, told beside each signature of a register.
//!
//! Three levels: a name stands in the record (`typed`); the commit that added
//! it is the person's (`committed`); that commit is signed by a key listed for
//! the person (`signed`). It is 线上确认, and does not claim to be a 可靠的电子签名.
//!
//! Invariants: git's own tools verify nothing, and no configuration of the
//! repository changes what is found; only records that hold signatures are
//! looked at, all objects are asked for at once, a commit is verified once.
//! Times are those that commits say of themselves, none earlier than that of
//! what it rests on.

mod kept;
mod openpgp;
mod past;
mod verify;

pub use verify::verify;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::calendar::Calendar;
use crate::change::SignatureSpot;
use crate::definition::Confirmation;
use crate::history::{Commit, CommitObject, Git, GitError, Log};
use crate::organisation::{Organisation, Person, PersonId};
use crate::record::{Altered, Brought, Cell, Doubt, Record, SectionValue, Standing, Value};
use crate::register::Register;
use past::{Added, Origin};

/// What git is asked about.
pub struct Asked<'a> {
    /// The repository.
    pub git: &'a Git,
    /// Its past, up to the version that the register is of.
    pub log: &'a Log,
    /// The files that say something else than in the newest commit of it.
    pub edited: &'a BTreeSet<String>,
    /// Whose mail addresses and keys count, where that is not the register's
    /// own organisation: a change does not vouch for itself.
    pub trusted: Option<&'a Organisation>,
    /// The files whose records are asked about; none for all.
    pub only: Option<&'a BTreeSet<String>>,
}

/// Tells beside every signature of the register how it stands. Without a
/// commit nothing is told.
pub fn establish(register: &mut Register, asked: &Asked<'_>) -> Result<(), GitError> {
    if asked.log.commits.is_empty() {
        return Ok(());
    }
    let origins = past::origins(register, asked)?;
    let signers = Signers {
        register,
        trusted: asked.trusted,
    };
    let commits = commits(asked, &origins)?;
    let keyed: BTreeSet<(usize, PersonId)> = origins
        .iter()
        .flat_map(|(_, origins)| origins)
        .filter_map(|origin| match origin.trace.added {
            Added::By(commit) => Some((commit, origin.person?)),
            _ => None,
        })
        .collect();
    let verdicts: Verdicts = keyed
        .into_par_iter()
        .map(|key| {
            let found = commits.get(&key.0);
            let verdict = judge(found, signers.person(key.1), &register.calendar);
            (key, verdict)
        })
        .collect();
    let told: Vec<(usize, Vec<(SignatureSpot, Standing)>)> = origins
        .iter()
        .map(|(record, origins)| {
            let told = origins.iter();
            let told = told.map(|origin| (origin.spot, standing(asked.log, origin, &verdicts)));
            (*record, told.collect())
        })
        .collect();
    for (record, standings) in told {
        for (spot, standing) in standings {
            tell(&mut register.records[record], spot, standing);
        }
    }
    Ok(())
}

/// Whose mail addresses and keys count.
struct Signers<'a> {
    register: &'a Register,
    trusted: Option<&'a Organisation>,
}

impl<'a> Signers<'a> {
    fn person(&self, id: PersonId) -> &'a Person {
        let person = self.register.organisation.person(id);
        self.trusted
            .and_then(|trusted| Some(trusted.person(trusted.find_person(&person.id)?)))
            .unwrap_or(person)
    }
}

/// How strongly a commit confirms for a person, and why not more strongly.
type Verdict = (Confirmation, Option<Doubt>);
/// Verdicts by commit and person.
type Verdicts = HashMap<(usize, PersonId), Verdict>;

fn judge(
    commit: Option<&(CommitObject, Timestamp)>,
    person: &Person,
    calendar: &Calendar,
) -> Verdict {
    let typed = |doubt| (Confirmation::Typed, Some(doubt));
    let Some((commit, at)) = commit else {
        return typed(Doubt::Broken);
    };
    let Some(email) = person.email.as_deref() else {
        return typed(Doubt::NoEmail);
    };
    if !email.eq_ignore_ascii_case(commit.author.trim()) {
        return typed(Doubt::OtherAuthor);
    }
    match verify(commit, *at, &person.keys, calendar) {
        Ok(()) => (Confirmation::Signed, None),
        Err(doubt) => (Confirmation::Committed, Some(doubt)),
    }
}

/// The commits that signatures came with, and when each was made: not before
/// what it rests on.
fn commits(
    asked: &Asked<'_>,
    origins: &[(usize, Vec<Origin>)],
) -> Result<HashMap<usize, (CommitObject, Timestamp)>, GitError> {
    let wanted: BTreeSet<usize> = origins
        .iter()
        .flat_map(|(_, origins)| origins)
        .filter_map(|origin| match origin.trace.added {
            Added::By(commit) => Some(commit),
            _ => None,
        })
        .collect();
    let ids = wanted.iter().map(|index| &*asked.log.commits[*index].id);
    let found = asked.git.commits(&ids.collect::<Vec<_>>())?;
    let times: HashMap<&str, Timestamp> = asked
        .log
        .commits
        .iter()
        .map(|commit| (&*commit.id, commit.at))
        .collect();
    let with_times = wanted.into_iter().zip(found).filter_map(|(index, found)| {
        let commit = found?;
        let parents = commit.parents.iter();
        let at = parents
            .filter_map(|parent| times.get(&**parent).copied())
            .fold(commit.at, Timestamp::max);
        Some((index, (commit, at)))
    });
    Ok(with_times.collect())
}

fn standing(log: &Log, origin: &Origin, verdicts: &Verdicts) -> Standing {
    let commit = |index: usize| brought(&log.commits[index]);
    let typed = |doubt| Standing {
        level: Some(Confirmation::Typed),
        doubt: Some(doubt),
        ..Standing::default()
    };
    let mut standing = match origin.trace.added {
        Added::Unknown => Standing {
            doubt: Some(Doubt::Shallow),
            ..Standing::default()
        },
        Added::NotYet => typed(Doubt::NotCommitted),
        Added::Merged(index) => Standing {
            commit: index.map(commit),
            ..typed(Doubt::Merged)
        },
        Added::By(index) => {
            let verdict = origin
                .person
                .and_then(|person| verdicts.get(&(index, person)));
            let outsider = (Confirmation::Typed, Some(Doubt::Outsider));
            let (level, doubt) = verdict.cloned().unwrap_or(outsider);
            Standing {
                level: Some(level),
                commit: Some(commit(index)),
                doubt,
                changed: None,
            }
        }
    };
    standing.changed = origin.trace.changed.map(|by| Altered {
        commit: by.map(commit),
    });
    standing
}

fn brought(commit: &Commit) -> Brought {
    Brought {
        id: commit.short().into(),
        author: Arc::from(&*commit.author),
        at: commit.at,
    }
}

/// Puts it beside the signature.
fn tell(record: &mut Record, spot: SignatureSpot, standing: Standing) {
    let row = match record.sections.get_mut(spot.section) {
        Some(SectionValue::One(row)) => Some(row),
        Some(SectionValue::Many(rows)) => rows.get_mut(spot.row),
        _ => None,
    };
    let mut cell: Option<&mut Cell> = row.and_then(|row| row.cells.get_mut(spot.field)?.as_mut());
    if let Some((at, column)) = spot.inner {
        cell = cell.and_then(|cell| match &mut cell.value {
            Value::Rows(rows) => rows.get_mut(at)?.cells.get_mut(column)?.as_mut(),
            _ => None,
        });
    }
    if let Some(item) = spot.item {
        cell = cell.and_then(|cell| match &mut cell.value {
            Value::Many(items) => items.get_mut(item),
            _ => None,
        });
    }
    if let Some(Cell {
        value: Value::Signature(signature),
        ..
    }) = cell
    {
        signature.standing = Some(Box::new(standing));
    }
}
