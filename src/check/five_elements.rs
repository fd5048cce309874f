//! W8: who is called somewhere needs time, place, people, event and requirement.

use super::checked::Checked;
use crate::finding::{Finding, Level};
use crate::text::{Language, Text};

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    let Some(list) = value.list("five-elements") else {
        return;
    };
    for (cell, text) in value.texts() {
        let missing: Vec<&Text> = list
            .elements
            .iter()
            .filter(|element| !element.shape.is_match(text))
            .map(|element| &element.name)
            .collect();
        if missing.is_empty() {
            continue;
        }
        let named = |language: Language, between: &str| {
            let names: Vec<&str> = missing.iter().map(|name| name.get(language)).collect();
            names.join(between)
        };
        // what a text means is guessed at by its words here: never more than a warning
        found.push(
            Finding::error("five-elements", value.scope.record.place(cell.span))
                .level(value.level().min(Level::Warning))
                .clause(list.clause.clone())
                .with("field", &value.field.label)
                .with(
                    "missing",
                    Text::new(
                        named(Language::Chinese, "、"),
                        named(Language::English, ", "),
                    ),
                ),
        );
    }
}
