//! Rules that need two versions: each with a change that breaks it and one that
//! just passes, in real repositories of git.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeSet;

use common::Repository;
use common::git::GitRepository;
use serde_json::Value;

const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"
department = "main.department"
responsible = "main.person"

[sections.main]
label = { zh = "事项", en = "Matter" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.person = { type = "person", label = { zh = "负责人", en = "Responsible" } }
fields.begun_on = { type = "date", event = true, label = { zh = "开始日期", en = "Begun on" } }
fields.tried_on = { type = "date", event = true, label = { zh = "试产日期", en = "Tried on" } }
fields.closed_on = { type = "date", event = true, label = { zh = "关闭日期", en = "Closed on" } }
fields.text = { type = "markdown", label = { zh = "内容", en = "Content" } }
fields.lesson = { type = "markdown", label = { zh = "复盘", en = "Lesson" } }
fields.source = { type = "reference", label = { zh = "来源", en = "Source" } }

[sections.progress]
label = { zh = "进展", en = "Progress" }
repeated = true
log = { at = "at", text = "text" }
fields.at = { type = "date", label = { zh = "日期", en = "On" } }
fields.text = { type = "text", label = { zh = "情况", en = "Text" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "办理中", en = "Open" }
phase = "open"
entered = "main.begun_on"
[[states]]
id = "closed"
label = { zh = "已关闭", en = "Closed" }
phase = "closed"
entered = "main.closed_on"
[[states]]
id = "filed"
label = { zh = "已归档", en = "Filed" }
phase = "closed"

[[transitions]]
from = ["draft"]
to = "open"
label = { zh = "提交", en = "Submit" }
[[transitions]]
from = ["open"]
to = "closed"
label = { zh = "关闭", en = "Close" }
[[transitions]]
from = ["open"]
to = "draft"
label = { zh = "退回", en = "Return" }
[[transitions]]
from = ["closed"]
to = "filed"
label = { zh = "归档", en = "File" }
[[transitions]]
from = ["closed"]
to = "open"
label = { zh = "重新打开", en = "Reopen" }
"#;

const FILE: &str = "records/SY-2026-0001.toml";

/// A matter in some state, with one note of progress.
fn matter(number: u32, title: &str, state: &str, lines: &str) -> String {
    format!(
        r#"kind = "trial"
id = "SY-2026-{number:04}"
title = "{title}"
state = "{state}"

[main]
department = "rd"
person = "zhang-wei"
text = "测节拍"
{lines}
[[progress]]
at = 2026-05-07
text = "第一轮完成"
"#
    )
}

const OPEN: &str = "begun_on = 2026-05-06\ntried_on = 2026-06-01\n";
const CLOSED: &str = "begun_on = 2026-05-06\nclosed_on = 2026-05-12\n";

/// A repository whose base has one matter.
fn repository(first: &str) -> GitRepository {
    let repository =
        GitRepository::of(Repository::new().file("templates/kinds/trial/kind.toml", KIND));
    repository.write(FILE, first);
    repository.commit("基线");
    repository.git(&["tag", "base"]);
    repository
}

/// What `check` says of the way from the tag `base`, as `rule level place: message`.
fn said(repository: &GitRepository, more: &[&str]) -> Vec<String> {
    let arguments = [
        &[
            "check",
            "--base",
            "base",
            "--format",
            "json",
            "--as-of",
            "2026-05-20T10:00:00+08:00",
        ],
        more,
    ];
    let output = repository.taizhang(&arguments.concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    });
    let ours: BTreeSet<&str> = [
        "state-transition",
        "closed-record",
        "appended-only",
        "number-reused",
        "number-taken",
    ]
    .into();
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| ours.contains(finding["rule"].as_str().unwrap()))
        .map(|finding| {
            format!(
                "{} {} {}:{}: {}",
                finding["rule"].as_str().unwrap(),
                finding["level"].as_str().unwrap(),
                finding["path"].as_str().unwrap(),
                finding["line"],
                finding["message"].as_str().unwrap()
            )
        })
        .collect()
}

/// What is said when the matter becomes something else.
fn becomes(before: &str, after: &str) -> Vec<String> {
    let repository = repository(before);
    repository.write(FILE, after);
    said(&repository, &[])
}

#[test]
fn a_state_moves_along_transitions_several_at_once() {
    let draft = matter(1, "试产", "draft", "");
    let filed = matter(1, "试产", "filed", CLOSED);
    assert_eq!(becomes(&draft, &filed), [""; 0]);
    let open = matter(1, "试产", "open", OPEN);
    assert_eq!(
        becomes(&filed, &open),
        [
            "state-transition error records/SY-2026-0001.toml:4: “已归档”是最后的状态，不能再到“办理中”"
        ]
    );
    let closed = matter(1, "试产", "closed", CLOSED);
    assert_eq!(
        becomes(&filed, &closed)[0],
        "state-transition error records/SY-2026-0001.toml:4: “已归档”是最后的状态，不能再到“已关闭”"
    );
}

#[test]
fn a_closed_record_is_added_to_while_a_step_lies_ahead_and_never_altered() {
    let closed = matter(1, "试产", "closed", CLOSED);
    let lesson = "lesson = \"提前备料\"\n";
    let reviewed = matter(1, "试产", "closed", &format!("{CLOSED}{lesson}"));
    assert_eq!(becomes(&closed, &reviewed), [""; 0]);
    let altered = closed.replace("测节拍", "测良率");
    assert_eq!(
        becomes(&closed, &altered),
        [
            "closed-record error records/SY-2026-0001.toml:9: 已是“已关闭”，又改了“事项 / 内容”（共 1 处）"
        ]
    );
    let filed = matter(1, "试产", "filed", CLOSED);
    let added = matter(1, "试产", "filed", &format!("{CLOSED}{lesson}"));
    assert_eq!(becomes(&filed, &added).len(), 1);
    let related = filed.replace("state =", "related = [\"SY-2026-0001\"]\nstate =");
    assert_eq!(becomes(&filed, &related), [""; 0]);
    let renamed = filed.replace("试产", "量产");
    assert_eq!(
        becomes(&filed, &renamed),
        [
            "closed-record error records/SY-2026-0001.toml:3: 已是“已归档”，又改了标题等基本信息（共 1 处）"
        ]
    );
}

#[test]
fn a_closed_record_is_reopened_with_a_reason() {
    let closed = matter(1, "试产", "closed", CLOSED);
    let open = matter(1, "试产", "open", "begun_on = 2026-05-06\n");
    assert_eq!(
        becomes(&closed, &open),
        [
            "closed-record error records/SY-2026-0001.toml:4: 从“已关闭”重新打开为“办理中”，没有写理由"
        ]
    );
    let reason = "\n[[progress]]\nat = 2026-05-19\ntext = \"客户要求复测\"\n";
    let text = open.replace("测节拍", "测节拍和良率") + reason;
    assert_eq!(becomes(&closed, &text), [""; 0]);
}

#[test]
fn a_record_is_not_deleted_once_it_is_no_draft() {
    for (state, lines, rule) in [
        ("closed", CLOSED, Some("closed-record")),
        ("open", OPEN, Some("appended-only")),
        ("draft", "", None),
    ] {
        let repository = repository(&matter(1, "试产", state, lines));
        std::fs::remove_file(repository.files.path(FILE)).unwrap();
        let said = said(&repository, &[]);
        assert_eq!(said.len(), usize::from(rule.is_some()), "{said:?}");
        if let Some(rule) = rule {
            assert!(
                said[0].starts_with(&format!("{rule} error taizhang.toml:")),
                "{said:?}"
            );
            assert!(said[0].contains("SY-2026-0001"), "{said:?}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_called_deleted() {
    let open = matter(1, "试产", "open", OPEN);
    assert_eq!(becomes(&open, "kind = \"trail\"\nid = [\n"), [""; 0]);
}

#[test]
fn progress_and_events_are_appended() {
    let open = matter(1, "试产", "open", OPEN);
    let more = "\n[[progress]]\nat = 2026-05-08\ntext = \"第二轮完成\"\n";
    assert_eq!(becomes(&open, &format!("{open}{more}")), [""; 0]);
    assert_eq!(
        becomes(&open, &open.replace("第一轮完成", "第一轮未完成")),
        ["appended-only error records/SY-2026-0001.toml:15: “进展 / 情况”原为“第一轮完成”，被改写"]
    );
    let without = open.split("[[progress]]").next().unwrap();
    assert_eq!(
        becomes(&open, without),
        ["appended-only error records/SY-2026-0001.toml:2: “进展”少了原有的内容"]
    );
    assert_eq!(
        becomes(
            &open,
            &open.replace("begun_on = 2026-05-06", "begun_on = 2026-05-04")
        ),
        [
            "appended-only error records/SY-2026-0001.toml:10: “事项 / 开始日期”原为“2026-05-06”，被改写"
        ]
    );
    assert_eq!(
        becomes(&open, &open.replace("begun_on = 2026-05-06\n", "")),
        ["appended-only error records/SY-2026-0001.toml:6: “事项 / 开始日期”写过的事件被删去"]
    );
}

#[test]
fn plans_drafts_and_what_is_done_again_may_be_rewritten() {
    let open = matter(1, "试产", "open", OPEN);
    let moved = open.replace("tried_on = 2026-06-01", "tried_on = 2026-06-08");
    assert_eq!(becomes(&open, &moved), [""; 0], "it has not happened yet");
    let returned = matter(1, "试产", "draft", "tried_on = 2026-06-01\n");
    assert_eq!(
        becomes(&open, &returned),
        [""; 0],
        "it will be submitted again"
    );
    let draft = matter(1, "试产", "draft", OPEN);
    let other = draft
        .replace("第一轮完成", "未开始")
        .replace("2026-05-06", "2026-05-05");
    assert_eq!(becomes(&draft, &other), [""; 0]);
}

#[test]
fn a_mistake_put_right_with_a_note_that_says_so_is_only_noted() {
    let open = matter(1, "试产", "open", OPEN);
    let note = "\n[[progress]]\nat = 2026-05-08\ntext = \"开始日期误记，应为5月4日\"\n";
    let corrected = open.replace("begun_on = 2026-05-06", "begun_on = 2026-05-04") + note;
    let said = becomes(&open, &corrected);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("appended-only note "), "{said:?}");
}

#[test]
fn a_number_that_was_ever_given_is_not_given_again() {
    let repository = repository(&matter(1, "试产", "open", OPEN));
    repository.write(
        "records/SY-2026-0002.toml",
        matter(2, "老事项", "draft", ""),
    );
    repository.commit("另一件");
    std::fs::remove_file(repository.files.path("records/SY-2026-0002.toml")).unwrap();
    repository.commit("删除");
    repository.git(&["tag", "--force", "base"]);
    repository.write(
        "records/SY-2026-0003.toml",
        matter(3, "新事项", "draft", ""),
    );
    assert_eq!(said(&repository, &[]), [""; 0]);
    repository.write(
        "records/2026/SY-2026-0002.toml",
        matter(2, "新事项二", "draft", ""),
    );
    assert_eq!(
        said(&repository, &[]),
        ["number-reused error records/2026/SY-2026-0002.toml:2: 编号 SY-2026-0002 曾属于“老事项”"]
    );
    repository.write(
        "records/2026/SY-2026-0002.toml",
        matter(2, "老事项", "open", OPEN),
    );
    assert_eq!(said(&repository, &[]), [""; 0], "the same matter is back");
}

#[test]
fn a_number_does_not_pass_to_another_matter() {
    let open = matter(1, "试产", "open", OPEN);
    assert_eq!(becomes(&open, &open.replace("试产", "试产二")), [""; 0]);
    let another = r#"kind = "trial"
id = "SY-2026-0001"
title = "采购模具"
state = "open"

[main]
department = "marketing"
person = "li-na"
begun_on = 2026-05-11
text = "三家比价"
"#;
    let said = becomes(&open, another);
    let ours = "number-reused error records/SY-2026-0001.toml:2: 编号 SY-2026-0001 曾属于“试产”";
    assert!(said.contains(&ours.to_owned()), "{said:?}");
}

#[test]
fn a_number_is_not_taken_twice_on_branches() {
    let repository = repository(&matter(1, "试产", "open", OPEN));
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    repository.write(
        "records/SY-2026-0002.toml",
        matter(2, "甲事项", "draft", ""),
    );
    repository.commit("甲");
    repository.git(&["checkout", "--quiet", "-b", "mine", "base"]);
    repository.write(
        "records/SY-2026-0002.toml",
        matter(2, "乙事项", "draft", ""),
    );
    repository.commit("乙");
    assert_eq!(said(&repository, &[]), [""; 0]);
    let taken = "编号 SY-2026-0002 在分支 ";
    let against = said(&repository, &["--against", "other"]);
    assert_eq!(
        against,
        [format!(
            "number-taken error records/SY-2026-0002.toml:2: {taken}other 上属于“甲事项”"
        )]
    );
    // the other one was merged first
    repository.git(&["tag", "--force", "base", "other"]);
    assert_eq!(
        said(&repository, &[]),
        [format!(
            "number-taken error records/SY-2026-0002.toml:2: {taken}base 上属于“甲事项”"
        )]
    );
    // a branch that rests on this one has the same matter
    repository.git(&["checkout", "--quiet", "-b", "stacked"]);
    repository.write(
        "records/SY-2026-0002.toml",
        matter(2, "乙事项改名", "draft", ""),
    );
    repository.commit("乙改名");
    repository.git(&["checkout", "--quiet", "mine"]);
    repository.git(&["tag", "--force", "base", "mine~1"]);
    assert_eq!(said(&repository, &["--against", "stacked"]), [""; 0]);
}

#[test]
fn what_came_to_the_base_meanwhile_is_no_part_of_the_change() {
    let repository = repository(&matter(1, "试产", "open", OPEN));
    repository.git(&["checkout", "--quiet", "-b", "mine"]);
    repository.write(
        "records/SY-2026-0003.toml",
        matter(3, "丙事项", "draft", ""),
    );
    repository.commit("丙");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(
        "records/SY-2026-0002.toml",
        matter(2, "甲事项", "open", OPEN),
    );
    repository.write(FILE, matter(1, "试产", "closed", CLOSED));
    repository.commit("主线前进");
    repository.git(&["tag", "--force", "base"]);
    repository.git(&["checkout", "--quiet", "mine"]);
    assert_eq!(said(&repository, &[]), [""; 0]);
    // nor does a review tell of the reverse of it
    let output = repository.taizhang(&["review", "--base", "base", "--format", "json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("SY-2026-0003"), "{text}");
    assert!(!text.contains("SY-2026-0001"), "{text}");
    assert!(!text.contains("SY-2026-0002"), "{text}");
}

#[test]
fn a_fault_that_the_base_mended_meanwhile_is_not_brought_by_the_change() {
    let faulty = matter(2, "甲事项", "nowhere", OPEN);
    let repository = repository(&matter(1, "试产", "open", OPEN));
    repository.write("records/SY-2026-0002.toml", &faulty);
    repository.commit("有错");
    repository.git(&["branch", "mine"]);
    repository.write(
        "records/SY-2026-0002.toml",
        faulty.replace("nowhere", "open"),
    );
    repository.commit("改好");
    repository.git(&["tag", "--force", "base"]);
    repository.git(&["checkout", "--quiet", "mine"]);
    let output = repository.taizhang(&["check", "--base", "base"]);
    assert!(output.status.success(), "{output:?}");
    let output = repository.taizhang(&["check"]);
    assert!(!output.status.success(), "{output:?}");
}

#[test]
fn a_review_tells_of_them_among_the_new_findings() {
    let repository = repository(&matter(1, "试产", "filed", CLOSED));
    repository.write(FILE, matter(1, "试产", "open", OPEN));
    let output = repository.taizhang(&["review", "--base", "base"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("是最后的状态"), "{text}");
}

#[test]
fn renumbering_keeps_comments_and_mends_what_refers_to_it() {
    let repository = repository(&matter(1, "试产", "closed", CLOSED));
    repository.write(
        "records/SY-2026-0002.toml",
        format!(
            "# SY-2026-0002 的说明\n{}",
            matter(2, "甲事项", "draft", "")
        ),
    );
    let source = "source = 'SY-2026-0002'   # 来自甲\n";
    let three = matter(3, "乙事项", "draft", source);
    repository.write("records/SY-2026-0003.toml", &three);
    repository.commit("两件");
    let output = repository.taizhang(&["renumber", "SY-2026-0002"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "records/SY-2026-0004.toml\n"
    );
    assert!(!repository.files.path("records/SY-2026-0002.toml").exists());
    let moved = repository.read("records/SY-2026-0004.toml");
    assert!(
        moved.starts_with("# SY-2026-0002 的说明\n"),
        "prose is left to people"
    );
    assert!(moved.contains("id = \"SY-2026-0004\""), "{moved}");
    assert_eq!(
        repository.read("records/SY-2026-0003.toml"),
        three.replace("'SY-2026-0002'", "'SY-2026-0004'")
    );
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("正文里仍提到"), "{told}");
    let again = repository.taizhang(&["renumber", "SY-2026-0003", "SY-2026-0002"]);
    assert_eq!(again.status.code(), Some(2), "it was given before");
}
