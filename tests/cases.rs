//! Every case of `tests/cases`: a small repository laid over `base/`, and what
//! `check` says of it, word for word.
//!
//! `tests/cases/<rule>/breaks` shows the rule, `tests/cases/<rule>/passes` is
//! just right and stays silent; further folders show further sides. After a
//! change that is meant: `UPDATE_CASES=1 cargo test --test cases`, then read
//! every difference before it is kept.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use taizhang::check::{RULES, Run, check};
use taizhang::definition::Templates;
use taizhang::finding::{Argument, Finding, Wording};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::{Language, Text, fill};

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

/// Copies a tree, links as links.
fn lay_over(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).min_depth(1) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else if entry.file_type().is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), &target).unwrap();
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
fn render(register: &Register, findings: &[Finding], seen: &mut Seen) -> String {
    let mut out = String::new();
    for finding in findings {
        let file = register.sources.file(finding.place.file);
        let at = file.position(finding.place.span.start);
        let words = file.slice(finding.place.span).replace('\n', "⏎");
        let words: String = match words.chars().count() {
            0..=40 => words,
            _ => words.chars().take(40).chain(['…']).collect(),
        };
        let clause = match &finding.clause {
            Some(clause) => format!("[{clause}]"),
            None => String::new(),
        };
        let (text, help) = texts(register, finding);
        let said = |text: &Text| {
            fill(text.get(Language::Chinese), |name| {
                let (_, value) = finding.arguments.iter().find(|(key, _)| key == name)?;
                Some(match value {
                    Argument::Plain(value) => value.clone().into(),
                    Argument::Labelled(text) => text.get(Language::Chinese).to_owned().into(),
                })
            })
        };
        seen.take(finding, &text, help.as_ref());
        out.push_str(&format!(
            "{}:{}:{} «{words}» {} {}{clause} {}\n",
            file.path,
            at.line,
            at.column,
            finding.level.name(),
            finding.rule,
            said(&text),
        ));
        if let Some(help) = &help {
            out.push_str(&format!("    = {}\n", said(help)));
        }
        if let Some(fix) = &finding.fix {
            let safe = if fix.safe { "safe" } else { "to be looked at" };
            let old = file.slice(fix.span).replace('\n', "⏎");
            out.push_str(&format!("    ~ {safe}: {old} → {}\n", fix.replacement));
        }
        for place in &finding.related {
            let file = register.sources.file(place.file);
            let at = file.position(place.span.start);
            out.push_str(&format!("    @ {}:{}:{}\n", file.path, at.line, at.column));
        }
    }
    out
}

/// The message and the help of a finding, with their placeholders.
fn texts(register: &Register, finding: &Finding) -> (Text, Option<Text>) {
    match &finding.wording {
        Wording::Own { message, help } => (message.clone(), help.clone()),
        Wording::Named(name) => {
            let rule = register.rules.get(&*finding.rule);
            match rule.and_then(|rule| rule.messages.get(*name)) {
                Some(message) => (message.text.clone(), message.help.clone()),
                None => (
                    Text::same(format!(
                        "?? no message {name} in rules/{}.toml",
                        finding.rule
                    )),
                    None,
                ),
            }
        }
    }
}

/// What the cases have shown, and what of it does not fit together.
#[derive(Default)]
struct Seen {
    /// Rules with a finding.
    rules: BTreeSet<String>,
    /// Placeholders of messages that the finding has no value for.
    unfilled: BTreeSet<String>,
}

impl Seen {
    fn take(&mut self, finding: &Finding, text: &Text, help: Option<&Text>) {
        self.rules.insert(finding.rule.to_string());
        for text in std::iter::once(text).chain(help) {
            for language in [Language::Chinese, Language::English] {
                fill(text.get(language), |name| {
                    if !finding.arguments.iter().any(|(key, _)| key == name) {
                        let message = format!("{}: {:?} {{{name}}}", finding.rule, finding.wording);
                        self.unfilled.insert(message);
                    }
                    None
                });
            }
        }
    }
}

#[test]
fn check_says_of_every_case_what_is_expected() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut seen = Seen::default();
    let mut wrong = String::new();
    for (rule, case) in cases() {
        let repository = tempfile::tempdir().unwrap();
        lay_over(&folder().join("base"), repository.path());
        lay_over(&case, repository.path());
        let (register, findings) = findings(repository.path());
        let said = render(&register, &findings, &mut seen);
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
    for message in &seen.unfilled {
        wrong.push_str(&format!("a placeholder without a value: {message}\n"));
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
    for rule in RULES {
        let cases = have.remove(rule.id).unwrap_or_default();
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
