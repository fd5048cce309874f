//! The way of one matter: its states with their dates, and what happened when.

use super::Outlook;
use crate::calendar::Moment;
use crate::definition::{Field, FieldType, Phase};
use crate::organisation::Subject;
use crate::record::{Row, Value, collect_subjects};
use crate::register::Register;
use crate::text::Text;

/// A state on the main path, as the stepper shows it.
#[derive(Clone, Debug)]
pub struct Step {
    /// Index of the state.
    pub state: usize,
    /// When it was entered, as far as the record says.
    pub entered: Option<Moment>,
    /// Whether it is where the matter stands.
    pub current: bool,
    /// Whether the matter has been through it.
    pub passed: bool,
}

/// The steps of a record: the main path, and the state it stands in when that
/// lies aside.
pub fn steps(register: &Register, record: usize) -> Vec<Step> {
    let record = &register.records[record];
    let kind = register.kind_of(record);
    let current = record.state.value;
    let rank = kind.states[current].rank;
    kind.states
        .iter()
        .enumerate()
        .filter(|(index, state)| !state.aside || *index == current)
        .map(|(index, state)| Step {
            state: index,
            entered: state.entered.as_ref().and_then(|path| record.moment(path)),
            current: index == current,
            passed: index != current && state.rank <= rank && index < current,
        })
        .collect()
}

/// When a record left its draft: the first step of the main path that the
/// record has a time of.
pub fn opened(register: &Register, record: usize) -> Option<Moment> {
    let record = &register.records[record];
    let states = register.kind_of(record).states.iter();
    states
        .filter(|state| state.phase != Phase::Draft && !state.aside)
        .find_map(|state| record.moment(state.entered.as_ref()?))
}

/// What an entry of the timeline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A step of the matter.
    Event,
    /// A note of progress.
    Note,
    /// Somebody confirmed.
    Signature,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// What kind of thing.
    pub kind: EntryKind,
    /// What, in the words of the form: the field; of a note the section.
    pub label: Text,
    /// Index of the section.
    pub section: usize,
    /// Index of its row.
    pub row: usize,
    /// Indexes of the table in that row and of the row in it, when it stands there.
    pub inner: Option<(usize, usize)>,
    /// Who.
    pub by: Option<Subject>,
    /// What was written.
    pub text: Option<String>,
}

/// Everything that happened in a record up to the outlook's instant, in order.
pub fn timeline(outlook: &Outlook<'_>, record: usize) -> Vec<Entry> {
    let register = outlook.register;
    let record = &register.records[record];
    let kind = register.kind_of(record);
    let mut entries = Vec::new();
    for (section_index, section) in kind.sections.iter().enumerate() {
        for (row_index, row) in record.section(section_index).iter().enumerate() {
            let mut add = |fields: &[Field], row: &Row, inner: Option<(usize, usize)>| {
                for (index, field) in fields.iter().enumerate() {
                    let Some(cell) = row.get(index) else { continue };
                    let signature = matches!(field.kind, FieldType::Signature);
                    if !field.event && !signature {
                        continue;
                    }
                    let Some(at) = cell.value.moment() else {
                        continue;
                    };
                    let mut by = Vec::new();
                    if signature {
                        collect_subjects(&cell.value, None, &register.organisation, &mut by);
                    }
                    let text = match &cell.value {
                        Value::Signature(signature) => {
                            signature.opinion.as_deref().map(str::to_owned)
                        }
                        _ => None,
                    };
                    entries.push(Entry {
                        at,
                        kind: if signature {
                            EntryKind::Signature
                        } else {
                            EntryKind::Event
                        },
                        label: field.label.clone(),
                        section: section_index,
                        row: row_index,
                        inner,
                        by: by.first().copied(),
                        text,
                    });
                }
            };
            add(&section.fields, row, None);
            for (index, field) in section.fields.iter().enumerate() {
                if let Some(Value::Rows(rows)) = row.get(index).map(|cell| &cell.value) {
                    for (at, inner) in rows.iter().enumerate() {
                        add(field.columns(), inner, Some((index, at)));
                    }
                }
            }
            if let Some(log) = &section.log
                && let Some(at) = row.get(log.at).and_then(|cell| cell.value.moment())
            {
                let mut by = Vec::new();
                if let Some(cell) = log.by.and_then(|by| row.get(by)) {
                    collect_subjects(&cell.value, None, &register.organisation, &mut by);
                }
                entries.push(Entry {
                    at,
                    kind: EntryKind::Note,
                    label: section.label.clone(),
                    section: section_index,
                    row: row_index,
                    inner: None,
                    by: by.first().copied(),
                    text: row
                        .get(log.text)
                        .and_then(|cell| cell.value.text())
                        .map(str::to_owned),
                });
            }
        }
    }
    let local = |moment: Moment| register.calendar.clock_at(moment);
    let now = register.calendar.local(outlook.as_of);
    entries.retain(|entry| local(entry.at) <= now);
    entries.sort_by_key(|entry| local(entry.at));
    // an event that is also the note's own time is told once
    entries.dedup_by(|b, a| {
        a.at == b.at
            && a.section == b.section
            && a.row == b.row
            && a.kind == EntryKind::Event
            && b.kind == EntryKind::Note
            && {
                std::mem::swap(a, b);
                true
            }
    });
    entries
}
