//! All rules by name.

use super::{kind_rule, required_field};
use crate::definition::{Kind, Phase};
use crate::finding::{Finding, Level};
use crate::record::{Evaluation, Record};
use crate::register::Register;

/// What a rule about one record looks at.
pub struct Scope<'r> {
    /// Everything.
    pub register: &'r Register,
    /// The record.
    pub record: &'r Record,
    /// Its kind.
    pub kind: &'r Kind,
}

impl<'r> Scope<'r> {
    /// What expressions about the record are evaluated with.
    pub fn evaluation(&self) -> Evaluation<'r> {
        self.register.evaluation(self.record)
    }

    /// What the record's state means.
    pub fn phase(&self) -> Phase {
        self.kind.states[self.record.state.value].phase
    }

    /// The rank of the record's state: which step's requirements hold.
    pub fn rank(&self) -> usize {
        self.kind.states[self.record.state.value].rank
    }

    /// How much a matter of wording weighs (D14): a warning while the record
    /// is a draft.
    pub fn wording_level(&self) -> Level {
        match self.phase() {
            Phase::Draft => Level::Warning,
            _ => Level::Error,
        }
    }
}

/// How a rule is run.
#[derive(Clone, Copy)]
pub enum Run {
    /// Found while files are read: it has no code of its own here.
    Loading,
    /// Once for each record.
    Record(fn(&Scope<'_>, &mut Vec<Finding>)),
    /// Once for the register.
    Register(fn(&Register, &mut Vec<Finding>)),
}

/// A rule: its name and how it is run. What it says stands in
/// `templates/rules/<id>.toml`.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name, `vague-wording`.
    pub id: &'static str,
    /// How it is run.
    pub run: Run,
}

const fn loading(id: &'static str) -> Rule {
    Rule {
        id,
        run: Run::Loading,
    }
}

/// All of them, by name.
pub const RULES: &[Rule] = &[
    loading("bad-amount"),
    loading("bad-calendar"),
    loading("bad-expression"),
    loading("bad-length"),
    loading("bad-match"),
    loading("bad-number-pattern"),
    loading("bad-pattern"),
    loading("bad-setting"),
    loading("department-as-owner"),
    loading("duplicate-name"),
    loading("duplicate-number"),
    loading("empty-file"),
    // found by every rule that evaluates an expression
    loading("expression-failed"),
    loading("inexact-date"),
    // stands for all rules of the kinds, which are found under their own names
    Rule {
        id: "kind-rule",
        run: Run::Record(kind_rule::run),
    },
    loading("missing-glyph"),
    loading("missing-key"),
    loading("missing-kind"),
    loading("missing-settings"),
    loading("no-rows"),
    loading("out-of-range"),
    loading("path-type"),
    loading("pattern"),
    loading("period-order"),
    Rule {
        id: "required-field",
        run: Run::Record(required_field::run),
    },
    loading("reserved-name"),
    loading("section-shape"),
    loading("several-owners"),
    loading("table-in-table"),
    loading("toml-syntax"),
    loading("typesetting-failed"),
    loading("unknown-choice"),
    loading("unknown-department"),
    loading("unknown-file"),
    loading("unknown-key"),
    loading("unknown-kind"),
    loading("unknown-limit"),
    loading("unknown-party"),
    loading("unknown-path"),
    loading("unknown-person"),
    loading("unknown-profile"),
    loading("unknown-reference"),
    loading("unknown-state"),
    loading("unknown-subject"),
    loading("unknown-word"),
    loading("unreadable-file"),
    loading("wrong-type"),
];
