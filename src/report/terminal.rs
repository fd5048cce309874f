//! Findings for people at a terminal, in the manner of a compiler: the place,
//! the line with the words at fault underlined, what to do.
//!
//! Invariants: the cost of a finding does not grow with its file, since only a
//! window of lines reaches the renderer; nothing from a record reaches the
//! terminal as a control character; ASCII lines, because box drawing is two
//! cells wide on many Chinese terminals.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Weight, Origin, Patch, Renderer, Snippet,
};

use super::{Counts, Location, Rendered, Reporter, without_commands};
use crate::finding::{Finding, Level, Span};
use crate::source::SourceFile;

/// A span of more lines than this is shown by its first line.
const MOST_LINES: usize = 4;
/// A line longer than this (bytes) is cut around the words at fault.
const LONGEST_LINE: usize = 2_000;
/// Of words at fault in such a line no more than this (bytes) is underlined.
const LONGEST_WORDS: usize = 120;
/// A replacement longer than this (bytes) is left to the help.
const LONGEST_FIX: usize = 160;
/// Places shown of all that have to do with a finding.
const MOST_RELATED: usize = 4;
/// Width in cells where there is no terminal to ask.
const USUAL_WIDTH: usize = 120;

/// How to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With colours (only for a terminal).
    pub colour: bool,
    /// The terminal's width in cells; a usual one when it is not known.
    pub width: Option<usize>,
}

impl Style {
    fn renderer(self) -> Renderer {
        let renderer = if self.colour {
            Renderer::styled().hyperlink(false)
        } else {
            Renderer::plain()
        };
        renderer
            .decor_style(DecorStyle::Ascii)
            .term_width(self.width.unwrap_or(USUAL_WIDTH))
    }
}

/// Writes the findings one after the other, a blank line behind each, in
/// their order; ends with [`summary`].
pub fn write(
    reporter: &Reporter<'_>,
    findings: &[&Finding],
    style: Style,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let renderer = style.renderer();
    for finding in findings {
        let text = render(reporter, &reporter.render(finding), &renderer);
        writeln!(out, "{}\n", without_commands(&text))?;
    }
    let summary = summary(reporter, findings);
    writeln!(out, "{}", without_commands(&visible(&summary)))
}

/// One finding as text, without a line end.
pub fn finding(reporter: &Reporter<'_>, finding: &Finding, style: Style) -> String {
    render(reporter, &reporter.render(finding), &style.renderer())
}

fn render(reporter: &Reporter<'_>, rendered: &Rendered<'_>, renderer: &Renderer) -> String {
    let words = reporter.words();
    let weight = weight(rendered.level).with_name(reporter.level(rendered.level));
    let name = match rendered.clause {
        Some(clause) => format!("{} {clause}", rendered.rule),
        None => rendered.rule.to_owned(),
    };
    let mut main = Group::with_title(
        weight
            .primary_title(visible(&rendered.message))
            .id(visible(&name)),
    );
    main = show(
        main,
        reporter,
        &rendered.location,
        AnnotationKind::Primary,
        None,
    );
    for related in rendered.related.iter().take(MOST_RELATED) {
        let label = words.get("report.related");
        main = show(
            main,
            reporter,
            related,
            AnnotationKind::Context,
            Some(label),
        );
    }
    let help = || Weight::HELP.with_name(words.get("report.help"));
    let patch = rendered
        .fix
        .filter(|fix| fix.replacement.len() <= LONGEST_FIX && !fix.replacement.contains('\n'))
        .and_then(|fix| {
            let file = reporter.sources().file(rendered.location.place.file);
            let window = Window::around(file, fix.span).filter(|window| window.whole_lines)?;
            let patch = Patch::new(window.span.clone(), visible(&fix.replacement).into_owned());
            Some(window.snippet().patch(patch))
        });
    match (patch, &rendered.help) {
        (Some(patch), text) => {
            let text = text.as_deref().unwrap_or(words.get("report.change"));
            let second = Group::with_title(help().secondary_title(visible(text))).element(patch);
            renderer.render(&[main, second])
        }
        (None, Some(text)) => renderer.render(&[main.element(help().message(visible(text)))]),
        (None, None) => renderer.render(&[main]),
    }
}

/// `3 个错误、1 个警告，涉及 2 个文件`, and how to learn more.
pub fn summary(reporter: &Reporter<'_>, findings: &[&Finding]) -> String {
    let words = reporter.words();
    let counts = Counts::of(findings.iter().copied());
    let parts: Vec<String> = [
        (counts.errors, "report.errors"),
        (counts.warnings, "report.warnings"),
        (counts.notes, "report.notes"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, name)| counted(reporter, name, count))
    .collect();
    if parts.is_empty() {
        return words.get("report.clean").to_owned();
    }
    let first = findings
        .iter()
        .min_by_key(|finding| std::cmp::Reverse(finding.level))
        .map_or("", |finding| &*finding.rule);
    let files = counted(reporter, "report.files", counts.files);
    words.filled(
        "report.summary",
        &[
            ("counts", &parts.join(words.get("report.and"))),
            ("files", &files),
            ("rule", first),
        ],
    )
}

/// A count with its noun; English has two of them.
fn counted(reporter: &Reporter<'_>, name: &str, count: usize) -> String {
    let number = count.to_string();
    let one = format!("{name}-one");
    let name = if count == 1 && reporter.words().find(&one).is_some() {
        &one
    } else {
        name
    };
    reporter.words().filled(name, &[("count", &number)])
}

fn weight(level: Level) -> Weight<'static> {
    match level {
        Level::Error => Weight::ERROR,
        Level::Warning => Weight::WARNING,
        Level::Note => Weight::NOTE,
    }
}

/// Adds a place to a group: its path, and its lines unless it is a whole file.
fn show<'g>(
    group: Group<'g>,
    reporter: &'g Reporter<'_>,
    location: &Location<'_>,
    kind: AnnotationKind,
    label: Option<&'g str>,
) -> Group<'g> {
    let file = reporter.sources().file(location.place.file);
    let path = visible(location.path).into_owned();
    let span = location.place.span;
    let whole_file = span == Span::default();
    match Window::around(file, span).filter(|_| !whole_file) {
        Some(window) => {
            let annotation: Annotation<'_> = kind.span(window.span.clone()).label(label);
            let snippet = window.snippet().annotation(annotation);
            if window.whole_lines {
                return group.element(snippet.path(path));
            }
            // the renderer would count the column from the cut
            let origin = Origin::path(path)
                .line(location.start.line as usize)
                .char_column(location.start.column as usize);
            group.element(origin).element(snippet)
        }
        None => group.element(Origin::path(path)),
    }
}

/// The lines around a span, made harmless, with the span in them.
struct Window {
    text: String,
    line_start: usize,
    span: Range<usize>,
    whole_lines: bool,
}

impl Window {
    /// None for a file without text.
    fn around(file: &SourceFile, span: Span) -> Option<Self> {
        let text = &file.text;
        if text.is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        let start = file.floor(span.start as usize);
        let mut end = file.floor(span.end as usize).max(start);
        let line_of = |at: usize| memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
        let end_of = |at: usize| memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |n| at + n);
        // past the last line there is nothing to underline
        let start = if start == text.len() && start > 0 && line_of(start) == start {
            start - 1
        } else {
            start
        };
        end = end.max(start);
        if memchr::memchr_iter(b'\n', &bytes[start..end]).count() >= MOST_LINES {
            end = end_of(start);
        }
        let mut first = line_of(start);
        let mut last = end_of(end);
        if first == 0 && text.starts_with('\u{feff}') && start >= 3 {
            first = 3;
        }
        if bytes[..last].ends_with(b"\r") && last > end {
            last -= 1;
        }
        let long = last - first > LONGEST_LINE * MOST_LINES || start - first > LONGEST_LINE;
        if long {
            first = first.max(file.floor(start.saturating_sub(LONGEST_LINE / 8)));
            end = file.floor(end.min(start + LONGEST_WORDS));
            last = end_of(end).min(file.floor(end + LONGEST_LINE / 8));
        }
        let line_start = file.position(first as u32).line as usize;
        Some(Window {
            text: same_length(&text[first..last]),
            line_start,
            span: start - first..end - first,
            whole_lines: !long,
        })
    }

    fn snippet<'a, T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text.clone()).line_start(self.line_start)
    }
}

/// Whether a character could move the cursor or hide what is written.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Control characters replaced by others of the same length, so that spans
/// hold; the renderer shows those of one byte by their pictures itself.
fn same_length(text: &str) -> String {
    if !text.chars().any(is_harmful) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| match c {
            '\r' => ' ',
            '\u{80}'..='\u{9f}' => '¿',
            c if c.len_utf8() == 3 && is_harmful(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// A message without control characters.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' | '\n' => out.push(' '),
            c @ '\0'..='\u{1f}' => {
                out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'));
            }
            c if is_harmful(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Any bytes of any text can be pointed at.
        #[test]
        fn every_span_of_every_text_is_shown(
            parts in prop::collection::vec(
                prop_oneof![
                    Just("\u{feff}"), Just("评审"), Just("\r\n"), Just("\n"), Just("\t"),
                    Just("\u{1b}["), Just("\u{9b}"), Just("\u{202e}"), Just("a = 1"),
                    Just("👩‍👩‍👧"), Just("长长长长长长长长长长长长长长长长长长长长长长长长"),
                ],
                0..60,
            ),
            repeat in prop_oneof![Just(1_usize), Just(60)],
            start in 0_u32..9_000,
            length in 0_u32..9_000,
        ) {
            let text = parts.concat().repeat(repeat);
            let file = SourceFile::new("a.toml", text.clone());
            let span = Span { start, end: start.saturating_add(length) };
            if let Some(window) = Window::around(&file, span) {
                prop_assert!(window.text.len() <= LONGEST_LINE * (MOST_LINES + 1));
                prop_assert!(window.text.get(window.span.clone()).is_some());
                let annotation = AnnotationKind::Primary.span(window.span.clone());
                let group = Group::with_title(Weight::ERROR.primary_title("x"))
                    .element(window.snippet().path("a.toml").annotation(annotation));
                let patch = Patch::new(window.span.clone(), "\"b\"");
                let fix = Group::with_title(Weight::HELP.secondary_title("y"))
                    .element(window.snippet().patch(patch));
                let shown = Style::default().renderer().render(&[group, fix]);
                prop_assert!(!shown.chars().any(|c| is_harmful(c) && c != '\n'), "{shown:?}");
            } else {
                prop_assert!(text.is_empty());
            }
        }
    }

    #[test]
    fn a_message_cannot_move_the_cursor() {
        assert_eq!(visible("a\u{1b}[2Jb\nc\u{202e}"), "a␛[2Jb c\\u{202e}");
    }
}
