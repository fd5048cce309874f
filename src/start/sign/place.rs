//! Where a signature belongs: which field takes it, and which of its rows is
//! the signer's.

use super::{NotSigned, ToSign};
use crate::definition::{Field, FieldType, Kind};
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::record::{Record, Row, Value as RecordValue};
use crate::register::Register;
use crate::text::Text;

/// A field that takes signatures.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub section: usize,
    pub field: usize,
    pub column: Option<usize>,
}

/// Where in a place a signature goes.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub place: Place,
    /// Of a repeated section.
    pub row: usize,
    /// Of a table: the row, or one that is yet to come.
    pub inner: Option<usize>,
    /// Whether that row is yet to come.
    pub new: bool,
    /// Of a list: how many it has.
    pub item: Option<usize>,
}

pub(super) fn all_places(kind: &Kind) -> Vec<Place> {
    let takes = |field: &Field| matches!(field.kind, FieldType::Signature);
    let mut all = Vec::new();
    for (section, definition) in kind.sections.iter().enumerate() {
        for (field, definition) in definition.fields.iter().enumerate() {
            if takes(definition) {
                all.push(Place {
                    section,
                    field,
                    column: None,
                });
            }
            for (column, definition) in definition.columns().iter().enumerate() {
                if takes(definition) {
                    all.push(Place {
                        section,
                        field,
                        column: Some(column),
                    });
                }
            }
        }
    }
    all
}

pub(super) fn places(kind: &Kind, wish: &ToSign<'_>) -> Vec<Place> {
    let mut places = all_places(kind);
    places.retain(|place| {
        let section = &kind.sections[place.section];
        let name = name(kind, *place);
        let own = name.strip_prefix(&format!("{}.", section.id));
        let in_section = wish.section.is_none_or(|wanted| wanted == &*section.id);
        let of_field = wish
            .field
            .is_none_or(|wanted| wanted == name || Some(wanted) == own);
        in_section && of_field
    });
    places
}

/// `section.field`, `section.table.column`.
fn name(kind: &Kind, place: Place) -> String {
    let section = &kind.sections[place.section];
    let field = &section.fields[place.field];
    match place.column {
        None => format!("{}.{}", section.id, field.id),
        Some(column) => format!("{}.{}.{}", section.id, field.id, field.columns()[column].id),
    }
}

pub(super) fn names(kind: &Kind, places: &[Place]) -> Vec<String> {
    places.iter().map(|place| name(kind, *place)).collect()
}

pub(super) fn definition(kind: &Kind, place: Place) -> &Field {
    let field = &kind.sections[place.section].fields[place.field];
    match place.column {
        None => field,
        Some(column) => &field.columns()[column],
    }
}

pub(super) fn label(kind: &Kind, place: Place) -> Text {
    let section = &kind.sections[place.section].label;
    let field = &definition(kind, place).label;
    let both = |language| format!("{} / {}", section.get(language), field.get(language));
    Text::new(
        both(crate::text::Language::Chinese),
        both(crate::text::Language::English),
    )
}

/// Where in the record the signature goes.
pub(super) fn target(
    register: &Register,
    kind: &Kind,
    record: &Record,
    place: Place,
    wish: &ToSign<'_>,
) -> Result<Target, NotSigned> {
    let section = &kind.sections[place.section];
    let rows = record.section(place.section);
    let what = || label(kind, place);
    let many = definition(kind, place).many;
    let signed = |row: Option<&Row>, at: usize| {
        row.and_then(|row| row.get(at))
            .is_some_and(|cell| !cell.value.is_empty())
    };
    let items = |row: Option<&Row>, at: usize| match row.and_then(|row| row.get(at)) {
        Some(cell) if many => match &cell.value {
            RecordValue::Many(items) => Some(items.len()),
            _ => Some(1),
        },
        _ => many.then_some(0),
    };
    let row = match section.repeated {
        true => {
            let own = own_row(register, wish, &section.fields, rows, |row| {
                place.column.is_some() || many || !signed(Some(row), place.field)
            });
            pick(own, rows.len(), what)?
        }
        false => 0,
    };
    let found = rows.get(row);
    let Some(column) = place.column else {
        if !many && signed(found, place.field) {
            return Err(NotSigned::AlreadySigned(what()));
        }
        return Ok(Target {
            place,
            row,
            inner: None,
            new: false,
            item: items(found, place.field),
        });
    };
    let table = &section.fields[place.field];
    let inner: &[Row] = match found
        .and_then(|row| row.get(place.field))
        .map(|cell| &cell.value)
    {
        Some(RecordValue::Rows(inner)) => inner,
        _ => &[],
    };
    let own = own_row(register, wish, table.columns(), inner, |row| {
        many || !signed(Some(row), column)
    });
    let mine = own_row(register, wish, table.columns(), inner, |_| true);
    let (at, new) = match pick(own, inner.len(), what) {
        Ok(at) => (at, false),
        Err(NotSigned::NoRow(..)) if !matches!(mine, Own::None) => {
            return Err(NotSigned::AlreadySigned(what()));
        }
        // a row that has nothing to say but who signs can be begun here
        Err(NotSigned::NoRow(..)) if identity_of(register, table, wish.person).is_some() => {
            (inner.len(), true)
        }
        Err(other) => return Err(other),
    };
    Ok(Target {
        place,
        row,
        inner: Some(at),
        new,
        item: items(inner.get(at), column),
    })
}

/// Which rows are the signer's.
enum Own {
    One(usize),
    None,
    Several(Vec<usize>),
}

fn own_row(
    register: &Register,
    wish: &ToSign<'_>,
    fields: &[Field],
    rows: &[Row],
    open: impl Fn(&Row) -> bool,
) -> Own {
    if let Some(row) = wish.row {
        return match row.checked_sub(1).filter(|at| *at < rows.len()) {
            Some(at) if open(&rows[at]) => Own::One(at),
            _ => Own::None,
        };
    }
    let department = register.organisation.person(wish.person).department;
    let named = |row: &Row, wanted: &RecordValue| {
        let mut cells = fields.iter().enumerate().filter_map(|(at, _)| row.get(at));
        cells.any(|cell| match (&cell.value, wanted) {
            (RecordValue::Person(one), RecordValue::Person(other)) => one == other,
            (RecordValue::Department(one), RecordValue::Department(other)) => one == other,
            _ => false,
        })
    };
    let of = |wanted: RecordValue| -> Vec<usize> {
        let all = rows.iter().enumerate();
        all.filter(|(_, row)| open(row) && named(row, &wanted))
            .map(|(at, _)| at)
            .collect()
    };
    // a row that names the person is theirs rather than one of their department
    let by_person = of(RecordValue::Person(wish.person));
    let mine = match by_person.is_empty() {
        true => department.map_or_else(Vec::new, |department| {
            of(RecordValue::Department(department))
        }),
        false => by_person,
    };
    match mine.as_slice() {
        [] => Own::None,
        [one] => Own::One(*one),
        _ => Own::Several(mine.iter().map(|at| at + 1).collect()),
    }
}

fn pick(own: Own, count: usize, what: impl Fn() -> Text) -> Result<usize, NotSigned> {
    match own {
        Own::One(at) => Ok(at),
        Own::None => Err(NotSigned::NoRow(what(), count)),
        Own::Several(rows) => Err(NotSigned::SeveralRows(what(), rows)),
    }
}

/// The column that tells rows apart, and what it says of the signer.
pub(super) fn identity_of(
    register: &Register,
    table: &Field,
    person: PersonId,
) -> Option<(usize, Subject)> {
    let FieldType::Table { columns, identity } = &table.kind else {
        return None;
    };
    let at = (*identity)?;
    let organisation = &register.organisation;
    match columns.get(at)?.kind {
        FieldType::Person => Some((at, Subject::Person(person))),
        FieldType::Department => {
            let department: DepartmentId = organisation.person(person).department?;
            Some((at, Subject::Department(department)))
        }
        _ => None,
    }
}
