//! Which days are working days, year by year, as the State Council arranges.
//!
//! Invariant: a date is answered only when its own year has a table. Adjoining
//! years form one run, in which every day and every working day has a number,
//! so that counting is subtraction and adding is one look-up.

use std::collections::HashMap;

use jiff::civil::{Date, Weekday};

use super::MissingYear;

/// The name of a festival in both languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FestivalName {
    /// In Chinese: 春节.
    pub zh: String,
    /// In English: Spring Festival.
    pub en: String,
}

/// A festival of one year's arrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Festival {
    /// Its name.
    pub name: FestivalName,
    /// Days off, weekends within them included.
    pub off: Vec<Date>,
    /// Weekend days that are worked for it (调休上班).
    pub work: Vec<Date>,
}

/// One year's arrangement: the contents of a calendar file. Its dates may lie
/// in the last days of the year before or the first of the year after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// The notice that it comes from, as written in the file.
    pub source: Option<String>,
    /// Its festivals.
    pub festivals: Vec<Festival>,
}

/// What kind of day a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// Monday to Friday, worked.
    Working,
    /// A weekend day worked for a festival (调休上班).
    MakeUp,
    /// Saturday or Sunday, off.
    Weekend,
    /// A day off of a festival.
    Holiday,
}

impl DayKind {
    /// Whether it is a working day.
    pub fn is_working(self) -> bool {
        matches!(self, DayKind::Working | DayKind::MakeUp)
    }

    /// Stable name, for wording and for JSON.
    pub fn code(self) -> &'static str {
        match self {
            DayKind::Working => "working",
            DayKind::MakeUp => "make-up",
            DayKind::Weekend => "weekend",
            DayKind::Holiday => "holiday",
        }
    }
}

/// A day as the calendar knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day<'a> {
    /// The date.
    pub date: Date,
    /// Its kind.
    pub kind: DayKind,
    /// The festival that makes it a holiday or a make-up working day.
    pub festival: Option<&'a FestivalName>,
}

/// What is wrong in the years that a table is made from. The table is made all
/// the same, without the entry at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolidayProblem {
    /// A second table for a year; the first is kept.
    DuplicateYear {
        /// The year.
        year: i16,
    },
    /// A date neither in the table's year nor within a month of it.
    OutOfYear {
        /// The table's year.
        year: i16,
        /// The date.
        date: Date,
    },
    /// A date listed a second time, as a day off or as a working day.
    Repeated {
        /// The table's year.
        year: i16,
        /// The date.
        date: Date,
    },
    /// A make-up working day that is Monday to Friday, and so worked anyway.
    MakeUpOnWeekday {
        /// The table's year.
        year: i16,
        /// The date.
        date: Date,
    },
}

impl HolidayProblem {
    /// Stable name of the problem, for wording and for JSON.
    pub fn code(&self) -> &'static str {
        match self {
            HolidayProblem::DuplicateYear { .. } => "calendar-duplicate-year",
            HolidayProblem::OutOfYear { .. } => "calendar-date-out-of-year",
            HolidayProblem::Repeated { .. } => "calendar-date-repeated",
            HolidayProblem::MakeUpOnWeekday { .. } => "calendar-make-up-on-weekday",
        }
    }

    /// The year whose file is at fault.
    pub fn year(&self) -> i16 {
        match self {
            HolidayProblem::DuplicateYear { year }
            | HolidayProblem::OutOfYear { year, .. }
            | HolidayProblem::Repeated { year, .. }
            | HolidayProblem::MakeUpOnWeekday { year, .. } => *year,
        }
    }

    /// The date at fault, to be pointed at in the file.
    pub fn date(&self) -> Option<Date> {
        match self {
            HolidayProblem::DuplicateYear { .. } => None,
            HolidayProblem::OutOfYear { date, .. }
            | HolidayProblem::Repeated { date, .. }
            | HolidayProblem::MakeUpOnWeekday { date, .. } => Some(*date),
        }
    }

    /// Values that the wording may use: `year`, and `date` where there is one.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("year", self.year().to_string())];
        if let Some(date) = self.date() {
            parameters.push(("date", date.to_string()));
        }
        parameters
    }
}

/// Working days and days off of the years that have a table.
#[derive(Debug, Clone, Default)]
pub struct HolidayTable {
    runs: Vec<Run>,
    names: Vec<FestivalName>,
    sources: Vec<(i16, Option<String>)>,
}

impl HolidayTable {
    /// The table of these years, in any order, and everything wrong with them.
    pub fn new(years: Vec<Year>) -> (HolidayTable, Vec<HolidayProblem>) {
        let mut problems = Vec::new();
        let mut table = HolidayTable::default();
        let mut special: HashMap<Date, (DayKind, u16)> = HashMap::new();
        for year in years {
            if table.sources.iter().any(|(known, _)| *known == year.year) {
                problems.push(HolidayProblem::DuplicateYear { year: year.year });
                continue;
            }
            table.sources.push((year.year, year.source));
            for festival in year.festivals {
                let name = table.name(festival.name);
                let off = festival
                    .off
                    .into_iter()
                    .map(|date| (date, DayKind::Holiday));
                let work = festival
                    .work
                    .into_iter()
                    .map(|date| (date, DayKind::MakeUp));
                for (date, kind) in off.chain(work) {
                    match misplaced(year.year, date, kind) {
                        Some(problem) => problems.push(problem),
                        None if special.contains_key(&date) => {
                            problems.push(HolidayProblem::Repeated {
                                year: year.year,
                                date,
                            });
                        }
                        None => {
                            special.insert(date, (kind, name));
                        }
                    }
                }
            }
        }
        table.sources.sort();
        for (year, _) in &table.sources {
            match table.runs.last_mut() {
                Some(run) if i32::from(run.last_year) + 1 == i32::from(*year) => {
                    run.extend(&special)
                }
                _ => table.runs.push(Run::of_year(*year, &special)),
            }
        }
        (table, problems)
    }

    fn name(&mut self, name: FestivalName) -> u16 {
        let known = self.names.iter().position(|known| *known == name);
        let index = known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        // More than 65,535 names would share the last: a name only, not a day.
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// The years that have a table, in order, each with the notice it comes from.
    pub fn years(&self) -> impl Iterator<Item = (i16, Option<&str>)> {
        self.sources
            .iter()
            .map(|(year, source)| (*year, source.as_deref()))
    }

    /// Whether `year` has a table.
    pub fn covers(&self, year: i16) -> bool {
        self.run(year).is_some()
    }

    /// What kind of day `date` is, and whose festival.
    pub fn day(&self, date: Date) -> Result<Day<'_>, MissingYear> {
        let place = self.locate(date)?;
        let entry = place.run.days[place.index];
        Ok(Day {
            date,
            kind: entry.kind,
            festival: match entry.kind {
                DayKind::Holiday | DayKind::MakeUp => self.names.get(usize::from(entry.festival)),
                DayKind::Working | DayKind::Weekend => None,
            },
        })
    }

    fn run(&self, year: i16) -> Option<&Run> {
        self.runs
            .iter()
            .find(|run| (run.first_year..=run.last_year).contains(&year))
    }

    pub(super) fn locate(&self, date: Date) -> Result<Place<'_>, MissingYear> {
        let run = self
            .run(date.year())
            .ok_or(MissingYear { year: date.year() })?;
        Ok(Place {
            run,
            index: run.index(date),
        })
    }

    /// Working days from `a` (excluded) through `b` (included); negative, `a`
    /// excluded and `b` included as well, when `b` is the earlier.
    pub(super) fn count_between(&self, a: Date, b: Date) -> Result<i64, MissingYear> {
        let (from, to) = (self.locate(a)?, self.locate(b)?);
        if from.run.first_year != to.run.first_year {
            let year = if a < b {
                from.run.last_year + 1
            } else {
                from.run.first_year - 1
            };
            return Err(MissingYear { year });
        }
        Ok(if a <= b {
            to.counted_through() - from.counted_through()
        } else {
            to.counted_before() - from.counted_before()
        })
    }
}

/// What speaks against `date` as such a day in the table of `year`.
fn misplaced(year: i16, date: Date, kind: DayKind) -> Option<HolidayProblem> {
    let distance = i32::from(date.year()) - i32::from(year);
    let near = match distance {
        0 => true,
        -1 => date.month() == 12,
        1 => date.month() == 1,
        _ => false,
    };
    if !near {
        return Some(HolidayProblem::OutOfYear { year, date });
    }
    (kind == DayKind::MakeUp && !is_weekend(date))
        .then_some(HolidayProblem::MakeUpOnWeekday { year, date })
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Adjoining years, every day numbered from the first.
#[derive(Debug, Clone)]
pub(super) struct Run {
    first_year: i16,
    last_year: i16,
    /// The number of each month's first day.
    months: Vec<u32>,
    days: Vec<Entry>,
    /// The numbers of the working days.
    working: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    date: Date,
    kind: DayKind,
    festival: u16,
    /// Working days of the run up to and including this day.
    counted: u32,
}

impl Run {
    fn of_year(year: i16, special: &HashMap<Date, (DayKind, u16)>) -> Run {
        let mut run = Run {
            first_year: year,
            last_year: year,
            months: Vec::new(),
            days: Vec::new(),
            working: Vec::new(),
        };
        run.append(year, special);
        run
    }

    fn extend(&mut self, special: &HashMap<Date, (DayKind, u16)>) {
        self.last_year += 1;
        self.append(self.last_year, special);
    }

    fn append(&mut self, year: i16, special: &HashMap<Date, (DayKind, u16)>) {
        for month in 1..=12 {
            self.months.push(self.days.len() as u32);
            let mut next = Date::new(year, month, 1).ok();
            while let Some(date) = next {
                let (kind, festival) = match special.get(&date) {
                    Some(known) => *known,
                    None if is_weekend(date) => (DayKind::Weekend, 0),
                    None => (DayKind::Working, 0),
                };
                if kind.is_working() {
                    self.working.push(self.days.len() as u32);
                }
                let counted = self.working.len() as u32;
                self.days.push(Entry {
                    date,
                    kind,
                    festival,
                    counted,
                });
                next = date.tomorrow().ok().filter(|next| next.month() == month);
            }
        }
    }

    fn index(&self, date: Date) -> usize {
        let month =
            usize::from(date.year().abs_diff(self.first_year)) * 12 + date.month() as usize - 1;
        self.months[month] as usize + date.day() as usize - 1
    }
}

/// A date found in its run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    run: &'a Run,
    index: usize,
}

impl Place<'_> {
    pub(super) fn is_working(self) -> bool {
        self.run.days[self.index].kind.is_working()
    }

    /// Working days of the run up to and including this day.
    pub(super) fn counted_through(self) -> i64 {
        i64::from(self.run.days[self.index].counted)
    }

    /// Working days of the run before this day.
    pub(super) fn counted_before(self) -> i64 {
        self.counted_through() - i64::from(self.is_working())
    }

    /// The working day that is the `number`th of the run, counted from 1. The
    /// missing year is the one next to the run, before it or after it.
    pub(super) fn working_day(self, number: i64) -> Result<Date, MissingYear> {
        if number < 1 {
            return Err(MissingYear {
                year: self.run.first_year - 1,
            });
        }
        usize::try_from(number - 1)
            .ok()
            .and_then(|index| self.run.working.get(index))
            .map(|day| self.run.days[*day as usize].date)
            .ok_or(MissingYear {
                year: self.run.last_year + 1,
            })
    }

    /// The first working day after this day.
    pub(super) fn next_working_day(self) -> Result<Date, MissingYear> {
        self.working_day(self.counted_through() + 1)
    }

    /// The last working day before this day.
    pub(super) fn previous_working_day(self) -> Result<Date, MissingYear> {
        self.working_day(self.counted_before())
    }
}
