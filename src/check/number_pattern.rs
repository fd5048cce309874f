//! D8: a record's number follows its kind's pattern, so that one sequence runs
//! a year and a number is never given twice.

use super::registry::Scope;
use crate::finding::Finding;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let id = &scope.record.id;
    let pattern = &scope.kind.number;
    // a missing number has been said when the file was read
    if id.value.trim().is_empty() || pattern.read(&id.value).is_some() {
        return;
    }
    found.push(
        Finding::error("number-pattern", scope.record.place(id.span))
            .clause(Some("TZ-D8".into()))
            .with("id", &*id.value)
            .with("pattern", &*pattern.text)
            .with("kind", &scope.kind.name)
            .with("example", pattern.write(2026, 12)),
    );
}
