//! The rules: a file a rule, and the registry that `check`, `explain`, the
//! documentation and the machine-readable reports are made from.
//!
//! Invariants: rules read the register and nothing else (no clock, no disk);
//! the order of findings does not depend on threads.

mod kind_rule;
mod placeholder;
mod registry;
mod required_field;
#[cfg(test)]
pub(crate) mod sample;

pub use registry::{RULES, Rule, Run, Scope};

use rayon::prelude::*;

use crate::finding::{Finding, sort};
use crate::register::Register;

/// Every finding of every rule, in reading order; those of loading are not
/// among them.
pub fn check(register: &Register) -> Vec<Finding> {
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
