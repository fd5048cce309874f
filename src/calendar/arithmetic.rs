//! Adding a length to a moment.
//!
//! Invariants, for a length that does not run backwards: the result is never
//! before the start, and a later start or a longer length never gives an
//! earlier result. With shifting on, every result but that of `h` falls on a
//! working day.

use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, DateTime, Time},
};

use super::{
    CalendarError, Close, Day, Due, HolidayTable, LateStart, Length, MissingYear, Moment, Period,
    Settings, Unit, zone::Zone,
};

const HOUR: i64 = 3_600_000_000_000;

/// Holidays, office hours and the rules of counting, together.
#[derive(Debug, Clone)]
pub struct Calendar {
    settings: Settings,
    holidays: HolidayTable,
    zone: Zone,
    opening: Time,
    /// The close of a day for limits; `None` is 24:00.
    close: Option<Time>,
}

impl Calendar {
    /// A calendar that counts by these settings over these years.
    pub fn new(settings: Settings, holidays: HolidayTable) -> Calendar {
        Calendar {
            zone: Zone::new(settings.time_zone.clone()),
            opening: settings.office_hours.opening(),
            close: match settings.close_of_day {
                Close::BusinessClose => settings.office_hours.close(),
                Close::Midnight => None,
            },
            settings,
            holidays,
        }
    }

    /// The settings it counts by.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The years it knows.
    pub fn holidays(&self) -> &HolidayTable {
        &self.holidays
    }

    /// What kind of day `date` is, and whose festival.
    pub fn day(&self, date: Date) -> Result<Day<'_>, MissingYear> {
        self.holidays.day(date)
    }

    /// Whether `date` is worked.
    pub fn is_working_day(&self, date: Date) -> Result<bool, MissingYear> {
        Ok(self.holidays.locate(date)?.is_working())
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: Date) -> Result<Date, MissingYear> {
        self.holidays.locate(date)?.next_working_day()
    }

    /// The last working day before `date`.
    pub fn previous_working_day(&self, date: Date) -> Result<Date, MissingYear> {
        self.holidays.locate(date)?.previous_working_day()
    }

    /// The wall clock in the company's time zone.
    pub fn local(&self, instant: Timestamp) -> DateTime {
        self.zone.local(instant)
    }

    /// The company's clock at a moment; a day begins at midnight.
    pub fn clock_at(&self, moment: Moment) -> DateTime {
        match moment {
            Moment::Date(date) => date.to_datetime(Time::midnight()),
            Moment::Instant(instant) => self.local(instant),
        }
    }

    /// The day in the company's time zone.
    pub fn date(&self, moment: Moment) -> Date {
        match moment {
            Moment::Date(date) => date,
            Moment::Instant(instant) => self.local(instant).date(),
        }
    }

    /// Hour and minute at which a limit ends on its last day, 24:00 included.
    pub fn clock(&self, due: &Due) -> (i8, i8) {
        let local = self.local(due.instant);
        if local.date() > due.date {
            (24, 0)
        } else {
            (local.hour(), local.minute())
        }
    }

    /// The limit that a record itself sets: the instant, or the close of the
    /// day. It is not moved: who wrote it meant that day.
    pub fn due_at(&self, moment: Moment) -> Result<Due, CalendarError> {
        Ok(match moment {
            Moment::Instant(instant) => Due {
                instant,
                date: self.date(moment),
                shifted_from: None,
            },
            Moment::Date(date) => Due {
                instant: self.close_of(date)?,
                date,
                shifted_from: None,
            },
        })
    }

    /// When a limit of this length that starts at `from` ends.
    ///
    /// - `h` runs from the minute, through nights and holidays, and is not
    ///   shifted. A start known only to the day counts from the close of that
    ///   day, a backward limit from its opening.
    /// - `wh` runs within office hours of working days; it may end at the close
    ///   of a day, but never starts the next one with nothing left.
    /// - `wd` excludes the start day (民法典 201) and ends at the close of the
    ///   last one; backwards it ends at the close of the nth working day before.
    /// - `d`, `w`, `mo`, `q`, `y` exclude the start day; a month without that
    ///   day ends on its last (民法典 202). On a day off they move to the next
    ///   working day (民法典 203), backwards to the one before.
    /// - `HH:MM today`: once that time has passed, or on a day off, the same
    ///   time of the next working day.
    /// - `end of …`: the close of the last working day of the period that is
    ///   still ahead; when none is, of the first one after the period.
    pub fn add(&self, from: Moment, length: &Length) -> Result<Due, CalendarError> {
        match *length {
            Length::SameDay(time) => self.same_day(from, time),
            Length::EndOf { period, next } => self.end_of(from, period, next),
            Length::Span { count, unit } => {
                let count = i64::from(count.get());
                match unit {
                    Unit::Hours => self.add_hours(from, count),
                    Unit::WorkingHours => self.add_working_hours(from, count),
                    Unit::WorkingDays => self.add_working_days(from, count),
                    Unit::Days | Unit::Weeks | Unit::Months | Unit::Quarters | Unit::Years => {
                        let start = self.start_day(from, count < 0)?;
                        self.settle(plus(start, count, unit)?, count < 0)
                    }
                }
            }
        }
    }

    fn add_hours(&self, from: Moment, count: i64) -> Result<Due, CalendarError> {
        let start = match from {
            Moment::Instant(instant) => instant,
            Moment::Date(date) if count < 0 => self.opening_of(date)?,
            Moment::Date(date) => self.close_of(date)?,
        };
        let instant = start
            .checked_add(SignedDuration::from_hours(count))
            .map_err(|_| CalendarError::OutOfRange)?;
        let local = self.local(instant);
        // 24:00 of a day belongs to that day, when the limit itself started from such a close.
        let date = match from {
            Moment::Date(_)
                if self.close.is_none() && count > 0 && local.time() == Time::midnight() =>
            {
                local
                    .date()
                    .yesterday()
                    .map_err(|_| CalendarError::OutOfRange)?
            }
            _ => local.date(),
        };
        Ok(Due {
            instant,
            date,
            shifted_from: None,
        })
    }

    fn add_working_hours(&self, from: Moment, count: i64) -> Result<Due, CalendarError> {
        let hours = &self.settings.office_hours;
        let whole = hours.whole_day();
        let (date, worked) = match from {
            Moment::Instant(instant) => {
                let local = self.local(instant);
                (local.date(), hours.worked_until(local.time()))
            }
            Moment::Date(date) => (date, if count < 0 { 0 } else { whole }),
        };
        let place = self.holidays.locate(date)?;
        let today = if place.is_working() { worked } else { 0 };
        let target = (place.counted_before().checked_mul(whole))
            .and_then(|before| before.checked_add(today))
            .and_then(|worked| worked.checked_add(count.checked_mul(HOUR)?))
            .ok_or(CalendarError::OutOfRange)?;
        if count < 0 {
            let date = place.working_day(target.div_euclid(whole) + 1)?;
            let time = hours.last_reached(target.rem_euclid(whole));
            return self.due(date, Some(time), None);
        }
        let date = place.working_day((target - 1).div_euclid(whole) + 1)?;
        let time = hours.first_reached((target - 1).rem_euclid(whole) + 1);
        self.due(date, time, None)
    }

    fn add_working_days(&self, from: Moment, count: i64) -> Result<Due, CalendarError> {
        let place = self.holidays.locate(self.start_day(from, count < 0)?)?;
        let number = if count < 0 {
            place.counted_before() + 1 + count
        } else {
            place.counted_through() + count
        };
        self.due(place.working_day(number)?, self.close, None)
    }

    fn same_day(&self, from: Moment, time: Time) -> Result<Due, CalendarError> {
        let (today, passed) = match from {
            Moment::Date(date) => (date, false),
            Moment::Instant(instant) => {
                let local = self.local(instant);
                (local.date(), local.time() > time)
            }
        };
        let date = if self.settings.shift_off_days {
            let place = self.holidays.locate(today)?;
            if passed || !place.is_working() {
                place.next_working_day()?
            } else {
                today
            }
        } else if passed {
            today.tomorrow().map_err(|_| CalendarError::OutOfRange)?
        } else {
            today
        };
        self.due(date, Some(time), (date != today).then_some(today))
    }

    fn end_of(&self, from: Moment, period: Period, next: bool) -> Result<Due, CalendarError> {
        let (today, passed) = match from {
            Moment::Date(date) => (date, false),
            Moment::Instant(instant) => {
                let local = self.local(instant);
                (
                    local.date(),
                    self.close.is_some_and(|close| local.time() > close),
                )
            }
        };
        let (first, last) = bounds(today, period, next)?;
        // The first day on which the limit could still be met.
        let earliest = match passed {
            true => today.tomorrow().map_err(|_| CalendarError::OutOfRange)?,
            false => today,
        }
        .max(first);
        let date = if self.settings.shift_off_days {
            let end = self.holidays.locate(last)?;
            let ahead = earliest <= last && {
                let start = self.holidays.locate(earliest)?;
                self.holidays.count_between(earliest, last)? + i64::from(start.is_working()) > 0
            };
            if ahead {
                end.working_day(end.counted_through())?
            } else {
                end.next_working_day()?
            }
        } else {
            last.max(earliest)
        };
        self.due(date, self.close, (date != last).then_some(last))
    }

    /// The day that a limit in days does not count.
    fn start_day(&self, from: Moment, backwards: bool) -> Result<Date, CalendarError> {
        let (date, late) = match from {
            Moment::Date(date) => (date, false),
            Moment::Instant(instant) => {
                let local = self.local(instant);
                (
                    local.date(),
                    self.close.is_some_and(|close| local.time() > close),
                )
            }
        };
        if backwards || self.settings.late_start == LateStart::SameDay {
            return Ok(date);
        }
        let place = self.holidays.locate(date)?;
        Ok(if late || !place.is_working() {
            place.next_working_day()?
        } else {
            date
        })
    }

    /// A limit in calendar units whose last day by the calendar is `date`.
    fn settle(&self, date: Date, backwards: bool) -> Result<Due, CalendarError> {
        if !self.settings.shift_off_days {
            return self.due(date, self.close, None);
        }
        let place = self.holidays.locate(date)?;
        if place.is_working() {
            return self.due(date, self.close, None);
        }
        let moved = if backwards {
            place.previous_working_day()?
        } else {
            place.next_working_day()?
        };
        self.due(moved, self.close, Some(date))
    }

    fn close_of(&self, date: Date) -> Result<Timestamp, CalendarError> {
        Ok(self.due(date, self.close, None)?.instant)
    }

    /// When the office opens on `date`, were it a working day.
    pub(super) fn opening_of(&self, date: Date) -> Result<Timestamp, CalendarError> {
        self.zone.instant(date.to_datetime(self.opening))
    }

    /// When the office closes on `date`, were it a working day.
    pub(super) fn office_closes(&self, date: Date) -> Result<Timestamp, CalendarError> {
        Ok(self
            .due(date, self.settings.office_hours.close(), None)?
            .instant)
    }

    /// Due at this time of this day; no time is 24:00.
    fn due(
        &self,
        date: Date,
        time: Option<Time>,
        shifted_from: Option<Date>,
    ) -> Result<Due, CalendarError> {
        let local = match time {
            Some(time) => date.to_datetime(time),
            None => date
                .tomorrow()
                .map_err(|_| CalendarError::OutOfRange)?
                .to_datetime(Time::midnight()),
        };
        Ok(Due {
            instant: self.zone.instant(local)?,
            date,
            shifted_from,
        })
    }
}

/// The day so many calendar units after `date`.
pub(super) fn plus(date: Date, count: i64, unit: Unit) -> Result<Date, CalendarError> {
    let span = match unit {
        Unit::Weeks => Span::new().try_weeks(count),
        Unit::Months => Span::new().try_months(count),
        Unit::Quarters => Span::new().try_months(count * 3),
        Unit::Years => Span::new().try_years(count),
        Unit::Days | Unit::Hours | Unit::WorkingHours | Unit::WorkingDays => {
            Span::new().try_days(count)
        }
    };
    span.and_then(|span| date.checked_add(span))
        .map_err(|_| CalendarError::OutOfRange)
}

/// First and last day of the period that holds `date`, or of the next one.
pub(super) fn bounds(
    date: Date,
    period: Period,
    next: bool,
) -> Result<(Date, Date), CalendarError> {
    let first = match period {
        Period::Day => date,
        Period::Week => {
            let since_monday = i64::from(date.weekday().to_monday_zero_offset());
            plus(date, -since_monday, Unit::Days)?
        }
        Period::Month => date.first_of_month(),
        Period::Quarter => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1)
            .map_err(|_| CalendarError::OutOfRange)?,
        Period::Year => date.first_of_year(),
    };
    let unit = match period {
        Period::Day => Unit::Days,
        Period::Week => Unit::Weeks,
        Period::Month => Unit::Months,
        Period::Quarter => Unit::Quarters,
        Period::Year => Unit::Years,
    };
    let first = if next { plus(first, 1, unit)? } else { first };
    let last = plus(plus(first, 1, unit)?, -1, Unit::Days)?;
    Ok((first, last))
}
