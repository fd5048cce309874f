//! The whole job: read, check, look out, make pages and paper, publish.
//!
//! Invariant: nothing is published before everything that is to be published
//! exists in memory or staged; see [`crate::publish`].

mod on_request;
mod papers;
mod registers;

pub use on_request::{LinksOnRequest, Paper, PapersOnRequest};
pub use papers::PaperChoice;

use std::fmt;
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::finding::{Argument, Finding, sort};
use crate::outlook::{Outlook, Viewer};
use crate::past::Past;
use crate::print::Provenance;
use crate::publish::{Output, PublishError, Stopped, Summary, publish};
use crate::register::Register;
use crate::site::{Editions, Site, SiteError, SiteFiles, SiteInput};
use crate::source::Tree;
use papers::{OfLanguage, Printed};

/// What a build is asked for.
pub struct BuildOptions<'a> {
    /// The repository, for its handbook pages and assets.
    pub root: &'a Path,
    /// Where the site goes.
    pub out: &'a Path,
    /// The instant the site is true at.
    pub as_of: Timestamp,
    /// Whom it is for.
    pub viewer: Viewer,
    /// The languages of its labels; papers are in the first.
    pub editions: &'a Editions,
    /// Which papers go with it.
    pub papers: PaperChoice,
    /// Which versions the records are of.
    pub provenance: &'a Provenance,
    /// What became of them.
    pub past: &'a Past,
}

/// What a build did.
pub struct Built {
    /// Files written, unchanged, removed.
    pub summary: Summary,
    /// All findings: those given, those of limits, those of papers.
    pub findings: Vec<Finding>,
    /// How many records the viewer sees.
    pub records: usize,
    /// How many papers there are, filled and blank; PDF and HTML count as one.
    pub papers: usize,
}

/// Why a build did not publish anything.
#[derive(Debug)]
pub enum BuildError {
    /// The output folder is the repository or holds it.
    OutputIsRepository(PathBuf),
    /// Templates of pages that cannot be read or drawn; all of them.
    Site(Vec<SiteError>),
    /// The output folder could not be written.
    Publish(Vec<PublishError>),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::OutputIsRepository(path) => write!(f, "{}", path.display()),
            BuildError::Site(errors) => {
                for error in errors {
                    writeln!(f, "{error}")?;
                }
                Ok(())
            }
            BuildError::Publish(errors) => {
                for error in errors {
                    writeln!(f, "{error}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for BuildError {}

/// Builds and publishes a site. `findings` are those of reading and checking.
/// `progress` is told how many papers are set and how many there are.
pub fn build(
    register: &Register,
    mut findings: Vec<Finding>,
    options: &BuildOptions<'_>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Built, BuildError> {
    refuse_repository(options.root, options.out)?;
    let outlook = Outlook::new(register, options.as_of, options.viewer.clone());
    findings.extend(outlook.findings.iter().cloned());
    let mut printed = Printed::new(&outlook, options, progress);
    let papers = std::mem::take(&mut printed.outputs);
    findings.extend(printed.findings.iter().cloned());
    let files = SiteFiles::of_repository(&Tree::folder(options.root));
    findings.extend(crate::site::check(&files, register));
    sort(&mut findings);
    let told: Vec<Finding> = findings
        .iter()
        .filter(|finding| may_be_told(&outlook, finding))
        .cloned()
        .collect();
    let links: Vec<OfLanguage<'_>> = options
        .editions
        .all()
        .map(|language| OfLanguage {
            printed: &printed,
            language,
            up: options.editions.up(language),
        })
        .collect();
    let sites: Vec<Site<'_>> = links
        .par_iter()
        .map(|links| {
            let input = SiteInput {
                outlook: &outlook,
                findings: &told,
                language: links.language,
                files: &files,
                forms: links,
                past: options.past,
            };
            Site::beside(input, options.editions)
        })
        .collect::<Result<_, _>>()
        .map_err(|error| BuildError::Site(vec![error]))?;
    let papers = papers.into_par_iter().map(Ok);
    let pages = sites.par_iter().flat_map(Site::outputs);
    let summary = publish(options.out, pages.chain(papers)).map_err(|stopped| match stopped {
        Stopped::Render(errors) => BuildError::Site(errors),
        Stopped::Publish(errors) => BuildError::Publish(errors),
    })?;
    // the same page in another language has the same mistake
    for site in &sites {
        let mistakes = site.findings(register);
        findings.extend(
            mistakes
                .into_iter()
                .filter(|mistake| {
                    let mut told = findings.iter().filter(|told| told.rule == mistake.rule);
                    told.all(|told| told.place != mistake.place)
                })
                .collect::<Vec<_>>(),
        );
    }
    sort(&mut findings);
    Ok(Built {
        summary,
        records: outlook.records.len(),
        papers: printed.count,
        findings,
    })
}

/// Whether a finding says nothing of records that the viewer may not see:
/// neither stands in one of them nor names one.
pub fn may_be_told(outlook: &Outlook<'_>, finding: &Finding) -> bool {
    let seen = outlook.register;
    let places = std::iter::once(&finding.place).chain(&finding.related);
    outlook.viewer.is_insider()
        && places
            .into_iter()
            .all(|place| !seen.sources.file(place.file).path.is_empty())
        && finding.arguments.iter().all(|(_, said)| match said {
            Argument::Plain(text) => !seen.names_hidden(text, ""),
            Argument::Labelled(_) => true,
        })
}

/// A site is never published over the records it is made of.
fn refuse_repository(root: &Path, out: &Path) -> Result<(), BuildError> {
    let (root, target) = (resolved(root), resolved(out));
    let inside = ["records", "templates", "site", ".git"]
        .iter()
        .any(|folder| target.starts_with(root.join(folder)));
    if root.starts_with(&target) || inside {
        return Err(BuildError::OutputIsRepository(out.to_path_buf()));
    }
    Ok(())
}

/// Where a path leads, also where its last folders are yet to be made.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut resolved = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                resolved.pop();
            }
            part => resolved.push(part),
        }
        if let Ok(real) = resolved.canonicalize() {
            resolved = real;
        }
    }
    resolved
}

/// An output that holds these bytes.
fn output(path: String, bytes: Vec<u8>) -> Output {
    Output { path, bytes }
}
