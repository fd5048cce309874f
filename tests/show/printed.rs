//! Forms from the command line: every label of their definition is on paper.
#![cfg(feature = "pdf")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use toml::de::{DeTable, DeValue};

use super::demonstration::{Demonstration, project};

/// A kind's definition as it stands in its file.
struct Definition(DeTable<'static>);

fn get<'v>(value: &'v DeValue<'static>, path: &[&str]) -> Option<&'v DeValue<'static>> {
    path.iter().try_fold(value, |value, key| {
        Some(value.as_table()?.get(*key)?.get_ref())
    })
}

fn items<'v>(value: Option<&'v DeValue<'static>>) -> Vec<&'v DeValue<'static>> {
    let list = value.and_then(|value| value.as_array());
    list.map_or_else(Vec::new, |list| {
        list.iter().map(|item| item.get_ref()).collect()
    })
}

fn string(value: &DeValue<'static>) -> String {
    value.as_str().unwrap().to_owned()
}

/// The Chinese of a label.
fn words(value: Option<&DeValue<'static>>) -> Option<String> {
    Some(string(get(value?, &["zh"])?))
}

impl Definition {
    fn of(kind: &str) -> Self {
        let path = project()
            .join("templates/kinds")
            .join(kind)
            .join("kind.toml");
        let text: &'static str = fs::read_to_string(path).unwrap().leak();
        Definition(DeTable::parse(text).unwrap().into_inner())
    }

    fn root(&self) -> DeValue<'static> {
        DeValue::Table(self.0.clone())
    }
}

/// The label that a field has by itself; none for parts of the envelope.
fn label_of(root: &DeValue<'static>, path: &str) -> Option<String> {
    let mut parts = path.split('.');
    let (section, field) = (parts.next()?, parts.next()?);
    let field = get(root, &["sections", section, "fields", field])?;
    match parts.next() {
        None => words(get(field, &["label"])),
        Some(column) => words(get(field, &["columns", column, "label"])),
    }
}

/// Every form of the kind with the labels that have to stand on it. Parts
/// that stand there only under a condition are on blank paper alone.
fn forms(kind: &str, blank: bool) -> Vec<(String, BTreeSet<String>)> {
    let root = Definition::of(kind).root();
    let mut forms = Vec::new();
    for form in items(get(&root, &["forms"])) {
        let id = string(get(form, &["id"]).unwrap());
        let mut labels = BTreeSet::from([words(get(form, &["name"])).unwrap()]);
        for item in items(get(form, &["layout"])) {
            // a blank form and a company that says nothing have the plain style
            let official = get(item, &["paper"]).is_some_and(|paper| string(paper) == "official");
            if official || get(item, &["when"]).is_some() && !blank {
                continue;
            }
            for key in ["heading", "label", "text"] {
                labels.extend(words(get(item, &[key])));
            }
            let own = |path: &str| words(get(item, &["labels", path]));
            let boxed = get(item, &["box"]).into_iter();
            for path in items(get(item, &["row"])).into_iter().chain(boxed) {
                let path = string(path);
                labels.extend(own(&path).or_else(|| label_of(&root, &path)));
            }
            if let Some(table) = get(item, &["table"]) {
                let table = string(table);
                for column in items(get(item, &["columns"])) {
                    let column = string(column);
                    let label = label_of(&root, &format!("{table}.{column}"));
                    labels.extend(own(&column).or(label));
                }
            }
        }
        forms.push((id, labels));
    }
    assert!(forms.len() > 2);
    forms
}

/// The text of a PDF without blanks, which are layout.
fn text_of(pdf: &Path) -> String {
    let output = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8"])
        .arg(pdf)
        .arg("-")
        .output()
        .expect("pdftotext, which tests/setup installs");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .collect()
}

fn assert_labels(pdf: &Path, labels: &BTreeSet<String>) {
    let text = text_of(pdf);
    let missing: Vec<&String> = labels
        .iter()
        .filter(|label| {
            let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
            !text.contains(&label)
        })
        .collect();
    assert!(missing.is_empty(), "{}: {missing:?}\n{text}", pdf.display());
}

#[test]
fn a_filled_form_has_every_label_and_what_the_record_says() {
    let repository = Demonstration::new();
    let output = repository.exits(0, &["print", "XT-2026-0012", "--form", "request"]);
    let listed = String::from_utf8(output.stdout).unwrap();
    let pdf = repository.path(listed.trim_end());
    let forms = forms("collaboration", false);
    let (_, labels) = forms.iter().find(|(id, _)| id == "request").unwrap();
    assert!(labels.len() > 10);
    assert_labels(&pdf, labels);
    let text = text_of(&pdf);
    for value in [
        "XT-2026-0012",
        "研发部",
        "☑紧急",
        "同意发起",
        "单机物料成本不高于412元",
    ] {
        assert!(text.contains(value), "{value}\n{text}");
    }
}

#[test]
fn blank_forms_have_every_label() {
    let repository = Demonstration::new();
    for kind in ["collaboration", "meeting", "notice"] {
        repository.exits(0, &["print", "--blank", kind]);
        for (form, labels) in forms(kind, true) {
            let pdf = repository.path(&format!("forms/{kind}-{form}-blank.pdf"));
            assert_labels(&pdf, &labels);
        }
    }
}
