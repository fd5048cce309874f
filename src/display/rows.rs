//! What tells a row from its like.

use super::Display;
use crate::definition::{Field, FieldType, Kind, Rows, Section};
use crate::record::{Record, Row, RowRef};

/// A first value longer than this, in characters, is no name.
const LONGEST: usize = 24;

impl Display<'_> {
    /// The name of a row of a section, or of a table in it: what the definition
    /// tells rows apart by.
    pub fn row_identity(
        &self,
        section: &Section,
        table: Option<usize>,
        row: &Row,
    ) -> Option<String> {
        let (fields, identity) = columns(section, table);
        let index = identity?;
        let name = self.value(fields.get(index)?, row.get(index)?);
        (!name.is_empty()).then_some(name)
    }

    /// The same of a row by its number, and where the definition tells rows
    /// apart by nothing, the first thing that stands in it if that is short.
    pub fn row_name(
        &self,
        kind: &Kind,
        record: &Record,
        rows: &Rows,
        row: usize,
    ) -> Option<String> {
        let section = kind.sections.get(rows.section)?;
        match record.rows(rows).get(row)? {
            RowRef::Item(cell) => Some(self.value(section.fields.get(rows.field?)?, cell)),
            RowRef::Row(row) => self
                .row_identity(section, rows.field, row)
                .or_else(|| {
                    let (fields, _) = columns(section, rows.field);
                    let mut values = fields
                        .iter()
                        .enumerate()
                        .filter_map(|(index, field)| Some(self.value(field, row.get(index)?)));
                    values.find(|value| !value.is_empty())
                })
                .filter(|name| name.chars().nth(LONGEST).is_none()),
        }
    }
}

/// The fields of the rows, and the index of the one that tells them apart.
fn columns(section: &Section, table: Option<usize>) -> (&[Field], Option<usize>) {
    match table.map(|table| &section.fields[table]) {
        None => (&section.fields, section.identity),
        Some(field) => match &field.kind {
            FieldType::Table { columns, identity } => (columns, *identity),
            _ => (field.columns(), None),
        },
    }
}
