//! `taizhang explain` and `taizhang calendar` as people meet them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::{Command, Output};

/// Runs the command in an empty folder: only what ships is there.
fn taizhang(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_rule_is_explained_with_its_clause_and_what_it_says() {
    insta::assert_snapshot!(
        "explain-zh",
        stdout(&taizhang(&["explain", "several-owners"]))
    );
    let english = ["--lang", "en", "explain", "several-owners"];
    insta::assert_snapshot!("explain-en", stdout(&taizhang(&english)));
}

#[test]
fn a_rule_of_a_kind_is_explained_too() {
    let text = stdout(&taizhang(&["explain", "collaboration-period"]));
    assert!(
        text.starts_with("collaboration-period：截止时间不早于起始时间\n"),
        "{text}"
    );
    assert!(
        text.contains("适用于：跨部门协作\n级别：错误\n条款：F1 "),
        "{text}"
    );
    assert!(
        text.contains("- 截止时间 … 早于起始时间 …\n  改法：改正其中一个日期"),
        "{text}"
    );
}

#[test]
fn every_rule_in_the_list_can_be_explained() {
    let list = taizhang(&["explain"]);
    assert_eq!(list.status.code(), Some(0));
    let list = stdout(&list);
    let rules: Vec<&str> = list
        .lines()
        .filter(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(rules.contains(&"inexact-date") && rules.contains(&"collaboration-period"));
    for rule in [rules[0], rules[rules.len() / 2], rules[rules.len() - 1]] {
        let output = taizhang(&["explain", rule]);
        assert_eq!(output.status.code(), Some(0), "{rule}");
        assert!(stdout(&output).starts_with(&format!("{rule}：")), "{rule}");
    }
}

#[test]
fn a_misspelt_rule_is_proposed() {
    let output = taizhang(&["explain", "inexat-date"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "错误: 没有名为 inexat-date 的规则或条款\n  改法: 是不是 inexact-date？运行 taizhang explain 列出全部规则，加 --clauses 列出全部条款\n"
    );
    assert_eq!(taizhang(&["explain", "beauty"]).status.code(), Some(2));
}

#[test]
fn a_clause_is_explained_with_what_carries_it_and_where() {
    insta::assert_snapshot!("clause-zh", stdout(&taizhang(&["explain", "P1.2"])));
    let english = ["--lang", "en", "explain", "p1.2"];
    insta::assert_snapshot!("clause-en", stdout(&taizhang(&english)));
}

#[test]
fn the_clauses_are_listed_by_handbook_with_aligned_columns() {
    let list = stdout(&taizhang(&["explain", "--clauses"]));
    let heads: Vec<&str> = list
        .lines()
        .filter(|line| line.starts_with('S') || line.starts_with("taizhang "))
        .collect();
    assert_eq!(heads.len(), 6, "{heads:?}");
    assert!(heads[0].starts_with("S0 企业内外部沟通协调流程手册"));
    // every text of a column begins at the same width, whatever its letters
    let of_reply: Vec<&str> = list
        .lines()
        .skip_while(|line| !line.starts_with("P1.2 "))
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .collect();
    assert!(of_reply.len() >= 4, "{of_reply:?}");
    let begins = |line: &&str| {
        let label_and_text = line.trim_start();
        // where a second kind carries the clause, its line has no label
        let text = label_and_text
            .split_once("  ")
            .map_or(label_and_text, |(_, text)| text.trim_start());
        unicode_width::UnicodeWidthStr::width(&line[..line.len() - text.len()])
    };
    let columns: std::collections::BTreeSet<usize> = of_reply.iter().map(begins).collect();
    assert_eq!(columns.len(), 1, "{of_reply:#?}");
    let one = stdout(&taizhang(&["explain", "--clauses", "--handbook", "S1"]));
    assert!(one.starts_with("S1 ") && list.contains(one.trim_end()));
    assert!(!one.contains("\nS2 ") && !one.contains("\nP1.2 "));
    let none = taizhang(&["--lang", "en", "explain", "--clauses", "--handbook", "S9"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(
        stderr(&none).contains("there are: S0, S1"),
        "{}",
        stderr(&none)
    );
}

#[test]
fn programs_read_the_same_table() {
    let text = stdout(&taizhang(&["explain", "--clauses", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let clauses = json["clauses"].as_array().unwrap();
    let reply = clauses
        .iter()
        .find(|clause| clause["id"] == "P1.2")
        .unwrap();
    assert_eq!(reply["handbook"], "S0");
    let carriers = reply["carriers"].as_array().unwrap();
    let limit = carriers
        .iter()
        .find(|carrier| carrier["what"] == "limit")
        .unwrap();
    assert_eq!(limit["definition"], "collaboration");
    assert_eq!(limit["keys"], serde_json::json!(["limits", "reply"]));
    assert_eq!(
        limit["path"],
        "built-in:templates/kinds/collaboration/kind.toml"
    );
    assert!(limit["line"].as_u64().unwrap() > 1);
}

#[test]
fn a_limit_is_counted_in_working_days() {
    for (start, length, due) in [
        ("2026-02-12", "2wd", "2026-02-14"),
        ("2026-03-02", "-2wd", "2026-02-27"),
        ("2026-04-30", "5d", "2026-05-06"),
        ("2026-05-06", "end of this month", "2026-05-29"),
        (
            "2026-05-06T09:30:00+08:00",
            "1wd",
            "2026-05-07T18:00:00+08:00",
        ),
        // without an offset it is company time
        ("2026-04-30T17:00", "4wh", "2026-05-06T12:00:00+08:00"),
        // a day alone would lose the hour
        ("2026-02-12", "17:00 today", "2026-02-12T17:00:00+08:00"),
    ] {
        let output = taizhang(&["calendar", "add", start, length]);
        assert_eq!(stdout(&output), format!("{due}\n"), "{start} {length}");
        assert_eq!(stderr(&output), "", "{start} {length}");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn the_day_and_now_come_from_the_command_line() {
    let now = ["--as-of", "2026-05-06T23:00:00+08:00", "calendar", "add"];
    assert_eq!(
        stdout(&taizhang(&[&now[..], &["today", "1wd"]].concat())),
        "2026-05-07\n"
    );
    assert_eq!(
        stdout(&taizhang(&[&now[..], &["now", "2h"]].concat())),
        "2026-05-07T01:00:00+08:00\n"
    );
}

#[test]
fn the_counted_days_are_named() {
    let output = taizhang(&["calendar", "add", "2026-02-12", "3wd", "--explain"]);
    assert_eq!(stdout(&output), "2026-02-24\n");
    insta::assert_snapshot!("calendar-explained", stderr(&output));
    let long = stderr(&taizhang(&[
        "calendar",
        "add",
        "2026-02-12",
        "100wd",
        "--explain",
    ]));
    assert!(
        long.contains("略去 123 天") && long.lines().count() == 31,
        "{long}"
    );
}

#[test]
fn what_cannot_be_counted_says_why() {
    for (start, length, says, help) in [
        (
            "2026-12-30",
            "5wd",
            "没有 2027 年的节假日安排",
            "templates/calendar/2027.toml",
        ),
        ("2026年2月12日", "2wd", "看不懂起始时间", "写成 2026-02-12"),
        ("2026-02-30", "2wd", "看不懂起始时间", "2026-02-12"),
        ("2026-02-12", "2WD", "没有“WD”这个单位", "2wd"),
        ("2026-02-12", "soon", "看不懂时长“soon”", "end of this week"),
        ("2026-02-12", "0wd", "时长不能是零", "1wd"),
    ] {
        let output = taizhang(&["calendar", "add", start, length]);
        assert_eq!(output.status.code(), Some(2), "{start} {length}");
        assert_eq!(stdout(&output), "");
        let text = stderr(&output);
        assert!(text.contains(says) && text.contains(help), "{text}");
    }
}
