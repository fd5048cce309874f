//! The panel of a record's limits: what is owed, and what is met or past. The
//! past rounds of one limit stand together, since there may be dozens.

use super::context::Context;
use super::duties::LimitRow;
use super::view::view;
use crate::outlook::{Obligation, Status};

/// From a folder up to the root.
const ROOT: &str = "../";
/// So many settled ones are open to read when nothing else stands in the panel.
const FEW: usize = 5;

view! {
    /// The panel.
    LimitsView {
        count: usize,
        open: Vec<LimitRow>,
        settled_count: usize,
        settled_tally: String,
        settled_open: bool,
        settled: Vec<SettledView>,
    }
}

view! {
    /// What is met or past: one, or the rounds of one, the latest first.
    SettledView {
        label: String,
        tally: String,
        rounds: Vec<LimitRow>,
    }
}

/// What is owed by due instant, and what is met or past, the latest first.
pub(super) fn limits(context: &Context<'_>, index: usize) -> LimitsView {
    let mut obligations: Vec<&Obligation> = context
        .outlook
        .obligations_of(index)
        .iter()
        .filter(|obligation| obligation.status != Status::Lapsed)
        .collect();
    obligations.sort_by_key(|obligation| obligation.due.instant);
    let (open, mut settled): (Vec<_>, Vec<_>) = obligations
        .into_iter()
        .partition(|obligation| obligation.status.is_open());
    settled.reverse();
    let mut groups: Vec<Vec<&Obligation>> = Vec::new();
    for obligation in &settled {
        let alike = |group: &&mut Vec<&Obligation>| {
            obligation.round.is_some()
                && group.first().is_some_and(|first| {
                    (first.limit, first.row) == (obligation.limit, obligation.row)
                })
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(obligation),
            None => groups.push(vec![obligation]),
        }
    }
    LimitsView {
        count: open.len() + settled.len(),
        settled_count: settled.len(),
        settled_tally: tally(context, &settled),
        settled_open: open.is_empty() && settled.len() <= FEW,
        open: open
            .into_iter()
            .map(|obligation| context.limit_row(obligation, ROOT))
            .collect(),
        settled: groups
            .into_iter()
            .map(|group| SettledView {
                label: match group.as_slice() {
                    [first, _, ..] => context.words.filled(
                        "site.record.rounds",
                        &[
                            ("label", context.text(&context.limit_of(first).label)),
                            ("count", &group.len().to_string()),
                        ],
                    ),
                    _ => String::new(),
                },
                tally: tally(context, &group),
                rounds: group
                    .into_iter()
                    .map(|obligation| context.limit_row(obligation, ROOT))
                    .collect(),
            })
            .collect(),
    }
}

/// How many of them stand how: 按时办结 17、逾期办结 2.
fn tally(context: &Context<'_>, obligations: &[&Obligation]) -> String {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for obligation in obligations {
        let tone = context.tone(obligation);
        match counts.iter_mut().find(|(known, _)| *known == tone) {
            Some((_, count)) => *count += 1,
            None => counts.push((tone, 1)),
        }
    }
    // what went well first, in the same order everywhere
    counts.sort_unstable();
    let parts: Vec<String> = counts
        .into_iter()
        .map(|(tone, count)| {
            context.words.filled(
                "site.record.tally",
                &[
                    ("tone", context.tone_word(tone)),
                    ("count", &count.to_string()),
                ],
            )
        })
        .collect();
    context.display.list(&parts)
}
