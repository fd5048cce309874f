//! Tables of register definitions as they stand in pages: the lines that
//! paper has as well, with links and marks.

use super::address;
use super::context::{Context, tone_of};
use super::dates::Dates;
use super::markup::Markup;
use super::view::view;
use crate::calendar::Moment;
use crate::definition::path::{Part, Path, Root};
use crate::definition::register_paper::{
    ColumnValue, Derived, GroupBy, Paths, RegisterColumn, RegisterTable,
};
use crate::definition::{Field, FieldType};
use crate::gathering::{Known, Line, known, only};
use crate::organisation::Subject;
use crate::outlook::{Action, ActionStatus};
use crate::record::{Cell, Value, collect_subjects, field_of, hits, part_moment};

view! {
    /// A table under its heading.
    TableView {
        id: String,
        label: Option<String>,
        total: usize,
        more: Option<String>,
        columns: Vec<ColumnView>,
        groups: Vec<GroupView>,
        matrix: Option<super::acknowledgement::MatrixView>,
    }
}

view! {
    ColumnView {
        label: String,
        class: &'static str,
    }
}

view! {
    /// Rows that stand together.
    GroupView {
        label: Option<String>,
        rows: Vec<Vec<CellView>>,
    }
}

view! {
    CellView {
        value: Markup,
        class: &'static str,
    }
}

/// Lines of a table to be shown.
pub(super) struct Shown<'a> {
    pub table: &'a RegisterTable,
    pub lines: &'a [Line],
    /// How many lines the table has in all.
    pub total: usize,
    /// Where the others are, when they are not all here.
    pub more: Option<String>,
    pub id: String,
    /// From the page up to the site's root.
    pub root: &'static str,
}

impl Context<'_> {
    /// A table with its lines.
    pub fn gathered_table(&self, shown: Shown<'_>) -> TableView {
        let table = shown.table;
        let is_matrix = table.has_matrix();
        let columns: Vec<&RegisterColumn> = table
            .columns
            .iter()
            .filter(|column| {
                !matches!(
                    column.value,
                    ColumnValue::Ink | ColumnValue::Derived(Derived::Number)
                )
            })
            .collect();
        let titled = columns.iter().any(|column| self.is_title(column));
        let mut groups: Vec<GroupView> = Vec::new();
        for line in shown.lines.iter().filter(|_| !is_matrix) {
            let label = table.group.map(|by| self.group_label(table, by, *line));
            let row = columns
                .iter()
                .map(|column| self.gathered_cell(table, column, *line, titled, shown.root))
                .collect();
            match groups.last_mut() {
                Some(group) if group.label == label => group.rows.push(row),
                _ => groups.push(GroupView {
                    label,
                    rows: vec![row],
                }),
            }
        }
        TableView {
            id: shown.id,
            label: table
                .label
                .as_ref()
                .map(|label| self.text(label).to_owned()),
            total: shown.total,
            more: shown.more,
            columns: columns
                .iter()
                .map(|column| ColumnView {
                    label: self.display.column_label(column),
                    class: self.column_class(column),
                })
                .collect(),
            groups,
            matrix: is_matrix.then(|| self.matrix(table, shown.lines, shown.root)),
        }
    }

    /// Whether a column names the matter or the task: it leads there.
    fn is_title(&self, column: &RegisterColumn) -> bool {
        match &column.value {
            ColumnValue::Derived(derived) => *derived == Derived::Task,
            ColumnValue::Paths(paths) => paths
                .iter()
                .flatten()
                .next()
                .is_some_and(|path| path.root == Root::Title),
            ColumnValue::Ink => false,
        }
    }

    fn column_class(&self, column: &RegisterColumn) -> &'static str {
        if self.is_title(column) {
            return "full";
        }
        match &column.value {
            ColumnValue::Derived(Derived::DaysOverdue) => "num late",
            ColumnValue::Derived(
                Derived::Reminders | Derived::Escalated | Derived::KeptThrough,
            ) => "num",
            ColumnValue::Derived(Derived::Tasks | Derived::Standard) => "long",
            ColumnValue::Derived(Derived::ArchiveNumber) => "no",
            ColumnValue::Paths(paths) => {
                let first = paths.iter().flatten().next();
                if first.is_some_and(|path| path.root == Root::Id) {
                    return "no";
                }
                match self.display.first_field(paths).map(|field| &field.kind) {
                    Some(FieldType::Markdown) => "long",
                    Some(FieldType::Number | FieldType::Money) => "num",
                    _ => "",
                }
            }
            _ => "",
        }
    }

    fn gathered_cell(
        &self,
        table: &RegisterTable,
        column: &RegisterColumn,
        line: Line,
        titled: bool,
        root: &str,
    ) -> CellView {
        let value = match &column.value {
            ColumnValue::Ink => Markup::default(),
            ColumnValue::Derived(Derived::Task) => self.task_link(line, root),
            ColumnValue::Derived(derived) => self.known(*derived, line, root),
            ColumnValue::Paths(paths) => self.gathered_value(table, paths, line, titled, root),
        };
        CellView {
            value,
            class: self.column_class(column),
        }
    }

    fn task_link(&self, line: Line, root: &str) -> Markup {
        let action = line
            .action
            .and_then(|index| self.outlook.actions.get(index));
        let Some(action) = action else {
            return Markup::default();
        };
        let href = self.action_href(action, root);
        match known(self.outlook, line, Derived::Task) {
            Known::Words(words) => Markup::title(&href, words.lines().next().unwrap_or(words)),
            _ => Markup::title(&href, self.register.records[action.record].heading()),
        }
    }

    fn action_href(&self, action: &Action, root: &str) -> String {
        let record = &self.register.records[action.record];
        let section = &self.register.kind_of(record).sections[action.section];
        format!("{root}{}#{}", address::record(&record.id.value), section.id)
    }

    fn known(&self, wanted: Derived, line: Line, root: &str) -> Markup {
        match known(self.outlook, line, wanted) {
            Known::Nothing => Markup::default(),
            Known::Day(date) => day(date),
            Known::Number(number) => Markup::text(&number.to_string()),
            Known::Words(words) => Markup::text(words),
            Known::Term(term) => Markup::text(self.text(term)),
            Known::Subjects(subjects) => {
                let names: Vec<Markup> = subjects
                    .into_iter()
                    .map(|subject| self.name(subject, root))
                    .collect();
                Markup::chips(&names)
            }
            Known::Kept(retention) => Markup::text(&self.display.retention(retention)),
            Known::Task(status) => self.task_mark(status),
            Known::Tasks(tasks) => {
                let tasks: Vec<Markup> = tasks
                    .into_iter()
                    .map(|task| self.task_in_line(&self.outlook.actions[task], task, root))
                    .collect();
                Markup::list(&tasks)
            }
        }
    }

    fn task_mark(&self, status: ActionStatus) -> Markup {
        let tone = match status {
            ActionStatus::Overdue => "overdue",
            ActionStatus::DueSoon => "soon",
            ActionStatus::Open => "pending",
            ActionStatus::DoneLate => "met-late",
            ActionStatus::Done => "met",
            ActionStatus::Dropped => "stopped",
        };
        let word = format!("display.action.{}", status.name());
        Markup::mark(tone, self.words.get(&word))
    }

    /// What, who, by when, how it stands.
    fn task_in_line(&self, action: &Action, index: usize, root: &str) -> Markup {
        let line = Line {
            record: action.record,
            row: None,
            action: Some(index),
        };
        let mut text = match known(self.outlook, line, Derived::Task) {
            Known::Words(words) => Markup::text(words.lines().next().unwrap_or(words)),
            _ => Markup::default(),
        };
        let mut notes = Markup::default();
        if let Some(owner) = action.owner {
            notes.join(&self.name(owner, root));
        }
        if let Some(due) = action.due {
            notes.join(&day(due.date));
        }
        notes.join(&self.task_mark(action.status));
        text.join(&notes.wrapped("sub"));
        text
    }

    fn gathered_value(
        &self,
        table: &RegisterTable,
        paths: &Paths,
        line: Line,
        titled: bool,
        root: &str,
    ) -> Markup {
        let record = &self.register.records[line.record];
        let kind = self.register.kind_of(record);
        let only = only(table, record, line);
        for path in &paths[record.kind] {
            let Some(field) = field_of(kind, path) else {
                return self.envelope(path, line, titled, root);
            };
            let cells: Vec<&Cell> = hits(record, path, only)
                .into_iter()
                .filter_map(|hit| hit.cell)
                .filter(|cell| !matches!(cell.value, Value::Rows(_) | Value::Invalid))
                .collect();
            let values: Vec<Markup> = cells
                .into_iter()
                .map(|cell| match path.part {
                    Some(part) => self.part(cell, part, root),
                    None => self.short_value(field, cell, root),
                })
                .filter(|value| !value.is_empty())
                .collect();
            if !values.is_empty() {
                return Markup::list(&values);
            }
        }
        Markup::default()
    }

    /// A value, its days without the weekday.
    fn short_value(&self, field: &Field, cell: &Cell, root: &str) -> Markup {
        match &cell.value {
            Value::Moment(moment) => self.short_moment(*moment),
            Value::Period(from, _) => {
                let text = self.display.value(field, cell);
                Markup::time(&Dates::iso(*from), &text, None)
            }
            _ => self.value(field, cell, root),
        }
    }

    fn short_moment(&self, moment: Moment) -> Markup {
        let (date, clock) = self.dates.parts(moment);
        Markup::time(&Dates::iso(moment), &Dates::day(date), clock.as_deref())
    }

    fn part(&self, cell: &Cell, part: Part, root: &str) -> Markup {
        let organisation = &self.register.organisation;
        match (part, &cell.value) {
            (Part::From | Part::To, value) => match part_moment(value, Some(part)) {
                Some(moment) => self.short_moment(moment),
                None => Markup::default(),
            },
            (Part::At, Value::Signature(signature)) => match signature.at {
                Some(moment) => self.short_moment(moment),
                None => Markup::default(),
            },
            (Part::Opinion, Value::Signature(signature)) => {
                Markup::text(signature.opinion.as_deref().unwrap_or_default())
            }
            (Part::Person | Part::Head | Part::Leader, value) => {
                let mut subjects = Vec::new();
                collect_subjects(value, Some(part), organisation, &mut subjects);
                let names: Vec<Markup> = subjects
                    .into_iter()
                    .map(|subject| self.name(subject, root))
                    .collect();
                Markup::chips(&names)
            }
            (Part::StaffNumber | Part::Contact, Value::Person(person)) => {
                let person = organisation.person(*person);
                let text = match part {
                    Part::StaffNumber => person.staff_number.as_deref(),
                    _ => person.phone.as_deref().or(person.email.as_deref()),
                };
                Markup::text(text.unwrap_or_default())
            }
            _ => Markup::default(),
        }
    }

    /// A key of the envelope. The title leads to the record; where a table has
    /// none, the number does.
    fn envelope(&self, path: &Path, line: Line, titled: bool, root: &str) -> Markup {
        let record = &self.register.records[line.record];
        let id: &str = &record.id.value;
        let href = format!("{root}{}", address::record(id));
        match path.root {
            Root::Id if titled => Markup::text(id),
            Root::Id => Markup::link(Some(&href), id),
            Root::Title => {
                let mut title = Markup::title(&href, record.heading());
                title.join(&self.unusual(record));
                title
            }
            Root::State => {
                let state = &self.register.kind_of(record).states[record.state.value];
                Markup::mark(tone_of(state), self.text(&state.label))
            }
            Root::Priority => match &record.priority {
                Some(priority) => {
                    let text = self.register.profile().priority(priority.value);
                    Markup::text(self.text(text))
                }
                None => Markup::default(),
            },
            Root::Project => match &record.project {
                Some(project) => self.project_link(&project.value, root),
                None => Markup::default(),
            },
            Root::Audience => {
                let name = format!("site.audience.{}", record.audience.value.name());
                Markup::text(self.words.get(&name))
            }
            Root::Related => {
                let related: Vec<Markup> = record
                    .related
                    .iter()
                    .map(|id| self.record_link(&id.value, None, root))
                    .collect();
                Markup::chips(&related)
            }
            Root::Cell { .. } => Markup::default(),
        }
    }

    /// The heading that a line stands under.
    fn group_label(&self, table: &RegisterTable, by: GroupBy, line: Line) -> String {
        let none = || self.word("site.value.none").to_owned();
        let date = |date: jiff::civil::Date| match by {
            GroupBy::Month => self.month_name(date.year(), date.month()),
            GroupBy::Year => self
                .words
                .filled("site.calendar.year", &[("year", &date.year().to_string())]),
            GroupBy::Value => Dates::day(date),
        };
        match &table.sort {
            None | Some(ColumnValue::Ink) => none(),
            Some(ColumnValue::Derived(derived)) => match known(self.outlook, line, *derived) {
                Known::Day(found) => date(found),
                Known::Number(number) => number.to_string(),
                Known::Words(words) => words.to_owned(),
                Known::Term(term) => self.text(term).to_owned(),
                Known::Subjects(subjects) => {
                    let names: Vec<String> = subjects
                        .into_iter()
                        .map(|subject: Subject| self.plain_name(subject).to_owned())
                        .collect();
                    self.display.list(&names)
                }
                Known::Kept(retention) => self.display.retention(retention),
                Known::Task(status) => {
                    let name = format!("display.action.{}", status.name());
                    self.words.get(&name).to_owned()
                }
                Known::Nothing | Known::Tasks(_) => none(),
            },
            Some(ColumnValue::Paths(paths)) => {
                let record = &self.register.records[line.record];
                let kind = self.register.kind_of(record);
                let only = only(table, record, line);
                paths[record.kind]
                    .iter()
                    .find_map(|path| {
                        let field = field_of(kind, path)?;
                        let cell = hits(record, path, only)
                            .into_iter()
                            .find_map(|hit| hit.cell)?;
                        Some(match part_moment(&cell.value, path.part) {
                            Some(moment) => date(self.register.calendar.date(moment)),
                            None => self.display.value(field, cell),
                        })
                    })
                    .unwrap_or_else(none)
            }
        }
    }
}

/// A day as it stands in a table.
pub(super) fn day(date: jiff::civil::Date) -> Markup {
    let iso = Dates::day(date);
    Markup::time(&iso, &iso, None)
}
