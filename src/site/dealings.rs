//! How it stands with some records together: what is open, what was late,
//! what is still promised.

use super::context::Context;
use super::dates::Dates;
use super::duties::DutyRow;
use super::gathered_table::{Shown, TableView};
use super::list::{ColumnView, heads};
use super::markup::Markup;
use super::register_table;
use super::view::view;
use crate::definition::path::{Path, Root};
use crate::definition::register_paper::Source;
use crate::definition::register_paper::{ColumnValue, Derived, RegisterColumn, RegisterTable};
use crate::gathering::Line;
use crate::organisation::Subject;
use crate::outlook::{Obligation, Status};

/// Most rows of what is owed.
const MOST_DUTIES: usize = 20;
/// Most rows of open matters, and of tasks.
const MOST_ROWS: usize = 20;
/// Most rows of what has ended, the newest, and of what was late.
const MOST_ENDED: usize = 10;

view! {
    DealingsView {
        owes: Vec<DutyRow>,
        owes_total: usize,
        awaits: Vec<DutyRow>,
        awaits_total: usize,
        tasks: TableView,
        columns: Vec<ColumnView>,
        open: Vec<Markup>,
        open_total: usize,
        closed: Vec<Markup>,
        closed_total: usize,
        late: Vec<LateRow>,
        late_total: usize,
        kept: String,
    }
}

view! {
    /// A limit that was not kept.
    LateRow {
        label: String,
        link: Markup,
        who: Markup,
        due: Markup,
        met: Markup,
        tone: &'static str,
        state: String,
        relative: String,
    }
}

/// Some records and what follows from them.
pub(super) struct Dealings {
    /// Records that are under way.
    pub open: Vec<usize>,
    /// Records that have ended.
    pub closed: Vec<usize>,
    /// All of them, drafts included.
    pub total: usize,
    /// Open obligations by due instant, as indexes of the outlook's.
    pub owed: Vec<usize>,
    /// Overdue ones among them.
    pub overdue: usize,
    /// Open tasks by due day, as indexes of the outlook's.
    pub tasks: Vec<usize>,
    late: Vec<usize>,
    met: usize,
}

impl Dealings {
    pub fn new(context: &Context<'_>, records: &[usize]) -> Self {
        use crate::definition::Phase;
        let outlook = context.outlook;
        let mut dealings = Dealings {
            open: Vec::new(),
            closed: Vec::new(),
            total: records.len(),
            owed: Vec::new(),
            overdue: 0,
            tasks: Vec::new(),
            late: Vec::new(),
            met: 0,
        };
        for record in records.iter().copied() {
            match outlook.phase(record) {
                Phase::Open => dealings.open.push(record),
                Phase::Closed | Phase::Void => dealings.closed.push(record),
                Phase::Draft => {}
            }
            for index in outlook.obligations_range(record) {
                match outlook.obligations[index].status {
                    Status::Overdue => {
                        dealings.overdue += 1;
                        dealings.owed.push(index);
                    }
                    Status::DueSoon | Status::Pending => dealings.owed.push(index),
                    Status::MetLate | Status::Missed => dealings.late.push(index),
                    Status::Met => dealings.met += 1,
                    Status::Lapsed => {}
                }
            }
            let tasks = outlook.actions_range(record);
            let open = tasks.filter(|task| outlook.actions[*task].status.is_open());
            dealings.tasks.extend(open);
        }
        let due = |index: &usize| outlook.obligations[*index].due.instant;
        dealings.owed.sort_by_key(|index| (due(index), *index));
        dealings
            .late
            .sort_by_key(|index| (std::cmp::Reverse(due(index)), *index));
        dealings.tasks.sort_by_key(|task| {
            let due = outlook.actions[*task].due;
            (due.is_none(), due.map(|due| due.instant), *task)
        });
        dealings
    }

    /// What a page shows of them. What `other` owes stands apart from what is
    /// owed by the company.
    pub fn view(
        &self,
        context: &Context<'_>,
        other: Option<Subject>,
        root: &'static str,
    ) -> DealingsView {
        let outlook = context.outlook;
        let (awaits, owes): (Vec<usize>, Vec<usize>) = self.owed.iter().partition(|index| {
            let debtor = outlook.obligations[**index].owed_by;
            debtor.is_some() && debtor == other
        });
        let columns = register_table::columns_of_any(context, true);
        let rows = |records: &[usize], most: usize| -> Vec<Markup> {
            let rows = records.iter().take(most);
            rows.map(|record| register_table::row_of_any(context, *record))
                .map(|row| context.cells(&columns, &row, root))
                .collect()
        };
        let late = self.late.iter().take(MOST_ENDED);
        DealingsView {
            owes: context.duty_rows(&owes, root, MOST_DUTIES),
            owes_total: owes.len(),
            awaits: context.duty_rows(&awaits, root, MOST_DUTIES),
            awaits_total: awaits.len(),
            tasks: self.tasks_view(context, root),
            columns: heads(&columns),
            open: rows(&self.open, MOST_ROWS),
            open_total: self.open.len(),
            closed: rows(&self.closed, MOST_ENDED),
            closed_total: self.closed.len(),
            late: late
                .map(|index| late_row(context, &outlook.obligations[*index], root))
                .collect(),
            late_total: self.late.len(),
            kept: context.words.filled(
                "site.dealings.kept",
                &[
                    ("met", &self.met.to_string()),
                    ("late", &self.late.len().to_string()),
                ],
            ),
        }
    }

    /// The open tasks, as a table of a register definition would have them.
    fn tasks_view(&self, context: &Context<'_>, root: &'static str) -> TableView {
        let column = |value: ColumnValue| RegisterColumn {
            label: None,
            width: 1.0,
            value,
        };
        let derived = |derived: Derived| column(ColumnValue::Derived(derived));
        let id = Path {
            text: "id".into(),
            root: Root::Id,
            part: None,
        };
        let kinds = context.register.kinds.len();
        let table = RegisterTable {
            label: None,
            kinds: (0..kinds).collect(),
            source: Source::Commitments,
            phases: Vec::new(),
            filed: false,
            open: Some(true),
            when: None,
            sort: None,
            descending: false,
            group: None,
            matrix: Vec::new(),
            columns: vec![
                derived(Derived::Task),
                derived(Derived::Standard),
                derived(Derived::Owner),
                column(ColumnValue::Paths(vec![vec![id]; kinds])),
                derived(Derived::DueOn),
                derived(Derived::TaskStatus),
            ],
            blank_rows: 0,
        };
        let lines: Vec<Line> = self
            .tasks
            .iter()
            .take(MOST_ROWS)
            .map(|task| Line {
                record: context.outlook.actions[*task].record,
                row: None,
                action: Some(*task),
            })
            .collect();
        context.gathered_table(Shown {
            table: &table,
            lines: &lines,
            total: self.tasks.len(),
            more: None,
            id: "tasks".to_owned(),
            root,
        })
    }
}

fn late_row(context: &Context<'_>, owed: &Obligation, root: &str) -> LateRow {
    let record = &context.register.records[owed.record];
    let row = context.limit_row(owed, root);
    let day = |date| Markup::time(&Dates::day(date), &Dates::day(date), None);
    LateRow {
        label: row.label,
        link: context.record_link(&record.id.value, Some(record.heading()), root),
        who: row.who,
        due: day(owed.due.date),
        met: owed
            .met_at
            .map_or_else(Markup::default, |met| day(context.dates.parts(met).0)),
        tone: row.tone,
        state: row.state,
        relative: row.relative,
    }
}
