//! Profiles 制度配置: the lengths of limits and the words of one handbook (D1).

use std::sync::Arc;

use super::limit::{Escalation, EscalationLevel, LimitLength, Reminded, Reminder};
use super::{ArchiveName, Form, Priority};
use crate::calendar::{Length, LengthError, Period};
use crate::finding::{Finding, Place};
use crate::source::{Located, TableReader};
use crate::text::Text;

/// A profile: what one handbook says where handbooks differ.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name in `taizhang.toml` and on the command line.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Text,
    /// The handbook it comes from (`S1`), if it is one handbook's.
    pub handbook: Option<Arc<str>>,
    /// The words for the priorities, most urgent first (D6).
    pub priorities: [Text; 3],
    /// What counts as due soon.
    pub due_soon: Length,
    /// Whether escalation counts from the start instead of the breach (D5).
    pub escalation_from_start: bool,
    /// Whether silence after the date for objections is consent (D10).
    pub silence_is_consent: bool,
    /// The lengths of limits by kind and limit.
    pub limits: Vec<ProfileLimit>,
    /// Under which name a matter is filed (N2, N3).
    pub archive_name: ArchiveName,
    /// What this handbook calls a form, and in which layout it prints it.
    pub forms: Vec<ProfileForm>,
}

/// A limit's length under its kind and name.
#[derive(Clone, Debug)]
pub struct ProfileLimit {
    /// The kind and where it is named.
    pub kind: Arc<str>,
    /// The limit.
    pub limit: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// How long it is.
    pub length: LimitLength,
}

/// What a handbook calls a form, and which of its layouts it prints.
#[derive(Clone, Debug)]
pub struct ProfileForm {
    /// The kind.
    pub kind: Arc<str>,
    /// The form.
    pub form: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// The handbook's own name.
    pub name: Option<Text>,
    /// The layout that stands for the form (see [`super::Form::stands_for`]),
    /// and where it is named.
    pub layout: Option<(Arc<str>, Place)>,
}

impl ProfileForm {
    /// The form that is printed: the layout picked, or the form itself.
    fn printed(&self) -> &str {
        self.layout
            .as_ref()
            .map_or(&*self.form, |(layout, _)| layout)
    }
}

impl Profile {
    /// The length of a limit, if this profile applies it.
    pub fn limit(&self, kind: &str, limit: &str) -> Option<&LimitLength> {
        self.limits
            .iter()
            .find(|entry| *entry.kind == *kind && *entry.limit == *limit)
            .map(|entry| &entry.length)
    }

    /// The profile's name for a form, if it has one of its own.
    pub fn form_name(&self, kind: &str, form: &str) -> Option<&Text> {
        self.forms
            .iter()
            .find(|entry| *entry.kind == *kind && entry.printed() == form)
            .and_then(|entry| entry.name.as_ref())
    }

    /// Whether this profile prints a form: it does unless it picked another
    /// layout of the same paper.
    pub fn prints(&self, kind: &str, form: &Form) -> bool {
        let paper = form.stands_for.as_deref().unwrap_or(&form.id);
        self.forms
            .iter()
            .filter(|entry| *entry.kind == *kind && *entry.form == *paper)
            .filter_map(|entry| entry.layout.as_ref())
            .all(|(layout, _)| **layout == *form.id)
    }

    /// The word for a priority.
    pub fn priority(&self, priority: Priority) -> &Text {
        &self.priorities[priority as usize]
    }
}

/// Reads a length of time; a finding when it is none.
pub fn read_length(reader: &TableReader<'_>, found: &Located<&str>) -> Option<Length> {
    match found.value.parse::<Length>() {
        Ok(length) => Some(length),
        Err(error) => {
            reader.report(bad_length(found.place, found.value, &error));
            None
        }
    }
}

/// The finding for a text that is no length, with the length it may have meant.
pub fn bad_length(place: Place, text: &str, error: &LengthError) -> Finding {
    let finding = Finding::error("bad-length", place).with("length", text);
    match error.correction() {
        Some(correction) => finding
            .message("near")
            .with("near", correction.to_string())
            .fix(place.span, format!("\"{correction}\""), false),
        None => finding.with("known", Length::UNDERSTOOD.join(", ")),
    }
}

/// Reads `templates/profiles/<id>.toml`.
pub fn read_profile(id: &str, reader: TableReader<'_>) -> Profile {
    let priorities = reader.table("priority").map_or_else(
        || Priority::ALL.map(|priority| Text::same(priority.name())),
        |table| {
            let texts = [
                table.required_text("urgent"),
                table.required_text("important"),
                table.required_text("routine"),
            ];
            table.finish();
            texts
        },
    );
    let due_soon = reader
        .string("due_soon")
        .and_then(|found| read_length(&reader, &found))
        .or_else(|| "5wd".parse().ok());
    let profile = Profile {
        id: id.into(),
        name: reader.required_text("name"),
        handbook: reader.string("handbook").map(|found| found.value.into()),
        priorities,
        due_soon: due_soon.unwrap_or(Length::EndOf {
            period: Period::Week,
            next: false,
        }),
        escalation_from_start: reader
            .choice("escalation_from", &[("breach", false), ("start", true)])
            .unwrap_or(false),
        silence_is_consent: reader.boolean("silence_is_consent"),
        archive_name: read_archive_name(&reader),
        limits: by_kind(&reader, "limits", |kind, name, table| ProfileLimit {
            kind: kind.into(),
            limit: name.value.into(),
            place: name.place,
            length: read_limit_length(table),
        }),
        forms: by_kind(&reader, "forms", |kind, name, table| {
            let form = ProfileForm {
                kind: kind.into(),
                form: name.value.into(),
                place: name.place,
                name: table.text("name"),
                layout: table
                    .string("form")
                    .map(|found| (found.value.into(), found.place)),
            };
            table.get("note");
            table.finish();
            form
        }),
    };
    reader.get("note");
    reader.finish();
    profile
}

fn read_archive_name(reader: &TableReader<'_>) -> ArchiveName {
    const KEY: &str = "archive_name";
    let Some(found) = reader.string(KEY) else {
        return ArchiveName::default();
    };
    ArchiveName::parse(found.value).unwrap_or_else(|unknown| {
        let named = Located {
            value: unknown,
            place: found.place,
        };
        reader.unknown_name("unknown-word", KEY, &named, &ArchiveName::PLACEHOLDERS);
        ArchiveName::default()
    })
}

fn by_kind<'t, T>(
    reader: &TableReader<'t>,
    key: &'static str,
    mut read: impl FnMut(&str, &Located<&'t str>, TableReader<'t>) -> T,
) -> Vec<T> {
    let mut all = Vec::new();
    for (kind, table) in reader.named_tables(key) {
        for (name, entry) in table.entries_as_tables() {
            all.push(read(kind.value, &name, entry));
        }
    }
    all
}

fn read_limit_length(reader: TableReader<'_>) -> LimitLength {
    let length = reader
        .string("length")
        .and_then(|found| read_length(&reader, &found));
    let clause = reader.string("clause").map(|found| found.value.into());
    let mut by_priority = [None, None, None];
    if let Some(table) = reader.table("by_priority") {
        for (index, key) in ["urgent", "important", "routine"].into_iter().enumerate() {
            if let Some(entry) = table.table(key) {
                let length = entry
                    .string("length")
                    .and_then(|found| read_length(&entry, &found));
                let clause = entry.string("clause").map(|found| found.value.into());
                entry.finish();
                by_priority[index] = length.map(|length| (length, clause));
            }
        }
        table.finish();
    }
    let limit = LimitLength {
        length,
        clause,
        by_priority,
        remind: reader
            .tables("remind")
            .into_iter()
            .map(read_reminder)
            .collect(),
        escalate: reader
            .tables("escalate")
            .into_iter()
            .filter_map(read_escalation)
            .collect(),
    };
    reader.get("note");
    reader.finish();
    limit
}

fn read_reminder(table: TableReader<'_>) -> Reminder {
    const TO: [(&str, Reminded); 6] = [
        ("owner", Reminded::Owner),
        ("creditor", Reminded::Creditor),
        ("both-heads", Reminded::BothHeads),
        ("head", Reminded::Head),
        ("leader", Reminded::Leader),
        ("office", Reminded::Office),
    ];
    if !table.has("to") {
        table.missing("to");
    }
    let reminder = Reminder {
        after: table
            .string("after")
            .and_then(|found| read_length(&table, &found)),
        to: table
            .strings("to")
            .iter()
            .filter_map(|found| table.as_choice("to", found, &TO))
            .collect(),
        clause: table.string("clause").map(|found| found.value.into()),
    };
    table.finish();
    reminder
}

fn read_escalation(table: TableReader<'_>) -> Option<Escalation> {
    let after = table
        .required_string("after")
        .and_then(|found| read_length(&table, &found));
    let to = table.choice(
        "to",
        &[
            ("head", EscalationLevel::Head),
            ("leader", EscalationLevel::Leader),
            ("office", EscalationLevel::Office),
        ],
    );
    let clause = table.string("clause").map(|found| found.value.into());
    table.finish();
    Some(Escalation {
        after: after?,
        to: to?,
        clause,
    })
}
