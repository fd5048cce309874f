//! Reads a repository: definitions first, then the organisation, then all
//! records at once on every core.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Register, calendars, references};
use crate::calendar::{Calendar, HolidayTable, Year};
use crate::definition::kind::read_kind;
use crate::definition::lists::read_list;
use crate::definition::profile::read_profile;
use crate::definition::rule_text::read_rule_text;
use crate::definition::templates::{Origin, Template};
use crate::definition::{Kind, Profile, Templates, clause};
use crate::finding::{FileId, Finding, Place, Span, sort};
use crate::organisation::{
    Organisation, Settings, read_departments, read_parties, read_people, read_settings,
};
use crate::record::{Record, read_record};
use crate::source::{Findings, Located, SourceFile, Sources, TableReader, nearest, parse, walk};
use crate::text::Language;
use crate::words::Words;

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
}

/// Reads the repository at `root`.
pub fn load(root: &Path, options: &LoadOptions) -> Loaded {
    let templates = options
        .templates
        .clone()
        .unwrap_or_else(|| Templates::of_repository(root));
    let mut loading = Loading {
        sources: Sources::default(),
        findings: Vec::new(),
    };
    let settings = loading.settings(root);
    // Neither needs the other, and each keeps one core busy for a while.
    let (definitions, walked) = rayon::join(
        || loading.definitions(&templates),
        || walk(root, RECORDS, "toml"),
    );
    let profile = loading.profile(&definitions.profiles, &settings, options);
    loading.cross_check(&definitions);
    let mut organisation_files = Vec::new();
    let mut record_files = Vec::new();
    for walked in walked {
        let finding = walked.finding(loading.sources.next());
        let readable = finding.is_none();
        loading.findings.extend(finding);
        let is_organisation = walked.file.path.starts_with(ORGANISATION);
        let file = loading.sources.add(walked.file);
        if readable && is_organisation {
            organisation_files.push(file);
        } else if readable {
            record_files.push(file);
        }
    }
    let organisation = loading.organisation(&organisation_files);
    loading.check_settings(&settings, &organisation);
    let calendar = loading.calendar(&templates, &settings);
    let sources = &loading.sources;
    let read: Vec<(Option<Record>, Vec<Finding>)> = record_files
        .par_iter()
        .with_min_len(64)
        .map(|file| {
            read_record(
                &definitions.kinds,
                &organisation,
                &settings.time,
                *file,
                sources.file(*file),
            )
        })
        .collect();
    let mut records = Vec::with_capacity(read.len());
    for (record, findings) in read {
        records.extend(record);
        loading.findings.extend(findings);
    }
    let (mut records, _) = references::index(records, &mut loading.findings);
    records.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    let by_id = records
        .iter()
        .enumerate()
        .filter(|(_, record)| !record.id.value.is_empty())
        .map(|(index, record)| (record.id.value.clone(), index))
        .collect();
    let referenced_by =
        references::link(&records, &definitions.kinds, &by_id, &mut loading.findings);
    let Loading {
        sources,
        mut findings,
    } = loading;
    sort(&mut findings);
    Loaded {
        register: Register {
            sources,
            templates,
            settings,
            organisation,
            calendar,
            kinds: definitions.kinds,
            profiles: definitions.profiles,
            profile,
            lists: definitions.lists,
            rules: definitions.rules,
            clauses: definitions.clauses,
            words: definitions.words,
            records,
            by_id,
            referenced_by,
        },
        findings,
    }
}

struct Definitions {
    kinds: Vec<Kind>,
    profiles: Vec<Profile>,
    lists: BTreeMap<Arc<str>, crate::definition::WordList>,
    rules: BTreeMap<Arc<str>, crate::definition::RuleText>,
    clauses: Vec<crate::definition::Clause>,
    words: [Words; 2],
}

struct Loading {
    sources: Sources,
    findings: Vec<Finding>,
}

impl Loading {
    /// Takes a file in and lets `read` read its table.
    fn read<T>(
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
        (id, value)
    }

    /// A template as a file; text that is no UTF-8 is a finding and empty.
    fn template_file(&mut self, path: &str, template: &Template) -> SourceFile {
        let name = match template.origin {
            Origin::BuiltIn => format!("built-in:templates/{path}"),
            Origin::Organisation => format!("templates/{path}"),
        };
        match std::str::from_utf8(&template.bytes) {
            Ok(text) => SourceFile::new(name, text),
            Err(error) => {
                let place = Place {
                    file: self.sources.next(),
                    span: Span::default(),
                };
                self.findings.push(
                    Finding::error("unreadable-file", place)
                        .message("not-utf8")
                        .with("byte", error.valid_up_to()),
                );
                SourceFile::new(name, "")
            }
        }
    }

    fn settings(&mut self, root: &Path) -> Settings {
        let path = root.join("taizhang.toml");
        let file = match std::fs::read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => SourceFile::new("taizhang.toml", text),
                Err(error) => {
                    let file = self.sources.add(SourceFile::new("taizhang.toml", ""));
                    let place = Place {
                        file,
                        span: Span::default(),
                    };
                    self.findings.push(
                        Finding::error("unreadable-file", place)
                            .message("not-utf8")
                            .with("byte", error.utf8_error().valid_up_to()),
                    );
                    return Settings::default_at(place);
                }
            },
            Err(_) => {
                let file = self.sources.add(SourceFile::new("taizhang.toml", ""));
                let place = Place {
                    file,
                    span: Span::default(),
                };
                self.findings
                    .push(Finding::error("missing-settings", place));
                return Settings::default_at(place);
            }
        };
        self.read(file, |_, reader| read_settings(reader)).1
    }

    fn definitions(&mut self, templates: &Templates) -> Definitions {
        let mut kinds = Vec::new();
        for (path, template) in templates.below("kinds/") {
            let Some(id) = path
                .strip_prefix("kinds/")
                .and_then(|rest| rest.strip_suffix("/kind.toml"))
                .filter(|id| !id.contains('/'))
            else {
                continue;
            };
            let file = self.template_file(path, template);
            kinds.push(
                self.read(file, |file, reader| read_kind(id, file, reader))
                    .1,
            );
        }
        let mut profiles = Vec::new();
        for (path, template) in templates.below("profiles/") {
            let Some(id) = stem(path, "profiles/") else {
                continue;
            };
            let file = self.template_file(path, template);
            profiles.push(self.read(file, |_, reader| read_profile(id, reader)).1);
        }
        let mut lists = BTreeMap::new();
        for (path, template) in templates.below("lists/") {
            let Some(id) = stem(path, "lists/") else {
                continue;
            };
            let file = self.template_file(path, template);
            let list = self.read(file, |_, reader| read_list(id, reader)).1;
            lists.insert(Arc::from(id), list);
        }
        let mut rules = BTreeMap::new();
        for (path, template) in templates.below("rules/") {
            let Some(id) = stem(path, "rules/") else {
                continue;
            };
            let file = self.template_file(path, template);
            let text = self.read(file, |_, reader| read_rule_text(id, reader)).1;
            rules.insert(Arc::from(id), text);
        }
        let clauses = templates
            .get("clauses.toml")
            .map_or_else(Vec::new, |template| {
                let file = self.template_file("clauses.toml", template);
                self.read(file, |_, reader| clause::read_clauses(reader)).1
            });
        let words = [Language::Chinese, Language::English].map(|language| {
            let path = format!("words/{}.toml", language.code());
            let Some(template) = templates.get(&path) else {
                return Words::default();
            };
            let file = self.template_file(&path, template);
            let id = self.sources.add(file);
            let parsed = parse(id, self.sources.file(id));
            let words = Words::new(language, parsed.table.get_ref());
            self.findings.extend(parsed.findings);
            words
        });
        Definitions {
            kinds,
            profiles,
            lists,
            rules,
            clauses,
            words,
        }
    }

    /// The profile that holds; a finding and the first one when it has no file.
    fn profile(
        &mut self,
        profiles: &[Profile],
        settings: &Settings,
        options: &LoadOptions,
    ) -> usize {
        let wanted: &str = options
            .profile
            .as_deref()
            .unwrap_or(&settings.profile.value);
        if let Some(index) = profiles.iter().position(|profile| *profile.id == *wanted) {
            return index;
        }
        let known: Vec<&str> = profiles.iter().map(|profile| &*profile.id).collect();
        let mut finding = Finding::error("unknown-profile", settings.profile.place)
            .with("name", wanted)
            .with("known", known.join(", "));
        if let Some(near) = nearest(wanted, known.iter().copied()) {
            finding = finding.message("near").with("near", near);
        }
        self.findings.push(finding);
        profiles
            .iter()
            .position(|profile| &*profile.id == "default")
            .unwrap_or(0)
    }

    /// Names that definitions use of each other.
    fn cross_check(&mut self, definitions: &Definitions) {
        let kinds = &definitions.kinds;
        let kind_names: Vec<&str> = kinds.iter().map(|kind| &*kind.id).collect();
        for profile in &definitions.profiles {
            for entry in &profile.limits {
                let kind = kinds.iter().find(|kind| kind.id == entry.kind);
                let known: Vec<&str> = match kind {
                    Some(kind) => kind.limits.iter().map(|limit| &*limit.id).collect(),
                    None => kind_names.clone(),
                };
                let name: &str = if kind.is_some() {
                    &entry.limit
                } else {
                    &entry.kind
                };
                if !known.contains(&name) {
                    self.findings.push(unknown_limit(entry.place, name, &known));
                }
            }
            for entry in &profile.forms {
                let kind = kinds.iter().find(|kind| kind.id == entry.kind);
                let known: Vec<&str> = match kind {
                    Some(kind) => kind.forms.iter().map(|form| &*form.id).collect(),
                    None => kind_names.clone(),
                };
                let name: &str = if kind.is_some() {
                    &entry.form
                } else {
                    &entry.kind
                };
                if !known.contains(&name) {
                    self.findings.push(unknown_limit(entry.place, name, &known));
                }
            }
        }
    }

    fn organisation(&mut self, files: &[FileId]) -> Organisation {
        let mut organisation = Organisation::default();
        let by_name = |sources: &Sources, name: &str| {
            files
                .iter()
                .copied()
                .find(|file| sources.file(*file).path == format!("{ORGANISATION}{name}.toml"))
        };
        let found = Findings::default();
        let departments = by_name(&self.sources, "departments");
        let people = by_name(&self.sources, "people");
        let parties = by_name(&self.sources, "parties");
        let sources = &self.sources;
        let parsed =
            |file: Option<FileId>| file.map(|file| (file, parse(file, sources.file(file))));
        let departments = parsed(departments);
        let people = parsed(people);
        let parties = parsed(parties);
        {
            let departments_reader = departments.as_ref().map(|(file, parsed)| {
                TableReader::new(*file, 0..0, parsed.table.get_ref(), &found)
            });
            if let Some((file, parsed)) = &people {
                let reader = TableReader::new(*file, 0..0, parsed.table.get_ref(), &found);
                read_people(&mut organisation, &reader, departments_reader.as_ref());
            }
            if let Some(reader) = &departments_reader {
                read_departments(&mut organisation, reader);
            }
            if let Some((file, parsed)) = &parties {
                let reader = TableReader::new(*file, 0..0, parsed.table.get_ref(), &found);
                read_parties(&mut organisation, &reader);
            }
        }
        let syntax: Vec<Finding> = [departments, people, parties]
            .into_iter()
            .flatten()
            .flat_map(|(_, parsed)| parsed.findings)
            .collect();
        self.findings.extend(syntax);
        self.findings.extend(found.into_inner());
        for file in files {
            let path = &self.sources.file(*file).path;
            let known = ["departments", "people", "parties"]
                .iter()
                .any(|name| *path == format!("{ORGANISATION}{name}.toml"));
            if !known {
                let place = Place {
                    file: *file,
                    span: Span::default(),
                };
                self.findings.push(Finding::warning("unknown-file", place));
            }
        }
        organisation
    }

    /// Names of the organisation that the settings use.
    fn check_settings(&mut self, settings: &Settings, organisation: &Organisation) {
        if let Some(office) = &settings.coordination_office
            && organisation.find_department(&office.value).is_none()
        {
            let known: Vec<&str> = organisation.departments.iter().map(|d| &*d.id).collect();
            self.unknown_name("unknown-department", office, "coordination_office", &known);
        }
        for audience in &settings.audiences {
            for member in &audience.members {
                let known = organisation.find_department(&member.value).is_some()
                    || organisation.find_person(&member.value).is_some();
                if !known {
                    let known: Vec<&str> = organisation
                        .departments
                        .iter()
                        .map(|d| &*d.id)
                        .chain(organisation.people.iter().map(|p| &*p.id))
                        .collect();
                    self.unknown_name("unknown-subject", member, "members", &known);
                }
            }
        }
    }

    fn unknown_name(
        &mut self,
        rule: &'static str,
        found: &Located<Arc<str>>,
        key: &str,
        known: &[&str],
    ) {
        let mut finding = Finding::error(rule, found.place)
            .with("key", key)
            .with("name", &*found.value)
            .with("known", known.join(", "));
        if let Some(near) = nearest(&found.value, known.iter().copied()) {
            finding = finding.message("near").with("near", near);
        }
        self.findings.push(finding);
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

fn unknown_limit(place: Place, name: &str, known: &[&str]) -> Finding {
    let finding = Finding::error("unknown-limit", place)
        .with("name", name)
        .with("known", known.join(", "));
    match nearest(name, known.iter().copied()) {
        Some(near) => finding.message("near").with("near", near),
        None => finding,
    }
}

fn stem<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?
        .strip_suffix(".toml")
        .filter(|stem| !stem.contains('/'))
}
