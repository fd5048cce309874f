//! What happened in a record, as its page tells it.

use super::context::Context;
use super::markup::Markup;
use super::view::view;
use crate::outlook::{Entry, EntryKind, timeline};
use crate::record::Value;

/// From a folder up to the root.
const ROOT: &str = "../";

view! {
    /// Something that happened.
    EventView {
        when: Markup,
        what: String,
        who: Option<Markup>,
    }
}

pub(super) fn history(context: &Context<'_>, index: usize) -> Vec<EventView> {
    timeline(context.outlook, index)
        .into_iter()
        .map(|entry| EventView {
            when: context.dates.moment(entry.at),
            what: what(context, index, &entry),
            who: entry.by.map(|by| context.name(by, ROOT)),
        })
        .collect()
}

/// The words of the form: the field; of one row among several also which row;
/// of a note and a signature what was written.
fn what(context: &Context<'_>, index: usize, entry: &Entry) -> String {
    let label = context.text(&entry.label);
    let name = match (row_of(context, index, entry), entry.kind) {
        (Some(row), EntryKind::Note) => row,
        (Some(row), _) => context
            .words
            .filled("site.record.happened", &[("what", &row), ("field", label)]),
        (None, _) => label.to_owned(),
    };
    match entry.text.as_deref().and_then(|text| text.lines().next()) {
        Some(line) => context
            .words
            .filled("site.record.noted", &[("label", &name), ("text", line)]),
        None => name,
    }
}

/// Section or table with what tells the row from its like: 验收 Y1.
fn row_of(context: &Context<'_>, index: usize, entry: &Entry) -> Option<String> {
    let record = &context.register.records[index];
    let section = &context.register.kind_of(record).sections[entry.section];
    let row = record.section(entry.section).get(entry.row)?;
    let (label, identity) = match entry.inner {
        Some((table, at)) => {
            let Some(Value::Rows(rows)) = row.get(table).map(|cell| &cell.value) else {
                return None;
            };
            let identity = context
                .display
                .row_identity(section, Some(table), rows.get(at)?);
            (&section.fields[table].label, identity)
        }
        None if section.repeated => (
            &section.label,
            context.display.row_identity(section, None, row),
        ),
        None => return None,
    };
    let label = context.text(label);
    Some(match identity {
        Some(name) => context
            .words
            .filled("site.record.named", &[("what", label), ("name", &name)]),
        None => label.to_owned(),
    })
}
