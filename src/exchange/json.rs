//! Tables as JSON, by the schema in `table.schema.json` beside this file,
//! which is published with them.
//!
//! Invariant: new keys may come; `version` changes when a key goes or changes
//! its meaning.

use jiff::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::cell;
use super::table::{Book, Column, Datum, Table};
use crate::display::Display;
use crate::outlook::Outlook;

/// Version of the shape.
const VERSION: u32 = 1;
/// Below this every whole number is exact, in JavaScript as well.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// The JSON Schema of every table.
pub const SCHEMA: &str = include_str!("table.schema.json");

/// A table with those of the rows in its rows, as JSON on one line a row.
pub fn json(outlook: &Outlook<'_>, display: &Display<'_>, book: &Book<'_>) -> Vec<u8> {
    let shape = Shape { display: *display };
    let mut out = Vec::new();
    let head = serde_json::json!({
        "version": VERSION,
        "language": display.language.code(),
        "as_of": shape.instant(outlook.as_of),
        "audience": outlook.viewer.name(&outlook.register.organisation),
    });
    // strings, numbers and lists of them: nothing of it can fail to be written
    let head = serde_json::to_string(&head).unwrap_or_default();
    out.extend_from_slice(head.strip_suffix('}').unwrap_or(&head).as_bytes());
    out.push(b',');
    shape.table(&mut out, &book.table);
    out.extend_from_slice(b",\"details\":[");
    for (index, detail) in book.details.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"\n{");
        shape.table(&mut out, detail);
        out.push(b'}');
    }
    out.extend_from_slice(b"]}\n");
    out
}

/// Writes a key and its value.
fn put(out: &mut Vec<u8>, key: &str, value: &impl Serialize) {
    out.extend_from_slice(key.as_bytes());
    let _ = serde_json::to_writer(out, value);
}

/// How values look in JSON.
struct Shape<'r> {
    display: Display<'r>,
}

impl Shape<'_> {
    /// The keys of a table, without the braces around them.
    fn table(&self, out: &mut Vec<u8>, table: &Table<'_>) {
        let columns: Vec<serde_json::Value> = table
            .columns
            .iter()
            .map(|column| {
                serde_json::json!({
                    "id": column.id,
                    "label": column.label,
                    "type": column.kind.name(),
                    "many": column.many,
                })
            })
            .collect();
        put(out, "\"table\":", &table.id);
        put(out, ",\"title\":", &table.title);
        put(out, ",\"columns\":", &columns);
        out.extend_from_slice(b",\"rows\":[");
        for (index, row) in table.rows.iter().enumerate() {
            out.extend_from_slice(if index > 0 { b",\n" } else { b"\n" });
            let row = Row {
                shape: self,
                columns: &table.columns,
                row,
            };
            let _ = serde_json::to_writer(&mut *out, &row);
        }
        out.push(b']');
    }

    /// An instant with its offset in company time.
    fn instant(&self, instant: Timestamp) -> String {
        let zone = &self.display.register.calendar.settings().time_zone;
        let zoned = instant.to_zoned(zone.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

/// A row as an object: a key for each column that says something.
struct Row<'s, 't> {
    shape: &'s Shape<'s>,
    columns: &'t [Column],
    row: &'t [Datum<'t>],
}

impl Serialize for Row<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, datum) in self.columns.iter().zip(self.row) {
            if *datum == Datum::Nothing {
                continue;
            }
            let value = Item {
                shape: self.shape,
                datum,
            };
            map.serialize_entry(&column.id, &value)?;
        }
        map.end()
    }
}

struct Item<'s, 't> {
    shape: &'s Shape<'s>,
    datum: &'t Datum<'t>,
}

impl Serialize for Item<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.datum {
            Datum::Nothing => serializer.serialize_none(),
            Datum::Text(text) => serializer.serialize_str(&cell::plain(text)),
            Datum::Day(date) => serializer.collect_str(date),
            Datum::Instant(instant) => serializer.serialize_str(&self.shape.instant(*instant)),
            Datum::Number(number) if number.fract() == 0.0 && number.abs() < EXACT => {
                serializer.serialize_i64(*number as i64)
            }
            Datum::Number(number) => serializer.serialize_f64(*number),
            Datum::Amount(amount) => serializer.serialize_str(&cell::digits(*amount)),
            Datum::Boolean(value) => serializer.serialize_bool(*value),
            Datum::Named { id, name } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("id", id)?;
                map.serialize_entry("name", &cell::plain(name))?;
                map.end()
            }
            Datum::List(items) => serializer.collect_seq(items.iter().map(|datum| Item {
                shape: self.shape,
                datum,
            })),
        }
    }
}
