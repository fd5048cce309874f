//! Every clause of the handbooks has something that carries it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};

use taizhang::display::{DateStyle, Display};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;

/// What ships: definitions without any organisation.
fn shipped() -> Register {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path(), &LoadOptions::default()).register
}

/// The numbers of the handbooks, as they count them: what is asked of them
/// must not get lost by deleting a line of the list.
fn numbers() -> Vec<String> {
    let steps = [
        (1, 6),
        (2, 6),
        (3, 5),
        (4, 4),
        (5, 4),
        (6, 4),
        (7, 3),
        (8, 4),
        (9, 5),
        (10, 8),
    ];
    let mut all: Vec<String> = Vec::new();
    for (process, steps) in steps {
        all.push(format!("P{process}"));
        all.extend((1..=steps).map(|step| format!("P{process}.{step}")));
    }
    all.extend((1..=32).map(|number| format!("T{number:02}")));
    all.extend((1..=25).map(|number| format!("B{number:02}")));
    for (letter, last) in [
        ("F", 8),
        ("W", 10),
        ("N", 5),
        ("A", 10),
        ("K", 7),
        ("D", 3),
        ("TR", 4),
        ("R", 2),
        ("TZ-D", 15),
    ] {
        all.extend((1..=last).map(|number| format!("{letter}{number}")));
    }
    all
}

#[test]
fn the_list_has_every_clause_once() {
    let register = shipped();
    let listed: Vec<String> = register
        .clauses
        .iter()
        .map(|clause| clause.id.to_string())
        .collect();
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len());
    let numbers = numbers();
    assert_eq!(unique, numbers.iter().collect());
    for clause in &register.clauses {
        for language in [Language::Chinese, Language::English] {
            assert!(!clause.asks.get(language).is_empty(), "{}", clause.id);
        }
    }
}

#[test]
fn every_clause_is_carried() {
    let register = shipped();
    let carried: BTreeSet<&str> = register
        .carriers
        .iter()
        .map(|carrier| &*carrier.clause)
        .collect();
    let missing: Vec<String> = register
        .clauses
        .iter()
        .filter(|clause| clause.carrier.is_none() && !carried.contains(&*clause.id))
        .map(|clause| format!("{} {}", clause.id, clause.asks.get(Language::Chinese)))
        .collect();
    assert!(missing.is_empty(), "carried by nothing: {missing:#?}");
}

#[test]
fn every_form_of_a_handbook_is_printed() {
    let register = shipped();
    let forms: BTreeMap<&str, usize> = register
        .carriers
        .iter()
        .filter(|carrier| matches!(carrier.what.name(), "form" | "gathered"))
        .fold(BTreeMap::new(), |mut count, carrier| {
            *count.entry(&*carrier.clause).or_default() += 1;
            count
        });
    let missing: Vec<String> = numbers()
        .into_iter()
        .filter(|id| id.starts_with('F') || id.starts_with('B'))
        .filter(|id| !forms.contains_key(id.as_str()))
        .collect();
    assert!(missing.is_empty(), "printed by nothing: {missing:?}");
}

#[test]
fn every_time_limit_is_counted() {
    let register = shipped();
    // T05 gives no number, T08 is retention, T24 is a rule about new dates
    let without_length = ["T05", "T08", "T24"];
    let lengths: BTreeSet<&str> = register
        .carriers
        .iter()
        .filter(|carrier| {
            matches!(
                carrier.what.name(),
                "length" | "reminder" | "escalation" | "limit"
            )
        })
        .map(|carrier| &*carrier.clause)
        .collect();
    let missing: Vec<String> = (1..=32)
        .map(|number| format!("T{number:02}"))
        .filter(|id| !without_length.contains(&id.as_str()) && !lengths.contains(id.as_str()))
        .collect();
    assert!(missing.is_empty(), "no profile counts: {missing:?}");
}

#[test]
fn what_carries_a_clause_is_told_in_words() {
    let register = shipped();
    for language in [Language::Chinese, Language::English] {
        let display = Display::new(&register, language, DateStyle::Table);
        for clause in &register.clauses {
            for line in display.carried(clause) {
                let text = line.text(&display);
                assert!(
                    !line.label.starts_with("carriers."),
                    "{}: {}",
                    clause.id,
                    line.label
                );
                // a word that is not there is shown by its name
                assert!(!text.contains("carriers."), "{}: {text}", clause.id);
                assert!(!text.trim().is_empty(), "{}: {}", clause.id, line.label);
            }
        }
    }
}
