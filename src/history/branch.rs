//! What other branches and the past have given names to.

use std::collections::{BTreeMap, BTreeSet};

use super::git::{Git, GitError};
use super::log::{Did, Log};

/// A file of a branch, or the last one of its name in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// Its name without folders and ending.
    pub name: String,
    /// What it says, or said last.
    pub bytes: Vec<u8>,
}

impl Git {
    /// The commit from which two revisions go apart; none when they share none
    /// here, as in a shallow clone.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, GitError> {
        let (one, other) = (self.commit_id(one)?, self.commit_id(other)?);
        match self.run(["merge-base", &one, &other]) {
            Ok(answer) => {
                let id = String::from_utf8_lossy(&answer).trim().to_owned();
                Ok(Some(id).filter(|id| !id.is_empty()))
            }
            // it says nothing and fails where there is none
            Err(GitError::Failed(words)) if words.is_empty() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The files of these names that a revision has below a folder and that
    /// another one, where it comes from, has not.
    pub fn named_since(
        &self,
        revision: &str,
        origin: Option<&str>,
        below: &str,
        names: &BTreeSet<String>,
    ) -> Result<Vec<NamedFile>, GitError> {
        let listed = |revision: &str| -> Result<BTreeSet<(String, String)>, GitError> {
            let id = self.commit_id(revision)?;
            let folder = format!("{}{below}/", self.prefix());
            let answer = self.run(["ls-tree", "-r", "-z", "--full-tree", &*id])?;
            let entries = answer.split(|byte| *byte == 0);
            Ok(entries
                .filter_map(|entry| {
                    let (facts, path) = std::str::from_utf8(entry).ok()?.split_once('\t')?;
                    let name = stem(path.strip_prefix(&*folder)?)?;
                    let object = facts.split(' ').nth(2)?;
                    names
                        .contains(name)
                        .then(|| (name.to_owned(), object.to_owned()))
                })
                .collect())
        };
        let known = match origin {
            Some(origin) => listed(origin)?,
            None => BTreeSet::new(),
        };
        let mut found = listed(revision)?;
        found.retain(|(name, _)| known.iter().all(|(known, _)| known != name));
        let objects = self.objects(found.iter().map(|(_, object)| &**object))?;
        Ok(found
            .into_iter()
            .zip(objects)
            .map(|((name, _), bytes)| NamedFile {
                name,
                bytes: bytes.unwrap_or_default(),
            })
            .collect())
    }

    /// Who committed changes of which files on the way from one revision to
    /// another, by the files' paths from the root: name and mail address, each
    /// once.
    pub fn authors(
        &self,
        from: &str,
        to: &str,
    ) -> Result<BTreeMap<String, BTreeSet<(String, String)>>, GitError> {
        let range = format!("{}..{}", self.commit_id(from)?, self.commit_id(to)?);
        let answer = self.run([
            "log",
            "-z",
            "--name-only",
            "--no-renames",
            "--format=%x01%an%x00%ae%x00",
            &*range,
        ])?;
        let mut fields = answer.split(|byte| *byte == 0);
        let mut author = (String::new(), String::new());
        let mut found: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
        while let Some(field) = fields.next() {
            let field = field.strip_prefix(b"\n").unwrap_or(field);
            if let Some(name) = field.strip_prefix(b"\x01") {
                let email = fields.next().unwrap_or_default();
                let [name, email] =
                    [name, email].map(|text| String::from_utf8_lossy(text).into_owned());
                author = (name, email);
            } else if let Some(path) = std::str::from_utf8(field)
                .ok()
                .and_then(|path| self.below_root(path))
                && !path.is_empty()
            {
                let of_path = found.entry(path.to_owned()).or_default();
                of_path.insert(author.clone());
            }
        }
        Ok(found)
    }

    /// Whose name and mail address the next commit here would have; none where
    /// git was not told.
    pub fn own_author(&self) -> Option<(String, String)> {
        let answer = self
            .run(["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"])
            .ok()?;
        let answer = String::from_utf8_lossy(&answer);
        let (name, rest) = answer.split_once(" <")?;
        let (email, _) = rest.rsplit_once('>')?;
        Some((name.to_owned(), email.to_owned()))
    }

    /// The files of these names that were deleted below a folder before a
    /// revision, as they were last: the newest first.
    pub fn deleted(
        &self,
        revision: &str,
        below: &str,
        names: &BTreeSet<String>,
    ) -> Result<Vec<NamedFile>, GitError> {
        let id = self.commit_id(revision)?;
        let folder = format!("{below}/");
        let log = Log::up_to(self, &id)?;
        // one that was moved is no longer where it was
        let gone = log.changes.iter().filter_map(|change| match change.did {
            Did::Deleted => Some((&change.path, change)),
            Did::Moved => Some((change.from.as_ref()?, change)),
            Did::Added | Did::Changed => None,
        });
        let found: Vec<(String, String)> = gone
            .filter(|(path, _)| path.starts_with(&folder))
            .filter_map(|(path, change)| {
                let name = stem(path).filter(|name| names.contains(*name))?;
                Some((name.to_owned(), change.before.first()?.to_string()))
            })
            .collect();
        let objects = self.objects(found.iter().map(|(_, object)| &**object))?;
        Ok(found
            .into_iter()
            .zip(objects)
            .map(|((name, _), bytes)| NamedFile {
                name,
                bytes: bytes.unwrap_or_default(),
            })
            .collect())
    }
}

/// The name of a record's file without folders and ending.
fn stem(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.strip_suffix(".toml")
}
