//! The rules once more, where they have looked before: a rule about a single
//! record looks at it and its file, so that it says the same as long as these
//! stay.
//!
//! Invariants: a file that is read again is another file, and all are read
//! again when definitions change (see [`crate::register::Refresh`]); whoever
//! tells anew how signatures stand begins anew; what is said is what
//! [`super::check`] says.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::Checker;
use super::registry::{RULES, Run};
use crate::finding::{FileId, Finding, sort};
use crate::record::Record;
use crate::register::Register;
use crate::source::SourceFile;

/// What the rules have said of single records.
#[derive(Default)]
pub struct Said {
    by_file: HashMap<usize, OfFile>,
}

/// What they have said of the record in a file.
struct OfFile {
    /// Held, so that no other file can stand where it stands.
    file: Arc<SourceFile>,
    id: FileId,
    /// Whether its expressions were left out.
    too_costly: bool,
    findings: Vec<Finding>,
}

impl Said {
    /// How many records the rules have still to look at.
    pub fn missing(&self, register: &Register) -> usize {
        let records = register.records.iter();
        let missing = records.filter(|record| self.of(register, record).is_none());
        missing.count()
    }

    /// Every finding of every rule, in reading order; nothing when told to
    /// stop, and then what has been said until then is kept.
    pub fn check(&mut self, register: &Register, stop: &AtomicBool) -> Option<Vec<Finding>> {
        let checker = Checker::new(register);
        let stopped = || stop.load(Ordering::Relaxed);
        let known = &*self;
        let said: Vec<Option<OfFile>> = register
            .records
            .par_iter()
            .with_min_len(64)
            .map(|record| {
                let findings = match known.of(register, record) {
                    Some(known) => known.renumbered(record.file),
                    None if stopped() => return None,
                    None => checker.record(record),
                };
                Some(OfFile {
                    file: Arc::clone(register.sources.shared(record.file)),
                    id: record.file,
                    too_costly: record.too_costly,
                    findings,
                })
            })
            .collect();
        let whole = said.iter().all(Option::is_some);
        let mut findings: Vec<Finding> = match whole {
            true => said
                .iter()
                .flatten()
                .flat_map(|of_file| of_file.findings.iter().cloned())
                .collect(),
            false => Vec::new(),
        };
        let said = said.into_iter().flatten();
        self.by_file = said.map(|said| (address(&said.file), said)).collect();
        for rule in RULES.iter().filter(|_| whole) {
            if let Run::Register(run) = rule.run {
                run(register, &mut findings);
            }
        }
        sort(&mut findings);
        whole.then_some(findings)
    }

    fn of(&self, register: &Register, record: &Record) -> Option<&OfFile> {
        let file = register.sources.shared(record.file);
        let known = self.by_file.get(&address(file));
        known.filter(|known| known.too_costly == record.too_costly)
    }
}

impl OfFile {
    fn renumbered(&self, id: FileId) -> Vec<Finding> {
        let mut findings = self.findings.clone();
        for finding in &mut findings {
            finding.renumber(self.id, id);
        }
        findings
    }
}

fn address(file: &Arc<SourceFile>) -> usize {
    Arc::as_ptr(file).addr()
}
