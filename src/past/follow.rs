//! The past while files change and nothing is committed.
//!
//! Invariant: with the same definitions it is what [`Past::read`] would find;
//! facts between commits stay those of the definitions that they were read by.

use std::collections::BTreeSet;
use std::path::Path;

use super::Past;
use crate::history::{Git, GitError};
use crate::register::Register;

impl Past {
    /// Takes in that the register was refreshed, and that these files of the
    /// folder at `root` may have changed.
    pub fn follow(
        &mut self,
        register: &Register,
        git: &Git,
        root: &Path,
        changed: &BTreeSet<String>,
    ) -> Result<(), GitError> {
        if self.log.commits.is_empty() {
            self.find_records(register);
            return Ok(());
        }
        let committed = self.committed(git)?;
        let known = changed.iter().filter_map(|path| committed.get(path));
        let objects: Vec<&str> = known.map(String::as_str).collect();
        let before = match objects.is_empty() {
            true => Vec::new(),
            false => git.small_objects(&objects)?,
        };
        let mut before = before.into_iter();
        let mut edited = Vec::new();
        for path in changed {
            let before = match committed.contains_key(path) {
                true => before.next().map(Option::unwrap_or_default),
                false => None,
            };
            let now = std::fs::read(root.join(path)).ok();
            edited.push(before != now);
        }
        for (path, edited) in changed.iter().zip(edited) {
            match edited {
                true => self.edited.insert(path.clone()),
                false => self.edited.remove(path),
            };
        }
        self.find_records(register);
        self.uncommitted.clear();
        let edited = self.edited.clone();
        self.find_uncommitted(register, git, &edited)
    }
}
