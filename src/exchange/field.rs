//! The columns that a field of a definition has: one, or where its value has
//! parts (a period, a signature, an amount) one for each.

use std::borrow::Cow;

use super::table::{ColumnType, Columns, Datum};
use crate::definition::{Field, FieldType};
use crate::display::Display;
use crate::organisation::Subject;
use crate::outlook::{ActionStatus, Outlook};
use crate::record::{Cell, Record, Value};

/// What values need to become data.
#[derive(Clone, Copy)]
pub(super) struct Data<'o, 'r> {
    pub outlook: &'o Outlook<'r>,
    pub display: Display<'r>,
}

impl<'o, 'r> Data<'o, 'r> {
    /// The columns of a field; `cell` finds its value in a line.
    pub fn columns<L>(
        self,
        columns: &mut Columns<'o, 'r, L>,
        prefix: &str,
        field: &'r Field,
        cell: impl Fn(&L) -> Option<&'r Cell> + Copy + 'o,
    ) {
        let id = format!("{prefix}{}", field.id);
        let label = self.display.text(&field.label).to_owned();
        let part = |name: &str| {
            let words = self.display.words.get(name).to_owned();
            format!("{label} · {words}")
        };
        if field.many && is_composed(&field.kind) {
            // each would want several columns
            columns.add(id, label, ColumnType::Text, move |line| match cell(line) {
                Some(cell) => Datum::text(self.display.value(field, cell)),
                None => Datum::Nothing,
            });
            return;
        }
        match &field.kind {
            FieldType::Table { .. } => {}
            FieldType::Period => {
                for (name, word, of) in [
                    ("from", "exchange.part.from", 0),
                    ("to", "exchange.part.to", 1),
                ] {
                    columns.add(
                        format!("{id}.{name}"),
                        part(word),
                        ColumnType::Instant,
                        move |line| match cell(line).map(|cell| &cell.value) {
                            Some(Value::Period(from, to)) => Datum::from([*from, *to][of]),
                            _ => Datum::Nothing,
                        },
                    );
                }
            }
            FieldType::Signature => self.signature(columns, &id, &label, cell),
            FieldType::Money => {
                columns.add(
                    id.clone(),
                    label.clone(),
                    ColumnType::Money,
                    move |line| match cell(line).map(|cell| &cell.value) {
                        Some(Value::Money { amount, .. }) => Datum::Amount(*amount),
                        _ => Datum::Nothing,
                    },
                );
                columns.add(
                    format!("{id}.currency"),
                    part("exchange.part.currency"),
                    ColumnType::Text,
                    move |line| match cell(line).map(|cell| &cell.value) {
                        Some(Value::Money { currency, .. }) => Datum::text(currency.to_string()),
                        _ => Datum::Nothing,
                    },
                );
            }
            _ => {
                let kind = column_type(&field.kind);
                let read = move |line: &L| match cell(line) {
                    Some(cell) => self.datum(field, cell),
                    None => Datum::Nothing,
                };
                if field.many {
                    columns.add_many(id, label, kind, read);
                } else {
                    columns.add(id, label, kind, read);
                }
            }
        }
    }

    fn signature<L>(
        self,
        columns: &mut Columns<'o, 'r, L>,
        id: &str,
        label: &str,
        cell: impl Fn(&L) -> Option<&'r Cell> + Copy + 'o,
    ) {
        let signature = move |line: &L| match cell(line).map(|cell| &cell.value) {
            Some(Value::Signature(signature)) => Some(signature),
            _ => None,
        };
        let part = |name: &str| {
            let words = self.display.words.get(name).to_owned();
            format!("{label} · {words}")
        };
        columns.add(
            format!("{id}.person"),
            label,
            ColumnType::Name,
            move |line| match signature(line) {
                Some(signature) => match (signature.person, &signature.name) {
                    (Some(person), _) => self.name(Subject::Person(person)),
                    (None, Some(name)) => Datum::text(&**name),
                    (None, None) => Datum::Nothing,
                },
                None => Datum::Nothing,
            },
        );
        columns.add(
            format!("{id}.at"),
            part("exchange.part.at"),
            ColumnType::Instant,
            move |line| Datum::from(signature(line).and_then(|signature| signature.at)),
        );
        columns.add(
            format!("{id}.opinion"),
            part("exchange.part.opinion"),
            ColumnType::Text,
            move |line| match signature(line).and_then(|signature| signature.opinion.as_deref()) {
                Some(opinion) => Datum::text(opinion),
                None => Datum::Nothing,
            },
        );
    }

    /// A value that has no parts.
    pub fn datum(self, field: &'r Field, cell: &'r Cell) -> Datum<'r> {
        match &cell.value {
            Value::Text(text) => Datum::text(&**text),
            Value::Moment(moment) => Datum::from(*moment),
            Value::Number(number) => Datum::Number(*number),
            Value::Boolean(value) => Datum::Boolean(*value),
            Value::Choice(index) => match &field.kind {
                FieldType::Choice(choices) => {
                    choices
                        .get(usize::from(*index))
                        .map_or(Datum::Nothing, |choice| Datum::Named {
                            id: Cow::Borrowed(&choice.id),
                            name: Cow::Borrowed(choice.label.get(self.display.language)),
                        })
                }
                _ => Datum::Nothing,
            },
            Value::Person(id) => self.name(Subject::Person(*id)),
            Value::Department(id) => self.name(Subject::Department(*id)),
            Value::Party(id) => self.name(Subject::Party(*id)),
            Value::Reference(number) => self.record(number),
            Value::Attachment(attachment) => Datum::text(&*attachment.name),
            Value::Many(items) => Datum::list(items.iter().map(|item| self.datum(field, item))),
            Value::Duration(_) | Value::NoneStated => Datum::text(self.display.value(field, cell)),
            Value::Period(..)
            | Value::Money { .. }
            | Value::Signature(_)
            | Value::Rows(_)
            | Value::Invalid => Datum::Nothing,
        }
    }

    /// The number of another record, unless there is one that the viewer may
    /// not see.
    pub fn record(self, number: &'r str) -> Datum<'r> {
        match self.outlook.register.find(number) {
            Some(index) if !self.outlook.sees(index) => Datum::Nothing,
            _ => Datum::text(number),
        }
    }

    /// A person, a department or an outside party.
    pub fn name(self, subject: Subject) -> Datum<'r> {
        let organisation = &self.outlook.register.organisation;
        Datum::Named {
            id: Cow::Borrowed(organisation.id_of(subject)),
            name: Cow::Borrowed(organisation.name_of(subject).get(self.display.language)),
        }
    }

    /// The same, or nothing.
    pub fn name_of(self, subject: Option<Subject>) -> Datum<'r> {
        subject.map_or(Datum::Nothing, |subject| self.name(subject))
    }

    /// The state of a record.
    pub fn state(self, record: &'r Record) -> Datum<'r> {
        let state = &self.outlook.register.kind_of(record).states[record.state.value];
        Datum::Named {
            id: Cow::Borrowed(&state.id),
            name: Cow::Borrowed(state.label.get(self.display.language)),
        }
    }

    /// Its priority, if it has one.
    pub fn priority(self, record: &'r Record) -> Datum<'r> {
        let profile = self.outlook.register.profile();
        record.priority.as_ref().map_or(Datum::Nothing, |at| {
            let name = profile.priority(at.value);
            Datum::Named {
                id: Cow::Borrowed(at.value.name()),
                name: Cow::Borrowed(name.get(self.display.language)),
            }
        })
    }

    /// For whom it is.
    pub fn audience(self, record: &Record) -> Datum<'r> {
        let name = record.audience.value.name();
        self.worded(name, &format!("site.audience.{name}"))
    }

    /// How a task stands.
    pub fn task(self, status: ActionStatus) -> Datum<'r> {
        let name = status.name();
        self.worded(name, &format!("display.action.{name}"))
    }

    /// One of the program's own names, with its words.
    pub fn worded(self, id: &'static str, words: &str) -> Datum<'r> {
        Datum::Named {
            id: Cow::Borrowed(id),
            name: Cow::Owned(self.display.words.get(words).to_owned()),
        }
    }
}

/// Whether a value of it has parts.
pub(super) fn is_composed(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::Period | FieldType::Signature | FieldType::Money
    )
}

pub(super) fn column_type(kind: &FieldType) -> ColumnType {
    match kind {
        FieldType::Date => ColumnType::Date,
        FieldType::Instant => ColumnType::Instant,
        FieldType::Number => ColumnType::Number,
        FieldType::Boolean => ColumnType::Boolean,
        FieldType::Choice(_) => ColumnType::Choice,
        FieldType::Person | FieldType::Department | FieldType::Party => ColumnType::Name,
        FieldType::Reference(_) => ColumnType::Record,
        _ => ColumnType::Text,
    }
}
