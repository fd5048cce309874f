//! A matter moves only along the transitions of its kind. One change may take
//! several of them at once.

use std::collections::BTreeSet;

use super::matter::ChangedMatter;
use crate::definition::Kind;
use crate::finding::Finding;
use crate::text::{Language, Text};

pub(in crate::check) fn check(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let (Some((kind, from, to)), Some(after)) = (matter.states(), matter.after) else {
        return;
    };
    if is_way(kind, from, to) {
        return;
    }
    let place = after.place(after.record.state.span);
    let next: BTreeSet<usize> = next(kind, from).collect();
    let mut finding = Finding::error("state-transition", place)
        .with("from", &kind.states[from].label)
        .with("to", &kind.states[to].label);
    finding = match next.is_empty() {
        true => finding.message("end"),
        false => finding.with("known", listed(kind, &next)),
    };
    found.push(finding);
}

/// Whether transitions lead from a state to another, over others or not.
pub(super) fn is_way(kind: &Kind, from: usize, to: usize) -> bool {
    let mut reached = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        open.extend(next(kind, state).filter(|state| reached.insert(*state)));
    }
    reached.contains(&to)
}

fn next(kind: &Kind, from: usize) -> impl Iterator<Item = usize> {
    let transitions = kind.transitions.iter();
    transitions
        .filter(move |transition| transition.from.contains(&from))
        .map(|transition| transition.to)
}

/// The labels of some states.
pub(super) fn listed(kind: &Kind, states: &BTreeSet<usize>) -> Text {
    let joined = |language: Language, between: &str| {
        let labels: Vec<&str> = states
            .iter()
            .map(|state| kind.states[*state].label.get(language))
            .collect();
        labels.join(between)
    };
    Text::new(
        joined(Language::Chinese, "、"),
        joined(Language::English, ", "),
    )
}
