//! Reads the definitions of register papers, once the kinds are known.

use std::sync::Arc;

use super::{
    ColumnValue, Derived, Fact, GroupBy, HeadCell, HeadValue, Paths, Per, RegisterColumn,
    RegisterPaper, RegisterTable, Source, Take,
};
use crate::definition::expression::Expression;
use crate::definition::form::Orientation;
use crate::definition::kind::{Kind, NAVIGATION};
use crate::definition::path::{Path, PathScope, Rows, report_unknown};
use crate::definition::state::Phase;
use crate::finding::{FileId, Finding};
use crate::organisation::PARTY_KINDS;
use crate::source::{Located, TableReader, nearest};

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
        navigation: reader.choice("navigation", &NAVIGATION),
        internal: reader.boolean("internal"),
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
        group: reader.choice(
            "group",
            &[
                ("month", GroupBy::Month),
                ("year", GroupBy::Year),
                ("value", GroupBy::Value),
            ],
        ),
        matrix: read_matrix(&reader, kinds, &wanted),
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

/// The limits of these names in each of the table's kinds.
fn read_matrix(reader: &TableReader<'_>, kinds: &[Kind], wanted: &[usize]) -> Vec<Vec<usize>> {
    let mut by_kind = vec![Vec::new(); kinds.len()];
    for found in reader.strings("matrix") {
        let mut known: Vec<&str> = Vec::new();
        let mut any = false;
        for index in wanted {
            let limits = &kinds[*index].limits;
            let limit = limits.iter().position(|limit| *limit.id == *found.value);
            any |= limit.is_some();
            by_kind[*index].extend(limit);
            known.extend(limits.iter().map(|limit| &*limit.id));
        }
        if !any {
            reader.unknown_name("unknown-limit", "matrix", &found, &known);
        }
    }
    by_kind
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
