//! Office hours: the intervals of a working day in which working hours run.
//!
//! Invariant: at least one interval; in order, apart from each other, none
//! empty; all within 00:00 to 24:00.

use std::{fmt, str::FromStr};

use jiff::civil::Time;

const MINUTE: i64 = 60_000_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// One interval of office hours, written `09:00-12:00`. It may end at `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    // Minutes since midnight, because jiff's Time has no 24:00.
    from: i16,
    to: i16,
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    }
}

impl FromStr for Interval {
    type Err = OfficeHoursError;

    fn from_str(written: &str) -> Result<Self, OfficeHoursError> {
        let text = written.trim();
        let not_understood = || OfficeHoursError::NotUnderstood {
            text: text.to_owned(),
        };
        let (from, to) = text
            .split_once(['-', '–', '—'])
            .ok_or_else(not_understood)?;
        let from = minutes(from.trim()).ok_or_else(not_understood)?;
        let to = minutes(to.trim()).ok_or_else(not_understood)?;
        if from >= to {
            return Err(OfficeHoursError::Backwards {
                text: text.to_owned(),
            });
        }
        Ok(Interval { from, to })
    }
}

/// Minutes since midnight of `HH:MM`, up to `24:00`.
fn minutes(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| {
        let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain {
            part.parse::<i16>().ok()
        } else {
            None
        }
    };
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= 24 * 60).then_some(minutes)
}

/// Office hours of a working day. The default is 09:00–12:00 and 13:30–18:00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeHours {
    intervals: Vec<Interval>,
}

impl Default for OfficeHours {
    fn default() -> Self {
        OfficeHours {
            intervals: vec![
                Interval {
                    from: 9 * 60,
                    to: 12 * 60,
                },
                Interval {
                    from: 13 * 60 + 30,
                    to: 18 * 60,
                },
            ],
        }
    }
}

impl OfficeHours {
    /// Office hours of these intervals, in the order of the day. Intervals that
    /// touch are allowed, those that overlap are not.
    pub fn new(intervals: Vec<Interval>) -> Result<Self, OfficeHoursError> {
        if intervals.is_empty() {
            return Err(OfficeHoursError::None);
        }
        for pair in intervals.windows(2) {
            if pair[0].to > pair[1].from {
                return Err(OfficeHoursError::Overlap {
                    first: pair[0],
                    second: pair[1],
                });
            }
        }
        Ok(OfficeHours { intervals })
    }

    /// The intervals, in the order of the day.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// Close of business; `None` is 24:00.
    pub fn close(&self) -> Option<Time> {
        let close = self
            .intervals
            .last()
            .map_or(24 * 60, |interval| interval.to);
        time_of(i64::from(close) * MINUTE)
    }

    /// When the office opens.
    pub fn opening(&self) -> Time {
        let opening = self.intervals.first().map_or(0, |interval| interval.from);
        time_of(i64::from(opening) * MINUTE).unwrap_or(Time::midnight())
    }

    /// Working time of a whole day, in nanoseconds.
    pub(super) fn whole_day(&self) -> i64 {
        let minutes: i64 = self
            .intervals
            .iter()
            .map(|interval| i64::from(interval.to - interval.from))
            .sum();
        minutes * MINUTE
    }

    /// Working time of a day up to `time`, in nanoseconds.
    pub(super) fn worked_until(&self, time: Time) -> i64 {
        let now = nanoseconds(time);
        self.intervals
            .iter()
            .map(|interval| {
                let from = i64::from(interval.from) * MINUTE;
                let to = i64::from(interval.to) * MINUTE;
                now.clamp(from, to) - from
            })
            .sum()
    }

    /// The first time of day by which `worked` nanoseconds (more than none, at
    /// most a whole day) are worked; `None` is 24:00.
    pub(super) fn first_reached(&self, worked: i64) -> Option<Time> {
        let mut left = worked;
        for interval in &self.intervals {
            let length = i64::from(interval.to - interval.from) * MINUTE;
            if left <= length {
                return time_of(i64::from(interval.from) * MINUTE + left);
            }
            left -= length;
        }
        self.close()
    }

    /// The last time of day up to which no more than `worked` nanoseconds (less
    /// than a whole day) are worked.
    pub(super) fn last_reached(&self, worked: i64) -> Time {
        let mut left = worked;
        for interval in &self.intervals {
            let length = i64::from(interval.to - interval.from) * MINUTE;
            if left < length {
                return time_of(i64::from(interval.from) * MINUTE + left).unwrap_or(Time::MAX);
            }
            left -= length;
        }
        self.close().unwrap_or(Time::MAX)
    }
}

fn nanoseconds(time: Time) -> i64 {
    (i64::from(time.hour()) * 60 + i64::from(time.minute())) * MINUTE
        + i64::from(time.second()) * 1_000_000_000
        + i64::from(time.subsec_nanosecond())
}

/// The time of day so many nanoseconds after midnight; `None` from 24:00 on.
fn time_of(nanoseconds: i64) -> Option<Time> {
    if !(0..DAY).contains(&nanoseconds) {
        return None;
    }
    let seconds = nanoseconds / 1_000_000_000;
    Time::new(
        (seconds / 3600) as i8,
        (seconds / 60 % 60) as i8,
        (seconds % 60) as i8,
        (nanoseconds % 1_000_000_000) as i32,
    )
    .ok()
}

/// Why something is not office hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeHoursError {
    /// No interval at all.
    None,
    /// Not of the form `09:00-12:00`.
    NotUnderstood {
        /// What was written.
        text: String,
    },
    /// An interval that ends when or before it starts.
    Backwards {
        /// What was written.
        text: String,
    },
    /// An interval that starts before the one listed ahead of it ends.
    Overlap {
        /// The one listed ahead.
        first: Interval,
        /// The one that starts too early.
        second: Interval,
    },
}

impl OfficeHoursError {
    /// Stable name of the error, for wording and for JSON.
    pub fn code(&self) -> &'static str {
        match self {
            OfficeHoursError::None => "office-hours-none",
            OfficeHoursError::NotUnderstood { .. } => "office-hours-not-understood",
            OfficeHoursError::Backwards { .. } => "office-hours-backwards",
            OfficeHoursError::Overlap { .. } => "office-hours-overlap",
        }
    }

    /// Values that the wording may use: `text`, or `first` and `second`.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        match self {
            OfficeHoursError::None => Vec::new(),
            OfficeHoursError::NotUnderstood { text } | OfficeHoursError::Backwards { text } => {
                vec![("text", text.clone())]
            }
            OfficeHoursError::Overlap { first, second } => {
                vec![("first", first.to_string()), ("second", second.to_string())]
            }
        }
    }
}

impl fmt::Display for OfficeHoursError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        for (name, value) in self.parameters() {
            write!(f, " {name}={value:?}")?;
        }
        Ok(())
    }
}

impl std::error::Error for OfficeHoursError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn hours(intervals: &[&str]) -> Result<OfficeHours, OfficeHoursError> {
        OfficeHours::new(
            intervals
                .iter()
                .map(|text| text.parse())
                .collect::<Result<_, _>>()?,
        )
    }

    #[test]
    fn a_bad_interval_says_what_is_wrong() {
        for (intervals, code) in [
            (&[][..], "office-hours-none"),
            (&["9-12"], "office-hours-not-understood"),
            (&["9:00-12:00"], "office-hours-not-understood"),
            (&["09:00"], "office-hours-not-understood"),
            (&["09:60-12:00"], "office-hours-not-understood"),
            (&["09:00-24:01"], "office-hours-not-understood"),
            (&["12:00-09:00"], "office-hours-backwards"),
            (&["09:00-09:00"], "office-hours-backwards"),
            (&["09:00-12:00", "11:59-18:00"], "office-hours-overlap"),
            (&["13:00-18:00", "09:00-12:00"], "office-hours-overlap"),
        ] {
            assert_eq!(hours(intervals).unwrap_err().code(), code, "{intervals:?}");
        }
        assert!(hours(&["00:00-24:00"]).is_ok());
        assert!(hours(&["09:00–12:00", "12:00-18:00"]).is_ok());
        assert_eq!(
            hours(&["09:00-12:00", "13:30-18:00"]).unwrap(),
            OfficeHours::default()
        );
    }

    #[test]
    fn close_is_the_end_of_the_last_interval() {
        assert_eq!(OfficeHours::default().close(), Time::new(18, 0, 0, 0).ok());
        assert_eq!(hours(&["16:00-24:00"]).unwrap().close(), None);
    }
}
