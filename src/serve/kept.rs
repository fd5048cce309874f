//! Pages as they were when they could be made last, for while they cannot.

use std::collections::{HashSet, VecDeque};

use super::findings::is_unread;
use crate::exchange::address;
use crate::finding::FileId;
use crate::register::{Loaded, Register};

/// So many: what somebody looks at, and has looked at lately.
const MOST: usize = 64;

/// The last good pages, the latest at the end.
#[derive(Default)]
pub(super) struct Kept {
    pages: VecDeque<(String, Vec<u8>)>,
}

impl Kept {
    /// Keeps a page that could be made.
    pub(super) fn keep(&mut self, path: &str, page: &[u8]) {
        self.pages.retain(|(kept, _)| kept != path);
        if self.pages.len() == MOST {
            self.pages.pop_front();
        }
        self.pages.push_back((path.to_owned(), page.to_vec()));
    }

    /// The page as it was last.
    pub(super) fn page(&self, path: &str) -> Option<&[u8]> {
        let kept = self.pages.iter().find(|(kept, _)| kept == path);
        kept.map(|(_, page)| page.as_slice())
    }
}

/// What could not be read of the records.
pub(super) struct Unread {
    /// Pages of records of which only a part could be read.
    pages: HashSet<String>,
    any: bool,
}

impl Unread {
    pub(super) fn new(loaded: &Loaded) -> Self {
        let register = &loaded.register;
        let unread = loaded.findings.iter().filter(|finding| is_unread(finding));
        let files: HashSet<FileId> = unread.map(|finding| finding.place.file).collect();
        let records = register.records.iter().filter(|_| !files.is_empty());
        Unread {
            pages: records
                .filter(|record| files.contains(&record.file))
                .map(|record| address::record(&record.id.value))
                .collect(),
            any: !files.is_empty(),
        }
    }

    /// Whether this is the page of a record of which only a part could be read.
    pub(super) fn page(&self, path: &str) -> bool {
        self.pages.contains(path)
    }

    /// Whether this page may be that of a record whose number cannot be read
    /// now: one that is there and not shown is behind the wall.
    pub(super) fn may_be(&self, path: &str, register: &Register) -> bool {
        let mut records = register.records.iter();
        self.any && !records.any(|record| address::record(&record.id.value) == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_looked_at_last_are_kept() {
        let mut kept = Kept::default();
        for number in 0..=MOST {
            kept.keep(&number.to_string(), b"first");
        }
        kept.keep("1", b"second");
        assert_eq!(kept.page("0"), None);
        assert_eq!(kept.page("1"), Some(b"second".as_slice()));
        kept.keep("new", b"");
        assert_eq!(kept.page("2"), None);
        assert!(kept.page("1").is_some());
    }
}
