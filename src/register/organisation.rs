//! Reads the organisation's files, and checks the names that the settings use of it.

use std::sync::Arc;

use super::load::{Loading, ORGANISATION};
use crate::finding::{FileId, Finding, Place, Span};
use crate::organisation::{
    Organisation, Settings, read_departments, read_parties, read_people, read_roles,
};
use crate::source::{Findings, Located, Sources, TableReader, nearest, parse};

impl Loading {
    pub(super) fn organisation(&mut self, files: &[FileId]) -> Organisation {
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
        let roles = by_name(&self.sources, "roles");
        let sources = &self.sources;
        let parsed =
            |file: Option<FileId>| file.map(|file| (file, parse(file, sources.file(file))));
        let departments = parsed(departments);
        let people = parsed(people);
        let parties = parsed(parties);
        let roles = parsed(roles);
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
            if let Some((file, parsed)) = &roles {
                let reader = TableReader::new(*file, 0..0, parsed.table.get_ref(), &found);
                read_roles(&mut organisation, &reader);
            }
        }
        let syntax: Vec<Finding> = [departments, people, parties, roles]
            .into_iter()
            .flatten()
            .flat_map(|(_, parsed)| parsed.findings)
            .collect();
        self.findings.extend(syntax);
        self.findings.extend(found.into_inner());
        for file in files {
            let path = &self.sources.file(*file).path;
            let known = ["departments", "people", "parties", "roles"]
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
    pub(super) fn check_settings(&mut self, settings: &Settings, organisation: &Organisation) {
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
}
