//! The papers of a site, made when somebody asks for them.
//!
//! Invariant: addresses and names are those of a build. Nothing is typeset
//! here: who asks for a PDF gets the job, so that the outlook is free while a
//! worker is at it.

use super::papers::{FOLDER, Linked, Sheet, kind_sheets, record_sheets};
use super::registers;
use crate::finding::Finding;
use crate::outlook::Outlook;
use crate::print::typeset::Job;
use crate::print::{Papers, Provenance, Sheets, finding_of_page, finding_of_template};
use crate::site::{Forms, PrintedForm};
use crate::text::Language;

/// Where the style sheet of papers stands.
const STYLE: &str = "assets/print.css";

/// A paper as it was asked for.
pub enum Paper {
    /// The page or the style sheet itself.
    Text(String),
    /// What an engine makes a PDF of.
    Pdf(Box<Job>),
}

/// The papers of an outlook, one by one.
pub struct PapersOnRequest<'o, 'r> {
    outlook: &'o Outlook<'r>,
    language: Language,
    provenance: &'o Provenance,
    papers: Papers,
    program: String,
}

impl<'o, 'r> PapersOnRequest<'o, 'r> {
    /// The papers of an outlook; `program` is the edition of what will set them.
    pub fn new(
        outlook: &'o Outlook<'r>,
        language: Language,
        provenance: &'o Provenance,
        program: String,
    ) -> Self {
        PapersOnRequest {
            outlook,
            language,
            provenance,
            papers: Papers::new(outlook.register),
            program,
        }
    }

    /// The paper at an address from the site's root; none where there is none.
    pub fn file(&self, path: &str) -> Option<Result<Paper, Box<Finding>>> {
        let register = self.outlook.register;
        if path == STYLE {
            let words = register.words(self.language);
            let style = self.papers.style_sheet(words, self.language);
            let finding = |error| Box::new(finding_of_template(register, &error));
            return Some(style.map(Paper::Text).map_err(finding));
        }
        let file = path.strip_prefix(FOLDER)?.strip_prefix('/')?;
        let (name, extension) = file.rsplit_once('.')?;
        let find = |sheets: &[Sheet<'_>]| {
            let sheet = sheets
                .iter()
                .find(|sheet| sheet.sheet.view.file_name == name)?;
            self.paper(sheet, extension)
        };
        // the name begins with the number of the record, which may have hyphens
        let ends = name
            .match_indices('-')
            .map(|(at, _)| at)
            .chain([name.len()]);
        for end in ends {
            let record = register.find(&name[..end]);
            let seen = record.filter(|record| self.outlook.sees(*record));
            if let Some(found) = seen.and_then(|record| find(&self.of_record(record))) {
                return Some(found);
            }
        }
        let made = self.made();
        let mut kinds = self.outlook.kinds();
        let blank = kinds.find_map(|(index, kind)| find(&kind_sheets(&made, index, kind)));
        blank.or_else(|| {
            let mut papers = 0..register.register_papers.len();
            let sheet = papers.find_map(|paper| registers::sheet_of_file(&made, paper, name))?;
            self.paper(&sheet, extension)
        })
    }

    fn paper(&self, sheet: &Sheet<'_>, extension: &str) -> Option<Result<Paper, Box<Finding>>> {
        let sheet = &sheet.sheet;
        match extension {
            "pdf" => Some(Ok(Paper::Pdf(Box::new(self.papers.job_of(sheet))))),
            "html" => {
                let page = self.papers.html(&sheet.view, "../assets/print.css");
                let register = self.outlook.register;
                let finding =
                    |error| Box::new(finding_of_page(register, &sheet.view, sheet.place, &error));
                Some(page.map(Paper::Text).map_err(finding))
            }
            _ => None,
        }
    }

    fn made(&self) -> Sheets<'_, 'r> {
        Sheets {
            outlook: self.outlook,
            provenance: self.provenance,
            language: self.language,
            for_viewer: true,
            papers: &self.papers,
            program: &self.program,
        }
    }

    fn of_record(&self, record: usize) -> Vec<Sheet<'r>> {
        record_sheets(&self.made(), record)
    }

    /// The papers as pages of a language link to them, from whose root `up`
    /// leads to what all languages share.
    pub fn on_pages(&self, language: Language, up: &'static str) -> LinksOnRequest<'_, 'o, 'r> {
        LinksOnRequest {
            papers: self,
            language,
            up,
        }
    }
}

/// The papers as the pages of a language link to them.
pub struct LinksOnRequest<'p, 'o, 'r> {
    papers: &'p PapersOnRequest<'o, 'r>,
    language: Language,
    up: &'static str,
}

impl LinksOnRequest<'_, '_, '_> {
    fn linked(&self, sheets: &[Sheet<'_>]) -> Vec<PrintedForm> {
        sheets
            .iter()
            .map(|sheet| {
                let linked = Linked {
                    id: sheet.id.clone(),
                    name: sheet.name.clone(),
                    clause: sheet.clause.clone(),
                    files: files(&sheet.sheet.view.file_name),
                };
                linked.on_pages(self.language, self.up)
            })
            .collect()
    }
}

/// Words and addresses of a paper's versions, by the name of its files.
fn files(name: &str) -> Vec<(String, String)> {
    let file = |(word, end): (&str, &str)| (word.to_owned(), format!("{FOLDER}/{name}.{end}"));
    [("PDF", "pdf"), ("HTML", "html")].map(file).to_vec()
}

impl Forms for LinksOnRequest<'_, '_, '_> {
    fn of_record(&self, record: usize) -> Vec<PrintedForm> {
        self.linked(&self.papers.of_record(record))
    }

    fn of_kind(&self, kind: usize) -> Vec<PrintedForm> {
        let outlook = self.papers.outlook;
        let mut kinds = outlook.kinds();
        let Some((_, definition)) = kinds.find(|(index, _)| *index == kind) else {
            return Vec::new();
        };
        self.linked(&kind_sheets(&self.papers.made(), kind, definition))
    }

    fn of_register(&self, paper: usize) -> Vec<PrintedForm> {
        let outlook = self.papers.outlook;
        let definition = &outlook.register.register_papers[paper];
        let named = registers::named(outlook, paper).into_iter();
        named
            .map(|named| {
                let linked = Linked {
                    id: definition.id.to_string(),
                    name: named.name,
                    clause: definition.clause.as_deref().map(str::to_owned),
                    files: files(&named.file),
                };
                linked.on_pages(self.language, self.up)
            })
            .collect()
    }

    fn count_of_register(&self, paper: usize) -> usize {
        registers::count_of(self.papers.outlook, paper)
    }
}
