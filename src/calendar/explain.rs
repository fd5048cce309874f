//! The days that a limit is made of, so that a reader can count along.

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    Calendar, CalendarError, DayKind, FestivalName, Length, Moment, Unit, arithmetic::plus,
};

/// What a day is to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The day on which the limit starts; it is not counted.
    Start,
    /// The nth working day of a limit in working days.
    Counted {
        /// From 1.
        nth: i64,
    },
    /// So much of a limit in working hours falls on this day.
    Worked {
        /// How much.
        time: SignedDuration,
    },
    /// The last day by the calendar, from which the limit moves because it is
    /// off, or past.
    MovedFrom,
    /// A day off that does not count.
    Skipped,
    /// The day on which the limit ends, where the days before it are not counted one by one.
    End,
}

impl Role {
    /// Stable name, for wording and for JSON.
    pub fn code(self) -> &'static str {
        match self {
            Role::Start => "start",
            Role::Counted { .. } => "counted",
            Role::Worked { .. } => "worked",
            Role::MovedFrom => "moved-from",
            Role::Skipped => "skipped",
            Role::End => "end",
        }
    }
}

/// One day of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The day.
    pub date: Date,
    /// What kind of day it is; `None` in a year without a table, which only
    /// limits that need no table reach.
    pub kind: Option<DayKind>,
    /// The festival that makes it a holiday or a make-up working day.
    pub festival: Option<&'a FestivalName>,
    /// What it is to the limit.
    pub role: Role,
    /// Whether the limit ends on this day.
    pub is_due: bool,
}

impl Calendar {
    /// How [`Calendar::add`] comes to its result, in the order of the counting:
    /// the start day first, the due day last. Working days and working hours list every day
    /// in between, calendar units only the days that a shift passes over.
    pub fn explain(&self, start: Moment, length: &Length) -> Result<Vec<Step<'_>>, CalendarError> {
        let due = self.add(start, length)?;
        let first = self.date(start);
        let mut steps = vec![self.step(first, Role::Start, due.date)];
        match *length {
            Length::Span {
                count,
                unit: Unit::WorkingDays,
            } => {
                let direction = if count.get() < 0 { -1 } else { 1 };
                let total = self.working_days_between(first, due.date)?.abs();
                // Below 1 on the day that a late start counts as.
                let mut nth = i64::from(count.unsigned_abs().get()) - total;
                let mut date = first;
                while date != due.date {
                    date = plus(date, direction, Unit::Days)?;
                    let working = self.is_working_day(date)?;
                    nth += i64::from(working);
                    let role = match working {
                        false => Role::Skipped,
                        true if nth < 1 => Role::Start,
                        true => Role::Counted { nth },
                    };
                    steps.push(self.step(date, role, due.date));
                }
            }
            Length::Span {
                count,
                unit: Unit::WorkingHours,
            } => {
                let direction = if count.get() < 0 { -1 } else { 1 };
                steps.clear();
                let mut date = first;
                loop {
                    let role = self.role_in_hours(date, start, due.instant)?;
                    steps.push(self.step(date, role, due.date));
                    if date == due.date {
                        break;
                    }
                    date = plus(date, direction, Unit::Days)?;
                }
            }
            // Due on the start day, whatever it moved from: there is nothing to count.
            _ if due.date == first => {}
            _ => {
                if let Some(last) = due.shifted_from {
                    if last != first {
                        steps.push(self.step(last, Role::MovedFrom, due.date));
                    }
                    let direction = if due.date < last { -1 } else { 1 };
                    let mut date = plus(last, direction, Unit::Days)?;
                    while date != due.date {
                        if date != first {
                            steps.push(self.step(date, Role::Skipped, due.date));
                        }
                        date = plus(date, direction, Unit::Days)?;
                    }
                }
                steps.push(self.step(due.date, Role::End, due.date));
            }
        }
        Ok(steps)
    }

    /// What `date` is to a limit in working hours from `start` to `end`, in either direction.
    fn role_in_hours(
        &self,
        date: Date,
        start: Moment,
        end: Timestamp,
    ) -> Result<Role, CalendarError> {
        if !self.is_working_day(date)? {
            let first = self.date(start) == date;
            return Ok(if first { Role::Start } else { Role::Skipped });
        }
        let backwards = match start {
            Moment::Instant(instant) => end < instant,
            Moment::Date(day) => self.local(end).date() < day,
        };
        let start = match start {
            Moment::Instant(instant) => instant,
            Moment::Date(day) if backwards => self.opening_of(day)?,
            Moment::Date(day) => self.office_closes(day)?,
        };
        let opens = self.opening_of(date)?.max(start.min(end));
        let closes = self.office_closes(date)?.min(start.max(end));
        let time = if opens < closes {
            self.working_time_between(opens, closes)?
        } else {
            SignedDuration::ZERO
        };
        Ok(if time.is_zero() {
            Role::Start
        } else {
            Role::Worked { time }
        })
    }

    fn step(&self, date: Date, role: Role, due: Date) -> Step<'_> {
        let day = self.day(date).ok();
        Step {
            date,
            kind: day.map(|day| day.kind),
            festival: day.and_then(|day| day.festival),
            role,
            is_due: date == due,
        }
    }
}
