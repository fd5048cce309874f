//! What a review shows: the shape of its JSON, and what its templates are given.

use serde::Serialize;

use crate::change::Piece;

/// A change, explained.
#[derive(Debug, Serialize)]
pub struct ReviewView {
    /// Version of the shape, for programs.
    pub version: u32,
    /// The language it is in.
    pub language: &'static str,
    /// What there is, in a sentence a line.
    pub summary: Vec<String>,
    /// The matters, by number.
    pub matters: Vec<MatterView>,
    /// Other files that differ.
    pub files: Vec<FileView>,
    /// Findings that the change brings, outside the matters.
    pub findings: Vec<FindingView>,
    /// How many findings it brings in all.
    pub new_findings: usize,
    /// How many it mends.
    pub mended: usize,
}

/// A matter.
#[derive(Debug, Serialize)]
pub struct MatterView {
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What kind of matter it is.
    pub kind: String,
    /// Its file.
    pub path: String,
    /// `new`, `changed`, `same` or `gone`.
    pub status: &'static str,
    /// The same in words.
    pub status_label: String,
    /// The state it was in, where it moved.
    pub state_before: Option<String>,
    /// The state it is in.
    pub state: String,
    /// The facts of a new one: label and value.
    pub facts: Vec<FactView>,
    /// What it says otherwise.
    pub changes: Vec<ChangeView>,
    /// What the change does to what is owed.
    pub duties: Vec<DutyView>,
    /// Confirmations that came.
    pub signatures: Vec<SignatureView>,
    /// The steps it can take next.
    pub next: Vec<NextView>,
    /// Findings in it that the change brings.
    pub findings: Vec<FindingView>,
}

/// A fact of a new matter.
#[derive(Debug, Serialize)]
pub struct FactView {
    /// The form's word for it.
    pub label: String,
    /// What it is.
    pub value: String,
}

/// A part that says something else.
#[derive(Debug, Serialize)]
pub struct ChangeView {
    /// Where: section, row, field, in the form's words.
    pub label: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// What it said.
    pub before: Option<String>,
    /// What it says.
    pub after: Option<String>,
    /// What changed in it, where it is long.
    pub pieces: Vec<Piece>,
}

/// What the change does to something owed.
#[derive(Debug, Serialize)]
pub struct DutyView {
    /// `began`, `met`, `late`, `unmet`, `moved` or `ended`.
    pub change: &'static str,
    /// In a sentence.
    pub text: String,
    /// The clause that asks for it.
    pub clause: Option<String>,
}

/// A confirmation that came.
#[derive(Debug, Serialize)]
pub struct SignatureView {
    /// Which, in the form's words.
    pub label: String,
    /// Who, and what was remarked.
    pub text: String,
    /// `typed`, `committed` or `signed`; none where git does not know.
    pub level: Option<&'static str>,
    /// The commit that added it, where there is one.
    pub commit: Option<String>,
}

/// A step that the matter can take.
#[derive(Debug, Serialize)]
pub struct NextView {
    /// What is done: 提交.
    pub step: String,
    /// What is missing for it.
    pub missing: Vec<String>,
}

/// Something wrong.
#[derive(Debug, Serialize)]
pub struct FindingView {
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// The same in words.
    pub level_label: String,
    /// The rule.
    pub rule: String,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Another file that differs.
#[derive(Debug, Serialize)]
pub struct FileView {
    /// Its path.
    pub path: String,
    /// `new`, `changed` or `gone`.
    pub status: &'static str,
    /// The same in words.
    pub status_label: String,
}
