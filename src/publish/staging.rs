//! Telling what changed, and writing it beside the site.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::manifest::{Entry, Manifest, Stamp};
use super::path::{ancestors, check_all};
use super::{Action, Obstacle, Output, PublishError, Site, Step, Stopped, Summary, check_path};

/// Where the staged files stand inside the staging or the commit directory.
pub(super) const FILES: &str = "files";

/// What became of one output.
pub(super) enum Outcome<E> {
    /// It already stands as it should.
    Unchanged(String, Entry),
    /// It is written to the staging area.
    Staged(String, Entry),
    /// It cannot be published.
    Refused(String, PublishError),
    /// It was not looked at, because an earlier one could not be written.
    Skipped,
    /// It could not be made.
    NotMade(E),
}

/// What the decision is about.
pub(super) struct Plan {
    pub manifest: Manifest,
    /// Without what is removed only after the decision.
    pub summary: Summary,
}

pub(super) struct Staging<'a> {
    root: &'a Path,
    files: PathBuf,
    old: &'a Manifest,
    observer: &'a (dyn Fn(Step<'_>) + Sync),
    /// Set by the first write that fails: on a full disk all others fail too.
    stopped: AtomicBool,
}

impl<'a> Staging<'a> {
    pub fn new(site: &'a Site, old: &'a Manifest, observer: &'a (dyn Fn(Step<'_>) + Sync)) -> Self {
        Staging {
            root: &site.root,
            files: site.staging().join(FILES),
            old,
            observer,
            stopped: AtomicBool::new(false),
        }
    }

    /// Compares one output with what stands in its place, and stages it if it differs.
    pub fn examine<E>(&self, output: Result<Output, E>) -> Outcome<E> {
        let Output { path, bytes } = match output {
            Ok(output) => output,
            Err(error) => return Outcome::NotMade(error),
        };
        if let Err(fault) = check_path(&path) {
            let error = PublishError::UnsafePath {
                path: path.clone(),
                fault,
            };
            return Outcome::Refused(path, error);
        }
        if self.stopped.load(Ordering::Relaxed) {
            return Outcome::Skipped;
        }
        let fingerprint = blake3::hash(&bytes);
        match self.standing(&path, fingerprint) {
            Ok(Some(entry)) => Outcome::Unchanged(path, entry),
            Ok(None) => match self.stage(&path, &bytes) {
                Ok(stamp) => {
                    (self.observer)(Step::Staged(&path));
                    Outcome::Staged(path, Entry { fingerprint, stamp })
                }
                Err(error) => {
                    self.stopped.store(true, Ordering::Relaxed);
                    let error = PublishError::io(Action::Write, &self.root.join(&path), &error);
                    Outcome::Refused(path, error)
                }
            },
            Err(error) => Outcome::Refused(path, error),
        }
    }

    /// The entry of the file that stands at `path`, if it is what it should be;
    /// `None` if it is to be written.
    fn standing(
        &self,
        path: &str,
        fingerprint: blake3::Hash,
    ) -> Result<Option<Entry>, PublishError> {
        let place = self.root.join(path);
        let found = match fs::symlink_metadata(&place) {
            Ok(found) => found,
            // A missing parent, or one that is a file: `plan` looks at parents.
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(PublishError::io(Action::Read, &place, &error)),
        };
        let Some(entry) = self.old.files.get(path).filter(|_| !found.is_dir()) else {
            return Err(PublishError::Obstructed {
                path: place,
                obstacle: Obstacle::of(&found),
            });
        };
        if entry.fingerprint != fingerprint || !found.is_file() {
            return Ok(None);
        }
        let stamp = Stamp::of(&found);
        // Touched, copied or restored from a cache: the content decides.
        let same = stamp == entry.stamp
            || stamp.size == entry.stamp.size
                && fs::read(&place).is_ok_and(|bytes| blake3::hash(&bytes) == fingerprint);
        Ok(same.then_some(Entry { fingerprint, stamp }))
    }

    fn stage(&self, path: &str, bytes: &[u8]) -> io::Result<Stamp> {
        let place = self.files.join(path);
        let mut file = match File::create_new(&place) {
            // Most files find their directory there, so it is made when missed.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if let Some(parent) = place.parent() {
                    fs::create_dir_all(parent)?;
                }
                File::create_new(&place)?
            }
            opened => opened?,
        };
        file.write_all(bytes)?;
        Ok(Stamp::of(&file.metadata()?))
    }

    /// The decision to take, or everything that speaks against it.
    pub fn plan<E>(&self, outcomes: Vec<Outcome<E>>) -> Result<Plan, Stopped<E>> {
        let mut summary = Summary::default();
        let mut entries = Vec::with_capacity(outcomes.len());
        let mut paths = Vec::with_capacity(outcomes.len());
        let mut refused = Vec::new();
        let mut not_made = Vec::new();
        for outcome in outcomes {
            match outcome {
                Outcome::Unchanged(path, entry) => {
                    summary.unchanged += 1;
                    entries.push((path, entry));
                }
                Outcome::Staged(path, entry) => {
                    summary.written += 1;
                    summary.bytes += entry.stamp.size;
                    entries.push((path, entry));
                }
                Outcome::Refused(path, error) => {
                    paths.push(path);
                    refused.push(error);
                }
                Outcome::Skipped => {}
                Outcome::NotMade(error) => not_made.push(error),
            }
        }
        if !not_made.is_empty() {
            return Err(Stopped::Render(not_made));
        }
        let all: Vec<&str> = entries
            .iter()
            .map(|(path, _)| path)
            .chain(&paths)
            .map(String::as_str)
            .collect();
        let mut faults = check_all(&all);
        if faults.is_empty() {
            self.check_parents(&all, &mut faults);
        }
        // Two outputs for one path also fail to be staged: the cause is told, not the effect.
        let caused = !faults.is_empty();
        for error in refused {
            let effect = matches!(error, PublishError::Io { .. }) && caused;
            if !effect && !faults.contains(&error) {
                faults.push(error);
            }
        }
        if !faults.is_empty() {
            return Err(Stopped::Publish(faults));
        }
        let directories = self.directories(&all);
        let manifest = Manifest {
            files: entries.into_iter().collect(),
            directories,
        };
        self.check_permission(&manifest)?;
        Ok(Plan { manifest, summary })
    }

    /// Refuses now what would be refused in the middle of the moves: a
    /// directory that will change and cannot. An anonymous file shows it, and
    /// leaves nothing behind.
    fn check_permission(&self, new: &Manifest) -> Result<(), PublishError> {
        let written = new
            .files
            .iter()
            .filter(|(path, entry)| self.old.files.get(*path) != Some(*entry));
        let stale = self
            .old
            .files
            .keys()
            .filter(|path| !new.files.contains_key(*path));
        let changed: BTreeSet<&str> = written
            .map(|(path, _)| path)
            .chain(stale)
            .map(|path| path.rsplit_once('/').map_or("", |(parent, _)| parent))
            .collect();
        for directory in changed {
            let place = self.root.join(directory);
            if place.is_dir() {
                tempfile::tempfile_in(&place)
                    .map_err(|error| PublishError::io(Action::Write, &place, &error))?;
            }
        }
        Ok(())
    }

    /// A link among the parents would lead the build out of its directory, and
    /// a file would have to give way.
    fn check_parents(&self, paths: &[&str], faults: &mut Vec<PublishError>) {
        let parents: BTreeSet<&str> = paths.iter().flat_map(|path| ancestors(path)).collect();
        for parent in parents {
            let place = self.root.join(parent);
            if let Ok(found) = fs::symlink_metadata(&place)
                && !found.is_dir()
            {
                faults.push(PublishError::Obstructed {
                    path: place,
                    obstacle: Obstacle::of(&found),
                });
            }
        }
    }

    /// The directories that this build or an earlier one made and that it still uses.
    fn directories(&self, paths: &[&str]) -> BTreeSet<String> {
        let used: BTreeSet<&str> = paths.iter().flat_map(|path| ancestors(path)).collect();
        used.into_iter()
            .filter(|directory| {
                self.old.directories.contains(*directory) || !self.root.join(directory).exists()
            })
            .map(str::to_owned)
            .collect()
    }
}
