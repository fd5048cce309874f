//! The register papers of a site: filled ones for whom they are, and blank
//! ones for the company's own people.

use rayon::prelude::*;

use super::papers::{Of, Sheet};
use crate::print::{self, Sheets, gathered};

/// All register papers that the outlook's viewer may have, by definition:
/// filled ones first, then the blank one.
pub(super) fn sheets<'r>(made: &Sheets<'_, 'r>) -> Vec<Sheet<'r>> {
    let outlook = made.outlook;
    let register = outlook.register;
    register
        .register_papers
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, paper)| {
            let clause = paper.clause.as_deref().map(str::to_owned);
            let sheet = move |sheet: print::Sheet<'r>| Sheet {
                id: paper.id.to_string(),
                sheet,
                clause: clause.clone(),
                row: None,
                of: Of::Register(index),
            };
            let blank = outlook
                .viewer
                .is_insider()
                .then(|| sheet(made.blank_register(paper)));
            let filled: Vec<Sheet<'r>> = gathered(outlook, paper)
                .iter()
                .map(|paper| sheet(made.gathered(paper)))
                .collect();
            filled.into_iter().chain(blank)
        })
        .collect()
}
