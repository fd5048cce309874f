//! Rows and lists, put together from what stays of both sides.

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

use super::content::Content;
use super::layout::{self, Fields, Listed};
use super::rows::{self, Slot, TooMany};
use super::shape::RowShape;
use super::three_way::{Merging, Others, three_way};
use super::{ConflictKind, Side, Step, markers};

/// A row as it stands in a file.
#[derive(Clone, Copy)]
pub(super) enum RowRef<'t> {
    Header(&'t Table),
    Inline(&'t InlineTable),
}

impl<'t> RowRef<'t> {
    fn table(self) -> &'t dyn TableLike {
        match self {
            RowRef::Header(table) => table,
            RowRef::Inline(table) => table,
        }
    }

    /// A copy of it, with a header or in braces.
    fn written(self, header: bool) -> Row {
        match (self, header) {
            (RowRef::Header(table), true) => Row::Header(table.clone()),
            (RowRef::Header(table), false) => Row::Inline(table.clone().into_inline_table()),
            (RowRef::Inline(table), true) => Row::Header(table.clone().into_table()),
            (RowRef::Inline(table), false) => Row::Inline(table.clone()),
        }
    }
}

/// The rows of an item; none of one that has none.
pub(super) fn rows_of(item: Option<&Item>) -> Vec<RowRef<'_>> {
    match item {
        Some(Item::ArrayOfTables(rows)) => rows.iter().map(RowRef::Header).collect(),
        Some(Item::Value(Value::Array(items))) => items
            .iter()
            .filter_map(Value::as_inline_table)
            .map(RowRef::Inline)
            .collect(),
        _ => Vec::new(),
    }
}

/// A row of the result.
enum Row {
    Header(Table),
    Inline(InlineTable),
    /// There is none on the side that counts: the number of the conflict.
    Missing(usize),
}

impl Row {
    fn mark(&mut self, number: usize) {
        if let Row::Header(table) = self {
            markers::mark(table, number);
        }
    }

    fn position(&self) -> Option<isize> {
        match self {
            Row::Header(table) => table.position(),
            Row::Inline(_) | Row::Missing(_) => None,
        }
    }
}

/// The index of a row in ours and in theirs.
type Origin = [Option<usize>; 2];

/// A row of the result, and where it comes from.
struct Made {
    row: Row,
    /// Its index in ours, and in theirs.
    of: Origin,
    /// Where the header of ours stands.
    position: Option<isize>,
}

impl Merging<'_> {
    pub(super) fn rows(
        &mut self,
        shape: RowShape<'_>,
        key: &str,
        others: Others<'_>,
        ours: &mut Fields<'_>,
    ) -> Result<(), TooMany> {
        let our = ours.table().get(key).filter(|item| !item.is_none());
        let items = [others.base(), our, others.theirs()];
        let versions = items.map(rows_of);
        let contents = versions.each_ref().map(|rows| {
            let of_row = |row: &RowRef<'_>| Content::of_table(row.table());
            rows.iter().map(of_row).collect::<Vec<Content>>()
        });
        let slots = rows::plan(shape, &contents, self.zone)?;
        let has_headers = [our, others.theirs(), others.base()]
            .into_iter()
            .find(|item| !rows_of(*item).is_empty())
            .flatten()
            .is_some_and(Item::is_array_of_tables);
        let headers = has_headers && ours.is_header();
        let is_there = !slots.is_empty() || three_way(items.map(|item| item.is_some()));
        let mut made = Vec::with_capacity(slots.len());
        for slot in &slots {
            let name = shape.identity.and_then(|identity| {
                let [_, ours, theirs] = [0, 1, 2].map(|at| contents[at].get(slot.at[at]?));
                Some(ours.or(theirs)?.get(identity)?.name())
            });
            let [_, in_ours, in_theirs] = slot.at;
            let place = in_ours.or(in_theirs).unwrap_or_default() + 1;
            self.trail.push(Step::Row(name, place));
            let row = self.row(shape, slot, &versions, &contents, headers)?;
            self.trail.pop();
            let position = in_ours.and_then(|at| match versions[1].get(at)? {
                RowRef::Header(table) => table.position(),
                RowRef::Inline(_) => None,
            });
            made.push(Made {
                row,
                of: [in_ours, in_theirs],
                position,
            });
        }
        match (is_there, headers && !made.is_empty()) {
            (false, _) => ours.take_out(key),
            (true, true) => put_headers(key, others, ours, made),
            (true, false) => put_braces(key, others, ours, made),
        }
        Ok(())
    }

    /// One row of the result.
    fn row(
        &mut self,
        shape: RowShape<'_>,
        slot: &Slot,
        versions: &[Vec<RowRef<'_>>; 3],
        contents: &[Vec<Content>; 3],
        headers: bool,
    ) -> Result<Row, TooMany> {
        let [base, ours, theirs] = [0, 1, 2].map(|at| versions[at].get(slot.at[at]?).copied());
        let [_, our_content, their_content] = [0, 1, 2].map(|at| contents[at].get(slot.at[at]?));
        let kind = match (base, ours, theirs) {
            (base, Some(ours), Some(theirs)) => {
                if base.is_some() || our_content == their_content {
                    return self.both(shape, base, ours, theirs, headers);
                }
                ConflictKind::SameName
            }
            (None, Some(row), None) | (None, None, Some(row)) => return Ok(row.written(headers)),
            (_, None, _) => ConflictKind::Removed(Side::Ours),
            (_, _, None) => ConflictKind::Removed(Side::Theirs),
        };
        let number = self.conflict(kind, our_content, their_content);
        let chosen = match self.side {
            Side::Ours => ours,
            Side::Theirs => theirs,
        };
        Ok(match chosen {
            Some(row) => {
                let mut row = row.written(headers);
                row.mark(number);
                row
            }
            None => Row::Missing(number),
        })
    }

    /// A row that both sides have.
    fn both(
        &mut self,
        shape: RowShape<'_>,
        base: Option<RowRef<'_>>,
        ours: RowRef<'_>,
        theirs: RowRef<'_>,
        headers: bool,
    ) -> Result<Row, TooMany> {
        let mut row = ours.written(headers);
        if let (Row::Header(row), Some(RowRef::Header(base)), RowRef::Header(theirs)) =
            (&mut row, base, theirs)
        {
            layout::merge_header(Some(base), row, theirs);
        }
        let mut fields = match &mut row {
            Row::Header(table) => Fields::Header(table),
            Row::Inline(table) => Fields::Inline(table),
            Row::Missing(_) => return Ok(row),
        };
        let base = base.map(RowRef::table);
        self.fields(shape.row(), base, &mut fields, theirs.table())?;
        Ok(row)
    }

    /// A list in which nothing stands twice.
    pub(super) fn list(&mut self, key: &str, others: Others<'_>, ours: &mut Fields<'_>) {
        let our = ours.table().get(key).filter(|item| !item.is_none());
        let items = [others.base(), our, others.theirs()];
        let arrays = items.map(|item| item.and_then(Item::as_array));
        let contents = arrays.map(|array| -> Vec<Content> {
            array.into_iter().flatten().map(Content::of_value).collect()
        });
        let Some(slots) = rows::plan_list(&contents, self.zone) else {
            self.value(key, others, ours);
            return;
        };
        if slots.is_empty() && !three_way(items.map(|item| item.is_some())) {
            ours.take_out(key);
            return;
        }
        let origins: Vec<Origin> = slots.iter().map(|slot| [slot.at[1], slot.at[2]]).collect();
        let value = |slot: &Slot| -> Option<Value> {
            let of = |at: usize| arrays[at]?.get(slot.at[at]?).cloned();
            of(1).or_else(|| of(2))
        };
        let values: Vec<Value> = slots.iter().filter_map(value).collect();
        put_array(key, others, ours, values, &origins);
        layout::merge_line(key, others, ours);
    }
}

/// Whether all of ours stand as they stood, and nothing else.
fn is_unmoved(origins: &[Origin], count: usize) -> bool {
    let in_place = |(at, [ours, _]): (usize, &Origin)| *ours == Some(at);
    origins.len() == count && origins.iter().enumerate().all(in_place)
}

/// Puts an item under a key; where ours has none, as the key is written elsewhere.
fn put(key: &str, others: Others<'_>, ours: &mut Fields<'_>, item: Item) {
    if let Some(there) = ours.table_mut().get_mut(key).filter(|item| !item.is_none()) {
        *there = item;
        return;
    }
    if let Some((key, _)) = others.theirs.or(others.base) {
        ours.put(key, item);
    }
}

fn put_headers(key: &str, others: Others<'_>, ours: &mut Fields<'_>, made: Vec<Made>) {
    let is_ours: Vec<bool> = made.iter().map(|made| made.position.is_some()).collect();
    let mut tables: Vec<Table> = Vec::with_capacity(made.len());
    for Made { row, position, .. } in made {
        let own = row.position();
        let mut table = match row {
            Row::Header(table) => table,
            Row::Inline(table) => table.into_table(),
            Row::Missing(number) => markers::placeholder(number),
        };
        if position.is_some() && own != position {
            layout::set_in(&mut table, position);
        }
        layout::open_header(&mut table);
        tables.push(table);
    }
    layout::position_rows(&mut tables, &is_ours);
    let mut rows = ArrayOfTables::new();
    for table in tables {
        rows.push(table);
    }
    put(key, others, ours, Item::ArrayOfTables(rows));
}

fn put_braces(key: &str, others: Others<'_>, ours: &mut Fields<'_>, made: Vec<Made>) {
    let mut origins = Vec::with_capacity(made.len());
    let mut values = Vec::with_capacity(made.len());
    for Made { row, of, .. } in made {
        if let Row::Inline(table) = row {
            origins.push(of);
            values.push(Value::InlineTable(table));
        }
    }
    put_array(key, others, ours, values, &origins);
    layout::merge_line(key, others, ours);
}

/// Puts values into the list of ours, or into one like that of the others.
fn put_array(
    key: &str,
    others: Others<'_>,
    ours: &mut Fields<'_>,
    values: Vec<Value>,
    origins: &[Origin],
) {
    let our = ours.table().get(key).and_then(Item::as_array);
    let their = others.theirs().and_then(Item::as_array);
    let old = others.base().and_then(Item::as_array);
    let mut array = our.or(their).or(old).cloned().unwrap_or_else(Array::new);
    if our.is_some() && is_unmoved(origins, array.len()) {
        for (index, value) in values.into_iter().enumerate() {
            array.replace_formatted(index, value);
        }
    } else {
        let [of_ours, of_theirs] =
            [our, their].map(|array| array.map(layout::remarks).unwrap_or_default());
        let listed = |(value, [ours, theirs]): (Value, &Origin)| {
            let remark = match ours {
                Some(at) => of_ours.get(*at),
                None => theirs.and_then(|at| of_theirs.get(at)),
            };
            Listed {
                value,
                is_own: ours.is_some() || our.is_none(),
                remark: remark.cloned().unwrap_or_default(),
            }
        };
        layout::fill(
            &mut array,
            values.into_iter().zip(origins).map(listed).collect(),
        );
    }
    put(key, others, ours, Item::Value(Value::Array(array)));
}
