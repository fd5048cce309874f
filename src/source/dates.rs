//! TOML's dates and times as civil dates and instants, and guesses at dates
//! that were written as text (D13).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use toml_datetime::Datetime;

use crate::calendar::Moment;

/// A TOML date without a time as a civil date; none for anything else.
pub fn civil_date(datetime: &Datetime) -> Option<Date> {
    if datetime.time.is_some() {
        return None;
    }
    date_part(datetime)
}

fn date_part(datetime: &Datetime) -> Option<Date> {
    let date = datetime.date?;
    Date::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    )
    .ok()
}

/// A TOML date or date-time as a day or an instant. Without an offset it is
/// company time. None for a time of day alone, or a moment that does not exist.
pub fn moment(datetime: &Datetime, zone: &TimeZone) -> Option<Moment> {
    let date = date_part(datetime)?;
    let Some(time) = datetime.time else {
        return Some(Moment::Date(date));
    };
    let time = Time::new(
        i8::try_from(time.hour).ok()?,
        i8::try_from(time.minute).ok()?,
        i8::try_from(time.second.unwrap_or(0)).ok()?,
        i32::try_from(time.nanosecond.unwrap_or(0)).ok()?,
    )
    .ok()?;
    let local = DateTime::from_parts(date, time);
    let instant: Timestamp = match datetime.offset {
        None => zone
            .to_ambiguous_zoned(local)
            .compatible()
            .ok()?
            .timestamp(),
        Some(offset) => {
            let minutes = match offset {
                toml_datetime::Offset::Z => 0,
                toml_datetime::Offset::Custom { minutes } => i32::from(minutes),
            };
            Offset::from_seconds(minutes * 60)
                .ok()?
                .to_timestamp(local)
                .ok()?
        }
    };
    Some(Moment::Instant(instant))
}

/// What date a text may mean: `2026年5月20日`, `2026/5/20`, `20260520`; with the
/// year of the record also `5月20日` and `11.03`. None when no day is named.
pub fn guess_date(text: &str, year: Option<i16>) -> Option<Date> {
    let text: String = text.trim().chars().map(narrow).collect();
    let mut numbers: Vec<String> = Vec::new();
    let mut inside = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !inside {
                numbers.push(String::new());
            }
            if let Some(last) = numbers.last_mut() {
                last.push(c);
            }
            inside = true;
        } else {
            if !matches!(
                c,
                '年' | '月' | '日' | '号' | '-' | '/' | '.' | ' ' | 'T' | ':' | '+'
            ) {
                return None;
            }
            inside = false;
        }
    }
    let part = |index: usize| numbers.get(index).and_then(|text| text.parse::<i16>().ok());
    let (year, month, day) = match numbers.as_slice() {
        [whole] if whole.len() == 8 => (
            whole[..4].parse().ok()?,
            whole[4..6].parse().ok()?,
            whole[6..].parse().ok()?,
        ),
        [first, ..] if first.len() == 4 && numbers.len() >= 3 => (part(0)?, part(1)?, part(2)?),
        [_, _] if !text.contains('年') && !text.contains(':') => (year?, part(0)?, part(1)?),
        _ => return None,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Full-width digits and punctuation as their ASCII twins.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '－' | '．' | '／' | '：' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        '〇' => '0',
        '—' | '–' => '-',
        '。' => '.',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_written_as_text_are_guessed_where_a_day_is_named() {
        let date = |text: &str| guess_date(text, Some(2026)).map(|date| date.to_string());
        assert_eq!(date("2026年5月20日").as_deref(), Some("2026-05-20"));
        assert_eq!(date("２０２６．５．２０").as_deref(), Some("2026-05-20"));
        assert_eq!(date("20260520").as_deref(), Some("2026-05-20"));
        assert_eq!(date("5月20日").as_deref(), Some("2026-05-20"));
        assert_eq!(date("11.03").as_deref(), Some("2026-11-03"));
        assert_eq!(date("2026-05-20T10:00").as_deref(), Some("2026-05-20"));
    }

    #[test]
    fn texts_that_name_no_day_are_not_guessed() {
        for text in ["2022年7月", "持续跟进", "2月30日", "5月下旬", "17:00", ""] {
            assert_eq!(guess_date(text, Some(2026)), None, "{text}");
        }
        assert_eq!(guess_date("5月20日", None), None);
    }
}
