//! What was found out of the past, kept in git's own directory from one run to
//! the next.
//!
//! Invariants: it is no source of anything. What is damaged or of another
//! program counts as not there, and a folder that cannot be written costs time
//! alone. A file is written in whole or not at all. It knows nothing of
//! audiences: what it holds is filtered when it is shown.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::git::Git;

/// Length of the sum that stands before the content.
const SUM: usize = blake3::OUT_LEN;

/// What the file begins with: the program, what it holds, and its format.
fn format(name: &str) -> Vec<u8> {
    format!("taizhang {name} {} 2\n", env!("CARGO_PKG_VERSION")).into_bytes()
}

/// What is kept under a name.
pub fn read<T: DeserializeOwned>(git: &Git, name: &str) -> Option<T> {
    let bytes = std::fs::read(git.own_folder().join(name)).ok()?;
    let (sum, content) = bytes.strip_prefix(&*format(name))?.split_at_checked(SUM)?;
    if blake3::hash(content).as_bytes() != sum {
        return None;
    }
    postcard::from_bytes(content).ok()
}

/// Keeps it. What goes wrong is nobody's trouble: it is found out again.
pub fn write<T: Serialize>(git: &Git, name: &str, content: &T) {
    let mut bytes = format(name);
    let head = bytes.len();
    bytes.extend([0; SUM]);
    let Ok(mut bytes) = postcard::to_extend(content, bytes) else {
        return;
    };
    let (head, content) = bytes.split_at_mut(head + SUM);
    let sum = head.len() - SUM;
    head[sum..].copy_from_slice(blake3::hash(content).as_bytes());
    let write = || -> std::io::Result<()> {
        let folder = git.own_folder();
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&bytes)?;
        file.persist(folder.join(name))?;
        Ok(())
    };
    let _ = write();
}

/// Names once, and numbers for them: most of a past is names.
#[derive(Default)]
pub struct Names {
    all: Vec<String>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Names {
    /// The number of a name, given to it now if it has none.
    pub fn number(&mut self, name: &Arc<str>) -> u32 {
        self.number_of(name).0
    }

    /// The same, and whether it was given now.
    pub fn number_of(&mut self, name: &Arc<str>) -> (u32, bool) {
        if let Some(number) = self.find(name) {
            return (number, false);
        }
        // four thousand million names do not fit into memory
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push((**name).to_owned());
        self.numbers.insert(name.clone(), number);
        (number, true)
    }

    /// The number that a name has.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The names in the order of their numbers.
    pub fn into_all(self) -> Vec<String> {
        self.all
    }
}
