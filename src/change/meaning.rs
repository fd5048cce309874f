//! What a value means, as a text to compare by: the same in two registers
//! whenever a reader would call it the same.

use std::fmt::Write;

use super::Version;
use crate::definition::{Field, FieldType};
use crate::organisation::{Organisation, Subject};
use crate::record::{Cell, Row, Value};

/// The meaning of a value of a field.
pub(super) fn of_cell(version: Version<'_>, field: &Field, cell: &Cell) -> String {
    let mut text = String::new();
    write_cell(version, field, cell, &mut text);
    text
}

/// The meaning of a row: its fields' names with what they mean, empty ones
/// left out.
pub(super) fn of_row(version: Version<'_>, fields: &[Field], row: &Row) -> String {
    let mut text = String::new();
    write_row(version, fields, row, &mut text);
    text
}

/// A person, department or party by the name in files, which stays when the
/// organisation's files are put in another order.
pub fn of_subject(organisation: &Organisation, subject: Subject) -> String {
    match subject {
        Subject::Person(id) => format!("person {}", organisation.person(id).id),
        Subject::Department(id) => format!("department {}", organisation.department(id).id),
        Subject::Party(id) => format!("party {}", organisation.party(id).id),
    }
}

fn write_row(version: Version<'_>, fields: &[Field], row: &Row, text: &mut String) {
    for (index, field) in fields.iter().enumerate() {
        if let Some(cell) = row.get(index) {
            let _ = write!(text, "{}\u{1}", field.id);
            write_cell(version, field, cell, text);
            text.push('\u{2}');
        }
    }
}

// writing to a string cannot fail
fn write_cell(version: Version<'_>, field: &Field, cell: &Cell, text: &mut String) {
    match &cell.value {
        Value::Text(value) => text.push_str(value.trim()),
        Value::Reference(number) => text.push_str(number),
        Value::Moment(moment) => {
            let _ = write!(text, "{moment:?}");
        }
        Value::Period(from, to) => {
            let _ = write!(text, "{from:?} {to:?}");
        }
        Value::Duration(length) => {
            let _ = write!(text, "{length:?}");
        }
        Value::Money { amount, currency } => {
            let _ = write!(text, "{amount} {currency}");
        }
        Value::Number(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Boolean(value) => {
            let _ = write!(text, "{value}");
        }
        Value::Choice(index) => {
            let choice = match &field.kind {
                FieldType::Choice(choices) => choices.get(usize::from(*index)),
                _ => None,
            };
            text.push_str(choice.map_or("", |choice| &choice.id));
        }
        Value::Person(id) => text.push_str(&of_subject(
            &version.register.organisation,
            Subject::Person(*id),
        )),
        Value::Department(id) => text.push_str(&of_subject(
            &version.register.organisation,
            Subject::Department(*id),
        )),
        Value::Party(id) => text.push_str(&of_subject(
            &version.register.organisation,
            Subject::Party(*id),
        )),
        Value::Attachment(attachment) => {
            let _ = write!(text, "{}\u{1}{:?}", attachment.name, attachment.file);
        }
        Value::NoneStated => text.push_str("\u{3}none"),
        Value::Signature(signature) => {
            if let Some(person) = signature.person {
                text.push_str(&of_subject(
                    &version.register.organisation,
                    Subject::Person(person),
                ));
            }
            let opinion = signature.opinion.as_deref().map(str::trim);
            let _ = write!(
                text,
                "\u{1}{:?}\u{1}{:?}\u{1}{opinion:?}",
                signature.name, signature.at
            );
        }
        Value::Many(items) => {
            for item in items {
                write_cell(version, field, item, text);
                text.push('\u{2}');
            }
        }
        Value::Rows(rows) => {
            for row in rows {
                write_row(version, field.columns(), row, text);
                text.push('\u{4}');
            }
        }
        // what could not be understood means what stands there
        Value::Invalid => {
            let _ = write!(text, "\u{5}{}", version.file.slice(cell.span));
        }
    }
}
