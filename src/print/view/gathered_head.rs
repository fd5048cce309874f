//! The head of a register paper: whom or what it is of, and what all its
//! records say together.

use super::build::add_row;
use super::clean::clean;
use super::format::{Detail, Room};
use super::gathered::Builder;
use super::rows::{field_of, hits};
use super::{Block, Content, GridRow, LabelledCell};
use crate::definition::Kind;
use crate::definition::form::Role;
use crate::definition::path::Path;
use crate::definition::register_paper::{Fact, HeadCell, HeadValue, Paths, Per, Take};
use crate::gathering::Group;
use crate::organisation::{Contact, Party, Subject};
use crate::print::gathered::Gathered;
use crate::record::{Cell, Record, part_moment};

impl<'r> Builder<'r, '_> {
    pub(super) fn head(&mut self, gathered: Option<&Gathered<'_>>) -> Vec<Block> {
        let mut blocks = Vec::new();
        for row in &self.paper.head {
            let cells: Vec<LabelledCell> = row
                .iter()
                .map(|cell| LabelledCell {
                    label: self.head_label(cell),
                    content: gathered
                        .map_or(Content::Empty, |gathered| self.head_content(cell, gathered)),
                })
                .collect();
            let empty = cells.iter().all(|cell| cell.content.is_empty());
            let row = GridRow {
                cells,
                long: false,
                lines: u32::from(empty),
                role: Role::Plain.name(),
            };
            add_row(&mut blocks, row);
        }
        blocks
    }

    fn head_label(&self, cell: &HeadCell) -> String {
        let format = self.writer.format;
        match (&cell.label, &cell.value) {
            (Some(label), _) => format.text(label),
            (None, HeadValue::Fact(Fact::Subject)) => {
                let per = match self.paper.per {
                    Some(Per::Party) => "party",
                    Some(Per::Department) => "department",
                    Some(Per::Person) => "person",
                    Some(Per::Project) => "project",
                    Some(Per::Year) => "year",
                    None => "all",
                };
                format.word(&format!("register.of.{per}"))
            }
            (None, HeadValue::Fact(fact)) => format.word(&format!("register.{}", fact.name())),
            (None, HeadValue::Gathered { paths, .. }) => self.paths_label(paths),
        }
    }

    fn head_content(&mut self, cell: &HeadCell, gathered: &Gathered<'_>) -> Content {
        let organisation = &self.register.organisation;
        let format = self.writer.format;
        let subject = match &gathered.of {
            Some(Group::Subject(subject)) => Some(*subject),
            _ => None,
        };
        match &cell.value {
            HeadValue::Fact(Fact::Subject) => Content::line(
                gathered
                    .of
                    .as_ref()
                    .map(|group| self.group(group))
                    .unwrap_or_default(),
            ),
            HeadValue::Fact(Fact::Contacts) => match subject {
                Some(Subject::Party(party)) => self.contacts(organisation.party(party)),
                _ => Content::Empty,
            },
            HeadValue::Fact(Fact::Head) => {
                let head = subject.and_then(|subject| organisation.head_of(subject));
                Content::line(
                    head.map_or_else(String::new, |head| format.person(head, Detail::Name)),
                )
            }
            HeadValue::Fact(Fact::Count) => Content::line(gathered.records.len().to_string()),
            HeadValue::Gathered { paths, take } => {
                self.gathered_value(paths, *take, &gathered.records)
            }
        }
    }

    fn contacts(&self, party: &Party) -> Content {
        let format = self.writer.format;
        let line = |contact: &Contact| {
            let name = format.text(&contact.name);
            let name = match &contact.title {
                Some(title) => {
                    let what = format.text(title);
                    format.filled("value.person_with", &[("name", &name), ("what", &what)])
                }
                None => name,
            };
            let reached = [contact.phone.as_deref(), contact.email.as_deref()];
            let mut parts = vec![name];
            parts.extend(
                reached
                    .into_iter()
                    .flatten()
                    .map(|by| clean(by).into_owned()),
            );
            parts.join(" ")
        };
        match party.contacts.as_slice() {
            [] => Content::Empty,
            contacts => Content::Lines {
                lines: contacts.iter().map(line).collect(),
            },
        }
    }

    /// What a value of many records comes to.
    fn gathered_value(&mut self, paths: &Paths, take: Take, records: &[usize]) -> Content {
        let register = self.register;
        let mut found: Vec<(&'r Record, &'r Kind, &Path, &'r Cell)> = Vec::new();
        for record in records.iter().map(|index| &register.records[*index]) {
            let kind = register.kind_of(record);
            for path in &paths[record.kind] {
                let before = found.len();
                found.extend(
                    hits(record, path, None)
                        .into_iter()
                        .filter_map(|hit| Some((record, kind, path, hit.cell?))),
                );
                if found.len() > before {
                    break;
                }
            }
        }
        let day = |path: &Path, cell: &Cell| {
            part_moment(&cell.value, path.part).map(|moment| register.calendar.clock_at(moment))
        };
        let chosen: Vec<_> = match take {
            Take::All => found,
            Take::Earliest | Take::Latest => {
                let dated = found.into_iter().filter_map(|one| {
                    let (_, _, path, cell) = one;
                    Some((day(path, cell)?, one))
                });
                let one = match take {
                    Take::Latest => dated.max_by_key(|(day, _)| *day),
                    _ => dated.min_by_key(|(day, _)| *day),
                };
                one.map(|(_, one)| one).into_iter().collect()
            }
        };
        let mut lines: Vec<String> = Vec::new();
        for (record, kind, path, cell) in chosen {
            self.writer.record = Some(record);
            let content = match field_of(kind, path) {
                Some(field) => {
                    let label = self.writer.format.text(&field.label);
                    let room = Room {
                        detail: Detail::Name,
                        short: false,
                        day: false,
                    };
                    self.writer
                        .written(&[cell], field, path.part, room, &label, false)
                }
                None => self.writer.envelope(kind, path),
            };
            if let Content::Lines { lines: new } = content {
                for line in new {
                    if !lines.contains(&line) {
                        lines.push(line);
                    }
                }
            }
        }
        Content::line(self.writer.format.joined(&lines))
    }
}
