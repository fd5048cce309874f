//! Who has acknowledged what: a record a row, a department a column.

use super::address;
use super::context::Context;
use super::dates::Dates;
use super::gathered_table::day;
use super::markup::Markup;
use super::view::view;
use crate::definition::register_paper::RegisterTable;
use crate::gathering::Line;
use crate::organisation::{DepartmentId, Subject};
use crate::outlook::Obligation;

view! {
    MatrixView {
        departments: Vec<String>,
        rows: Vec<MatrixRow>,
        legend: Vec<Markup>,
    }
}

view! {
    MatrixRow {
        href: String,
        id: String,
        title: String,
        tags: Markup,
        tally: String,
        open: usize,
        due: Markup,
        cells: Vec<MatrixCell>,
    }
}

view! {
    /// Those of a department who are asked.
    MatrixCell {
        department: String,
        people: Vec<AnswerView>,
    }
}

view! {
    AnswerView {
        tone: &'static str,
        state: String,
        who: Markup,
        when: Markup,
    }
}

/// The tones of answers, in the order of the legend.
const TONES: [&str; 6] = [
    "met",
    "met-late",
    "waiting",
    "overdue",
    "escalated",
    "missed",
];

impl Context<'_> {
    /// Who is asked in the records of some lines, and who has answered.
    pub fn matrix(&self, table: &RegisterTable, lines: &[Line], root: &str) -> MatrixView {
        let asked: Vec<(usize, Vec<&Obligation>)> = lines
            .iter()
            .map(|line| (line.record, self.asked_by(table, line.record)))
            .filter(|(_, asked)| !asked.is_empty())
            .collect();
        let mut departments: Vec<DepartmentId> = asked
            .iter()
            .flat_map(|(_, asked)| asked)
            .filter_map(|owed| self.outlook.debtor_department(owed))
            .collect();
        departments.sort_unstable();
        departments.dedup();
        let rows = asked
            .iter()
            .map(|(record, asked)| self.matrix_row(*record, asked, &departments, root))
            .collect();
        let used = |tone: &&str| {
            let mut all = asked.iter().flat_map(|(_, asked)| asked);
            all.any(|owed| self.tone(owed) == *tone)
        };
        MatrixView {
            departments: departments
                .iter()
                .map(|id| self.plain_name(Subject::Department(*id)).to_owned())
                .collect(),
            rows,
            legend: TONES
                .into_iter()
                .filter(used)
                .map(|tone| Markup::mark(tone, self.tone_word(tone)))
                .collect(),
        }
    }

    /// Everybody asked, each row once though several limits run for it: the one
    /// that is due first stands for them.
    fn asked_by(&self, table: &RegisterTable, record: usize) -> Vec<&Obligation> {
        let limits = &table.matrix[self.register.records[record].kind];
        let mut asked: Vec<&Obligation> = self
            .outlook
            .obligations_of(record)
            .iter()
            .filter(|owed| limits.contains(&owed.limit))
            .collect();
        asked.sort_by_key(|owed| (owed.owed_by, owed.row, owed.due.instant));
        asked.dedup_by_key(|owed| (owed.owed_by, owed.row));
        asked
    }

    fn matrix_row(
        &self,
        index: usize,
        asked: &[&Obligation],
        departments: &[DepartmentId],
        root: &str,
    ) -> MatrixRow {
        let record = &self.register.records[index];
        let met = asked.iter().filter(|owed| owed.met_at.is_some()).count();
        let due = asked.iter().map(|owed| owed.due.date).max();
        let cells = departments
            .iter()
            .map(|department| MatrixCell {
                department: self.plain_name(Subject::Department(*department)).to_owned(),
                people: asked
                    .iter()
                    .filter(|owed| self.outlook.debtor_department(owed) == Some(*department))
                    .map(|owed| self.answer(owed, root))
                    .collect(),
            })
            .collect();
        MatrixRow {
            href: format!("{root}{}", address::record(&record.id.value)),
            id: record.id.value.to_string(),
            title: record.heading().to_owned(),
            tags: self.unusual(record),
            tally: self.words.filled(
                "site.gathered.answered",
                &[("met", &met.to_string()), ("all", &asked.len().to_string())],
            ),
            open: asked.iter().filter(|owed| owed.status.is_open()).count(),
            due: due.map_or_else(Markup::default, day),
            cells,
        }
    }

    fn answer(&self, owed: &Obligation, root: &str) -> AnswerView {
        let tone = self.tone(owed);
        let when = match owed.met_at {
            Some(moment) => {
                let (date, _) = self.dates.parts(moment);
                // the year stands with the due day of the row
                let short = Dates::day(date);
                let short = short.get(5..).unwrap_or(&short);
                Markup::time(&Dates::iso(moment), short, None)
            }
            None if owed.status.is_open() => Markup::text(&self.dates.relative(&owed.due)),
            None => Markup::default(),
        };
        AnswerView {
            tone,
            state: self.tone_word(tone).to_owned(),
            who: self.name_or_nobody(owed.owed_by, root),
            when,
        }
    }
}
