//! The register papers of a site: filled ones for whom they are, and blank
//! ones for the company's own people.

use rayon::prelude::*;

use super::papers::{Of, Sheet, date_of};
use crate::finding::{Place, Span};
use crate::outlook::Outlook;
use crate::print::{Gathered, blank_register, gathered};
use crate::text::Language;

/// All register papers that the outlook's viewer may have, by definition:
/// filled ones first, then the blank one.
pub(super) fn sheets(outlook: &Outlook<'_>, language: Language) -> Vec<Sheet> {
    let register = outlook.register;
    register
        .register_papers
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, paper)| {
            let place = Place {
                file: paper.file,
                span: Span::default(),
            };
            let clause = paper.clause.as_deref().map(str::to_owned);
            let sheet = move |view, date| Sheet {
                view,
                clause: clause.clone(),
                of: Of::Register(index),
                place,
                date,
            };
            let blank = outlook.viewer.is_insider().then(|| {
                let view = blank_register(register, paper, language);
                sheet(view, outlook.today.first_of_year())
            });
            let filled: Vec<Sheet> = gathered(outlook, paper)
                .iter()
                .map(|paper| sheet(paper.view(outlook, language), last_day(outlook, paper)))
                .collect();
            filled.into_iter().chain(blank)
        })
        .collect()
}

/// The day of the last thing that any of its records tells.
fn last_day(outlook: &Outlook<'_>, paper: &Gathered<'_>) -> jiff::civil::Date {
    paper
        .records
        .iter()
        .map(|record| date_of(outlook, *record))
        .max()
        .unwrap_or_else(|| outlook.today.first_of_year())
}
