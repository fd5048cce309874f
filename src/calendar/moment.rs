//! The two ends of a limit: when it starts and when it is due.

use jiff::{Timestamp, civil::Date};

/// When something happened: records know some events to the second and others
/// only to the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A day in the company's time zone.
    Date(Date),
    /// An instant.
    Instant(Timestamp),
}

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Moment::Date(date)
    }
}

impl From<Timestamp> for Moment {
    fn from(instant: Timestamp) -> Self {
        Moment::Instant(instant)
    }
}

/// When a limit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Due {
    /// The last instant that still meets the limit. A limit that ends at 24:00
    /// ends at 00:00 of the day after `date`.
    pub instant: Timestamp,
    /// The last day, in the company's time zone: the day to show.
    pub date: Date,
    /// The day on which the limit would have ended, had it been a working day
    /// (民法典 203).
    pub shifted_from: Option<Date>,
}

impl Due {
    /// Whether an event at `moment` meets the limit. An event known only to the
    /// day meets it when that day is no later than the last day.
    pub fn is_met_by(&self, moment: Moment) -> bool {
        match moment {
            Moment::Date(date) => date <= self.date,
            Moment::Instant(instant) => instant <= self.instant,
        }
    }
}
