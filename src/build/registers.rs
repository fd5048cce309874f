//! The register papers of a site: filled ones for whom they are, and blank
//! ones for the company's own people.

use rayon::prelude::*;

use super::papers::{Of, Sheet};
use crate::outlook::Outlook;
use crate::print::{self, Sheets, gathered};

/// All register papers that the outlook's viewer may have, by definition.
pub(super) fn sheets<'r>(made: &Sheets<'_, 'r>) -> Vec<Sheet<'r>> {
    let papers = 0..made.outlook.register.register_papers.len();
    papers
        .into_par_iter()
        .flat_map_iter(|paper| sheets_of(made, paper))
        .collect()
}

/// The papers of a definition, by its index: filled ones first, then the blank one.
pub(super) fn sheets_of<'r>(made: &Sheets<'_, 'r>, index: usize) -> Vec<Sheet<'r>> {
    let outlook = made.outlook;
    let paper = &outlook.register.register_papers[index];
    let sheet = |sheet: print::Sheet<'r>| Sheet {
        id: paper.id.to_string(),
        sheet,
        clause: paper.clause.as_deref().map(str::to_owned),
        row: None,
        of: Of::Register(index),
    };
    let blank = outlook
        .viewer
        .is_insider()
        .then(|| sheet(made.blank_register(paper)));
    let gathered = gathered(outlook, paper);
    let filled = gathered.iter().map(|paper| sheet(made.gathered(paper)));
    filled.chain(blank).collect()
}

/// How many there are of a definition, by its index.
pub(super) fn count_of(outlook: &Outlook<'_>, index: usize) -> usize {
    let paper = &outlook.register.register_papers[index];
    gathered(outlook, paper).len() + usize::from(outlook.viewer.is_insider())
}
