//! The register papers of a site: filled ones for whom they are, and blank
//! ones for the company's own people.

use rayon::prelude::*;

use super::papers::{Of, Sheet};
use crate::definition::RegisterPaper;
use crate::outlook::Outlook;
use crate::print::{Gathered, Sheets, blank_register_name, gathered};
use crate::text::Text;

/// All register papers that the outlook's viewer may have, by definition.
pub(super) fn sheets<'r>(made: &Sheets<'_, 'r>) -> Vec<Sheet<'r>> {
    let papers = 0..made.outlook.register.register_papers.len();
    papers
        .into_par_iter()
        .flat_map_iter(|paper| sheets_of(made, paper))
        .collect()
}

/// A register paper by its name and that of its file, without what stands on it.
pub(super) struct Named {
    /// What it is called where it is linked.
    pub name: Text,
    /// The name of its file, without extension.
    pub file: String,
}

/// The papers of a definition, by its index: filled ones first, then the blank
/// one.
pub(super) fn named(outlook: &Outlook<'_>, index: usize) -> Vec<Named> {
    let paper = &outlook.register.register_papers[index];
    names_of(outlook, paper, &gathered(outlook, paper))
}

fn names_of(outlook: &Outlook<'_>, paper: &RegisterPaper, gathered: &[Gathered<'_>]) -> Vec<Named> {
    let register = outlook.register;
    let blank = outlook.viewer.is_insider().then(|| Named {
        name: Text::made(|language| {
            let words = register.words(language);
            words.get("site.registers.blank").to_owned()
        }),
        file: blank_register_name(paper),
    });
    // papers of one definition stand under its name and are told apart by whom they are of
    let filled = gathered.iter().map(|gathered| Named {
        name: Text::made(|language| {
            let subject = gathered.subject(register, language);
            subject.unwrap_or_else(|| paper.name.get(language).to_owned())
        }),
        file: gathered.file_name(),
    });
    filled.chain(blank).collect()
}

/// The same with what stands on them.
pub(super) fn sheets_of<'r>(made: &Sheets<'_, 'r>, index: usize) -> Vec<Sheet<'r>> {
    let paper = &made.outlook.register.register_papers[index];
    let gathered = gathered(made.outlook, paper);
    let names = names_of(made.outlook, paper, &gathered).into_iter();
    let sheets = gathered.iter().map(Some).chain([None]);
    names
        .zip(sheets)
        .map(|(named, gathered)| sheet(made, index, named, gathered))
        .collect()
}

/// The paper of that file, of a definition by its index.
pub(super) fn sheet_of_file<'r>(
    made: &Sheets<'_, 'r>,
    index: usize,
    file: &str,
) -> Option<Sheet<'r>> {
    let paper = &made.outlook.register.register_papers[index];
    let gathered = gathered(made.outlook, paper);
    let mut names = names_of(made.outlook, paper, &gathered).into_iter();
    let (at, named) = names.by_ref().enumerate().find(|(_, it)| it.file == file)?;
    Some(sheet(made, index, named, gathered.get(at)))
}

/// A filled paper, or the blank one.
fn sheet<'r>(
    made: &Sheets<'_, 'r>,
    index: usize,
    named: Named,
    gathered: Option<&Gathered<'_>>,
) -> Sheet<'r> {
    let paper = &made.outlook.register.register_papers[index];
    Sheet {
        id: paper.id.to_string(),
        sheet: match gathered {
            Some(gathered) => made.gathered(gathered),
            None => made.blank_register(paper),
        },
        clause: paper.clause.as_deref().map(str::to_owned),
        name: named.name,
        of: Of::Register(index),
    }
}

/// How many there are of a definition, by its index.
pub(super) fn count_of(outlook: &Outlook<'_>, index: usize) -> usize {
    let paper = &outlook.register.register_papers[index];
    gathered(outlook, paper).len() + usize::from(outlook.viewer.is_insider())
}
