//! A kind's register as a table: what every record has, what follows from it,
//! and every field of its sections; and a table for each of its lists.

use super::field::Data;
use super::table::{Book, ColumnType, Columns, Datum, Table};
use crate::archive;
use crate::definition::{Field, FieldType, Kind, Phase, Section};
use crate::display::{DateStyle, Display};
use crate::organisation::Subject;
use crate::outlook::{Obligation, Outlook, Status};
use crate::record::{Record, Row, Value};
use crate::text::Language;

/// A record as a line.
#[derive(Clone, Copy)]
pub(super) struct RecordLine<'r> {
    pub index: usize,
    pub record: &'r Record,
}

/// A row of a list within a record.
#[derive(Clone, Copy)]
struct RowLine<'r> {
    record: &'r Record,
    row: &'r Row,
}

/// The register of a kind, by its index, in the order of the numbers.
pub fn register<'o, 'r>(outlook: &'o Outlook<'r>, language: Language, kind: usize) -> Book<'r> {
    let register = outlook.register;
    let definition = &register.kinds[kind];
    let data = Data {
        outlook,
        display: Display::new(register, language, DateStyle::Table),
    };
    let lines: Vec<RecordLine<'r>> = outlook
        .records
        .iter()
        .map(|index| RecordLine {
            index: *index,
            record: &register.records[*index],
        })
        .filter(|line| line.record.kind == kind)
        .collect();
    let mut columns = Columns::default();
    number_and_title(&mut columns, data);
    envelope(&mut columns, data, definition);
    next(&mut columns, data);
    for (index, section) in definition.sections.iter().enumerate() {
        if section.repeated {
            continue;
        }
        for (field_index, field) in section.fields.iter().enumerate() {
            data.columns(
                &mut columns,
                &format!("{}.", section.id),
                field,
                move |line: &RecordLine<'r>| line.record.section(index).first()?.get(field_index),
            );
        }
    }
    let table = columns.table(
        &*definition.id,
        data.display.text(&definition.name),
        lines.iter().copied(),
        |id| {
            let section = definition.section(id.split('.').next()?)?;
            Some(
                data.display
                    .text(&definition.sections[section].label)
                    .to_owned(),
            )
        },
    );
    Book {
        table,
        details: details(data, definition, &lines),
    }
}

/// A table for each repeated section and each table in a section, of the rows
/// of all records.
fn details<'r>(data: Data<'_, 'r>, kind: &'r Kind, lines: &[RecordLine<'r>]) -> Vec<Table<'r>> {
    let mut tables = Vec::new();
    for (index, section) in kind.sections.iter().enumerate() {
        if section.repeated {
            let rows = lines.iter().flat_map(|line| {
                let record = line.record;
                let rows = record.section(index).iter();
                rows.map(move |row| RowLine { record, row })
            });
            let title = data.display.text(&section.label).to_owned();
            tables.push(detail(
                data,
                &section.fields,
                format!("{}.{}", kind.id, section.id),
                title,
                rows,
            ));
        }
        for (field_index, field) in section.fields.iter().enumerate() {
            if !matches!(field.kind, FieldType::Table { .. }) {
                continue;
            }
            let rows = lines
                .iter()
                .flat_map(|line| inner_rows(line.record, index, field_index));
            tables.push(detail(
                data,
                field.columns(),
                format!("{}.{}.{}", kind.id, section.id, field.id),
                title_of(data, section, field),
                rows,
            ));
        }
    }
    tables
}

fn inner_rows(record: &Record, section: usize, field: usize) -> impl Iterator<Item = RowLine<'_>> {
    record
        .section(section)
        .iter()
        .filter_map(move |row| match &row.get(field)?.value {
            Value::Rows(rows) => Some(rows),
            _ => None,
        })
        .flatten()
        .map(move |row| RowLine { record, row })
}

fn title_of(data: Data<'_, '_>, section: &Section, field: &Field) -> String {
    let (section, field) = (
        data.display.text(&section.label),
        data.display.text(&field.label),
    );
    if section == field {
        field.to_owned()
    } else {
        format!("{section} · {field}")
    }
}

fn detail<'o, 'r>(
    data: Data<'o, 'r>,
    fields: &'r [Field],
    id: String,
    title: String,
    rows: impl Iterator<Item = RowLine<'r>>,
) -> Table<'r> {
    let word = |name: &str| data.display.words.get(name).to_owned();
    let mut columns = Columns::default();
    columns.add(
        "record",
        word("exchange.column.id"),
        ColumnType::Record,
        |line: &RowLine<'r>| Datum::text(&*line.record.id.value),
    );
    columns.add(
        "record.title",
        word("exchange.column.title"),
        ColumnType::Text,
        |line: &RowLine<'r>| Datum::text(&*line.record.title.value),
    );
    for (index, field) in fields.iter().enumerate() {
        data.columns(&mut columns, "", field, move |line: &RowLine<'r>| {
            line.row.get(index)
        });
    }
    columns.table(id, title, rows, |_| None)
}

/// Number and title.
pub(super) fn number_and_title<'o, 'r>(
    columns: &mut Columns<'o, 'r, RecordLine<'r>>,
    data: Data<'o, 'r>,
) {
    let word = |name: &str| data.display.words.get(name).to_owned();
    columns.add(
        "id",
        word("exchange.column.id"),
        ColumnType::Record,
        |line: &RecordLine<'r>| Datum::text(&*line.record.id.value),
    );
    columns.add(
        "title",
        word("exchange.column.title"),
        ColumnType::Text,
        |line: &RecordLine<'r>| Datum::text(&*line.record.title.value),
    );
}

/// What every record has beside them.
fn envelope<'o, 'r>(
    columns: &mut Columns<'o, 'r, RecordLine<'r>>,
    data: Data<'o, 'r>,
    kind: &'r Kind,
) {
    let outlook = data.outlook;
    let register = outlook.register;
    let display = data.display;
    let word = |name: &str| display.words.get(name).to_owned();
    columns.add(
        "state",
        word("exchange.column.state"),
        ColumnType::Choice,
        move |line: &RecordLine<'r>| data.state(line.record),
    );
    columns.add(
        "priority",
        word("exchange.column.priority"),
        ColumnType::Choice,
        move |line: &RecordLine<'r>| data.priority(line.record),
    );
    columns.add(
        "audience",
        word("exchange.column.audience"),
        ColumnType::Choice,
        move |line: &RecordLine<'r>| data.audience(line.record),
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
        "responsible",
        word("exchange.column.responsible"),
        ColumnType::Name,
        move |line: &RecordLine<'r>| data.name_of(outlook.responsible_for(line.index)),
    );
    if !kind.parties.is_empty() {
        columns.add_many(
            "parties",
            word("exchange.column.parties"),
            ColumnType::Name,
            move |line: &RecordLine<'r>| {
                let mut parties: Vec<Subject> = Vec::new();
                for path in &kind.parties {
                    for party in line.record.subjects(path, &register.organisation) {
                        if !parties.contains(&party) {
                            parties.push(party);
                        }
                    }
                }
                Datum::list(parties.into_iter().map(|party| data.name(party)))
            },
        );
    }
    columns.add(
        "project",
        word("exchange.column.project"),
        ColumnType::Text,
        |line: &RecordLine<'r>| match &line.record.project {
            Some(project) => Datum::text(&*project.value),
            None => Datum::Nothing,
        },
    );
    columns.add_many(
        "related",
        word("exchange.column.related"),
        ColumnType::Record,
        move |line: &RecordLine<'r>| {
            Datum::list(line.record.related.iter().map(|at| data.record(&at.value)))
        },
    );
    columns.add(
        "opened_on",
        word("exchange.column.opened_on"),
        ColumnType::Date,
        move |line: &RecordLine<'r>| {
            let opened = kind
                .states
                .iter()
                .filter(|state| state.phase != Phase::Draft && !state.aside)
                .find_map(|state| line.record.moment(state.entered.as_ref()?));
            opened.map_or(Datum::Nothing, |at| Datum::Day(register.calendar.date(at)))
        },
    );
    columns.add(
        "closed_on",
        word("exchange.column.closed_on"),
        ColumnType::Date,
        move |line: &RecordLine<'r>| {
            archive::concluded(kind, line.record)
                .map_or(Datum::Nothing, |at| Datum::Day(register.calendar.date(at)))
        },
    );
}

/// What is owed next.
fn next<'o, 'r>(columns: &mut Columns<'o, 'r, RecordLine<'r>>, data: Data<'o, 'r>) {
    let outlook = data.outlook;
    let display = data.display;
    let word = |name: &str| display.words.get(name).to_owned();
    let next = move |line: &RecordLine<'r>| -> Option<&'o Obligation> {
        let open = outlook.obligations_of(line.index).iter();
        open.filter(|owed| owed.status.is_open())
            .min_by_key(|owed| owed.due.instant)
    };
    columns.add(
        "next_step",
        word("exchange.column.next_step"),
        ColumnType::Text,
        move |line: &RecordLine<'r>| match next(line) {
            Some(owed) => Datum::text(display.duty(owed)),
            None => Datum::Nothing,
        },
    );
    columns.add(
        "next_due",
        word("exchange.column.next_due"),
        ColumnType::Instant,
        move |line: &RecordLine<'r>| {
            next(line).map_or(Datum::Nothing, |owed| Datum::Instant(owed.due.instant))
        },
    );
    columns.add(
        "owed_by",
        word("exchange.column.owed_by"),
        ColumnType::Name,
        move |line: &RecordLine<'r>| data.name_of(next(line).and_then(|owed| owed.owed_by)),
    );
    columns.add(
        "overdue",
        word("exchange.column.overdue"),
        ColumnType::Number,
        move |line: &RecordLine<'r>| {
            let owed = outlook.obligations_of(line.index).iter();
            Datum::count(owed.filter(|owed| owed.status == Status::Overdue).count())
        },
    );
}
