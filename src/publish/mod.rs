//! Writing the site: only what changed, and all of it or nothing.
//!
//! A build hands over its outputs, made in parallel and one at a time, so that
//! no site has to fit in memory. What is new or different is *staged* under
//! `.taizhang/staging` in the output directory; when every byte is there, one
//! rename of that directory to `.taizhang/commit` is the decision, and only
//! then do files move to their places.
//!
//! # Invariants
//!
//! - **Before the decision nothing a reader sees is touched.** A build that
//!   fails, is killed or fills the disk leaves the last site as it was; the
//!   next build sweeps the staging area.
//! - **After the decision the new site is complete on disk**, and what remains
//!   is renames within one file system. Each file is the old one or the new
//!   one, never a part. New files come first, replaced ones next, `index.html`
//!   after them and removals last, so that no link dangles in between. A
//!   process killed here is finished by the next one ([`recover`]): the commit
//!   directory is its own journal, and moving what is left in it is idempotent.
//! - **Only what changed is written.** The manifest keeps a BLAKE3 fingerprint,
//!   size and modification time of every file made; an unchanged file costs one
//!   `stat`. A file edited by hand shows by its size or time, and is restored.
//! - **Nothing the build did not make is overwritten or removed.** A foreign
//!   file, directory or link in the way of an output stops the build and is
//!   named. A regular file at a path in the manifest is the build's own, edited
//!   or not: a page withdrawn must go even if something rewrote it in place.
//! - **One build at a time** in one directory: an advisory lock, given back by
//!   the operating system however the process ends.
//!
//! # What a kill after the decision can leave
//!
//! Ten thousand files replaced one by one on a tmpfs take 100 ms, in which a
//! kill would leave pages of both builds beside each other until the next one.
//! So a directory where much changes is swapped as a whole (`swap`), and a new
//! one moves as a whole: what remains is a rename for each of a dozen
//! directories and each file beside them, under a millisecond. A small change
//! moves file by file.
//!
//! The output directory itself is not swapped, though that would close the
//! interval: it would change the directory's identity, and a container's bind
//! mount, a network share or a server started inside it would keep serving the
//! old one, soon empty. It would also need a writable parent on the same file
//! system, and carrying over everything foreign, a `.git` perhaps.
//!
//! Power failure is not a kill: files are not flushed one by one, which would
//! cost more than the build. What a disk loses shows by its size and time and
//! is written again by the next build.

mod commit;
mod error;
mod manifest;
mod path;
mod staging;
mod swap;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use rayon::iter::ParallelIterator;

pub use error::{Action, Obstacle, PublishError, Stopped};
pub use path::{PathFault, check_path};

use manifest::Manifest;
use staging::{Outcome, Staging};

/// The directory inside the output directory that holds the manifest, the lock
/// and, during a build, the staging area. No output may stand in it.
pub const STATE_DIRECTORY: &str = ".taizhang";

/// One file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Where it stands, relative to the output directory, parts separated by
    /// `/`. [`check_path`] says what is accepted.
    pub path: String,
    /// Its whole content.
    pub bytes: Vec<u8>,
}

/// What a publication did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were new or different.
    pub written: usize,
    /// Files that already stood as they should.
    pub unchanged: usize,
    /// Files of an earlier build that no longer belong.
    pub removed: usize,
    /// Size of the files written, in bytes.
    pub bytes: u64,
    /// Whether a publication that was cut short had to be finished first.
    pub recovered: bool,
}

/// A moment in a publication, in order: for progress, and for tests that stop
/// the process there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// The lock is held, and whatever an earlier build left is dealt with.
    Opened,
    /// A new or changed file is in the staging area. Files are staged in any order.
    Staged(&'a str),
    /// Every file and the new manifest are in the staging area.
    Prepared,
    /// The staging area became the commit directory: from here on the new site counts.
    Decided,
    /// A file moved to its place, or a directory that is new or changed as a whole.
    Moved(&'a str),
    /// A file that no longer belongs was removed; those in a directory changed
    /// as a whole go with its old state, unseen.
    Removed(&'a str),
    /// The new manifest is in place.
    Recorded,
}

/// Publishes `outputs` into `directory`, which is made if it is missing.
///
/// An output that could not be made (`Err`) stops the publication after all of
/// them were tried, and the site stays as it was. All faults come back, in the
/// order of the outputs; after a failed write no other is tried, since a full
/// disk fails them all.
pub fn publish<E: Send>(
    directory: &Path,
    outputs: impl ParallelIterator<Item = Result<Output, E>>,
) -> Result<Summary, Stopped<E>> {
    publish_observed(directory, outputs, &|_| {})
}

/// [`publish`], telling `observer` of every step.
pub fn publish_observed<E: Send>(
    directory: &Path,
    outputs: impl ParallelIterator<Item = Result<Output, E>>,
    observer: &(dyn Fn(Step<'_>) + Sync),
) -> Result<Summary, Stopped<E>> {
    let site = Site::open(directory)?;
    let recovered = commit::settle(&site, observer)?.is_some();
    let old = Manifest::read(&site.manifest())?;
    observer(Step::Opened);

    let staging = Staging::new(&site, &old, observer);
    let outcomes: Vec<Outcome<E>> = outputs.map(|output| staging.examine(output)).collect();
    let plan = match staging.plan(outcomes) {
        Ok(plan) => plan,
        Err(stopped) => {
            // Only tidiness: the next build sweeps what cannot be removed now.
            let _ = commit::discard(&site);
            return Err(stopped);
        }
    };

    let mut summary = plan.summary;
    summary.recovered = recovered;
    // Restored files may have, to the nanosecond, the record they had before.
    if summary.written > 0 || plan.manifest != old {
        if let Err(error) = commit::decide(&site, &old, &plan.manifest, observer) {
            let _ = commit::discard(&site);
            return Err(error.into());
        }
        summary.removed = commit::carry_out(&site, &old, &plan.manifest, observer)?;
    }
    Ok(summary)
}

/// Finishes a publication that was cut short after its decision, or sweeps
/// what one left that was cut short before. Returns whether there was one to
/// finish. A directory that is missing has nothing to recover.
pub fn recover(directory: &Path) -> Result<bool, PublishError> {
    if !directory.join(STATE_DIRECTORY).is_dir() {
        return Ok(false);
    }
    let site = Site::open(directory)?;
    Ok(commit::settle(&site, &|_| {})?.is_some())
}

/// The same checks without a disk: every output by its path.
pub fn publish_in_memory<E: Send>(
    outputs: impl ParallelIterator<Item = Result<Output, E>>,
) -> Result<BTreeMap<String, Vec<u8>>, Stopped<E>> {
    let made: Vec<Result<Output, E>> = outputs.collect();
    let mut files = Vec::with_capacity(made.len());
    let mut failed = Vec::new();
    for output in made {
        match output {
            Ok(output) => files.push(output),
            Err(error) => failed.push(error),
        }
    }
    if !failed.is_empty() {
        return Err(Stopped::Render(failed));
    }
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let faults = path::check_all(&paths);
    if !faults.is_empty() {
        return Err(Stopped::Publish(faults));
    }
    Ok(files
        .into_iter()
        .map(|file| (file.path, file.bytes))
        .collect())
}

/// An [`Output`] that cannot fail, in the shape [`publish`] takes.
pub fn ready(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Result<Output, Infallible> {
    Ok(Output {
        path: path.into(),
        bytes: bytes.into(),
    })
}

/// An output directory with its lock held.
struct Site {
    root: PathBuf,
    lock: Option<File>,
}

impl Drop for Site {
    fn drop(&mut self) {
        // Closing the file is not enough: a worker process being started at
        // this moment still has a copy of it.
        if let Some(lock) = &self.lock {
            let _ = lock.unlock();
        }
    }
}

impl Site {
    fn open(directory: &Path) -> Result<Site, PublishError> {
        match fs::metadata(directory) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                return Err(PublishError::NotADirectory {
                    path: directory.to_owned(),
                });
            }
            Err(_) if directory.is_symlink() => {
                return Err(PublishError::NotADirectory {
                    path: directory.to_owned(),
                });
            }
            Err(_) => fs::create_dir_all(directory)
                .map_err(|error| PublishError::io(Action::CreateDirectory, directory, &error))?,
        }
        let state = directory.join(STATE_DIRECTORY);
        match fs::symlink_metadata(&state) {
            Ok(found) if found.is_dir() => {}
            Ok(found) => {
                return Err(PublishError::Obstructed {
                    path: state,
                    obstacle: Obstacle::of(&found),
                });
            }
            Err(_) => match fs::create_dir(&state) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(PublishError::io(Action::CreateDirectory, &state, &error));
                }
                _ => {}
            },
        }
        let path = state.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| PublishError::io(Action::Lock, &path, &error))?;
        let lock = match file.try_lock() {
            Ok(()) => Some(file),
            Err(TryLockError::WouldBlock) => {
                return Err(PublishError::Busy {
                    path: directory.to_owned(),
                });
            }
            // Some network file systems have no locks; a build there goes ahead without.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
                None
            }
            Err(TryLockError::Error(error)) => {
                return Err(PublishError::io(Action::Lock, &path, &error));
            }
        };
        Ok(Site {
            root: directory.to_owned(),
            lock,
        })
    }

    fn state(&self) -> PathBuf {
        self.root.join(STATE_DIRECTORY)
    }

    fn manifest(&self) -> PathBuf {
        self.state().join("manifest")
    }

    fn staging(&self) -> PathBuf {
        self.state().join("staging")
    }

    fn commit(&self) -> PathBuf {
        self.state().join("commit")
    }
}
