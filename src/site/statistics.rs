//! Statistics: how much was on time, who has how much to do, how long matters
//! are open and where they wait. Figures, each with its numbers.

use super::charts::{self, AgeingView, ColumnsView, FlowView, LoadsView, RatesView, SharesView};
use super::chrome::{self, CrumbView};
use super::context::Context;
use super::engine::SiteError;
use super::view::view;
use crate::outlook::statistics::LimitStatistics;
use crate::publish::Output;

/// Where the page stands.
pub(super) const ADDRESS: &str = "statistics.html";
/// Of fewer than this nothing is said at the top: one late of two is no pattern.
const ENOUGH: usize = 5;

view! {
    StatisticsView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        columns: Option<ColumnsView>,
        departments: RatesView,
        kinds: RatesView,
        loads: LoadsView,
        shares: Option<SharesView>,
        ageing: Option<AgeingView>,
        flows: Vec<FlowView>,
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.statistics.title");
    let page = StatisticsView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: lead(context),
        columns: charts::columns(
            context,
            "months",
            context.word("site.chart.columns").to_owned(),
            &context.statistics.all,
        ),
        departments: charts::department_rates(context),
        kinds: charts::kind_rates(context),
        loads: charts::department_loads(context),
        shares: charts::shares(context),
        ageing: charts::ageing(context),
        flows: charts::flows(context),
    };
    context.page("site/statistics.html", ADDRESS.to_owned(), ADDRESS, page)
}

/// What matters, in a sentence or two: this month against the last, and the
/// limit that is most often missed.
fn lead(context: &Context<'_>) -> String {
    let all = &context.statistics.all;
    let (this, last) = (all.this_month(), all.last_month());
    let mut lead = match (this.on_time(), last.on_time()) {
        (Some(rate), before) => {
            let values = [
                ("judged", &*this.judged().to_string()),
                ("met", &this.met.to_string()),
                ("rate", &rate.to_string()),
            ];
            let mut lead = context.words.filled("site.statistics.this_month", &values);
            if let Some(before) = before {
                lead.push_str(&context.words.filled(
                    "site.statistics.last_month",
                    &[("rate", &before.to_string())],
                ));
            }
            lead.push_str(context.word("site.statistics.stop"));
            lead
        }
        (None, _) => context.word("site.statistics.nothing_due").to_owned(),
    };
    lead.push_str(&match worst(context) {
        Some(limit) => {
            let kind = &context.register.kinds[limit.kind];
            context.words.filled(
                "site.statistics.worst",
                &[
                    ("kind", context.text(&kind.name)),
                    ("limit", context.text(&kind.limits[limit.limit].label)),
                    ("judged", &limit.tally.judged().to_string()),
                    ("late", &limit.tally.late().to_string()),
                ],
            )
        }
        None if context.statistics.all.total().late() > 0 => String::new(),
        None => context.word("site.statistics.none_late").to_owned(),
    });
    lead
}

/// The limit of which the smallest share was in time, of those with enough
/// behind them to speak of a share; none when there is none.
fn worst<'c>(context: &'c Context<'_>) -> Option<&'c LimitStatistics> {
    let limits = context.statistics.limits.iter();
    let late = limits.filter(|limit| limit.tally.late() > 0);
    let enough = late.filter(|limit| limit.tally.judged() >= ENOUGH);
    // of equals the one with more of them
    enough.min_by_key(|limit| {
        (
            limit.tally.on_time(),
            std::cmp::Reverse(limit.tally.judged()),
        )
    })
}
