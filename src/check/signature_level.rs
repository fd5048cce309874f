//! D9: a kind says how strongly people have to confirm.
//!
//! Looked at only where git was asked; where it does not know, nothing is
//! held against anybody.

use super::registry::Scope;
use crate::change::{Version, given};
use crate::definition::{Confirmation, Field};
use crate::display::{DateStyle, Display};
use crate::finding::{Finding, Level};
use crate::record::Doubt;
use crate::text::{Language, Text};

const RULE: &str = "signature-level";

/// How strongly a signature of this field has to confirm: as its field asks,
/// else its kind, and never less than the organisation does.
pub(super) fn demanded(scope: &Scope<'_>, field: &Field) -> Confirmation {
    let own = field.level.unwrap_or(scope.kind.confirmation);
    let everywhere = scope.register.settings.confirmation;
    everywhere.map_or(own, |everywhere| own.max(everywhere))
}

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    for given in given(Version::new(scope.register, scope.record)) {
        let (Some(standing), Some(person)) =
            (given.signature.standing.as_deref(), given.signature.person)
        else {
            continue;
        };
        let demanded = demanded(scope, given.field);
        let states = &scope.kind.states;
        let required = given.field.required.from;
        let early = required.is_some_and(|from| states[from].rank > scope.rank());
        let Some(level) = standing.level.filter(|level| *level < demanded && !early) else {
            continue;
        };
        let doubt = standing.doubt.as_ref();
        let in_words = |what: &dyn Fn(&Display<'_>) -> String| {
            let [zh, en] = [Language::Chinese, Language::English]
                .map(|language| what(&Display::new(scope.register, language, DateStyle::Table)));
            Text::new(zh, en)
        };
        let mut finding = Finding::error(RULE, scope.record.place(given.span))
            .with("field", &given.field.label)
            .with("person", &scope.register.organisation.person(person).name)
            .with(
                "needed",
                in_words(&|words| words.confirmation(demanded).to_owned()),
            )
            .with(
                "level",
                in_words(&|words| words.confirmation(level).to_owned()),
            );
        finding = match doubt {
            // the commit that makes it whole may be this one
            Some(Doubt::NotCommitted) => finding.level(Level::Note).message("not-committed"),
            Some(doubt) => finding.with("why", in_words(&|words| words.doubt(doubt))),
            None => finding,
        };
        if let Some(commit) = &standing.commit {
            finding = finding.with("commit", &*commit.id);
        }
        found.push(finding);
    }
}
