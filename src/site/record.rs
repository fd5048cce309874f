//! A record's page: what it says, section by section, and beside it what is
//! owed, what can be printed, and what it has to do with.

use super::charts::{self, TracksView};
use super::chrome::CrumbView;
use super::context::Context;
use super::dates::Dates;
use super::engine::SiteError;
use super::markup::Markup;
use super::record_history::{EventView, history};
use super::record_limits::{LimitsView, limits};
use super::record_past::{PastView, past};
use super::register::fill_address;
use super::view::view;
use super::{PrintedForm, address, chrome};
use crate::definition::{Field, FieldType, Section};
use crate::finding::{Argument, Finding, Level, Wording};
use crate::organisation::Subject;
use crate::outlook::{Obligation, Step, steps};
use crate::publish::Output;
use crate::record::{Record, Row, Value};

/// From a folder up to the root.
const ROOT: &str = "../";
/// More columns than this are laid out as fields, row by row.
const MOST_COLUMNS: usize = 7;

view! {
    RecordView {
        title: String,
        crumbs: Vec<CrumbView>,
        id: String,
        kind: String,
        tags: Markup,
        heading: String,
        facts: Vec<FactView>,
        steps: Vec<StepView>,
        findings: Vec<FindingView>,
        limits: LimitsView,
        edit: Option<String>,
        forms: Vec<FormView>,
        related: Vec<RelatedView>,
        sections: Vec<SectionView>,
        path: Option<TracksView>,
        history: Vec<EventView>,
        past: Option<PastView>,
    }
}

view! {
    /// A label with its value.
    FactView {
        label: String,
        value: Markup,
    }
}

view! {
    StepView {
        status: &'static str,
        label: String,
        day: Option<Markup>,
    }
}

view! {
    FindingView {
        tone: &'static str,
        level: String,
        text: String,
        clause: Option<Markup>,
    }
}

view! {
    /// A printed form with its files.
    FormView {
        name: String,
        clause: Option<Markup>,
        files: Vec<FileView>,
    }
}

view! {
    FileView {
        text: String,
        href: String,
    }
}

impl FileView {
    /// The same once more.
    pub fn again(&self) -> Self {
        FileView {
            text: self.text.clone(),
            href: self.href.clone(),
        }
    }
}

view! {
    RelatedView {
        id: String,
        link: Markup,
    }
}

view! {
    SectionView {
        id: String,
        label: String,
        clause: Option<Markup>,
        count: Option<usize>,
        parts: Vec<PartView>,
    }
}

view! {
    /// Fields, or a table, under a heading of their own or not.
    PartView {
        heading: Option<String>,
        label: String,
        fields: Vec<FieldView>,
        columns: Vec<String>,
        rows: Vec<RowView>,
    }
}

view! {
    /// A row of a table, and what stands under it.
    RowView {
        cells: Vec<Markup>,
        more: Vec<FieldView>,
    }
}

view! {
    FieldView {
        label: String,
        value: Markup,
        wide: bool,
    }
}

pub(super) fn render(context: &Context<'_>, index: usize) -> Result<Output, SiteError> {
    let record = &context.register.records[index];
    let register = address::register(&context.register.kind_of(record).id, 1);
    let path = address::record(&record.id.value);
    context.page("site/record.html", path, &register, page(context, index))
}

/// The same page by itself: nothing in it leads anywhere, the style is inside.
pub(super) fn render_alone(
    context: &Context<'_>,
    index: usize,
    style: &str,
) -> Result<Vec<u8>, SiteError> {
    let page = RecordView {
        crumbs: Vec::new(),
        findings: Vec::new(),
        edit: None,
        ..page(context, index)
    };
    context.page_alone("site/record.html", page, style)
}

fn page(context: &Context<'_>, index: usize) -> RecordView {
    let record = &context.register.records[index];
    let kind = context.register.kind_of(record);
    let register = address::register(&kind.id, 1);
    let label = context.text(&kind.name);
    let id: &str = &record.id.value;
    let steps = steps(context.register, index);
    RecordView {
        title: format!("{id} {}", record.heading()),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (label, Some(format!("{ROOT}{register}"))),
            (id, None),
        ]),
        id: id.to_owned(),
        kind: label.to_owned(),
        tags: context.tags(record),
        heading: record.heading().to_owned(),
        facts: facts(context, index, record),
        path: charts::path(context, index, &steps),
        steps: step_views(context, index, steps),
        findings: findings(context, record),
        limits: limits(context, index),
        edit: fill_address(context, kind, id),
        forms: forms(context, context.forms.of_record(index), ROOT),
        related: related(context, index, record),
        sections: sections(context, index, record),
        history: history(context, index),
        past: past(context, index),
    }
}

/// Printed forms with addresses for a page at this depth.
pub(super) fn forms(context: &Context<'_>, forms: Vec<PrintedForm>, root: &str) -> Vec<FormView> {
    forms
        .into_iter()
        .map(|form| FormView {
            name: form.name,
            clause: form.clause.map(|clause| context.clause(&clause, root)),
            files: form
                .files
                .into_iter()
                .map(|(text, path)| FileView {
                    text,
                    href: format!("{root}{path}"),
                })
                .collect(),
        })
        .collect()
}

fn facts(context: &Context<'_>, index: usize, record: &Record) -> Vec<FactView> {
    let kind = context.register.kind_of(record);
    let mut facts = Vec::new();
    let mut add = |label: &str, value: Markup| {
        if !value.is_empty() {
            facts.push(FactView {
                label: label.to_owned(),
                value,
            });
        }
    };
    if let Some(department) = context.outlook.department_of(index) {
        add(
            context.word("site.record.department"),
            context.name(Subject::Department(department), ROOT),
        );
    }
    if let Some(owner) = context.outlook.responsible_for(index) {
        add(context.word("site.record.owner"), context.name(owner, ROOT));
    }
    if let Some(project) = &record.project {
        add(
            context.word("site.record.project"),
            context.project_link(&project.value, ROOT),
        );
    }
    let names = |subjects: Vec<Subject>| -> Vec<Markup> {
        subjects
            .into_iter()
            .map(|subject| context.name(subject, ROOT))
            .collect()
    };
    let mut parties = Vec::new();
    for path in &kind.parties {
        for subject in record.subjects(path, &context.register.organisation) {
            if !parties.contains(&subject) {
                parties.push(subject);
            }
        }
    }
    if !parties.is_empty() {
        add(
            context.word("site.record.parties"),
            Markup::chips(&names(parties)),
        );
    }
    if !record.visible_to.is_empty() {
        let visible_to = record
            .visible_to
            .iter()
            .map(|subject| subject.value)
            .collect();
        add(
            context.word("site.record.visible_to"),
            Markup::chips(&names(visible_to)),
        );
    }
    facts
}

fn step_views(context: &Context<'_>, index: usize, steps: Vec<Step>) -> Vec<StepView> {
    let kind = context.register.kind_of(&context.register.records[index]);
    steps
        .into_iter()
        .map(|step| {
            let state = &kind.states[step.state];
            let status = match (step.current, step.passed) {
                (true, _) if state.phase.ended() => "done",
                (true, _) => "now",
                (_, true) => "done",
                _ => "next",
            };
            StepView {
                status,
                label: context.text(&state.label).to_owned(),
                day: step.entered.map(|entered| {
                    let (date, _) = context.dates.parts(entered);
                    Markup::time(&Dates::day(date), &context.dates.long_day(date), None)
                }),
            }
        })
        .collect()
}

fn related(context: &Context<'_>, index: usize, record: &Record) -> Vec<RelatedView> {
    let named = record
        .related
        .iter()
        .filter_map(|id| context.register.find(&id.value));
    let naming = context
        .register
        .referenced_by
        .get(index)
        .into_iter()
        .flatten()
        .copied();
    let mut seen = Vec::new();
    for other in named.chain(naming) {
        if other != index && context.outlook.sees(other) && !seen.contains(&other) {
            seen.push(other);
        }
    }
    seen.into_iter()
        .map(|other| {
            let other = &context.register.records[other];
            RelatedView {
                id: other.id.value.to_string(),
                link: context.record_link(&other.id.value, Some(other.heading()), ROOT),
            }
        })
        .collect()
}

fn sections(context: &Context<'_>, of: usize, record: &Record) -> Vec<SectionView> {
    let kind = context.register.kind_of(record);
    let rank = kind.states[record.state.value].rank;
    kind.sections
        .iter()
        .enumerate()
        .filter_map(|(index, section)| {
            let rows = record.section(index);
            let mut parts = match rows {
                [] => Vec::new(),
                [row] if !section.repeated => single(context, section, row, rank),
                rows => repeated(context, section, rows),
            };
            parts.extend(asked(context, of, index));
            if parts.is_empty() {
                return None;
            }
            Some(SectionView {
                id: section.id.to_string(),
                label: context.text(&section.label).to_owned(),
                clause: section
                    .clause
                    .as_ref()
                    .map(|clause| context.clause(clause, ROOT)),
                count: section.repeated.then_some(rows.len()),
                parts,
            })
        })
        .collect()
}

/// Who is asked in a section, named there or not, and who has answered.
fn asked(context: &Context<'_>, record: usize, section: usize) -> Option<PartView> {
    let obligations: Vec<&Obligation> = context
        .outlook
        .obligations_of(record)
        .iter()
        .filter(|obligation| {
            let limit = context.limit_of(obligation);
            let here = limit.each.as_ref().map(|each| each.section) == Some(section);
            here && limit.expected.is_some()
        })
        .collect();
    let label = context.text(&context.limit_of(obligations.first()?).label);
    let columns = [
        "print.asked.department",
        "print.asked.who",
        "print.asked.due",
        "print.asked.met",
        "print.asked.status",
    ];
    let organisation = &context.register.organisation;
    Some(PartView {
        heading: Some(label.to_owned()),
        label: label.to_owned(),
        fields: Vec::new(),
        columns: columns
            .into_iter()
            .map(|column| context.word(column).to_owned())
            .collect(),
        rows: obligations
            .into_iter()
            .map(|obligation| {
                let department = obligation
                    .owed_by
                    .and_then(|subject| organisation.department_of(subject))
                    .map(|department| context.name(Subject::Department(department), ROOT));
                let tone = context.tone(obligation);
                RowView {
                    cells: vec![
                        department.unwrap_or_default(),
                        context.name_or_nobody(obligation.owed_by, ROOT),
                        context.dates.due(&obligation.due),
                        obligation
                            .met_at
                            .map(|met| context.dates.moment(met))
                            .unwrap_or_default(),
                        Markup::mark(tone, context.tone_word(tone)),
                    ],
                    more: Vec::new(),
                }
            })
            .collect(),
    })
}

/// The fields of one row, then its tables.
fn single(context: &Context<'_>, section: &Section, row: &Row, rank: usize) -> Vec<PartView> {
    let fields: Vec<FieldView> = section
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.columns().is_empty())
        .filter_map(|(index, field)| {
            let cell = row.get(index);
            // What may be left out is not listed as missing.
            let required = field.required.condition.is_none()
                && field.required.from.is_some_and(|from| from <= rank);
            if cell.is_none() && !required {
                return None;
            }
            Some(FieldView {
                label: context.text(&field.label).to_owned(),
                value: context.value_or_none(field, cell, ROOT),
                wide: context.is_wide(field, cell),
            })
        })
        .collect();
    let mut parts = Vec::new();
    if !fields.is_empty() {
        parts.push(PartView {
            heading: None,
            label: String::new(),
            fields,
            columns: Vec::new(),
            rows: Vec::new(),
        });
    }
    parts.extend(tables(context, section, row));
    parts
}

fn tables<'c>(
    context: &'c Context<'_>,
    section: &'c Section,
    row: &'c Row,
) -> impl Iterator<Item = PartView> + 'c {
    section
        .fields
        .iter()
        .enumerate()
        .filter_map(
            |(index, field)| match row.get(index).map(|cell| &cell.value) {
                Some(Value::Rows(rows)) => {
                    let rows: Vec<&Row> = rows.iter().collect();
                    let label = context.text(&field.label);
                    Some(table(
                        context,
                        field.columns(),
                        &rows,
                        None,
                        label,
                        Some(label),
                    ))
                }
                _ => None,
            },
        )
}

/// Rows as a table; what does not fit into its columns stands in a line under its row.
fn repeated(context: &Context<'_>, section: &Section, rows: &[Row]) -> Vec<PartView> {
    let label = context.text(&section.label);
    let lead = section
        .commitment
        .as_ref()
        .map(|commitment| commitment.what)
        .or(section.identity);
    let all: Vec<&Row> = rows.iter().collect();
    let mut parts = vec![table(context, &section.fields, &all, lead, label, None)];
    for row in rows {
        parts.extend(tables(context, section, row));
    }
    parts
}

/// A table of the columns in which something stands: at most so many that are
/// short; `lead` is one however long it is.
fn table(
    context: &Context<'_>,
    fields: &[Field],
    rows: &[&Row],
    lead: Option<usize>,
    label: &str,
    heading: Option<&str>,
) -> PartView {
    let used: Vec<(usize, &Field)> = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.columns().is_empty())
        .filter(|(index, _)| rows.iter().any(|row| row.get(*index).is_some()))
        .collect();
    let is_long = |(index, field): &(usize, &Field)| {
        Some(*index) != lead
            && rows
                .iter()
                .any(|row| context.is_wide(field, row.get(*index)))
    };
    // A table that fits as it is stays one.
    let fits = used.len() < MOST_COLUMNS
        && !used
            .iter()
            .any(|(_, field)| matches!(field.kind, FieldType::Markdown));
    let mut columns: Vec<(usize, &Field)> = Vec::new();
    let mut under: Vec<(usize, &Field)> = Vec::new();
    for column in used {
        let place = if fits || (columns.len() < MOST_COLUMNS && !is_long(&column)) {
            &mut columns
        } else {
            &mut under
        };
        place.push(column);
    }
    if columns.is_empty() {
        std::mem::swap(&mut columns, &mut under);
    }
    let value = |row: &Row, (index, field): &(usize, &Field)| {
        row.get(*index).map(|cell| context.value(field, cell, ROOT))
    };
    PartView {
        heading: heading.map(str::to_owned),
        label: label.to_owned(),
        fields: Vec::new(),
        columns: columns
            .iter()
            .map(|(_, field)| context.text(&field.label).to_owned())
            .collect(),
        rows: rows
            .iter()
            .map(|row| RowView {
                cells: columns
                    .iter()
                    .map(|column| value(row, column).unwrap_or_default())
                    .collect(),
                more: under
                    .iter()
                    .filter_map(|column| {
                        Some(FieldView {
                            label: context.text(&column.1.label).to_owned(),
                            value: value(row, column)?,
                            wide: context.is_wide(column.1, row.get(column.0)),
                        })
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn findings(context: &Context<'_>, record: &Record) -> Vec<FindingView> {
    if !context.outlook.viewer.is_insider() {
        return Vec::new();
    }
    let all = context.findings.get(&record.file).into_iter().flatten();
    all.filter(|finding| finding.level > Level::Note)
        .map(|finding| {
            let (tone, name) = match finding.level {
                Level::Error => ("overdue", "site.level.error"),
                _ => ("soon", "site.level.warning"),
            };
            FindingView {
                tone,
                level: context.word(name).to_owned(),
                text: message(context, finding),
                clause: finding
                    .clause
                    .as_ref()
                    .map(|clause| context.clause(clause, ROOT)),
            }
        })
        .collect()
}

/// The words of a finding in the site's language.
pub(super) fn message(context: &Context<'_>, finding: &Finding) -> String {
    let text = match &finding.wording {
        Wording::Named(name) => context
            .register
            .rules
            .get(&*finding.rule)
            .and_then(|rule| rule.messages.get(*name))
            .map_or(&*finding.rule, |message| context.text(&message.text)),
        Wording::Own { message, .. } => context.text(message),
    };
    crate::text::fill(text, |wanted| {
        let (_, argument) = finding.arguments.iter().find(|(name, _)| *name == wanted)?;
        Some(match argument {
            Argument::Plain(text) => text.as_str().into(),
            Argument::Labelled(text) => context.text(text).to_owned().into(),
        })
    })
}
