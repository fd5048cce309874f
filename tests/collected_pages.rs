//! Pages made of many records: the calendar, parties, projects, what register
//! definitions gather, forms, findings, and what the site says of itself.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeMap;

use common::Repository;
use common::pages::{Making, site_of, words};
use taizhang::check::check;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::register::{LoadOptions, load};
use taizhang::site::{Forms, PrintedForm, SiteFiles};
use taizhang::source::Tree;

const KIND: &str = r#"
name = { zh = "来访", en = "Visit" }
internal = false
number = "LF-{year}-{seq:4}"
retention = "10y"
responsible = "visit.host"
department = "visit.department"
parties = ["visit.guests"]

[[appointments]]
id = "visit"
starts = "visit.time"
ends = "visit.time.to"
place = "visit.place"

[sections.visit]
label = { zh = "来访", en = "Visit" }
fields.department = { type = "department", label = { zh = "接待部门", en = "Department" } }
fields.host = { type = "person", label = { zh = "接待人", en = "Host" } }
fields.guests = { type = "party", many = true, label = { zh = "来访单位", en = "Guests" } }
fields.time = { type = "period", label = { zh = "来访时间", en = "Time" } }
fields.place = { type = "text", label = { zh = "地点", en = "Place" } }
fields.asked_at = { type = "instant", label = { zh = "邀请时间", en = "Asked at" } }

[sections.answers]
label = { zh = "回执", en = "Answers" }
repeated = true
fields.person = { type = "person", label = { zh = "收件人", en = "Person" } }
fields.at = { type = "instant", label = { zh = "回执时间", en = "At" } }

[sections.conclusions]
label = { zh = "结论", en = "Conclusions" }
repeated = true
fields.text = { type = "text", label = { zh = "结论", en = "Conclusion" } }

[sections.tasks]
label = { zh = "待办", en = "Tasks" }
repeated = true
commitment = { what = "task", owner = "owner", due = "due_on", done = "done_on" }
fields.task = { type = "text", label = { zh = "任务", en = "Task" } }
fields.owner = { type = "person", label = { zh = "负责人", en = "Owner" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due" } }
fields.done_on = { type = "date", label = { zh = "完成", en = "Done" } }

[[states]]
id = "open"
label = { zh = "进行中", en = "Open" }
phase = "open"
[[states]]
id = "over"
label = { zh = "已结束", en = "Over" }
phase = "closed"

[[limits]]
id = "answer"
label = { zh = "回执", en = "Answer" }
from = "visit.asked_at"
each = "answers"
to = "answers.at"
owed_by = "answers.person"
states = ["open"]

[[limits]]
id = "keep"
label = { zh = "兑现", en = "Keep" }
each = "tasks"
due = "tasks.due_on"
to = "tasks.done_on"
owed_by = "tasks.owner"
states = ["open"]
"#;

const PROFILE: &str = r#"
name = { zh = "测试制度", en = "Test rules" }
due_soon = "5wd"
[priority]
urgent = { zh = "紧急", en = "Urgent" }
important = { zh = "重要", en = "Important" }
routine = { zh = "常规", en = "Routine" }
[limits.visit.answer]
length = "2wd"
"#;

/// By month, with what was concluded and who does what.
const CONCLUSIONS: &str = r#"
name = { zh = "来访结论", en = "Conclusions" }
navigation = "meetings"
[[tables]]
kinds = ["visit"]
sort = "visit.time"
descending = true
group = "month"
columns = [ { path = "title" }, { path = "id" }, { path = "conclusions.text" }, { value = "tasks" } ]
"#;

const ANSWERS: &str = r#"
name = { zh = "回执一览", en = "Answers" }
[[tables]]
kinds = ["visit"]
rows = "answers"
matrix = ["answer"]
columns = [ { path = "title" }, { path = "answers.person" }, { path = "answers.at" } ]
"#;

const GUEST_BOOK: &str = r#"
name = { zh = "来访登记簿", en = "Guest book" }
per = "party"
[[tables]]
label = { zh = "来访", en = "Visits" }
kinds = ["visit"]
columns = [ { path = "id" }, { path = "title" }, { path = "visit.host" } ]
"#;

fn repository() -> Repository {
    Repository::new()
        .file(
            "taizhang.toml",
            "name = \"测试公司\"\nprofile = \"test\"\ncoordination_office = \"admin\"\n",
        )
        .file("templates/kinds/visit/kind.toml", KIND)
        .file("templates/profiles/test.toml", PROFILE)
        .file("templates/registers/conclusions.toml", CONCLUSIONS)
        .file("templates/registers/answers.toml", ANSWERS)
        .file("templates/registers/guest-book.toml", GUEST_BOOK)
}

/// A visit; `day` is when it takes place, `rest` what else stands in it.
fn visit(number: u32, title: &str, envelope: &str, day: &str, rest: &str) -> (String, String) {
    (
        format!("records/2026/LF-2026-{number:04}.toml"),
        format!(
            "kind = \"visit\"\nid = \"LF-2026-{number:04}\"\ntitle = '''{title}'''\nstate = \"open\"\n{envelope}\n\
             [visit]\ndepartment = \"rd\"\nhost = \"zhang-wei\"\nguests = [\"lanjing\"]\nplace = \"一号楼\"\n\
             asked_at = 2026-05-06T09:30:00+08:00\n\
             time = {{ from = {day}T14:00:00+08:00, to = {day}T15:30:00+08:00 }}\n{rest}\n"
        ),
    )
}

/// A blank form of every kind, and the same filled of every record.
struct OneForm;

impl Forms for OneForm {
    fn of_record(&self, record: usize) -> Vec<PrintedForm> {
        vec![form(&format!("forms/{record}.pdf"))]
    }
    fn of_kind(&self, kind: usize) -> Vec<PrintedForm> {
        vec![form(&format!("forms/blank-{kind}.pdf"))]
    }
    fn of_register(&self, _paper: usize) -> Vec<PrintedForm> {
        Vec::new()
    }
}

fn form(path: &str) -> PrintedForm {
    PrintedForm {
        id: "slip".to_owned(),
        name: "来访单".to_owned(),
        clause: None,
        files: vec![("PDF".to_owned(), path.to_owned())],
    }
}

fn site(repository: &Repository, viewer: Option<&str>) -> BTreeMap<String, String> {
    let loaded = load(repository.root(), &LoadOptions::default());
    let register = &loaded.register;
    let viewer = viewer.map_or(Viewer::Internal, |name| {
        Viewer::parse(name, &register.organisation, &register.settings).unwrap()
    });
    let as_of = "2026-05-07T09:00:00+08:00".parse().unwrap();
    let outlook = Outlook::new(register, as_of, viewer);
    let mut findings = loaded.findings.clone();
    findings.extend(check(register));
    let making = Making {
        findings: &findings,
        files: SiteFiles::of_repository(&Tree::folder(repository.root())),
        forms: &OneForm,
        ..Making::default()
    };
    let files = site_of(&outlook, &making).into_iter();
    files.filter(|(path, _)| path.ends_with(".html")).collect()
}

/// What stands on a page of a site, by words; it must exist.
fn on<'s>(site: &'s BTreeMap<String, String>, path: &str) -> (String, &'s str) {
    let html = site
        .get(path)
        .unwrap_or_else(|| panic!("no {path} among {:?}", site.keys().collect::<Vec<_>>()));
    let main = html.split("<main").nth(1).unwrap();
    (words(&main[main.find('>').unwrap() + 1..]), html)
}

#[track_caller]
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "“{part}” is missing:\n{text}");
    }
}

#[test]
fn the_calendar_names_festivals_meetings_and_what_is_due() {
    let (path, text) = visit(
        1,
        "蓝鲸来访－看样机",
        "",
        "2026-05-08",
        "[[tasks]]\ntask = \"寄样机\"\nowner = \"li-na\"\ndue_on = 2026-05-09\n",
    );
    let site = site(&repository().file(&path, text), None);
    let (may, html) = on(&site, "calendar.html");
    // 1 to 5 May were off, Saturday the 9th was worked
    holds(
        &may,
        &[
            "2026年5月 19 个工作日；未办时限 1 项，会议 1 场。",
            "1 周五 休 劳动节",
            "9 周六 班 劳动节 蓝鲸来访－看样机",
            "8 周五 蓝鲸来访－看样机 14:00–15:30 来访 一号楼",
            "将到期 兑现：寄样机 李娜",
        ],
    );
    assert!(html.contains("href=\"calendar/2026-06.html\" rel=\"next\""));
    assert!(!html.contains("rel=\"prev\""), "nothing was before May");
    // the same month under its own name, and the next one though it is empty
    assert!(site.contains_key("calendar/2026-05.html"));
    let (june, _) = on(&site, "calendar/2026-06.html");
    holds(&june, &["未办时限 0 项", "休 端午节"]);
    assert!(!site.contains_key("calendar/2026-07.html"));
}

#[test]
fn a_month_without_a_holiday_table_says_so_instead_of_guessing() {
    let (path, text) = visit(1, "远期来访", "", "2031-03-05", "");
    let site = site(&repository().file(&path, text), None);
    let (march, html) = on(&site, "calendar/2031-03.html");
    holds(&march, &["没有本年的放假安排", "远期来访 14:00–15:30"]);
    assert!(!html.contains("class=\"weekend"), "{html}");
}

#[test]
fn a_party_has_a_page_with_promises_and_its_file() {
    let (path, text) = visit(
        1,
        "蓝鲸来访－看样机",
        "",
        "2026-05-08",
        "[[tasks]]\ntask = \"寄样机\"\nowner = \"li-na\"\ndue_on = 2026-05-06\n\
         [[tasks]]\ntask = \"寄说明书\"\nowner = \"li-na\"\ndue_on = 2026-05-05\ndone_on = 2026-05-05\n",
    );
    let site = site(&repository().file(&path, text), None);
    let (list, html) = on(&site, "parties.html");
    holds(&list, &["客户 1", "蓝鲸健康科技有限公司 1 1 1 1"]);
    assert!(html.contains("href=\"parties/lanjing.html\""));
    let (party, _) = on(&site, "parties/lanjing.html");
    holds(
        &party,
        &[
            "在办 1 件，已结 0 件；逾期 1 项，未兑现的承诺 1 项。",
            "类别 客户",
            "未兑现的承诺与任务 1",
            "寄样机 李娜 LF-2026-0001 2026-05-06 逾期",
            "来访登记簿 整份档案",
            "来访 1",
        ],
    );
    // the kept promise is no promise to keep
    assert!(!party.contains("寄说明书"), "{party}");
    let (file, _) = on(&site, "gathered/guest-book,lanjing.html");
    holds(
        &file,
        &[
            "来访登记簿：蓝鲸健康科技有限公司",
            "LF-2026-0001 蓝鲸来访－看样机 张伟",
        ],
    );
    // whoever had no dealings has a page that says so
    let (none, _) = on(&site, "parties/huaxin.html");
    holds(&none, &["在办 0 件", "没有在办的事项", "没有未兑现的承诺"]);
    assert!(!site.contains_key("gathered/guest-book,huaxin.html"));
}

#[test]
fn a_project_gathers_its_matters_and_people() {
    let (first, one) = visit(1, "选型", "project = \"S4/手表\"", "2026-05-08", "");
    let (second, two) = visit(2, "另一件", "project = \"s4/手表\"", "2026-05-08", "");
    let site = site(&repository().file(&first, one).file(&second, two), None);
    let projects: Vec<&String> = site
        .keys()
        .filter(|path| path.starts_with("projects/"))
        .collect();
    assert_eq!(projects.len(), 2, "they differ by a capital: {projects:?}");
    let (project, _) = on(
        &site,
        projects
            .iter()
            .find(|path| site[**path].contains("选型"))
            .unwrap(),
    );
    holds(
        &project,
        &[
            "在办 1 件",
            "主责部门 研发部",
            "参与人员 张伟",
            "蓝鲸健康科技有限公司",
        ],
    );
    assert!(!project.contains("另一件"), "{project}");
    let (_, record) = on(&site, "records/LF-2026-0001.html");
    assert!(
        record.contains("href=\"../projects/"),
        "the record leads to its project"
    );
}

#[test]
fn what_a_definition_gathers_is_a_page_by_month_with_decisions_and_tasks() {
    let mut repository = repository();
    for (number, day, said) in [(1, "2026-04-15", "先做样机"), (2, "2026-05-06", "改用新屏")]
    {
        let rest = format!(
            "[[conclusions]]\ntext = \"{said}\"\n[[conclusions]]\ntext = \"再议\"\n\
             [[tasks]]\ntask = \"办第{number}件\"\nowner = \"li-na\"\ndue_on = 2026-05-20\n"
        );
        let (path, text) = visit(number, &format!("第{number}次"), "", day, &rest);
        repository = repository.file(&path, text);
    }
    let site = site(&repository, None);
    let (page, html) = on(&site, "gathered/conclusions.html");
    let may = page.find("2026年5月").unwrap();
    let april = page.find("2026年4月").unwrap();
    assert!(may < april, "the latest month comes first: {page}");
    holds(
        &page[may..april],
        &["第2次 LF-2026-0002 改用新屏 再议 办第2件 李娜 2026-05-20 进行中"],
    );
    holds(&page[april..], &["第1次 LF-2026-0001 先做样机 再议"]);
    assert!(
        html.contains("aria-current=\"page\">来访结论"),
        "it stands in the navigation"
    );
    // what nothing is gathered for says so
    let empty = Repository::new().file("templates/registers/conclusions.toml", {
        CONCLUSIONS
            .replace("\"visit\"", "\"meeting\"")
            .replace("visit.time", "meeting.time")
            .replace("{ path = \"conclusions.text\" }, ", "")
    });
    let (page, _) = on(&self::site(&empty, None), "gathered/conclusions.html");
    holds(&page, &["目前没有可列的内容"]);
}

#[test]
fn the_matrix_tells_who_has_acknowledged_and_who_has_not() {
    let (path, text) = visit(
        1,
        "请确认行程",
        "",
        "2026-05-08",
        "[[answers]]\nperson = \"li-na\"\nat = 2026-05-06T17:00:00+08:00\n\
         [[answers]]\nperson = \"wang-qiang\"\n[[answers]]\nperson = \"sun-li\"\nat = 2026-05-06T18:00:00+08:00\n",
    );
    let site = site(&repository().file(&path, text), None);
    let (page, html) = on(&site, "gathered/answers.html");
    holds(
        &page,
        &[
            "事项 进度 市场部 行政部",
            "请确认行程 LF-2026-0001 已确认 2/3 期限 2026-05-08",
            "按时办结 李娜 05-06",
            "待确认 王强 还有 1 个工作日",
            "按时办结 孙丽 05-06",
        ],
    );
    assert_eq!(
        html.matches("<tr>").count(),
        2,
        "a row a record, however many answer"
    );
}

#[test]
fn long_gatherings_are_paged_and_no_row_is_lost() {
    let mut repository = repository();
    for number in 1..=130 {
        let (path, text) = visit(number, &format!("第{number}次来访"), "", "2026-05-06", "");
        repository = repository.file(&path, text);
    }
    let site = site(&repository, None);
    let pages = [
        "gathered/guest-book,lanjing.html",
        "gathered/guest-book,lanjing,2.html",
    ];
    let rows = |path: &str| site[path].matches("class=\"title\"").count();
    assert_eq!((rows(pages[0]), rows(pages[1])), (120, 10));
    assert!(site[pages[0]].contains("href=\"guest-book,lanjing,2.html\""));
    for (path, html) in &site {
        assert!(html.len() < 200_000, "{path}: {}", html.len());
    }
}

#[test]
fn every_form_is_listed_blank_and_filled() {
    let (path, text) = visit(1, "看样机", "", "2026-05-08", "");
    let site = site(&repository().file(&path, text), None);
    let (page, html) = on(&site, "forms.html");
    holds(&page, &["来访单 PDF 1 LF-2026-0001", "跨部门协作"]);
    assert!(html.contains("aria-label=\"来访单 LF-2026-0001 看样机\""));
}

#[test]
fn the_site_says_of_what_it_is_made_and_what_was_found() {
    let (path, text) = visit(
        1,
        "看样机",
        "related = [\"LF-2026-0099\"]",
        "2026-05-08",
        "",
    );
    let (secret, hidden) = visit(
        2,
        "保密来访",
        "audience = \"confidential\"\nvisible_to = [\"admin\"]\nrelated = [\"LF-2026-0098\"]",
        "2026-05-08",
        "",
    );
    let repository = repository().file(&path, text).file(&secret, hidden);
    let site = site(&repository, None);
    let (about, _) = on(&site, "about.html");
    holds(
        &about,
        &[
            "截至 2026-05-07 周四 09:00",
            "记录的版本 没有 git 版本",
            "制度 测试制度",
            "记录 1",
            "错误 1",
            "SIL Open Font License",
        ],
    );
    let (findings, html) = on(&site, "findings.html");
    holds(
        &findings,
        &[
            "共 1 处",
            "LF-2026-0099",
            "records/2026/LF-2026-0001.toml:",
            "unknown-reference",
        ],
    );
    assert!(html.contains("href=\"records/LF-2026-0001.html\""));
    assert!(
        !findings.contains("0098"),
        "a finding of a hidden record is hidden"
    );
}

#[test]
fn an_outsider_has_its_own_file_and_nobody_else_s() {
    let (path, text) = visit(
        1,
        "看样机",
        "audience = \"public\"\nvisible_to = [\"lanjing\"]\nproject = \"S4\"",
        "2026-05-08",
        "",
    );
    let (inner, internal) = visit(2, "内部准备", "", "2026-05-08", "");
    let repository = repository().file(&path, text).file(&inner, internal);
    let site = site(&repository, Some("public:lanjing"));
    let (party, html) = on(&site, "parties/lanjing.html");
    holds(&party, &["在办 1 件", "看样机"]);
    assert!(html.contains("aria-current=\"page\">蓝鲸健康科技有限公司"));
    for gone in [
        "parties.html",
        "parties/huaxin.html",
        "projects.html",
        "findings.html",
        "gathered/guest-book.html",
        "gathered/conclusions.html",
        "gathered/answers.html",
    ] {
        assert!(!site.contains_key(gone), "{gone}");
    }
    for (path, html) in &site {
        assert!(!html.contains("内部准备"), "{path}");
        assert!(!html.contains("projects/"), "{path} leads to a project");
    }
}

#[test]
fn a_limit_that_no_kind_has_cannot_be_a_matrix() {
    let repository = repository().file(
        "templates/registers/answers.toml",
        ANSWERS.replace("[\"answer\"]", "[\"anwser\"]"),
    );
    let found = repository
        .load()
        .findings
        .into_iter()
        .find(|finding| finding.rule == "unknown-limit");
    let found = found.expect("a finding");
    assert!(
        format!("{:?}", found.arguments).contains("answer"),
        "{found:?}"
    );
}
