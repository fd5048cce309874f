//! Asking git what commits did: one walk, in as many parts as there are cores.
//!
//! Invariant: what is said of a commit depends on that commit alone, but for
//! the oldest of a shallow clone.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::git::{Git, GitError};
use super::log::{Change, Did, Log, is_nothing};
use super::snapshot::Commit;
use super::trail;

/// Fewer commits are not worth another process.
const AT_LEAST: usize = 250;
/// Older trees are smaller: so many parts for each core end at about one time.
const PARTS: usize = 4;

/// What these commits did, in their order. Not indexed.
pub(super) fn walk(git: &Git, ids: &[&str], boundary: &[String]) -> Result<Log, GitError> {
    let mut log = Log {
        shallow: !boundary.is_empty(),
        ..Log::default()
    };
    if ids.is_empty() {
        return Ok(log);
    }
    let part = ids.len().div_ceil(rayon::current_num_threads() * PARTS);
    let answers: Vec<Vec<u8>> = ids
        .par_chunks(part.max(AT_LEAST))
        .map(|ids| ask(git, ids))
        .collect::<Result<_, _>>()?;
    for answer in &answers {
        parse(&mut log, answer, |path| git.below_root(path), boundary);
    }
    trail::find_moves(&mut log.changes);
    trail::find_renumbered(git, &mut log)?;
    Ok(log)
}

fn ask(git: &Git, ids: &[&str]) -> Result<Vec<u8>, GitError> {
    let names: String = ids.iter().flat_map(|id| [*id, "\n"]).collect();
    let arguments = [
        "log",
        "--no-walk=unsorted",
        "--stdin",
        "--raw",
        "-z",
        "--no-abbrev",
        "--no-renames",
        "--root",
        "--diff-merges=combined",
        "--format=%x01%H%x00%an%x00%ae%x00%ct%x00%s%x00",
    ];
    git.run_with(arguments, names.as_bytes())
}

/// git's answer: a commit starts with U+0001 and has five fields; its changes
/// follow, two fields each.
fn parse<'a>(
    log: &mut Log,
    answer: &'a [u8],
    below_root: impl Fn(&'a str) -> Option<&'a str>,
    boundary: &[String],
) {
    let mut fields = answer.split(|byte| *byte == 0);
    let mut known = true;
    while let Some(field) = fields.next() {
        let field = field.strip_prefix(b"\n").unwrap_or(field);
        if let Some(id) = field.strip_prefix(b"\x01") {
            let mut text = || String::from_utf8_lossy(fields.next().unwrap_or_default());
            let (author, email) = (text().into_owned(), text().into_owned());
            let seconds = text().parse().unwrap_or_default();
            log.subjects.push(text().into_owned());
            let id = String::from_utf8_lossy(id).into_owned();
            known = !boundary.contains(&id);
            log.commits.push(Commit {
                id,
                author,
                email,
                at: Timestamp::from_second(seconds).unwrap_or_default(),
            });
        } else if let Some(raw) = field.strip_prefix(b":") {
            let path = fields.next().unwrap_or_default();
            let (true, Ok(raw), Ok(path)) =
                (known, std::str::from_utf8(raw), std::str::from_utf8(path))
            else {
                continue;
            };
            if let Some(path) = below_root(path) {
                let commit = log.commits.len().saturating_sub(1);
                log.changes.push(change(commit, path, raw));
            }
        }
    }
}

/// One change as git says it behind the first colon: a further colon for each
/// further parent, then modes before and after, objects before and after, and
/// what was done.
fn change(commit: usize, path: &str, raw: &str) -> Change {
    let told = raw.trim_start_matches(':');
    let parents = raw.len() - told.len() + 1;
    let mut parts = told.split(' ').skip(parents + 1);
    let before: Box<[Arc<str>]> = parts.by_ref().take(parents).map(Arc::from).collect();
    let object: Arc<str> = parts.next().unwrap_or_default().into();
    let was_there = before.iter().any(|before| !is_nothing(before));
    let did = match (was_there, is_nothing(&object)) {
        (false, _) => Did::Added,
        (true, true) => Did::Deleted,
        (true, false) => Did::Changed,
    };
    Change {
        commit,
        path: path.into(),
        did,
        from: None,
        before,
        object,
    }
}
