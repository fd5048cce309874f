//! Limit by limit: how much was in time, and how much of the time was used.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Tally;
use crate::calendar::{Calendar, Length, Moment, Unit};
use crate::outlook::{Obligation, Status};
use crate::register::Register;

/// Upper bounds of the classes of the share of a limit that was used, in per
/// cent; what is above the last one is a class of its own. 100 is one of them:
/// no class holds both what was in time and what was not.
pub const SHARES: [u32; 7] = [20, 40, 60, 80, 100, 150, 200];

/// How it went with a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitStatistics {
    /// Index of the kind.
    pub kind: usize,
    /// Index of the limit in it.
    pub limit: usize,
    /// The clauses that its lengths come from, in the order met.
    pub clauses: Vec<Arc<str>>,
    /// How many stand how.
    pub tally: Tally,
    /// How many were met having used which share of the time, by the classes
    /// of [`SHARES`]. Of a date agreed in the record, of a limit that runs
    /// backwards and of a rhythm there is no share.
    pub shares: [usize; SHARES.len() + 1],
    /// Half of them used no more than this, in per cent; none without a share.
    pub median: Option<u32>,
}

impl LimitStatistics {
    /// How many there is a share of.
    pub fn measured(&self) -> usize {
        self.shares.iter().sum()
    }
}

/// The share of its time that an obligation took, 1.0 being all of it; more
/// than that exactly when it was met late. None when it was not met, or when
/// its time has no beginning that a share could be taken of.
///
/// Elapsed hours are counted where the limit is one of hours, office hours
/// everywhere else. What is known only to the day happened when business
/// closed, as for the limit itself.
pub fn share_used(calendar: &Calendar, obligation: &Obligation) -> Option<f64> {
    let length = obligation.length.filter(|length| !length.is_backwards())?;
    if obligation.round.is_some() {
        return None;
    }
    let start = instant(calendar, obligation.start?)?;
    let met = instant(calendar, obligation.met_at?)?;
    let whole = elapsed(calendar, &length, start, obligation.due.instant)?;
    if whole <= SignedDuration::ZERO {
        return None;
    }
    let used = elapsed(calendar, &length, start, met)?;
    let share = (used.as_secs_f64() / whole.as_secs_f64()).max(0.0);
    // What was late by an evening took no office hours more, and yet was late.
    Some(match obligation.status {
        Status::Met => share.min(1.0),
        _ => share.max(1.0 + f64::EPSILON),
    })
}

fn instant(calendar: &Calendar, moment: Moment) -> Option<Timestamp> {
    match moment {
        Moment::Instant(instant) => Some(instant),
        day => calendar.due_at(day).ok().map(|close| close.instant),
    }
}

fn elapsed(
    calendar: &Calendar,
    length: &Length,
    from: Timestamp,
    to: Timestamp,
) -> Option<SignedDuration> {
    match length {
        Length::Span {
            unit: Unit::Hours, ..
        } => Some(to.duration_since(from)),
        _ => calendar.working_time_between(from, to).ok(),
    }
}

/// The class of a share.
fn class_of(share: f64) -> usize {
    SHARES
        .iter()
        .position(|bound| share <= f64::from(*bound) / 100.0)
        .unwrap_or(SHARES.len())
}

/// Limits while they are counted.
pub(super) struct Counting {
    limits: Vec<Counted>,
    /// Where each kind's limits begin.
    first: Vec<usize>,
}

struct Counted {
    statistics: LimitStatistics,
    shares: Vec<f64>,
}

impl Counting {
    pub fn new(register: &Register) -> Self {
        let mut limits = Vec::new();
        let mut first = Vec::new();
        for (kind, definition) in register.kinds.iter().enumerate() {
            first.push(limits.len());
            limits.extend((0..definition.limits.len()).map(|limit| Counted {
                statistics: LimitStatistics {
                    kind,
                    limit,
                    clauses: Vec::new(),
                    tally: Tally::default(),
                    shares: [0; SHARES.len() + 1],
                    median: None,
                },
                shares: Vec::new(),
            }));
        }
        Counting { limits, first }
    }

    pub fn add(
        &mut self,
        kind: usize,
        obligation: &Obligation,
        counted: &Tally,
        calendar: &Calendar,
    ) {
        let Counted { statistics, shares } = &mut self.limits[self.first[kind] + obligation.limit];
        statistics.tally.merge(counted);
        if let Some(clause) = &obligation.clause
            && !statistics.clauses.contains(clause)
        {
            statistics.clauses.push(clause.clone());
        }
        if let Some(share) = share_used(calendar, obligation) {
            statistics.shares[class_of(share)] += 1;
            shares.push(share);
        }
    }

    pub fn finish(self) -> Vec<LimitStatistics> {
        let counted = self.limits.into_iter().map(|mut counted| {
            counted.statistics.median = median(&mut counted.shares);
            counted.statistics
        });
        counted.filter(|limit| limit.tally.total() > 0).collect()
    }
}

/// The middle of the shares in per cent, between two the mean of both; rounded
/// up past 100, so that it says whether the middle one was in time.
fn median(shares: &mut [f64]) -> Option<u32> {
    let middle = super::flow::middle(shares, f64::total_cmp)?;
    let share = (middle.0 + middle.1) / 2.0 * 100.0;
    Some(if share > 100.0 {
        share.ceil()
    } else {
        share.floor()
    } as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_class_holds_both_what_was_in_time_and_what_was_not() {
        assert_eq!(class_of(0.0), 0);
        assert_eq!(class_of(0.2), 0);
        assert_eq!(class_of(0.21), 1);
        assert_eq!(class_of(1.0), 4);
        assert_eq!(class_of(1.0 + f64::EPSILON), 5);
        assert_eq!(class_of(2.0), 6);
        assert_eq!(class_of(2.01), 7);
    }

    #[test]
    fn the_middle_says_whether_it_was_in_time() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [0.5]), Some(50));
        assert_eq!(median(&mut [0.9, 0.1]), Some(50));
        assert_eq!(median(&mut [3.0, 0.2, 0.4]), Some(40));
        assert_eq!(median(&mut [1.0 + f64::EPSILON]), Some(101));
    }
}
