//! W9, W4, D7: a promise has one owner, one day and a standard to be measured by.
//!
//! Fields that the kind requires are asked for by `required-field`; this rule
//! asks where a kind leaves them open.

use super::commitments::{Promise, promises};
use super::registry::Scope;
use crate::definition::Phase;
use crate::finding::Finding;
use crate::record::Value;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    for promise in promises(scope) {
        several(scope, &promise, found);
        // of a file that did not parse nobody knows what is missing
        let broken = !scope.record.broken.is_empty();
        if broken || promise.is_dropped() || scope.phase() == Phase::Void {
            continue;
        }
        let columns = promise.columns;
        let asked = [
            ("owner", Some(columns.owner), "W4"),
            ("due", Some(columns.due), "W9"),
            ("standard", columns.standard, "W9"),
        ];
        for (message, column, clause) in asked {
            let Some(column) = column else { continue };
            let field = &promise.section.fields[column];
            if !field.required.is_never() || promise.row.get(column).is_some() {
                continue;
            }
            // a value that could not be understood has been said
            if promise
                .row
                .written(column)
                .is_some_and(|cell| matches!(cell.value, Value::Invalid))
            {
                continue;
            }
            found.push(
                Finding::error("commitment-complete", scope.record.place(promise.row.span))
                    .level(scope.wording_level())
                    .message(message)
                    .clause(Some(clause.into()))
                    .with("what", promise.what())
                    .with("field", &field.label)
                    .with("key", &*field.id),
            );
        }
    }
}

/// An owner field that holds a list: all but the first are helpers.
fn several(scope: &Scope<'_>, promise: &Promise<'_>, found: &mut Vec<Finding>) {
    let owner = promise.columns.owner;
    let Some(cell) = promise.row.get(owner) else {
        return;
    };
    if let Value::Many(owners) = &cell.value
        && owners.len() > 1
    {
        found.push(
            Finding::error("commitment-complete", scope.record.place(cell.span))
                .level(scope.wording_level())
                .message("several")
                .clause(Some("W4".into()))
                .with("what", promise.what())
                .with("field", &promise.section.fields[owner].label)
                .with("count", owners.len()),
        );
    }
}
