//! The values that fields ask to have checked, by `checks = […]` or by their type.
//!
//! Which fields those are is worked out once a kind, so that a record is
//! walked once, over those fields only.

use crate::definition::{Field, Kind, WordList};
use crate::finding::{Finding, Level, Place};
use crate::record::{Cell, Record, Value};
use crate::register::Register;

use super::place;
use super::registry::{Check, RULES, Run, Scope};

/// A value whose field names the rule's check.
pub struct Checked<'s, 'r> {
    /// The record it stands in.
    pub scope: &'s Scope<'r>,
    /// Its field.
    pub field: &'r Field,
    /// The value, empty ones included.
    pub cell: &'r Cell,
}

impl<'r> Checked<'_, 'r> {
    /// Its texts with their cells: one, or the items of a list; none when it is no text.
    pub fn texts(&self) -> impl Iterator<Item = (&'r Cell, &'r str)> + use<'r> {
        self.items()
            .iter()
            .filter_map(|cell| Some((cell, cell.value.text()?)))
            .filter(|(_, text)| !text.trim().is_empty())
    }

    /// The value, or the items of a list.
    pub fn items(&self) -> &'r [Cell] {
        match &self.cell.value {
            Value::Many(items) => items,
            _ => std::slice::from_ref(self.cell),
        }
    }

    /// How much a matter of wording weighs here (D14): an error in a field that
    /// must be filled once the record is no draft, a warning otherwise.
    pub fn level(&self) -> Level {
        if self.field.required.is_never() {
            return Level::Warning;
        }
        self.scope.wording_level()
    }

    /// The place of some bytes of a text.
    pub fn place(&self, cell: &Cell, range: std::ops::Range<usize>) -> Place {
        place::in_value(self.scope.register, self.scope.record, cell.span, range)
    }

    /// A word list; none when the organisation has emptied its templates of it.
    pub fn list(&self, id: &str) -> Option<&'r WordList> {
        self.scope.register.lists.get(id)
    }
}

struct Target {
    section: usize,
    field: usize,
    column: Option<usize>,
    check: Check,
}

/// The checks that the fields of a kind ask for.
pub struct Plan(Vec<Target>);

impl Plan {
    /// The plan of a kind.
    pub fn of(kind: &Kind) -> Plan {
        let mut targets = Vec::new();
        for (section, definition) in kind.sections.iter().enumerate() {
            for (index, field) in definition.fields.iter().enumerate() {
                let of_field = |column, field: &Field, targets: &mut Vec<Target>| {
                    for rule in RULES {
                        let check = match rule.run {
                            Run::Checked(name, check) => {
                                let asked = field.checks.iter().any(|asked| **asked == *name);
                                asked.then_some(check)
                            }
                            Run::Typed(of, check) => of(&field.kind).then_some(check),
                            _ => None,
                        };
                        targets.extend(check.map(|check| Target {
                            section,
                            field: index,
                            column,
                            check,
                        }));
                    }
                };
                of_field(None, field, &mut targets);
                for (column, field) in field.columns().iter().enumerate() {
                    of_field(Some(column), field, &mut targets);
                }
            }
        }
        Plan(targets)
    }

    /// Runs the checks over a record.
    pub fn run(&self, scope: &Scope<'_>, found: &mut Vec<Finding>) {
        let record: &Record = scope.record;
        for target in &self.0 {
            let field = &scope.kind.sections[target.section].fields[target.field];
            for row in record.section(target.section) {
                let Some(cell) = row.written(target.field) else {
                    continue;
                };
                let Some(column) = target.column else {
                    (target.check)(&Checked { scope, field, cell }, found);
                    continue;
                };
                let Value::Rows(rows) = &cell.value else {
                    continue;
                };
                let field = &field.columns()[column];
                for cell in rows.iter().filter_map(|row| row.written(column)) {
                    (target.check)(&Checked { scope, field, cell }, found);
                }
            }
        }
    }
}

/// The plans of all kinds, by index.
pub fn plans(register: &Register) -> Vec<Plan> {
    register.kinds.iter().map(Plan::of).collect()
}
