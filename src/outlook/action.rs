//! Tasks of all records in one list: the action tracker.

use super::Clock;
use crate::calendar::{Due, Moment};
use crate::definition::{Commitment, FieldType, Section};
use crate::organisation::{Organisation, Subject};
use crate::record::{Record, RowRef, Value, collect_subjects};
use crate::register::Register;

/// How it stands with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionStatus {
    /// Past its day and not done.
    Overdue,
    /// Due within the profile's `due_soon`.
    DueSoon,
    /// Due later, or no day was given.
    Open,
    /// Done after its day.
    DoneLate,
    /// Done in time.
    Done,
    /// Dropped, or the matter ended without it.
    Dropped,
}

impl ActionStatus {
    /// The name in words files, style sheets and data.
    pub fn name(self) -> &'static str {
        match self {
            ActionStatus::Overdue => "overdue",
            ActionStatus::DueSoon => "due-soon",
            ActionStatus::Open => "open",
            ActionStatus::DoneLate => "done-late",
            ActionStatus::Done => "done",
            ActionStatus::Dropped => "dropped",
        }
    }

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            ActionStatus::Overdue | ActionStatus::DueSoon | ActionStatus::Open
        )
    }
}

/// A task: a row of a section whose rows are commitments.
#[derive(Clone, Debug)]
pub struct Action {
    /// Index of the record.
    pub record: usize,
    /// Index of the section.
    pub section: usize,
    /// Index of the row.
    pub row: usize,
    /// Who answers for it.
    pub owner: Option<Subject>,
    /// Who helps.
    pub helpers: Vec<Subject>,
    /// By when.
    pub due: Option<Due>,
    /// When it was done.
    pub done: Option<Moment>,
    /// How it stands.
    pub status: ActionStatus,
}

/// The tasks of a record, section by section.
pub(super) fn of_record(
    register: &Register,
    index: usize,
    record: &Record,
    clock: &Clock,
) -> Vec<Action> {
    let kind = register.kind_of(record);
    let phase = kind.states[record.state.value].phase;
    let mut actions = Vec::new();
    for (section_index, section) in kind.sections.iter().enumerate() {
        let Some(commitment) = &section.commitment else {
            continue;
        };
        for (row_index, row) in record.section(section_index).iter().enumerate() {
            let cells = RowRef::Row(row);
            let moment = |column: Option<usize>| cells.get(column?)?.value.moment();
            let due =
                moment(Some(commitment.due)).and_then(|due| register.calendar.due_at(due).ok());
            let done = moment(commitment.done).filter(|done| clock.has_come(register, *done));
            let status = match (done, due) {
                _ if is_dropped(section, commitment, &cells) => ActionStatus::Dropped,
                (Some(done), Some(due)) if !due.is_met_by(done) => ActionStatus::DoneLate,
                (Some(_), _) => ActionStatus::Done,
                (None, _) if phase.ended() => ActionStatus::Dropped,
                (None, Some(due)) if clock.is_over(&due) => ActionStatus::Overdue,
                (None, Some(due)) if clock.is_soon(&due) => ActionStatus::DueSoon,
                (None, _) => ActionStatus::Open,
            };
            actions.push(Action {
                record: index,
                section: section_index,
                row: row_index,
                owner: subjects(&register.organisation, &cells, Some(commitment.owner))
                    .first()
                    .copied(),
                helpers: subjects(&register.organisation, &cells, commitment.helpers),
                due,
                done,
                status,
            });
        }
    }
    actions
}

fn subjects(organisation: &Organisation, row: &RowRef<'_>, column: Option<usize>) -> Vec<Subject> {
    let mut found = Vec::new();
    if let Some(cell) = column.and_then(|column| row.get(column)) {
        collect_subjects(&cell.value, None, organisation, &mut found);
    }
    found
}

/// Whether a row's status says that the task was dropped.
pub(super) fn is_dropped(section: &Section, commitment: &Commitment, row: &RowRef<'_>) -> bool {
    let Some(column) = commitment.status else {
        return false;
    };
    match (
        row.get(column).map(|cell| &cell.value),
        &section.fields[column].kind,
    ) {
        (Some(Value::Choice(index)), FieldType::Choice(choices)) => choices
            .get(usize::from(*index))
            .is_some_and(|choice| commitment.dropped.contains(&choice.id)),
        _ => false,
    }
}
