//! What holds for any three versions of a record.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::content::{Content, content};
use crate::matter::{Edit, Layout, Matter, edits, layouts, matters};
use crate::merged;

/// Three versions of a record, as text.
fn versions(base: &Matter, ours: &[Edit], theirs: &[Edit], layouts: &[Layout; 3]) -> [String; 3] {
    [
        base.written(&layouts[0]),
        base.edited(ours).written(&layouts[1]),
        base.edited(theirs).written(&layouts[2]),
    ]
}

/// One way of writing all three, or a way of its own for each.
fn ways() -> impl Strategy<Value = [Layout; 3]> {
    prop_oneof![
        layouts().prop_map(|layout| [layout; 3]),
        [layouts(), layouts(), layouts()],
    ]
}

/// The file with one side of every conflict.
fn chosen(text: &str, ours: bool) -> String {
    let mut side = None;
    let mut out = String::new();
    for line in text.lines() {
        match line.split(' ').next() {
            Some("<<<<<<<") => side = Some(true),
            Some("=======") => side = Some(false),
            Some(">>>>>>>") => side = None,
            _ if side.is_none_or(|side| side == ours) => {
                out.push_str(line);
                out.push('\n');
            }
            _ => {}
        }
    }
    out
}

/// The tables of a matter with the column that tells rows apart, if any does.
const TABLES: &[(&[&str], Option<&str>)] = &[
    (&["related"], None),
    (&["request", "copied_to"], None),
    (&["request", "partners"], Some("department")),
    (&["request", "resources"], None),
    (&["actions"], Some("id")),
    (&["progress"], None),
    (&["deliverables"], None),
    (&["unknown"], Some("id")),
];

/// How often each row stands in a table: by its name, or by what it says.
fn rows(text: &Content, path: &[&str], name: Option<&str>) -> BTreeMap<Content, usize> {
    let mut all = BTreeMap::new();
    for row in text.rows(path) {
        let row = name.map_or(Some(row), |name| row.at(&[name]));
        *all.entry(row.unwrap().clone()).or_default() += 1;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_makes_no_difference_which_side_is_ours(
        base in matters(), ours in edits(), theirs in edits(), ways in ways()
    ) {
        let [base, ours, theirs] = versions(&base, &ours, &theirs, &ways);
        let one = merged(&base, &ours, &theirs).expect("readable versions");
        let other = merged(&base, &theirs, &ours).expect("readable versions");
        prop_assert_eq!(one.conflicts.len(), other.conflicts.len());
        if one.conflicts.is_empty() {
            prop_assert_eq!(content(&one.text), content(&other.text));
        } else {
            // also of what conflicts, one side is the other's other side
            prop_assert_eq!(content(&chosen(&one.text, true)), content(&chosen(&other.text, false)));
        }
    }

    #[test]
    fn either_side_of_a_conflict_is_toml_and_nothing_else_is_lost(
        base in matters(), ours in edits(), theirs in edits(), ways in ways()
    ) {
        let [base, ours, theirs] = versions(&base, &ours, &theirs, &ways);
        let outcome = merged(&base, &ours, &theirs).expect("readable versions");
        let marked = outcome.text.lines().any(|line| line.starts_with("<<<<<<<"));
        prop_assert_eq!(marked, !outcome.conflicts.is_empty());
        content(&chosen(&outcome.text, true));
        content(&chosen(&outcome.text, false));
    }

    #[test]
    fn no_row_is_lost_and_none_comes_back(
        base in matters(), ours in edits(), theirs in edits(), ways in ways()
    ) {
        let [base, ours, theirs] = versions(&base, &ours, &theirs, &ways);
        let outcome = merged(&base, &ours, &theirs).expect("readable versions");
        prop_assume!(outcome.conflicts.is_empty());
        let result = content(&outcome.text);
        let [base, ours, theirs] = [base, ours, theirs].map(|text| content(&text));
        for (path, name) in TABLES {
            let count = |text: &Content| rows(text, path, *name);
            let (base, ours, theirs) = (count(&base), count(&ours), count(&theirs));
            let result = count(&result);
            for row in ours.keys().chain(theirs.keys()).chain(base.keys()) {
                let of = |all: &BTreeMap<Content, usize>| all.get(row).copied().unwrap_or(0);
                let (base, ours, theirs, result) = (of(&base), of(&ours), of(&theirs), of(&result));
                if name.is_some() {
                    let stays = if base == ours { theirs } else { ours };
                    prop_assert_eq!(result, stays, "{:?} {:?}", path, row);
                } else {
                    // what both have and what one has added is there
                    prop_assert!(result >= ours.min(theirs).min(base), "{:?} {:?}", path, row);
                    if base == 0 {
                        prop_assert_eq!(result, ours.max(theirs), "{:?} {:?}", path, row);
                    }
                    prop_assert!(result <= ours + theirs, "{:?} {:?}", path, row);
                }
            }
        }
    }

    #[test]
    fn a_remark_stays_with_what_it_is_about(
        base in matters(), ours in edits(), theirs in edits(), ways in ways()
    ) {
        let [base, ours, theirs] = versions(&base, &ours, &theirs, &ways);
        let outcome = merged(&base, &ours, &theirs).expect("readable versions");
        for line in outcome.text.lines() {
            if let Some((row, about)) = line.split_once(" # 关于 ") {
                prop_assert!(row.contains(about), "{}\n{}", line, outcome.text);
            }
        }
    }

    #[test]
    fn where_one_side_has_done_nothing_the_other_is_the_result(
        base in matters(), edits in edits(), ways in ways()
    ) {
        let [base, one, other] = versions(&base, &edits, &edits, &ways);
        for (ours, theirs, result) in [
            (&base, &one, &one), (&one, &base, &one), (&one, &one, &one), (&base, &base, &base),
        ] {
            let outcome = merged(&base, ours, theirs).expect("readable versions");
            prop_assert_eq!(&outcome.conflicts, &[]);
            prop_assert_eq!(&outcome.text, result);
        }
        // the same change, written in two ways
        let outcome = merged(&base, &one, &other).expect("readable versions");
        prop_assert_eq!(&outcome.conflicts, &[]);
        let [result, one] = [&outcome.text, &one].map(|text| content(text).without_empty());
        prop_assert_eq!(result, one);
    }

    #[test]
    fn to_merge_again_changes_nothing(
        base in matters(), ours in edits(), theirs in edits(), ways in ways()
    ) {
        let [base, ours, theirs] = versions(&base, &ours, &theirs, &ways);
        let outcome = merged(&base, &ours, &theirs).expect("readable versions");
        prop_assume!(outcome.conflicts.is_empty());
        let result = outcome.text;
        // from the side that has been merged, nothing is left to do
        for side in [&ours, &theirs] {
            let again = merged(side, &result, side).expect("readable versions");
            prop_assert_eq!(&again.text, &result);
            prop_assert_eq!(&again.conflicts, &[]);
        }
    }
}
