//! A date by which something is owed is put off only with a reason, and before
//! it has passed (T24).

use jiff::civil::Date;

use super::matter::{ChangedMatter, what};
use crate::calendar::Moment;
use crate::change::{Change, Part, Spot, Told, ToldDelay, Version, told_delays};
use crate::definition::{Kind, LimitStart, Phase};
use crate::finding::{Finding, Level};
use crate::record::{Row, Value};

const RULE: &str = "due-moved";

pub(in crate::check) fn check(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let (Some(before), Some(after)) = (matter.before, matter.after) else {
        return;
    };
    // a draft promises nothing yet, and what has ended has its own rule
    let phase = before.state().phase;
    if phase == Phase::Draft || phase.ended() {
        return;
    }
    let kind = after.register.kind_of(after.record);
    let moving = Moving {
        matter,
        before,
        after,
        kind,
        told: told_delays(after),
        known: told_delays(before),
    };
    found.extend(
        matter
            .changes
            .iter()
            .filter_map(|change| moving.look(change)),
    );
}

/// Where a date stands in the newer kind.
struct Place {
    section: usize,
    field: usize,
    column: Option<usize>,
}

struct Moving<'m, 'r> {
    matter: &'m ChangedMatter<'r>,
    before: Version<'r>,
    after: Version<'r>,
    kind: &'r Kind,
    told: Vec<ToldDelay<'r>>,
    known: Vec<ToldDelay<'r>>,
}

impl<'r> Moving<'_, 'r> {
    fn look(&self, change: &Change<'r>) -> Option<Finding> {
        let Part::Section(spot) = change.part else {
            return None;
        };
        let place = self.due(&spot)?;
        let calendar = &self.after.register.calendar;
        let day = |told: Option<Told<'r>>| Some(calendar.date(told?.moment()?));
        let old = day(change.before)?;
        let new = day(change.after);
        let unread = matches!(change.after, Some(Told::Cell(_, cell)) if matches!(cell.value, Value::Invalid));
        // earlier than promised is nobody's harm
        if unread || new.is_some_and(|new| new <= old) || self.is_done(&spot, &place) {
            return None;
        }
        let today = calendar.local(self.matter.circumstances.as_of).date();
        let told: Vec<&ToldDelay<'_>> = self
            .told
            .iter()
            .filter(|told| self.is_of(told, old, &spot, &place))
            .collect();
        let explained = told.iter().find(|told| !told.reason.is_empty());
        let finding = match explained {
            Some(told) if self.in_time(told, old, today) => return None,
            Some(_) => self.finding(change).level(Level::Warning).message("late"),
            None if self.has_way(&place) => self.finding(change).message(match told.is_empty() {
                true => "plain",
                false => "no-reason",
            }),
            None if self.noted(old, today) => return None,
            None => self
                .finding(change)
                .level(Level::Warning)
                .message("unexplained"),
        };
        let new = new.map_or_else(|| "—".to_owned(), |new| new.to_string());
        let what = what(change).unwrap_or_default();
        Some(
            finding
                .with("what", what)
                .with("from", old.to_string())
                .with("to", new),
        )
    }

    fn finding(&self, change: &Change<'r>) -> Finding {
        Finding::error(RULE, self.matter.place(self.after, change))
    }

    /// Where the date stands, if it is one by which something is owed: of a
    /// task, or one that a limit takes for its end.
    fn due(&self, spot: &Spot<'_>) -> Option<Place> {
        let section = self.kind.section(&spot.section.id)?;
        let definition = &self.kind.sections[section];
        let field = definition.field(&spot.field?.id)?;
        let column = match spot.column {
            Some(column) => {
                let mut columns = definition.fields[field].columns().iter();
                Some(columns.position(|one| one.id == column.id)?)
            }
            None => None,
        };
        let of_task = definition.commitment.as_ref();
        let of_task = column.is_none() && of_task.is_some_and(|task| task.due == field);
        let of_limit = || {
            let mut limits = self
                .kind
                .limits
                .iter()
                .filter(|limit| !limit.announces_delay);
            limits.any(|limit| match &limit.start {
                LimitStart::Due(path) => path.cell() == Some((section, field, column)),
                LimitStart::Event(_) => false,
            })
        };
        (of_task || of_limit()).then_some(Place {
            section,
            field,
            column,
        })
    }

    /// Whether the task had been done by then: what it was due by is past.
    fn is_done(&self, spot: &Spot<'_>, place: &Place) -> bool {
        let done = self.kind.sections[place.section].commitment.as_ref();
        let done = done.and_then(|task| task.done);
        let rows = self.before.record.section(place.section);
        let row = rows.get(spot.row.and_then(|at| at.before).unwrap_or(0));
        // the same section may have stood elsewhere in another kind
        let same = self.before.record.kind == self.after.record.kind;
        same && done
            .zip(row)
            .is_some_and(|(done, row)| row.get(done).is_some())
    }

    /// Whether a delay that is told of is the one of this date.
    fn is_of(&self, told: &ToldDelay<'_>, old: Date, spot: &Spot<'_>, place: &Place) -> bool {
        if told.from != old {
            return false;
        }
        let row = spot.row.and_then(|at| at.after);
        match (told.item, self.name(spot, place)) {
            (None, _) => told.section == place.section && Some(told.row) == row,
            (Some(item), Some(name)) => item == name,
            // nothing tells such dates apart but what they say
            (Some(_), None) => true,
        }
    }

    /// What the row of the date is told apart by.
    fn name(&self, spot: &Spot<'_>, place: &Place) -> Option<&'r str> {
        let definition = &self.kind.sections[place.section];
        let rows = self.after.record.section(place.section);
        let row = rows.get(spot.row.and_then(|at| at.after).unwrap_or(0))?;
        let text = |row: &'r Row, identity: usize| match &row.get(identity)?.value {
            Value::Text(text) => Some(text.trim()),
            _ => None,
        };
        match place.column {
            None => text(row, definition.identity?),
            Some(_) => {
                let field = &definition.fields[place.field];
                let crate::definition::FieldType::Table { identity, .. } = &field.kind else {
                    return None;
                };
                let Value::Rows(rows) = &row.get(place.field)?.value else {
                    return None;
                };
                text(rows.get(spot.inner?.after?)?, (*identity)?)
            }
        }
    }

    /// Whether it was told of by the old date, and written down by then too: a
    /// day can be put in afterwards.
    fn in_time(&self, told: &ToldDelay<'_>, old: Date, today: Date) -> bool {
        let day = |at: Moment| self.after.register.calendar.date(at);
        let told_by_then = told.told.is_some_and(|at| day(at) <= old);
        let was_known = self.known.iter().any(|known| {
            (known.section, known.item, known.from) == (told.section, told.item, told.from)
                && !known.reason.is_empty()
        });
        told_by_then && (was_known || today <= old)
    }

    /// Whether the kind has a way of its own to tell of a delay here.
    fn has_way(&self, place: &Place) -> bool {
        let own = self.kind.sections[place.section].delay.is_some();
        let mut all = self.kind.sections.iter();
        own || all
            .any(|section| { section.delay.as_ref() }.is_some_and(|delay| delay.item.is_some()))
    }

    /// Whether a note of progress came with the move, before the old date had
    /// passed: where the kind has no other way, it is the reason.
    fn noted(&self, old: Date, today: Date) -> bool {
        let is_note = |change: &Change<'_>| match change.part {
            Part::Section(spot) => {
                spot.section.log.is_some() && change.before.is_none() && spot.field.is_none()
            }
            _ => false,
        };
        today <= old && self.matter.changes.iter().any(is_note)
    }
}
