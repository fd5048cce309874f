//! What letters, notices and minutes have and forms have not: who was there,
//! what is enclosed, head and foot of official paper (GB/T 9704-2012, 7.2–7.4).

use super::build::Builder;
use super::clean::clean;
use super::format::Detail;
use super::rows::{field_of, hits};
use super::{Content, GridRow, LabelledCell};
use crate::definition::form::{FormStyle, GroupedValue, Role};
use crate::definition::{Choice, FieldType};
use crate::organisation::LetterPaper;
use crate::record::{Cell, Row, Value};
use crate::text::Text;

impl Builder<'_> {
    /// The words in the head: of minutes their name, of a letter the sender's,
    /// of a notice what the company chose (发文机关标志, 7.2.4).
    pub(super) fn head(&self, form: String) -> String {
        let settings = &self.format.register.settings;
        let company = self.format.text(&settings.name);
        match (self.form.style, &settings.paper.head) {
            (FormStyle::Minutes, _) => form,
            (FormStyle::Letter, _) => company,
            (_, Some(head)) => self.format.text(head),
            (_, None) => self.format.filled("paper.head", &[("company", &company)]),
        }
    }

    /// Rows of one text each: the values of every group, in the order of the
    /// choices; a group without anybody is left out, except on a blank form.
    pub(super) fn grouped(
        &mut self,
        values: &[GroupedValue],
        labels: &[(String, Text)],
        role: Role,
    ) -> Vec<GridRow> {
        let mut groups: Vec<(&Choice, Vec<String>)> = Vec::new();
        for value in values {
            let choices = match field_of(self.kind, &value.by).map(|field| &field.kind) {
                Some(FieldType::Choice(choices)) => choices,
                _ => continue,
            };
            for choice in choices {
                if !groups.iter().any(|(known, _)| known.id == choice.id) {
                    groups.push((choice, Vec::new()));
                }
            }
            let Some(record) = self.record else { continue };
            let found = hits(record, &value.path, self.only);
            let by = hits(record, &value.by, self.only);
            for (hit, by) in found.into_iter().zip(by) {
                let chosen = match by.cell.map(|cell| &cell.value) {
                    Some(Value::Choice(index)) => choices.get(usize::from(*index)),
                    _ => None,
                };
                let group = groups
                    .iter_mut()
                    .find(|(known, _)| chosen.is_some_and(|chosen| known.id == chosen.id));
                if let (Some(cell), Some((choice, names))) = (hit.cell, group) {
                    let label = self.format.text(&choice.label);
                    let name = self.name_in_row(value, cell, hit.row);
                    self.writer.origin(&name, &label, cell);
                    names.push(name);
                }
            }
        }
        groups
            .into_iter()
            .filter(|(_, names)| self.record.is_none() || !names.is_empty())
            .map(|(choice, names)| {
                let own = labels.iter().find(|(id, _)| **id == *choice.id);
                let label = own.map_or(&choice.label, |(_, label)| label);
                let content = Content::line(self.format.joined(&names));
                GridRow {
                    lines: u32::from(content.is_empty()),
                    cells: vec![LabelledCell {
                        label: self.format.text(label),
                        content,
                    }],
                    long: true,
                    role: role.name(),
                }
            })
            .collect()
    }

    /// A person with the department; any other name with the party or
    /// department that stands beside it.
    fn name_in_row(&self, value: &GroupedValue, cell: &Cell, row: Option<&Row>) -> String {
        let name = match &cell.value {
            Value::Person(id) => return self.format.person(*id, Detail::Department),
            Value::Text(text) => clean(text).into_owned(),
            _ => return String::new(),
        };
        let of = row.and_then(|row| self.identity(&value.path, row));
        match of.map(|cell| self.name_of(cell)) {
            Some(what) if !what.is_empty() => {
                let values = [("name", name.as_str()), ("what", &what)];
                self.format.filled("value.person_with", &values)
            }
            _ => name,
        }
    }

    /// The names of what is enclosed, bare and numbered when several
    /// (附件说明, 7.3.4); nothing where it was said that there is none.
    pub(super) fn enclosures(&mut self, cells: &[&Cell], label: &str) -> Content {
        let mut names = Vec::new();
        for cell in cells {
            let parts: Vec<&Cell> = match &cell.value {
                Value::Many(parts) => parts.iter().collect(),
                _ => vec![*cell],
            };
            for part in parts {
                if let Value::Attachment(attachment) = &part.value {
                    let name = clean(&attachment.name).into_owned();
                    self.writer.origin(&name, label, part);
                    names.push(name);
                }
            }
        }
        if names.is_empty() {
            return Content::Empty;
        }
        let several = names.len() > 1;
        let numbered = names.into_iter().enumerate().map(|(index, name)| {
            let number = (index + 1).to_string();
            let values = [("number", number.as_str()), ("item", &name)];
            match several {
                true => self.format.filled("value.listed", &values),
                false => name,
            }
        });
        Content::Lines {
            lines: numbered.collect(),
        }
    }

    /// Cells as letters word them: one to outsiders is signed by the company,
    /// over the department. On official paper a remark stands in brackets, copies
    /// end in a full stop, the day of sending out says so.
    pub(super) fn as_letters_say(&self, cells: Vec<LabelledCell>, role: Role) -> Vec<LabelledCell> {
        let mut cells = cells;
        // whoever is outside knows the company and not its departments
        if (role, self.form.style) == (Role::Signoff, FormStyle::Letter) && self.record.is_some() {
            let company = self.format.text(&self.format.register.settings.name);
            let content = Content::line(company);
            cells.insert(
                0,
                LabelledCell {
                    label: String::new(),
                    content,
                },
            );
        }
        if self.paper != LetterPaper::Official {
            return cells;
        }
        let said = |content: &Content| match content {
            Content::Lines { lines } => Some(lines.join("")),
            _ => None,
        };
        match role {
            Role::Note => {
                let parts: Vec<String> = cells
                    .iter()
                    .filter_map(|cell| {
                        let text = said(&cell.content)?;
                        let values = [("label", cell.label.as_str()), ("text", &text)];
                        Some(self.format.filled("paper.noted", &values))
                    })
                    .collect();
                let text = parts.join(&self.format.word("paper.comma"));
                let content = match parts.is_empty() {
                    true => Content::Empty,
                    false => Content::line(self.format.filled("paper.note", &[("text", &text)])),
                };
                vec![LabelledCell {
                    label: String::new(),
                    content,
                }]
            }
            Role::Copies => self.worded(cells, 0, "paper.copies", said),
            Role::Issued => self.worded(cells, 1, "paper.issued", said),
            _ => cells,
        }
    }

    fn worded(
        &self,
        cells: Vec<LabelledCell>,
        from: usize,
        words: &str,
        said: impl Fn(&Content) -> Option<String>,
    ) -> Vec<LabelledCell> {
        cells
            .into_iter()
            .enumerate()
            .map(|(index, cell)| match said(&cell.content) {
                Some(text) if index >= from => LabelledCell {
                    content: Content::line(self.format.filled(words, &[("text", &text)])),
                    ..cell
                },
                _ => cell,
            })
            .collect()
    }
}
