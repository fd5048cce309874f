//! What can be found: a record or a handbook page as lines of plain text.
//!
//! Invariant: a record's lines are the values that its page shows, no more: the
//! viewer's wall (D12) holds here because it holds there. Left out are times of
//! day, and what a line before already said.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::definition::{Field, FieldType, Phase, Section};
use crate::markdown::{Block, Inline, to_blocks};
use crate::organisation::Subject;
use crate::record::{Cell, Record, Value};
use crate::site::address;
use crate::site::context::{Context, tone_of};
use crate::site::dates::Dates;
use crate::site::own_pages::OwnPage;

/// The kind under which handbook pages are found; no kind of record has such a name.
pub(super) const HANDBOOK: &str = "~handbook";

/// A name for addresses and filters, with the words for it.
pub(super) type Named = (Arc<str>, Arc<str>);

/// Something that can be found.
pub(super) struct Document {
    /// A record's number.
    pub number: String,
    /// What results are headed with.
    pub title: String,
    /// The page, from the site's root.
    pub address: String,
    /// The day it began, `2026-05-20`; empty where none is known.
    pub day: String,
    /// What it is.
    pub kind: Named,
    /// Whose it is; both empty where nobody's.
    pub department: Named,
    /// How it stands: the tone first; both empty where it has no state.
    pub state: Named,
    /// Who may see it.
    pub audience: Named,
    /// What stands in it, each with the label it stands under.
    pub lines: Vec<(Arc<str>, String)>,
}

/// Reads documents; labels are made once.
pub(super) struct Documents<'c, 'r> {
    context: &'c Context<'r>,
    /// By kind, section, field, and of a table by column.
    labels: Vec<Vec<Vec<Labels>>>,
}

struct Labels {
    own: Arc<str>,
    columns: Vec<Arc<str>>,
}

impl<'c, 'r> Documents<'c, 'r> {
    pub fn new(context: &'c Context<'r>) -> Self {
        let of_section = |section: &Section| -> Vec<Labels> {
            let label = |field: &Field| -> Arc<str> {
                let (section, field) = (context.text(&section.label), context.text(&field.label));
                if section == field {
                    return field.into();
                }
                format!("{section} · {field}").into()
            };
            let of_field = |field: &Field| Labels {
                own: label(field),
                columns: field.columns().iter().map(label).collect(),
            };
            section.fields.iter().map(of_field).collect()
        };
        let kinds = context.register.kinds.iter();
        let labels = kinds
            .map(|kind| kind.sections.iter().map(of_section).collect())
            .collect();
        Documents { context, labels }
    }

    /// A record, by its index.
    pub fn record(&self, index: usize) -> Document {
        let context = self.context;
        let record = &context.register.records[index];
        let kind = context.register.kind_of(record);
        let department = context.outlook.department_of(index).map(|department| {
            let subject = Subject::Department(department);
            let id = context.register.organisation.id_of(subject);
            (Arc::from(id), Arc::from(context.plain_name(subject)))
        });
        let state = &kind.states[record.state.value];
        let audience = record.audience.value.name();
        let word = format!("site.audience.{audience}");
        Document {
            number: record.id.value.to_string(),
            title: record.heading().to_owned(),
            address: address::record(&record.id.value),
            day: began(context, record).map(Dates::day).unwrap_or_default(),
            kind: (kind.id.clone(), context.text(&kind.name).into()),
            department: department.unwrap_or_default(),
            state: (tone_of(state).into(), context.text(&state.label).into()),
            audience: (audience.into(), context.words.get(&word).into()),
            lines: self.lines(index, record),
        }
    }

    /// A page of the handbook.
    pub fn page(&self, page: &OwnPage) -> Document {
        let title = page.title.clone();
        let mut lines = Lines::without([title.as_str()]);
        let mut heading: Arc<str> = "".into();
        for block in to_blocks(&page.text) {
            if let Block::Heading { inlines, .. } = &block {
                heading = words(inlines).into();
            }
            lines.block(&heading, &block);
        }
        let kind = self.context.word("site.nav.handbook");
        Document {
            number: String::new(),
            title,
            address: address::handbook(&page.name),
            day: String::new(),
            kind: (HANDBOOK.into(), kind.into()),
            department: Named::default(),
            state: Named::default(),
            audience: Named::default(),
            lines: lines.lines,
        }
    }

    fn lines(&self, index: usize, record: &Record) -> Vec<(Arc<str>, String)> {
        let context = self.context;
        let kind = context.register.kind_of(record);
        let mut lines = Lines::without([&*record.id.value, record.heading()]);
        if let Some(department) = context.outlook.department_of(index) {
            let name = context.plain_name(Subject::Department(department));
            lines.add(&context.word("site.record.department").into(), name);
        }
        if let Some(owner) = context.outlook.responsible_for(index) {
            let name = context.plain_name(owner);
            lines.add(&context.word("site.record.owner").into(), name);
        }
        if let Some(project) = &record.project {
            lines.add(&context.word("site.record.project").into(), &project.value);
        }
        for path in &kind.parties {
            for party in record.subjects(path, &context.register.organisation) {
                let name = context.plain_name(party);
                lines.add(&context.word("site.record.parties").into(), name);
            }
        }
        for subject in &record.visible_to {
            let name = context.plain_name(subject.value);
            lines.add(&context.word("site.record.visible_to").into(), name);
        }
        for (section, of_section) in kind
            .sections
            .iter()
            .zip(&self.labels[record.kind])
            .enumerate()
        {
            let (definition, labels) = of_section;
            for row in record.section(section) {
                for (at, (field, labels)) in definition.fields.iter().zip(labels).enumerate() {
                    match row.get(at).map(|cell| (cell, &cell.value)) {
                        Some((_, Value::Rows(rows))) => {
                            for row in rows {
                                let columns = field.columns().iter().zip(&labels.columns);
                                for (at, (column, label)) in columns.enumerate() {
                                    if let Some(cell) = row.get(at) {
                                        self.value(&mut lines, label, column, cell);
                                    }
                                }
                            }
                        }
                        Some((cell, _)) => self.value(&mut lines, &labels.own, field, cell),
                        None => {}
                    }
                }
            }
        }
        lines.lines
    }

    fn value(&self, lines: &mut Lines, label: &Arc<str>, field: &Field, cell: &Cell) {
        let context = self.context;
        let day = |moment| Dates::day(context.dates.parts(moment).0);
        match &cell.value {
            Value::Text(text) if matches!(field.kind, FieldType::Markdown) => {
                for block in to_blocks(text) {
                    lines.block(label, &block);
                }
            }
            Value::Moment(moment) => lines.add(label, &day(*moment)),
            Value::Period(from, to) => {
                lines.add(label, &day(*from));
                lines.add(label, &day(*to));
            }
            Value::Signature(signature) => {
                lines.add(label, &context.display.value(field, cell));
                lines.add(label, signature.opinion.as_deref().unwrap_or_default());
                lines.add(label, &signature.at.map(day).unwrap_or_default());
            }
            Value::Many(items) => {
                for item in items {
                    self.value(lines, label, field, item);
                }
            }
            // rows stand in sections and tables only
            Value::Rows(_) | Value::Invalid => {}
            _ => lines.add(label, &context.display.value(field, cell)),
        }
    }
}

/// When a matter entered the first state after its draft.
fn began(context: &Context<'_>, record: &Record) -> Option<Date> {
    let states = &context.register.kind_of(record).states;
    let moment = states
        .iter()
        .filter(|state| state.phase != Phase::Draft && !state.aside)
        .find_map(|state| record.moment(state.entered.as_ref()?))?;
    Some(context.register.calendar.date(moment))
}

/// The order of records in a segment: by the day they began, then by number.
pub(super) fn began_on(context: &Context<'_>, index: usize) -> Option<Date> {
    began(context, &context.register.records[index])
}

/// Lines without doubles.
struct Lines {
    lines: Vec<(Arc<str>, String)>,
    said: HashSet<String>,
}

impl Lines {
    fn without<const N: usize>(said: [&str; N]) -> Self {
        Lines {
            lines: Vec::new(),
            said: said.map(str::to_owned).into(),
        }
    }

    fn add(&mut self, label: &Arc<str>, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.said.insert(text.to_owned()) {
            self.lines.push((label.clone(), text.to_owned()));
        }
    }

    /// A paragraph is a line, an item of a list and a cell of a table as well.
    fn block(&mut self, label: &Arc<str>, block: &Block) {
        match block {
            Block::Paragraph { inlines } | Block::Heading { inlines, .. } => {
                self.add(label, &words(inlines));
            }
            Block::List { items, .. } => {
                for block in items.iter().flatten() {
                    self.block(label, block);
                }
            }
            Block::Quote { blocks } => {
                for block in blocks {
                    self.block(label, block);
                }
            }
            Block::Code { text } => self.add(label, text),
            Block::Table { head, rows, .. } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    self.add(label, &words(cell));
                }
            }
            Block::Rule => {}
        }
    }
}

fn words(inlines: &[Inline]) -> String {
    fn push(out: &mut String, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text { text } | Inline::Code { text } => out.push_str(text),
                Inline::Emphasis { inlines }
                | Inline::Strong { inlines }
                | Inline::Struck { inlines }
                | Inline::Link { inlines, .. } => push(out, inlines),
                Inline::Break => out.push(' '),
            }
        }
    }
    let mut out = String::new();
    push(&mut out, inlines);
    out
}
