//! What an organisation decides about its time.

use jiff::tz::{Offset, TimeZone};

use super::OfficeHours;

/// The zone of a company that names none.
pub const DEFAULT_TIME_ZONE: &str = "Asia/Shanghai";

/// When the last day of a limit ends (民法典 203).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Close {
    /// At the end of the last office hours: 停止业务活动的时间.
    #[default]
    BusinessClose,
    /// At 24:00.
    Midnight,
}

/// What day an event after close of business, or on a day off, counts as when
/// a limit in days starts with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LateStart {
    /// The day it happened on.
    #[default]
    SameDay,
    /// The next working day, so that the limit starts a day later.
    NextWorkingDay,
}

/// What an organisation decides about its time.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The zone in which days begin and office hours are kept.
    pub time_zone: TimeZone,
    /// Office hours of a working day.
    pub office_hours: OfficeHours,
    /// When the last day of a limit ends.
    pub close_of_day: Close,
    /// Whether a limit in calendar units that ends on a day off moves to the
    /// next working day (D3, 民法典 203); a backward one to the working day before.
    pub shift_off_days: bool,
    /// What day a late event counts as.
    pub late_start: LateStart,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            // A machine without a time zone database still counts right: the
            // offset has been the same since 1991.
            time_zone: TimeZone::get(DEFAULT_TIME_ZONE)
                .unwrap_or_else(|_| TimeZone::fixed(Offset::constant(8))),
            office_hours: OfficeHours::default(),
            close_of_day: Close::default(),
            shift_off_days: true,
            late_start: LateStart::default(),
        }
    }
}
