//! Gives a record another number: in its file, in the file's name and wherever
//! other records name it.
//!
//! Invariants: only the bytes of the number are replaced, so that comments and
//! layout stay; nothing is overwritten; what reads the number in prose (a text,
//! a comment) is told and left to people.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::number;
use crate::finding::{FileId, Span};
use crate::record::{Cell, Record, Row, Value};
use crate::register::Register;

/// A record that has another number now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbered {
    /// The number it has now.
    pub number: String,
    /// Its file, from the root.
    pub path: String,
    /// The other files that were changed, from the root.
    pub mended: Vec<String>,
    /// Files whose prose still names the old number, from the root.
    pub mentioned: Vec<String>,
}

/// Why nothing was renumbered.
#[derive(Debug)]
pub enum NotRenumbered {
    /// No record has the number.
    Unknown,
    /// The new number does not follow the pattern of the kind.
    Pattern(String),
    /// The new number is given already, or was once.
    Taken,
    /// The numbers of the year are used up.
    NoNumber,
    /// The system refused; what was written before it did is named.
    Unwritable(PathBuf, std::io::Error),
}

/// Gives the record of number `old` the number `new`, or the next free one of
/// the year of its own.
pub fn renumber(
    root: &Path,
    register: &Register,
    old: &str,
    new: Option<&str>,
    now: Timestamp,
) -> Result<Renumbered, NotRenumbered> {
    let index = register.find(old).ok_or(NotRenumbered::Unknown)?;
    let record = &register.records[index];
    let pattern = &register.kind_of(record).number;
    let year = pattern.read(old).map(|(year, _)| year).unwrap_or_else(|| {
        let zone = register.settings.time.time_zone.clone();
        now.to_zoned(zone).year()
    });
    let _lock = File::open(root.join("taizhang.toml"))
        .ok()
        .filter(|file| file.lock().is_ok());
    let highest = number::highest(register, root, pattern, year);
    let number = match new {
        None => {
            let next = highest.checked_add(1).ok_or(NotRenumbered::NoNumber)?;
            pattern.write(year, next)
        }
        Some(new) => {
            let read = pattern.read(new);
            let (of, sequence) =
                read.ok_or_else(|| NotRenumbered::Pattern(pattern.text.to_string()))?;
            if sequence <= number::highest(register, root, pattern, of) {
                return Err(NotRenumbered::Taken);
            }
            new.to_owned()
        }
    };
    let sources = &register.sources;
    let own = &sources.file(record.file).path;
    let renamed = match own.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/{}", name.replacen(old, &number, 1)),
        None => own.replacen(old, &number, 1),
    };
    let mut mended = Vec::new();
    for (other, spans) in places(register, index, old) {
        let file = sources.file(other);
        let text = spliced(&file.text, &spans, old, &number);
        let to = if other == record.file {
            &renamed
        } else {
            &file.path
        };
        write(root, &file.path, to, &text)?;
        if other != record.file {
            mended.push(file.path.clone());
        }
    }
    mended.sort();
    let mentioned = mentions(register, old, &number);
    Ok(Renumbered {
        number,
        path: renamed,
        mended,
        mentioned,
    })
}

/// Where a number stands as one: in the record's own head, and in references.
fn places(register: &Register, index: usize, old: &str) -> Vec<(FileId, Vec<Span>)> {
    let mut all = Vec::new();
    for (at, record) in register.records.iter().enumerate() {
        let mut spans = references(record, old);
        if at == index {
            spans.push(record.id.span);
        }
        if !spans.is_empty() {
            spans.sort();
            spans.dedup();
            all.push((record.file, spans));
        }
    }
    all
}

fn references(record: &Record, old: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = record
        .related
        .iter()
        .filter(|at| *at.value == *old)
        .map(|at| at.span)
        .collect();
    for row in record.sections.iter().flat_map(|section| section.rows()) {
        in_row(row, old, &mut spans);
    }
    spans
}

fn in_row(row: &Row, old: &str, spans: &mut Vec<Span>) {
    for cell in row.cells.iter().flatten() {
        in_cell(cell, old, spans);
    }
}

fn in_cell(cell: &Cell, old: &str, spans: &mut Vec<Span>) {
    match &cell.value {
        Value::Reference(number) if **number == *old => spans.push(cell.span),
        Value::Many(items) => items.iter().for_each(|item| in_cell(item, old, spans)),
        Value::Rows(rows) => rows.iter().for_each(|row| in_row(row, old, spans)),
        _ => {}
    }
}

/// The text with the number replaced inside these spans.
fn spliced(text: &str, spans: &[Span], old: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        let range = span.range();
        let (Some(between), Some(value)) = (text.get(at..range.start), text.get(range.clone()))
        else {
            continue;
        };
        out.push_str(between);
        out.push_str(&value.replacen(old, new, 1));
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Writes a file in one step, under its new name if it has one.
fn write(root: &Path, from: &str, to: &str, text: &str) -> Result<(), NotRenumbered> {
    let (from, to) = (root.join(from), root.join(to));
    let folder = to.parent().unwrap_or(root);
    let written = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file()
            .set_permissions(std::fs::metadata(&from)?.permissions())?;
        if from == to {
            file.persist(&to).map_err(|error| error.error)?;
        } else {
            file.persist_noclobber(&to).map_err(|error| error.error)?;
            std::fs::remove_file(&from)?;
        }
        Ok(())
    };
    written().map_err(|error| NotRenumbered::Unwritable(to.clone(), error))
}

/// The files below the records' folder where the number still stands, in prose.
fn mentions(register: &Register, old: &str, new: &str) -> Vec<String> {
    let mut all: Vec<String> = register
        .records
        .iter()
        .filter(|record| {
            let text = &register.sources.file(record.file).text;
            let own = usize::from(*record.id.value == *old);
            let known = references(record, old).len() + own;
            text.matches(old).count() > known
        })
        .map(|record| {
            let path = &register.sources.file(record.file).path;
            match *record.id.value == *old {
                true => path.replacen(old, new, 1),
                false => path.clone(),
            }
        })
        .collect();
    all.sort();
    all
}
