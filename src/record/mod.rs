//! One record: the envelope, and typed values with their places.
//!
//! Invariants: sections, fields and columns stand at the indexes that the
//! kind gives them; a value that was written but could not be understood is
//! [`Value::Invalid`], its finding has been made, and later stages say no
//! more about it.

mod access;
mod expression;
mod follow;
mod read;
mod read_value;
mod standing;
mod value;
mod work;

pub use access::{Found, RowRef, collect_subjects, part_moment};
pub use expression::{CurrentRow, Evaluation, EvaluationError};
pub use follow::{Hit, Only, field_of, hits};
pub use read::{Reading, read_record};
pub use standing::{Altered, Brought, Doubt, Standing};
pub use value::{Attachment, Cell, Row, SectionValue, Signature, Value};
pub use work::{WorkLeft, work_of};

use std::sync::Arc;

use crate::definition::{Audience, Priority};
use crate::finding::{FileId, Place, Span};

/// A value of the envelope with its place.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The file it was read from.
    pub file: FileId,
    /// Index of its kind in the register.
    pub kind: usize,
    /// Its number.
    pub id: At<Arc<str>>,
    /// Its title.
    pub title: At<Box<str>>,
    /// Index of its state.
    pub state: At<usize>,
    /// How urgent it is.
    pub priority: Option<At<Priority>>,
    /// Whether a priority stands there that could not be read, of which loading has told.
    pub priority_unread: bool,
    /// Who may see it.
    pub audience: At<Audience>,
    /// Departments, people and parties that a public or confidential record is for.
    pub visible_to: Vec<At<crate::organisation::Subject>>,
    /// The project it belongs to.
    pub project: Option<At<Box<str>>>,
    /// Other records it has to do with.
    pub related: Vec<At<Box<str>>>,
    /// Its sections, at the indexes of the kind.
    pub sections: Vec<SectionValue>,
    /// Regions that could not be parsed.
    pub broken: Vec<Span>,
    /// Whether the expressions of its kind would take too long on it, of which
    /// loading has told: they have no result.
    pub too_costly: bool,
}

/// A number is part of addresses and file names: what is longer (in
/// characters) is a text in the wrong place, and no file system takes it.
const LONGEST_NUMBER: usize = 48;

impl Record {
    /// Whether it can have a page and papers, which are named by its number.
    /// A record without one is a finding, and no site fails because of it.
    pub fn has_address(&self) -> bool {
        !self.id.value.is_empty() && self.id.value.chars().nth(LONGEST_NUMBER).is_none()
    }

    /// What the record is called on pages: its title, or its number while a
    /// draft has none.
    pub fn heading(&self) -> &str {
        if self.title.value.trim().is_empty() {
            &self.id.value
        } else {
            &self.title.value
        }
    }

    /// The place of a span of this record.
    pub fn place(&self, span: Span) -> Place {
        Place {
            file: self.file,
            span,
        }
    }
}
