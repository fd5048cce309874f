//! Why a paper could not be printed, as findings: at the record's place, or in
//! the company's own template where the mistake is.

use std::collections::HashSet;
use std::ops::Range;

use super::papers::PaperError;
use super::typeset::{Diagnostic, MissingGlyph, Place as InJob, Severity, TypesetError};
use super::view::{FormView, Origin};
use crate::finding::{Finding, Place, Span};
use crate::register::Register;

/// The findings of a paper that gave no document. `place` is where its record
/// (or the kind, of a blank form) begins.
pub fn findings_of(
    register: &Register,
    view: &FormView,
    place: Place,
    error: &TypesetError,
) -> Vec<Finding> {
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
            match errors.chain(rest).next() {
                Some(first) => vec![diagnosed(register, view, place, first)],
                None => vec![failed(view, place, "plain").with("detail", "")],
            }
        }
        TypesetError::NotBuilt => vec![failed(view, place, "not-built")],
        TypesetError::NotStarted { reason } | TypesetError::NotAWorker { reason } => {
            vec![failed(view, place, "not-started").with("detail", reason.as_str())]
        }
        TypesetError::TimedOut { limit } => {
            let finding = too_much(view, place, ["timed-out", "timed-out-field"]);
            vec![finding.with("limit", limit.as_secs().to_string())]
        }
        TypesetError::OutOfMemory { limit } => {
            let finding = too_much(view, place, ["out-of-memory", "out-of-memory-field"]);
            vec![finding.with("limit", (limit >> 20).to_string())]
        }
        TypesetError::TooLarge { size, limit } => {
            let finding = too_much(view, place, ["too-large", "too-large-field"]);
            vec![finding.with("size", size >> 10).with("limit", limit >> 10)]
        }
        TypesetError::Crashed { stderr, .. } => {
            let last = stderr.lines().last().unwrap_or("").to_owned();
            vec![failed(view, place, "crashed").with("detail", last)]
        }
        _ => vec![failed(view, place, "crashed").with("detail", "")],
    }
}

/// The finding of a page that a template could not draw.
pub fn finding_of_page(
    register: &Register,
    view: &FormView,
    place: Place,
    error: &PaperError,
) -> Finding {
    wrong_template(register, place, error)
        .with("form", view.title.as_str())
        .with("name", view.file_name.as_str())
}

/// The finding of a template that serves all papers, such as the style sheet.
pub fn finding_of_template(register: &Register, error: &PaperError) -> Finding {
    wrong_template(register, register.settings.place, error)
}

fn wrong_template(register: &Register, place: Place, error: &PaperError) -> Finding {
    let own = error
        .at
        .as_ref()
        .and_then(|at| own_template(register, &at.path, &at.bytes));
    let detail = match (&error.at, own) {
        (Some(at), None) => {
            let message = &error.message;
            format!("templates/{}:{}:{}: {message}", at.path, at.line, at.column)
        }
        _ => error.message.clone(),
    };
    Finding::error("typesetting-failed", own.unwrap_or(place))
        .message("page")
        .with("detail", detail)
}

/// What Typst says, at the first place in a template of the company's own: the
/// mistake, or the call that led to it.
fn diagnosed(register: &Register, view: &FormView, place: Place, found: &Diagnostic) -> Finding {
    let own = |at: &InJob| {
        let path = format!("print{}", at.file);
        own_template(register, &path, &(at.start..at.end)).map(|place| (at.clone(), place))
    };
    let called = found.trace.iter().filter_map(|step| step.place.as_ref());
    let at = found.place.iter().chain(called).find_map(own);
    let mut detail = found.message.clone();
    if let Some(mistake) = &found.place
        && at.as_ref().is_none_or(|(at, _)| at.file != mistake.file)
    {
        let (file, line, column) = (&mistake.file, mistake.line, mistake.column);
        detail = format!("templates/print{file}:{line}:{column}: {detail}");
    }
    let hints: Vec<&str> = found
        .hints
        .iter()
        .map(|hint| hint.message.as_str())
        .collect();
    let message = match (at.is_some(), hints.is_empty()) {
        (_, false) => "hinted",
        (true, true) => "template",
        (false, true) => "plain",
    };
    let finding = match at {
        Some((_, own)) => failed(view, own, message).related(place),
        None => failed(view, place, message),
    };
    finding
        .with("detail", detail)
        .with("hint", hints.join("; "))
}

/// A place in a template that the company has put over the built-in one.
fn own_template(register: &Register, path: &str, bytes: &Range<usize>) -> Option<Place> {
    let path = format!("templates/{path}");
    let (file, _) = register
        .sources
        .iter()
        .find(|(_, source)| source.path == path)?;
    Some(Place {
        file,
        span: Span::new(bytes.clone()),
    })
}

/// Of a mistake in a template, which every paper set with it makes, the first
/// finding; all others as they are.
pub fn without_repeats(findings: Vec<Finding>) -> Vec<Finding> {
    let mut told = HashSet::new();
    findings
        .into_iter()
        .filter(|finding| {
            let detail = finding.arguments.iter().find(|(name, _)| name == "detail");
            let of_template = finding.rule == "typesetting-failed" && detail.is_some();
            !of_template || told.insert((finding.place, format!("{detail:?}")))
        })
        .collect()
}

fn failed(view: &FormView, place: Place, message: &'static str) -> Finding {
    Finding::error("typesetting-failed", place)
        .message(message)
        .with("form", view.title.as_str())
        .with("name", view.file_name.as_str())
}

/// Bytes of a field, all its rows together, from which on it is the likely
/// reason why a paper takes too long or too much. A hundred full pages.
const MUCH: usize = 250_000;

/// A limit that was reached, at the field with the most text where that is
/// much. `messages`: without and with a field.
fn too_much(view: &FormView, place: Place, messages: [&'static str; 2]) -> Finding {
    let mut fields: Vec<(&str, usize, &Origin)> = Vec::new();
    for source in &view.sources {
        let size = source.text.len();
        match fields.iter_mut().find(|(label, ..)| *label == source.label) {
            Some((_, sum, longest)) => {
                *sum += size;
                if size > longest.text.len() {
                    *longest = source;
                }
            }
            None => fields.push((&source.label, size, source)),
        }
    }
    match fields.into_iter().max_by_key(|(_, sum, _)| *sum) {
        Some((label, sum, longest)) if sum >= MUCH => failed(view, longest.place, messages[1])
            .with("field", label)
            .with("text", sum >> 10),
        _ => failed(view, place, messages[0]),
    }
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
