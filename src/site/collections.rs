//! Records put together by what they have in common: what register
//! definitions gather, the dealings with each party, the matters of each
//! project.
//!
//! Invariant: all of it comes from the outlook; of parties an outsider finds
//! itself alone.

use std::collections::BTreeMap;

use crate::definition::register_paper::{Per, RegisterPaper};
use crate::exchange::Gathered;
use crate::gathering::{Gathering, Group, gather, slugs};
use crate::organisation::{PartyId, Subject};
use crate::outlook::{Outlook, Viewer};

/// A project with its records, the newest number first.
pub(super) struct Project {
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    pub records: Vec<usize>,
}

/// What many records come to.
pub(super) struct Collections {
    /// What each register definition gathers.
    pub gatherings: Vec<Vec<Gathering>>,
    /// The records that concern each party, the newest number first.
    pub parties: Vec<Vec<usize>>,
    /// The projects by name.
    pub projects: Vec<Project>,
}

impl Collections {
    pub fn new(outlook: &Outlook<'_>) -> Self {
        let register = outlook.register;
        let organisation = &register.organisation;
        let mut parties = vec![Vec::new(); organisation.parties.len()];
        let mut projects: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for index in outlook.records.iter().rev().copied() {
            let record = &register.records[index];
            for path in &register.kind_of(record).parties {
                for subject in record.subjects(path, organisation) {
                    let Subject::Party(party) = subject else {
                        continue;
                    };
                    let records: &mut Vec<usize> = &mut parties[party.0 as usize];
                    if shows_party(outlook, party) && records.last() != Some(&index) {
                        records.push(index);
                    }
                }
            }
            let project = record.project.as_ref().map(|name| name.value.trim());
            if let Some(name) = project.filter(|name| !name.is_empty())
                && outlook.viewer.is_insider()
            {
                projects.entry(name).or_default().push(index);
            }
        }
        let names: Vec<&str> = projects.keys().copied().collect();
        let slugs = slugs(&names);
        Collections {
            gatherings: register
                .register_papers
                .iter()
                .map(|paper| {
                    let mut gatherings = gather(outlook, paper);
                    for gathering in &mut gatherings {
                        records_of_matrices(paper, gathering);
                    }
                    gatherings
                })
                .collect(),
            parties,
            projects: projects
                .into_iter()
                .zip(slugs)
                .map(|((name, records), slug)| Project {
                    name: name.to_owned(),
                    slug,
                    records,
                })
                .collect(),
        }
    }

    /// What is gathered, each to be taken along.
    pub fn to_take(&self) -> impl Iterator<Item = Gathered> + '_ {
        let papers = self.gatherings.iter().enumerate();
        papers.flat_map(|(paper, all)| {
            let all = all.iter().enumerate();
            all.map(move |(at, gathering)| Gathered {
                paper,
                at,
                slug: gathering.slug.clone(),
            })
        })
    }

    /// The project of that name.
    pub fn project(&self, name: &str) -> Option<&Project> {
        let name = name.trim();
        self.projects
            .binary_search_by(|project| project.name.as_str().cmp(name))
            .ok()
            .map(|index| &self.projects[index])
    }

    /// What a definition gathers for somebody or something, with its index.
    pub fn of_group(&self, paper: usize, group: &Group) -> Option<(usize, &Gathering)> {
        let mut all = self.gatherings[paper].iter().enumerate();
        all.find(|(_, gathering)| gathering.of.as_ref() == Some(group))
    }
}

/// A matrix has a row for each record, whatever rows paper has.
fn records_of_matrices(paper: &RegisterPaper, gathering: &mut Gathering) {
    for (table, lines) in paper.tables.iter().zip(&mut gathering.tables) {
        if table.has_matrix() {
            lines.dedup_by_key(|line| line.record);
        }
    }
}

/// Whether there is a page of a party: for insiders of each, for a party its own.
pub(super) fn shows_party(outlook: &Outlook<'_>, party: PartyId) -> bool {
    match &outlook.viewer {
        Viewer::Public(own) => *own == party,
        _ => true,
    }
}

/// The register definitions that have a gathering for each of something.
pub(super) fn papers_per(
    papers: &[RegisterPaper],
    per: Per,
) -> impl Iterator<Item = (usize, &RegisterPaper)> {
    let papers = papers.iter().enumerate();
    papers.filter(move |(_, paper)| paper.per == Some(per))
}
