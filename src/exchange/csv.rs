//! Tables as CSV for spreadsheets: UTF-8 with the mark that Excel looks for,
//! lines ending in CR LF, RFC 4180.
//!
//! Invariant: no text becomes a formula. Excel, LibreOffice and their like
//! take a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for
//! one, and East Asian editions their full-width twins as well (OWASP, CSV
//! Injection). A text that begins so is written after an apostrophe, which
//! they drop or show, but do not calculate. Values that are numbers, and texts
//! that are nothing but a negative number, stay as they are.

use std::borrow::Cow;

use super::cell;
use super::table::{Datum, Table};
use crate::display::Display;

/// The mark of UTF-8 that makes Excel read Chinese as such.
const MARK: &str = "\u{feff}";

/// A table as CSV: a line of labels, then one for each row.
pub fn csv(display: &Display<'_>, table: &Table<'_>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from(MARK));
    let labels = table.columns.iter().map(|column| column.label.as_str());
    // writing to memory cannot fail, and every row has as many cells
    let _ = writer.write_record(labels.map(|label| guarded(label.into()).into_owned()));
    for row in &table.rows {
        let cells = row.iter().map(|datum| {
            let words = cell::words(display, datum);
            let guarded = match datum {
                Datum::Text(_) | Datum::Named { .. } | Datum::List(_) => guarded(words),
                _ => words,
            };
            guarded.into_owned()
        });
        let _ = writer.write_record(cells);
    }
    writer.into_inner().unwrap_or_default()
}

/// A text that no spreadsheet calculates.
fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if begins_formula(&text) && !is_negative_number(&text) {
        return format!("'{text}").into();
    }
    text
}

fn begins_formula(text: &str) -> bool {
    let starts = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\n' | '\r' | '＝' | '＋' | '－' | '＠'
        )
    };
    // some programs skip the blanks before it
    text.starts_with(starts) || text.trim_start().starts_with(starts)
}

fn is_negative_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('-') else {
        return false;
    };
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(places)
}
