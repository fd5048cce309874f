//! The columns of a register: what every matter has, then every single value
//! of its kind, as the definition says.

use super::address;
use super::cells::{Cell, Choice, Column, Holds, Row, Tag};
use super::context::{Context, tone_of};
use crate::archive;
use crate::calendar::Moment;
use crate::definition::{Audience, Field, FieldType, Path, Phase, Priority};
use crate::organisation::Subject;
use crate::record::{Record, Value};

/// How many columns stand there before anybody chooses.
const FIRST: usize = 6;
/// The most characters of a text in a table.
const LONGEST: usize = 120;

/// What every matter has.
pub(super) fn columns(context: &Context<'_>, kind: usize) -> Vec<Column> {
    let column = |id: &str, name: &'static str, holds: Holds| {
        Column::new(id, context.words.get(name), holds)
    };
    let priorities = Priority::ALL.map(|priority| Choice {
        id: priority.name().to_owned(),
        label: context
            .text(context.register.profile().priority(priority))
            .to_owned(),
        tone: match priority {
            Priority::Routine => "",
            other => other.name(),
        },
    });
    vec![
        column("number", "site.list.number", Holds::Number),
        column("title", "site.list.title", Holds::Title),
        column("department", "site.list.department", Holds::Names).filterable(),
        column("owner", "site.list.owner", Holds::Names),
        column("due", "site.list.next_due", Holds::Due),
        column("state", "site.list.state", Holds::State)
            .of(states(context, kind))
            .filterable(),
        column("priority", "site.list.priority", Holds::Choice)
            .of(priorities.into())
            .optional()
            .filterable(),
        column("step", "site.list.step", Holds::Text).optional(),
        column("opened", "site.list.opened", Holds::Moment).optional(),
        column("closed", "site.list.closed", Holds::Moment).optional(),
        column("project", "site.record.project", Holds::Text).optional(),
        column("parties", "site.record.parties", Holds::Names).optional(),
        column("person", "site.list.person", Holds::Names).hidden(),
    ]
}

fn states(context: &Context<'_>, kind: usize) -> Vec<Choice> {
    let states = context.register.kinds[kind].states.iter();
    states
        .map(|state| Choice {
            id: state.id.to_string(),
            label: context.text(&state.label).to_owned(),
            tone: tone_of(state),
        })
        .collect()
}

/// The columns of a list of records of every kind.
pub(super) fn columns_of_any(context: &Context<'_>, with_department: bool) -> Vec<Column> {
    let mut columns: Vec<Column> = columns(context, 0).into_iter().take(FIRST).collect();
    let kinds = 0..context.register.kinds.len();
    columns[FIRST - 1].choices = kinds.flat_map(|kind| states(context, kind)).collect();
    columns[2].shown = with_department;
    columns
}

/// A record in those columns.
pub(super) fn row_of_any(context: &Context<'_>, index: usize) -> Row {
    let mut row = first_cells(context, index);
    let record = &context.register.records[index];
    let before = context.register.kinds[..record.kind].iter();
    let before: usize = before.map(|kind| kind.states.len()).sum();
    row.pop();
    row.push(Cell::Choice(before + record.state.value));
    row
}

/// A record in all columns.
pub(super) fn row(context: &Context<'_>, index: usize) -> Row {
    let record = &context.register.records[index];
    let kind = context.register.kind_of(record);
    let organisation = &context.register.organisation;
    let next = context.desks.next[index].map(|next| &context.outlook.obligations[next]);
    let subjects = |paths: &mut dyn Iterator<Item = &Path>| {
        let mut subjects: Vec<Subject> = Vec::new();
        for subject in paths.flat_map(|path| record.subjects(path, organisation)) {
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        subjects
    };
    let mut people = subjects(&mut kind.responsible.iter().chain(&kind.participants));
    people.retain(|subject| matches!(subject, Subject::Person(_)));
    let moment = |moment: Option<Moment>| moment.map_or(Cell::Nothing, Cell::Moment);
    let project = record.project.as_ref();
    let priority = record.priority.as_ref();
    let mut row = first_cells(context, index);
    row.extend([
        priority.map_or(Cell::Nothing, |priority| {
            Cell::Choice(priority.value as usize)
        }),
        next.map_or(Cell::Nothing, |next| Cell::text(context.display.duty(next))),
        moment(opened(context, index)),
        moment(archive::concluded(kind, record)),
        Cell::text(project.map_or("", |project| &*project.value)),
        Cell::Names(subjects(&mut kind.parties.iter())),
        Cell::Names(people),
    ]);
    row
}

/// When a matter left its draft, as far as the record says.
pub(super) fn opened(context: &Context<'_>, index: usize) -> Option<Moment> {
    let record = &context.register.records[index];
    let states = context.register.kind_of(record).states.iter();
    states
        .filter(|state| state.phase != Phase::Draft && !state.aside)
        .find_map(|state| record.moment(state.entered.as_ref()?))
}

/// A record in the columns that are shown at first.
pub(super) fn first_cells(context: &Context<'_>, index: usize) -> Row {
    let outlook = context.outlook;
    let record = &context.register.records[index];
    let next = context.desks.next[index].map(|next| &outlook.obligations[next]);
    vec![
        Cell::text(&*record.id.value),
        Cell::Title {
            text: record.heading().to_owned(),
            href: address::record(&record.id.value),
            sub: String::new(),
            tags: tags(context, record),
        },
        Cell::name(outlook.department_of(index).map(Subject::Department)),
        Cell::name(outlook.responsible_for(index)),
        next.map_or(Cell::Nothing, |next| context.due_cell(next)),
        Cell::Choice(record.state.value),
    ]
}

/// Priority and audience, where they are not the usual ones.
fn tags(context: &Context<'_>, record: &Record) -> Vec<Tag> {
    let mut tags = Vec::new();
    if let Some(priority) = &record.priority
        && priority.value != Priority::Routine
    {
        tags.push(Tag {
            tone: priority.value.name(),
            label: context
                .text(context.register.profile().priority(priority.value))
                .to_owned(),
        });
    }
    let (tone, name) = match record.audience.value {
        Audience::Internal => return tags,
        Audience::Confidential => ("locked", "site.audience.confidential"),
        Audience::Public => ("plain", "site.audience.public"),
    };
    tags.push(Tag {
        tone,
        label: context.word(name).to_owned(),
    });
    tags
}

/// The single values of a kind: sections that stand once, fields of one line.
fn fields<'r>(
    context: &Context<'r>,
    kind: usize,
) -> impl Iterator<Item = (usize, usize, &'r Field)> {
    let sections = context.register.kinds[kind].sections.iter().enumerate();
    sections
        .filter(|(_, section)| !section.repeated)
        .flat_map(|(at, section)| {
            let fields = section.fields.iter().enumerate();
            fields.map(move |(index, field)| (at, index, field))
        })
        .filter(|(_, _, field)| {
            !matches!(field.kind, FieldType::Markdown | FieldType::Table { .. })
        })
}

/// Columns for them, to be chosen.
pub(super) fn more_columns(context: &Context<'_>, kind: usize) -> Vec<Column> {
    let sections = &context.register.kinds[kind].sections;
    fields(context, kind)
        .map(|(section, _, field)| {
            let section = &sections[section];
            let id = format!("{}.{}", section.id, field.id);
            let mut column = Column::new(&id, context.text(&field.label), holds(field)).optional();
            column.section = context.text(&section.label).to_owned();
            column.choices = choices(context, &field.kind);
            column
        })
        .collect()
}

/// A record in those columns.
pub(super) fn more_row(context: &Context<'_>, index: usize) -> Row {
    let record = &context.register.records[index];
    fields(context, record.kind)
        .map(|(section, at, field)| {
            let cell = record.section(section).first().and_then(|row| row.get(at));
            cell.map_or(Cell::Nothing, |cell| context.field_cell(field, cell))
        })
        .collect()
}

fn holds(field: &Field) -> Holds {
    match field.kind {
        FieldType::Person | FieldType::Department | FieldType::Party => Holds::Names,
        _ if field.many => Holds::Prose,
        FieldType::Date | FieldType::Instant => Holds::Moment,
        FieldType::Money | FieldType::Number => Holds::Amount,
        FieldType::Choice(_) | FieldType::Boolean => Holds::Choice,
        FieldType::Text { .. } | FieldType::Attachment => Holds::Prose,
        _ => Holds::Text,
    }
}

fn choices(context: &Context<'_>, kind: &FieldType) -> Vec<Choice> {
    let choice = |id: &str, label: &str| Choice {
        id: id.to_owned(),
        label: label.to_owned(),
        tone: "",
    };
    match kind {
        FieldType::Choice(choices) => choices
            .iter()
            .map(|of| choice(&of.id, context.text(&of.label)))
            .collect(),
        FieldType::Boolean => vec![
            choice("no", context.word("display.no")),
            choice("yes", context.word("display.yes")),
        ],
        _ => Vec::new(),
    }
}

impl Context<'_> {
    /// The value of a field as a cell.
    fn field_cell(&self, field: &Field, cell: &crate::record::Cell) -> Cell {
        let shown = || self.display.value(field, cell);
        match &cell.value {
            Value::Text(text) => Cell::text(cut(text)),
            Value::Moment(moment) => Cell::Moment(*moment),
            Value::Period(from, _) => Cell::Keyed(self.sortable(*from), shown()),
            Value::Money { amount, .. } => {
                // written with groups of digits
                let plain = amount.to_string().replace(',', "");
                Cell::Amount(plain.parse().unwrap_or(0.0), shown())
            }
            Value::Number(number) => Cell::Amount(*number, shown()),
            Value::Boolean(value) => Cell::Choice(usize::from(*value)),
            Value::Choice(index) if !field.many => Cell::Choice(usize::from(*index)),
            Value::Person(id) => Cell::name(Some(Subject::Person(*id))),
            Value::Department(id) => Cell::name(Some(Subject::Department(*id))),
            Value::Party(id) => Cell::name(Some(Subject::Party(*id))),
            Value::Reference(id) => self.reference_cell(std::iter::once(&**id)),
            Value::Many(items) => {
                let names: Vec<Subject> = items
                    .iter()
                    .filter_map(|item| match item.value {
                        Value::Person(id) => Some(Subject::Person(id)),
                        Value::Department(id) => Some(Subject::Department(id)),
                        Value::Party(id) => Some(Subject::Party(id)),
                        _ => None,
                    })
                    .collect();
                if !names.is_empty() {
                    return Cell::Names(names);
                }
                if matches!(field.kind, FieldType::Reference(_)) {
                    return self.reference_cell(items.iter().filter_map(|item| item.value.text()));
                }
                Cell::text(cut(&shown()))
            }
            _ => Cell::text(cut(&shown())),
        }
    }

    /// The numbers of records that the viewer may see.
    fn reference_cell<'t>(&self, ids: impl Iterator<Item = &'t str>) -> Cell {
        let seen: Vec<&str> = ids
            .filter(|id| {
                let known = self.register.find(id);
                known.is_none_or(|index| self.outlook.sees(index))
            })
            .collect();
        Cell::text(seen.join(self.word("display.list_separator")))
    }
}

/// The first line, and of a long one its beginning.
fn cut(text: &str) -> String {
    let line = text.trim_start().lines().next().unwrap_or("");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
