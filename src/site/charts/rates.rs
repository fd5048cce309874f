//! On time by department or kind: a line of a table each, with its months as
//! small columns, in time above the line and not below.

use std::fmt::Write;

use crate::organisation::{DepartmentId, Subject};
use crate::outlook::statistics::{MONTHS, Series, Tally};
use crate::site::address;
use crate::site::charts::scale::number;
use crate::site::context::Context;
use crate::site::markup::Markup;
use crate::site::view::view;

/// Height of a drawing, and room on either side of its line.
const HEIGHT: f64 = 24.0;

view! {
    /// The table.
    RatesView {
        of: String,
        /// Of a drawing, in its units.
        width: usize,
        rows: Vec<RateRow>,
    }
}

view! {
    RateRow {
        name: Markup,
        total: usize,
        rate: Option<String>,
        late: usize,
        line: String,
        above: String,
        below: String,
    }
}

/// By department, in the organisation's order; those that owed nothing are left out.
pub(in crate::site) fn department_rates(context: &Context<'_>) -> RatesView {
    let series = &context.statistics.departments;
    let named = series.iter().enumerate().map(|(index, series)| {
        let department = Subject::Department(DepartmentId(index as u32));
        (context.name(department, ""), series)
    });
    rates(context.word("site.list.department"), named.collect())
}

/// By kind, in the order of kinds.
pub(in crate::site) fn kind_rates(context: &Context<'_>) -> RatesView {
    let series = &context.statistics.kinds;
    let named = series
        .iter()
        .zip(&context.register.kinds)
        .map(|(series, kind)| {
            let address = address::register(&kind.id, 1);
            (
                Markup::link(Some(&address), context.text(&kind.name)),
                series,
            )
        });
    rates(context.word("site.list.kind"), named.collect())
}

fn rates(of: &str, named: Vec<(Markup, &Series)>) -> RatesView {
    let rows = named
        .into_iter()
        .filter(|(_, series)| series.total().total() > 0)
        .map(|(name, series)| {
            let total = series.total();
            let drawing = Drawing::of(series);
            let (above, below) = drawing.columns(series);
            RateRow {
                name,
                total: total.total(),
                rate: total.on_time().map(|rate| format!("{rate}%")),
                late: total.late(),
                line: number(drawing.line()),
                above,
                below,
            }
        })
        .collect();
    RatesView {
        of: of.to_owned(),
        width: SPARK,
        rows,
    }
}

/// Small columns, three units a month: two for the column and one between.
struct Drawing {
    above: usize,
    below: usize,
}

impl Drawing {
    /// On a scale of its own: how much it is in all stands beside it.
    fn of(series: &Series) -> Self {
        let most = |count: fn(&Tally) -> usize| series.months.iter().map(count).max().unwrap_or(0);
        Drawing {
            above: most(|tally| tally.met),
            below: most(Tally::late),
        }
    }

    fn one(&self) -> f64 {
        HEIGHT / (self.above + self.below).max(1) as f64
    }

    fn line(&self) -> f64 {
        self.above as f64 * self.one()
    }

    /// What was in time, and what was not, as paths.
    fn columns(&self, series: &Series) -> (String, String) {
        let (mut above, mut below) = (String::new(), String::new());
        for (month, tally) in series.months.iter().enumerate() {
            let x = month * 3;
            let line = number(self.line());
            for (path, count, sign) in
                [(&mut above, tally.met, "-"), (&mut below, tally.late(), "")]
            {
                if count > 0 {
                    let height = number(count as f64 * self.one());
                    // Writing into a string cannot fail.
                    let _ = write!(path, "M{x} {line}h2v{sign}{height}h-2z");
                }
            }
        }
        (above, below)
    }
}

/// Width of a drawing, in its units.
const SPARK: usize = MONTHS * 3 - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_columns_share_their_line_and_scale() {
        let mut series = Series::default();
        series.months[0].met = 6;
        series.months[2].met = 3;
        series.months[2].missed = 2;
        let drawing = Drawing::of(&series);
        assert_eq!(drawing.line(), 18.0);
        let (above, below) = drawing.columns(&series);
        assert_eq!(above, "M0 18h2v-18h-2zM6 18h2v-9h-2z");
        assert_eq!(below, "M6 18h2v6h-2z");
        assert_eq!(SPARK, 35);
    }
}
