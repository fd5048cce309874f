//! The links between records: numbers that lead somewhere, and back.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::definition::{Field, FieldType, Kind};
use crate::finding::{Finding, Span};
use crate::record::{Cell, Record, Row, Value};
use crate::source::nearest;

/// Records in the order of their numbers.
pub(super) struct Index {
    /// One of each number.
    pub(super) records: Vec<Record>,
    /// Where each stands.
    pub(super) by_id: HashMap<Arc<str>, usize>,
    /// Those whose number another one has.
    pub(super) doubles: Vec<Record>,
}

/// Orders the records by number and indexes them. Of two with one number the
/// first read counts, the other is a finding and leaves the list. Capitals make
/// no difference: some file systems do not tell them apart.
pub(super) fn index(records: Vec<Record>, findings: &mut Vec<Finding>) -> Index {
    let mut kept: Vec<Record> = Vec::with_capacity(records.len());
    let mut doubles = Vec::new();
    let mut folded: HashMap<String, usize> = HashMap::with_capacity(records.len());
    for record in records {
        if record.id.value.is_empty() {
            kept.push(record);
            continue;
        }
        match folded.entry(record.id.value.to_lowercase()) {
            Entry::Occupied(first) => {
                let first = &kept[*first.get()];
                findings.push(
                    Finding::error("duplicate-number", record.place(record.id.span))
                        .with("id", &*record.id.value)
                        .related(first.place(first.id.span)),
                );
                doubles.push(record);
            }
            Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push(record);
            }
        }
    }
    kept.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    let by_id = kept
        .iter()
        .enumerate()
        .filter(|(_, record)| !record.id.value.is_empty())
        .map(|(index, record)| (record.id.value.clone(), index))
        .collect();
    Index {
        records: kept,
        by_id,
        doubles,
    }
}

/// Checks that every reference leads to a record of a kind it may lead to,
/// and returns for each record the records that name it.
pub(super) fn link(
    records: &[Record],
    kinds: &[Kind],
    by_id: &HashMap<Arc<str>, usize>,
    findings: &mut Vec<Finding>,
) -> Vec<Vec<usize>> {
    let mut referenced_by: Vec<Vec<usize>> = vec![Vec::new(); records.len()];
    for (index, record) in records.iter().enumerate() {
        let mut visit = |number: &str, span: Span, allowed: &[Arc<str>]| {
            let place = record.place(span);
            let Some(&target) = by_id.get(number) else {
                let mut finding = Finding::error("unknown-reference", place).with("id", number);
                // a slip of one digit has a hundred equal neighbours: only a near prefix helps
                if let Some(near) = near_number(number, records) {
                    finding = finding.message("near").with("near", near).fix(
                        span,
                        format!("\"{near}\""),
                        false,
                    );
                }
                findings.push(finding);
                return;
            };
            if !allowed.is_empty() && !allowed.contains(&kinds[records[target].kind].id) {
                let names: Vec<&str> = allowed.iter().map(|kind| &**kind).collect();
                findings.push(
                    Finding::error("unknown-reference", place)
                        .message("kind")
                        .with("id", number)
                        .with("kind", &kinds[records[target].kind].name)
                        .with("known", names.join(", ")),
                );
            }
            let back = &mut referenced_by[target];
            if back.last() != Some(&index) && target != index {
                back.push(index);
            }
        };
        for number in &record.related {
            visit(&number.value, number.span, &[]);
        }
        let kind = &kinds[record.kind];
        for (section, value) in kind.sections.iter().zip(&record.sections) {
            for row in value.rows() {
                each_reference(&section.fields, row, &mut visit);
            }
        }
    }
    referenced_by
}

fn near_number<'r>(number: &str, records: &'r [Record]) -> Option<&'r str> {
    let candidates = records.iter().map(|record| &*record.id.value);
    nearest(number, candidates).filter(|near| {
        // another number of the same series is no better than any other
        near.len() != number.len() || near.get(..4) != number.get(..4)
    })
}

fn each_reference(fields: &[Field], row: &Row, visit: &mut impl FnMut(&str, Span, &[Arc<str>])) {
    for (field, cell) in fields.iter().zip(&row.cells) {
        let Some(cell) = cell else { continue };
        match (&field.kind, &cell.value) {
            (FieldType::Reference(allowed), _) => in_cell(cell, allowed, visit),
            (FieldType::Table { columns, .. }, Value::Rows(rows)) => {
                for row in rows {
                    each_reference(columns, row, visit);
                }
            }
            _ => {}
        }
    }
}

fn in_cell(cell: &Cell, allowed: &[Arc<str>], visit: &mut impl FnMut(&str, Span, &[Arc<str>])) {
    match &cell.value {
        Value::Reference(number) => visit(number, cell.span, allowed),
        Value::Many(items) => {
            for item in items {
                in_cell(item, allowed, visit);
            }
        }
        _ => {}
    }
}
