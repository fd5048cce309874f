//! Register papers 台账, 档案: what is gathered from many records on one
//! paper, read from `templates/registers/<id>.toml`.
//!
//! Invariant: a path of a column was resolved against each of its table's
//! kinds and exists in one of them at least; a kind that lacks it leaves the
//! cell empty.

use std::sync::Arc;

use super::expression::Expression;
use super::form::Orientation;
use super::kind::Kind;
use super::path::{Path, PathScope, Rows, report_unknown};
use super::state::Phase;
use crate::finding::{FileId, Finding};
use crate::organisation::PARTY_KINDS;
use crate::source::{Located, TableReader, nearest};
use crate::text::Text;

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
    /// Its columns.
    pub columns: Vec<RegisterColumn>,
    /// Number of empty rows of the blank paper.
    pub blank_rows: u32,
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
}

impl Derived {
    /// All of them by their names in definitions, which words files know, too.
    pub const NAMES: [(&'static str, Derived); 26] = [
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
    ];

    /// The name in definitions and words files.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, value)| *value == self)
            .map_or("#", |(name, _)| name)
    }
}

/// Reads `templates/registers/<id>.toml`, once the kinds are known.
pub fn read_register_paper(
    id: &str,
    file: FileId,
    reader: TableReader<'_>,
    kinds: &[Kind],
) -> RegisterPaper {
    let tables: Vec<RegisterTable> = reader
        .tables("tables")
        .into_iter()
        .map(|table| read_table(table, kinds))
        .collect();
    let gathered: Vec<usize> = (0..kinds.len())
        .filter(|kind| tables.iter().any(|table| table.kinds.contains(kind)))
        .collect();
    let paper = RegisterPaper {
        id: id.into(),
        file,
        name: reader.required_text("name"),
        description: reader.text("description").unwrap_or_default(),
        clause: reader.string("clause").map(|clause| clause.value.into()),
        orientation: reader
            .choice(
                "orientation",
                &[
                    ("portrait", Orientation::Portrait),
                    ("landscape", Orientation::Landscape),
                ],
            )
            .unwrap_or(Orientation::Landscape),
        per: reader.choice(
            "per",
            &[
                ("party", Per::Party),
                ("department", Per::Department),
                ("person", Per::Person),
                ("project", Per::Project),
                ("year", Per::Year),
            ],
        ),
        party_kind: reader
            .choice("party_kind", &PARTY_KINDS.map(|kind| (kind, kind)))
            .map(Arc::from),
        head: reader
            .tables("head")
            .into_iter()
            .map(|row| {
                let cells = row
                    .tables("row")
                    .into_iter()
                    .filter_map(|cell| read_head_cell(cell, kinds, &gathered))
                    .collect();
                row.finish();
                cells
            })
            .collect(),
        tables,
    };
    reader.get("note");
    reader.finish();
    paper
}

fn read_head_cell(reader: TableReader<'_>, kinds: &[Kind], gathered: &[usize]) -> Option<HeadCell> {
    let label = reader.text("label");
    let value = if reader.has("path") {
        let take = reader
            .choice(
                "take",
                &[
                    ("all", Take::All),
                    ("earliest", Take::Earliest),
                    ("latest", Take::Latest),
                ],
            )
            .unwrap_or(Take::All);
        read_paths(&reader, "path", kinds, gathered)
            .map(|paths| HeadValue::Gathered { paths, take })
    } else if reader.has("value") {
        reader.choice("value", &Fact::NAMES).map(HeadValue::Fact)
    } else {
        reader.missing("value");
        None
    };
    reader.finish();
    value.map(|value| HeadCell { label, value })
}

fn read_table(reader: TableReader<'_>, kinds: &[Kind]) -> RegisterTable {
    let wanted = read_kinds(&reader, kinds);
    let source = if reader.boolean("commitments") {
        Source::Commitments
    } else if reader.has("rows") {
        Source::Rows(read_rows(&reader, kinds, &wanted))
    } else {
        Source::Records
    };
    let phases: Vec<Phase> = reader
        .strings("phases")
        .iter()
        .filter_map(|found| {
            reader.as_choice(
                "phases",
                found,
                &[Phase::Draft, Phase::Open, Phase::Closed, Phase::Void]
                    .map(|phase| (phase.name(), phase)),
            )
        })
        .collect();
    let when = Expression::read(&reader, "when");
    if let Some(expression) = &when {
        // a name must exist in every kind: what lacks it cannot be judged
        for finding in wanted
            .iter()
            .filter_map(|kind| kinds.get(*kind))
            .flat_map(|kind| expression.check_names(&kind.sections, &kind.states, None))
            .take(1)
        {
            reader.report(finding);
        }
    }
    let table = RegisterTable {
        label: reader.text("label"),
        source,
        phases: if phases.is_empty() {
            vec![Phase::Open, Phase::Closed]
        } else {
            phases
        },
        filed: reader.boolean("filed"),
        open: reader.has("open").then(|| reader.boolean("open")),
        when,
        sort: reader
            .has("sort")
            .then(|| read_value(&reader, "sort", kinds, &wanted))
            .flatten(),
        descending: reader.boolean("descending"),
        columns: reader
            .tables("columns")
            .into_iter()
            .filter_map(|column| {
                let key = if column.has("path") { "path" } else { "value" };
                let value = if column.boolean("ink") {
                    Some(ColumnValue::Ink)
                } else {
                    read_value(&column, key, kinds, &wanted)
                };
                let label = column.text("label");
                let width = column.number("width").unwrap_or(1.0).max(0.1);
                column.finish();
                value.map(|value| RegisterColumn {
                    label,
                    width,
                    value,
                })
            })
            .collect(),
        blank_rows: reader
            .integer("blank_rows")
            .map_or(12, |rows| rows.value)
            .clamp(1, 60) as u32,
        kinds: wanted,
    };
    if table.columns.is_empty() && !reader.has("columns") {
        reader.missing("columns");
    }
    reader.finish();
    table
}

/// The kinds that `kinds` names; all of them where it is not there.
fn read_kinds(reader: &TableReader<'_>, kinds: &[Kind]) -> Vec<usize> {
    if !reader.has("kinds") {
        return (0..kinds.len()).collect();
    }
    let known: Vec<&str> = kinds.iter().map(|kind| &*kind.id).collect();
    reader
        .strings("kinds")
        .iter()
        .filter_map(|found| {
            let index = known.iter().position(|id| *id == found.value);
            if index.is_none() {
                reader.unknown_name("unknown-kind", "kinds", found, &known);
            }
            index
        })
        .collect()
}

/// A path or the name of something derived, under a key that takes both.
fn read_value(
    reader: &TableReader<'_>,
    key: &'static str,
    kinds: &[Kind],
    wanted: &[usize],
) -> Option<ColumnValue> {
    if !reader.has(key) {
        reader.missing(key);
        return None;
    }
    if key != "path"
        && let [only] = reader.strings(key).as_slice()
    {
        let derived = Derived::NAMES.iter().find(|(name, _)| *name == only.value);
        if let Some((_, derived)) = derived {
            return Some(ColumnValue::Derived(*derived));
        }
        if key == "value" {
            let known = Derived::NAMES.map(|(name, _)| name);
            reader.unknown_name("unknown-word", key, only, &known);
            return None;
        }
    }
    read_paths(reader, key, kinds, wanted).map(ColumnValue::Paths)
}

/// Paths that each lead somewhere in one of the kinds at least.
fn read_paths(
    reader: &TableReader<'_>,
    key: &'static str,
    kinds: &[Kind],
    wanted: &[usize],
) -> Option<Paths> {
    let mut paths: Paths = vec![Vec::new(); kinds.len()];
    for found in reader.strings(key) {
        let resolved: Vec<(usize, Result<Path, Fault>)> = wanted
            .iter()
            .filter_map(|index| {
                let sections = &kinds.get(*index)?.sections;
                Some((*index, PathScope { sections }.resolve(found.value)))
            })
            .collect();
        if resolved.iter().all(|(_, path)| path.is_err()) {
            let faults = resolved.into_iter().filter_map(|(_, path)| path.err());
            report_nearest(reader, key, &found, faults);
            continue;
        }
        for (index, path) in resolved {
            paths[index].extend(path);
        }
    }
    paths
        .iter()
        .any(|of_kind| !of_kind.is_empty())
        .then_some(paths)
}

type Fault = (String, Vec<String>);

/// Reports that a path leads nowhere, in the words of the kind that comes
/// nearest to it.
fn report_nearest(
    reader: &TableReader<'_>,
    key: &'static str,
    found: &Located<&str>,
    faults: impl Iterator<Item = Fault>,
) {
    let is_near = |(name, known): &Fault| nearest(name, known.iter().map(String::as_str)).is_some();
    let mut faults: Vec<Fault> = faults.collect();
    // the further a kind got along the path, the shorter the rest
    faults.sort_by_key(|fault| (!is_near(fault), found.value.starts_with(&fault.0)));
    if let Some((name, known)) = faults.first() {
        report_unknown(reader, key, found, name, known);
    }
}

/// What has the rows in each kind; it must exist in one of them at least.
fn read_rows(reader: &TableReader<'_>, kinds: &[Kind], wanted: &[usize]) -> Vec<Option<Rows>> {
    let mut rows: Vec<Option<Rows>> = vec![None; kinds.len()];
    for found in reader.strings("rows") {
        let mut faults = Vec::new();
        let mut any = false;
        for index in wanted {
            let Some(kind) = kinds.get(*index) else {
                continue;
            };
            let scope = PathScope {
                sections: &kind.sections,
            };
            match scope.resolve_rows(found.value) {
                Ok(found) => {
                    any = true;
                    rows[*index].get_or_insert(found);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if any {
            continue;
        }
        if faults.iter().any(Option::is_none) {
            reader.report(Finding::error("no-rows", found.place).with("path", found.value));
        } else {
            report_nearest(reader, "rows", &found, faults.into_iter().flatten());
        }
    }
    rows
}
