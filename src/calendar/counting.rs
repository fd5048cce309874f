//! Counting what lies between two moments: the other side of adding.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
};

use super::{Calendar, CalendarError, MissingYear};

impl Calendar {
    /// Working days from `a` to `b`: `a` is excluded and `b` included, so that
    /// adding this many working days to `a` gives `b` whenever `b` is one.
    /// Negative when `b` is the earlier.
    pub fn working_days_between(&self, a: Date, b: Date) -> Result<i64, MissingYear> {
        self.holidays().count_between(a, b)
    }

    /// Office hours of working days that pass from `a` to `b`, by the wall clock
    /// of the company's time zone. Negative when `b` is the earlier.
    pub fn working_time_between(
        &self,
        a: Timestamp,
        b: Timestamp,
    ) -> Result<SignedDuration, CalendarError> {
        let (from, to) = (self.local(a), self.local(b));
        // Asked first: it names a year missing between the two days.
        self.holidays().count_between(from.date(), to.date())?;
        let (before, after) = (self.worked_until(from)?, self.worked_until(to)?);
        after
            .zip(before)
            .and_then(|(after, before)| after.checked_sub(before))
            .map(SignedDuration::from_nanos)
            .ok_or(CalendarError::OutOfRange)
    }

    /// Working time from the beginning of the run of years, in nanoseconds;
    /// `None` after some centuries, when they no longer fit.
    fn worked_until(&self, local: DateTime) -> Result<Option<i64>, MissingYear> {
        let hours = &self.settings().office_hours;
        let place = self.holidays().locate(local.date())?;
        let today = if place.is_working() {
            hours.worked_until(local.time())
        } else {
            0
        };
        Ok(place
            .counted_before()
            .checked_mul(hours.whole_day())
            .and_then(|time| time.checked_add(today)))
    }
}
