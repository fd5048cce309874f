//! D12: who reads a record can follow what it refers to. A reference to a
//! record for fewer readers shows them a number and nothing behind it.

use std::collections::BTreeSet;

use super::registry::Scope;
use crate::definition::{Audience, Field};
use crate::finding::{Finding, Level, Span};
use crate::record::{Cell, Row, Value};
use crate::register::Register;

/// Looks only at the few records that something for fewer readers is named by.
pub(super) fn check(register: &Register, found: &mut Vec<Finding>) {
    let mut naming: BTreeSet<usize> = BTreeSet::new();
    for (target, named_by) in register.records.iter().zip(&register.referenced_by) {
        let other = target.audience.value;
        if other == Audience::Public {
            continue;
        }
        let wider = |index: &&usize| register.records[**index].audience.value < other;
        naming.extend(named_by.iter().filter(wider));
    }
    for record in naming.into_iter().map(|index| &register.records[index]) {
        let kind = register.kind_of(record);
        let scope = Scope {
            register,
            record,
            kind,
        };
        for number in &record.related {
            refer(&scope, &number.value, number.span, found);
        }
        for (section, value) in kind.sections.iter().zip(&record.sections) {
            for row in value.rows() {
                in_row(&scope, &section.fields, row, found);
            }
        }
    }
}

fn in_row(scope: &Scope<'_>, fields: &[Field], row: &Row, found: &mut Vec<Finding>) {
    for (field, cell) in fields.iter().zip(&row.cells) {
        let Some(cell) = cell else { continue };
        match &cell.value {
            Value::Rows(rows) => {
                for row in rows {
                    in_row(scope, field.columns(), row, found);
                }
            }
            Value::Many(items) => {
                for item in items {
                    in_cell(scope, item, found);
                }
            }
            _ => in_cell(scope, cell, found),
        }
    }
}

fn in_cell(scope: &Scope<'_>, cell: &Cell, found: &mut Vec<Finding>) {
    if let Value::Reference(number) = &cell.value {
        refer(scope, number, cell.span, found);
    }
}

fn refer(scope: &Scope<'_>, number: &str, span: Span, found: &mut Vec<Finding>) {
    let Some(target) = scope.register.find(number) else {
        return;
    };
    let target = &scope.register.records[target];
    let own = scope.record.audience.value;
    let other = target.audience.value;
    if other <= own {
        return;
    }
    // what leaves the company should not even name what stays in it
    let (level, message) = match own {
        Audience::Public => (Level::Warning, "public"),
        _ => (Level::Note, "plain"),
    };
    let finding = Finding::error("related-visible", scope.record.place(span))
        .level(level)
        .message(message)
        .clause(Some("TZ-D12".into()))
        .with("id", number);
    found.push(match target.audience.span {
        nowhere if nowhere == Span::default() => finding,
        written => finding.related(target.place(written)),
    });
}
