//! Why a job gave no document: data for the caller to word.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why one job gave no document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypesetError {
    /// This binary was built without the cargo feature `pdf`.
    NotBuilt,
    /// The worker process could not be started.
    NotStarted {
        /// What the system says.
        reason: String,
    },
    /// What was started answers in another protocol: not this binary, or
    /// another version of it.
    NotAWorker {
        /// What was wrong with the answer.
        reason: String,
    },
    /// The job did not finish in time; its worker was stopped.
    TimedOut {
        /// [`super::PoolSettings::time_limit`], or a minute where the worker did
        /// not even come up.
        limit: Duration,
    },
    /// The job took too much memory; its worker was stopped.
    OutOfMemory {
        /// [`super::PoolSettings::memory_limit`], in bytes.
        limit: u64,
    },
    /// The job's input is too large; no worker saw it.
    TooLarge {
        /// Bytes of sources, data and attachments, or of fonts.
        size: usize,
        /// [`super::PoolSettings::input_limit`] or
        /// [`super::PoolSettings::font_limit`].
        limit: usize,
    },
    /// The worker ended in the middle of the job.
    Crashed {
        /// Exit status, where there was one.
        code: Option<i32>,
        /// The last that it wrote to standard error.
        stderr: String,
    },
    /// Typst refused the sources or the data, or warned.
    Diagnostics(Vec<Diagnostic>),
    /// No built-in font has these characters.
    MissingGlyphs(Vec<MissingGlyph>),
    /// The engine gave no answer for this job: a defect of the engine.
    Unanswered,
}

/// Something that Typst says of the sources or the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// A warning stops a job as an error does.
    pub severity: Severity,
    /// In Typst's words (English).
    pub message: String,
    /// Where, if it is anywhere.
    pub place: Option<Place>,
    /// What to do, in Typst's words.
    pub hints: Vec<Hint>,
    /// The calls that led there, innermost first.
    pub trace: Vec<Hint>,
}

/// How bad Typst found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// No document could be made.
    Error,
    /// A document could be made, perhaps not the one meant.
    Warning,
}

/// A text with, perhaps, a place that it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// In Typst's words.
    pub message: String,
    /// Where, if it is anywhere.
    pub place: Option<Place>,
}

/// A place in one of the job's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path within the job: `/main.typ`, `/data.json`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A character that no built-in font can show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingGlyph {
    /// The character, with the marks that combine with it.
    pub character: String,
    /// The line as it was set, a few characters either side, to find the
    /// field by.
    pub context: String,
    /// Page, from 1.
    pub page: u32,
    /// The expression in the template that put the text there.
    pub place: Option<Place>,
}
