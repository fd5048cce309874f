//! Two rules of change: a date is put off with a reason before it has passed,
//! and a record is changed by those who may. Each with a change that breaks it
//! and one that just passes, in real repositories of git.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::Repository;
use common::git::{Author, GitRepository, LI_NA, ZHANG_WEI};
use serde_json::Value;

/// Two ways to tell of a delay, and a date without any is in [`PLAIN`].
const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"
department = "main.department"
responsible = "main.person"
changed_by = ["department", "office"]

[sections.main]
label = { zh = "事项", en = "Matter" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.person = { type = "person", label = { zh = "负责人", en = "Responsible" } }
fields.partners = { type = "department", many = true, label = { zh = "协作部门", en = "Partners" } }

[sections.tasks]
label = { zh = "任务", en = "Tasks" }
repeated = true
identity = "id"
commitment = { what = "what", owner = "owner", due = "due_on", done = "done_on" }
fields.id = { type = "text", label = { zh = "编号", en = "No." } }
fields.what = { type = "text", label = { zh = "内容", en = "What" } }
fields.owner = { type = "person", label = { zh = "谁做", en = "Owner" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due" } }
fields.done_on = { type = "date", event = true, label = { zh = "完成日期", en = "Done on" } }

[sections.delays]
label = { zh = "延期", en = "Delays" }
repeated = true
delay = { item = "item", from = "was", told = "told", reason = "why" }
fields.item = { type = "text", label = { zh = "哪项", en = "Item" } }
fields.was = { type = "date", label = { zh = "原定", en = "Was" } }
fields.told = { type = "date", label = { zh = "提出", en = "Told" } }
fields.why = { type = "text", label = { zh = "原因", en = "Why" } }

[sections.steps]
label = { zh = "步骤", en = "Steps" }
repeated = true
identity = "id"
commitment = { what = "what", owner = "owner", due = "due_on" }
delay = { from = "was", told = "told", reason = "why" }
fields.id = { type = "text", label = { zh = "编号", en = "No." } }
fields.what = { type = "text", label = { zh = "内容", en = "What" } }
fields.owner = { type = "person", label = { zh = "谁做", en = "Owner" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due" } }
fields.done_on = { type = "date", event = true, label = { zh = "完成日期", en = "Done on" } }
fields.was = { type = "date", label = { zh = "原定", en = "Was" } }
fields.told = { type = "date", label = { zh = "提出", en = "Told" } }
fields.why = { type = "text", label = { zh = "原因", en = "Why" } }

[[limits]]
id = "step-done"
label = { zh = "完成步骤", en = "Finish the step" }
each = "steps"
due = "steps.due_on"
to = "steps.done_on"
owed_by = "steps.owner"

[sections.answers]
label = { zh = "答复", en = "Answers" }
repeated = true
changed_by = ["main.partners"]
fields.text = { type = "text", label = { zh = "答复", en = "Answer" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "办理中", en = "Open" }
phase = "open"

[[transitions]]
from = ["draft"]
to = "open"
label = { zh = "提交", en = "Submit" }
"#;

/// A kind whose only date is a limit's, with notes of progress.
const PLAIN: &str = r#"
name = { zh = "简单", en = "Plain" }
number = "JD-{year}-{seq:4}"
department = "main.department"
responsible = "main.person"

[sections.main]
label = { zh = "事项", en = "Matter" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.person = { type = "person", label = { zh = "负责人", en = "Responsible" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due" } }
fields.done_on = { type = "date", event = true, label = { zh = "完成日期", en = "Done on" } }

[sections.progress]
label = { zh = "进展", en = "Progress" }
repeated = true
log = { at = "at", text = "text" }
fields.at = { type = "date", label = { zh = "日期", en = "On" } }
fields.text = { type = "text", label = { zh = "情况", en = "Text" } }

[[states]]
id = "open"
label = { zh = "办理中", en = "Open" }
phase = "open"

[[limits]]
id = "done"
label = { zh = "办结", en = "Done" }
due = "main.due_on"
to = "main.done_on"
owed_by = "main.person"
"#;

const PEOPLE: &str = r#"
[zhang-wei]
name = "张伟"
department = "rd"
email = "zhang.wei@example.com"
[li-na]
name = "李娜"
department = "marketing"
email = "li.na@example.com"
[sun-li]
name = "孙丽"
department = "admin"
email = "sun.li@example.com"
"#;

const SUN_LI: Author = Author {
    name: "孙丽",
    email: "sun.li@example.com",
};
const STRANGER: Author = Author {
    name: "某人",
    email: "someone@elsewhere.example",
};

const FILE: &str = "records/SY-2026-0001.toml";
const PLAIN_FILE: &str = "records/JD-2026-0001.toml";

fn matter(state: &str, rest: &str) -> String {
    format!(
        r#"kind = "trial"
id = "SY-2026-0001"
title = "试产"
state = "{state}"

[main]
department = "rd"
person = "zhang-wei"
partners = ["marketing"]

{rest}"#
    )
}

fn task(due: &str) -> String {
    format!("[[tasks]]\nid = \"A1\"\nwhat = \"备料\"\nowner = \"zhang-wei\"\ndue_on = {due}\n")
}

fn delay(item: &str, was: &str, told: &str, why: &str) -> String {
    format!("[[delays]]\nitem = \"{item}\"\nwas = {was}\ntold = {told}\nwhy = \"{why}\"\n")
}

fn step(due: &str, rest: &str) -> String {
    format!("[[steps]]\nid = \"B1\"\nwhat = \"试装\"\nowner = \"li-na\"\ndue_on = {due}\n{rest}")
}

fn plain(due: &str, rest: &str) -> String {
    format!(
        "kind = \"plain\"\nid = \"JD-2026-0001\"\ntitle = \"盘点\"\nstate = \"open\"\n\n[main]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\ndue_on = {due}\n{rest}"
    )
}

/// A repository whose base has this file.
fn repository(path: &str, first: &str) -> GitRepository {
    let files = Repository::new()
        .file("templates/kinds/trial/kind.toml", KIND)
        .file("templates/kinds/plain/kind.toml", PLAIN)
        .file("records/organisation/people.toml", PEOPLE);
    let repository = GitRepository::of(files);
    repository.write(path, first);
    repository.commit("基线");
    repository.git(&["tag", "base"]);
    repository
}

/// What `check` says of a rule on the way from the base, on a day of May 2026:
/// `level line: message`.
fn said(repository: &GitRepository, rule: &str, day: u32) -> Vec<String> {
    let as_of = format!("2026-05-{day:02}T10:00:00+08:00");
    let arguments = [
        "check", "--base", "base", "--format", "json", "--as-of", &as_of,
    ];
    let output = repository.taizhang(&arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    });
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["rule"] == rule)
        .map(|finding| {
            let part = |name: &str| finding[name].as_str().unwrap().to_owned();
            format!("{} {}: {}", part("level"), finding["line"], part("message"))
        })
        .collect()
}

fn moved(path: &str, before: &str, after: &str, day: u32) -> Vec<String> {
    let repository = repository(path, before);
    repository.write(path, after);
    said(&repository, "due-moved", day)
}

#[test]
fn a_task_is_put_off_with_a_reason_before_its_date_has_passed() {
    let before = matter("open", &task("2026-05-20"));
    let after = |rest: &str| matter("open", &format!("{}{rest}", task("2026-05-27")));
    assert_eq!(
        moved(FILE, &before, &after(""), 18),
        ["error 15: “任务 / 期限”由 2026-05-20 改为 2026-05-27，没有延期说明"]
    );
    let told = delay("A1", "2026-05-20", "2026-05-18", "来料检验不合格");
    assert_eq!(moved(FILE, &before, &after(&told), 18), [""; 0]);
    assert_eq!(
        moved(FILE, &before, &after(&told), 20),
        [""; 0],
        "on the very day"
    );
    assert_eq!(
        moved(FILE, &before, &after(&told), 21),
        ["warning 15: “任务 / 期限”由 2026-05-20 改为 2026-05-27，原定日期过后才说明"],
        "a date that was put in afterwards"
    );
    let silent = delay("A1", "2026-05-20", "2026-05-18", "");
    assert_eq!(
        moved(FILE, &before, &after(&silent), 18),
        ["error 15: “任务 / 期限”由 2026-05-20 改为 2026-05-27，延期说明里没有原因"]
    );
    for other in [
        delay("A2", "2026-05-20", "2026-05-18", "来料检验不合格"),
        delay("A1", "2026-05-19", "2026-05-18", "来料检验不合格"),
    ] {
        let said = moved(FILE, &before, &after(&other), 18);
        assert_eq!(
            said.len(),
            1,
            "of another task, or of another date: {said:?}"
        );
    }
}

#[test]
fn what_was_told_before_may_be_moved_after() {
    let told = delay("A1", "2026-05-20", "2026-05-18", "来料检验不合格");
    let before = matter("open", &format!("{}{told}", task("2026-05-20")));
    let after = matter("open", &format!("{}{told}", task("2026-05-27")));
    assert_eq!(moved(FILE, &before, &after, 25), [""; 0]);
}

#[test]
fn drafts_earlier_dates_and_done_tasks_are_moved_freely() {
    let of = |state: &str, due: &str, rest: &str| matter(state, &format!("{}{rest}", task(due)));
    let draft = of("draft", "2026-05-20", "");
    assert_eq!(
        moved(FILE, &draft, &of("draft", "2026-05-27", ""), 18),
        [""; 0]
    );
    let open = of("open", "2026-05-20", "");
    assert_eq!(
        moved(FILE, &open, &of("open", "2026-05-12", ""), 8),
        [""; 0]
    );
    let done = "done_on = 2026-05-15\n";
    let before = of("open", "2026-05-20", done);
    assert_eq!(
        moved(FILE, &before, &of("open", "2026-05-21", done), 18),
        [""; 0]
    );
    // a date that is taken away is put off for ever
    let without = open.replace("due_on = 2026-05-20\n", "");
    assert_eq!(
        moved(FILE, &open, &without, 18),
        ["error 11: “任务 / 期限”由 2026-05-20 改为 —，没有延期说明"]
    );
}

#[test]
fn a_row_tells_of_its_own_delay_where_it_has_columns_for_it() {
    let before = matter("open", &step("2026-05-20", ""));
    let columns = "was = 2026-05-20\ntold = 2026-05-18\nwhy = \"夹具返修\"\n";
    let after = matter("open", &step("2026-05-27", columns));
    assert_eq!(moved(FILE, &before, &after, 18), [""; 0]);
    let after = matter("open", &step("2026-05-27", ""));
    assert_eq!(
        moved(FILE, &before, &after, 18),
        ["error 15: “步骤 / 期限”由 2026-05-20 改为 2026-05-27，没有延期说明"]
    );
}

#[test]
fn where_a_kind_has_no_way_a_note_of_progress_is_the_reason() {
    let before = plain("2026-05-20", "");
    assert_eq!(
        moved(PLAIN_FILE, &before, &plain("2026-05-27", ""), 18),
        ["warning 9: “事项 / 期限”由 2026-05-20 改为 2026-05-27，没有说明原因"]
    );
    let note = "\n[[progress]]\nat = 2026-05-18\ntext = \"客户推迟到货\"\n";
    assert_eq!(
        moved(PLAIN_FILE, &before, &plain("2026-05-27", note), 18),
        [""; 0]
    );
    assert_eq!(
        moved(PLAIN_FILE, &before, &plain("2026-05-27", note), 22).len(),
        1
    );
}

#[test]
fn a_review_tells_whether_a_move_was_announced_whichever_way() {
    let repository = repository(FILE, &matter("open", &step("2026-05-20", "")));
    let review = |rest: &str| {
        repository.write(FILE, matter("open", &step("2026-05-27", rest)));
        let as_of = "2026-05-18T10:00:00+08:00";
        let output = repository.taizhang(&["review", "--base", "base", "--as-of", as_of]);
        String::from_utf8(output.stdout).unwrap()
    };
    let told = review("was = 2026-05-20\ntold = 2026-05-18\nwhy = \"夹具返修\"\n");
    assert!(told.contains("已按时说明原因"), "{told}");
    let untold = review("");
    assert!(
        untold.contains("改到 2026-05-27 18:00，没有说明原因"),
        "{untold}"
    );
}

fn changed_by(authors: &[Author], edit: impl Fn(&str) -> String) -> Vec<String> {
    let repository = repository(FILE, &matter("open", "[[answers]]\ntext = \"可以\"\n"));
    for (count, author) in authors.iter().enumerate() {
        let text = repository.read(FILE);
        repository.write(FILE, format!("{}# {count}\n", edit(&text)));
        repository.commit_as(*author, "2026-05-07T09:30:00+08:00", "改");
    }
    said(&repository, "who-may-change", 18)
}

#[test]
fn a_record_is_changed_by_its_own_department_or_the_office() {
    let title = |text: &str| text.replace("试产", "试产二");
    assert_eq!(changed_by(&[ZHANG_WEI], title), [""; 0]);
    assert_eq!(changed_by(&[SUN_LI], title), [""; 0]);
    assert_eq!(
        changed_by(&[LI_NA], title),
        ["warning 3: “试验”由李娜修改；应由主责部门、统筹台账的部门修改"]
    );
    assert_eq!(
        changed_by(&[LI_NA, ZHANG_WEI], title),
        [""; 0],
        "one of them may"
    );
    assert_eq!(
        changed_by(&[STRANGER], title),
        [
            "note 3: 不知道 someone@elsewhere.example 是谁，看不出是否有权修改；应由主责部门、统筹台账的部门修改"
        ]
    );
}

#[test]
fn a_section_may_be_for_others_to_change() {
    let answer = |text: &str| text.replace("可以", "可以，下周");
    assert_eq!(changed_by(&[LI_NA], answer), [""; 0]);
    assert_eq!(
        changed_by(&[ZHANG_WEI], answer),
        ["warning 12: “答复”由张伟修改；应由协作部门修改"]
    );
}

#[test]
fn what_is_not_committed_is_whoevers_works_here() {
    let repository = repository(FILE, &matter("open", ""));
    repository.git(&["config", "user.name", "李娜"]);
    repository.git(&["config", "user.email", "LI.NA@example.com"]);
    repository.write(FILE, matter("open", "").replace("试产", "试产二"));
    assert_eq!(said(&repository, "who-may-change", 18).len(), 1);
    repository.git(&["config", "user.email", "zhang.wei@example.com"]);
    assert_eq!(said(&repository, "who-may-change", 18), [""; 0]);
}
