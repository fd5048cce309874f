//! Choices as boxes to tick: those of a field, and those of the envelope.

use super::build::Builder;
use super::rows::hits;
use super::{CheckBox, Content};
use crate::definition::path::{Path, Root};
use crate::definition::{Audience, Field, FieldType, Priority};
use crate::record::Value;

impl Builder<'_> {
    pub(super) fn envelope(&mut self, path: &Path, checks: bool) -> Content {
        let format = self.format;
        if checks || self.record.is_none() {
            let options: Vec<CheckBox> = match path.root {
                Root::Priority => {
                    let chosen = self.record.and_then(|record| record.priority.as_ref());
                    Priority::ALL
                        .into_iter()
                        .map(|priority| CheckBox {
                            label: format.text(format.register.profile().priority(priority)),
                            chosen: chosen.is_some_and(|chosen| chosen.value == priority),
                        })
                        .collect()
                }
                Root::Audience => Audience::ALL
                    .into_iter()
                    .map(|audience| CheckBox {
                        label: format.word(&format!("audience.{}", audience.name())),
                        chosen: self
                            .record
                            .is_some_and(|record| record.audience.value == audience),
                    })
                    .collect(),
                _ => Vec::new(),
            };
            if !options.is_empty() {
                return Content::Checks { options };
            }
        }
        self.writer.envelope(self.kind, path)
    }

    /// The choices of a field that can be shown as boxes.
    pub(super) fn options(&self, field: &Field) -> Option<Vec<CheckBox>> {
        let unticked = |label: String| CheckBox {
            label,
            chosen: false,
        };
        match &field.kind {
            FieldType::Choice(choices) => Some(
                choices
                    .iter()
                    .map(|choice| unticked(self.format.text(&choice.label)))
                    .collect(),
            ),
            FieldType::Boolean => Some(
                [true, false]
                    .into_iter()
                    .map(|yes| unticked(self.format.yes_or_no(yes)))
                    .collect(),
            ),
            _ => None,
        }
    }

    pub(super) fn checks(&self, path: &Path, field: &Field, mut options: Vec<CheckBox>) -> Content {
        let mut tick = |value: &Value| {
            let index = match value {
                Value::Choice(index) => usize::from(*index),
                Value::Boolean(yes) => usize::from(!yes),
                _ => return,
            };
            if let Some(option) = options.get_mut(index) {
                option.chosen = true;
            }
        };
        if let Some(record) = self.record {
            for hit in hits(record, path, self.only) {
                match hit.cell.map(|cell| &cell.value) {
                    Some(Value::Many(items)) if field.many => {
                        items.iter().for_each(|item| tick(&item.value));
                    }
                    Some(value) => tick(value),
                    None => {}
                }
            }
        }
        Content::Checks { options }
    }
}
