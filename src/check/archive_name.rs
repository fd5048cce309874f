//! N2, N3: a filed record is named as the profile says, by its own department
//! and a day of its own.

use jiff::civil::Date;

use super::checked::Checked;
use crate::archive;
use crate::definition::Profile;
use crate::finding::{Finding, Level, Place, Span};
use crate::record::{Record, Value};
use crate::register::Register;
use crate::text::Language;

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    for (cell, text) in value.texts() {
        let (message, level, range) = match fault(value, text) {
            None => continue,
            Some(("plain", level, _)) => {
                let place = value.scope.record.place(cell.span);
                let finding = match other_handbook(value, text) {
                    // what was filed before the handbook was changed stays filed
                    Some(profile) => {
                        finding("other-handbook", Level::Warning.min(level), place, text)
                            .with("other", profile.archive_name.to_string())
                    }
                    None => finding("plain", level, place, text),
                };
                found.push(proposed(value, finding, cell.span));
                continue;
            }
            Some(fault) => fault,
        };
        let place = value.place(cell, range.clone());
        let finding = finding(message, level, place, text).with("part", &text[range]);
        found.push(proposed(value, finding, cell.span));
    }
}

/// The profile by whose pattern a name was made, if the name follows one.
fn other_handbook<'r>(value: &Checked<'_, 'r>, text: &str) -> Option<&'r Profile> {
    let profiles = &value.scope.register.profiles;
    profiles
        .iter()
        .find(|profile| profile.archive_name.read(text).is_some())
}

type Fault = (&'static str, Level, std::ops::Range<usize>);

/// What is wrong with a name: the message, how much it weighs, and where.
fn fault(value: &Checked<'_, '_>, text: &str) -> Option<Fault> {
    let register = value.scope.register;
    let record = value.scope.record;
    let Some(parts) = register.profile().archive_name.read(text) else {
        return Some(("plain", value.level(), 0..text.len()));
    };
    if let (Some(range), Some(id)) = (parts.department, register.department_of(record)) {
        let department = register.organisation.department(id);
        let names = [Some(&department.name), department.short.as_ref()];
        let written = &text[range.clone()];
        let own = names.into_iter().flatten().any(|name| {
            [Language::Chinese, Language::English]
                .into_iter()
                .any(|language| name.get(language) == written)
        });
        if !own {
            return Some(("department", value.level(), range));
        }
    }
    let range = parts.date?;
    match date(&text[range.clone()]) {
        None => Some(("bad-date", value.level(), range)),
        Some(day) => {
            let own = days(register, record).any(|own| own == day);
            (!own).then_some(("other-date", Level::Warning.min(value.level()), range))
        }
    }
}

fn finding(message: &'static str, level: Level, place: Place, name: &str) -> Finding {
    Finding::error("archive-name", place)
        .message(message)
        .level(level)
        .with("name", name)
}

/// With the name that the record could have, which the writer may shorten.
fn proposed(value: &Checked<'_, '_>, finding: Finding, span: Span) -> Finding {
    let register = value.scope.register;
    let record = value.scope.record;
    let pattern = &register.profile().archive_name;
    let finding = finding
        .clause(value.field.clause.clone())
        .with("pattern", pattern.to_string());
    let language = register.settings.language;
    let department = register
        .department_of(record)
        .map(|id| register.organisation.department(id).name.get(language));
    let filed = value.scope.kind.states[record.state.value]
        .entered
        .as_ref()
        .and_then(|path| record.moment(path))
        .or_else(|| archive::concluded(value.scope.kind, record))
        .map(|moment| register.calendar.date(moment));
    let title = record.title.value.trim();
    match (department, filed) {
        (Some(department), Some(day)) => {
            let name = pattern.fill(department, day, title);
            // JSON's strings are TOML's
            let quoted = serde_json::Value::from(name.as_str()).to_string();
            let finding = finding.with("example", name);
            finding.fix(span, quoted, false)
        }
        _ => finding.with("example", pattern.to_string()),
    }
}

/// Every day that a record tells outside its tables.
fn days<'r>(register: &'r Register, record: &'r Record) -> impl Iterator<Item = Date> + 'r {
    let moments = |value: &Value| match value {
        Value::Period(from, to) => [Some(*from), Some(*to)],
        other => [other.moment(), None],
    };
    record
        .sections
        .iter()
        .flat_map(|section| section.rows())
        .flat_map(|row| row.cells.iter().flatten())
        .flat_map(move |cell| moments(&cell.value))
        .flatten()
        .map(|moment| register.calendar.date(moment))
}

fn date(digits: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", digits).ok()
}
