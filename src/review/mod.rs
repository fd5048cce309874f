//! What a change to the register means: which matters it begins and moves, what
//! it meets, opens and shifts, what is wrong that was not, and what each matter
//! still lacks before its next step.
//!
//! Invariants: pure, of two outlooks as of the same instant, so that nothing is
//! told of a change that time alone has brought; in the order of numbers, so
//! that it does not depend on threads; no word of it is made here (see
//! [`crate::report`]).

mod duties;
mod matter;

pub use duties::{Announced, Duty, DutyChange};
pub use matter::{Matter, Next};

use rayon::prelude::*;

use crate::change::{Comparison, FileChange, compare_registers};
use crate::check::Checker;
use crate::finding::Finding;
use crate::outlook::Outlook;

/// One side of a change: the register as of an instant, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Reviewed<'r> {
    /// The register as of the instant at which both sides are looked at.
    pub outlook: &'r Outlook<'r>,
    /// All findings, those of limits included.
    pub findings: &'r [Finding],
}

/// A change, explained.
pub struct Review<'r> {
    /// The older side.
    pub before: Reviewed<'r>,
    /// The newer side.
    pub after: Reviewed<'r>,
    /// The matters that differ, by number; those that say the same in other
    /// bytes are among them, without changes.
    pub matters: Vec<Matter<'r>>,
    /// Files that are no records: definitions, settings, the organisation.
    pub files: Vec<FileChange>,
}

/// Explains what leads from one side to the other.
pub fn review<'r>(before: Reviewed<'r>, after: Reviewed<'r>) -> Review<'r> {
    let comparison: Comparison<'r> =
        compare_registers(before.outlook.register, after.outlook.register);
    let checker = Checker::new(after.outlook.register);
    let matters = comparison
        .pairs
        .par_iter()
        .map(|pair| Matter::new(&comparison, *pair, before.outlook, after.outlook, &checker))
        .collect();
    Review {
        before,
        after,
        matters,
        files: comparison.files,
    }
}
