//! What a company chose for its paper, as templates see it, and the fonts it
//! takes.

use super::typeset::installed_fonts;
use crate::finding::Finding;
use crate::organisation::{EDGES, FACES, PaperSettings};

/// The settings as templates see them: of the fonts those that are there.
pub(super) fn settings_of(
    paper: &PaperSettings,
    present: [bool; FACES.len()],
) -> serde_json::Value {
    let fonts: serde_json::Map<_, _> = FACES
        .iter()
        .zip(&paper.fonts)
        .zip(present)
        .map(|((name, face), present)| {
            let family = face.as_ref().filter(|_| present).map(|face| &*face.value);
            ((*name).to_owned(), family.into())
        })
        .collect();
    let margins: serde_json::Map<_, _> = EDGES
        .iter()
        .zip(paper.margins)
        .map(|(name, margin)| ((*name).to_owned(), margin.into()))
        .collect();
    serde_json::json!({
        "letters": paper.letters.name(),
        "accent": paper.accent.as_deref(),
        "fonts": fonts,
        "margins": margins,
        "logo": null,
    })
}

/// Which of the chosen fonts are there: among the files, or on the machine, and
/// then their files are added. One that is not is a warning.
pub(super) fn faces(
    paper: &PaperSettings,
    files: &mut Vec<(String, Vec<u8>)>,
) -> ([bool; FACES.len()], Vec<Finding>) {
    let wanted: Vec<&str> = paper
        .fonts
        .iter()
        .flatten()
        .map(|face| &*face.value)
        .collect();
    let found = installed_fonts(&wanted, files);
    let mut findings = Vec::new();
    let present = paper.fonts.each_ref().map(|face| {
        let Some(face) = face else { return false };
        let present = found.has(&face.value);
        if !present {
            findings
                .push(Finding::warning("font-missing", face.place).with("family", &*face.value));
        }
        present
    });
    files.extend(found.files);
    (present, findings)
}
