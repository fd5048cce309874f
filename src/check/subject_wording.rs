//! W2: a subject carries the aim, and does not lean on 请确认 or 事.

use super::place;
use super::registry::Scope;
use super::wording;
use crate::finding::{Finding, Level};
use crate::text::Text;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let title = &scope.record.title;
    if !scope.kind.title_is_subject || title.value.trim().is_empty() {
        return;
    }
    let Some(list) = scope.register.lists.get("subject-words") else {
        return;
    };
    let hits = list.hits(&title.value);
    for hit in &hits {
        let place = place::in_value(scope.register, scope.record, title.span, hit.range.clone());
        let level = scope.wording_level();
        let none = Text::default();
        found.push(wording::finding(
            "subject-wording",
            list,
            hit,
            place,
            level,
            &none,
        ));
    }
    let shapeless = list
        .shape
        .as_ref()
        .is_some_and(|shape| !shape.is_match(&title.value));
    if hits.is_empty() && shapeless {
        let finding = Finding::error("subject-wording", scope.record.place(title.span))
            .level(Level::Warning)
            .clause(list.clause.clone());
        found.push(match &scope.kind.title_hint {
            Some(hint) => finding.message("shape").with("hint", hint),
            None => finding.message("shape-unexplained"),
        });
    }
}
