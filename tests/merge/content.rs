//! What a file says, whatever it looks like.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, TableLike, Value};

/// What a TOML text says: tables by their keys, lists in their order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    One(String),
    List(Vec<Content>),
    Table(BTreeMap<String, Content>),
}

/// What a text says; panics when it is no TOML.
pub fn content(text: &str) -> Content {
    match text.parse::<DocumentMut>() {
        Ok(tree) => of_table(tree.as_table()),
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn of_table(table: &dyn TableLike) -> Content {
    let entries = table
        .iter()
        .map(|(key, item)| (key.to_owned(), of_item(item)));
    Content::Table(entries.collect())
}

fn of_item(item: &Item) -> Content {
    match item {
        Item::None => Content::One(String::new()),
        Item::Value(value) => of_value(value),
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(rows) => Content::List(rows.iter().map(|row| of_table(row)).collect()),
    }
}

fn of_value(value: &Value) -> Content {
    match value {
        Value::String(text) => Content::One(text.value().clone()),
        Value::Array(items) => Content::List(items.iter().map(of_value).collect()),
        Value::InlineTable(table) => of_table(table),
        Value::Integer(number) => Content::One(number.value().to_string()),
        Value::Float(number) => Content::One(number.value().to_string()),
        Value::Boolean(value) => Content::One(value.value().to_string()),
        Value::Datetime(moment) => Content::One(moment.value().to_string()),
    }
}

impl Content {
    /// The same without tables and lists that hold nothing.
    pub fn without_empty(self) -> Content {
        match self {
            Content::Table(entries) => {
                let there = |(key, inner): (String, Content)| match inner.without_empty() {
                    Content::List(items) if items.is_empty() => None,
                    inner => Some((key, inner)),
                };
                Content::Table(entries.into_iter().filter_map(there).collect())
            }
            other => other,
        }
    }

    /// What stands at a path of keys; nothing where it leads nowhere.
    pub fn at(&self, path: &[&str]) -> Option<&Content> {
        path.iter().try_fold(self, |inner, key| match inner {
            Content::Table(entries) => entries.get(*key),
            _ => None,
        })
    }

    /// The rows or items at a path.
    pub fn rows(&self, path: &[&str]) -> Vec<&Content> {
        match self.at(path) {
            Some(Content::List(rows)) => rows.iter().collect(),
            _ => Vec::new(),
        }
    }
}
