//! Changes in the words of the forms: which part, and what it says.

use super::Display;
use crate::change::{Part, RowAt, Spot, Told, Version};
use crate::definition::Field;
use crate::record::{Row, Value};

/// Longest name of a row, in characters.
const LONGEST: usize = 120;

impl<'r> Display<'r> {
    /// A part that says something else: `行动项 A2 › 完成时间`. The versions, each
    /// with its own words, tell the names of rows.
    pub fn part(
        &self,
        part: &Part<'r>,
        before: Option<(&Display<'r>, Version<'r>)>,
        after: Option<(&Display<'r>, Version<'r>)>,
    ) -> String {
        let word = |name: &str| self.words.get(&format!("review.parts.{name}")).to_owned();
        match part {
            Part::Kind => word("kind"),
            Part::Number => word("number"),
            Part::Title => word("title"),
            Part::State => word("state"),
            Part::Priority => word("priority"),
            Part::Audience => word("audience"),
            Part::VisibleTo => word("visible_to"),
            Part::Project => word("project"),
            Part::Related => word("related"),
            Part::Section(spot) => self.spot(spot, before, after),
        }
    }

    fn spot(
        &self,
        spot: &Spot<'r>,
        before: Option<(&Display<'r>, Version<'r>)>,
        after: Option<(&Display<'r>, Version<'r>)>,
    ) -> String {
        let mut steps = vec![self.text(&spot.section.label).to_owned()];
        let rows_of = |version: Version<'r>| {
            let kind = version.register.kind_of(version.record);
            let index = kind
                .sections
                .iter()
                .position(|one| one.id == spot.section.id);
            index.map_or(&[][..], |index| version.record.section(index))
        };
        let side_of = |at: RowAt| match (at.after, at.before, after, before) {
            (Some(index), _, Some((display, version)), _)
            | (_, Some(index), _, Some((display, version))) => Some((display, version, index)),
            _ => None,
        };
        let outer = spot.row.and_then(side_of);
        if let Some((display, version, index)) = outer
            && let Some(row) = rows_of(version).get(index)
        {
            let name = display.row_identity(spot.section, None, row);
            steps[0] = named(&steps[0], name, index);
        }
        if let Some(field) = spot.field {
            let mut step = self.text(&field.label).to_owned();
            if let Some((display, version, index)) = spot.inner.and_then(side_of) {
                let outer = match outer {
                    Some((_, _, outer)) => outer,
                    None => 0,
                };
                let table = spot
                    .section
                    .fields
                    .iter()
                    .position(|one| one.id == field.id);
                let row =
                    rows_of(version)
                        .get(outer)
                        .zip(table)
                        .and_then(|(row, table)| match &row.get(table)?.value {
                            Value::Rows(rows) => rows.get(index),
                            _ => None,
                        });
                let name = row.and_then(|row| display.row_identity(spot.section, table, row));
                step = named(&step, name, index);
            }
            steps.push(step);
        }
        if let Some(column) = spot.column {
            steps.push(self.text(&column.label).to_owned());
        }
        steps.join(" › ")
    }

    /// What a part says.
    pub fn told(&self, told: Told<'r>) -> String {
        match told {
            Told::Cell(field, cell) => self.value(field, cell),
            Told::Row(fields, row) => self.row(fields, row),
            Told::Text(text, _) => text.to_owned(),
            Told::State(state, _) => self.text(&state.label).to_owned(),
            Told::Priority(priority, _) => {
                let profile = self.register.profile();
                self.text(profile.priority(priority)).to_owned()
            }
            Told::Audience(audience, _) => {
                let name = format!("site.audience.{}", audience.name());
                self.words.get(&name).to_owned()
            }
            Told::Subjects(all) => {
                let names = all.iter().map(|at| self.subject(at.value).to_owned());
                self.list(&names.collect::<Vec<_>>())
            }
            Told::Numbers(all) => {
                let numbers = all.iter().map(|at| at.value.to_string());
                self.list(&numbers.collect::<Vec<_>>())
            }
        }
    }

    fn row(&self, fields: &[Field], row: &Row) -> String {
        let cells = fields.iter().enumerate();
        self.line(cells.filter_map(|(index, field)| {
            let value = self.value(field, row.get(index)?);
            Some((field, value))
        }))
    }

    /// A row in a line, without what is empty: `任务：…；负责人：…`. A full stop
    /// does not stand before the mark that parts two values.
    pub fn line<'f>(&self, cells: impl Iterator<Item = (&'f Field, String)>) -> String {
        let parts = cells.filter_map(|(field, value)| {
            let value = value.trim_end().trim_end_matches(['。', '；', '.', ';']);
            let values = [("label", self.text(&field.label)), ("value", value)];
            (!value.is_empty()).then(|| self.words.filled("review.labelled", &values))
        });
        let parts: Vec<String> = parts.collect();
        parts.join(self.words.get("review.separator"))
    }
}

fn named(label: &str, name: Option<String>, index: usize) -> String {
    match name {
        Some(name) => format!("{label} {}", shortened(&name)),
        None => format!("{label} {}", index + 1),
    }
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
