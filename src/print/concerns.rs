//! Whose papers are whose.

use crate::definition::FieldType;
use crate::organisation::{PersonId, Subject};
use crate::outlook::{Outlook, Status};
use crate::record::{Row, Value, collect_subjects};

/// Whether a record is a person's business on paper: they answer for it,
/// alone or as head of the department that does, have signed it, or still owe
/// something in it, a signature above all.
pub fn concerns(outlook: &Outlook<'_>, record: usize, person: PersonId) -> bool {
    let organisation = &outlook.register.organisation;
    let is_theirs = |subject: Subject| {
        subject == Subject::Person(person) || organisation.head_of(subject) == Some(person)
    };
    outlook.responsible_for(record).is_some_and(is_theirs)
        || outlook
            .obligations_of(record)
            .iter()
            .filter(|owed| {
                matches!(
                    owed.status,
                    Status::Pending | Status::DueSoon | Status::Overdue
                )
            })
            .filter_map(|owed| owed.owed_by)
            .any(is_theirs)
        || has_signed(outlook, record, person)
}

fn has_signed(outlook: &Outlook<'_>, record: usize, person: PersonId) -> bool {
    let register = outlook.register;
    let record = &register.records[record];
    let kind = register.kind_of(record);
    let signs = |field: &FieldType, row: &Row, index: usize| {
        let mut subjects = Vec::new();
        if matches!(field, FieldType::Signature)
            && let Some(cell) = row.get(index)
        {
            collect_subjects(&cell.value, None, &register.organisation, &mut subjects);
        }
        subjects.contains(&Subject::Person(person))
    };
    kind.sections.iter().enumerate().any(|(at, section)| {
        record.section(at).iter().any(|row| {
            section.fields.iter().enumerate().any(|(index, field)| {
                signs(&field.kind, row, index)
                    || match row.get(index).map(|cell| &cell.value) {
                        Some(Value::Rows(rows)) => rows.iter().any(|inner| {
                            let columns = field.columns().iter().enumerate();
                            columns
                                .into_iter()
                                .any(|(at, column)| signs(&column.kind, inner, at))
                        }),
                        _ => false,
                    }
            })
        })
    })
}
