//! Values as paper words them, on top of what pages and paper share
//! ([`crate::display`]): people with their place, titles in 《》, dates long or
//! short, and nothing that acts instead of showing.

use super::clean::clean;
use crate::calendar::{Due, Moment};
use crate::definition::path::Part;
use crate::definition::{Field, Retention};
use crate::display::{DateStyle, Display};
use crate::organisation::{PersonId, Subject};
use crate::outlook::Outlook;
use crate::record::{Cell, Signature, Value, collect_subjects};
use crate::register::Register;
use crate::text::{Language, Text};

/// How much of a person a cell has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// 李娜
    Name,
    /// 李娜（研发部）
    Department,
    /// 李娜（研发部经理）
    Full,
}

/// How much room a value has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// For people and records.
    pub detail: Detail,
    /// Whether dates are written short, as in tables.
    pub short: bool,
    /// Whether of an instant only the day is said.
    pub day: bool,
}

/// Writes values in one language.
#[derive(Clone, Copy)]
pub(super) struct Formatter<'r> {
    pub register: &'r Register,
    pub language: Language,
    long: Display<'r>,
    short: Display<'r>,
    outlook: Option<&'r Outlook<'r>>,
}

impl<'r> Formatter<'r> {
    pub fn new(register: &'r Register, language: Language) -> Self {
        Formatter {
            register,
            language,
            long: Display::new(register, language, DateStyle::Print),
            short: Display::new(register, language, DateStyle::Table),
            outlook: None,
        }
    }

    /// For papers of an outlook: records that its viewer may not see are not
    /// even named (D12).
    pub fn of_outlook(outlook: &'r Outlook<'r>, language: Language) -> Self {
        Formatter {
            outlook: Some(outlook),
            ..Self::new(outlook.register, language)
        }
    }

    /// A definition's or the organisation's text.
    pub fn text(&self, text: &Text) -> String {
        clean(text.get(self.language)).into_owned()
    }

    /// Words of `[print]`.
    pub fn word(&self, name: &str) -> String {
        self.filled(name, &[])
    }

    /// Words of `[print]` with their placeholders filled.
    pub fn filled(&self, name: &str, values: &[(&str, &str)]) -> String {
        self.long.words.filled(&format!("print.{name}"), values)
    }

    /// Joined as in a sentence: 甲、乙、丙.
    pub fn joined(&self, items: &[String]) -> String {
        self.long.list(items)
    }

    pub fn yes_or_no(&self, yes: bool) -> String {
        let name = if yes { "display.yes" } else { "display.no" };
        self.long.words.get(name).to_owned()
    }

    /// When a limit ends, short: 2026-05-06 18:00.
    pub fn due(&self, due: &Due) -> String {
        let (hour, minute) = self.register.calendar.clock(due);
        let day = self.short.date(due.date);
        self.filled(
            "value.due",
            &[("day", &day), ("clock", &format!("{hour:02}:{minute:02}"))],
        )
    }

    /// A moment, short as in tables.
    pub fn short_moment(&self, moment: Moment) -> String {
        self.short.moment(moment)
    }

    /// The day alone, as under a signature.
    pub fn day(&self, moment: Moment) -> String {
        self.long.date(self.register.calendar.date(moment))
    }

    /// The day as in tables.
    pub fn short_day(&self, moment: Moment) -> String {
        self.short.date(self.register.calendar.date(moment))
    }

    /// How long something is kept.
    pub fn retention(&self, retention: Retention) -> String {
        self.long.retention(retention)
    }

    /// Words of `[display]`.
    pub fn display_word(&self, name: &str) -> String {
        self.long.words.get(&format!("display.{name}")).to_owned()
    }

    pub fn person(&self, id: PersonId, detail: Detail) -> String {
        let person = self.register.organisation.person(id);
        let name = self.text(&person.name);
        let department = person
            .department
            .map(|id| self.text(&self.register.organisation.department(id).name));
        let title = person.title.as_ref().map(|title| self.text(title));
        let title = title.filter(|_| detail == Detail::Full);
        let what = match (detail, department, title) {
            (Detail::Name, _, _) | (_, None, None) => return name,
            // 研发部 + 研发部经理 would say the department twice
            (_, Some(department), Some(title)) if !title.starts_with(&department) => {
                let values = [
                    ("name", name.as_str()),
                    ("department", &department),
                    ("title", &title),
                ];
                return self.filled("value.person_full", &values);
            }
            (_, _, Some(title)) => title,
            (_, Some(department), None) => department,
        };
        self.filled("value.person_with", &[("name", &name), ("what", &what)])
    }

    pub fn subject(&self, subject: Subject, detail: Detail) -> String {
        match subject {
            Subject::Person(id) => self.person(id, detail),
            other => clean(self.long.subject(other)).into_owned(),
        }
    }

    pub fn reference(&self, number: &str, detail: Detail) -> String {
        let found = self.register.find(number);
        let hidden = |record| self.outlook.is_some_and(|outlook| !outlook.sees(record));
        if found.is_some_and(hidden) {
            return String::new();
        }
        let number = clean(number);
        let record = found
            .map(|index| &self.register.records[index])
            .filter(|_| detail != Detail::Name);
        match record {
            Some(record) => {
                let title = clean(&record.title.value);
                let values = [("number", &*number), ("title", &*title)];
                self.filled("value.reference", &values)
            }
            None => number.into_owned(),
        }
    }

    /// A value as text; it keeps its line ends. Empty for what cannot be said
    /// in text (rows) and for what was not understood.
    pub fn value(&self, field: &Field, cell: &Cell, part: Option<Part>, room: Room) -> String {
        let display = if room.short { &self.short } else { &self.long };
        let organisation = &self.register.organisation;
        if matches!(part, Some(Part::Head | Part::Leader)) {
            let mut subjects = Vec::new();
            collect_subjects(&cell.value, part, organisation, &mut subjects);
            let names: Vec<String> = subjects
                .into_iter()
                .map(|subject| self.subject(subject, room.detail))
                .collect();
            return self.joined(&names);
        }
        if let (Some(part @ (Part::StaffNumber | Part::Contact)), Value::Person(id)) =
            (part, &cell.value)
        {
            let person = organisation.person(*id);
            let text = match part {
                Part::StaffNumber => person.staff_number.as_deref(),
                _ => person.phone.as_deref().or(person.email.as_deref()),
            };
            return text.map_or_else(String::new, |text| clean(text).into_owned());
        }
        match &cell.value {
            Value::Rows(_) | Value::Invalid => String::new(),
            Value::Period(from, to) => match part {
                Some(Part::From) => display.moment(*from),
                Some(Part::To) => display.moment(*to),
                _ => display.period(*from, *to),
            },
            Value::Moment(moment) if room.day => self.day(*moment),
            Value::Person(id) => self.person(*id, room.detail),
            Value::Reference(number) => self.reference(number, room.detail),
            Value::Attachment(attachment) => {
                let name = clean(&attachment.name);
                self.filled("value.attachment", &[("name", &name)])
            }
            Value::Signature(signature) => self.signature(display, signature, part),
            Value::Many(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| self.value(field, item, part, room))
                    .filter(|item| !item.is_empty())
                    .collect();
                self.joined(&items)
            }
            _ => {
                let text = display.value(field, cell);
                clean(&text).trim_end().to_owned()
            }
        }
    }

    /// Who confirmed.
    pub fn signer(&self, signature: &Signature) -> Option<String> {
        match (signature.person, &signature.name) {
            (Some(id), _) => Some(self.person(id, Detail::Name)),
            (None, Some(name)) => Some(clean(name).into_owned()),
            (None, None) => None,
        }
    }

    /// That a name stands for a confirmation online, how strong that is, and
    /// whether it is void.
    pub fn manner(&self, signature: &Signature) -> String {
        let Some(standing) = self.short.standing(signature) else {
            return self.word("paper.confirmed_online");
        };
        let known = [("level", &*standing.level)];
        let level = match &standing.commit {
            None => self.filled("paper.confirmed_as", &known),
            Some(commit) => {
                let values = [("level", &*standing.level), ("commit", &**commit)];
                self.filled("paper.confirmed_in", &values)
            }
        };
        let void = standing
            .void
            .map(|void| self.filled("paper.void", &[("what", &void)]));
        clean(&(level + &void.unwrap_or_default())).into_owned()
    }

    fn signature(
        &self,
        display: &Display<'_>,
        signature: &Signature,
        part: Option<Part>,
    ) -> String {
        let at = signature
            .at
            .map(|at| display.date(self.register.calendar.date(at)));
        match part {
            Some(Part::At) => signature
                .at
                .map_or_else(String::new, |at| display.moment(at)),
            Some(Part::Opinion) => signature
                .opinion
                .as_deref()
                .map_or_else(String::new, |text| clean(text).into_owned()),
            _ => match (self.signer(signature), at) {
                (Some(name), Some(date)) if part.is_none() => {
                    self.filled("value.signed", &[("name", &name), ("date", &date)])
                }
                (Some(name), _) => name,
                (None, _) => String::new(),
            },
        }
    }
}
