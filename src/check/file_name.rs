//! D8: a record's file has its number as its name. Two branches that take the
//! same number then write the same file, and git says so when they meet.

use super::registry::Scope;
use crate::finding::Finding;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let id = &scope.record.id;
    let path = &scope.register.sources.file(scope.record.file).path;
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    if id.value.trim().is_empty() || *stem == *id.value {
        return;
    }
    found.push(
        Finding::warning("file-name", scope.record.place(id.span))
            .clause(Some("TZ-D8".into()))
            .with("file", name)
            .with("id", &*id.value),
    );
}
