//! W5: a goal says by what one sees that it is reached: a number, a date, or
//! something that is handed over.

use super::checked::Checked;
use crate::finding::Finding;

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    let Some(list) = value.list("measures") else {
        return;
    };
    for (cell, text) in value.texts() {
        let measured = list
            .shape
            .as_ref()
            .is_some_and(|shape| shape.is_match(text))
            || !list.hits(text).is_empty();
        if !measured {
            found.push(
                Finding::error("measurable-goal", value.scope.record.place(cell.span))
                    .level(value.level())
                    .clause(list.clause.clone())
                    .with("field", &value.field.label),
            );
        }
    }
}
