//! A merge that is not finished: both sides of it, in the words of the form.

use super::registry::Scope;
use crate::change::{Change, Version, compare};
use crate::display::{DateStyle, Display};
use crate::finding::{Finding, Span};
use crate::record::read_record;
use crate::source::{Unmerged, parse};
use crate::text::{Language, Text};

/// No more changes of one conflict than this are told.
const MOST: usize = 3;
/// Longest value told, in characters.
const LONGEST: usize = 60;

/// What reading has found of it says which bytes; here it is told what they mean.
pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Finding>) {
    let register = scope.register;
    let file = scope.record.file;
    let source = register.sources.file(file);
    let unmerged = source.unmerged();
    if unmerged.is_empty() {
        return;
    }
    let mut plain = parse(file, source).findings;
    plain.retain(|finding| finding.rule == RULE);
    let theirs = source.theirs();
    let read = read_record(
        &register.kinds,
        &register.organisation,
        &register.settings.time,
        file,
        &theirs,
    );
    let sides = read.0.as_ref().map(|record| {
        let version = |record, file| Version {
            register,
            record,
            file,
        };
        [version(scope.record, source), version(record, &theirs)]
    });
    let changes = sides.map_or_else(Vec::new, |[ours, theirs]| compare(ours, theirs));
    for (conflict, finding) in unmerged.iter().zip(plain) {
        let within: Vec<&Change<'_>> = changes
            .iter()
            .filter(|change| is_within(change, conflict))
            .collect();
        let (Some(sides), false) = (sides, within.is_empty()) else {
            let around = changes.iter().find(|change| is_around(change, conflict));
            found.push(match (sides, around) {
                (Some(sides), Some(change)) => {
                    finding.message("within").with("what", what(sides, change))
                }
                _ => finding,
            });
            continue;
        };
        let whole = conflict.sides.as_ref().is_some_and(|lines| {
            let has_number = |side: usize| {
                let span = sides[side].record.id.span;
                lines[side].contains(&(span.start as usize)) && span != Span::default()
            };
            has_number(0) && has_number(1)
        });
        let [ours, theirs] = sides;
        if whole && ours.record.id.value == theirs.record.id.value {
            found.push(
                Finding::error(RULE, finding.place)
                    .message("same-number")
                    .with("id", &*ours.record.id.value)
                    .with("ours", &*ours.record.title.value)
                    .with("theirs", &*theirs.record.title.value),
            );
            continue;
        }
        let [zh, en] =
            [Language::Chinese, Language::English].map(|language| told(sides, &within, language));
        found.push(
            Finding::error(RULE, finding.place)
                .message("told")
                .with("changes", Text::new(zh, en)),
        );
    }
}

const RULE: &str = "merge-conflict";

/// Whether a change stands between the marks of a conflict.
fn is_within(change: &Change<'_>, conflict: &Unmerged) -> bool {
    let spans = [change.before, change.after].map(|told| told.map(|told| told.span()));
    let within =
        |span: &Span| *span != Span::default() && conflict.lines.contains(&(span.start as usize));
    spans.iter().flatten().any(within)
}

/// Whether a conflict stands inside of a value: between the lines of a text.
fn is_around(change: &Change<'_>, conflict: &Unmerged) -> bool {
    let (Some(before), Some(_)) = (change.before, change.after) else {
        return false;
    };
    let span = before.span().range();
    span.start < conflict.lines.start && conflict.lines.end <= span.end
}

/// What a change is about, in both languages.
fn what(sides: [Version<'_>; 2], change: &Change<'_>) -> Text {
    let [zh, en] = [Language::Chinese, Language::English].map(|language| {
        let display = Display::new(sides[0].register, language, DateStyle::Table);
        let [ours, theirs] = sides.map(|version| Some((&display, version)));
        display.part(&change.part, ours, theirs)
    });
    Text::new(zh, en)
}

/// Both sides of some changes in a sentence.
fn told(sides: [Version<'_>; 2], changes: &[&Change<'_>], language: Language) -> String {
    let display = Display::new(sides[0].register, language, DateStyle::Table);
    let words = display.words;
    let value = |told| match told {
        Some(told) => shortened(&display.told(told)),
        None => words.get("merge.nothing").to_owned(),
    };
    let mut all: Vec<String> = changes
        .iter()
        .take(MOST)
        .map(|change| {
            let [ours, theirs] = sides.map(|version| Some((&display, version)));
            let part = display.part(&change.part, ours, theirs);
            let (ours, theirs) = (value(change.before), value(change.after));
            let values = [("what", &*part), ("ours", &*ours), ("theirs", &*theirs)];
            words.filled("merge.both", &values)
        })
        .collect();
    if changes.len() > MOST {
        let count = (changes.len() - MOST).to_string();
        all.push(words.filled("merge.more", &[("count", &count)]));
    }
    all.join(words.get("review.separator"))
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
