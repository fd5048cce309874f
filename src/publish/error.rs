//! What can stop a publication, as data: the words for it stand elsewhere.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::PathFault;

/// Why [`publish`](super::publish) left the site as it was.
#[derive(Debug)]
pub enum Stopped<E> {
    /// Outputs that could not be made, in their order.
    Render(Vec<E>),
    /// Outputs that could not be published, in their order.
    Publish(Vec<PublishError>),
}

impl<E> From<PublishError> for Stopped<E> {
    fn from(error: PublishError) -> Self {
        Stopped::Publish(vec![error])
    }
}

/// One thing that stands in the way of publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishError {
    /// A path that is not relative, or not a file name everywhere.
    UnsafePath {
        /// The path as given.
        path: String,
        /// What is wrong with it.
        fault: PathFault,
    },
    /// Two outputs for one path, or for two that differ only in case.
    DuplicatePath {
        /// The later one.
        path: String,
        /// The earlier one.
        other: String,
    },
    /// One output is a file where another needs a directory.
    FileAndDirectory {
        /// The output that is a file.
        path: String,
        /// The output that stands below it.
        other: String,
    },
    /// Something the build did not make stands where an output belongs.
    Obstructed {
        /// Where, including the output directory.
        path: PathBuf,
        /// What it is.
        obstacle: Obstacle,
    },
    /// The output directory is something else.
    NotADirectory {
        /// The output directory as given.
        path: PathBuf,
    },
    /// Another build is writing to the same directory.
    Busy {
        /// The output directory as given.
        path: PathBuf,
    },
    /// The list of files made cannot be read, so nothing can be told apart.
    ManifestDamaged {
        /// The manifest.
        path: PathBuf,
        /// The first line that cannot be understood, counted from 1.
        line: usize,
    },
    /// The operating system refused.
    Io {
        /// What was tried.
        action: Action,
        /// On which file or directory.
        path: PathBuf,
        /// The kind of refusal, such as `StorageFull` or `PermissionDenied`.
        kind: io::ErrorKind,
        /// The operating system's own words.
        detail: String,
    },
}

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, whatever it points to.
    Link,
    /// A device, pipe or socket.
    Other,
}

impl Obstacle {
    pub(super) fn of(found: &std::fs::Metadata) -> Obstacle {
        if found.is_symlink() {
            Obstacle::Link
        } else if found.is_dir() {
            Obstacle::Directory
        } else if found.is_file() {
            Obstacle::File
        } else {
            Obstacle::Other
        }
    }

    /// A kebab-case name for messages to choose words by.
    pub fn code(self) -> &'static str {
        match self {
            Obstacle::File => "file",
            Obstacle::Directory => "directory",
            Obstacle::Link => "link",
            Obstacle::Other => "other",
        }
    }
}

/// What was tried when the operating system refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Making a directory.
    CreateDirectory,
    /// Taking the lock.
    Lock,
    /// Reading a file.
    Read,
    /// Writing a file.
    Write,
    /// Moving a file to its place.
    Move,
    /// Removing a file.
    Remove,
}

impl Action {
    /// A kebab-case name for messages to choose words by.
    pub fn code(self) -> &'static str {
        match self {
            Action::CreateDirectory => "create-directory",
            Action::Lock => "lock",
            Action::Read => "read",
            Action::Write => "write",
            Action::Move => "move",
            Action::Remove => "remove",
        }
    }
}

impl PublishError {
    pub(super) fn io(action: Action, path: &Path, error: &io::Error) -> PublishError {
        PublishError::Io {
            action,
            path: path.to_owned(),
            kind: error.kind(),
            detail: error.to_string(),
        }
    }

    /// A kebab-case name, under which the wording stands.
    pub fn code(&self) -> &'static str {
        match self {
            PublishError::UnsafePath { .. } => "output-path-unsafe",
            PublishError::DuplicatePath { .. } => "output-path-duplicate",
            PublishError::FileAndDirectory { .. } => "output-file-and-directory",
            PublishError::Obstructed { .. } => "output-obstructed",
            PublishError::NotADirectory { .. } => "output-not-a-directory",
            PublishError::Busy { .. } => "output-busy",
            PublishError::ManifestDamaged { .. } => "output-manifest-damaged",
            PublishError::Io { kind, .. } => match kind {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "output-disk-full",
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "output-not-permitted"
                }
                _ => "output-io",
            },
        }
    }

    /// The values the wording may name: `path`, and by kind of error `other`,
    /// `fault`, `obstacle`, `line`, `action` and `detail`.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        match self {
            PublishError::UnsafePath { path, fault } => {
                vec![("path", path.clone()), ("fault", fault.code().to_owned())]
            }
            PublishError::DuplicatePath { path, other }
            | PublishError::FileAndDirectory { path, other } => {
                vec![("path", path.clone()), ("other", other.clone())]
            }
            PublishError::Obstructed { path, obstacle } => vec![
                ("path", path.display().to_string()),
                ("obstacle", obstacle.code().to_owned()),
            ],
            PublishError::NotADirectory { path } | PublishError::Busy { path } => {
                vec![("path", path.display().to_string())]
            }
            PublishError::ManifestDamaged { path, line } => vec![
                ("path", path.display().to_string()),
                ("line", line.to_string()),
            ],
            PublishError::Io {
                action,
                path,
                detail,
                ..
            } => vec![
                ("path", path.display().to_string()),
                ("action", action.code().to_owned()),
                ("detail", detail.clone()),
            ],
        }
    }
}

/// For logs and tests; people read the wording of [`PublishError::code`].
impl fmt::Display for PublishError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())?;
        for (name, value) in self.parameters() {
            write!(formatter, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PublishError {}
