//! Recurring limits: every week, every three days, every quarter.

use jiff::{Timestamp, civil::Date};

use super::{
    Calendar, CalendarError, Due, Length, MissingYear, Moment,
    arithmetic::{bounds, plus},
};

impl Calendar {
    /// The rounds of a limit that recurs `every` so often after `start`, as long
    /// as they are due no later than `until`, in order and no two on one instant.
    ///
    /// Rounds are counted from the start, not from each other: a month-end or a
    /// round moved by a holiday does not drag the following ones along. Rounds
    /// that a holiday moves onto each other become one.
    ///
    /// After an error there are no further rounds. A year without a table is an
    /// error only when a round up to `until` could lie in it.
    pub fn rounds(&self, start: Moment, every: &Length, until: Timestamp) -> Rounds<'_> {
        Rounds {
            calendar: self,
            start,
            every: *every,
            until,
            round: 0,
            last: None,
            finished: false,
        }
    }
}

/// See [`Calendar::rounds`].
#[derive(Debug, Clone)]
pub struct Rounds<'a> {
    calendar: &'a Calendar,
    start: Moment,
    every: Length,
    until: Timestamp,
    round: i32,
    last: Option<Timestamp>,
    finished: bool,
}

impl Rounds<'_> {
    fn due(&mut self) -> Result<Due, CalendarError> {
        match self.every {
            Length::Span { count, unit } => {
                self.round += 1;
                let length = count
                    .get()
                    .checked_mul(self.round)
                    .and_then(|count| Length::of(count, unit))
                    .ok_or(CalendarError::OutOfRange)?;
                self.calendar.add(self.start, &length)
            }
            Length::SameDay(_) => {
                let due = self.calendar.add(self.start, &self.every)?;
                self.start = Moment::Date(tomorrow(due.date)?);
                Ok(due)
            }
            Length::EndOf { period, .. } => {
                let due = self.calendar.add(self.start, &self.every)?;
                let (_, last) = bounds(self.calendar.date(self.start), period, false)?;
                self.start = Moment::Date(tomorrow(last)?);
                Ok(due)
            }
        }
    }

    /// Whether a year that is missing begins only after the last round of interest.
    fn is_beyond(&self, missing: MissingYear) -> bool {
        // The last working day of a period can lie before the missing year
        // that the period reaches into, so such a round cannot be ruled out.
        !matches!(self.every, Length::EndOf { .. })
            && missing.year > self.calendar.local(self.until).year()
    }
}

fn tomorrow(date: Date) -> Result<Date, CalendarError> {
    plus(date, 1, super::Unit::Days)
}

impl Iterator for Rounds<'_> {
    type Item = Result<Due, CalendarError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.every.is_backwards() && !self.finished {
            self.finished = true;
            return Some(Err(CalendarError::BackwardRounds));
        }
        while !self.finished {
            match self.due() {
                Ok(due) if due.instant > self.until => self.finished = true,
                Ok(due) if self.last.is_some_and(|last| due.instant <= last) => {}
                Ok(due) => {
                    self.last = Some(due.instant);
                    return Some(Ok(due));
                }
                Err(error) => {
                    self.finished = true;
                    match error {
                        CalendarError::MissingYear(missing) if self.is_beyond(missing) => {}
                        error => return Some(Err(error)),
                    }
                }
            }
        }
        None
    }
}
