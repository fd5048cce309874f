//! From a parsed file to a typed record.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::read_value::{is_left_open, read_field};
use super::{At, Record, Row, SectionValue};
use crate::calendar;
use crate::definition::path::ENVELOPE;
use crate::definition::{Audience, Field, Kind, Phase, Priority, Section};
use crate::finding::{FileId, Finding, Level, Place, Span};
use crate::organisation::{Organisation, Subject};
use crate::source::{Parsed, SourceFile, nearest, parse, type_name};

/// What the reader of records knows, and where it puts what it finds.
pub struct Reading<'a> {
    /// The kinds, by index.
    pub kinds: &'a [Kind],
    /// Who there is.
    pub organisation: &'a Organisation,
    /// Zone of times without an offset.
    pub time: &'a calendar::Settings,
    /// The file being read.
    pub file: FileId,
    /// Year of the record's number, for guessing dates.
    pub year: Option<i16>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Reading<'_> {
    /// A place in the file being read.
    pub fn place(&self, span: Span) -> Place {
        Place {
            file: self.file,
            span,
        }
    }

    /// A span of the parser's as a place.
    pub(super) fn at(&self, span: std::ops::Range<usize>) -> Place {
        self.place(Span::new(span))
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong_type(
        &mut self,
        key: &str,
        expected: &'static str,
        value: &Spanned<DeValue<'_>>,
    ) {
        let finding = Finding::error("wrong-type", self.at(value.span()))
            .with("key", key)
            .with("expected", expected)
            .with("found", type_name(value.get_ref()));
        self.findings.push(finding);
    }

    /// A name that means several where one is asked for.
    pub(super) fn group(&mut self, rule: &'static str, key: &str, name: &str, span: Span) {
        let finding = Finding::error(rule, self.place(span))
            .message("group")
            .with("key", key)
            .with("name", name);
        self.findings.push(finding);
    }

    /// Reports a name that nobody has, with the nearest one there is.
    pub(super) fn unknown<'n>(
        &mut self,
        rule: &'static str,
        key: &str,
        name: &str,
        span: Span,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let mut finding = Finding::error(rule, self.place(span))
            .with("key", key)
            .with("name", name);
        finding = match nearest(name, known.clone()) {
            Some(near) => {
                finding
                    .message("near")
                    .with("near", near)
                    .fix(span, format!("\"{near}\""), false)
            }
            None => {
                let some: Vec<&str> = known.take(12).collect();
                finding.with("known", some.join(", "))
            }
        };
        self.findings.push(finding);
    }
}

/// Reads a record's file. The record is missing when its kind is not known;
/// everything else that is wrong leaves a finding and the rest of the record.
pub fn read_record(
    kinds: &[Kind],
    organisation: &Organisation,
    time: &calendar::Settings,
    file: FileId,
    source: &SourceFile,
) -> (Option<Record>, Vec<Finding>) {
    let Parsed {
        table,
        findings,
        broken,
    } = parse(file, source);
    let mut reading = Reading {
        kinds,
        organisation,
        time,
        file,
        year: None,
        findings: Vec::new(),
    };
    let table = table.get_ref();
    let record = if table.is_empty() && findings.is_empty() {
        let finding = Finding::error("empty-file", reading.place(Span::default()));
        reading.findings.push(finding);
        None
    } else {
        reading.record(table, broken.clone())
    };
    // of a record its rule tells, in the words of the form
    let is_told = |finding: &Finding| record.is_some() && finding.rule == "merge-conflict";
    let mut all = findings;
    all.retain(|finding| !is_told(finding));
    // what is said about a region that did not parse is noise
    all.extend(
        reading
            .findings
            .into_iter()
            .filter(|finding| !broken.iter().any(|span| span.overlaps(finding.place.span))),
    );
    (record, all)
}

impl Reading<'_> {
    fn record(&mut self, table: &DeTable<'_>, broken: Vec<Span>) -> Option<Record> {
        let kind = self.kind(table)?;
        let definition = &self.kinds[kind];
        let id = self.envelope_text(table, "id", true);
        self.year = id
            .as_ref()
            .and_then(|id| definition.number.read(&id.value))
            .map(|(year, _)| year);
        let state = self.state(table, definition);
        let title = self.title(table, definition, &state);
        let left_open = table.get("priority").is_some_and(is_left_open);
        let priority = match left_open {
            true => None,
            false => self.named(
                table,
                "priority",
                Priority::from_name,
                &Priority::ALL.map(Priority::name),
            ),
        };
        let audience = self.named(
            table,
            "audience",
            Audience::from_name,
            &Audience::ALL.map(Audience::name),
        );
        let visible_to = self.visible_to(table);
        let project = self.envelope_text(table, "project", false);
        let related = self.related(table);
        let mut sections: Vec<SectionValue> = Vec::with_capacity(definition.sections.len());
        sections.resize_with(definition.sections.len(), SectionValue::default);
        for (key, value) in table {
            let name: &str = key.get_ref();
            match definition.section(name) {
                Some(index) => {
                    sections[index] = self.section(&definition.sections[index], value);
                }
                None if crate::definition::kind::is_envelope(name) => {}
                None => {
                    let known = definition
                        .sections
                        .iter()
                        .map(|section| &*section.id)
                        .chain(ENVELOPE.iter().map(|(name, _)| *name))
                        .chain(["kind", "visible_to"]);
                    self.unknown_key(name, Span::new(key.span()), known);
                }
            }
        }
        let nowhere = Span::default();
        Some(Record {
            file: self.file,
            kind,
            id: id.map_or_else(
                || At {
                    value: Arc::from(""),
                    span: nowhere,
                },
                |id| At {
                    value: Arc::from(&*id.value),
                    span: id.span,
                },
            ),
            title: title.unwrap_or_else(|| At {
                value: "".into(),
                span: nowhere,
            }),
            state,
            priority_unread: priority.is_none() && !left_open && table.get("priority").is_some(),
            priority,
            audience: audience.unwrap_or(At {
                value: Audience::default(),
                span: nowhere,
            }),
            visible_to,
            project,
            related,
            sections,
            broken,
            too_costly: false,
        })
    }

    fn kind(&mut self, table: &DeTable<'_>) -> Option<usize> {
        let Some(value) = table.get("kind") else {
            let first = table
                .iter()
                .next()
                .map_or(Span::default(), |(key, _)| Span::new(key.span()));
            let known: Vec<&str> = self.kinds.iter().map(|kind| &*kind.id).collect();
            let finding =
                Finding::error("missing-kind", self.place(first)).with("known", known.join(", "));
            self.findings.push(finding);
            return None;
        };
        let DeValue::String(name) = value.get_ref() else {
            self.wrong_type("kind", "string", value);
            return None;
        };
        let found = self.kinds.iter().position(|kind| *kind.id == **name);
        if found.is_none() {
            let kinds = self.kinds;
            let known = kinds.iter().map(|kind| &*kind.id);
            self.unknown("unknown-kind", "kind", name, Span::new(value.span()), known);
        }
        found
    }

    fn missing(&mut self, key: &'static str) {
        let finding = Finding::error("missing-key", self.place(Span::default()))
            .message("record")
            .with("key", key);
        self.findings.push(finding);
    }

    fn envelope_text(
        &mut self,
        table: &DeTable<'_>,
        key: &'static str,
        required: bool,
    ) -> Option<At<Box<str>>> {
        let Some(value) = table.get(key) else {
            if required {
                self.missing(key);
            }
            return None;
        };
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(key, "string", value);
            return None;
        };
        if required && text.trim().is_empty() {
            let finding = Finding::error("missing-key", self.at(value.span()))
                .message("empty")
                .with("key", key);
            self.findings.push(finding);
        }
        Some(At {
            value: text.as_ref().into(),
            span: Span::new(value.span()),
        })
    }

    /// The title. A draft may leave it empty, as it may leave any field; that
    /// is said, and no error.
    fn title(
        &mut self,
        table: &DeTable<'_>,
        kind: &Kind,
        state: &At<usize>,
    ) -> Option<At<Box<str>>> {
        let before = self.findings.len();
        let title = self.envelope_text(table, "title", true);
        let is_draft = kind.states[state.value].phase == Phase::Draft;
        let known = table.get("state").is_some_and(
            |value| matches!(value.get_ref(), DeValue::String(name) if kind.state(name).is_some()),
        );
        if is_draft && known && title.is_some() {
            for finding in &mut self.findings[before..] {
                finding.level = Level::Warning;
            }
        }
        title
    }

    fn state(&mut self, table: &DeTable<'_>, kind: &Kind) -> At<usize> {
        let first = At {
            value: 0,
            span: Span::default(),
        };
        let Some(value) = table.get("state") else {
            self.missing("state");
            return first;
        };
        let DeValue::String(name) = value.get_ref() else {
            self.wrong_type("state", "string", value);
            return first;
        };
        let span = Span::new(value.span());
        match kind.state(name) {
            Some(value) => At { value, span },
            None => {
                let by_label = kind
                    .states
                    .iter()
                    .find(|state| state.label.get(crate::text::Language::Chinese) == name.as_ref());
                match by_label {
                    Some(state) => {
                        self.display_name("unknown-state", "state", name, span, &state.id)
                    }
                    None => {
                        let known = kind.states.iter().map(|state| &*state.id);
                        self.unknown("unknown-state", "state", name, span, known);
                    }
                }
                At { value: 0, span }
            }
        }
    }

    /// Somebody wrote the name that people see where records want the short one.
    pub(super) fn display_name(
        &mut self,
        rule: &'static str,
        key: &str,
        name: &str,
        span: Span,
        id: &str,
    ) {
        let finding = Finding::error(rule, self.place(span))
            .message("display-name")
            .with("key", key)
            .with("name", name)
            .with("near", id)
            .fix(span, format!("\"{id}\""), true);
        self.findings.push(finding);
    }

    fn named<T: Copy>(
        &mut self,
        table: &DeTable<'_>,
        key: &'static str,
        from_name: impl Fn(&str) -> Option<T>,
        known: &[&'static str],
    ) -> Option<At<T>> {
        let value = table.get(key)?;
        let DeValue::String(name) = value.get_ref() else {
            self.wrong_type(key, "string", value);
            return None;
        };
        let span = Span::new(value.span());
        let found = from_name(name).map(|value| At { value, span });
        if found.is_none() {
            self.unknown("unknown-word", key, name, span, known.iter().copied());
        }
        found
    }

    fn visible_to(&mut self, table: &DeTable<'_>) -> Vec<At<Subject>> {
        let organisation = self.organisation;
        self.strings(table, "visible_to")
            .into_iter()
            .filter_map(|name| {
                let found = organisation
                    .find_department(&name.value)
                    .map(Subject::Department)
                    .or_else(|| organisation.find_person(&name.value).map(Subject::Person))
                    .or_else(|| organisation.find_party(&name.value).map(Subject::Party));
                if found.is_none() {
                    let known = organisation
                        .departments
                        .iter()
                        .map(|department| &*department.id)
                        .chain(organisation.people.iter().map(|person| &*person.id))
                        .chain(organisation.parties.iter().map(|party| &*party.id));
                    self.unknown(
                        "unknown-subject",
                        "visible_to",
                        &name.value,
                        name.span,
                        known,
                    );
                }
                found.map(|value| At {
                    value,
                    span: name.span,
                })
            })
            .collect()
    }

    fn related(&mut self, table: &DeTable<'_>) -> Vec<At<Box<str>>> {
        self.strings(table, "related")
    }

    fn strings(&mut self, table: &DeTable<'_>, key: &'static str) -> Vec<At<Box<str>>> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, "array", value);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| match item.get_ref() {
                DeValue::String(text) => Some(At {
                    value: text.as_ref().into(),
                    span: Span::new(item.span()),
                }),
                _ => {
                    self.wrong_type(key, "string", item);
                    None
                }
            })
            .collect()
    }

    fn section(&mut self, section: &Section, value: &Spanned<DeValue<'_>>) -> SectionValue {
        match (value.get_ref(), section.repeated) {
            (DeValue::Table(table), false) => {
                SectionValue::One(self.row(&section.fields, Span::new(value.span()), table))
            }
            (DeValue::Array(items), true) => SectionValue::Many(
                items
                    .iter()
                    .filter_map(|item| match item.get_ref() {
                        DeValue::Table(table) => {
                            Some(self.row(&section.fields, Span::new(item.span()), table))
                        }
                        _ => {
                            self.wrong_type(&section.id, "table", item);
                            None
                        }
                    })
                    .collect(),
            ),
            // one `[section]` where `[[section]]` belongs is understood, and said
            (DeValue::Table(table), true) => {
                let place = self.at(value.span());
                self.findings.push(
                    Finding::error("section-shape", place)
                        .message("repeated")
                        .with("section", &*section.id),
                );
                SectionValue::Many(vec![self.row(
                    &section.fields,
                    Span::new(value.span()),
                    table,
                )])
            }
            (DeValue::Array(items), false) if items.len() == 1 => {
                let place = self.at(value.span());
                self.findings.push(
                    Finding::error("section-shape", place)
                        .message("single")
                        .with("section", &*section.id),
                );
                match items[0].get_ref() {
                    DeValue::Table(table) => SectionValue::One(self.row(
                        &section.fields,
                        Span::new(items[0].span()),
                        table,
                    )),
                    _ => SectionValue::Absent,
                }
            }
            (DeValue::Array(_), false) => {
                let place = self.at(value.span());
                self.findings.push(
                    Finding::error("section-shape", place)
                        .message("single")
                        .with("section", &*section.id),
                );
                SectionValue::Absent
            }
            _ => {
                self.wrong_type(&section.id, "table", value);
                SectionValue::Absent
            }
        }
    }

    /// Reads a table of values by its fields.
    pub(super) fn row(&mut self, fields: &[Field], span: Span, table: &DeTable<'_>) -> Row {
        let mut cells: Vec<Option<super::Cell>> = Vec::with_capacity(fields.len());
        cells.resize_with(fields.len(), || None);
        for (key, value) in table {
            let name: &str = key.get_ref();
            match fields.iter().position(|field| *field.id == *name) {
                Some(index) => cells[index] = Some(read_field(self, &fields[index], value)),
                None => {
                    let known = fields.iter().map(|field| &*field.id);
                    self.unknown_key(name, Span::new(key.span()), known);
                }
            }
        }
        Row {
            span,
            cells: cells.into_boxed_slice(),
        }
    }

    pub(super) fn unknown_key<'n>(
        &mut self,
        name: &str,
        span: Span,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let mut finding = Finding::error("unknown-key", self.place(span)).with("key", name);
        finding = match nearest(name, known.clone()) {
            Some(near) => finding
                .message("near")
                .with("near", near)
                .fix(span, near, false),
            None => {
                let all: Vec<&str> = known.collect();
                finding.with("known", all.join(", "))
            }
        };
        self.findings.push(finding);
    }
}
