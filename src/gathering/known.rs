//! What is known of a record or a task without naming a field: whose it is,
//! what is owed next, how it is filed.

use jiff::civil::Date;

use super::Line;
use crate::archive::{self, Filing};
use crate::calendar::Moment;
use crate::definition::register_paper::Derived;
use crate::definition::{Commitment, Phase, Retention};
use crate::organisation::Subject;
use crate::outlook::{Action, ActionStatus, Obligation, Outlook, Status};
use crate::record::Record;
use crate::text::Text;

/// What is known, before it becomes words.
#[derive(Clone, Debug, PartialEq)]
pub enum Known<'r> {
    /// Nothing.
    Nothing,
    /// A day.
    Day(Date),
    /// A number.
    Number(i64),
    /// Words of the record, as they were written.
    Words(&'r str),
    /// Words of a definition.
    Term(&'r Text),
    /// Whom it concerns, each once.
    Subjects(Vec<Subject>),
    /// How long something is kept.
    Kept(Retention),
    /// How it stands with a task.
    Task(ActionStatus),
    /// Tasks, as indexes of the outlook's.
    Tasks(Vec<usize>),
}

impl<'r> Known<'r> {
    fn words(words: Option<&'r str>) -> Self {
        match words {
            Some(words) if !words.is_empty() => Known::Words(words),
            _ => Known::Nothing,
        }
    }

    fn count(count: usize) -> Self {
        match i64::try_from(count) {
            Ok(count) if count > 0 => Known::Number(count),
            _ => Known::Nothing,
        }
    }

    fn subjects(subjects: impl IntoIterator<Item = Subject>) -> Self {
        let mut found: Vec<Subject> = Vec::new();
        for subject in subjects {
            if !found.contains(&subject) {
                found.push(subject);
            }
        }
        match found.is_empty() {
            true => Known::Nothing,
            false => Known::Subjects(found),
        }
    }
}

/// What is known of a line.
pub fn known<'r>(outlook: &Outlook<'r>, line: Line, wanted: Derived) -> Known<'r> {
    let register = outlook.register;
    let organisation = &register.organisation;
    let record = &register.records[line.record];
    let kind = register.kind_of(record);
    let action = line.action.and_then(|index| outlook.actions.get(index));
    let owner = action.and_then(|action| action.owner);
    let day = |moment: Option<Moment>| match moment {
        Some(moment) => Known::Day(register.calendar.date(moment)),
        None => Known::Nothing,
    };
    match wanted {
        // stands with the place of the line, which only the table knows
        Derived::Number => Known::Nothing,
        Derived::Kind => Known::Term(&kind.name),
        Derived::Department => {
            Known::subjects(register.department_of(record).map(Subject::Department))
        }
        Derived::Responsible => Known::subjects(outlook.responsible_for(line.record)),
        Derived::Parties => Known::subjects(
            kind.parties
                .iter()
                .flat_map(|path| record.subjects(path, organisation)),
        ),
        Derived::OpenedOn => day(kind
            .states
            .iter()
            .filter(|state| state.phase != Phase::Draft && !state.aside)
            .find_map(|state| record.moment(state.entered.as_ref()?))),
        Derived::ClosedOn => day(archive::concluded(kind, record)),
        Derived::NextStep => match next(outlook, line.record) {
            Some(next) => Known::Term(&kind.limits[next.limit].label),
            None => Known::Nothing,
        },
        Derived::NextDue => match next(outlook, line.record) {
            Some(next) => Known::Day(next.due.date),
            None => Known::Nothing,
        },
        Derived::OwedBy => {
            Known::subjects(next(outlook, line.record).and_then(|next| next.owed_by))
        }
        Derived::DaysOverdue => days_overdue(outlook, line.record, action),
        Derived::Reminders => Known::count(
            obligations(outlook, line.record, action)
                .map(|owed| owed.reminders.iter().filter(|step| step.reached).count())
                .max()
                .unwrap_or(0),
        ),
        Derived::Escalated => Known::count(
            obligations(outlook, line.record, action)
                .map(|owed| owed.escalation.iter().filter(|step| step.reached).count())
                .max()
                .unwrap_or(0),
        ),
        Derived::ArchiveNumber => checked(outlook, record, archive::NUMBER_CHECK),
        Derived::ArchiveName => checked(outlook, record, archive::NAME_CHECK),
        Derived::Retention => Known::Kept(Filing::of(register, record).class.retention()),
        Derived::KeptThrough => match Filing::of(register, record).kept_through() {
            Some(year) => Known::Number(i64::from(year)),
            None => Known::Nothing,
        },
        Derived::Owner => Known::subjects(owner),
        Derived::OwnerDepartment => Known::subjects(
            owner
                .and_then(|owner| organisation.department_of(owner))
                .map(Subject::Department),
        ),
        Derived::Helpers => {
            let helpers = action.map_or(&[][..], |action| &action.helpers);
            Known::subjects(helpers.iter().copied())
        }
        Derived::DueOn => match action.and_then(|action| action.due) {
            Some(due) => Known::Day(due.date),
            None => Known::Nothing,
        },
        Derived::DoneOn => day(action.and_then(|action| action.done)),
        Derived::Task => task_text(outlook, action, |of| Some(of.what)),
        Derived::Standard => task_text(outlook, action, |of| of.standard),
        Derived::TaskStatus => match action {
            Some(action) => Known::Task(action.status),
            None => Known::Nothing,
        },
        Derived::Heads => {
            let department = register.department_of(record).map(Subject::Department);
            let heads = [owner, department]
                .into_iter()
                .flatten()
                .filter_map(|subject| organisation.head_of(subject));
            Known::subjects(heads.map(Subject::Person))
        }
        Derived::Tasks => {
            let tasks: Vec<usize> = outlook.actions_range(line.record).collect();
            match tasks.is_empty() {
                true => Known::Nothing,
                false => Known::Tasks(tasks),
            }
        }
    }
}

/// What is owed next in a record.
fn next<'o>(outlook: &'o Outlook<'_>, record: usize) -> Option<&'o Obligation> {
    outlook
        .obligations_of(record)
        .iter()
        .filter(|owed| owed.status.is_open())
        .min_by_key(|owed| owed.due.instant)
}

/// What is owed in a record, or for a task alone.
fn obligations<'o>(
    outlook: &'o Outlook<'_>,
    record: usize,
    action: Option<&Action>,
) -> impl Iterator<Item = &'o Obligation> {
    let register = outlook.register;
    let kind = register.kind_of(&register.records[record]);
    let task = action.map(|action| (action.section, action.row));
    outlook
        .obligations_of(record)
        .iter()
        .filter(move |owed| match task {
            None => owed.status.is_open(),
            Some((section, row)) => {
                let rows = kind.limits[owed.limit].each.as_ref();
                let of_section =
                    rows.is_some_and(|rows| rows.section == section && rows.field.is_none());
                of_section && owed.row == Some(row)
            }
        })
}

fn days_overdue<'r>(outlook: &Outlook<'r>, record: usize, action: Option<&Action>) -> Known<'r> {
    let due = match action {
        Some(action) => action
            .due
            .filter(|_| action.status == ActionStatus::Overdue)
            .map(|due| due.date),
        None => obligations(outlook, record, None)
            .filter(|owed| owed.status == Status::Overdue)
            .map(|owed| owed.due.date)
            .min(),
    };
    let days = due.map_or(0, |due| (outlook.today - due).get_days());
    Known::count(usize::try_from(days).unwrap_or(0))
}

fn checked<'r>(outlook: &Outlook<'r>, record: &'r Record, check: &str) -> Known<'r> {
    let kind = outlook.register.kind_of(record);
    let cell = archive::checked_value(kind, record, check);
    Known::words(cell.and_then(|cell| cell.value.text()))
}

/// What a column of a task says: of its first line on.
fn task_text<'r>(
    outlook: &Outlook<'r>,
    action: Option<&Action>,
    column: fn(&Commitment) -> Option<usize>,
) -> Known<'r> {
    Known::words(action.and_then(|action| {
        let record = &outlook.register.records[action.record];
        let kind = outlook.register.kind_of(record);
        let commitment = kind.sections[action.section].commitment.as_ref()?;
        let row = record.section(action.section).get(action.row)?;
        row.get(column(commitment)?)?.value.text()
    }))
}
