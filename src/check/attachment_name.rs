//! N1: an attachment's name says its subject, its version and its date.
//!
//! The handbook that asks for it breaks it in its own examples (a version
//! without a date, neither of them): a warning, whatever the state.

use jiff::civil::Date;
use regex::Regex;

use super::attachments_stated::means_none;
use super::checked::Checked;
use crate::finding::Finding;
use crate::record::Value;

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    let Some(list) = value.list("attachment-names") else {
        return;
    };
    let Some(shape) = &list.shape else {
        return;
    };
    for cell in value.items() {
        let Value::Attachment(attachment) = &cell.value else {
            continue;
        };
        let name = attachment.name.trim();
        if name.is_empty() || means_none(name) {
            continue;
        }
        let Some(message) = fault(shape, name) else {
            continue;
        };
        found.push(
            Finding::warning("attachment-name", value.scope.record.place(cell.span))
                .message(message)
                .clause(list.clause.clone())
                .with("field", &value.field.label)
                .with("name", name),
        );
    }
}

/// What a name lacks, as the name of a message.
fn fault(shape: &Regex, name: &str) -> Option<&'static str> {
    let Some(parts) = shape.captures(name) else {
        return Some("plain");
    };
    // an organisation's own shape need not have both
    let asks = |part| shape.capture_names().flatten().any(|name| name == part);
    let version = parts.name("version").is_some() || !asks("version");
    let date = parts.name("date").map(|date| is_date(date.as_str()));
    match date {
        None if !asks("date") => (!version).then_some("no-version"),
        None if version => Some("no-date"),
        None => Some("plain"),
        Some(_) if !version => Some("no-version"),
        Some(true) => None,
        Some(false) => Some("bad-date"),
    }
}

fn is_date(digits: &str) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
    let date = || {
        let month = i8::try_from(part(4..6)?).ok()?;
        let day = i8::try_from(part(6..8)?).ok()?;
        Date::new(part(0..4)?, month, day).ok()
    };
    digits.len() == 8 && date().is_some()
}
