//! From findings to something to look at: [`terminal`] for people, [`json`]
//! for programs, [`github`], [`gitlab`], [`sarif`] and [`junit`] for forges.
//!
//! Invariants: a finding is worded here and nowhere else, in any language,
//! from `templates/rules/<rule>.toml` or from the texts that a kind's rule
//! brings along; the output depends on nothing but findings, sources and
//! words, so that it is the same on every machine.

pub mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod plain;
pub mod review;
pub mod sarif;
mod single_line;
pub mod terminal;

pub use single_line::{harmless_json, single_line, without_commands};
pub use terminal::summary;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::definition::{Kind, RuleMessage, RuleText};
use crate::finding::{Argument, Finding, Fix, Level, Place, Wording};
use crate::register::Register;
use crate::source::{Position, Sources};
use crate::text::{Language, Text, fill};
use crate::words::Words;

/// Longest value put into a message, in characters: a message names what is
/// wrong, the place shows the rest.
const LONGEST_VALUE: usize = 48;
/// The same for what explains: a list of known names, the words of a parser.
const LONGEST_LIST: usize = 300;

/// A place as people and programs read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location<'r> {
    /// The bytes.
    pub place: Place,
    /// Path in the repository; built-in files start with `built-in:`.
    pub path: &'r str,
    /// First line and column.
    pub start: Position,
    /// Line and column just past the last character.
    pub end: Position,
}

/// A finding in the words of one language.
#[derive(Clone, Debug)]
pub struct Rendered<'r> {
    /// How much it weighs.
    pub level: Level,
    /// The rule's name.
    pub rule: &'r str,
    /// What the rule asks, in a line; empty when nobody says.
    pub title: &'r str,
    /// The clause of a handbook that it comes from.
    pub clause: Option<&'r str>,
    /// Where.
    pub location: Location<'r>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What would mend it.
    pub fix: Option<&'r Fix>,
    /// Other places that have to do with it.
    pub related: Vec<Location<'r>>,
}

/// Words findings in one language.
pub struct Reporter<'r> {
    sources: &'r Sources,
    rules: &'r BTreeMap<Arc<str>, RuleText>,
    kinds: &'r [Kind],
    words: &'r Words,
    language: Language,
}

impl<'r> Reporter<'r> {
    /// A reporter of what was found in this register.
    pub fn new(register: &'r Register, language: Language) -> Self {
        Reporter {
            sources: &register.sources,
            rules: &register.rules,
            kinds: &register.kinds,
            words: register.words(language),
            language,
        }
    }

    /// The words of its language.
    pub fn words(&self) -> &'r Words {
        self.words
    }

    /// The files that findings point into.
    pub fn sources(&self) -> &'r Sources {
        self.sources
    }

    /// Why a rule asks what it asks (Markdown); none when no text says.
    pub fn explanation(&self, rule: &str) -> Option<&'r str> {
        let text = self.rules.get(rule)?;
        Some(text.explain.get(self.language)).filter(|explain| !explain.is_empty())
    }

    /// The name of a level: 错误, 警告, 提示.
    pub fn level(&self, level: Level) -> &'r str {
        let words: &'r Words = self.words;
        match level {
            Level::Error => words.get("levels.error"),
            Level::Warning => words.get("levels.warning"),
            Level::Note => words.get("levels.note"),
        }
    }

    /// A place with its path, lines and columns.
    pub fn location(&self, place: Place) -> Location<'r> {
        let file = self.sources.file(place.file);
        Location {
            place,
            path: &file.path,
            start: file.position(place.span.start),
            end: file.position(place.span.end.max(place.span.start)),
        }
    }

    /// The finding in words. A rule without a text is shown by its name with
    /// its values: less than a sentence, but nothing is lost.
    pub fn render(&self, finding: &'r Finding) -> Rendered<'r> {
        let text = self.rules.get(&*finding.rule);
        let (message, help) = match &finding.wording {
            Wording::Own { message, help } => (
                self.fill(message, finding),
                help.as_ref().map(|help| self.fill(help, finding)),
            ),
            Wording::Named(name) => match text.and_then(|text| text.messages.get(*name)) {
                Some(RuleMessage { text, help }) => (
                    self.fill(text, finding),
                    help.as_ref().map(|help| self.fill(help, finding)),
                ),
                None => (self.unworded(name, finding), None),
            },
        };
        let own = || {
            self.kinds
                .iter()
                .flat_map(|kind| &kind.rules)
                .find(|rule| *rule.id == *finding.rule)
        };
        let title = text
            .map(|text| &text.title)
            .or_else(|| own().map(|rule| &rule.title))
            .map_or("", |title| title.get(self.language));
        let clause = finding
            .clause
            .as_deref()
            .or_else(|| text.and_then(|text| text.clauses.first().map(|clause| &**clause)));
        Rendered {
            level: finding.level,
            rule: &finding.rule,
            title,
            clause,
            location: self.location(finding.place),
            message,
            help: help.filter(|help| !help.is_empty()),
            fix: finding.fix.as_ref(),
            related: finding
                .related
                .iter()
                .map(|place| self.location(*place))
                .collect(),
        }
    }

    fn fill(&self, template: &Text, finding: &Finding) -> String {
        fill(template.get(self.language), |name| {
            self.value(name, finding).map(Cow::Owned)
        })
    }

    /// The value of a placeholder: some are names of words.
    fn value(&self, name: &str, finding: &Finding) -> Option<String> {
        let argument = finding
            .arguments
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, argument)| argument)?;
        let text: &str = match argument {
            Argument::Plain(text) => text,
            Argument::Labelled(text) => text.get(self.language),
        };
        let worded = match name {
            "expected" | "found" => self.words.find(&format!("types.{text}")),
            "problem" => self.words.find(&format!("calendar.{text}")),
            "known" if text.is_empty() => self.words.find("report.none-known"),
            _ => None,
        };
        Some(match worded {
            // the words of a problem have placeholders of their own
            Some(words) if name == "problem" => fill(words, |inner| {
                (inner != name)
                    .then(|| self.value(inner, finding).map(Cow::Owned))
                    .flatten()
            }),
            Some(words) => words.to_owned(),
            None => match name {
                "known" | "detail" | "hint" | "pattern" | "others" | "changes" => {
                    cut(text, LONGEST_LIST)
                }
                _ => cut(text, LONGEST_VALUE),
            },
        })
    }

    fn unworded(&self, message: &str, finding: &Finding) -> String {
        let mut text = format!("{}.{message}", finding.rule);
        for (name, _) in &finding.arguments {
            let value = self.value(name, finding).unwrap_or_default();
            text.push_str(&format!(" {name}={value}"));
        }
        text
    }
}

/// On one line, and no longer than `longest` characters.
fn cut(text: &str, longest: usize) -> String {
    let mut out: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = out.char_indices().nth(longest) {
        out.truncate(at);
        out.push('…');
    }
    out
}

/// How many findings of each level there are, and in how many files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Files with at least one finding.
    pub files: usize,
}

impl Counts {
    /// Counts these findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = Counts::default();
        let mut files = std::collections::BTreeSet::new();
        for finding in findings {
            match finding.level {
                Level::Error => counts.errors += 1,
                Level::Warning => counts.warnings += 1,
                Level::Note => counts.notes += 1,
            }
            files.insert(finding.place.file);
        }
        counts.files = files.len();
        counts
    }
}
