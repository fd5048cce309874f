//! W6: outsiders are not addressed by the names we have among ourselves.
//!
//! Only what leaves the company is read: of public records every text; of
//! those that name an outside party, the fields that ask for it
//! (`internal-names`); and of any record what is written for the public
//! (`public-wording`).

use super::place;
use super::registry::Scope;
use super::wording;
use crate::definition::{Audience, Field, FieldType, Kind, WordList};
use crate::finding::Finding;
use crate::record::{Cell, Row, Value};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let public = scope.record.audience.value == Audience::Public;
    let outside = || {
        let mut paths = scope.kind.parties.iter();
        paths.any(|path| scope.record.first(path).is_some())
    };
    let outside = outside();
    if !public && !outside && !writes_for_the_public(scope.kind) {
        return;
    }
    let Some(list) = scope.register.lists.get("internal-names") else {
        return;
    };
    let title = &scope.record.title;
    if public {
        for hit in list.hits(&title.value) {
            let place =
                place::in_value(scope.register, scope.record, title.span, hit.range.clone());
            let level = scope.wording_level();
            found.push(
                wording::finding(
                    "internal-names",
                    list,
                    &hit,
                    place,
                    level,
                    &Default::default(),
                )
                .message("title"),
            );
        }
    }
    let reading = Reading {
        scope,
        list,
        public,
        outside,
    };
    for (section, value) in scope.kind.sections.iter().zip(&scope.record.sections) {
        for row in value.rows() {
            reading.row(&section.fields, row, found);
        }
    }
}

struct Reading<'s, 'r> {
    scope: &'s Scope<'r>,
    list: &'r WordList,
    public: bool,
    outside: bool,
}

fn asks(field: &Field, name: &str) -> bool {
    field.checks.iter().any(|check| &**check == name)
}

fn writes_for_the_public(kind: &Kind) -> bool {
    let mut fields = kind.sections.iter().flat_map(|section| &section.fields);
    fields.any(|field| {
        let mut all = std::iter::once(field).chain(field.columns());
        all.any(|field| asks(field, "public-wording"))
    })
}

impl Reading<'_, '_> {
    fn row(&self, fields: &[Field], row: &Row, found: &mut Vec<Finding>) {
        for (field, cell) in fields.iter().zip(&row.cells) {
            let Some(cell) = cell else { continue };
            match &cell.value {
                Value::Rows(rows) => {
                    for row in rows {
                        self.row(field.columns(), row, found);
                    }
                }
                _ if self.reads(field) => self.cell(field, cell, found),
                _ => {}
            }
        }
    }

    fn reads(&self, field: &Field) -> bool {
        let text = matches!(field.kind, FieldType::Text { .. } | FieldType::Markdown);
        let asked = asks(field, "public-wording") || self.outside && asks(field, "internal-names");
        text && (self.public || asked)
    }

    fn cell(&self, field: &Field, cell: &Cell, found: &mut Vec<Finding>) {
        if let Value::Many(items) = &cell.value {
            for item in items {
                self.cell(field, item, found);
            }
            return;
        }
        let Some(text) = cell.value.text() else {
            return;
        };
        let (register, record) = (self.scope.register, self.scope.record);
        found.extend(self.list.hits(text).iter().map(|hit| {
            let place = place::in_value(register, record, cell.span, hit.range.clone());
            let level = self.scope.wording_level();
            wording::finding("internal-names", self.list, hit, place, level, &field.label)
        }));
    }
}
