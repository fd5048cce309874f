//! `taizhang new` as people meet it: the number, the place, and a file that
//! `check` has no error in.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use taizhang::finding::Level;
use taizhang::register::{LoadOptions, load};
use taizhang::text::Language;
use toml::de::DeTable;

use common::Repository;

/// A kind with a field of every type, some to fill in at once, some later.
const KIND: &str = r#"
name = { zh = "事项", en = "Matter" }
description = { zh = "什么都有", en = "Everything" }
number = "SX-{year}-{seq:3}"
priority_required_from = "open"
title = { hint = { zh = "写清目的", en = "Say the aim" } }
responsible = "request.person"
department = "request.department"

[sections.request]
label = { zh = "需求", en = "Request" }
fields.person = { type = "person", required_from = "open", label = { zh = "责任人", en = "Responsible" } }
fields.department = { type = "department", required_from = "open", label = { zh = "部门", en = "Department" } }
fields.received_on = { type = "date", event = true, prefill = true, label = { zh = "收到日期", en = "Received" } }
fields.called_at = { type = "instant", prefill = true, label = { zh = "来电时间", en = "Called at" } }
fields.writer = { type = "person", many = true, prefill = true, label = { zh = "记录人", en = "Written by" } }
fields.sent_at = { type = "instant", event = true, label = { zh = "发出时间", en = "Sent at" } }
fields.goal = { type = "markdown", required_from = "open", label = { zh = "目标", en = "Goal" }, hint = { zh = "带数字", en = "With a number" } }
fields.due_on = { type = "date", required_from = "open", label = { zh = "截止", en = "Due" } }
fields.time = { type = "period", required_from = "open", label = { zh = "起止", en = "Time" } }
fields.needs = { type = "duration", required_from = "open", label = { zh = "需时", en = "Needs" } }
fields.cost = { type = "money", required_from = "open", label = { zh = "费用", en = "Cost" } }
fields.share = { type = "number", required_from = "open", minimum = 1, label = { zh = "占比", en = "Share" } }
fields.agreed = { type = "boolean", required_from = "open", label = { zh = "同意", en = "Agreed" } }
fields.mode = { type = "choice", required_from = "open", label = { zh = "形式", en = "Mode" }, choices = [ { id = "online", label = { zh = "线上", en = "Online" } }, { id = "onsite", label = { zh = "现场", en = "On site" } } ] }
fields.helpers = { type = "person", many = true, required_from = "open", minimum = 1, label = { zh = "协助人", en = "Helpers" } }
fields.party = { type = "party", required_from = "open", label = { zh = "外部单位", en = "Party" } }
fields.before = { type = "reference", required_from = "open", label = { zh = "前事", en = "Before" } }
fields.file = { type = "attachment", required_from = "open", label = { zh = "附件", en = "File" } }
fields.signature = { type = "signature", required_from = "open", label = { zh = "签字", en = "Signature" } }
fields.reason = { type = "text", required_from = "open", required_if = "has(request.share) && request.share > 50", label = { zh = "原因", en = "Reason" } }
fields.code = { type = "text", required_from = "open", pattern = "[A-Z]+", label = { zh = "代号", en = "Code" } }
fields.rows = { type = "table", required_from = "open", label = { zh = "明细", en = "Rows" }, columns = { what = { type = "text", required_from = "draft", label = { zh = "内容", en = "What" } }, day = { type = "date", label = { zh = "日期", en = "Day" } } } }

[sections.replies]
label = { zh = "反馈", en = "Replies" }
repeated = true
fields.by = { type = "person", required_from = "draft", label = { zh = "反馈人", en = "By" } }

[sections.closing]
label = { zh = "关闭", en = "Closing" }
fields.closed_on = { type = "date", event = true, label = { zh = "关闭日期", en = "Closed" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "进行中", en = "Open" }
phase = "open"
entered = "request.sent_at"
[[states]]
id = "closed"
label = { zh = "已关闭", en = "Closed" }
phase = "closed"
entered = "closing.closed_on"
"#;

fn repository() -> Repository {
    Repository::new().file("templates/kinds/matter/kind.toml", KIND)
}

fn taizhang(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(root)
        .args(["--as-of", "2026-05-06T22:30:59+00:00"])
        .args(arguments)
        // nobody's configuration but the test's
        .env("GIT_CONFIG_GLOBAL", root.join("gitconfig"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", root.parent().unwrap())
        .output()
        .unwrap()
}

fn new(repository: &Repository, arguments: &[&str]) -> String {
    let output = taizhang(repository.root(), &[&["new"], arguments].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

fn refused(repository: &Repository, arguments: &[&str]) -> String {
    let output = taizhang(repository.root(), &[&["new"], arguments].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn without_a_kind_all_are_listed_with_what_they_are_for() {
    let repository = repository();
    let listed = new(&repository, &[]);
    let loaded = load(repository.root(), &LoadOptions::default());
    for kind in &loaded.register.kinds {
        let line = listed.lines().find(|line| {
            line.starts_with(&*kind.id)
                && line.contains(kind.name.get(Language::Chinese))
                && line.contains(kind.description.get(Language::Chinese))
        });
        assert!(line.is_some(), "{} is not in {listed}", kind.id);
    }
}

/// What the whole check says of the repository: rule, level, words at fault.
fn findings(root: &Path) -> Vec<(String, Level, String)> {
    let loaded = load(root, &LoadOptions::default());
    let mut all = loaded.findings;
    all.extend(taizhang::check::check(&loaded.register));
    all.iter()
        .map(|finding| {
            let words = loaded.register.sources.words(finding.place);
            (finding.rule.to_string(), finding.level, words.to_owned())
        })
        .collect()
}

#[test]
fn what_is_required_stands_there_empty_and_the_rest_as_comments() {
    let repository = repository()
        .file("gitconfig", "[user]\nemail = Li.Na@Example.com\n")
        .file(
            "records/organisation/people.toml",
            "[li-na]\nname = \"李娜\"\ndepartment = \"rd\"\nemail = \"li.na@example.com\"\n\
             [zhang-wei]\nname = \"张伟\"\ndepartment = \"rd\"\n[zhao-min]\nname = \"赵敏\"\ndepartment = \"rd\"\n\
             [sun-li]\nname = \"孙丽\"\ndepartment = \"admin\"\n",
        );
    let path = new(&repository, &["matter"]);
    // the company's day, not that of Greenwich
    assert_eq!(path, "records/2026/SX-2026-001.toml");
    let text = fs::read_to_string(repository.path(&path)).unwrap();
    insta::assert_snapshot!("a-new-record", text);
    let found = findings(repository.root());
    assert_eq!(
        found,
        [("missing-key".to_owned(), Level::Warning, "\"\"".to_owned())],
        "only the title is missed in a draft"
    );
}

#[test]
fn what_is_left_open_is_missing_once_the_record_is_no_draft() {
    let repository = repository();
    let path = new(&repository, &["matter", "--title", "定下目标"]);
    let text = fs::read_to_string(repository.path(&path)).unwrap();
    let text = text.replace("state = \"draft\"", "state = \"open\"");
    fs::write(repository.path(&path), text).unwrap();
    let found = findings(repository.root());
    let rules: std::collections::BTreeSet<&str> =
        found.iter().map(|(rule, _, _)| rule.as_str()).collect();
    // nothing is of a wrong type, nobody is unknown: the fields are missing
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), ["required-field"]);
    let at_the_field = found.iter().filter(|(_, _, words)| words == "\"\"").count();
    assert!(at_the_field >= 15, "{found:#?}");
}

#[test]
fn every_comment_becomes_the_line_it_says_when_its_sign_goes() {
    let repository = repository();
    let path = new(&repository, &["matter"]);
    let text = fs::read_to_string(repository.path(&path)).unwrap();
    let field = regex::Regex::new(r"^# (?P<line>\[.*\]$|[a-z_]+ = .*)$").unwrap();
    let open: Vec<String> = text
        .lines()
        .map(|line| match field.captures(line) {
            Some(found) => found["line"].to_owned(),
            None => line.to_owned(),
        })
        .collect();
    let open = open.join("\n").replace("  # {", "  {");
    DeTable::parse(&open).expect("every line is TOML");
    fs::write(repository.path(&path), &open).unwrap();
    let errors: Vec<_> = findings(repository.root())
        .into_iter()
        .filter(|(_, level, _)| *level == Level::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn every_kind_that_ships_begins_without_an_error() {
    let repository = Repository::new();
    let loaded = repository.clean();
    let mut paths = Vec::new();
    for kind in &loaded.register.kinds {
        for language in ["zh", "en"] {
            let output = taizhang(
                repository.root(),
                &["--lang", language, "new", &kind.id, "--person", "li-na"],
            );
            assert!(output.status.success(), "{}", kind.id);
            paths.push(String::from_utf8(output.stdout).unwrap().trim().to_owned());
        }
    }
    assert!(paths.len() >= 6);
    for (rule, level, words) in findings(repository.root()) {
        assert_ne!(level, Level::Error, "{rule}: {words}");
        assert!(
            ["missing-key", "required-field", "attachments-stated"].contains(&&*rule),
            "{rule} is about something else than an empty field: {words}"
        );
    }
}

#[test]
fn a_new_record_follows_the_schema_that_editors_check_it_with() {
    let repository = repository();
    let schemas = taizhang(repository.root(), &["schema", "--out", "schema"]);
    assert!(schemas.status.success());
    let path = new(
        &repository,
        &["matter", "--title", "定下目标", "--out", "records/rd/2026"],
    );
    assert_eq!(path, "records/rd/2026/SX-2026-001.toml");
    let text = fs::read_to_string(repository.path(&path)).unwrap();
    assert!(
        text.starts_with("#:schema ../../../schema/matter.json\n"),
        "{text}"
    );
    let json: serde_json::Value = toml_json(&text);
    let schema = fs::read_to_string(repository.path("schema/matter.json")).unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// TOML as editors show it to a schema: dates are strings.
fn toml_json(text: &str) -> serde_json::Value {
    fn json(value: &toml::de::DeValue<'_>) -> serde_json::Value {
        use toml::de::DeValue;
        match value {
            DeValue::Table(table) => table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
                .collect(),
            DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
            DeValue::Datetime(datetime) => datetime.to_string().into(),
            other => other.as_str().expect("no other types in a draft").into(),
        }
    }
    let table = DeTable::parse(text).unwrap();
    table
        .get_ref()
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
        .collect()
}

#[test]
fn who_begins_a_record_answers_for_it_unless_the_kind_says_who_they_are() {
    let begin = |kind: &str, more: &[&str]| {
        let repository = Repository::new().file("templates/kinds/matter/kind.toml", kind);
        let arguments = ["matter", "--person", "li-na", "--short"];
        let path = new(&repository, &[&arguments, more].concat());
        toml_json(&fs::read_to_string(repository.path(&path)).unwrap())
    };
    // KIND says that who begins the record writes it
    let json = begin(KIND, &[]);
    assert_eq!(json["request"]["writer"], serde_json::json!(["li-na"]));
    assert_eq!(json["request"]["person"], "");
    assert_eq!(json["request"]["department"], "");
    // a department that is asked for is the record's all the same
    let json = begin(KIND, &["--department", "rd"]);
    assert_eq!(json["request"]["department"], "rd");
    let json = begin(
        &KIND.replace("many = true, prefill = true", "many = true"),
        &[],
    );
    assert_eq!(json["request"]["person"], "li-na");
    assert_eq!(json["request"]["department"], "marketing");
    assert!(json["request"].get("writer").is_none());
}

#[test]
fn titles_are_read_back_as_they_were_given() {
    let repository = repository();
    for title in ["“引号”与 \"quotes\" \\ 和\n换行", "# 不是注释", "'''"] {
        let path = new(&repository, &["matter", "--title", title, "--short"]);
        let text = fs::read_to_string(repository.path(&path)).unwrap();
        assert_eq!(toml_json(&text)["title"], title);
    }
}

#[test]
fn the_number_is_above_every_one_that_was_ever_given() {
    let record =
        |id: &str| format!("kind = \"matter\"\nid = \"{id}\"\ntitle = \"甲\"\nstate = \"draft\"\n");
    let repository = repository()
        // a gap stays a gap, and another year is another sequence
        .file("records/2026/SX-2026-002.toml", record("SX-2026-002"))
        .file("records/2026/SX-2026-004.toml", record("SX-2026-004"))
        .file("records/2025/SX-2025-090.toml", record("SX-2025-090"))
        .file("records/2026/TZ-2026-0100.toml", record("TZ-2026-0100"));
    assert_eq!(
        new(&repository, &["matter"]),
        "records/2026/SX-2026-005.toml"
    );
    // a file that does not parse has its number, by name or by what it says
    let repository = repository
        .file("records/2026/SX-2026-007.toml", "kind = \"matter\nid = [")
        .file(
            "records/2026/draft.toml",
            "id = 'SX-2026-011' # \nkind = [\n",
        );
    assert_eq!(
        new(&repository, &["matter"]),
        "records/2026/SX-2026-012.toml"
    );
}

#[test]
fn a_number_that_only_git_remembers_is_not_given_again() {
    let repository = repository();
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .current_dir(repository.root())
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", repository.path("gitconfig"))
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["commit", "-q", "--allow-empty", "-m", "start"]);
    let first = new(&repository, &["matter"]);
    git(&["checkout", "-q", "-b", "other"]);
    git(&["add", &first]);
    git(&["commit", "-q", "-m", "on a branch"]);
    git(&["checkout", "-q", "main"]);
    assert!(!repository.path(&first).exists());
    assert_eq!(
        new(&repository, &["matter"]),
        "records/2026/SX-2026-002.toml"
    );
}

#[test]
fn two_that_are_begun_at_once_get_different_numbers() {
    let repository = repository();
    let paths: Vec<String> = thread::scope(|scope| {
        let started: Vec<_> = (0..6)
            .map(|index| {
                let out = format!("records/{index}");
                let repository = &repository;
                scope.spawn(move || new(repository, &["matter", "--out", &out]))
            })
            .collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut numbers: Vec<&str> = paths.iter().filter_map(|p| p.rsplit('/').next()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 6, "{paths:?}");
}

#[test]
fn a_record_goes_where_its_like_are() {
    let record =
        |id: &str| format!("kind = \"matter\"\nid = \"{id}\"\ntitle = \"甲\"\nstate = \"draft\"\n");
    let repository = repository().file(
        "records/rd/2025/事项/SX-2025-001.toml",
        record("SX-2025-001"),
    );
    assert_eq!(
        new(&repository, &["matter", "--department", "marketing"]),
        "records/marketing/2026/事项/SX-2026-001.toml"
    );
}

#[test]
fn nothing_is_overwritten_and_nothing_written_where_it_is_not_read() {
    let repository = repository();
    let said = refused(
        &repository,
        &["matter", "--out", "records/organisation/people.toml"],
    );
    assert!(said.contains("已经存在"), "{said}");
    let people = fs::read_to_string(repository.path("records/organisation/people.toml"));
    assert!(people.unwrap().contains("zhang-wei"));
    for outside in ["notes", "records/../notes", "/tmp"] {
        let said = refused(&repository, &["matter", "--out", outside]);
        assert!(said.contains("不在台账的 records 文件夹里"), "{said}");
    }
    assert!(!repository.path("notes").exists());
}

#[test]
fn a_name_that_nobody_has_is_answered_with_those_there_are() {
    let repository = repository();
    let said = refused(&repository, &["mattr"]);
    assert!(said.contains("是不是 matter？"), "{said}");
    assert!(said.contains("matter 事项"), "{said}");
    let said = refused(&repository, &["matter", "--state", "opn"]);
    assert!(said.contains("是不是 open？"), "{said}");
    let said = refused(&repository, &["matter", "--person", "zhang-wi"]);
    assert!(said.contains("是不是 zhang-wei？"), "{said}");
    let said = refused(&repository, &["matter", "--department", "市场"]);
    assert!(said.contains("marketing 市场部"), "{said}");
    // what people see is understood as well
    assert_eq!(new(&repository, &["事项"]), "records/2026/SX-2026-001.toml");
}
