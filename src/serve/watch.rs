//! Which files changed.
//!
//! Invariant: only what a site is made of is watched, so that what other
//! programs write beside it (`public`, `target`) wakes nobody.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify_debouncer_full::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::keeper::Message;

/// Changes that follow each other this closely are told of as one.
const QUIET: Duration = Duration::from_millis(30);

/// Folders of a repository, watched with all below them.
const FOLDERS: [&str; 4] = ["records", "templates", "site", "assets"];
/// Folders that only say what was committed: the root itself tells of
/// `taizhang.toml` and of folders that come and go.
const FLAT: [&str; 3] = ["", ".git", ".git/logs"];

/// Watches a repository and sends [`Message::Changed`].
pub(super) struct Watcher {
    root: PathBuf,
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    watched: BTreeSet<&'static str>,
}

impl Watcher {
    pub(super) fn new(root: &Path, sender: Sender<Message>) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let of_site = {
            let root = root.clone();
            move |path: &Path| is_of_site(path.strip_prefix(&root).unwrap_or(path))
        };
        let told = move |result: DebounceEventResult| {
            let changed = match result {
                Ok(events) => events.iter().any(|event| {
                    !event.kind.is_access() && event.paths.iter().any(|path| of_site(path))
                }),
                // something was missed: read again
                Err(_) => true,
            };
            if changed {
                // nobody listens any more when the program ends
                let _ = sender.send(Message::Changed);
            }
        };
        let debouncer = new_debouncer(QUIET, None, told).map_err(io::Error::other)?;
        let mut watcher = Watcher {
            root,
            debouncer,
            watched: BTreeSet::new(),
        };
        watcher.look_around();
        Ok(watcher)
    }

    /// Watches folders that have come since, and forgets those that went.
    pub(super) fn look_around(&mut self) {
        let recursive = FOLDERS.map(|folder| (folder, RecursiveMode::Recursive));
        let flat = FLAT.map(|folder| (folder, RecursiveMode::NonRecursive));
        for (folder, mode) in recursive.into_iter().chain(flat) {
            let path = self.root.join(folder);
            if !path.is_dir() {
                self.watched.remove(folder);
            } else if !self.watched.contains(folder) && self.debouncer.watch(&path, mode).is_ok() {
                self.watched.insert(folder);
            }
        }
    }
}

/// Whether a site may look different when this path, from the root, changed.
fn is_of_site(path: &Path) -> bool {
    let mut parts = path.components().map(|part| part.as_os_str());
    let first = parts.next().and_then(|part| part.to_str());
    match first {
        None => false,
        Some(".git") => path.ends_with(".git/logs/HEAD"),
        Some("taizhang.toml") => true,
        Some(name) => FOLDERS.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_site_is_made_of_counts() {
        for path in [
            "records/2026/HY-2026-0001.toml",
            "taizhang.toml",
            "site/pages/a.md",
        ] {
            assert!(is_of_site(Path::new(path)), "{path}");
        }
        for path in [
            "",
            "public/index.html",
            "target/debug/x",
            ".git/index",
            "README.md",
        ] {
            assert!(!is_of_site(Path::new(path)), "{path}");
        }
        assert!(is_of_site(Path::new(".git/logs/HEAD")), "a commit");
    }
}
