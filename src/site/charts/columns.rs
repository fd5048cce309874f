//! Obligations over months: above the line what was in time and what is still
//! to come, below it what was not, so that place tells them apart.

use crate::outlook::statistics::{MONTHS, Series, Tally};
use crate::site::charts::scale::{number, percent};
use crate::site::context::Context;
use crate::site::view::view;

/// The columns take this share of the width, the names beside them the rest.
const PLOT: f64 = 0.8;
/// Room for the numbers above and below, and for the names of the months.
const ROOM: f64 = 16.0;
const NAMES: f64 = 36.0;
/// The columns are no taller in all, and one obligation no more than this.
const TALLEST: f64 = 140.0;
const MOST_FOR_ONE: f64 = 24.0;
/// From one name beside the columns to the next.
const LINE: f64 = 17.0;

view! {
    /// The figure with its table.
    ColumnsView {
        id: &'static str,
        title: String,
        description: String,
        height: String,
        line_y: String,
        plot: String,
        columns: Vec<ColumnView>,
        keys: Vec<KeyView>,
        rows: Vec<MonthRow>,
    }
}

view! {
    /// A month.
    ColumnView {
        name: String,
        /// The end of the name, which a phone leaves out: 月.
        tail: String,
        now: bool,
        middle: String,
        name_y: String,
        year: Option<String>,
        year_y: String,
        numbers: Vec<LabelView>,
        bars: Vec<BarView>,
    }
}

view! {
    /// A number at its height.
    LabelView {
        y: String,
        late: bool,
        text: String,
    }
}

view! {
    BarView {
        tone: &'static str,
        x: String,
        y: String,
        width: String,
        height: String,
    }
}

view! {
    /// The name of a part beside the columns.
    KeyView {
        tone: &'static str,
        x: String,
        y: String,
        box_y: String,
        text: String,
    }
}

view! {
    /// A month in the table.
    MonthRow {
        month: String,
        total: usize,
        met: usize,
        met_late: usize,
        unmet: usize,
        open: usize,
        rate: Option<String>,
    }
}

/// The figure; none when nothing fell due in these months.
pub(in crate::site) fn columns(
    context: &Context<'_>,
    id: &'static str,
    title: String,
    series: &Series,
) -> Option<ColumnsView> {
    let total = series.total();
    if total.total() == 0 {
        return None;
    }
    let months = &context.statistics.months;
    let layout = Layout::of(series);
    let columns = series
        .months
        .iter()
        .enumerate()
        .map(|(index, tally)| layout.column(index, tally, name(context, index)))
        .collect();
    let rows = series
        .months
        .iter()
        .zip(months)
        .map(|(tally, month)| MonthRow {
            month: format!("{:04}-{:02}", month.year(), month.month()),
            total: tally.total(),
            met: tally.met,
            met_late: tally.met_late,
            unmet: tally.unmet(),
            open: tally.open,
            rate: tally.on_time().map(|rate| format!("{rate}%")),
        })
        .collect();
    let number_of = |count: usize| count.to_string();
    Some(ColumnsView {
        id,
        title,
        description: context.words.filled(
            "site.chart.columns_description",
            &[
                ("months", &MONTHS.to_string()),
                ("total", &number_of(total.total())),
                ("met", &number_of(total.met)),
                ("met_late", &number_of(total.met_late)),
                ("unmet", &number_of(total.unmet())),
                ("open", &number_of(total.open)),
            ],
        ),
        height: number(layout.height()),
        line_y: number(layout.line),
        plot: percent(PLOT),
        columns,
        keys: layout.keys(context, &total),
        rows,
    })
}

/// The name of a month, and the year where one begins.
struct Name {
    name: String,
    tail: String,
    year: Option<String>,
}

fn name(context: &Context<'_>, index: usize) -> Name {
    let months = &context.statistics.months;
    let month = months[index];
    let whole = context
        .words
        .get(&format!("site.chart.months.{}", month.month()))
        .to_owned();
    let tail = context.word("site.chart.month_tail");
    let (name, tail) = match whole.strip_suffix(tail) {
        Some(name) => (name.to_owned(), tail.to_owned()),
        None => (whole, String::new()),
    };
    // the first one says its year unless the next one does
    let begins = month.month() == 1 || (index == 0 && months[1].month() != 1);
    Name {
        name,
        tail,
        year: begins.then(|| month.year().to_string()),
    }
}

/// Where things stand.
#[derive(Debug)]
struct Layout {
    /// Height of one obligation.
    one: f64,
    /// The line between in time and not.
    line: f64,
    /// The lowest column.
    bottom: f64,
}

impl Layout {
    fn of(series: &Series) -> Self {
        let most = |count: fn(&Tally) -> usize| series.months.iter().map(count).max().unwrap_or(0);
        let above = most(|tally| tally.met + tally.open) as f64;
        let below = most(Tally::late) as f64;
        let one = (TALLEST / (above + below).max(1.0)).min(MOST_FOR_ONE);
        // the names of two parts have to fit on each side
        let line = (ROOM + above * one).max(2.0 * LINE);
        Layout {
            one,
            line,
            bottom: (line + below * one + ROOM).max(line + 2.0 * LINE),
        }
    }

    fn height(&self) -> f64 {
        self.bottom + NAMES
    }

    fn column(&self, index: usize, tally: &Tally, name: Name) -> ColumnView {
        let step = PLOT / MONTHS as f64;
        let left = step * index as f64;
        let mut bars = Vec::new();
        let mut bar = |tone, from: f64, count: usize| {
            let height = count as f64 * self.one;
            if count > 0 {
                bars.push(BarView {
                    tone,
                    x: percent(left + step * 0.14),
                    y: number(from),
                    width: percent(step * 0.72),
                    height: number(height),
                });
            }
            height
        };
        let met = tally.met as f64 * self.one;
        let open = tally.open as f64 * self.one;
        bar("met", self.line - met, tally.met);
        bar("open", self.line - met - open, tally.open);
        let late = bar("met-late", self.line, tally.met_late);
        bar("unmet", self.line + late, tally.unmet());
        let mut numbers = Vec::new();
        let mut number_at = |y: f64, late, count: usize| {
            if count > 0 {
                numbers.push(LabelView {
                    y: number(y),
                    late,
                    text: count.to_string(),
                });
            }
        };
        // what was in time has its number where the part above leaves room for it
        if tally.open == 0 || open >= ROOM {
            number_at(self.line - met - 4.0, false, tally.met);
        }
        number_at(self.line - met - open - 4.0, false, tally.open);
        let below = tally.late() as f64 * self.one;
        number_at(self.line + below + 12.0, true, tally.late());
        ColumnView {
            name: name.name,
            tail: name.tail,
            year: name.year,
            now: index + 1 == MONTHS,
            middle: percent(left + step / 2.0),
            name_y: number(self.bottom + 14.0),
            year_y: number(self.bottom + 29.0),
            numbers,
            bars,
        }
    }

    fn keys(&self, context: &Context<'_>, total: &Tally) -> Vec<KeyView> {
        let mut keys = Vec::new();
        let mut key = |tone, y: f64, text: &str| {
            keys.push(KeyView {
                tone,
                x: percent(PLOT + 0.02),
                y: number(y),
                box_y: number(y - 9.5),
                text: text.to_owned(),
            });
        };
        let mut above = self.line - 5.0;
        for (tone, count, word) in [
            ("met", total.met, "site.chart.met"),
            ("open", total.open, "site.chart.open"),
        ] {
            if count > 0 {
                key(tone, above, context.word(word));
                above -= LINE;
            }
        }
        let mut below = self.line + 13.0;
        for (tone, count, word) in [
            ("met-late", total.met_late, "site.chart.met_late"),
            ("unmet", total.unmet(), "site.chart.unmet"),
        ] {
            if count > 0 {
                key(tone, below, context.word(word));
                below += LINE;
            }
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn june() -> Name {
        Name {
            name: "6".to_owned(),
            tail: "月".to_owned(),
            year: None,
        }
    }

    #[test]
    fn columns_are_as_tall_as_what_they_count_and_meet_at_the_line() {
        let mut series = Series::default();
        series.months[3] = Tally {
            met: 20,
            met_late: 4,
            overdue: 1,
            missed: 2,
            open: 8,
        };
        // 28 above and 7 below share 140: four each
        let layout = Layout::of(&series);
        assert_eq!(layout.line, 16.0 + 28.0 * 4.0);
        let column = layout.column(3, &series.months[3], june());
        let drawn: Vec<(&str, &str, &str)> = column
            .bars
            .iter()
            .map(|bar| (bar.tone, &*bar.y, &*bar.height))
            .collect();
        assert_eq!(
            drawn,
            [
                ("met", "48", "80"),
                ("open", "16", "32"),
                ("met-late", "128", "16"),
                ("unmet", "144", "12"),
            ]
        );
        let numbers: Vec<(&str, bool, &str)> = column
            .numbers
            .iter()
            .map(|number| (&*number.text, number.late, &*number.y))
            .collect();
        assert_eq!(
            numbers,
            [("20", false, "44"), ("8", false, "12"), ("7", true, "168")]
        );
    }

    #[test]
    fn a_quiet_month_has_no_column_and_no_number() {
        let mut series = Series::default();
        series.months[0].met = 1;
        let layout = Layout::of(&series);
        assert_eq!(layout.one, MOST_FOR_ONE);
        let column = layout.column(1, &series.months[1], june());
        assert!(column.bars.is_empty() && column.numbers.is_empty());
    }
}
