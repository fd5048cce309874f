//! What an organisation adds and replaces: a fourth kind of matter in one
//! file, a template of pages, a list of words, a limit.

use std::fs;

use serde_json::Value;

use super::demonstration::{AS_OF, Demonstration, project};

/// Visitors: a kind that the program has never heard of.
const KIND: &str = r#"
name = { zh = "来访接待", en = "Visit" }
description = { zh = "外部来访的预约与陪同。", en = "Visits from outside and who accompanies them." }
number = "LF-{year}-{seq:4}"
responsible = "visit.host"
department = "visit.department"
parties = ["visit.party"]

[sections.visit]
label = { zh = "来访", en = "Visit" }
fields.department = { type = "department", required_from = "booked", label = { zh = "接待部门", en = "Department" } }
fields.host = { type = "person", required_from = "booked", label = { zh = "陪同人", en = "Host" } }
fields.party = { type = "party", label = { zh = "来访单位", en = "From" } }
fields.booked_at = { type = "instant", event = true, label = { zh = "预约时间", en = "Booked at" } }
fields.on = { type = "date", required_from = "booked", label = { zh = "来访日期", en = "On" } }
fields.purpose = { type = "markdown", required_from = "booked", checks = ["vague"], label = { zh = "来访事由", en = "Purpose" } }
fields.badges = { type = "number", minimum = 1, label = { zh = "证件数", en = "Badges" } }
fields.confirmed_at = { type = "instant", event = true, label = { zh = "门岗确认时间", en = "Gate confirmed at" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"

[[states]]
id = "booked"
label = { zh = "已预约", en = "Booked" }
phase = "open"
entered = "visit.booked_at"

[[limits]]
id = "gate"
label = { zh = "门岗确认来访", en = "Confirm at the gate" }
from = "visit.booked_at"
to = "visit.confirmed_at"
owed_by = "visit.host"

[[rules]]
id = "visit-booked-ahead"
title = { zh = "来访须提前预约", en = "Visits are booked ahead" }
when = "has(visit.booked_at) && has(visit.on)"
assert = "day(visit.booked_at) < visit.on"
at = "visit.on"
message = { zh = "来访日期 {visit.on} 不晚于预约时间", en = "the visit on {visit.on} was not booked ahead" }

[[forms]]
id = "pass"
name = { zh = "来访通行单", en = "Visitor's pass" }
style = "form"
orientation = "portrait"
layout = [
  { row = ["title", "id"] },
  { row = ["visit.party", "visit.host"] },
  { box = "visit.purpose", lines = 4 },
]
"#;

const VISIT: &str = r#"kind = "visit"
id = "LF-2026-0001"
title = "华芯驻厂工程师来访"
state = "booked"

[visit]
department = "purchasing"
host = "wei-lan"
party = "huaxin"
booked_at = 2026-05-06T09:30:00+08:00
on = 2026-05-12
purpose = "调试**HX3-B**老化工装。"
badges = 2
"#;

fn with_visits() -> Demonstration {
    let repository = Demonstration::new();
    repository.write("templates/kinds/visit/kind.toml", KIND);
    let profile = project().join("templates/profiles/default.toml");
    let profile = fs::read_to_string(profile).unwrap();
    repository.write(
        "templates/profiles/default.toml",
        format!("{profile}\n[limits.visit.gate]\nlength = \"2wd\"\n"),
    );
    repository.write("records/2026/LF-2026-0001.toml", VISIT);
    repository
}

#[test]
fn a_fourth_kind_is_one_file() {
    let repository = with_visits();
    repository.exits(0, &["check"]);
    let build = [
        "build",
        "--as-of",
        AS_OF,
        "--forms",
        "none",
        "--out",
        "site-of-it",
    ];
    repository.exits(0, &build);
    let register = repository.read("site-of-it/registers/visit.html");
    assert!(register.contains("来访接待") && register.contains("LF-2026-0001.html"));
    let page = repository.read("site-of-it/records/LF-2026-0001.html");
    for words in [
        "来访单位",
        "华芯微电子有限公司",
        "<strong>HX3-B</strong>",
        "门岗确认来访",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let host = repository.read("site-of-it/people/wei-lan.html");
    assert!(host.contains("门岗确认来访"));
    let forms = ["print", "LF-2026-0001", "--format", "html"];
    repository.exits(0, &forms);
    let pass = repository.read("forms/LF-2026-0001-pass.html");
    assert!(pass.contains("来访通行单") && pass.contains("来访事由"));
    let schema = repository.exits(0, &["schema", "visit"]);
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert!(schema.to_string().contains("门岗确认时间"));
}

#[test]
fn the_rules_of_a_fourth_kind_hold() {
    let repository = with_visits();
    let record = "records/2026/LF-2026-0001.toml";
    repository.edit(record, "on = 2026-05-12", "on = 2026-05-06");
    repository.edit(record, "badges = 2", "badges = 0");
    repository.edit(record, "host = \"wei-lan\"\n", "");
    repository.edit(record, "调试", "尽快调试");
    let mut rules: Vec<String> = repository
        .findings()
        .iter()
        .filter(|finding| finding["path"] == record)
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect();
    rules.sort();
    let expected = [
        "out-of-range",
        "required-field",
        "vague-wording",
        "visit-booked-ahead",
    ];
    assert_eq!(rules, expected);
}

#[test]
fn a_misspelt_key_of_a_definition_is_found_with_the_nearest_name() {
    let repository = with_visits();
    let kind = "templates/kinds/visit/kind.toml";
    repository.edit(kind, "owed_by = ", "owed_bye = ");
    let findings = repository.findings();
    let finding = findings
        .iter()
        .find(|f| f["rule"] == "unknown-key")
        .unwrap();
    assert_eq!(finding["path"], kind);
    let line = KIND
        .lines()
        .position(|line| line.starts_with("owed_by"))
        .unwrap();
    assert_eq!(finding["line"], line as u64 + 1);
    assert_eq!(finding["column"], 1);
    assert!(finding.to_string().contains("owed_by"));
}

#[test]
fn an_organisation_has_its_own_vague_words() {
    let repository = Demonstration::new();
    let list = project().join("templates/lists/vague-words.toml");
    let list = fs::read_to_string(list).unwrap();
    let own = "words = [\n  { term = \"星期八\", suggest = { zh = \"写明日期\", en = \"give the date\" } },";
    repository.write(
        "templates/lists/vague-words.toml",
        list.replacen("words = [", own, 1),
    );
    repository.exits(0, &["check"]);
    let record = "records/2026/XT-2026-0016.toml";
    repository.edit(record, "采购部确认物料", "采购部星期八确认物料");
    let findings = repository.findings();
    let finding = findings.iter().find(|f| f["path"] == record).unwrap();
    assert_eq!(finding["rule"], "vague-wording");
    fs::remove_file(repository.path("templates/lists/vague-words.toml")).unwrap();
    assert!(!repository.findings().iter().any(|f| f["path"] == record));
}

#[test]
fn an_organisation_has_its_own_page_and_the_rest_stays() {
    let repository = Demonstration::new();
    let foot = project().join("templates/site/chrome-foot.html");
    let foot = fs::read_to_string(foot).unwrap();
    repository.write(
        "templates/site/chrome-foot.html",
        format!("{foot}<p>内部资料，请勿外传</p>"),
    );
    let build = [
        "build",
        "--as-of",
        AS_OF,
        "--forms",
        "none",
        "--out",
        "site-of-it",
    ];
    repository.exits(0, &build);
    for page in [
        "index.html",
        "records/XT-2026-0012.html",
        "people/li-na.html",
    ] {
        let page = repository.read(&format!("site-of-it/{page}"));
        assert!(page.contains("<p>内部资料，请勿外传</p>"));
    }
    repository.write("templates/site/chrome-foot.html", "{{ nobody.knows }}");
    let output = repository.exits(1, &build);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        said.contains("chrome-foot.html:1:4") && said.contains("nobody"),
        "{said}"
    );
    // the built-in one stands in
    let page = repository.read("site-of-it/index.html");
    assert!(page.contains("</html>") && !page.contains("内部资料"));
}

#[test]
fn a_limit_of_the_profile_is_a_limit_on_the_page() {
    let repository = with_visits();
    let page = || {
        let build = [
            "build",
            "--as-of",
            AS_OF,
            "--forms",
            "none",
            "--out",
            "site-of-it",
        ];
        repository.exits(0, &build);
        repository.read("site-of-it/records/LF-2026-0001.html")
    };
    // booked on Wednesday: two working days are over on Friday, three on Saturday,
    // which is worked after the May holidays
    assert!(page().contains("2026-05-08") && !page().contains("2026-05-09"));
    let profile = "templates/profiles/default.toml";
    let gate = "[limits.visit.gate]\nlength = ";
    repository.edit(
        profile,
        &format!("{gate}\"2wd\""),
        &format!("{gate}\"3wd\""),
    );
    assert!(page().contains("2026-05-09") && !page().contains("2026-05-08"));
}

#[test]
fn the_questions_of_the_readme_are_answered() {
    let repository = Demonstration::new();
    let said =
        |arguments: &[&str]| String::from_utf8(repository.exits(0, arguments).stdout).unwrap();
    assert_eq!(
        said(&["calendar", "add", "2026-02-12", "2wd"]),
        "2026-02-14\n"
    );
    assert_eq!(
        said(&["calendar", "add", "2026-02-14", "-2wd"]),
        "2026-02-12\n"
    );
    let rule = said(&["explain", "vague-wording"]);
    assert!(
        rule.starts_with("vague-wording：") && rule.contains("W1"),
        "{rule}"
    );
    let schema: Value = serde_json::from_str(&said(&["schema", "collaboration"])).unwrap();
    assert!(schema["$schema"].is_string());
}
