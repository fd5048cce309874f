//! What git asks of a merge driver: three files, of which one is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Frame, Outcome, Style, merge};
use crate::register::{LoadOptions, ORGANISATION, RECORDS, Register, load_tree};
use crate::source::{MAXIMUM_FILE_SIZE, Tree, ordinary_size};

/// What git hands over.
#[derive(Clone, Debug)]
pub struct Task {
    /// The version that both come from; empty where both have added the file.
    pub base: PathBuf,
    /// Ours, which the result is written to.
    pub ours: PathBuf,
    /// Theirs.
    pub theirs: PathBuf,
    /// What the file is called, from the root of the register.
    pub path: String,
}

/// What has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Driven {
    /// It was merged part by part.
    Merged(Outcome),
    /// Only its lines could be merged, by git itself.
    Lines {
        /// Why.
        why: Textual,
        /// Whether lines conflict.
        conflicts: bool,
    },
}

/// Why only lines can be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Textual {
    /// A version is larger than [`MAXIMUM_FILE_SIZE`].
    TooLarge,
    /// A version is no UTF-8.
    NotUtf8,
    /// A version is no TOML, or has too many rows without a name.
    NotToml,
}

/// Why nothing was merged.
#[derive(Debug)]
pub enum Failure {
    /// A file cannot be read or written.
    System(PathBuf, std::io::Error),
    /// What git said.
    Git(String),
}

/// The definitions of a register, without its records.
pub struct Definitions {
    /// The register, which has no records.
    pub register: Register,
}

impl Definitions {
    /// Reads the definitions of the work tree. In the middle of a merge they may
    /// be unfinished themselves: in place of a file that cannot be read the
    /// built-in one counts.
    pub fn read(root: &Path) -> Self {
        let folder = Tree::folder(root);
        let mut files = std::collections::BTreeMap::new();
        if let Ok(bytes) = folder.bytes("taizhang.toml", MAXIMUM_FILE_SIZE) {
            files.insert("taizhang.toml".to_owned(), Ok(bytes));
        }
        for (path, bytes) in folder.bytes_below("templates", ordinary_size) {
            files.insert(format!("templates/{path}"), Ok(bytes));
        }
        let options = LoadOptions::default();
        let loaded = load_tree(&Tree::Version(files.clone()), &options);
        let sources = &loaded.register.sources;
        let broken: Vec<&str> = loaded
            .findings
            .iter()
            .filter(|finding| {
                matches!(
                    &*finding.rule,
                    "toml-syntax" | "merge-conflict" | "unreadable-file"
                )
            })
            .map(|finding| &*sources.file(finding.place.file).path)
            .filter(|path| files.contains_key(*path))
            .collect();
        if broken.is_empty() {
            return Definitions {
                register: loaded.register,
            };
        }
        let mut sound = files.clone();
        sound.retain(|path, _| !broken.contains(&path.as_str()));
        let register = load_tree(&Tree::Version(sound), &options).register;
        Definitions { register }
    }
}

/// Merges the files of a task and writes the result to ours.
pub fn drive(task: &Task, definitions: &Definitions, style: &Style) -> Result<Driven, Failure> {
    let mut texts: Vec<String> = Vec::with_capacity(3);
    for path in [&task.base, &task.ours, &task.theirs] {
        let system = |error| Failure::System(path.clone(), error);
        if fs::metadata(path).map_err(system)?.len() > MAXIMUM_FILE_SIZE {
            return by_lines(task, style, Textual::TooLarge);
        }
        match String::from_utf8(fs::read(path).map_err(system)?) {
            Ok(text) => texts.push(text),
            Err(_) => return by_lines(task, style, Textual::NotUtf8),
        }
    }
    let [base, ours, theirs] = texts.as_slice() else {
        return by_lines(task, style, Textual::NotToml);
    };
    let register = &definitions.register;
    let in_records = task.path.strip_prefix(RECORDS);
    let is_record = in_records.is_some_and(|rest| rest.starts_with('/'))
        && !task.path.starts_with(ORGANISATION);
    let frame = Frame {
        kinds: if is_record { &register.kinds } else { &[] },
        zone: &register.settings.time.time_zone,
    };
    let Some(outcome) = merge(base, ours, theirs, frame, style) else {
        return by_lines(task, style, Textual::NotToml);
    };
    fs::write(&task.ours, &outcome.text)
        .map_err(|error| Failure::System(task.ours.clone(), error))?;
    Ok(Driven::Merged(outcome))
}

/// Leaves it to git, which merges lines.
fn by_lines(task: &Task, style: &Style, why: Textual) -> Result<Driven, Failure> {
    let output = Command::new("git")
        .arg("merge-file")
        .arg(format!("--marker-size={}", style.size))
        .args(["-L", &style.ours, "-L", "base", "-L", &style.theirs])
        .args([&task.ours, &task.base, &task.theirs])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::Git(error.to_string()))?;
    // git gives the number of conflicts, and something beyond that when it fails
    match output.status.code() {
        Some(conflicts @ 0..=127) => Ok(Driven::Lines {
            why,
            conflicts: conflicts > 0,
        }),
        _ => {
            let detail = String::from_utf8_lossy(&output.stderr);
            Err(Failure::Git(detail.trim().to_owned()))
        }
    }
}
