//! Which register papers there are, and which records, rows and tasks stand
//! on each.
//!
//! Invariant: all of it comes from an outlook, so nothing that its viewer may
//! not see is on a paper, in a count or in a file name (D12).

use std::collections::BTreeMap;

use super::conditions::holds;
use super::offer::safe;
use super::view::{FormView, register_view};
use crate::archive::{self, Filing};
use crate::definition::register_paper::{Per, RegisterPaper, RegisterTable, Source};
use crate::organisation::Subject;
use crate::outlook::{Action, Outlook, Viewer};
use crate::text::Language;

/// Rows of a paper. What has more is bound in parts: a typesetter works on a
/// table as a whole.
const MOST_ROWS: usize = 500;

/// Whom or what a paper is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A party, department or person.
    Subject(Subject),
    /// A year or a project.
    Words(String),
}

/// A row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Index of the record.
    pub record: usize,
    /// Index of the row in the record, of tables made of rows.
    pub row: Option<usize>,
    /// Index of the task among those of the outlook, of tables made of tasks.
    pub action: Option<usize>,
}

/// The lines of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    pub lines: Vec<Line>,
    /// How many stand in earlier parts.
    pub before: usize,
}

/// A paper with what stands on it.
#[derive(Clone, Debug)]
pub struct Gathered<'r> {
    /// Its definition.
    pub paper: &'r RegisterPaper,
    /// Whom or what it is of; none for a paper over everything.
    pub of: Option<Group>,
    /// Which part it is, and of how many, when it has more than one.
    pub part: Option<(usize, usize)>,
    /// The lines of each table.
    pub(super) tables: Vec<Lines>,
    /// The records on all parts, each once.
    pub records: Vec<usize>,
}

impl Gathered<'_> {
    /// What stands on it.
    pub fn view(&self, outlook: &Outlook<'_>, language: Language) -> FormView {
        register_view(outlook, self, language)
    }

    /// The name of its file, without extension:
    /// `register-customer-file-mingchuan`.
    pub fn file_name(&self, outlook: &Outlook<'_>) -> String {
        let mut name = format!("register-{}", safe(&self.paper.id));
        match &self.of {
            Some(Group::Subject(subject)) => {
                let id = outlook.register.organisation.id_of(*subject);
                name.push_str(&format!("-{}", safe(id)));
            }
            Some(Group::Words(words)) => name.push_str(&format!("-{}", safe(words))),
            None => {}
        }
        if let Some((part, _)) = self.part {
            name.push_str(&format!("-{part}"));
        }
        name
    }
}

/// The papers of a definition: those on which something stands.
pub fn gathered<'r>(outlook: &Outlook<'_>, paper: &'r RegisterPaper) -> Vec<Gathered<'r>> {
    // an outsider has a file of its own dealings and no register of the company
    if !outlook.viewer.is_insider() && paper.per != Some(Per::Party) {
        return Vec::new();
    }
    let empty = || vec![Lines::default(); paper.tables.len()];
    let mut groups: BTreeMap<Option<Group>, Vec<Lines>> = BTreeMap::new();
    for (index, table) in paper.tables.iter().enumerate() {
        for line in lines(outlook, table) {
            for group in groups_of(outlook, paper, line) {
                groups.entry(group).or_insert_with(empty)[index]
                    .lines
                    .push(line);
            }
        }
    }
    groups
        .into_iter()
        .flat_map(|(of, mut tables)| {
            for (lines, table) in tables.iter_mut().zip(&paper.tables) {
                super::view::sort_lines(outlook, table, &mut lines.lines);
            }
            bind(paper, of, tables)
        })
        .collect()
}

/// One paper, or several parts of one.
fn bind(paper: &RegisterPaper, of: Option<Group>, tables: Vec<Lines>) -> Vec<Gathered<'_>> {
    let mut records: Vec<usize> = tables
        .iter()
        .flat_map(|table| table.lines.iter().map(|line| line.record))
        .collect();
    records.sort_unstable();
    records.dedup();
    let total: usize = tables.iter().map(|table| table.lines.len()).sum();
    let count = total.div_ceil(MOST_ROWS);
    let mut parts = Vec::with_capacity(count);
    if count <= 1 {
        parts.push(tables);
    } else {
        let mut rest = tables;
        for _ in 0..count {
            let mut room = MOST_ROWS;
            let mut part = vec![Lines::default(); rest.len()];
            for (taken, left) in part.iter_mut().zip(&mut rest) {
                let some = left.lines.len().min(room);
                taken.before = left.before;
                taken.lines = left.lines.drain(..some).collect();
                left.before += some;
                room -= some;
            }
            parts.push(part);
        }
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(index, tables)| Gathered {
            paper,
            of: of.clone(),
            part: (count > 1).then_some((index + 1, count)),
            tables,
            records: records.clone(),
        })
        .collect()
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
            .is_none_or(|when| holds(register, record, when))
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
