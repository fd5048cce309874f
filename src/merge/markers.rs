//! Conflicts as git marks them, around the entries that conflict and nothing else.
//!
//! The two sides are written as whole files that differ in what conflicts only.
//! Rows and sections that conflict as a whole are marked in both beforehand, so
//! that they stay whole; everything else is compared line by line.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use toml_edit::{DocumentMut, Item, RawString, Table};

/// Stands where a header begins. TOML allows it nowhere.
const BEGIN: char = '\u{1}';
/// Stands behind the number of a conflict.
const END: char = '\u{2}';
/// Stands behind the number of a conflict in which this side has nothing.
const MISSING: char = '\u{3}';

/// How conflicts are marked.
#[derive(Clone, Debug)]
pub struct Style {
    /// How long the lines of marks are, in characters.
    pub size: usize,
    /// What our side is called.
    pub ours: String,
    /// What the other side is called.
    pub theirs: String,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            size: 7,
            ours: "ours".to_owned(),
            theirs: "theirs".to_owned(),
        }
    }
}

/// Marks a table as one that conflicts as a whole.
pub(super) fn mark(table: &mut Table, number: usize) {
    let prefix = table.decor().prefix().and_then(RawString::as_str);
    let prefix = format!("{BEGIN}{number}{END}{}", prefix.unwrap_or("\n"));
    table.decor_mut().set_prefix(prefix);
}

/// A table that stands for one that this side has not.
pub(super) fn placeholder(number: usize) -> Table {
    let mut table = Table::new();
    table
        .decor_mut()
        .set_prefix(format!("{BEGIN}{number}{MISSING}{END}"));
    table
}

/// Whether a table is marked.
fn is_marked(table: &Table) -> bool {
    let prefix = table.decor().prefix().and_then(RawString::as_str);
    prefix.is_some_and(|prefix| prefix.starts_with(BEGIN))
}

/// The file without marks.
pub(super) fn plain(tree: &DocumentMut) -> String {
    pieces(&marked(tree)).map(|piece| piece.text).collect()
}

/// The file with a mark wherever a header begins.
fn marked(tree: &DocumentMut) -> String {
    let mut tree = tree.clone();
    for (_, item) in tree.as_table_mut().iter_mut() {
        begin(item);
    }
    let trailing = tree.trailing().as_str().unwrap_or_default();
    let trailing = format!("{BEGIN}{END}{trailing}");
    tree.set_trailing(trailing);
    tree.to_string()
}

/// Both files in one, with marks where they differ.
pub(super) fn written(ours: &DocumentMut, theirs: &DocumentMut, style: &Style) -> String {
    let (our_text, their_text) = (marked(ours), marked(theirs));
    let [our_pieces, their_pieces] = [&our_text, &their_text].map(|text| joined(pieces(text)));
    let mut out = String::new();
    let numbers = |pieces: &[(Option<&str>, String)]| -> Vec<Option<String>> {
        pieces
            .iter()
            .map(|(number, _)| number.map(str::to_owned))
            .collect()
    };
    if numbers(&our_pieces) != numbers(&their_pieces) {
        compared(&plain(ours), &plain(theirs), style, &mut out);
        return out;
    }
    for ((number, ours), (_, theirs)) in our_pieces.iter().zip(&their_pieces) {
        match number {
            Some(_) => conflict(ours, theirs, style, &mut out),
            None => compared(ours, theirs, style, &mut out),
        }
    }
    out
}

/// Both files as one conflict.
pub(super) fn whole(ours: &str, theirs: &str, style: &Style) -> String {
    let mut out = String::new();
    conflict(ours, theirs, style, &mut out);
    out
}

/// Marks where headers begin, except inside of what is marked as a whole.
fn begin(item: &mut Item) {
    match item {
        Item::Table(table) => begin_table(table),
        Item::ArrayOfTables(rows) => rows.iter_mut().for_each(begin_table),
        Item::None | Item::Value(_) => {}
    }
}

fn begin_table(table: &mut Table) {
    if is_marked(table) {
        return;
    }
    let prefix = table.decor().prefix().and_then(RawString::as_str);
    let prefix = format!("{BEGIN}{END}{}", prefix.unwrap_or("\n"));
    table.decor_mut().set_prefix(prefix);
    for (_, item) in table.iter_mut() {
        begin(item);
    }
}

/// A stretch of a file: that of a conflict, or one in between.
struct Piece<'t> {
    number: Option<&'t str>,
    text: &'t str,
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split(BEGIN).enumerate().map(|(index, part)| {
        let (mark, text) = match index {
            0 => ("", part),
            _ => part.split_once(END).unwrap_or(("", part)),
        };
        match mark.strip_suffix(MISSING) {
            Some(number) => Piece {
                number: Some(number),
                text: "",
            },
            None => Piece {
                number: Some(mark).filter(|mark| !mark.is_empty()),
                text,
            },
        }
    })
}

/// What stands between two conflicts as one piece.
fn joined<'t>(pieces: impl Iterator<Item = Piece<'t>>) -> Vec<(Option<&'t str>, String)> {
    let mut out: Vec<(Option<&str>, String)> = vec![(None, String::new())];
    for piece in pieces {
        match (piece.number, out.last_mut()) {
            (None, Some((None, text))) => text.push_str(piece.text),
            (number, _) => out.push((number, piece.text.to_owned())),
        }
    }
    out
}

fn compared(ours: &str, theirs: &str, style: &Style, out: &mut String) {
    let [ours, theirs] = [ours, theirs].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    for operation in capture_diff_slices(Algorithm::Patience, &ours, &theirs) {
        let our_lines = ours[operation.old_range()].concat();
        match operation {
            DiffOp::Equal { .. } => out.push_str(&our_lines),
            _ => conflict(
                &our_lines,
                &theirs[operation.new_range()].concat(),
                style,
                out,
            ),
        }
    }
}

fn conflict(ours: &str, theirs: &str, style: &Style, out: &mut String) {
    // the blank line before a header belongs to neither side
    let blank = |text: &str| text.len() - text.trim_start_matches('\n').len();
    let lead = match (ours.is_empty(), theirs.is_empty()) {
        (true, _) => blank(theirs),
        (_, true) => blank(ours),
        _ => blank(ours).min(blank(theirs)),
    };
    out.extend(std::iter::repeat_n('\n', lead));
    let rest = |text: &str| {
        let text = text.get(lead..).unwrap_or_default().to_owned();
        match text.is_empty() || text.ends_with('\n') {
            true => text,
            false => text + "\n",
        }
    };
    marks('<', &style.ours, style, out);
    out.push_str(&rest(ours));
    marks('=', "", style, out);
    out.push_str(&rest(theirs));
    marks('>', &style.theirs, style, out);
}

fn marks(mark: char, label: &str, style: &Style, out: &mut String) {
    out.extend(std::iter::repeat_n(mark, style.size));
    if !label.is_empty() {
        out.push(' ');
        // a label is one line, whatever a branch is called
        out.extend(label.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }
    out.push('\n');
}

/// The tree without what stands for something that is missing.
pub(super) fn without_placeholders(tree: &DocumentMut) -> DocumentMut {
    let mut tree = tree.clone();
    clear(tree.as_table_mut());
    tree
}

fn clear(table: &mut Table) {
    table.retain(|_, item| match item {
        Item::Table(table) => {
            clear(table);
            !is_placeholder(table)
        }
        Item::ArrayOfTables(rows) => {
            rows.retain(|row| !is_placeholder(row));
            rows.iter_mut().for_each(clear);
            !rows.is_empty()
        }
        Item::None | Item::Value(_) => true,
    });
}

fn is_placeholder(table: &Table) -> bool {
    let prefix = table.decor().prefix().and_then(RawString::as_str);
    prefix.is_some_and(|prefix| prefix.starts_with(BEGIN) && prefix.contains(MISSING))
}
