//! The rules: a file a rule, and the registry that `check`, `explain`, the
//! documentation and the machine-readable reports are made from.
//!
//! Invariants: rules read the register and nothing else (no clock, no disk);
//! the order of findings does not depend on threads.

mod archive_name;
mod archive_number;
mod attachment_name;
mod attachments_stated;
mod audience_named;
mod calendar_year;
pub mod change;
mod checked;
mod commitment_complete;
mod commitments;
mod date_order;
mod file_name;
mod five_elements;
mod fixes;
mod internal_names;
mod kind_rule;
mod measurable_goal;
mod merge_conflict;
mod number_pattern;
mod owner_left;
mod place;
mod placeholder;
mod placeholder_wording;
mod progress;
mod registry;
mod related_visible;
mod required_field;
mod row_identity;
mod said;
#[cfg(test)]
pub(crate) mod sample;
mod signature_complete;
mod signature_level;
mod signed_section;
mod state_event;
mod state_order;
mod subject_wording;
mod vague_wording;
mod wording;

pub use checked::Checked;
pub use fixes::{Mended, apply_safe};
pub use registry::{RULES, Rule, Run, Scope};
pub use said::Said;

use rayon::prelude::*;

use crate::finding::{Finding, Level, Place, Wording, sort};
use crate::record::Record;
use crate::register::Register;

/// Every finding of every rule, in reading order; those of loading are not
/// among them.
pub fn check(register: &Register) -> Vec<Finding> {
    let checker = Checker::new(register);
    let mut findings: Vec<Finding> = register
        .records
        .par_iter()
        .with_min_len(64)
        .flat_map_iter(|record| checker.record(record))
        .collect();
    for rule in RULES {
        if let Run::Register(run) = rule.run {
            run(register, &mut findings);
        }
    }
    sort(&mut findings);
    findings
}

/// The rules about single records, ready to be run.
pub struct Checker<'r> {
    register: &'r Register,
    plans: Vec<checked::Plan>,
}

impl<'r> Checker<'r> {
    /// The rules of this register's kinds.
    pub fn new(register: &'r Register) -> Self {
        Checker {
            register,
            plans: checked::plans(register),
        }
    }

    /// What is wrong with a record of one of the register's kinds.
    pub fn record(&self, record: &Record) -> Vec<Finding> {
        let mut found = Vec::new();
        let scope = Scope {
            register: self.register,
            record,
            kind: self.register.kind_of(record),
        };
        for rule in RULES {
            if let Run::Record(run) | Run::RecordAndChange(run, _) = rule.run {
                run(&scope, &mut found);
            }
        }
        self.plans[record.kind].run(&scope, &mut found);
        say_once(&mut found);
        found
    }

    /// What a record still lacks to stand in a state, by its index: the errors
    /// it would have there and does not have where it stands.
    pub fn missing_for(&self, record: &Record, state: usize) -> Vec<Finding> {
        let now = self.record(record);
        let mut moved = record.clone();
        moved.state.value = state;
        let mut missing = self.record(&moved);
        missing.retain(|finding| finding.level == Level::Error && !now.contains(finding));
        sort(&mut missing);
        missing
    }
}

/// A kind may say of the order of two events in its own words, with its
/// clause: the general rule is silent there.
fn say_once(found: &mut Vec<Finding>) {
    let own: Vec<Place> = found
        .iter()
        .filter(|finding| matches!(finding.wording, Wording::Own { .. }))
        .map(|finding| finding.place)
        .collect();
    let general = |finding: &Finding| matches!(&*finding.rule, "state-order" | "date-order");
    found.retain(|finding| !general(finding) || !own.contains(&finding.place));
}
