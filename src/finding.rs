//! What a rule says: a finding with its place, its words and its clause.
//!
//! Invariants: a finding always has a place; it holds no rendered text but
//! the name of a message of its rule and the values to put into it, so that
//! the same finding can be shown in any language by [`crate::report`].

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::text::Text;

/// How much a finding weighs. Only errors make `check` fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing, nothing to do.
    Note,
    /// Should be mended; the record still counts.
    Warning,
    /// Must be mended; `check` exits with 1.
    Error,
}

impl Level {
    /// The name in definition files and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        [Level::Note, Level::Warning, Level::Error]
            .into_iter()
            .find(|level| level.name() == name)
    }
}

/// Index of a file in [`crate::source::Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in a file. Four gigabytes are enough for everybody:
/// larger files are refused when they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from a range of `usize`, clamped to what a span can hold.
    pub fn new(range: Range<usize>) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            start: clamp(range.start),
            end: clamp(range.end),
        }
    }

    /// The same as a range of `usize`.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the two share a byte, or touch when one is empty.
    pub fn overlaps(self, other: Span) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// Where: a span of bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which file.
    pub file: FileId,
    /// Which bytes of it.
    pub span: Span,
}

/// A value put into a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// The same in every language: a name, a number, words of a record.
    Plain(String),
    /// A label that has a text for each language.
    Labelled(Text),
}

impl From<&str> for Argument {
    fn from(value: &str) -> Self {
        Argument::Plain(value.to_owned())
    }
}

impl From<String> for Argument {
    fn from(value: String) -> Self {
        Argument::Plain(value)
    }
}

impl From<&Text> for Argument {
    fn from(value: &Text) -> Self {
        Argument::Labelled(value.clone())
    }
}

impl From<Text> for Argument {
    fn from(value: Text) -> Self {
        Argument::Labelled(value)
    }
}

impl From<usize> for Argument {
    fn from(value: usize) -> Self {
        Argument::Plain(value.to_string())
    }
}

/// The words of a finding: a message of its rule's file, or the texts that a
/// rule of a kind brings along.
#[derive(Clone, Debug, PartialEq)]
pub enum Wording {
    /// `[messages.<name>]` of `templates/rules/<rule>.toml`.
    Named(&'static str),
    /// The texts of a rule written in a kind's definition.
    Own {
        /// What is wrong.
        message: Text,
        /// What to do, if the rule says.
        help: Option<Text>,
    },
}

/// A change that would mend the finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// The bytes to replace, in the finding's file.
    pub span: Span,
    /// What to put there, as TOML.
    pub replacement: String,
    /// Whether it can be applied without a person looking at it.
    pub safe: bool,
}

/// What a rule says of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's name, `vague-wording`.
    pub rule: Cow<'static, str>,
    /// How much it weighs.
    pub level: Level,
    /// Where.
    pub place: Place,
    /// The clause of a handbook it comes from (`W1`), as far as it has one.
    pub clause: Option<Arc<str>>,
    /// Its words.
    pub wording: Wording,
    /// The values for the placeholders of the words, by name.
    pub arguments: Vec<(Cow<'static, str>, Argument)>,
    /// Other places that have to do with it (the first of two equal numbers).
    pub related: Vec<Place>,
    /// What would mend it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// An error of the rule with its message `plain`; the other methods refine it.
    pub fn error(rule: &'static str, place: Place) -> Self {
        Finding {
            rule: Cow::Borrowed(rule),
            level: Level::Error,
            place,
            clause: None,
            wording: Wording::Named("plain"),
            arguments: Vec::new(),
            related: Vec::new(),
            fix: None,
        }
    }

    /// The same as a warning.
    pub fn warning(rule: &'static str, place: Place) -> Self {
        Self::error(rule, place).level(Level::Warning)
    }

    /// The same as a note.
    pub fn note(rule: &'static str, place: Place) -> Self {
        Self::error(rule, place).level(Level::Note)
    }

    /// With this level.
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// With this message of the rule instead of `plain`.
    pub fn message(mut self, name: &'static str) -> Self {
        self.wording = Wording::Named(name);
        self
    }

    /// With a value for a placeholder.
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// From this clause.
    pub fn clause(mut self, clause: Option<Arc<str>>) -> Self {
        self.clause = clause;
        self
    }

    /// With another place that has to do with it.
    pub fn related(mut self, place: Place) -> Self {
        self.related.push(place);
        self
    }

    /// Says the same of a file that has another number now.
    pub(crate) fn renumber(&mut self, from: FileId, to: FileId) {
        let places = std::iter::once(&mut self.place).chain(&mut self.related);
        for place in places.filter(|place| place.file == from) {
            place.file = to;
        }
    }

    /// With a change that mends it.
    pub fn fix(mut self, span: Span, replacement: impl Into<String>, safe: bool) -> Self {
        self.fix = Some(Fix {
            span,
            replacement: replacement.into(),
            safe,
        });
        self
    }
}

/// Puts findings in the order in which people read them: by file, place,
/// weight, rule. The order does not depend on which thread found what.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (a.place, b.level, &a.rule)
            .cmp(&(b.place, a.level, &b.rule))
            .then_with(|| format!("{:?}", a.arguments).cmp(&format!("{:?}", b.arguments)))
    });
}
