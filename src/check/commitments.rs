//! The rows of a record that are promises: who does what by when.

use super::registry::Scope;
use crate::definition::{Commitment, Section};
use crate::record::{Row, Value};

/// A row that is a promise.
pub(super) struct Promise<'r> {
    /// The section it stands in.
    pub section: &'r Section,
    /// Which columns mean what.
    pub columns: &'r Commitment,
    /// The row.
    pub row: &'r Row,
}

impl Promise<'_> {
    /// Whether it was given up.
    pub fn is_dropped(&self) -> bool {
        let Some(status) = self.columns.status else {
            return false;
        };
        let Some(Value::Choice(index)) = self.row.get(status).map(|cell| &cell.value) else {
            return false;
        };
        let crate::definition::FieldType::Choice(choices) = &self.section.fields[status].kind
        else {
            return false;
        };
        let chosen = choices.get(usize::from(*index));
        chosen.is_some_and(|choice| self.columns.dropped.contains(&choice.id))
    }

    /// Whether it was kept.
    pub fn is_done(&self) -> bool {
        let done = self.columns.done;
        done.is_some_and(|done| self.row.get(done).is_some())
    }

    /// What was promised, cut short for a message.
    pub fn what(&self) -> String {
        let text = self.row.get(self.columns.what);
        let text = text.and_then(|cell| cell.value.text()).unwrap_or("…");
        let mut short: String = text.chars().take(20).collect();
        if text.chars().count() > 20 {
            short.push('…');
        }
        short
    }
}

/// All promises of a record.
pub(super) fn promises<'r>(scope: &Scope<'r>) -> impl Iterator<Item = Promise<'r>> {
    let sections = scope.kind.sections.iter().zip(&scope.record.sections);
    sections
        .filter_map(|(section, value)| Some((section, section.commitment.as_ref()?, value)))
        .flat_map(|(section, columns, value)| {
            value.rows().iter().map(move |row| Promise {
                section,
                columns,
                row,
            })
        })
}
