//! Which row of a table is which in three versions of it, and in what order
//! those stand that stay.
//!
//! A row is known by the field that tells rows apart; a note of progress by
//! when it was made and by whom; where neither serves, by what it says and
//! where it stands.
//!
//! Invariant: nothing here depends on which of the two sides is which.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::content::Content;
use super::order::ordered;
use super::shape::RowShape;
use crate::calendar::Moment;
use crate::source::moment;

/// Rows that have nothing to tell them apart are compared with each other; of
/// more than this the comparison would take too long.
const MOST: usize = 4000;

/// The rows of the base, of ours and of theirs.
pub(super) type Versions = [Vec<Content>; 3];

/// A row that stays, by its index in the base, in ours and in theirs. Where
/// one side has taken out what the other has changed, it stays, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub at: [Option<usize>; 3],
}

/// There are too many rows without a name.
#[derive(Debug)]
pub(super) struct TooMany;

/// Every row that stays, in order.
pub(super) fn plan(
    shape: RowShape<'_>,
    versions: &Versions,
    zone: &TimeZone,
) -> Result<Vec<Slot>, TooMany> {
    let keys = match named(shape, versions) {
        Some(keys) => keys,
        None => match noted(shape, versions) {
            Some(keys) => keys,
            None => compared(versions)?,
        },
    };
    Ok(slots(shape, versions, &keys, zone))
}

/// The items of a list that stay, in order. None where one stands twice.
pub(super) fn plan_list(versions: &Versions, zone: &TimeZone) -> Option<Vec<Slot>> {
    let keys = versions.each_ref().map(|items| {
        let key = |item: &Content| Key::Named(item.clone());
        items.iter().map(key).collect::<Vec<Key>>()
    });
    let unique = keys.iter().all(|keys| is_unique(keys));
    let plain = RowShape {
        fields: None,
        identity: None,
        log: None,
    };
    unique.then(|| slots(plain, versions, &keys, zone))
}

/// What a row is known by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// Its name.
    Named(Content),
    /// Its index in the base.
    Base(usize),
    /// What it says, and how many before it say the same.
    New(Content, usize),
}

type Keys = [Vec<Key>; 3];

fn is_unique<K: Eq + std::hash::Hash>(keys: &[K]) -> bool {
    let mut seen = HashSet::with_capacity(keys.len());
    keys.iter().all(|key| seen.insert(key))
}

/// By the field that tells rows apart; none unless every row has it, and no
/// two of a version the same.
fn named(shape: RowShape<'_>, versions: &Versions) -> Option<Keys> {
    let identity = shape.identity?;
    let mut keys: Keys = Default::default();
    for (keys, rows) in keys.iter_mut().zip(versions) {
        for row in rows {
            let name = row.get(identity).filter(|name| !name.is_empty())?;
            keys.push(Key::Named(Content::Text(name.name())));
        }
    }
    keys.iter().all(|keys| is_unique(keys)).then_some(keys)
}

/// Notes of the base by when they were made and by whom, new ones by what they say.
fn noted<'v>(shape: RowShape<'_>, versions: &'v Versions) -> Option<Keys> {
    let (at, by) = shape.log?;
    let note = |row: &'v Content| Some((row.get(at)?, by.and_then(|by| row.get(by))));
    let [base, ours, theirs] = versions;
    let notes: Vec<_> = base.iter().map(note).collect::<Option<_>>()?;
    if !is_unique(&notes) {
        return None;
    }
    let places: HashMap<_, usize> = notes
        .iter()
        .enumerate()
        .map(|(i, note)| (*note, i))
        .collect();
    let side = |rows: &'v [Content]| -> Option<Vec<Key>> {
        let known: Vec<Option<usize>> = rows
            .iter()
            .map(|row| note(row).and_then(|note| places.get(&note).copied()))
            .collect();
        let of_base: Vec<usize> = known.iter().flatten().copied().collect();
        is_unique(&of_base).then(|| with_new(rows, &known))
    };
    let base = (0..base.len()).map(Key::Base).collect();
    Some([base, side(ours)?, side(theirs)?])
}

/// By what they say and where they stand.
fn compared(versions: &Versions) -> Result<Keys, TooMany> {
    if versions.iter().any(|rows| rows.len() > MOST) {
        return Err(TooMany);
    }
    let [base, ours, theirs] = versions;
    let side = |rows: &[Content]| with_new(rows, &paired(base, rows));
    let of_base = (0..base.len()).map(Key::Base).collect();
    Ok([of_base, side(ours), side(theirs)])
}

/// The row of the base that each row is, if any.
fn paired(base: &[Content], rows: &[Content]) -> Vec<Option<usize>> {
    let mut of_base = vec![None; rows.len()];
    for operation in capture_diff_slices(Algorithm::Myers, base, rows) {
        match operation {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => {
                for at in 0..len {
                    of_base[new_index + at] = Some(old_index + at);
                }
            }
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => {
                for at in 0..old_len.min(new_len) {
                    if alike(&base[old_index + at], &rows[new_index + at]) {
                        of_base[new_index + at] = Some(old_index + at);
                    }
                }
            }
            DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
        }
    }
    of_base
}

/// Whether two rows say the same for the better part.
fn alike(one: &Content, other: &Content) -> bool {
    let (Content::Table(one), Content::Table(other)) = (one, other) else {
        return one == other;
    };
    let same = one
        .iter()
        .filter(|(key, value)| other.get(*key) == Some(value));
    2 * same.count() >= one.len().max(other.len())
}

/// Keys of the rows of a side, of which these are rows of the base.
fn with_new(rows: &[Content], of_base: &[Option<usize>]) -> Vec<Key> {
    let mut seen: HashMap<&Content, usize> = HashMap::new();
    rows.iter()
        .zip(of_base)
        .map(|(row, of_base)| match of_base {
            Some(index) => Key::Base(*index),
            None => {
                let count = seen.entry(row).or_default();
                *count += 1;
                Key::New(row.clone(), *count)
            }
        })
        .collect()
}

fn slots(shape: RowShape<'_>, versions: &Versions, keys: &Keys, zone: &TimeZone) -> Vec<Slot> {
    let mut numbers: HashMap<&Key, usize> = HashMap::new();
    let mut all: Vec<Slot> = Vec::new();
    let mut sequences: [Vec<usize>; 3] = Default::default();
    for (version, keys) in keys.iter().enumerate() {
        for (index, key) in keys.iter().enumerate() {
            let number = *numbers.entry(key).or_insert_with(|| {
                all.push(Slot { at: [None; 3] });
                all.len() - 1
            });
            all[number].at[version] = Some(index);
            sequences[version].push(number);
        }
    }
    let content = |number: usize, version: usize| -> Option<&Content> {
        versions[version].get(all[number].at[version]?)
    };
    let kept = |number: usize| match [0, 1, 2].map(|version| content(number, version)) {
        [_, Some(_), Some(_)] => true,
        [base, Some(one), None] | [base, None, Some(one)] => base != Some(one),
        [_, None, None] => false,
    };
    let ranks: Vec<Option<Rank<'_>>> = (0..all.len())
        .map(|number| {
            let sides = content(number, 1).into_iter().chain(content(number, 2));
            let row = content(number, 0).or(sides.min())?;
            Some(Rank::of(row, shape, zone))
        })
        .collect();
    let [base, ours, theirs] = &sequences;
    ordered(base, ours, theirs, kept, |number| {
        (&ranks[number], number_of(&all[number]))
    })
    .into_iter()
    .map(|number| all[number].clone())
    .collect()
}

/// Two rows of one side that say the same keep their order.
fn number_of(slot: &Slot) -> (usize, usize) {
    let [base, ours, theirs] = slot.at;
    let sides = ours.into_iter().chain(theirs);
    (base.unwrap_or(usize::MAX), sides.min().unwrap_or_default())
}

/// Where a row goes that has no other place: by when it was, by its name, by
/// what it says.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'v> {
    at: Option<jiff::Timestamp>,
    name: Name,
    row: &'v Content,
}

impl<'v> Rank<'v> {
    fn of(row: &'v Content, shape: RowShape<'_>, zone: &TimeZone) -> Self {
        let at = shape.log.and_then(|(at, _)| instant(row.get(at)?, zone));
        let named = shape.identity.and_then(|key| row.get(key));
        let name = match (named, row) {
            (Some(name), _) => name.name(),
            (None, Content::Table(_)) => String::new(),
            (None, item) => item.name(),
        };
        Rank {
            at,
            name: Name(name),
            row,
        }
    }
}

fn instant(content: &Content, zone: &TimeZone) -> Option<jiff::Timestamp> {
    let Content::Moment(text) = content else {
        return None;
    };
    match moment(&text.parse().ok()?, zone)? {
        Moment::Instant(instant) => Some(instant),
        Moment::Date(date) => Some(date.to_zoned(zone.clone()).ok()?.timestamp()),
    }
}

/// A name; numbers in it count as numbers, so that A2 comes before A10.
#[derive(PartialEq, Eq)]
struct Name(String);

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        parts(&self.0)
            .cmp(parts(&other.0))
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Runs of digits by their value, everything else character by character.
fn parts(name: &str) -> impl Iterator<Item = (u128, char)> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let length = if digits > 0 { digits } else { first.len_utf8() };
        let (part, behind) = rest.split_at(length);
        rest = behind;
        Some(match part.parse() {
            Ok(number) if digits > 0 => (number, '0'),
            _ => (0, first),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = ["A10", "A2", "B1", "A1", "甲"].map(|name| Name(name.to_owned()));
        names.sort();
        assert_eq!(names.map(|name| name.0), ["A1", "A2", "A10", "B1", "甲"]);
    }
}
