//! Two versions of the register: which record is which, and which other files
//! say something else.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Version;
use crate::register::Register;
use crate::source::SourceFile;

/// A record in the versions that have it, by its index in each register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// In the older one.
    pub before: Option<usize>,
    /// In the newer one.
    pub after: Option<usize>,
}

/// A file of definitions, settings or the organisation that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its path from the root.
    pub path: String,
    /// Whether the older version has it.
    pub before: bool,
    /// Whether the newer version has it.
    pub after: bool,
}

/// Two versions of the register.
pub struct Comparison<'r> {
    /// The older one.
    pub before: &'r Register,
    /// The newer one.
    pub after: &'r Register,
    /// Records that are new, gone, or whose files differ, by number.
    pub pairs: Vec<Pair>,
    /// Files that are no records and differ, by path.
    pub files: Vec<FileChange>,
}

impl<'r> Comparison<'r> {
    /// Both versions of a pair.
    pub fn versions(&self, pair: Pair) -> (Option<Version<'r>>, Option<Version<'r>>) {
        let of = |register: &'r Register, index: Option<usize>| {
            Some(Version::new(register, &register.records[index?]))
        };
        (of(self.before, pair.before), of(self.after, pair.after))
    }
}

/// Compares two versions of the register. A record is known by its number; one
/// whose number is nowhere in the other version is known by its file's path,
/// else by its title, when only its number has changed.
pub fn compare_registers<'r>(before: &'r Register, after: &'r Register) -> Comparison<'r> {
    let mut after_of: Vec<Option<usize>> = before
        .records
        .iter()
        .map(|record| after.find(&record.id.value))
        .collect();
    let mut taken = vec![false; after.records.len()];
    for index in after_of.iter().flatten() {
        taken[*index] = true;
    }
    renumbered(before, after, &mut after_of, &mut taken);
    let mut pairs: Vec<Pair> = after_of
        .iter()
        .enumerate()
        .map(|(index, after)| Pair {
            before: Some(index),
            after: *after,
        })
        .filter(|pair| !says_the_same(before, after, *pair))
        .collect();
    let new = (0..after.records.len()).filter(|index| !taken[*index]);
    pairs.extend(new.map(|index| Pair {
        before: None,
        after: Some(index),
    }));
    pairs.sort_by(|a, b| number(before, after, *a).cmp(&number(before, after, *b)));
    Comparison {
        before,
        after,
        pairs,
        files: changed_files(before, after),
    }
}

/// Finds the records that have another number now.
fn renumbered(
    before: &Register,
    after: &Register,
    after_of: &mut [Option<usize>],
    taken: &mut [bool],
) {
    let mut by_path: HashMap<&str, usize> = HashMap::new();
    let mut by_title: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (index, record) in after.records.iter().enumerate() {
        if !taken[index] {
            by_path.insert(&after.sources.file(record.file).path, index);
            let title = (&*after.kind_of(record).id, record.title.value.trim());
            by_title.entry(title).or_default().push(index);
        }
    }
    for (index, record) in before.records.iter().enumerate() {
        if after_of[index].is_some() {
            continue;
        }
        let path = &*before.sources.file(record.file).path;
        let title = (&*before.kind_of(record).id, record.title.value.trim());
        let by_title = by_title.get(&title).filter(|all| all.len() == 1);
        let found = by_path.get(path).or(by_title.and_then(|all| all.first()));
        if let Some(found) = found.filter(|found| !taken[**found]) {
            taken[*found] = true;
            after_of[index] = Some(*found);
        }
    }
}

/// Whether both files hold the same text; then nothing in them differs, unless
/// definitions do, and a change of those is shown as theirs.
fn says_the_same(before: &Register, after: &Register, pair: Pair) -> bool {
    let (Some(old), Some(new)) = (pair.before, pair.after) else {
        return false;
    };
    let old = before.sources.file(before.records[old].file);
    let new = after.sources.file(after.records[new].file);
    old.text == new.text
}

fn number<'r>(before: &'r Register, after: &'r Register, pair: Pair) -> Option<&'r str> {
    let new = pair.after.map(|index| &after.records[index]);
    let old = pair.before.map(|index| &before.records[index]);
    new.or(old).map(|record| &*record.id.value)
}

fn changed_files(before: &Register, after: &Register) -> Vec<FileChange> {
    let (old, new) = (others(before), others(after));
    let paths: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    paths
        .into_iter()
        .filter_map(|path| {
            let (was, is) = (old.get(path), new.get(path));
            let same = was.map(|file| &file.text) == is.map(|file| &file.text);
            (!same).then(|| FileChange {
                path: path.to_owned(),
                before: was.is_some(),
                after: is.is_some(),
            })
        })
        .collect()
}

/// The repository's files that are no records.
fn others(register: &Register) -> BTreeMap<&str, &SourceFile> {
    let records: HashSet<u32> = register
        .records
        .iter()
        .map(|record| record.file.0)
        .collect();
    register
        .sources
        .iter()
        .filter(|(id, file)| !records.contains(&id.0) && !file.path.starts_with("built-in:"))
        .map(|(_, file)| (&*file.path, file))
        .collect()
}
