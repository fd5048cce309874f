//! Several papers bound in one PDF: set as one document, so that pages are
//! numbered throughout and the whole is PDF/A and PDF/UA as each part is.
//!
//! Each paper has a folder of its own, `/1`, `/2` …, with its template and its
//! `data.json`; what is not there is looked for among all templates.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Papers;
use super::papers::{ENCLOSED_PATH, Enclosed, json_of};
use super::sheets::{Sheet, digest};
use super::typeset::{Attachment, Diagnostic, Job, MissingGlyph, Place, TypesetError};

/// What a bound PDF says of itself; it travels inside as `bound.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Binding {
    /// Its title.
    pub title: String,
    /// The company.
    pub company: String,
    /// The date that it bears.
    pub date: Date,
    /// What set it.
    pub program: String,
    /// Identifies all templates.
    pub templates: String,
    /// The papers in order, by the names of their files.
    pub papers: Vec<String>,
}

/// The name of the file that lists what is bound.
pub(super) const BINDING: &str = "bound.json";

/// A paper that is bound.
pub(super) struct Bound {
    /// Which template sets it.
    pub style: String,
    /// The view.
    pub view: Vec<u8>,
    /// The origin.
    pub origin: Vec<u8>,
    /// The record's file, where it travels inside.
    pub source: Option<Vec<u8>>,
}

/// What a file of a paper is called in a bound PDF.
pub(super) fn name_in(paper: &str, file: Enclosed) -> String {
    format!("{paper}.{}", file.name())
}

/// A record's file is there once, however many of its papers are bound.
pub(super) fn source_name(source: &[u8]) -> String {
    let digest = digest(source);
    format!("{}.{}", &digest[..16], Enclosed::Source.name())
}

impl Papers {
    /// All sheets as one job; the title stands in its properties. None when
    /// there is no template for one of them.
    pub fn bind(&self, sheets: &[&Sheet<'_>], title: &str) -> Option<Job> {
        let first = sheets.first();
        let binding = Binding {
            title: title.to_owned(),
            company: first.map_or_else(String::new, |sheet| sheet.view.company.clone()),
            date: sheets
                .iter()
                .map(|sheet| sheet.origin.date)
                .max()
                .unwrap_or_default(),
            program: first.map_or_else(String::new, |sheet| sheet.origin.program.clone()),
            templates: self.version().to_owned(),
            papers: sheets
                .iter()
                .map(|sheet| sheet.view.file_name.clone())
                .collect(),
        };
        let papers: Vec<Bound> = sheets
            .iter()
            .map(|sheet| Bound {
                style: sheet.view.style.to_owned(),
                view: json_of(&sheet.view),
                origin: json_of(&sheet.origin),
                source: sheet.source.map(|source| source.as_bytes().to_vec()),
            })
            .collect();
        self.bind_files(json_of(&binding), &binding, papers)
    }

    /// The same from files that a bound PDF carries. None when there is no
    /// template of that style.
    pub(super) fn bind_files(
        &self,
        listed: Vec<u8>,
        binding: &Binding,
        papers: Vec<Bound>,
    ) -> Option<Job> {
        let mut main = String::from(MAIN_BEGINS);
        let mut files = Vec::new();
        let mut attached = vec![attachment(BINDING, "/data.json", Enclosed::Origin)];
        let mut sources = HashSet::new();
        for (number, (name, paper)) in (1..).zip(binding.papers.iter().zip(papers)) {
            // what has a template is a plain name
            let template = self.template(&paper.style)?;
            main.push_str(&format!("#include \"/{number}/{}.typ\"\n", paper.style));
            let mut add = |file: &str, bytes: Vec<u8>| {
                let path = format!("/{number}/{file}");
                files.push(Attachment {
                    path: path.clone(),
                    bytes,
                });
                path
            };
            add(&format!("{}.typ", paper.style), template.to_vec());
            let path = add("data.json", paper.view);
            attached.push(attachment(
                &name_in(name, Enclosed::View),
                &path,
                Enclosed::View,
            ));
            let path = add(Enclosed::Origin.name(), paper.origin);
            let own = name_in(name, Enclosed::Origin);
            attached.push(attachment(&own, &path, Enclosed::Origin));
            if let Some(source) = paper.source {
                let own = source_name(&source);
                if sources.insert(own.clone()) {
                    let path = add(Enclosed::Source.name(), source);
                    attached.push(attachment(&own, &path, Enclosed::Source));
                }
            }
        }
        main.push_str(MAIN_ENDS);
        let enclosed = serde_json::json!({ "bookmark": true, "files": [] });
        for (path, bytes) in [
            (MAIN, main.into_bytes()),
            (ENCLOSED_PATH, json_of(&enclosed)),
            (ATTACHED, json_of(&attached)),
        ] {
            let path = path.to_owned();
            files.push(Attachment { path, bytes });
        }
        Some(Job {
            name: String::new(),
            main: MAIN.to_owned(),
            files: self.files().clone(),
            data: listed,
            attachments: files,
            today: binding.date,
            archive: true,
        })
    }
}

fn attachment(name: &str, path: &str, file: Enclosed) -> serde_json::Value {
    let mut listed = file.listed();
    listed["name"] = name.into();
    listed["path"] = path.into();
    listed
}

/// Which paper of a bound document, from 0, a file of its job belongs to.
fn paper_of_file(path: &str) -> Option<usize> {
    let number: usize = path.strip_prefix('/')?.split('/').next()?.parse().ok()?;
    number.checked_sub(1)
}

const MAIN: &str = "/bound.typ";
const ATTACHED: &str = "/attached.json";
/// Nothing here is drawn: the pages are the papers'.
const MAIN_BEGINS: &str = "#for file in json(\"/attached.json\") {
  pdf.attach(file.name, read(file.path, encoding: none), relationship: file.relationship, mime-type: file.mime, description: file.name)
}
";
/// Set after the papers' own titles, it is the one that stands.
const MAIN_ENDS: &str = "#let bound = json(\"/data.json\")
#set document(title: bound.title, author: bound.company, description: bound.title)
#metadata(none)
";

/// Whose fault it is that a bound document could not be set: papers, from 0,
/// each with the part of the error that is about it. None where it cannot be
/// told.
pub(super) fn failed_papers(
    sheets: &[&Sheet<'_>],
    error: &TypesetError,
) -> Vec<(usize, TypesetError)> {
    let of = |place: &Option<Place>| paper_of_file(&place.as_ref()?.file);
    let mut failed: BTreeMap<usize, TypesetError> = BTreeMap::new();
    match error {
        // a place in the templates says nothing of the paper; the character does
        TypesetError::MissingGlyphs(all) => {
            for (at, sheet) in sheets.iter().enumerate() {
                let view = String::from_utf8(json_of(&sheet.view)).unwrap_or_default();
                let own: Vec<MissingGlyph> = all
                    .iter()
                    .filter(|missing| view.contains(&missing.character))
                    .cloned()
                    .collect();
                if !own.is_empty() {
                    failed.insert(at, TypesetError::MissingGlyphs(own));
                }
            }
        }
        TypesetError::Diagnostics(all) => {
            for one in all {
                let steps = one.trace.iter().map(|step| &step.place);
                let paper = std::iter::once(&one.place).chain(steps).find_map(of);
                let Some(paper) = paper.filter(|paper| *paper < sheets.len()) else {
                    continue;
                };
                let none = || TypesetError::Diagnostics(Vec::new());
                if let TypesetError::Diagnostics(own) = failed.entry(paper).or_insert_with(none) {
                    own.push(beside(one));
                }
            }
        }
        _ => {}
    }
    failed.into_iter().collect()
}

/// What is said of a template in a paper's folder is true of the one that
/// stands beside it.
fn beside(found: &Diagnostic) -> Diagnostic {
    let mut found = found.clone();
    let steps = found.trace.iter_mut().map(|step| &mut step.place);
    for place in std::iter::once(&mut found.place).chain(steps).flatten() {
        if paper_of_file(&place.file).is_some()
            && let Some((_, file)) = place.file[1..].split_once('/')
        {
            place.file = format!("/{file}");
        }
    }
    found
}
