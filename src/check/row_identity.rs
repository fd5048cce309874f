//! Rows are told apart by a field of theirs: actions by their number, partners
//! by their department. Two alike cannot be referred to.

use super::registry::Scope;
use crate::definition::{Field, FieldType};
use crate::finding::Finding;
use crate::record::{Cell, Row, Value};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    for (section, value) in scope.kind.sections.iter().zip(&scope.record.sections) {
        if value.rows().is_empty() {
            continue;
        }
        if let Some(identity) = section.identity {
            let field = &section.fields[identity];
            compare(scope, value.rows(), field, identity, found);
        }
        for (index, field) in section.fields.iter().enumerate() {
            let FieldType::Table {
                columns,
                identity: Some(identity),
            } = &field.kind
            else {
                continue;
            };
            for row in value.rows() {
                if let Some(Value::Rows(rows)) = row.get(index).map(|cell| &cell.value) {
                    compare(scope, rows, &columns[*identity], *identity, found);
                }
            }
        }
    }
}

fn compare(
    scope: &Scope<'_>,
    rows: &[Row],
    field: &Field,
    identity: usize,
    found: &mut Vec<Finding>,
) {
    if rows.len() < 2 {
        return;
    }
    let record = scope.record;
    let mut seen: Vec<&Cell> = Vec::with_capacity(rows.len());
    for cell in rows.iter().filter_map(|row| row.get(identity)) {
        match seen.iter().find(|first| same(&first.value, &cell.value)) {
            Some(first) => {
                let value = scope.register.sources.words(record.place(cell.span));
                found.push(
                    Finding::error("row-identity", record.place(cell.span))
                        .with("field", &field.label)
                        .with("value", value.trim_matches(['"', '\'']))
                        .related(record.place(first.span)),
                );
            }
            None => seen.push(cell),
        }
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.trim() == b.trim(),
        (Value::Reference(a), Value::Reference(b)) => a == b,
        (Value::Person(a), Value::Person(b)) => a == b,
        (Value::Department(a), Value::Department(b)) => a == b,
        (Value::Party(a), Value::Party(b)) => a == b,
        (Value::Choice(a), Value::Choice(b)) => a == b,
        (Value::Moment(a), Value::Moment(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        _ => false,
    }
}
