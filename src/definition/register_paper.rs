//! Register papers 台账, 档案: what is gathered from many records on one
//! paper, read from `templates/registers/<id>.toml`.
//!
//! Invariant: a path of a column was resolved against each of its table's
//! kinds and exists in one of them at least; a kind that lacks it leaves the
//! cell empty.

use std::sync::Arc;

use super::expression::Expression;
use super::form::Orientation;
use super::kind::Navigation;
use super::path::{Path, Rows};
use super::state::Phase;
use crate::finding::FileId;
use crate::text::Text;

mod read;

pub use read::read_register_paper;

/// Of what there is a paper each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Per {
    /// An outside party concerned.
    Party,
    /// The department that answers for the record, or for the task.
    Department,
    /// The person who answers for the record, or for the task.
    Person,
    /// The project.
    Project,
    /// The year the matter was concluded in, by which it is filed.
    Year,
}

/// A paper gathered from many records.
#[derive(Clone, Debug)]
pub struct RegisterPaper {
    /// Its name on the command line and in file names.
    pub id: Arc<str>,
    /// The file it was read from.
    pub file: FileId,
    /// Name on the paper, as the handbook has it.
    pub name: Text,
    /// What it is for.
    pub description: Text,
    /// The clause that has it.
    pub clause: Option<Arc<str>>,
    /// How the sheet lies.
    pub orientation: Orientation,
    /// Of what there is a paper each; none for one over everything.
    pub per: Option<Per>,
    /// Where its page stands in the navigation; none for one that others lead to.
    pub navigation: Option<Navigation>,
    /// Whether it stays in the company, those of outside parties included.
    pub internal: bool,
    /// Only for parties of this kind.
    pub party_kind: Option<Arc<str>>,
    /// Labelled cells over the tables, row by row.
    pub head: Vec<Vec<HeadCell>>,
    /// What is gathered.
    pub tables: Vec<RegisterTable>,
}

/// A labelled cell of the head.
#[derive(Clone, Debug)]
pub struct HeadCell {
    /// Its label, when it is not the usual one.
    pub label: Option<Text>,
    /// What stands in it.
    pub value: HeadValue,
}

/// What is known of a paper without looking into its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Whom or what the paper is of.
    Subject,
    /// Who to talk to at the party.
    Contacts,
    /// Who heads the department.
    Head,
    /// How many records there are on the paper.
    Count,
}

impl Fact {
    /// All of them by their names in definitions, which words files know, too.
    pub const NAMES: [(&'static str, Fact); 4] = [
        ("subject", Fact::Subject),
        ("contacts", Fact::Contacts),
        ("head", Fact::Head),
        ("count", Fact::Count),
    ];

    /// The name in definitions and words files.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, fact)| *fact == self)
            .map_or("", |(name, _)| name)
    }
}

/// What a cell of the head says.
#[derive(Clone, Debug)]
pub enum HeadValue {
    /// What is known without looking into the records.
    Fact(Fact),
    /// What a value of all the records comes to.
    Gathered {
        /// Alternatives by kind.
        paths: Paths,
        /// Which of the values.
        take: Take,
    },
}

/// How rows stand together: by what they are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// By the month of its day.
    Month,
    /// By the year.
    Year,
    /// By the value itself.
    Value,
}

/// Which of the values of many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// All that differ.
    All,
    /// The earliest day or instant.
    Earliest,
    /// The latest.
    Latest,
}

/// Paths for each kind of the register, by the kind's index: the first that
/// leads to something is taken.
pub type Paths = Vec<Vec<Path>>;

/// What has the rows of a table.
#[derive(Clone, Debug)]
pub enum Source {
    /// A row a record.
    Records,
    /// A row for each row of something in the records, by the kind's index.
    Rows(Vec<Option<Rows>>),
    /// A row for each task.
    Commitments,
}

/// A table of a register paper.
#[derive(Clone, Debug)]
pub struct RegisterTable {
    /// Its title.
    pub label: Option<Text>,
    /// Indexes of the kinds whose records are gathered.
    pub kinds: Vec<usize>,
    /// What has the rows.
    pub source: Source,
    /// Records in these phases.
    pub phases: Vec<Phase>,
    /// Only records that are filed.
    pub filed: bool,
    /// Only tasks that are still to be done, or only those that are not.
    pub open: Option<bool>,
    /// Only records for which this holds.
    pub when: Option<Expression>,
    /// By what the rows are ordered; the records' order where nothing is said.
    pub sort: Option<ColumnValue>,
    /// Whether the last comes first.
    pub descending: bool,
    /// Under which headings a page puts the rows.
    pub group: Option<GroupBy>,
    /// By kind, the limits of which a page shows who has answered and who has
    /// not, a column for each department, instead of the columns.
    pub matrix: Vec<Vec<usize>>,
    /// Its columns.
    pub columns: Vec<RegisterColumn>,
    /// Number of empty rows of the blank paper.
    pub blank_rows: u32,
}

impl RegisterTable {
    /// Whether a page shows who has answered instead of the columns.
    pub fn has_matrix(&self) -> bool {
        self.matrix.iter().any(|limits| !limits.is_empty())
    }
}

/// A column of a register paper.
#[derive(Clone, Debug)]
pub struct RegisterColumn {
    /// Its heading, when it is not the value's own label.
    pub label: Option<Text>,
    /// Share of the width.
    pub width: f64,
    /// What stands in it.
    pub value: ColumnValue,
}

/// What stands in a column.
#[derive(Clone, Debug)]
pub enum ColumnValue {
    /// Values of the record or of its row.
    Paths(Paths),
    /// What follows from the record, its obligations or its tasks.
    Derived(Derived),
    /// Nothing: to be written by hand.
    Ink,
}

/// What is known of a record or a task without naming a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// The row's number on the paper.
    Number,
    /// The kind of matter.
    Kind,
    /// Whose the record is.
    Department,
    /// Who answers for the record.
    Responsible,
    /// Outside parties concerned.
    Parties,
    /// When it left the draft.
    OpenedOn,
    /// When it was concluded.
    ClosedOn,
    /// What is owed next.
    NextStep,
    /// By when.
    NextDue,
    /// By whom.
    OwedBy,
    /// Days past the date of the task, or of what is owed longest.
    DaysOverdue,
    /// How many reminders have been due.
    Reminders,
    /// To how many levels it has been escalated.
    Escalated,
    /// 档号
    ArchiveNumber,
    /// 归档名称
    ArchiveName,
    /// 保管期限 as a class of the archive.
    Retention,
    /// The last year it is kept.
    KeptThrough,
    /// What is to be done.
    Task,
    /// Who answers for the task.
    Owner,
    /// Their department.
    OwnerDepartment,
    /// Who helps.
    Helpers,
    /// By when the task is to be done.
    DueOn,
    /// When it was done.
    DoneOn,
    /// How one sees that it is done.
    Standard,
    /// How it stands with the task.
    TaskStatus,
    /// The heads of the owner's department and of the record's.
    Heads,
    /// All tasks of the record.
    Tasks,
}

impl Derived {
    /// All of them by their names in definitions, which words files know, too.
    pub const NAMES: [(&'static str, Derived); 27] = [
        ("#", Derived::Number),
        ("kind", Derived::Kind),
        ("department", Derived::Department),
        ("responsible", Derived::Responsible),
        ("parties", Derived::Parties),
        ("opened_on", Derived::OpenedOn),
        ("closed_on", Derived::ClosedOn),
        ("next_step", Derived::NextStep),
        ("next_due", Derived::NextDue),
        ("owed_by", Derived::OwedBy),
        ("days_overdue", Derived::DaysOverdue),
        ("reminders", Derived::Reminders),
        ("escalated", Derived::Escalated),
        ("archive_number", Derived::ArchiveNumber),
        ("archive_name", Derived::ArchiveName),
        ("retention", Derived::Retention),
        ("kept_through", Derived::KeptThrough),
        ("task", Derived::Task),
        ("owner", Derived::Owner),
        ("owner_department", Derived::OwnerDepartment),
        ("helpers", Derived::Helpers),
        ("due_on", Derived::DueOn),
        ("done_on", Derived::DoneOn),
        ("standard", Derived::Standard),
        ("task_status", Derived::TaskStatus),
        ("heads", Derived::Heads),
        ("tasks", Derived::Tasks),
    ];

    /// The name in definitions and words files.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, value)| *value == self)
            .map_or("#", |(name, _)| name)
    }
}
