//! Dates and times in the style of a page or of paper.

use jiff::civil::{Date, DateTime};

use super::{DateStyle, Display};

impl Display<'_> {
    /// A day.
    pub fn date(&self, date: Date) -> String {
        match self.style {
            DateStyle::Table => date.to_string(),
            DateStyle::Print => self.words.filled(
                "display.date",
                &[
                    ("year", &date.year().to_string()),
                    ("month", &date.month().to_string()),
                    (
                        "month_name",
                        self.words.get(&format!("display.months.{}", date.month())),
                    ),
                    ("day", &date.day().to_string()),
                ],
            ),
        }
    }

    /// A day with hour and minute, in company time.
    pub fn date_time(&self, local: DateTime) -> String {
        format!(
            "{} {:02}:{:02}",
            self.date(local.date()),
            local.hour(),
            local.minute()
        )
    }

    /// The day of the week: 周三.
    pub fn weekday(&self, date: Date) -> &str {
        let number = date.weekday().to_monday_one_offset();
        self.words.get(match number {
            1 => "display.weekdays.1",
            2 => "display.weekdays.2",
            3 => "display.weekdays.3",
            4 => "display.weekdays.4",
            5 => "display.weekdays.5",
            6 => "display.weekdays.6",
            _ => "display.weekdays.7",
        })
    }
}
