//! How long open matters have been open: kinds down, ages across, a number
//! with a bar in each place.

use crate::outlook::statistics::AGES;
use crate::site::address;
use crate::site::context::Context;
use crate::site::markup::Markup;
use crate::site::view::view;

view! {
    AgeingView {
        ages: Vec<String>,
        unknown: bool,
        most: usize,
        rows: Vec<AgeRow>,
        total: usize,
    }
}

view! {
    AgeRow {
        name: Markup,
        cells: Vec<usize>,
        unknown: usize,
        total: usize,
        oldest: Option<Markup>,
        oldest_days: Option<i64>,
    }
}

/// Kinds that have open matters; none when there are none.
pub(in crate::site) fn ageing(context: &Context<'_>) -> Option<AgeingView> {
    let kinds = &context.statistics.ageing;
    if kinds.is_empty() {
        return None;
    }
    let rows = kinds
        .iter()
        .map(|kind| {
            let definition = &context.register.kinds[kind.kind];
            let href = address::register(&definition.id, 1);
            AgeRow {
                name: Markup::link(Some(&href), context.text(&definition.name)),
                cells: kind.classes.to_vec(),
                unknown: kind.unknown,
                total: kind.total(),
                oldest: kind.oldest.map(|oldest| {
                    let id = &context.register.records[oldest.record].id.value;
                    context.record_link(id, None, "")
                }),
                oldest_days: kind.oldest.map(|oldest| oldest.days),
            }
        })
        .collect();
    Some(AgeingView {
        ages: ages(context),
        unknown: kinds.iter().any(|kind| kind.unknown > 0),
        most: kinds
            .iter()
            .flat_map(|kind| kind.classes)
            .max()
            .unwrap_or(0)
            .max(1),
        total: kinds.iter().map(|kind| kind.total()).sum(),
        rows,
    })
}

/// ≤5, 6–10, … >60
fn ages(context: &Context<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut from = 0;
    for bound in AGES {
        names.push(context.words.filled(
            if from == 0 {
                "site.chart.age_first"
            } else {
                "site.chart.age"
            },
            &[("from", &from.to_string()), ("to", &bound.to_string())],
        ));
        from = bound + 1;
    }
    let last = context
        .words
        .filled("site.chart.age_last", &[("from", &(from - 1).to_string())]);
    names.push(last);
    names
}
