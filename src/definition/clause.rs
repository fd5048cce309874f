//! The clauses of the handbooks: `templates/clauses.toml`.

use std::sync::Arc;

use crate::source::TableReader;
use crate::text::Text;

/// A clause of a handbook, in our own words.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its number: `P1.2`, `T20`.
    pub id: Arc<str>,
    /// Which handbook has it.
    pub handbook: Arc<str>,
    /// What it asks.
    pub asks: Text,
}

/// Reads `templates/clauses.toml`.
pub fn read_clauses(reader: TableReader<'_>) -> Vec<Clause> {
    let clauses = reader
        .tables("clauses")
        .into_iter()
        .filter_map(|table| {
            let id = table.required_string("id");
            let clause = Clause {
                id: id.as_ref().map_or("", |id| id.value).into(),
                handbook: table
                    .required_string("handbook")
                    .map_or("", |found| found.value)
                    .into(),
                asks: table.required_text("asks"),
            };
            table.get("note");
            table.finish();
            id.map(|_| clause)
        })
        .collect();
    reader.get("handbooks");
    reader.finish();
    clauses
}
