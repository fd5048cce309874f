//! Reading a block of a form.

use super::{
    AskedColumn, AskedValue, Block, BlockContent, ColumnValue, FormCell, FormColumn, GroupedValue,
    Role, columns_of,
};
use crate::definition::expression::Expression;
use crate::definition::field::FieldType;
use crate::definition::limit::Limit;
use crate::definition::path::PathScope;
use crate::organisation::LetterPaper;
use crate::source::{Located, TableReader};
use crate::text::Text;

/// A block; none where it says nothing that can be used.
pub(super) fn read_block(
    reader: TableReader<'_>,
    scope: &PathScope<'_>,
    limits: &[Limit],
) -> Option<Block> {
    let labels: Vec<(String, Text)> = reader.table("labels").map_or_else(Vec::new, |table| {
        table
            .entries()
            .filter_map(|(name, value)| {
                let text = table.as_text(name.value, value)?;
                Some((name.value.to_owned(), text))
            })
            .collect()
    });
    let label_of = |name: &str| {
        labels
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, text)| text.clone())
    };
    let cell = |key: &'static str, found: &Located<&str>| {
        scope.path(&reader, key, found).map(|path| FormCell {
            path,
            label: label_of(found.value),
        })
    };
    let when = Expression::read(&reader, "when");
    let paper = reader.choice("paper", &LetterPaper::NAMES);
    let content = if reader.has("heading") {
        reader.text("heading").map(BlockContent::Heading)
    } else if reader.has("text") {
        reader.text("text").map(BlockContent::Standing)
    } else if reader.has("seal") {
        reader.text("seal").map(BlockContent::Seal)
    } else if reader.has("row") {
        let cells = reader
            .strings("row")
            .iter()
            .filter_map(|found| cell("row", found))
            .collect();
        let (checks, role) = read_as(&reader);
        Some(BlockContent::Row {
            cells,
            checks,
            role,
        })
    } else if reader.has("box") {
        let found = reader.string("box");
        let lines = reader.integer("lines").map_or(4, |lines| lines.value);
        found
            .and_then(|found| cell("box", &found))
            .map(|cell| BlockContent::Box {
                cell,
                lines: lines.clamp(1, 60) as u32,
                role: read_as(&reader).1,
            })
    } else if reader.has("table") {
        read_table(&reader, scope, &label_of)
    } else if reader.has("grouped") {
        let values = read_grouped(&reader, scope);
        Some(BlockContent::Grouped {
            values,
            role: read_as(&reader).1,
            labels,
        })
    } else if reader.has("obligations") {
        Some(read_asked(&reader, limits, &label_of))
    } else if reader.has("signatures") {
        let cells = reader
            .strings("signatures")
            .iter()
            .filter_map(|found| cell("signatures", found))
            .collect();
        Some(BlockContent::Signatures {
            cells,
            label: reader.text("label"),
        })
    } else {
        reader.missing("row");
        None
    };
    reader.finish();
    content.map(|content| Block {
        content,
        when,
        paper,
    })
}

/// `as`: whether choices are boxes to tick, and the part's role in a letter.
fn read_as(reader: &TableReader<'_>) -> (bool, Role) {
    let mut known = vec![
        ("checks", (true, Role::Plain)),
        ("text", (false, Role::Plain)),
    ];
    known.extend(Role::NAMES.map(|(name, role)| (name, (false, role))));
    reader.choice("as", &known).unwrap_or_default()
}

fn read_table(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
    label_of: &dyn Fn(&str) -> Option<Text>,
) -> Option<BlockContent> {
    let found = reader.string("table");
    let label = reader.text("label");
    let blank_rows = reader.integer("rows").map_or(3, |rows| rows.value);
    let blank_lines = reader.integer("lines").map_or(1, |lines| lines.value);
    let names = reader.strings("columns");
    let widths = reader.numbers("widths");
    let found = found?;
    let rows = scope.rows(reader, "table", &found)?;
    let fields = columns_of(&scope.sections[rows.section], &rows);
    let all: Vec<usize> = (0..fields.len()).collect();
    let mut columns: Vec<FormColumn> = Vec::new();
    if names.is_empty() {
        columns.extend(all.iter().map(|index| FormColumn {
            value: ColumnValue::Field(*index),
            label: None,
            width: 1.0,
        }));
    }
    for (index, name) in names.iter().enumerate() {
        let width = width_of(&widths, index);
        let section = &scope.sections[rows.section];
        let tasks = rows.field.is_none() && section.commitment.is_some();
        let value = match name.value {
            "#" => ColumnValue::RowNumber,
            "@days_late" if tasks => ColumnValue::DaysLate,
            wanted => match fields.iter().position(|field| *field.id == *wanted) {
                Some(field) => ColumnValue::Field(field),
                None => {
                    let known: Vec<&str> = fields.iter().map(|field| &*field.id).collect();
                    reader.unknown_name("unknown-path", "columns", name, &known);
                    continue;
                }
            },
        };
        columns.push(FormColumn {
            value,
            label: label_of(name.value),
            width,
        });
    }
    Some(BlockContent::Table {
        rows,
        columns,
        label,
        blank_rows: blank_rows.clamp(0, 60) as u32,
        blank_lines: blank_lines.clamp(1, 6) as u32,
    })
}

/// A column's share of the width.
fn width_of(widths: &[Option<f64>], column: usize) -> f64 {
    let width = widths.get(column).copied().flatten();
    width.unwrap_or(1.0).max(0.1)
}

/// `{ grouped = ["attendance.people.person"], by = ["attendance.people.presence"] }`
fn read_grouped(reader: &TableReader<'_>, scope: &PathScope<'_>) -> Vec<GroupedValue> {
    let values = reader.strings("grouped");
    let by = reader.strings("by");
    if by.len() < values.len() {
        reader.missing("by");
    }
    values
        .iter()
        .zip(&by)
        .filter_map(|(value, found)| {
            let path = scope.path(reader, "grouped", value)?;
            let by = scope.path(reader, "by", found)?;
            let (section, field, column) = path.cell()?;
            let columns = scope.sections.get(section)?.fields.get(field)?.columns();
            let choice = by
                .cell()
                .filter(|cell| column.is_some() && (cell.0, cell.1) == (section, field))
                .and_then(|(_, _, column)| columns.get(column?))
                .is_some_and(|column| matches!(column.kind, FieldType::Choice(_)));
            if choice {
                return Some(GroupedValue { path, by });
            }
            let choices: Vec<&str> = columns
                .iter()
                .filter(|column| matches!(column.kind, FieldType::Choice(_)))
                .map(|column| &*column.id)
                .collect();
            reader.unknown_name("unknown-path", "by", found, &choices);
            None
        })
        .collect()
}

/// `{ obligations = ["acknowledge"], columns = ["department", "who", "status"] }`
fn read_asked(
    reader: &TableReader<'_>,
    limits: &[Limit],
    label_of: &dyn Fn(&str) -> Option<Text>,
) -> BlockContent {
    let known: Vec<&str> = limits.iter().map(|limit| &*limit.id).collect();
    let wanted = reader
        .strings("obligations")
        .iter()
        .filter_map(|found| {
            let index = known.iter().position(|id| *id == found.value);
            if index.is_none() {
                reader.unknown_name("unknown-limit", "obligations", found, &known);
            }
            index
        })
        .collect();
    let widths = reader.numbers("widths");
    let mut values: Vec<AskedValue> = reader
        .strings("columns")
        .iter()
        .filter_map(|found| reader.as_choice("columns", found, &AskedValue::NAMES))
        .collect();
    if values.is_empty() {
        values.extend(AskedValue::NAMES.map(|(_, value)| value));
    }
    let words = reader.table("words").map_or([None, None, None], |table| {
        let words = ["met", "late", "open"].map(|key| table.text(key));
        table.finish();
        words
    });
    let blank_rows = reader.integer("rows").map_or(3, |rows| rows.value);
    BlockContent::Asked {
        limits: wanted,
        columns: values
            .into_iter()
            .enumerate()
            .map(|(index, value)| AskedColumn {
                value,
                label: label_of(value.name()),
                width: width_of(&widths, index),
            })
            .collect(),
        words,
        label: reader.text("label"),
        blank_rows: blank_rows.clamp(0, 60) as u32,
    }
}
