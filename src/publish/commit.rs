//! The decision, and carrying it out: now, or after a crash.

use std::cmp::Reverse;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::manifest::Manifest;
use super::path::ancestors;
use super::staging::FILES;
use super::swap::SWAPS;
use super::{Action, Obstacle, PublishError, Site, Step, swap};

type Observer<'a> = &'a (dyn Fn(Step<'_>) + Sync);

/// Removes a staging area whose build did not come to a decision.
pub(super) fn discard(site: &Site) -> Result<(), PublishError> {
    remove_tree(&site.staging())
}

/// Puts the manifest to the staged files and makes them count. Until the last
/// call of this function succeeds the old site does.
pub(super) fn decide(
    site: &Site,
    old: &Manifest,
    manifest: &Manifest,
    observer: Observer<'_>,
) -> Result<(), PublishError> {
    swap::prepare(site, old, manifest)?;
    let staging = site.staging();
    // With only removals, nothing was staged.
    let files = staging.join(FILES);
    fs::create_dir_all(&files)
        .map_err(|error| PublishError::io(Action::CreateDirectory, &files, &error))?;
    let list = staging.join("manifest");
    fs::write(&list, manifest.to_text())
        .map_err(|error| PublishError::io(Action::Write, &list, &error))?;
    observer(Step::Prepared);
    rename(&staging, &site.commit())?;
    observer(Step::Decided);
    Ok(())
}

/// Carries out a decision, whoever took it, and sweeps the staging area.
/// Returns how many files were removed, or `None` if there was no decision.
///
/// Every step can be repeated: what has moved is no longer in the commit
/// directory, what is removed is not there to be removed, and the old manifest
/// stands until the end.
pub(super) fn settle(site: &Site, observer: Observer<'_>) -> Result<Option<usize>, PublishError> {
    discard(site)?;
    let list = site.commit().join("manifest");
    let mut removed = None;
    if list.exists() {
        let new = Manifest::read(&list)?;
        let old = Manifest::read(&site.manifest())?;
        removed = Some(carry_out(site, &old, &new, observer)?);
    }
    // Without a manifest only what it replaced is left.
    remove_tree(&site.commit())?;
    Ok(removed)
}

/// Carries out the decision that was just taken.
pub(super) fn carry_out(
    site: &Site,
    old: &Manifest,
    new: &Manifest,
    observer: Observer<'_>,
) -> Result<usize, PublishError> {
    move_files(site, old, new, observer)?;
    let removed = remove_stale(site, old, new, observer)?;
    rename(&site.commit().join("manifest"), &site.manifest())?;
    observer(Step::Recorded);
    remove_tree(&site.commit())?;
    Ok(removed)
}

/// Something to be put in its place. The order of the variants is the order of
/// the moves: what is new comes first, so that the replaced pages find it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    /// A file or a directory that was not there before.
    New(PathBuf, String),
    /// A directory that changes places with its new state.
    Swap(String),
    /// A file that replaces another.
    Replace(PathBuf, String),
    /// The same for `index.html`, the entrance.
    Entrance(PathBuf, String),
}

fn move_files(
    site: &Site,
    old: &Manifest,
    new: &Manifest,
    observer: Observer<'_>,
) -> Result<(), PublishError> {
    let mut collector = Collector {
        site,
        old,
        new,
        moves: Vec::new(),
    };
    collector.collect(&site.commit().join(FILES), "")?;
    let swaps = site.commit().join(SWAPS);
    if swaps.is_dir() {
        for (name, _) in entries(&swaps)? {
            collector.moves.push(Move::Swap(name));
        }
    }
    collector.moves.sort();
    let mut exchanged = Vec::new();
    for movement in std::mem::take(&mut collector.moves) {
        match movement {
            Move::New(from, path) | Move::Replace(from, path) | Move::Entrance(from, path) => {
                rename(&from, &site.root.join(&path))?;
                observer(Step::Moved(&path));
            }
            Move::Swap(name) => {
                if swap::exchange_directory(site, &name) {
                    exchanged.push(name.clone());
                } else {
                    collector.collect(&swaps.join(&name), &format!("{name}/"))?;
                    for one in std::mem::take(&mut collector.moves) {
                        if let Move::New(from, path) | Move::Replace(from, path) = one {
                            rename(&from, &site.root.join(path))?;
                        }
                    }
                }
                observer(Step::Moved(&name));
            }
        }
    }
    for name in exchanged {
        swap::finish_exchange(site, old, &name);
    }
    Ok(())
}

/// Lists what is to be moved. A directory that is not there yet moves as a
/// whole, which makes a first build as cheap as plain writing.
struct Collector<'a> {
    site: &'a Site,
    old: &'a Manifest,
    new: &'a Manifest,
    moves: Vec<Move>,
}

impl Collector<'_> {
    fn collect(&mut self, from: &Path, prefix: &str) -> Result<(), PublishError> {
        for (name, staged_directory) in entries(from)? {
            let staged = from.join(&name);
            let path = format!("{prefix}{name}");
            // Links that a swap needed are not outputs.
            if !staged_directory && !self.new.files.contains_key(&path) {
                continue;
            }
            let place = self.site.root.join(&path);
            let found = match fs::symlink_metadata(&place) {
                Ok(found) => found,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    self.moves.push(Move::New(staged, path));
                    continue;
                }
                Err(error) => return Err(PublishError::io(Action::Read, &place, &error)),
            };
            if staged_directory && found.is_dir() {
                self.collect(&staged, &format!("{path}/"))?;
            } else if !staged_directory && !found.is_dir() && self.old.files.contains_key(&path) {
                self.moves.push(if path == "index.html" {
                    Move::Entrance(staged, path)
                } else {
                    Move::Replace(staged, path)
                });
            } else {
                // Put there between the decision and now.
                return Err(PublishError::Obstructed {
                    path: place,
                    obstacle: Obstacle::of(&found),
                });
            }
        }
        Ok(())
    }
}

/// Names in one of the build's own directories, and which are directories.
fn entries(directory: &Path) -> Result<Vec<(String, bool)>, PublishError> {
    let unreadable = |error: std::io::Error| PublishError::io(Action::Read, directory, &error);
    let mut names = Vec::new();
    for item in fs::read_dir(directory).map_err(unreadable)? {
        let item = item.map_err(unreadable)?;
        // Names that are not text are foreign files, linked for a swap.
        if let Ok(name) = item.file_name().into_string() {
            names.push((name, item.file_type().map_err(unreadable)?.is_dir()));
        }
    }
    Ok(names)
}

fn remove_stale(
    site: &Site,
    old: &Manifest,
    new: &Manifest,
    observer: Observer<'_>,
) -> Result<usize, PublishError> {
    let stale: Vec<&String> = old
        .files
        .keys()
        .filter(|path| !new.files.contains_key(*path))
        .collect();
    // A directory replaced by a link leads to somebody else's files.
    let real = |path: &str| {
        ancestors(path).all(|parent| {
            fs::symlink_metadata(site.root.join(parent)).is_ok_and(|found| found.is_dir())
        })
    };
    for path in &stale {
        let place = site.root.join(path);
        // Gone already, with its directory's old state perhaps, or replaced by something the build never makes.
        if !real(path) || !fs::symlink_metadata(&place).is_ok_and(|found| found.is_file()) {
            continue;
        }
        fs::remove_file(&place)
            .map_err(|error| PublishError::io(Action::Remove, &place, &error))?;
        observer(Step::Removed(path));
    }
    let mut unused: Vec<&String> = old.directories.difference(&new.directories).collect();
    unused.sort_by_key(|path| Reverse(path.len()));
    for path in unused.into_iter().filter(|path| real(path)) {
        // Stays if somebody else put something in it.
        let _ = fs::remove_dir(site.root.join(path));
    }
    Ok(stale.len())
}

fn rename(from: &Path, to: &Path) -> Result<(), PublishError> {
    fs::rename(from, to).map_err(|error| PublishError::io(Action::Move, to, &error))
}

fn remove_tree(path: &Path) -> Result<(), PublishError> {
    // The old state of a large directory: most of the time goes into freeing
    // its pages, which the operating system does on both cores at once.
    if let Ok(swapped) = entries(&path.join(SWAPS)) {
        for (name, _) in swapped {
            let directory = path.join(SWAPS).join(name);
            entries(&directory)?.par_iter().for_each(|(name, _)| {
                // What is left shows below.
                let _ = fs::remove_file(directory.join(name));
            });
        }
    }
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(PublishError::io(Action::Remove, path, &error))
        }
        _ => Ok(()),
    }
}
