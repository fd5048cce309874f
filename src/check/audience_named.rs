//! D12: a confidential record says which people and departments may see it, a
//! public one for which outside parties it is; and only a kind that may leave
//! the company has public records.

use super::registry::Scope;
use crate::definition::Audience;
use crate::finding::Finding;
use crate::organisation::Subject;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let record = scope.record;
    let audience = &record.audience;
    let report = |message: &'static str, span| {
        Finding::error("audience-named", record.place(span))
            .level(scope.wording_level())
            .message(message)
            .clause(Some("TZ-D12".into()))
    };
    let party = |subject: &Subject| matches!(subject, Subject::Party(_));
    match audience.value {
        Audience::Confidential => {
            if record.visible_to.is_empty() && !was_written(scope) {
                found.push(report("confidential", audience.span));
            }
            for subject in record.visible_to.iter().filter(|s| party(&s.value)) {
                let name = scope.register.organisation.name_of(subject.value);
                found.push(report("outsider", subject.span).with("party", name));
            }
        }
        Audience::Public => {
            if scope.kind.internal {
                let finding = report("kind", audience.span);
                found.push(finding.with("kind", &scope.kind.name));
            }
            let named = record
                .visible_to
                .iter()
                .any(|subject| party(&subject.value));
            let unknown = record.visible_to.is_empty() && was_written(scope);
            if !named && !unknown {
                found.push(report("public", audience.span));
            }
        }
        Audience::Internal => {
            if let Some(first) = record.visible_to.first() {
                found.push(report("internal", first.span).level(crate::finding::Level::Warning));
            }
        }
    }
}

/// Whether names were written that nobody has: that has been said when the
/// file was read.
fn was_written(scope: &Scope<'_>) -> bool {
    let text = &scope.register.sources.file(scope.record.file).text;
    text.lines().any(|line| {
        let names = line.trim_start().strip_prefix("visible_to");
        names.is_some_and(|rest| rest.contains('"') || rest.contains('\'') || !rest.contains(']'))
    })
}
