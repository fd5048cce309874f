//! The placeholders in the messages of the kinds' rules: `{request.due_on}`,
//! `{row.task}`, `{index}` as people read them.

use super::Scope;
use crate::calendar::Moment;
use crate::definition::field::Field;
use crate::definition::form::columns_of;
use crate::definition::path::{Part, Path, Root, part_of};
use crate::definition::rule::Rule;
use crate::display::{DateStyle, Display};
use crate::organisation::Subject;
use crate::record::{Cell, CurrentRow, Value};
use crate::text::{Language, Text};

/// What stands in a message for a value that is not there.
const NOTHING: &str = "—";

/// What a placeholder stands for; none when it leads nowhere, so that it
/// stays visible.
pub(super) fn value(
    scope: &Scope<'_>,
    rule: &Rule,
    row: Option<CurrentRow<'_>>,
    name: &str,
) -> Option<Text> {
    let [zh, en] = [Language::Chinese, Language::English].map(|language| {
        let display = Display::new(scope.register, language, DateStyle::Table);
        let text = within_row(&display, scope, rule, row, name).or_else(|| {
            let path = scope.kind.path(name)?;
            Some(at_path(&display, scope, &path))
        })?;
        Some(if text.is_empty() {
            NOTHING.to_owned()
        } else {
            text
        })
    });
    Some(Text::new(zh?, en?))
}

/// What a name means in the row that the rule is about.
fn within_row(
    display: &Display<'_>,
    scope: &Scope<'_>,
    rule: &Rule,
    row: Option<CurrentRow<'_>>,
    name: &str,
) -> Option<String> {
    let (rows, current) = (rule.each.as_ref()?, row?);
    if name == "index" {
        return Some((current.index + 1).to_string());
    }
    let rest = name
        .strip_prefix("row")
        .or_else(|| name.strip_prefix(&*rows.text))?;
    // a list's item is its own only column
    let within = match rest {
        "" => "",
        _ => rest.strip_prefix('.')?,
    };
    let (column, part) = match within.split_once('.') {
        Some((column, part)) => (column, Some(part)),
        None => (within, None),
    };
    let fields = columns_of(&scope.kind.sections[rows.section], rows);
    let index = match column {
        "" => 0,
        _ => fields.iter().position(|field| *field.id == *column)?,
    };
    let field = fields.get(index)?;
    let part = part.and_then(|part| part_of(part, &field.kind));
    Some(match current.row.get(index) {
        Some(cell) => part_text(display, field, cell, part),
        None => String::new(),
    })
}

/// Everything a path leads to.
fn at_path(display: &Display<'_>, scope: &Scope<'_>, path: &Path) -> String {
    let (record, kind) = (scope.record, scope.kind);
    let words = |text: &Text| display.text(text).to_owned();
    match path.root {
        Root::Id => record.id.value.to_string(),
        Root::Title => record.title.value.to_string(),
        Root::State => words(&kind.states[record.state.value].label),
        Root::Priority => record.priority.as_ref().map_or_else(String::new, |found| {
            words(scope.register.profile().priority(found.value))
        }),
        Root::Project => record
            .project
            .as_ref()
            .map_or_else(String::new, |found| found.value.to_string()),
        Root::Audience => record.audience.value.name().to_owned(),
        Root::Related => {
            let all: Vec<String> = record
                .related
                .iter()
                .map(|to| to.value.to_string())
                .collect();
            display.list(&all)
        }
        Root::Cell {
            section,
            field,
            column,
        } => {
            let field = &kind.sections[section].fields[field];
            let field = column.map_or(field, |column| &field.columns()[column]);
            let all: Vec<String> = record
                .find(path)
                .map(|found| part_text(display, field, found.cell, path.part))
                .collect();
            display.list(&all)
        }
    }
}

/// A part of a value; all of it without a part.
fn part_text(display: &Display<'_>, field: &Field, cell: &Cell, part: Option<Part>) -> String {
    let moment = |moment: Option<Moment>| moment.map_or_else(String::new, |at| display.moment(at));
    let organisation = &display.register.organisation;
    let subject = match &cell.value {
        Value::Person(id) => Some(Subject::Person(*id)),
        Value::Department(id) => Some(Subject::Department(*id)),
        _ => None,
    };
    let person = |id: Option<_>| {
        id.map_or_else(String::new, |id| {
            display.subject(Subject::Person(id)).to_owned()
        })
    };
    match (part, &cell.value) {
        (Some(Part::From), Value::Period(from, _)) => moment(Some(*from)),
        (Some(Part::To), Value::Period(_, to)) => moment(Some(*to)),
        (Some(Part::At), Value::Signature(signature)) => moment(signature.at),
        (Some(Part::Opinion), Value::Signature(signature)) => {
            signature.opinion.as_deref().unwrap_or("").to_owned()
        }
        (Some(Part::Head), _) => person(subject.and_then(|subject| organisation.head_of(subject))),
        (Some(Part::Leader), _) => {
            person(subject.and_then(|subject| organisation.leader_of(subject)))
        }
        _ => display.value(field, cell),
    }
}
