//! The papers of a site: every form of every record seen, and every blank
//! form, as HTML and PDF. What did not change since the last build is taken
//! over from it instead of being set again.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{BuildOptions, output, registers};
use crate::definition::Kind;
use crate::display::{DateStyle, Display};
use crate::finding::Finding;
use crate::outlook::Outlook;
use crate::print::typeset::{Engine, Pool, PoolSettings, TypesetError};
use crate::print::{
    self, Batch, FormRef, FormView, Papers, Sheets, Shelf, finding_of_page, finding_of_template,
    findings_of, forms_of, title_of, without_repeats,
};
use crate::publish::Output;
use crate::register::Register;
use crate::site::{Forms, PrintedForm};
use crate::text::{Language, Text};

/// Which papers go with a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperChoice {
    /// PDF and HTML.
    All,
    /// HTML only.
    Html,
    /// None.
    None,
}

/// Where papers lie in a site.
pub(super) const FOLDER: &str = "forms";
/// Which input each PDF of the last build was made of.
const INDEX: &str = "forms/index.json";

/// All papers of a site.
pub(super) struct Printed {
    /// Their files.
    pub outputs: Vec<Output>,
    /// Those that could not be set.
    pub findings: Vec<Finding>,
    /// How many there are.
    pub count: usize,
    of_record: HashMap<usize, Vec<Linked>>,
    of_kind: Vec<Vec<Linked>>,
    of_register: Vec<Vec<Linked>>,
}

/// A paper as pages link to it.
pub(super) struct Linked {
    pub id: String,
    pub name: Text,
    pub clause: Option<String>,
    /// Words and address from the root of what all languages share.
    pub files: Vec<(String, String)>,
}

impl Linked {
    /// The same for pages of a language, from whose root `up` leads to what all share.
    pub fn on_pages(&self, language: Language, up: &str) -> PrintedForm {
        let files = self.files.iter();
        PrintedForm {
            id: self.id.clone(),
            name: self.name.get(language).to_owned(),
            clause: self.clause.clone(),
            files: files
                .map(|(word, path)| (word.clone(), format!("{up}{path}")))
                .collect(),
        }
    }
}

/// The papers, for the pages of a language.
pub(super) struct OfLanguage<'p> {
    pub printed: &'p Printed,
    pub language: Language,
    /// From the root of these pages to the root of what all languages share.
    pub up: &'static str,
}

/// Where a site links a paper.
pub(super) enum Of {
    /// At a record, by its index.
    Record(usize),
    /// Blank, at the register of a kind, by its index.
    Kind(usize),
    /// At the list of register papers, by the index of the definition.
    Register(usize),
}

/// A paper on its way.
pub(super) struct Sheet<'r> {
    /// Which form of its kind, or which register paper.
    pub id: String,
    pub sheet: print::Sheet<'r>,
    pub clause: Option<String>,
    /// What it is called where it is linked.
    pub name: Text,
    pub of: Of,
}

impl Printed {
    pub(super) fn new(
        outlook: &Outlook<'_>,
        options: &BuildOptions<'_>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Self {
        let register = outlook.register;
        let mut printed = Printed {
            outputs: Vec::new(),
            findings: Vec::new(),
            count: 0,
            of_record: HashMap::new(),
            of_kind: register.kinds.iter().map(|_| Vec::new()).collect(),
            of_register: register
                .register_papers
                .iter()
                .map(|_| Vec::new())
                .collect(),
        };
        if options.papers == PaperChoice::None {
            return printed;
        }
        let papers = Papers::new(register);
        printed.findings.extend_from_slice(papers.findings());
        let engine = Pool::new(PoolSettings::default());
        let made = Sheets {
            outlook,
            provenance: options.provenance,
            language: options.editions.first(),
            for_viewer: true,
            papers: &papers,
            program: &engine.edition(),
        };
        let sheets = sheets(&made);
        printed.count = sheets.len();
        match papers.style_sheet(register.words(made.language), made.language) {
            Ok(style) => printed
                .outputs
                .push(output("assets/print.css".to_owned(), style.into_bytes())),
            Err(error) => printed.findings.push(finding_of_template(register, &error)),
        }
        let html = printed.draw(register, &papers, &sheets);
        let pdf = match options.papers {
            PaperChoice::All => {
                printed.typeset(register, &papers, &engine, &sheets, options, progress)
            }
            _ => vec![false; sheets.len()],
        };
        printed.findings = without_repeats(std::mem::take(&mut printed.findings));
        for ((sheet, html), pdf) in sheets.iter().zip(html).zip(pdf) {
            let files: Vec<_> = [("PDF", "pdf", pdf), ("HTML", "html", html)]
                .into_iter()
                .filter(|(_, _, there)| *there)
                .map(|(name, end, _)| (name.to_owned(), address(&sheet.sheet.view, end)))
                .collect();
            if files.is_empty() {
                continue;
            }
            let form = Linked {
                id: sheet.id.clone(),
                name: sheet.name.clone(),
                clause: sheet.clause.clone(),
                files,
            };
            match sheet.of {
                Of::Record(record) => printed.of_record.entry(record).or_default().push(form),
                Of::Kind(kind) => printed.of_kind[kind].push(form),
                Of::Register(paper) => printed.of_register[paper].push(form),
            }
        }
        printed
    }

    /// Draws the pages; says of which sheets there is one.
    fn draw(&mut self, register: &Register, papers: &Papers, sheets: &[Sheet<'_>]) -> Vec<bool> {
        let pages: Vec<Result<Output, Box<Finding>>> = sheets
            .par_iter()
            .map(|sheet| {
                let view = &sheet.sheet.view;
                match papers.html(view, "../assets/print.css") {
                    Ok(text) => Ok(output(address(view, "html"), text.into_bytes())),
                    Err(error) => {
                        let place = sheet.sheet.place;
                        Err(Box::new(finding_of_page(register, view, place, &error)))
                    }
                }
            })
            .collect();
        pages
            .into_iter()
            .map(|page| match page {
                Ok(page) => {
                    self.outputs.push(page);
                    true
                }
                Err(finding) => {
                    self.findings.push(*finding);
                    false
                }
            })
            .collect()
    }

    /// Sets what has changed; says of which sheets there is a PDF.
    fn typeset(
        &mut self,
        register: &Register,
        papers: &Papers,
        engine: &dyn Engine,
        sheets: &[Sheet<'_>],
        options: &BuildOptions<'_>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Vec<bool> {
        let ours: Vec<&print::Sheet<'_>> = sheets.iter().map(|sheet| &sheet.sheet).collect();
        let results: Vec<OnceLock<Result<Vec<u8>, TypesetError>>> =
            sheets.iter().map(|_| OnceLock::new()).collect();
        let finished = AtomicUsize::new(0);
        let batch = Batch {
            papers,
            engine,
            shelf: &Shelf::open(options.out, INDEX),
        };
        let index = batch.print(
            &ours,
            &|sheet| address(&sheet.view, "pdf"),
            &|at, result| {
                // each is told of once
                let _ = results[at].set(result.map(print::Printed::into_bytes));
                progress(finished.fetch_add(1, Ordering::Relaxed) + 1, sheets.len());
            },
        );
        let mut there = Vec::with_capacity(sheets.len());
        for (sheet, result) in ours.into_iter().zip(results) {
            let result = result.into_inner().unwrap_or(Err(TypesetError::Unanswered));
            there.push(result.is_ok());
            match result {
                Ok(pdf) => self.outputs.push(output(address(&sheet.view, "pdf"), pdf)),
                Err(error) => {
                    let findings = findings_of(register, &sheet.view, sheet.place, &error);
                    self.findings.extend(findings);
                }
            }
        }
        let index = serde_json::to_vec_pretty(&index).unwrap_or_default();
        self.outputs.push(output(INDEX.to_owned(), index));
        there
    }
}

impl OfLanguage<'_> {
    fn linked(&self, papers: Option<&Vec<Linked>>) -> Vec<PrintedForm> {
        let papers = papers.into_iter().flatten();
        papers
            .map(|paper| paper.on_pages(self.language, self.up))
            .collect()
    }
}

impl Forms for OfLanguage<'_> {
    fn of_record(&self, record: usize) -> Vec<PrintedForm> {
        self.linked(self.printed.of_record.get(&record))
    }

    fn of_kind(&self, kind: usize) -> Vec<PrintedForm> {
        self.linked(self.printed.of_kind.get(kind))
    }

    fn of_register(&self, paper: usize) -> Vec<PrintedForm> {
        self.linked(self.printed.of_register.get(paper))
    }
}

fn sheets<'r>(made: &Sheets<'_, 'r>) -> Vec<Sheet<'r>> {
    let mut sheets: Vec<Sheet<'r>> = made
        .outlook
        .records
        .par_iter()
        .flat_map_iter(|index| record_sheets(made, *index))
        .collect();
    let kinds = made.outlook.kinds();
    sheets.extend(kinds.flat_map(|(index, kind)| kind_sheets(made, index, kind)));
    sheets.extend(registers::sheets(made));
    sheets
}

/// The forms of a record, by its index.
pub(super) fn record_sheets<'r>(made: &Sheets<'_, 'r>, index: usize) -> Vec<Sheet<'r>> {
    let register = made.outlook.register;
    let forms = forms_of(register, &register.records[index]).into_iter();
    forms
        .map(|form: FormRef<'r>| Sheet {
            id: form.form.id.to_string(),
            sheet: made.form(index, &form),
            clause: form.form.clause.as_deref().map(str::to_owned),
            name: name(register, &form),
            of: Of::Record(index),
        })
        .collect()
}

/// The blank forms of a kind, by its index.
pub(super) fn kind_sheets<'r>(
    made: &Sheets<'_, 'r>,
    index: usize,
    kind: &'r Kind,
) -> Vec<Sheet<'r>> {
    print::forms_of_kind(made.outlook.register, kind)
        .map(|form| Sheet {
            id: form.id.to_string(),
            sheet: made.blank(kind, form),
            clause: form.clause.as_deref().map(str::to_owned),
            name: title_of(made.outlook.register, kind, form).clone(),
            of: Of::Kind(index),
        })
        .collect()
}

/// What a paper of a record is called where it is linked: those of rows by
/// what tells the rows apart.
fn name(register: &Register, form: &FormRef<'_>) -> Text {
    let title = title_of(register, form.kind, form.form);
    if form.row.is_none() {
        return title.clone();
    }
    Text::made(|language| {
        let display = Display::new(register, language, DateStyle::Table);
        let row = form.row_name(&display).unwrap_or_default();
        let values = [("paper", title.get(language)), ("row", &*row)];
        register
            .words(language)
            .filled("site.record.paper_of", &values)
    })
}

pub(super) fn address(view: &FormView, extension: &str) -> String {
    format!("{FOLDER}/{}.{extension}", view.file_name)
}
