//! The files of a repository as they were in a commit, or are in the index.
//!
//! Invariants: the disk is not touched. What a commit holds is read from git's
//! objects, so no link in it can lead anywhere; and no more is read than fits
//! ([`Room`]), since a commit of a few kilobytes can name one large object a
//! million times.

use std::collections::{BTreeMap, HashMap};

use super::git::{Git, GitError};
use crate::source::{MAXIMUM_FILE_SIZE, Room, Tree, Trouble};

/// What a register is read from.
const FOLDERS: [&str; 3] = ["records/", "templates/", "site/"];
/// The company's settings.
const SETTINGS: &str = "taizhang.toml";
/// What a logo may be; it may stand anywhere.
const PICTURES: [&str; 4] = [".svg", ".png", ".jpg", ".jpeg"];
/// git's mode of a symbolic link.
const LINK: &str = "120000";
/// git's mode of another repository in this one.
const SUBMODULE: &str = "160000";

/// A file of a listing.
struct Listed {
    path: String,
    mode: String,
    object: String,
    /// Its size in bytes.
    size: u64,
}

impl Git {
    /// The files under the root as a revision has them, as far as a register is
    /// read from them. Files too large to be read are there by size only.
    pub fn version(&self, revision: &str) -> Result<Tree, GitError> {
        let id = self.commit_id(revision)?;
        let listing = self.run(["ls-tree", "-r", "-z", "-l", "--full-tree", &*id])?;
        let mut listed = Vec::new();
        for (facts, path) in entries(&listing) {
            let Some(path) = self.below_root(path).filter(|path| is_read(path)) else {
                continue;
            };
            let mut facts = facts.split_ascii_whitespace();
            let facts = (facts.next(), facts.next(), facts.next(), facts.next());
            // a submodule is no blob and has no size
            if let (Some(mode), Some("blob"), Some(object), Some(size)) = facts {
                listed.push(Listed {
                    path: path.to_owned(),
                    mode: mode.to_owned(),
                    object: object.to_owned(),
                    size: size.parse().unwrap_or(u64::MAX),
                });
            }
        }
        self.tree_of(listed)
    }

    /// The files under the root as the index has them: what the next commit
    /// will hold, whatever lies in the folder.
    pub fn staged(&self) -> Result<Tree, GitError> {
        let listing = self.run(["ls-files", "--stage", "-z"])?;
        let mut listed = Vec::new();
        for (facts, path) in entries(&listing) {
            let mut facts = facts.split_ascii_whitespace();
            let facts = (facts.next(), facts.next(), facts.next());
            // what is not merged has no version yet, and cannot be committed
            if let (Some(mode), Some(object), Some("0")) = facts
                && mode != SUBMODULE
                && is_read(path)
            {
                listed.push(Listed {
                    path: path.to_owned(),
                    mode: mode.to_owned(),
                    object: object.to_owned(),
                    size: 0,
                });
            }
        }
        let names: String = listed
            .iter()
            .map(|file| format!("{}\n", file.object))
            .collect();
        if !listed.is_empty() {
            let sizes = ["cat-file", "--batch-check=%(objectsize)"];
            let answer = self.run_with(sizes, names.as_bytes())?;
            let answer = String::from_utf8_lossy(&answer);
            for (file, size) in listed.iter_mut().zip(answer.lines()) {
                file.size = size.parse().unwrap_or(u64::MAX);
            }
        }
        self.tree_of(listed)
    }

    /// Reads the files of a listing, as long as they are not too much.
    fn tree_of(&self, listed: Vec<Listed>) -> Result<Tree, GitError> {
        let mut files = BTreeMap::new();
        let mut wanted: Vec<(String, String)> = Vec::new();
        let mut room = Room::default();
        for file in listed {
            let trouble = if file.mode == LINK {
                Trouble::Link
            } else if file.size > MAXIMUM_FILE_SIZE {
                Trouble::TooLarge(file.size)
            } else if !room.takes(file.size) {
                Trouble::TooMuch
            } else {
                wanted.push((file.path, file.object));
                continue;
            };
            files.insert(file.path, Err(trouble));
        }
        let objects = self.objects(wanted.iter().map(|(_, object)| &**object))?;
        for ((path, _), bytes) in wanted.into_iter().zip(objects) {
            let lost = || Trouble::System("git has no such object".to_owned());
            files.insert(path, bytes.ok_or_else(lost));
        }
        Ok(Tree::Version(files))
    }

    /// The object that each file under the root is in a revision, by path.
    pub fn objects_of(&self, revision: &str) -> Result<HashMap<String, String>, GitError> {
        let id = self.commit_id(revision)?;
        let listing = self.run(["ls-tree", "-r", "-z", "--full-tree", &*id])?;
        let entries = listing.split(|byte| *byte == 0);
        let objects = entries.filter_map(|entry| {
            let (facts, path) = std::str::from_utf8(entry).ok()?.split_once('\t')?;
            let path = self.below_root(path)?;
            Some((path.to_owned(), facts.split(' ').nth(2)?.to_owned()))
        });
        Ok(objects.collect())
    }

    /// What objects hold, in their order; none for one that git does not have,
    /// and for what is too large to be a record: that is not read.
    pub fn small_objects(&self, objects: &[&str]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let names: String = objects.iter().flat_map(|name| [*name, "\n"]).collect();
        let sizes = self.run_with(["cat-file", "--batch-check"], names.as_bytes())?;
        let sizes = String::from_utf8_lossy(&sizes);
        let is_small = |line: &str| {
            // `NAME TYPE SIZE`, or `NAME missing`
            let mut words = line.split(' ').skip(1);
            let size = words.by_ref().nth(1).and_then(|size| size.parse().ok());
            size.is_some_and(|size: u64| size <= MAXIMUM_FILE_SIZE)
        };
        let small: Vec<bool> = sizes.lines().map(is_small).collect();
        if small.len() != objects.len() {
            return Err(GitError::Failed("cat-file: cut off".to_owned()));
        }
        let wanted = objects.iter().zip(&small).filter(|(_, small)| **small);
        let mut found = self.objects(wanted.map(|(name, _)| *name))?.into_iter();
        let all = small.into_iter().map(|small| match small {
            true => found.next().flatten(),
            false => None,
        });
        Ok(all.collect())
    }

    /// What objects hold, in their order; none for one that git does not have.
    pub fn objects<'o>(
        &self,
        objects: impl Iterator<Item = &'o str>,
    ) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let mut count = 0;
        let mut names = String::new();
        for object in objects {
            count += 1;
            names.push_str(object);
            names.push('\n');
        }
        if count == 0 {
            return Ok(Vec::new());
        }
        let answer = self.run_with(["cat-file", "--batch"], names.as_bytes())?;
        let mut rest = &*answer;
        let mut all = Vec::with_capacity(count);
        while all.len() < count {
            let Some(end) = memchr::memchr(b'\n', rest) else {
                return Err(GitError::Failed("cat-file: cut off".to_owned()));
            };
            // `NAME TYPE SIZE`, or `NAME missing`
            let head = String::from_utf8_lossy(&rest[..end]);
            rest = &rest[end + 1..];
            let size = head.rsplit(' ').next().and_then(|size| size.parse().ok());
            let Some(size) = size else {
                all.push(None);
                continue;
            };
            let size: usize = size;
            let Some((bytes, after)) = rest.split_at_checked(size) else {
                return Err(GitError::Failed("cat-file: cut off".to_owned()));
            };
            all.push(Some(bytes.to_vec()));
            rest = after.get(1..).unwrap_or_default();
        }
        Ok(all)
    }
}

/// The entries of a listing of git, each as its facts and its path. A path that
/// is no UTF-8 names nothing that a register reads.
fn entries(listing: &[u8]) -> impl Iterator<Item = (&str, &str)> {
    listing
        .split(|byte| *byte == 0)
        .filter_map(|entry| std::str::from_utf8(entry).ok()?.split_once('\t'))
}

fn is_read(path: &str) -> bool {
    path == SETTINGS
        || FOLDERS.iter().any(|folder| path.starts_with(folder))
        || PICTURES.iter().any(|end| path.ends_with(end))
}
