//! Sections: the parts of a record, in the order of the work.

use std::sync::Arc;

use super::changed_by::{MayChange, Written, read_written};
use super::commitment::{Commitment, Log, read_commitment, read_log};
use super::delay::{Delay, read_delay};
use super::field::{Field, Within, outside_from, read_field};
use super::state::State;
use crate::source::TableReader;
use crate::text::Text;

/// A part of a record that a step of the work fills.
#[derive(Clone, Debug)]
pub struct Section {
    /// Name in records.
    pub id: Arc<str>,
    /// Name for people.
    pub label: Text,
    /// One line on what it is for.
    pub hint: Option<Text>,
    /// The clause that asks for it.
    pub clause: Option<Arc<str>>,
    /// Whether it may stand several times (`[[replies]]`).
    pub repeated: bool,
    /// Index of the field that tells rows apart.
    pub identity: Option<usize>,
    /// How its rows are tasks.
    pub commitment: Option<Commitment>,
    /// How its rows are notes of progress.
    pub log: Option<Log>,
    /// How its rows tell of delays.
    pub delay: Option<Delay>,
    /// Who may change it, where that is not as for the rest of the record.
    pub changed_by: Option<Vec<MayChange>>,
    /// Its fields in order.
    pub fields: Vec<Field>,
}

impl Section {
    /// The index of a field by name.
    pub fn field(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|field| *field.id == *id)
    }
}

/// Reads `[sections.<id>]`, with the names of those who may change it.
pub(super) fn read_section(
    id: &str,
    reader: TableReader<'_>,
    states: &[State],
) -> (Section, Option<Written>) {
    let within = Within {
        table: false,
        internal: reader.boolean("internal"),
        outside_from: outside_from(&reader, states),
    };
    let fields: Vec<Field> = reader
        .named_tables("fields")
        .into_iter()
        .filter_map(|(name, table)| read_field(name.value, table, states, within))
        .collect();
    let repeated = reader.boolean("repeated");
    let identity = reader.string("identity").and_then(|name| {
        let found = fields.iter().position(|field| *field.id == *name.value);
        if found.is_none() {
            let known: Vec<&str> = fields.iter().map(|field| &*field.id).collect();
            reader.unknown_name("unknown-path", "identity", &name, &known);
        }
        found
    });
    let commitment = reader
        .table("commitment")
        .and_then(|table| read_commitment(table, &fields));
    let log = reader
        .table("log")
        .and_then(|table| read_log(table, &fields));
    let delay = reader
        .table("delay")
        .and_then(|table| read_delay(table, &fields));
    let section = Section {
        id: id.into(),
        label: reader.required_text("label"),
        hint: reader.text("hint"),
        clause: reader.string("clause").map(|clause| clause.value.into()),
        repeated,
        identity,
        commitment,
        log,
        delay,
        changed_by: None,
        fields,
    };
    let changed_by = read_written(&reader);
    reader.get("note");
    reader.finish();
    (section, changed_by)
}
