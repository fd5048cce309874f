//! The words of the interface: `templates/words/<language>.toml`.

use serde_json::{Map, Value};
use toml::de::DeValue;

use crate::text::{Language, fill};

/// Every label and message of the interface in one language.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The language they are in.
    pub language: Language,
    tree: Value,
}

impl Words {
    /// The words out of a file's parsed table.
    pub fn new(language: Language, table: &toml::de::DeTable<'_>) -> Self {
        Words {
            language,
            tree: Value::Object(object(table)),
        }
    }

    /// The words under a dotted name; the name itself when there are none,
    /// so that what is missing can be seen and found.
    pub fn get<'w>(&'w self, name: &'w str) -> &'w str {
        self.find(name).unwrap_or(name)
    }

    /// The words under a dotted name, if there are any.
    pub fn find(&self, name: &str) -> Option<&str> {
        let mut value = &self.tree;
        for part in name.split('.') {
            value = value.get(part)?;
        }
        value.as_str()
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
        fn collect(prefix: &str, value: &Value, into: &mut Vec<String>) {
            match value {
                Value::Object(map) => {
                    for (key, value) in map {
                        let name = if prefix.is_empty() {
                            key.clone()
                        } else {
                            format!("{prefix}.{key}")
                        };
                        collect(&name, value, into);
                    }
                }
                _ => into.push(prefix.to_owned()),
            }
        }
        let mut names = Vec::new();
        collect("", &self.tree, &mut names);
        names.sort();
        names
    }
}

fn object(table: &toml::de::DeTable<'_>) -> Map<String, Value> {
    table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
        .collect()
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
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
