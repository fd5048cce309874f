//! Reading one value as its field's type says.

use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use super::read::Reading;
use super::value::{Attachment, Cell, Signature, Value};
use crate::calendar::{Length, Moment};
use crate::definition::{Choice, Field, FieldType};
use crate::finding::{Argument, Finding, Span};
use crate::organisation::{PersonId, Subject};
use crate::source::{Decimal, guess_date, moment, nearest};
use crate::text::{Language, Text};

/// The currency of an amount that names none.
const CURRENCY: &str = "CNY";

/// Reads a field's value: a list when the field is a list, else one value.
pub(super) fn read_field(
    reading: &mut Reading<'_>,
    field: &Field,
    value: &Spanned<DeValue<'_>>,
) -> Cell {
    let span = Span::new(value.span());
    let read = if !field.many && is_left_open(value) {
        Value::Text("".into())
    } else if field.many {
        read_many(reading, field, value)
    } else {
        read_one(reading, field, value)
    };
    Cell { value: read, span }
}

/// `due_on = ""`: the field stands there and nobody has filled it in yet,
/// whatever its type. It says nothing, as an empty text does.
pub(super) fn is_left_open(value: &Spanned<DeValue<'_>>) -> bool {
    matches!(value.get_ref(), DeValue::String(text) if text.is_empty())
}

fn read_many(reading: &mut Reading<'_>, field: &Field, value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::Array(items) => Value::Many(
            items
                .iter()
                .map(|item| Cell {
                    value: read_one(reading, field, item),
                    span: Span::new(item.span()),
                })
                .collect(),
        ),
        DeValue::String(text) if is_none_stated(text) => Value::NoneStated,
        DeValue::String(_) | DeValue::Table(_) => {
            // one value where a list may stand
            Value::Many(vec![Cell {
                value: read_one(reading, field, value),
                span: Span::new(value.span()),
            }])
        }
        _ => {
            reading.wrong_type(&field.id, "array", value);
            Value::Invalid
        }
    }
}

/// W7: “无” says that there is nothing; so do its English twins.
fn is_none_stated(text: &str) -> bool {
    matches!(text.trim(), "无" | "none" | "None")
}

fn read_one(reading: &mut Reading<'_>, field: &Field, value: &Spanned<DeValue<'_>>) -> Value {
    let key: &str = &field.id;
    match (&field.kind, value.get_ref()) {
        (FieldType::Text { pattern }, DeValue::String(text)) => {
            if let Some(pattern) = pattern
                && !text.is_empty()
                && !pattern.is_match(text)
            {
                let finding = Finding::error("pattern", reading.at(value.span()))
                    .with("key", &field.label)
                    .with("value", text.as_ref())
                    .with("pattern", pattern.as_str());
                reading.findings.push(match &field.hint {
                    Some(hint) => finding.message("hint").with("hint", hint),
                    None => finding,
                });
            }
            Value::Text(text.as_ref().into())
        }
        (FieldType::Markdown, DeValue::String(text)) => Value::Text(text.as_ref().into()),
        (FieldType::Date, _) => read_date(reading, key, value),
        (FieldType::Instant, _) => read_instant(reading, key, value),
        (FieldType::Period, _) => read_period(reading, key, value),
        (FieldType::Duration, DeValue::String(text)) => match text.parse::<Length>() {
            Ok(length) => Value::Duration(length),
            Err(error) => {
                let place = reading.at(value.span());
                let finding = crate::definition::profile::bad_length(place, text, &error);
                reading.findings.push(finding);
                Value::Invalid
            }
        },
        (FieldType::Money, _) => read_money(reading, key, value),
        (FieldType::Number, DeValue::Integer(number)) => {
            match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => in_range(reading, field, number as f64, value),
                Err(_) => {
                    reading.wrong_type(key, "number", value);
                    Value::Invalid
                }
            }
        }
        (FieldType::Number, DeValue::Float(number)) => match number.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => in_range(reading, field, number, value),
            _ => {
                reading.wrong_type(key, "number", value);
                Value::Invalid
            }
        },
        (FieldType::Boolean, DeValue::Boolean(value)) => Value::Boolean(*value),
        (FieldType::Choice(choices), DeValue::String(name)) => {
            if let Some(index) = choices.iter().position(|choice| *choice.id == **name) {
                return Value::Choice(index as u16);
            }
            let span = Span::new(value.span());
            let by_label = choices
                .iter()
                .find(|choice| choice.label.get(Language::Chinese) == name.as_ref());
            match by_label {
                Some(choice) => {
                    reading.display_name("unknown-choice", key, name, span, &choice.id);
                }
                None => {
                    let known = choices.iter().map(|choice| &*choice.id);
                    reading.unknown("unknown-choice", key, name, span, known);
                    // what each stands for, for whoever has to pick one
                    let last = reading.findings.last_mut();
                    let listed = last.and_then(|finding| {
                        let mut arguments = finding.arguments.iter_mut();
                        arguments.find(|(name, _)| name == "known")
                    });
                    if let Some((_, known)) = listed {
                        *known = Argument::Labelled(labels_of(choices));
                    }
                }
            }
            Value::Invalid
        }
        (FieldType::Person, DeValue::String(name)) => {
            match read_person(reading, key, name, Span::new(value.span())) {
                Some(person) => Value::Person(person),
                None => Value::Invalid,
            }
        }
        (FieldType::Department, DeValue::String(name)) => {
            read_department(reading, key, name, Span::new(value.span()))
        }
        (FieldType::Party, DeValue::String(name)) => {
            let organisation = reading.organisation;
            if let Some(party) = organisation.find_party(name) {
                return Value::Party(party);
            }
            let span = Span::new(value.span());
            let by_name = organisation
                .parties
                .iter()
                .find(|party| party.name.get(Language::Chinese) == name.as_ref());
            match by_name {
                Some(party) => reading.display_name("unknown-party", key, name, span, &party.id),
                None => {
                    let known = organisation.parties.iter().map(|party| &*party.id);
                    reading.unknown("unknown-party", key, name, span, known);
                }
            }
            Value::Invalid
        }
        (FieldType::Reference(_), DeValue::String(number)) => {
            Value::Reference(number.as_ref().into())
        }
        (FieldType::Attachment, DeValue::String(name)) if is_none_stated(name) => Value::NoneStated,
        (FieldType::Attachment, DeValue::String(name)) => Value::Attachment(Attachment {
            name: name.as_ref().into(),
            file: None,
        }),
        (FieldType::Attachment, DeValue::Table(_)) => read_attachment(reading, key, value),
        (FieldType::Signature, DeValue::Table(_)) => read_signature(reading, key, value),
        (FieldType::Table { columns, .. }, DeValue::Array(items)) => Value::Rows(
            items
                .iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::Table(table) => {
                        Some(reading.row(columns, Span::new(item.span()), table))
                    }
                    _ => {
                        reading.wrong_type(key, "table", item);
                        None
                    }
                })
                .collect(),
        ),
        (FieldType::Table { .. }, _) => {
            reading.wrong_type(key, "rows", value);
            Value::Invalid
        }
        (kind, _) => {
            reading.wrong_type(key, kind.name(), value);
            Value::Invalid
        }
    }
}

fn in_range(
    reading: &mut Reading<'_>,
    field: &Field,
    number: f64,
    value: &Spanned<DeValue<'_>>,
) -> Value {
    let low = field.minimum.is_some_and(|minimum| number < minimum);
    let high = field.maximum.is_some_and(|maximum| number > maximum);
    if low || high {
        let bound = |bound: Option<f64>| bound.map_or_else(|| "…".to_owned(), |b| b.to_string());
        let finding = Finding::error("out-of-range", reading.at(value.span()))
            .with("key", &field.label)
            .with("value", number.to_string())
            .with("minimum", bound(field.minimum))
            .with("maximum", bound(field.maximum));
        reading.findings.push(finding);
    }
    Value::Number(number)
}

/// D13: only a real date is a date. A text that names one is a finding with
/// the date it means.
fn read_date(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::Datetime(datetime) => match moment(datetime, &reading.time.time_zone) {
            Some(Moment::Date(date)) => Value::Moment(Moment::Date(date)),
            Some(Moment::Instant(_)) => {
                let date = datetime
                    .date
                    .map(|date| date.to_string())
                    .unwrap_or_default();
                let span = Span::new(value.span());
                let finding = Finding::error("inexact-date", reading.place(span))
                    .message("has-time")
                    .with("key", key)
                    .with("near", date.as_str())
                    .fix(span, date, false);
                reading.findings.push(finding);
                Value::Invalid
            }
            None => not_a_date(reading, key, value, &datetime.to_string()),
        },
        DeValue::String(text) => not_a_date(reading, key, value, text),
        DeValue::Float(number) => not_a_date(reading, key, value, number.as_str()),
        DeValue::Integer(number) => not_a_date(reading, key, value, number.as_str()),
        _ => {
            reading.wrong_type(key, "date", value);
            Value::Invalid
        }
    }
}

fn not_a_date(
    reading: &mut Reading<'_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    text: &str,
) -> Value {
    let span = Span::new(value.span());
    let mut finding = Finding::error("inexact-date", reading.place(span))
        .clause(Some("W4".into()))
        .with("key", key)
        .with("text", text);
    if let Some(date) = guess_date(text, reading.year) {
        finding = finding.message("near").with("near", date.to_string()).fix(
            span,
            date.to_string(),
            guess_date(text, None).is_some(),
        );
    }
    reading.findings.push(finding);
    Value::Invalid
}

fn read_instant(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::Datetime(datetime) => match moment(datetime, &reading.time.time_zone) {
            Some(instant @ Moment::Instant(_)) => Value::Moment(instant),
            Some(Moment::Date(date)) => {
                // a day is less than was asked for, but it can be counted with
                let span = Span::new(value.span());
                let finding = Finding::warning("inexact-date", reading.place(span))
                    .message("no-time")
                    .with("key", key)
                    .with("near", format!("{date}T09:00:00+08:00"));
                reading.findings.push(finding);
                Value::Moment(Moment::Date(date))
            }
            None => not_a_date(reading, key, value, &datetime.to_string()),
        },
        DeValue::String(text) => not_a_date(reading, key, value, text),
        _ => {
            reading.wrong_type(key, "instant", value);
            Value::Invalid
        }
    }
}

fn read_period(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Value {
    let DeValue::Table(table) = value.get_ref() else {
        reading.wrong_type(key, "period", value);
        return Value::Invalid;
    };
    let mut ends = [None, None];
    for (name, end) in table {
        let name_text: &str = name.get_ref();
        let index = match name_text {
            "from" => 0,
            "to" => 1,
            _ => {
                reading.unknown_key(
                    name_text,
                    Span::new(name.span()),
                    ["from", "to"].into_iter(),
                );
                continue;
            }
        };
        let read = match end.get_ref() {
            DeValue::Datetime(datetime) => moment(datetime, &reading.time.time_zone),
            _ => None,
        };
        if read.is_none() {
            let text = match end.get_ref() {
                DeValue::String(text) => text.to_string(),
                other => crate::source::type_name(other).to_owned(),
            };
            not_a_date(reading, name_text, end, &text);
        }
        ends[index] = Some((read, end.span()));
    }
    for (index, name) in ["from", "to"].into_iter().enumerate() {
        if ends[index].is_none() {
            let finding = Finding::error("missing-key", reading.at(value.span())).with("key", name);
            reading.findings.push(finding);
        }
    }
    let (Some((Some(from), _)), Some((Some(to), span))) = (&ends[0], &ends[1]) else {
        return Value::Invalid;
    };
    if before(*to, *from) {
        let finding = Finding::error("period-order", reading.at(span.clone())).with("key", key);
        reading.findings.push(finding);
    }
    Value::Period(*from, *to)
}

fn before(a: Moment, b: Moment) -> bool {
    match (a, b) {
        (Moment::Date(a), Moment::Date(b)) => a < b,
        (Moment::Instant(a), Moment::Instant(b)) => a < b,
        _ => false,
    }
}

fn read_money(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Value {
    let (amount, currency) = match value.get_ref() {
        DeValue::Integer(number) => (number.as_str().parse::<Decimal>().ok(), CURRENCY),
        DeValue::Float(number) => (number.as_str().parse().ok(), CURRENCY),
        DeValue::String(text) => {
            let text = text.trim();
            let (amount, currency) = match text.rsplit_once(' ') {
                Some((amount, unit)) => (amount, unit),
                None => match text.strip_suffix('元') {
                    Some(amount) => (amount, CURRENCY),
                    None => (text, CURRENCY),
                },
            };
            let currency = match currency {
                "元" | "RMB" | "人民币" => CURRENCY,
                other => other,
            };
            let known = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
            let amount = amount.trim().parse().ok().filter(|_| known);
            (amount, currency)
        }
        _ => {
            reading.wrong_type(key, "money", value);
            return Value::Invalid;
        }
    };
    match amount {
        Some(amount) => Value::Money {
            amount,
            currency: Arc::from(currency),
        },
        None => {
            let finding = Finding::error("bad-amount", reading.at(value.span())).with("key", key);
            reading.findings.push(finding);
            Value::Invalid
        }
    }
}

/// `major（重大）、minor（一般）`, in both languages.
fn labels_of(choices: &[Choice]) -> Text {
    let list = |language, open, close, between| {
        let one = |choice: &Choice| {
            let label = choice.label.get(language);
            format!("{}{open}{label}{close}", choice.id)
        };
        choices.iter().map(one).collect::<Vec<_>>().join(between)
    };
    Text::new(
        list(Language::Chinese, "（", "）", "、"),
        list(Language::English, " (", ")", ", "),
    )
}

/// One person. A department's name stands for its head (D7); several names in
/// one place are a finding that proposes the split (W4).
fn read_person(reading: &mut Reading<'_>, key: &str, name: &str, span: Span) -> Option<PersonId> {
    let organisation = reading.organisation;
    if let Some(person) = organisation.find_person(name) {
        return Some(person);
    }
    if let Some(department) = organisation.find_department(name) {
        let subject = Subject::Department(department);
        let head = organisation.head_of(subject);
        let finding = Finding::note("department-as-owner", reading.place(span))
            .with("key", key)
            .with("department", &organisation.department(department).name);
        reading.findings.push(match head {
            Some(head) => finding.with("head", &organisation.person(head).name),
            None => finding
                .message("no-head")
                .level(crate::finding::Level::Error),
        });
        return head;
    }
    let parts: Vec<&str> = name
        .split(['、', '，', ',', '/', ';', '；', '和', '与', '及', ' '])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let matching: Vec<&str> = parts
        .iter()
        .filter_map(|part| person_named(reading, part))
        .collect();
    if parts.len() > 1 && matching.len() > 1 {
        let helpers: Vec<String> = matching[1..].iter().map(|id| format!("\"{id}\"")).collect();
        let finding = Finding::error("several-owners", reading.place(span))
            .clause(Some("W4".into()))
            .with("key", key)
            .with("first", matching[0])
            .with("others", helpers.join(", "))
            .fix(span, format!("\"{}\"", matching[0]), false);
        reading.findings.push(finding);
        return organisation.find_person(matching[0]);
    }
    if let Some(id) = person_named(reading, name) {
        reading.display_name("unknown-person", key, name, span, id);
        return None;
    }
    if is_group(name) {
        reading.group("unknown-person", key, name, span);
        return None;
    }
    let ids = organisation.people.iter().map(|person| &*person.id);
    let near_name = nearest(
        name,
        organisation
            .people
            .iter()
            .map(|person| person.name.get(Language::Chinese)),
    )
    .and_then(|near| person_named(reading, near));
    match (nearest(name, ids.clone()), near_name) {
        (None, Some(id)) => {
            let finding = Finding::error("unknown-person", reading.place(span))
                .message("near")
                .with("key", key)
                .with("name", name)
                .with("near", id)
                .fix(span, format!("\"{id}\""), false);
            reading.findings.push(finding);
        }
        _ => reading.unknown("unknown-person", key, name, span, ids),
    }
    None
}

/// Whether a name means several: 各部门负责人, 全体部门, 有关人员.
fn is_group(name: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["各", "全体", "所有", "有关", "相关"];
    BEGINNINGS.iter().any(|it| name.starts_with(it))
}

/// The id of the only person with this id or displayed name.
fn person_named<'o>(reading: &Reading<'o>, name: &str) -> Option<&'o str> {
    let organisation = reading.organisation;
    if let Some(person) = organisation.find_person(name) {
        return Some(&organisation.person(person).id);
    }
    let mut found = organisation.people.iter().filter(|person| {
        person.name.get(Language::Chinese) == name || person.name.get(Language::English) == name
    });
    match (found.next(), found.next()) {
        (Some(only), None) => Some(&only.id),
        _ => None,
    }
}

fn read_department(reading: &mut Reading<'_>, key: &str, name: &str, span: Span) -> Value {
    let organisation = reading.organisation;
    if let Some(department) = organisation.find_department(name) {
        return Value::Department(department);
    }
    let by_name = organisation.departments.iter().find(|department| {
        department.name.get(Language::Chinese) == name
            || department
                .short
                .as_ref()
                .is_some_and(|short| short.get(Language::Chinese) == name)
    });
    match by_name {
        Some(department) => {
            reading.display_name("unknown-department", key, name, span, &department.id);
        }
        None if is_group(name) => reading.group("unknown-department", key, name, span),
        None => {
            let known = organisation
                .departments
                .iter()
                .map(|department| &*department.id);
            reading.unknown("unknown-department", key, name, span, known);
        }
    }
    Value::Invalid
}

fn read_attachment(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Value {
    let DeValue::Table(table) = value.get_ref() else {
        return Value::Invalid;
    };
    let mut name = None;
    let mut file = None;
    for (part, value) in table {
        let slot = match part.get_ref().as_ref() {
            "name" => &mut name,
            "file" => &mut file,
            other => {
                reading.unknown_key(other, Span::new(part.span()), ["name", "file"].into_iter());
                continue;
            }
        };
        match value.get_ref() {
            DeValue::String(text) => *slot = Some(Box::<str>::from(text.as_ref())),
            _ => reading.wrong_type(part.get_ref(), "string", value),
        }
    }
    match name.or_else(|| {
        let file: &str = file.as_deref()?;
        Some(file.rsplit('/').next().unwrap_or(file).into())
    }) {
        Some(name) => Value::Attachment(Attachment { name, file }),
        None => {
            let finding = Finding::error("missing-key", reading.at(value.span()))
                .with("key", "name")
                .with("in", key);
            reading.findings.push(finding);
            Value::Invalid
        }
    }
}

fn read_signature(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Value {
    let DeValue::Table(table) = value.get_ref() else {
        return Value::Invalid;
    };
    let mut signature = Signature::default();
    for (part, value) in table {
        match (part.get_ref().as_ref(), value.get_ref()) {
            ("person", DeValue::String(name)) => {
                signature.person = read_person(reading, key, name, Span::new(value.span()));
            }
            ("name", DeValue::String(name)) => signature.name = Some(name.as_ref().into()),
            ("opinion", DeValue::String(text)) => signature.opinion = Some(text.as_ref().into()),
            ("at", DeValue::Datetime(datetime)) => {
                signature.at = moment(datetime, &reading.time.time_zone);
            }
            ("at", DeValue::String(text)) => {
                not_a_date(reading, "at", value, text);
            }
            ("person" | "name" | "opinion", _) => {
                reading.wrong_type(part.get_ref(), "string", value);
            }
            ("at", _) => reading.wrong_type("at", "instant", value),
            (other, _) => reading.unknown_key(
                other,
                Span::new(part.span()),
                ["person", "name", "at", "opinion"].into_iter(),
            ),
        }
    }
    Value::Signature(signature)
}
