//! The company's time zone, with the look-up spared where it can be.
//!
//! A zone without summer time (Asia/Shanghai since 1991) has one offset from its
//! last transition on; from there instants and wall-clock times are converted
//! with it directly. Every other zone goes through the time zone database.

use jiff::{
    SignedDuration, Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use super::CalendarError;

#[derive(Debug, Clone)]
pub(super) struct Zone {
    zone: TimeZone,
    settled: Option<Settled>,
}

#[derive(Debug, Clone, Copy)]
struct Settled {
    offset: Offset,
    since: Timestamp,
    since_local: DateTime,
}

impl Zone {
    pub(super) fn new(zone: TimeZone) -> Self {
        let last = zone
            .preceding(Timestamp::MAX)
            .next()
            .map(|last| last.timestamp());
        let settled = match last {
            None => Some(Settled {
                offset: zone.to_offset(Timestamp::MIN),
                since: Timestamp::MIN,
                since_local: DateTime::MIN,
            }),
            // A day's margin keeps clear of the wall-clock times around the transition.
            Some(last) => last
                .checked_add(SignedDuration::from_hours(24))
                .ok()
                .map(|since| Settled {
                    offset: zone.to_offset(since),
                    since,
                    since_local: zone.to_datetime(since),
                }),
        };
        Zone { zone, settled }
    }

    /// The wall clock at `instant`.
    pub(super) fn local(&self, instant: Timestamp) -> DateTime {
        match &self.settled {
            Some(settled) if instant >= settled.since => settled.offset.to_datetime(instant),
            _ => self.zone.to_datetime(instant),
        }
    }

    /// The instant at which the wall clock shows `local`: the earlier one when
    /// it does so twice, the one after the gap when it never does.
    pub(super) fn instant(&self, local: DateTime) -> Result<Timestamp, CalendarError> {
        match &self.settled {
            Some(settled) if local >= settled.since_local => settled.offset.to_timestamp(local),
            _ => self.zone.to_timestamp(local),
        }
        .map_err(|_| CalendarError::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn agrees_with_the_database_on_both_sides_of_every_transition() {
        for name in [
            "Asia/Shanghai",
            "Europe/Berlin",
            "Asia/Kolkata",
            "UTC",
            "America/New_York",
        ] {
            let zone = TimeZone::get(name).unwrap();
            let fast = Zone::new(zone.clone());
            let start = date(1985, 1, 1).at(0, 0, 0, 0);
            for step in 0..60_000 {
                let local = start
                    .checked_add(SignedDuration::from_mins(step * 367))
                    .unwrap();
                let instant = zone.to_timestamp(local).unwrap();
                assert_eq!(fast.instant(local).unwrap(), instant, "{name} {local}");
                assert_eq!(
                    fast.local(instant),
                    zone.to_datetime(instant),
                    "{name} {instant}"
                );
            }
        }
    }

    #[test]
    fn shanghai_is_settled_since_1991() {
        let zone = Zone::new(TimeZone::get("Asia/Shanghai").unwrap());
        let settled = zone.settled.unwrap();
        assert_eq!(settled.since_local.year(), 1991);
        assert_eq!(settled.offset, Offset::constant(8));
    }
}
