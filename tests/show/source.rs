//! Definitions over code: no Rust names a kind or a field of one.

use std::collections::BTreeSet;
use std::fs;

use super::demonstration::project;

/// The part of a source file that is compiled into the program. Tests stand
/// at the end of a file, or in a file of their own.
fn compiled(text: &str) -> &str {
    text.find("#[cfg(test)]").map_or(text, |at| &text[..at])
}

fn sources() -> Vec<(String, String)> {
    walkdir::WalkDir::new(project().join("src"))
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "rs"))
        .map(|entry| {
            let path = entry.path().display().to_string();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn no_rust_names_a_kind_or_where_its_values_stand() {
    let kinds = project().join("templates/kinds");
    let mut names: BTreeSet<String> = BTreeSet::new();
    let field = regex::Regex::new(r"(?m)^fields\.([a-z_]+)").unwrap();
    let section = regex::Regex::new(r"(?m)^\[sections\.([a-z_]+)\]").unwrap();
    for entry in fs::read_dir(kinds).unwrap() {
        let folder = entry.unwrap().path();
        let kind = folder.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.join("kind.toml")).unwrap();
        let mut current = String::new();
        for line in text.lines() {
            if let Some(found) = section.captures(line) {
                current = found[1].to_owned();
            }
            if let Some(found) = field.captures(line) {
                names.insert(format!("{current}.{}", &found[1]));
            }
        }
        names.insert(kind);
    }
    assert!(names.contains("notice") && names.contains("request.due_on"));
    let sources = sources();
    assert!(sources.len() > 100);
    let mut named = Vec::new();
    for (path, text) in &sources {
        for (number, line) in compiled(text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or(line);
            // a layout of paper, which has its name from letters of that sort
            // and what a party is, which matters with it may be named after
            if code.contains("FormStyle::") || code.contains("PARTY_KINDS") {
                continue;
            }
            let mut texts = code.split('"').skip(1).step_by(2);
            if texts.any(|text| names.contains(text)) {
                named.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(named.is_empty(), "{named:#?}");
}
