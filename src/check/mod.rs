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
#[cfg(test)]
pub(crate) mod sample;
mod signature_complete;
mod state_event;
mod state_order;
mod subject_wording;
mod vague_wording;
mod wording;

pub use checked::Checked;
pub use fixes::{Mended, apply_safe};
pub use registry::{RULES, Rule, Run, Scope};

use rayon::prelude::*;

use crate::finding::{Finding, Place, Wording, sort};
use crate::register::Register;

/// Every finding of every rule, in reading order; those of loading are not
/// among them.
pub fn check(register: &Register) -> Vec<Finding> {
    let plans = checked::plans(register);
    let mut findings: Vec<Finding> = register
        .records
        .par_iter()
        .with_min_len(64)
        .flat_map_iter(|record| {
            let mut found = Vec::new();
            let scope = Scope {
                register,
                record,
                kind: register.kind_of(record),
            };
            for rule in RULES {
                if let Run::Record(run) = rule.run {
                    run(&scope, &mut found);
                }
            }
            plans[record.kind].run(&scope, &mut found);
            say_once(&mut found);
            found
        })
        .collect();
    for rule in RULES {
        if let Run::Register(run) = rule.run {
            run(register, &mut findings);
        }
    }
    sort(&mut findings);
    findings
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
