//! Finds and reads the files of a repository.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::files::SourceFile;
use crate::finding::{FileId, Finding, Place, Span};

/// A record is a few kilobytes; what is larger than this (bytes) is a mistake
/// (a picture renamed, a paste of a whole mailbox) and is not parsed.
pub const MAXIMUM_FILE_SIZE: u64 = 1 << 20;

/// A file found by [`walk`] with what it says, or why it could not be read.
pub struct Walked {
    /// The file; its text is empty when it could not be read, and has marks in
    /// place of what is not UTF-8.
    pub file: SourceFile,
    /// Why it could not be read: the message of rule `unreadable-file`, and details.
    pub trouble: Option<Trouble>,
    /// Whether a link leads to it: it changes with a file of another path.
    pub linked: bool,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Larger than [`MAXIMUM_FILE_SIZE`]; its size in bytes.
    TooLarge(u64),
    /// Not UTF-8 from this byte on.
    NotUtf8(usize),
    /// A link that leads out of the repository, in a circle or nowhere.
    Link,
    /// The system refused.
    System(String),
}

impl Walked {
    /// The trouble as a finding, if there was any.
    pub fn finding(&self, file: FileId) -> Option<Finding> {
        let place = |span| Place { file, span };
        let start = Span::default();
        Some(match self.trouble.as_ref()? {
            Trouble::TooLarge(size) => Finding::error("unreadable-file", place(start))
                .message("too-large")
                .with("size", format!("{:.1}", *size as f64 / (1 << 20) as f64))
                .with("limit", (MAXIMUM_FILE_SIZE >> 20).to_string()),
            Trouble::NotUtf8(at) => Finding::error("unreadable-file", place(mark_at(*at)))
                .message("not-utf8")
                .with("byte", *at),
            Trouble::Link => Finding::error("unreadable-file", place(start)).message("link"),
            Trouble::System(detail) => Finding::error("unreadable-file", place(start))
                .message("system")
                .with("detail", detail.as_str()),
        })
    }
}

/// Every file below `root/below` whose name ends in `.extension`, in the order
/// of their paths, read by all threads. A folder that does not exist is empty.
///
/// Hidden files and folders are passed over. Links are followed only as far
/// as they stay inside the repository.
pub(super) fn walk(root: &Path, below: &str, extension: &str) -> Vec<Walked> {
    let start = root.join(below);
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let mut found: Vec<Found> = Vec::new();
    let mut links: Vec<PathBuf> = Vec::new();
    let mut walker = WalkDir::new(&start).follow_links(true).into_iter();
    while let Some(entry) = walker.next() {
        match entry {
            Ok(entry) => {
                let hidden =
                    entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
                let outside = entry.path_is_symlink()
                    && !fs::canonicalize(entry.path())
                        .is_ok_and(|target| target.starts_with(&real_root));
                if entry.path_is_symlink() {
                    links.push(entry.path().to_owned());
                }
                let linked = links.iter().any(|link| entry.path().starts_with(link));
                if entry.file_type().is_dir() {
                    if hidden || outside {
                        walker.skip_current_dir();
                    }
                    if outside && !hidden {
                        let path = entry.into_path();
                        found.push(Found::new(root, path, Err(Trouble::Link), true));
                    }
                    continue;
                }
                let wanted = entry.path().extension().is_some_and(|e| e == extension);
                if hidden || !wanted {
                    continue;
                }
                let path = entry.into_path();
                let state = if outside { Err(Trouble::Link) } else { Ok(()) };
                found.push(Found::new(root, path, state, linked));
            }
            Err(error) => {
                let Some(path) = error.path().map(Path::to_path_buf) else {
                    continue;
                };
                let missing = error
                    .io_error()
                    .is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound);
                let is_link = path.is_symlink();
                if missing && !is_link {
                    continue;
                }
                let trouble = if error.loop_ancestor().is_some() || is_link {
                    Trouble::Link
                } else {
                    Trouble::System(error.to_string())
                };
                found.push(Found::new(root, path, Err(trouble), is_link));
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.into_par_iter().map(Found::read).collect()
}

/// Something that was found by its name.
struct Found {
    name: String,
    path: PathBuf,
    state: Result<(), Trouble>,
    linked: bool,
}

impl Found {
    fn new(root: &Path, path: PathBuf, state: Result<(), Trouble>, linked: bool) -> Self {
        Found {
            name: relative(root, &path),
            path,
            state,
            linked,
        }
    }

    fn read(self) -> Walked {
        Walked {
            linked: self.linked,
            ..read_walked(&self.name, &self.path, self.state)
        }
    }
}

/// The file at `root/path`, as [`walk`] would read it; none when there is
/// nothing by that name.
pub(super) fn read_file(root: &Path, path: &str) -> Option<Walked> {
    let full = root.join(path);
    let is_link = fs::symlink_metadata(&full).ok()?.is_symlink();
    let inside = || {
        let real_root = fs::canonicalize(root).ok()?;
        Some(fs::canonicalize(&full).ok()?.starts_with(real_root))
    };
    let state = if is_link && inside() != Some(true) {
        Err(Trouble::Link)
    } else {
        Ok(())
    };
    Some(Walked {
        linked: is_link,
        ..read_walked(path, &full, state)
    })
}

fn read_walked(name: &str, path: &Path, state: Result<(), Trouble>) -> Walked {
    read_kept(name, state.and_then(|()| read(path)))
}

/// A file whose bytes are known, or are known to be out of reach.
pub(super) fn read_kept(name: &str, content: Result<Vec<u8>, Trouble>) -> Walked {
    let content = content.and_then(|bytes| match bytes.len() as u64 {
        size if size > MAXIMUM_FILE_SIZE => Err(Trouble::TooLarge(size)),
        _ => Ok(bytes),
    });
    let (text, trouble) = match content {
        Ok(bytes) => decoded(bytes),
        Err(trouble) => (String::new(), Some(trouble)),
    };
    Walked {
        file: SourceFile::new(name, text),
        trouble,
        linked: false,
    }
}

/// The text, and where it is no UTF-8; each such byte is then U+FFFD.
fn decoded(bytes: Vec<u8>) -> (String, Option<Trouble>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (text, Some(Trouble::NotUtf8(at)))
        }
    }
}

/// The mark in place of the first byte that is no UTF-8.
fn mark_at(at: usize) -> Span {
    Span::new(at..at + char::REPLACEMENT_CHARACTER.len_utf8())
}

fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    let system = |error: std::io::Error| Trouble::System(error.to_string());
    let metadata = fs::metadata(path).map_err(system)?;
    if !metadata.is_file() {
        return Err(Trouble::Link);
    }
    if metadata.len() > MAXIMUM_FILE_SIZE {
        return Err(Trouble::TooLarge(metadata.len()));
    }
    fs::read(path).map_err(system)
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
