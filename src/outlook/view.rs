//! What a limit looks at in one record, or in one row of it: the values its
//! paths lead to, and the event that meets it.

use std::sync::Arc;

use super::Clock;
use crate::calendar::{Calendar, CalendarError, Due, Length, Moment};
use crate::definition::path::{Path, Root, Rows};
use crate::definition::{Kind, Limit, LimitLength, LimitStart, Phase};
use crate::finding::Span;
use crate::organisation::{Organisation, Subject};
use crate::record::{Cell, CurrentRow, Record, RowRef, Value, collect_subjects, part_moment};
use crate::register::Register;

/// What a limit looks at in one record, or in one row of it.
pub(super) struct View<'r> {
    pub register: &'r Register,
    pub record_index: usize,
    pub record: &'r Record,
    pub kind: &'r Kind,
    pub limit_index: usize,
    pub limit: &'r Limit,
    pub row: Option<(usize, RowRef<'r>)>,
    /// Who is expected to have a row and has none.
    pub expected: Option<Subject>,
}

/// How long somebody has, and by which clause.
pub(super) struct Term {
    pub of: TermOf,
    /// The clause of the length, if the profile names one.
    pub clause: Option<Arc<str>>,
}

/// Where the end of a term comes from.
pub(super) enum TermOf {
    /// It stands in the record: the day itself until close of business, or the
    /// instant.
    Record(Moment),
    /// An event, and the profile's length.
    Length(Moment, Length),
}

impl Term {
    pub(super) fn due(&self, calendar: &Calendar) -> Result<Due, CalendarError> {
        match &self.of {
            TermOf::Record(due) => calendar.due_at(*due),
            TermOf::Length(start, length) => calendar.add(*start, length),
        }
    }
}

impl<'r> View<'r> {
    pub(super) fn phase(&self) -> Phase {
        self.kind.states[self.record.state.value].phase
    }

    /// Whether what is not met yet is still owed in this state.
    pub(super) fn is_owed(&self) -> bool {
        if self.limit.states.is_empty() {
            !self.phase().ended()
        } else {
            self.limit.states.contains(&self.record.state.value)
        }
    }

    /// Whether nothing said by the date is as good as yes (D10).
    pub(super) fn is_settled_by_silence(&self) -> bool {
        self.limit.silence.is_some() && self.register.profile().silence_is_consent
    }

    /// A row whose status says that it was dropped owes nothing.
    pub(super) fn is_dropped(&self) -> bool {
        let (Some(rows), Some((_, row))) = (&self.limit.each, &self.row) else {
            return false;
        };
        let section = &self.kind.sections[rows.section];
        let (None, Some(commitment)) = (rows.field, &section.commitment) else {
            return false;
        };
        super::action::is_dropped(section, commitment, row)
    }

    /// Whether the limit's `when` holds. One that cannot be evaluated does
    /// not: `check` reports it.
    pub(super) fn applies(&self) -> bool {
        let Some(when) = &self.limit.when else {
            return true;
        };
        let row = match (&self.limit.each, &self.row) {
            (Some(rows), Some((index, row))) => Some(CurrentRow::of(self.kind, rows, *row, *index)),
            _ => None,
        };
        self.register
            .evaluation(self.record)
            .holds(when, row)
            .unwrap_or(false)
    }

    /// The profile's length for this record's priority.
    fn length(&self, length: &LimitLength) -> Option<(Length, Option<Arc<str>>)> {
        if let Some(priority) = &self.record.priority
            && let Some((length, clause)) = &length.by_priority[priority.value as usize]
        {
            return Some((*length, clause.clone()));
        }
        length.length.map(|found| (found, length.clause.clone()))
    }

    /// How long there is, where the record says from when and the profile how
    /// long, or the record by when.
    pub(super) fn term(&self, length: Option<&LimitLength>) -> Option<Term> {
        match &self.limit.start {
            LimitStart::Due(path) => Some(Term {
                of: TermOf::Record(self.moment(path)?),
                clause: length.and_then(|length| length.clause.clone()),
            }),
            LimitStart::Event(path) => {
                let (length, clause) = self.length(length?)?;
                Some(Term {
                    of: TermOf::Length(self.moment(path)?, length),
                    clause,
                })
            }
        }
    }

    /// Who owes it.
    pub(super) fn debtor(&self) -> Option<Subject> {
        self.expected.or_else(|| self.subject(&self.limit.owed_by))
    }

    /// The moment a path leads to: the row's own, when the path leads into
    /// the rows that there is one obligation for each of.
    pub(super) fn moment(&self, path: &Path) -> Option<Moment> {
        part_moment(&self.cell(path)?.value, path.part)
    }

    pub(super) fn cell(&self, path: &Path) -> Option<&'r Cell> {
        match (self.own_column(path), &self.row) {
            (Some(column), Some((_, row))) => row.get(column),
            _ => self.record.first(path),
        }
    }

    /// The column of a path that leads into the rows of `each`.
    fn own_column(&self, path: &Path) -> Option<usize> {
        let rows = self.limit.each.as_ref()?;
        column_in(path, rows)
    }

    /// When it was met: the first event that has come.
    pub(super) fn met_at(&self, clock: &Clock) -> Option<Moment> {
        self.answers()
            .into_iter()
            .filter(|moment| clock.has_come(self.register, *moment))
            .min_by_key(order(self.register))
    }

    /// The events that meet it, come or not: of a limit with an answer for
    /// each row only those that answer this one.
    pub(super) fn answers(&self) -> Vec<Moment> {
        let Some(path) = &self.limit.to else {
            return Vec::new();
        };
        if self.expected.is_some() {
            return Vec::new();
        }
        if self.row.is_some() && self.own_column(path).is_some() {
            return self.moment(path).into_iter().collect();
        }
        match self.limit.matching.as_ref().filter(|_| self.row.is_some()) {
            None => self.events(path),
            Some((left, right)) => self.answers_of(left, right, path).unwrap_or_default(),
        }
    }

    /// The events `to` of the rows whose `right` names what this row's `left` does.
    fn answers_of(&self, left: &Path, right: &Path, to: &Path) -> Option<Vec<Moment>> {
        let wanted = &self.cell(left)?.value;
        // the events stand in the rows that `right` and `to` share
        let container = container_of(to);
        let (column, other) = (column_in(to, &container)?, column_in(right, &container)?);
        let rows = self.record.rows(&container);
        let answering = rows
            .iter()
            .filter(|row| row.get(other).is_some_and(|cell| same(&cell.value, wanted)))
            .filter_map(|row| part_moment(&row.get(column)?.value, to.part));
        Some(answering.collect())
    }

    /// All moments a path leads to.
    pub(super) fn events(&self, path: &Path) -> Vec<Moment> {
        self.record
            .find(path)
            .filter_map(|found| part_moment(&found.cell.value, path.part))
            .collect()
    }

    pub(super) fn subject(&self, paths: &[Path]) -> Option<Subject> {
        let organisation: &Organisation = &self.register.organisation;
        for path in paths {
            let mut found = Vec::new();
            if let Some(cell) = self.cell(path) {
                collect_subjects(&cell.value, path.part, organisation, &mut found);
            }
            if let Some(subject) = found.first() {
                return Some(*subject);
            }
        }
        None
    }

    pub(super) fn span(&self) -> Span {
        if let Some((_, row)) = &self.row {
            return row.span();
        }
        let path = match &self.limit.start {
            LimitStart::Event(path) | LimitStart::Due(path) => path,
        };
        self.cell(path)
            .map_or(self.record.state.span, |cell| cell.span)
    }
}

/// Moments in order of time; a day counts as its beginning.
fn order(register: &Register) -> impl Fn(&Moment) -> (jiff::civil::DateTime,) + '_ {
    |moment| match moment {
        Moment::Date(date) => (date.at(0, 0, 0, 0),),
        Moment::Instant(instant) => (register.calendar.local(*instant),),
    }
}

/// The rows that a path leads through.
fn container_of(path: &Path) -> Rows {
    let (section, field) = match path.root {
        Root::Cell {
            section,
            field,
            column: Some(_),
        } => (section, Some(field)),
        Root::Cell { section, .. } => (section, None),
        _ => (usize::MAX, None),
    };
    Rows {
        text: path.text.clone(),
        section,
        field,
    }
}

/// The column of a path that leads into these rows.
fn column_in(path: &Path, rows: &Rows) -> Option<usize> {
    let (section, field, column) = path.cell()?;
    if section != rows.section {
        return None;
    }
    match (rows.field, column) {
        (None, None) => Some(field),
        (Some(table), Some(column)) if table == field => Some(column),
        // a list field is its own only column
        (Some(list), None) if list == field => Some(0),
        _ => None,
    }
}

/// Whether two values name the same thing.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Many(items), other) => items.iter().any(|item| same(&item.value, other)),
        (other, Value::Many(items)) => items.iter().any(|item| same(&item.value, other)),
        (Value::Person(a), Value::Person(b)) => a == b,
        (Value::Department(a), Value::Department(b)) => a == b,
        (Value::Party(a), Value::Party(b)) => a == b,
        (Value::Choice(a), Value::Choice(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Reference(a), Value::Reference(b)) => a == b,
        _ => false,
    }
}
