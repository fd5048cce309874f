//! What register definitions gather from an outlook: which records, rows and
//! tasks stand in each table, for whom or what, in which order. Paper and
//! pages are made of the same gatherings.
//!
//! Invariant: all of it comes from an outlook, so nothing that its viewer may
//! not see is in a gathering, in a count or in a name (D12).

mod known;
mod names;
mod order;

pub use known::{Known, known};
pub use names::slugs;

use std::collections::BTreeMap;

use crate::archive::{self, Filing};
use crate::definition::register_paper::{Per, RegisterPaper, RegisterTable, Source};
use crate::organisation::Subject;
use crate::outlook::{Action, Outlook, Viewer};
use crate::record::{Only, Record};

/// Whom or what a gathering is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A party, department or person.
    Subject(Subject),
    /// A year or a project.
    Words(String),
}

/// A row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Index of the record.
    pub record: usize,
    /// Index of the row in the record, of tables made of rows.
    pub row: Option<usize>,
    /// Index of the task among those of the outlook, of tables made of tasks.
    pub action: Option<usize>,
}

/// What stands in the tables of a definition, for one of those it is for.
#[derive(Clone, Debug)]
pub struct Gathering {
    /// Whom or what it is of; none for a definition over everything.
    pub of: Option<Group>,
    /// Its name in addresses and file names, which no other of the definition has.
    pub slug: Option<String>,
    /// The lines of each table, in order.
    pub tables: Vec<Vec<Line>>,
}

impl Gathering {
    /// The records in all tables, each once.
    pub fn records(&self) -> Vec<usize> {
        let lines = self.tables.iter().flatten();
        let mut records: Vec<usize> = lines.map(|line| line.record).collect();
        records.sort_unstable();
        records.dedup();
        records
    }
}

/// The gatherings of a definition in which something stands.
pub fn gather(outlook: &Outlook<'_>, paper: &RegisterPaper) -> Vec<Gathering> {
    // an outsider has a file of its own dealings and no register of the company
    if !outlook.viewer.is_insider() && paper.per != Some(Per::Party) {
        return Vec::new();
    }
    let empty = || vec![Vec::new(); paper.tables.len()];
    let mut groups: BTreeMap<Option<Group>, Vec<Vec<Line>>> = BTreeMap::new();
    for (index, table) in paper.tables.iter().enumerate() {
        for line in lines(outlook, table) {
            for group in groups_of(outlook, paper, line) {
                groups.entry(group).or_insert_with(empty)[index].push(line);
            }
        }
    }
    let names: Vec<&str> = groups
        .keys()
        .map(|group| match group {
            Some(Group::Subject(subject)) => outlook.register.organisation.id_of(*subject),
            Some(Group::Words(words)) => words,
            None => "",
        })
        .collect();
    let slugs = slugs(&names);
    groups
        .into_iter()
        .zip(slugs)
        .map(|((of, mut tables), slug)| {
            for (lines, table) in tables.iter_mut().zip(&paper.tables) {
                order::sort(outlook, table, lines);
            }
            let slug = of.is_some().then_some(slug);
            Gathering { of, slug, tables }
        })
        .collect()
}

/// The row of its record that a line is made of.
pub fn only<'t>(table: &'t RegisterTable, record: &Record, line: Line) -> Option<Only<'t>> {
    match (&table.source, line.row) {
        (Source::Rows(by_kind), Some(index)) => {
            let rows = by_kind.get(record.kind)?.as_ref()?;
            Some(Only { rows, index })
        }
        _ => None,
    }
}

/// Every line of a table, for whomever it is.
fn lines(outlook: &Outlook<'_>, table: &RegisterTable) -> Vec<Line> {
    let mut lines = Vec::new();
    let records = outlook
        .records
        .iter()
        .filter(|record| is_wanted(outlook, table, **record));
    for record in records.copied() {
        let plain = Line {
            record,
            row: None,
            action: None,
        };
        match &table.source {
            Source::Records => lines.push(plain),
            Source::Rows(by_kind) => {
                let read = &outlook.register.records[record];
                if let Some(Some(rows)) = by_kind.get(read.kind) {
                    let count = read.rows(rows).len();
                    lines.extend((0..count).map(|row| Line {
                        row: Some(row),
                        ..plain
                    }));
                }
            }
            Source::Commitments => {
                let all = outlook.actions_range(record);
                lines.extend(
                    all.filter(|action| {
                        let open = outlook.actions[*action].status.is_open();
                        table.open.is_none_or(|wanted| wanted == open)
                    })
                    .map(|action| Line {
                        action: Some(action),
                        ..plain
                    }),
                );
            }
        }
    }
    lines
}

fn is_wanted(outlook: &Outlook<'_>, table: &RegisterTable, index: usize) -> bool {
    let register = outlook.register;
    let record = &register.records[index];
    table.kinds.contains(&record.kind)
        && table.phases.contains(&outlook.phase(index))
        && (!table.filed || archive::is_filed(register.kind_of(record), record))
        && table
            .when
            .as_ref()
            // what cannot be judged is on the list: `check` says what is wrong
            .is_none_or(|when| {
                register
                    .evaluation(record)
                    .holds(when, None)
                    .unwrap_or(true)
            })
}

/// On whose papers a line stands: none, one, or that of each party concerned.
fn groups_of(outlook: &Outlook<'_>, paper: &RegisterPaper, line: Line) -> Vec<Option<Group>> {
    let register = outlook.register;
    let organisation = &register.organisation;
    let record = &register.records[line.record];
    let owner = line
        .action
        .and_then(|action| outlook.actions.get(action))
        .map(|action: &Action| action.owner);
    let group: Option<Group> = match paper.per {
        None => return vec![None],
        Some(Per::Party) => {
            let kind = register.kind_of(record);
            let mut parties: Vec<Subject> = kind
                .parties
                .iter()
                .flat_map(|path| record.subjects(path, organisation))
                .filter(|subject| match (subject, &outlook.viewer) {
                    (Subject::Party(party), Viewer::Public(own)) if party != own => false,
                    (Subject::Party(party), _) => paper
                        .party_kind
                        .as_ref()
                        .is_none_or(|kind| organisation.party(*party).kind == *kind),
                    _ => false,
                })
                .collect();
            parties.sort_unstable();
            parties.dedup();
            return parties
                .into_iter()
                .map(|party| Some(Group::Subject(party)))
                .collect();
        }
        Some(Per::Department) => match owner {
            Some(owner) => owner.and_then(|owner| organisation.department_of(owner)),
            None => register.department_of(record),
        }
        .map(|department| Group::Subject(Subject::Department(department))),
        Some(Per::Person) => owner
            .unwrap_or_else(|| outlook.responsible_for(line.record))
            .filter(|subject| matches!(subject, Subject::Person(_)))
            .map(Group::Subject),
        Some(Per::Project) => record
            .project
            .as_ref()
            .map(|project| project.value.trim())
            .filter(|project| !project.is_empty())
            .map(|project| Group::Words(project.to_owned())),
        Some(Per::Year) => Filing::of(register, record)
            .year
            .map(|year| Group::Words(year.to_string())),
    };
    group.map(Some).into_iter().collect()
}
