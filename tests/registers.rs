//! Papers gathered from many records: what stands on which, for whom.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::Repository;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::view::{Block, Content};
use taizhang::print::{FormView, Gathered, blank_register, forms_of, gathered};
use taizhang::register::Loaded;
use taizhang::text::Language;

const KIND: &str = r#"
name = { zh = "来访", en = "Visit" }
number = "LF-{year}-{seq:4}"
internal = false
retention = "10y"
responsible = "visit.host"
department = "visit.department"
parties = ["visit.guests"]

[sections.visit]
label = { zh = "来访", en = "Visit" }
fields.department = { type = "department", label = { zh = "接待部门", en = "Department" } }
fields.host = { type = "person", label = { zh = "接待人", en = "Host" } }
fields.guests = { type = "party", many = true, label = { zh = "来访单位", en = "Guests" } }
fields.at = { type = "instant", label = { zh = "来访时间", en = "At" } }
fields.follows = { type = "reference", label = { zh = "承接", en = "Follows" } }
fields.left_on = { type = "date", label = { zh = "离开日期", en = "Left on" } }
fields.number = { type = "text", checks = ["archive-number"], label = { zh = "档号", en = "Archive number" } }

[sections.talks]
label = { zh = "谈话", en = "Talks" }
repeated = true
fields.on = { type = "date", label = { zh = "日期", en = "Date" } }
fields.text = { type = "text", label = { zh = "内容", en = "Text" } }

[sections.tasks]
label = { zh = "待办", en = "Tasks" }
repeated = true
commitment = { what = "task", owner = "owner", due = "due_on", done = "done_on" }
fields.task = { type = "text", label = { zh = "任务", en = "Task" } }
fields.owner = { type = "person", label = { zh = "负责人", en = "Owner" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due" } }
fields.done_on = { type = "date", label = { zh = "完成", en = "Done" } }

[[forms]]
id = "slip"
name = { zh = "来访单", en = "Slip" }
layout = [ { row = ["id", "related"] }, { row = ["visit.follows"] } ]

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "进行中", en = "Open" }
phase = "open"
entered = "visit.at"
[[states]]
id = "over"
label = { zh = "已结束", en = "Over" }
phase = "closed"
entered = "visit.left_on"
"#;

/// One for each customer: its visits and what was said.
const GUEST_BOOK: &str = r##"
name = { zh = "来访登记簿", en = "Guest book" }
clause = "B14"
per = "party"
party_kind = "customer"
head = [
  { row = [ { value = "subject" }, { value = "count" } ] },
  { row = [ { path = "visit.at", take = "earliest", label = { zh = "首次来访", en = "First" } }, { path = "visit.host" } ] },
]

[[tables]]
label = { zh = "来访", en = "Visits" }
kinds = ["visit"]
columns = [ { value = "#" }, { path = "id" }, { path = "title" }, { path = "visit.follows" } ]

[[tables]]
label = { zh = "谈话", en = "Talks" }
kinds = ["visit"]
rows = "talks"
sort = "talks.on"
descending = true
columns = [ { path = "talks.on" }, { path = "talks.text" }, { path = "id" } ]
"##;

const DEPARTMENT_TASKS: &str = r#"
name = { zh = "部门待办", en = "Tasks of a department" }
per = "department"

[[tables]]
commitments = true
open = true
sort = "due_on"
columns = [ { value = "task" }, { value = "owner" }, { value = "due_on" }, { value = "days_overdue" }, { value = "task_status" }, { value = "heads" } ]
blank_rows = 7
"#;

const FILED: &str = r#"
name = { zh = "目录", en = "List" }
per = "year"

[[tables]]
filed = true
sort = "archive_number"
columns = [ { value = "archive_number" }, { path = "title" }, { value = "retention" }, { value = "kept_through" } ]
"#;

const AS_OF: &str = "2026-05-07T09:00:00+08:00";

fn repository() -> Repository {
    Repository::new()
        .file("templates/kinds/visit/kind.toml", KIND)
        .file("templates/registers/guest-book.toml", GUEST_BOOK)
        .file(
            "templates/registers/department-tasks.toml",
            DEPARTMENT_TASKS,
        )
        .file("templates/registers/filed.toml", FILED)
        .file(
            "records/organisation/parties.toml",
            r#"
[huaxin]
name = "华芯微电子有限公司"
kind = "supplier"
[lanjing]
name = "蓝鲸健康科技有限公司"
kind = "customer"
[beichen]
name = "北辰运动连锁有限公司"
kind = "customer"
"#,
        )
        .file(
            "taizhang.toml",
            r#"
name = { zh = "测试公司", en = "Test Ltd" }
coordination_office = "admin"
fonds = "X021"
[[audiences]]
id = "board"
name = { zh = "管理层", en = "Board" }
members = ["admin"]
"#,
        )
}

/// A record of a visit. `more` stands at the end of the section and after it.
fn visit(number: u32, title: &str, envelope: &str, guests: &str, more: &str) -> String {
    format!(
        r#"kind = "visit"
id = "LF-2026-{number:04}"
title = "{title}"
state = "open"
{envelope}

[visit]
department = "rd"
host = "zhang-wei"
guests = [{guests}]
at = 2026-04-{number:02}T09:30:00+08:00
{more}
"#
    )
}

fn outlook(loaded: &Loaded, audience: &str) -> Viewer {
    Viewer::parse(
        audience,
        &loaded.register.organisation,
        &loaded.register.settings,
    )
    .unwrap()
}

/// The papers of a definition for an audience.
fn papers(loaded: &Loaded, register: &str, audience: &str) -> Vec<FormView> {
    let viewer = outlook(loaded, audience);
    let outlook = Outlook::new(&loaded.register, AS_OF.parse().unwrap(), viewer);
    let paper = loaded.register.register_paper(register).unwrap();
    gathered(&outlook, paper)
        .iter()
        .map(|paper: &Gathered<'_>| paper.view(&outlook, Language::Chinese))
        .collect()
}

fn line(content: &Content) -> String {
    match content {
        Content::Lines { lines } => lines.join("／"),
        Content::Empty => String::new(),
        other => format!("{other:?}"),
    }
}

/// The cells of the tables, row by row.
fn rows(view: &FormView) -> Vec<Vec<String>> {
    view.blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table { rows, .. } => Some(rows),
            _ => None,
        })
        .flatten()
        .map(|row| row.iter().map(line).collect())
        .collect()
}

/// The cells of the head with their labels.
fn head(view: &FormView) -> Vec<(String, String)> {
    view.blocks
        .iter()
        .filter_map(|block| match block {
            Block::Grid { rows, .. } => Some(rows),
            _ => None,
        })
        .flatten()
        .flat_map(|row| &row.cells)
        .map(|cell| (cell.label.clone(), line(&cell.content)))
        .collect()
}

#[test]
fn each_customer_has_a_paper_of_its_own_dealings() {
    let loaded = repository()
        .file(
            "records/LF-2026-0001.toml",
            visit(
                1,
                "看样机",
                "",
                r#""lanjing", "beichen""#,
                "[[talks]]\non = 2026-04-01\ntext = \"谈交期\"\n[[talks]]\non = 2026-04-03\ntext = \"谈价格\"",
            ),
        )
        .file(
            "records/LF-2026-0002.toml",
            visit(2, "验厂", "", r#""huaxin", "lanjing""#, "host = \"li-na\"").replacen(
                "host = \"zhang-wei\"\n",
                "",
                1,
            ),
        )
        .clean();
    let papers = papers(&loaded, "guest-book", "internal");
    let names: Vec<&str> = papers.iter().map(|view| view.file_name.as_str()).collect();
    assert_eq!(
        names,
        ["register-guest-book-lanjing", "register-guest-book-beichen"],
        "the supplier has no customer's paper"
    );
    assert_eq!(papers[0].subject.as_deref(), Some("蓝鲸健康科技有限公司"));
    assert_eq!(papers[0].as_of.as_deref(), Some("2026年5月7日"));
    assert_eq!(
        rows(&papers[0]),
        [
            vec!["1", "LF-2026-0001", "看样机", ""],
            vec!["2", "LF-2026-0002", "验厂", ""],
            vec!["2026-04-03", "谈价格", "LF-2026-0001"],
            vec!["2026-04-01", "谈交期", "LF-2026-0001"],
        ]
    );
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    assert_eq!(
        head(&papers[0]),
        [
            pair("单位名称", "蓝鲸健康科技有限公司"),
            pair("记录数", "2"),
            pair("首次来访", "2026年4月1日 09:30"),
            pair("接待人", "张伟、李娜"),
        ]
    );
    assert_eq!(rows(&papers[1]).len(), 3, "one visit and two talks");
}

#[test]
fn what_an_audience_may_not_see_is_in_no_row_count_or_file_name() {
    let loaded = repository()
        .file(
            "records/LF-2026-0001.toml",
            visit(
                1,
                "看样机",
                "",
                r#""lanjing""#,
                "follows = \"LF-2026-0002\"",
            ),
        )
        .file(
            "records/LF-2026-0002.toml",
            visit(
                2,
                "谈收购",
                "audience = \"confidential\"\nvisible_to = [\"admin\"]",
                r#""lanjing", "beichen""#,
                "",
            ),
        )
        .file(
            "records/LF-2026-0003.toml",
            visit(
                3,
                "对账",
                "audience = \"public\"\nvisible_to = [\"lanjing\"]",
                r#""lanjing", "beichen""#,
                "",
            ),
        )
        .load();
    let internal = papers(&loaded, "guest-book", "internal");
    let said = format!("{internal:?}");
    assert!(!said.contains("LF-2026-0002") && !said.contains("谈收购"));
    assert_eq!(rows(&internal[0]).len(), 2);
    assert_eq!(head(&internal[0])[1].1, "2");
    assert!(internal.iter().all(|view| view.marks.is_empty()));

    let board = papers(&loaded, "guest-book", "confidential:board");
    assert_eq!(rows(&board[0]).len(), 3);
    assert_eq!(rows(&board[0])[0][3], "LF-2026-0002");
    assert_eq!(board[0].marks, ["保密"]);

    let party = papers(&loaded, "guest-book", "public:lanjing");
    assert_eq!(party.len(), 1, "nobody else's file");
    assert_eq!(rows(&party[0]), [["1", "LF-2026-0003", "对账", ""]]);
    for register in ["department-tasks", "filed"] {
        assert!(papers(&loaded, register, "public:lanjing").is_empty());
    }
}

#[test]
fn a_record_s_own_paper_does_not_name_what_its_reader_may_not_see() {
    let loaded = repository()
        .file(
            "records/LF-2026-0001.toml",
            visit(
                1,
                "看样机",
                "related = [\"LF-2026-0002\", \"LF-2026-0003\"]",
                "",
                "follows = \"LF-2026-0002\"",
            ),
        )
        .file(
            "records/LF-2026-0002.toml",
            visit(
                2,
                "谈收购",
                "audience = \"confidential\"\nvisible_to = [\"admin\"]",
                "",
                "",
            ),
        )
        .file("records/LF-2026-0003.toml", visit(3, "对账", "", "", ""))
        .load();
    let register = &loaded.register;
    let said = |audience: &str| {
        let viewer = outlook(&loaded, audience);
        let outlook = Outlook::new(register, AS_OF.parse().unwrap(), viewer);
        let paper = forms_of(outlook.register, &outlook.register.records[0]).remove(0);
        head(&paper.view_for(&outlook, Language::Chinese))
    };
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    assert_eq!(
        said("internal"),
        [
            pair("编号", "LF-2026-0001"),
            pair("相关事项", "LF-2026-0003"),
            pair("承接", "")
        ]
    );
    assert_eq!(
        said("confidential:board")[1..],
        [
            pair("相关事项", "LF-2026-0002、LF-2026-0003"),
            pair("承接", "LF-2026-0002《谈收购》")
        ]
    );
}

#[test]
fn tasks_of_all_kinds_stand_with_the_department_that_owes_them() {
    let task = |task: &str, owner: &str, due: &str, rest: &str| {
        format!("[[tasks]]\ntask = \"{task}\"\nowner = \"{owner}\"\ndue_on = {due}\n{rest}")
    };
    let tasks = [
        task("寄样机", "li-na", "2026-05-04", ""),
        task("订会议室", "wang-qiang", "2026-05-20", ""),
        task("备资料", "li-na", "2026-04-20", "done_on = 2026-04-19"),
        task("出方案", "zhang-wei", "2026-05-08", ""),
    ];
    let loaded = repository()
        .file(
            "records/LF-2026-0001.toml",
            visit(1, "看样机", "", r#""lanjing""#, &tasks.join("\n")),
        )
        .clean();
    let papers = papers(&loaded, "department-tasks", "internal");
    assert_eq!(papers.len(), 2);
    assert_eq!(papers[1].subject.as_deref(), Some("市场部"));
    assert_eq!(
        rows(&papers[1]),
        [
            ["寄样机", "李娜", "2026-05-04", "3", "逾期", "李娜、张伟"],
            ["订会议室", "王强", "2026-05-20", "", "进行中", "李娜、张伟"],
        ]
    );
    assert_eq!(
        rows(&papers[0]),
        [["出方案", "张伟", "2026-05-08", "", "即将到期", "张伟"]]
    );
}

#[test]
fn what_is_filed_is_listed_by_year_with_how_long_it_is_kept() {
    let over = |number: u32, left: &str, archive: &str| {
        visit(
            number,
            "看样机",
            "",
            r#""lanjing""#,
            &format!("left_on = {left}\n{archive}"),
        )
        .replace("state = \"open\"", "state = \"over\"")
    };
    let loaded = repository()
        .file(
            "records/LF-2026-0001.toml",
            over(1, "2026-04-05", "number = \"X021-WS·2026-D10-RD-0002\""),
        )
        .file(
            "records/LF-2026-0002.toml",
            over(2, "2026-04-06", "number = \"X021-WS·2026-D10-RD-0001\""),
        )
        .file(
            "records/LF-2026-0003.toml",
            over(3, "2027-01-04", "number = \"X021-WS·2027-D10-RD-0001\""),
        )
        .file("records/LF-2026-0004.toml", over(4, "2026-04-07", ""))
        .load();
    let papers = papers(&loaded, "filed", "internal");
    let subjects: Vec<_> = papers.iter().map(|view| view.subject.as_deref()).collect();
    assert_eq!(subjects, [Some("2026年度"), Some("2027年度")]);
    assert_eq!(
        rows(&papers[0]),
        [
            ["X021-WS·2026-D10-RD-0001", "看样机", "10 年", "2036"],
            ["X021-WS·2026-D10-RD-0002", "看样机", "10 年", "2036"],
        ]
    );
}

#[test]
fn a_long_register_is_bound_in_parts_and_no_row_is_lost() {
    let talks: String = (0..750)
        .map(|number| format!("[[talks]]\ntext = \"第{number}次\"\n"))
        .collect();
    let loaded = repository()
        .file(
            "records/LF-2026-0001.toml",
            visit(1, "看样机", "", r#""lanjing""#, &talks),
        )
        .clean();
    let papers = papers(&loaded, "guest-book", "internal");
    let names: Vec<&str> = papers.iter().map(|view| view.file_name.as_str()).collect();
    assert_eq!(
        names,
        [
            "register-guest-book-lanjing-1",
            "register-guest-book-lanjing-2"
        ]
    );
    assert_eq!(
        papers[1].subject.as_deref(),
        Some("蓝鲸健康科技有限公司 第2册（共2册）")
    );
    let all: Vec<_> = papers.iter().flat_map(rows).collect();
    assert_eq!(all.len(), 751);
    assert_eq!(rows(&papers[0]).len(), 500);
}

#[test]
fn of_a_table_without_a_sound_column_only_the_definition_is_complained_of() {
    let wrong = FILED.replace(
        "columns = [",
        "columns = [ { path = \"visit.hots\" } ]\n# [",
    );
    let loaded = repository()
        .file("templates/registers/filed.toml", wrong)
        .file(
            "records/2026/LF-2026-0001.toml",
            visit(1, "来访", "", "\"lanjing\"", ""),
        )
        .load();
    assert!(loaded.findings.iter().any(|one| one.rule == "unknown-path"));
    let paper = loaded.register.register_paper("filed").unwrap();
    let view = blank_register(&loaded.register, paper, Language::Chinese);
    let tables = view
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Table { .. }));
    assert_eq!(tables.count(), 0, "a table without columns cannot be set");
}

#[test]
fn a_blank_register_has_its_labels_and_room_for_ink() {
    let loaded = repository().clean();
    let paper = loaded.register.register_paper("department-tasks").unwrap();
    let view = blank_register(&loaded.register, paper, Language::Chinese);
    assert!(view.blank && view.as_of.is_none());
    assert_eq!(view.file_name, "register-department-tasks-blank");
    let [
        Block::Table {
            columns,
            blank_rows,
            rows,
            ..
        },
    ] = view.blocks.as_slice()
    else {
        panic!("{:?}", view.blocks);
    };
    assert_eq!((*blank_rows, rows.len()), (7, 0));
    assert_eq!(columns[0].label, "待办事项");
    assert_eq!(columns.iter().map(|column| column.width).sum::<u32>(), 100);
}
