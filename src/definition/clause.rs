//! The clauses of the handbooks: `templates/clauses.toml`, and an
//! organisation's own in `templates/clauses/`.

use std::sync::Arc;

use crate::finding::Place;
use crate::source::TableReader;
use crate::text::Text;

/// A handbook, or the project's own decisions.
#[derive(Clone, Debug)]
pub struct Handbook {
    /// Its name in definition files: `S1`.
    pub id: Arc<str>,
    /// Its title.
    pub name: Text,
}

/// A clause of a handbook, in our own words.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its number: `P1.2`, `T20`.
    pub id: Arc<str>,
    /// Where that stands.
    pub place: Place,
    /// Which handbook has it.
    pub handbook: Arc<str>,
    /// Where that stands.
    pub handbook_place: Place,
    /// What it asks.
    pub asks: Text,
    /// What carries it where no definition does: a command, a page, a setting.
    pub carrier: Option<Text>,
}

/// What a file of clauses says.
pub type ClauseList = (Vec<Handbook>, Vec<Clause>);

/// Reads `templates/clauses.toml` or a file of `templates/clauses/`: handbooks
/// and clauses, in order.
pub fn read_clauses(reader: TableReader<'_>) -> ClauseList {
    let handbooks = reader
        .named_tables("handbooks")
        .into_iter()
        .map(|(id, table)| {
            let handbook = Handbook {
                id: id.value.into(),
                name: table.required_text("name"),
            };
            table.finish();
            handbook
        })
        .collect();
    let clauses = reader
        .tables("clauses")
        .into_iter()
        .filter_map(|table| {
            let id = table.required_string("id");
            let handbook = table.required_string("handbook");
            let asks = table.required_text("asks");
            let carrier = table.text("carrier");
            table.get("note");
            table.finish();
            let (id, handbook) = id.zip(handbook)?;
            Some(Clause {
                id: id.value.into(),
                place: id.place,
                handbook: handbook.value.into(),
                handbook_place: handbook.place,
                asks,
                carrier,
            })
        })
        .collect();
    reader.finish();
    (handbooks, clauses)
}
