//! Who has how much to do now.

use crate::definition::LimitStart;
use crate::organisation::Subject;
use crate::outlook::{Action, ActionStatus, Obligation, Outlook, Status};

/// What somebody has to do now: obligations, and those tasks that no limit
/// makes an obligation anyway, so that nothing is counted twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Past its time.
    pub overdue: usize,
    /// Due within the profile's `due_soon`.
    pub soon: usize,
    /// Due later, or without a day.
    pub later: usize,
}

impl Load {
    /// All of it.
    pub fn total(&self) -> usize {
        self.overdue + self.soon + self.later
    }

    fn add(&mut self, of: Urgency) {
        match of {
            Urgency::Overdue => self.overdue += 1,
            Urgency::Soon => self.soon += 1,
            Urgency::Later => self.later += 1,
        }
    }
}

#[derive(Clone, Copy)]
enum Urgency {
    Overdue,
    Soon,
    Later,
}

/// The loads of departments and of people, by their indexes.
pub(super) fn loads(outlook: &Outlook<'_>) -> (Vec<Load>, Vec<Load>) {
    let organisation = &outlook.register.organisation;
    let mut departments = vec![Load::default(); organisation.departments.len()];
    let mut people = vec![Load::default(); organisation.people.len()];
    let mut add = |who: Option<Subject>, record: usize, of: Urgency| {
        if let Some(Subject::Person(person)) = who {
            people[person.0 as usize].add(of);
        }
        let department = who
            .and_then(|subject| organisation.department_of(subject))
            .or_else(|| outlook.department_of(record));
        if let Some(department) = department {
            departments[department.0 as usize].add(of);
        }
    };
    for obligation in &outlook.obligations {
        let of = match obligation.status {
            Status::Overdue => Urgency::Overdue,
            Status::DueSoon => Urgency::Soon,
            Status::Pending => Urgency::Later,
            Status::Met | Status::MetLate | Status::Missed | Status::Lapsed => continue,
        };
        add(obligation.owed_by, obligation.record, of);
    }
    for action in &outlook.actions {
        let of = match action.status {
            ActionStatus::Overdue => Urgency::Overdue,
            ActionStatus::DueSoon => Urgency::Soon,
            ActionStatus::Open => Urgency::Later,
            ActionStatus::DoneLate | ActionStatus::Done | ActionStatus::Dropped => continue,
        };
        let obligations = outlook.obligations_of(action.record);
        if !obligations.iter().any(|owed| is_of(outlook, owed, action)) {
            add(action.owner, action.record, of);
        }
    }
    (departments, people)
}

/// Whether an obligation is a task's own: to do it by its day.
fn is_of(outlook: &Outlook<'_>, obligation: &Obligation, action: &Action) -> bool {
    let kind = &outlook.register.kinds[outlook.register.records[action.record].kind];
    let limit = &kind.limits[obligation.limit];
    let rows_are_tasks = limit
        .each
        .as_ref()
        .is_some_and(|rows| rows.section == action.section && rows.field.is_none());
    let day = kind.sections[action.section]
        .commitment
        .as_ref()
        .map(|commitment| commitment.due);
    let own_day = match &limit.start {
        LimitStart::Due(path) => path
            .cell()
            .is_some_and(|(section, field, _)| section == action.section && Some(field) == day),
        LimitStart::Event(_) => false,
    };
    rows_are_tasks && own_day && obligation.row == Some(action.row)
}
