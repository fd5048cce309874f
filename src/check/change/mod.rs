//! Rules that need two versions of the register: what may become of what.
//!
//! Invariants: of two registers and what git was asked beforehand, nothing
//! else; places are places in the newer version, of which the report is made.

mod appended_only;
mod closed_record;
mod due_moved;
mod matter;
mod numbers;
mod signed_section;
mod state_transition;
mod who_may_change;

pub(super) use appended_only::check as appended_only;
pub(super) use closed_record::check as closed_record;
pub(super) use due_moved::check as due_moved;
pub use matter::ChangedMatter;
pub use numbers::{Claim, Numbers};
pub(super) use numbers::{reused as number_reused, taken as number_taken};
pub(super) use signed_section::check as signed_section;
pub(super) use state_transition::check as state_transition;
pub(super) use who_may_change::check as who_may_change;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rayon::prelude::*;

use super::registry::{RULES, Run};
use crate::change::compare_registers;
use crate::finding::{Finding, sort};
use crate::register::Register;

/// What has been asked beforehand: a change is judged by this and by the two
/// registers.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The instant as of which the change is looked at.
    pub as_of: Timestamp,
    /// Whom git knows numbers of.
    pub numbers: Numbers,
    /// Who changed each file on the way, by its path; nobody where git cannot
    /// tell.
    pub authors: BTreeMap<String, Vec<Author>>,
}

/// Who changed a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The name that git has.
    pub name: String,
    /// The mail address that git has.
    pub email: String,
}

/// What is wrong with the way from one version to another, in reading order of
/// the newer one.
pub fn check_change(
    before: &Register,
    after: &Register,
    circumstances: &Circumstances,
) -> Vec<Finding> {
    let comparison = compare_registers(before, after);
    let renumbered = matter::renumbered(&comparison);
    let mut findings: Vec<Finding> = comparison
        .pairs
        .par_iter()
        .flat_map_iter(|pair| {
            let matter = ChangedMatter::new(&comparison, *pair, &renumbered, circumstances);
            let mut found = Vec::new();
            for rule in RULES {
                if let Run::Change(run) | Run::RecordAndChange(_, run) = rule.run {
                    run(&matter, &mut found);
                }
            }
            found
        })
        .collect();
    sort(&mut findings);
    findings
}
