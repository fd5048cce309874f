//! The repository's files, on disk or as they once were: walk, read, parse with spans.
//!
//! Invariant: reading never stops at a bad file. What can be read is
//! returned, what cannot is a finding, and nothing outside the repository is
//! ever opened.

mod brackets;
mod conflicts;
mod dates;
mod files;
mod number;
mod parse;
mod reader;
mod title;
mod tree;
mod walk;

pub use conflicts::Unmerged;
pub use dates::{civil_date, guess_date, moment};
pub use files::{Position, SourceFile, Sources};
pub use number::{Decimal, ParseDecimalError};
pub use parse::{Parsed, parse};
pub use reader::{Findings, Located, TableReader, nearest, type_name};
pub use title::written_title;
pub use tree::Tree;
pub(crate) use tree::ordinary_size;
pub(crate) use walk::fits_easily;
pub use walk::{MAXIMUM_FILE_SIZE, Room, Trouble, Walked};
