//! The order of a table's lines.

use jiff::civil::DateTime;

use super::{Known, Line, known, only};
use crate::definition::path::{Path, Root};
use crate::definition::register_paper::{ColumnValue, RegisterTable};
use crate::display::{DateStyle, Display};
use crate::outlook::Outlook;
use crate::record::{Record, Value, hits, part_moment};

/// By what a line is put in order; what is not known comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Day(DateTime),
    Number(i64),
    Text(String),
}

/// Puts the lines of a table in its order.
pub(super) fn sort(outlook: &Outlook<'_>, table: &RegisterTable, lines: &mut [Line]) {
    let Some(by) = &table.sort else {
        return;
    };
    lines.sort_by_cached_key(|line| {
        let key = key(outlook, table, by, *line);
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

fn key(outlook: &Outlook<'_>, table: &RegisterTable, by: &ColumnValue, line: Line) -> Option<Key> {
    let register = outlook.register;
    // names sort by the company's language, whatever language is shown
    let language = register.settings.language;
    match by {
        ColumnValue::Ink => None,
        ColumnValue::Derived(derived) => match known(outlook, line, *derived) {
            Known::Nothing | Known::Tasks(_) => None,
            Known::Day(date) => Some(Key::Day(register.calendar.clock_at(date.into()))),
            Known::Number(number) => Some(Key::Number(number)),
            Known::Words(words) => Some(Key::Text(words.to_owned())),
            Known::Term(term) => Some(Key::Text(term.get(language).to_owned())),
            Known::Subjects(subjects) => {
                let display = Display::new(register, language, DateStyle::Table);
                let names: Vec<String> = subjects
                    .into_iter()
                    .map(|subject| display.subject(subject).to_owned())
                    .collect();
                Some(Key::Text(display.list(&names)))
            }
            Known::Kept(retention) => {
                let display = Display::new(register, language, DateStyle::Table);
                Some(Key::Text(display.retention(retention)))
            }
            Known::Task(status) => Some(Key::Number(status as i64)),
        },
        ColumnValue::Paths(paths) => {
            let record = &register.records[line.record];
            let only = only(table, record, line);
            paths[record.kind].iter().find_map(|path| {
                if let Some(key) = envelope(record, path) {
                    return Some(key);
                }
                let cell = hits(record, path, only)
                    .into_iter()
                    .find_map(|hit| hit.cell)?;
                if let Some(moment) = part_moment(&cell.value, path.part) {
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
