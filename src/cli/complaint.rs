//! Why a command cannot run, and what to do about it.

use std::path::Path;

use crate::history::GitError;
use crate::report::{single_line, without_commands};
use crate::words::Words;

/// Says on stderr why a command cannot run, and what to do (`NAME-help`).
pub(super) fn complain(words: &Words, name: &str, values: &[(&str, &str)]) {
    // revisions, paths and what git says may be anybody's
    let values: Vec<(&str, String)> = values
        .iter()
        .map(|(name, value)| (*name, single_line(value)))
        .collect();
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let text = format!(
        "{}: {}",
        words.get("levels.error"),
        words.filled(name, &values)
    );
    eprintln!("{}", without_commands(&text));
    let help = format!("{name}-help");
    if words.find(&help).is_some() {
        let help = words.filled(&help, &values);
        eprintln!("  {}: {help}", words.get("report.help"));
    }
}

/// Whether there is a register at `root`; says what to do if not.
pub(super) fn is_repository(root: &Path, words: &Words) -> bool {
    let shown = root.display().to_string();
    if !root.is_dir() {
        complain(words, "cli.no-root", &[("path", &shown)]);
        return false;
    }
    if !root.join("taizhang.toml").exists() && !root.join(crate::register::RECORDS).is_dir() {
        complain(words, "cli.no-repository", &[("path", &shown)]);
        return false;
    }
    true
}

/// Says why git had no answer about a revision, and what to do.
pub(super) fn of_git(words: &Words, revision: &str, error: &GitError) {
    match error {
        GitError::UnknownRevision(_) => {
            complain(words, "cli.unknown-revision", &[("name", revision)]);
        }
        GitError::Missing | GitError::NoRepository => complain(words, "cli.no-git", &[]),
        GitError::Failed(detail) => complain(words, "cli.git-failed", &[("detail", detail)]),
    }
}
