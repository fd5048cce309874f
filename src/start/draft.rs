//! The text of a new record: every field that is required before the record
//! leaves its draft stands there empty, with what to write; everything else
//! stands there as a comment.
//!
//! Pure: the same register, language and [`Draft`] give the same bytes.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::guidance::{Guidance, prefilled};
use super::toml_text::{key, on_one_line, quoted};
use crate::definition::{Audience, Field, FieldType, Kind, Phase, Section};
use crate::organisation::{DepartmentId, PersonId};
use crate::register::Register;
use crate::text::Language;

/// What an empty value looks like, whatever the field's type.
pub(super) const LEFT_OPEN: &str = "\"\"";

/// What a new record is made of.
#[derive(Clone, Debug)]
pub struct Draft<'d> {
    /// Its kind.
    pub kind: &'d Kind,
    /// Its number.
    pub id: &'d str,
    /// Its title; empty when it is still to be found.
    pub title: &'d str,
    /// Index of the state it begins in.
    pub state: usize,
    /// Where the kind's JSON Schema lies, seen from the record's folder.
    pub schema: Option<&'d str>,
    /// Who begins it.
    pub author: Option<PersonId>,
    /// Whose it is.
    pub department: Option<DepartmentId>,
    /// When it is begun.
    pub now: Timestamp,
    /// Values that are known already: path (`section.field`) → TOML.
    pub values: BTreeMap<String, String>,
    /// Whether what is optional, and what later steps fill, stands there as comments.
    pub with_rest: bool,
}

/// The record as a file.
pub fn write_draft(register: &Register, language: Language, draft: &Draft<'_>) -> String {
    let kind = draft.kind;
    let open = kind
        .states
        .iter()
        .find(|state| state.phase == Phase::Open && !state.aside)
        .map_or(0, |state| state.rank);
    let zoned = draft.now.to_zoned(register.settings.time.time_zone.clone());
    let mut writer = Writer {
        register,
        draft,
        reach: open.max(kind.states[draft.state].rank),
        guidance: Guidance::new(
            register,
            language,
            zoned.date().to_string(),
            // the minute that has begun: a rounded one could still be to come
            zoned.strftime("%Y-%m-%dT%H:%M:00%:z").to_string(),
        ),
        out: String::with_capacity(8 << 10),
    };
    writer.head();
    let (now, later): (Vec<&Section>, Vec<&Section>) = kind
        .sections
        .iter()
        .partition(|section| writer.begins_with(section));
    for section in now {
        writer.section(section);
    }
    if draft.with_rest {
        for section in later {
            writer.later_section(section);
        }
    }
    writer.out
}

struct Writer<'w> {
    register: &'w Register,
    draft: &'w Draft<'w>,
    /// Rank of the state up to which fields stand there to be filled in.
    reach: usize,
    guidance: Guidance<'w>,
    out: String,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn comment(&mut self, text: &str) {
        self.line(&format!("# {}", on_one_line(text)));
    }

    /// The keys that every record has.
    fn head(&mut self) {
        let draft = self.draft;
        let kind = draft.kind;
        if let Some(schema) = draft.schema {
            self.line(&format!("#:schema {schema}"));
        }
        for line in self.guidance.head(kind) {
            self.comment(&line);
        }
        self.line("");
        self.line(&format!("kind = {}", quoted(&kind.id)));
        self.line(&format!("id = {}", quoted(draft.id)));
        let title = self.guidance.title(kind);
        self.comment(&title);
        self.line(&format!("title = {}", quoted(draft.title)));
        let states = self.guidance.states(kind);
        self.comment(&states);
        let state = quoted(&kind.states[draft.state].id);
        self.line(&format!("state = {state}"));
        self.priority();
        if draft.with_rest {
            let audiences = self.guidance.audiences();
            self.comment(&audiences);
            self.line(&format!(
                "# audience = {}",
                quoted(Audience::default().name())
            ));
            for (name, value) in [
                ("visible_to", "[]"),
                ("project", LEFT_OPEN),
                ("related", "[]"),
            ] {
                let label = self.guidance.envelope(name).to_owned();
                self.line(&format!("# {name} = {value}  # {label}"));
            }
        }
    }

    fn priority(&mut self) {
        let asked = self
            .draft
            .kind
            .priority_from
            .is_some_and(|from| from <= self.reach);
        if !asked && !self.draft.with_rest {
            return;
        }
        let names = self.guidance.priorities();
        self.comment(&names);
        let sign = if asked { "" } else { "# " };
        let value = self.draft.values.get("priority");
        let value = value.map_or(LEFT_OPEN, String::as_str);
        self.line(&format!("{sign}priority = {value}"));
    }

    /// Whether a section is filled before the record leaves its draft.
    fn begins_with(&self, section: &Section) -> bool {
        let given = |field: &Field| self.given(section, field).is_some();
        !section.repeated
            && section
                .fields
                .iter()
                .any(|field| self.is_due(field) || field.prefill || given(field))
    }

    /// Whether a field must be there before the record leaves its draft,
    /// whatever else it says.
    fn is_due(&self, field: &Field) -> bool {
        let states = &self.draft.kind.states;
        field.required.condition.is_none()
            && field
                .required
                .from
                .is_some_and(|from| states[from].rank <= self.reach)
    }

    /// The value somebody gave for a field, as TOML.
    fn given(&self, section: &Section, field: &Field) -> Option<&String> {
        let path = format!("{}.{}", section.id, field.id);
        self.draft.values.get(&path)
    }

    fn section(&mut self, section: &Section) {
        self.section_head(section);
        self.line(&format!("[{}]", key(&section.id)));
        for field in &section.fields {
            let given = self.given(section, field).cloned();
            let known = given.or_else(|| self.known(section, field));
            match known {
                Some(value) => self.field(field, &value),
                None if self.is_due(field) => self.open_field(field),
                None if self.draft.with_rest => self.resting_field(section, field),
                None => {}
            }
        }
    }

    fn section_head(&mut self, section: &Section) {
        self.line("");
        for line in self.guidance.section(section) {
            self.comment(&line);
        }
    }

    /// A section that a later step fills, all of it as comments.
    fn later_section(&mut self, section: &Section) {
        self.section_head(section);
        let name = key(&section.id);
        let header = match section.repeated {
            true => format!("# [[{name}]]"),
            false => format!("# [{name}]"),
        };
        self.line(&header);
        for field in &section.fields {
            self.resting_field(section, field);
        }
    }

    /// What the record's beginning says of a field by itself.
    fn known(&self, section: &Section, field: &Field) -> Option<String> {
        if !prefilled(self.draft.kind, section, field) {
            return None;
        }
        let organisation = &self.register.organisation;
        let value = match &field.kind {
            FieldType::Person => quoted(&organisation.person(self.draft.author?).id),
            FieldType::Department => quoted(&organisation.department(self.draft.department?).id),
            FieldType::Date => self.guidance.today.clone(),
            FieldType::Instant => self.guidance.instant.clone(),
            _ => return None,
        };
        Some(match field.many {
            true => format!("[{value}]"),
            false => value,
        })
    }

    /// A field with its value, under a line that says what it is.
    fn field(&mut self, field: &Field, value: &str) {
        let about = self.guidance.about(field);
        self.comment(&about);
        self.line(&format!("{} = {value}", key(&field.id)));
    }

    /// A field that is to be filled in.
    fn open_field(&mut self, field: &Field) {
        let FieldType::Table { columns, .. } = &field.kind else {
            let empty = if field.many { "[]" } else { LEFT_OPEN };
            self.field(field, empty);
            return;
        };
        let about = self.guidance.about(field);
        self.comment(&about);
        for column in columns {
            let about = self.guidance.column(column);
            self.comment(&about);
        }
        let row = self.sample_row(columns);
        self.line(&format!("{} = [", key(&field.id)));
        self.line(&format!("  # {row},"));
        self.line("]");
    }

    /// A field that may be filled in, or that a later step fills: a comment.
    fn resting_field(&mut self, section: &Section, field: &Field) {
        let mut about = self.guidance.about_without_names(field);
        about.push_str(
            &self
                .guidance
                .when(self.draft.kind, section, field)
                .unwrap_or_default(),
        );
        let value = match &field.kind {
            FieldType::Table { columns, .. } => format!("[ {} ]", self.sample_row(columns)),
            // only a fact is likely to be of today; a plan is not
            FieldType::Date if field.event && !field.many => self.guidance.today.clone(),
            FieldType::Instant if field.event && !field.many => self.guidance.instant.clone(),
            _ if field.many => "[]".to_owned(),
            _ => LEFT_OPEN.to_owned(),
        };
        self.line(&format!(
            "# {} = {value}  # {}",
            key(&field.id),
            on_one_line(&about)
        ));
    }

    /// A row of a table with its columns empty.
    fn sample_row(&self, columns: &[Field]) -> String {
        let due: Vec<&Field> = columns
            .iter()
            .filter(|column| self.is_due(column))
            .collect();
        let all: Vec<&Field> = match due.is_empty() {
            true => columns.iter().collect(),
            false => due,
        };
        let cells: Vec<String> = all
            .iter()
            .map(|column| {
                let empty = if column.many { "[]" } else { LEFT_OPEN };
                format!("{} = {empty}", key(&column.id))
            })
            .collect();
        format!("{{ {} }}", cells.join(", "))
    }
}
