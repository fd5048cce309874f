//! A matter whose event of a later state is there is no longer in the earlier one.

use super::progress::{entered, state_is_known};
use super::registry::Scope;
use crate::definition::Phase;
use crate::finding::Finding;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    // what was broken off keeps the events it had
    if scope.phase() == Phase::Void || !state_is_known(scope) {
        return;
    }
    let rank = scope.rank();
    let later = entered(scope)
        .into_iter()
        .rfind(|event| !event.planned && event.state.rank > rank);
    let Some(event) = later else {
        return;
    };
    let record = scope.record;
    let field = event
        .path
        .cell()
        .map(|(section, field, column)| {
            let field = &scope.kind.sections[section].fields[field];
            column.map_or(field, |column| &field.columns()[column])
        })
        .map_or_else(Default::default, |field| field.label.clone());
    found.push(
        Finding::warning("state-event", record.place(record.state.span))
            .with("event", field)
            .with("state", &scope.kind.states[record.state.value].label)
            .with("later", &event.state.label)
            .with("id", &*event.state.id)
            .related(record.place(event.cell.span))
            .fix(record.state.span, format!("\"{}\"", event.state.id), false),
    );
}
