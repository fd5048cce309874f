//! D9: a confirmation says who and when.

use super::registry::Scope;
use crate::definition::{Field, FieldType};
use crate::finding::Finding;
use crate::record::{Cell, Row, Signature, Value};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    for (section, value) in scope.kind.sections.iter().zip(&scope.record.sections) {
        for row in value.rows() {
            in_row(scope, &section.fields, row, found);
        }
    }
}

fn in_row(scope: &Scope<'_>, fields: &[Field], row: &Row, found: &mut Vec<Finding>) {
    for (field, cell) in fields.iter().zip(&row.cells) {
        let Some(cell) = cell else { continue };
        match (&field.kind, &cell.value) {
            (FieldType::Table { columns, .. }, Value::Rows(rows)) => {
                for row in rows {
                    in_row(scope, columns, row, found);
                }
            }
            (_, Value::Signature(signature)) => one(scope, field, cell, signature, found),
            (_, Value::Many(items)) => {
                for item in items {
                    if let Value::Signature(signature) = &item.value {
                        one(scope, field, item, signature, found);
                    }
                }
            }
            _ => {}
        }
    }
}

fn one(
    scope: &Scope<'_>,
    field: &Field,
    cell: &Cell,
    signature: &Signature,
    found: &mut Vec<Finding>,
) {
    let source = scope.register.sources.words(scope.record.place(cell.span));
    let signed = signature.person.is_some()
        || signature
            .name
            .as_ref()
            .is_some_and(|name| !name.trim().is_empty());
    // a name or a time that could not be understood has been said
    let message = if !signed && !has_key(source, "person") {
        "person"
    } else if signature.at.is_none() && !has_key(source, "at") {
        "time"
    } else {
        return;
    };
    found.push(
        Finding::error("signature-complete", scope.record.place(cell.span))
            .level(scope.wording_level())
            .message(message)
            .clause(Some("TZ-D9".into()))
            .with("field", &field.label),
    );
}

/// Whether the source of an inline table has this key.
fn has_key(source: &str, key: &str) -> bool {
    source.match_indices(key).any(|(at, _)| {
        let before = source[..at].trim_end();
        let after = source[at + key.len()..].trim_start();
        before.ends_with(['{', ',', '\n']) && after.starts_with('=')
    })
}
