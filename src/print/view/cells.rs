//! Values of records in the cells of a paper, with where each came from.

use super::clean::clean;
use super::format::{Detail, Formatter, Room};
use super::{Content, Origin};
use crate::definition::path::{Part, Path, Root};
use crate::definition::{Field, FieldType, Kind};
use crate::markdown;
use crate::record::{Cell, Record, Value};

/// Writes values of a record and remembers their places.
pub(super) struct Writer<'r> {
    pub format: Formatter<'r>,
    /// The record; none on blank paper.
    pub record: Option<&'r Record>,
    pub origins: Vec<Origin>,
}

impl Writer<'_> {
    /// Remembers where a text came from.
    pub fn origin(&mut self, text: &str, label: &str, cell: &Cell) {
        if let Some(record) = self.record {
            self.origins.push(Origin {
                text: text.to_owned(),
                label: label.to_owned(),
                place: record.place(cell.span),
            });
        }
    }

    /// What was written in these places, as one cell.
    pub fn written(
        &mut self,
        cells: &[&Cell],
        field: &Field,
        part: Option<Part>,
        room: Room,
        label: &str,
        alone: bool,
    ) -> Content {
        if matches!(field.kind, FieldType::Markdown) {
            let mut blocks = Vec::new();
            for cell in cells {
                if let Some(text) = cell.value.text() {
                    let text = clean(text);
                    self.origin(&text, label, cell);
                    blocks.extend(markdown::to_blocks(&text));
                }
            }
            return match blocks.is_empty() {
                true => Content::Empty,
                false => Content::Blocks { blocks },
            };
        }
        let mut items: Vec<String> = Vec::new();
        for cell in cells {
            let parts: Vec<&Cell> = match &cell.value {
                Value::Many(parts) => parts.iter().collect(),
                _ => vec![cell],
            };
            for one in parts {
                let text = self.format.value(field, one, part, room);
                if !text.is_empty() && !items.contains(&text) {
                    self.origin(&text, label, one);
                    items.push(text);
                }
            }
        }
        let listed = alone && items.len() > 1 && matches!(field.kind, FieldType::Attachment);
        let lines: Vec<String> = if listed {
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let number = (index + 1).to_string();
                    let values = [("number", number.as_str()), ("item", item)];
                    self.format.filled("value.listed", &values)
                })
                .collect()
        } else {
            self.format
                .joined(&items)
                .lines()
                .map(str::to_owned)
                .collect()
        };
        if lines.is_empty() {
            Content::Empty
        } else {
            Content::Lines { lines }
        }
    }

    /// A key of the envelope as one line.
    pub fn envelope(&mut self, kind: &Kind, path: &Path) -> Content {
        let format = self.format;
        let Some(record) = self.record else {
            return Content::Empty;
        };
        let text = match path.root {
            Root::Id => clean(&record.id.value).into_owned(),
            Root::Title => clean(&record.title.value).into_owned(),
            Root::State => format.text(&kind.states[record.state.value].label),
            Root::Priority => record.priority.as_ref().map_or_else(String::new, |found| {
                format.text(format.register.profile().priority(found.value))
            }),
            Root::Project => record
                .project
                .as_ref()
                .map_or_else(String::new, |found| clean(&found.value).into_owned()),
            Root::Audience => format.word(&format!("audience.{}", record.audience.value.name())),
            Root::Related => {
                let related: Vec<String> = record
                    .related
                    .iter()
                    .map(|found| format.reference(&found.value, Detail::Name))
                    .filter(|number| !number.is_empty())
                    .collect();
                format.joined(&related)
            }
            Root::Cell { .. } => String::new(),
        };
        let span = match path.root {
            Root::Id => Some(record.id.span),
            Root::Title => Some(record.title.span),
            Root::Project => record.project.as_ref().map(|found| found.span),
            _ => None,
        };
        if let Some(span) = span {
            self.origins.push(Origin {
                text: text.clone(),
                label: format.word(&format!("envelope.{}", path.text)),
                place: record.place(span),
            });
        }
        Content::line(text)
    }
}
