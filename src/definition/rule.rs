//! Rules of a kind: what an expression can say about one record.

use std::sync::Arc;

use super::expression::Expression;
use super::path::{Path, PathScope, Rows};
use super::state::{State, state_index, state_indexes};
use crate::finding::{Finding, Level};
use crate::source::{TableReader, nearest};
use crate::text::Text;

/// A rule written in a kind's definition.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique over all kinds.
    pub id: Arc<str>,
    /// How much its findings weigh.
    pub level: Level,
    /// The clause it comes from.
    pub clause: Option<Arc<str>>,
    /// What it asks, in a line.
    pub title: Text,
    /// Why, and how to satisfy it.
    pub explain: Text,
    /// From which state's rank on it holds.
    pub from_state: Option<usize>,
    /// In which states only; empty means all.
    pub states: Vec<usize>,
    /// For each of these rows.
    pub each: Option<Rows>,
    /// Only if this holds.
    pub when: Option<Expression>,
    /// What must hold.
    pub assert: Expression,
    /// Where to point.
    pub at: Option<At>,
    /// What is wrong, with `{path}` placeholders.
    pub message: Text,
    /// What to do.
    pub help: Option<Text>,
}

/// Where a rule's finding points.
#[derive(Clone, Debug)]
pub enum At {
    /// At a value of the record.
    Path(Path),
    /// At a column of the row at fault.
    Column(usize),
    /// At a section.
    Section(usize),
}

/// Reads `[[rules]]`.
pub(super) fn read_rules(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
    states: &[State],
) -> Vec<Rule> {
    reader
        .tables("rules")
        .into_iter()
        .filter_map(|table| read_rule(table, scope, states))
        .collect()
}

fn read_rule(table: TableReader<'_>, scope: &PathScope<'_>, states: &[State]) -> Option<Rule> {
    let id = table.required_string("id");
    let level = table
        .choice(
            "level",
            &[
                ("error", Level::Error),
                ("warning", Level::Warning),
                ("note", Level::Note),
            ],
        )
        .unwrap_or(Level::Error);
    let each = table
        .string("each")
        .and_then(|found| scope.rows(&table, "each", &found));
    let at = read_at(&table, scope, each.as_ref());
    if !table.has("assert") {
        table.missing("assert");
    }
    let assert = Expression::read(&table, "assert");
    let each_of = each.clone();
    let rule = assert.map(|assert| Rule {
        id: id.as_ref().map_or("", |id| id.value).into(),
        level,
        clause: table.string("clause").map(|clause| clause.value.into()),
        title: table.required_text("title"),
        explain: table.text("explain").unwrap_or_default(),
        from_state: state_index(&table, "from_state", states).map(|state| states[state].rank),
        states: state_indexes(&table, "states", states),
        each,
        when: Expression::read(&table, "when"),
        assert,
        at,
        message: table.required_text("message"),
        help: table.text("help"),
    });
    for key in ["message", "help"] {
        check_placeholders(&table, key, scope, each_of.as_ref());
    }
    match rule {
        Some(_) => {
            table.get("note");
            table.finish();
        }
        // the other keys were not asked for, and are none the worse for it
        None => drop(table),
    }
    id.and(rule)
}

/// The placeholders of a message must lead somewhere. Braces around anything
/// that is no path are words of the message.
fn check_placeholders(
    table: &TableReader<'_>,
    key: &'static str,
    scope: &PathScope<'_>,
    each: Option<&Rows>,
) {
    let Some(value) = table.get(key) else {
        return;
    };
    let texts: Vec<&str> = match value.get_ref() {
        toml::de::DeValue::String(text) => vec![text.as_ref()],
        toml::de::DeValue::Table(texts) => texts
            .values()
            .filter_map(|text| text.get_ref().as_str())
            .collect(),
        _ => return,
    };
    let is_path = |name: &&str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || "._".contains(c))
    };
    let mut said: Vec<&str> = Vec::new();
    for name in texts.into_iter().flat_map(placeholders).filter(is_path) {
        let of_row = each.and_then(|rows| {
            if name == "index" || name == "row" || *name == *rows.text {
                return Some(Ok(()));
            }
            // as a path of the whole record, a row's column has its table before it
            let column = name.strip_prefix("row.")?;
            let path = format!("{}.{column}", rows.text);
            Some(scope.resolve(&path).map(|_| ()))
        });
        let resolved = of_row.unwrap_or_else(|| scope.resolve(name).map(|_| ()));
        if let Err((wrong, known)) = resolved
            && !said.contains(&name)
        {
            said.push(name);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let mut finding = Finding::error("unknown-path", table.place_of(value))
                .with("key", key)
                .with("path", name)
                .with("name", wrong.as_str())
                .with("known", known.join(", "));
            if let Some(near) = nearest(&wrong, known) {
                finding = finding.message("near").with("near", near);
            }
            table.report(finding);
        }
    }
}

/// The names between the braces of a message.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

fn read_at(table: &TableReader<'_>, scope: &PathScope<'_>, each: Option<&Rows>) -> Option<At> {
    let found = table.string("at")?;
    if let Some(rows) = each {
        let section = &scope.sections[rows.section];
        let column = match rows.field {
            None => section.field(found.value),
            Some(field) => section.fields[field]
                .columns()
                .iter()
                .position(|column| *column.id == *found.value),
        };
        if let Some(column) = column {
            return Some(At::Column(column));
        }
    }
    if let Some(section) = scope
        .sections
        .iter()
        .position(|section| *section.id == *found.value)
    {
        return Some(At::Section(section));
    }
    scope.path(table, "at", &found).map(At::Path)
}
