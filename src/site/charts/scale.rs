//! From numbers and times to coordinates.

use std::fmt::Write;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use crate::site::context::Context;
use crate::site::dates::Dates;

/// Width of a stretched drawing, in its own units.
pub(super) const WIDTH: i64 = 1000;
const DAY: i64 = 24 * 60 * 60;

/// A coordinate, to a tenth.
pub(super) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    if tenths % 10 == 0 {
        (tenths / 10).to_string()
    } else {
        format!("{:.1}", tenths as f64 / 10.0)
    }
}

/// A share of the figure's width.
pub(super) fn percent(share: f64) -> String {
    let mut text = number(share * 100.0);
    text.push('%');
    text
}

/// Seconds of the company's clock, for measuring only.
pub(super) fn seconds(clock: DateTime) -> i64 {
    Offset::UTC
        .to_timestamp(clock)
        .map_or(0, |timestamp| timestamp.as_second())
}

/// A stretch of time laid out over [`WIDTH`] units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeScale {
    from: i64,
    to: i64,
}

/// A mark on the axis of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    /// Where, in units.
    pub x: i64,
    /// The day.
    pub day: Date,
    /// Whether months are marked, or days.
    pub month: bool,
}

impl TimeScale {
    /// A scale that holds all of these, with a little room; at least a day.
    pub fn around(times: impl Iterator<Item = i64>) -> Option<Self> {
        let (mut from, mut to) = (i64::MAX, i64::MIN);
        for time in times {
            from = from.min(time);
            to = to.max(time);
        }
        if from > to {
            return None;
        }
        let room = ((to - from) / 40).max(DAY / 4);
        Some(TimeScale {
            from: from - room,
            to: to + room,
        })
    }

    /// Where a time stands, in units.
    pub fn x(&self, time: i64) -> i64 {
        let span = (self.to - self.from).max(1);
        ((time - self.from) * WIDTH + span / 2) / span
    }

    /// Days or months to mark: no more than seven, so that their names fit a phone.
    pub fn ticks(&self) -> Vec<Tick> {
        let (Some(first), Some(last)) = (day_of(self.from), day_of(self.to)) else {
            return Vec::new();
        };
        let days = (self.to - self.from) / DAY;
        let next: Box<dyn Fn(Date) -> Option<Date>> = match days {
            ..=6 => Box::new(|day| day.checked_add(jiff::Span::new().days(1)).ok()),
            7..=12 => Box::new(|day| day.checked_add(jiff::Span::new().days(2)).ok()),
            13..=45 => Box::new(|day| day.checked_add(jiff::Span::new().days(7)).ok()),
            46..=90 => Box::new(|day| day.checked_add(jiff::Span::new().days(14)).ok()),
            91..=200 => Box::new(|day| day.checked_add(jiff::Span::new().months(1)).ok()),
            201..=600 => Box::new(|day| day.checked_add(jiff::Span::new().months(3)).ok()),
            _ => Box::new(move |day| {
                let years = 1 + days / (366 * 7);
                day.checked_add(jiff::Span::new().years(years)).ok()
            }),
        };
        let start = match days {
            ..=12 => Some(first),
            // weeks begin on Monday
            13..=90 => {
                let back = i64::from(first.weekday().to_monday_zero_offset());
                first.checked_sub(jiff::Span::new().days(back)).ok()
            }
            91..=200 => Some(first.first_of_month()),
            _ => Date::new(first.year(), 1, 1).ok(),
        };
        let mut ticks = Vec::new();
        let mut day = start;
        while let Some(at) = day.filter(|day| *day <= last) {
            let time = seconds(at.at(0, 0, 0, 0));
            if time >= self.from && time <= self.to {
                ticks.push(Tick {
                    x: self.x(time),
                    day: at,
                    month: days > 90,
                });
            }
            day = next(at);
        }
        ticks
    }
}

fn day_of(time: i64) -> Option<Date> {
    let timestamp = jiff::Timestamp::from_second(time).ok()?;
    Some(Offset::UTC.to_datetime(timestamp).date())
}

impl Context<'_> {
    /// 5月; of January the year.
    pub(super) fn month_mark(&self, month: Date) -> String {
        if month.month() == 1 {
            return month.year().to_string();
        }
        self.words
            .get(&format!("site.chart.months.{}", month.month()))
            .to_owned()
    }

    /// What stands at a mark of the axis: 05-11, or 5月.
    pub(super) fn tick_name(&self, tick: &Tick) -> String {
        if tick.month {
            self.month_mark(tick.day)
        } else {
            short_day(tick.day)
        }
    }
}

/// `05-11`
pub(super) fn short_day(day: Date) -> String {
    Dates::day(day).split_off(5)
}

/// Adds a stretch of a bar that is drawn as a stroke.
pub(super) fn stretch(path: &mut String, from: i64, to: i64) {
    // Writing into a string cannot fail.
    let _ = write!(path, "M{from} 5H{to}");
}

/// Adds a dot that is drawn as the cap of a stroke without length.
pub(super) fn dot(path: &mut String, at: i64) {
    let _ = write!(path, "M{at} 5h0");
}

/// Adds the end of a time: a line across the middle.
pub(super) fn end(path: &mut String, at: i64) {
    let _ = write!(path, "M{at} 2V8");
}

/// Adds a line across the whole height.
pub(super) fn across(path: &mut String, at: i64) {
    let _ = write!(path, "M{at} 0V10");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use jiff::civil::date;

    fn at(day: Date) -> i64 {
        seconds(day.at(0, 0, 0, 0))
    }

    fn scale(from: Date, to: Date) -> TimeScale {
        TimeScale::around([at(to), at(from)].into_iter()).unwrap()
    }

    #[test]
    fn coordinates_have_a_tenth_at_most() {
        assert_eq!(number(3.0), "3");
        assert_eq!(number(2.96), "3");
        assert_eq!(number(0.25), "0.3");
        assert_eq!(percent(1.0 / 3.0), "33.3%");
    }

    #[test]
    fn times_keep_their_distances_and_stay_inside() {
        let scale = scale(date(2026, 5, 1), date(2026, 5, 21));
        let places = [1, 6, 11, 16, 21].map(|day| scale.x(at(date(2026, 5, day))));
        assert!(places[0] > 0 && places[4] < WIDTH, "{places:?}");
        let steps: Vec<i64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(
            steps.iter().all(|step| (step - steps[0]).abs() <= 1),
            "{steps:?}"
        );
        // twenty days and half a day of room at each end
        assert_eq!(places[2], WIDTH / 2);
    }

    #[test]
    fn weeks_are_marked_on_mondays_and_long_times_by_months() {
        let days = |scale: TimeScale| scale.ticks().iter().map(|t| t.day).collect::<Vec<_>>();
        assert_eq!(
            days(scale(date(2026, 5, 1), date(2026, 5, 21))),
            [date(2026, 5, 4), date(2026, 5, 11), date(2026, 5, 18)]
        );
        assert_eq!(
            days(scale(date(2026, 1, 20), date(2026, 5, 10))),
            [2, 3, 4, 5].map(|month| date(2026, month, 1))
        );
        for length in [
            0, 1, 6, 7, 12, 13, 45, 46, 90, 91, 200, 201, 600, 601, 4000, 20_000,
        ] {
            let end = date(2020, 2, 3)
                .checked_add(jiff::Span::new().days(length))
                .unwrap();
            let ticks = scale(date(2020, 2, 3), end).ticks();
            assert!(ticks.len() <= 8, "{length} days: {} marks", ticks.len());
            assert!(!ticks.is_empty(), "{length} days");
        }
    }

    #[test]
    fn nothing_has_no_scale() {
        assert_eq!(TimeScale::around(std::iter::empty()), None);
    }
}
