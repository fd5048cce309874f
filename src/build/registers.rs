//! The register papers of a site: filled ones for whom they are, and blank
//! ones for the company's own people.

use rayon::prelude::*;

use super::papers::{Of, Sheet};
use crate::outlook::Outlook;
use crate::print::{self, Gathered, Sheets, gathered};
use crate::text::Text;

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
    let register = outlook.register;
    let sheet = |sheet: print::Sheet<'r>, name: Text| Sheet {
        id: paper.id.to_string(),
        sheet,
        clause: paper.clause.as_deref().map(str::to_owned),
        name,
        of: Of::Register(index),
    };
    let blank = outlook.viewer.is_insider().then(|| {
        let word = |language| {
            register
                .words(language)
                .get("site.registers.blank")
                .to_owned()
        };
        sheet(made.blank_register(paper), Text::made(word))
    });
    // papers of one definition stand under its name and are told apart by whom they are of
    let name = |gathered: &Gathered<'_>| {
        Text::made(|language| {
            let subject = gathered.subject(register, language);
            subject.unwrap_or_else(|| paper.name.get(language).to_owned())
        })
    };
    let gathered = gathered(outlook, paper);
    let filled = gathered
        .iter()
        .map(|gathered| sheet(made.gathered(gathered), name(gathered)));
    filled.chain(blank).collect()
}

/// How many there are of a definition, by its index.
pub(super) fn count_of(outlook: &Outlook<'_>, index: usize) -> usize {
    let paper = &outlook.register.register_papers[index];
    gathered(outlook, paper).len() + usize::from(outlook.viewer.is_insider())
}
