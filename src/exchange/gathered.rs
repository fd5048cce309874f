//! What a register definition gathers for one of those it is for, in the
//! columns of its paper: a table for each of its own.

use super::field::{Data, column_type, is_composed};
use super::table::{Book, ColumnType, Columns, Datum, Table};
use crate::definition::Field;
use crate::definition::path::{Part, Path, Root};
use crate::definition::register_paper::{
    ColumnValue, Derived, Paths, RegisterPaper, RegisterTable, Source,
};
use crate::display::{DateStyle, Display};
use crate::gathering::{Gathering, Known, Line, known, only};
use crate::organisation::Subject;
use crate::outlook::Outlook;
use crate::record::{Cell, Record, Value, collect_subjects, field_of, hits, part_moment};
use crate::register::Register;
use crate::text::Language;

/// The tables of a gathering, the first as the workbook's own; none of a
/// definition without tables.
pub(super) fn gathered<'r>(
    outlook: &Outlook<'r>,
    language: Language,
    paper: &'r RegisterPaper,
    gathering: &Gathering,
) -> Option<Book<'r>> {
    let data = Data {
        outlook,
        display: Display::new(outlook.register, language, DateStyle::Table),
    };
    let tables = paper.tables.iter().zip(&gathering.tables).enumerate();
    let mut tables = tables.map(|(index, (table, lines))| {
        let mut columns = Columns::default();
        for column in &table.columns {
            let label = data.display.column_label(column);
            match &column.value {
                ColumnValue::Ink | ColumnValue::Derived(Derived::Number) => {}
                ColumnValue::Derived(derived) => add_known(&mut columns, data, *derived, label),
                ColumnValue::Paths(paths) => add_paths(&mut columns, data, table, paths, label),
            }
        }
        let id = match index {
            0 => paper.id.to_string(),
            _ => format!("{}.{}", paper.id, index + 1),
        };
        let title = table.label.as_ref().unwrap_or(&paper.name);
        let title = data.display.text(title);
        columns.table(id, title, lines.iter().copied(), |_| None)
    });
    let table = tables.next()?;
    let details: Vec<Table<'r>> = tables.collect();
    Some(Book { table, details })
}

fn add_known<'o, 'r>(
    columns: &mut Columns<'o, 'r, Line>,
    data: Data<'o, 'r>,
    derived: Derived,
    label: String,
) {
    use ColumnType::{Choice, Date, Name, Number, Text};
    let (kind, many) = match derived {
        Derived::OpenedOn
        | Derived::ClosedOn
        | Derived::NextDue
        | Derived::DueOn
        | Derived::DoneOn => (Date, false),
        Derived::DaysOverdue | Derived::Reminders | Derived::Escalated | Derived::KeptThrough => {
            (Number, false)
        }
        Derived::Department
        | Derived::Responsible
        | Derived::OwedBy
        | Derived::Owner
        | Derived::OwnerDepartment => (Name, false),
        Derived::Parties | Derived::Helpers | Derived::Heads => (Name, true),
        Derived::Tasks => (Text, true),
        Derived::TaskStatus => (Choice, false),
        Derived::Number
        | Derived::Kind
        | Derived::NextStep
        | Derived::ArchiveNumber
        | Derived::ArchiveName
        | Derived::Retention
        | Derived::Task
        | Derived::Standard => (Text, false),
    };
    let read = move |line: &Line| data.known(*line, derived, many);
    match many {
        true => columns.add_many(derived.name(), label, kind, read),
        false => columns.add(derived.name(), label, kind, read),
    }
}

fn add_paths<'o, 'r>(
    columns: &mut Columns<'o, 'r, Line>,
    data: Data<'o, 'r>,
    table: &'r RegisterTable,
    paths: &'r Paths,
    label: String,
) {
    let register = data.outlook.register;
    let all = || {
        let by_kind = paths.iter().zip(&register.kinds);
        by_kind.flat_map(|(paths, kind)| paths.iter().map(move |path| (path, kind)))
    };
    let Some((first, _)) = all().next() else {
        return;
    };
    let id = first.text.to_string();
    let several = is_many(table, paths, register);
    let mut types = all().map(|(path, kind)| match field_of(kind, path) {
        Some(field) => (of_value(field, path.part), several),
        None => of_envelope(path.root),
    });
    let (kind, many) = types.next().unwrap_or((ColumnType::Text, false));
    // of kinds that say it in different ways it is words
    let kind = match types.all(|(other, _)| other == kind) {
        true => kind,
        false => ColumnType::Text,
    };
    let read = move |line: &Line| {
        let record = &register.records[line.record];
        data.gathered(table, paths, (record, *line), kind, many)
    };
    match many {
        true => columns.add_many(id, label, kind, read),
        false => columns.add(id, label, kind, read),
    }
}

/// What a field, or a part of its value, is to programs.
fn of_value(field: &Field, part: Option<Part>) -> ColumnType {
    match part {
        Some(Part::From | Part::To | Part::At) => ColumnType::Instant,
        Some(Part::Person | Part::Head | Part::Leader) => ColumnType::Name,
        Some(Part::Opinion | Part::StaffNumber | Part::Contact) => ColumnType::Text,
        None if is_composed(&field.kind) => ColumnType::Text,
        None => column_type(&field.kind),
    }
}

fn of_envelope(root: Root) -> (ColumnType, bool) {
    match root {
        Root::Id => (ColumnType::Record, false),
        Root::State | Root::Priority | Root::Audience => (ColumnType::Choice, false),
        Root::Related => (ColumnType::Record, true),
        Root::Title | Root::Project | Root::Cell { .. } => (ColumnType::Text, false),
    }
}

/// Whether a line may have several values: of lists, and of rows that are not
/// what the table has a line for.
fn is_many(table: &RegisterTable, paths: &Paths, register: &Register) -> bool {
    let kinds = register.kinds.iter().enumerate().zip(paths);
    { kinds }.any(|((index, kind), paths)| {
        let own = match &table.source {
            Source::Rows(by_kind) => by_kind.get(index).and_then(Option::as_ref),
            _ => None,
        };
        paths.iter().any(|path| {
            let Some((section, field, column)) = path.cell() else {
                return false;
            };
            let own = own.filter(|own| own.section == section);
            let rows = kind.sections[section].repeated && own.is_none_or(|own| own.field.is_some());
            let inner = column.is_some() && own.is_none_or(|own| own.field != Some(field));
            rows || inner || field_of(kind, path).is_some_and(|field| field.many)
        })
    })
}

impl<'r> Data<'_, 'r> {
    fn known(self, line: Line, derived: Derived, many: bool) -> Datum<'r> {
        let display = self.display;
        match known(self.outlook, line, derived) {
            Known::Nothing => Datum::Nothing,
            Known::Day(day) => Datum::Day(day),
            Known::Number(number) => Datum::Number(number as f64),
            Known::Words(words) => Datum::text(words),
            Known::Term(term) => Datum::text(term.get(display.language)),
            Known::Subjects(subjects) if many => {
                Datum::list(subjects.into_iter().map(|subject| self.name(subject)))
            }
            Known::Subjects(subjects) => self.name_of(subjects.first().copied()),
            Known::Kept(retention) => Datum::text(display.retention(retention)),
            Known::Task(status) => self.task(status),
            Known::Tasks(tasks) => Datum::list(tasks.into_iter().map(|task| {
                let line = Line {
                    action: Some(task),
                    ..line
                };
                self.known(line, Derived::Task, false)
            })),
        }
    }

    /// The first of the paths that leads to something.
    fn gathered(
        self,
        table: &RegisterTable,
        paths: &Paths,
        (record, line): (&'r Record, Line),
        kind: ColumnType,
        many: bool,
    ) -> Datum<'r> {
        let definition = self.outlook.register.kind_of(record);
        let only = only(table, record, line);
        for path in paths.get(record.kind).into_iter().flatten() {
            let Some(field) = field_of(definition, path) else {
                return self.envelope(path, record, kind);
            };
            let cells = hits(record, path, only).into_iter();
            let cells = cells.filter_map(|hit| hit.cell);
            let mut values = cells
                .map(|cell| match path.part {
                    Some(part) => self.part(cell, part),
                    None if kind == ColumnType::Text => self.words(field, cell),
                    None => self.datum(field, cell),
                })
                .filter(|value| *value != Datum::Nothing);
            let found = match many {
                true => Datum::list(values.flat_map(|value| match value {
                    Datum::List(values) => values,
                    value => vec![value],
                })),
                false => values.next().unwrap_or(Datum::Nothing),
            };
            if found != Datum::Nothing {
                return found;
            }
        }
        Datum::Nothing
    }

    fn words(self, field: &'r Field, cell: &'r Cell) -> Datum<'r> {
        match &cell.value {
            Value::Rows(_) | Value::Invalid => Datum::Nothing,
            // another record may be one that the viewer may not see
            Value::Reference(_) | Value::Many(_) => self.datum(field, cell),
            _ => Datum::text(self.display.value(field, cell)),
        }
    }

    fn part(self, cell: &'r Cell, part: Part) -> Datum<'r> {
        let organisation = &self.outlook.register.organisation;
        match (part, &cell.value) {
            (Part::From | Part::To, value) => Datum::from(part_moment(value, Some(part))),
            (Part::At, Value::Signature(signature)) => Datum::from(signature.at),
            (Part::Opinion, Value::Signature(signature)) => match &signature.opinion {
                Some(opinion) => Datum::text(&**opinion),
                None => Datum::Nothing,
            },
            (Part::Person | Part::Head | Part::Leader, value) => {
                let mut subjects: Vec<Subject> = Vec::new();
                collect_subjects(value, Some(part), organisation, &mut subjects);
                self.name_of(subjects.first().copied())
            }
            (Part::StaffNumber | Part::Contact, Value::Person(person)) => {
                let person = organisation.person(*person);
                let text = match part {
                    Part::StaffNumber => person.staff_number.as_deref(),
                    _ => person.phone.as_deref().or(person.email.as_deref()),
                };
                text.map_or(Datum::Nothing, Datum::text)
            }
            _ => Datum::Nothing,
        }
    }

    fn envelope(self, path: &Path, record: &'r Record, kind: ColumnType) -> Datum<'r> {
        // in a column of words a choice is its name
        let fitting = |choice| match (kind, choice) {
            (ColumnType::Choice, choice) => choice,
            (_, Datum::Named { name, .. }) => Datum::text(name),
            (_, other) => other,
        };
        match path.root {
            Root::Id => Datum::text(&*record.id.value),
            Root::Title => Datum::text(record.heading()),
            Root::State => fitting(self.state(record)),
            Root::Priority => fitting(self.priority(record)),
            Root::Audience => fitting(self.audience(record)),
            Root::Project => match &record.project {
                Some(project) => Datum::text(&*project.value),
                None => Datum::Nothing,
            },
            Root::Related => Datum::list(record.related.iter().map(|at| self.record(&at.value))),
            Root::Cell { .. } => Datum::Nothing,
        }
    }
}
