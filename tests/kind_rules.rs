//! Every rule of the shipped kinds: a record of the demonstration edited so
//! that it breaks the rule, and the edge that just passes
//! (`tests/data/kind-rules/<kind>.toml`).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use taizhang::check::check;
use taizhang::register::{LoadOptions, load};

struct Case {
    rule: String,
    record: String,
    breaks: Vec<(String, String)>,
    passes: Vec<(String, String)>,
}

fn text(value: &DeValue<'_>) -> String {
    value.as_str().unwrap().to_owned()
}

fn edits(case: &DeTable<'_>, key: &str) -> Vec<(String, String)> {
    let Some(pairs) = case.get(key) else {
        return Vec::new();
    };
    pairs
        .get_ref()
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| {
            let pair = pair.get_ref().as_array().unwrap();
            (text(pair[0].get_ref()), text(pair[1].get_ref()))
        })
        .collect()
}

fn cases() -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("tests/data/kind-rules"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().flat_map(|file| cases_of(file)).collect()
}

fn cases_of(file: &Path) -> Vec<Case> {
    let source = fs::read_to_string(file).unwrap();
    let table = DeTable::parse(&source).unwrap();
    let cases = table.get_ref().get("cases").unwrap().get_ref();
    cases
        .as_array()
        .unwrap()
        .iter()
        .map(|case| {
            let case = case.get_ref().as_table().unwrap();
            Case {
                rule: text(case.get("rule").unwrap().get_ref()),
                record: text(case.get("record").unwrap().get_ref()),
                breaks: edits(case, "breaks"),
                passes: edits(case, "passes"),
            }
        })
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn record_path(record: &str) -> PathBuf {
    let year = record.split('-').nth(1).unwrap();
    Path::new("records")
        .join(year)
        .join(format!("{record}.toml"))
}

/// A copy of the demonstration that can be edited.
fn copy_of_the_demonstration() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(
        root().join("taizhang.toml"),
        copy.path().join("taizhang.toml"),
    )
    .unwrap();
    for folder in fs::read_dir(root().join("records")).unwrap() {
        let folder = folder.unwrap().path();
        let to = copy.path().join(folder.strip_prefix(root()).unwrap());
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    copy
}

/// What `check` finds: the file and the rule.
fn findings(repository: &Path) -> BTreeSet<(PathBuf, String)> {
    let loaded = load(repository, &LoadOptions::default());
    let mut findings = loaded.findings;
    findings.extend(check(&loaded.register));
    findings
        .iter()
        .map(|finding| {
            let file = &loaded.register.sources.file(finding.place.file).path;
            (PathBuf::from(file), finding.rule.to_string())
        })
        .collect()
}

/// What is found when each of these cases edits its record. One case a record
/// at a time: a load costs more than an edit.
fn found(
    repository: &Path,
    round: &[Case],
    edits: impl Fn(&Case) -> &[(String, String)],
) -> Vec<bool> {
    let mut originals = Vec::new();
    for case in round {
        let path = repository.join(record_path(&case.record));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, edited(&text, edits(case), case)).unwrap();
        originals.push((path, text));
    }
    let findings = findings(repository);
    for (path, text) in originals {
        fs::write(path, text).unwrap();
    }
    round
        .iter()
        .map(|case| findings.contains(&(record_path(&case.record), case.rule.clone())))
        .collect()
}

/// The cases in rounds in which no record comes twice.
fn rounds() -> Vec<Vec<Case>> {
    let mut rounds: Vec<Vec<Case>> = Vec::new();
    for case in cases() {
        let free = |round: &&mut Vec<Case>| round.iter().all(|other| other.record != case.record);
        match rounds.iter_mut().find(free) {
            Some(round) => round.push(case),
            None => rounds.push(vec![case]),
        }
    }
    rounds
}

fn edited(text: &str, edits: &[(String, String)], case: &Case) -> String {
    edits.iter().fold(text.to_owned(), |text, (find, replace)| {
        assert!(
            text.contains(find),
            "{}: {} no longer contains {find:?}",
            case.rule,
            case.record
        );
        text.replacen(find, replace, 1)
    })
}

#[test]
fn every_rule_of_the_kinds_has_a_case() {
    let loaded = load(root(), &LoadOptions::default());
    let rules: BTreeSet<String> = loaded
        .register
        .kinds
        .iter()
        .flat_map(|kind| kind.rules.iter().map(|rule| rule.id.to_string()))
        .collect();
    let covered: BTreeSet<String> = cases().into_iter().map(|case| case.rule).collect();
    assert_eq!(rules, covered);
}

#[test]
fn a_broken_record_is_found_and_one_that_just_passes_is_not() {
    let repository = copy_of_the_demonstration();
    let mut wrong = Vec::new();
    for round in rounds() {
        let broken = found(repository.path(), &round, |case| &case.breaks);
        let passing = found(repository.path(), &round, |case| &case.passes);
        for (case, (broken, passing)) in round.iter().zip(broken.into_iter().zip(passing)) {
            if !broken {
                wrong.push(format!("{} does not find its broken record", case.rule));
            }
            if passing {
                wrong.push(format!("{} finds a record that just passes", case.rule));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
