//! D11: the 档号 of a filed record has the parts that DA/T 22-2015 asks for,
//! agrees with what the record says of itself, and belongs to it alone.

use std::collections::HashMap;

use super::place;
use crate::archive::{self, ArchiveNumber, Filing};
use crate::definition::field::Field;
use crate::definition::{Kind, Phase};
use crate::finding::{Finding, Place, Span};
use crate::record::{Cell, Record, Row, SectionValue};
use crate::register::Register;
use crate::text::Text;

/// A number where it stands.
struct Written<'r> {
    record: &'r Record,
    cell: &'r Cell,
    text: &'r str,
}

/// Looks at all records at once: a number is free or taken in the whole register.
pub(super) fn check(register: &Register, found: &mut Vec<Finding>) {
    let fields: Vec<Option<(usize, usize)>> = register
        .kinds
        .iter()
        .map(|kind: &Kind| archive::checked_field(kind, archive::NUMBER_CHECK))
        .collect();
    let written: Vec<Written<'_>> = register
        .records
        .iter()
        .filter_map(|record| {
            let (section, field) = fields[record.kind]?;
            let cell = record.section(section).first()?.get(field)?;
            let text = cell.value.text()?;
            Some(Written { record, cell, text })
        })
        .collect();
    let mut numbers = Numbers::default();
    for one in &written {
        numbers.take(one);
    }
    for one in &written {
        found.extend(judge(register, one, &mut numbers));
    }
    for record in &register.records {
        if let Some((section, field)) = fields[record.kind]
            && let Some(row) = missing_from(register, record, section, field)
        {
            found.push(propose(
                register,
                record,
                (section, field),
                row,
                &mut numbers,
            ));
        }
    }
}

/// Whether `required-field` leaves a missing value to this rule, which knows
/// the next free number: only where the state alone asks for it.
pub(super) fn says_what_is_missing(field: &Field) -> bool {
    let is_number = field.checks.iter().any(|it| &**it == archive::NUMBER_CHECK);
    is_number && field.required.from.is_some() && field.required.condition.is_none()
}

/// The section that a record has without the number that its state asks for.
fn missing_from<'r>(
    register: &Register,
    record: &'r Record,
    section: usize,
    field: usize,
) -> Option<&'r Row> {
    let kind = register.kind_of(record);
    let definition = &kind.sections[section].fields[field];
    let state = &kind.states[record.state.value];
    let reached = definition
        .required
        .from
        .is_some_and(|from| state.rank >= kind.states[from].rank);
    let SectionValue::One(row) = &record.sections[section] else {
        return None;
    };
    let asked = reached && says_what_is_missing(definition) && state.phase != Phase::Draft;
    (asked && record.broken.is_empty() && row.get(field).is_none()).then_some(row)
}

/// The finding that a number is missing, with the one to give.
fn propose(
    register: &Register,
    record: &Record,
    (section, field): (usize, usize),
    row: &Row,
    numbers: &mut Numbers<'_>,
) -> Finding {
    let kind = register.kind_of(record);
    let section = &kind.sections[section];
    let name = &*section.fields[field].id;
    let written = row.written(field);
    let span = written.map_or(row.span, |cell| cell.span);
    let filing = Filing::of(register, record);
    let finding = Finding::error("archive-number", record.place(span))
        .clause(Some("TZ-D11".into()))
        .with("section", &section.label)
        .with("name", name);
    let Some(group) = filing.group() else {
        return finding
            .message("missing-unknown")
            .with("next", shape(&filing));
    };
    let next = numbers.next(group);
    let header = register.sources.file(record.file).slice(row.span);
    let finding = finding.message("missing").with("next", next.clone());
    match written {
        Some(cell) => finding.fix(cell.span, format!("\"{next}\""), false),
        // below the header; a section written in another way is left to people
        None if header.starts_with('[') => {
            let end = row.span.end as usize;
            let line = format!("\n{name} = \"{next}\"");
            finding.fix(Span::new(end..end), line, false)
        }
        None => finding,
    }
}

/// Which numbers are taken.
#[derive(Default)]
struct Numbers<'r> {
    /// The last item of each group.
    last: HashMap<String, u32>,
    /// Who has a number first.
    first: HashMap<&'r str, Place>,
}

impl<'r> Numbers<'r> {
    fn take(&mut self, one: &Written<'r>) {
        let Some(number) = ArchiveNumber::parse(one.text) else {
            return;
        };
        let last = self.last.entry(number.group().to_owned()).or_default();
        *last = (*last).max(number.sequence);
        let place = one.record.place(one.cell.span);
        self.first.entry(one.text).or_insert(place);
    }

    /// The next free number of a group. It is not given twice: two records
    /// that need one are proposed two.
    fn next(&mut self, group: String) -> String {
        let last = self.last.entry(group.clone()).or_default();
        *last = last.saturating_add(1);
        archive::number(group, *last)
    }
}

fn judge(register: &Register, one: &Written<'_>, numbers: &mut Numbers<'_>) -> Option<Finding> {
    let filing = Filing::of(register, one.record);
    let place = one.record.place(one.cell.span);
    let finding = match ArchiveNumber::parse(one.text) {
        None => Finding::error("archive-number", place),
        Some(number) => match wrong_part(&filing, &number) {
            Some((message, range, expected)) => {
                let part = place::in_value(register, one.record, one.cell.span, range.clone());
                Finding::error("archive-number", part)
                    .message(message)
                    .with("part", number.part(&range))
                    .with("expected", expected)
                    .with("department", department(register, one.record))
            }
            None => {
                let first = *numbers.first.get(one.text)?;
                if first == place {
                    return None;
                }
                Finding::error("archive-number", place)
                    .message("duplicate")
                    .related(first)
            }
        },
    };
    let finding = finding
        .clause(Some("TZ-D11".into()))
        .with("number", one.text);
    let Some(group) = filing.group() else {
        return Some(finding.with("next", shape(&filing)));
    };
    let next = numbers.next(group);
    let replacement = format!("\"{next}\"");
    Some(
        finding
            .with("next", next)
            .fix(one.cell.span, replacement, false),
    )
}

/// The first part that does not agree with the record: the message, where it
/// stands, and what it should be. What is not known is not judged.
fn wrong_part(
    filing: &Filing<'_>,
    number: &ArchiveNumber<'_>,
) -> Option<(&'static str, std::ops::Range<usize>, String)> {
    let year = filing.year.map(|year| year.to_string());
    let parts = [
        ("fonds", &number.fonds, filing.fonds),
        ("category", &number.category, Some(filing.category)),
        ("year", &number.year, year.as_deref()),
        ("retention", &number.class, Some(filing.class.code())),
        ("department", &number.department, filing.department),
    ];
    parts.into_iter().find_map(|(message, range, expected)| {
        let expected = expected?;
        (number.part(range) != expected).then(|| (message, range.clone(), expected.to_owned()))
    })
}

/// The number with an ellipsis for every part that is not known.
fn shape(filing: &Filing<'_>) -> String {
    let year = filing.year.map(|year| year.to_string());
    format!(
        "{}-{}·{}-{}-{}-0001",
        filing.fonds.unwrap_or("…"),
        filing.category,
        year.as_deref().unwrap_or("…"),
        filing.class.code(),
        filing.department.unwrap_or("…"),
    )
}

/// The name of a record's department.
fn department(register: &Register, record: &Record) -> Text {
    register
        .department_of(record)
        .map(|id| register.organisation.department(id).name.clone())
        .unwrap_or_default()
}
