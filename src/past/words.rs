//! What changed, in the words of the forms.
//!
//! Invariant: words are those of a register as its viewer may know it; a
//! number that the viewer may not know is not told.

use jiff::SignedDuration;
use serde::Serialize;

use super::fact::{Fact, FactPart, FactSpot, RowName};
use super::head::Reading;
use super::said::Said;
use super::timeline::Step;
use crate::change::{Piece, difference};
use crate::definition::{Audience, Field, FieldType, Kind, Priority, Section};
use crate::display::Display;
use crate::history::Did;
use crate::record::Cell;

/// A text longer than this, in characters, is told by what changed in it.
const SHORT: usize = 24;
/// The longest value that is told whole, in characters.
const LONGEST: usize = 100;

/// A part that says something else, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactView {
    /// Where: section, row, field.
    pub label: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// What it said.
    pub before: Option<String>,
    /// What it says.
    pub after: Option<String>,
    /// What changed in it, where it is long.
    pub pieces: Vec<Piece>,
}

/// Puts facts into words.
#[derive(Clone, Copy)]
pub struct Telling<'r> {
    display: Display<'r>,
}

impl<'r> Telling<'r> {
    /// In the words of a display.
    pub fn new(display: Display<'r>) -> Self {
        Telling { display }
    }

    /// What changed in a record of a kind and a number.
    pub fn facts(&self, kind: &Kind, number: &str, facts: &[Fact]) -> Vec<FactView> {
        facts
            .iter()
            .filter_map(|fact| self.fact(kind, number, fact))
            .collect()
    }

    /// The same in a line each: `状态：草稿 → 办理中`.
    pub fn lines(&self, kind: &Kind, number: &str, facts: &[Fact]) -> Vec<String> {
        let views = self.facts(kind, number, facts).into_iter();
        views.map(|view| self.line(&view)).collect()
    }

    /// One of them in a line.
    pub fn line(&self, view: &FactView) -> String {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let (before, after) = (said(&view.before), said(&view.after));
        let values = [
            ("label", &*view.label),
            ("before", &*before),
            ("after", &*after),
        ];
        let name = format!("past.{}", view.change);
        self.display.words.filled(&name, &values)
    }

    fn fact(&self, kind: &Kind, number: &str, fact: &Fact) -> Option<FactView> {
        let field = match &fact.part {
            FactPart::Section(spot) => field_of(kind, spot),
            _ => None,
        };
        let told = |said: &Option<Said>| {
            let text = self.said(kind, &fact.part, field, said.as_ref()?);
            let hidden = self.display.register.names_hidden(&text, number);
            Some(text).filter(|text| !hidden && !text.is_empty())
        };
        let (before, after) = (told(&fact.before), told(&fact.after));
        // what is left may be nothing that anybody can be told
        if before.is_none() && after.is_none() && !is_untellable(fact) {
            return None;
        }
        let is_long = |text: &&String| text.chars().nth(SHORT).is_some();
        let pieces = match (&before, &after) {
            (Some(old), Some(new)) if [old, new].iter().any(is_long) => difference(old, new),
            _ => Vec::new(),
        };
        Some(FactView {
            label: self.label(kind, &fact.part),
            change: match (&before, &after) {
                (Some(_), None) => "removed",
                (None, None) if fact.after.is_none() => "removed",
                (None, _) => "added",
                (Some(_), Some(_)) => "changed",
            },
            before: before.map(|text| shortened(&text)),
            after: after.map(|text| shortened(&text)),
            pieces,
        })
    }

    fn label(&self, kind: &Kind, part: &FactPart) -> String {
        let name = match part {
            FactPart::Kind => "kind",
            FactPart::Number => "number",
            FactPart::Title => "title",
            FactPart::State => "state",
            FactPart::Priority => "priority",
            FactPart::Audience => "audience",
            FactPart::VisibleTo => "visible_to",
            FactPart::Project => "project",
            FactPart::Related => "related",
            FactPart::Section(spot) => return self.spot(kind, spot),
        };
        let words = self.display.words;
        words.get(&format!("review.parts.{name}")).to_owned()
    }

    /// `行动项 A2 › 完成时间`; what the kind no longer has by its name in files.
    fn spot(&self, kind: &Kind, spot: &FactSpot) -> String {
        let section = section_of(kind, spot);
        let label = |field: Option<&Field>, id: &str| {
            field
                .map_or(id, |field| self.display.text(&field.label))
                .to_owned()
        };
        let mut first = match section {
            Some(section) => self.display.text(&section.label).to_owned(),
            None => spot.section.to_string(),
        };
        if let Some(row) = &spot.row {
            let identity = section.and_then(|section| section.fields.get(section.identity?));
            first = self.named(&first, identity, row);
        }
        let mut steps = vec![first];
        let field = section
            .zip(spot.field.as_deref())
            .and_then(|(section, id)| section.fields.get(section.field(id)?));
        if let Some(id) = &spot.field {
            let mut step = label(field, id);
            if let Some(row) = &spot.inner {
                let identity = field.and_then(|field| match &field.kind {
                    FieldType::Table { columns, identity } => columns.get((*identity)?),
                    _ => None,
                });
                step = self.named(&step, identity, row);
            }
            steps.push(step);
        }
        if let Some(id) = &spot.column {
            let columns = field.map_or(&[][..], Field::columns);
            steps.push(label(columns.iter().find(|column| *column.id == **id), id));
        }
        steps.join(" › ")
    }

    fn named(&self, label: &str, identity: Option<&Field>, row: &RowName) -> String {
        let name = identity.zip(row.name.as_ref());
        let name = name.map(|(field, said)| self.value(field, said));
        match name.filter(|name| !name.is_empty()) {
            Some(name) => format!("{label} {}", shortened(&name)),
            None => format!("{label} {}", row.at.saturating_add(1)),
        }
    }

    fn said(&self, kind: &Kind, part: &FactPart, field: Option<&Field>, said: &Said) -> String {
        let register = self.display.register;
        match (part, said) {
            (FactPart::Kind, Said::Text(id)) => match register.kind(id) {
                Some(kind) => self.display.text(&kind.name).to_owned(),
                None => id.to_string(),
            },
            (FactPart::State, Said::Choice(id)) => self.state(kind, id),
            (FactPart::Priority, Said::Choice(id)) => match Priority::from_name(id) {
                Some(priority) => {
                    let label = register.profile().priority(priority);
                    self.display.text(label).to_owned()
                }
                None => id.to_string(),
            },
            (FactPart::Audience, Said::Choice(id)) => match Audience::from_name(id) {
                Some(audience) => {
                    let name = format!("site.audience.{}", audience.name());
                    self.display.words.get(&name).to_owned()
                }
                None => id.to_string(),
            },
            (FactPart::Section(spot), Said::Row(cells)) => {
                let fields = fields_of(kind, spot);
                self.display.line(cells.iter().filter_map(|(id, said)| {
                    let field = fields.iter().find(|field| *field.id == **id)?;
                    Some((field, self.value(field, said)))
                }))
            }
            (_, said) => match field {
                Some(field) => self.value(field, said),
                None => self.plain(said),
            },
        }
    }

    /// What is to be said of a step beside what changed: that it could not be
    /// read, that it is not told, that nothing but the writing changed.
    pub fn note(&self, step: &Step<'_>) -> Option<String> {
        let words = self.display.words;
        let plain = |name: &str| Some(words.get(name).to_owned());
        match (step.reading, step.from) {
            _ if step.commit.is_none() => plain("past.uncommitted"),
            _ if step.kept_back => plain("past.kept_back"),
            (Some(Reading::Broken), _) => plain("past.broken"),
            (Some(Reading::UnknownKind(name)), _) => {
                Some(words.filled("past.unknown_kind", &[("name", name)]))
            }
            (Some(Reading::Missing), _) => plain("past.missing"),
            (_, Some(from)) => Some(words.filled("past.moved", &[("path", from)])),
            _ if step.by_merge => plain("past.merged"),
            _ if step.facts.is_empty() && step.did == Did::Changed => plain("past.same"),
            _ => None,
        }
    }

    /// A length of time by the clock on the wall: days and hours.
    pub fn wall_time(&self, time: SignedDuration) -> String {
        let hours = time.as_hours();
        let (days, rest) = ((hours / 24).to_string(), (hours % 24).to_string());
        let values = [("days", &*days), ("hours", &*rest)];
        let name = match hours < 24 {
            true => "site.past.hours",
            false => "site.past.days",
        };
        self.display.words.filled(name, &values)
    }

    /// The label of a state.
    pub fn state(&self, kind: &Kind, id: &str) -> String {
        match kind.state(id) {
            Some(state) => self.display.text(&kind.states[state].label).to_owned(),
            None => id.to_owned(),
        }
    }

    fn value(&self, field: &Field, said: &Said) -> String {
        match said {
            Said::Rows(count) => {
                let count = count.to_string();
                self.display
                    .words
                    .filled("display.rows", &[("count", &count)])
            }
            Said::Unread => self.display.words.get("past.unread").to_owned(),
            said => {
                let value = said.value(&self.display.register.organisation, field);
                let span = Default::default();
                self.display.value(field, &Cell { value, span })
            }
        }
    }

    /// What no field of today's definitions holds.
    fn plain(&self, said: &Said) -> String {
        let organisation = &self.display.register.organisation;
        match said {
            Said::Many(items) => {
                let items: Vec<String> = items.iter().map(|item| self.plain(item)).collect();
                self.display.list(&items)
            }
            said => match (said.subject(organisation), said.moment(), said) {
                (Some(subject), ..) => self.display.subject(subject).to_owned(),
                (_, Some(moment), _) => self.display.moment(moment),
                (.., Said::Text(text) | Said::Reference(text) | Said::Choice(text)) => {
                    text.to_string()
                }
                (.., Said::Person(id) | Said::Department(id) | Said::Party(id)) => id.to_string(),
                _ => String::new(),
            },
        }
    }
}

/// Whether nothing can be told of a fact in any case: an empty row that came.
fn is_untellable(fact: &Fact) -> bool {
    let says_something = |said: &Option<Said>| match said {
        Some(Said::Row(cells)) => !cells.is_empty(),
        said => said.is_some(),
    };
    !says_something(&fact.before) && !says_something(&fact.after)
}

fn section_of<'k>(kind: &'k Kind, spot: &FactSpot) -> Option<&'k Section> {
    kind.sections.get(kind.section(&spot.section)?)
}

/// The field or column that a value is of.
fn field_of<'k>(kind: &'k Kind, spot: &FactSpot) -> Option<&'k Field> {
    let section = section_of(kind, spot)?;
    let field = section.fields.get(section.field(spot.field.as_deref()?)?)?;
    match spot.column.as_deref() {
        Some(id) => field.columns().iter().find(|column| *column.id == *id),
        None => Some(field),
    }
}

/// The fields that a row's values are of.
fn fields_of<'k>(kind: &'k Kind, spot: &FactSpot) -> &'k [Field] {
    match (section_of(kind, spot), field_of(kind, spot)) {
        (_, Some(field)) => field.columns(),
        (Some(section), None) => &section.fields,
        (None, None) => &[],
    }
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
