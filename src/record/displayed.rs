//! Values as people read them: labels instead of names in records.

use super::{Record, Value};
use crate::calendar::{Calendar, Moment};
use crate::definition::field::{Field, FieldType};
use crate::definition::path::{Part, Path, Root};
use crate::definition::{Kind, Priority};
use crate::organisation::{Organisation, Subject};
use crate::text::{Language, Text};

/// What stands between several values, in Chinese and in English.
const BETWEEN: (&str, &str) = ("、", ", ");

/// What labels are looked up in.
#[derive(Clone, Copy)]
pub struct Display<'r> {
    /// Names of departments, people and parties.
    pub organisation: &'r Organisation,
    /// The company's zone.
    pub calendar: &'r Calendar,
}

/// Several texts one after the other.
pub fn joined(texts: &[Text]) -> Text {
    let join = |language, between: &str| {
        let all: Vec<&str> = texts.iter().map(|text| text.get(language)).collect();
        all.join(between)
    };
    Text::new(
        join(Language::Chinese, BETWEEN.0),
        join(Language::English, BETWEEN.1),
    )
}

impl Display<'_> {
    /// A value of a field. Empty for what could not be understood.
    pub fn value(&self, field: &Field, value: &Value) -> Text {
        let organisation = self.organisation;
        match value {
            Value::Text(words) | Value::Reference(words) => Text::same(&**words),
            Value::Moment(moment) => self.moment(*moment),
            Value::Period(from, to) => {
                let (from, to) = (self.moment(*from), self.moment(*to));
                let both = |language| format!("{} – {}", from.get(language), to.get(language));
                Text::new(both(Language::Chinese), both(Language::English))
            }
            Value::Duration(length) => Text::same(length.to_string()),
            Value::Money { amount, currency } => Text::same(format!("{amount} {currency}")),
            Value::Number(number) => Text::same(number.to_string()),
            Value::Boolean(value) => Text::same(value.to_string()),
            Value::Choice(index) => match &field.kind {
                FieldType::Choice(choices) => choices
                    .get(usize::from(*index))
                    .map(|choice| choice.label.clone())
                    .unwrap_or_default(),
                _ => Text::default(),
            },
            Value::Person(id) => organisation.name_of(Subject::Person(*id)).clone(),
            Value::Department(id) => organisation.name_of(Subject::Department(*id)).clone(),
            Value::Party(id) => organisation.name_of(Subject::Party(*id)).clone(),
            Value::Attachment(attachment) => Text::same(&*attachment.name),
            Value::NoneStated => Text::new("无", "none"),
            Value::Signature(signature) => match (signature.person, &signature.name) {
                (Some(person), _) => organisation.name_of(Subject::Person(person)).clone(),
                (None, Some(name)) => Text::same(&**name),
                (None, None) => Text::default(),
            },
            Value::Many(items) => {
                let all: Vec<Text> = items
                    .iter()
                    .map(|item| self.value(field, &item.value))
                    .collect();
                joined(&all)
            }
            Value::Rows(rows) => Text::same(rows.len().to_string()),
            Value::Invalid => Text::default(),
        }
    }

    /// A part of a value of a field; all of it without a part.
    pub fn part(&self, field: &Field, value: &Value, part: Option<Part>) -> Text {
        let person = |subject: Option<_>| {
            subject.map_or_else(Text::default, |id| {
                self.organisation.name_of(Subject::Person(id)).clone()
            })
        };
        let subject = match value {
            Value::Person(id) => Some(Subject::Person(*id)),
            Value::Department(id) => Some(Subject::Department(*id)),
            _ => None,
        };
        match (part, value) {
            (Some(Part::From), Value::Period(from, _)) => self.moment(*from),
            (Some(Part::To), Value::Period(_, to)) => self.moment(*to),
            (Some(Part::At), Value::Signature(signature)) => signature
                .at
                .map_or_else(Text::default, |at| self.moment(at)),
            (Some(Part::Opinion), Value::Signature(signature)) => {
                Text::same(signature.opinion.as_deref().unwrap_or(""))
            }
            (Some(Part::Head), _) => {
                person(subject.and_then(|subject| self.organisation.head_of(subject)))
            }
            (Some(Part::Leader), _) => {
                person(subject.and_then(|subject| self.organisation.leader_of(subject)))
            }
            _ => self.value(field, value),
        }
    }

    /// `2026-05-20`, or `2026-05-06 09:30` in company time.
    pub fn moment(&self, moment: Moment) -> Text {
        Text::same(match moment {
            Moment::Date(date) => date.to_string(),
            Moment::Instant(instant) => self
                .calendar
                .local(instant)
                .strftime("%Y-%m-%d %H:%M")
                .to_string(),
        })
    }

    /// Everything a path leads to in a record; empty when there is nothing.
    /// `priority` gives the words for it, which are the profile's.
    pub fn path(
        &self,
        kind: &Kind,
        record: &Record,
        path: &Path,
        priority: impl Fn(Priority) -> Text,
    ) -> Text {
        match path.root {
            Root::Id => Text::same(&*record.id.value),
            Root::Title => Text::same(&*record.title.value),
            Root::State => kind.states[record.state.value].label.clone(),
            Root::Priority => record
                .priority
                .as_ref()
                .map_or_else(Text::default, |found| priority(found.value)),
            Root::Project => Text::same(record.project.as_ref().map_or("", |found| &*found.value)),
            Root::Audience => Text::same(record.audience.value.name()),
            Root::Related => {
                let all: Vec<Text> = record
                    .related
                    .iter()
                    .map(|to| Text::same(&*to.value))
                    .collect();
                joined(&all)
            }
            Root::Cell {
                section,
                field,
                column,
            } => {
                let field = &kind.sections[section].fields[field];
                let field = column.map_or(field, |column| &field.columns()[column]);
                let all: Vec<Text> = record
                    .find(path)
                    .map(|found| self.part(field, &found.cell.value, path.part))
                    .collect();
                joined(&all)
            }
        }
    }
}
