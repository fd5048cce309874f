//! What a part of a file says, without how it is written: the same for two
//! spellings of one value.

use std::collections::BTreeMap;

use toml_edit::{Array, ArrayOfTables, Item, TableLike, Value};

/// The content of an item of a TOML tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Content {
    Boolean(bool),
    Integer(i64),
    /// Its bits: to be told apart, not to be reckoned with.
    Float(u64),
    /// As TOML writes it.
    Moment(String),
    Text(String),
    List(Vec<Content>),
    Table(BTreeMap<String, Content>),
}

impl Content {
    /// The content of an item; none where there is none.
    pub fn of(item: &Item) -> Option<Content> {
        Some(match item {
            Item::None => return None,
            Item::Value(value) => Self::of_value(value),
            Item::Table(table) => Self::of_table(table),
            Item::ArrayOfTables(rows) => Self::of_rows(rows),
        })
    }

    /// The content of a value.
    pub fn of_value(value: &Value) -> Content {
        match value {
            Value::String(text) => Content::Text(text.value().clone()),
            Value::Integer(number) => Content::Integer(*number.value()),
            Value::Float(number) => Content::Float(number.value().to_bits()),
            Value::Boolean(value) => Content::Boolean(*value.value()),
            Value::Datetime(moment) => Content::Moment(moment.value().to_string()),
            Value::Array(items) => Self::of_array(items),
            Value::InlineTable(table) => Self::of_table(table),
        }
    }

    /// The content of a table, with a header or in braces.
    pub fn of_table(table: &dyn TableLike) -> Content {
        let entries = table
            .iter()
            .filter_map(|(key, item)| Some((key.to_owned(), Self::of(item)?)));
        Content::Table(entries.collect())
    }

    fn of_array(items: &Array) -> Content {
        Content::List(items.iter().map(Self::of_value).collect())
    }

    fn of_rows(rows: &ArrayOfTables) -> Content {
        Content::List(rows.iter().map(|row| Self::of_table(row)).collect())
    }

    /// What a table says under a key.
    pub fn get(&self, key: &str) -> Option<&Content> {
        match self {
            Content::Table(entries) => entries.get(key),
            _ => None,
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Text(text) => text.trim().is_empty(),
            Content::List(items) => items.is_empty(),
            Content::Table(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// As a name to tell rows apart by: blanks around it make no difference.
    pub fn name(&self) -> String {
        match self {
            Content::Text(text) => text.trim().to_owned(),
            Content::Moment(text) => text.clone(),
            Content::Integer(number) => number.to_string(),
            Content::Boolean(value) => value.to_string(),
            Content::Float(bits) => f64::from_bits(*bits).to_string(),
            Content::List(items) => {
                let names: Vec<String> = items.iter().map(Content::name).collect();
                names.join("、")
            }
            Content::Table(entries) => {
                let names: Vec<String> = entries.values().map(Content::name).collect();
                names.join(" ")
            }
        }
    }
}
