//! The files of a repository as they were in a commit.
//!
//! Invariant: the disk is not touched. What a commit holds is read from git's
//! objects, so no link in it can lead anywhere.

use std::collections::{BTreeMap, HashMap};

use super::git::{Git, GitError};
use crate::source::{MAXIMUM_FILE_SIZE, Tree, Trouble};

/// What a register is read from.
const FOLDERS: [&str; 3] = ["records/", "templates/", "site/"];
/// The company's settings.
const SETTINGS: &str = "taizhang.toml";
/// What a logo may be; it may stand anywhere.
const PICTURES: [&str; 4] = [".svg", ".png", ".jpg", ".jpeg"];
/// git's mode of a symbolic link.
const LINK: &str = "120000";

impl Git {
    /// The files under the root as a revision has them, as far as a register is
    /// read from them. Files too large to be read are there by size only.
    pub fn version(&self, revision: &str) -> Result<Tree, GitError> {
        let id = self.commit_id(revision)?;
        let listing = self.run(["ls-tree", "-r", "-z", "-l", "--full-tree", &*id])?;
        let mut files = BTreeMap::new();
        let mut wanted: Vec<(String, &str)> = Vec::new();
        for entry in listing.split(|byte| *byte == 0) {
            // a path that is no UTF-8 names nothing that a register reads
            let Ok(entry) = std::str::from_utf8(entry) else {
                continue;
            };
            let Some((facts, path)) = entry.split_once('\t') else {
                continue;
            };
            let Some(path) = self.below_root(path).filter(|path| is_read(path)) else {
                continue;
            };
            let mut facts = facts.split_ascii_whitespace();
            let (mode, kind, object, size) =
                (facts.next(), facts.next(), facts.next(), facts.next());
            let size = size.and_then(|size| size.parse::<u64>().ok());
            match (mode, kind, object, size) {
                (Some(LINK), ..) => {
                    files.insert(path.to_owned(), Err(Trouble::Link));
                }
                (_, Some("blob"), _, Some(size)) if size > MAXIMUM_FILE_SIZE => {
                    files.insert(path.to_owned(), Err(Trouble::TooLarge(size)));
                }
                (_, Some("blob"), Some(object), Some(_)) => wanted.push((path.to_owned(), object)),
                _ => {}
            }
        }
        let objects = self.objects(wanted.iter().map(|(_, object)| *object))?;
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

fn is_read(path: &str) -> bool {
    path == SETTINGS
        || FOLDERS.iter().any(|folder| path.starts_with(folder))
        || PICTURES.iter().any(|end| path.ends_with(end))
}
