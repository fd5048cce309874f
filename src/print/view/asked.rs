//! Who is asked, and who has answered: the list under an acknowledgement.
//!
//! It tells what the record tells: whoever is expected to answer stands on it
//! with or without a row in the record, and nobody is called late whose answer
//! may still come, because paper knows no clock.

use super::build::Builder;
use super::format::Detail;
use super::tables::{FREE_LINES, TABLE_ROOM};
use super::widths::{least_for, widths};
use super::{Block, Column, Content};
use crate::definition::FieldType;
use crate::definition::form::{AskedColumn, AskedValue, Orientation};
use crate::organisation::Subject;
use crate::outlook::{Asked, asked};
use crate::text::Text;

impl Builder<'_> {
    pub(super) fn asked(
        &self,
        limits: &[usize],
        columns: &[AskedColumn],
        words: &[Option<Text>; 3],
        label: Option<String>,
        blank_rows: u32,
    ) -> Block {
        let labels: Vec<String> = columns
            .iter()
            .map(|column| match &column.label {
                Some(label) => self.format.text(label),
                None => self.format.word(&format!("asked.{}", column.value.name())),
            })
            .collect();
        let shares: Vec<f64> = columns.iter().map(|column| column.width).collect();
        let least: Vec<f64> = columns
            .iter()
            .zip(&labels)
            .map(|(column, label)| least_for(type_of(column.value).as_ref(), label))
            .collect();
        let room = TABLE_ROOM[usize::from(self.form.orientation == Orientation::Landscape)];
        let asked: Vec<Asked> = self.record.map_or_else(Vec::new, |record| {
            limits
                .iter()
                .flat_map(|limit| asked(self.format.register, record, *limit))
                .collect()
        });
        let rows: Vec<Vec<Content>> = asked
            .iter()
            .map(|asked| {
                columns
                    .iter()
                    .map(|column| Content::line(self.asked_value(asked, column.value, words)))
                    .collect()
            })
            .collect();
        let blank_rows = match (self.record, rows.is_empty()) {
            (None, _) => blank_rows.max(1),
            (Some(_), true) => blank_rows.clamp(1, FREE_LINES),
            (Some(_), false) => 0,
        };
        let widths = widths(&shares, &least, room);
        Block::Table {
            label,
            columns: labels
                .into_iter()
                .zip(widths)
                .map(|(label, width)| Column {
                    label,
                    width,
                    centred: true,
                })
                .collect(),
            rows,
            blank_rows,
            blank_lines: 1,
        }
    }

    fn asked_value(&self, asked: &Asked, value: AskedValue, words: &[Option<Text>; 3]) -> String {
        let format = self.format;
        match value {
            AskedValue::Who => asked
                .who
                .map_or_else(String::new, |who| format.subject(who, Detail::Name)),
            AskedValue::Department => asked.department.map_or_else(String::new, |department| {
                format.subject(Subject::Department(department), Detail::Name)
            }),
            AskedValue::Due => asked
                .due
                .as_ref()
                .map_or_else(String::new, |due| format.due(due)),
            AskedValue::Met => asked
                .met_at
                .map_or_else(String::new, |met_at| format.short_moment(met_at)),
            AskedValue::Status => {
                let (index, name) = match asked.met_at {
                    None => (2, "asked.open"),
                    Some(_) if asked.is_late() => (1, "asked.late"),
                    Some(_) => (0, "asked.answered"),
                };
                match &words[index] {
                    Some(text) => format.text(text),
                    None => format.word(name),
                }
            }
        }
    }
}

/// The type of field that a column is as wide as.
fn type_of(value: AskedValue) -> Option<FieldType> {
    match value {
        AskedValue::Who => Some(FieldType::Person),
        AskedValue::Department => Some(FieldType::Department),
        AskedValue::Due | AskedValue::Met => Some(FieldType::Instant),
        AskedValue::Status => None,
    }
}
