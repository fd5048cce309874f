//! What changed between two versions of a record, by the names that
//! definitions use: words are found when it is shown, so that a label that
//! changes is right the next time.

use serde::{Deserialize, Serialize};

use super::head::state_of;
use super::said::{Said, differing};
use crate::change::{Change, Part, RowAt, Spot, Told, Version, compare};
use crate::definition::{Field, FieldType};
use crate::record::{Row, Value};

/// A part that says something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Which part.
    pub part: FactPart,
    /// What it said; none when it was not there.
    pub before: Option<Said>,
    /// What it says; none when it is gone.
    pub after: Option<Said>,
}

/// A part of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FactPart {
    /// What kind of matter it is.
    Kind,
    /// Its number.
    Number,
    /// Its title.
    Title,
    /// Its state.
    State,
    /// How urgent it is.
    Priority,
    /// Who may see it.
    Audience,
    /// For whom it is.
    VisibleTo,
    /// The project it belongs to.
    Project,
    /// Other records it has to do with.
    Related,
    /// Something in a section.
    Section(Box<FactSpot>),
}

/// Something in a section, by names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactSpot {
    /// The section.
    pub section: Box<str>,
    /// Which occurrence, of a repeated one.
    pub row: Option<RowName>,
    /// The field; none when a whole occurrence came or went.
    pub field: Option<Box<str>>,
    /// Which row, in a table.
    pub inner: Option<RowName>,
    /// The column; none when a whole row came or went.
    pub column: Option<Box<str>>,
}

/// Which row of several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowName {
    /// What the definition tells rows apart by, where it does.
    pub name: Option<Said>,
    /// Its place among the rows, from nought.
    pub at: u32,
}

/// Everything that two versions of a record say differently.
pub(super) fn facts(before: Version<'_>, after: Version<'_>) -> Vec<Fact> {
    let facts = Facts { before, after };
    let changes = compare(before, after);
    changes.iter().map(|change| facts.fact(change)).collect()
}

struct Facts<'r> {
    before: Version<'r>,
    after: Version<'r>,
}

impl Facts<'_> {
    fn fact(&self, change: &Change<'_>) -> Fact {
        let part = match &change.part {
            Part::Kind => FactPart::Kind,
            Part::Number => FactPart::Number,
            Part::Title => FactPart::Title,
            Part::State => FactPart::State,
            Part::Priority => FactPart::Priority,
            Part::Audience => FactPart::Audience,
            Part::VisibleTo => FactPart::VisibleTo,
            Part::Project => FactPart::Project,
            Part::Related => FactPart::Related,
            Part::Section(spot) => FactPart::Section(Box::new(self.spot(spot))),
        };
        let (mut before, mut after) = (
            change.before.map(|told| said(self.before, told)),
            change.after.map(|told| said(self.after, told)),
        );
        if let (Some(Told::Cell(_, old)), Some(Told::Cell(_, new))) = (change.before, change.after)
            && let (Value::Text(old), Value::Text(new)) = (&old.value, &new.value)
        {
            let (old, new) = differing(old, new);
            (before, after) = (Some(old), Some(new));
        }
        Fact {
            part,
            before,
            after,
        }
    }

    fn spot(&self, spot: &Spot<'_>) -> FactSpot {
        let outer = |at: RowAt| self.side(at);
        let row = spot.row.and_then(outer).map(|(version, index)| {
            let row = rows_of(version, spot).get(index);
            row_name(
                version,
                &spot.section.fields,
                spot.section.identity,
                row,
                index,
            )
        });
        let inner = spot.inner.and_then(outer).and_then(|(version, index)| {
            let field = spot.field?;
            let table = spot.section.field(&field.id)?;
            // the rows stand in the same version's occurrence of the section
            let outer =
                spot.row
                    .and_then(|at| match std::ptr::eq(version.record, self.after.record) {
                        true => at.after,
                        false => at.before,
                    });
            let cell = rows_of(version, spot).get(outer.unwrap_or(0))?.get(table);
            let row = match cell.map(|cell| &cell.value) {
                Some(Value::Rows(rows)) => rows.get(index),
                _ => None,
            };
            let identity = match &field.kind {
                FieldType::Table { identity, .. } => *identity,
                _ => None,
            };
            Some(row_name(version, field.columns(), identity, row, index))
        });
        FactSpot {
            section: (*spot.section.id).into(),
            row,
            field: spot.field.map(|field| (*field.id).into()),
            inner,
            column: spot.column.map(|column| (*column.id).into()),
        }
    }

    /// The version that a row is looked up in: the newer one where it has it.
    fn side(&self, at: RowAt) -> Option<(Version<'_>, usize)> {
        at.after
            .map(|index| (self.after, index))
            .or(at.before.map(|index| (self.before, index)))
    }
}

fn rows_of<'r>(version: Version<'r>, spot: &Spot<'_>) -> &'r [Row] {
    let kind = version.register.kind_of(version.record);
    let section = kind.section(&spot.section.id);
    section.map_or(&[], |section| version.record.section(section))
}

fn row_name(
    version: Version<'_>,
    fields: &[Field],
    identity: Option<usize>,
    row: Option<&Row>,
    index: usize,
) -> RowName {
    let name = identity.and_then(|identity| {
        let field = fields.get(identity)?;
        Some(Said::of(version, field, row?.get(identity)?))
    });
    RowName {
        name,
        at: u32::try_from(index).unwrap_or(u32::MAX),
    }
}

fn said(version: Version<'_>, told: Told<'_>) -> Said {
    let organisation = &version.register.organisation;
    match told {
        Told::Cell(field, cell) => Said::of(version, field, cell),
        Told::Row(fields, row) => Said::of_row(version, fields, row),
        Told::Text(text, _) => Said::Text(text.trim().into()),
        Told::State(..) => Said::Choice(state_of(version).into()),
        Told::Priority(priority, _) => Said::Choice(priority.name().into()),
        Told::Audience(audience, _) => Said::Choice(audience.name().into()),
        Told::Subjects(all) => {
            let all = all
                .iter()
                .map(|at| Said::of_subject(organisation, at.value));
            Said::Many(all.collect())
        }
        Told::Numbers(all) => {
            let all = all.iter().map(|at| Said::Reference(at.value.clone()));
            Said::Many(all.collect())
        }
    }
}
