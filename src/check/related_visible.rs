//! D12: who reads a record can follow what it refers to. A reference to a
//! record that some readers may not see is not shown to them; a number written
//! in a text of a public record is, and tells them that there is such a record.
//! What is internal of a public record has readers in the company only.

use std::collections::BTreeSet;

use super::place;
use super::registry::Scope;
use crate::definition::{Audience, Field, FieldType};
use crate::finding::{Finding, Level, Span};
use crate::organisation::Subject;
use crate::record::{Cell, Record, Row, Value};
use crate::register::{Register, Viewer};

/// Looks only at the few records that something for fewer readers is named by.
pub(super) fn check(register: &Register, found: &mut Vec<Finding>) {
    let mut naming: BTreeSet<usize> = BTreeSet::new();
    for (target, named_by) in register.records.iter().zip(&register.referenced_by) {
        let other = target.audience.value;
        let wider = |index: &&usize| {
            let own = register.records[**index].audience.value;
            own < other || own == Audience::Public
        };
        naming.extend(named_by.iter().filter(wider));
    }
    let is_public = |record: &Record| record.audience.value == Audience::Public;
    let public = register.records.iter().enumerate();
    naming.extend(
        public
            .filter(|(_, record)| is_public(record))
            .map(|(index, _)| index),
    );
    for record in naming.into_iter().map(|index| &register.records[index]) {
        let kind = register.kind_of(record);
        let scope = Scope {
            register,
            record,
            kind,
        };
        for number in &record.related {
            refer(&scope, &number.value, number.span, found);
        }
        if is_public(record) {
            mention(&scope, &record.title.value, record.title.span, found);
        }
        for (section, value) in kind.sections.iter().zip(&record.sections) {
            for row in value.rows() {
                in_row(&scope, &section.fields, row, found);
            }
        }
    }
}

fn in_row(scope: &Scope<'_>, fields: &[Field], row: &Row, found: &mut Vec<Finding>) {
    let public = scope.record.audience.value == Audience::Public;
    for (field, cell) in fields.iter().zip(&row.cells) {
        let Some(cell) = cell else { continue };
        if public && field.internal && field.columns().is_empty() {
            continue;
        }
        if public && matches!(field.kind, FieldType::Text { .. } | FieldType::Markdown) {
            let texts = match &cell.value {
                Value::Many(items) => items.as_slice(),
                _ => std::slice::from_ref(cell),
            };
            for text in texts {
                mention(scope, text.value.text().unwrap_or(""), text.span, found);
            }
        }
        match &cell.value {
            Value::Rows(rows) => {
                for row in rows {
                    in_row(scope, field.columns(), row, found);
                }
            }
            Value::Many(items) => {
                for item in items {
                    in_cell(scope, item, found);
                }
            }
            _ => in_cell(scope, cell, found),
        }
    }
}

fn in_cell(scope: &Scope<'_>, cell: &Cell, found: &mut Vec<Finding>) {
    if let Value::Reference(number) = &cell.value {
        refer(scope, number, cell.span, found);
    }
}

fn refer(scope: &Scope<'_>, number: &str, span: Span, found: &mut Vec<Finding>) {
    let Some(target) = scope.register.find(number) else {
        return;
    };
    let target = &scope.register.records[target];
    let own = scope.record.audience.value;
    let (level, message) = match own {
        Audience::Public if sees_all(scope, target) => return,
        // what leaves the company should not even name what stays in it
        Audience::Public => (Level::Warning, "public"),
        _ if target.audience.value <= own => return,
        _ => (Level::Note, "plain"),
    };
    let finding = Finding::error("related-visible", scope.record.place(span))
        .level(level)
        .message(message)
        .clause(Some("TZ-D12".into()))
        .with("id", number);
    found.push(match target.audience.span {
        nowhere if nowhere == Span::default() => finding,
        written => finding.related(target.place(written)),
    });
}

/// Whether every party that a public record is for sees another one, too.
fn sees_all(scope: &Scope<'_>, target: &Record) -> bool {
    let mut readers = scope.record.visible_to.iter();
    readers.all(|reader| match reader.value {
        Subject::Party(party) => Viewer::Public(party).sees(scope.register, target),
        _ => true,
    })
}

/// Numbers in a text of a public record that lead to what its reader does not see.
fn mention(scope: &Scope<'_>, text: &str, span: Span, found: &mut Vec<Finding>) {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    let mut end = 0;
    for number in text.split(|c: char| !part(c)) {
        let start = text[end..].find(number).map_or(end, |at| end + at);
        end = start + number.len();
        let Some(target) = scope.register.find(number) else {
            continue;
        };
        let target = &scope.register.records[target];
        if target.id.value == scope.record.id.value || sees_all(scope, target) {
            continue;
        }
        let place = place::in_value(scope.register, scope.record, span, start..end);
        found.push(
            Finding::error("related-visible", place)
                .level(Level::Warning)
                .message("mentioned")
                .clause(Some("TZ-D12".into()))
                .with("id", number),
        );
    }
}
