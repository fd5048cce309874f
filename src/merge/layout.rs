//! How merged content is laid out: comments and blanks of ours stay, what comes
//! from theirs brings its own along.

use std::collections::HashMap;

use toml_edit::{Array, Decor, Entry, InlineTable, Item, Key, RawString, Table, TableLike, Value};

use super::three_way::Others;

/// A table that is being merged into, with a header of its own or in braces.
pub(super) enum Fields<'t> {
    Header(&'t mut Table),
    Inline(&'t mut InlineTable),
}

impl Fields<'_> {
    pub fn table(&self) -> &dyn TableLike {
        match self {
            Fields::Header(table) => *table,
            Fields::Inline(table) => *table,
        }
    }

    pub fn table_mut(&mut self) -> &mut dyn TableLike {
        match self {
            Fields::Header(table) => *table,
            Fields::Inline(table) => *table,
        }
    }

    pub fn is_header(&self) -> bool {
        matches!(self, Fields::Header(_))
    }

    /// Takes out what stands under a key; [`Fields::drop_taken`] closes the gaps
    /// of all of them at once.
    pub fn take_out(&mut self, key: &str) {
        if let Some(item) = self.table_mut().get_mut(key) {
            *item = Item::None;
        }
    }

    /// Closes the gaps.
    pub fn drop_taken(&mut self) {
        match self {
            Fields::Header(table) => table.retain(|_, item| !item.is_none()),
            Fields::Inline(table) => table.retain(|_, _| true),
        }
    }

    /// Puts an item under a key; a new one is written as the key it comes from.
    pub fn put(&mut self, key: &Key, item: Item) {
        let item = match self {
            Fields::Header(_) => item,
            Fields::Inline(_) => match item.into_value() {
                Ok(value) => Item::Value(value),
                Err(_) => return,
            },
        };
        match self.table_mut().entry_format(key) {
            Entry::Occupied(mut there) => {
                there.insert(item);
            }
            Entry::Vacant(free) => {
                free.insert(item);
            }
        }
    }

    /// Puts what has come from theirs behind what it stood behind there. `ours`
    /// are the keys as they were.
    pub fn arrange(&mut self, ours: &[String], theirs: &[String]) {
        let known: HashMap<&str, usize> = ours
            .iter()
            .enumerate()
            .map(|(at, key)| (key.as_str(), at))
            .collect();
        // behind which of ours, and as which of theirs
        let mut places: HashMap<&str, (usize, usize)> = HashMap::new();
        let mut anchor = 0;
        for (at, key) in theirs.iter().enumerate() {
            match known.get(key.as_str()) {
                Some(place) => anchor = place + 1,
                None => {
                    places.insert(key, (anchor, at + 1));
                }
            }
        }
        if places.is_empty() {
            return;
        }
        places.extend(known.iter().map(|(key, at)| (*key, (at + 1, 0))));
        let place = |key: &Key| places.get(key.get()).copied().unwrap_or_default();
        match self {
            Fields::Header(table) => {
                table.sort_values_by(|one, _, other, _| place(one).cmp(&place(other)));
                position_new(table, &known);
            }
            Fields::Inline(table) => {
                table.sort_values_by(|one, _, other, _| place(one).cmp(&place(other)));
                if !is_on_lines(table) {
                    table.fmt();
                }
            }
        }
    }
}

/// Whether a table in braces stands on several lines or has comments.
fn is_on_lines(table: &InlineTable) -> bool {
    let of_values = table.iter().any(|(_, value)| {
        let decor = value.decor();
        [decor.prefix(), decor.suffix()].into_iter().any(has_line)
    });
    let of_keys = table.iter().any(|(key, _)| {
        let decor = table.key(key).map(Key::leaf_decor);
        decor.is_some_and(|decor| [decor.prefix(), decor.suffix()].into_iter().any(has_line))
    });
    of_values || of_keys || has_line(Some(table.trailing()))
}

fn has_line(text: Option<&RawString>) -> bool {
    text.and_then(RawString::as_str)
        .is_some_and(|text| text.contains('\n'))
}

/// Places headers that are new behind those of the entry before them.
fn position_new(table: &mut Table, known: &HashMap<&str, usize>) {
    let mut last = table.position().unwrap_or_default();
    for (key, item) in table.iter_mut() {
        if !known.contains_key(key.get()) {
            set_positions(item, Some(last));
        }
        last = last_position(item).unwrap_or(last);
    }
}

/// The position of the last header in an item.
pub(super) fn last_position(item: &Item) -> Option<isize> {
    match item {
        Item::Table(table) => last_in(table),
        Item::ArrayOfTables(rows) => rows.iter().filter_map(last_in).max(),
        Item::None | Item::Value(_) => None,
    }
}

fn last_in(table: &Table) -> Option<isize> {
    let inner = table.iter().filter_map(|(_, item)| last_position(item));
    inner.chain(table.position()).max()
}

/// Has a table be written although nothing is left in it.
pub(super) fn show_empty(item: &mut Item) {
    match item {
        Item::Table(table) if table.is_empty() && table.is_dotted() => {
            *item = Item::Value(Value::InlineTable(InlineTable::new()));
        }
        Item::Table(table) if table.is_empty() => table.set_implicit(false),
        Item::Value(Value::InlineTable(table)) if table.is_empty() => table.set_dotted(false),
        _ => {}
    }
}

/// Gives every header in an item this position; none lets it follow what
/// stands before it.
pub(super) fn set_positions(item: &mut Item, position: Option<isize>) {
    match item {
        Item::Table(table) => set_in(table, position),
        Item::ArrayOfTables(rows) => {
            for row in rows.iter_mut() {
                set_in(row, position);
            }
        }
        Item::None | Item::Value(_) => {}
    }
}

/// Gives every header of a table this position.
pub(super) fn set_in(table: &mut Table, position: Option<isize>) {
    table.set_position(position);
    for (_, item) in table.iter_mut() {
        set_positions(item, position);
    }
}

/// Gives rows with headers their places in the file: those of ours stay where
/// they are, new ones go where their neighbours stand. `is_ours` says which.
pub(super) fn position_rows(rows: &mut [Table], is_ours: &[bool]) {
    let of_ours = || rows.iter().zip(is_ours).filter(|(_, ours)| **ours);
    let places: Vec<isize> = of_ours().filter_map(|(row, _)| row.position()).collect();
    let Some(first) = places.iter().copied().min() else {
        rows.iter_mut().for_each(|row| set_in(row, None));
        return;
    };
    if !places.is_sorted() {
        // they have been put in another order: one behind the other
        for row in rows.iter_mut() {
            set_in(row, Some(first));
        }
        return;
    }
    let mut last = first;
    for (row, ours) in rows.iter_mut().zip(is_ours) {
        match ours {
            true => last = last_in(row).unwrap_or(last),
            false => set_in(row, Some(last)),
        }
    }
}

/// Has a header begin on a line of its own, also where the one it comes from
/// was the first of its file or none.
pub(super) fn open_header(table: &mut Table) {
    let prefix = table.decor().prefix().and_then(RawString::as_str);
    if prefix.is_none() {
        table.decor_mut().set_prefix("\n");
    }
}

/// What stands before a header, ours and theirs having perhaps both changed it.
pub(super) fn merge_header(base: Option<&Table>, ours: &mut Table, theirs: &Table) {
    let Some(base) = base else { return };
    let old = base.decor();
    if let Some(text) = theirs_if_new(old.prefix(), ours.decor().prefix(), theirs.decor().prefix())
    {
        ours.decor_mut().set_prefix(text);
    }
    if let Some(text) = theirs_if_new(old.suffix(), ours.decor().suffix(), theirs.decor().suffix())
    {
        ours.decor_mut().set_suffix(text);
    }
}

/// What stands before a key and behind its value.
pub(super) fn merge_line(key: &str, others: Others<'_>, ours: &mut Fields<'_>) {
    let Fields::Header(ours) = ours else { return };
    let (Some((old_key, old)), Some((their_key, their))) = (others.base, others.theirs) else {
        return;
    };
    let Some((mut our_key, our)) = ours.get_key_value_mut(key) else {
        return;
    };
    let prefixes = [old_key, their_key].map(|key| key.leaf_decor().prefix());
    let text = theirs_if_new(prefixes[0], our_key.leaf_decor().prefix(), prefixes[1]);
    if let (Some(text), true) = (text, our.is_value()) {
        our_key.leaf_decor_mut().set_prefix(text);
    }
    if let (Some(old), Some(our), Some(their)) =
        (old.as_value(), our.as_value_mut(), their.as_value())
    {
        let suffixes = [old, their].map(|value| value.decor().suffix());
        if let Some(text) = theirs_if_new(suffixes[0], our.decor().suffix(), suffixes[1]) {
            our.decor_mut().set_suffix(text);
        }
    }
}

/// Theirs, where only they have changed it.
pub(super) fn theirs_if_new(
    base: Option<&RawString>,
    ours: Option<&RawString>,
    theirs: Option<&RawString>,
) -> Option<String> {
    let [base, ours, theirs] =
        [base, ours, theirs].map(|text| text.and_then(RawString::as_str).unwrap_or_default());
    (base == ours && ours != theirs).then(|| theirs.to_owned())
}

/// A value of a list, and the remark behind it on its line.
pub(super) struct Listed {
    pub value: Value,
    /// Whether it stood in the list that is filled.
    pub is_own: bool,
    pub remark: String,
}

/// The remark behind each value of a list. In the tree a remark behind a comma
/// stands before the next value.
pub(super) fn remarks(array: &Array) -> Vec<String> {
    let behind = |text: &str| match text.split_once('\n') {
        Some((remark, _)) if remark.contains('#') => remark.to_owned(),
        _ => String::new(),
    };
    let next = array.iter().skip(1).map(|value| prefix_of(Some(value)));
    let next = next.chain([text_of(Some(array.trailing()))]);
    array
        .iter()
        .zip(next)
        .map(|(value, next)| {
            let own = behind(&text_of(value.decor().suffix()));
            if own.is_empty() { behind(&next) } else { own }
        })
        .collect()
}

/// Fills a list with values, in the lines and with the indentation that it has.
pub(super) fn fill(array: &mut Array, values: Vec<Listed>) {
    let indentation = array.iter().find_map(|value| {
        let prefix = prefix_of(Some(value));
        let (_, blanks) = prefix.rsplit_once('\n')?;
        Some(format!("\n{blanks}"))
    });
    let first = prefix_of(array.get(0));
    let mut end = text_of(Some(array.trailing()));
    if !array.trailing_comma()
        && let Some(last) = array.iter().last()
    {
        end.insert_str(0, &text_of(last.decor().suffix()));
    }
    array.clear();
    let Some(indentation) = indentation else {
        // all on one line
        for (index, listed) in values.into_iter().enumerate() {
            let mut value = listed.value;
            let prefix = if index == 0 { first.as_str() } else { " " };
            *value.decor_mut() = Decor::new(prefix, "");
            array.push_formatted(value);
        }
        array.set_trailing(if array.is_empty() { "" } else { &*end });
        return;
    };
    let mut remark = match first.split_once('\n') {
        Some((remark, _)) => remark.to_owned(),
        None => String::new(),
    };
    for listed in values {
        let mut value = listed.value;
        let own = prefix_of(Some(&value));
        // remarks on lines of their own come along; blanks only in the own list
        let lines = match own.split_once('\n') {
            Some((_, lines)) if listed.is_own || lines.contains('#') => format!("\n{lines}"),
            _ => indentation.clone(),
        };
        *value.decor_mut() = Decor::new(format!("{remark}{lines}"), "");
        remark = listed.remark;
        array.push_formatted(value);
    }
    let end = end.split_once('\n').map_or("", |(_, lines)| lines);
    array.set_trailing(format!("{remark}\n{end}"));
}

fn prefix_of(value: Option<&Value>) -> String {
    text_of(value.and_then(|value| value.decor().prefix()))
}

fn text_of(text: Option<&RawString>) -> String {
    text.and_then(RawString::as_str)
        .unwrap_or_default()
        .to_owned()
}
