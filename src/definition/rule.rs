//! Rules of a kind: what an expression can say about one record.

use std::sync::Arc;

use super::expression::Expression;
use super::path::{Path, PathScope, Rows};
use super::state::{State, state_index, state_indexes};
use crate::finding::Level;
use crate::source::TableReader;
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
