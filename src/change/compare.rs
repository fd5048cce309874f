//! Two versions of one record, part by part.

use super::rows::{Rows, pair};
use super::{Change, Part, RowAt, Spot, Told, Version, meaning};
use crate::definition::{Field, FieldType, Section};
use crate::finding::Span;
use crate::organisation::Subject;
use crate::record::{At, Cell, Record, Row, Value};

/// Everything that two versions of a record say differently, in the order of
/// the newer kind: the envelope, then sections with their fields and rows.
pub fn compare<'r>(before: Version<'r>, after: Version<'r>) -> Vec<Change<'r>> {
    let mut comparing = Comparing {
        before,
        after,
        changes: Vec::new(),
    };
    comparing.envelope();
    comparing.sections();
    comparing.changes
}

struct Comparing<'r> {
    before: Version<'r>,
    after: Version<'r>,
    changes: Vec<Change<'r>>,
}

/// A table or a repeated section in one version.
struct Side<'r> {
    fields: &'r [Field],
    row: Option<&'r Row>,
}

impl<'r> Comparing<'r> {
    fn add(&mut self, part: Part<'r>, before: Option<Told<'r>>, after: Option<Told<'r>>) {
        self.changes.push(Change {
            part,
            before,
            after,
        });
    }

    fn envelope(&mut self) {
        let (before, after) = (self.before, self.after);
        let (old, new) = (before.record, after.record);
        let kinds = [before, after].map(|version| version.register.kind_of(version.record));
        if kinds[0].id != kinds[1].id {
            let [old, new] = kinds.map(|kind| Some(Told::Text(&kind.id, Span::default())));
            self.add(Part::Kind, old, new);
        }
        if old.id.value != new.id.value {
            let told = |record: &'r Record| Told::Text(&record.id.value, record.id.span);
            self.add(Part::Number, Some(told(old)), Some(told(new)));
        }
        if old.title.value.trim() != new.title.value.trim() {
            let told = |record: &'r Record| Told::Text(&record.title.value, record.title.span);
            self.add(Part::Title, Some(told(old)), Some(told(new)));
        }
        if before.state().id != after.state().id {
            let told =
                |version: Version<'r>| Told::State(version.state(), version.record.state.span);
            self.add(Part::State, Some(told(before)), Some(told(after)));
        }
        let priority = |version: Version<'r>| {
            let priority = version.record.priority.as_ref()?;
            Some(Told::Priority(priority.value, priority.span))
        };
        let value = |version: Version<'r>| version.record.priority.as_ref().map(|at| at.value);
        if value(before) != value(after) {
            self.add(Part::Priority, priority(before), priority(after));
        }
        if old.audience.value != new.audience.value {
            let told = |version: Version<'r>| {
                let audience = &version.record.audience;
                Told::Audience(audience.value, audience.span)
            };
            self.add(Part::Audience, Some(told(before)), Some(told(after)));
        }
        let names = |version: Version<'r>| -> Vec<String> {
            let of =
                |at: &At<Subject>| meaning::of_subject(&version.register.organisation, at.value);
            let mut names: Vec<String> = version.record.visible_to.iter().map(of).collect();
            names.sort();
            names
        };
        if names(before) != names(after) {
            let told = |version: Version<'r>| some(&version.record.visible_to).map(Told::Subjects);
            self.add(Part::VisibleTo, told(before), told(after));
        }
        let project = |version: Version<'r>| version.record.project.as_ref();
        let text = |version| project(version).map(|at| at.value.trim());
        if text(before) != text(after) {
            let told = |version| project(version).map(|at| Told::Text(&at.value, at.span));
            self.add(Part::Project, told(before), told(after));
        }
        let numbers = |version: Version<'r>| -> Vec<&'r str> {
            let mut all: Vec<&str> = version.record.related.iter().map(|at| &*at.value).collect();
            all.sort_unstable();
            all
        };
        if numbers(before) != numbers(after) {
            let told = |version: Version<'r>| some(&version.record.related).map(Told::Numbers);
            self.add(Part::Related, told(before), told(after));
        }
    }

    fn sections(&mut self) {
        let (before, after) = (self.before, self.after);
        let old = before.register.kind_of(before.record);
        let new = after.register.kind_of(after.record);
        for (index, section) in new.sections.iter().enumerate() {
            let was = old.sections.iter().position(|other| other.id == section.id);
            let old_rows = was.map_or(&[][..], |was| before.record.section(was));
            let old_section = was.map_or(section, |was| &old.sections[was]);
            let new_rows = after.record.section(index);
            self.section(section, old_section, old_rows, new_rows);
        }
        for (index, section) in old.sections.iter().enumerate() {
            if new.sections.iter().all(|other| other.id != section.id) {
                self.section(section, section, before.record.section(index), &[]);
            }
        }
    }

    fn section(
        &mut self,
        section: &'r Section,
        old_section: &'r Section,
        old: &'r [Row],
        new: &'r [Row],
    ) {
        let spot = Spot {
            section,
            row: None,
            field: None,
            inner: None,
            column: None,
        };
        if !section.repeated && !old_section.repeated {
            let sides = Self::sides(
                &old_section.fields,
                old.first(),
                &section.fields,
                new.first(),
            );
            self.fields(spot, sides, true);
            return;
        }
        let rows = self.pair(
            (&old_section.fields, old_section.identity, old),
            (&section.fields, section.identity, new),
        );
        for at in rows {
            let spot = Spot {
                row: Some(at),
                ..spot
            };
            let before = at.before.map(|index| &old[index]);
            let after = at.after.map(|index| &new[index]);
            match (before, after) {
                (Some(_), Some(_)) => {
                    let sides = Self::sides(&old_section.fields, before, &section.fields, after);
                    self.fields(spot, sides, true);
                }
                _ => self.add(
                    Part::Section(spot),
                    before.map(|row| Told::Row(&old_section.fields, row)),
                    after.map(|row| Told::Row(&section.fields, row)),
                ),
            }
        }
    }

    fn sides(
        old_fields: &'r [Field],
        old: Option<&'r Row>,
        new_fields: &'r [Field],
        new: Option<&'r Row>,
    ) -> [Side<'r>; 2] {
        [
            Side {
                fields: old_fields,
                row: old,
            },
            Side {
                fields: new_fields,
                row: new,
            },
        ]
    }

    fn pair(
        &self,
        (old_fields, old_identity, old): (&'r [Field], Option<usize>, &'r [Row]),
        (new_fields, new_identity, new): (&'r [Field], Option<usize>, &'r [Row]),
    ) -> Vec<RowAt> {
        pair(
            Rows {
                version: self.before,
                fields: old_fields,
                identity: old_identity,
                rows: old,
            },
            Rows {
                version: self.after,
                fields: new_fields,
                identity: new_identity,
                rows: new,
            },
        )
    }

    /// The fields of a row in both versions: of a section, or, not `outer`, the
    /// columns of a table.
    fn fields(&mut self, spot: Spot<'r>, [old, new]: [Side<'r>; 2], outer: bool) {
        let gone = old.fields.iter().filter(|field| {
            let id = &field.id;
            new.fields.iter().all(|other| other.id != *id)
        });
        for field in new.fields.iter().chain(gone) {
            let spot = match outer {
                true => Spot {
                    field: Some(field),
                    ..spot
                },
                false => Spot {
                    column: Some(field),
                    ..spot
                },
            };
            let (before, after) = (old.find(&field.id), new.find(&field.id));
            if let (Some((old_field, before)), Some((new_field, after))) = (before, after)
                && let (Value::Rows(_), Value::Rows(_)) = (&before.value, &after.value)
            {
                self.table(spot, (old_field, before), (new_field, after));
                continue;
            }
            let means = |version, side: Option<(&Field, &Cell)>| {
                side.map(|(field, cell)| meaning::of_cell(version, field, cell))
            };
            if means(self.before, before) != means(self.after, after) {
                let told = |side: Option<(&'r Field, &'r Cell)>| {
                    side.map(|(field, cell)| Told::Cell(field, cell))
                };
                self.add(Part::Section(spot), told(before), told(after));
            }
        }
    }

    fn table(
        &mut self,
        spot: Spot<'r>,
        (old_field, before): (&'r Field, &'r Cell),
        (new_field, after): (&'r Field, &'r Cell),
    ) {
        let (Value::Rows(old), Value::Rows(new)) = (&before.value, &after.value) else {
            return;
        };
        let (old_columns, new_columns) = (old_field.columns(), new_field.columns());
        let rows = self.pair(
            (old_columns, identity(old_field), old),
            (new_columns, identity(new_field), new),
        );
        for at in rows {
            let spot = Spot {
                inner: Some(at),
                ..spot
            };
            let before = at.before.map(|index| &old[index]);
            let after = at.after.map(|index| &new[index]);
            match (before, after) {
                (Some(_), Some(_)) => {
                    let sides = Self::sides(old_columns, before, new_columns, after);
                    self.fields(spot, sides, false);
                }
                _ => self.add(
                    Part::Section(spot),
                    before.map(|row| Told::Row(old_columns, row)),
                    after.map(|row| Told::Row(new_columns, row)),
                ),
            }
        }
    }
}

impl<'r> Side<'r> {
    fn find(&self, id: &str) -> Option<(&'r Field, &'r Cell)> {
        let index = self.fields.iter().position(|field| *field.id == *id)?;
        Some((&self.fields[index], self.row?.get(index)?))
    }
}

fn identity(field: &Field) -> Option<usize> {
    match &field.kind {
        FieldType::Table { identity, .. } => *identity,
        _ => None,
    }
}

fn some<T>(all: &[T]) -> Option<&[T]> {
    (!all.is_empty()).then_some(all)
}
