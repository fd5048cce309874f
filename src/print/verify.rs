//! Whether a paper that was found still holds: which record it is of, whether
//! that changed, whether paper and record say the same, and whether the pages
//! are what the PDF says it was set from.
//!
//! Nothing that a PDF says of itself is believed: the view is made again from
//! the register and the pages again from the view.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::bound::Bound;
use super::difference::{Difference, differences};
use super::origin::{Origin, PaperOf};
use super::provenance::Provenance;
use super::sheets::{Sheet, Sheets, digest};
use super::typeset::{Engine, Job, TypesetError};
use super::{Papers, gathered, papers_of};
use crate::history::Commit;
use crate::outlook::{Outlook, Viewer};
use crate::register::Register;
use crate::text::Language;
use opened::{Opened, Paper, open};

pub use opened::Unverifiable;

mod opened;

/// What a paper is held against.
pub struct Verifier<'a> {
    /// The records as they are now.
    pub register: &'a Register,
    /// Their versions.
    pub provenance: &'a Provenance,
    /// The templates.
    pub papers: &'a Papers,
    /// What sets pages again.
    pub engine: &'a dyn Engine,
    /// The instant to take as now.
    pub as_of: Timestamp,
    /// What a file, by its path from the root, said in a commit; none where
    /// that cannot be told.
    pub file_at: &'a dyn Fn(&str, &str) -> Option<Vec<u8>>,
}

/// What was found out about a paper.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verified {
    /// What it says of itself.
    pub origin: Origin,
    /// The form's name as it stands on the paper.
    pub title: String,
    /// What became of the record.
    pub record: RecordNow,
    /// Whether the record that travels inside is the one it was printed from,
    /// and that is the one of its commit.
    pub source: Source,
    /// What the paper says and the record does not, or the other way round.
    /// None where there is nothing to hold it against.
    pub differences: Option<Vec<Difference>>,
    /// Whether the pages show what the PDF says it was set from.
    pub pages: Pages,
}

impl Verified {
    /// Whether the paper says what the record says, and nothing in it was
    /// found to be exchanged.
    pub fn holds(&self) -> bool {
        self.differences.as_ref().is_some_and(Vec::is_empty)
            && self.pages != Pages::Differ
            && self.source != Source::Differs
    }
}

/// What became of a record since it was printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum RecordNow {
    /// The paper is of no single record.
    None,
    /// Its file is the same.
    Unchanged,
    /// Its file says something else.
    Changed {
        /// The commit that changed it last.
        #[serde(skip_serializing_if = "Option::is_none")]
        commit: Option<LastChange>,
        /// Whether it was edited after that commit.
        edited: bool,
    },
    /// Its file has another number now.
    Renumbered {
        /// Which.
        number: String,
    },
    /// It is there no more.
    Gone {
        /// The commit that took it away.
        #[serde(skip_serializing_if = "Option::is_none")]
        commit: Option<LastChange>,
    },
    /// It is there, but not for whom the paper was made, or without that form
    /// or row.
    Withdrawn,
}

/// A commit, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastChange {
    /// Its full name.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// When it was made.
    pub at: Timestamp,
}

impl From<&Commit> for LastChange {
    fn from(commit: &Commit) -> Self {
        LastChange {
            id: commit.id.clone(),
            author: commit.author.clone(),
            at: commit.at,
        }
    }
}

/// Whether a paper was printed from what it says it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Its commit has that record, and it carries no other one.
    Confirmed,
    /// It carries no other record; its commit cannot be asked.
    Unknown,
    /// The record inside, or the one of its commit, is another one.
    Differs,
}

/// Whether the pages show what the PDF says it was set from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pages {
    /// Set again, it is the same file, byte by byte.
    Confirmed,
    /// It cannot be told: another version of the program, or other templates.
    Unknown,
    /// Set again, it is another file: pages or enclosed files were exchanged.
    Differ,
}

impl Verifier<'_> {
    /// What is to be said of each PDF, in their order: of every paper in it.
    pub fn verify(&self, pdfs: &[Vec<u8>]) -> Vec<Result<Vec<Verified>, Unverifiable>> {
        let mut outlooks = Outlooks::default();
        let mut again: Vec<(usize, Job)> = Vec::new();
        let mut results = Vec::with_capacity(pdfs.len());
        for (index, pdf) in pdfs.iter().enumerate() {
            results.push(open(pdf).map(|opened| {
                let papers = opened.papers.iter();
                let verified = papers
                    .map(|paper| self.paper(paper, &mut outlooks))
                    .collect();
                again.extend(self.job(opened).map(|job| (index, job)));
                verified
            }));
        }
        let (of, jobs): (Vec<usize>, Vec<Job>) = again.into_iter().unzip();
        for (index, set) in of.into_iter().zip(self.engine.typeset(&jobs, &|_| {})) {
            let pages = match set {
                Ok(document) if document.pdf == pdfs[index] => Pages::Confirmed,
                // what Typst refuses did not give these pages either
                Ok(_) | Err(TypesetError::Diagnostics(_) | TypesetError::MissingGlyphs(_)) => {
                    Pages::Differ
                }
                Err(_) => Pages::Unknown,
            };
            let papers: Option<&mut Vec<Verified>> = results[index].as_mut().ok();
            for verified in papers.into_iter().flatten() {
                verified.pages = pages;
            }
        }
        results
    }

    /// All but whether the pages are right.
    fn paper<'r>(&'r self, paper: &Paper, outlooks: &mut Outlooks<'r>) -> Verified {
        let found = self.now(paper, outlooks);
        let differences = found.sheet.as_ref().map(|sheet| {
            // a view is strings and numbers: it always becomes JSON
            let now = serde_json::to_value(&sheet.view).unwrap_or_default();
            differences(&paper.view, &now)
        });
        Verified {
            title: paper.view["title"].as_str().unwrap_or("").to_owned(),
            record: found.record,
            source: self.source(paper),
            differences,
            pages: Pages::Unknown,
            origin: paper.origin.clone(),
        }
    }

    /// The job that gave the PDF, where it can be done again.
    fn job(&self, opened: Opened) -> Option<Job> {
        let is_ours = |program: &str, templates: &str| {
            program == self.engine.edition() && templates == self.papers.version()
        };
        if let Some((listed, binding)) = opened.binding {
            if !is_ours(&binding.program, &binding.templates) {
                return None;
            }
            let papers = opened.papers.into_iter().map(|paper| Bound {
                style: style(&paper.view),
                view: paper.view_bytes,
                origin: paper.origin_bytes,
                source: paper.source,
            });
            return self.papers.bind_files(listed, &binding, papers.collect());
        }
        let paper = opened.papers.into_iter().next()?;
        if !is_ours(&paper.origin.program, &paper.origin.templates) {
            return None;
        }
        self.papers.job_again(
            &style(&paper.view),
            paper.view_bytes,
            paper.source,
            &paper.origin_bytes,
            &paper.origin,
        )
    }

    fn source(&self, opened: &Paper) -> Source {
        let PaperOf::Record {
            path,
            digest: claimed,
            commit,
            edited,
            ..
        } = &opened.origin.of
        else {
            return Source::Unknown;
        };
        let is_claimed = |bytes: &Vec<u8>| digest(bytes) == *claimed;
        if !opened.source.as_ref().is_none_or(is_claimed) {
            return Source::Differs;
        }
        let committed = commit
            .as_ref()
            .filter(|_| !edited)
            .and_then(|commit| (self.file_at)(commit, path));
        match committed {
            Some(bytes) if is_claimed(&bytes) => Source::Confirmed,
            Some(_) => Source::Differs,
            None => Source::Unknown,
        }
    }

    /// The paper as it would be made now.
    fn now<'r>(&'r self, opened: &Paper, outlooks: &mut Outlooks<'r>) -> Found<'r> {
        let origin = &opened.origin;
        let language = Language::from_code(&origin.language).unwrap_or_default();
        let as_of = match &origin.of {
            PaperOf::Register { as_of, .. } => *as_of,
            _ => self.as_of,
        };
        let Some(outlook) = outlooks.get(self.register, origin.audience.as_deref(), as_of) else {
            return Found::without(RecordNow::Withdrawn);
        };
        let made = Sheets {
            outlook,
            provenance: self.provenance,
            language,
            for_viewer: origin.audience.is_some(),
            papers: self.papers,
            program: &origin.program,
        };
        let register = outlook.register;
        match &origin.of {
            PaperOf::Record { .. } => self.record_now(&origin.of, &made),
            PaperOf::Register {
                register: id, name, ..
            } => {
                let papers = register.register_paper(id).into_iter();
                let sheet = papers
                    .flat_map(|paper| gathered(outlook, paper))
                    .find(|paper| paper.file_name() == *name)
                    .map(|paper| made.gathered(&paper));
                Found::of_no_record(sheet)
            }
            PaperOf::Blank { kind: None, form } => {
                let paper = register.register_paper(form);
                Found::of_no_record(paper.map(|paper| made.blank_register(paper)))
            }
            PaperOf::Blank {
                kind: Some(kind),
                form,
            } => {
                let kind = register.kind(kind);
                let form = kind.and_then(|kind| Some((kind, kind.form(form)?)));
                Found::of_no_record(form.map(|(kind, form)| made.blank(kind, form)))
            }
        }
    }

    fn record_now<'r>(&'r self, of: &PaperOf, made: &Sheets<'_, 'r>) -> Found<'r> {
        let PaperOf::Record {
            record: number,
            path,
            digest: printed,
            form,
            row,
            ..
        } = of
        else {
            return Found::without(RecordNow::None);
        };
        let whole = self.register;
        let version = self.provenance.of(path);
        let Some(index) = whole.find(number) else {
            let mut records = whole.records.iter().filter(|_| !path.is_empty());
            let moved = records.find(|record| {
                let file = whole.sources.file(record.file);
                file.path == *path || digest(file.text.as_bytes()) == *printed
            });
            return Found::without(match moved {
                Some(record) => RecordNow::Renumbered {
                    number: record.id.value.to_string(),
                },
                None => RecordNow::Gone {
                    commit: version
                        .commit
                        .filter(|_| !version.edited)
                        .map(LastChange::from),
                },
            });
        };
        // as whom the paper is for sees it
        let register = made.outlook.register;
        let record = &register.records[index];
        let kind = register.kind_of(record);
        let paper = kind
            .form(form)
            .filter(|_| made.outlook.sees(index))
            .and_then(|form| {
                let papers = papers_of(kind, form, record);
                papers
                    .get(row.map_or(0, |row| row.saturating_sub(1)))
                    .copied()
            });
        let Some(paper) = paper else {
            return Found::without(RecordNow::Withdrawn);
        };
        let sheet = made.form(index, &paper);
        let now = match &sheet.origin.of {
            PaperOf::Record { digest, .. } => digest.as_str(),
            _ => "",
        };
        let state = if now == printed.as_str() {
            RecordNow::Unchanged
        } else {
            let file = whole.sources.file(whole.records[index].file);
            let version = self.provenance.of(&file.path);
            RecordNow::Changed {
                commit: version.commit.map(LastChange::from),
                edited: version.edited,
            }
        };
        Found {
            record: state,
            sheet: Some(sheet),
        }
    }
}

/// What a paper is held against.
struct Found<'r> {
    record: RecordNow,
    sheet: Option<Sheet<'r>>,
}

impl<'r> Found<'r> {
    fn without(record: RecordNow) -> Self {
        Found {
            record,
            sheet: None,
        }
    }

    fn of_no_record(sheet: Option<Sheet<'r>>) -> Self {
        match sheet {
            None => Found::without(RecordNow::Withdrawn),
            sheet => Found {
                record: RecordNow::None,
                sheet,
            },
        }
    }
}

/// Outlooks that were needed, by whom they are for and as of when.
#[derive(Default)]
struct Outlooks<'r>(Vec<(Option<String>, Timestamp, Outlook<'r>)>);

impl<'r> Outlooks<'r> {
    /// None when nobody is called so any more.
    fn get(
        &mut self,
        register: &'r Register,
        audience: Option<&str>,
        as_of: Timestamp,
    ) -> Option<&Outlook<'r>> {
        let is_it = |one: &(Option<String>, Timestamp, Outlook<'r>)| {
            one.0.as_deref() == audience && one.1 == as_of
        };
        let known = self.0.iter().position(is_it);
        let at = match known {
            Some(at) => at,
            None => {
                let viewer = match audience {
                    None => Viewer::Repository,
                    Some(name) => Viewer::parse(name, &register.organisation, &register.settings)?,
                };
                let outlook = Outlook::new(register, as_of, viewer);
                self.0.push((audience.map(str::to_owned), as_of, outlook));
                self.0.len() - 1
            }
        };
        self.0.get(at).map(|(_, _, outlook)| outlook)
    }
}

fn style(view: &Value) -> String {
    view["style"].as_str().unwrap_or("").to_owned()
}
