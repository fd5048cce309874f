//! What differs between two versions of the register: which records are new,
//! gone or renumbered, and what each says otherwise, field by field.
//!
//! Invariants: pure, and it knows no words: labels and values stay what
//! definitions and records made of them, with their places in both versions.
//! Values are compared by what they mean: comments, layout, the order of keys
//! and the way a date is written make no difference. The two versions may rest
//! on different definitions and organisations.

mod compare;
mod delay;
mod difference;
mod meaning;
mod pair;
mod rows;
mod signed;

pub use compare::compare;
pub use delay::{ToldDelay, told_delays};
pub use difference::{Piece, PieceKind, difference};
pub use meaning::of_subject;
pub use pair::{Comparison, FileChange, Pair, compare_registers};
pub use rows::row_key;
pub use signed::{Given, Signed, Spot as SignatureSpot, given, signed};

use crate::calendar::Moment;
use crate::definition::{Audience, Field, Priority, Section, State};
use crate::finding::{Place, Span};
use crate::organisation::Subject;
use crate::record::{At, Cell, Record, Row};
use crate::register::Register;
use crate::source::SourceFile;

/// A record in the register it was read into.
#[derive(Clone, Copy)]
pub struct Version<'r> {
    /// The register.
    pub register: &'r Register,
    /// The record, of one of the register's kinds.
    pub record: &'r Record,
    /// The file it was read from.
    pub file: &'r SourceFile,
}

impl<'r> Version<'r> {
    /// A record of the register.
    pub fn new(register: &'r Register, record: &'r Record) -> Self {
        let file = register.sources.file(record.file);
        Version {
            register,
            record,
            file,
        }
    }

    /// The state it stands in.
    pub fn state(&self) -> &'r State {
        &self.register.kind_of(self.record).states[self.record.state.value]
    }

    /// A place in its file.
    pub fn place(&self, span: Span) -> Place {
        self.record.place(span)
    }
}

/// A part of a record that says something else than it did.
pub struct Change<'r> {
    /// Which part.
    pub part: Part<'r>,
    /// What it said; none when it was not there.
    pub before: Option<Told<'r>>,
    /// What it says; none when it is gone.
    pub after: Option<Told<'r>>,
}

/// A part of a record.
#[derive(Clone, Copy)]
pub enum Part<'r> {
    /// What kind of matter it is.
    Kind,
    /// Its number.
    Number,
    /// Its title.
    Title,
    /// Its state.
    State,
    /// How urgent it is.
    Priority,
    /// Who may see it.
    Audience,
    /// For whom it is.
    VisibleTo,
    /// The project it belongs to.
    Project,
    /// Other records it has to do with.
    Related,
    /// Something in a section.
    Section(Spot<'r>),
}

/// Something in a section: a whole occurrence of it, a field, a row of a table,
/// a column of a row. Definitions are those of the newer version where it has
/// them.
#[derive(Clone, Copy)]
pub struct Spot<'r> {
    /// The section.
    pub section: &'r Section,
    /// Which occurrence, of a repeated one.
    pub row: Option<RowAt>,
    /// The field; none when a whole occurrence came or went.
    pub field: Option<&'r Field>,
    /// Which row, in a table.
    pub inner: Option<RowAt>,
    /// The column; none when a whole row came or went.
    pub column: Option<&'r Field>,
}

/// A row by its index in each version that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowAt {
    /// In the older one.
    pub before: Option<usize>,
    /// In the newer one.
    pub after: Option<usize>,
}

/// What a part of a record says.
#[derive(Clone, Copy)]
pub enum Told<'r> {
    /// A value of a field.
    Cell(&'r Field, &'r Cell),
    /// A row with the fields that its values are of.
    Row(&'r [Field], &'r Row),
    /// A name, a number, a title.
    Text(&'r str, Span),
    /// A state.
    State(&'r State, Span),
    /// How urgent.
    Priority(Priority, Span),
    /// Who may see it.
    Audience(Audience, Span),
    /// People, departments, parties.
    Subjects(&'r [At<Subject>]),
    /// Numbers of records.
    Numbers(&'r [At<Box<str>>]),
}

impl Told<'_> {
    /// Where it stands in its version's file.
    pub fn span(&self) -> Span {
        match self {
            Told::Cell(_, cell) => cell.span,
            Told::Row(_, row) => row.span,
            Told::Text(_, span)
            | Told::State(_, span)
            | Told::Priority(_, span)
            | Told::Audience(_, span) => *span,
            Told::Subjects(all) => all.first().map(|one| one.span).unwrap_or_default(),
            Told::Numbers(all) => all.first().map(|one| one.span).unwrap_or_default(),
        }
    }

    /// The moment, where it is one.
    pub fn moment(&self) -> Option<Moment> {
        match self {
            Told::Cell(_, cell) => cell.value.moment(),
            _ => None,
        }
    }
}
