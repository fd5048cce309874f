//! How much of its time each limit took: a distribution a line, the limit
//! itself a line across it.

use std::cmp::Reverse;
use std::fmt::Write;

use crate::outlook::statistics::{LimitStatistics, SHARES};
use crate::site::charts::scale::number;
use crate::site::context::Context;
use crate::site::markup::Markup;
use crate::site::view::view;

/// Height of a drawing; a class that holds anything is at least this tall.
const HEIGHT: f64 = 26.0;
const LEAST: f64 = 1.5;
/// The classes that are in time.
const IN_TIME: usize = 5;
/// So many limits, the worst first, stand open to read.
const FIRST: usize = 12;

view! {
    /// All limits of which something fell due.
    SharesView {
        all: Vec<ShareRow>,
        first: Vec<ShareRow>,
        others: Vec<ShareRow>,
        classes: Vec<ClassRow>,
    }
}

view! {
    ShareRow {
        label: String,
        kind: String,
        clauses: Markup,
        measured: usize,
        judged: usize,
        rate: Option<String>,
        late: usize,
        median: Option<String>,
        text: String,
        inside: String,
        over: String,
    }
}

view! {
    /// How many of all limits took which share.
    ClassRow {
        name: String,
        count: usize,
    }
}

/// The worst first; none when nothing fell due.
pub(in crate::site) fn shares(context: &Context<'_>) -> Option<SharesView> {
    let statistics = &context.statistics;
    let mut limits: Vec<&LimitStatistics> = statistics
        .limits
        .iter()
        .filter(|limit| limit.tally.judged() > 0)
        .collect();
    if limits.is_empty() {
        return None;
    }
    limits.sort_by_key(|limit| worst_first(limit));
    let mut classes = [0; SHARES.len() + 1];
    for limit in &limits {
        for (all, of_limit) in classes.iter_mut().zip(&limit.shares) {
            *all += of_limit;
        }
    }
    let names = class_names(context);
    let total = statistics.all.total();
    let (inside, over) = drawing(&classes);
    let all = ShareRow {
        label: context.word("site.chart.all_limits").to_owned(),
        kind: String::new(),
        clauses: Markup::default(),
        measured: classes.iter().sum(),
        judged: total.judged(),
        rate: total.on_time().map(|rate| format!("{rate}%")),
        late: total.late(),
        median: None,
        text: text(context, &names, &classes),
        inside,
        over,
    };
    let mut rows = limits.into_iter().map(|limit| row(context, &names, limit));
    Some(SharesView {
        all: vec![all],
        first: rows.by_ref().take(FIRST).collect(),
        others: rows.collect(),
        classes: names
            .iter()
            .zip(classes)
            .map(|(name, count)| ClassRow {
                name: name.clone(),
                count,
            })
            .collect(),
    })
}

/// By how many were not in time, then by the share that was.
fn worst_first(limit: &LimitStatistics) -> (Reverse<usize>, usize, usize, usize) {
    (
        Reverse(limit.tally.late()),
        limit.tally.on_time().unwrap_or(100),
        limit.kind,
        limit.limit,
    )
}

fn row(context: &Context<'_>, names: &[String], limit: &LimitStatistics) -> ShareRow {
    let kind = &context.register.kinds[limit.kind];
    let definition = &kind.limits[limit.limit];
    let mut clauses = Markup::default();
    for clause in &limit.clauses {
        clauses.join(&context.clause(clause, ""));
    }
    let (inside, over) = drawing(&limit.shares);
    ShareRow {
        label: context.text(&definition.label).to_owned(),
        kind: context.text(&kind.name).to_owned(),
        clauses,
        measured: limit.measured(),
        judged: limit.tally.judged(),
        rate: limit.tally.on_time().map(|rate| format!("{rate}%")),
        late: limit.tally.late(),
        median: limit.median.map(|median| format!("{median}%")),
        text: text(context, names, &limit.shares),
        inside,
        over,
    }
}

/// ≤20%, 20–40%, … >200%
fn class_names(context: &Context<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut below = 0;
    for bound in SHARES {
        names.push(context.words.filled(
            if below == 0 {
                "site.chart.share_first"
            } else {
                "site.chart.share"
            },
            &[("from", &below.to_string()), ("to", &bound.to_string())],
        ));
        below = bound;
    }
    let last = context
        .words
        .filled("site.chart.share_last", &[("from", &below.to_string())]);
    names.push(last);
    names
}

/// The drawing in words, what holds nothing left out.
fn text(context: &Context<'_>, names: &[String], classes: &[usize]) -> String {
    let parts: Vec<String> = names
        .iter()
        .zip(classes)
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| {
            context.words.filled(
                "site.chart.class",
                &[("name", name), ("count", &count.to_string())],
            )
        })
        .collect();
    context.display.list(&parts)
}

/// Columns ten units wide, those in time and those beyond as paths.
fn drawing(classes: &[usize; SHARES.len() + 1]) -> (String, String) {
    let most = classes.iter().copied().max().unwrap_or(0).max(1) as f64;
    let (mut inside, mut over) = (String::new(), String::new());
    for (class, count) in classes.iter().enumerate() {
        if *count == 0 {
            continue;
        }
        let height = number((*count as f64 / most * HEIGHT).max(LEAST));
        let path = if class < IN_TIME {
            &mut inside
        } else {
            &mut over
        };
        // Writing into a string cannot fail.
        let _ = write!(path, "M{}.5 {HEIGHT}h9v-{height}h-9z", class * 10);
    }
    (inside, over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_late_stands_beyond_the_limit() {
        let (inside, over) = drawing(&[4, 0, 0, 0, 2, 1, 0, 0]);
        assert_eq!(inside, "M0.5 26h9v-26h-9zM40.5 26h9v-13h-9z");
        assert_eq!(over, "M50.5 26h9v-6.5h-9z");
        assert_eq!(SHARES[IN_TIME - 1], 100);
    }

    #[test]
    fn one_among_thousands_can_still_be_seen() {
        let (_, over) = drawing(&[5000, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(over, "M70.5 26h9v-1.5h-9z");
    }
}
