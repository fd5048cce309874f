//! `taizhang check` as forges and CI read it, what a change brings, and fixes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::process::Output;

use common::Repository;
use common::git::GitRepository;

const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"

[sections.main]
label = "主要"
fields.day = { type = "date", label = "日期" }
fields.owner = { type = "person", label = "负责人" }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
"#;

fn repository() -> GitRepository {
    GitRepository::of(Repository::new().file("templates/kinds/trial/kind.toml", KIND))
}

fn record(number: u32, lines: &str) -> String {
    format!(
        "kind = \"trial\"\nid = \"SY-2026-{number:04}\"\ntitle = \"试验－{number}\"\nstate = \"draft\"\n\n[main]\n{lines}"
    )
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Faults whose values are meant for the programs that read the report.
fn hostile() -> GitRepository {
    let repository = repository();
    repository.write(
        "records/SY-2026-0001.toml",
        record(
            1,
            "day = \"五月,底:\\n::error::假的 ##[set-env] % \\u001b[31m\"\n",
        ),
    );
    repository.write(
        "records/::error::x,y%.toml",
        record(2, "owner = \"<b>&\\\"]]>\\u0000\"\n"),
    );
    repository
}

#[test]
fn github_takes_no_value_for_a_command() {
    let output = hostile().taizhang(&["check", "--format", "github"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    for line in text.lines() {
        assert!(!line.contains("##["), "{line}");
        assert!(line.chars().all(|c| !c.is_control()), "{line:?}");
        if line.trim_start().starts_with("::") {
            let known = [
                "::error file=records/",
                "::warning file=records/",
                "::notice file=",
            ];
            assert!(known.iter().any(|start| line.starts_with(start)), "{line}");
        }
    }
    let ours = "::error file=records/SY-2026-0001.toml,line=7,endLine=7,col=7,";
    assert!(text.contains(ours), "{text}");
    assert!(
        text.contains("file=records/%3A%3Aerror%3A%3Ax%2Cy%25.toml,"),
        "{text}"
    );
}

#[test]
fn github_annotations_come_worst_first_and_the_rest_in_lines() {
    let repository = repository();
    for number in 1..=14 {
        let owner = "day = \"2026年5月\"\n";
        repository.write(
            &format!("records/SY-2026-{number:04}.toml"),
            record(number, owner),
        );
    }
    repository.write("records/SY-2026-0099.toml", record(98, ""));
    let output = repository.taizhang(&["check", "--format", "github"]);
    let text = stdout(&output);
    let errors = text
        .lines()
        .filter(|line| line.starts_with("::error "))
        .count();
    assert_eq!(errors, 10, "{text}");
    let beyond = text
        .lines()
        .filter(|line| line.starts_with("- records/"))
        .count();
    assert!(beyond >= 4, "{text}");
    let first_warning = text.find("::warning ").unwrap_or(text.len());
    assert!(text.rfind("::error ").unwrap() < first_warning);
}

#[test]
fn github_gets_a_summary_of_the_job_where_it_asks_for_one() {
    let repository = hostile();
    let summary = repository.root().join("summary.md");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(repository.root())
        .env("GITHUB_STEP_SUMMARY", &summary)
        .args(["check", "--format", "github"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = std::fs::read_to_string(summary).unwrap();
    assert!(text.starts_with("### taizhang check"), "{text}");
    assert!(!text.contains("<b>"), "{text}");
    assert!(text.contains("inexact-date"), "{text}");
}

#[test]
fn gitlab_gets_a_report_with_names_that_stay() {
    let repository = hostile();
    let read = |output: &Output| -> Vec<serde_json::Value> {
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let first = read(&repository.taizhang(&["check", "--format", "gitlab"]));
    assert!(first.len() >= 2);
    let mut names = std::collections::BTreeSet::new();
    for issue in &first {
        assert!(names.insert(issue["fingerprint"].as_str().unwrap().to_owned()));
        assert!(["info", "minor", "major"].contains(&issue["severity"].as_str().unwrap()));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(!issue["description"].as_str().unwrap().is_empty());
        assert!(!issue["check_name"].as_str().unwrap().is_empty());
    }
    // lines put before a finding do not make it another one
    let path = "records/SY-2026-0001.toml";
    let moved = format!("# 一行\n# 又一行\n{}", repository.read(path));
    repository.write(path, moved);
    let again = read(&repository.taizhang(&["check", "--format", "gitlab"]));
    let again: std::collections::BTreeSet<String> = again
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, again);
}

#[test]
fn sarif_follows_its_schema() {
    let schema = include_str!("data/sarif-2.1.0.schema.json");
    // the schema's authors misprinted one pattern; it is no regular expression
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let repository = hostile();
    repository.write(
        "records/SY-2026-0003.toml",
        record(3, "day = \"2026-05-20\"\n"),
    );
    repository.write("records/SY-2026-0004.toml", record(3, ""));
    for language in ["zh", "en"] {
        let output = repository.taizhang(&["--lang", language, "check", "--format", "sarif"]);
        let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        assert!(results.iter().any(|result| result.get("fixes").is_some()));
        assert!(
            results
                .iter()
                .any(|result| result.get("relatedLocations").is_some())
        );
        for result in results {
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
        }
    }
    let clean = repository_without_faults();
    let output = clean.taizhang(&["check", "--format", "sarif"]);
    assert_eq!(output.status.code(), Some(0));
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(validator.is_valid(&log));
}

fn repository_without_faults() -> GitRepository {
    let repository = repository();
    let lines = "day = 2026-05-20\nowner = \"li-na\"\n";
    repository.write("records/SY-2026-0001.toml", record(1, lines));
    repository
}

#[test]
fn junit_is_xml_whatever_a_record_says() {
    for repository in [hostile(), repository_without_faults()] {
        let output = repository.taizhang(&["check", "--format", "junit"]);
        let text = stdout(&output);
        let mut reader = quick_xml::Reader::from_str(&text);
        let (mut cases, mut failures) = (0, 0);
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    for attribute in tag.attributes() {
                        attribute.unwrap();
                    }
                    cases += usize::from(tag.name().as_ref() == b"testcase");
                    failures += usize::from(tag.name().as_ref() == b"failure");
                }
                _ => {}
            }
        }
        assert!(cases >= 1);
        assert_eq!(failures > 0, output.status.code() == Some(1));
        let told = format!("failures=\"{failures}\"");
        assert!(text.contains(&told), "{text}");
    }
}

#[test]
fn with_a_base_only_what_the_change_brings_is_told() {
    let repository = repository();
    repository.write(
        "records/SY-2026-0001.toml",
        record(1, "owner = \"nobody\"\n"),
    );
    repository.commit("一");
    let check = |arguments: &[&str]| repository.taizhang(&[&["check"], arguments].concat());
    assert_eq!(check(&[]).status.code(), Some(1));
    assert_eq!(check(&["--base", "HEAD"]).status.code(), Some(0));

    // the old fault moves down a line, a second one like it and another come
    let lines = "# 说明\nowner = \"nobody\"\nday = \"下周\"\n";
    repository.write("records/SY-2026-0001.toml", record(1, lines));
    repository.write(
        "records/SY-2026-0002.toml",
        record(2, "owner = \"nobody\"\n"),
    );
    let output = check(&["--base", "HEAD", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let told: Vec<(String, String)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            (text("path"), text("rule"))
        })
        .collect();
    let expected = [
        ("records/SY-2026-0001.toml", "inexact-date"),
        ("records/SY-2026-0002.toml", "unknown-person"),
    ];
    let expected: Vec<_> = expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    assert_eq!(told, expected);

    let unknown = check(&["--base", "nowhere"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("nowhere"));
}

#[test]
fn safe_fixes_are_applied_and_nothing_else_is_touched() {
    let repository = repository();
    let lines = "day = \"2026-05-20\"      # 周三，别改这句\nowner = '李娜'\n\n\n# 末尾\n";
    repository.write("records/SY-2026-0001.toml", record(1, lines));
    repository.write(
        "records/SY-2026-0002.toml",
        record(2, "owner = \"li-mа\"\n"),
    );
    let output = repository.taizhang(&["check", "--fix"]);
    let fixed = "day = 2026-05-20      # 周三，别改这句\nowner = \"li-na\"\n\n\n# 末尾\n";
    assert_eq!(
        repository.read("records/SY-2026-0001.toml"),
        record(1, fixed)
    );
    // what needs a look is shown and left
    assert_eq!(
        repository.read("records/SY-2026-0002.toml"),
        record(2, "owner = \"li-mа\"\n")
    );
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains('2') && told.contains('1'), "{told}");
    assert!(
        !stdout(&output).contains("SY-2026-0001"),
        "{}",
        stdout(&output)
    );
    assert!(stdout(&output).contains("SY-2026-0002"));
}
