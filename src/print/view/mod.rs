//! The view model of a printed form: what stands on the paper, in words.
//!
//! ```text
//! Form + Record (or none: blank) ── build ──▶ FormView ──▶ Tera → HTML
//!                                                    └───▶ JSON → Typst → PDF
//! ```
//!
//! Invariants:
//! - HTML and PDF of a form show the strings of one [`FormView`] and no others,
//!   so they cannot disagree.
//! - Every string is final: formatted in the view's language and cleaned of
//!   characters that act instead of showing (`clean`). Templates format nothing.
//! - A view is made from the register alone: no clock, no disk.

mod asked;
mod build;
mod cells;
mod checks;
mod clean;
mod format;
mod gathered;
mod gathered_head;
mod letter;
mod rows;
mod signatures;
mod tables;
mod widths;

pub use build::{Filling, view, view_for};
pub use gathered::{blank_register, blank_register_name, register_subject, register_view};

use serde::Serialize;

use crate::finding::Place;
use crate::markdown;

/// A form, filled or blank, ready to be drawn.
#[derive(Clone, Debug, Serialize)]
pub struct FormView {
    /// The form's name, the profile's own if it has one.
    pub title: String,
    /// The company's name.
    pub company: String,
    /// The record's number; none on a blank form.
    pub number: Option<String>,
    /// The record's title; none on a blank form.
    pub subject: Option<String>,
    /// The record's state; none on a blank form.
    pub state: Option<String>,
    /// What has to be seen first: a draft, a matter that ended without result,
    /// confidentiality.
    pub marks: Vec<String>,
    /// Whether the record is no more than a draft of this form.
    pub draft: bool,
    /// Whether the form is to be filled in by hand.
    pub blank: bool,
    /// Language tag: `zh-CN`.
    pub language: &'static str,
    /// `form`, `minutes`, `notice`, `letter` or `register`.
    pub style: &'static str,
    /// After which model it is set: `official` is GB/T 9704-2012, for filled
    /// letters, notices and minutes alone; else `plain`.
    pub paper: &'static str,
    /// The words in the red head of official paper.
    pub head: Option<String>,
    /// `portrait` or `landscape`.
    pub orientation: &'static str,
    /// Whether one of the blocks is the paper's own title, as a letter has it.
    pub titled: bool,
    /// Whether it is gathered from many records: then it has no number, and
    /// its subject is whom or what it is of.
    pub gathered: bool,
    /// The day it is true at, of a gathered paper.
    pub as_of: Option<String>,
    /// Short name of the version that was printed.
    pub printed_of: Option<String>,
    /// Standing words of the paper, `[print.paper]` of the words file.
    pub words: serde_json::Value,
    /// What stands on it, from top to bottom.
    pub blocks: Vec<Block>,
    /// Name of the file, without extension; safe on every file system.
    #[serde(skip)]
    pub file_name: String,
    /// Where each of the record's texts came from, to find a character by.
    #[serde(skip)]
    pub sources: Vec<Origin>,
}

/// Where a text on the paper came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The text as it stands on the paper (Markdown as it was written).
    pub text: String,
    /// The label over it.
    pub label: String,
    /// Its place in the record.
    pub place: Place,
}

/// A part of the paper.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading over the parts that follow.
    Heading {
        /// Its words.
        text: String,
    },
    /// Standing text.
    Text {
        /// Its words.
        text: String,
    },
    /// Room for a seal.
    Seal {
        /// What is to be sealed, and by whom.
        text: String,
    },
    /// Labelled cells. Rows of one, two cells share a grid of two; rows of
    /// three make a grid of their own.
    Grid {
        /// How many labelled cells the widest row has.
        columns: usize,
        /// Its rows.
        rows: Vec<GridRow>,
    },
    /// A table of rows.
    Table {
        /// What it is a table of, unless a heading says so.
        label: Option<String>,
        /// Its columns.
        columns: Vec<Column>,
        /// Its cells.
        rows: Vec<Vec<Content>>,
        /// Empty rows after them, for ink.
        blank_rows: u32,
        /// Height of each, in lines for handwriting.
        blank_lines: u32,
    },
    /// Signatures.
    Signatures {
        /// Words over them.
        label: Option<String>,
        /// Many: a line each, instead of a cell with room for an opinion.
        compact: bool,
        /// Whether anybody remarked something.
        opinions: bool,
        /// Who signs.
        lines: Vec<SignatureLine>,
    },
}

/// A row of labelled cells.
#[derive(Clone, Debug, Serialize)]
pub struct GridRow {
    /// The cells.
    pub cells: Vec<LabelledCell>,
    /// Whether it is one long text over the full width.
    pub long: bool,
    /// Height in lines to keep free for ink; 0 where something stands.
    pub lines: u32,
    /// What it is in a letter or notice: `plain`, `title`, `number`,
    /// `addressee`, `body`, `attachments`, `signoff`, `note`, `attendance`,
    /// `copies`, `issued`.
    pub role: &'static str,
}

/// A value with its label.
#[derive(Clone, Debug, Serialize)]
pub struct LabelledCell {
    /// The label.
    pub label: String,
    /// The value.
    pub content: Content,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// Hundredths of the table's width; all columns make 100.
    pub width: u32,
    /// Whether its values are short and stand in the middle.
    pub centred: bool,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Nothing, or room for ink.
    Empty,
    /// Lines of plain text.
    Lines {
        /// The lines.
        lines: Vec<String>,
    },
    /// Boxes, ticked and not.
    Checks {
        /// The choices.
        options: Vec<CheckBox>,
    },
    /// Text with structure.
    Blocks {
        /// Its blocks.
        blocks: Vec<markdown::Block>,
    },
}

impl Content {
    /// One line; nothing when it is empty.
    pub fn line(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            return Content::Empty;
        }
        Content::Lines { lines: vec![text] }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        matches!(self, Content::Empty)
    }
}

/// A choice with its box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckBox {
    /// The choice.
    pub label: String,
    /// Whether it is the one.
    pub chosen: bool,
}

/// Where somebody signs or has confirmed.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureLine {
    /// As what: 发起部门负责人.
    pub label: String,
    /// For whom, where several sign as the same: 市场部.
    pub who: Option<String>,
    /// Who has confirmed; none leaves room for ink.
    pub name: Option<String>,
    /// That the name stands for a confirmation online and is no handwriting.
    pub manner: Option<String>,
    /// When.
    pub date: Option<String>,
    /// What was remarked.
    pub opinion: Option<String>,
}
