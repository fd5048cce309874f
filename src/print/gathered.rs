//! Register papers on paper: what is gathered for each, bound in parts where
//! a sheet would be too long.

use super::offer::safe;
use super::view::{FormView, register_subject, register_view};
use crate::definition::register_paper::RegisterPaper;
use crate::gathering::{Gathering, Group, Line, gather};
use crate::outlook::Outlook;
use crate::register::Register;
use crate::text::Language;

/// Rows of a paper. What has more is bound in parts: a typesetter works on a
/// table as a whole.
const MOST_ROWS: usize = 500;

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
    /// Its name in file names.
    slug: Option<String>,
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

    /// Whom or what it is of, and which part of it this is.
    pub fn subject(&self, register: &Register, language: Language) -> Option<String> {
        register_subject(register, self, language)
    }

    /// The name of its file, without extension:
    /// `register-customer-file-mingchuan`.
    pub fn file_name(&self) -> String {
        let mut name = format!("register-{}", safe(&self.paper.id));
        if let Some(slug) = &self.slug {
            name.push_str(&format!("-{slug}"));
        }
        if let Some((part, _)) = self.part {
            name.push_str(&format!("-{part}"));
        }
        name
    }
}

/// The papers of a definition: those on which something stands.
pub fn gathered<'r>(outlook: &Outlook<'_>, paper: &'r RegisterPaper) -> Vec<Gathered<'r>> {
    gather(outlook, paper)
        .into_iter()
        .flat_map(|gathering| bind(paper, gathering))
        .collect()
}

/// One paper, or several parts of one.
fn bind(paper: &RegisterPaper, gathering: Gathering) -> Vec<Gathered<'_>> {
    let records = gathering.records();
    let of = gathering.of;
    let slug = gathering.slug;
    let tables: Vec<Lines> = gathering
        .tables
        .into_iter()
        .map(|lines| Lines { lines, before: 0 })
        .collect();
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
            slug: slug.clone(),
            part: (count > 1).then_some((index + 1, count)),
            tables,
            records: records.clone(),
        })
        .collect()
}
