//! D7: what is still to be done is owned by somebody who is still here.

use super::commitments::promises;
use super::registry::Scope;
use crate::finding::Finding;
use crate::record::{Cell, Value};
use crate::text::Text;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    if scope.phase().ended() {
        return;
    }
    if let Some(path) = &scope.kind.responsible
        && let Some(cell) = scope.record.first(path)
        && let Some((section, field, _)) = path.cell()
    {
        let label = &scope.kind.sections[section].fields[field].label;
        report(scope, cell, label, "plain", String::new(), found);
    }
    for promise in promises(scope) {
        if promise.is_done() || promise.is_dropped() {
            continue;
        }
        let owner = promise.columns.owner;
        if let Some(cell) = promise.row.get(owner) {
            let label = &promise.section.fields[owner].label;
            report(scope, cell, label, "task", promise.what(), found);
        }
    }
}

fn report(
    scope: &Scope<'_>,
    cell: &Cell,
    label: &Text,
    message: &'static str,
    what: String,
    found: &mut Vec<Finding>,
) {
    let Value::Person(id) = cell.value else {
        return;
    };
    let organisation = &scope.register.organisation;
    let person = organisation.person(id);
    if !person.left {
        return;
    }
    let finding = Finding::error("owner-left", scope.record.place(cell.span))
        .level(scope.wording_level())
        .message(message)
        .clause(Some("TZ-D7".into()))
        .with("field", label)
        .with("person", &person.name)
        .related(person.place);
    found.push(match message {
        "task" => finding.with("what", what),
        _ => finding,
    });
}
