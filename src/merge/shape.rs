//! What the parts of a file are, as far as merging goes: single values, lists,
//! tables of rows with names.

use crate::definition::kind::is_envelope;
use crate::definition::{Field, FieldType, Kind, Section};
use crate::text::Text;

/// What a part of a file is.
#[derive(Clone, Copy)]
pub(super) enum Shape<'k> {
    /// A whole record.
    Record(&'k Kind),
    /// A section, or a row of a table.
    Fields(&'k [Field]),
    /// Rows.
    Rows(RowShape<'k>),
    /// A list in which nothing stands twice.
    List,
    /// A value that is changed as a whole.
    Value,
    /// Nobody has defined it: what it is shows by how it is written.
    Any,
}

/// What the rows of a table are.
#[derive(Clone, Copy)]
pub(super) struct RowShape<'k> {
    /// Their fields; none where nobody has defined them.
    pub fields: Option<&'k [Field]>,
    /// The key whose value tells them apart.
    pub identity: Option<&'k str>,
    /// The keys that tell when a note was made, and by whom.
    pub log: Option<(&'k str, Option<&'k str>)>,
}

impl<'k> RowShape<'k> {
    /// Rows that nobody has defined.
    pub const ANY: RowShape<'static> = RowShape {
        fields: None,
        identity: Some("id"),
        log: None,
    };

    fn of_section(section: &'k Section) -> Self {
        let id = |index: usize| section.fields.get(index).map(|field| &*field.id);
        let log = section.log.as_ref();
        RowShape {
            fields: Some(&section.fields),
            identity: section.identity.and_then(id),
            log: log.and_then(|log| Some((id(log.at)?, log.by.and_then(id)))),
        }
    }

    /// The shape of a single row.
    pub fn row(&self) -> Shape<'k> {
        self.fields.map_or(Shape::Any, Shape::Fields)
    }
}

impl<'k> Shape<'k> {
    /// What stands under a key.
    pub fn of(&self, key: &str) -> Shape<'k> {
        match self {
            Shape::Record(kind) => match kind.section(key).map(|index| &kind.sections[index]) {
                Some(section) if section.repeated => Shape::Rows(RowShape::of_section(section)),
                Some(section) => Shape::Fields(&section.fields),
                None if matches!(key, "related" | "visible_to") => Shape::List,
                None if is_envelope(key) => Shape::Value,
                None => Shape::Any,
            },
            Shape::Fields(fields) => match find(fields, key) {
                Some(field) if field.many => Shape::List,
                Some(field) => match &field.kind {
                    FieldType::Table { columns, identity } => Shape::Rows(RowShape {
                        fields: Some(columns),
                        identity: identity.and_then(|index| Some(&*columns.get(index)?.id)),
                        log: None,
                    }),
                    _ => Shape::Value,
                },
                None => Shape::Any,
            },
            Shape::Rows(rows) => rows.row(),
            Shape::List | Shape::Value | Shape::Any => Shape::Any,
        }
    }

    /// The form's word for what stands under a key.
    pub fn label(&self, key: &str) -> Option<&'k Text> {
        match self {
            Shape::Record(kind) => {
                let index = kind.section(key)?;
                Some(&kind.sections[index].label)
            }
            Shape::Fields(fields) => find(fields, key).map(|field| &field.label),
            _ => None,
        }
    }
}

fn find<'k>(fields: &'k [Field], key: &str) -> Option<&'k Field> {
    fields.iter().find(|field| *field.id == *key)
}
