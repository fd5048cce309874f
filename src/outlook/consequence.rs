//! What follows when a limit is missed: who is reminded, and to whom it goes.
//!
//! Handbooks differ: one reminds, one reminds and then escalates, the others
//! do neither. Only what the profile says happens.

use std::sync::Arc;

use jiff::Timestamp;

use super::Clock;
use super::obligation::{Obligation, Status};
use super::view::View;
use crate::calendar::Moment;
use crate::definition::LimitLength;
use crate::definition::limit::{EscalationLevel, Reminded, Reminder};
use crate::organisation::{PersonId, Subject};

/// A level that a missed limit is escalated to (D5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscalationStep {
    /// When.
    pub at: Timestamp,
    /// Which role.
    pub level: EscalationLevel,
    /// Who has that role.
    pub to: Option<PersonId>,
    /// Whether the instant has passed.
    pub reached: bool,
    /// The clause that says so.
    pub clause: Option<Arc<str>>,
}

/// Who is told that a limit was missed, or will be (T19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderStep {
    /// Since when.
    pub at: Timestamp,
    /// Who is told, each once.
    pub to: Vec<Subject>,
    /// Whether the instant has passed.
    pub reached: bool,
    /// The clause that says so.
    pub clause: Option<Arc<str>>,
}

impl View<'_> {
    /// Adds who is reminded of an obligation and where it goes when overdue.
    pub(super) fn add_consequences(
        &self,
        obligation: &mut Obligation,
        length: Option<&LimitLength>,
        clock: &Clock,
    ) {
        let Some(length) = length else { return };
        if !obligation.status.is_open() {
            return;
        }
        self.remind(obligation, &length.remind, clock);
        if obligation.status == Status::Overdue {
            self.escalate(obligation, length, clock);
        }
    }

    fn remind(&self, obligation: &mut Obligation, reminders: &[Reminder], clock: &Clock) {
        let due = obligation.due.instant;
        for reminder in reminders {
            let at = match &reminder.after {
                None => due,
                Some(after) => match self.register.calendar.add(Moment::Instant(due), after) {
                    Ok(at) => at.instant,
                    Err(_) => continue,
                },
            };
            let mut to = Vec::new();
            for reminded in &reminder.to {
                for subject in self.reminded(obligation, *reminded) {
                    if !to.contains(&subject) {
                        to.push(subject);
                    }
                }
            }
            if to.is_empty() {
                continue;
            }
            obligation.reminders.push(ReminderStep {
                at,
                to,
                // what is due this very instant is not missed yet
                reached: match reminder.after {
                    None => clock.is_over(&obligation.due),
                    Some(_) => at <= clock.as_of,
                },
                clause: reminder.clause.clone(),
            });
        }
        obligation.reminders.sort_by_key(|step| step.at);
    }

    fn reminded(&self, obligation: &Obligation, reminded: Reminded) -> Vec<Subject> {
        let organisation = &self.register.organisation;
        let debtor = self.debtor_of(obligation);
        let person = |person: Option<PersonId>| person.map(Subject::Person).into_iter().collect();
        let level = |level| person(self.at_level(debtor, level));
        match reminded {
            Reminded::Owner => obligation.owed_by.or(debtor).into_iter().collect(),
            Reminded::Creditor => obligation.owed_to.into_iter().collect(),
            Reminded::Head => person(debtor.and_then(|debtor| organisation.head_of(debtor))),
            Reminded::Leader => level(EscalationLevel::Leader),
            Reminded::Office => level(EscalationLevel::Office),
            Reminded::BothHeads => {
                let department = |subject: Option<Subject>| organisation.department_of(subject?);
                let ours = department(debtor);
                let theirs = department(obligation.owed_to.or_else(|| self.creditor()));
                if ours == theirs {
                    return Vec::new();
                }
                [ours, theirs]
                    .into_iter()
                    .flatten()
                    .filter_map(|department| organisation.head_of(Subject::Department(department)))
                    .map(Subject::Person)
                    .collect()
            }
        }
    }

    /// Whose record it is, to whom its people owe what nobody else awaits.
    fn creditor(&self) -> Option<Subject> {
        let organisation = &self.register.organisation;
        let first = |path: &Option<crate::definition::Path>| {
            let path = path.as_ref()?;
            self.record.subjects(path, organisation).first().copied()
        };
        first(&self.kind.department).or_else(|| first(&self.kind.responsible))
    }

    /// Who owes it: the one named, or whoever answers for the record.
    fn debtor_of(&self, obligation: &Obligation) -> Option<Subject> {
        obligation.owed_by.or_else(|| {
            let path = self.kind.responsible.as_ref()?;
            let organisation = &self.register.organisation;
            self.record.subjects(path, organisation).first().copied()
        })
    }

    fn escalate(&self, obligation: &mut Obligation, length: &LimitLength, clock: &Clock) {
        let register = self.register;
        let from = match obligation.start {
            Some(start) if register.profile().escalation_from_start => start,
            _ => Moment::Instant(obligation.due.instant),
        };
        let debtor = self.debtor_of(obligation);
        for escalation in &length.escalate {
            let Ok(at) = register.calendar.add(from, &escalation.after) else {
                continue;
            };
            let to = self.at_level(debtor, escalation.to);
            // whoever heads the company has nobody to pass it up to
            if to.is_some() && to.map(Subject::Person) == debtor {
                continue;
            }
            obligation.escalation.push(EscalationStep {
                at: at.instant,
                level: escalation.to,
                to,
                reached: at.instant <= clock.as_of,
                clause: escalation.clause.clone(),
            });
        }
        obligation.escalation.sort_by_key(|step| step.at);
    }

    /// Who has a role for a debtor.
    fn at_level(&self, debtor: Option<Subject>, level: EscalationLevel) -> Option<PersonId> {
        let organisation = &self.register.organisation;
        match level {
            // who heads the department that owes it cannot be the one it goes up to
            EscalationLevel::Head => debtor.and_then(|subject| {
                organisation
                    .head_of(subject)
                    .filter(|head| subject != Subject::Person(*head))
                    .or_else(|| organisation.leader_of(subject))
            }),
            EscalationLevel::Leader => debtor.and_then(|subject| organisation.leader_of(subject)),
            EscalationLevel::Office => self
                .register
                .settings
                .coordination_office
                .as_ref()
                .and_then(|office| organisation.find_department(&office.value))
                .and_then(|office| organisation.head_of(Subject::Department(office))),
        }
    }
}
