//! How many obligations stand how.

use crate::outlook::Status;

/// Obligations by how they stand. What lapsed is in none: nobody owed it any
/// more when its time came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Met in time.
    pub met: usize,
    /// Met after their time.
    pub met_late: usize,
    /// Past their time and still owed.
    pub overdue: usize,
    /// Never met, and no longer owed.
    pub missed: usize,
    /// Not due yet.
    pub open: usize,
}

impl Tally {
    /// One obligation of this status; none of what lapsed.
    pub fn of(status: Status) -> Option<Self> {
        let mut tally = Tally::default();
        match status {
            Status::Met => tally.met = 1,
            Status::MetLate => tally.met_late = 1,
            Status::Overdue => tally.overdue = 1,
            Status::Missed => tally.missed = 1,
            Status::DueSoon | Status::Pending => tally.open = 1,
            Status::Lapsed => return None,
        }
        Some(tally)
    }

    /// Adds others.
    pub fn merge(&mut self, other: &Tally) {
        self.met += other.met;
        self.met_late += other.met_late;
        self.overdue += other.overdue;
        self.missed += other.missed;
        self.open += other.open;
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.judged() + self.open
    }

    /// Those of which it is known whether they were in time.
    pub fn judged(&self) -> usize {
        self.met + self.late()
    }

    /// Those that were not in time, met or not.
    pub fn late(&self) -> usize {
        self.met_late + self.unmet()
    }

    /// Those past their time that have not been met.
    pub fn unmet(&self) -> usize {
        self.overdue + self.missed
    }

    /// Whole per cent in time of those of which it is known, rounded down, so
    /// that 100 means all of them; none when none is known.
    pub fn on_time(&self) -> Option<usize> {
        (self.met * 100).checked_div(self.judged())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_per_cent_is_all_of_them_and_what_is_open_does_not_count() {
        let mut tally = Tally {
            met: 399,
            met_late: 1,
            ..Tally::default()
        };
        assert_eq!(tally.on_time(), Some(99));
        tally.met_late = 0;
        tally.open = 7;
        assert_eq!(tally.on_time(), Some(100));
        assert_eq!(tally.total(), 406);
        tally.missed = 399;
        assert_eq!(tally.on_time(), Some(50));
        assert_eq!(Tally::default().on_time(), None);
        assert_eq!(Tally::of(Status::Lapsed), None);
    }
}
