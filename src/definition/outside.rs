//! A kind as an outside party may know it (D12): without what its definition
//! calls `internal`.
//!
//! Invariants: nothing internal is left, neither a label nor a condition that
//! asks for it; every index and path of what is left is right in the kind
//! that is left; states keep their indexes. A part of a definition that rests
//! on something internal goes with it: a limit whole, since without one of its
//! events it would tell something untrue; of a form the cell, the block, and
//! the form when nothing but headings would remain.

mod paper;

use super::appointment::AppointmentPaths;
use super::commitment::{Commitment, Log};
use super::expression::Expression;
use super::field::{Field, FieldType};
use super::form::{
    Block, BlockContent, ColumnValue, Form, FormCell, FormColumn, GroupedValue, columns_of,
};
use super::kind::Kind;
use super::limit::{Limit, LimitStart, Owner};
use super::path::{Part, Path, PathScope, Rows};
use super::section::Section;
use super::state::State;
use crate::text::Text;

impl Kind {
    /// The kind as outsiders may know it. One that is internal as a whole has
    /// a name no more, and nothing that could be shown.
    pub fn outside(&self) -> Kind {
        let sections: Vec<Section> = match self.internal {
            true => Vec::new(),
            false => self.sections.iter().filter_map(section).collect(),
        };
        let left = Left {
            sections: &sections,
            states: &self.states,
        };
        let path = |path: &Option<Path>| path.as_ref().and_then(|path| left.path(path));
        let text = |text: &Text| match self.internal {
            true => Text::default(),
            false => text.clone(),
        };
        let kept: Vec<(usize, Limit)> = self
            .limits
            .iter()
            .enumerate()
            .filter(|(_, limit)| !self.internal && !limit.internal)
            .filter_map(|(index, limit)| Some((index, left.limit(limit)?)))
            .collect();
        let limits: Vec<usize> = kept.iter().map(|(index, _)| *index).collect();
        let forms = self.forms.iter();
        // every part is named: a new one has to be thought of here
        Kind {
            // not even what there is to keep inside
            id: match self.internal {
                true => "".into(),
                false => self.id.clone(),
            },
            file: self.file,
            name: text(&self.name),
            description: text(&self.description),
            number: self.number.clone(),
            clauses: Vec::new(),
            navigation: self.navigation,
            internal: self.internal,
            confirmation: self.confirmation,
            changed_by: None,
            retention: self.retention,
            title_is_subject: self.title_is_subject,
            title_hint: None,
            priority_from: self.priority_from,
            responsible: path(&self.responsible),
            department: path(&self.department),
            parties: left.paths(&self.parties),
            participants: left.paths(&self.participants),
            appointments: self
                .appointments
                .iter()
                .filter_map(|found| left.appointment(found))
                .collect(),
            announced: path(&self.announced),
            states: self
                .states
                .iter()
                .map(|state| State {
                    id: state.id.clone(),
                    label: match state.internal {
                        true => Text::default(),
                        false => text(&state.label),
                    },
                    phase: state.phase,
                    entered: path(&state.entered).filter(|_| !state.internal),
                    // nobody is seen in it, so it is no step either
                    aside: state.aside || state.internal,
                    rank: state.rank,
                    internal: state.internal,
                })
                .collect(),
            // nobody outside moves a matter or is checked
            transitions: Vec::new(),
            rules: Vec::new(),
            forms: forms
                .filter(|form| !self.internal && !form.internal)
                .filter_map(|form| left.form(form, self, &limits))
                .collect(),
            limits: kept.into_iter().map(|(_, limit)| limit).collect(),
            sections,
        }
    }
}

/// Where each of these fields stands when the internal ones are gone.
fn places(fields: &[Field]) -> Vec<Option<usize>> {
    let mut next = 0;
    fields
        .iter()
        .map(|field| {
            is_left(field).then(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

fn place(places: &[Option<usize>], field: usize) -> Option<usize> {
    places.get(field).copied().flatten()
}

fn section(section: &Section) -> Option<Section> {
    let at = places(&section.fields);
    let fields: Vec<Field> = section.fields.iter().filter_map(field).collect();
    if fields.is_empty() {
        return None;
    }
    let of = |field: Option<usize>| field.and_then(|field| place(&at, field));
    Some(Section {
        identity: of(section.identity),
        commitment: section.commitment.as_ref().and_then(|found| {
            Some(Commitment {
                what: place(&at, found.what)?,
                owner: place(&at, found.owner)?,
                helpers: of(found.helpers),
                due: place(&at, found.due)?,
                start: of(found.start),
                // without these a task would seem to be open
                done: match found.done {
                    Some(done) => Some(place(&at, done)?),
                    None => None,
                },
                standard: of(found.standard),
                status: match found.status {
                    Some(status) => Some(place(&at, status)?),
                    None => None,
                },
                dropped: found.dropped.clone(),
            })
        }),
        log: section.log.as_ref().and_then(|log| {
            Some(Log {
                at: place(&at, log.at)?,
                by: of(log.by),
                text: place(&at, log.text)?,
            })
        }),
        // who may change what, and why a date moved, is the company's own
        delay: None,
        changed_by: None,
        id: section.id.clone(),
        label: section.label.clone(),
        hint: None,
        clause: None,
        repeated: section.repeated,
        fields,
    })
}

fn field(field: &Field) -> Option<Field> {
    if !is_left(field) {
        return None;
    }
    let mut outside = Field {
        clause: None,
        hint: None,
        checks: Vec::new(),
        ..field.clone()
    };
    if let FieldType::Table { columns, identity } = &mut outside.kind {
        let at = places(columns);
        *identity = identity.and_then(|column| place(&at, column));
        columns.retain(is_left);
    }
    Some(outside)
}

/// What is left of a kind to follow paths in.
struct Left<'k> {
    sections: &'k [Section],
    states: &'k [State],
}

impl Left<'_> {
    fn scope(&self) -> PathScope<'_> {
        PathScope {
            sections: self.sections,
        }
    }

    /// The path in what is left. Who heads a department and what number a
    /// person has is the company's own, whatever field names them.
    fn path(&self, path: &Path) -> Option<Path> {
        match path.part {
            Some(Part::Head | Part::Leader | Part::StaffNumber) => None,
            _ => self.scope().resolve(&path.text).ok(),
        }
    }

    fn paths(&self, paths: &[Path]) -> Vec<Path> {
        paths.iter().filter_map(|path| self.path(path)).collect()
    }

    fn rows(&self, rows: &Rows) -> Option<Rows> {
        self.scope().resolve_rows(&rows.text).ok()
    }

    fn appointment(&self, found: &AppointmentPaths) -> Option<AppointmentPaths> {
        let path = |path: &Option<Path>| path.as_ref().and_then(|path| self.path(path));
        Some(AppointmentPaths {
            id: found.id.clone(),
            label: found.label.clone(),
            starts: self.path(&found.starts)?,
            ends: path(&found.ends),
            place: path(&found.place),
            people: self.paths(&found.people),
        })
    }

    /// Whether every name of a condition is left.
    fn can_tell(&self, when: Option<&Expression>, rows: Option<&Rows>) -> bool {
        when.is_none_or(|when| {
            when.check_names(self.sections, self.states, rows)
                .is_empty()
        })
    }

    fn limit(&self, limit: &Limit) -> Option<Limit> {
        let all = |path: &Option<Path>| match path {
            Some(path) => Some(Some(self.path(path)?)),
            None => Some(None),
        };
        let owner = |owner: &Owner| -> Owner { self.paths(owner) };
        let each = match &limit.each {
            Some(rows) => Some(self.rows(rows)?),
            None => None,
        };
        if !self.can_tell(limit.when.as_ref(), each.as_ref()) {
            return None;
        }
        Some(Limit {
            start: match &limit.start {
                LimitStart::Event(path) => LimitStart::Event(self.path(path)?),
                LimitStart::Due(path) => LimitStart::Due(self.path(path)?),
            },
            to: all(&limit.to)?,
            // of whom the record names nobody, an outsider learns nothing
            expected: None,
            matching: match &limit.matching {
                Some((left, right)) => Some((self.path(left)?, self.path(right)?)),
                None => None,
            },
            owed_by: owner(&limit.owed_by),
            owed_to: owner(&limit.owed_to),
            until: all(&limit.until)?,
            each,
            id: limit.id.clone(),
            label: limit.label.clone(),
            clause: None,
            when: limit.when.clone(),
            states: limit.states.clone(),
            recurring: limit.recurring,
            silence: limit.silence.clone(),
            announces_delay: limit.announces_delay,
            internal: false,
        })
    }

    /// `limits` are the indexes, in the whole kind, of the limits left.
    fn form(&self, form: &Form, whole: &Kind, limits: &[usize]) -> Option<Form> {
        let each = match &form.each {
            Some(rows) => Some(self.rows(rows)?),
            None => None,
        };
        if !self.can_tell(form.when.as_ref(), each.as_ref()) {
            return None;
        }
        let mut layout: Vec<Block> = Vec::new();
        for block in &form.layout {
            let content = self
                .can_tell(block.when.as_ref(), each.as_ref())
                .then(|| self.content(&block.content, whole, limits))
                .flatten();
            let Some(content) = content else { continue };
            // a heading stands over something
            if is_heading(&content) && layout.last().is_some_and(|last| is_heading(&last.content)) {
                layout.pop();
            }
            layout.push(Block {
                content,
                ..block.clone()
            });
        }
        while layout.last().is_some_and(|last| is_heading(&last.content)) {
            layout.pop();
        }
        layout
            .iter()
            .any(|block| says(&block.content))
            .then(|| Form {
                each,
                layout,
                ..form.clone()
            })
    }

    fn content(
        &self,
        content: &BlockContent,
        whole: &Kind,
        limits: &[usize],
    ) -> Option<BlockContent> {
        let cell = |cell: &FormCell| {
            Some(FormCell {
                path: self.path(&cell.path)?,
                label: cell.label.clone(),
            })
        };
        let cells = |cells: &[FormCell]| -> Option<Vec<FormCell>> {
            let left: Vec<FormCell> = cells.iter().filter_map(cell).collect();
            (!left.is_empty()).then_some(left)
        };
        Some(match content {
            BlockContent::Heading(_) | BlockContent::Standing(_) | BlockContent::Seal(_) => {
                content.clone()
            }
            BlockContent::Row {
                cells: found,
                checks,
                role,
            } => BlockContent::Row {
                cells: cells(found)?,
                checks: *checks,
                role: *role,
            },
            BlockContent::Box {
                cell: found,
                lines,
                role,
            } => BlockContent::Box {
                cell: cell(found)?,
                lines: *lines,
                role: *role,
            },
            BlockContent::Table {
                rows,
                columns,
                label,
                blank_rows,
                blank_lines,
            } => BlockContent::Table {
                columns: self.columns(rows, columns, whole)?,
                rows: self.rows(rows)?,
                label: label.clone(),
                blank_rows: *blank_rows,
                blank_lines: *blank_lines,
            },
            BlockContent::Grouped {
                values,
                labels,
                role,
            } => {
                let values: Vec<GroupedValue> = values
                    .iter()
                    .filter_map(|value| {
                        Some(GroupedValue {
                            path: self.path(&value.path)?,
                            by: self.path(&value.by)?,
                        })
                    })
                    .collect();
                if values.is_empty() {
                    return None;
                }
                BlockContent::Grouped {
                    values,
                    labels: labels.clone(),
                    role: *role,
                }
            }
            BlockContent::Asked {
                limits: asked,
                columns,
                words,
                label,
                blank_rows,
            } => {
                let asked: Vec<usize> = asked
                    .iter()
                    .filter_map(|limit| limits.iter().position(|left| left == limit))
                    .collect();
                if asked.is_empty() {
                    return None;
                }
                BlockContent::Asked {
                    limits: asked,
                    columns: columns.clone(),
                    words: words.clone(),
                    label: label.clone(),
                    blank_rows: *blank_rows,
                }
            }
            BlockContent::Signatures {
                cells: found,
                label,
            } => BlockContent::Signatures {
                cells: cells(found)?,
                label: label.clone(),
            },
        })
    }

    /// The columns of a table that are left; none when no value is.
    fn columns(
        &self,
        rows: &Rows,
        columns: &[FormColumn],
        whole: &Kind,
    ) -> Option<Vec<FormColumn>> {
        let old = columns_of(whole.sections.get(rows.section)?, rows);
        let at = places(old);
        let left = self.rows(rows)?;
        let tasks = left.field.is_none()
            && self
                .sections
                .get(left.section)
                .is_some_and(|section| section.commitment.is_some());
        let columns: Vec<FormColumn> = columns
            .iter()
            .filter_map(|column| {
                let value = match column.value {
                    ColumnValue::RowNumber => ColumnValue::RowNumber,
                    ColumnValue::DaysLate => tasks.then_some(ColumnValue::DaysLate)?,
                    ColumnValue::Field(field) => ColumnValue::Field(place(&at, field)?),
                };
                Some(FormColumn {
                    value,
                    label: column.label.clone(),
                    width: column.width,
                })
            })
            .collect();
        columns
            .iter()
            .any(|column| column.value != ColumnValue::RowNumber)
            .then_some(columns)
    }
}

fn is_heading(content: &BlockContent) -> bool {
    matches!(content, BlockContent::Heading(_))
}

/// Whether a part of a form says something of the record beyond its envelope,
/// or takes a signature.
fn says(content: &BlockContent) -> bool {
    let cell = |cell: &FormCell| cell.path.cell().is_some();
    match content {
        BlockContent::Heading(_) | BlockContent::Standing(_) | BlockContent::Seal(_) => false,
        BlockContent::Row { cells, .. } | BlockContent::Signatures { cells, .. } => {
            cells.iter().any(cell)
        }
        BlockContent::Box { cell: found, .. } => cell(found),
        BlockContent::Table { .. } | BlockContent::Grouped { .. } | BlockContent::Asked { .. } => {
            true
        }
    }
}

fn left(kind: &Kind) -> Left<'_> {
    Left {
        sections: &kind.sections,
        states: &kind.states,
    }
}

/// Whether a field is left outside: a table is as long as one of its columns is.
pub fn is_left(field: &Field) -> bool {
    match field.columns() {
        [] => !field.internal,
        columns => columns.iter().any(is_left),
    }
}

/// Whether a section is left outside.
pub fn is_section_left(section: &Section) -> bool {
    section.fields.iter().any(is_left)
}
