//! The list of what earlier builds made: `.taizhang/manifest`.
//!
//! A line a file, so that people can read it too:
//!
//! ```text
//! taizhang-manifest 1
//! d records
//! f 3ba1… 8123 1778115600000000000 records/XT-2026-0012.html
//! end
//! ```
//!
//! Paths are checked again on reading: a manifest someone else wrote must not
//! lead the build to remove anything outside its directory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::{Action, PublishError, check_path};

const HEADING: &str = "taizhang-manifest 1";

/// What was made, and how it looked then.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Files by path.
    pub files: BTreeMap<String, Entry>,
    /// Directories that a build made, and may remove once they are empty.
    pub directories: BTreeSet<String>,
}

/// A file that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Of its content.
    pub fingerprint: blake3::Hash,
    /// Of the file as it was left.
    pub stamp: Stamp,
}

/// What shows cheaply that somebody else wrote to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// In bytes.
    pub size: u64,
    /// Modification time in nanoseconds since 1970; 0 if the file system has none.
    pub modified: u128,
}

impl Stamp {
    pub fn of(found: &Metadata) -> Stamp {
        Stamp {
            size: found.len(),
            modified: found
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .map_or(0, |since| since.as_nanos()),
        }
    }
}

impl Manifest {
    /// Reads a manifest; a missing one is an empty one.
    pub fn read(path: &Path) -> Result<Manifest, PublishError> {
        let text = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Manifest::default()),
            Err(error) => return Err(PublishError::io(Action::Read, path, &error)),
        };
        let damaged = |line| PublishError::ManifestDamaged {
            path: path.to_owned(),
            line,
        };
        let text = String::from_utf8(text).map_err(|error| {
            let whole = error.utf8_error().valid_up_to();
            let lines = error.as_bytes()[..whole].iter().filter(|&&b| b == b'\n');
            damaged(lines.count() + 1)
        })?;
        parse(&text).map_err(damaged)
    }

    /// The text that [`Manifest::read`] reads.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(128 * (self.files.len() + 1));
        text.push_str(HEADING);
        text.push('\n');
        for directory in &self.directories {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "d {directory}");
        }
        for (path, entry) in &self.files {
            let _ = writeln!(
                text,
                "f {} {} {} {path}",
                entry.fingerprint.to_hex(),
                entry.stamp.size,
                entry.stamp.modified
            );
        }
        text.push_str("end\n");
        text
    }
}

/// Fails with the number of the first line that is not understood.
fn parse(text: &str) -> Result<Manifest, usize> {
    let mut manifest = Manifest::default();
    let mut lines = text.lines();
    if lines.next() != Some(HEADING) {
        return Err(1);
    }
    let mut number = 1;
    for line in lines {
        number += 1;
        if line == "end" {
            return Ok(manifest);
        } else if let Some(path) = line.strip_prefix("d ") {
            check_path(path).map_err(|_| number)?;
            manifest.directories.insert(path.to_owned());
        } else {
            let (path, entry) = parse_file(line).ok_or(number)?;
            manifest.files.insert(path.to_owned(), entry);
        }
    }
    // No "end": the file was cut off.
    Err(number + 1)
}

fn parse_file(line: &str) -> Option<(&str, Entry)> {
    let mut words = line.strip_prefix("f ")?.splitn(4, ' ');
    let fingerprint = blake3::Hash::from_hex(words.next()?).ok()?;
    let size = words.next()?.parse().ok()?;
    let modified = words.next()?.parse().ok()?;
    let path = words.next()?;
    check_path(path).ok()?;
    let stamp = Stamp { size, modified };
    Some((path, Entry { fingerprint, stamp }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn example() -> Manifest {
        let entry = Entry {
            fingerprint: blake3::hash(b"x"),
            stamp: Stamp {
                size: 1,
                modified: 1_778_115_600_000_000_007,
            },
        };
        Manifest {
            files: [("pages/a b 页.html".to_owned(), entry)].into(),
            directories: ["pages".to_owned()].into(),
        }
    }

    #[test]
    fn reads_what_it_writes() {
        assert_eq!(parse(&example().to_text()), Ok(example()));
    }

    #[test]
    fn a_cut_off_or_foreign_file_is_not_a_manifest() {
        let text = example().to_text();
        assert_eq!(parse(text.trim_end_matches("end\n")), Err(4));
        assert_eq!(parse(""), Err(1));
        assert_eq!(parse("hello\n"), Err(1));
        assert_eq!(parse(&text.replace("pages/a", "../a")), Err(3));
        assert_eq!(parse(&text.replace("d pages", "d /pages")), Err(2));
    }
}
