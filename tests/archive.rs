//! Papers as an archive has them: what travels inside, of which version they
//! are, whether they still hold, and that nothing is set twice.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use common::Repository;
use serde_json::{Value, json};
use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::typeset::{
    Attachment, Engine, Job, Pool, PoolSettings, TemplateFiles, TypesetError, TypstProgram,
};
use taizhang::print::{Papers, Provenance, Sheets, enclosed_files, forms_of};
use taizhang::text::Language;

const KIND: &str = r#"
name = { zh = "来访", en = "Visit" }
number = "LF-{year}-{seq:4}"
internal = false
retention = "10y"
responsible = "visit.host"
department = "visit.department"

[sections.visit]
label = { zh = "来访", en = "Visit" }
fields.department = { type = "department", label = { zh = "接待部门", en = "Department" } }
fields.host = { type = "person", label = { zh = "接待人", en = "Host" } }
fields.at = { type = "instant", event = true, label = { zh = "来访时间", en = "At" } }
fields.purpose = { type = "text", label = { zh = "事由", en = "Purpose" } }
fields.prepared = { type = "text", label = { zh = "我方准备", en = "Preparation" } }
fields.approval = { type = "signature", label = { zh = "部门负责人", en = "Head" } }

[sections.tasks]
label = { zh = "待办", en = "Tasks" }
repeated = true
fields.task = { type = "text", label = { zh = "任务", en = "Task" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due" } }

[[forms]]
id = "slip"
name = { zh = "来访单", en = "Slip" }
layout = [
  { row = ["visit.department", "visit.host"] },
  { row = ["visit.at"] },
  { box = "visit.purpose" },
  { table = "tasks", columns = ["task", "due_on"] },
  { signatures = ["visit.approval"] },
]

[[forms]]
id = "badge"
name = { zh = "胸牌", en = "Badge" }
layout = [{ row = ["visit.purpose"] }]

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "进行中", en = "Open" }
phase = "open"
entered = "visit.at"
"#;

const ALL_VISITS: &str = r#"
name = { zh = "来访登记簿", en = "Guest book" }

[[tables]]
label = { zh = "来访", en = "Visits" }
kinds = ["visit"]
columns = [ { path = "id" }, { path = "title" }, { path = "visit.host" } ]
"#;

const AS_OF: &str = "2026-05-20T09:00:00+08:00";

fn visit(id: &str, host: &str, more: &str) -> String {
    format!(
        r#"kind = "visit"
id = "{id}"
title = "客户来访"
state = "open"
{more}

[visit]
department = "rd"
host = "{host}"
at = 2026-05-06T09:30:00+08:00
purpose = "看新产线"
prepared = "底价不低于412元"

[[tasks]]
task = "订会议室"
due_on = 2026-05-08
"#
    )
}

const FIRST: &str = "records/2026/LF-2026-0001.toml";
const SECOND: &str = "records/2026/LF-2026-0002.toml";
const OUTSIDE: &str = "records/2026/LF-2026-0003.toml";

fn repository() -> Repository {
    Repository::new()
        .file("templates/kinds/visit/kind.toml", KIND)
        .file("templates/registers/guest-book.toml", ALL_VISITS)
        .file(FIRST, visit("LF-2026-0001", "zhang-wei", ""))
        .file(SECOND, visit("LF-2026-0002", "li-na", ""))
        .file(
            OUTSIDE,
            visit(
                "LF-2026-0003",
                "li-na",
                "audience = \"public\"\nvisible_to = [\"lanjing\"]",
            ),
        )
}

trait Tools {
    fn git(&self, arguments: &[&str]) -> String;
    fn commit(&self) -> String;
    fn run(&self, arguments: &[&str]) -> Output;
    /// Runs, expects this status, and gives stdout.
    fn expect(&self, status: i32, arguments: &[&str]) -> String;
    fn pdf(&self, name: &str) -> Vec<u8>;
    fn change(&self, path: &str, from: &str, to: &str);
}

impl Tools for Repository {
    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_COMMITTER_DATE", "2026-05-06T09:30:00+08:00")
            .env("GIT_AUTHOR_DATE", "2026-05-06T09:30:00+08:00")
            .args(["-c", "user.name=张伟", "-c", "user.email=z@example.com"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self) -> String {
        if !self.path(".git").exists() {
            self.git(&["init", "--quiet", "--initial-branch=main"]);
            fs::write(self.path(".git/info/exclude"), "forms\npublic\n").unwrap();
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "改"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .current_dir(self.root())
            .args(["--as-of", AS_OF])
            .args(arguments)
            .output()
            .unwrap()
    }

    fn expect(&self, status: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn pdf(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn change(&self, path: &str, from: &str, to: &str) {
        let path = self.path(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        fs::write(path, text.replace(from, to)).unwrap();
    }
}

fn text_of(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), pdf).unwrap();
    let output = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(file.path())
        .arg("-")
        .output()
        .expect("pdftotext, which tests/setup installs");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The files inside by name, with their relationship.
fn inside(pdf: &[u8]) -> Vec<(String, String)> {
    let files = enclosed_files(pdf).unwrap();
    files
        .into_iter()
        .map(|file| (file.name, file.relationship))
        .collect()
}

fn enclosed(pdf: &[u8], name: &str) -> Vec<u8> {
    let mut files = enclosed_files(pdf).unwrap().into_iter();
    files.find(|file| file.name == name).unwrap().bytes
}

fn origin(pdf: &[u8]) -> Value {
    serde_json::from_slice(&enclosed(pdf, "origin.json")).unwrap()
}

// ------------------------------------------------------------- the version

#[test]
fn the_footer_names_the_commit_that_changed_the_record_last() {
    let repository = repository();
    let first = repository.commit();
    repository.change(SECOND, "看新产线", "看样机");
    let second = repository.commit();
    repository.expect(0, &["print", "LF-2026-0001", "LF-2026-0002"]);
    let text = text_of(&repository.pdf("forms/LF-2026-0001-slip.pdf"));
    assert!(text.contains(&format!("版本{}", &first[..9])), "{text}");
    assert!(!text.contains(&second[..9]));
    let text = text_of(&repository.pdf("forms/LF-2026-0002-slip.pdf"));
    assert!(text.contains(&format!("版本{}", &second[..9])), "{text}");

    repository.expect(0, &["print", "LF-2026-0001", "--format", "html"]);
    let html = fs::read_to_string(repository.path("forms/LF-2026-0001-slip.html")).unwrap();
    assert!(html.contains(&first[..9]));
}

#[test]
fn what_is_not_committed_is_marked() {
    let repository = repository();
    let id = repository.commit();
    repository.change(FIRST, "看新产线", "看样机");
    let new = visit("LF-2026-0004", "li-na", "");
    let repository = repository.file("records/2026/LF-2026-0004.toml", new);
    repository.expect(0, &["print", "LF-2026-0001", "LF-2026-0004"]);
    let text = text_of(&repository.pdf("forms/LF-2026-0001-slip.pdf"));
    let words = format!("版本{}（有未提交的修改）", &id[..9]);
    assert!(text.contains(&words), "{text}");
    let text = text_of(&repository.pdf("forms/LF-2026-0004-slip.pdf"));
    assert!(text.contains("版本未提交"), "{text}");
    repository.expect(0, &["--lang", "en", "print", "LF-2026-0001"]);
    let text = text_of(&repository.pdf("forms/LF-2026-0001-slip.pdf"));
    assert!(text.contains("(withuncommittedchanges)"), "{text}");
}

#[test]
fn blank_forms_and_registers_without_git_show_no_version() {
    let repository = repository();
    repository.expect(0, &["print", "LF-2026-0001"]);
    let text = text_of(&repository.pdf("forms/LF-2026-0001-slip.pdf"));
    assert!(!text.contains("版本"), "{text}");
    repository.commit();
    repository.expect(0, &["print", "--blank", "visit"]);
    let text = text_of(&repository.pdf("forms/visit-slip-blank.pdf"));
    assert!(!text.contains("版本"), "{text}");
}

#[test]
fn a_shallow_clone_shows_only_versions_that_it_knows() {
    let repository = repository();
    repository.commit();
    repository.change(SECOND, "看新产线", "看样机");
    repository.commit();
    repository.change(SECOND, "看样机", "看样品");
    let last = repository.commit();
    let clone = tempfile::tempdir().unwrap();
    let root = clone.path().to_str().unwrap();
    let from = format!("file://{}", repository.root().display());
    repository.git(&["clone", "--quiet", "--depth=2", &from, root]);
    let out = clone.path().join("forms");
    repository.expect(
        0,
        &[
            "--root",
            root,
            "print",
            "--kind",
            "visit",
            "--out",
            out.to_str().unwrap(),
        ],
    );
    let text = text_of(&fs::read(out.join("LF-2026-0002-slip.pdf")).unwrap());
    assert!(text.contains(&last[..9]), "{text}");
    let text = text_of(&fs::read(out.join("LF-2026-0001-slip.pdf")).unwrap());
    assert!(!text.contains("版本"), "{text}");
}

// --------------------------------------------------------- what is inside

#[test]
fn view_record_and_origin_travel_inside() {
    let repository = repository();
    let id = repository.commit();
    repository.expect(0, &["print", "LF-2026-0001"]);
    let pdf = repository.pdf("forms/LF-2026-0001-slip.pdf");
    let mut files = inside(&pdf);
    files.sort();
    let file = |name: &str, relationship: &str| (name.to_owned(), relationship.to_owned());
    assert_eq!(
        files,
        [
            file("origin.json", "Supplement"),
            file("record.toml", "Source"),
            file("view.json", "Data"),
        ]
    );
    assert_eq!(enclosed(&pdf, "record.toml"), repository.pdf(FIRST));
    let view: Value = serde_json::from_slice(&enclosed(&pdf, "view.json")).unwrap();
    assert_eq!(view["number"], "LF-2026-0001");
    let origin = origin(&pdf);
    let expected = json!({
        "paper": "record", "record": "LF-2026-0001", "path": FIRST, "kind": "visit",
        "form": "slip", "language": "zh-CN", "commit": id, "author": "张伟",
        "committed_at": "2026-05-06T01:30:00Z", "edited": false, "date": "2026-05-06",
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&origin[key], value, "{key}");
    }
    assert!(origin["program"].as_str().unwrap().starts_with("taizhang "));
    assert_eq!(origin["templates"].as_str().unwrap().len(), 64);
}

#[test]
fn what_may_leave_the_company_carries_nothing_that_is_not_printed() {
    let repository = repository();
    repository.commit();
    repository.expect(0, &["print", "LF-2026-0003", "--out", "forms/own"]);
    let audience = ["--audience", "public:lanjing"];
    repository.expect(
        0,
        &[
            &["print", "LF-2026-0003", "--out", "forms/theirs"],
            &audience[..],
        ]
        .concat(),
    );
    repository.expect(0, &[&["build", "--out", "public"], &audience[..]].concat());
    for pdf in [
        "forms/own/LF-2026-0003-slip.pdf",
        "forms/theirs/LF-2026-0003-slip.pdf",
        "public/forms/LF-2026-0003-slip.pdf",
    ] {
        let bytes = repository.pdf(pdf);
        let names: BTreeSet<String> = inside(&bytes).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            BTreeSet::from(["origin.json".into(), "view.json".into()]),
            "{pdf}"
        );
        assert_eq!(origin(&bytes).get("author"), None, "{pdf}");
        for name in names {
            let text = String::from_utf8(enclosed(&bytes, &name)).unwrap();
            assert!(
                !text.contains("底价") && !text.contains("张伟"),
                "{pdf}: {text}"
            );
        }
    }
    // what the party may not see is not printed for it
    let output = repository.run(&[&["print", "LF-2026-0001"], &audience[..]].concat());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn without_an_audience_a_paper_names_no_confidential_record_but_its_own() {
    let confidential = "audience = \"confidential\"\nvisible_to = [\"admin\"]";
    let related = "related = [\"LF-2026-0002\", \"LF-2026-0004\"]";
    let kind = KIND.replacen("{ row = [\"visit.at\"] }", "{ row = [\"related\"] }", 1);
    let repository = repository()
        .file("templates/kinds/visit/kind.toml", kind)
        .file(FIRST, visit("LF-2026-0001", "zhang-wei", related))
        .file(SECOND, visit("LF-2026-0002", "li-na", confidential))
        .file(
            "records/2026/LF-2026-0004.toml",
            visit(
                "LF-2026-0004",
                "li-na",
                &confidential
                    .replace("confidential", "internal")
                    .replace("visible_to", "#"),
            ),
        );
    repository.expect(
        0,
        &["print", "LF-2026-0001", "LF-2026-0002", "--out", "forms"],
    );
    let paper = repository.pdf("forms/LF-2026-0001-slip.pdf");
    let view = String::from_utf8(enclosed(&paper, "view.json")).unwrap();
    assert!(
        view.contains("LF-2026-0004") && !view.contains("LF-2026-0002"),
        "{view}"
    );
    // one asked for by its number is printed, and says what it is
    let own = repository.pdf("forms/LF-2026-0002-slip.pdf");
    let view = String::from_utf8(enclosed(&own, "view.json")).unwrap();
    assert!(
        view.contains("LF-2026-0002") && view.contains("保密"),
        "{view}"
    );
    for name in ["LF-2026-0001", "LF-2026-0002"] {
        let (status, told) = verify(&repository, &format!("forms/{name}-slip.pdf"));
        assert_eq!(status, 0, "{told:#}");
    }
}

#[test]
fn print_and_build_make_the_same_papers() {
    let repository = repository();
    repository.commit();
    repository.expect(0, &["build", "--out", "public"]);
    repository.expect(
        0,
        &["print", "--all", "--audience", "internal", "--out", "forms"],
    );
    for name in ["LF-2026-0001-slip.pdf", "register-guest-book.pdf"] {
        let built = repository.pdf(&format!("public/forms/{name}"));
        assert!(built == repository.pdf(&format!("forms/{name}")), "{name}");
    }
    let built = repository.pdf("public/forms/LF-2026-0001-slip.pdf");
    repository.expect(0, &["print", "LF-2026-0001", "--out", "plain"]);
    let plain = repository.pdf("plain/LF-2026-0001-slip.pdf");
    assert_eq!(origin(&built)["date"], origin(&plain)["date"]);
}

// ----------------------------------------------------------------- batches

fn printed(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn names(output: &str) -> Vec<String> {
    let name = |path: &str| {
        let path = PathBuf::from(path);
        path.file_stem().unwrap().to_str().unwrap().to_owned()
    };
    output.lines().map(name).collect()
}

#[test]
fn only_what_changed_is_set_again() {
    let repository = repository();
    repository.commit();
    let told = printed(&repository.run(&["print", "--kind", "visit"]));
    assert!(told.contains("印好 6 份，0 份未变"), "{told}");
    let told = printed(&repository.run(&["print", "--kind", "visit"]));
    assert!(told.contains("印好 0 份，6 份未变"), "{told}");
    // another commit elsewhere sets nothing
    repository.change("taizhang.toml", "admin", "admin ".trim());
    repository.commit();
    repository.change(FIRST, "订会议室", "订车");
    fs::write(repository.path("forms/LF-2026-0002-badge.pdf"), "改过").unwrap();
    let told = printed(&repository.run(&["print", "--kind", "visit"]));
    assert!(told.contains("印好 3 份，3 份未变"), "{told}");
    let pdf = repository.pdf("forms/LF-2026-0002-badge.pdf");
    assert!(pdf.starts_with(b"%PDF"));
}

#[test]
fn records_are_chosen_by_kind_change_and_person() {
    let repository = repository();
    let before = repository.commit();
    repository.change(SECOND, "看新产线", "看样机");
    repository.commit();
    repository.change(OUTSIDE, "看新产线", "看样机");
    let all = names(&repository.expect(0, &["print", "--kind", "visit", "--form", "slip"]));
    assert_eq!(all.len(), 3);
    let changed = repository.expect(0, &["print", "--changed-since", &before, "--form", "slip"]);
    assert_eq!(names(&changed), ["LF-2026-0002-slip", "LF-2026-0003-slip"]);
    let both = repository.expect(
        0,
        &[
            "print",
            "--changed-since",
            "HEAD",
            "--person",
            "li-na",
            "--form",
            "badge",
        ],
    );
    assert_eq!(names(&both), ["LF-2026-0003-badge"]);
    let own = repository.expect(0, &["print", "--person", "zhang-wei", "--form", "badge"]);
    assert_eq!(names(&own), ["LF-2026-0001-badge"]);
    let none = repository.run(&["print", "--person", "wang-qiang"]);
    assert_eq!(none.status.code(), Some(0));
    assert!(none.stdout.is_empty() && printed(&none).contains("没有符合条件的记录"));
    for (arguments, word) in [
        (["--kind", "none"], "none"),
        (["--person", "nobody"], "nobody"),
        (["--changed-since", "nowhere"], "nowhere"),
    ] {
        let output = repository.run(&["print", arguments[0], arguments[1]]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(printed(&output).contains(word), "{output:?}");
    }
}

#[test]
fn a_paper_that_fails_is_a_finding_and_the_rest_are_printed() {
    let repository = repository();
    // a character of a dead script that no built-in font has
    repository.change(FIRST, "看新产线", "看𐂂");
    let output = repository.run(&["print", "--kind", "visit", "--form", "slip"]);
    assert_eq!(output.status.code(), Some(1));
    let listed = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(names(&listed), ["LF-2026-0002-slip", "LF-2026-0003-slip"]);
    let told = printed(&output);
    assert!(told.contains("U+10082") && told.contains(FIRST), "{told}");
    assert!(told.contains("1 份印不出来"), "{told}");
}

// ------------------------------------------------------------------ verify

/// What `verify` says of one paper, and its exit status.
fn verify(repository: &Repository, name: &str) -> (i32, Value) {
    let output = repository.run(&["verify", "--format", "json", name]);
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output.status.code().unwrap(), told[0].clone())
}

const SLIP: &str = "forms/LF-2026-0001-slip.pdf";

#[test]
fn a_paper_of_an_unchanged_record_holds() {
    let repository = repository();
    let id = repository.commit();
    repository.expect(0, &["print", "--all"]);
    let (status, told) = verify(&repository, SLIP);
    assert_eq!((status, &told["holds"]), (0, &json!(true)), "{told:#}");
    let paper = &told["papers"][0];
    assert_eq!(paper["record"]["status"], "unchanged");
    assert_eq!(paper["source"], "confirmed");
    assert_eq!(paper["pages"], "confirmed");
    assert_eq!(paper["differences"], json!([]));
    let text = repository.expect(0, &["verify", SLIP]);
    for words in [
        "相符",
        "来访单",
        "LF-2026-0001",
        "中文",
        &id[..9],
        "张伟",
        "没有改动",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let text = repository.expect(0, &["--lang", "en", "verify", SLIP]);
    assert!(text.contains("holds") && text.contains("Chinese"), "{text}");
    // registers and blank forms, too
    repository.expect(0, &["print", "--blank", "all"]);
    for name in [
        "register-guest-book",
        "register-guest-book-blank",
        "visit-slip-blank",
    ] {
        let (status, told) = verify(&repository, &format!("forms/{name}.pdf"));
        assert_eq!(
            (status, &told["papers"][0]["pages"]),
            (0, &json!("confirmed")),
            "{name}: {told:#}"
        );
    }
}

#[test]
fn a_changed_record_is_told_with_what_differs() {
    let repository = repository();
    repository.commit();
    repository.expect(0, &["print", "LF-2026-0001", "--form", "slip"]);
    repository.change(FIRST, "zhang-wei", "li-na");
    repository.change(FIRST, "2026-05-08", "2026-05-09");
    let (status, told) = verify(&repository, SLIP);
    assert_eq!(status, 1);
    assert_eq!(told["papers"][0]["record"]["edited"], true, "{told:#}");
    let id = repository.commit();
    let (status, told) = verify(&repository, SLIP);
    assert_eq!(status, 1);
    let paper = &told["papers"][0];
    assert_eq!(paper["record"]["status"], "changed");
    assert_eq!(paper["record"]["commit"]["id"], id);
    // the paper itself is sound
    assert_eq!(
        (&paper["source"], &paper["pages"]),
        (&json!("confirmed"), &json!("confirmed"))
    );
    let differences = paper["differences"].as_array().unwrap();
    let labels: Vec<&str> = differences
        .iter()
        .map(|one| one["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["接待人", "期限"], "{told:#}");
    assert!(differences[0]["was"].as_str().unwrap().contains("张伟"));
    assert!(differences[0]["now"].as_str().unwrap().contains("李娜"));
    assert_eq!(differences[1]["row"], 1);
    let text = repository.expect(1, &["verify", SLIP]);
    assert!(
        text.contains("期限（第1行）：2026-05-08 → 2026-05-09"),
        "{text}"
    );
    assert!(text.contains(&id[..9]), "{text}");
}

#[test]
fn a_change_that_is_not_printed_leaves_the_paper_true() {
    let repository = repository();
    repository.commit();
    repository.expect(0, &["print", "LF-2026-0001"]);
    repository.change(FIRST, "底价不低于412元", "底价不低于420元");
    repository.commit();
    let (status, told) = verify(&repository, SLIP);
    assert_eq!(
        (status, &told["papers"][0]["record"]["status"]),
        (0, &json!("changed")),
        "{told:#}"
    );
}

#[test]
fn a_record_that_is_gone_or_renumbered_is_told() {
    let repository = repository();
    repository.commit();
    repository.expect(0, &["print", "LF-2026-0001"]);
    repository.change(FIRST, "LF-2026-0001", "LF-2026-0009");
    let (status, told) = verify(&repository, SLIP);
    assert_eq!(
        (status, &told["papers"][0]["record"]["number"]),
        (1, &json!("LF-2026-0009")),
        "{told:#}"
    );
    fs::remove_file(repository.path(FIRST)).unwrap();
    let (status, told) = verify(&repository, SLIP);
    assert_eq!(
        (status, &told["papers"][0]["record"]),
        (1, &json!({"status": "gone"})),
        "{told:#}"
    );
    let id = repository.commit();
    let (_, told) = verify(&repository, SLIP);
    assert_eq!(told["papers"][0]["record"]["commit"]["id"], id);
}

#[test]
fn it_works_without_git() {
    let repository = repository();
    repository.expect(0, &["print", "LF-2026-0001"]);
    let (status, told) = verify(&repository, SLIP);
    let paper = &told["papers"][0];
    assert_eq!(
        (status, &paper["source"], &paper["pages"]),
        (0, &json!("unknown"), &json!("confirmed")),
        "{told:#}"
    );
    repository.change(FIRST, "看新产线", "看样机");
    let (status, told) = verify(&repository, SLIP);
    assert_eq!(
        (status, &told["papers"][0]["record"]["status"]),
        (1, &json!("changed"))
    );
}

#[test]
fn what_is_no_paper_of_ours_is_refused() {
    let repository = repository();
    repository.expect(0, &["print", "LF-2026-0001"]);
    let whole = repository.pdf(SLIP);
    let foreign = typeset(Job {
        name: String::new(),
        main: "/main.typ".to_owned(),
        files: TemplateFiles::new([("/main.typ".to_owned(), b"Hello".to_vec())]),
        data: Vec::new(),
        attachments: Vec::new(),
        today: jiff::civil::date(2026, 5, 7),
        archive: false,
    });
    let repository = repository
        .file("text.pdf", "no PDF")
        .file("cut.pdf", &whole[..whole.len() / 2])
        .file("foreign.pdf", foreign);
    for (file, problem) in [("text.pdf", "not-pdf"), ("foreign.pdf", "not-ours")] {
        let (status, told) = verify(&repository, file);
        assert_eq!((status, &told["problem"]), (1, &json!(problem)), "{told:#}");
    }
    let (status, told) = verify(&repository, "cut.pdf");
    assert_eq!((status, &told["holds"]), (1, &json!(false)), "{told:#}");
    let text = repository.expect(1, &["verify", "text.pdf", SLIP]);
    assert!(
        text.contains("不是 PDF 文件") && text.contains("相符"),
        "{text}"
    );
    let output = repository.run(&["verify", "missing.pdf"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(printed(&output).contains("missing.pdf"));
}

fn typeset(job: Job) -> Vec<u8> {
    let pool = Pool::new(PoolSettings {
        program: env!("CARGO_BIN_EXE_taizhang").into(),
        workers: 1,
        ..PoolSettings::default()
    });
    pool.typeset(&[job], &|_| {}).remove(0).unwrap().pdf
}

/// The job of the first record's slip.
fn job(repository: &Repository) -> Job {
    let loaded = repository.load();
    let register = &loaded.register;
    let papers = Papers::new(register);
    let provenance = Provenance::read(repository.root()).unwrap();
    let outlook = Outlook::new(register, AS_OF.parse().unwrap(), Viewer::Internal);
    let made = Sheets {
        outlook: &outlook,
        provenance: &provenance,
        language: Language::Chinese,
        for_viewer: false,
        papers: &papers,
        program: concat!("taizhang ", env!("CARGO_PKG_VERSION")),
    };
    let index = register.find("LF-2026-0001").unwrap();
    let forms = forms_of(register, &register.records[index]);
    let slip = forms.iter().find(|form| &*form.form.id == "slip").unwrap();
    papers.job_of(&made.form(index, slip))
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from));
    text.replace(from, to).into_bytes()
}

#[test]
fn a_forged_paper_is_found_out() {
    let repository = repository();
    repository.commit();
    let sound = job(&repository);
    fs::write(repository.path("sound.pdf"), typeset(sound.clone())).unwrap();
    let (status, told) = verify(&repository, "sound.pdf");
    assert_eq!(
        (status, &told["papers"][0]["pages"]),
        (0, &json!("confirmed")),
        "{told:#}"
    );

    // pages and view say something else than the record
    let mut forged = sound.clone();
    forged.data = replaced(&forged.data, "张伟", "李娜");
    fs::write(repository.path("forged.pdf"), typeset(forged.clone())).unwrap();
    let (status, told) = verify(&repository, "forged.pdf");
    assert_eq!(
        (status, &told["papers"][0]["differences"][0]["label"]),
        (1, &json!("接待人")),
        "{told:#}"
    );

    // the pages alone: the sound view is put in
    let true_view = sound.data.clone();
    for file in &mut forged.attachments {
        if file.path == "/enclosed.json" {
            file.bytes = replaced(&file.bytes, "/data.json", "/sound.json");
        }
    }
    forged.attachments.push(Attachment {
        path: "/sound.json".to_owned(),
        bytes: true_view,
    });
    fs::write(repository.path("pages.pdf"), typeset(forged)).unwrap();
    let (status, told) = verify(&repository, "pages.pdf");
    let paper = &told["papers"][0];
    assert_eq!(
        (status, &paper["differences"], &paper["pages"]),
        (1, &json!([]), &json!("differ")),
        "{told:#}"
    );

    // another record put in
    let mut forged = sound.clone();
    for file in &mut forged.attachments {
        if file.path == "/record.toml" {
            file.bytes = replaced(&file.bytes, "看新产线", "看样机");
        }
    }
    fs::write(repository.path("record.pdf"), typeset(forged)).unwrap();
    let (status, told) = verify(&repository, "record.pdf");
    assert_eq!(
        (status, &told["papers"][0]["source"]),
        (1, &json!("differs")),
        "{told:#}"
    );

    // another program's pages cannot be told, and are not taken where that is asked
    let mut other = sound;
    for file in &mut other.attachments {
        if file.path == "/origin.json" {
            file.bytes = replaced(&file.bytes, "\"taizhang ", "\"taizhang 0.0.");
        }
    }
    fs::write(repository.path("other.pdf"), typeset(other)).unwrap();
    let (status, told) = verify(&repository, "other.pdf");
    assert_eq!(
        (status, &told["papers"][0]["pages"]),
        (0, &json!("unknown")),
        "{told:#}"
    );
    repository.expect(1, &["verify", "--strict", "other.pdf"]);
}

// ------------------------------------------------------------------- bound

#[test]
fn papers_are_bound_in_one_document() {
    let repository = repository();
    repository.commit();
    let bound = [
        "print", "--kind", "visit", "--form", "slip", "--bound", "book.pdf",
    ];
    assert_eq!(repository.expect(0, &bound), "book.pdf\n");
    let pdf = repository.pdf("book.pdf");
    let text = text_of(&pdf);
    for number in 1..=3 {
        assert!(text.contains(&format!("第{number}页/共3页")), "{text}");
        assert!(
            text.contains(&format!("编号：LF-2026-000{number}")),
            "{text}"
        );
    }
    // a bookmark for each, in order, and one title for all
    let objects = objects(&repository.path("book.pdf"));
    let root = at(&objects, &objects["trailer"]["value"]["/Root"]);
    let mut marks = Vec::new();
    let mut mark = at(&objects, &at(&objects, &root["/Outlines"])["/First"]);
    while mark.is_object() {
        marks.push(mark["/Title"].as_str().unwrap());
        mark = at(&objects, &mark["/Next"]);
    }
    let wanted = [1, 2, 3].map(|number| format!("u:LF-2026-000{number} 来访单"));
    assert_eq!(marks, wanted);
    assert_eq!(root["/Lang"], "u:zh-CN");
    let metadata = at(&objects, &root["/Metadata"]);
    let xmp = String::from_utf8(unbase64(metadata["data"].as_str().unwrap())).unwrap();
    for words in [
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "表单合订本（3 份）",
    ] {
        assert!(xmp.contains(words), "{words}: {xmp}");
    }
    let told = printed(&repository.run(&bound));
    assert!(told.contains("印好 0 份，1 份未变"), "{told}");

    let (status, told) = verify(&repository, "book.pdf");
    assert_eq!(status, 0, "{told:#}");
    let papers = told["papers"].as_array().unwrap();
    assert_eq!(papers.len(), 3);
    for paper in papers {
        assert_eq!(paper["pages"], "confirmed", "{paper:#}");
    }
    repository.change(SECOND, "看新产线", "看样机");
    let (status, told) = verify(&repository, "book.pdf");
    assert_eq!(
        (status, &told["papers"][1]["differences"][0]["label"]),
        (1, &json!("事由")),
        "{told:#}"
    );
    assert_eq!(told["papers"][0]["differences"], json!([]));
}

#[test]
fn what_cannot_be_set_is_left_out_of_a_bound_document() {
    let repository = repository();
    repository.change(SECOND, "看新产线", "看𐂂");
    let output = repository.run(&[
        "print",
        "--kind",
        "visit",
        "--form",
        "slip",
        "--bound",
        "books/all.pdf",
    ]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(printed(&output).contains("U+10082") && printed(&output).contains(SECOND));
    let text = text_of(&repository.pdf("books/all.pdf"));
    assert!(
        text.contains("第2页/共2页") && !text.contains("LF-2026-0002"),
        "{text}"
    );
}

// ------------------------------------------------------------ another Typst

/// A program that can be run, with these lines. Another process writes it:
/// what a test has open for writing, a process started by another test at that
/// moment has, too, and then the program is busy.
fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    let mut writer = Command::new("sh")
        .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
        .arg(&path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = writer.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    assert!(writer.wait().unwrap().success());
    path
}

/// Looks at what it is given and answers with a PDF made before.
const FAKE: &str = r#"#!/bin/sh
if [ "$1" = --version ]; then echo "typst 0.99.0 (fake)"; exit 0; fi
for out; do :; done
root= previous=
for argument; do
  if [ "$previous" = --root ]; then root=$argument; fi
  previous=$argument
done
echo "$@" >> "$(dirname "$0")/said"
for file in form.typ lib.typ data.json enclosed.json record.toml origin.json paper.json; do
  [ -f "$root/$file" ] || { echo "form.typ:1:2: error: no $file" >&2; exit 1; }
done
if grep -q 看样机 "$root/data.json"; then
  echo "form.typ:3:7: error: unknown variable: x" >&2; exit 1
fi
cp "$(dirname "$0")/answer.pdf" "$out"
"#;

#[test]
fn an_installed_typst_is_driven_through_the_same_interface() {
    let repository = repository();
    repository.change(SECOND, "看新产线", "看样机");
    repository.expect(0, &["print", "LF-2026-0001", "--out", "ours"]);
    let answer = repository.pdf("ours/LF-2026-0001-slip.pdf");
    let tools = tempfile::tempdir().unwrap();
    fs::write(tools.path().join("answer.pdf"), &answer).unwrap();
    let typst = script(tools.path(), "typst", FAKE);
    let typst = typst.to_str().unwrap();
    let print = [
        "print",
        "LF-2026-0001",
        "LF-2026-0002",
        "--form",
        "slip",
        "--typst",
        typst,
    ];
    let output = repository.run(&print);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(repository.pdf(SLIP) == answer);
    // its words are a finding of that record
    let told = printed(&output);
    assert!(
        told.contains("/form.typ:3:7: unknown variable: x") && told.contains(SECOND),
        "{told}"
    );
    let said = fs::read_to_string(tools.path().join("said")).unwrap();
    for words in [
        "compile --root",
        "--ignore-system-fonts",
        "--font-path",
        "--pdf-standard a-3a,ua-1",
        "--creation-timestamp 1778025600",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // not asked again for what it has set
    repository.run(&print);
    let again = fs::read_to_string(tools.path().join("said")).unwrap();
    assert_eq!((said.lines().count(), again.lines().count()), (2, 3));

    for wrong in ["/nowhere/typst", "/bin/true"] {
        let output = repository.run(&["print", "LF-2026-0001", "--typst", wrong]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(printed(&output).contains(wrong), "{output:?}");
    }
}

/// Takes memory until somebody stops it.
const GREEDY: &str = r#"#!/bin/sh
if [ "$1" = --version ]; then echo "typst 0.99.0 (fake)"; exit 0; fi
all=aaaaaaaa
while :; do all=$all$all; done
"#;

#[test]
#[cfg(target_os = "linux")]
fn an_installed_typst_is_held_to_the_limits_of_the_built_in_one() {
    let tools = tempfile::tempdir().unwrap();
    let typst = script(tools.path(), "typst", GREEDY);
    let job = job(&repository());
    let set = |settings: PoolSettings| {
        let typst = TypstProgram::new(&typst, settings).unwrap();
        typst.typeset(std::slice::from_ref(&job), &|_| {}).remove(0)
    };
    let limit = 32 << 20;
    let memory_limit = PoolSettings {
        memory_limit: limit,
        ..PoolSettings::default()
    };
    assert_eq!(set(memory_limit), Err(TypesetError::OutOfMemory { limit }));
    let size = job.input_size();
    let input_limit = PoolSettings {
        input_limit: size - 1,
        ..PoolSettings::default()
    };
    let limit = size - 1;
    assert_eq!(
        set(input_limit),
        Err(TypesetError::TooLarge { size, limit })
    );
}

/// The command line of Typst over its Python binding, as far as it is used.
const PYTHON: &str = r#"#!/usr/bin/env python3
import sys, typst
if sys.argv[1] == "--version":
    print("typst 0.15.0 (python)"); sys.exit()
values = sys.argv[2:-2]
fonts = [values[i + 1] for i, value in enumerate(values) if value == "--font-path"]
try:
    typst.compile(
        sys.argv[-2], output=sys.argv[-1], root=values[values.index("--root") + 1],
        font_paths=fonts, ignore_system_fonts=True, pdf_standards=["a-3a", "ua-1"])
except typst.TypstError as error:
    print(f"error: {error}", file=sys.stderr); sys.exit(1)
"#;

#[test]
fn another_typst_sets_the_same_text() {
    let tools = tempfile::tempdir().unwrap();
    let runs = |program: &Path| {
        let output = Command::new(program).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    let python = script(tools.path(), "typst", PYTHON);
    let installed = PathBuf::from("typst");
    let Some(typst) = [installed, python]
        .into_iter()
        .find(|program| runs(program))
    else {
        // tests/setup said so
        return;
    };
    let repository = repository();
    repository.commit();
    let typst = typst.to_str().unwrap();
    repository.expect(0, &["print", "--all", "--out", "ours"]);
    repository.expect(0, &["print", "--all", "--out", "theirs", "--typst", typst]);
    let mut compared = 0;
    for entry in fs::read_dir(repository.path("ours")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".pdf") {
            let text = |folder: &str| text_of(&repository.pdf(&format!("{folder}/{name}")));
            assert_eq!(text("ours"), text("theirs"), "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 7, "{compared}");
    let bound = ["print", "--kind", "visit", "--bound"];
    repository.expect(0, &[&bound[..], &["ours.pdf"]].concat());
    repository.expect(0, &[&bound[..], &["theirs.pdf", "--typst", typst]].concat());
    let text = |name: &str| text_of(&repository.pdf(name));
    assert_eq!(text("ours.pdf"), text("theirs.pdf"));
    // what another program set cannot be set again to compare, and that is said
    let (status, told) = verify(&repository, "theirs/LF-2026-0001-slip.pdf");
    assert_eq!(
        (status, &told["papers"][0]["pages"]),
        (0, &json!("unknown")),
        "{told:#}"
    );
}

// ---------------------------------------------------------------- standard

/// A PDF as qpdf, which knows nothing of us, reads it.
fn objects(path: &Path) -> Value {
    let checked = Command::new("qpdf")
        .arg("--check")
        .arg(path)
        .output()
        .expect("qpdf, which tests/setup installs");
    assert!(checked.status.success(), "{checked:?}");
    let output = Command::new("qpdf")
        .args([
            "--json=2",
            "--json-key=qpdf",
            "--json-stream-data=inline",
            "--decode-level=all",
        ])
        .arg(path)
        .output()
        .unwrap();
    assert!(output.status.success());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    json["qpdf"][1].clone()
}

/// What a value is, references followed.
fn at<'v>(objects: &'v Value, value: &'v Value) -> &'v Value {
    match value.as_str().filter(|text| text.ends_with(" R")) {
        Some(reference) => {
            let object = &objects[format!("obj:{reference}")];
            match object.get("stream") {
                Some(stream) => stream,
                None => &object["value"],
            }
        }
        None => value,
    }
}

/// How many elements of a tag are below an element.
fn cells(objects: &Value, element: &Value, tag: &str) -> usize {
    let kids = at(objects, &element["/K"]);
    let kids = kids
        .as_array()
        .map_or(std::slice::from_ref(kids), Vec::as_slice);
    let below = kids
        .iter()
        .map(|kid| at(objects, kid))
        .filter(|kid| kid.is_object());
    below
        .map(|kid| usize::from(kid["/S"] == tag) + cells(objects, kid, tag))
        .sum()
}

fn unbase64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        bits = bits << 6 | u32::from(digit(c));
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

#[test]
fn papers_are_pdf_a_3a_and_pdf_ua_1_as_another_program_reads_them() {
    let repository = repository();
    repository.commit();
    repository.expect(0, &["print", "LF-2026-0001"]);
    let objects = objects(&repository.path(SLIP));
    let trailer = &objects["trailer"]["value"];
    let root = at(&objects, &trailer["/Root"]);
    assert_eq!(root["/Lang"], "u:zh-CN");
    assert_eq!(at(&objects, &root["/MarkInfo"])["/Marked"], true);
    assert_eq!(
        at(&objects, &root["/ViewerPreferences"])["/DisplayDocTitle"],
        true
    );
    let intents = at(&objects, &root["/OutputIntents"]);
    assert_eq!(at(&objects, &intents[0])["/S"], "/GTS_PDFA1");

    let metadata = at(&objects, &root["/Metadata"]);
    let xmp = String::from_utf8(unbase64(metadata["data"].as_str().unwrap())).unwrap();
    for words in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "来访单",
    ] {
        assert!(xmp.contains(words), "{words}: {xmp}");
    }

    // tagged: a table with header cells
    let tree = at(&objects, &root["/StructTreeRoot"]);
    assert_eq!(tree["/Type"], "/StructTreeRoot");
    let mut tags = BTreeSet::new();
    for (_, object) in objects.as_object().unwrap() {
        if let Some(tag) = object["value"]["/S"].as_str() {
            tags.insert(tag);
        }
    }
    for tag in ["/Document", "/Table", "/TR", "/TH", "/TD"] {
        assert!(tags.contains(tag), "{tag}: {tags:?}");
    }

    // no table without a cell that says what the others are
    for (name, object) in objects.as_object().unwrap() {
        if object["value"]["/S"] == "/Table" {
            let heads = cells(&objects, &object["value"], "/TH");
            assert!(heads > 0, "{name} has no header cells");
        }
    }

    // enclosed files: related, typed, dated
    let files = at(&objects, &root["/AF"]).as_array().unwrap();
    assert_eq!(files.len(), 3);
    for file in files {
        let file = at(&objects, file);
        assert_eq!(file["/Type"], "/Filespec");
        let relationship = file["/AFRelationship"].as_str().unwrap();
        assert!(["/Source", "/Data", "/Supplement"].contains(&relationship));
        assert!(file["/Desc"].as_str().is_some());
        let stream = at(&objects, &at(&objects, &file["/EF"])["/F"]);
        let subtype = stream["dict"]["/Subtype"].as_str().unwrap();
        assert!(subtype.starts_with("/application"), "{subtype}");
        let parameters = at(&objects, &stream["dict"]["/Params"]);
        let date = parameters["/ModDate"].as_str().unwrap();
        assert!(date.starts_with("u:D:20260506"), "{date}");
        let data = unbase64(stream["data"].as_str().unwrap());
        assert_eq!(parameters["/Size"].as_u64().unwrap() as usize, data.len());
    }

    // every font is embedded
    for (name, object) in objects.as_object().unwrap() {
        let value = &object["value"];
        if value["/Type"] == "/FontDescriptor" {
            let embedded = ["/FontFile", "/FontFile2", "/FontFile3"];
            assert!(
                embedded.iter().any(|key| value.get(key).is_some()),
                "{name}"
            );
        }
    }
}
