//! A register paper as an outside party may know it.

use super::left;
use crate::definition::kind::Kind;
use crate::definition::register_paper::{
    ColumnValue, HeadCell, HeadValue, Paths, RegisterColumn, RegisterPaper, RegisterTable, Source,
};

impl RegisterPaper {
    /// The paper as outsiders may know it, of these kinds as they may know
    /// them; without heads and tables where it is internal.
    pub fn outside(&self, kinds: &[Kind]) -> RegisterPaper {
        if self.internal {
            return RegisterPaper {
                name: Default::default(),
                description: Default::default(),
                head: Vec::new(),
                tables: Vec::new(),
                ..self.clone()
            };
        }
        RegisterPaper {
            head: self
                .head
                .iter()
                .map(|row| row.iter().filter_map(|cell| head(cell, kinds)).collect())
                .collect(),
            tables: self
                .tables
                .iter()
                .filter_map(|found| table(found, kinds))
                .collect(),
            ..self.clone()
        }
    }
}

fn paper_paths(paths: &Paths, kinds: &[Kind]) -> Option<Paths> {
    let paths: Paths = paths
        .iter()
        .zip(kinds)
        .map(|(paths, kind)| left(kind).paths(paths))
        .collect();
    paths.iter().any(|paths| !paths.is_empty()).then_some(paths)
}

fn head(cell: &HeadCell, kinds: &[Kind]) -> Option<HeadCell> {
    Some(HeadCell {
        label: cell.label.clone(),
        value: match &cell.value {
            HeadValue::Fact(fact) => HeadValue::Fact(*fact),
            HeadValue::Gathered { paths, take } => HeadValue::Gathered {
                paths: paper_paths(paths, kinds)?,
                take: *take,
            },
        },
    })
}

fn table(table: &RegisterTable, kinds: &[Kind]) -> Option<RegisterTable> {
    let of: Vec<usize> = table
        .kinds
        .iter()
        .copied()
        .filter(|index| {
            kinds.get(*index).is_some_and(|kind| {
                !kind.internal && left(kind).can_tell(table.when.as_ref(), None)
            })
        })
        .collect();
    let value = |value: &ColumnValue| -> Option<ColumnValue> {
        Some(match value {
            ColumnValue::Paths(paths) => ColumnValue::Paths(paper_paths(paths, kinds)?),
            other => other.clone(),
        })
    };
    let source = match &table.source {
        Source::Rows(rows) => Source::Rows(
            rows.iter()
                .zip(kinds)
                .map(|(rows, kind)| rows.as_ref().and_then(|rows| left(kind).rows(rows)))
                .collect(),
        ),
        other => other.clone(),
    };
    let empty = match &source {
        Source::Rows(rows) => of
            .iter()
            .all(|kind| rows.get(*kind).is_none_or(Option::is_none)),
        _ => of.is_empty(),
    };
    let columns: Vec<RegisterColumn> = table
        .columns
        .iter()
        .filter_map(|column| {
            Some(RegisterColumn {
                label: column.label.clone(),
                width: column.width,
                value: value(&column.value)?,
            })
        })
        .collect();
    let says = columns.iter().any(|column| {
        matches!(
            column.value,
            ColumnValue::Paths(_) | ColumnValue::Derived(_)
        )
    });
    (!empty && says).then(|| RegisterTable {
        kinds: of,
        source,
        sort: table.sort.as_ref().and_then(value),
        columns,
        label: table.label.clone(),
        phases: table.phases.clone(),
        filed: table.filed,
        open: table.open,
        when: table.when.clone(),
        descending: table.descending,
        // who of the company has answered is nobody else's business
        group: None,
        matrix: Vec::new(),
        blank_rows: table.blank_rows,
    })
}
