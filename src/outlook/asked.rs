//! Who is asked to answer a limit that has an answer for each: those that the
//! record's rows name, and the heads of departments expected to answer of
//! which nobody is named.

use super::Clock;
use super::view::View;
use crate::calendar::{Due, Moment};
use crate::definition::{Audience, Kind};
use crate::organisation::{DepartmentId, Subject};
use crate::record::{Record, RowRef, Value};
use crate::register::Register;

/// Somebody who is asked, and whether the answer is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub who: Option<Subject>,
    /// Of which department.
    pub department: Option<DepartmentId>,
    /// By when, if the profile has a length for it.
    pub due: Option<Due>,
    /// When the answer came.
    pub met_at: Option<Moment>,
}

impl Asked {
    /// Whether the answer came after its time.
    pub fn is_late(&self) -> bool {
        match (self.due, self.met_at) {
            (Some(due), Some(met_at)) => !due.is_met_by(met_at),
            _ => false,
        }
    }
}

/// Everybody who is asked by a limit of a record (an index of the kind's
/// limits), as far as the record tells: without a clock. Of a recurring limit
/// nobody is: its rounds need one.
pub fn asked(register: &Register, record: &Record, limit: usize) -> Vec<Asked> {
    let kind = register.kind_of(record);
    let Some(definition) = kind.limits.get(limit).filter(|limit| !limit.recurring) else {
        return Vec::new();
    };
    let length = register.profile().limit(&kind.id, &definition.id);
    // all that the record tells has come
    let clock = Clock {
        as_of: jiff::Timestamp::MAX,
        soon: None,
    };
    // what may leave the company names nobody whom the record does not name
    let named_only = record.audience.value == Audience::Public;
    let mut all = Vec::new();
    let mut view = View::new(register, 0, record, kind, limit);
    view.each(|view| {
        if view.is_dropped() || !view.applies() || (named_only && view.expected.is_some()) {
            return;
        }
        let who = view.debtor();
        all.push(Asked {
            who,
            department: who.and_then(|subject| register.organisation.department_of(subject)),
            due: view
                .term(length)
                .and_then(|term| term.due(&register.calendar).ok()),
            met_at: view.met_at(&clock),
        });
    });
    all
}

impl<'r> View<'r> {
    /// The view of a limit in a record, of no row yet.
    pub(super) fn new(
        register: &'r Register,
        record_index: usize,
        record: &'r Record,
        kind: &'r Kind,
        limit_index: usize,
    ) -> Self {
        View {
            register,
            record_index,
            record,
            kind,
            limit_index,
            limit: &kind.limits[limit_index],
            row: None,
            expected: None,
        }
    }

    /// Calls `visit` for the record, or for each row and each head expected.
    pub(super) fn each(&mut self, mut visit: impl FnMut(&Self)) {
        let limit = self.limit;
        let Some(rows) = &limit.each else {
            visit(self);
            return;
        };
        let rows: Vec<RowRef<'r>> = self.record.rows(rows);
        let mut answering = Vec::new();
        for row in rows.into_iter().enumerate() {
            self.row = Some(row);
            visit(self);
            if limit.expected.is_some() {
                let organisation = &self.register.organisation;
                answering.extend(
                    self.debtor()
                        .and_then(|subject| organisation.department_of(subject)),
                );
            }
        }
        self.row = None;
        for head in self.heads_expected(&answering) {
            self.expected = Some(head);
            visit(self);
        }
        self.expected = None;
    }

    /// The heads of the departments expected to answer, but for those of
    /// which somebody is named; a department without a head stands for itself.
    fn heads_expected(&self, answering: &[DepartmentId]) -> Vec<Subject> {
        let Some(expected) = &self.limit.expected else {
            return Vec::new();
        };
        let evaluation = self.register.evaluation(self.record);
        let asks = |when| evaluation.holds(when, None).unwrap_or(false);
        if !expected.when.as_ref().is_none_or(asks) {
            return Vec::new();
        }
        let organisation = &self.register.organisation;
        let everyone = expected.everyone.as_ref().is_some_and(|path| {
            self.record
                .first(path)
                .is_some_and(|cell| matches!(cell.value, Value::Boolean(true)))
        });
        let departments: Vec<DepartmentId> = if everyone {
            organisation.departments_in("*")
        } else {
            expected
                .departments
                .iter()
                .flat_map(|path| self.record.subjects(path, organisation))
                .filter_map(|subject| organisation.department_of(subject))
                .collect()
        };
        let own = self
            .kind
            .department
            .as_ref()
            .and_then(|path| self.record.subjects(path, organisation).first().copied())
            .and_then(|subject| organisation.department_of(subject));
        let mut heads = Vec::new();
        for department in departments {
            if Some(department) == own || answering.contains(&department) {
                continue;
            }
            let subject = Subject::Department(department);
            let head = organisation
                .head_of(subject)
                .map_or(subject, Subject::Person);
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        heads
    }
}
