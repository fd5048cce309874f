//! What happens at a time and a place: meetings and their like, for calendars.

use super::Outlook;
use crate::calendar::Moment;
use crate::definition::{AppointmentPaths, Phase};
use crate::organisation::Subject;
use crate::record::{Record, Value, collect_subjects, part_moment};

/// Something people come together for.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// Index of the record.
    pub record: usize,
    /// Index of the kind's appointment.
    pub of: usize,
    /// Index of the row it stands in, of those that a record has several of.
    pub row: usize,
    /// When it begins.
    pub starts: Moment,
    /// When it ends; never before it begins.
    pub ends: Option<Moment>,
    /// Where.
    pub place: Option<String>,
    /// Who is there, who answers for the record first; people, departments,
    /// outside parties, without doubles.
    pub people: Vec<Subject>,
    /// Whether it will not be.
    pub cancelled: bool,
}

/// All appointments of the records that the viewer may see, by when they
/// begin. Drafts have none: nobody has been asked yet.
pub fn appointments(outlook: &Outlook<'_>) -> Vec<Appointment> {
    let register = outlook.register;
    let mut all = Vec::new();
    for index in outlook.records.iter().copied() {
        let record = &register.records[index];
        let phase = outlook.phase(index);
        if phase == Phase::Draft {
            continue;
        }
        for (of, paths) in register.kind_of(record).appointments.iter().enumerate() {
            for found in record.find(&paths.starts) {
                let Some(starts) = part_moment(&found.cell.value, paths.starts.part) else {
                    continue;
                };
                let row = found.row;
                all.push(Appointment {
                    record: index,
                    of,
                    row,
                    starts,
                    ends: ends(outlook, record, paths, row, starts),
                    place: place(record, paths, row),
                    people: people(outlook, index, paths),
                    cancelled: phase == Phase::Void,
                });
            }
        }
    }
    let local = |moment: Moment| register.calendar.clock_at(moment);
    all.sort_by_key(|appointment| {
        let Appointment {
            starts,
            record,
            of,
            row,
            ..
        } = appointment;
        (local(*starts), *record, *of, *row)
    });
    all
}

/// The value of another path in the same row, or the only one there is.
fn beside<'r>(record: &'r Record, path: &crate::definition::Path, row: usize) -> Option<&'r Value> {
    let mut found = record.find(path);
    let first = found.next()?;
    if first.row == row {
        return Some(&first.cell.value);
    }
    found
        .find(|found| found.row == row)
        .or_else(|| (record.find(path).count() == 1).then_some(first))
        .map(|found| &found.cell.value)
}

fn ends(
    outlook: &Outlook<'_>,
    record: &Record,
    paths: &AppointmentPaths,
    row: usize,
    starts: Moment,
) -> Option<Moment> {
    let path = paths.ends.as_ref()?;
    let ends = part_moment(beside(record, path, row)?, path.part)?;
    let calendar = &outlook.register.calendar;
    (calendar.clock_at(ends) >= calendar.clock_at(starts)).then_some(ends)
}

fn place(record: &Record, paths: &AppointmentPaths, row: usize) -> Option<String> {
    let text = beside(record, paths.place.as_ref()?, row)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn people(outlook: &Outlook<'_>, index: usize, paths: &AppointmentPaths) -> Vec<Subject> {
    let register = outlook.register;
    let record = &register.records[index];
    let mut people: Vec<Subject> = outlook.responsible_for(index).into_iter().collect();
    for path in &paths.people {
        for found in record.find(path) {
            collect_subjects(
                &found.cell.value,
                path.part,
                &register.organisation,
                &mut people,
            );
        }
    }
    people
}
