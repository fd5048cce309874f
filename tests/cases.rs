//! Every case of `tests/cases`: a small repository laid over `base/`, and what
//! `check` says of it, word for word.
//!
//! `tests/cases/<rule>/breaks` shows the rule, `tests/cases/<rule>/passes` is
//! just right and stays silent; further folders show further sides. A file
//! `without.txt` names files of `base/` that the case does without, `links.txt`
//! links to make. After a
//! change that is meant: `UPDATE_CASES=1 cargo test --test cases`, then read
//! every difference before it is kept.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use taizhang::check::{RULES, Run, check};
use taizhang::definition::Templates;
use taizhang::finding::{Finding, Wording};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::report::{Location, Reporter};
use taizhang::source::Position;
use taizhang::text::{Language, Text, fill};

/// Rules that no repository can show to `check` by itself, and where they are tested.
const ELSEWHERE: &[(&str, &str)] = &[
    ("appended-only", "tests/changes.rs"),
    ("closed-record", "tests/changes.rs"),
    ("due-moved", "tests/promises_and_rights.rs"),
    ("font-missing", "tests/print.rs"),
    ("kind-rule", "tests/kind_rules.rs"),
    ("missing-glyph", "tests/print.rs"),
    ("number-reused", "tests/changes.rs"),
    ("number-taken", "tests/changes.rs"),
    ("signature-level", "tests/forging.rs"),
    ("signed-section", "tests/forging.rs"),
    ("state-transition", "tests/changes.rs"),
    ("template-failed", "tests/own_look.rs"),
    ("typesetting-failed", "tests/print.rs"),
    ("uncounted-limit", "tests/outlook.rs"),
    ("who-may-change", "tests/promises_and_rights.rs"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// All cases: the rule's name and the case's folder.
fn cases() -> Vec<(String, PathBuf)> {
    let mut all = Vec::new();
    for rule in subfolders(&folder()) {
        let name = rule.file_name().unwrap().to_string_lossy().into_owned();
        if name != "base" {
            all.extend(
                subfolders(&rule)
                    .into_iter()
                    .map(|case| (name.clone(), case)),
            );
        }
    }
    all
}

fn subfolders(of: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(of)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

/// Copies a tree. `without.txt` removes files of the base, `links.txt` makes
/// links (a tool that walks the project would stumble over real ones).
fn lay_over(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).min_depth(1) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else if entry.file_name() == "without.txt" {
            for path in fs::read_to_string(entry.path()).unwrap().lines() {
                fs::remove_file(to.join(path)).unwrap();
            }
        } else if entry.file_name() == "links.txt" {
            #[cfg(unix)]
            for line in fs::read_to_string(entry.path()).unwrap().lines() {
                let (link, target) = line.split_once(" -> ").unwrap();
                std::os::unix::fs::symlink(target, to.join(link)).unwrap();
            }
        } else if entry.file_name() != "expected.txt" {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Everything that is said of the repository in `root`.
fn findings(root: &Path) -> (Register, Vec<Finding>) {
    let loaded = load(root, &LoadOptions::default());
    let mut findings = loaded.findings;
    findings.extend(check(&loaded.register));
    // what ships with the binary has its own test
    let ours = |finding: &Finding| {
        let path = &loaded.register.sources.file(finding.place.file).path;
        !path.starts_with("built-in:")
    };
    findings.retain(ours);
    taizhang::finding::sort(&mut findings);
    (loaded.register, findings)
}

/// `path:line:column «words» level rule[clause] message`, then its help, its
/// fix and the other places, each in a line of its own.
fn render(register: &Register, findings: &[Finding]) -> String {
    let reporter = Reporter::new(register, Language::Chinese);
    let mut out = String::new();
    for finding in findings {
        let file = register.sources.file(finding.place.file);
        let one_line = |span| file.slice(span).replace("\r\n", "⏎").replace('\n', "⏎");
        let words = one_line(finding.place.span);
        let words: String = match words.chars().count() {
            0..=40 => words,
            _ => words.chars().take(40).chain(['…']).collect(),
        };
        let said = reporter.render(finding);
        let at = |location: &Location<'_>| {
            let Position { line, column } = location.start;
            format!("{}:{line}:{column}", location.path)
        };
        let clause = said.clause.map(|clause| format!("[{clause}]"));
        out.push_str(&format!(
            "{} «{words}» {} {}{} {}\n",
            at(&said.location),
            said.level.name(),
            said.rule,
            clause.unwrap_or_default(),
            said.message,
        ));
        if let Some(help) = &said.help {
            out.push_str(&format!("    = {help}\n"));
        }
        if let Some(fix) = &finding.fix {
            let safe = if fix.safe { "safe" } else { "to be looked at" };
            let old = one_line(fix.span);
            out.push_str(&format!("    ~ {safe}: {old} → {}\n", fix.replacement));
        }
        for location in &said.related {
            out.push_str(&format!("    @ {}\n", at(location)));
        }
    }
    out
}

/// The placeholders of a finding's words, in both languages, that it has no value for.
fn unfilled(register: &Register, finding: &Finding) -> Vec<String> {
    let texts: Vec<&Text> = match &finding.wording {
        Wording::Own { message, help } => std::iter::once(message).chain(help).collect(),
        Wording::Named(name) => {
            let rule = register.rules.get(&*finding.rule);
            match rule.and_then(|rule| rule.messages.get(*name)) {
                Some(message) => std::iter::once(&message.text)
                    .chain(&message.help)
                    .collect(),
                None => return vec![format!("{} has no message {name}", finding.rule)],
            }
        }
    };
    let mut wrong = Vec::new();
    for text in texts {
        for language in [Language::Chinese, Language::English] {
            fill(text.get(language), |name| {
                if !finding.arguments.iter().any(|(key, _)| key == name) {
                    let wording = &finding.wording;
                    wrong.push(format!("{} {wording:?} gives no {{{name}}}", finding.rule));
                }
                None
            });
        }
    }
    wrong
}

#[test]
fn check_says_of_every_case_what_is_expected() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut unworded = BTreeSet::new();
    let mut wrong = String::new();
    for (rule, case) in cases() {
        let repository = tempfile::tempdir().unwrap();
        lay_over(&folder().join("base"), repository.path());
        lay_over(&case, repository.path());
        let (register, findings) = findings(repository.path());
        let said = render(&register, &findings);
        unworded.extend(
            findings
                .iter()
                .flat_map(|finding| unfilled(&register, finding)),
        );
        let shown = case.strip_prefix(folder()).unwrap().display().to_string();
        let breaks = findings.iter().any(|finding| finding.rule == *rule);
        if shown.ends_with("/breaks") && !breaks {
            wrong.push_str(&format!("{shown}: says nothing of its rule\n"));
        }
        if shown.ends_with("/passes") && breaks {
            wrong.push_str(&format!("{shown}: breaks its rule\n"));
        }
        let path = case.join("expected.txt");
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if said != expected && update {
            fs::write(&path, &said).unwrap();
        } else if said != expected {
            wrong.push_str(&format!(
                "== {shown}\n-- expected\n{expected}-- but check says\n{said}"
            ));
        }
    }
    for message in unworded {
        wrong.push_str(&format!("{message}\n"));
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_rule_has_a_case_that_breaks_it_and_one_that_passes() {
    let mut have: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (rule, case) in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        have.entry(rule).or_default().insert(name);
    }
    let mut wrong = Vec::new();
    assert!(RULES.is_sorted_by(|a, b| a.id < b.id), "by name, each once");
    for rule in RULES {
        let cases = have.remove(rule.id).unwrap_or_default();
        if ELSEWHERE.iter().any(|(id, _)| *id == rule.id) {
            continue;
        }
        for needed in ["breaks", "passes"] {
            let needs = needed == "breaks" || !matches!(rule.run, Run::Loading);
            if needs && !cases.contains(needed) {
                wrong.push(format!("{} has no case {needed}", rule.id));
            }
        }
    }
    wrong.extend(
        have.keys()
            .filter(|name| *name != "traps")
            .map(|name| format!("cases of {name}, which is no rule of the registry")),
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_is_explained_in_both_languages() {
    let empty = tempfile::tempdir().unwrap();
    let options = LoadOptions {
        profile: None,
        templates: Some(Templates::built_in()),
    };
    let register = load(empty.path(), &options).register;
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut wrong = Vec::new();
    for rule in RULES {
        let Some(text) = register.rules.get(rule.id) else {
            wrong.push(format!("templates/rules/{}.toml is missing", rule.id));
            continue;
        };
        let own = [("title", &text.title), ("explain", &text.explain)].into_iter();
        let messages = text
            .messages
            .iter()
            .map(|(name, message)| (&**name, &message.text));
        for (what, text) in own.chain(messages) {
            let (zh, en) = (text.get(Language::Chinese), text.get(Language::English));
            if !chinese(zh) || en.is_empty() || en == zh {
                wrong.push(format!("{}: {what} lacks a language", rule.id));
            }
        }
        if text.messages.is_empty() {
            wrong.push(format!("{} has no message", rule.id));
        }
        for clause in &text.clauses {
            if !register.clauses.iter().any(|known| known.id == *clause) {
                wrong.push(format!(
                    "{} names clause {clause}, which is not listed",
                    rule.id
                ));
            }
        }
    }
    let known = |id: &str| RULES.iter().any(|rule| rule.id == id);
    for id in register.rules.keys().filter(|id| !known(id)) {
        wrong.push(format!(
            "templates/rules/{id}.toml explains no rule of the registry"
        ));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_file_too_large_is_one_finding_and_the_others_are_read() {
    let repository = tempfile::tempdir().unwrap();
    lay_over(&folder().join("base"), repository.path());
    let passes = folder().join("number-pattern/passes");
    lay_over(&passes, repository.path());
    let pasted = "# 整个邮箱贴进了一份记录\n".repeat(400_000);
    fs::write(repository.path().join("records/SX-2026-0009.toml"), pasted).unwrap();
    let (register, findings) = findings(repository.path());
    assert_eq!(register.records.len(), 1);
    assert_eq!(
        render(&register, &findings),
        "records/SX-2026-0009.toml:1:1 «» error unreadable-file \
         文件有 13.7 MB，上限是 1 MB\n    \
         = 把图片、邮件等移出去，作为附件\n"
    );
}
