//! Limits 时限: from an event to another within a length of time.
//!
//! A kind says between which events a limit runs and who owes it; how long it
//! is stands in the profile (D1).

use std::sync::Arc;

use super::expression::Expression;
use super::path::{Path, PathScope, Rows};
use super::state::{State, state_indexes};
use crate::calendar::Length;
use crate::source::TableReader;
use crate::text::Text;

/// What a limit is measured against.
#[derive(Clone, Debug)]
pub enum LimitStart {
    /// An event; the profile's length is added to it.
    Event(Path),
    /// A date in the record is the limit itself.
    Due(Path),
}

/// Who owes it: paths to people, departments or parties. The first that is
/// there counts.
pub type Owner = Vec<Path>;

/// A limit of a kind.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Its name within the kind.
    pub id: Arc<str>,
    /// What is owed.
    pub label: Text,
    /// The clause that asks for the step.
    pub clause: Option<Arc<str>>,
    /// What it is measured against.
    pub start: LimitStart,
    /// The event that meets it.
    pub to: Option<Path>,
    /// One obligation for each of these.
    pub each: Option<Rows>,
    /// Who owes it beside those that the rows of `each` name.
    pub expected: Option<Expected>,
    /// Which row of `to` answers which row of `each`: a path into each side.
    pub matching: Option<(Path, Path)>,
    /// Who owes it.
    pub owed_by: Owner,
    /// To whom.
    pub owed_to: Owner,
    /// Only if this holds.
    pub when: Option<Expression>,
    /// In which states an obligation not yet met counts; empty: until the record is void.
    pub states: Vec<usize>,
    /// Whether the length is a rhythm.
    pub recurring: bool,
    /// Where the rounds end.
    pub until: Option<Path>,
    /// What it is called when the date has passed in silence (D10). Where the
    /// profile takes silence for consent, it is then no longer owed.
    pub silence: Option<Text>,
    /// Whether it is met by telling of a delay: its date is the one that is moved
    /// (T24). A date is moved properly when such an obligation was met in time.
    pub announces_delay: bool,
    /// Whether outsiders are not told of it.
    pub internal: bool,
}

/// Departments of which somebody owes it, whether or not a row names anybody:
/// “to all departments” is every head (F5, 各部门负责人). The rows of a
/// department's people answer for it; of one without a row, its head owes it.
/// The department whose record it is owes nothing to itself.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Paths to departments.
    pub departments: Vec<Path>,
    /// A yes here means all departments.
    pub everyone: Option<Path>,
    /// Only if this holds.
    pub when: Option<Expression>,
}

/// Who is told that a limit was missed, without having to act on it (T19).
#[derive(Clone, Debug)]
pub struct Reminder {
    /// How long after the breach; before it when negative; at the breach when
    /// there is none.
    pub after: Option<Length>,
    /// Who is told.
    pub to: Vec<Reminded>,
    /// The clause that says so.
    pub clause: Option<Arc<str>>,
}

/// Who is told by a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reminded {
    /// Who owes it.
    Owner,
    /// To whom it is owed.
    Creditor,
    /// Between departments the heads of both (P7.3 抄送双方负责人); nobody
    /// within one.
    BothHeads,
    /// The head of the department that owes it.
    Head,
    /// The 分管领导 of that department.
    Leader,
    /// The office that keeps the register.
    Office,
}

/// What happens some time after a limit was missed (D5, T22).
#[derive(Clone, Debug)]
pub struct Escalation {
    /// How long after the breach (or the start, as the profile says).
    pub after: Length,
    /// To whom.
    pub to: EscalationLevel,
    /// The clause that says so.
    pub clause: Option<Arc<str>>,
}

/// To whom a missed limit is escalated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EscalationLevel {
    /// The head of the department that owes it.
    Head,
    /// The 分管领导 of that department.
    Leader,
    /// The office that keeps the register.
    Office,
}

/// How long a limit is, by the profile.
#[derive(Clone, Debug)]
pub struct LimitLength {
    /// The length; none for limits that are a date in the record.
    pub length: Option<Length>,
    /// The clause that sets it (T01).
    pub clause: Option<Arc<str>>,
    /// Where it differs by priority, most urgent first.
    pub by_priority: [Option<(Length, Option<Arc<str>>)>; 3],
    /// Who is reminded when it is missed, or shortly before.
    pub remind: Vec<Reminder>,
    /// To whom it goes when it stays missed.
    pub escalate: Vec<Escalation>,
}

/// Reads `[[limits]]` of a kind.
pub(super) fn read_limits(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
    states: &[State],
) -> Vec<Limit> {
    reader
        .tables("limits")
        .into_iter()
        .filter_map(|table| read_limit(table, scope, states))
        .collect()
}

fn read_limit(table: TableReader<'_>, scope: &PathScope<'_>, states: &[State]) -> Option<Limit> {
    let id = table.required_string("id");
    let each = table
        .string("each")
        .and_then(|found| scope.rows(&table, "each", &found));
    let matching = table.strings("match");
    let matching = match matching.as_slice() {
        [] => None,
        [left, right] => {
            let left = scope.path(&table, "match", left);
            let right = scope.path(&table, "match", right);
            left.zip(right)
        }
        [first, ..] => {
            table.report(crate::finding::Finding::error("bad-match", first.place));
            None
        }
    };
    let from = scope.optional(&table, "from");
    let due = scope.optional(&table, "due");
    let start = match (from, due) {
        (_, Some(due)) => Some(LimitStart::Due(due)),
        (Some(from), None) => Some(LimitStart::Event(from)),
        (None, None) => {
            if !table.has("from") && !table.has("due") {
                table.missing("from");
            }
            None
        }
    };
    let limit = Limit {
        id: id.as_ref().map_or("", |id| id.value).into(),
        label: table.required_text("label"),
        clause: table.string("clause").map(|clause| clause.value.into()),
        start: match start {
            Some(start) => start,
            None => {
                finish(table, scope, states);
                return None;
            }
        },
        to: scope.optional(&table, "to"),
        expected: read_expected(&table, scope),
        each,
        matching,
        owed_by: scope.paths(&table, "owed_by"),
        owed_to: scope.paths(&table, "owed_to"),
        when: Expression::read(&table, "when"),
        states: state_indexes(&table, "states", states),
        recurring: table.boolean("recurring"),
        until: scope.optional(&table, "until"),
        silence: table.text("silence"),
        announces_delay: table.boolean("announces_delay"),
        internal: table.boolean("internal"),
    };
    table.get("note");
    table.finish();
    id.map(|_| limit)
}

/// `expected = { departments = […], everyone = "…", when = "…" }`
fn read_expected(table: &TableReader<'_>, scope: &PathScope<'_>) -> Option<Expected> {
    let table = table.table("expected")?;
    let expected = Expected {
        departments: scope.paths(&table, "departments"),
        everyone: scope.optional(&table, "everyone"),
        when: Expression::read(&table, "when"),
    };
    table.finish();
    Some(expected)
}

/// Ends the reading of a limit that has no start, without calling its other keys unknown.
fn finish(table: TableReader<'_>, scope: &PathScope<'_>, states: &[State]) {
    let _ = (
        scope.optional(&table, "to"),
        scope.paths(&table, "owed_by"),
        scope.paths(&table, "owed_to"),
        scope.optional(&table, "until"),
        read_expected(&table, scope),
        Expression::read(&table, "when"),
        state_indexes(&table, "states", states),
        table.boolean("recurring"),
        table.get("silence"),
        table.boolean("announces_delay"),
        table.get("internal"),
        table.get("note"),
    );
    table.finish();
}
