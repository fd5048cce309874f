//! D9: what was signed stays as it was signed, or the signature goes.
//!
//! Looked at wherever git was asked how signatures stand; between two versions
//! see [`super::change`].

use super::registry::Scope;
use crate::calendar::Moment;
use crate::change::{Version, given};
use crate::definition::Confirmation;
use crate::finding::{Finding, Level};

/// The rule's name.
pub(super) const RULE: &str = "signed-section";

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let version = Version::new(scope.register, scope.record);
    for given in given(version) {
        let standing = given.signature.standing.as_deref();
        let Some(changed) = standing.and_then(|standing| standing.changed.as_ref()) else {
            continue;
        };
        let typed = standing.and_then(|standing| standing.level) == Some(Confirmation::Typed);
        let finding = Finding::error(RULE, scope.record.place(given.span))
            // a name that others wrote down was never more than a name
            .level(match typed {
                true => Level::Warning,
                false => Level::Error,
            })
            .with("field", &given.field.label);
        found.push(match &changed.commit {
            Some(commit) => {
                let day = scope.register.calendar.date(Moment::Instant(commit.at));
                finding
                    .message("committed")
                    .with("commit", &*commit.id)
                    .with("author", &*commit.author)
                    .with("day", day.to_string())
            }
            None => finding.message("edited"),
        });
    }
}
