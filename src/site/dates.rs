//! Days and instants as people read them: `2026-05-20 周三 18:00`, and beside
//! them how far away they are.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::markup::Markup;
use crate::calendar::{Calendar, Due, Length, Moment};
use crate::display::Display;
use crate::words::Words;

/// The calendar and the words that dates are written with, as of an instant.
pub(super) struct Dates<'r> {
    calendar: &'r Calendar,
    words: &'r Words,
    display: Display<'r>,
    /// The instant for which the site is true.
    pub now: Timestamp,
    /// The same by the company's clock.
    pub local_now: DateTime,
}

/// How far a day is from today.
pub(super) enum Distance {
    /// Past it by so many days or hours.
    Late,
    /// Still ahead.
    Ahead,
}

impl<'r> Dates<'r> {
    /// Dates as of `now`.
    pub fn new(display: Display<'r>, now: Timestamp) -> Self {
        let calendar = &display.register.calendar;
        Dates {
            calendar,
            words: display.words,
            display,
            now,
            local_now: calendar.local(now),
        }
    }

    /// The day as `2026-05-20`.
    pub fn day(date: Date) -> String {
        let mut out = String::with_capacity(24);
        push_day(&mut out, date);
        out
    }

    /// 周三
    pub fn weekday(&self, date: Date) -> &str {
        self.display.weekday(date)
    }

    /// `2026-05-20 周三`
    pub fn long_day(&self, date: Date) -> String {
        let mut out = Self::day(date);
        out.push(' ');
        out.push_str(self.weekday(date));
        out
    }

    /// `18:00`
    pub fn clock(hour: i8, minute: i8) -> String {
        let mut out = String::with_capacity(5);
        push_two(&mut out, hour);
        out.push(':');
        push_two(&mut out, minute);
        out
    }

    /// The day and, of an instant, the clock, in the company's time.
    pub fn parts(&self, moment: Moment) -> (Date, Option<String>) {
        match moment {
            Moment::Date(date) => (date, None),
            Moment::Instant(instant) => {
                let local = self.calendar.local(instant);
                (
                    local.date(),
                    Some(Self::clock(local.hour(), local.minute())),
                )
            }
        }
    }

    /// Machine-readable: the day, or the instant in UTC.
    pub fn iso(moment: Moment) -> String {
        match moment {
            Moment::Date(date) => Self::day(date),
            Moment::Instant(instant) => Self::instant(instant),
        }
    }

    /// Machine-readable, in UTC, to the second: `2026-05-20T10:00:00Z`.
    pub fn instant(instant: Timestamp) -> String {
        let at = Offset::UTC.to_datetime(instant);
        let mut out = String::with_capacity(24);
        push_day(&mut out, at.date());
        for (before, number) in [('T', at.hour()), (':', at.minute()), (':', at.second())] {
            out.push(before);
            push_two(&mut out, number);
        }
        out.push('Z');
        out
    }

    /// A moment in a record.
    pub fn moment(&self, moment: Moment) -> Markup {
        let (date, clock) = self.parts(moment);
        Markup::time(&Self::iso(moment), &self.long_day(date), clock.as_deref())
    }

    /// The same as plain words.
    pub fn moment_text(&self, moment: Moment) -> String {
        let (date, clock) = self.parts(moment);
        match clock {
            Some(clock) => format!("{} {clock}", self.long_day(date)),
            None => self.long_day(date),
        }
    }

    /// The last day of a limit with the clock at which it ends.
    pub fn due(&self, due: &Due) -> Markup {
        Markup::time(
            &Self::instant(due.instant),
            &self.long_day(due.date),
            Some(&self.due_clock(due)),
        )
    }

    /// The clock at which a limit ends.
    pub fn due_clock(&self, due: &Due) -> String {
        let (hour, minute) = self.calendar.clock(due);
        Self::clock(hour, minute)
    }

    /// How far away the end of a limit is: 逾期 3 天, 今天到期, 还有 2 个工作日.
    pub fn relative(&self, due: &Due) -> String {
        let today = self.local_now.date();
        match self.distance(due) {
            Distance::Late => {
                let days = days_between(due.date, today);
                if days > 0 {
                    self.counted("site.relative.late_days", days)
                } else {
                    let hours = self.now.duration_since(due.instant).as_hours();
                    self.counted("site.relative.late_hours", hours.max(1))
                }
            }
            Distance::Ahead if due.date == today => {
                self.words.get("site.relative.today").to_owned()
            }
            Distance::Ahead => match self.calendar.working_days_between(today, due.date) {
                Ok(days) => self.counted("site.relative.left_working_days", days),
                // A year without a holiday table; loading has said so.
                Err(_) => self.counted("site.relative.left_days", days_between(today, due.date)),
            },
        }
    }

    /// How early or late a limit was met: 提前 1 天, 迟 2 天.
    pub fn met(&self, due: &Due, met: Moment) -> String {
        self.display.met(due, met)
    }

    /// A length of time in words: 2 个工作日.
    pub fn length(&self, length: &Length) -> String {
        self.display.length(length)
    }

    /// The calendar that counts.
    pub fn calendar(&self) -> &'r Calendar {
        self.calendar
    }

    fn distance(&self, due: &Due) -> Distance {
        if self.now > due.instant {
            Distance::Late
        } else {
            Distance::Ahead
        }
    }

    fn counted(&self, name: &'r str, count: i64) -> String {
        self.words.filled(name, &[("count", &count.to_string())])
    }
}

/// Thousands of days stand on a page of ten thousand: no formatting machinery.
fn push_day(out: &mut String, date: Date) {
    match u8::try_from(date.year() / 100) {
        Ok(century) => {
            push_two(out, century as i8);
            push_two(out, (date.year() % 100) as i8);
        }
        // before the common era
        Err(_) => {
            // Writing into a string cannot fail.
            let _ = write!(out, "{:04}", date.year());
        }
    }
    out.push('-');
    push_two(out, date.month());
    out.push('-');
    push_two(out, date.day());
}

fn push_two(out: &mut String, number: i8) {
    let digit = |digit: i8| char::from(b'0' + digit.unsigned_abs() % 10);
    out.push(digit(number / 10));
    out.push(digit(number % 10));
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
