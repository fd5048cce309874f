//! Obligations: a limit applied to a record.

use std::sync::Arc;

use super::consequence::{EscalationStep, ReminderStep};
use super::view::{TermOf, View};
use super::{Clock, round};
use crate::calendar::{CalendarError, Due, Length, Moment};
use crate::definition::{LimitLength, Phase};
use crate::finding::{Finding, Span};
use crate::organisation::Subject;
use crate::record::Record;
use crate::register::Register;

/// How it stands with an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Past its limit and not met.
    Overdue,
    /// To be met within the profile's `due_soon`.
    DueSoon,
    /// To be met later.
    Pending,
    /// Met after its limit.
    MetLate,
    /// Met within its limit.
    Met,
    /// Never met, and no longer owed: a round that passed, a matter that ended.
    Missed,
    /// No longer owed before its limit came: the matter took another way.
    Lapsed,
}

impl Status {
    /// The name in words files, style sheets and data.
    pub fn name(self) -> &'static str {
        match self {
            Status::Overdue => "overdue",
            Status::DueSoon => "due-soon",
            Status::Pending => "pending",
            Status::MetLate => "met-late",
            Status::Met => "met",
            Status::Missed => "missed",
            Status::Lapsed => "lapsed",
        }
    }

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Overdue | Status::DueSoon | Status::Pending)
    }
}

/// What somebody owes, owed or met.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// Index of the record.
    pub record: usize,
    /// Index of the limit in the record's kind.
    pub limit: usize,
    /// Index of the row of the limit's `each`.
    pub row: Option<usize>,
    /// Number of the round, from 1, of a recurring limit.
    pub round: Option<u32>,
    /// Who owes it.
    pub owed_by: Option<Subject>,
    /// To whom.
    pub owed_to: Option<Subject>,
    /// The event it runs from.
    pub start: Option<Moment>,
    /// The length that the profile gives it.
    pub length: Option<Length>,
    /// By when.
    pub due: Due,
    /// When it was met.
    pub met_at: Option<Moment>,
    /// How it stands.
    pub status: Status,
    /// The clause of the length (T01), else that of the step.
    pub clause: Option<Arc<str>>,
    /// Who is reminded of it while it is open, in order of time.
    pub reminders: Vec<ReminderStep>,
    /// Where it goes from here when overdue, in order of time.
    pub escalation: Vec<EscalationStep>,
    /// Where the record speaks of it: the row, or what it runs from.
    pub span: Span,
}

impl Obligation {
    /// Who has it now, when it has been escalated: the last level reached.
    pub fn escalated_to(&self) -> Option<&EscalationStep> {
        self.escalation.iter().rev().find(|step| step.reached)
    }

    /// The next level that it will go to.
    pub fn next_escalation(&self) -> Option<&EscalationStep> {
        self.escalation.iter().find(|step| !step.reached)
    }
}

/// All obligations of a record, in the order of the kind's limits.
pub(super) fn of_record(
    register: &Register,
    index: usize,
    record: &Record,
    clock: &Clock,
    findings: &mut Vec<Finding>,
) -> Vec<Obligation> {
    let kind = register.kind_of(record);
    let state = &kind.states[record.state.value];
    if state.phase == Phase::Draft {
        return Vec::new();
    }
    let mut obligations = Vec::new();
    for (limit_index, limit) in kind.limits.iter().enumerate() {
        let length = register.profile().limit(&kind.id, &limit.id);
        let mut view = View::new(register, index, record, kind, limit_index);
        view.each(|view| view.obligations(length, clock, &mut obligations, findings));
    }
    obligations
}

impl View<'_> {
    fn obligations(
        &self,
        length: Option<&LimitLength>,
        clock: &Clock,
        into: &mut Vec<Obligation>,
        findings: &mut Vec<Finding>,
    ) {
        if self.is_dropped() || !self.applies() {
            return;
        }
        let Some(term) = self.term(length) else {
            return;
        };
        if let TermOf::Length(start, every) = term.of {
            if self.limit.recurring {
                let clause = term.clause;
                round::rounds(self, start, every, length, clause, clock, into, findings);
                return;
            }
            if !every.is_backwards() && !clock.has_come(self.register, start) {
                return;
            }
        }
        match term.due(&self.register.calendar) {
            Ok(due) => {
                let met_at = self.met_at(clock);
                let mut obligation = self.obligation(due, met_at, clock, term.clause);
                if let TermOf::Length(start, length) = term.of {
                    obligation.start = Some(start);
                    obligation.length = Some(length);
                }
                self.add_consequences(&mut obligation, length, clock);
                into.push(obligation);
            }
            Err(error) => findings.push(self.uncounted(error)),
        }
    }

    /// An obligation due then, judged by the clock.
    pub(super) fn obligation(
        &self,
        due: Due,
        met_at: Option<Moment>,
        clock: &Clock,
        clause: Option<Arc<str>>,
    ) -> Obligation {
        let status = match met_at {
            Some(moment) if due.is_met_by(moment) => Status::Met,
            Some(_) => Status::MetLate,
            None if clock.is_over(&due) && self.is_settled_by_silence() => Status::Lapsed,
            None if self.is_owed() && clock.is_over(&due) => Status::Overdue,
            None if self.is_owed() && clock.is_soon(&due) => Status::DueSoon,
            None if self.is_owed() => Status::Pending,
            None if clock.is_over(&due) && self.phase() == Phase::Closed => Status::Missed,
            None => Status::Lapsed,
        };
        Obligation {
            record: self.record_index,
            limit: self.limit_index,
            row: self.row.map(|(row, _)| row),
            round: None,
            owed_by: self.debtor(),
            owed_to: self.subject(&self.limit.owed_to),
            start: None,
            length: None,
            due,
            met_at,
            status,
            clause: clause.or_else(|| self.limit.clause.clone()),
            reminders: Vec::new(),
            escalation: Vec::new(),
            span: self.span(),
        }
    }

    /// Why a limit could not be counted, as a finding.
    pub(super) fn uncounted(&self, error: CalendarError) -> Finding {
        let mut finding = Finding::error("uncounted-limit", self.record.place(self.span()))
            .clause(self.limit.clause.clone())
            .with("limit", &self.limit.label);
        finding = match error {
            CalendarError::MissingYear(missing) => finding
                .message("missing-year")
                .with("year", missing.year.to_string()),
            other => finding.with("detail", other.to_string()),
        };
        finding
    }
}
