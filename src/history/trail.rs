//! One file through the past, also where it lay elsewhere.
//!
//! A file was moved when one commit deletes it here and adds it there: with
//! the same bytes, or as a record with the same number in its name. Only of a
//! record that got another number is git asked what is similar: for all
//! commits that would cost more than the whole walk.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::git::{Git, GitError};
use super::log::{Change, Did, Log};

/// Where files are known by their names: a record's is its number.
const RECORDS: &str = "records/";
/// Of no more commits git is asked what is similar.
const MOST_ASKED: usize = 500;

impl Log {
    /// All that was done to a file, named by its path from the root: newest
    /// first, from before it was moved too. Empty for a path that nothing is
    /// known of.
    ///
    /// What branches did to it before they knew of a move is among it. A file
    /// that was deleted and put back is one file.
    pub fn trail(&self, path: &str) -> Vec<&Change> {
        let indexes = self.trail_indexes(path).into_iter();
        indexes.map(|index| &self.changes[index]).collect()
    }

    /// The same as indexes of [`Log::changes`].
    pub fn trail_indexes(&self, path: &str) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        // where it lay, and since which change it has not (none: it does)
        let mut places: Vec<(&str, Option<usize>)> = vec![(path, None)];
        while let Some((path, moved_on)) = places.pop() {
            let all = self.of_path.get(path).map_or(&[][..], |all| all);
            let later = moved_on.map_or(0, |moved| all.partition_point(|index| *index < moved));
            // what branches did meanwhile is its own, up to the next file there
            let began = |index: &usize| matches!(self.changes[*index].did, Did::Added | Did::Moved);
            let first = all[..later].iter().rposition(began).map_or(0, |at| at + 1);
            for (at, index) in all.iter().enumerate().skip(first) {
                found.insert(*index);
                let change = &self.changes[*index];
                if let Some(from) = &change.from {
                    places.push((from, Some(*index)));
                    break;
                }
                let older = all.get(at + 1).copied().unwrap_or(usize::MAX);
                let left = self.left.get(path).into_iter().flatten();
                // the one that lay here before went elsewhere: another file
                if change.did == Did::Added && { left }.any(|left| (*index..older).contains(left)) {
                    break;
                }
            }
        }
        found
    }
}

/// Makes one change of the two that a moved file is to git.
pub(super) fn find_moves(changes: &mut Vec<Change>) {
    let mut found = Vec::new();
    for range in commits(changes) {
        let first = range.start;
        let moves = moves(&changes[range]).into_iter();
        found.extend(moves.map(|(added, deleted)| (first + added, first + deleted)));
    }
    join(changes, found);
}

/// The same of records that were given another number: they have another name
/// and say something else. git is asked what is similar, of the few commits
/// alone in which a record went and another one came.
pub(super) fn find_renumbered(git: &Git, log: &mut Log) -> Result<(), GitError> {
    let is_record = |change: &Change| record_name(&change.path).is_some();
    let mut asked: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    for range in commits(&log.changes) {
        let changes = &log.changes[range.clone()];
        let did = |did: Did| { changes.iter() }.any(|one| one.did == did && is_record(one));
        if did(Did::Added) && did(Did::Deleted) && asked.len() < MOST_ASKED {
            let commit = &log.commits[log.changes[range.start].commit];
            asked.insert(&commit.id, range);
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    let names: String = asked.keys().flat_map(|id| [*id, "\n"]).collect();
    let similar = ["-r", "-z", "--raw", "-M70%", "--diff-filter=R"];
    let arguments = ["diff-tree", "--stdin"].into_iter().chain(similar);
    let answer = git.run_with(arguments, names.as_bytes())?;
    let mut fields = answer.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let mut of_commit = 0..0;
    let mut found = Vec::new();
    while let Some(field) = fields.next() {
        if !field.starts_with(':') {
            of_commit = asked.get(&*field).cloned().unwrap_or_default();
            continue;
        }
        let (from, to) = (
            fields.next().unwrap_or_default(),
            fields.next().unwrap_or_default(),
        );
        let place = |path: &str, did: Did| {
            let path = git.below_root(path)?;
            let mut all = of_commit.clone();
            all.find(|index| {
                let change = &log.changes[*index];
                change.did == did && *change.path == *path && is_record(change)
            })
        };
        found.extend(place(&to, Did::Added).zip(place(&from, Did::Deleted)));
    }
    join(&mut log.changes, found);
    Ok(())
}

/// The changes of each commit, as ranges of their indexes.
fn commits(changes: &[Change]) -> impl Iterator<Item = Range<usize>> {
    let mut first = 0;
    changes
        .chunk_by(|a, b| a.commit == b.commit)
        .map(move |of_commit| {
            first += of_commit.len();
            first - of_commit.len()..first
        })
}

/// Makes moves of additions and the deletions that belong to them.
fn join(changes: &mut Vec<Change>, pairs: Vec<(usize, usize)>) {
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    for (added, deleted) in pairs {
        let was = changes[deleted].clone();
        let change = &mut changes[added];
        change.did = Did::Moved;
        change.from = Some(was.path);
        change.before = was.before;
        gone.insert(deleted);
    }
    let mut index = 0;
    changes.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
}

/// Which of a commit's additions are deletions of it, by their places.
fn moves(changes: &[Change]) -> Vec<(usize, usize)> {
    let did = |did: Did| {
        let all = changes.iter().enumerate();
        all.filter(move |(_, change)| change.did == did)
    };
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    let mut by_object: HashMap<&Arc<str>, Vec<usize>> = HashMap::new();
    // the first of those that say the same is taken first
    for (index, change) in did(Did::Deleted).rev() {
        if let Some(name) = record_name(&change.path) {
            by_name.insert(name, index);
        }
        if let Some(before) = change.before.first() {
            by_object.entry(before).or_default().push(index);
        }
    }
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut found = Vec::new();
    let mut unnamed = Vec::new();
    for (index, change) in did(Did::Added) {
        let named = record_name(&change.path).and_then(|name| by_name.get(name));
        match named.filter(|deleted| taken.insert(**deleted)) {
            Some(deleted) => found.push((index, *deleted)),
            None => unnamed.push((index, &change.object)),
        }
    }
    for (index, object) in unnamed {
        let same = by_object.get_mut(object);
        let same = same.and_then(|all| {
            all.retain(|deleted| !taken.contains(deleted));
            all.pop()
        });
        if let Some(deleted) = same {
            taken.insert(deleted);
            found.push((index, deleted));
        }
    }
    found
}

/// The name of a record's file, without folders.
fn record_name(path: &str) -> Option<&str> {
    path.strip_prefix(RECORDS)?
        .rsplit('/')
        .next()?
        .strip_suffix(".toml")
}
