//! What to write where, in words: the comments of a new record, which a form
//! in the browser writes as well.
//!
//! Invariant: everything here is a line of its own without `# ` before it;
//! whoever writes it as a comment takes line ends out.

use crate::definition::path::{Path, Root};
use crate::definition::{Audience, Field, FieldType, Kind, Phase, Priority, Section};
use crate::register::Register;
use crate::text::{Language, Text};
use crate::words::Words;

use super::draft::LEFT_OPEN;
use super::toml_text::on_one_line;

/// More names than this are not listed in a comment.
const LONGEST_LIST: usize = 12;

/// Writes the comments of a record.
pub struct Guidance<'w> {
    register: &'w Register,
    words: &'w Words,
    language: Language,
    /// A date as an example: today.
    pub(super) today: String,
    /// An instant as an example: now.
    pub(super) instant: String,
}

impl<'w> Guidance<'w> {
    /// Guidance with these examples of a date and of an instant.
    pub fn new(register: &'w Register, language: Language, today: String, instant: String) -> Self {
        Guidance {
            register,
            words: register.words(language),
            language,
            today,
            instant,
        }
    }

    fn label<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    /// What a record of the kind is, and how one is written.
    pub fn head(&self, kind: &Kind) -> Vec<String> {
        let about = self.words.filled(
            "new.about",
            &[
                ("kind", self.label(&kind.name)),
                ("description", self.label(&kind.description)),
            ],
        );
        let values = [("today", &*self.today), ("now", &*self.instant)];
        let legend = self.words.filled("new.legend", &values);
        [about]
            .into_iter()
            .chain(legend.lines().map(str::to_owned))
            .collect()
    }

    /// What a title is to say.
    pub fn title(&self, kind: &Kind) -> String {
        let hint = kind.title_hint.as_ref().map(|hint| self.label(hint));
        self.labelled(self.words.get("schema.title"), hint, None)
    }

    /// Which states there are.
    pub fn states(&self, kind: &Kind) -> String {
        let states: Vec<(&str, &str)> = kind
            .states
            .iter()
            .map(|state| (&*state.id, self.label(&state.label)))
            .collect();
        self.labelled(self.words.get("schema.state"), None, Some(&listed(&states)))
    }

    /// Which audiences there are.
    pub fn audiences(&self) -> String {
        let audiences = Audience::ALL.map(Audience::name);
        let labels: Vec<(&str, &str)> = audiences
            .iter()
            .map(|name| {
                let word = format!("schema.audiences.{name}");
                (*name, self.words.find(&word).unwrap_or(name))
            })
            .collect();
        let labels = listed(&labels);
        self.labelled(self.words.get("schema.audience"), None, Some(&labels))
    }

    /// What a key is called that every record has.
    pub fn envelope(&self, key: &str) -> &'w str {
        let words: &'w Words = self.words;
        words.find(&format!("schema.{key}")).unwrap_or_default()
    }

    /// Which priorities there are.
    pub fn priorities(&self) -> String {
        let profile = self.register.profile();
        let names: Vec<(&str, &str)> = Priority::ALL
            .iter()
            .map(|priority| (priority.name(), self.label(profile.priority(*priority))))
            .collect();
        let names = listed(&names);
        self.labelled(self.words.get("schema.priority"), None, Some(&names))
    }

    /// What stands over a section.
    pub fn section(&self, section: &Section) -> Vec<String> {
        let label = on_one_line(self.label(&section.label));
        let hint = section
            .hint
            .as_ref()
            .map(|hint| self.label(hint).to_owned());
        [format!("── {label} ──")].into_iter().chain(hint).collect()
    }

    /// One line on what to write in a field: its label, its hint, and how a
    /// value of its type is written.
    pub fn about(&self, field: &Field) -> String {
        let hint = field.hint.as_ref().map(|hint| self.label(hint));
        let written = self.written(field, true);
        self.labelled(self.label(&field.label), hint, written.as_deref())
    }

    /// The same of a column of a table.
    pub fn column(&self, column: &Field) -> String {
        format!("· {} {}", column.id, self.about(column))
    }

    /// The same as [`Guidance::about`] without the names of the organisation.
    pub(super) fn about_without_names(&self, field: &Field) -> String {
        let hint = field.hint.as_ref().map(|hint| self.label(hint));
        let written = self.written(field, false);
        self.labelled(self.label(&field.label), hint, written.as_deref())
    }

    /// When a field that need not be filled in now has to be.
    pub(super) fn when(&self, kind: &Kind, section: &Section, field: &Field) -> Option<String> {
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

/// Whether a new record has a field filled in: with today or now, with who
/// begins it, or with their department. Where the kind does not say who is
/// whom (`prefill`), who begins a record answers for it.
pub fn prefilled(kind: &Kind, section: &Section, field: &Field) -> bool {
    let mut all = kind.sections.iter().flat_map(|s| &s.fields);
    let said = all.any(|other| {
        other.prefill && matches!(other.kind, FieldType::Person | FieldType::Department)
    });
    let is = |path: &Option<Path>| {
        let path = path.as_ref().filter(|_| !said);
        path.is_some_and(|path| {
            matches!(path.root, Root::Cell { section: s, field: f, column: None }
                if path.part.is_none()
                    && kind.section(&section.id) == Some(s)
                    && section.field(&field.id) == Some(f))
        })
    };
    match &field.kind {
        FieldType::Person => field.prefill || is(&kind.responsible),
        FieldType::Department => field.prefill || is(&kind.department),
        FieldType::Date | FieldType::Instant => field.prefill,
        _ => false,
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
