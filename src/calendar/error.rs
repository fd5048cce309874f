//! What can go wrong when a limit is counted.

use std::fmt;

/// A year that a limit needs and that has no holiday table (D4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MissingYear {
    /// The year whose table is to be added.
    pub year: i16,
}

impl MissingYear {
    /// Stable name of the error, for wording and for JSON.
    pub fn code(self) -> &'static str {
        "calendar-year-missing"
    }

    /// Values that the wording may use: `year`.
    pub fn parameters(self) -> Vec<(&'static str, String)> {
        vec![("year", self.year.to_string())]
    }
}

impl fmt::Display for MissingYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.year)
    }
}

impl std::error::Error for MissingYear {}

/// Why a limit has no due instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalendarError {
    /// The limit reaches into a year without a holiday table.
    MissingYear(MissingYear),
    /// The result lies outside of the years −9999 to 9999.
    OutOfRange,
    /// Recurring rounds cannot run backwards.
    BackwardRounds,
}

impl CalendarError {
    /// Stable name of the error, for wording and for JSON.
    pub fn code(self) -> &'static str {
        match self {
            CalendarError::MissingYear(missing) => missing.code(),
            CalendarError::OutOfRange => "calendar-out-of-range",
            CalendarError::BackwardRounds => "calendar-backward-rounds",
        }
    }

    /// Values that the wording may use: `year` for a missing year, else none.
    pub fn parameters(self) -> Vec<(&'static str, String)> {
        match self {
            CalendarError::MissingYear(missing) => missing.parameters(),
            CalendarError::OutOfRange | CalendarError::BackwardRounds => Vec::new(),
        }
    }
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CalendarError::MissingYear(missing) => missing.fmt(f),
            other => f.write_str(other.code()),
        }
    }
}

impl std::error::Error for CalendarError {}

impl From<MissingYear> for CalendarError {
    fn from(missing: MissingYear) -> Self {
        CalendarError::MissingYear(missing)
    }
}
