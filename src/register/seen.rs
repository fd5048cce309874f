//! The register as a viewer may know it: the wall of D12 stands here.
//!
//! Invariants: nothing that the viewer may not see can be reached from what
//! [`Register::seen_by`] returns, by whatever way: no text of its file, no
//! number in a reference, no name that only it names. Records, kinds, people,
//! departments and parties keep their indexes; what is behind the wall leaves
//! a stub without number, name and content in its place.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::{Register, Viewer};
use crate::definition::outside::{is_left, is_section_left};
use crate::definition::{Audience, Field, Kind, Section};
use crate::finding::{FileId, Span};
use crate::organisation::Subject;
use crate::record::{
    Altered, At, Attachment, Cell, Record, Row, SectionValue, Signature, Standing, Value,
};

/// Registers as viewers know them, each made once and kept as long as the
/// register they are made of.
#[derive(Default)]
pub(super) struct Views {
    first: OnceLock<Box<View>>,
}

struct View {
    viewer: Viewer,
    register: Register,
    next: Views,
}

impl Views {
    fn get(&self, viewer: &Viewer, make: &dyn Fn() -> Register) -> &Register {
        let view = self.first.get_or_init(|| {
            Box::new(View {
                viewer: viewer.clone(),
                register: make(),
                next: Views::default(),
            })
        });
        match view.viewer == *viewer {
            true => &view.register,
            false => view.next.get(viewer, make),
        }
    }
}

impl Clone for Views {
    /// A copy of a register is another register, and has none made yet.
    fn clone(&self) -> Self {
        Views::default()
    }
}

impl Register {
    /// The register as a viewer may know it. Where nothing is to be kept from
    /// the viewer, it is this one.
    pub fn seen_by(&self, viewer: &Viewer) -> &Register {
        let visible = |record: &Record| viewer.sees(self, record);
        let open = |record: &Record| record.audience.value != Audience::Confidential;
        match viewer {
            Viewer::Repository if self.records.iter().all(open) => self,
            Viewer::Internal | Viewer::Confidential { .. } if self.records.iter().all(visible) => {
                self
            }
            _ => self.views.get(viewer, &|| self.behind_wall(viewer)),
        }
    }

    /// Whether a text names a record behind the wall; `own` is the number of
    /// the record that it is the text of.
    pub fn names_hidden(&self, text: &str, own: &str) -> bool {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
        !self.hidden.is_empty()
            && text
                .split(|c: char| !part(c))
                .any(|number| number != own && self.hidden.contains(number))
    }

    fn behind_wall(&self, viewer: &Viewer) -> Register {
        let visible: Vec<bool> = self
            .records
            .iter()
            .map(|record| viewer.sees(self, record))
            .collect();
        let wall = Wall {
            register: self,
            viewer,
            visible: &visible,
        };
        let records: Vec<Record> = self
            .records
            .par_iter()
            .zip(&visible)
            .with_min_len(64)
            .map(|(record, visible)| match visible {
                true => wall.record(record),
                false => stub(record),
            })
            .collect();
        let mut hidden: HashSet<FileId> = HashSet::new();
        for (record, visible) in self.records.iter().zip(&visible) {
            if !visible {
                hidden.insert(record.file);
            }
        }
        let mut seen = Register {
            referenced_by: self
                .referenced_by
                .iter()
                .zip(&visible)
                .map(|(naming, target)| match target {
                    true => wall.naming(naming),
                    false => Vec::new(),
                })
                .collect(),
            by_id: self
                .by_id
                .iter()
                .filter(|(_, index)| visible[**index])
                .map(|(id, index)| (id.clone(), *index))
                .collect(),
            sources: self.sources.only(|file, _| !hidden.contains(&file)),
            hidden: self
                .by_id
                .keys()
                .filter(|number| !wall.may_name(number))
                .cloned()
                .collect(),
            records,
            given: self.given_to(&visible),
            ..self.around()
        };
        if let Viewer::Public(party) = viewer {
            seen.keep_outside(Subject::Party(*party));
        }
        seen
    }

    /// What the records rest on, without them: a copy of all of them takes long.
    fn around(&self) -> Register {
        Register {
            sources: Default::default(),
            templates: self.templates.clone(),
            settings: self.settings.clone(),
            organisation: self.organisation.clone(),
            calendar: self.calendar.clone(),
            kinds: self.kinds.clone(),
            register_papers: self.register_papers.clone(),
            profiles: self.profiles.clone(),
            profile: self.profile,
            lists: self.lists.clone(),
            rules: self.rules.clone(),
            handbooks: self.handbooks.clone(),
            clauses: self.clauses.clone(),
            carriers: self.carriers.clone(),
            words: self.words.clone(),
            records: Vec::new(),
            by_id: HashMap::new(),
            referenced_by: Vec::new(),
            given: Vec::new(),
            views: Views::default(),
            hidden: HashSet::new(),
        }
    }

    /// The highest number of each kind and year among what is not visible.
    fn given_to(&self, visible: &[bool]) -> Vec<(usize, i16, u32)> {
        let mut all: HashMap<(usize, i16), u32> = HashMap::new();
        for (record, _) in self.records.iter().zip(visible).filter(|(_, seen)| !**seen) {
            if let Some((year, sequence)) = self.kind_of(record).number.read(&record.id.value) {
                let highest = all.entry((record.kind, year)).or_default();
                *highest = sequence.max(*highest);
            }
        }
        let all = all.into_iter();
        all.map(|((kind, year), sequence)| (kind, year, sequence))
            .collect()
    }

    /// Takes away what is the company's own: definitions, names, settings.
    fn keep_outside(&mut self, party: Subject) {
        let mut named = HashSet::from([party]);
        for record in &self.records {
            for row in record.sections.iter().flat_map(SectionValue::rows) {
                names_in(row, &mut named);
            }
        }
        let records: Vec<Vec<usize>> = std::mem::take(&mut self.referenced_by);
        // that another record names this one may stand in an internal field
        let own = |of: usize, by: &usize| names(&self.records[*by], &self.records[of].id.value);
        self.referenced_by = records
            .into_iter()
            .enumerate()
            .map(|(of, naming)| naming.into_iter().filter(|by| own(of, by)).collect())
            .collect();
        self.organisation = self.organisation.outside(&named);
        self.kinds = self.kinds.iter().map(Kind::outside).collect();
        self.register_papers = self
            .register_papers
            .iter()
            .map(|paper| paper.outside(&self.kinds))
            .collect();
        self.sources = self.sources.only(|_, file| is_definition(&file.path));
        self.handbooks.clear();
        self.clauses.clear();
        self.carriers.clear();
        self.lists.clear();
        self.settings.audiences.clear();
        self.settings.forge = None;
        self.settings.coordination_office = None;
    }
}

/// Whether a file says what the program is, and nothing of the company.
fn is_definition(path: &str) -> bool {
    path.starts_with("built-in:") || path.starts_with("templates/print/")
}

/// What stands in the place of a record behind the wall.
fn stub(record: &Record) -> Record {
    fn nowhere<T>(value: T) -> At<T> {
        At {
            value,
            span: Span::default(),
        }
    }
    Record {
        file: record.file,
        kind: 0,
        id: nowhere("".into()),
        title: nowhere("".into()),
        state: nowhere(0),
        priority: None,
        priority_unread: false,
        audience: nowhere(Audience::Confidential),
        visible_to: Vec::new(),
        project: None,
        related: Vec::new(),
        sections: Vec::new(),
        broken: Vec::new(),
        too_costly: record.too_costly,
    }
}

struct Wall<'r> {
    register: &'r Register,
    viewer: &'r Viewer,
    visible: &'r [bool],
}

impl Wall<'_> {
    fn record(&self, record: &Record) -> Record {
        let kind = self.register.kind_of(record);
        let inside = self.viewer.is_insider();
        let state = match inside {
            true => None,
            false => kind.outside_state(record.state.value),
        };
        let state = state.unwrap_or(record.state.value);
        let part = Part {
            wall: self,
            inside,
            rank: kind.states[state].rank,
        };
        let sections: Vec<SectionValue> = kind
            .sections
            .iter()
            .zip(&record.sections)
            .filter(|(section, _)| inside || is_section_left(section))
            .map(|(section, value)| part.section(section, value))
            .collect();
        Record {
            sections,
            state: At {
                value: state,
                span: record.state.span,
            },
            visible_to: record
                .visible_to
                .iter()
                .filter(|subject| match self.viewer {
                    Viewer::Public(party) => subject.value == Subject::Party(*party),
                    _ => true,
                })
                .cloned()
                .collect(),
            related: record
                .related
                .iter()
                .filter(|number| self.may_name(&number.value))
                .cloned()
                .collect(),
            ..envelope(record)
        }
    }

    /// Whether a number may be said: that of a record which is seen. One that
    /// nobody has is a slip, for insiders to see.
    fn may_name(&self, number: &str) -> bool {
        match self.register.find(number) {
            Some(index) if *self.viewer == Viewer::Repository => {
                self.register.records[index].audience.value != Audience::Confidential
            }
            Some(index) => self.visible[index],
            None => self.viewer.is_insider(),
        }
    }

    fn naming(&self, naming: &[usize]) -> Vec<usize> {
        let seen = |index: &&usize| self.visible[**index];
        naming.iter().filter(seen).copied().collect()
    }
}

/// What is seen of the parts of a record in a state.
struct Part<'w, 'r> {
    wall: &'w Wall<'r>,
    inside: bool,
    /// The rank of the record's state.
    rank: usize,
}

impl Part<'_, '_> {
    fn section(&self, section: &Section, value: &SectionValue) -> SectionValue {
        let fields = &section.fields;
        match value {
            SectionValue::Absent => SectionValue::Absent,
            SectionValue::One(row) => self
                .row(fields, row)
                .map_or(SectionValue::Absent, SectionValue::One),
            SectionValue::Many(rows) => SectionValue::Many(self.rows(fields, rows)),
        }
    }

    fn rows(&self, fields: &[Field], rows: &[Row]) -> Vec<Row> {
        rows.iter()
            .filter_map(|row| self.row(fields, row))
            .collect()
    }

    /// A row; none where nothing is left of it for an outsider, who would
    /// count it.
    fn row(&self, fields: &[Field], row: &Row) -> Option<Row> {
        let cells: Box<[Option<Cell>]> = fields
            .iter()
            .zip(&row.cells)
            .filter(|(field, _)| self.inside || is_left(field))
            .map(|(field, cell)| self.cell(field, cell.as_ref()?))
            .collect();
        let is_left = self.inside || cells.iter().any(Option::is_some);
        is_left.then_some(Row {
            span: row.span,
            cells,
        })
    }

    fn cell(&self, field: &Field, cell: &Cell) -> Option<Cell> {
        let is_table = !field.columns().is_empty();
        let too_early = field.outside_from.is_some_and(|from| self.rank < from);
        if too_early && !is_table && !self.inside {
            return None;
        }
        let value = match &cell.value {
            Value::Reference(number) if !self.wall.may_name(number) => return None,
            Value::Rows(rows) => {
                let left = self.rows(field.columns(), rows);
                if left.is_empty() && !rows.is_empty() {
                    return None;
                }
                Value::Rows(left)
            }
            Value::Many(items) => {
                let left: Vec<Cell> = items
                    .iter()
                    .filter_map(|item| self.cell(field, item))
                    .collect();
                if left.is_empty() && !items.is_empty() {
                    return None;
                }
                Value::Many(left)
            }
            // where it lies in the repository is nobody else's business
            Value::Attachment(attachment) if !self.inside => Value::Attachment(Attachment {
                name: attachment.name.clone(),
                file: None,
            }),
            // how strongly it confirms, and nothing of what git knows
            Value::Signature(signature) if !self.inside => Value::Signature(outside(signature)),
            other => other.clone(),
        };
        Some(Cell {
            value,
            span: cell.span,
        })
    }
}

/// A signature as outsiders may know it.
fn outside(signature: &Signature) -> Signature {
    let standing = signature.standing.as_deref().map(|standing| {
        let changed = standing.changed.as_ref();
        Box::new(Standing {
            level: standing.level,
            commit: None,
            doubt: None,
            changed: changed.map(|_| Altered { commit: None }),
        })
    });
    Signature {
        standing,
        ..signature.clone()
    }
}

/// A record's envelope, without what names others.
fn envelope(record: &Record) -> Record {
    Record {
        file: record.file,
        kind: record.kind,
        id: record.id.clone(),
        title: record.title.clone(),
        state: record.state.clone(),
        priority: record.priority.clone(),
        priority_unread: record.priority_unread,
        audience: record.audience.clone(),
        visible_to: Vec::new(),
        project: record.project.clone(),
        related: Vec::new(),
        sections: Vec::new(),
        broken: record.broken.clone(),
        too_costly: record.too_costly,
    }
}

/// Whether a record, as it is seen, names a number.
fn names(record: &Record, number: &str) -> bool {
    fn in_value(value: &Value, number: &str) -> bool {
        match value {
            Value::Reference(found) => **found == *number,
            Value::Many(items) => items.iter().any(|item| in_value(&item.value, number)),
            Value::Rows(rows) => rows.iter().any(|row| in_row(row, number)),
            _ => false,
        }
    }
    fn in_row(row: &Row, number: &str) -> bool {
        let mut cells = row.cells.iter().flatten();
        cells.any(|cell| in_value(&cell.value, number))
    }
    record.related.iter().any(|found| *found.value == *number)
        || record
            .sections
            .iter()
            .flat_map(SectionValue::rows)
            .any(|row| in_row(row, number))
}

/// Everybody whom a row names.
fn names_in(row: &Row, named: &mut HashSet<Subject>) {
    fn in_value(value: &Value, named: &mut HashSet<Subject>) {
        let subject = match value {
            Value::Person(person) => Some(Subject::Person(*person)),
            Value::Department(department) => Some(Subject::Department(*department)),
            Value::Party(party) => Some(Subject::Party(*party)),
            Value::Signature(signature) => signature.person.map(Subject::Person),
            Value::Many(items) => {
                for item in items {
                    in_value(&item.value, named);
                }
                None
            }
            Value::Rows(rows) => {
                for row in rows {
                    names_in(row, named);
                }
                None
            }
            _ => None,
        };
        named.extend(subject);
    }
    for cell in row.cells.iter().flatten() {
        in_value(&cell.value, named);
    }
}
