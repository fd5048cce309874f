//! Merges what two branches have made of one file: rows by what they are
//! instead of by the lines they stand on.
//!
//! Invariants: what one side has changed and the other has not is as the one
//! has it; no row that a side has added is lost, and none that it has taken out
//! comes back; which side is which makes no difference to what the result says,
//! nor to whether there is one. A result is valid TOML, or it is marked as
//! unfinished in a way that `check` points at (see [`crate::source`]).

mod content;
mod driver;
mod install;
mod layout;
mod lines;
mod markers;
mod order;
mod rows;
mod shape;
mod tables;
mod three_way;

pub use driver::{Definitions, Driven, Failure, Task, Textual, drive};
pub use install::{ATTRIBUTES, Installed, NotInstalled, install};
pub use markers::Style;

use jiff::tz::TimeZone;
use toml_edit::{DocumentMut, Item};

use self::content::Content;
use self::shape::Shape;
use self::three_way::Merged;
use crate::definition::Kind;
use crate::text::Text;

/// One of the two branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one that is merged into.
    Ours,
    /// The other one.
    Theirs,
}

/// A step on the way to a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key, with the form's word for it where it has one.
    Key(Option<Text>, String),
    /// A row by its name, and which it is, from one.
    Row(Option<String>, usize),
}

/// Why two changes do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// Both have changed it, and not to the same.
    Changed,
    /// One side has taken out what the other has changed.
    Removed(Side),
    /// Both have added a row of this name, and they are not the same.
    SameName,
    /// Both have given their own record this number.
    SameNumber,
}

/// Two changes that do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What they are about.
    pub path: Vec<Step>,
    /// Why they do not.
    pub kind: ConflictKind,
    /// What ours says, in a line; none where it says nothing.
    pub ours: Option<String>,
    /// What theirs says.
    pub theirs: Option<String>,
}

/// What has become of three versions of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The file; with marks when there are conflicts.
    pub text: String,
    /// What could not be merged, in the order of ours.
    pub conflicts: Vec<Conflict>,
}

/// What the file is, where it is known.
#[derive(Clone, Copy)]
pub struct Frame<'k> {
    /// The kinds of records, for a record; without them the file is merged by
    /// what it looks like.
    pub kinds: &'k [Kind],
    /// Zone of times without an offset.
    pub zone: &'k TimeZone,
}

/// Merges two versions of a file that come from a third one. None where one of
/// them is no TOML, or has too many rows without a name: then only its lines
/// can be merged.
pub fn merge(
    base: &str,
    ours: &str,
    theirs: &str,
    frame: Frame<'_>,
    style: &Style,
) -> Option<Outcome> {
    let clean = |text: String| Outcome {
        text,
        conflicts: Vec::new(),
    };
    let texts = [base, ours, theirs].map(Written::new);
    let [old, mine, their] = &texts;
    let trees = [old.tree()?, mine.tree()?, their.tree()?];
    if mine.text == their.text || their.text == old.text {
        return Some(clean(ours.to_owned()));
    }
    if mine.text == old.text {
        return Some(clean(theirs.to_owned()));
    }
    let kind = |tree: &DocumentMut| {
        let name = tree.get("kind").and_then(Item::as_str)?;
        frame.kinds.iter().find(|kind| *kind.id == *name)
    };
    let shape = match (kind(&trees[1]), kind(&trees[2])) {
        (Some(ours), Some(theirs)) if ours.id == theirs.id => Shape::Record(ours),
        _ => Shape::Any,
    };
    if let Some(conflict) = same_number(&trees) {
        return Some(Outcome {
            text: mine.restored(&markers::whole(&mine.text, &their.text, style)),
            conflicts: vec![conflict],
        });
    }
    let [for_ours, for_theirs] = [Side::Ours, Side::Theirs]
        .map(|side| three_way::merge(shape, &trees, frame.zone, side).ok());
    let (for_ours, for_theirs) = (for_ours?, for_theirs?);
    if !is_sound(&for_ours) || !is_sound(&for_theirs) {
        return None;
    }
    let text = match for_ours.conflicts.is_empty() {
        true => markers::plain(&for_ours.tree),
        false => markers::written(&for_ours.tree, &for_theirs.tree, style),
    };
    Some(Outcome {
        text: mine.restored(&text),
        conflicts: for_ours.conflicts,
    })
}

/// Two records that have nothing in common but their number.
fn same_number(trees: &[DocumentMut; 3]) -> Option<Conflict> {
    let [base, ours, theirs] = trees;
    let text = |tree: &DocumentMut, key: &str| -> Option<String> {
        Some(tree.get(key)?.as_str()?.trim().to_owned())
    };
    let number = text(ours, "id")?;
    let same = |key: &str| text(ours, key) == text(theirs, key);
    if !base.is_empty() || !same("id") || (same("kind") && same("title")) {
        return None;
    }
    Some(Conflict {
        path: vec![Step::Row(Some(number), 1)],
        kind: ConflictKind::SameNumber,
        ours: text(ours, "title"),
        theirs: text(theirs, "title"),
    })
}

/// Whether a tree is read back as it was meant, once it is written.
fn is_sound(merged: &Merged) -> bool {
    let text = markers::plain(&merged.tree);
    let Ok(read) = text.parse::<DocumentMut>() else {
        return false;
    };
    let meant = markers::without_placeholders(&merged.tree);
    Content::of_table(read.as_table()) == Content::of_table(meant.as_table())
}

/// A text without the marks that an editor leaves at its beginning and at the
/// ends of its lines.
struct Written {
    text: String,
    has_mark: bool,
    has_returns: bool,
}

impl Written {
    fn new(text: &str) -> Self {
        let (has_mark, text) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let has_returns = text.contains("\r\n");
        Written {
            text: text.replace("\r\n", "\n"),
            has_mark,
            has_returns,
        }
    }

    fn tree(&self) -> Option<DocumentMut> {
        self.text.parse().ok()
    }

    /// Another text with the marks of this one.
    fn restored(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        if self.has_mark {
            out.push('\u{feff}');
        }
        match self.has_returns {
            true => out.push_str(&text.replace('\n', "\r\n")),
            false => out.push_str(text),
        }
        out
    }
}
