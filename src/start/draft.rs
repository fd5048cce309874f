//! The text of a new record: every field that is required before the record
//! leaves its draft stands there empty, with what to write; everything else
//! stands there as a comment.
//!
//! Pure: the same register, language and [`Draft`] give the same bytes.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::toml_text::{key, on_one_line, quoted};
use crate::definition::path::{Path, Root};
use crate::definition::{Audience, Field, FieldType, Kind, Phase, Priority, Section};
use crate::organisation::{DepartmentId, PersonId};
use crate::register::Register;
use crate::text::{Language, Text};
use crate::words::Words;

/// What an empty value looks like, whatever the field's type.
const LEFT_OPEN: &str = "\"\"";
/// More names than this are not listed in a comment.
const LONGEST_LIST: usize = 12;

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
        words: register.words(language),
        language,
        draft,
        reach: open.max(kind.states[draft.state].rank),
        today: zoned.date().to_string(),
        // the minute that has begun: a rounded one could still be to come
        instant: zoned.strftime("%Y-%m-%dT%H:%M:00%:z").to_string(),
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
    words: &'w Words,
    language: Language,
    draft: &'w Draft<'w>,
    /// Rank of the state up to which fields stand there to be filled in.
    reach: usize,
    today: String,
    instant: String,
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

    fn label<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    /// The keys that every record has.
    fn head(&mut self) {
        let draft = self.draft;
        let kind = draft.kind;
        if let Some(schema) = draft.schema {
            self.line(&format!("#:schema {schema}"));
        }
        let about = self.words.filled(
            "new.about",
            &[
                ("kind", self.label(&kind.name)),
                ("description", self.label(&kind.description)),
            ],
        );
        self.comment(&about);
        let values = [("today", &*self.today), ("now", &*self.instant)];
        for line in self.words.filled("new.legend", &values).lines() {
            self.comment(line);
        }
        self.line("");
        self.line(&format!("kind = {}", quoted(&kind.id)));
        self.line(&format!("id = {}", quoted(draft.id)));
        let title = self.labelled(
            self.words.get("schema.title"),
            kind.title_hint.as_ref().map(|hint| self.label(hint)),
            None,
        );
        self.comment(&title);
        self.line(&format!("title = {}", quoted(draft.title)));
        let states: Vec<(&str, &str)> = kind
            .states
            .iter()
            .map(|state| (&*state.id, self.label(&state.label)))
            .collect();
        let states = self.labelled(self.words.get("schema.state"), None, Some(&listed(&states)));
        self.comment(&states);
        let state = quoted(&kind.states[draft.state].id);
        self.line(&format!("state = {state}"));
        self.priority();
        if draft.with_rest {
            let audiences = Audience::ALL.map(Audience::name);
            let labels: Vec<(&str, &str)> = audiences
                .iter()
                .map(|name| {
                    let word = format!("schema.audiences.{name}");
                    (*name, self.words.find(&word).unwrap_or(name))
                })
                .collect();
            let labels = self.labelled(
                self.words.get("schema.audience"),
                None,
                Some(&listed(&labels)),
            );
            self.comment(&labels);
            self.line(&format!(
                "# audience = {}",
                quoted(Audience::default().name())
            ));
            for (name, value) in [
                ("visible_to", "[]"),
                ("project", LEFT_OPEN),
                ("related", "[]"),
            ] {
                let label = self.words.get(&format!("schema.{name}")).to_owned();
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
        let profile = self.register.profile();
        let names: Vec<(&str, &str)> = Priority::ALL
            .iter()
            .map(|priority| (priority.name(), self.label(profile.priority(*priority))))
            .collect();
        let names = self.labelled(
            self.words.get("schema.priority"),
            None,
            Some(&listed(&names)),
        );
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
        let label = self.label(&section.label).to_owned();
        self.line(&format!("# ── {} ──", on_one_line(&label)));
        if let Some(hint) = &section.hint {
            let hint = self.label(hint).to_owned();
            self.comment(&hint);
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

    /// What the record's beginning says of a field by itself. Where the kind
    /// does not say who is whom (`prefill`), who begins a record answers for it.
    fn known(&self, section: &Section, field: &Field) -> Option<String> {
        let mut all = self.draft.kind.sections.iter().flat_map(|s| &s.fields);
        let said = all.any(|other| {
            other.prefill && matches!(other.kind, FieldType::Person | FieldType::Department)
        });
        let is = |path: &Option<Path>| {
            let path = path.as_ref().filter(|_| !said);
            path.is_some_and(|path| {
                matches!(path.root, Root::Cell { section: s, field: f, column: None }
                    if path.part.is_none()
                        && self.draft.kind.section(&section.id) == Some(s)
                        && section.field(&field.id) == Some(f))
            })
        };
        let organisation = &self.register.organisation;
        let kind = self.draft.kind;
        let value = match &field.kind {
            FieldType::Person if field.prefill || is(&kind.responsible) => {
                quoted(&organisation.person(self.draft.author?).id)
            }
            FieldType::Department if field.prefill || is(&kind.department) => {
                quoted(&organisation.department(self.draft.department?).id)
            }
            FieldType::Date if field.prefill => self.today.clone(),
            FieldType::Instant if field.prefill => self.instant.clone(),
            _ => return None,
        };
        Some(match field.many {
            true => format!("[{value}]"),
            false => value,
        })
    }

    /// A field with its value, under a line that says what it is.
    fn field(&mut self, field: &Field, value: &str) {
        let about = self.about(field);
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
        let about = self.about(field);
        self.comment(&about);
        for column in columns {
            let about = self.about(column);
            self.comment(&format!("· {} {about}", column.id));
        }
        let row = self.sample_row(columns);
        self.line(&format!("{} = [", key(&field.id)));
        self.line(&format!("  # {row},"));
        self.line("]");
    }

    /// A field that may be filled in, or that a later step fills: a comment.
    fn resting_field(&mut self, section: &Section, field: &Field) {
        let hint = field.hint.as_ref().map(|hint| self.label(hint));
        let written = self.written(field, false);
        let mut about = self.labelled(self.label(&field.label), hint, written.as_deref());
        about.push_str(&self.when(section, field).unwrap_or_default());
        let value = match &field.kind {
            FieldType::Table { columns, .. } => format!("[ {} ]", self.sample_row(columns)),
            // only a fact is likely to be of today; a plan is not
            FieldType::Date if field.event && !field.many => self.today.clone(),
            FieldType::Instant if field.event && !field.many => self.instant.clone(),
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

    /// When a field that need not be filled in now has to be.
    fn when(&self, section: &Section, field: &Field) -> Option<String> {
        let kind = self.draft.kind;
        let entered = kind.states.iter().find(|state| {
            state.entered.as_ref().is_some_and(|path| {
                let cell = path.cell();
                cell.is_some_and(|(s, f, column)| {
                    column.is_none()
                        && kind.section(&section.id) == Some(s)
                        && section.field(&field.id) == Some(f)
                })
            })
        });
        if let Some(state) = entered {
            let state = self.label(&state.label);
            return Some(self.words.filled("new.on-entering", &[("state", state)]));
        }
        if field.required.condition.is_some() {
            return Some(self.words.get("new.in-some-cases").to_owned());
        }
        let state = &kind.states[field.required.from?];
        if state.phase == Phase::Draft {
            return Some(self.words.get("new.required").to_owned());
        }
        let values = [("state", self.label(&state.label))];
        Some(self.words.filled("new.required-from", &values))
    }

    /// One line on what to write in a field: its label, its hint, and how a
    /// value of its type is written.
    fn about(&self, field: &Field) -> String {
        let hint = field.hint.as_ref().map(|hint| self.label(hint));
        let written = self.written(field, true);
        self.labelled(self.label(&field.label), hint, written.as_deref())
    }

    /// `label：hint（written）`, or the half of it that there is.
    fn labelled(&self, label: &str, hint: Option<&str>, written: Option<&str>) -> String {
        let name = match (hint, written) {
            (Some(_), Some(_)) => "new.line-with-both",
            (None, None) => return label.to_owned(),
            _ => "new.line",
        };
        let text = hint.or(written).unwrap_or_default();
        let values = [
            ("label", label),
            ("text", text),
            ("written", written.unwrap_or_default()),
        ];
        self.words.filled(name, &values)
    }

    /// How a value of the field's type is written; none where anything goes.
    /// The organisation's names are listed only where one is to be filled in.
    fn written(&self, field: &Field, with_names: bool) -> Option<String> {
        let organisation = &self.register.organisation;
        let names = |all: Vec<(&str, &str)>, word: &str| {
            let fits = !all.is_empty() && all.len() <= LONGEST_LIST;
            match with_names && fits {
                true => listed(&all),
                false => self.words.get(&format!("new.types.{word}")).to_owned(),
            }
        };
        let (today, now) = (&*self.today, &*self.instant);
        let period = format!("{{ from = {now}, to = {now} }}");
        let signature = format!("{{ person = {LEFT_OPEN}, at = {now} }}");
        let values = [
            ("today", today),
            ("now", now),
            ("period", &period),
            ("signature", &signature),
        ];
        Some(match &field.kind {
            FieldType::Text { .. } | FieldType::Markdown | FieldType::Table { .. } => return None,
            FieldType::Choice(choices) => {
                let all: Vec<(&str, &str)> = choices
                    .iter()
                    .map(|choice| (&*choice.id, self.label(&choice.label)))
                    .collect();
                listed(&all)
            }
            FieldType::Department => names(
                organisation
                    .departments
                    .iter()
                    .map(|found| (&*found.id, self.label(&found.name)))
                    .collect(),
                "department",
            ),
            FieldType::Person => names(
                organisation
                    .people
                    .iter()
                    .filter(|found| !found.left)
                    .map(|found| (&*found.id, self.label(&found.name)))
                    .collect(),
                "person",
            ),
            FieldType::Party => names(
                organisation
                    .parties
                    .iter()
                    .map(|found| (&*found.id, self.label(&found.name)))
                    .collect(),
                "party",
            ),
            FieldType::Reference(kinds) => {
                let names: Vec<&str> = self
                    .register
                    .kinds
                    .iter()
                    .filter(|kind| kinds.contains(&kind.id))
                    .map(|kind| self.label(&kind.name))
                    .collect();
                match names.is_empty() {
                    true => self.words.get("new.types.reference").to_owned(),
                    false => {
                        let values = [("kinds", &*names.join(" · "))];
                        self.words.filled("new.types.reference-to", &values)
                    }
                }
            }
            // the hint says how
            FieldType::Attachment | FieldType::Duration if field.hint.is_some() => return None,
            other => {
                let word = format!("new.types.{}", other.name());
                self.words.filled(&word, &values)
            }
        })
    }
}

/// `rd 研发部 · sales 销售部`; a name that is its own label once.
fn listed(all: &[(&str, &str)]) -> String {
    let each: Vec<String> = all
        .iter()
        .map(|(id, label)| match id == label {
            true => (*id).to_owned(),
            false => format!("{id} {label}"),
        })
        .collect();
    each.join(" · ")
}
