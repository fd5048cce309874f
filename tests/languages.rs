//! One site in two languages: the same pages at the same addresses, each with
//! the way to the other, and no label of the one among those of the other.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use toml::de::{DeTable, DeValue};

/// The demonstration, whose settings say both languages.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn build(root: &Path, out: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["--root", root.to_str().unwrap()])
        .args(arguments)
        .args(["build", "--forms", "html", "--out", out.to_str().unwrap()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    said
}

/// Every file below a folder that a reader may open, by its path there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let path = path.to_str().unwrap().replace('\\', "/");
            (path, fs::read(entry.path()).unwrap())
        })
        .filter(|(path, _)| !path.starts_with(".taizhang/"))
        .collect()
}

/// Where a reference of a page leads, from the site's root; none when it
/// leaves the site.
fn target(page: &str, reference: &str) -> Option<String> {
    let place = reference.split(['#', '?']).next()?;
    if place.is_empty() || place.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in place.split('/') {
        match part {
            ".." => {
                parts.pop().expect("a reference stays in the site");
            }
            "." => {}
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    Some(
        percent_encoding::percent_decode_str(&path)
            .decode_utf8_lossy()
            .into_owned(),
    )
}

#[test]
fn every_page_has_the_same_in_the_other_language() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    build(repository(), &out, &[]);
    let files = files(&out);
    let pages = |in_english: bool| -> BTreeSet<&str> {
        let pages = files.keys().filter(|path| path.ends_with(".html"));
        pages
            // papers are in the first language, and linked from both
            .filter(|path| !path.starts_with("forms/"))
            .filter(|path| path.starts_with("en/") == in_english)
            .map(|path| path.strip_prefix("en/").unwrap_or(path))
            .collect()
    };
    assert_eq!(pages(false), pages(true));
    assert!(pages(true).len() > 300);
    let references = Regex::new(r#" (?:href|src|data-src|data-record)="([^"]*)""#).unwrap();
    let switch = Regex::new(
        r#"<a class="language" href="([^"]*)" hreflang="([^"]*)" lang="([^"]*)">([^<]*)</a>"#,
    )
    .unwrap();
    let alternate =
        Regex::new(r#"<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">"#).unwrap();
    for (path, bytes) in &files {
        if !path.ends_with(".html") || path.starts_with("forms/") {
            continue;
        }
        let page = std::str::from_utf8(bytes).unwrap();
        let (own, other, twin) = match path.strip_prefix("en/") {
            Some(path) => ("en", ("zh-CN", "中文"), path.to_owned()),
            None => ("zh-CN", ("en", "English"), format!("en/{path}")),
        };
        assert!(page.contains(&format!("<html lang=\"{own}\">")), "{path}");
        let found = switch
            .captures(page)
            .unwrap_or_else(|| panic!("{path} has no switch"));
        assert_eq!(
            (&found[2], &found[3], &found[4]),
            (other.0, other.0, other.1)
        );
        assert_eq!(target(path, &found[1]).as_deref(), Some(&*twin), "{path}");
        let found = alternate.captures(page).unwrap();
        assert_eq!(&found[1], other.0);
        assert_eq!(target(path, &found[2]).as_deref(), Some(&*twin), "{path}");
        for reference in references.captures_iter(page) {
            let Some(place) = target(path, &reference[1]) else {
                continue;
            };
            let known = files.contains_key(&place) || place.ends_with("fill/record-");
            assert!(known, "{path}: {} leads nowhere", &reference[1]);
        }
    }
    // what says nothing in a language stands once
    for folder in ["assets/", "forms/", "fill/record-"] {
        assert!(
            files.keys().any(|path| path.starts_with(folder)),
            "{folder}"
        );
        let twice = format!("en/{folder}");
        assert!(
            !files.keys().any(|path| path.starts_with(&twice)),
            "{twice}"
        );
    }

    // again, nothing is written; in one language, the other goes
    let before = files;
    let said = build(repository(), &out, &["--lang", "en"]);
    let alone = self::files(&out);
    assert!(!alone.keys().any(|path| path.starts_with("en/")), "{said}");
    assert!(alone.contains_key("index.html"));
    let page = String::from_utf8_lossy(&alone["index.html"]);
    assert!(page.contains("<html lang=\"en\">") && !page.contains("hreflang"));
    let again = folder.path().join("again");
    build(repository(), &again, &["--lang", "zh,en"]);
    assert!(
        self::files(&again) == before,
        "the same input gives the same bytes"
    );
}

/// All Chinese texts of a definition that have an English one beside them.
fn labels(value: &DeValue<'_>, into: &mut BTreeSet<String>) {
    match value {
        DeValue::Table(table) => {
            let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
            if let (Some(zh), Some(en)) = (text("zh"), text("en"))
                && zh != en
            {
                into.insert(zh.trim().to_owned());
            }
            table
                .values()
                .for_each(|value| labels(value.get_ref(), into));
        }
        DeValue::Array(items) => items.iter().for_each(|item| labels(item.get_ref(), into)),
        _ => {}
    }
}

/// All texts of a file.
fn texts(value: &DeValue<'_>, into: &mut BTreeSet<String>) {
    match value {
        DeValue::Table(table) => table
            .values()
            .for_each(|value| texts(value.get_ref(), into)),
        DeValue::Array(items) => items.iter().for_each(|item| texts(item.get_ref(), into)),
        DeValue::String(text) => {
            into.insert(text.trim().to_owned());
        }
        _ => {}
    }
}

fn parsed(path: &Path, then: impl FnOnce(&DeValue<'_>)) {
    let text = read(path);
    let table = DeTable::parse(&text).unwrap().into_inner();
    then(&DeValue::Table(table));
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// The files below a folder of the repository.
fn below(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(repository().join(folder)).into_iter();
    entries
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|end| end == extension))
        .collect()
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

#[test]
fn on_english_pages_what_is_chinese_was_written_by_people() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    build(repository(), &out, &["--lang", "en"]);

    // what people wrote, and what has no English: blanks do not count
    let bare = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
    };
    let mut written = bare(&read(&repository().join("taizhang.toml")));
    for path in below("records", "toml")
        .into_iter()
        .chain(below("site/pages", "md"))
    {
        written.push_str(&bare(&read(&path)));
    }
    // a value that a rule asks for by these words
    written.push_str("承诺完成日期");

    // what has an English text, and stands by itself only where a record says it
    let mut known = BTreeSet::new();
    let shown = below("templates", "toml").into_iter();
    let begun = repository().join("templates/init");
    for path in shown.filter(|path| !path.starts_with(&begun)) {
        parsed(&path, |value| {
            labels(value, &mut known);
            if path.ends_with("words/zh.toml") {
                texts(value, &mut known);
            }
        });
    }
    known.retain(|text| text.chars().any(is_han));
    assert!(known.len() > 3_000);
    let mut of_people = BTreeSet::new();
    for path in below("records", "toml") {
        if !path.starts_with(repository().join("records/organisation")) {
            parsed(&path, |value| texts(value, &mut of_people));
        }
    }

    let text =
        Regex::new(r#">([^<>]+)<|(?: title| aria-label| placeholder| alt|data-[a-z-]+)="([^"]*)""#)
            .unwrap();
    // of a change the label counts: what was changed is a piece of what people wrote once
    let changed = Regex::new("<li><b>([^<]*)</b> .*?</li>").unwrap();
    let marked = Regex::new(r#"<(?:\w+)[^<>]* lang="zh-CN"[^<>]*>[^<]*<"#).unwrap();
    let untold = Regex::new("<(\\w+)[^<>]*>([^<>]*)<").unwrap();
    let mark = Regex::new("</?bdi[^>]*>").unwrap();
    let mut wrong = BTreeSet::new();
    let mut runs: BTreeMap<String, String> = BTreeMap::new();
    let mut looked_at = 0;
    for (path, bytes) in files(&out) {
        // handbook pages are written by people; papers are tested for themselves
        if !path.ends_with(".html") || path.starts_with("forms/") || path.starts_with("pages/") {
            continue;
        }
        looked_at += 1;
        let page = String::from_utf8(bytes).unwrap();
        // what is Chinese says so, where it may
        let rest = marked.replace_all(&page, "<");
        for found in untold.captures_iter(&rest) {
            if found[2].contains(is_han) && !["title", "text", "script"].contains(&&found[1]) {
                wrong.insert(format!("{path}: not marked: {}", &found[2]));
            }
        }
        let page = mark.replace_all(&page, "");
        let page = changed.replace_all(&page, "<li><b>$1</b></li>");
        for found in text.captures_iter(&page) {
            let said = found.get(1).or(found.get(2)).unwrap().as_str().trim();
            if known.contains(said) && !of_people.contains(said) {
                wrong.insert(format!("{path}: label {said}"));
            }
            for run in said.split(|c| !is_han(c)).filter(|run| !run.is_empty()) {
                if !runs.contains_key(run) {
                    runs.insert(run.to_owned(), format!("{path}: {run} in {said}"));
                }
            }
        }
    }
    let strange = runs.into_iter().filter(|(run, _)| !written.contains(run));
    wrong.extend(strange.map(|(_, told)| told));
    assert!(looked_at > 300, "{looked_at} pages");
    let wrong: Vec<String> = wrong.into_iter().take(40).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
