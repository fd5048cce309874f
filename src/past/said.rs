//! A value of some version by the names that files use: kept for years, and
//! put into today's words whenever it is shown.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::change::Version;
use crate::definition::{Field, FieldType};
use crate::organisation::{Organisation, Subject};
use crate::record::{Attachment, Cell, Row, Signature, Value};
use crate::source::Decimal;

/// The longest text that is kept of a value, in characters.
const LONGEST: usize = 160;

/// A value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Said {
    /// A text, a title, a number, a name out of the program's lists.
    Text(Box<str>),
    /// The number of a record.
    Reference(Box<str>),
    /// A day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// From … to ….
    Period(Box<(Said, Said)>),
    /// A length of time, as records write it.
    Length(Box<str>),
    /// An amount in hundredths, and its currency.
    Money(i64, Box<str>),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A choice by its name.
    Choice(Box<str>),
    /// A person.
    Person(Box<str>),
    /// A department.
    Department(Box<str>),
    /// An outside party.
    Party(Box<str>),
    /// The name of a file that goes with the record.
    Attachment(Box<str>),
    /// That there is none.
    NoneStated,
    /// Who confirmed, and when.
    Signature(Option<Box<Said>>, Option<Box<Said>>),
    /// A list.
    Many(Vec<Said>),
    /// So many rows of a table.
    Rows(u32),
    /// A row by the names of its fields.
    Row(Vec<(Box<str>, Said)>),
    /// Something that the field could not hold.
    Unread,
}

impl Said {
    /// The value of a field.
    pub(super) fn of(version: Version<'_>, field: &Field, cell: &Cell) -> Said {
        let organisation = &version.register.organisation;
        let subject = |subject| Said::of_subject(organisation, subject);
        match &cell.value {
            Value::Text(text) => Said::Text(shortened(text).into()),
            Value::Moment(at) => Said::of_moment(*at),
            Value::Period(from, to) => {
                Said::Period(Box::new((Said::of_moment(*from), Said::of_moment(*to))))
            }
            Value::Duration(length) => Said::Length(length.to_string().into()),
            Value::Money { amount, currency } => {
                Said::Money(amount.hundredths, (**currency).into())
            }
            Value::Number(number) => Said::Number(*number),
            Value::Boolean(value) => Said::Boolean(*value),
            Value::Choice(index) => match &field.kind {
                FieldType::Choice(choices) => match choices.get(usize::from(*index)) {
                    Some(choice) => Said::Choice((*choice.id).into()),
                    None => Said::Unread,
                },
                _ => Said::Unread,
            },
            Value::Person(person) => subject(Subject::Person(*person)),
            Value::Department(department) => subject(Subject::Department(*department)),
            Value::Party(party) => subject(Subject::Party(*party)),
            Value::Reference(number) => Said::Reference(number.clone()),
            Value::Attachment(attachment) => Said::Attachment(attachment.name.clone()),
            Value::NoneStated => Said::NoneStated,
            Value::Signature(signature) => Said::Signature(
                match (signature.person, &signature.name) {
                    (Some(person), _) => Some(Box::new(subject(Subject::Person(person)))),
                    (None, Some(name)) => Some(Box::new(Said::Text(name.clone()))),
                    (None, None) => None,
                },
                signature.at.map(|at| Box::new(Said::of_moment(at))),
            ),
            Value::Many(items) => {
                let items = items.iter().map(|item| Said::of(version, field, item));
                Said::Many(items.collect())
            }
            Value::Rows(rows) => Said::Rows(u32::try_from(rows.len()).unwrap_or(u32::MAX)),
            // what could not be understood is told by its words
            Value::Invalid => Said::Text(shortened(version.file.slice(cell.span)).into()),
        }
    }

    /// A row, without its empty fields.
    pub(super) fn of_row(version: Version<'_>, fields: &[Field], row: &Row) -> Said {
        let cells = fields.iter().enumerate().filter_map(|(index, field)| {
            let cell = row.get(index)?;
            Some(((*field.id).into(), Said::of(version, field, cell)))
        });
        Said::Row(cells.collect())
    }

    /// A person, department or party.
    pub(super) fn of_subject(organisation: &Organisation, subject: Subject) -> Said {
        let id: Box<str> = organisation.id_of(subject).into();
        match subject {
            Subject::Person(_) => Said::Person(id),
            Subject::Department(_) => Said::Department(id),
            Subject::Party(_) => Said::Party(id),
        }
    }

    fn of_moment(moment: Moment) -> Said {
        match moment {
            Moment::Date(date) => Said::Day(date),
            Moment::Instant(instant) => Said::Instant(instant),
        }
    }

    /// Whom it means; none of what means nobody, and of somebody who is no
    /// longer known.
    pub fn subject(&self, organisation: &Organisation) -> Option<Subject> {
        match self {
            Said::Person(id) => organisation.find_person(id).map(Subject::Person),
            Said::Department(id) => organisation.find_department(id).map(Subject::Department),
            Said::Party(id) => organisation.find_party(id).map(Subject::Party),
            _ => None,
        }
    }

    /// The value as a field of today has it. What is no longer known stays by
    /// its name; a row has no value.
    pub fn value(&self, organisation: &Organisation, field: &Field) -> Value {
        let named = |id: &str| Value::Text(id.into());
        match self {
            Said::Text(text) | Said::Length(text) if !matches!(field.kind, FieldType::Duration) => {
                Value::Text(text.clone())
            }
            Said::Text(text) => Value::Text(text.clone()),
            Said::Length(text) => text.parse().map_or_else(|_| named(text), Value::Duration),
            Said::Reference(number) => Value::Reference(number.clone()),
            Said::Day(_) | Said::Instant(_) => match self.moment() {
                Some(moment) => Value::Moment(moment),
                None => Value::Invalid,
            },
            Said::Period(ends) => match (ends.0.moment(), ends.1.moment()) {
                (Some(from), Some(to)) => Value::Period(from, to),
                _ => Value::Invalid,
            },
            Said::Money(hundredths, currency) => Value::Money {
                amount: Decimal {
                    hundredths: *hundredths,
                },
                currency: (**currency).into(),
            },
            Said::Number(number) => Value::Number(*number),
            Said::Boolean(value) => Value::Boolean(*value),
            Said::Choice(id) => {
                let choice = match &field.kind {
                    FieldType::Choice(choices) => {
                        choices.iter().position(|choice| *choice.id == **id)
                    }
                    _ => None,
                };
                let index = choice.and_then(|index| u16::try_from(index).ok());
                index.map_or_else(|| named(id), Value::Choice)
            }
            Said::Person(id) | Said::Department(id) | Said::Party(id) => {
                match self.subject(organisation) {
                    Some(Subject::Person(person)) => Value::Person(person),
                    Some(Subject::Department(department)) => Value::Department(department),
                    Some(Subject::Party(party)) => Value::Party(party),
                    None => named(id),
                }
            }
            Said::Attachment(name) => Value::Attachment(Attachment {
                name: name.clone(),
                file: None,
            }),
            Said::NoneStated => Value::NoneStated,
            Said::Signature(who, at) => Value::Signature(Signature {
                person: who
                    .as_ref()
                    .and_then(|who| match who.subject(organisation) {
                        Some(Subject::Person(person)) => Some(person),
                        _ => None,
                    }),
                name: who.as_ref().and_then(|who| match &**who {
                    Said::Text(name) | Said::Person(name) => Some(name.clone()),
                    _ => None,
                }),
                at: at.as_ref().and_then(|at| at.moment()),
                opinion: None,
                standing: None,
            }),
            Said::Many(items) => {
                let cell = |item: &Said| Cell {
                    value: item.value(organisation, field),
                    span: Default::default(),
                };
                Value::Many(items.iter().map(cell).collect())
            }
            Said::Rows(_) | Said::Row(_) | Said::Unread => Value::Invalid,
        }
    }

    /// The day or instant, if it is one.
    pub fn moment(&self) -> Option<Moment> {
        match self {
            Said::Day(date) => Some(Moment::Date(*date)),
            Said::Instant(instant) => Some(Moment::Instant(*instant)),
            _ => None,
        }
    }
}

/// The beginning of a text that is longer than anybody wants to read here.
fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How much of what stands in both texts is kept on either side of what
/// differs, in characters.
const AROUND: usize = 12;

/// Two texts without what stands in both at their beginning and end, but for a
/// few characters: of a long text only what changed is kept.
pub(super) fn differing(before: &str, after: &str) -> (Said, Said) {
    let (before, after) = (before.trim(), after.trim());
    let is_long = |text: &str| text.char_indices().nth(LONGEST).is_some();
    if !is_long(before) && !is_long(after) {
        return (Said::Text(before.into()), Said::Text(after.into()));
    }
    let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let pairs = || old.iter().zip(&new);
    let first = pairs().take_while(|(a, b)| a == b).count();
    let shorter = old.len().min(new.len()) - first;
    let backwards = old.iter().rev().zip(new.iter().rev());
    let last = backwards.take(shorter).take_while(|(a, b)| a == b).count();
    let part = |text: &[char]| {
        let (start, end) = (first.saturating_sub(AROUND), text.len() - last);
        let end = (end + AROUND).min(text.len());
        let kept = end.min(start + LONGEST);
        let mut out = String::new();
        if start > 0 {
            out.push('…');
        }
        out.extend(&text[start..kept]);
        if kept < text.len() {
            out.push('…');
        }
        Said::Text(out.into())
    };
    (part(&old), part(&new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_text_what_changed_is_kept() {
        let long = "一二三四五六七八九十".repeat(30);
        let before = format!("{long}旧的说法{long}");
        let after = format!("{long}新的说法{long}");
        let (Said::Text(old), Said::Text(new)) = differing(&before, &after) else {
            panic!("texts");
        };
        assert_eq!(
            &*old,
            "…九十一二三四五六七八九十旧的说法一二三四五六七八九…"
        );
        assert_eq!(
            &*new,
            "…九十一二三四五六七八九十新的说法一二三四五六七八九…"
        );
    }

    #[test]
    fn a_text_that_grew_by_what_it_ended_with_is_no_trouble() {
        let long = "甲".repeat(200);
        let (_, Said::Text(new)) = differing(&long, &format!("{long}甲")) else {
            panic!("texts");
        };
        assert!(new.ends_with("甲"), "{new}");
    }
}
