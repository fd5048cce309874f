//! The next number of a kind (D8): one above the highest that was ever given
//! in the year. Gaps stay gaps; a number is never given twice.

use std::collections::HashSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::definition::NumberPattern;
use crate::finding::FileId;
use crate::history::Git;
use crate::register::{RECORDS, Register};

/// The number that a file gives itself, even where the rest of it does not parse.
static WRITTEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?m)^\s*id\s*=\s*["']([^"'\r\n]+)"#).ok());

/// The highest sequence of a year that is taken; zero when none is.
///
/// Taken is what [`recorded`] knows, what a file below `records/` is called,
/// and what git ever saw there on any branch.
pub(super) fn highest(register: &Register, root: &Path, pattern: &NumberPattern, year: i16) -> u32 {
    let mut highest = recorded(register, pattern, year);
    let mut take = |number: &str| highest = highest.max(sequence(pattern, year, number));
    // the names as they are now: another `new` may just have made one
    for entry in walkdir::WalkDir::new(root.join(RECORDS))
        .into_iter()
        .filter_map(Result::ok)
    {
        take(stem(&entry.file_name().to_string_lossy()));
    }
    // without git there is no memory of what was deleted, and nothing to say of it
    let remembered = Git::open(root).and_then(|git| git.ever_added(RECORDS));
    for path in remembered.unwrap_or_default() {
        take(stem(&path));
    }
    highest
}

/// The highest sequence of a year that the files of the register have: what a
/// record says, and what a file says although it cannot be read. Zero when
/// there is none.
pub fn recorded(register: &Register, pattern: &NumberPattern, year: i16) -> u32 {
    // what is behind a viewer's wall is taken, too
    let behind = register.given.iter();
    let mut highest = behind
        .filter(|(kind, of, _)| register.kinds[*kind].number == *pattern && *of == year)
        .map(|(.., sequence)| *sequence)
        .max()
        .unwrap_or(0);
    let mut take = |number: &str| highest = highest.max(sequence(pattern, year, number));
    let mut read: HashSet<FileId> = HashSet::with_capacity(register.records.len());
    for record in &register.records {
        take(&record.id.value);
        read.insert(record.file);
    }
    for (id, file) in register.sources.iter() {
        let is_record = file
            .path
            .strip_prefix(RECORDS)
            .is_some_and(|rest| rest.starts_with('/'));
        if !is_record || read.contains(&id) {
            continue;
        }
        if let Some(written) = WRITTEN.as_ref() {
            for found in written.captures_iter(&file.text) {
                take(&found[1]);
            }
        }
    }
    highest
}

/// The sequence of a number of that year; zero when it is none.
fn sequence(pattern: &NumberPattern, year: i16, number: &str) -> u32 {
    match pattern.read(number) {
        Some((of, sequence)) if of == year => sequence,
        _ => 0,
    }
}

/// The name of a file without folders and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}
