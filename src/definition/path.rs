//! Paths: how a definition points at a value of a record.
//!
//! Invariant: a [`Path`] or [`Rows`] was resolved against its kind, so its
//! indexes exist.

use std::sync::Arc;

use super::field::{Field, FieldType};
use super::section::Section;
use crate::finding::Finding;
use crate::source::{Located, TableReader, nearest};

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Root {
    /// The record's number.
    Id,
    /// Its title.
    Title,
    /// Its state.
    State,
    /// Its priority.
    Priority,
    /// Its project.
    Project,
    /// Its audience.
    Audience,
    /// Its related records.
    Related,
    /// A field of a section, or a column of a table field.
    Cell {
        /// Index of the section.
        section: usize,
        /// Index of the field in it.
        field: usize,
        /// Index of the column, for table fields.
        column: Option<usize>,
    },
}

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Start of a period.
    From,
    /// End of a period.
    To,
    /// Who signed.
    Person,
    /// When it was signed.
    At,
    /// What was remarked on signing.
    Opinion,
    /// Head of the department, or of the person's department.
    Head,
    /// 分管领导 of the department, or of the person's department.
    Leader,
    /// 工号 of the person.
    StaffNumber,
    /// How to reach the person.
    Contact,
}

/// A resolved path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// As it was written.
    pub text: Arc<str>,
    /// Where it starts.
    pub root: Root,
    /// Which part of the value is meant.
    pub part: Option<Part>,
}

impl Path {
    /// Section and field, when it is no envelope key.
    pub fn cell(&self) -> Option<(usize, usize, Option<usize>)> {
        match self.root {
            Root::Cell {
                section,
                field,
                column,
            } => Some((section, field, column)),
            _ => None,
        }
    }
}

/// Something that has rows: a repeated section, a table field, or a list field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rows {
    /// As it was written.
    pub text: Arc<str>,
    /// Index of the section.
    pub section: usize,
    /// Index of the table or list field; none when the section itself repeats.
    pub field: Option<usize>,
}

/// The envelope keys that a path may start with.
pub const ENVELOPE: &[(&str, Root)] = &[
    ("id", Root::Id),
    ("title", Root::Title),
    ("state", Root::State),
    ("priority", Root::Priority),
    ("project", Root::Project),
    ("audience", Root::Audience),
    ("related", Root::Related),
];

/// What paths of a kind are resolved against.
pub(in crate::definition) struct PathScope<'k> {
    /// The kind's sections.
    pub sections: &'k [Section],
}

/// The part of that name of a value of that type.
pub(crate) fn part_of(name: &str, kind: &FieldType) -> Option<Part> {
    match (name, kind) {
        ("from", FieldType::Period) => Some(Part::From),
        ("to", FieldType::Period) => Some(Part::To),
        ("person", FieldType::Signature) => Some(Part::Person),
        ("at", FieldType::Signature) => Some(Part::At),
        ("opinion", FieldType::Signature) => Some(Part::Opinion),
        ("head", FieldType::Department | FieldType::Person) => Some(Part::Head),
        ("leader", FieldType::Department | FieldType::Person) => Some(Part::Leader),
        ("staff_number", FieldType::Person) => Some(Part::StaffNumber),
        ("contact", FieldType::Person) => Some(Part::Contact),
        _ => None,
    }
}

impl PathScope<'_> {
    /// Resolves a path; the error is the name at fault and what it could have been.
    pub fn resolve(&self, text: &str) -> Result<Path, (String, Vec<String>)> {
        let mut names = text.split('.');
        let first = names.next().unwrap_or("");
        if let Some((_, root)) = ENVELOPE.iter().find(|(name, _)| *name == first) {
            return match names.next() {
                None => Ok(Path {
                    text: text.into(),
                    root: *root,
                    part: None,
                }),
                Some(more) => Err((more.to_owned(), Vec::new())),
            };
        }
        let known = |fields: &[Field]| fields.iter().map(|f| f.id.to_string()).collect();
        let section = self
            .sections
            .iter()
            .position(|section| *section.id == *first)
            .ok_or_else(|| {
                let sections = self.sections.iter().map(|section| section.id.to_string());
                let envelope = ENVELOPE.iter().map(|(name, _)| (*name).to_owned());
                (
                    first.to_owned(),
                    sections.chain(envelope).collect::<Vec<_>>(),
                )
            })?;
        let fields = &self.sections[section].fields;
        let name = names.next().unwrap_or("");
        let field = fields
            .iter()
            .position(|field| *field.id == *name)
            .ok_or_else(|| (name.to_owned(), known(fields)))?;
        let mut kind = &fields[field].kind;
        let mut column = None;
        let mut part = None;
        for name in names {
            if let (FieldType::Table { columns, .. }, None) = (kind, column) {
                let index = columns
                    .iter()
                    .position(|column| *column.id == *name)
                    .ok_or_else(|| (name.to_owned(), known(columns)))?;
                column = Some(index);
                kind = &columns[index].kind;
            } else if part.is_none() {
                part = Some(part_of(name, kind).ok_or_else(|| (name.to_owned(), Vec::new()))?);
            } else {
                return Err((name.to_owned(), Vec::new()));
            }
        }
        Ok(Path {
            text: text.into(),
            root: Root::Cell {
                section,
                field,
                column,
            },
            part,
        })
    }

    /// Resolves a path read from a definition; a finding when it leads nowhere.
    pub fn path(&self, reader: &TableReader<'_>, key: &str, found: &Located<&str>) -> Option<Path> {
        match self.resolve(found.value) {
            Ok(path) => Some(path),
            Err((name, known)) => {
                report_unknown(reader, key, found, &name, &known);
                None
            }
        }
    }

    /// The path under a key, if the key is there.
    pub fn optional(&self, reader: &TableReader<'_>, key: &'static str) -> Option<Path> {
        let found = reader.string(key)?;
        self.path(reader, key, &found)
    }

    /// The paths under a key.
    pub fn paths(&self, reader: &TableReader<'_>, key: &'static str) -> Vec<Path> {
        reader
            .strings(key)
            .iter()
            .filter_map(|found| self.path(reader, key, found))
            .collect()
    }

    /// Something with rows: `actions`, `request.partners`.
    pub fn rows(&self, reader: &TableReader<'_>, key: &str, found: &Located<&str>) -> Option<Rows> {
        match self.resolve_rows(found.value) {
            Ok(rows) => Some(rows),
            Err(None) => {
                reader.report(Finding::error("no-rows", found.place).with("path", found.value));
                None
            }
            Err(Some((name, known))) => {
                report_unknown(reader, key, found, &name, &known);
                None
            }
        }
    }

    /// Resolves something with rows; the error is the name at fault and what
    /// it could have been, or nothing where the path leads to something
    /// without rows.
    pub fn resolve_rows(&self, text: &str) -> Result<Rows, Option<(String, Vec<String>)>> {
        let (first, second) = match text.split_once('.') {
            Some((first, second)) => (first, Some(second)),
            None => (text, None),
        };
        let section = self.sections.iter().position(|s| *s.id == *first);
        let Some(section) = section else {
            let known = self.sections.iter().map(|s| s.id.to_string()).collect();
            return Err(Some((first.to_owned(), known)));
        };
        let definition = &self.sections[section];
        let field = match second {
            None if definition.repeated => None,
            None => return Err(None),
            Some(second) => {
                let Some(field) = definition.field(second) else {
                    let known = definition.fields.iter().map(|f| f.id.to_string()).collect();
                    return Err(Some((second.to_owned(), known)));
                };
                let found = &definition.fields[field];
                if !found.many && found.columns().is_empty() {
                    return Err(None);
                }
                Some(field)
            }
        };
        Ok(Rows {
            text: text.into(),
            section,
            field,
        })
    }
}

pub(in crate::definition) fn report_unknown(
    reader: &TableReader<'_>,
    key: &str,
    found: &Located<&str>,
    name: &str,
    known: &[String],
) {
    let mut finding = Finding::error("unknown-path", found.place)
        .with("key", key)
        .with("path", found.value)
        .with("name", name)
        .with("known", known.join(", "));
    if let Some(near) = nearest(name, known.iter().map(String::as_str)) {
        finding = finding.message("near").with("near", near);
    }
    reader.report(finding);
}
