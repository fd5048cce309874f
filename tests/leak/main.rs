//! Audiences are walls (D12): a repository with secrets in every kind of field
//! of every kind of matter is built for every audience, and every byte of what
//! comes out is read.
//!
//! What is planted belongs to a class; each class writes with an alphabet of
//! its own, which nothing else uses. An audience that may not see a class may
//! not find a single character of it, so that no index, no split word and no
//! spelling hides anything; and what it may see is there, so that the test
//! cannot pass by emptiness. Both are made from the definitions: a new kind, a
//! new field and a new file of the output are tested without a word here.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod plant;
mod read;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use rayon::prelude::*;

use plant::{Class, Planted, planted};
use read::{Said, read};

const AS_OF: &str = "2026-05-20T09:00:00+08:00";

fn repository() -> &'static Planted {
    static REPOSITORY: OnceLock<Planted> = OnceLock::new();
    REPOSITORY.get_or_init(planted)
}

/// The audiences, and the classes that each may see.
const AUDIENCES: [(&str, &[Class]); 5] = [
    ("internal", INSIDE),
    (
        "confidential:board",
        &[
            Class::Inside,
            Class::Within,
            Class::One,
            Class::Two,
            Class::Board,
        ],
    ),
    (
        "confidential:staff",
        &[
            Class::Inside,
            Class::Within,
            Class::One,
            Class::Two,
            Class::Staff,
        ],
    ),
    ("public:one", &[Class::One]),
    ("public:two", &[Class::Two]),
];
const INSIDE: &[Class] = &[Class::Inside, Class::Within, Class::One, Class::Two];

fn run(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["--as-of", AS_OF, "--root"])
        .arg(root)
        .args(arguments)
        .output()
        .unwrap()
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, below: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, below, into);
            } else {
                let name = path.strip_prefix(below).unwrap();
                let bytes = std::fs::read(&path).unwrap();
                into.insert(name.to_str().unwrap().to_owned(), bytes);
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    all
}

/// What the files say, their names included.
fn said(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Said> {
    files
        .par_iter()
        .map(|(name, bytes)| (name.clone(), read(name, bytes)))
        .collect()
}

/// What of the classes behind the wall is told, and by which file.
fn leaks(said: &BTreeMap<String, Said>, allowed: &[Class], outside: bool) -> Vec<String> {
    let mut leaks = Vec::new();
    for (name, said) in said {
        for class in Class::ALL.iter().filter(|class| !allowed.contains(class)) {
            leaks.extend(
                class
                    .found_in(said, outside)
                    .into_iter()
                    .map(|found| format!("{name}: {class:?} {found}")),
            );
        }
    }
    leaks
}

/// What the files of a folder say, and what is wrong with that.
fn judged(
    folder: &Path,
    audience: &str,
    allowed: &[Class],
    wrong: &mut Vec<String>,
) -> BTreeMap<String, Said> {
    let files = files(folder);
    assert!(!files.is_empty(), "{audience}: nothing was written");
    let said = said(&files);
    let leaks = leaks(&said, allowed, audience.starts_with("public:"));
    let told = leaks.iter().take(40);
    wrong.extend(told.map(|leak| format!("{audience} tells {leak}")));
    said
}

/// What an audience may see and no file of these says.
fn missing<'p>(said: &BTreeMap<String, Said>, allowed: &[Class]) -> Vec<&'p str> {
    let all: HashSet<String> = said.values().flat_map(plant::words_in).collect();
    repository()
        .tokens
        .iter()
        .filter(|token| allowed.contains(&token.class))
        .filter(|token| !all.contains(&token.text))
        .map(|token| token.of.as_str())
        .collect()
}

#[test]
fn a_site_says_what_its_audience_may_see_and_nothing_else() {
    let root = repository().root();
    let mut wrong = Vec::new();
    for (audience, allowed) in AUDIENCES {
        let out = tempfile::tempdir().unwrap();
        let path = out.path().join("site");
        let output = run(
            root,
            &[
                "build",
                "--audience",
                audience,
                "--out",
                path.to_str().unwrap(),
                // both languages: what is told in one is told
                "--lang",
                if audience.ends_with("one") || audience.ends_with("staff") {
                    "zh,en"
                } else {
                    "zh"
                },
                // PDFs take their time: insiders' are printed below
                "--forms",
                if audience.starts_with("public:") {
                    "all"
                } else {
                    "html"
                },
            ],
        );
        assert_ne!(output.status.code(), Some(2), "{output:?}");
        let said = judged(&path, audience, allowed, &mut wrong);
        let missing = missing(&said, allowed);
        wrong.extend(
            missing
                .iter()
                .take(40)
                .map(|of| format!("{audience} lacks {of}")),
        );
        let pdf = said.iter().filter(|(name, _)| name.ends_with(".pdf"));
        if audience.starts_with("public:") {
            let shown = |class: &Class| {
                let mut all = pdf.clone();
                all.any(|(_, said)| !class.found_in(said, true).is_empty())
            };
            let silent = allowed.iter().filter(|class| !shown(class));
            wrong.extend(silent.map(|class| format!("{audience}: no PDF tells {class:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn papers_printed_for_an_audience_say_nothing_else() {
    let root = repository().root();
    let mut wrong = Vec::new();
    for (audience, allowed) in AUDIENCES {
        let out = tempfile::tempdir().unwrap();
        let folder = out.path().join("forms");
        std::fs::create_dir(&folder).unwrap();
        let bound = folder.join("bound.pdf");
        let to: [&[&str]; 3] = [
            &["--kind", "letter", "--out", folder.to_str().unwrap()],
            &["--kind", "customer", "--bound", bound.to_str().unwrap()],
            &["--register", "all", "--out", folder.to_str().unwrap()],
        ];
        for asked in to {
            let output = run(root, &[&["print", "--audience", audience], asked].concat());
            assert_ne!(output.status.code(), Some(2), "{output:?}");
        }
        judged(&folder, audience, allowed, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_paper_for_an_outsider_holds_until_what_it_says_changes() {
    let repository = plant::planted();
    let root = repository.root();
    let out = root.join("forms");
    let number = repository.letter.clone();
    let output = run(
        root,
        &[
            "print",
            &number,
            "--form",
            "letter",
            "--audience",
            "public:one",
            "--out",
            out.to_str().unwrap(),
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    std::fs::rename(
        out.join(format!("{number}-letter.pdf")),
        out.join("paper.pdf"),
    )
    .unwrap();
    let command = || {
        Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .current_dir(root)
            .args(["--as-of", AS_OF, "verify", "forms/paper.pdf"])
            .output()
            .unwrap()
    };
    assert_eq!(command().status.code(), Some(0), "{:?}", command());
    // what stays in the company may change: the paper says the same
    let text = std::fs::read_to_string(&repository.letter_file).unwrap();
    let inner = text.replace("legal_opinion = \"", "legal_opinion = \"改过");
    assert_ne!(inner, text);
    std::fs::write(&repository.letter_file, &inner).unwrap();
    assert_eq!(command().status.code(), Some(0), "{:?}", command());
    let outer = inner.replace("body = \"", "body = \"改过");
    assert_ne!(outer, inner);
    std::fs::write(&repository.letter_file, outer).unwrap();
    assert_eq!(command().status.code(), Some(1), "{:?}", command());
}

#[test]
fn nothing_but_what_is_planted_uses_the_alphabets() {
    let empty = plant::empty();
    let out = empty.path("public");
    let output = run(empty.root(), &["build", "--out", out.to_str().unwrap()]);
    assert_ne!(output.status.code(), Some(2), "{output:?}");
    let said = said(&files(&out));
    let leaks = leaks(&said, &[], true);
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn what_is_exported_for_an_audience_says_nothing_else() {
    let root = repository().root();
    let mut wrong = Vec::new();
    for (audience, allowed) in AUDIENCES {
        let out = tempfile::tempdir().unwrap();
        let folder = out.path();
        let kinds = ["collaboration", "customer", "letter", "meeting", "notice"];
        let lists = ["actions", "deadlines", "obligations", "archive"];
        let dated = [
            "changes",
            "notices",
            "deadlines",
            "person:pxo",
            "department:board",
        ];
        let record = repository().letter.as_str();
        let mut asked: Vec<(&str, &str)> = vec![(record, "html")];
        for format in ["csv", "xlsx", "json"] {
            asked.extend(kinds.iter().chain(&lists).map(|what| (*what, format)));
        }
        for format in ["ics", "atom"] {
            asked.extend(dated.map(|what| (what, format)));
        }
        asked.par_iter().for_each(|(what, format)| {
            let name = what.replace(':', "-");
            let path = folder.join(format!("{name}.{format}"));
            let path = path.to_str().unwrap();
            // what an audience does not have is refused
            run(
                root,
                &[
                    "export",
                    what,
                    "--audience",
                    audience,
                    "--format",
                    format,
                    "--out",
                    path,
                ],
            );
        });
        let said = judged(folder, audience, allowed, &mut wrong);
        for format in ["csv", "xlsx", "json"] {
            let tells = |class: &Class| {
                let mut all = said.iter().filter(|(name, _)| name.ends_with(format));
                all.any(|(_, said)| !class.found_in(said, true).is_empty())
            };
            let silent = allowed.iter().filter(|class| !tells(class));
            wrong.extend(silent.map(|class| format!("{audience}: no {format} tells {class:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
