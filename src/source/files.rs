//! The text of every file that was read, and positions in it.

use std::sync::{Arc, OnceLock};

use super::brackets::{Open, blanked, left_open};
use super::conflicts::{Unmerged, settled, unmerged};
use crate::finding::{FileId, Place, Span};

/// A line and a column as people count them: from one, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters (a Chinese character is one).
    pub column: u32,
}

/// A file that was read, from the repository or out of the binary.
#[derive(Debug)]
pub struct SourceFile {
    /// Path in the repository, `/`-separated; built-in files start with `built-in:`.
    pub path: String,
    /// What stands in it, as UTF-8; empty where it could not be read.
    pub text: String,
    line_starts: OnceLock<Vec<u32>>,
    merging: OnceLock<Option<Merging>>,
    closed: OnceLock<Option<Closed>>,
}

/// A text that a merge has left unfinished.
#[derive(Debug)]
struct Merging {
    unmerged: Vec<Unmerged>,
    /// The text, blank where it does not say what our side says.
    ours: String,
}

/// A text without the values that it leaves open.
#[derive(Debug)]
pub(super) struct Closed {
    /// The text, blank where those values stand.
    pub(super) text: String,
    /// Those values.
    pub(super) open: Vec<Open>,
}

impl SourceFile {
    /// A file of this path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        SourceFile {
            path: path.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            merging: OnceLock::new(),
            closed: OnceLock::new(),
        }
    }

    fn merging(&self) -> Option<&Merging> {
        let make = || {
            let unmerged = unmerged(&self.text);
            (!unmerged.is_empty()).then(|| Merging {
                ours: settled(&self.text, &unmerged, 0),
                unmerged,
            })
        };
        self.merging.get_or_init(make).as_ref()
    }

    /// What a merge has left unfinished, in order.
    pub fn unmerged(&self) -> &[Unmerged] {
        self.merging().map_or(&[], |merging| &merging.unmerged)
    }

    /// The text to be read: what our side says where a merge is unfinished.
    pub(super) fn readable(&self) -> &str {
        self.merging().map_or(&self.text, |merging| &merging.ours)
    }

    /// The file as their side has it, byte for byte in its place.
    pub fn theirs(&self) -> SourceFile {
        let text = settled(&self.text, self.unmerged(), 1);
        SourceFile::new(self.path.clone(), text)
    }

    /// The text without values that are left open; none when there are none.
    pub(super) fn closed(&self) -> Option<&Closed> {
        let make = || {
            let text = self.readable();
            let open = left_open(text);
            (!open.is_empty()).then(|| Closed {
                text: blanked(text, &open),
                open,
            })
        };
        self.closed.get_or_init(make).as_ref()
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0)
                .chain(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at as u32 + 1))
                .collect()
        })
    }

    /// The largest byte offset at or before `at` that does not split a character.
    pub fn floor(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Where the byte stands; past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.floor(offset as usize) as u32;
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts[line - 1] as usize;
        let before = self.text.get(start..offset as usize).unwrap_or("");
        let characters = before.trim_start_matches('\u{feff}').chars().count();
        Position {
            line: line as u32,
            column: characters as u32 + 1,
        }
    }

    /// The words at a span; cut to whole characters.
    pub fn slice(&self, span: Span) -> &str {
        let start = self.floor(span.start as usize);
        let end = self.floor(span.end as usize).max(start);
        &self.text[start..end]
    }
}

/// All files that were read, in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

impl Sources {
    /// Takes a file in and gives it its number.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(Arc::new(file));
        FileId(self.files.len() as u32 - 1)
    }

    /// Takes a file in that other sources have, too.
    pub(crate) fn add_shared(&mut self, file: Arc<SourceFile>) {
        self.files.push(file);
    }

    /// Takes the files from this one on out.
    pub(crate) fn cut(&mut self, from: FileId) -> Vec<Arc<SourceFile>> {
        self.files.split_off(from.0 as usize)
    }

    /// The files from this one on.
    pub(crate) fn from(&self, from: FileId) -> &[Arc<SourceFile>] {
        &self.files[from.0 as usize..]
    }

    /// The file of that number, for whoever keeps it.
    pub(crate) fn shared(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[id.0 as usize]
    }

    /// The number that the next file will get.
    pub fn next(&self) -> FileId {
        FileId(self.files.len() as u32)
    }

    /// The file of that number.
    ///
    /// Numbers are only given out by [`Sources::add`], so they always exist.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The same files, of which only those that `keeps` says have a path and a
    /// text still.
    pub fn only(&self, keeps: impl Fn(FileId, &SourceFile) -> bool) -> Sources {
        let nothing = Arc::new(SourceFile::new("", ""));
        let files = self.files.iter().enumerate();
        Sources {
            files: files
                .map(|(index, file)| match keeps(FileId(index as u32), file) {
                    true => Arc::clone(file),
                    false => Arc::clone(&nothing),
                })
                .collect(),
        }
    }

    /// The files in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(index as u32), &**file))
    }

    /// The words at a place.
    pub fn words(&self, place: Place) -> &str {
        self.file(place.file).slice(place.span)
    }

    /// First line and column of a place.
    pub fn position(&self, place: Place) -> Position {
        self.file(place.file).position(place.span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_skip_a_byte_order_mark() {
        let file = SourceFile::new("a.toml", "\u{feff}甲 = 1\n事项 = 2\n");
        assert_eq!(file.position(3), Position { line: 1, column: 1 });
        assert_eq!(file.position(7), Position { line: 1, column: 3 });
        let at = file.text.find("= 2").unwrap_or(0) as u32;
        assert_eq!(file.position(at), Position { line: 2, column: 4 });
        assert_eq!(file.position(9_999).line, 3);
    }

    #[test]
    fn a_slice_never_splits_a_character() {
        let file = SourceFile::new("a", "甲乙");
        assert_eq!(file.slice(Span { start: 1, end: 5 }), "甲");
    }
}
