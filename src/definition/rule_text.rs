//! What a rule written in Rust says: `templates/rules/<rule>.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::Level;
use crate::source::TableReader;
use crate::text::Text;

/// A message of a rule.
#[derive(Clone, Debug)]
pub struct RuleMessage {
    /// What is wrong, with `{placeholders}`.
    pub text: Text,
    /// What to do.
    pub help: Option<Text>,
}

/// The documentation and the messages of a rule.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// The rule's name.
    pub id: Arc<str>,
    /// How much its findings usually weigh.
    pub level: Level,
    /// The clauses it comes from.
    pub clauses: Vec<Arc<str>>,
    /// What it asks, in a line.
    pub title: Text,
    /// Why, and how to satisfy it (Markdown).
    pub explain: Text,
    /// Its messages by name; `plain` is the usual one.
    pub messages: BTreeMap<Arc<str>, RuleMessage>,
}

/// Reads a rule's file.
pub fn read_rule_text(id: &str, reader: TableReader<'_>) -> RuleText {
    let messages = reader
        .named_tables("messages")
        .into_iter()
        .map(|(name, table)| {
            let message = RuleMessage {
                text: table.required_text("text"),
                help: table.text("help"),
            };
            table.finish();
            (Arc::from(name.value), message)
        })
        .collect();
    let text = RuleText {
        id: id.into(),
        level: reader
            .choice(
                "level",
                &[
                    ("error", Level::Error),
                    ("warning", Level::Warning),
                    ("note", Level::Note),
                ],
            )
            .unwrap_or(Level::Error),
        clauses: reader
            .strings("clauses")
            .iter()
            .map(|found| found.value.into())
            .collect(),
        title: reader.required_text("title"),
        explain: reader.text("explain").unwrap_or_default(),
        messages,
    };
    reader.get("note");
    reader.finish();
    text
}
