//! Limits counted on the shipped calendars of 2024 to 2026.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{fs, path::Path};

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use proptest::prelude::*;
use taizhang::calendar::{
    Calendar, CalendarError, Close, DayKind, Due, Festival, FestivalName, HolidayProblem,
    HolidayTable, LateStart, Length, MissingYear, Moment, OfficeHours, Role, Settings, Unit, Year,
};
use toml::de::{DeTable, DeValue};

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The shipped calendar of a year, read as its file is meant to be read.
fn year(year: i16) -> Year {
    let text = file(&format!("templates/calendar/{year}.toml"));
    let table = DeTable::parse(&text).unwrap().into_inner();
    let text_of = |value: &DeValue| value.as_str().unwrap().to_owned();
    let date_of = |value: &DeValue| {
        value
            .as_datetime()
            .unwrap()
            .to_string()
            .parse::<Date>()
            .unwrap()
    };
    let dates = |value: Option<&toml::Spanned<DeValue>>| {
        let mut dates = Vec::new();
        for entry in value
            .map(|value| value.get_ref().as_array().unwrap().iter())
            .into_iter()
            .flatten()
        {
            match entry.get_ref() {
                DeValue::Table(range) => {
                    let mut date = date_of(range["from"].get_ref());
                    while date <= date_of(range["to"].get_ref()) {
                        dates.push(date);
                        date = date.tomorrow().unwrap();
                    }
                }
                single => dates.push(date_of(single)),
            }
        }
        dates
    };
    let festivals = table["festivals"].get_ref().as_array().unwrap().iter();
    Year {
        year: table["year"]
            .get_ref()
            .as_integer()
            .unwrap()
            .as_str()
            .parse()
            .unwrap(),
        source: Some(text_of(table["source"].get_ref())),
        festivals: festivals
            .map(|festival| {
                let festival = festival.get_ref().as_table().unwrap();
                let name = festival["name"].get_ref().as_table().unwrap();
                Festival {
                    name: FestivalName {
                        zh: text_of(name["zh"].get_ref()),
                        en: text_of(name["en"].get_ref()),
                    },
                    off: dates(festival.get("off")),
                    work: dates(festival.get("work")),
                }
            })
            .collect(),
    }
}

fn table(years: &[i16]) -> HolidayTable {
    let (table, problems) = HolidayTable::new(years.iter().map(|known| year(*known)).collect());
    assert_eq!(problems, []);
    table
}

fn calendar_with(change: impl FnOnce(&mut Settings)) -> Calendar {
    let mut settings = Settings::default();
    change(&mut settings);
    Calendar::new(settings, table(&[2024, 2025, 2026]))
}

fn calendar() -> Calendar {
    calendar_with(|_| {})
}

/// An instant or a day, as a record writes it, on the clock of Shanghai.
fn moment(text: &str) -> Moment {
    match text.parse::<Date>() {
        Ok(date) if !text.contains('T') => Moment::Date(date),
        _ => Moment::Instant(instant(text)),
    }
}

fn instant(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

fn length(text: &str) -> Length {
    text.parse().unwrap()
}

/// Day and clock of the end of a limit: `2026-02-14 18:00`.
fn due(calendar: &Calendar, start: &str, of: &str) -> String {
    match calendar.add(moment(start), &length(of)) {
        Ok(due) => shown(calendar, &due),
        Err(error) => error.to_string(),
    }
}

fn shown(calendar: &Calendar, due: &Due) -> String {
    let (hour, minute) = calendar.clock(due);
    format!("{} {hour:02}:{minute:02}", due.date)
}

#[track_caller]
fn assert_due(calendar: &Calendar, cases: &[(&str, &str, &str)]) {
    for (start, of, expected) in cases {
        assert_eq!(due(calendar, start, of), *expected, "{start} + {of}");
    }
}

// The calendar itself

#[test]
fn every_day_is_what_the_state_council_arranged() {
    let calendar = calendar();
    let days = file("tests/data/calendar/cn-days-2024-2026.tsv");
    let mut seen = 0;
    for line in days.lines().skip(1) {
        let [date, _, works, kind, festival] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line:?}");
        };
        let day = calendar.day(date.parse().unwrap()).unwrap();
        let expected = match kind {
            "workday" => DayKind::Working,
            "makeup-workday" => DayKind::MakeUp,
            "weekend" => DayKind::Weekend,
            "holiday" => DayKind::Holiday,
            other => panic!("{other}"),
        };
        assert_eq!(day.kind, expected, "{date}");
        assert_eq!(day.kind.is_working(), works == "1", "{date}");
        assert_eq!(
            calendar.is_working_day(day.date),
            Ok(works == "1"),
            "{date}"
        );
        assert_eq!(
            day.festival.map_or("", |name| name.zh.as_str()),
            festival,
            "{date}"
        );
        seen += 1;
    }
    assert_eq!(seen, 366 + 365 + 365);
}

#[test]
fn a_year_has_as_many_working_days_as_was_announced() {
    let calendar = calendar();
    for (year, days) in [(2024, 251), (2025, 248), (2026, 248)] {
        let first = date(year, 1, 1);
        let counted = calendar
            .working_days_between(first, date(year, 12, 31))
            .unwrap()
            + i64::from(calendar.is_working_day(first).unwrap());
        assert_eq!(counted, days, "{year}");
    }
}

#[test]
fn new_years_eve_of_2024_was_worked() {
    let calendar = calendar();
    assert_eq!(calendar.is_working_day(date(2024, 2, 9)), Ok(true));
    assert_eq!(
        calendar.next_working_day(date(2024, 2, 9)),
        Ok(date(2024, 2, 18))
    );
    assert_eq!(
        calendar.previous_working_day(date(2024, 2, 18)),
        Ok(date(2024, 2, 9))
    );
}

#[test]
fn the_source_of_a_year_is_kept() {
    let table = table(&[2026, 2025]);
    let years: Vec<_> = table.years().collect();
    assert_eq!(
        years.iter().map(|(year, _)| *year).collect::<Vec<_>>(),
        [2025, 2026]
    );
    assert!(years[0].1.unwrap().contains("国办发明电〔2024〕12号"));
    assert!(table.covers(2025) && !table.covers(2024) && !table.covers(2027));
}

fn festival(off: &[Date], work: &[Date]) -> Festival {
    Festival {
        name: FestivalName {
            zh: "厂庆".to_owned(),
            en: "Founding day".to_owned(),
        },
        off: off.to_vec(),
        work: work.to_vec(),
    }
}

#[test]
fn a_table_reports_everything_wrong_and_keeps_the_rest() {
    let wrong = Year {
        year: 2027,
        source: None,
        festivals: vec![
            festival(
                &[date(2027, 5, 1), date(2025, 5, 1), date(2026, 11, 30)],
                &[],
            ),
            festival(&[date(2027, 5, 1)], &[date(2027, 5, 10), date(2027, 5, 8)]),
            festival(&[date(2027, 5, 4)], &[date(2027, 5, 8)]),
        ],
    };
    let again = Year {
        year: 2027,
        source: None,
        festivals: Vec::new(),
    };
    let (table, problems) = HolidayTable::new(vec![wrong, again]);
    assert_eq!(
        problems,
        [
            HolidayProblem::OutOfYear {
                year: 2027,
                date: date(2025, 5, 1)
            },
            HolidayProblem::OutOfYear {
                year: 2027,
                date: date(2026, 11, 30)
            },
            HolidayProblem::Repeated {
                year: 2027,
                date: date(2027, 5, 1)
            },
            HolidayProblem::MakeUpOnWeekday {
                year: 2027,
                date: date(2027, 5, 10)
            },
            HolidayProblem::Repeated {
                year: 2027,
                date: date(2027, 5, 8)
            },
            HolidayProblem::DuplicateYear { year: 2027 },
        ]
    );
    assert_eq!(table.day(date(2027, 5, 4)).unwrap().kind, DayKind::Holiday);
    assert_eq!(table.day(date(2027, 5, 8)).unwrap().kind, DayKind::MakeUp);
}

#[test]
fn new_year_may_take_days_of_the_old_year() {
    // As in the arrangement of 2019: Monday 31 December off, Saturday the 29th worked.
    let old = Year {
        year: 2018,
        source: None,
        festivals: Vec::new(),
    };
    let new = Year {
        year: 2019,
        source: None,
        festivals: vec![festival(
            &[date(2018, 12, 31), date(2019, 1, 1)],
            &[date(2018, 12, 29)],
        )],
    };
    for years in [vec![old.clone(), new.clone()], vec![new, old]] {
        let (table, problems) = HolidayTable::new(years);
        assert_eq!(problems, []);
        assert_eq!(table.day(date(2018, 12, 29)).unwrap().kind, DayKind::MakeUp);
        assert_eq!(
            table.day(date(2018, 12, 31)).unwrap().kind,
            DayKind::Holiday
        );
    }
}

// Working days

#[test]
fn vectors_of_working_days() {
    let calendar = calendar();
    let vectors = file("tests/data/calendar/workday-vectors.tsv");
    let mut seen = 0;
    for line in vectors.lines().skip(1) {
        let [start, count, end] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line:?}");
        };
        assert_eq!(
            due(&calendar, start, &format!("{count}wd")),
            format!("{end} 18:00"),
            "{line}"
        );
        let between = calendar.working_days_between(start.parse().unwrap(), end.parse().unwrap());
        assert_eq!(between, Ok(count.parse().unwrap()), "{line}");
        seen += 1;
    }
    assert_eq!(seen, 100);
}

#[test]
fn working_days_around_festivals() {
    assert_due(
        &calendar(),
        &[
            ("2024-02-08", "2wd", "2024-02-18 18:00"),
            ("2024-09-14", "2wd", "2024-09-19 18:00"),
            ("2025-01-27", "1wd", "2025-02-05 18:00"),
            ("2025-09-30", "3wd", "2025-10-11 18:00"),
            ("2025-12-31", "1wd", "2026-01-04 18:00"),
            ("2026-02-12", "2wd", "2026-02-14 18:00"),
            ("2026-02-13", "2wd", "2026-02-24 18:00"),
            ("2026-04-30", "2wd", "2026-05-07 18:00"),
            ("2026-09-18", "2wd", "2026-09-21 18:00"),
            ("2026-09-30", "3wd", "2026-10-10 18:00"),
        ],
    );
}

#[test]
fn notice_of_a_meeting_counts_back() {
    assert_due(
        &calendar(),
        &[
            // Saturday the 28th is worked: it is the first day before, Friday the second.
            ("2026-03-02", "-2wd", "2026-02-27 18:00"),
            ("2026-03-02T09:00:00", "-2wd", "2026-02-27 18:00"),
            ("2026-03-02T23:00:00", "-2wd", "2026-02-27 18:00"),
            ("2026-03-02", "-1wd", "2026-02-28 18:00"),
            ("2026-02-24", "-1wd", "2026-02-14 18:00"),
            // A meeting on a day off.
            ("2026-03-01", "-1wd", "2026-02-28 18:00"),
            ("2026-01-04", "-1wd", "2025-12-31 18:00"),
        ],
    );
}

#[test]
fn the_start_day_does_not_count_however_late_or_off() {
    let literal = calendar();
    assert_due(
        &literal,
        &[
            ("2026-03-05T00:00:00", "1wd", "2026-03-06 18:00"),
            ("2026-03-05T20:00:00", "1wd", "2026-03-06 18:00"),
            ("2026-03-07T10:00:00", "1wd", "2026-03-09 18:00"),
            ("2026-03-07", "1wd", "2026-03-09 18:00"),
            ("2026-02-18", "1wd", "2026-02-24 18:00"),
        ],
    );
    let kind = calendar_with(|settings| settings.late_start = LateStart::NextWorkingDay);
    assert_due(
        &kind,
        &[
            ("2026-03-05T18:00:00", "1wd", "2026-03-06 18:00"),
            ("2026-03-05T18:00:01", "1wd", "2026-03-09 18:00"),
            ("2026-03-07T10:00:00", "1wd", "2026-03-10 18:00"),
            ("2026-03-07", "1wd", "2026-03-10 18:00"),
            ("2026-03-05T20:00:00", "3d", "2026-03-09 18:00"),
            // A meeting in the evening is on that day, however late.
            ("2026-03-05T20:00:00", "-1wd", "2026-03-04 18:00"),
        ],
    );
}

#[test]
fn the_day_is_that_of_the_company_and_not_of_utc() {
    // 23:30 of the 5th in UTC is the 6th in Shanghai.
    let start = "2026-03-05T23:30:00Z".parse::<Timestamp>().unwrap();
    let end = calendar().add(start.into(), &length("1wd")).unwrap();
    assert_eq!(end.date, date(2026, 3, 9));
    assert_eq!(end.instant, "2026-03-09T10:00:00Z".parse().unwrap());
}

#[test]
fn a_day_may_end_at_midnight() {
    let calendar = calendar_with(|settings| settings.close_of_day = Close::Midnight);
    assert_due(
        &calendar,
        &[
            ("2026-02-12", "2wd", "2026-02-14 24:00"),
            ("2026-03-02", "-2wd", "2026-02-27 24:00"),
            ("2026-03-05", "24h", "2026-03-06 24:00"),
            ("2026-03-05T16:00:00", "8h", "2026-03-06 00:00"),
            ("2026-03-05", "end of this month", "2026-03-31 24:00"),
        ],
    );
    let end = calendar.add(moment("2026-02-12"), &length("2wd")).unwrap();
    assert_eq!(end.instant, instant("2026-02-15T00:00:00"));
    assert!(end.is_met_by(moment("2026-02-14")));
    assert!(end.is_met_by(moment("2026-02-14T23:59:59")));
    assert!(!end.is_met_by(moment("2026-02-15")));
    assert!(!end.is_met_by(moment("2026-02-15T00:00:01")));
}

// Calendar units

#[test]
fn calendar_units_exclude_the_start_and_move_off_holidays() {
    assert_due(
        &calendar(),
        &[
            ("2026-03-02", "3d", "2026-03-05 18:00"),
            ("2026-04-28", "3d", "2026-05-06 18:00"),
            ("2026-02-12", "1w", "2026-02-24 18:00"),
            // A Saturday that is worked ends a limit.
            ("2026-02-07", "1w", "2026-02-14 18:00"),
            ("2026-02-10", "1mo", "2026-03-10 18:00"),
            ("2026-01-05", "1q", "2026-04-07 18:00"),
            ("2025-03-02", "1y", "2026-03-02 18:00"),
            // Backwards, to the working day before.
            ("2026-03-04", "-3d", "2026-02-28 18:00"),
            ("2026-02-27", "-1w", "2026-02-14 18:00"),
        ],
    );
    let moved = calendar().add(moment("2026-04-28"), &length("3d")).unwrap();
    assert_eq!(moved.shifted_from, Some(date(2026, 5, 1)));
    let unmoved = calendar().add(moment("2026-03-02"), &length("3d")).unwrap();
    assert_eq!(unmoved.shifted_from, None);
}

#[test]
fn a_month_without_that_day_ends_on_its_last() {
    assert_due(
        &calendar(),
        &[
            ("2024-01-31", "1mo", "2024-02-29 18:00"),
            ("2025-01-31", "1mo", "2025-02-28 18:00"),
            ("2026-01-31", "1mo", "2026-02-28 18:00"),
            ("2026-08-31", "1q", "2026-11-30 18:00"),
            ("2024-02-29", "1y", "2025-02-28 18:00"),
        ],
    );
}

#[test]
fn shifting_can_be_turned_off() {
    let calendar = calendar_with(|settings| settings.shift_off_days = false);
    assert_due(
        &calendar,
        &[
            ("2026-04-28", "3d", "2026-05-01 18:00"),
            ("2026-02-12", "1w", "2026-02-19 18:00"),
            // Then no table is needed either.
            ("2031-01-31", "1mo", "2031-02-28 18:00"),
            ("2031-01-31", "end of next month", "2031-02-28 18:00"),
            ("2031-02-01T18:30:00", "17:00 today", "2031-02-02 17:00"),
            // Working days are working days all the same.
            ("2026-02-13", "2wd", "2026-02-24 18:00"),
        ],
    );
}

// Hours

#[test]
fn hours_run_from_the_minute_through_everything() {
    assert_due(
        &calendar(),
        &[
            ("2026-03-06T16:10:00", "24h", "2026-03-07 16:10"),
            ("2026-03-06T16:10:00", "2h", "2026-03-06 18:10"),
            ("2026-02-14T17:00:00", "48h", "2026-02-16 17:00"),
            ("2026-03-06T16:10:00", "-24h", "2026-03-05 16:10"),
            // Known only to the day: from the close of it, backwards from its opening.
            ("2026-03-05", "24h", "2026-03-06 18:00"),
            ("2026-03-05", "-24h", "2026-03-04 09:00"),
            // No table is needed.
            ("2031-03-06T16:10:00", "24h", "2031-03-07 16:10"),
        ],
    );
}

#[test]
fn working_hours_stop_for_lunch_nights_and_holidays() {
    assert_due(
        &calendar(),
        &[
            ("2026-03-05T09:30:00", "2wh", "2026-03-05 11:30"),
            ("2026-03-05T11:00:00", "2wh", "2026-03-05 14:30"),
            ("2026-03-05T11:00:00", "1wh", "2026-03-05 12:00"),
            ("2026-03-05T12:30:00", "1wh", "2026-03-05 14:30"),
            ("2026-03-05T14:00:00", "4wh", "2026-03-05 18:00"),
            ("2026-03-05T17:00:00", "2wh", "2026-03-06 10:00"),
            ("2026-03-05T20:00:00", "2wh", "2026-03-06 11:00"),
            ("2026-03-06T17:30:00", "2wh", "2026-03-09 10:30"),
            ("2026-03-07T10:00:00", "2wh", "2026-03-09 11:00"),
            ("2026-02-14T17:00:00", "2wh", "2026-02-24 10:00"),
            ("2026-03-05T10:00:00", "75wh", "2026-03-19 10:00"),
            ("2026-03-05T17:30:00", "-4wh", "2026-03-05 13:30"),
            ("2026-03-05T10:00:00", "-2wh", "2026-03-04 17:00"),
            ("2026-03-09T09:00:00", "-1wh", "2026-03-06 17:00"),
            ("2026-02-24T10:00:00", "-2wh", "2026-02-14 17:00"),
            // Known only to the day.
            ("2026-03-05", "2wh", "2026-03-06 11:00"),
            ("2026-03-05", "-2wh", "2026-03-04 16:00"),
        ],
    );
}

#[test]
fn working_time_is_what_passes_within_office_hours() {
    let calendar = calendar();
    for (a, b, minutes) in [
        ("2026-03-05T11:00:00", "2026-03-05T14:30:00", 120),
        ("2026-02-14T17:00:00", "2026-02-24T10:00:00", 120),
        ("2026-03-07T10:00:00", "2026-03-08T10:00:00", 0),
        ("2026-03-06T00:00:00", "2026-03-07T00:00:00", 450),
        ("2026-03-05T14:30:00", "2026-03-05T11:00:00", -120),
    ] {
        let time = calendar.working_time_between(instant(a), instant(b));
        assert_eq!(time, Ok(SignedDuration::from_mins(minutes)), "{a} {b}");
    }
}

#[test]
fn office_hours_may_end_at_midnight() {
    let calendar = calendar_with(|settings| {
        settings.office_hours = OfficeHours::new(vec!["16:00-24:00".parse().unwrap()]).unwrap();
    });
    assert_due(
        &calendar,
        &[
            ("2026-03-05T20:00:00", "4wh", "2026-03-05 24:00"),
            ("2026-03-05T20:00:00", "5wh", "2026-03-06 17:00"),
            ("2026-03-05", "1wd", "2026-03-06 24:00"),
        ],
    );
}

#[test]
fn summer_time_does_not_move_office_hours() {
    let calendar = calendar_with(|settings| {
        settings.time_zone = TimeZone::get("Europe/Berlin").unwrap();
    });
    // The clocks go forward in the night to Sunday 2026-03-29.
    let start: Timestamp = "2026-03-27T10:00:00+01:00".parse().unwrap();
    for (of, end) in [
        ("1wd", "2026-03-30T18:00:00+02:00"),
        ("8wh", "2026-03-30T10:30:00+02:00"),
        ("72h", "2026-03-30T11:00:00+02:00"),
    ] {
        let due = calendar.add(start.into(), &length(of)).unwrap();
        assert_eq!(due.instant, end.parse().unwrap(), "{of}");
    }
}

// Times and periods

#[test]
fn a_time_of_today_passes_on_to_the_next_working_day() {
    assert_due(
        &calendar(),
        &[
            ("2026-03-05T10:00:00", "17:00 today", "2026-03-05 17:00"),
            ("2026-03-05T17:00:00", "17:00 today", "2026-03-05 17:00"),
            ("2026-03-05T17:00:01", "17:00 today", "2026-03-06 17:00"),
            ("2026-03-06T17:30:00", "17:00 today", "2026-03-09 17:00"),
            ("2026-02-16T10:00:00", "17:00 today", "2026-02-24 17:00"),
            ("2026-03-05", "17:00 today", "2026-03-05 17:00"),
        ],
    );
    let moved = calendar()
        .add(moment("2026-03-06T17:30:00"), &length("17:00 today"))
        .unwrap();
    assert_eq!(moved.shifted_from, Some(date(2026, 3, 6)));
}

#[test]
fn a_period_ends_with_its_last_working_day() {
    assert_due(
        &calendar(),
        &[
            ("2026-03-02", "end of this week", "2026-03-06 18:00"),
            (
                "2026-03-06T18:00:00",
                "end of this week",
                "2026-03-06 18:00",
            ),
            (
                "2026-03-06T18:00:01",
                "end of this week",
                "2026-03-09 18:00",
            ),
            ("2026-03-07", "end of this week", "2026-03-09 18:00"),
            (
                "2026-03-08T19:00:00",
                "end of this week",
                "2026-03-09 18:00",
            ),
            // Weeks with a worked Saturday, a worked Sunday, and without work.
            ("2026-02-10", "end of this week", "2026-02-14 18:00"),
            ("2026-09-15", "end of this week", "2026-09-20 18:00"),
            ("2026-02-17", "end of this week", "2026-02-24 18:00"),
            ("2026-02-12", "end of next week", "2026-02-24 18:00"),
            ("2026-03-02", "end of next week", "2026-03-13 18:00"),
            ("2026-01-15", "end of next month", "2026-02-28 18:00"),
            ("2026-01-15", "end of this month", "2026-01-30 18:00"),
            ("2026-02-15", "end of this quarter", "2026-03-31 18:00"),
            ("2025-10-09", "end of next quarter", "2026-03-31 18:00"),
            ("2026-02-15", "end of this year", "2026-12-31 18:00"),
            ("2026-03-06", "end of today", "2026-03-06 18:00"),
            ("2026-03-06", "end of tomorrow", "2026-03-09 18:00"),
            ("2024-01-01", "end of today", "2024-01-02 18:00"),
        ],
    );
}

// Years without a table

#[test]
fn a_missing_year_is_named_and_weekends_are_never_guessed() {
    let calendar = calendar();
    assert_due(
        &calendar,
        &[
            ("2026-12-30", "1wd", "2026-12-31 18:00"),
            ("2026-12-31", "1wd", "calendar-year-missing: 2027"),
            ("2027-03-01", "1wd", "calendar-year-missing: 2027"),
            ("2024-01-02", "-1wd", "calendar-year-missing: 2023"),
            ("2026-12-31", "3d", "calendar-year-missing: 2027"),
            ("2026-12-31T17:00:00", "1wh", "2026-12-31 18:00"),
            ("2026-12-31T17:00:00", "2wh", "calendar-year-missing: 2027"),
            ("2024-01-02T10:00:00", "-2wh", "calendar-year-missing: 2023"),
            ("2026-12-31", "17:00 today", "2026-12-31 17:00"),
            (
                "2026-12-31T17:30:00",
                "17:00 today",
                "calendar-year-missing: 2027",
            ),
            (
                "2026-12-30",
                "end of this week",
                "calendar-year-missing: 2027",
            ),
        ],
    );
    assert_eq!(
        calendar.is_working_day(date(2027, 1, 4)),
        Err(MissingYear { year: 2027 })
    );
    assert_eq!(
        calendar.day(date(2023, 1, 4)),
        Err(MissingYear { year: 2023 })
    );
}

#[test]
fn a_gap_between_years_is_missing_too() {
    let calendar = Calendar::new(Settings::default(), table(&[2024, 2026]));
    assert_due(
        &calendar,
        &[
            ("2024-12-31", "1wd", "calendar-year-missing: 2025"),
            ("2026-01-04", "-1wd", "calendar-year-missing: 2025"),
            ("2026-01-05", "-1wd", "2026-01-04 18:00"),
        ],
    );
    let missing = Err(MissingYear { year: 2025 });
    assert_eq!(
        calendar.working_days_between(date(2024, 3, 1), date(2026, 3, 2)),
        missing
    );
    assert_eq!(
        calendar.working_days_between(date(2026, 3, 2), date(2024, 3, 1)),
        missing
    );
    let (a, b) = (
        instant("2024-03-01T10:00:00"),
        instant("2026-03-02T10:00:00"),
    );
    assert!(calendar.working_time_between(a, b).is_err());
}

#[test]
fn an_error_has_a_code_and_parameters() {
    let error = calendar()
        .add(moment("2026-12-31"), &length("1wd"))
        .unwrap_err();
    assert_eq!(error.code(), "calendar-year-missing");
    assert_eq!(error.parameters(), [("year", "2027".to_owned())]);
    let far = calendar_with(|settings| settings.shift_off_days = false)
        .add(moment("2026-12-31"), &length("9999y"))
        .unwrap_err();
    assert_eq!(far, CalendarError::OutOfRange);
}

// Rounds

fn rounds(calendar: &Calendar, start: &str, every: &str, until: &str) -> Vec<String> {
    calendar
        .rounds(moment(start), &length(every), instant(until))
        .map(|due| due.map_or_else(|error| error.to_string(), |due| due.date.to_string()))
        .collect()
}

#[test]
fn rounds_are_counted_from_the_start() {
    let calendar = calendar();
    assert_eq!(
        rounds(&calendar, "2026-03-03", "1w", "2026-04-01T00:00:00"),
        ["2026-03-10", "2026-03-17", "2026-03-24", "2026-03-31"]
    );
    // The holiday moves one round and not those after it.
    assert_eq!(
        rounds(&calendar, "2026-04-24", "1w", "2026-05-20T00:00:00"),
        ["2026-05-06", "2026-05-08", "2026-05-15"]
    );
    // The end of February does not stick.
    assert_eq!(
        rounds(&calendar, "2025-12-31", "1mo", "2026-04-01T00:00:00"),
        ["2026-02-02", "2026-02-28", "2026-03-31"]
    );
}

#[test]
fn rounds_that_a_holiday_joins_become_one() {
    // 02-15, 02-18 and 02-21 are all off.
    assert_eq!(
        rounds(&calendar(), "2026-02-12", "3d", "2026-03-01T00:00:00"),
        ["2026-02-24", "2026-02-27"]
    );
}

#[test]
fn rounds_of_days_and_periods() {
    let calendar = calendar();
    assert_eq!(
        rounds(
            &calendar,
            "2026-02-12T09:00:00",
            "17:00 today",
            "2026-02-26T00:00:00"
        ),
        [
            "2026-02-12",
            "2026-02-13",
            "2026-02-14",
            "2026-02-24",
            "2026-02-25"
        ]
    );
    assert_eq!(
        rounds(
            &calendar,
            "2026-02-12",
            "end of this week",
            "2026-03-14T00:00:00"
        ),
        [
            "2026-02-14",
            "2026-02-24",
            "2026-02-28",
            "2026-03-06",
            "2026-03-13"
        ]
    );
    assert_eq!(
        rounds(
            &calendar,
            "2026-01-15",
            "end of next month",
            "2026-05-01T00:00:00"
        ),
        ["2026-02-28", "2026-03-31", "2026-04-30"]
    );
    assert_eq!(
        rounds(
            &calendar,
            "2025-06-15",
            "end of this quarter",
            "2026-01-01T00:00:00"
        ),
        ["2025-06-30", "2025-09-30", "2025-12-31"]
    );
}

#[test]
fn rounds_need_a_year_only_up_to_their_end() {
    let calendar = calendar();
    assert_eq!(
        rounds(&calendar, "2026-12-15", "1w", "2026-12-31T23:00:00"),
        ["2026-12-22", "2026-12-29"]
    );
    assert_eq!(
        rounds(&calendar, "2026-12-15", "1w", "2027-01-02T00:00:00"),
        ["2026-12-22", "2026-12-29", "calendar-year-missing: 2027"]
    );
    assert_eq!(
        rounds(&calendar, "2026-12-15", "-1w", "2026-12-31T23:00:00"),
        ["calendar-backward-rounds"]
    );
    // Whether this week ends on the 31st only the table of 2027 can say.
    assert_eq!(
        rounds(
            &calendar,
            "2026-12-21",
            "end of this week",
            "2026-12-31T23:00:00"
        ),
        ["2026-12-25", "calendar-year-missing: 2027"]
    );
    assert!(rounds(&calendar, "2026-12-15", "1w", "2026-12-01T00:00:00").is_empty());
}

// Explanations

fn explained(calendar: &Calendar, start: &str, of: &str) -> Vec<String> {
    let steps = calendar.explain(moment(start), &length(of)).unwrap();
    let last = steps.last().unwrap();
    assert!(
        last.is_due && steps.iter().filter(|step| step.is_due).count() == 1,
        "{steps:?}"
    );
    steps
        .iter()
        .map(|step| {
            let kind = step.kind.map_or("?", DayKind::code);
            let festival = step.festival.map_or("", |name| name.zh.as_str());
            let role = match step.role {
                Role::Counted { nth } => format!("{nth}"),
                Role::Worked { time } => format!("{}min", time.as_mins()),
                other => other.code().to_owned(),
            };
            format!("{} {kind}{festival} {role}", step.date)
        })
        .collect()
}

#[test]
fn an_explanation_counts_the_days() {
    let calendar = calendar();
    assert_eq!(
        explained(&calendar, "2026-02-12", "2wd"),
        [
            "2026-02-12 working start",
            "2026-02-13 working 1",
            "2026-02-14 make-up春节 2"
        ]
    );
    assert_eq!(
        explained(&calendar, "2026-04-30", "1wd"),
        [
            "2026-04-30 working start",
            "2026-05-01 holiday劳动节 skipped",
            "2026-05-02 holiday劳动节 skipped",
            "2026-05-03 holiday劳动节 skipped",
            "2026-05-04 holiday劳动节 skipped",
            "2026-05-05 holiday劳动节 skipped",
            "2026-05-06 working 1",
        ]
    );
    assert_eq!(
        explained(&calendar, "2026-03-02", "-2wd"),
        [
            "2026-03-02 working start",
            "2026-03-01 weekend skipped",
            "2026-02-28 make-up春节 1",
            "2026-02-27 working 2",
        ]
    );
}

#[test]
fn an_explanation_shows_a_late_start() {
    let calendar = calendar_with(|settings| settings.late_start = LateStart::NextWorkingDay);
    assert_eq!(
        explained(&calendar, "2026-03-06T19:00:00", "1wd"),
        [
            "2026-03-06 working start",
            "2026-03-07 weekend skipped",
            "2026-03-08 weekend skipped",
            "2026-03-09 working start",
            "2026-03-10 working 1",
        ]
    );
}

#[test]
fn an_explanation_shows_where_a_limit_moved_from() {
    let calendar = calendar();
    assert_eq!(
        explained(&calendar, "2026-06-12", "1w"),
        [
            "2026-06-12 working start",
            "2026-06-19 holiday端午节 moved-from",
            "2026-06-20 holiday端午节 skipped",
            "2026-06-21 holiday端午节 skipped",
            "2026-06-22 working end",
        ]
    );
    assert_eq!(
        explained(&calendar, "2026-03-02", "3d"),
        ["2026-03-02 working start", "2026-03-05 working end"]
    );
    assert_eq!(
        explained(&calendar, "2026-03-05", "end of this week"),
        [
            "2026-03-05 working start",
            "2026-03-08 weekend moved-from",
            "2026-03-07 weekend skipped",
            "2026-03-06 working end",
        ]
    );
    assert_eq!(
        explained(&calendar, "2026-03-06", "end of this week"),
        ["2026-03-06 working start"]
    );
    assert_eq!(
        explained(&calendar, "2026-03-05T10:00:00", "2h"),
        ["2026-03-05 working start"]
    );
    assert_eq!(
        explained(&calendar, "2031-03-05T10:00:00", "24h"),
        ["2031-03-05 ? start", "2031-03-06 ? end"]
    );
}

#[test]
fn an_explanation_shows_the_hours_of_each_day() {
    let calendar = calendar();
    assert_eq!(
        explained(&calendar, "2026-03-06T17:00:00", "4wh"),
        [
            "2026-03-06 working 60min",
            "2026-03-07 weekend skipped",
            "2026-03-08 weekend skipped",
            "2026-03-09 working 180min",
        ]
    );
    assert_eq!(
        explained(&calendar, "2026-03-09T10:00:00", "-2wh"),
        [
            "2026-03-09 working 60min",
            "2026-03-08 weekend skipped",
            "2026-03-07 weekend skipped",
            "2026-03-06 working 60min",
        ]
    );
    assert_eq!(
        explained(&calendar, "2026-03-05", "2wh"),
        ["2026-03-05 working start", "2026-03-06 working 120min"]
    );
}

// Properties

/// Days whose limits, as long as generated here, stay within the tables.
fn days() -> impl Strategy<Value = Date> {
    (0..800i64).prop_map(|after| date(2024, 5, 1).checked_add(after.days()).unwrap())
}

fn instants() -> impl Strategy<Value = Timestamp> {
    (days(), 0..86_400i64).prop_map(|(day, second)| {
        let midnight = day
            .to_zoned(TimeZone::get("Asia/Shanghai").unwrap())
            .unwrap()
            .timestamp();
        midnight + SignedDuration::from_secs(second)
    })
}

fn moments() -> impl Strategy<Value = Moment> {
    prop_oneof![
        days().prop_map(Moment::Date),
        instants().prop_map(Moment::Instant)
    ]
}

/// Lengths in days or longer, forwards.
fn spans() -> impl Strategy<Value = Length> {
    prop_oneof![
        (1..60i32).prop_map(|count| Length::of(count, Unit::WorkingDays).unwrap()),
        (1..90i32).prop_map(|count| Length::of(count, Unit::Days).unwrap()),
        (1..12i32).prop_map(|count| Length::of(count, Unit::Weeks).unwrap()),
        (1..4i32).prop_map(|count| Length::of(count, Unit::Months).unwrap()),
        Just(Length::of(1, Unit::Quarters).unwrap()),
    ]
}

fn lengths() -> impl Strategy<Value = Length> {
    let written = prop::sample::select(vec![
        "17:00 today",
        "09:00 today",
        "end of today",
        "end of tomorrow",
        "end of this week",
        "end of next week",
        "end of this month",
        "end of next month",
        "end of this quarter",
    ]);
    prop_oneof![
        spans(),
        (1..500i32).prop_map(|count| Length::of(count, Unit::Hours).unwrap()),
        (1..200i32).prop_map(|count| Length::of(count, Unit::WorkingHours).unwrap()),
        written.prop_map(length),
    ]
}

fn settings() -> impl Strategy<Value = Calendar> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(midnight, shift, late)| {
        calendar_with(|settings| {
            settings.close_of_day = if midnight {
                Close::Midnight
            } else {
                Close::BusinessClose
            };
            settings.shift_off_days = shift;
            settings.late_start = if late {
                LateStart::NextWorkingDay
            } else {
                LateStart::SameDay
            };
        })
    })
}

proptest! {
    #[test]
    fn adding_then_counting_agrees(start in days(), count in (-60..60i32).prop_filter("zero", |n| *n != 0)) {
        let calendar = calendar();
        let due = calendar.add(start.into(), &Length::of(count, Unit::WorkingDays).unwrap()).unwrap();
        prop_assert_eq!(calendar.working_days_between(start, due.date), Ok(i64::from(count)));
    }

    #[test]
    fn adding_hours_then_counting_agrees(start in instants(), count in (-300..300i32).prop_filter("zero", |n| *n != 0)) {
        let calendar = calendar();
        let due = calendar.add(start.into(), &Length::of(count, Unit::WorkingHours).unwrap()).unwrap();
        prop_assert_eq!(
            calendar.working_time_between(start, due.instant),
            Ok(SignedDuration::from_hours(i64::from(count)))
        );
    }

    #[test]
    fn counting_adds_up(a in days(), b in days(), c in days()) {
        let mut sorted = [a, b, c];
        sorted.sort();
        let [a, b, c] = sorted;
        let calendar = calendar();
        let between = |from, to| calendar.working_days_between(from, to).unwrap();
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }

    #[test]
    fn backwards_undoes_forwards(start in days(), count in 1..60i32) {
        let calendar = calendar();
        let forth = calendar.add(start.into(), &Length::of(count, Unit::WorkingDays).unwrap()).unwrap();
        let back = calendar.add(forth.date.into(), &Length::of(-count, Unit::WorkingDays).unwrap()).unwrap();
        // From a working day it comes home; from a day off, to the working day before.
        let home = if calendar.is_working_day(start).unwrap() {
            start
        } else {
            calendar.previous_working_day(start).unwrap()
        };
        prop_assert_eq!(back.date, home);
    }

    #[test]
    fn no_result_falls_on_a_day_off(start in moments(), span in spans(), backwards in any::<bool>()) {
        let calendar = calendar();
        let span = match span {
            Length::Span { count, unit } if backwards => Length::of(-count.get(), unit).unwrap(),
            span => span,
        };
        let due = calendar.add(start, &span);
        prop_assume!(!matches!(due, Err(CalendarError::MissingYear(_))));
        prop_assert_eq!(calendar.is_working_day(due.unwrap().date), Ok(true));
    }

    #[test]
    fn no_result_lies_before_its_start(calendar in settings(), start in moments(), length in lengths()) {
        let due = calendar.add(start, &length).unwrap();
        prop_assert!(due.is_met_by(start));
    }

    #[test]
    fn a_later_start_is_never_due_earlier(calendar in settings(), a in instants(), b in instants(), length in lengths()) {
        let (first, second) = (a.min(b), a.max(b));
        let early = calendar.add(first.into(), &length).unwrap();
        let late = calendar.add(second.into(), &length).unwrap();
        prop_assert!(early.instant <= late.instant, "{} {}", early.instant, late.instant);
    }

    #[test]
    fn a_longer_length_is_never_due_earlier(calendar in settings(), start in moments(), unit in prop::sample::select(Unit::ALL[..6].to_vec()), a in 1..8i32, b in 1..8i32) {
        let short = calendar.add(start, &Length::of(a.min(b), unit).unwrap());
        let long = calendar.add(start, &Length::of(a.max(b), unit).unwrap());
        prop_assume!(long.is_ok());
        prop_assert!(short.unwrap().instant <= long.unwrap().instant);
    }

    #[test]
    fn rounds_are_in_order_and_end_in_time(start in moments(), length in lengths(), after in 0..120i64) {
        let calendar = calendar();
        let until = instant("2026-08-01T00:00:00") - SignedDuration::from_hours(after * 24);
        let mut last = None;
        for due in calendar.rounds(start, &length, until) {
            let due = due.unwrap();
            prop_assert!(due.instant <= until);
            prop_assert!(last.is_none_or(|last| last < due.instant));
            last = Some(due.instant);
        }
    }

    #[test]
    fn an_explanation_ends_where_the_limit_does(calendar in settings(), start in moments(), length in lengths()) {
        let due = calendar.add(start, &length).unwrap();
        let steps = calendar.explain(start, &length).unwrap();
        prop_assert_eq!(steps.last().map(|step| step.date), Some(due.date));
        let dues = steps.iter().filter(|step| step.is_due).count();
        prop_assert_eq!(dues, 1);
        if let Length::Span { count, unit } = length {
            let counted = steps.iter().filter(|step| matches!(step.role, Role::Counted { .. })).count();
            let worked = steps.iter().fold(SignedDuration::ZERO, |sum, step| match step.role {
                Role::Worked { time } => sum + time,
                _ => sum,
            });
            match unit {
                Unit::WorkingDays => prop_assert_eq!(counted, count.get() as usize),
                Unit::WorkingHours => prop_assert_eq!(worked, SignedDuration::from_hours(i64::from(count.get()))),
                _ => prop_assert_eq!(counted, 0),
            }
        }
    }

    #[test]
    fn a_length_reads_back_as_written(length in lengths()) {
        prop_assert_eq!(length.to_string().parse::<Length>(), Ok(length));
        prop_assert!(regex::Regex::new(Length::PATTERN).unwrap().is_match(&length.to_string()));
    }

    #[test]
    fn what_the_pattern_accepts_is_a_length(text in Length::PATTERN.trim_matches(['^', '$'])) {
        prop_assert_eq!(text.parse::<Length>().map(|length| length.to_string()), Ok(text));
    }

    #[test]
    fn no_text_makes_the_reader_of_lengths_stumble(text in "\\PC{0,12}|-?[0-9]{0,12} ?[a-z]{0,3}|[0-9:]{0,6} today") {
        if let Ok(length) = text.parse::<Length>() {
            prop_assert_eq!(length.to_string().parse::<Length>(), Ok(length));
            // Whatever parses can be counted, or is refused with a reason.
            let _ = calendar().add(Moment::Date(date(2026, 3, 2)), &length);
        }
    }
}
