//! What a term of a word list becomes: one finding, told the same way by all
//! rules of wording.

use crate::definition::{Hit, WordList};
use crate::finding::{Finding, Level, Place};
use crate::text::Text;

/// The finding of a term: its own level if that is less than `level`, its own
/// clause or the list's, its suggestion or the message `no-suggestion`.
pub(super) fn finding(
    rule: &'static str,
    list: &WordList,
    hit: &Hit<'_>,
    place: Place,
    level: Level,
    field: &Text,
) -> Finding {
    let term = hit.term;
    let finding = Finding::error(rule, place)
        .level(term.level.map_or(level, |own| own.min(level)))
        .clause(term.clause.clone().or_else(|| list.clause.clone()))
        .with("field", field)
        .with("word", &*term.term);
    match &term.suggest {
        Some(suggest) => finding.with("suggest", suggest),
        None => finding.message("no-suggestion"),
    }
}
