//! Printed forms: which values of a record stand where on the paper.

mod block;

use std::sync::Arc;

use super::expression::Expression;
use super::field::Field;
use super::limit::Limit;
use super::path::{Path, PathScope, Rows};
use super::section::Section;
use super::state::{State, state_index};
use crate::organisation::LetterPaper;
use crate::source::TableReader;
use crate::text::Text;
use block::read_block;

/// Which general layout a form follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormStyle {
    /// A grid of labelled cells.
    Form,
    /// Minutes 纪要.
    Minutes,
    /// A notice 文件.
    Notice,
    /// A letter 函.
    Letter,
    /// A tracking table or register.
    Register,
}

impl FormStyle {
    /// The name in definitions and in templates.
    pub fn name(self) -> &'static str {
        match self {
            FormStyle::Form => "form",
            FormStyle::Minutes => "minutes",
            FormStyle::Notice => "notice",
            FormStyle::Letter => "letter",
            FormStyle::Register => "register",
        }
    }

    /// Whether a filled one is text with a head and a foot, not a grid of cells.
    pub fn is_prose(self) -> bool {
        matches!(
            self,
            FormStyle::Minutes | FormStyle::Notice | FormStyle::Letter
        )
    }
}

/// How the sheet lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// A4 upright: forms and minutes.
    Portrait,
    /// A4 across: tracking tables and registers.
    Landscape,
}

/// A labelled cell.
#[derive(Clone, Debug)]
pub struct FormCell {
    /// Which value.
    pub path: Path,
    /// The form's own word for it, when it differs from the field's.
    pub label: Option<Text>,
}

/// What a part is in a letter, notice or minutes; in a grid of cells all are
/// alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// A labelled value.
    #[default]
    Plain,
    /// 标题: what it is about.
    Title,
    /// 发文字号: the document's own number.
    Number,
    /// 主送: whom it is addressed to.
    Addressee,
    /// 正文: text without a label.
    Body,
    /// 附件说明: what is enclosed.
    Attachments,
    /// 落款: who issues it and on what day.
    Signoff,
    /// 附注: a remark in brackets under the date.
    Note,
    /// 出席、请假、列席: who was there, of minutes.
    Attendance,
    /// 抄送: who gets a copy.
    Copies,
    /// 印发: who prints and sends it out, and on what day.
    Issued,
}

impl Role {
    /// All but the plain one by their names in definitions, which templates
    /// know, too.
    pub const NAMES: [(&str, Role); 10] = [
        ("title", Role::Title),
        ("number", Role::Number),
        ("addressee", Role::Addressee),
        ("body", Role::Body),
        ("attachments", Role::Attachments),
        ("signoff", Role::Signoff),
        ("note", Role::Note),
        ("attendance", Role::Attendance),
        ("copies", Role::Copies),
        ("issued", Role::Issued),
    ];

    /// The name in definitions and templates.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, role)| *role == self)
            .map_or("plain", |(name, _)| name)
    }
}

/// A part of a form, from top to bottom.
#[derive(Clone, Debug)]
pub enum BlockContent {
    /// A heading over the parts that follow.
    Heading(Text),
    /// Standing text.
    Standing(Text),
    /// Room for the company's seal, with these words; a seal is never drawn.
    Seal(Text),
    /// One to three labelled cells side by side.
    Row {
        /// The cells.
        cells: Vec<FormCell>,
        /// Whether choices are shown as boxes to tick.
        checks: bool,
        /// What it is in a letter.
        role: Role,
    },
    /// Labelled long text over the full width.
    Box {
        /// The value.
        cell: FormCell,
        /// Height of the blank form in lines.
        lines: u32,
        /// What it is in a letter.
        role: Role,
    },
    /// A table of rows.
    Table {
        /// What has the rows.
        rows: Rows,
        /// Which columns, as indexes of fields or columns.
        columns: Vec<FormColumn>,
        /// The table's own title.
        label: Option<Text>,
        /// Number of empty rows of the blank form.
        blank_rows: u32,
        /// Height of an empty row, in lines for handwriting.
        blank_lines: u32,
    },
    /// Values gathered by what a choice beside each says: who was present, who
    /// excused.
    Grouped {
        /// The values, columns of tables.
        values: Vec<GroupedValue>,
        /// The form's own words for the choices, by the choice's name.
        labels: Vec<(String, Text)>,
        /// What it is in a letter.
        role: Role,
    },
    /// Who is asked by limits of the kind, and who has answered: named in the
    /// record or not.
    Asked {
        /// Indexes of the limits.
        limits: Vec<usize>,
        /// Which columns.
        columns: Vec<AskedColumn>,
        /// The words for answered, answered late and not answered, where the
        /// form has its own.
        words: [Option<Text>; 3],
        /// The table's own title.
        label: Option<Text>,
        /// Number of empty rows of the blank form.
        blank_rows: u32,
    },
    /// Lines for signatures.
    Signatures {
        /// The signature values: single ones, or one a row.
        cells: Vec<FormCell>,
        /// Title over them.
        label: Option<Text>,
    },
}

/// What a column of a table on a form shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnValue {
    /// `#`: the running number.
    RowNumber,
    /// `@days_late`: of rows that are tasks, how many days after its day a task
    /// was done, or still was not when the row was last brought up to date.
    DaysLate,
    /// A field or column, by index.
    Field(usize),
}

/// A column with the choice that says to which group each of its values belongs.
#[derive(Clone, Debug)]
pub struct GroupedValue {
    /// The column.
    pub path: Path,
    /// The column of the choice, in the same rows.
    pub by: Path,
}

/// A column of a table on a form.
#[derive(Clone, Debug)]
pub struct FormColumn {
    /// What it shows.
    pub value: ColumnValue,
    /// The form's own word for it.
    pub label: Option<Text>,
    /// Share of the width.
    pub width: f64,
}

/// What a column of a list of those asked shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AskedValue {
    /// Their department.
    Department,
    /// Who is asked.
    Who,
    /// By when.
    Due,
    /// When the answer came.
    Met,
    /// Whether it came.
    Status,
}

impl AskedValue {
    /// All of them by their names in definitions and words files.
    pub const NAMES: [(&str, AskedValue); 5] = [
        ("department", AskedValue::Department),
        ("who", AskedValue::Who),
        ("due", AskedValue::Due),
        ("met", AskedValue::Met),
        ("status", AskedValue::Status),
    ];

    /// The name in definitions and words files.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, value)| *value == self)
            .map_or("who", |(name, _)| name)
    }
}

/// A column of a list of those asked.
#[derive(Clone, Debug)]
pub struct AskedColumn {
    /// What it shows.
    pub value: AskedValue,
    /// The form's own word for it.
    pub label: Option<Text>,
    /// Share of the width.
    pub width: f64,
}

/// A block with the condition under which it stands on the paper.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it shows.
    pub content: BlockContent,
    /// Only if this holds; always on the blank form.
    pub when: Option<Expression>,
    /// Only on paper after this model; blank forms are plain.
    pub paper: Option<LetterPaper>,
}

/// A printed view of a record.
#[derive(Clone, Debug)]
pub struct Form {
    /// Name in the command line and in file names.
    pub id: Arc<str>,
    /// Name on the paper, as the handbook has it.
    pub name: Text,
    /// The clause that has it.
    pub clause: Option<Arc<str>>,
    /// The form of which this is another layout under another name: one paper
    /// that two handbooks print differently. The profile picks one.
    pub stands_for: Option<Arc<str>>,
    /// The general layout.
    pub style: FormStyle,
    /// How the sheet lies.
    pub orientation: Orientation,
    /// From which state's rank on it is offered.
    pub from_state: Option<usize>,
    /// Only if this holds.
    pub when: Option<Expression>,
    /// One paper for each of these rows.
    pub each: Option<Rows>,
    /// Whether it stays in the company.
    pub internal: bool,
    /// What stands on it.
    pub layout: Vec<Block>,
}

/// Reads `[[forms]]`.
pub(super) fn read_forms(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
    states: &[State],
    limits: &[Limit],
) -> Vec<Form> {
    let tables = reader.tables("forms");
    let ids: Vec<&str> = tables
        .iter()
        .filter_map(|table| table.get("id")?.get_ref().as_str())
        .collect();
    tables
        .into_iter()
        .filter_map(|table| {
            let id = table.required_string("id");
            let form = Form {
                id: id.as_ref().map_or("", |id| id.value).into(),
                name: table.required_text("name"),
                clause: table.string("clause").map(|clause| clause.value.into()),
                stands_for: table.string("stands_for").and_then(|found| {
                    let known = |name: &&&str| **name == found.value;
                    if ids.iter().find(known).is_none() {
                        table.unknown_name("unknown-limit", "stands_for", &found, &ids);
                        return None;
                    }
                    Some(found.value.into())
                }),
                style: table
                    .choice(
                        "style",
                        &[
                            ("form", FormStyle::Form),
                            ("minutes", FormStyle::Minutes),
                            ("notice", FormStyle::Notice),
                            ("letter", FormStyle::Letter),
                            ("register", FormStyle::Register),
                        ],
                    )
                    .unwrap_or(FormStyle::Form),
                orientation: table
                    .choice(
                        "orientation",
                        &[
                            ("portrait", Orientation::Portrait),
                            ("landscape", Orientation::Landscape),
                        ],
                    )
                    .unwrap_or(Orientation::Portrait),
                from_state: state_index(&table, "from_state", states)
                    .map(|state| states[state].rank),
                when: Expression::read(&table, "when"),
                each: table
                    .string("each")
                    .and_then(|found| scope.rows(&table, "each", &found)),
                internal: table.boolean("internal"),
                layout: table
                    .tables("layout")
                    .into_iter()
                    .filter_map(|block| read_block(block, scope, limits))
                    .collect(),
            };
            table.get("note");
            table.finish();
            id.map(|_| form)
        })
        .collect()
}

/// The fields that are the columns of something with rows. A list field has
/// itself as its only column.
pub fn columns_of<'k>(section: &'k Section, rows: &Rows) -> &'k [Field] {
    match rows.field {
        None => &section.fields,
        Some(index) => {
            let field = &section.fields[index];
            match field.columns() {
                [] => std::slice::from_ref(field),
                columns => columns,
            }
        }
    }
}
