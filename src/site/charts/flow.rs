//! Where matters wait: the states of a kind in their order, how many stand
//! there, and how long they stay.

use crate::outlook::statistics::{Flow, Stay};
use crate::site::address;
use crate::site::charts::scale::{WIDTH, across, number, stretch};
use crate::site::context::Context;
use crate::site::markup::Markup;
use crate::site::view::view;

view! {
    /// The states of a kind.
    FlowView {
        kind: Markup,
        id: String,
        lead: String,
        rows: Vec<StayRow>,
    }
}

view! {
    StayRow {
        state: String,
        standing: usize,
        measured: usize,
        median: Option<String>,
        longest: Option<String>,
        longest_link: Option<Markup>,
        still: bool,
        median_path: String,
        longest_path: String,
    }
}

/// A table a kind, of kinds that have something under way.
pub(in crate::site) fn flows(context: &Context<'_>) -> Vec<FlowView> {
    let flows = context.statistics.flows.iter();
    flows.map(|flow| view_of(context, flow)).collect()
}

fn view_of(context: &Context<'_>, flow: &Flow) -> FlowView {
    let kind = &context.register.kinds[flow.kind];
    let longest = flow
        .stays
        .iter()
        .filter_map(|stay| Some(stay.longest?.days))
        .max()
        .unwrap_or(0)
        .max(1);
    let label = |stay: &Stay| context.text(&kind.states[stay.state].label).to_owned();
    let slowest = flow
        .stays
        .iter()
        .filter_map(|stay| Some((stay, stay.median?)))
        .filter(|(_, median)| *median > 0.0)
        // of equals the first
        .reduce(|slowest, other| if other.1 > slowest.1 { other } else { slowest });
    let href = address::register(&kind.id, 1);
    FlowView {
        kind: Markup::link(Some(&href), context.text(&kind.name)),
        id: kind.id.to_string(),
        lead: slowest.map_or_else(
            || context.word("site.chart.flow_unknown").to_owned(),
            |(stay, median)| {
                context.words.filled(
                    "site.chart.flow_lead",
                    &[("state", &label(stay)), ("days", &number(median))],
                )
            },
        ),
        rows: flow
            .stays
            .iter()
            .filter(|stay| stay.standing > 0 || stay.longest.is_some())
            .map(|stay| {
                let (median_path, longest_path) = paths(stay, longest);
                StayRow {
                    state: label(stay),
                    standing: stay.standing,
                    measured: stay.measured,
                    median: stay.median.map(number),
                    longest: stay.longest.map(|longest| longest.days.to_string()),
                    longest_link: stay.longest.map(|longest| {
                        let id = &context.register.records[longest.record].id.value;
                        context.record_link(id, None, "")
                    }),
                    still: stay.longest.is_some_and(|longest| longest.still),
                    median_path,
                    longest_path,
                }
            })
            .collect(),
    }
}

/// The median as a bar, the longest as a line with an end to it.
fn paths(stay: &Stay, of: i64) -> (String, String) {
    let (mut median, mut longest) = (String::new(), String::new());
    let x = |days: f64| (days / of as f64 * WIDTH as f64).round() as i64;
    if let Some(days) = stay.median {
        stretch(&mut median, 0, x(days));
    }
    if let Some(known) = stay.longest {
        let end = x(known.days as f64);
        stretch(&mut longest, 0, end);
        if !known.still {
            across(&mut longest, end);
        }
    }
    (median, longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::statistics::Longest;

    #[test]
    fn a_stay_that_goes_on_has_no_end_to_its_line() {
        let mut stay = Stay {
            state: 1,
            standing: 1,
            measured: 3,
            median: Some(2.5),
            longest: Some(Longest {
                record: 0,
                days: 10,
                still: true,
            }),
        };
        assert_eq!(
            paths(&stay, 10),
            ("M0 5H250".to_owned(), "M0 5H1000".to_owned())
        );
        stay.longest = stay.longest.map(|longest| Longest {
            still: false,
            ..longest
        });
        assert_eq!(paths(&stay, 10).1, "M0 5H1000M1000 0V10");
    }
}
