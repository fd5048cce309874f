//! All rules by name.

use super::change::{self, ChangedMatter};
use super::checked::Checked;
use super::{
    archive_name, archive_number, attachment_name, attachments_stated, audience_named,
    calendar_year, commitment_complete, date_order, file_name, five_elements, internal_names,
    kind_rule, measurable_goal, merge_conflict, number_pattern, owner_left, placeholder_wording,
    related_visible, required_field, row_identity, signature_complete, signature_level,
    signed_section, state_event, state_order, subject_wording, vague_wording,
};
use crate::archive;
use crate::definition::{FieldType, Kind, Phase};
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

/// What a rule about single values does with one.
pub type Check = fn(&Checked<'_, '_>, &mut Vec<Finding>);

/// How a rule is run.
#[derive(Clone, Copy)]
pub enum Run {
    /// Found while files are read: it has no code of its own here.
    Loading,
    /// Once for each record.
    Record(fn(&Scope<'_>, &mut Vec<Finding>)),
    /// Once for each value whose field names this check.
    Checked(&'static str, Check),
    /// Once for each value of a field of this type.
    Typed(fn(&FieldType) -> bool, Check),
    /// Once for the register.
    Register(fn(&Register, &mut Vec<Finding>)),
    /// Once for each record that differs between two versions.
    Change(fn(&ChangedMatter<'_>, &mut Vec<Finding>)),
    /// Once for each record, and once for each that differs between two versions.
    RecordAndChange(
        fn(&Scope<'_>, &mut Vec<Finding>),
        fn(&ChangedMatter<'_>, &mut Vec<Finding>),
    ),
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

const fn record(id: &'static str, run: fn(&Scope<'_>, &mut Vec<Finding>)) -> Rule {
    Rule {
        id,
        run: Run::Record(run),
    }
}

const fn checked(id: &'static str, check: &'static str, run: Check) -> Rule {
    Rule {
        id,
        run: Run::Checked(check, run),
    }
}

const fn typed(id: &'static str, of: fn(&FieldType) -> bool, run: Check) -> Rule {
    Rule {
        id,
        run: Run::Typed(of, run),
    }
}

const fn change(id: &'static str, run: fn(&ChangedMatter<'_>, &mut Vec<Finding>)) -> Rule {
    Rule {
        id,
        run: Run::Change(run),
    }
}

/// All of them, by name.
pub const RULES: &[Rule] = &[
    change("appended-only", change::appended_only),
    checked("archive-name", archive::NAME_CHECK, archive_name::check),
    Rule {
        id: "archive-number",
        run: Run::Register(archive_number::check),
    },
    checked("attachment-name", "attachment-name", attachment_name::check),
    checked(
        "attachments-stated",
        "none-stated",
        attachments_stated::check,
    ),
    record("audience-named", audience_named::check),
    loading("bad-amount"),
    loading("bad-calendar"),
    loading("bad-expression"),
    loading("bad-key"),
    loading("bad-length"),
    loading("bad-match"),
    loading("bad-number-pattern"),
    loading("bad-pattern"),
    loading("bad-setting"),
    record("calendar-year", calendar_year::check),
    change("closed-record", change::closed_record),
    record("commitment-complete", commitment_complete::check),
    record("date-order", date_order::check),
    loading("department-as-owner"),
    change("due-moved", change::due_moved),
    loading("duplicate-name"),
    loading("duplicate-number"),
    loading("empty-file"),
    // found by every rule that evaluates an expression
    loading("expression-failed"),
    record("file-name", file_name::check),
    checked("five-elements", "five-elements", five_elements::check),
    loading("font-missing"),
    loading("inexact-date"),
    record("internal-names", internal_names::check),
    // stands for all rules of the kinds, which are found under their own names
    record("kind-rule", kind_rule::run),
    checked("measurable-goal", "measurable", measurable_goal::check),
    record("merge-conflict", merge_conflict::check),
    loading("missing-glyph"),
    loading("missing-key"),
    loading("missing-kind"),
    loading("missing-settings"),
    loading("no-rows"),
    record("number-pattern", number_pattern::check),
    change("number-reused", change::number_reused),
    change("number-taken", change::number_taken),
    loading("out-of-range"),
    record("owner-left", owner_left::check),
    loading("path-type"),
    loading("pattern"),
    loading("period-order"),
    checked(
        "placeholder-wording",
        "placeholder",
        placeholder_wording::check,
    ),
    Rule {
        id: "related-visible",
        run: Run::Register(related_visible::check),
    },
    record("required-field", required_field::run),
    loading("reserved-name"),
    record("row-identity", row_identity::check),
    loading("section-shape"),
    loading("several-owners"),
    typed(
        "signature-complete",
        signature_complete::of,
        signature_complete::check,
    ),
    record("signature-level", signature_level::check),
    Rule {
        id: "signed-section",
        run: Run::RecordAndChange(signed_section::check, change::signed_section),
    },
    record("state-event", state_event::check),
    record("state-order", state_order::check),
    change("state-transition", change::state_transition),
    record("subject-wording", subject_wording::check),
    loading("table-in-table"),
    loading("template-failed"),
    loading("toml-syntax"),
    loading("typesetting-failed"),
    loading("uncounted-limit"),
    loading("unknown-choice"),
    loading("unknown-clause"),
    loading("unknown-department"),
    loading("unknown-file"),
    loading("unknown-handbook"),
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
    checked("vague-wording", "vague", vague_wording::check),
    change("who-may-change", change::who_may_change),
    loading("wrong-type"),
];
