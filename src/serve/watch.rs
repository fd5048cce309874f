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

/// Changes that follow each other this closely are told of as one. An editor
/// empties a file and fills it, or writes a second one and renames it, within a
/// few milliseconds: with less, half a file is read and complained of. Each
/// millisecond more is one that somebody waits for the page.
const QUIET: Duration = Duration::from_millis(30);

/// Folders of a repository, watched with all below them.
const FOLDERS: [&str; 4] = ["records", "templates", "site", "assets"];
/// Folders that only say what was committed: the root itself tells of
/// `taizhang.toml` and of folders that come and go.
const FLAT: [&str; 3] = ["", ".git", ".git/logs"];

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Which files and folders, by their paths from the root.
    pub paths: BTreeSet<String>,
    /// Whether others may have changed that nobody was told of.
    pub unknown: bool,
}

impl Changed {
    /// Whether something changed in a folder, or it itself.
    pub(super) fn below(&self, folder: &str) -> bool {
        self.paths.iter().any(|path| is_below(path, folder))
    }

    /// What changed in a folder, and it itself.
    pub(super) fn paths_below(&self, folder: &str) -> BTreeSet<String> {
        let paths = self.paths.iter().filter(|path| is_below(path, folder));
        paths.cloned().collect()
    }

    /// Whether nothing did.
    fn is_nothing(&self) -> bool {
        self.paths.is_empty() && !self.unknown
    }

    fn of(root: &Path, result: DebounceEventResult) -> Changed {
        let mut changed = Changed::default();
        // something was missed
        let events = result.unwrap_or_else(|_| {
            changed.unknown = true;
            Vec::new()
        });
        for event in events {
            changed.unknown |= event.need_rescan();
            for path in event.paths.iter().filter(|_| !event.kind.is_access()) {
                let path = path.strip_prefix(root).unwrap_or(path);
                match path.to_str() {
                    _ if !is_of_site(path) => {}
                    Some(path) => {
                        changed.paths.insert(path.replace('\\', "/"));
                    }
                    None => changed.unknown = true,
                }
            }
        }
        changed
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Watches a repository and sends [`Message::Changed`].
pub(super) struct Watcher {
    root: PathBuf,
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    watched: BTreeSet<&'static str>,
}

impl Watcher {
    pub(super) fn new(root: &Path, sender: Sender<Message>) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let seen_from = root.clone();
        let told = move |result: DebounceEventResult| {
            let changed = Changed::of(&seen_from, result);
            if !changed.is_nothing() {
                // nobody listens any more when the program ends
                let _ = sender.send(Message::Changed(changed));
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
    let names: Vec<&str> = path
        .components()
        .map(|part| part.as_os_str().to_str().unwrap_or_default())
        .collect();
    // what editors put beside a file while they write it
    let passing = |name: &&str| name.starts_with('.') || name.ends_with('~');
    match names.first() {
        None => false,
        Some(&".git") => path.ends_with(".git/logs/HEAD"),
        Some(_) if names.iter().any(passing) => false,
        Some(&"taizhang.toml") => true,
        Some(name) => FOLDERS.contains(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_below_itself_and_its_namesakes_are_not() {
        let paths = ["records/a.toml", "records", "recordsX/b.toml"].map(str::to_owned);
        let changed = Changed {
            paths: paths.into(),
            unknown: false,
        };
        assert_eq!(changed.paths_below("records").len(), 2);
        assert!(changed.below("recordsX") && !changed.below("site"));
    }

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
            "records/2026/.HY-2026-0001.toml.swp",
            "records/2026/HY-2026-0001.toml~",
        ] {
            assert!(!is_of_site(Path::new(path)), "{path}");
        }
        assert!(is_of_site(Path::new(".git/logs/HEAD")), "a commit");
    }
}
