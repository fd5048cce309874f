//! What was signed changes only together with its signatures.

use super::matter::ChangedMatter;
use crate::change::{given, signed};
use crate::check::signed_section::RULE;
use crate::definition::Confirmation;
use crate::finding::Finding;

pub(in crate::check) fn check(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let (Some(before), Some(after)) = (matter.before, matter.after) else {
        return;
    };
    // of what could not be parsed nobody knows what it says
    if !after.record.broken.is_empty() {
        return;
    }
    let was: Vec<(String, _)> = given(before)
        .into_iter()
        .map(|given| (given.key(before), given))
        .collect();
    for given in given(after) {
        let standing = given.signature.standing.as_deref();
        // git has told, and with the commit
        let told = standing.is_some_and(|standing| {
            standing.changed.is_some() && standing.level != Some(Confirmation::Typed)
        });
        if told {
            continue;
        }
        let key = given.key(after);
        let Some((_, old)) = was.iter().find(|(other, _)| *other == key) else {
            continue;
        };
        let now = signed(after, &given);
        if let Some(lost) = signed(before, old).first_lost(&now) {
            found.push(
                Finding::error(RULE, after.place(given.span))
                    .with("field", &given.field.label)
                    .with("what", lost),
            );
        }
    }
}
