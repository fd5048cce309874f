//! The papers of a site: every form of every record seen, and every blank
//! form, as HTML and PDF. What did not change since the last build is taken
//! over from it instead of being set again.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use rayon::prelude::*;

use super::{BuildOptions, output, registers};
use crate::calendar::Moment;
use crate::finding::{Finding, Place, Span};
use crate::outlook::{Outlook, timeline};
use crate::print::typeset::{Engine, Job, Pool, PoolSettings};
use crate::print::{self, FormRef, FormView, PaperError, Papers, findings_of, forms_of};
use crate::publish::Output;
use crate::register::Register;
use crate::site::{Forms, PrintedForm};
use crate::words::Words;

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
const FOLDER: &str = "forms";
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
    of_record: HashMap<usize, Vec<PrintedForm>>,
    of_kind: Vec<Vec<PrintedForm>>,
    of_register: Vec<Vec<PrintedForm>>,
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
pub(super) struct Sheet {
    pub view: FormView,
    pub clause: Option<String>,
    pub of: Of,
    pub place: Place,
    pub date: Date,
}

impl Printed {
    pub(super) fn new(
        outlook: &Outlook<'_>,
        options: &BuildOptions<'_>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self, PaperError> {
        let register = outlook.register;
        let mut printed = Printed {
            outputs: Vec::new(),
            findings: Vec::new(),
            count: 0,
            of_record: HashMap::new(),
            of_kind: vec![Vec::new(); register.kinds.len()],
            of_register: vec![Vec::new(); register.register_papers.len()],
        };
        if options.papers == PaperChoice::None {
            return Ok(printed);
        }
        let papers = Papers::new(&register.templates)?;
        let sheets = sheets(outlook, options);
        printed.count = sheets.len();
        let style = papers.style_sheet(register.words(options.language), options.language)?;
        printed
            .outputs
            .push(output("assets/print.css".to_owned(), style.into_bytes()));
        let html: Result<Vec<Output>, PaperError> = sheets
            .par_iter()
            .map(|sheet| {
                let text = papers.html(&sheet.view, "../assets/print.css")?;
                Ok(output(address(&sheet.view, "html"), text.into_bytes()))
            })
            .collect();
        printed.outputs.extend(html?);
        let pdf = match options.papers {
            PaperChoice::All => printed.typeset(&papers, &sheets, options, progress),
            _ => vec![false; sheets.len()],
        };
        for (sheet, pdf) in sheets.iter().zip(pdf) {
            let mut files = vec![("HTML".to_owned(), address(&sheet.view, "html"))];
            if pdf {
                files.insert(0, ("PDF".to_owned(), address(&sheet.view, "pdf")));
            }
            let form = PrintedForm {
                name: name(sheet, register.words(options.language)),
                clause: sheet.clause.clone(),
                files,
            };
            match sheet.of {
                Of::Record(record) => printed.of_record.entry(record).or_default().push(form),
                Of::Kind(kind) => printed.of_kind[kind].push(form),
                Of::Register(paper) => printed.of_register[paper].push(form),
            }
        }
        Ok(printed)
    }

    /// Sets what has changed; says of which sheets there is a PDF.
    fn typeset(
        &mut self,
        papers: &Papers,
        sheets: &[Sheet],
        options: &BuildOptions<'_>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Vec<bool> {
        let jobs: Vec<Job> = sheets
            .par_iter()
            .map(|sheet| papers.job(&sheet.view, sheet.date))
            .collect();
        let keys: Vec<String> = jobs.par_iter().map(fingerprint).collect();
        let last = read_index(options.out);
        let mut pdfs: Vec<Option<Vec<u8>>> = sheets
            .iter()
            .zip(&keys)
            .map(|(sheet, key)| {
                let path = address(&sheet.view, "pdf");
                let (known, content) = last.get(&path)?;
                let bytes = (known == key).then(|| fs::read(options.out.join(&path)).ok())??;
                // a file that somebody changed by hand is set again
                (blake3::hash(&bytes).to_hex().as_str() == content).then_some(bytes)
            })
            .collect();
        let missing: Vec<usize> = (0..sheets.len()).filter(|at| pdfs[*at].is_none()).collect();
        let wanted: Vec<Job> = missing.iter().map(|at| jobs[*at].clone()).collect();
        let total = wanted.len();
        if total > 0 {
            let pool = Pool::new(PoolSettings::default());
            let results = pool.typeset(&wanted, &|done| progress(done, total));
            for (at, result) in missing.into_iter().zip(results) {
                match result {
                    Ok(document) => pdfs[at] = Some(document.pdf),
                    Err(error) => {
                        let sheet = &sheets[at];
                        self.findings
                            .extend(findings_of(&sheet.view, sheet.place, &error));
                    }
                }
            }
        }
        let mut index = serde_json::Map::new();
        let mut there = Vec::with_capacity(sheets.len());
        for ((sheet, key), pdf) in sheets.iter().zip(keys).zip(pdfs) {
            there.push(pdf.is_some());
            let Some(pdf) = pdf else { continue };
            let path = address(&sheet.view, "pdf");
            let content = blake3::hash(&pdf).to_hex().to_string();
            index.insert(path.clone(), serde_json::json!([key, content]));
            self.outputs.push(output(path, pdf));
        }
        let index = serde_json::to_vec_pretty(&index).unwrap_or_default();
        self.outputs.push(output(INDEX.to_owned(), index));
        there
    }
}

impl Forms for Printed {
    fn of_record(&self, record: usize) -> Vec<PrintedForm> {
        self.of_record.get(&record).cloned().unwrap_or_default()
    }

    fn of_kind(&self, kind: usize) -> Vec<PrintedForm> {
        self.of_kind.get(kind).cloned().unwrap_or_default()
    }

    fn of_register(&self, paper: usize) -> Vec<PrintedForm> {
        self.of_register.get(paper).cloned().unwrap_or_default()
    }
}

fn sheets(outlook: &Outlook<'_>, options: &BuildOptions<'_>) -> Vec<Sheet> {
    let register = outlook.register;
    let mut sheets: Vec<Sheet> = outlook
        .records
        .par_iter()
        .flat_map_iter(|index| {
            let record = &register.records[*index];
            let date = date_of(outlook, *index);
            forms_of(register, record)
                .into_iter()
                .map(move |form: FormRef<'_>| Sheet {
                    view: form.view_for(outlook, options.language),
                    clause: form.form.clause.as_deref().map(str::to_owned),
                    of: Of::Record(*index),
                    place: record.place(record.id.span),
                    date,
                })
        })
        .collect();
    sheets.extend(blank_sheets(register, outlook.today, options));
    sheets.extend(registers::sheets(outlook, options.language));
    sheets
}

fn blank_sheets<'r>(
    register: &'r Register,
    today: Date,
    options: &'r BuildOptions<'_>,
) -> impl Iterator<Item = Sheet> + 'r {
    register
        .kinds
        .iter()
        .enumerate()
        .flat_map(move |(index, kind)| {
            print::forms_of_kind(register, kind).map(move |form| Sheet {
                view: print::view(
                    register,
                    kind,
                    form,
                    print::Filling::Blank,
                    options.language,
                ),
                clause: form.clause.as_deref().map(str::to_owned),
                of: Of::Kind(index),
                place: Place {
                    file: kind.file,
                    span: Span::default(),
                },
                date: today.first_of_year(),
            })
        })
}

/// What a paper is called where it is linked: those of one register paper
/// stand under its name and are told apart by whom they are of.
fn name(sheet: &Sheet, words: &Words) -> String {
    let view = &sheet.view;
    match (&sheet.of, &view.subject) {
        (Of::Register(_), _) if view.blank => words.get("site.registers.blank").to_owned(),
        (Of::Register(_), Some(subject)) => subject.clone(),
        _ => view.title.clone(),
    }
}

/// The date a paper bears: that of the last thing its record tells. It does
/// not change from build to build, and neither do the bytes.
pub(super) fn date_of(outlook: &Outlook<'_>, record: usize) -> Date {
    timeline(outlook, record)
        .last()
        .map_or(outlook.today.first_of_year(), |entry| match entry.at {
            Moment::Date(date) => date,
            instant => outlook.register.calendar.date(instant),
        })
}

fn address(view: &FormView, extension: &str) -> String {
    format!("{FOLDER}/{}.{extension}", view.file_name)
}

/// Everything that a job's PDF depends on, in 64 letters.
fn fingerprint(job: &Job) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [
        env!("CARGO_PKG_VERSION").as_bytes(),
        job.main.as_bytes(),
        job.today.to_string().as_bytes(),
        &[u8::from(job.archive)],
        job.files.hash().as_bytes(),
        &job.data,
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    for attachment in &job.attachments {
        hasher.update(attachment.path.as_bytes());
        hasher.update(&attachment.bytes);
    }
    hasher.finalize().to_hex().to_string()
}

fn read_index(out: &Path) -> HashMap<String, (String, String)> {
    fs::read(out.join(INDEX))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}
