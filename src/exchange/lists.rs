//! The lists over all kinds as tables: tasks, what is owed, what is filed.

use std::borrow::Cow;

use super::field::Data;
use super::register::{RecordLine, number_and_title};
use super::table::{ColumnType, Columns, Datum, Table};
use crate::archive::{self, Filing};
use crate::calendar::Moment;
use crate::definition::{Commitment, Retention};
use crate::display::{DateStyle, Display};
use crate::organisation::Subject;
use crate::outlook::{Action, Obligation, Outlook, Status};
use crate::record::Value;
use crate::text::Language;

/// Which obligations a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// Everything that somebody still has to do.
    Open,
    /// Everything ever owed, met or not.
    All,
    /// What somebody, or a department, has to do or waits for.
    Of(Subject),
}

/// Every task, by when it is due.
pub fn actions<'r>(outlook: &Outlook<'r>, language: Language) -> Table<'r> {
    let data = data(outlook, language);
    let display = data.display;
    let word = |name: &str| display.words.get(name).to_owned();
    let mut lines: Vec<&Action> = outlook.actions.iter().collect();
    lines.sort_by_key(|action| {
        let due = action.due.map_or(i64::MAX, |due| due.instant.as_second());
        (!action.status.is_open(), due)
    });
    let mut columns: Columns<'_, 'r, &Action> = Columns::default();
    let field = |of: fn(&Commitment) -> Option<usize>| {
        move |action: &&Action| commitment_text(outlook, action, of)
    };
    columns.add(
        "task",
        word("exchange.column.task"),
        ColumnType::Text,
        field(|of| Some(of.what)),
    );
    columns.add(
        "owner",
        word("exchange.column.owner"),
        ColumnType::Name,
        move |action: &&Action| data.name_of(action.owner),
    );
    columns.add(
        "owner_department",
        word("exchange.column.department"),
        ColumnType::Name,
        move |action: &&Action| data.name_of(department_of(outlook, action.owner)),
    );
    columns.add_many(
        "helpers",
        word("exchange.column.helpers"),
        ColumnType::Name,
        move |action: &&Action| Datum::list(action.helpers.iter().map(|helper| data.name(*helper))),
    );
    columns.add(
        "due_on",
        word("exchange.column.due_on"),
        ColumnType::Date,
        |action: &&Action| {
            action
                .due
                .map_or(Datum::Nothing, |due| Datum::Day(due.date))
        },
    );
    columns.add(
        "done_on",
        word("exchange.column.done_on"),
        ColumnType::Date,
        move |action: &&Action| day(outlook, action.done),
    );
    columns.add(
        "status",
        word("exchange.column.status"),
        ColumnType::Choice,
        move |action: &&Action| data.task(action.status),
    );
    columns.add(
        "days_overdue",
        word("exchange.column.days_overdue"),
        ColumnType::Number,
        move |action: &&Action| match action.due {
            Some(due) if action.status == crate::outlook::ActionStatus::Overdue => {
                days_over(outlook, due.date)
            }
            _ => Datum::Nothing,
        },
    );
    columns.add(
        "standard",
        word("exchange.column.standard"),
        ColumnType::Text,
        field(|of| of.standard),
    );
    of_record(&mut columns, data, |action: &&Action| action.record);
    columns.table("actions", word("site.actions.title"), lines, |_| None)
}

/// The words of a field that the commitment of a task's section names.
fn commitment_text<'r>(
    outlook: &Outlook<'r>,
    action: &Action,
    of: fn(&Commitment) -> Option<usize>,
) -> Datum<'r> {
    let register = outlook.register;
    let record = &register.records[action.record];
    let section = &register.kinds[record.kind].sections[action.section];
    let cell = section
        .commitment
        .as_ref()
        .and_then(of)
        .and_then(|field| record.section(action.section).get(action.row)?.get(field));
    match cell.map(|cell| &cell.value) {
        Some(Value::Text(text)) => Datum::text(&**text),
        _ => Datum::Nothing,
    }
}

/// What is owed, by when.
pub fn obligations<'r>(outlook: &Outlook<'r>, language: Language, which: Owed) -> Table<'r> {
    let data = data(outlook, language);
    let display = data.display;
    let register = outlook.register;
    let word = |name: &str| display.words.get(name).to_owned();
    let organisation = &register.organisation;
    let concerns = |obligation: &Obligation, subject: Subject| match subject {
        Subject::Department(department) => {
            outlook.debtor_department(obligation) == Some(department)
                || department_of(outlook, obligation.owed_to) == Some(subject)
        }
        subject => [obligation.owed_by, obligation.owed_to].contains(&Some(subject)),
    };
    let mut lines: Vec<&Obligation> = outlook
        .obligations
        .iter()
        .filter(|obligation| match which {
            Owed::Open => obligation.status.is_open(),
            Owed::All => true,
            Owed::Of(subject) => obligation.status.is_open() && concerns(obligation, subject),
        })
        .collect();
    lines.sort_by_key(|obligation| obligation.due.instant);
    let mut columns: Columns<'_, 'r, &Obligation> = Columns::default();
    columns.add(
        "due",
        word("exchange.column.due"),
        ColumnType::Instant,
        |owed: &&Obligation| Datum::Instant(owed.due.instant),
    );
    columns.add(
        "status",
        word("exchange.column.status"),
        ColumnType::Choice,
        move |owed: &&Obligation| {
            let name = owed.status.name();
            let tone = match owed.status {
                Status::DueSoon => "soon",
                _ => name,
            };
            data.worded(name, &format!("site.tone.{tone}"))
        },
    );
    columns.add(
        "what",
        word("exchange.column.what"),
        ColumnType::Text,
        move |owed: &&Obligation| Datum::text(display.duty(owed)),
    );
    columns.add(
        "owed_by",
        word("exchange.column.owed_by"),
        ColumnType::Name,
        move |owed: &&Obligation| data.name_of(owed.owed_by),
    );
    columns.add(
        "owed_by_department",
        word("exchange.column.department"),
        ColumnType::Name,
        move |owed: &&Obligation| {
            data.name_of(outlook.debtor_department(owed).map(Subject::Department))
        },
    );
    columns.add(
        "owed_to",
        word("exchange.column.owed_to"),
        ColumnType::Name,
        move |owed: &&Obligation| data.name_of(owed.owed_to),
    );
    columns.add(
        "days_overdue",
        word("exchange.column.days_overdue"),
        ColumnType::Number,
        move |owed: &&Obligation| match owed.status {
            Status::Overdue => days_over(outlook, owed.due.date),
            _ => Datum::Nothing,
        },
    );
    if which == Owed::All {
        columns.add(
            "met_at",
            word("exchange.column.met_at"),
            ColumnType::Instant,
            |owed: &&Obligation| Datum::from(owed.met_at),
        );
    }
    columns.add(
        "start",
        word("exchange.column.start"),
        ColumnType::Instant,
        |owed: &&Obligation| Datum::from(owed.start),
    );
    columns.add(
        "length",
        word("exchange.column.length"),
        ColumnType::Text,
        move |owed: &&Obligation| match &owed.length {
            Some(length) => Datum::text(display.length(length)),
            None => Datum::Nothing,
        },
    );
    columns.add(
        "clause",
        word("exchange.column.clause"),
        ColumnType::Text,
        |owed: &&Obligation| match &owed.clause {
            Some(clause) => Datum::text(clause.to_string()),
            None => Datum::Nothing,
        },
    );
    if outlook.viewer.is_insider() {
        columns.add(
            "escalated_to",
            word("exchange.column.escalated_to"),
            ColumnType::Name,
            move |owed: &&Obligation| {
                let person = owed.escalated_to().and_then(|step| step.to);
                data.name_of(person.map(Subject::Person))
            },
        );
        columns.add(
            "escalates_at",
            word("exchange.column.escalates_at"),
            ColumnType::Instant,
            |owed: &&Obligation| {
                let next = owed.next_escalation().filter(|_| owed.status.is_open());
                next.map_or(Datum::Nothing, |step| Datum::Instant(step.at))
            },
        );
    }
    of_record(&mut columns, data, |owed: &&Obligation| owed.record);
    let (id, title) = match which {
        Owed::Open => ("deadlines".to_owned(), word("site.deadlines.title")),
        Owed::All => ("obligations".to_owned(), word("exchange.title.obligations")),
        Owed::Of(subject) => {
            let name = organisation.name_of(subject).get(language);
            let title = display
                .words
                .filled("exchange.title.duties_of", &[("name", name)]);
            (organisation.id_of(subject).to_owned(), title)
        }
    };
    columns.table(id, title, lines, |_| None)
}

/// What is filed, by archive number.
pub fn archive<'r>(outlook: &Outlook<'r>, language: Language) -> Table<'r> {
    let data = data(outlook, language);
    let display = data.display;
    let register = outlook.register;
    let word = |name: &str| display.words.get(name).to_owned();
    let checked = |record: &'r crate::record::Record, check: &str| {
        let cell = archive::checked_value(register.kind_of(record), record, check);
        cell.and_then(|cell| cell.value.text())
    };
    let mut lines: Vec<RecordLine<'r>> = outlook
        .records
        .iter()
        .map(|index| RecordLine {
            index: *index,
            record: &register.records[*index],
        })
        .filter(|line| archive::is_filed(register.kind_of(line.record), line.record))
        .collect();
    lines.sort_by_key(|line| {
        let number = checked(line.record, archive::NUMBER_CHECK);
        (number.is_none(), number, line.index)
    });
    let mut columns: Columns<'_, 'r, RecordLine<'r>> = Columns::default();
    for (id, name, check) in [
        (
            "archive_number",
            "exchange.column.archive_number",
            archive::NUMBER_CHECK,
        ),
        (
            "archive_name",
            "exchange.column.archive_name",
            archive::NAME_CHECK,
        ),
    ] {
        columns.add(
            id,
            word(name),
            ColumnType::Text,
            move |line: &RecordLine<'r>| {
                checked(line.record, check).map_or(Datum::Nothing, Datum::text)
            },
        );
    }
    number_and_title(&mut columns, data);
    columns.add(
        "kind",
        word("exchange.column.kind"),
        ColumnType::Choice,
        move |line: &RecordLine<'r>| kind(data, line.index),
    );
    columns.add(
        "department",
        word("exchange.column.department"),
        ColumnType::Name,
        move |line: &RecordLine<'r>| {
            data.name_of(outlook.department_of(line.index).map(Subject::Department))
        },
    );
    columns.add(
        "closed_on",
        word("exchange.column.closed_on"),
        ColumnType::Date,
        move |line: &RecordLine<'r>| {
            day(
                outlook,
                archive::concluded(register.kind_of(line.record), line.record),
            )
        },
    );
    columns.add(
        "year",
        word("exchange.column.year"),
        ColumnType::Number,
        move |line: &RecordLine<'r>| year(Filing::of(register, line.record).year),
    );
    columns.add(
        "retention",
        word("exchange.column.retention"),
        ColumnType::Text,
        move |line: &RecordLine<'r>| {
            let retention: Retention = Filing::of(register, line.record).class.retention();
            Datum::text(display.retention(retention))
        },
    );
    columns.add(
        "kept_through",
        word("exchange.column.kept_through"),
        ColumnType::Number,
        move |line: &RecordLine<'r>| year(Filing::of(register, line.record).kept_through()),
    );
    columns.table("archive", word("exchange.title.archive"), lines, |_| None)
}

fn data<'o, 'r>(outlook: &'o Outlook<'r>, language: Language) -> Data<'o, 'r> {
    Data {
        outlook,
        display: Display::new(outlook.register, language, DateStyle::Table),
    }
}

/// Number, title and kind of the record that a line belongs to.
fn of_record<'o, 'r, L>(
    columns: &mut Columns<'o, 'r, L>,
    data: Data<'o, 'r>,
    record: impl Fn(&L) -> usize + Copy + 'o,
) {
    let register = data.outlook.register;
    let word = |name: &str| data.display.words.get(name).to_owned();
    columns.add(
        "record",
        word("exchange.column.id"),
        ColumnType::Record,
        move |line| Datum::text(&*register.records[record(line)].id.value),
    );
    columns.add(
        "record.title",
        word("exchange.column.title"),
        ColumnType::Text,
        move |line| Datum::text(&*register.records[record(line)].title.value),
    );
    columns.add(
        "kind",
        word("exchange.column.kind"),
        ColumnType::Choice,
        move |line| kind(data, record(line)),
    );
}

fn kind<'r>(data: Data<'_, 'r>, record: usize) -> Datum<'r> {
    let register = data.outlook.register;
    let kind = register.kind_of(&register.records[record]);
    Datum::Named {
        id: Cow::Borrowed(&kind.id),
        name: Cow::Borrowed(kind.name.get(data.display.language)),
    }
}

fn day<'r>(outlook: &Outlook<'_>, moment: Option<Moment>) -> Datum<'r> {
    moment.map_or(Datum::Nothing, |moment| {
        Datum::Day(outlook.register.calendar.date(moment))
    })
}

fn year<'r>(year: Option<i16>) -> Datum<'r> {
    year.map_or(Datum::Nothing, |year| Datum::Number(f64::from(year)))
}

/// Days since a day, the day itself not counted.
fn days_over<'r>(outlook: &Outlook<'_>, date: jiff::civil::Date) -> Datum<'r> {
    let days = outlook
        .today
        .since(date)
        .map_or(0, |span| span.get_days().max(0));
    Datum::count(days as usize)
}

/// Where somebody works; a department is its own.
fn department_of(outlook: &Outlook<'_>, subject: Option<Subject>) -> Option<Subject> {
    let department = outlook.register.organisation.department_of(subject?)?;
    Some(Subject::Department(department))
}
