//! The records on each desk: who works on which, what was concluded lately,
//! who has signed what.

use jiff::ToSpan;
use jiff::civil::Date;

use super::duties::Desks;
use crate::archive;
use crate::calendar::Moment;
use crate::definition::{FieldType, Phase};
use crate::organisation::{PersonId, Subject};
use crate::outlook::Outlook;
use crate::record::{Row, Value};

/// How long back something was concluded lately, in days.
const LATELY: i32 = 61;

/// A signature that somebody gave.
pub(super) struct Signed {
    pub record: usize,
    pub at: Option<Moment>,
    /// Indexes of the section, the field and, in a table, the column.
    pub field: (usize, usize, Option<usize>),
    /// What was written beside it.
    pub opinion: Option<Box<str>>,
}

impl Desks {
    /// Adds the records and signatures to the desks of those they concern.
    pub(super) fn add_records(&mut self, outlook: &Outlook<'_>) {
        let register = outlook.register;
        let mut concluded: Vec<(Date, usize)> = Vec::new();
        for index in outlook.records.iter().rev().copied() {
            let record = &register.records[index];
            let kind = register.kind_of(record);
            for path in kind.responsible.iter().chain(&kind.participants) {
                for subject in record.subjects(path, &register.organisation) {
                    if let Subject::Person(person) = subject {
                        let records = &mut self.people[person.0 as usize].records;
                        if records.last() != Some(&index) {
                            records.push(index);
                        }
                    }
                }
            }
            match outlook.phase(index) {
                Phase::Open => {
                    if let Some(department) = outlook.department_of(index) {
                        self.departments[department.0 as usize].records.push(index);
                    }
                }
                Phase::Closed => {
                    let at = archive::concluded(kind, record);
                    concluded.extend(at.map(|at| (register.calendar.date(at), index)));
                }
                Phase::Draft | Phase::Void => {}
            }
            self.add_signatures(outlook, index);
        }
        for desk in &mut self.people {
            desk.records
                .sort_by_key(|index| outlook.phase(*index).ended());
            desk.signed.sort_by_key(|signed| {
                let at = signed.at.map(|at| register.calendar.clock_at(at));
                std::cmp::Reverse(at)
            });
        }
        let first = outlook.today.saturating_sub(LATELY.days());
        concluded.retain(|(day, _)| (first..=outlook.today).contains(day));
        concluded.sort_by_key(|(at, index)| (std::cmp::Reverse(*at), *index));
        for (_, index) in concluded {
            if let Some(Subject::Person(person)) = outlook.responsible_for(index) {
                self.people[person.0 as usize].concluded.push(index);
            }
            if let Some(department) = outlook.department_of(index) {
                self.departments[department.0 as usize]
                    .concluded
                    .push(index);
            }
        }
    }

    fn add_signatures(&mut self, outlook: &Outlook<'_>, index: usize) {
        let record = &outlook.register.records[index];
        let sections = &outlook.register.kind_of(record).sections;
        for (at, section) in sections.iter().enumerate() {
            for row in record.section(at) {
                for (number, field) in section.fields.iter().enumerate() {
                    match &field.kind {
                        FieldType::Signature => self.add_signature(index, row, (at, number, None)),
                        FieldType::Table { .. } => {
                            let Some(Value::Rows(rows)) = row.get(number).map(|cell| &cell.value)
                            else {
                                continue;
                            };
                            for (column, _) in
                                field.columns().iter().enumerate().filter(|(_, column)| {
                                    matches!(column.kind, FieldType::Signature)
                                })
                            {
                                for row in rows {
                                    self.add_signature(index, row, (at, number, Some(column)));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    fn add_signature(&mut self, record: usize, row: &Row, field: (usize, usize, Option<usize>)) {
        let cell = row.get(field.2.unwrap_or(field.1));
        let one = cell.map(|cell| match &cell.value {
            Value::Many(items) => items.iter().map(|item| &item.value).collect(),
            value => vec![value],
        });
        for value in one.into_iter().flatten() {
            if let Value::Signature(signature) = value
                && let Some(PersonId(person)) = signature.person
            {
                self.people[person as usize].signed.push(Signed {
                    record,
                    at: signature.at,
                    field,
                    opinion: signature.opinion.clone(),
                });
            }
        }
    }
}
