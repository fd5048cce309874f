//! The text of a record with a signature in it.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::ToSign;
use super::place::{Target, identity_of};
use crate::definition::{Field, Kind};
use crate::register::Register;

/// The file's text with the signature; none where the text is not laid out as
/// the record was read.
pub(super) fn written(
    register: &Register,
    kind: &Kind,
    target: Target,
    wish: &ToSign<'_>,
    text: &str,
) -> Option<String> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut document: DocumentMut = bare.parse().ok()?;
    let entry = entry(register, wish)?;
    let section = &kind.sections[target.place.section];
    let field = &section.fields[target.place.field];
    let root = document.as_table_mut();
    let item = root
        .entry(&section.id)
        .or_insert_with(|| Item::Table(Table::new()));
    let row: &mut dyn TableLike = match section.repeated {
        true => row_mut(item, target.row)?,
        false => item.as_table_like_mut()?,
    };
    let Some((at, column)) = target.inner.zip(target.place.column) else {
        put(row, field, entry);
        return Some(finished(text, &document));
    };
    let columns = field.columns();
    if target.new {
        let (identity, subject) = identity_of(register, field, wish.person)?;
        let name = register.organisation.id_of(subject).to_owned();
        let mut begun = InlineTable::new();
        begun.insert(&*columns[identity].id, name.into());
        put(&mut begun, &columns[column], entry);
        append(row, &field.id, begun)?;
    } else {
        let rows = row.get_mut(&field.id)?;
        put(row_mut(rows, at)?, &columns[column], entry);
    }
    Some(finished(text, &document))
}

fn finished(text: &str, document: &DocumentMut) -> String {
    let mark = if text.starts_with('\u{feff}') {
        "\u{feff}"
    } else {
        ""
    };
    let out = document.to_string();
    // lines end as they did
    match text.contains("\r\n") {
        true => format!("{mark}{}", out.replace("\r\n", "\n").replace('\n', "\r\n")),
        false => format!("{mark}{out}"),
    }
}

/// `{ person = "…", at = …, opinion = "…" }`
fn entry(register: &Register, wish: &ToSign<'_>) -> Option<InlineTable> {
    let zone = register.settings.time.time_zone.clone();
    let at = wish.at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z");
    let at: toml_edit::Datetime = at.to_string().parse().ok()?;
    let person = &*register.organisation.person(wish.person).id;
    let mut entry = InlineTable::new();
    entry.insert("person", person.into());
    entry.insert("at", at.into());
    if let Some(opinion) = wish.opinion {
        entry.insert("opinion", opinion.into());
    }
    Some(entry)
}

fn put(row: &mut dyn TableLike, field: &Field, entry: InlineTable) {
    if !field.many {
        row.insert(&field.id, Item::Value(Value::InlineTable(entry)));
        return;
    }
    match row.get_mut(&field.id).and_then(Item::as_array_mut) {
        Some(all) => push(all, entry),
        None => {
            let mut all = Array::new();
            all.push(entry);
            row.insert(&field.id, Item::Value(Value::Array(all)));
        }
    }
}

fn append(row: &mut dyn TableLike, name: &str, begun: InlineTable) -> Option<()> {
    match row.get_mut(name) {
        Some(Item::ArrayOfTables(all)) => all.push(begun.into_table()),
        Some(item) => push(item.as_array_mut()?, begun),
        None => {
            let mut all = Array::new();
            all.push(begun);
            row.insert(name, Item::Value(Value::Array(all)));
        }
    }
    Some(())
}

/// Adds to a list, laid out as what stands there.
fn push(all: &mut Array, entry: InlineTable) {
    let before = all.iter().last().map(|last| last.decor().clone());
    let mut value = Value::InlineTable(entry);
    if let Some(before) = before {
        let prefix = before.prefix().and_then(|prefix| prefix.as_str());
        // a comment before the last one is the last one's
        let layout = prefix.filter(|prefix| !prefix.contains('#')).unwrap_or(" ");
        value.decor_mut().set_prefix(layout);
        all.push_formatted(value);
    } else {
        all.push(value);
    }
}

fn row_mut(item: &mut Item, at: usize) -> Option<&mut dyn TableLike> {
    match item {
        Item::ArrayOfTables(all) => {
            let all: &mut ArrayOfTables = all;
            Some(all.get_mut(at)?)
        }
        Item::Value(Value::Array(all)) => {
            let table = all.get_mut(at)?.as_inline_table_mut()?;
            // the blank before the brace is not one before a comma
            if let Some((_, last)) = table.iter_mut().last() {
                let decor = last.decor_mut();
                let blank = decor.suffix().and_then(|suffix| suffix.as_str());
                if blank.is_some_and(|blank| blank.trim().is_empty()) {
                    decor.set_suffix("");
                }
            }
            Some(table)
        }
        _ => None,
    }
}
