//! Fields: what a record may say, and when it must.

use std::sync::Arc;

use regex::Regex;

use super::Confirmation;
use super::expression::Expression;
use super::state::{State, state_index};
use crate::finding::Finding;
use crate::source::{Located, TableReader};
use crate::text::Text;

/// A choice of a choice field.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Name in records.
    pub id: Arc<str>,
    /// Name for people.
    pub label: Text,
}

/// What kind of value a field holds.
#[derive(Clone, Debug)]
pub enum FieldType {
    /// A line of text.
    Text {
        /// What it must match, whole.
        pattern: Option<Regex>,
    },
    /// Text in Markdown.
    Markdown,
    /// A day.
    Date,
    /// A moment; without an offset it is company time.
    Instant,
    /// From a day or moment to another.
    Period,
    /// A length of time, `2wd`.
    Duration,
    /// An amount with two places and a currency.
    Money,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of several words.
    Choice(Vec<Choice>),
    /// A person of the organisation.
    Person,
    /// A department of the organisation.
    Department,
    /// An outside party.
    Party,
    /// Another record, by number; empty means any kind.
    Reference(Vec<Arc<str>>),
    /// A file that goes with the record.
    Attachment,
    /// Who confirmed, when, with what opinion.
    Signature,
    /// Rows of these columns.
    Table {
        /// The columns, which are no tables themselves.
        columns: Vec<Field>,
        /// Index of the column that tells rows apart.
        identity: Option<usize>,
    },
}

impl FieldType {
    /// The name in definition files.
    pub fn name(&self) -> &'static str {
        match self {
            FieldType::Text { .. } => "text",
            FieldType::Markdown => "markdown",
            FieldType::Date => "date",
            FieldType::Instant => "instant",
            FieldType::Period => "period",
            FieldType::Duration => "duration",
            FieldType::Money => "money",
            FieldType::Number => "number",
            FieldType::Boolean => "boolean",
            FieldType::Choice(_) => "choice",
            FieldType::Person => "person",
            FieldType::Department => "department",
            FieldType::Party => "party",
            FieldType::Reference(_) => "reference",
            FieldType::Attachment => "attachment",
            FieldType::Signature => "signature",
            FieldType::Table { .. } => "table",
        }
    }
}

/// When a field must be there (D15).
#[derive(Clone, Debug, Default)]
pub struct Requirement {
    /// From this state on, by its rank.
    pub from: Option<usize>,
    /// Only if this holds.
    pub condition: Option<Expression>,
}

impl Requirement {
    /// Whether the field is never required.
    pub fn is_never(&self) -> bool {
        self.from.is_none() && self.condition.is_none()
    }
}

/// A field of a section, or a column of a table.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name in records.
    pub id: Arc<str>,
    /// Name for people.
    pub label: Text,
    /// One line on what to write.
    pub hint: Option<Text>,
    /// What it holds.
    pub kind: FieldType,
    /// Whether it is a list of these.
    pub many: bool,
    /// When it must be there.
    pub required: Requirement,
    /// Least value of a number; least count of rows or of a list.
    pub minimum: Option<f64>,
    /// Greatest value of a number; greatest count of rows or of a list.
    pub maximum: Option<f64>,
    /// The clause that asks for it.
    pub clause: Option<Arc<str>>,
    /// The wording checks that apply.
    pub checks: Vec<Arc<str>>,
    /// Whether it is a step of the matter, for the timeline.
    pub event: bool,
    /// Of a signature: how the person has to confirm, where that is more than
    /// the kind asks for.
    pub level: Option<Confirmation>,
    /// Of a signature: the sections it covers, by name; none is its own.
    pub signs: Vec<Located<Arc<str>>>,
    /// Whether a new record has it filled in: with today, with who begins it,
    /// or with their department, as the type says.
    pub prefill: bool,
    /// Whether it stays in the company: its own word, else that of the section
    /// or table it stands in.
    pub internal: bool,
    /// From which state's rank on outsiders see it, where it may leave the
    /// company: its own word, else that of the section or table.
    pub outside_from: Option<usize>,
}

impl Field {
    /// The columns, if it is a table; else none.
    pub fn columns(&self) -> &[Field] {
        match &self.kind {
            FieldType::Table { columns, .. } => columns,
            _ => &[],
        }
    }
}

const TYPES: &[(&str, &str)] = &[
    ("text", "text"),
    ("markdown", "markdown"),
    ("date", "date"),
    ("instant", "instant"),
    ("period", "period"),
    ("duration", "duration"),
    ("money", "money"),
    ("number", "number"),
    ("boolean", "boolean"),
    ("choice", "choice"),
    ("person", "person"),
    ("department", "department"),
    ("party", "party"),
    ("reference", "reference"),
    ("attachment", "attachment"),
    ("signature", "signature"),
    ("table", "table"),
];

/// The wording checks that a field may name; each is a rule of `check`.
pub const CHECKS: &[&str] = &[
    "vague",
    "placeholder",
    "measurable",
    "subject",
    "internal-names",
    "public-wording",
    "none-stated",
    "five-elements",
    "attachment-name",
    "archive-name",
    "archive-number",
];

/// What a field stands in.
#[derive(Clone, Copy)]
pub(super) struct Within {
    /// Whether that is a table.
    pub table: bool,
    /// Whether that stays in the company.
    pub internal: bool,
    /// From which state's rank on outsiders see it.
    pub outside_from: Option<usize>,
}

/// The rank of the state under `outside_from`.
pub(super) fn outside_from(reader: &TableReader<'_>, states: &[State]) -> Option<usize> {
    state_index(reader, "outside_from", states).map(|state| states[state].rank)
}

/// Reads `[….fields.<id>]` or `columns.<id>`; `None` when it has no readable type.
pub(super) fn read_field(
    id: &str,
    reader: TableReader<'_>,
    states: &[State],
    within: Within,
) -> Option<Field> {
    let within = Within {
        internal: reader.boolean_or("internal", within.internal),
        outside_from: outside_from(&reader, states).or(within.outside_from),
        ..within
    };
    let type_name = match reader.required_string("type") {
        Some(found) => reader.as_choice("type", &found, TYPES),
        None => None,
    };
    let kind = type_name.and_then(|name| read_type(name, &reader, states, within));
    let required = Requirement {
        from: state_index(&reader, "required_from", states),
        condition: Expression::read(&reader, "required_if"),
    };
    let checks = reader
        .strings("checks")
        .into_iter()
        .filter_map(|name| {
            if CHECKS.contains(&name.value) {
                return Some(Arc::from(name.value));
            }
            reader.unknown_name("unknown-word", "checks", &name, CHECKS);
            None
        })
        .collect();
    let is_signature = matches!(kind, Some(FieldType::Signature));
    let signs = match is_signature {
        true => reader.strings("signs"),
        false => Vec::new(),
    };
    let owned = |name: Located<&str>| Located {
        value: name.value.into(),
        place: name.place,
    };
    let field = Field {
        id: id.into(),
        label: reader.required_text("label"),
        hint: reader.text("hint"),
        kind: kind.clone().unwrap_or(FieldType::Markdown),
        many: reader.boolean("many"),
        required,
        minimum: reader.number("minimum"),
        maximum: reader.number("maximum"),
        clause: reader.string("clause").map(|clause| clause.value.into()),
        checks,
        event: reader.boolean("event"),
        prefill: reader.boolean("prefill"),
        level: is_signature
            .then(|| reader.choice("level", &Confirmation::NAMES))
            .flatten(),
        signs: signs.into_iter().map(owned).collect(),
        internal: within.internal,
        outside_from: within.outside_from,
    };
    reader.get("note");
    reader.finish();
    kind.map(|_| field)
}

fn read_type(
    name: &str,
    reader: &TableReader<'_>,
    states: &[State],
    within: Within,
) -> Option<FieldType> {
    Some(match name {
        "text" => FieldType::Text {
            pattern: read_pattern(reader),
        },
        "markdown" => FieldType::Markdown,
        "date" => FieldType::Date,
        "instant" => FieldType::Instant,
        "period" => FieldType::Period,
        "duration" => FieldType::Duration,
        "money" => FieldType::Money,
        "number" => FieldType::Number,
        "boolean" => FieldType::Boolean,
        "choice" => FieldType::Choice(read_choices(reader)),
        "person" => FieldType::Person,
        "department" => FieldType::Department,
        "party" => FieldType::Party,
        "reference" => FieldType::Reference(
            reader
                .strings("kinds")
                .iter()
                .map(|kind| kind.value.into())
                .collect(),
        ),
        "attachment" => FieldType::Attachment,
        "signature" => FieldType::Signature,
        _ if within.table => {
            reader.report(Finding::error("table-in-table", reader.place));
            return None;
        }
        _ => {
            let within = Within {
                table: true,
                ..within
            };
            let columns: Vec<Field> = reader
                .named_tables("columns")
                .into_iter()
                .filter_map(|(id, table)| read_field(id.value, table, states, within))
                .collect();
            if columns.is_empty() {
                reader.missing("columns");
            }
            let identity = reader.string("identity").and_then(|name| {
                let found = columns.iter().position(|column| *column.id == *name.value);
                if found.is_none() {
                    let known: Vec<&str> = columns.iter().map(|column| &*column.id).collect();
                    reader.unknown_name("unknown-path", "identity", &name, &known);
                }
                found
            });
            FieldType::Table { columns, identity }
        }
    })
}

fn read_pattern(reader: &TableReader<'_>) -> Option<Regex> {
    let pattern = reader.string("pattern")?;
    match super::pattern::pattern(&format!("^(?:{})$", pattern.value)) {
        Ok(regex) => Some(regex),
        Err(detail) => {
            reader.report(Finding::error("bad-pattern", pattern.place).with("detail", detail));
            None
        }
    }
}

fn read_choices(reader: &TableReader<'_>) -> Vec<Choice> {
    let choices: Vec<Choice> = reader
        .tables("choices")
        .into_iter()
        .filter_map(|table| {
            let id = table.required_string("id");
            let label = table.required_text("label");
            table.get("clause");
            table.finish();
            id.map(|id| Choice {
                id: id.value.into(),
                label,
            })
        })
        .collect();
    if choices.is_empty() {
        reader.missing("choices");
    }
    choices
}
