//! What is known of a record or a task without naming a field: whose it is,
//! what is owed next, how it is filed.

use jiff::civil::{Date, DateTime};

use super::clean::clean;
use super::format::{Detail, Formatter};
use super::rows::hits;
use crate::archive::{self, Filing};
use crate::calendar::Moment;
use crate::definition::path::{Path, Root};
use crate::definition::register_paper::{ColumnValue, Derived, RegisterTable};
use crate::definition::{Commitment, Phase};
use crate::organisation::Subject;
use crate::outlook::{Action, ActionStatus, Obligation, Outlook, Status};
use crate::print::gathered::Line;
use crate::record::{Record, Value};
use crate::text::Language;

/// What is known, before it becomes words.
pub(super) enum Known {
    Nothing,
    Day(Date),
    Number(i64),
    Text(String),
}

impl Known {
    fn text(text: impl Into<String>) -> Known {
        let text = text.into();
        if text.is_empty() {
            return Known::Nothing;
        }
        Known::Text(text)
    }

    fn count(count: i64) -> Known {
        if count > 0 {
            Known::Number(count)
        } else {
            Known::Nothing
        }
    }
}

/// Works out what is known of a line.
#[derive(Clone, Copy)]
pub(super) struct Deriving<'o, 'r> {
    pub outlook: &'o Outlook<'r>,
    pub format: Formatter<'r>,
}

impl<'r> Deriving<'_, 'r> {
    pub fn known(&self, line: Line, wanted: Derived) -> Known {
        let outlook = self.outlook;
        let register = outlook.register;
        let record = &register.records[line.record];
        let kind = register.kind_of(record);
        let action = line.action.and_then(|index| outlook.actions.get(index));
        let day = |moment: Option<Moment>| match moment {
            Some(moment) => Known::Day(register.calendar.date(moment)),
            None => Known::Nothing,
        };
        match wanted {
            // stands with the place of the line, which only the table knows
            Derived::Number => Known::Nothing,
            Derived::Kind => Known::text(self.format.text(&kind.name)),
            Derived::Department => self.names(
                register
                    .department_of(record)
                    .map(Subject::Department)
                    .as_slice(),
            ),
            Derived::Responsible => self.names(outlook.responsible_for(line.record).as_slice()),
            Derived::Parties => {
                let parties: Vec<Subject> = kind
                    .parties
                    .iter()
                    .flat_map(|path| record.subjects(path, &register.organisation))
                    .collect();
                self.names(&parties)
            }
            Derived::OpenedOn => day(kind
                .states
                .iter()
                .filter(|state| state.phase != Phase::Draft && !state.aside)
                .find_map(|state| record.moment(state.entered.as_ref()?))),
            Derived::ClosedOn => day(archive::concluded(kind, record)),
            Derived::NextStep => match self.next(line.record) {
                Some(next) => Known::text(self.format.text(&kind.limits[next.limit].label)),
                None => Known::Nothing,
            },
            Derived::NextDue => match self.next(line.record) {
                Some(next) => Known::Day(next.due.date),
                None => Known::Nothing,
            },
            Derived::OwedBy => match self.next(line.record) {
                Some(next) => self.names(next.owed_by.as_slice()),
                None => Known::Nothing,
            },
            Derived::DaysOverdue => self.days_overdue(line.record, action),
            Derived::Reminders => {
                let reached = self
                    .obligations(line.record, action)
                    .map(|owed| owed.reminders.iter().filter(|step| step.reached).count())
                    .max();
                Known::count(reached.map_or(0, |count| count as i64))
            }
            Derived::Escalated => {
                let reached = self
                    .obligations(line.record, action)
                    .map(|owed| owed.escalation.iter().filter(|step| step.reached).count())
                    .max();
                Known::count(reached.map_or(0, |count| count as i64))
            }
            Derived::ArchiveNumber => self.checked(record, archive::NUMBER_CHECK),
            Derived::ArchiveName => self.checked(record, archive::NAME_CHECK),
            Derived::Retention => {
                let class = Filing::of(register, record).class;
                Known::text(self.format.retention(class.retention()))
            }
            Derived::KeptThrough => match Filing::of(register, record).kept_through() {
                Some(year) => Known::Number(i64::from(year)),
                None => Known::Nothing,
            },
            Derived::Owner => self.names(action.and_then(|action| action.owner).as_slice()),
            Derived::OwnerDepartment => {
                let owner = action.and_then(|action| action.owner);
                let department = owner.and_then(|owner| register.organisation.department_of(owner));
                self.names(department.map(Subject::Department).as_slice())
            }
            Derived::Helpers => self.names(action.map_or(&[], |action| &action.helpers)),
            Derived::DueOn => match action.and_then(|action| action.due) {
                Some(due) => Known::Day(due.date),
                None => Known::Nothing,
            },
            Derived::DoneOn => day(action.and_then(|action| action.done)),
            Derived::Task => self.commitment(record, action, |of| Some(of.what)),
            Derived::Standard => self.commitment(record, action, |of| of.standard),
            Derived::TaskStatus => match action {
                Some(action) => {
                    let name = format!("action.{}", action.status.name());
                    Known::text(self.format.display_word(&name))
                }
                None => Known::Nothing,
            },
            Derived::Heads => {
                let owner = action.and_then(|action| action.owner);
                let department = register.department_of(record).map(Subject::Department);
                let mut heads: Vec<Subject> = [owner, department]
                    .into_iter()
                    .flatten()
                    .filter_map(|subject| register.organisation.head_of(subject))
                    .map(Subject::Person)
                    .collect();
                heads.dedup();
                self.names(&heads)
            }
        }
    }

    /// The same as words, short as in tables.
    pub fn text(&self, line: Line, wanted: Derived) -> String {
        match self.known(line, wanted) {
            Known::Nothing => String::new(),
            Known::Day(date) => self.format.short_day(Moment::Date(date)),
            Known::Number(number) => number.to_string(),
            Known::Text(text) => text,
        }
    }

    fn names(&self, subjects: &[Subject]) -> Known {
        let mut names: Vec<String> = Vec::new();
        for subject in subjects {
            let name = self.format.subject(*subject, Detail::Name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Known::text(self.format.joined(&names))
    }

    /// What is owed next in a record.
    fn next(&self, record: usize) -> Option<&Obligation> {
        self.outlook
            .obligations_of(record)
            .iter()
            .filter(|owed| owed.status.is_open())
            .min_by_key(|owed| owed.due.instant)
    }

    /// What is owed in a record, or for a task alone.
    fn obligations(
        &self,
        record: usize,
        action: Option<&Action>,
    ) -> impl Iterator<Item = &Obligation> {
        let register = self.outlook.register;
        let kind = register.kind_of(&register.records[record]);
        let task = action.map(|action| (action.section, action.row));
        self.outlook
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

    fn days_overdue(&self, record: usize, action: Option<&Action>) -> Known {
        let today = self.outlook.today;
        let due = match action {
            Some(action) => action
                .due
                .filter(|_| action.status == ActionStatus::Overdue)
                .map(|due| due.date),
            None => self
                .obligations(record, None)
                .filter(|owed| owed.status == Status::Overdue)
                .map(|owed| owed.due.date)
                .min(),
        };
        let days = due.map_or(0, |due| i64::from((today - due).get_days()));
        Known::count(days)
    }

    fn checked(&self, record: &Record, check: &str) -> Known {
        let kind = self.outlook.register.kind_of(record);
        let cell = archive::checked_value(kind, record, check);
        let text = cell.and_then(|cell| cell.value.text()).unwrap_or_default();
        Known::text(clean(text))
    }

    fn commitment(
        &self,
        record: &Record,
        action: Option<&Action>,
        column: fn(&Commitment) -> Option<usize>,
    ) -> Known {
        let kind = self.outlook.register.kind_of(record);
        let text = action.and_then(|action| {
            let commitment = kind.sections[action.section].commitment.as_ref()?;
            let row = record.section(action.section).get(action.row)?;
            row.get(column(commitment)?)?.value.text()
        });
        Known::text(clean(text.unwrap_or_default()))
    }
}

/// By what a line is put in order; what is not known comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Day(DateTime),
    Number(i64),
    Text(String),
}

/// Puts the lines of a table in its order.
pub(in crate::print) fn sort_lines(
    outlook: &Outlook<'_>,
    table: &RegisterTable,
    lines: &mut [Line],
) {
    let Some(by) = &table.sort else {
        return;
    };
    // names sort by the company's language, whatever language is printed
    let language: Language = outlook.register.settings.language;
    let deriving = Deriving {
        outlook,
        format: Formatter::new(outlook.register, language),
    };
    lines.sort_by_cached_key(|line| {
        let key = key(&deriving, table, by, *line);
        let missing = key.is_none();
        (missing, key.map(|key| Order::of(key, table.descending)))
    });
}

/// A key in the direction of its table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Up(Key),
    Down(std::cmp::Reverse<Key>),
}

impl Order {
    fn of(key: Key, descending: bool) -> Order {
        match descending {
            true => Order::Down(std::cmp::Reverse(key)),
            false => Order::Up(key),
        }
    }
}

fn key(
    deriving: &Deriving<'_, '_>,
    table: &RegisterTable,
    by: &ColumnValue,
    line: Line,
) -> Option<Key> {
    match by {
        ColumnValue::Ink => None,
        ColumnValue::Derived(derived) => match deriving.known(line, *derived) {
            Known::Nothing => None,
            Known::Day(date) => {
                let clock = deriving.outlook.register.calendar.clock_at(date.into());
                Some(Key::Day(clock))
            }
            Known::Number(number) => Some(Key::Number(number)),
            Known::Text(text) => Some(Key::Text(text)),
        },
        ColumnValue::Paths(paths) => {
            let register = deriving.outlook.register;
            let record = &register.records[line.record];
            let only = super::gathered::only(table, record, line);
            paths[record.kind].iter().find_map(|path| {
                if let Some(key) = envelope(record, path) {
                    return Some(key);
                }
                let cell = hits(record, path, only)
                    .into_iter()
                    .find_map(|hit| hit.cell)?;
                if let Some(moment) = crate::record::part_moment(&cell.value, path.part) {
                    return Some(Key::Day(register.calendar.clock_at(moment)));
                }
                match &cell.value {
                    Value::Number(number) => Some(Key::Number((number * 1000.0) as i64)),
                    Value::Choice(index) => Some(Key::Number(i64::from(*index))),
                    value => value.text().map(|text| Key::Text(text.to_owned())),
                }
            })
        }
    }
}

/// A key of the envelope, where the path leads to one that has an order.
fn envelope(record: &Record, path: &Path) -> Option<Key> {
    match path.root {
        Root::Id => Some(Key::Text(record.id.value.to_string())),
        Root::Title => Some(Key::Text(record.title.value.to_string())),
        Root::State => Some(Key::Number(record.state.value as i64)),
        Root::Priority => {
            let priority = record.priority.as_ref()?;
            Some(Key::Number(priority.value as i64))
        }
        Root::Project => {
            let project = record.project.as_ref()?;
            Some(Key::Text(project.value.to_string()))
        }
        Root::Audience => Some(Key::Number(record.audience.value as i64)),
        Root::Related | Root::Cell { .. } => None,
    }
}
