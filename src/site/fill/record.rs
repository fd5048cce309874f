//! A record as the form takes it up again: `fill/record-<number>.js`.
//!
//! Invariant: what the form cannot write again as it stands is told of: keys
//! that the kind does not know and values of another type send the reader to
//! the file itself (`trouble`); how many comments would be lost is counted.

use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

use crate::definition::{Field, FieldType, Kind, kind};
use crate::source::{SourceFile, parse};

/// The record in a file.
pub(super) fn json(kind: &Kind, file: crate::finding::FileId, source: &SourceFile) -> Value {
    let parsed = parse(file, source);
    let table = parsed.table.get_ref();
    let mut reading = Reading {
        trouble: Vec::new(),
        strings: Vec::new(),
    };
    let values = reading.record(kind, table);
    if !parsed.broken.is_empty() || !parsed.findings.is_empty() {
        reading.trouble.push(source.path.clone());
    }
    let (comments, schema) = comments(&source.text, &reading.strings);
    json!({
        "path": source.path,
        "values": values,
        "comments": comments,
        "schema": schema,
        "trouble": reading.trouble,
    })
}

struct Reading {
    /// Keys whose values the form cannot hold.
    trouble: Vec<String>,
    /// Where texts stand, in bytes: a # in one begins no comment.
    strings: Vec<std::ops::Range<usize>>,
}

impl Reading {
    fn record(&mut self, of: &Kind, table: &DeTable<'_>) -> Value {
        let mut envelope = Map::new();
        let mut sections = Map::new();
        for (key, value) in table {
            self.strings.push(key.span());
            let name: &str = key.get_ref();
            self.text_spans(value.get_ref(), value.span());
            match (of.section(name), value.get_ref()) {
                (Some(index), DeValue::Table(row)) if !of.sections[index].repeated => {
                    let row = self.row(name, &of.sections[index].fields, row);
                    sections.insert(name.to_owned(), row);
                }
                (Some(index), DeValue::Array(rows)) if of.sections[index].repeated => {
                    let fields = &of.sections[index].fields;
                    let rows = rows
                        .iter()
                        .map(|row| match row.get_ref() {
                            DeValue::Table(row) => self.row(name, fields, row),
                            _ => self.cannot(name),
                        })
                        .collect();
                    sections.insert(name.to_owned(), Value::Array(rows));
                }
                (None, DeValue::String(text)) if kind::is_envelope(name) => {
                    envelope.insert(name.to_owned(), text.as_ref().into());
                }
                (None, DeValue::Array(items)) if kind::is_envelope(name) => {
                    let items = items
                        .iter()
                        .map(|item| match item.get_ref() {
                            DeValue::String(text) => text.as_ref().into(),
                            _ => self.cannot(name),
                        })
                        .collect();
                    envelope.insert(name.to_owned(), Value::Array(items));
                }
                _ => {
                    self.cannot(name);
                }
            }
        }
        envelope.insert("sections".to_owned(), Value::Object(sections));
        Value::Object(envelope)
    }

    fn cannot(&mut self, name: &str) -> Value {
        if !self.trouble.iter().any(|known| known == name) {
            self.trouble.push(name.to_owned());
        }
        Value::Null
    }

    fn row(&mut self, of: &str, fields: &[Field], table: &DeTable<'_>) -> Value {
        let mut row = Map::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = format!("{of}.{name}");
            let field = fields.iter().find(|field| *field.id == *name);
            let value = field.and_then(|field| self.field(&path, field, value.get_ref()));
            match value {
                Some(value) => {
                    row.insert(name.to_owned(), value);
                }
                None => {
                    self.cannot(&path);
                }
            }
        }
        Value::Object(row)
    }

    /// A field's value; none when the form has no place for it.
    fn field(&mut self, path: &str, field: &Field, value: &DeValue<'_>) -> Option<Value> {
        match (value, field.many) {
            (DeValue::String(text), true) if text.is_empty() => Some(json!([])),
            // 无: that there are none was said
            (DeValue::String(text), true) if matches!(field.kind, FieldType::Attachment) => {
                Some(text.as_ref().into())
            }
            (DeValue::Array(items), true) => {
                let mut all = Vec::with_capacity(items.len());
                for item in items {
                    all.push(self.single(path, field, item.get_ref())?);
                }
                Some(Value::Array(all))
            }
            (_, true) => None,
            (_, false) => self.single(path, field, value),
        }
    }

    fn single(&mut self, path: &str, field: &Field, value: &DeValue<'_>) -> Option<Value> {
        Some(match (&field.kind, value) {
            (FieldType::Table { .. }, DeValue::String(text)) if text.is_empty() => json!([]),
            (FieldType::Table { columns, .. }, DeValue::Array(rows)) => {
                let mut all = Vec::with_capacity(rows.len());
                for row in rows {
                    let DeValue::Table(row) = row.get_ref() else {
                        return None;
                    };
                    all.push(self.row(path, columns, row));
                }
                Value::Array(all)
            }
            (FieldType::Period, DeValue::Table(table)) => parts(table, &["from", "to"])?,
            (FieldType::Signature, DeValue::Table(table)) => {
                parts(table, &["person", "name", "at", "opinion"])?
            }
            (FieldType::Attachment, DeValue::Table(table)) => parts(table, &["name", "file"])?,
            (_, DeValue::String(text)) if text.is_empty() => "".into(),
            (FieldType::Date | FieldType::Instant, DeValue::Datetime(_))
            | (FieldType::Number | FieldType::Money, DeValue::Integer(_) | DeValue::Float(_))
            | (FieldType::Boolean, DeValue::Boolean(_)) => scalar(value)?,
            (
                FieldType::Text { .. }
                | FieldType::Markdown
                | FieldType::Duration
                | FieldType::Money
                | FieldType::Choice(_)
                | FieldType::Person
                | FieldType::Department
                | FieldType::Party
                | FieldType::Reference(_)
                | FieldType::Attachment,
                DeValue::String(text),
            ) => text.as_ref().into(),
            _ => return None,
        })
    }

    /// Notes where texts stand: nothing in them is a comment.
    fn text_spans(&mut self, value: &DeValue<'_>, span: std::ops::Range<usize>) {
        match value {
            DeValue::String(_) => self.strings.push(span),
            DeValue::Array(items) => {
                for item in items {
                    self.text_spans(item.get_ref(), item.span());
                }
            }
            DeValue::Table(table) => {
                for (key, value) in table {
                    self.strings.push(key.span());
                    self.text_spans(value.get_ref(), value.span());
                }
            }
            _ => {}
        }
    }
}

/// A table of scalars with no other keys than these.
fn parts(table: &DeTable<'_>, known: &[&str]) -> Option<Value> {
    let mut all = Map::new();
    for (key, value) in table {
        let name: &str = key.get_ref();
        if !known.contains(&name) {
            return None;
        }
        all.insert(name.to_owned(), scalar(value.get_ref())?);
    }
    Some(Value::Object(all))
}

/// A value as the form holds it: a text.
fn scalar(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Datetime(datetime) => datetime.to_string().into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()?
            .to_string()
            .into(),
        DeValue::Float(number) => number.as_str().into(),
        DeValue::Boolean(value) => value.to_string().into(),
        _ => return None,
    })
}

/// How many comments there are, and the schema that the first line may name.
fn comments(text: &str, strings: &[std::ops::Range<usize>]) -> (usize, Option<String>) {
    let mut count = 0;
    let mut schema = None;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('#')) {
        let start = at + found;
        if let Some(around) = strings.iter().find(|range| range.contains(&start)) {
            at = around.end;
            continue;
        }
        let end = text[start..]
            .find('\n')
            .map_or(text.len(), |end| start + end);
        match text[start..end].strip_prefix("#:schema ") {
            Some(path) => schema = Some(path.trim().to_owned()),
            None => count += 1,
        }
        at = end;
    }
    (count, schema)
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn a_sign_in_a_text_is_no_comment() {
        let text = "#:schema ../a.json\n# one\na = \"x # y\" # two\n";
        let string = text.find('"').map(|at| at..at + 7);
        let strings: Vec<_> = string.into_iter().collect();
        assert_eq!(comments(text, &strings), (2, Some("../a.json".to_owned())));
    }
}
