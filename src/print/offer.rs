//! Which papers a record offers, and what their files are called.

use super::conditions::holds;
use super::view::{Filling, FormView, view, view_for};
use crate::definition::form::Form;
use crate::definition::{Kind, Phase};
use crate::display::Display;
use crate::outlook::Outlook;
use crate::record::Record;
use crate::register::Register;
use crate::text::{Language, Text};

/// A paper of a record: a form, and the row it is for where each row has one.
#[derive(Clone, Copy)]
pub struct FormRef<'r> {
    /// The record's kind.
    pub kind: &'r Kind,
    /// The form.
    pub form: &'r Form,
    /// The record.
    pub record: &'r Record,
    /// Which row, of forms that have a paper for each.
    pub row: Option<usize>,
}

impl FormRef<'_> {
    /// What stands on it.
    pub fn view(&self, register: &Register, language: Language) -> FormView {
        let filling = Filling::Record {
            record: self.record,
            row: self.row,
        };
        view(register, self.kind, self.form, filling, language)
    }

    /// What stands on it for the viewer of an outlook.
    pub fn view_for(&self, outlook: &Outlook<'_>, language: Language) -> FormView {
        let filling = Filling::Record {
            record: self.record,
            row: self.row,
        };
        view_for(outlook, self.kind, self.form, filling, language)
    }

    /// Which row it is for: what tells the row from its like, else its number.
    pub fn row_name(&self, display: &Display<'_>) -> Option<String> {
        let rows = self.form.each.as_ref()?;
        let name = display.row_name(self.kind, self.record, rows, self.row?);
        name.or_else(|| Some((self.row? + 1).to_string()))
    }

    /// The name of its file, without extension.
    pub fn file_name(&self) -> String {
        file_name(self.kind, self.form, Some(self.record), self.row)
    }
}

/// The papers a record offers, in the order of its kind: those of the steps it
/// has reached. A draft offers the papers it will become, marked as drafts.
pub fn forms_of<'r>(register: &'r Register, record: &'r Record) -> Vec<FormRef<'r>> {
    let kind = register.kind_of(record);
    let state = &kind.states[record.state.value];
    let reached = match state.phase {
        Phase::Draft => kind
            .states
            .iter()
            .find(|state| state.phase != Phase::Draft)
            .map_or(state.rank, |next| next.rank),
        _ => state.rank,
    };
    forms_of_kind(register, kind)
        .filter(|form| form.from_state.is_none_or(|from| from <= reached))
        .filter(|form| {
            form.when
                .as_ref()
                .is_none_or(|when| holds(register, record, when))
        })
        .flat_map(|form| papers_of(kind, form, record))
        .collect()
}

/// The title of a form, which the profile may have renamed.
pub fn title_of<'r>(register: &'r Register, kind: &Kind, form: &'r Form) -> &'r Text {
    let own = register.profile().form_name(&kind.id, &form.id);
    own.unwrap_or(&form.name)
}

/// The forms of a kind that the profile prints: of several layouts of one
/// paper the one it picked, or all where it picked none.
pub fn forms_of_kind<'r>(register: &'r Register, kind: &'r Kind) -> impl Iterator<Item = &'r Form> {
    kind.forms
        .iter()
        .filter(|form| register.profile().prints(&kind.id, form))
}

/// The papers of one form, whether the record offers it or not: one, or one
/// for each row.
pub fn papers_of<'r>(kind: &'r Kind, form: &'r Form, record: &'r Record) -> Vec<FormRef<'r>> {
    let paper = |row| FormRef {
        kind,
        form,
        record,
        row,
    };
    match &form.each {
        None => vec![paper(None)],
        Some(rows) => (0..record.rows(rows).len())
            .map(|row| paper(Some(row)))
            .collect(),
    }
}

/// `XT-2026-0012-request`, `XT-2026-0012-department-plan-2`; blank
/// `collaboration-request-blank`. Safe on every file system.
pub(super) fn file_name(
    kind: &Kind,
    form: &Form,
    record: Option<&Record>,
    row: Option<usize>,
) -> String {
    let first = record.map_or(&*kind.id, |record| &*record.id.value);
    let mut name = safe(first);
    name.push('-');
    name.push_str(&safe(&form.id));
    if let Some(row) = row {
        name.push_str(&format!("-{}", row + 1));
    }
    if record.is_none() {
        name.push_str("-blank");
    }
    name
}

/// A part of a file name: letters and digits of any script, `-` for all else.
pub(super) fn safe(text: &str) -> String {
    // file systems allow 255 bytes; a Chinese character has three
    const LONGEST: usize = 60;
    let mut name = String::new();
    for c in text.chars().take(LONGEST) {
        let keep = c.is_alphanumeric() || matches!(c, '_' | '〔' | '〕');
        if keep {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches('-');
    if name.is_empty() {
        "form".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_every_file_system() {
        assert_eq!(safe("XT-2026-0012"), "XT-2026-0012");
        assert_eq!(safe("星研〔2026〕6号"), "星研〔2026〕6号");
        assert_eq!(safe("../a\\b:c*?.pdf"), "a-b-c-pdf");
        assert_eq!(safe("…"), "form");
        assert!(safe(&"协".repeat(500)).len() <= 180);
    }
}
