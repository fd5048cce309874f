//! A form's layout and a record's values → blocks.

use super::cells::Writer;
use super::clean::clean;
use super::format::{Detail, Formatter, Room};
use super::rows::{Only, field_of, hits, rows_of};
use super::tables::FREE_LINES;
use super::{Block, Content, FormView, GridRow, LabelledCell};
use crate::definition::form::{BlockContent, Form, FormCell, Orientation, Role};
use crate::definition::path::Part;
use crate::definition::{Audience, FieldType, Kind, Phase, Priority};
use crate::organisation::LetterPaper;
use crate::outlook::Outlook;
use crate::print::conditions::holds;
use crate::print::offer::{file_name, title_of};
use crate::record::{Cell, Record, Value};
use crate::register::Register;
use crate::text::Language;

/// What a form is filled with.
#[derive(Clone, Copy)]
pub enum Filling<'r> {
    /// A record; for forms with a paper for each row, the index of the row.
    Record {
        /// The record.
        record: &'r Record,
        /// Which row, of forms that have a paper for each.
        row: Option<usize>,
    },
    /// Nothing: to be filled in by hand.
    Blank,
}

/// The view of a form of a kind.
pub fn view(
    register: &Register,
    kind: &Kind,
    form: &Form,
    filling: Filling<'_>,
    language: Language,
) -> FormView {
    view_in(Formatter::new(register, language), kind, form, filling)
}

/// The same for the viewer of an outlook: records that it may not see are not
/// named on the paper (D12).
pub fn view_for(
    outlook: &Outlook<'_>,
    kind: &Kind,
    form: &Form,
    filling: Filling<'_>,
    language: Language,
) -> FormView {
    let format = Formatter::of_outlook(outlook, language);
    view_in(format, kind, form, filling)
}

fn view_in(format: Formatter<'_>, kind: &Kind, form: &Form, filling: Filling<'_>) -> FormView {
    let (register, language) = (format.register, format.language);
    let (record, row) = match filling {
        Filling::Record { record, row } => (Some(record), row),
        Filling::Blank => (None, None),
    };
    let paper = match record {
        Some(_) if form.style.is_prose() => register.settings.paper.letters,
        _ => LetterPaper::Plain,
    };
    let only = match (&form.each, row) {
        (Some(rows), Some(index)) => Some(Only { rows, index }),
        _ => None,
    };
    let mut builder = Builder {
        format,
        kind,
        form,
        record,
        only,
        paper,
        writer: Writer {
            format,
            record,
            origins: Vec::new(),
        },
    };
    let blocks = builder.blocks();
    let state = record.map(|record| &kind.states[record.state.value]);
    let draft = state.is_some_and(|state| {
        state.phase == Phase::Draft || form.from_state.is_some_and(|from| state.rank < from)
    });
    let mut marks = Vec::new();
    if draft {
        marks.push(format.word("paper.draft"));
    }
    if let Some(state) = state.filter(|state| state.phase == Phase::Void) {
        marks.push(format.text(&state.label));
    }
    if record.is_some_and(|record| record.audience.value == Audience::Confidential) {
        marks.push(format.word("paper.confidential"));
    }
    if let (LetterPaper::Official, Some(Priority::Urgent)) = (paper, record.and_then(urgency)) {
        marks.push(format.text(register.profile().priority(Priority::Urgent)));
    }
    let name = title_of(register, kind, form);
    FormView {
        title: format.text(name),
        company: format.text(&register.settings.name),
        number: record.map(|record| clean(&record.id.value).into_owned()),
        subject: record.map(|record| clean(&record.title.value).into_owned()),
        state: state.map(|state| format.text(&state.label)),
        marks,
        draft,
        blank: record.is_none(),
        language: language.tag(),
        style: form.style.name(),
        paper: paper.name(),
        head: (paper == LetterPaper::Official).then(|| builder.head(format.text(name))),
        orientation: match form.orientation {
            Orientation::Portrait => "portrait",
            Orientation::Landscape => "landscape",
        },
        titled: blocks.iter().any(is_title),
        gathered: false,
        as_of: None,
        printed_of: None,
        words: register
            .words(language)
            .tree()
            .get("print")
            .and_then(|print| print.get("paper"))
            .cloned()
            .unwrap_or_default(),
        blocks,
        file_name: file_name(kind, form, record, row),
        sources: builder.writer.origins,
    }
}

pub(super) struct Builder<'r> {
    pub format: Formatter<'r>,
    pub kind: &'r Kind,
    pub form: &'r Form,
    pub record: Option<&'r Record>,
    pub only: Option<Only<'r>>,
    pub paper: LetterPaper,
    pub writer: Writer<'r>,
}

impl<'r> Builder<'r> {
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let form = self.form;
        for block in &form.layout {
            if let (Some(record), Some(when)) = (self.record, &block.when)
                && !holds(self.format.register, record, when)
            {
                continue;
            }
            if block.paper.is_some_and(|paper| paper != self.paper) {
                continue;
            }
            match &block.content {
                BlockContent::Heading(text) => blocks.push(Block::Heading {
                    text: self.format.text(text),
                }),
                BlockContent::Standing(text) => blocks.push(Block::Text {
                    text: self.format.text(text),
                }),
                BlockContent::Seal(text) => blocks.push(Block::Seal {
                    text: self.format.text(text),
                }),
                BlockContent::Row {
                    cells,
                    checks,
                    role,
                } => {
                    let row = self.row(cells, *checks, *role);
                    add_row(&mut blocks, row);
                }
                BlockContent::Box { cell, lines, role } => {
                    let row = self.long_text(cell, *lines, *role);
                    add_row(&mut blocks, row);
                }
                BlockContent::Table {
                    rows,
                    columns,
                    label,
                    blank_rows,
                    blank_lines,
                } => {
                    let label = match label {
                        Some(label) => Some(self.format.text(label)),
                        None => self.own_label(rows, blocks.last()),
                    };
                    let table = self.table(rows, columns, label, *blank_rows, *blank_lines);
                    blocks.push(table);
                }
                BlockContent::Grouped {
                    values,
                    labels,
                    role,
                } => {
                    for row in self.grouped(values, labels, *role) {
                        add_row(&mut blocks, row);
                    }
                }
                BlockContent::Asked {
                    limits,
                    columns,
                    words,
                    label,
                    blank_rows,
                } => {
                    let label = label.as_ref().map(|label| self.format.text(label));
                    blocks.push(self.asked(limits, columns, words, label, *blank_rows));
                }
                BlockContent::Signatures { cells, label } => {
                    let label = label.as_ref().map(|label| self.format.text(label));
                    let signatures = self.signatures(cells, label);
                    blocks.push(signatures);
                }
            }
        }
        blocks
    }

    fn row(&mut self, cells: &[FormCell], checks: bool, role: Role) -> GridRow {
        let alone = cells.len() == 1;
        let detail = match cells.len() {
            // a signature block names who issues, not who they are
            _ if matches!(
                role,
                Role::Signoff | Role::Note | Role::Issued | Role::Copies | Role::Number
            ) =>
            {
                Detail::Name
            }
            0..=2 => Detail::Full,
            _ => Detail::Name,
        };
        let cells: Vec<LabelledCell> = cells
            .iter()
            .map(|cell| LabelledCell {
                label: self.label(cell),
                content: self.content(cell, checks, alone, detail, role),
            })
            .collect();
        let cells = self.as_letters_say(cells, role);
        let empty = cells.iter().all(|cell| cell.content.is_empty());
        GridRow {
            cells,
            long: false,
            lines: u32::from(empty),
            role: role.name(),
        }
    }

    fn long_text(&mut self, cell: &FormCell, lines: u32, role: Role) -> GridRow {
        let content = self.content(cell, false, true, Detail::Department, role);
        let lines = match (self.record, content.is_empty()) {
            (None, _) => lines,
            (Some(_), true) => lines.min(FREE_LINES),
            (Some(_), false) => 0,
        };
        let label = self.label(cell);
        GridRow {
            cells: self.as_letters_say(vec![LabelledCell { label, content }], role),
            long: true,
            lines,
            role: role.name(),
        }
    }

    /// The form's word for a value, or the field's, or the envelope's.
    pub fn label(&self, cell: &FormCell) -> String {
        if let Some(label) = &cell.label {
            return self.format.text(label);
        }
        let own = match field_of(self.kind, &cell.path) {
            Some(field) => self.format.text(&field.label),
            None => self.format.word(&format!("envelope.{}", cell.path.text)),
        };
        match cell.path.part {
            None => own,
            Some(part) => {
                let name = match part {
                    Part::From => "from",
                    Part::To => "to",
                    Part::Person => "person",
                    Part::At => "at",
                    Part::Opinion => "opinion",
                    Part::Head => "head",
                    Part::Leader => "leader",
                    Part::StaffNumber => "staff_number",
                    Part::Contact => "contact",
                };
                self.format
                    .filled(&format!("part.{name}"), &[("label", &own)])
            }
        }
    }

    /// Remembers where a text came from.
    pub fn origin(&mut self, text: &str, label: &str, cell: &Cell) {
        self.writer.origin(text, label, cell);
    }

    /// The value of a labelled cell. `alone`: it has the whole width.
    fn content(
        &mut self,
        cell: &FormCell,
        checks: bool,
        alone: bool,
        detail: Detail,
        role: Role,
    ) -> Content {
        let path = &cell.path;
        let Some(field) = field_of(self.kind, path) else {
            return self.envelope(path, checks);
        };
        if role == Role::Addressee && matches!(field.kind, FieldType::Boolean) {
            // “to all departments: yes” is addressed to all departments
            if let Some(record) = self.record {
                let yes = record
                    .first(path)
                    .is_some_and(|cell| matches!(cell.value, Value::Boolean(true)));
                let label = self.label(cell);
                return if yes {
                    Content::line(label)
                } else {
                    Content::Empty
                };
            }
        }
        let blank = self.record.is_none();
        let single = rows_of(self.kind, path).is_none();
        if (checks || blank && single)
            && let Some(options) = self.options(field)
        {
            return self.checks(path, field, options);
        }
        let Some(record) = self.record else {
            return Content::Empty;
        };
        let label = self.label(cell);
        let cells: Vec<&Cell> = hits(record, path, self.only)
            .into_iter()
            .filter_map(|hit| hit.cell)
            .collect();
        let several = cells.len() > 1 || field.many;
        let detail = match (detail, several, alone) {
            (Detail::Full, true, true) => Detail::Department,
            (Detail::Full, true, false) => Detail::Name,
            (detail, ..) => detail,
        };
        let room = Room {
            detail,
            short: false,
            // 成文日期 is a day
            day: matches!(role, Role::Signoff | Role::Issued | Role::Number),
        };
        if role == Role::Attachments && self.paper == LetterPaper::Official {
            return self.enclosures(&cells, &label);
        }
        self.writer
            .written(&cells, field, path.part, room, &label, alone)
    }
}

fn is_title(block: &Block) -> bool {
    let Block::Grid { rows, .. } = block else {
        return false;
    };
    rows.iter().any(|row| {
        row.role == Role::Title.name() && row.cells.iter().any(|cell| !cell.content.is_empty())
    })
}

/// Adds a row to the grid before it where both have the same columns.
pub(super) fn add_row(blocks: &mut Vec<Block>, row: GridRow) {
    let wanted = if row.cells.len() > 2 {
        row.cells.len()
    } else {
        2
    };
    if let Some(Block::Grid { columns, rows }) = blocks.last_mut()
        && *columns == wanted
    {
        rows.push(row);
        return;
    }
    blocks.push(Block::Grid {
        columns: wanted,
        rows: vec![row],
    });
}

fn urgency(record: &Record) -> Option<Priority> {
    record.priority.as_ref().map(|found| found.value)
}
