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

/// What all files that are read at once may hold together (bytes): some
/// hundred thousand records.
const MAXIMUM_TOTAL: u64 = 1 << 30;
/// What a file costs beside its text (bytes): its path and its place in lists.
const COST_OF_A_FILE: u64 = 1 << 10;

/// Whether so many files with so many bytes are far from being too much.
pub(crate) fn fits_easily(files: usize, bytes: usize) -> bool {
    bytes as u64 + files as u64 * COST_OF_A_FILE < MAXIMUM_TOTAL / 4
}

/// How much may still be read of a repository.
#[derive(Debug)]
pub struct Room(u64);

impl Default for Room {
    fn default() -> Self {
        Room(MAXIMUM_TOTAL)
    }
}

impl Room {
    /// Whether a file of that size in bytes still fits; if so it takes its room.
    pub fn takes(&mut self, size: u64) -> bool {
        let left = self.0.checked_sub(size.saturating_add(COST_OF_A_FILE));
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

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
    /// One more than can be read of one repository.
    TooMuch,
    /// Not UTF-8 from this byte on.
    NotUtf8(usize),
    /// A link that leads out of the repository, in a circle, to a folder that
    /// is read anyway, or nowhere.
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
            Trouble::TooMuch => Finding::error("unreadable-file", place(start))
                .message("too-much")
                .with("limit", (MAXIMUM_TOTAL >> 20).to_string()),
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
/// as they stay inside the repository, and to folders only where nothing else
/// leads: a dozen folders with two links to the next one each would be millions.
pub(super) fn walk(root: &Path, below: &str, extension: &str) -> Vec<Walked> {
    let start = root.join(below);
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let mut found: Vec<Found> = Vec::new();
    // the folders, by their real paths, whose files are read
    let mut entered: Vec<PathBuf> = fs::canonicalize(&start).into_iter().collect();
    // the linked folders that the walk is in
    let mut links: Vec<PathBuf> = Vec::new();
    let mut walker = WalkDir::new(&start)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter();
    while let Some(entry) = walker.next() {
        match entry {
            Ok(entry) => {
                let hidden =
                    entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
                let target = match entry.path_is_symlink() {
                    true => Some(fs::canonicalize(entry.path()).unwrap_or_default()),
                    false => None,
                };
                let is_outside = |target: &PathBuf| !target.starts_with(&real_root);
                let mut outside = target.as_ref().is_some_and(is_outside);
                while links
                    .pop_if(|link| !entry.path().starts_with(link))
                    .is_some()
                {}
                let linked = target.is_some() || !links.is_empty();
                if entry.file_type().is_dir() {
                    if target.is_some() {
                        links.push(entry.path().to_owned());
                    }
                    let below = !hidden && !outside && entry.depth() > 0;
                    if let Some(target) = target.filter(|_| below) {
                        let known = |folder: &PathBuf| {
                            target.starts_with(folder) || folder.starts_with(&target)
                        };
                        outside = entered.iter().any(known);
                        if !outside {
                            entered.push(target);
                        }
                    }
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
    let sizes: Vec<Result<u64, Trouble>> = found
        .par_iter()
        .map(|found| found.state.clone().and_then(|()| size(&found.path)))
        .collect();
    // in the order of their paths, so that it is always the same files that do not fit
    let mut room = Room::default();
    let fitting: Vec<Result<u64, Trouble>> = sizes
        .into_iter()
        .map(|size| {
            size.and_then(|size| match room.takes(size) {
                true => Ok(size),
                false => Err(Trouble::TooMuch),
            })
        })
        .collect();
    found
        .into_par_iter()
        .zip(fitting)
        .map(|(found, size)| Walked {
            linked: found.linked,
            ..read_kept(&found.name, size.and_then(|_| text_of(&found.path)))
        })
        .collect()
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
}

/// The file at `root/path`, as [`walk`] would read it; none when there is
/// nothing by that name.
pub(super) fn read_file(root: &Path, path: &str) -> Option<Walked> {
    let full = root.join(path);
    let linked = fs::symlink_metadata(&full).ok()?.is_symlink();
    let state = match leads_outside(root, &full) {
        true => Err(Trouble::Link),
        false => size(&full),
    };
    Some(Walked {
        linked,
        ..read_kept(path, state.and_then(|_| text_of(&full)))
    })
}

/// Whether a path, links followed, is not below the root, or is nowhere.
pub(super) fn leads_outside(root: &Path, path: &Path) -> bool {
    let inside = || {
        let real_root = fs::canonicalize(root).ok()?;
        Some(fs::canonicalize(path).ok()?.starts_with(real_root))
    };
    inside() != Some(true)
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

/// The size of a file that can be read, in bytes.
fn size(path: &Path) -> Result<u64, Trouble> {
    let system = |error: std::io::Error| Trouble::System(error.to_string());
    let metadata = fs::metadata(path).map_err(system)?;
    if !metadata.is_file() {
        return Err(Trouble::Link);
    }
    if metadata.len() > MAXIMUM_FILE_SIZE {
        return Err(Trouble::TooLarge(metadata.len()));
    }
    Ok(metadata.len())
}

fn text_of(path: &Path) -> Result<Vec<u8>, Trouble> {
    fs::read(path).map_err(|error| Trouble::System(error.to_string()))
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
