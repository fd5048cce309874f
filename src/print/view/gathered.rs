//! A register paper's definition and the lines gathered for it → blocks.

use super::cells::Writer;
use super::clean::clean;
use super::format::{Detail, Formatter, Room};
use super::rows::{field_of, hits};
use super::tables::{TABLE_ROOM, is_short};
use super::widths::{least_for, widths};
use super::{Block, Column, Content, FormView};
use crate::definition::form::{FormStyle, Orientation};
use crate::definition::path::{Path, Root};
use crate::definition::register_paper::{
    ColumnValue, Derived, Paths, Per, RegisterColumn, RegisterPaper, RegisterTable,
};
use crate::definition::{Audience, Field, FieldType};
use crate::gathering::{Group, Known, Line, known, only};
use crate::organisation::LetterPaper;
use crate::outlook::Outlook;
use crate::print::gathered::{Gathered, Lines};
use crate::print::offer::safe;
use crate::record::{Cell, Value};
use crate::register::Register;
use crate::text::Language;

/// The view of a register paper with what stands on it.
pub fn register_view(
    outlook: &Outlook<'_>,
    gathered: &Gathered<'_>,
    language: Language,
) -> FormView {
    let register = outlook.register;
    let format = Formatter::of_outlook(outlook, language);
    let mut builder = Builder::new(format, gathered.paper);
    let mut blocks = builder.head(Some(gathered));
    for (table, lines) in gathered.paper.tables.iter().zip(&gathered.tables) {
        // a part of a long paper goes on where the last one ended; of a table
        // whose columns were all refused its definition tells
        if lines.lines.is_empty() && gathered.part.is_some() || table.columns.is_empty() {
            continue;
        }
        let block = builder.table(table, Some((outlook, lines)));
        blocks.push(block);
    }
    let confidential = gathered
        .records
        .iter()
        .any(|record| register.records[*record].audience.value == Audience::Confidential);
    let mut view = builder.view(blocks);
    view.as_of = Some(format.day(crate::calendar::Moment::Date(outlook.today)));
    view.subject = builder.subject(gathered);
    if confidential {
        view.marks.push(format.word("paper.confidential"));
    }
    view.file_name = gathered.file_name();
    view
}

/// Whom or what a register paper is of, and which part of it this is.
pub fn register_subject(
    register: &Register,
    gathered: &Gathered<'_>,
    language: Language,
) -> Option<String> {
    let builder = Builder::new(Formatter::new(register, language), gathered.paper);
    builder.subject(gathered)
}

/// The view of a register paper to be filled in by hand.
pub fn blank_register(register: &Register, paper: &RegisterPaper, language: Language) -> FormView {
    let mut builder = Builder::new(Formatter::new(register, language), paper);
    let mut blocks = builder.head(None);
    let tables = paper.tables.iter();
    for table in tables.filter(|table| !table.columns.is_empty()) {
        let block = builder.table(table, None);
        blocks.push(block);
    }
    let mut view = builder.view(blocks);
    view.blank = true;
    view.file_name = blank_register_name(paper);
    view
}

/// The name of the file of a register paper to be filled in by hand, without
/// extension.
pub fn blank_register_name(paper: &RegisterPaper) -> String {
    format!("register-{}-blank", safe(&paper.id))
}

/// Makes the blocks of one paper.
pub(super) struct Builder<'r, 'p> {
    pub register: &'r Register,
    pub paper: &'p RegisterPaper,
    pub writer: Writer<'r>,
}

impl<'r, 'p> Builder<'r, 'p> {
    fn new(format: Formatter<'r>, paper: &'p RegisterPaper) -> Self {
        Builder {
            register: format.register,
            paper,
            writer: Writer {
                format,
                record: None,
                origins: Vec::new(),
            },
        }
    }

    fn view(&mut self, blocks: Vec<Block>) -> FormView {
        let format = self.writer.format;
        let register = self.register;
        FormView {
            title: format.text(&self.paper.name),
            company: format.text(&register.settings.name),
            number: None,
            subject: None,
            state: None,
            marks: Vec::new(),
            draft: false,
            blank: false,
            language: format.language.tag(),
            style: FormStyle::Register.name(),
            paper: LetterPaper::Plain.name(),
            head: None,
            orientation: match self.paper.orientation {
                Orientation::Portrait => "portrait",
                Orientation::Landscape => "landscape",
            },
            titled: false,
            gathered: true,
            as_of: None,
            printed_of: None,
            words: register
                .words(format.language)
                .tree()
                .get("print")
                .and_then(|print| print.get("paper"))
                .cloned()
                .unwrap_or_default(),
            blocks,
            file_name: String::new(),
            sources: std::mem::take(&mut self.writer.origins),
        }
    }

    /// Whom or what the paper is of, and which part of it this is.
    fn subject(&self, gathered: &Gathered<'_>) -> Option<String> {
        let format = self.writer.format;
        let of = gathered.of.as_ref().map(|group| self.group(group));
        let part = gathered.part.map(|(part, count)| {
            let (part, count) = (part.to_string(), count.to_string());
            format.filled("register.part", &[("part", &part), ("count", &count)])
        });
        match (of, part) {
            (Some(of), Some(part)) => Some(format!("{of} {part}")),
            (of, part) => of.or(part),
        }
    }

    pub(super) fn group(&self, group: &Group) -> String {
        let format = self.writer.format;
        match group {
            Group::Subject(subject) => format.subject(*subject, Detail::Department),
            Group::Words(words) if self.paper.per == Some(Per::Year) => {
                format.filled("register.file_year", &[("year", words)])
            }
            Group::Words(words) => clean(words).into_owned(),
        }
    }

    fn table(&mut self, table: &RegisterTable, filled: Option<(&Outlook<'r>, &Lines)>) -> Block {
        let labels: Vec<String> = table
            .columns
            .iter()
            .map(|column| self.column_label(column))
            .collect();
        let shares: Vec<f64> = table.columns.iter().map(|column| column.width).collect();
        let least: Vec<f64> = table
            .columns
            .iter()
            .zip(&labels)
            .map(|(column, label)| self.least(column, label))
            .collect();
        let room = TABLE_ROOM[usize::from(self.paper.orientation == Orientation::Landscape)];
        let mut rows = Vec::new();
        if let Some((outlook, lines)) = filled {
            for (index, line) in lines.lines.iter().enumerate() {
                let number = lines.before + index + 1;
                let cells = table
                    .columns
                    .iter()
                    .zip(&labels)
                    .map(|(column, label)| match &column.value {
                        ColumnValue::Ink => Content::Empty,
                        ColumnValue::Derived(Derived::Number) => Content::line(number.to_string()),
                        ColumnValue::Derived(derived) => {
                            self.known(outlook, known(outlook, *line, *derived))
                        }
                        ColumnValue::Paths(paths) => self.cell(table, paths, *line, label),
                    })
                    .collect();
                rows.push(cells);
            }
        }
        let columns = table
            .columns
            .iter()
            .zip(labels)
            .zip(widths(&shares, &least, room))
            .map(|((column, label), width)| Column {
                label,
                width,
                centred: self.is_centred(column),
            })
            .collect();
        let blank_rows = match (filled, rows.is_empty()) {
            (None, _) => table.blank_rows,
            (Some(_), true) => 1,
            (Some(_), false) => 0,
        };
        Block::Table {
            label: table
                .label
                .as_ref()
                .map(|label| self.writer.format.text(label)),
            columns,
            rows,
            blank_rows,
            blank_lines: 1,
        }
    }

    /// What is known, as words short as in tables.
    fn known(&self, outlook: &Outlook<'_>, known: Known<'_>) -> Content {
        let format = self.writer.format;
        Content::line(match known {
            Known::Nothing => String::new(),
            Known::Day(date) => format.short_day(crate::calendar::Moment::Date(date)),
            Known::Number(number) => number.to_string(),
            Known::Words(words) => clean(words).into_owned(),
            Known::Term(term) => format.text(term),
            Known::Subjects(subjects) => {
                let names: Vec<String> = subjects
                    .into_iter()
                    .map(|subject| format.subject(subject, Detail::Name))
                    .collect();
                format.joined(&names)
            }
            Known::Kept(retention) => format.retention(retention),
            Known::Task(status) => format.display_word(&format!("action.{}", status.name())),
            Known::Tasks(tasks) => {
                let lines = tasks.into_iter().map(|task| self.task(outlook, task));
                return Content::Lines {
                    lines: lines.collect(),
                };
            }
        })
    }

    /// A task in a line: what, who, by when, how it stands.
    fn task(&self, outlook: &Outlook<'_>, action: usize) -> String {
        let format = self.writer.format;
        let line = Line {
            record: outlook.actions[action].record,
            row: None,
            action: Some(action),
        };
        let said = |wanted: Derived| match self.known(outlook, known(outlook, line, wanted)) {
            Content::Lines { lines } => lines.concat(),
            _ => String::new(),
        };
        let notes: Vec<String> = [Derived::Owner, Derived::DueOn, Derived::TaskStatus]
            .into_iter()
            .map(said)
            .filter(|note| !note.is_empty())
            .collect();
        let what = format.joined(&notes);
        format.filled(
            "value.person_with",
            &[("name", &said(Derived::Task)), ("what", &what)],
        )
    }

    fn cell(&mut self, table: &RegisterTable, paths: &Paths, line: Line, label: &str) -> Content {
        let record = &self.register.records[line.record];
        let kind = self.register.kind_of(record);
        let only = only(table, record, line);
        self.writer.record = Some(record);
        for path in &paths[record.kind] {
            let content = match field_of(kind, path) {
                None => self.writer.envelope(kind, path),
                Some(field) => {
                    let cells: Vec<&Cell> = hits(record, path, only)
                        .into_iter()
                        .filter_map(|hit| hit.cell)
                        .filter(|cell| !matches!(cell.value, Value::Rows(_)))
                        .collect();
                    let room = Room {
                        detail: Detail::Name,
                        short: true,
                        day: false,
                    };
                    self.writer
                        .written(&cells, field, path.part, room, label, false)
                }
            };
            if !content.is_empty() {
                return content;
            }
        }
        Content::Empty
    }

    fn column_label(&self, column: &RegisterColumn) -> String {
        let format = self.writer.format;
        match (&column.label, &column.value) {
            (Some(label), _) => format.text(label),
            (None, ColumnValue::Derived(Derived::Number)) => format.word("paper.row_number"),
            (None, ColumnValue::Derived(derived)) => {
                format.word(&format!("register.{}", derived.name()))
            }
            (None, ColumnValue::Paths(paths)) => self.paths_label(paths),
            (None, ColumnValue::Ink) => String::new(),
        }
    }

    /// The label of the first value that the paths lead to.
    pub(super) fn paths_label(&self, paths: &Paths) -> String {
        let format = self.writer.format;
        match self.first(paths) {
            Some((_, Some(field))) => format.text(&field.label),
            Some((path, None)) => format.word(&format!("envelope.{}", path.text)),
            None => String::new(),
        }
    }

    /// The first path with its field.
    fn first<'a>(&'a self, paths: &'a Paths) -> Option<(&'a Path, Option<&'a Field>)> {
        paths
            .iter()
            .zip(&self.register.kinds)
            .find_map(|(paths, kind)| Some((paths.first()?, kind)))
            .map(|(path, kind)| (path, field_of(kind, path)))
    }

    /// Ems that a column needs.
    fn least(&self, column: &RegisterColumn, label: &str) -> f64 {
        // XT-2026-0012, and the 24 characters of an archive number
        const NUMBER: f64 = 7.6;
        const ARCHIVE_NUMBER: f64 = 14.0;
        let kind = match &column.value {
            ColumnValue::Ink => return least_for(Some(&FieldType::Markdown), label),
            ColumnValue::Derived(derived) => match derived {
                Derived::ArchiveNumber => return ARCHIVE_NUMBER,
                Derived::OpenedOn
                | Derived::ClosedOn
                | Derived::NextDue
                | Derived::DueOn
                | Derived::DoneOn => Some(&FieldType::Date),
                Derived::Responsible | Derived::Owner => Some(&FieldType::Person),
                Derived::Retention => Some(&FieldType::Money),
                _ => None,
            },
            ColumnValue::Paths(paths) => match self.first(paths) {
                Some((path, None)) if path.root == Root::Id => return NUMBER,
                Some((_, field)) => field.map(|field| &field.kind),
                None => None,
            },
        };
        least_for(kind, label)
    }

    fn is_centred(&self, column: &RegisterColumn) -> bool {
        match &column.value {
            ColumnValue::Ink => false,
            ColumnValue::Derived(derived) => !matches!(
                derived,
                Derived::Task
                    | Derived::Standard
                    | Derived::NextStep
                    | Derived::ArchiveName
                    | Derived::Parties
                    | Derived::Helpers
                    | Derived::Tasks
            ),
            ColumnValue::Paths(paths) => match self.first(paths) {
                Some((path, None)) => !matches!(path.root, Root::Title | Root::Related),
                Some((_, field)) => is_short(field),
                None => false,
            },
        }
    }
}
