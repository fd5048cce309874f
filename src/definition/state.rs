//! States of a matter and the transitions between them.

use std::sync::Arc;

use super::path::{Path, PathScope};
use crate::source::TableReader;
use crate::text::Text;

/// What a state means to rules and lists that know no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Being written: fields may be missing, wording is only warned of (D14, D15).
    Draft,
    /// Under way.
    Open,
    /// Ended with its result.
    Closed,
    /// Ended without: rejected, cancelled.
    Void,
}

impl Phase {
    /// The name in definition and words files.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Draft => "draft",
            Phase::Open => "open",
            Phase::Closed => "closed",
            Phase::Void => "void",
        }
    }

    /// Whether nothing more is expected to happen.
    pub fn ended(self) -> bool {
        matches!(self, Phase::Closed | Phase::Void)
    }
}

/// Where a matter can stand.
#[derive(Clone, Debug)]
pub struct State {
    /// Name in records.
    pub id: Arc<str>,
    /// Name for people.
    pub label: Text,
    /// What it means to rules and lists.
    pub phase: Phase,
    /// The event by which it is entered: present from this state on.
    pub entered: Option<Path>,
    /// Not a step of the main path.
    pub aside: bool,
    /// What is required in it, as the index of the step whose requirements hold.
    pub rank: usize,
    /// Whether outsiders are not told of it: see [`super::Kind::outside_state`].
    pub internal: bool,
}

/// A move from state to state.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Indexes of the states it starts from.
    pub from: Vec<usize>,
    /// Index of the state it leads to.
    pub to: usize,
    /// What is done, for people: 提交.
    pub label: Text,
    /// Who may do it, if the handbook says.
    pub by: Option<Path>,
    /// The clause that allows it.
    pub clause: Option<Arc<str>>,
}

/// Reads `[[states]]` without their paths, which need the sections first.
pub(super) fn read_states(reader: &TableReader<'_>) -> Vec<State> {
    let mut states: Vec<State> = Vec::new();
    for table in reader.tables("states") {
        let Some(id) = table.required_string("id") else {
            table.finish();
            continue;
        };
        if states.iter().any(|state| &*state.id == id.value) {
            table.report(
                crate::finding::Finding::error("duplicate-name", id.place).with("name", id.value),
            );
        }
        let phase = table
            .choice(
                "phase",
                &[
                    ("draft", Phase::Draft),
                    ("open", Phase::Open),
                    ("closed", Phase::Closed),
                    ("void", Phase::Void),
                ],
            )
            .unwrap_or(Phase::Open);
        let rank = match table.string("rank_of") {
            Some(name) => states
                .iter()
                .position(|state| &*state.id == name.value)
                .unwrap_or_else(|| {
                    let known: Vec<&str> = states.iter().map(|state| &*state.id).collect();
                    table.unknown_name("unknown-state", "rank_of", &name, &known);
                    0
                }),
            None => states.len(),
        };
        states.push(State {
            id: id.value.into(),
            label: table.required_text("label"),
            phase,
            entered: None,
            aside: table.boolean("aside"),
            internal: table.boolean("internal"),
            rank,
        });
        table.get("entered");
        table.finish();
    }
    if states.is_empty() {
        reader.missing("states");
        states.push(State {
            id: "open".into(),
            label: Text::same("open"),
            phase: Phase::Open,
            entered: None,
            aside: false,
            internal: false,
            rank: 0,
        });
    }
    states
}

/// Resolves the `entered` paths now that the sections are known.
pub(super) fn resolve_entered(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
    states: &mut [State],
) {
    for table in reader.tables("states") {
        let (Some(id), Some(path)) = (table.string("id"), table.string("entered")) else {
            continue;
        };
        if let Some(state) = states.iter_mut().find(|state| &*state.id == id.value) {
            state.entered = scope.path(&table, "entered", &path);
        }
    }
}

/// The index of a state by its name; a finding when there is none.
pub(super) fn state_index(
    reader: &TableReader<'_>,
    key: &'static str,
    states: &[State],
) -> Option<usize> {
    let name = reader.string(key)?;
    let found = states.iter().position(|state| *state.id == *name.value);
    if found.is_none() {
        let known: Vec<&str> = states.iter().map(|state| &*state.id).collect();
        reader.unknown_name("unknown-state", key, &name, &known);
    }
    found
}

/// The indexes of several states by their names.
pub(super) fn state_indexes(
    reader: &TableReader<'_>,
    key: &'static str,
    states: &[State],
) -> Vec<usize> {
    let known: Vec<&str> = states.iter().map(|state| &*state.id).collect();
    reader
        .strings(key)
        .iter()
        .filter_map(|name| {
            let found = states.iter().position(|state| *state.id == *name.value);
            if found.is_none() {
                reader.unknown_name("unknown-state", key, name, &known);
            }
            found
        })
        .collect()
}

/// Reads `[[transitions]]`.
pub(super) fn read_transitions(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
    states: &[State],
) -> Vec<Transition> {
    let mut transitions = Vec::new();
    for table in reader.tables("transitions") {
        let from = state_indexes(&table, "from", states);
        let to = state_index(&table, "to", states);
        let label = table.required_text("label");
        let by = scope.optional(&table, "by");
        let clause = table.string("clause").map(|clause| clause.value.into());
        table.get("note");
        table.finish();
        if let Some(to) = to {
            transitions.push(Transition {
                from,
                to,
                label,
                by,
                clause,
            });
        }
    }
    transitions
}
