//! TOML 1.1 with spans: one function, so that the parser behind it can be changed.

use toml::Spanned;
use toml::de::DeTable;

use super::files::SourceFile;
use crate::finding::{FileId, Finding, Place, Span};

/// What could be read of a file, and what is wrong with it.
pub struct Parsed<'i> {
    /// The tree; broken parts are missing or hold placeholders.
    pub table: Spanned<DeTable<'i>>,
    /// One finding for each broken region.
    pub findings: Vec<Finding>,
    /// The broken regions: what is found inside them by later stages is noise.
    pub broken: Vec<Span>,
}

/// Parses a file's text, keeping what can be kept.
///
/// One broken construct makes the parser complain many times in a row, so
/// only the first error of a region is reported. A bracket left open is one
/// finding at the bracket, and its value is missing. Where a merge is
/// unfinished there is one finding at its first mark, and our side counts.
pub fn parse(file: FileId, source: &SourceFile) -> Parsed<'_> {
    let mut text = source.readable();
    let (mut table, mut errors) = DeTable::parse_recoverable(text);
    let mut findings: Vec<Finding> = Vec::new();
    let mut broken: Vec<Span> = Vec::new();
    let mut open: Vec<Span> = Vec::new();
    for conflict in source.unmerged() {
        let place = Place {
            file,
            span: Span::new(conflict.mark.clone()),
        };
        let finding = Finding::error("merge-conflict", place);
        findings.push(match &conflict.sides {
            Some([ours, theirs]) => finding
                .with("ours", in_a_line(&source.text[ours.clone()]))
                .with("theirs", in_a_line(&source.text[theirs.clone()])),
            None => finding.message("left-over"),
        });
        open.push(Span::new(conflict.lines.clone()));
    }
    let closed = if errors.is_empty() {
        None
    } else {
        source.closed()
    };
    if let Some(closed) = closed {
        for value in &closed.open {
            let span = Span::new(value.bracket..value.bracket + 1);
            let finding = Finding::error("toml-syntax", Place { file, span });
            findings.push(finding.message("unclosed"));
            open.push(Span::new(value.lines.clone()));
        }
        text = &closed.text;
        (table, errors) = DeTable::parse_recoverable(text);
    }
    let mut errors: Vec<_> = errors
        .into_iter()
        .map(|error| (Span::new(error.span().unwrap_or(0..0)), error))
        .collect();
    errors.sort_by_key(|(span, _)| *span);
    for (span, error) in errors {
        let near = broken
            .last()
            .is_some_and(|last: &Span| same_region(text, *last, span));
        if near {
            if let Some(last) = broken.last_mut() {
                last.end = last.end.max(span.end);
            }
            continue;
        }
        broken.push(span);
        let (name, detail) = explain(error.message(), span.start == span.end);
        findings.push(
            Finding::error("toml-syntax", Place { file, span })
                .message(name)
                .with("detail", detail),
        );
    }
    Parsed {
        table,
        findings,
        broken: broken
            .into_iter()
            .map(|span| whole_lines(text, span))
            .chain(open)
            .collect(),
    }
}

/// Longest text of one side that is told, in characters.
const LONGEST: usize = 80;

/// Some lines as one, shortened.
fn in_a_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.is_empty() => "—".to_owned(),
        None => line,
    }
}

/// Two errors belong together when no complete, healthy-looking line lies
/// between them, or when the first left a bracket open.
fn same_region(text: &str, first: Span, second: Span) -> bool {
    let between = text
        .get(first.start as usize..second.start as usize)
        .unwrap_or("");
    let lines = between.matches('\n').count();
    let open = between.matches(['[', '{']).count() > between.matches([']', '}']).count();
    let header = between
        .lines()
        .skip(1)
        .any(|line| line.trim_start().starts_with('['));
    lines <= 1 || (open && !header) || (lines <= 12 && !header)
}

fn whole_lines(text: &str, span: Span) -> Span {
    let bytes = text.as_bytes();
    let start = (span.start as usize).min(bytes.len());
    let end = (span.end as usize).min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at);
    Span::new(start..end)
}

/// The parser's English message, put into one of the rule's own messages
/// where it is a common mistake.
fn explain(message: &str, nothing_there: bool) -> (&'static str, &str) {
    let first = message.lines().next().unwrap_or(message);
    let has = |words: &[&str]| words.iter().any(|word| first.contains(word));
    let name = if has(&["duplicate key"]) {
        "duplicate-key"
    } else if has(&["unclosed", "missing closing"]) {
        "unclosed"
    } else if has(&["escape"]) {
        "escape"
    } else if has(&["comma"]) {
        "comma"
    } else if has(&["date-time", "invalid date", "invalid time"]) {
        "date"
    } else if has(&["visible characters"]) {
        "control"
    } else if has(&["missing value", "no value", "missing assignment"])
        || (nothing_there && has(&["must be quoted"]))
    {
        "missing-value"
    } else if has(&["string", "quote"]) {
        "quotes"
    } else {
        "plain"
    };
    (name, first)
}
