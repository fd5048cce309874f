//! A change of one record in a repository of git, for what a pull request costs.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Commits all files and changes the title of one record that is open.
pub fn commit_and_change(root: &Path) -> Result<(), Box<dyn Error>> {
    let steps: [&[&str]; 3] = [
        &["init", "--quiet", "--initial-branch=main"],
        &["add", "--all"],
        &["commit", "--quiet", "--message", "all"],
    ];
    for arguments in steps {
        let ended = Command::new("git")
            .current_dir(root)
            .args(["-c", "user.name=bench"])
            .args(["-c", "user.email=bench@example.com"])
            .args(["-c", "gc.auto=0", "-c", "commit.gpgSign=false"])
            .args(arguments)
            .status()?;
        if !ended.success() {
            return Err(format!("git {arguments:?} ended with {ended}").into());
        }
    }
    let record = open_record(&root.join("records"))?.ok_or("no open record")?;
    let text = fs::read_to_string(&record)?;
    let line = text.lines().find(|line| line.starts_with("title = \""));
    let line = line.ok_or("a record without a title")?;
    let changed = format!("{}二\"", line.trim_end_matches('"'));
    fs::write(&record, text.replacen(line, &changed, 1))?;
    Ok(())
}

/// The first record, by path, that waits for an answer.
fn open_record(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if let Some(found) = open_record(&path)? {
                return Ok(Some(found));
            }
        } else if fs::read_to_string(&path)?.contains("\nstate = \"submitted\"\n") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
