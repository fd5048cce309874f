//! Merges two trees that come from one, part by part.
//!
//! Invariants: what only one side has changed is as that side has it; what both
//! have changed alike is so; everything else is a conflict, and then the side
//! that is preferred counts. Which conflicts there are does not depend on that
//! side, nor on which side is ours. No row that both sides have is lost, and
//! none that one side has added.

use jiff::tz::TimeZone;
use toml_edit::{DocumentMut, Item, Key, TableLike, Value};

use super::content::Content;
use super::layout::{self, Fields};
use super::rows::TooMany;
use super::shape::{RowShape, Shape};
use super::{Conflict, ConflictKind, Side, Step, lines, markers, tables};

/// The tree of ours with the changes of theirs, and what could not be merged.
pub(super) struct Merged {
    pub tree: DocumentMut,
    pub conflicts: Vec<Conflict>,
}

/// Merges; in conflicts `side` counts.
pub(super) fn merge(
    shape: Shape<'_>,
    trees: &[DocumentMut; 3],
    zone: &TimeZone,
    side: Side,
) -> Result<Merged, TooMany> {
    let [base, ours, theirs] = trees;
    let mut tree = ours.clone();
    let mut merging = Merging {
        zone,
        side,
        conflicts: Vec::new(),
        trail: Vec::new(),
    };
    merging.fields(
        shape,
        Some(base.as_table()),
        &mut Fields::Header(tree.as_table_mut()),
        theirs.as_table(),
    )?;
    let trailings = [base, ours, theirs].map(|tree| Some(tree.trailing()));
    let [base, ours, theirs] = trailings;
    if let Some(text) = layout::theirs_if_new(base, ours, theirs) {
        tree.set_trailing(text);
    }
    Ok(Merged {
        tree,
        conflicts: merging.conflicts,
    })
}

/// A merge under way.
pub(super) struct Merging<'m> {
    /// Zone of times without an offset.
    pub zone: &'m TimeZone,
    /// The side that counts in conflicts.
    pub side: Side,
    conflicts: Vec<Conflict>,
    /// Where in the file it is at.
    pub trail: Vec<Step>,
}

/// The same part in the base and in theirs.
#[derive(Clone, Copy)]
pub(super) struct Others<'t> {
    pub base: Option<(&'t Key, &'t Item)>,
    pub theirs: Option<(&'t Key, &'t Item)>,
}

impl<'t> Others<'t> {
    pub fn base(&self) -> Option<&'t Item> {
        self.base.map(|(_, item)| item)
    }

    pub fn theirs(&self) -> Option<&'t Item> {
        self.theirs.map(|(_, item)| item)
    }
}

impl Merging<'_> {
    pub(super) fn fields(
        &mut self,
        shape: Shape<'_>,
        base: Option<&dyn TableLike>,
        ours: &mut Fields<'_>,
        theirs: &dyn TableLike,
    ) -> Result<(), TooMany> {
        let keys = |table: &dyn TableLike| -> Vec<String> {
            let there = table.iter().filter(|(_, item)| !item.is_none());
            there.map(|(key, _)| key.to_owned()).collect()
        };
        let our_keys = keys(ours.table());
        let their_keys = keys(theirs);
        let gone = |key: &&String| !ours.table().contains_key(key);
        let new: Vec<String> = their_keys.iter().filter(gone).cloned().collect();
        for key in our_keys.iter().chain(&new) {
            let there = |(key, item)| (!Item::is_none(item)).then_some((key, item));
            let others = Others {
                base: base
                    .and_then(|table| table.get_key_value(key))
                    .and_then(there),
                theirs: theirs.get_key_value(key).and_then(there),
            };
            self.trail
                .push(Step::Key(shape.label(key).cloned(), key.clone()));
            self.entry(shape.of(key), key, others, ours)?;
            self.trail.pop();
        }
        ours.drop_taken();
        ours.arrange(&our_keys, &their_keys);
        Ok(())
    }

    fn entry(
        &mut self,
        shape: Shape<'_>,
        key: &str,
        others: Others<'_>,
        ours: &mut Fields<'_>,
    ) -> Result<(), TooMany> {
        let our = ours.table().get(key).filter(|item| !item.is_none());
        let versions = [others.base(), our, others.theirs()];
        match sort(shape, versions) {
            Sort::Fields => self.table(shape, key, others, ours),
            Sort::Rows(shape) => self.rows(shape, key, others, ours),
            Sort::List => {
                self.list(key, others, ours);
                Ok(())
            }
            Sort::Value => {
                self.value(key, others, ours);
                Ok(())
            }
        }
    }

    fn table(
        &mut self,
        shape: Shape<'_>,
        key: &str,
        others: Others<'_>,
        ours: &mut Fields<'_>,
    ) -> Result<(), TooMany> {
        let Some(theirs) = others.theirs().and_then(Item::as_table_like) else {
            return Ok(());
        };
        let base = others.base().and_then(Item::as_table_like);
        match ours.table_mut().get_mut(key) {
            Some(Item::Table(table)) => {
                if let Some(Item::Table(theirs)) = others.theirs() {
                    let base = others.base().and_then(Item::as_table);
                    layout::merge_header(base, table, theirs);
                }
                self.fields(shape, base, &mut Fields::Header(table), theirs)?;
            }
            Some(Item::Value(Value::InlineTable(table))) => {
                self.fields(shape, base, &mut Fields::Inline(table), theirs)?;
            }
            _ => {}
        }
        if let Some(item) = ours.table_mut().get_mut(key) {
            layout::show_empty(item);
        }
        Ok(())
    }

    /// A part that is changed as a whole.
    pub(super) fn value(&mut self, key: &str, others: Others<'_>, ours: &mut Fields<'_>) {
        let our = ours.table().get(key);
        let versions = [others.base(), our, others.theirs()];
        let [base, mine, their] = versions.map(|item| item.and_then(Content::of));
        if mine != their && mine == base {
            self.take(key, others, ours, None);
        } else if mine != their && their != base {
            if let (
                Some(Content::Text(base)),
                Some(Content::Text(mine)),
                Some(Content::Text(their)),
            ) = (&base, &mine, &their)
                && let Some(text) = lines::merged(base, mine, their)
            {
                if let Some(value) = ours.table_mut().get_mut(key).and_then(Item::as_value_mut) {
                    let decor = value.decor().clone();
                    *value = Value::from(text);
                    *value.decor_mut() = decor;
                }
            } else {
                let kind = match (&mine, &their) {
                    (None, _) => ConflictKind::Removed(Side::Ours),
                    (_, None) => ConflictKind::Removed(Side::Theirs),
                    _ => ConflictKind::Changed,
                };
                let number = self.conflict(kind, mine.as_ref(), their.as_ref());
                let is_section = versions
                    .iter()
                    .any(|item| matches!(item, Some(Item::Table(_))));
                let mark = (is_section && ours.is_header()).then_some(number);
                match self.side {
                    Side::Ours => mark_ours(key, others, ours, mark),
                    Side::Theirs => self.take(key, others, ours, mark),
                }
                return;
            }
        }
        layout::merge_line(key, others, ours);
    }

    /// What theirs has under a key instead of what ours has.
    fn take(&self, key: &str, others: Others<'_>, ours: &mut Fields<'_>, mark: Option<usize>) {
        let Some((their_key, theirs)) = others.theirs else {
            match mark {
                Some(number) => {
                    let placeholder = Item::Table(markers::placeholder(number));
                    if let Some(item) = ours.table_mut().get_mut(key) {
                        let position = layout::last_position(item);
                        *item = placeholder;
                        if let Item::Table(table) = item {
                            table.set_position(position);
                        }
                    }
                }
                None => ours.take_out(key),
            }
            return;
        };
        let mut theirs = theirs.clone();
        layout::set_positions(&mut theirs, None);
        if let (Some(number), Item::Table(table)) = (mark, &mut theirs) {
            markers::mark(table, number);
        }
        match ours.table_mut().get_mut(key) {
            Some(Item::Value(value)) if theirs.is_value() => {
                if let Item::Value(mut new) = theirs {
                    *new.decor_mut() = value.decor().clone();
                    *value = new;
                }
            }
            _ => ours.put(their_key, theirs),
        }
    }

    /// Takes a conflict down and returns its number.
    pub(super) fn conflict(
        &mut self,
        kind: ConflictKind,
        ours: Option<&Content>,
        theirs: Option<&Content>,
    ) -> usize {
        self.conflicts.push(Conflict {
            path: self.trail.clone(),
            kind,
            ours: ours.map(Content::name),
            theirs: theirs.map(Content::name),
        });
        self.conflicts.len() - 1
    }
}

/// How a part is merged.
enum Sort<'k> {
    Fields,
    Rows(RowShape<'k>),
    List,
    Value,
}

/// How a part is merged that is written so in the base, in ours and in theirs.
fn sort<'k>(shape: Shape<'k>, versions: [Option<&Item>; 3]) -> Sort<'k> {
    let there = || versions.iter().flatten();
    let [_, ours, theirs] = versions;
    let both = |is: fn(&Item) -> bool| ours.is_some_and(is) && theirs.is_some_and(is);
    let are_rows = there().all(|item| is_rows(item));
    let are_lists = there().all(|item| item.is_array());
    match shape {
        Shape::Rows(shape) if are_rows => Sort::Rows(shape),
        Shape::Record(_) | Shape::Fields(_) if both(Item::is_table_like) => Sort::Fields,
        Shape::List if are_lists => Sort::List,
        Shape::Any if both(Item::is_table) => Sort::Fields,
        Shape::Any if are_rows && there().any(|item| !tables::rows_of(Some(item)).is_empty()) => {
            Sort::Rows(RowShape::ANY)
        }
        Shape::Any if are_lists => Sort::List,
        _ => Sort::Value,
    }
}

/// Whether an item is rows of a table: headers, or a list of braces.
fn is_rows(item: &Item) -> bool {
    match item {
        Item::ArrayOfTables(_) => true,
        Item::Value(Value::Array(items)) => items.iter().all(Value::is_inline_table),
        _ => false,
    }
}

/// Marks what ours has under a key, or where it has nothing.
fn mark_ours(key: &str, others: Others<'_>, ours: &mut Fields<'_>, mark: Option<usize>) {
    let Some(number) = mark else { return };
    match (ours.table_mut().get_mut(key), others.theirs) {
        (Some(Item::Table(table)), _) => markers::mark(table, number),
        (None, Some((key, Item::Table(_)))) => {
            ours.put(key, Item::Table(markers::placeholder(number)));
        }
        _ => {}
    }
}

/// A yes or no of the base, of ours and of theirs.
pub(super) fn three_way([base, ours, theirs]: [bool; 3]) -> bool {
    match ours == base {
        true => theirs,
        false => ours,
    }
}
