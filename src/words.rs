//! The words of the interface: `templates/words/<language>.toml`.

use std::collections::HashMap;

use serde_json::{Map, Value};
use toml::de::DeValue;

use crate::text::{Language, fill};

/// Every label and message of the interface in one language.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The language they are in.
    pub language: Language,
    tree: Value,
    /// The words of the tree by their dotted names.
    by_name: HashMap<String, String>,
}

impl Words {
    /// The words out of a file's parsed table.
    pub fn new(language: Language, table: &toml::de::DeTable<'_>) -> Self {
        let tree = Value::Object(object(table));
        let mut by_name = HashMap::new();
        each_name("", &tree, &mut |name, value| {
            if let Some(words) = value.as_str() {
                by_name.insert(name.to_owned(), words.to_owned());
            }
        });
        Words {
            language,
            tree,
            by_name,
        }
    }

    /// The words under a dotted name; the name itself when there are none,
    /// so that what is missing can be seen and found.
    pub fn get<'w>(&'w self, name: &'w str) -> &'w str {
        self.find(name).unwrap_or(name)
    }

    /// The words under a dotted name, if there are any.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    /// The words under a dotted name with the placeholders filled.
    pub fn filled(&self, name: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(name), |wanted| {
            values
                .iter()
                .find(|(known, _)| *known == wanted)
                .map(|(_, value)| (*value).into())
        })
    }

    /// All of them, for templates.
    pub fn tree(&self) -> &Value {
        &self.tree
    }

    /// All dotted names, for comparing languages.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        each_name("", &self.tree, &mut |name, _| names.push(name.to_owned()));
        names.sort();
        names
    }
}

/// Everything in a tree that is no table, with its dotted name.
fn each_name(prefix: &str, value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if prefix.is_empty() {
                    each_name(key, value, visit);
                } else {
                    each_name(&format!("{prefix}.{key}"), value, visit);
                }
            }
        }
        _ => visit(prefix, value),
    }
}

fn object(table: &toml::de::DeTable<'_>) -> Map<String, Value> {
    table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
        .collect()
}

/// Words go to terminals and logs as they are, and a repository may bring its
/// own: what moves the cursor or turns the writing round is made visible.
fn harmless(text: &str) -> String {
    let stays = |c: char| c == '\n' || !c.is_control();
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = |c: char| match stays(c) && !turns(c) {
        true => c,
        false => char::REPLACEMENT_CHARACTER,
    };
    text.chars().map(shown).collect()
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(harmless(text)),
        DeValue::Integer(number) => number
            .as_str()
            .parse::<i64>()
            .map_or(Value::Null, Value::from),
        DeValue::Float(number) => number
            .as_str()
            .parse::<f64>()
            .map_or(Value::Null, Value::from),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(object(table)),
    }
}
