//! A kind of matter 事项类型: everything `kind.toml` says.

use std::sync::Arc;

use super::Confirmation;
use super::appointment::{AppointmentPaths, read_appointments};
use super::changed_by::{MayChange, Written, read_written, resolve};
use super::expression::Expression;
use super::field::FieldType;
use super::form::{Form, read_forms};
use super::limit::{Limit, read_limits};
use super::path::{ENVELOPE, Path, PathScope, Rows};
use super::retention::{Retention, read_retention};
use super::rule::{Rule, read_rules};
use super::section::{Section, read_section};
use super::state::{
    Phase, State, Transition, read_states, read_transitions, resolve_entered, state_index,
};
use crate::finding::{FileId, Finding, Place};
use crate::source::{Located, TableReader};
use crate::text::Text;

/// Under which part of the site's navigation a kind stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Navigation {
    /// 事项
    Matters,
    /// 会议与通知
    Meetings,
    /// 台账与档案
    Registers,
}

/// The parts of the navigation by their names in definitions.
pub(super) const NAVIGATION: [(&str, Navigation); 3] = [
    ("matters", Navigation::Matters),
    ("meetings", Navigation::Meetings),
    ("registers", Navigation::Registers),
];

/// The pattern of numbers, `XT-{year}-{seq:4}` (D8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPattern {
    /// As it was written.
    pub text: Arc<str>,
    /// What stands before the year.
    prefix: String,
    /// What stands between the year and the sequence.
    middle: String,
    /// What stands after the sequence.
    suffix: String,
    /// Digits of the sequence, padded with zeros.
    digits: usize,
}

impl NumberPattern {
    /// Reads a pattern; none when it lacks `{year}` before `{seq:N}`.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, rest) = text.split_once("{year}")?;
        let (middle, rest) = rest.split_once("{seq:")?;
        let (digits, suffix) = rest.split_once('}')?;
        Some(NumberPattern {
            text: text.into(),
            prefix: prefix.to_owned(),
            middle: middle.to_owned(),
            suffix: suffix.to_owned(),
            digits: digits
                .parse()
                .ok()
                .filter(|digits| (1..=9).contains(digits))?,
        })
    }

    /// Year and sequence of a number; none when it does not follow the pattern.
    pub fn read(&self, number: &str) -> Option<(i16, u32)> {
        let rest = number.strip_prefix(self.prefix.as_str())?;
        let (year, rest) = rest.split_at_checked(4)?;
        let rest = rest.strip_prefix(self.middle.as_str())?;
        let sequence = rest.strip_suffix(self.suffix.as_str())?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year) || !digits(sequence) || sequence.len() < self.digits {
            return None;
        }
        Some((year.parse().ok()?, sequence.parse().ok()?))
    }

    /// A regular expression for the numbers of this pattern, whole.
    pub fn expression(&self) -> String {
        // escaped for every dialect: some refuse `\-`
        let plain = |text: &str| -> String {
            text.chars()
                .flat_map(|c| {
                    let special = c.is_ascii_punctuation() && !matches!(c, '-' | '_' | '/');
                    special.then_some('\\').into_iter().chain([c])
                })
                .collect()
        };
        format!(
            "^{}[0-9]{{4}}{}[0-9]{{{},}}{}$",
            plain(&self.prefix),
            plain(&self.middle),
            self.digits,
            plain(&self.suffix)
        )
    }

    /// The number of that year and sequence.
    pub fn write(&self, year: i16, sequence: u32) -> String {
        format!(
            "{}{year}{}{sequence:0width$}{}",
            self.prefix,
            self.middle,
            self.suffix,
            width = self.digits
        )
    }
}

/// A kind of matter.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name in records.
    pub id: Arc<str>,
    /// The file it was read from.
    pub file: FileId,
    /// Its name for people.
    pub name: Text,
    /// What it is for.
    pub description: Text,
    /// How its records are numbered.
    pub number: NumberPattern,
    /// The clauses it carries.
    pub clauses: Vec<Arc<str>>,
    /// Where it stands in the navigation.
    pub navigation: Navigation,
    /// Whether its records stay in the company. They do unless the definition
    /// says that they do not: forgetting it then shows nobody anything.
    pub internal: bool,
    /// How people have to confirm (D9).
    pub confirmation: Confirmation,
    /// How long it is kept (D11): `1y`, `10y`, `30y`, `permanent`.
    pub retention: Retention,
    /// Whether titles must carry an aim (W2).
    pub title_is_subject: bool,
    /// One line on what makes a good title.
    pub title_hint: Option<Text>,
    /// From which state's rank on a priority is required.
    pub priority_from: Option<usize>,
    /// Who answers for the record.
    pub responsible: Option<Path>,
    /// Whose it is.
    pub department: Option<Path>,
    /// Outside parties concerned.
    pub parties: Vec<Path>,
    /// Others concerned.
    pub participants: Vec<Path>,
    /// Who may change it; everybody where nothing is said.
    pub changed_by: Option<Vec<MayChange>>,
    /// What of it happens at a time and a place.
    pub appointments: Vec<AppointmentPaths>,
    /// When its records are made known to everybody: they stand in the feed
    /// of notices.
    pub announced: Option<Path>,
    /// Its parts in the order of the work.
    pub sections: Vec<Section>,
    /// Where a matter can stand, in order.
    pub states: Vec<State>,
    /// How it gets from state to state.
    pub transitions: Vec<Transition>,
    /// Its limits.
    pub limits: Vec<Limit>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Its printed forms.
    pub forms: Vec<Form>,
}

impl Kind {
    /// The index of a section by name.
    pub fn section(&self, id: &str) -> Option<usize> {
        self.sections.iter().position(|section| *section.id == *id)
    }

    /// The index of a state by name.
    pub fn state(&self, id: &str) -> Option<usize> {
        self.states.iter().position(|state| *state.id == *id)
    }

    /// Where outsiders see a public record stand that is in this state: there,
    /// or in the state before it that is not internal. None when there is no
    /// such state: they do not see it yet. A draft is never seen.
    pub fn outside_state(&self, state: usize) -> Option<usize> {
        if self.internal {
            return None;
        }
        let mut seen = state;
        loop {
            let found = self.states.get(seen)?;
            if found.phase == Phase::Draft {
                return None;
            }
            if !found.internal {
                return Some(seen);
            }
            // of one aside, the step that it is aside of; ranks never lead on
            seen = match found.rank < seen {
                true => found.rank,
                false => seen.checked_sub(1)?,
            };
        }
    }

    /// A form by name.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|form| *form.id == *id)
    }

    /// Resolves a path of this kind; none when it leads nowhere.
    pub fn path(&self, text: &str) -> Option<Path> {
        PathScope {
            sections: &self.sections,
        }
        .resolve(text)
        .ok()
    }
}

/// Reads `templates/kinds/<id>/kind.toml`.
pub fn read_kind(id: &str, file: FileId, reader: TableReader<'_>) -> Kind {
    let mut states = read_states(&reader);
    let (mut sections, changed_by): (Vec<Section>, Vec<Option<Written>>) = reader
        .named_tables("sections")
        .into_iter()
        .map(|(name, table)| {
            if is_envelope(name.value) {
                table.report(Finding::error("reserved-name", name.place).with("name", name.value));
            }
            read_section(name.value, table, &states)
        })
        .unzip();
    let resolved: Vec<Option<Vec<MayChange>>> = { changed_by.iter() }
        .map(|written| {
            let sections = &sections;
            let scope = PathScope { sections };
            Some(resolve(&reader, &scope, written.as_ref()?))
        })
        .collect();
    for (section, changed_by) in sections.iter_mut().zip(resolved) {
        section.changed_by = changed_by;
    }
    let scope = PathScope {
        sections: &sections,
    };
    resolve_entered(&reader, &scope, &mut states);
    let number = read_number(&reader);
    let (title_is_subject, title_hint) = reader.table("title").map_or((false, None), |table| {
        let read = (table.boolean("subject"), table.text("hint"));
        table.get("clause");
        table.finish();
        read
    });
    let limits = read_limits(&reader, &scope, &states);
    let kind = Kind {
        id: id.into(),
        file,
        name: reader.required_text("name"),
        description: reader.text("description").unwrap_or_default(),
        number,
        clauses: reader
            .strings("clauses")
            .iter()
            .map(|found| found.value.into())
            .collect(),
        navigation: reader
            .choice("navigation", &NAVIGATION)
            .unwrap_or(Navigation::Matters),
        internal: reader.boolean_or("internal", true),
        confirmation: reader
            .choice("confirmation", &Confirmation::NAMES)
            .unwrap_or(Confirmation::Typed),
        retention: read_retention(&reader),
        title_is_subject,
        title_hint,
        priority_from: state_index(&reader, "priority_required_from", &states)
            .map(|state| states[state].rank),
        responsible: scope.optional(&reader, "responsible"),
        department: scope.optional(&reader, "department"),
        parties: scope.paths(&reader, "parties"),
        participants: scope.paths(&reader, "participants"),
        changed_by: read_written(&reader).map(|written| resolve(&reader, &scope, &written)),
        appointments: read_appointments(&reader, &scope),
        announced: scope.optional(&reader, "announced"),
        transitions: read_transitions(&reader, &scope, &states),
        rules: read_rules(&reader, &scope, &states),
        forms: read_forms(&reader, &scope, &states, &limits),
        limits,
        states,
        sections,
    };
    reader.get("note");
    check_types(&kind, &reader);
    check_signed_sections(&kind, &reader);
    check_expressions(&kind, &reader);
    reader.finish();
    kind
}

/// Whether every record has this key, so that no section can have its name.
pub fn is_envelope(name: &str) -> bool {
    matches!(name, "kind" | "visible_to") || ENVELOPE.iter().any(|(known, _)| *known == name)
}

fn read_number(reader: &TableReader<'_>) -> NumberPattern {
    let fallback = || NumberPattern {
        text: "{year}-{seq:4}".into(),
        prefix: String::new(),
        middle: "-".to_owned(),
        suffix: String::new(),
        digits: 4,
    };
    let Some(found) = reader.required_string("number") else {
        return fallback();
    };
    NumberPattern::parse(found.value).unwrap_or_else(|| {
        reader
            .report(Finding::error("bad-number-pattern", found.place).with("number", found.value));
        fallback()
    })
}

/// The paths that lists and rules rely on must lead to values of the right type.
fn check_types(kind: &Kind, reader: &TableReader<'_>) {
    let of = |path: &Path| -> Option<&FieldType> {
        let (section, field, column) = path.cell()?;
        let field = &kind.sections[section].fields[field];
        Some(match column {
            Some(column) => &field.columns()[column].kind,
            None => &field.kind,
        })
    };
    let place: Place = reader.place;
    let expect = |key: &'static str, path: &Path, fits: &dyn Fn(&FieldType) -> bool| {
        let good = path.part.is_some() || of(path).is_some_and(fits);
        if !good {
            reader.report(
                Finding::error("path-type", place)
                    .with("key", key)
                    .with("path", &*path.text),
            );
        }
    };
    if let Some(path) = &kind.responsible {
        expect("responsible", path, &|kind| {
            matches!(kind, FieldType::Person)
        });
    }
    if let Some(path) = &kind.department {
        expect("department", path, &|kind| {
            matches!(kind, FieldType::Department)
        });
    }
    let is_moment = |kind: &FieldType| {
        matches!(
            kind,
            FieldType::Date | FieldType::Instant | FieldType::Period
        )
    };
    for appointment in &kind.appointments {
        expect("starts", &appointment.starts, &is_moment);
        if let Some(path) = &appointment.ends {
            expect("ends", path, &is_moment);
        }
    }
    if let Some(path) = &kind.announced {
        expect("announced", path, &is_moment);
    }
    for path in &kind.parties {
        expect("parties", path, &|kind| matches!(kind, FieldType::Party));
    }
}

/// The sections that signatures cover are sections of the kind.
fn check_signed_sections(kind: &Kind, reader: &TableReader<'_>) {
    let fields = kind.sections.iter().flat_map(|section| &section.fields);
    let known: Vec<&str> = kind.sections.iter().map(|section| &*section.id).collect();
    for field in fields.flat_map(|field| std::iter::once(field).chain(field.columns())) {
        for name in &field.signs {
            if !known.contains(&&*name.value) {
                let name = Located {
                    value: &*name.value,
                    place: name.place,
                };
                reader.unknown_name("unknown-path", "signs", &name, &known);
            }
        }
    }
}

/// The names in every expression of the kind, now that all of it is known.
fn check_expressions(kind: &Kind, reader: &TableReader<'_>) {
    kind.expressions(&mut |expression, rows| {
        for finding in expression.check_names(&kind.sections, &kind.states, rows) {
            reader.report(finding);
        }
    });
}

impl Kind {
    /// Every expression of the kind, with the rows for each of which it is
    /// evaluated.
    pub fn expressions(&self, visit: &mut dyn FnMut(&Expression, Option<&Rows>)) {
        let mut all = |expression: Option<&Expression>, rows: Option<&Rows>| {
            if let Some(expression) = expression {
                visit(expression, rows);
            }
        };
        for (index, section) in self.sections.iter().enumerate() {
            let row = section.repeated.then(|| Rows {
                text: section.id.clone(),
                section: index,
                field: None,
            });
            for (field_index, field) in section.fields.iter().enumerate() {
                all(field.required.condition.as_ref(), row.as_ref());
                let columns = field.columns();
                if columns.is_empty() {
                    continue;
                }
                let row = Rows {
                    text: field.id.clone(),
                    section: index,
                    field: Some(field_index),
                };
                for column in columns {
                    all(column.required.condition.as_ref(), Some(&row));
                }
            }
        }
        for rule in &self.rules {
            all(rule.when.as_ref(), rule.each.as_ref());
            all(Some(&rule.assert), rule.each.as_ref());
        }
        for limit in &self.limits {
            all(limit.when.as_ref(), limit.each.as_ref());
            let expected = limit.expected.as_ref();
            all(expected.and_then(|expected| expected.when.as_ref()), None);
        }
        for form in &self.forms {
            all(form.when.as_ref(), form.each.as_ref());
            for block in &form.layout {
                all(block.when.as_ref(), form.each.as_ref());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_read_and_written_by_the_pattern() {
        let pattern = NumberPattern::parse("XT-{year}-{seq:4}").unwrap();
        assert_eq!(pattern.write(2026, 12), "XT-2026-0012");
        assert_eq!(pattern.read("XT-2026-0012"), Some((2026, 12)));
        assert_eq!(pattern.expression(), "^XT-[0-9]{4}-[0-9]{4,}$");
        assert_eq!(pattern.read("XT-2026-12345"), Some((2026, 12_345)));
        for bad in [
            "XT-2026-12",
            "XT-26-0012",
            "HY-2026-0012",
            "XT-2026-00a1",
            "XT-2026-",
        ] {
            assert_eq!(pattern.read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_pattern_needs_year_and_sequence() {
        assert!(NumberPattern::parse("XT-{seq:4}").is_none());
        assert!(NumberPattern::parse("{year}{seq:0}").is_none());
    }
}
