//! D9: a confirmation says who and when.

use super::checked::Checked;
use crate::definition::FieldType;
use crate::finding::Finding;
use crate::record::{Cell, Signature, Value};

/// Which fields hold signatures.
pub(super) fn of(kind: &FieldType) -> bool {
    matches!(kind, FieldType::Signature)
}

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    for cell in value.items() {
        if let Value::Signature(signature) = &cell.value {
            one(value, cell, signature, found);
        }
    }
}

fn one(value: &Checked<'_, '_>, cell: &Cell, signature: &Signature, found: &mut Vec<Finding>) {
    let scope = value.scope;
    let signed = signature.person.is_some()
        || signature
            .name
            .as_ref()
            .is_some_and(|name| !name.trim().is_empty());
    if signed && signature.at.is_some() {
        return;
    }
    let source = scope.register.sources.words(scope.record.place(cell.span));
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
            .with("field", &value.field.label),
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
