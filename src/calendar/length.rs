//! The length of a limit, and how it is written in profiles and records.
//!
//! | written | is |
//! |---|---|
//! | `2h` | elapsed hours, from the minute |
//! | `3wh` | working hours, within the office hours of working days |
//! | `1wd` | working days, the start day excluded |
//! | `3d` `1w` `1mo` `1q` `1y` | calendar days, weeks, months, quarters, years |
//! | `-2wd` | backwards: two working days before |
//! | `17:00 today` | that time of the start day |
//! | `end of today`, `end of tomorrow` | close of that day |
//! | `end of this week`, `end of next month` | the last working day of it; also `quarter`, `year` |
//!
//! Units are written in lower case; blanks around a length and between number
//! and unit do not count. [`Length`]'s `Display` gives the one canonical text,
//! which parses to the same value.

use std::{fmt, num::NonZeroI32, str::FromStr};

use jiff::civil::Time;

/// The unit that a limit is counted in (D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `h`: elapsed hours, nights and holidays included.
    Hours,
    /// `wh`: hours within office hours.
    WorkingHours,
    /// `wd`: working days, make-up working days (调休上班) included.
    WorkingDays,
    /// `d`: calendar days.
    Days,
    /// `w`: weeks of seven calendar days.
    Weeks,
    /// `mo`: calendar months.
    Months,
    /// `q`: three calendar months.
    Quarters,
    /// `y`: calendar years.
    Years,
}

impl Unit {
    /// Every unit, in the order of the documentation.
    pub const ALL: [Unit; 8] = [
        Unit::Hours,
        Unit::WorkingHours,
        Unit::WorkingDays,
        Unit::Days,
        Unit::Weeks,
        Unit::Months,
        Unit::Quarters,
        Unit::Years,
    ];

    /// How the unit is written after its number.
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::Hours => "h",
            Unit::WorkingHours => "wh",
            Unit::WorkingDays => "wd",
            Unit::Days => "d",
            Unit::Weeks => "w",
            Unit::Months => "mo",
            Unit::Quarters => "q",
            Unit::Years => "y",
        }
    }

    fn from_symbol(symbol: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|unit| unit.symbol() == symbol)
    }

    /// What someone who wrote `text` probably meant.
    fn nearest(text: &str) -> Option<Unit> {
        let lower = text.to_ascii_lowercase();
        Unit::from_symbol(&lower).or(match lower.as_str() {
            "hr" | "hrs" | "hour" | "hours" | "小时" => Some(Unit::Hours),
            "工作小时" | "个工作小时" => Some(Unit::WorkingHours),
            "bd" | "工作日" | "个工作日" => Some(Unit::WorkingDays),
            "day" | "days" | "天" | "日" => Some(Unit::Days),
            "wk" | "week" | "weeks" | "周" => Some(Unit::Weeks),
            "m" | "mon" | "month" | "months" | "月" | "个月" => Some(Unit::Months),
            "quarter" | "quarters" | "季度" | "个季度" => Some(Unit::Quarters),
            "yr" | "year" | "years" | "年" => Some(Unit::Years),
            _ => None,
        })
    }
}

/// A stretch of the civil calendar that a limit may run to the end of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// One day.
    Day,
    /// Monday to Sunday (ISO 8601, GB/T 7408).
    Week,
    /// A calendar month.
    Month,
    /// January–March, April–June, July–September or October–December.
    Quarter,
    /// A calendar year.
    Year,
}

/// The length of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// So many units; a negative count runs backwards.
    Span {
        /// How many, never zero: a limit of nothing is a mistake.
        count: NonZeroI32,
        /// Of what.
        unit: Unit,
    },
    /// A time of the start day (T06 “今日17:00前”).
    SameDay(Time),
    /// The end of the period that holds the start, or of the next one (T26
    /// “本周内”, T27 “下月”).
    EndOf {
        /// The period.
        period: Period,
        /// Whether the next one is meant.
        next: bool,
    },
}

impl Length {
    /// Longest count that a length may be written with. It keeps a slip of the
    /// keyboard from becoming a date in another millennium.
    pub const MAXIMUM_COUNT: i32 = 99_999;

    /// An example of everything that parses, for messages and documentation.
    pub const UNDERSTOOD: [&str; 12] = [
        "2h",
        "3wh",
        "1wd",
        "3d",
        "1w",
        "1mo",
        "1q",
        "1y",
        "-2wd",
        "17:00 today",
        "end of this week",
        "end of next month",
    ];

    /// A regular expression (ECMA 262 and `regex` alike) of canonical lengths,
    /// for the JSON Schema that editors complete and check with.
    pub const PATTERN: &str = "^(-?[1-9][0-9]{0,4}(h|wh|wd|d|w|mo|q|y)|\
        ([01][0-9]|2[0-3]):[0-5][0-9] today|\
        end of (today|tomorrow|(this|next) (week|month|quarter|year)))$";

    /// So many units. `None` when `count` is zero.
    pub const fn of(count: i32, unit: Unit) -> Option<Length> {
        match NonZeroI32::new(count) {
            Some(count) => Some(Length::Span { count, unit }),
            None => None,
        }
    }

    /// Whether the limit lies before its start.
    pub fn is_backwards(&self) -> bool {
        matches!(self, Length::Span { count, .. } if count.get() < 0)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Length::Span { count, unit } => write!(f, "{count}{}", unit.symbol()),
            Length::SameDay(time) => write!(f, "{:02}:{:02} today", time.hour(), time.minute()),
            Length::EndOf { period, next } => {
                let which = if *next { "next" } else { "this" };
                match (period, next) {
                    (Period::Day, false) => f.write_str("end of today"),
                    (Period::Day, true) => f.write_str("end of tomorrow"),
                    (Period::Week, _) => write!(f, "end of {which} week"),
                    (Period::Month, _) => write!(f, "end of {which} month"),
                    (Period::Quarter, _) => write!(f, "end of {which} quarter"),
                    (Period::Year, _) => write!(f, "end of {which} year"),
                }
            }
        }
    }
}

impl FromStr for Length {
    type Err = LengthError;

    fn from_str(written: &str) -> Result<Self, LengthError> {
        let text = written.trim();
        let fail = |problem| LengthError {
            text: text.to_owned(),
            problem,
        };
        if text.is_empty() {
            return Err(fail(LengthProblem::Empty));
        }
        let mut words = text.split_whitespace();
        if words.next() == Some("end") && words.next() == Some("of") {
            let rest: Vec<&str> = words.collect();
            return end_of(&rest).ok_or_else(|| fail(LengthProblem::UnknownPeriod));
        }
        if text.contains(':') {
            return same_day(text).map_err(fail);
        }
        span(text).map_err(fail)
    }
}

fn end_of(words: &[&str]) -> Option<Length> {
    let (period, next) = match words {
        ["today"] => (Period::Day, false),
        ["tomorrow"] => (Period::Day, true),
        [which @ ("this" | "next"), period] => {
            let period = match *period {
                "week" => Period::Week,
                "month" => Period::Month,
                "quarter" => Period::Quarter,
                "year" => Period::Year,
                _ => return None,
            };
            (period, *which == "next")
        }
        _ => return None,
    };
    Some(Length::EndOf { period, next })
}

fn same_day(text: &str) -> Result<Length, LengthProblem> {
    let Some((clock, "today")) = text
        .split_once(char::is_whitespace)
        .map(|(a, b)| (a, b.trim()))
    else {
        return Err(LengthProblem::NotUnderstood);
    };
    let digits = |part: &str| {
        let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain { part.parse::<i8>().ok() } else { None }
    };
    clock
        .split_once(':')
        .and_then(|(hour, minute)| Time::new(digits(hour)?, digits(minute)?, 0, 0).ok())
        .map(Length::SameDay)
        .ok_or(LengthProblem::InvalidTime)
}

fn span(text: &str) -> Result<Length, LengthProblem> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let end = unsigned
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(unsigned.len());
    let (digits, symbol) = unsigned.split_at(end);
    let symbol = symbol.trim_start();
    if digits.is_empty() {
        return Err(LengthProblem::NotUnderstood);
    }
    if symbol.is_empty() {
        return Err(LengthProblem::NoUnit);
    }
    let Some(unit) = Unit::from_symbol(symbol) else {
        return Err(LengthProblem::UnknownUnit {
            unit: symbol.to_owned(),
            nearest: Unit::nearest(symbol),
        });
    };
    let count = digits
        .parse::<i32>()
        .ok()
        .filter(|count| *count <= Length::MAXIMUM_COUNT)
        .ok_or(LengthProblem::TooLong)?;
    let count = if unsigned.len() < text.len() {
        -count
    } else {
        count
    };
    Length::of(count, unit).ok_or(LengthProblem::Zero)
}

/// A text that is not a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LengthError {
    text: String,
    problem: LengthProblem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum LengthProblem {
    Empty,
    NotUnderstood,
    NoUnit,
    UnknownUnit { unit: String, nearest: Option<Unit> },
    Zero,
    TooLong,
    InvalidTime,
    UnknownPeriod,
}

impl LengthError {
    /// Stable name of the error, for wording and for JSON.
    pub fn code(&self) -> &'static str {
        match self.problem {
            LengthProblem::Empty => "length-empty",
            LengthProblem::NotUnderstood => "length-not-understood",
            LengthProblem::NoUnit => "length-without-unit",
            LengthProblem::UnknownUnit {
                nearest: Some(_), ..
            } => "length-misspelt-unit",
            LengthProblem::UnknownUnit { nearest: None, .. } => "length-unknown-unit",
            LengthProblem::Zero => "length-zero",
            LengthProblem::TooLong => "length-too-long",
            LengthProblem::InvalidTime => "length-invalid-time",
            LengthProblem::UnknownPeriod => "length-unknown-period",
        }
    }

    /// The length that was probably meant, where the text says so: `2WD` → `2wd`.
    pub fn correction(&self) -> Option<Length> {
        let LengthProblem::UnknownUnit {
            unit,
            nearest: Some(nearest),
        } = &self.problem
        else {
            return None;
        };
        let number = self.text.strip_suffix(unit.as_str())?.trim_end();
        span(&format!("{number}{}", nearest.symbol())).ok()
    }

    /// Values that the wording may use: always `text` and `understood` (examples);
    /// `unit` for an unknown unit, `correction` for a misspelt one, `maximum`
    /// for a length too long.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![
            ("text", self.text.clone()),
            ("understood", Length::UNDERSTOOD.join(", ")),
        ];
        match &self.problem {
            LengthProblem::UnknownUnit { unit, .. } => {
                parameters.push(("unit", unit.clone()));
                if let Some(correction) = self.correction() {
                    parameters.push(("correction", correction.to_string()));
                }
            }
            LengthProblem::TooLong => {
                parameters.push(("maximum", Length::MAXIMUM_COUNT.to_string()));
            }
            _ => {}
        }
        parameters
    }
}

impl fmt::Display for LengthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.code(), self.text)
    }
}

impl std::error::Error for LengthError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn every_example_is_canonical() {
        for text in Length::UNDERSTOOD {
            assert_eq!(text.parse::<Length>().unwrap().to_string(), text);
        }
        for text in [
            "end of today",
            "end of tomorrow",
            "end of this quarter",
            "end of next year",
        ] {
            assert_eq!(text.parse::<Length>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn blanks_do_not_count() {
        assert_eq!(
            " - 2wd".parse::<Length>().unwrap_err().code(),
            "length-not-understood"
        );
        assert_eq!(" 2 wd ".parse::<Length>().unwrap().to_string(), "2wd");
        assert_eq!(
            "end  of\tthis week".parse::<Length>().unwrap().to_string(),
            "end of this week"
        );
        assert_eq!(
            "17:00  today".parse::<Length>().unwrap().to_string(),
            "17:00 today"
        );
    }

    #[test]
    fn a_bad_length_says_what_is_wrong() {
        for (text, code) in [
            ("", "length-empty"),
            ("  ", "length-empty"),
            ("soon", "length-not-understood"),
            ("１wd", "length-not-understood"),
            ("+2wd", "length-not-understood"),
            ("2", "length-without-unit"),
            ("2fortnights", "length-unknown-unit"),
            ("1wd2h", "length-unknown-unit"),
            ("1.5h", "length-unknown-unit"),
            ("2WD", "length-misspelt-unit"),
            ("3个工作日", "length-misspelt-unit"),
            ("0wd", "length-zero"),
            ("-0d", "length-zero"),
            ("100000h", "length-too-long"),
            ("99999999999999999999h", "length-too-long"),
            ("25:00 today", "length-invalid-time"),
            ("24:00 today", "length-invalid-time"),
            ("9:00 today", "length-invalid-time"),
            ("17:00", "length-not-understood"),
            ("17:00 tomorrow", "length-not-understood"),
            ("end of week", "length-unknown-period"),
            ("end of next century", "length-unknown-period"),
            ("end of", "length-unknown-period"),
        ] {
            assert_eq!(text.parse::<Length>().unwrap_err().code(), code, "{text:?}");
        }
        assert!("99999h".parse::<Length>().is_ok());
        assert!("23:59 today".parse::<Length>().is_ok());
    }

    #[test]
    fn a_misspelt_unit_is_corrected() {
        for (text, meant) in [
            ("2WD", "2wd"),
            ("-3个工作日", "-3wd"),
            ("24 小时", "24h"),
            ("1m", "1mo"),
        ] {
            let error = text.parse::<Length>().unwrap_err();
            assert_eq!(error.correction().unwrap().to_string(), meant);
            assert!(
                error
                    .parameters()
                    .contains(&("correction", meant.to_owned()))
            );
        }
        assert_eq!(
            "2fortnights".parse::<Length>().unwrap_err().correction(),
            None
        );
    }
}
