//! Working days, working hours and the arithmetic of limits (domain D2–D4,
//! 民法典 200–204).
//!
//! Architecture Invariant: pure. Nothing here reads a file or a clock, and
//! nothing words a message: errors carry a stable code and parameters, and
//! `templates/words` holds the sentence.
//!
//! Architecture Invariant: a year without a holiday table is an error wherever
//! the arithmetic needs that year (D4); weekends are never guessed.

mod arithmetic;
mod counting;
mod error;
mod explain;
mod holidays;
mod length;
mod moment;
mod office_hours;
mod rounds;
mod settings;
mod zone;

pub use arithmetic::Calendar;
pub use error::{CalendarError, MissingYear};
pub use explain::{Role, Step};
pub use holidays::{Day, DayKind, Festival, FestivalName, HolidayProblem, HolidayTable, Year};
pub use length::{Length, LengthError, Period, Unit};
pub use moment::{Due, Moment};
pub use office_hours::{Interval, OfficeHours, OfficeHoursError};
pub use rounds::Rounds;
pub use settings::{Close, DEFAULT_TIME_ZONE, LateStart, Settings};
