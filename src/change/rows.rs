//! Which row of a table is which: by the field that tells rows apart, or, where
//! there is none, by what the rows say and where they stand.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{RowAt, Version, meaning};
use crate::definition::{self, Field, FieldType};
use crate::record::{Row, Value};

/// Rows of one version.
#[derive(Clone, Copy)]
pub(super) struct Rows<'r> {
    pub version: Version<'r>,
    pub fields: &'r [Field],
    pub identity: Option<usize>,
    pub rows: &'r [Row],
}

impl<'r> Rows<'r> {
    /// What tells each row apart; none unless every row has it and no two the same.
    fn identities(&self) -> Option<Vec<String>> {
        let identity = self.identity?;
        let field = self.fields.get(identity)?;
        let names: Option<Vec<String>> = self
            .rows
            .iter()
            .map(|row| Some(meaning::of_cell(self.version, field, row.get(identity)?)))
            .collect();
        let names = names?;
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort();
        let unique = sorted.windows(2).all(|pair| pair[0] != pair[1]);
        unique.then_some(names)
    }

    fn meanings(&self) -> Vec<String> {
        let of_row = |row| meaning::of_row(self.version, self.fields, row);
        self.rows.iter().map(of_row).collect()
    }
}

/// What tells a row from its like in every version: what its identity means.
/// None where the definition tells rows apart by nothing.
pub fn row_key(version: Version<'_>, rows: &definition::Rows, row: usize) -> Option<String> {
    let kind = version.register.kind_of(version.record);
    let section = kind.sections.get(rows.section)?;
    let (fields, identity) = match rows.field.map(|field| &section.fields[field]) {
        None => (&*section.fields, section.identity),
        Some(field) => match &field.kind {
            FieldType::Table { columns, identity } => (&**columns, *identity),
            // an item of a list is what it says
            _ => (std::slice::from_ref(field), Some(0)),
        },
    };
    let identity = identity?;
    let found = version.record.rows(rows);
    let cell = found.get(row)?.get(identity)?;
    let field = fields.get(identity)?;
    Some(match &cell.value {
        Value::Many(_) => return None,
        _ => meaning::of_cell(version, field, cell),
    })
}

/// Every row of both versions, once: in the order of the newer one, rows that
/// are gone behind the one that stood before them.
pub(super) fn pair(before: Rows<'_>, after: Rows<'_>) -> Vec<RowAt> {
    let pairs = match (before.identities(), after.identities()) {
        (Some(old), Some(new)) => by_identity(&old, &new),
        _ => by_content(&before.meanings(), &after.meanings()),
    };
    in_order(pairs, before.rows.len(), after.rows.len())
}

fn by_identity(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let places: HashMap<&str, usize> = old
        .iter()
        .enumerate()
        .map(|(index, name)| (name.as_str(), index))
        .collect();
    new.iter()
        .enumerate()
        .filter_map(|(index, name)| Some((*places.get(name.as_str())?, index)))
        .collect()
}

/// Rows that say the same are the same; what changed between two of them is
/// taken in order.
/// More rows than this are not searched for the shortest difference, which
/// takes the square of them: they are paired as they stand.
const SEARCHED: usize = 2_000;

fn by_content(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    if old.len().max(new.len()) > SEARCHED {
        let same = old.iter().zip(new).take_while(|(old, new)| old == new);
        let start = same.count();
        let (rest, others) = (&old[start..], &new[start..]);
        let ends = rest.iter().rev().zip(others.iter().rev());
        let end = ends.take_while(|(old, new)| old == new).count();
        let middle = rest.len().min(others.len()) - end;
        pairs.extend((0..start + middle).map(|at| (at, at)));
        pairs.extend(
            (1..=end)
                .rev()
                .map(|back| (old.len() - back, new.len() - back)),
        );
        return pairs;
    }
    for operation in capture_diff_slices(Algorithm::Myers, old, new) {
        match operation {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => pairs.extend((0..len).map(|at| (old_index + at, new_index + at))),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => pairs.extend((0..old_len.min(new_len)).map(|at| (old_index + at, new_index + at))),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
        }
    }
    pairs
}

fn in_order(pairs: Vec<(usize, usize)>, old: usize, new: usize) -> Vec<RowAt> {
    let mut before_of = vec![None; new];
    let mut kept = vec![false; old];
    for (before, after) in pairs {
        before_of[after] = Some(before);
        kept[before] = true;
    }
    let mut gone = (0..old).filter(|index| !kept[*index]).peekable();
    let mut all = Vec::with_capacity(old.max(new));
    let removed = |before| RowAt {
        before: Some(before),
        after: None,
    };
    for (after, before) in before_of.into_iter().enumerate() {
        while let (Some(before), Some(next)) = (before, gone.peek())
            && *next < before
        {
            all.extend(gone.next().map(removed));
        }
        all.push(RowAt {
            before,
            after: Some(after),
        });
    }
    all.extend(gone.map(removed));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    fn told(pairs: Vec<RowAt>) -> Vec<(Option<usize>, Option<usize>)> {
        pairs
            .into_iter()
            .map(|row| (row.before, row.after))
            .collect()
    }

    #[test]
    fn rows_with_names_are_found_wherever_they_stand() {
        let pairs = by_identity(&names(&["A1", "A2", "A3"]), &names(&["A3", "A1", "A4"]));
        assert_eq!(
            told(in_order(pairs, 3, 3)),
            [
                (Some(1), None),
                (Some(2), Some(0)),
                (Some(0), Some(1)),
                (None, Some(2)),
            ]
        );
    }

    #[test]
    fn a_row_put_before_others_is_new_and_the_others_are_not() {
        let pairs = by_content(&names(&["一", "二"]), &names(&["零", "一", "二"]));
        assert_eq!(
            told(in_order(pairs, 2, 3)),
            [(None, Some(0)), (Some(0), Some(1)), (Some(1), Some(2))]
        );
    }

    #[test]
    fn a_row_that_says_something_else_between_two_others_is_the_same_row() {
        let pairs = by_content(
            &names(&["一", "二", "三"]),
            &names(&["一", "贰", "三", "四"]),
        );
        assert_eq!(
            told(in_order(pairs, 3, 4)),
            [
                (Some(0), Some(0)),
                (Some(1), Some(1)),
                (Some(2), Some(2)),
                (None, Some(3)),
            ]
        );
    }
}
