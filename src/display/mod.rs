//! Values in the words of a language: what pages, paper and messages share.
//!
//! Invariant: nothing here is HTML or Typst; the results are plain text, and
//! every word comes from the words files or a definition.

mod carried;
mod changed;
mod dates;
mod duty;
mod gathered;
mod rows;
mod standing;

pub use carried::Carried;
pub use standing::StandingText;

use crate::calendar::{Due, Length, Moment, Period, Unit};
use crate::definition::{Field, FieldType, Retention};
use crate::organisation::Subject;
use crate::record::{Cell, Value};
use crate::register::Register;
use crate::text::{Language, Text};
use crate::words::Words;

/// How dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// 2026-05-20, for tables and pages.
    Table,
    /// 2026年5月20日, for paper and sentences.
    Print,
}

/// Writes values in a language.
#[derive(Clone, Copy)]
pub struct Display<'r> {
    /// Where names and labels come from.
    pub register: &'r Register,
    /// The words of the language.
    pub words: &'r Words,
    /// The language.
    pub language: Language,
    /// How dates are written.
    pub style: DateStyle,
}

impl<'r> Display<'r> {
    /// A writer in this language and style.
    pub fn new(register: &'r Register, language: Language, style: DateStyle) -> Self {
        Display {
            register,
            words: register.words(language),
            language,
            style,
        }
    }

    /// A text of a definition.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    /// A day or an instant; an instant with hour and minute.
    pub fn moment(&self, moment: Moment) -> String {
        match moment {
            Moment::Date(date) => self.date(date),
            Moment::Instant(instant) => {
                let local = self.register.calendar.local(instant);
                self.date_time(local)
            }
        }
    }

    /// When a limit ends: the day, and the time of day.
    pub fn due(&self, due: &Due) -> String {
        let (hour, minute) = self.register.calendar.clock(due);
        format!("{} {hour:02}:{minute:02}", self.date(due.date))
    }

    /// A period; the day stands once when it is the same.
    pub fn period(&self, from: Moment, to: Moment) -> String {
        if let (Moment::Instant(start), Moment::Instant(end)) = (from, to) {
            let calendar = &self.register.calendar;
            let (start, end) = (calendar.local(start), calendar.local(end));
            if start.date() == end.date() {
                return format!(
                    "{}–{:02}:{:02}",
                    self.date_time(start),
                    end.hour(),
                    end.minute()
                );
            }
        }
        let dash = self.words.get("display.period_dash");
        format!("{}{dash}{}", self.moment(from), self.moment(to))
    }

    /// A length of time: `2 个工作日`.
    pub fn length(&self, length: &Length) -> String {
        match length {
            Length::Span { count, unit } => {
                let name = match unit {
                    Unit::Hours => "hours",
                    Unit::WorkingHours => "working_hours",
                    Unit::WorkingDays => "working_days",
                    Unit::Days => "days",
                    Unit::Weeks => "weeks",
                    Unit::Months => "months",
                    Unit::Quarters => "quarters",
                    Unit::Years => "years",
                };
                let direction = if count.get() < 0 { "ahead" } else { "within" };
                let number = count.get().unsigned_abs().to_string();
                // a language that tells one from many has a word for one
                let many = format!("display.length.{name}");
                let one = format!("{many}-one");
                let key = if number == "1" && self.words.find(&one).is_some() {
                    one
                } else {
                    many
                };
                let text = self.words.filled(&key, &[("count", &number)]);
                self.words
                    .filled(&format!("display.{direction}"), &[("length", &text)])
            }
            Length::SameDay(time) => {
                let time = format!("{:02}:{:02}", time.hour(), time.minute());
                self.words.filled("display.same_day", &[("time", &time)])
            }
            Length::EndOf { period, next } => {
                let which = if *next { "next" } else { "this" };
                let period = match period {
                    Period::Day => "day",
                    Period::Week => "week",
                    Period::Month => "month",
                    Period::Quarter => "quarter",
                    Period::Year => "year",
                };
                self.words
                    .get(&format!("display.end_of.{which}_{period}"))
                    .to_owned()
            }
        }
    }

    /// How long something is kept: `10 年`, `永久`.
    pub fn retention(&self, retention: Retention) -> String {
        match retention {
            Retention::Permanent => self.words.get("display.permanent").to_owned(),
            Retention::Years(years) => Length::of(i32::from(years), Unit::Years)
                .map_or_else(String::new, |length| self.length(&length)),
        }
    }

    /// The name of a person, department or party.
    pub fn subject(&self, subject: Subject) -> &'r str {
        self.register
            .organisation
            .name_of(subject)
            .get(self.language)
    }

    /// Several texts as a list: 甲、乙、丙.
    pub fn list(&self, items: &[String]) -> String {
        items.join(self.words.get("display.list_separator"))
    }

    /// A value as one text. Tables have no such text: their rows are counted.
    pub fn value(&self, field: &Field, cell: &Cell) -> String {
        match &cell.value {
            Value::Text(text) | Value::Reference(text) => text.to_string(),
            Value::Moment(moment) => self.moment(*moment),
            Value::Period(from, to) => self.period(*from, *to),
            Value::Duration(length) => self.length(length),
            Value::Money { amount, currency } => self.words.filled(
                "display.money",
                &[
                    ("amount", &amount.to_string()),
                    ("currency", self.currency(currency)),
                ],
            ),
            Value::Number(number) => number.to_string(),
            Value::Boolean(value) => {
                let name = if *value { "display.yes" } else { "display.no" };
                self.words.get(name).to_owned()
            }
            Value::Choice(index) => match &field.kind {
                FieldType::Choice(choices) => choices
                    .get(usize::from(*index))
                    .map(|choice| self.text(&choice.label).to_owned())
                    .unwrap_or_default(),
                _ => String::new(),
            },
            Value::Person(person) => self.subject(Subject::Person(*person)).to_owned(),
            Value::Department(department) => {
                self.subject(Subject::Department(*department)).to_owned()
            }
            Value::Party(party) => self.subject(Subject::Party(*party)).to_owned(),
            Value::Attachment(attachment) => attachment.name.to_string(),
            Value::NoneStated => self.words.get("display.none_stated").to_owned(),
            Value::Signature(signature) => signature
                .person
                .map(|person| self.subject(Subject::Person(person)).to_owned())
                .or_else(|| signature.name.as_deref().map(str::to_owned))
                .unwrap_or_default(),
            Value::Many(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(field, item)).collect();
                self.list(&items)
            }
            Value::Rows(rows) => {
                let count = rows.len().to_string();
                self.words.filled("display.rows", &[("count", &count)])
            }
            Value::Invalid => String::new(),
        }
    }

    fn currency<'t>(&'t self, code: &'t str) -> &'t str {
        self.words
            .find(&format!("display.currency.{code}"))
            .unwrap_or(code)
    }
}
