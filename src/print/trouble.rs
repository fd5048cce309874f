//! Why a paper could not be printed, as findings at the record's place.

use super::typeset::{MissingGlyph, Severity, TypesetError};
use super::view::FormView;
use crate::finding::{Finding, Place};

/// The findings of a paper that gave no document. `place` is where its record
/// (or the kind, of a blank form) begins.
pub fn findings_of(view: &FormView, place: Place, error: &TypesetError) -> Vec<Finding> {
    match error {
        TypesetError::MissingGlyphs(missing) => missing
            .iter()
            .map(|missing| missing_glyph(view, place, missing))
            .collect(),
        TypesetError::Diagnostics(diagnostics) => {
            let errors = diagnostics
                .iter()
                .filter(|one| one.severity == Severity::Error);
            let rest = diagnostics
                .iter()
                .filter(|one| one.severity == Severity::Warning);
            let message = errors
                .chain(rest)
                .take(1)
                .map(|one| match &one.place {
                    Some(at) => {
                        format!("{}:{}:{}: {}", at.file, at.line, at.column, one.message)
                    }
                    None => one.message.clone(),
                })
                .collect::<String>();
            vec![failed(view, place, "plain").with("detail", message)]
        }
        TypesetError::NotBuilt => vec![failed(view, place, "not-built")],
        TypesetError::NotStarted { reason } | TypesetError::NotAWorker { reason } => {
            vec![failed(view, place, "not-started").with("detail", reason.as_str())]
        }
        TypesetError::TimedOut { limit } => {
            vec![failed(view, place, "timed-out").with("limit", limit.as_secs().to_string())]
        }
        TypesetError::OutOfMemory { limit } => {
            let limit = (limit >> 20).to_string();
            vec![failed(view, place, "out-of-memory").with("limit", limit)]
        }
        TypesetError::TooLarge { size, limit } => {
            let (size, limit) = (size >> 10, limit >> 10);
            vec![
                failed(view, place, "too-large")
                    .with("size", size)
                    .with("limit", limit),
            ]
        }
        TypesetError::Crashed { stderr, .. } => {
            let last = stderr.lines().last().unwrap_or("").to_owned();
            vec![failed(view, place, "crashed").with("detail", last)]
        }
        _ => vec![failed(view, place, "crashed").with("detail", "")],
    }
}

fn failed(view: &FormView, place: Place, message: &'static str) -> Finding {
    Finding::error("typesetting-failed", place)
        .message(message)
        .with("form", view.title.as_str())
        .with("name", view.file_name.as_str())
}

fn missing_glyph(view: &FormView, place: Place, missing: &MissingGlyph) -> Finding {
    let code = missing
        .character
        .chars()
        .map(|c| format!("U+{:04X}", c as u32))
        .collect::<Vec<_>>()
        .join(" ");
    let finding = |place| {
        Finding::error("missing-glyph", place)
            .with("character", missing.character.as_str())
            .with("code", code.as_str())
            .with("form", view.title.as_str())
    };
    // the line as it was set may join several values: the one that shares most
    // with it around the character is meant
    let nearest = view
        .sources
        .iter()
        .filter(|source| source.text.contains(&missing.character))
        .max_by_key(|source| shared(&source.text, &missing.context, &missing.character));
    match nearest {
        Some(source) => finding(source.place)
            .message("field")
            .with("field", source.label.as_str()),
        None => finding(place),
    }
}

/// How many characters around the missing one a text shares with the line.
fn shared(text: &str, line: &str, character: &str) -> usize {
    let around = |text: &str| -> Vec<(Vec<char>, Vec<char>)> {
        text.match_indices(character)
            .map(|(at, _)| {
                let before = text[..at].chars().rev().filter(|c| !c.is_whitespace());
                let after = text[at + character.len()..]
                    .chars()
                    .filter(|c| !c.is_whitespace());
                (before.take(12).collect(), after.take(12).collect())
            })
            .collect()
    };
    let same = |a: &[char], b: &[char]| a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let lines = around(line);
    around(text)
        .iter()
        .flat_map(|(before, after)| {
            lines
                .iter()
                .map(|(b, a)| same(before, b) + same(after, a))
                .collect::<Vec<_>>()
        })
        .max()
        .unwrap_or(0)
}
