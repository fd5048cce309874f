//! Tables of a form: the rows of a record, or empty rows for ink.

use super::build::Builder;
use super::format::{Detail, Room};
use super::rows::{days_late, table_rows};
use super::widths::{least_for, widths};
use super::{Block, Column, Content};
use crate::definition::form::{
    BlockContent, ColumnValue, FormColumn, FormStyle, Orientation, columns_of,
};
use crate::definition::path::Rows;
use crate::definition::{Field, FieldType};
use crate::record::{Cell, RowRef};

/// Lines kept free in a filled form where nothing was written: enough to add
/// a remark by hand, not to waste a page.
pub(super) const FREE_LINES: u32 = 2;
/// Ems across the text of a sheet, at the size tables are set in (9.5 pt
/// upright, 9 pt across).
pub(super) const TABLE_ROOM: [f64; 2] = [48.0, 80.0];
/// Ems a table's column needs to hold a person with the department.
const WIDE_COLUMN: f64 = 9.5;

impl Builder<'_> {
    /// The number of empty rows that the form gives something with rows.
    pub(super) fn blank_rows_of(&self, wanted: &Rows) -> Option<u32> {
        self.form
            .layout
            .iter()
            .find_map(|block| match &block.content {
                BlockContent::Table {
                    rows, blank_rows, ..
                } if rows.section == wanted.section && rows.field == wanted.field => {
                    Some(*blank_rows)
                }
                _ => None,
            })
    }

    /// What a table without a label of its own is a table of: the field's or
    /// section's label, unless a heading stands over it or it is all there is
    /// on a register.
    pub(super) fn own_label(&self, rows: &Rows, before: Option<&Block>) -> Option<String> {
        let headed = matches!(before, Some(Block::Heading { .. }));
        let sole = self.form.style == FormStyle::Register
            && self.tables().next().is_some_and(|first| first == rows);
        if headed || sole {
            return None;
        }
        let section = &self.kind.sections[rows.section];
        let label = match rows.field {
            Some(field) => &section.fields[field].label,
            None => &section.label,
        };
        Some(self.format.text(label))
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &Rows> {
        self.form
            .layout
            .iter()
            .filter_map(|block| match &block.content {
                BlockContent::Table { rows, .. } => Some(rows),
                _ => None,
            })
    }

    pub(super) fn table(
        &mut self,
        rows: &Rows,
        columns: &[FormColumn],
        label: Option<String>,
        blank_rows: u32,
        blank_lines: u32,
    ) -> Block {
        let kind = self.kind;
        let fields = columns_of(&kind.sections[rows.section], rows);
        let field = |column: &FormColumn| match column.value {
            ColumnValue::Field(index) => fields.get(index),
            _ => None,
        };
        let labels: Vec<String> = columns
            .iter()
            .map(
                |column| match (&column.label, field(column), column.value) {
                    (Some(label), ..) => self.format.text(label),
                    (None, Some(field), _) => self.format.text(&field.label),
                    (None, None, ColumnValue::DaysLate) => self.format.word("paper.days_late"),
                    (None, None, _) => self.format.word("paper.row_number"),
                },
            )
            .collect();
        let shares: Vec<f64> = columns.iter().map(|column| column.width).collect();
        let least: Vec<f64> = columns
            .iter()
            .zip(&labels)
            .map(|(column, label)| least_for(field(column).map(|field| &field.kind), label))
            .collect();
        let room = TABLE_ROOM[usize::from(self.form.orientation == Orientation::Landscape)];
        let widths = widths(&shares, &least, room);
        let has_department = columns
            .iter()
            .any(|column| matches!(field(column).map(|f| &f.kind), Some(FieldType::Department)));
        let filled = match self.record {
            Some(record) => table_rows(record, rows, self.only),
            None => Vec::new(),
        };
        let mut body = Vec::with_capacity(filled.len());
        for (number, row) in filled.iter().enumerate() {
            let mut cells = Vec::with_capacity(columns.len());
            for ((column, label), width) in columns.iter().zip(&labels).zip(&widths) {
                let Some(field) = field(column) else {
                    let text = match column.value {
                        ColumnValue::DaysLate => {
                            let section = &kind.sections[rows.section];
                            days_late(self.format.register, section, row)
                                .map_or_else(String::new, |days| days.to_string())
                        }
                        _ => (number + 1).to_string(),
                    };
                    cells.push(Content::line(text));
                    continue;
                };
                let ems = f64::from(*width) * room / 100.0;
                let wide = ems >= WIDE_COLUMN && !has_department;
                let found = match column.value {
                    ColumnValue::Field(index) => in_row(row, index),
                    _ => None,
                };
                let room = Room {
                    detail: if wide {
                        Detail::Department
                    } else {
                        Detail::Name
                    },
                    short: true,
                    day: false,
                };
                let found: Vec<&Cell> = found.into_iter().collect();
                cells.push(self.writer.written(&found, field, None, room, label, false));
            }
            body.push(cells);
        }
        let columns = labels
            .into_iter()
            .zip(widths)
            .zip(columns)
            .map(|((label, width), column)| Column {
                label,
                width,
                centred: is_short(field(column)),
            })
            .collect();
        let blank_rows = match (self.record, body.is_empty()) {
            (None, _) => blank_rows.max(1),
            (Some(_), true) => blank_rows.clamp(1, FREE_LINES),
            (Some(_), false) => 0,
        };
        Block::Table {
            label,
            columns,
            rows: body,
            blank_rows,
            blank_lines,
        }
    }
}

/// The value of a column in a row.
fn in_row<'r>(row: &RowRef<'r>, column: usize) -> Option<&'r Cell> {
    row.get(column)
}

/// Values of a few characters look lost at the left of their column.
pub(super) fn is_short(field: Option<&Field>) -> bool {
    match field {
        None => true,
        Some(field) if field.many => false,
        Some(field) => matches!(
            field.kind,
            FieldType::Date
                | FieldType::Instant
                | FieldType::Number
                | FieldType::Boolean
                | FieldType::Choice(_)
                | FieldType::Department
                | FieldType::Person
                | FieldType::Duration
                | FieldType::Signature
        ),
    }
}
