//! `templates/calendar/<year>.toml` as years of the calendar.

use jiff::civil::Date;
use toml::de::DeValue;

use crate::calendar::{Festival, FestivalName, HolidayProblem, Year};
use crate::finding::Finding;
use crate::source::{TableReader, civil_date};
use crate::text::Language;

/// Longest run of days that a range may have: a slip in a year would make it centuries.
const LONGEST_RANGE: usize = 60;

/// Reads a year's file; none when it does not say which year.
pub(super) fn read_year(reader: TableReader<'_>) -> Option<Year> {
    let year = reader.integer("year");
    if year.is_none() {
        reader.missing("year");
    }
    let festivals = reader
        .tables("festivals")
        .into_iter()
        .map(|table| {
            let name = table.required_text("name");
            let festival = Festival {
                name: FestivalName {
                    zh: name.get(Language::Chinese).to_owned(),
                    en: name.get(Language::English).to_owned(),
                },
                off: dates(&table, "off"),
                work: dates(&table, "work"),
            };
            table.finish();
            festival
        })
        .collect();
    let source = reader.string("source").map(|found| found.value.to_owned());
    reader.get("note");
    reader.finish();
    let year = i16::try_from(year?.value).ok()?;
    Some(Year {
        year,
        source,
        festivals,
    })
}

fn dates(reader: &TableReader<'_>, key: &'static str) -> Vec<Date> {
    let mut all = Vec::new();
    let Some(value) = reader.get(key) else {
        return all;
    };
    let DeValue::Array(items) = value.get_ref() else {
        reader.wrong_type(key, value, "array");
        return all;
    };
    for item in items {
        match item.get_ref() {
            DeValue::Datetime(datetime) => match civil_date(datetime) {
                Some(date) => all.push(date),
                None => reader.wrong_type(key, item, "date"),
            },
            DeValue::Table(table) => {
                let range = reader.nested(item.span(), table);
                let end = |key: &'static str| {
                    let value = range.get(key)?;
                    match value.get_ref() {
                        DeValue::Datetime(datetime) => civil_date(datetime),
                        _ => {
                            range.wrong_type(key, value, "date");
                            None
                        }
                    }
                };
                if let (Some(from), Some(to)) = (end("from"), end("to")) {
                    all.extend(
                        from.series(jiff::Span::new().days(1))
                            .take_while(|day| *day <= to)
                            .take(LONGEST_RANGE),
                    );
                }
                range.finish();
            }
            _ => reader.wrong_type(key, item, "date"),
        }
    }
    all
}

/// A contradiction inside the tables as a finding at the year's file.
pub(super) fn problem(problem: &HolidayProblem, place: crate::finding::Place) -> Finding {
    let mut finding =
        Finding::error("bad-calendar", place).with("year", problem.year().to_string());
    if let Some(date) = problem.date() {
        finding = finding.with("date", date.to_string());
    }
    finding.with("problem", problem.code())
}
