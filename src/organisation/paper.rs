//! `[paper]` of `taizhang.toml`: how the company's own paper looks.
//!
//! Invariant: what stands here can be printed with; a value that cannot was a
//! finding when it was read, and what holds without it holds.

use std::sync::Arc;

use super::colour::{colour, contrast_with_white};
use super::logo::{self, Logo};
use crate::finding::{Finding, Place};
use crate::source::{Located, TableReader, Tree};
use crate::text::Text;

/// After which model letters, notices and minutes are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetterPaper {
    /// The project's plain style.
    #[default]
    Plain,
    /// GB/T 9704-2012 党政机关公文格式, with a red head.
    Official,
}

impl LetterPaper {
    /// Both by their names in settings, definitions and templates.
    pub const NAMES: [(&str, LetterPaper); 2] = [
        ("plain", LetterPaper::Plain),
        ("official", LetterPaper::Official),
    ];

    /// The name in settings, definitions and templates.
    pub fn name(self) -> &'static str {
        match self {
            LetterPaper::Plain => "plain",
            LetterPaper::Official => "official",
        }
    }
}

/// Faces that a company can choose, by what they are used for.
pub const FACES: [&str; 5] = ["text", "heading", "emphasis", "title", "official"];

/// Edges of the sheet.
pub const EDGES: [&str; 4] = ["top", "right", "bottom", "left"];

/// Least margin where the sheet is bound, in millimetres.
pub const BINDING_EDGE: f64 = 25.0;
/// Least and largest margin elsewhere, in millimetres: printers do not reach
/// the edge, and the text needs the rest.
const MARGINS: [f64; 2] = [10.0, 60.0];
/// Least contrast with white: WCAG 2.1, 1.4.11, marks that carry meaning.
const LEAST_CONTRAST: f64 = 3.0;

/// Everything `[paper]` says.
#[derive(Clone, Debug, Default)]
pub struct PaperSettings {
    /// After which model letters are set.
    pub letters: LetterPaper,
    /// The words in the red head of a notice; the company's name and 文件
    /// where none are given.
    pub head: Option<Text>,
    /// Where the logo is named.
    logo_path: Option<Located<Arc<str>>>,
    /// The logo.
    pub logo: Option<Logo>,
    /// Colour of the company's name and the rules under it: `#1f3a5f`.
    pub accent: Option<Arc<str>>,
    /// Families in the order of [`FACES`].
    pub fonts: [Option<Located<Arc<str>>>; FACES.len()],
    /// Millimetres in the order of [`EDGES`].
    pub margins: [Option<f64>; EDGES.len()],
}

/// Reads `[paper]`.
pub(super) fn read_paper(table: TableReader<'_>) -> PaperSettings {
    let mut paper = PaperSettings {
        letters: table
            .choice("letters", &LetterPaper::NAMES)
            .unwrap_or_default(),
        head: table.text("head"),
        logo_path: located(&table, "logo"),
        ..PaperSettings::default()
    };
    if let Some(found) = located(&table, "accent") {
        match colour(&found.value).map(contrast_with_white) {
            None => table.report(bad(&found, "colour")),
            Some(contrast) if contrast < LEAST_CONTRAST => {
                table.report(bad(&found, "colour-pale"));
            }
            Some(_) => paper.accent = Some(found.value),
        }
    }
    if let Some(fonts) = table.table("fonts") {
        for (name, face) in FACES.into_iter().zip(&mut paper.fonts) {
            let Some(found) = located(&fonts, name) else {
                continue;
            };
            if is_family(&found.value) {
                *face = Some(found);
            } else {
                fonts.report(bad(&found, "font"));
            }
        }
        fonts.finish();
    }
    if let Some(margins) = table.table("margins") {
        for (name, margin) in EDGES.into_iter().zip(&mut paper.margins) {
            let (Some(value), Some(millimetres)) = (margins.get(name), margins.number(name)) else {
                continue;
            };
            let found = Located {
                value: Arc::from(millimetres.to_string()),
                place: margins.place_of(value),
            };
            if name == "left" && millimetres < BINDING_EDGE {
                margins.report(bad(&found, "binding-edge"));
            } else if !(MARGINS[0]..=MARGINS[1]).contains(&millimetres) {
                margins.report(bad(&found, "margin"));
            } else {
                *margin = Some(millimetres);
            }
        }
        margins.finish();
    }
    table.get("note");
    table.finish();
    paper
}

fn located(table: &TableReader<'_>, key: &'static str) -> Option<Located<Arc<str>>> {
    table.string(key).map(|found| Located {
        value: found.value.into(),
        place: found.place,
    })
}

fn bad(found: &Located<Arc<str>>, message: &'static str) -> Finding {
    bad_value(found.place, &found.value, message)
}

fn bad_value(place: Place, value: &str, message: &'static str) -> Finding {
    Finding::error("bad-setting", place)
        .message(message)
        .with("value", value)
}

impl PaperSettings {
    /// Takes the logo's file in; what is wrong with it is a finding, and the
    /// paper is printed without.
    pub(super) fn read_logo(&mut self, tree: &Tree) -> Option<Finding> {
        let read = logo::read(self.logo_path.as_ref()?, tree);
        read.map(|logo| self.logo = Some(logo))
            .err()
            .map(|finding| *finding)
    }
}

/// Whether a text can be the name of a font family: it goes into style sheets.
fn is_family(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || " -_.&".contains(c);
    !name.trim().is_empty() && name.chars().all(allowed)
}
