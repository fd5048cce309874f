//! Changing a whole directory at once.
//!
//! Replacing ten thousand pages one after the other takes a tenth of a second,
//! in which a kill would leave a mixture. Where much of a flat directory
//! changes, its new state is therefore completed beside it, unchanged and
//! foreign files as hard links, and the two directories change places in one
//! system call. The directory above keeps its identity, which bind mounts,
//! shares and servers hold on to.
//!
//! Everything here may be refused by the file system; the files then move one
//! by one.
//!
//! A file named like the state directory, a name no output may have, marks the
//! new state until it is in place, so that a crash cannot make it change back.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use super::manifest::Manifest;
use super::staging::FILES;
use super::{Action, PublishError, STATE_DIRECTORY, Site};

/// Where whole directories stand inside the staging or the commit directory.
pub(super) const SWAPS: &str = "swaps";

/// Fewer files than this are moved one by one.
const WORTH_SWAPPING: usize = 64;
/// Nor is it worth linking more than this many files for each that changes.
const LINKS_PER_CHANGE: usize = 16;

/// Completes, in the staging area, the directories that are to be swapped.
pub(super) fn prepare(site: &Site, old: &Manifest, new: &Manifest) -> Result<(), PublishError> {
    let files = site.staging().join(FILES);
    let swaps = site.staging().join(SWAPS);
    let Ok(staged) = fs::read_dir(&files) else {
        return Ok(());
    };
    for item in staged.flatten() {
        let Ok(name) = item.file_name().into_string() else {
            continue;
        };
        let standing = site.root.join(&name);
        let Some(kept) = files_to_link(&name, &item.path(), &standing, old, new) else {
            continue;
        };
        fs::create_dir_all(&swaps)
            .map_err(|error| PublishError::io(Action::CreateDirectory, &swaps, &error))?;
        let place = swaps.join(&name);
        fs::rename(item.path(), &place)
            .map_err(|error| PublishError::io(Action::Move, &place, &error))?;
        if let Err((linked, _)) = link(&kept, &standing, &place) {
            for name in &kept[..linked] {
                let _ = fs::remove_file(place.join(name));
            }
            let _ = fs::remove_file(place.join(STATE_DIRECTORY));
            fs::rename(&place, item.path())
                .map_err(|error| PublishError::io(Action::Move, &item.path(), &error))?;
        }
    }
    Ok(())
}

/// The names in `standing` that stay as they are, if swapping it is possible
/// and worth its while.
fn files_to_link(
    name: &str,
    staged: &Path,
    standing: &Path,
    old: &Manifest,
    new: &Manifest,
) -> Option<Vec<String>> {
    let before = fs::symlink_metadata(standing).ok()?;
    let after = fs::symlink_metadata(staged).ok()?;
    if !before.is_dir() || !after.is_dir() || !same_owner(&before, &after) {
        return None;
    }
    let changed = flat_names(staged)?;
    if changed.len() < WORTH_SWAPPING {
        return None;
    }
    let kept: Vec<String> = flat_names(standing)?
        .into_iter()
        .filter(|file| !changed.contains(file))
        .filter(|file| {
            let path = format!("{name}/{file}");
            new.files.contains_key(&path) || !old.files.contains_key(&path)
        })
        .collect();
    (kept.len() <= changed.len() * LINKS_PER_CHANGE && EXCHANGE).then_some(kept)
}

/// The names in a directory, or `None` if there are directories among them or
/// names that are not text.
fn flat_names(directory: &Path) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for item in fs::read_dir(directory).ok()? {
        let item = item.ok()?;
        if item.file_type().ok()?.is_dir() {
            return None;
        }
        names.insert(item.file_name().into_string().ok()?);
    }
    Some(names)
}

/// Fails with the number of links made.
fn link(names: &[String], from: &Path, to: &Path) -> Result<(), (usize, io::Error)> {
    let permissions = fs::metadata(from)
        .map_err(|error| (0, error))?
        .permissions();
    fs::set_permissions(to, permissions).map_err(|error| (0, error))?;
    File::create_new(to.join(STATE_DIRECTORY)).map_err(|error| (0, error))?;
    for (made, name) in names.iter().enumerate() {
        fs::hard_link(from.join(name), to.join(name)).map_err(|error| (made, error))?;
    }
    Ok(())
}

/// Puts the directory `name` of the commit directory in its place, if it is
/// not there yet. `false` if the file system cannot: then nothing changed.
pub(super) fn exchange_directory(site: &Site, name: &str) -> bool {
    let beside = site.commit().join(SWAPS).join(name);
    !beside.join(STATE_DIRECTORY).exists() || exchange(&beside, &site.root.join(name)).is_ok()
}

/// What can wait until everything else is in its place too.
pub(super) fn finish_exchange(site: &Site, old: &Manifest, name: &str) {
    let place = site.root.join(name);
    // A crash leaves the mark in place; the next build comes past here again.
    let _ = fs::remove_file(place.join(STATE_DIRECTORY));
    keep_latecomers(old, name, &site.commit().join(SWAPS).join(name), &place);
}

/// What somebody put into the directory after its other files were linked.
fn keep_latecomers(old: &Manifest, name: &str, from: &Path, to: &Path) {
    let Ok(items) = fs::read_dir(from) else {
        return;
    };
    for item in items.flatten() {
        let file = item.file_name();
        let ours = file
            .to_str()
            .is_some_and(|file| old.files.contains_key(&format!("{name}/{file}")));
        if !ours {
            // Renaming a file over another link to itself does nothing.
            let _ = fs::rename(item.path(), to.join(file));
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
const EXCHANGE: bool = true;
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
const EXCHANGE: bool = false;
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn same_owner(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.uid(), a.gid(), a.dev()) == (b.uid(), b.gid(), b.dev())
}

#[cfg(not(unix))]
fn same_owner(_: &Metadata, _: &Metadata) -> bool {
    true
}
