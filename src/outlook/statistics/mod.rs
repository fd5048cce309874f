//! What an outlook adds up to: how much was on time, who has how much to do,
//! how long matters are open and where they wait.
//!
//! Invariants: everything is counted once, in one pass, from what the
//! outlook's viewer may see, so that a figure never tells of a record that the
//! viewer does not have (D12); what the records do not tell is counted as
//! unknown and never guessed.

mod ageing;
mod flow;
mod limits;
mod load;
mod tally;

pub use ageing::{AGES, Ageing, Oldest};
pub use flow::{Flow, Longest, Stay};
pub use limits::{LimitStatistics, SHARES, share_used};
pub use load::Load;
pub use tally::Tally;

use jiff::civil::Date;

use super::Outlook;

/// So many months are looked back on, the present one included.
pub const MONTHS: usize = 12;

/// What an outlook adds up to.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// The first day of each month looked at, the present one last.
    pub months: [Date; MONTHS],
    /// Everything that fell due in these months.
    pub all: Series,
    /// The same by the department that owed it, by index.
    pub departments: Vec<Series>,
    /// The same by the kind of matter, by index.
    pub kinds: Vec<Series>,
    /// The same by limit, kind by kind, with how quickly it was met; only
    /// limits of which something fell due.
    pub limits: Vec<LimitStatistics>,
    /// What each department has to do now, by index.
    pub department_loads: Vec<Load>,
    /// What each person has to do now, by index.
    pub person_loads: Vec<Load>,
    /// How long open matters have been open, kind by kind; only kinds that have any.
    pub ageing: Vec<Ageing>,
    /// Where matters stand and wait, kind by kind; only kinds that have any under way.
    pub flows: Vec<Flow>,
}

/// Obligations by the month in which they fell due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The present month last.
    pub months: [Tally; MONTHS],
}

impl Series {
    /// All months together.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for month in &self.months {
            total.merge(month);
        }
        total
    }

    /// The present month.
    pub fn this_month(&self) -> &Tally {
        &self.months[MONTHS - 1]
    }

    /// The month before it.
    pub fn last_month(&self) -> &Tally {
        &self.months[MONTHS - 2]
    }
}

impl Statistics {
    /// Adds up an outlook.
    pub fn new(outlook: &Outlook<'_>) -> Self {
        let register = outlook.register;
        let months = months_until(outlook.today);
        let mut all = Series::default();
        let mut departments = vec![Series::default(); register.organisation.departments.len()];
        let mut kinds = vec![Series::default(); register.kinds.len()];
        let mut limits = limits::Counting::new(register);
        for obligation in &outlook.obligations {
            let Some(month) = month_of(&months, obligation.due.date) else {
                continue;
            };
            let Some(counted) = Tally::of(obligation.status) else {
                continue;
            };
            let kind = register.records[obligation.record].kind;
            all.months[month].merge(&counted);
            kinds[kind].months[month].merge(&counted);
            if let Some(department) = outlook.debtor_department(obligation) {
                departments[department.0 as usize].months[month].merge(&counted);
            }
            limits.add(kind, obligation, &counted, &register.calendar);
        }
        let (department_loads, person_loads) = load::loads(outlook);
        Statistics {
            months,
            all,
            departments,
            kinds,
            limits: limits.finish(),
            department_loads,
            person_loads,
            ageing: ageing::of_kinds(outlook),
            flows: flow::of_kinds(outlook),
        }
    }
}

/// The first days of the months up to the one of `today`.
fn months_until(today: Date) -> [Date; MONTHS] {
    let mut month = today.first_of_month();
    let mut months = [month; MONTHS];
    for first in months.iter_mut().rev() {
        *first = month;
        // The year -9999 has no day before it: it then stands several times.
        month = month.yesterday().unwrap_or(month).first_of_month();
    }
    months
}

/// Which of the months a day lies in.
fn month_of(months: &[Date; MONTHS], day: Date) -> Option<usize> {
    let number = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
    let index = number(day) - number(months[0]);
    usize::try_from(index).ok().filter(|index| *index < MONTHS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_months_end_with_the_present_one() {
        let months = months_until(date(2026, 3, 31));
        assert_eq!(months[0], date(2025, 4, 1));
        assert_eq!(months[MONTHS - 1], date(2026, 3, 1));
        assert_eq!(month_of(&months, date(2025, 4, 1)), Some(0));
        assert_eq!(month_of(&months, date(2025, 12, 31)), Some(8));
        assert_eq!(month_of(&months, date(2026, 3, 31)), Some(11));
        assert_eq!(month_of(&months, date(2025, 3, 31)), None);
        assert_eq!(month_of(&months, date(2026, 4, 1)), None);
    }
}
