//! Who signs a paper: those who have confirmed, and lines for those who have not.

use super::build::Builder;
use super::clean::clean;
use super::format::Detail;
use super::rows::{hits, rows_of};
use super::{Block, SignatureLine};
use crate::definition::form::{FormCell, FormStyle};
use crate::definition::path::Path;
use crate::definition::{Field, FieldType};
use crate::organisation::Subject;
use crate::record::{Cell, Row, Value};

/// So many have room for an opinion each; more become a list.
const SPACIOUS: usize = 4;
/// Lines on a blank form for a signature of every row, where the form does not
/// show how many rows there are.
const BLANK_ROWS: u32 = 2;

impl Builder<'_> {
    pub(super) fn signatures(&mut self, cells: &[FormCell], label: Option<String>) -> Block {
        let mut lines = Vec::new();
        for cell in cells {
            self.signature_lines(cell, &mut lines);
        }
        let most = match self.form.style {
            FormStyle::Minutes => 1,
            _ => SPACIOUS,
        };
        Block::Signatures {
            label,
            compact: lines.len() > most,
            opinions: lines.iter().any(|line| line.opinion.is_some()),
            lines,
        }
    }

    fn signature_lines(&mut self, cell: &FormCell, lines: &mut Vec<SignatureLine>) {
        let label = self.label(cell);
        // of a paper for each row, its own row is not one of several
        let own = self.form.each.as_ref().is_some_and(|each| {
            cell.path.cell().is_some_and(|(section, field, column)| {
                section == each.section && each.field == column.map(|_| field)
            })
        });
        let rows = rows_of(self.kind, &cell.path).filter(|_| !own);
        let Some(record) = self.record else {
            let Some(rows) = rows else {
                lines.push(empty(label, None));
                return;
            };
            let count = self.blank_rows_of(&rows).unwrap_or(BLANK_ROWS);
            for number in 1..=count {
                lines.push(empty(label.clone(), Some(number.to_string())));
            }
            return;
        };
        let found = hits(record, &cell.path, self.only);
        if found.is_empty() && rows.is_none() {
            lines.push(empty(label, None));
            return;
        }
        let mut signers = Vec::new();
        for hit in found {
            let row = hit.row.filter(|_| !own);
            let signer = row.and_then(|row| self.identity(&cell.path, row));
            let who = signer.map(|cell| self.name_of(cell));
            signers.extend(signer.and_then(|cell| subject_of(&cell.value)));
            let line = match hit.cell {
                Some(cell) => self.signature(&label, who, cell),
                None => empty(label.clone(), who),
            };
            lines.push(line);
        }
        // whoever still has to answer gets a line too
        for subject in self.expected(&cell.path) {
            if !signers.contains(&subject) {
                let name = self.format.subject(subject, Detail::Department);
                lines.push(empty(label.clone(), Some(name)));
            }
        }
    }

    fn signature(&mut self, label: &str, who: Option<String>, cell: &Cell) -> SignatureLine {
        let mut line = empty(label.to_owned(), who);
        if let Value::Signature(signature) = &cell.value {
            let name = self.format.signer(signature);
            if let Some(name) = &name {
                self.origin(name, label, cell);
                line.manner = Some(self.format.manner(signature));
            }
            line.name = name;
            line.date = signature.at.map(|at| self.format.day(at));
            line.opinion = signature.opinion.as_deref().map(|text| {
                let text = clean(text).into_owned();
                self.origin(&text, label, cell);
                text
            });
        }
        line
    }

    /// The cell that says whose row it is: its department, person or party.
    pub(super) fn identity<'r>(&self, path: &Path, row: &'r Row) -> Option<&'r Cell> {
        let (section, field, column) = path.cell()?;
        let section = &self.kind.sections[section];
        let (fields, own): (&[Field], Option<usize>) = match column {
            None => (&section.fields, section.identity),
            Some(_) => match &section.fields[field].kind {
                FieldType::Table { columns, identity } => (columns, *identity),
                _ => return None,
            },
        };
        let names = |index: &usize| {
            matches!(
                fields[*index].kind,
                FieldType::Department | FieldType::Person | FieldType::Party
            ) && !fields[*index].many
        };
        // a row may be a department's or a party's: the first that is there
        own.filter(names).map_or_else(
            || {
                (0..fields.len())
                    .filter(names)
                    .find_map(|index| row.get(index))
            },
            |index| row.get(index),
        )
    }

    pub(super) fn name_of(&self, cell: &Cell) -> String {
        match subject_of(&cell.value) {
            Some(subject) => self.format.subject(subject, Detail::Department),
            None => String::new(),
        }
    }

    /// Those whose answers the rows of a path are, by the limit that asks for
    /// them: a partner who has not replied will have to sign, too.
    fn expected(&self, path: &Path) -> Vec<Subject> {
        let (Some(record), Some((section, field, column))) = (self.record, path.cell()) else {
            return Vec::new();
        };
        if self.only.is_some_and(|only| only.rows.section == section) {
            return Vec::new();
        }
        let matching = self.kind.limits.iter().find_map(|limit| {
            let (asked, answer) = limit.matching.as_ref()?;
            let (answer_section, answer_field, answer_column) = answer.cell()?;
            let same = answer_section == section
                && match (column, answer_column) {
                    (None, None) => true,
                    (Some(_), Some(_)) => field == answer_field,
                    _ => false,
                };
            same.then_some(asked)
        });
        let mut all = Vec::new();
        if let Some(asked) = matching {
            for hit in hits(record, asked, None) {
                match hit.cell.map(|cell| &cell.value) {
                    Some(Value::Many(items)) => {
                        all.extend(items.iter().filter_map(|item| subject_of(&item.value)));
                    }
                    Some(value) => all.extend(subject_of(value)),
                    None => {}
                }
            }
        }
        all.dedup();
        all
    }
}

fn subject_of(value: &Value) -> Option<Subject> {
    match value {
        Value::Person(id) => Some(Subject::Person(*id)),
        Value::Department(id) => Some(Subject::Department(*id)),
        Value::Party(id) => Some(Subject::Party(*id)),
        _ => None,
    }
}

fn empty(label: String, who: Option<String>) -> SignatureLine {
    SignatureLine {
        label,
        who: who.filter(|who| !who.is_empty()),
        name: None,
        manner: None,
        date: None,
        opinion: None,
    }
}
