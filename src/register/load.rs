//! Reads a repository: definitions first, then the organisation, then all
//! records at once on every core.
//!
//! Invariant: the files of records are the last ones, by path, so that one
//! that comes or goes leaves the numbers of all others but those behind it.

use std::path::Path;

use super::definitions::stem;
use super::reading::Reading;
use super::{Register, calendars};
use crate::calendar::{Calendar, HolidayTable, Year};
use crate::definition::carrier::carriers;
use crate::definition::templates::Origin;
use crate::definition::{Carrier, Templates};
use crate::finding::{FileId, Finding, Place, Span};
use crate::organisation::{Settings, read_settings};
use crate::source::{
    Findings, SourceFile, Sources, TableReader, Tree, Walked, ordinary_size, parse,
};

/// The folder of records in a repository.
pub const RECORDS: &str = "records";
/// The folder of the organisation's files below it.
pub const ORGANISATION: &str = "records/organisation/";

/// What the command line may change.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The profile to take instead of the one `taizhang.toml` names.
    pub profile: Option<String>,
    /// Template files to take instead of the repository's and the built-in ones.
    pub templates: Option<Templates>,
}

/// A register and everything that is wrong with its files.
pub struct Loaded {
    /// What could be read.
    pub register: Register,
    /// What could not, in reading order.
    pub findings: Vec<Finding>,
    /// File by file, to read some of them again.
    pub(super) reading: Reading,
}

/// Reads the repository at `root`.
pub fn load(root: &Path, options: &LoadOptions) -> Loaded {
    load_tree(&Tree::folder(root), options)
}

/// Reads a repository, on disk or as it once was.
pub fn load_tree(tree: &Tree, options: &LoadOptions) -> Loaded {
    let templates = options
        .templates
        .clone()
        .unwrap_or_else(|| Templates::of_repository(tree));
    let mut loading = Loading {
        sources: Sources::default(),
        findings: Vec::new(),
        carriers: Vec::new(),
    };
    let settings = loading.settings(tree);
    // Neither needs the other, and each keeps one core busy for a while.
    let (definitions, walked) = rayon::join(
        || loading.definitions(&templates),
        || tree.walk(RECORDS, "toml"),
    );
    loading.own_files(&templates, tree);
    let profile = loading.profile(&definitions.profiles, &settings, options);
    loading.cross_check(&definitions);
    let (organisation_files, record_files): (Vec<Walked>, Vec<Walked>) = walked
        .into_iter()
        .partition(|walked| walked.file.path.starts_with(ORGANISATION));
    let mut readable = Vec::new();
    for walked in organisation_files {
        let finding = walked.finding(loading.sources.next());
        let file = loading.sources.add(walked.file);
        readable.extend(finding.is_none().then_some(file));
        loading.findings.extend(finding);
    }
    let organisation = loading.organisation(&readable);
    loading.check_settings(&settings, &organisation);
    let calendar = loading.calendar(&templates, &settings);
    let Loading {
        sources,
        findings,
        carriers,
    } = loading;
    let mut loaded = Loaded {
        reading: Reading::new(sources.next(), findings),
        findings: Vec::new(),
        register: Register {
            sources,
            templates: templates.into(),
            settings,
            organisation,
            calendar,
            kinds: definitions.kinds,
            register_papers: definitions.register_papers,
            profiles: definitions.profiles,
            profile,
            lists: definitions.lists,
            rules: definitions.rules,
            handbooks: definitions.handbooks,
            clauses: definitions.clauses,
            carriers,
            words: definitions.words.map(std::sync::Arc::new),
            records: Vec::new(),
            by_id: Default::default(),
            referenced_by: Vec::new(),
            given: Vec::new(),
            views: Default::default(),
            hidden: Default::default(),
        },
    };
    loaded.take_in(record_files);
    loaded
}

/// Files taken in and findings so far.
pub(super) struct Loading {
    pub sources: Sources,
    pub findings: Vec<Finding>,
    /// What the definition files say they carry.
    pub carriers: Vec<Carrier>,
}

impl Loading {
    /// Takes a file in and lets `read` read its table.
    pub(super) fn read<T>(
        &mut self,
        file: SourceFile,
        read: impl FnOnce(FileId, TableReader<'_>) -> T,
    ) -> (FileId, T) {
        let id = self.sources.add(file);
        let parsed = parse(id, self.sources.file(id));
        let findings = Findings::default();
        let table = parsed.table.get_ref();
        let reader = TableReader::new(id, 0..0, table, &findings);
        let value = read(id, reader);
        let broken = parsed.broken;
        let found = parsed.findings.into_iter().chain(
            findings
                .into_inner()
                .into_iter()
                .filter(|finding| !broken.iter().any(|span| span.overlaps(finding.place.span))),
        );
        self.findings.extend(found);
        let path = &self.sources.file(id).path;
        let path = path.strip_prefix("built-in:").unwrap_or(path);
        if let Some(path) = path.strip_prefix("templates/") {
            self.carriers.extend(carriers(id, path, table));
        }
        (id, value)
    }

    fn settings(&mut self, tree: &Tree) -> Settings {
        let Some(walked) = tree.read_file("taizhang.toml") else {
            let file = self.sources.add(SourceFile::new("taizhang.toml", ""));
            let place = Place {
                file,
                span: Span::default(),
            };
            self.findings
                .push(Finding::error("missing-settings", place));
            return Settings::default_at(place);
        };
        if let Some(finding) = walked.finding(self.sources.next()) {
            let place = Place {
                file: self.sources.add(walked.file),
                span: Span::default(),
            };
            self.findings.push(finding);
            return Settings::default_at(place);
        }
        let file = walked.file;
        let mut settings = self.read(file, |_, reader| read_settings(reader)).1;
        self.findings.extend(settings.read_logos(tree));
        settings
    }

    /// The company's own templates of papers and pages, and its pages: a
    /// mistake in one is pointed at.
    fn own_files(&mut self, templates: &Templates, tree: &Tree) {
        let below = |folder| templates.below(folder);
        for (path, template) in below("print/").chain(below("site/")) {
            let own = template.origin == Origin::Organisation;
            if let (true, Ok(text)) = (own, std::str::from_utf8(&template.bytes)) {
                let path = format!("templates/{path}");
                self.sources.add(SourceFile::new(path, text));
            }
        }
        let markdown = |path: &str| match path.ends_with(".md") {
            true => ordinary_size(path),
            false => 0,
        };
        for (path, bytes) in tree.bytes_below("site", markdown) {
            if let (true, Ok(text)) = (path.ends_with(".md"), String::from_utf8(bytes)) {
                self.sources
                    .add(SourceFile::new(format!("site/{path}"), text));
            }
        }
    }

    fn calendar(&mut self, templates: &Templates, settings: &Settings) -> Calendar {
        let mut years: Vec<Year> = Vec::new();
        let mut places: Vec<(i16, Place)> = Vec::new();
        for (path, template) in templates.below("calendar/") {
            if stem(path, "calendar/").is_none() {
                continue;
            }
            let file = self.template_file(path, template);
            let (file, year) = self.read(file, |_, reader| calendars::read_year(reader));
            if let Some(year) = year {
                let place = Place {
                    file,
                    span: Span::default(),
                };
                places.push((year.year, place));
                years.push(year);
            }
        }
        let (table, problems) = HolidayTable::new(years);
        for problem in &problems {
            let place = places
                .iter()
                .find(|(year, _)| *year == problem.year())
                .map_or(settings.place, |(_, place)| *place);
            self.findings.push(calendars::problem(problem, place));
        }
        Calendar::new(settings.time.clone(), table)
    }
}
