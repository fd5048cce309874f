//! The register as of an instant: who owes what to whom by when.
//!
//! Invariants: this is the only place that knows what time it is, and it is
//! told; what the viewer may not see is dropped here, before any page exists
//! (D12): an outlook is on the register as [`Register::seen_by`] gives it, and
//! what is made of an outlook asks nothing else. The same register, instant
//! and viewer give the same outlook.

mod action;
mod appointment;
mod asked;
mod consequence;
mod obligation;
mod round;
pub mod statistics;
mod timeline;
mod view;

pub use action::{Action, ActionStatus};
pub use appointment::{Appointment, appointments};
pub use asked::{Asked, asked};
pub use consequence::{EscalationStep, ReminderStep};
pub use obligation::{Obligation, Status};
pub use timeline::{Entry, EntryKind, Step, opened, steps, timeline};

pub use crate::register::Viewer;

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::calendar::{Due, Length, Moment};
use crate::definition::{Kind, Phase};
use crate::finding::{Finding, sort};
use crate::organisation::{DepartmentId, Subject};
use crate::record::Record;
use crate::register::Register;

/// The register as of an instant, for a viewer.
pub struct Outlook<'r> {
    /// What it is an outlook on: the register as the viewer may know it.
    pub register: &'r Register,
    /// The instant.
    pub as_of: Timestamp,
    /// The same as a day in the company's zone.
    pub today: Date,
    /// Whom it is for.
    pub viewer: Viewer,
    /// Indexes of the records the viewer may see, in the register's order;
    /// those without a usable number are left out.
    pub records: Vec<usize>,
    /// Everything owed, by record, then limit, then row or round.
    pub obligations: Vec<Obligation>,
    /// All tasks, by record, then section, then row.
    pub actions: Vec<Action>,
    /// Limits that could not be counted, above all for want of a year's calendar (D4).
    pub findings: Vec<Finding>,
    visible: Vec<bool>,
    first_obligation: Vec<usize>,
    first_action: Vec<usize>,
    soon: Option<Due>,
}

impl<'r> Outlook<'r> {
    /// The outlook of a register as of an instant, with what the viewer may see.
    pub fn new(register: &'r Register, as_of: Timestamp, viewer: Viewer) -> Self {
        let register = register.seen_by(&viewer);
        let today = register.calendar.date(Moment::Instant(as_of));
        let soon = soon(register, as_of);
        let visible: Vec<bool> = register.records.iter().map(Record::has_address).collect();
        let clock = Clock { as_of, soon };
        let parts: Vec<(Vec<Obligation>, Vec<Action>, Vec<Finding>)> = register
            .records
            .par_iter()
            .enumerate()
            .with_min_len(64)
            .map(|(index, record)| {
                if !visible[index] {
                    return Default::default();
                }
                let mut findings = Vec::new();
                let mut obligations =
                    obligation::of_record(register, index, record, &clock, &mut findings);
                if !viewer.is_insider() {
                    for obligation in &mut obligations {
                        obligation.escalation.clear();
                        obligation.reminders.clear();
                    }
                }
                let actions = action::of_record(register, index, record, &clock);
                (obligations, actions, findings)
            })
            .collect();
        let mut outlook = Outlook {
            register,
            as_of,
            today,
            viewer,
            records: Vec::with_capacity(parts.len()),
            obligations: Vec::new(),
            actions: Vec::new(),
            findings: Vec::new(),
            visible,
            first_obligation: Vec::with_capacity(parts.len() + 1),
            first_action: Vec::with_capacity(parts.len() + 1),
            soon,
        };
        for (index, (obligations, actions, findings)) in parts.into_iter().enumerate() {
            outlook.first_obligation.push(outlook.obligations.len());
            outlook.first_action.push(outlook.actions.len());
            if outlook.visible[index] {
                outlook.records.push(index);
            }
            outlook.obligations.extend(obligations);
            outlook.actions.extend(actions);
            outlook.findings.extend(findings);
        }
        outlook.first_obligation.push(outlook.obligations.len());
        outlook.first_action.push(outlook.actions.len());
        sort(&mut outlook.findings);
        outlook
    }

    /// Whether the viewer may see a record.
    pub fn sees(&self, record: usize) -> bool {
        self.visible.get(record).copied().unwrap_or(false)
    }

    /// The kinds of matter that the viewer may know of, with their indexes: an
    /// outsider those of which it sees something.
    pub fn kinds(&self) -> impl Iterator<Item = (usize, &'r Kind)> + use<'r> {
        let inside = self.viewer.is_insider();
        let known: Vec<bool> = match inside {
            true => Vec::new(),
            false => (0..self.register.kinds.len())
                .map(|kind| {
                    let mut records = self.records.iter();
                    records.any(|record| self.register.records[*record].kind == kind)
                })
                .collect(),
        };
        let kinds = self.register.kinds.iter().enumerate();
        kinds.filter(move |(index, _)| inside || known[*index])
    }

    /// What is and was owed in a record.
    pub fn obligations_of(&self, record: usize) -> &[Obligation] {
        &self.obligations[self.obligations_range(record)]
    }

    /// Where what is owed in a record stands among all.
    pub fn obligations_range(&self, record: usize) -> std::ops::Range<usize> {
        self.first_obligation[record]..self.first_obligation[record + 1]
    }

    /// The tasks of a record.
    pub fn actions_of(&self, record: usize) -> &[Action] {
        &self.actions[self.actions_range(record)]
    }

    /// Where the tasks of a record stand among all.
    pub fn actions_range(&self, record: usize) -> std::ops::Range<usize> {
        self.first_action[record]..self.first_action[record + 1]
    }

    /// The last instant that counts as due soon, if the calendar knows it.
    pub fn soon(&self) -> Option<Due> {
        self.soon
    }

    /// Whether the moment has come. A day has come when it has begun.
    pub fn has_come(&self, moment: Moment) -> bool {
        match moment {
            Moment::Instant(instant) => instant <= self.as_of,
            Moment::Date(date) => date <= self.today,
        }
    }

    /// What a record's state means.
    pub fn phase(&self, record: usize) -> Phase {
        let record = &self.register.records[record];
        self.register.kinds[record.kind].states[record.state.value].phase
    }

    /// The department that owes something: the debtor's own, else the record's.
    pub fn debtor_department(&self, obligation: &Obligation) -> Option<DepartmentId> {
        let organisation = &self.register.organisation;
        obligation
            .owed_by
            .and_then(|subject| organisation.department_of(subject))
            .or_else(|| self.department_of(obligation.record))
    }

    /// Whose a record is.
    pub fn department_of(&self, record: usize) -> Option<DepartmentId> {
        self.register.department_of(&self.register.records[record])
    }

    /// Who answers for a record.
    pub fn responsible_for(&self, record: usize) -> Option<Subject> {
        let record = &self.register.records[record];
        let path = self.register.kinds[record.kind].responsible.as_ref()?;
        record
            .subjects(path, &self.register.organisation)
            .first()
            .copied()
    }
}

/// The instant that statuses are judged by.
pub(crate) struct Clock {
    as_of: Timestamp,
    soon: Option<Due>,
}

impl Clock {
    /// Whether the moment has come. A day has come when it has begun.
    fn has_come(&self, register: &Register, moment: Moment) -> bool {
        match moment {
            Moment::Instant(instant) => instant <= self.as_of,
            Moment::Date(date) => date <= register.calendar.date(Moment::Instant(self.as_of)),
        }
    }

    fn is_over(&self, due: &Due) -> bool {
        self.as_of > due.instant
    }

    fn is_soon(&self, due: &Due) -> bool {
        self.soon.is_some_and(|soon| due.instant <= soon.instant)
    }
}

fn soon(register: &Register, as_of: Timestamp) -> Option<Due> {
    let length: &Length = &register.profile().due_soon;
    register.calendar.add(Moment::Instant(as_of), length).ok()
}
