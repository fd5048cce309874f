//! Limits met with events as of an instant, on a kind that is one TOML file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{Repository, outlook};
use taizhang::outlook::{ActionStatus, Obligation, Outlook, Status, Viewer, steps, timeline};
use taizhang::register::Loaded;

const KIND: &str = r#"
name = { zh = "差事", en = "Errand" }
number = "CS-{year}-{seq:4}"
internal = false
responsible = "ask.person"
department = "ask.department"

[sections.ask]
label = { zh = "请求", en = "Request" }
fields.department = { type = "department", label = "发起部门" }
fields.person = { type = "person", label = "发起人" }
fields.at = { type = "instant", label = "发起时间", event = true }
fields.partners = { type = "department", many = true, label = "协作部门" }

[sections.answers]
label = { zh = "反馈", en = "Answers" }
repeated = true
fields.department = { type = "department", label = "部门" }
fields.at = { type = "instant", label = "反馈时间", event = true }

[sections.tasks]
label = { zh = "任务", en = "Tasks" }
repeated = true
commitment = { what = "what", owner = "owner", due = "due_on", done = "done_on", status = "status", dropped = ["cancelled"] }
fields.what = { type = "text", label = "内容" }
fields.owner = { type = "person", label = "责任人" }
fields.due_on = { type = "date", label = "截止" }
fields.done_on = { type = "date", label = "完成" }
fields.status = { type = "choice", label = "状态", choices = [ { id = "open", label = "进行中" }, { id = "cancelled", label = "已取消" } ] }

[sections.news]
label = { zh = "进度", en = "News" }
repeated = true
log = { at = "at", text = "text" }
fields.at = { type = "instant", label = "时间" }
fields.text = { type = "text", label = "内容" }

[sections.meeting]
label = { zh = "会议", en = "Meeting" }
fields.time = { type = "period", label = "会议时间" }
fields.invited_at = { type = "instant", label = "通知时间" }

[sections.end]
label = { zh = "结束", en = "End" }
fields.on = { type = "date", label = "结束日期", event = true }

[[states]]
id = "draft"
label = "草稿"
phase = "draft"
[[states]]
id = "open"
label = "进行中"
phase = "open"
entered = "ask.at"
[[states]]
id = "done"
label = "已完成"
phase = "closed"
entered = "end.on"
[[states]]
id = "dropped"
label = "已撤销"
phase = "void"
aside = true
rank_of = "open"

[[limits]]
id = "answer"
label = "反馈"
clause = "P1.2"
from = "ask.at"
to = "answers.at"
each = "ask.partners"
match = ["ask.partners", "answers.department"]
owed_by = "ask.partners"
owed_to = "ask.person"

[[limits]]
id = "task"
label = "完成任务"
each = "tasks"
due = "tasks.due_on"
to = "tasks.done_on"
owed_by = "tasks.owner"

[[limits]]
id = "news"
label = "同步进度"
from = "ask.at"
to = "news.at"
until = "end.on"
recurring = true
owed_by = "ask.person"

[[limits]]
id = "invite"
label = "发会议通知"
from = "meeting.time.from"
to = "meeting.invited_at"
owed_by = "ask.person"
"#;

const PROFILE: &str = r#"
name = { zh = "测试制度", en = "Test profile" }
priority = { urgent = "紧急", important = "重要", routine = "常规" }
[limits.errand.answer]
length = "1wd"
clause = "T01"
by_priority.urgent = { length = "2h", clause = "T20" }
escalate = [ { after = "48h", to = "head", clause = "T22" }, { after = "5wd", to = "leader" } ]
[limits.errand.news]
length = "1w"
clause = "T03"
[limits.errand.invite]
length = "-2wd"
clause = "T28"
"#;

fn errand(records: &[(&str, &str)]) -> Loaded {
    let mut repository = Repository::new()
        .file("templates/kinds/errand/kind.toml", KIND)
        .file("templates/profiles/default.toml", PROFILE);
    for (id, body) in records {
        let head = format!("kind = \"errand\"\nid = \"{id}\"\ntitle = \"试装－首批－确认节拍\"\n");
        repository = repository.file(&format!("records/{id}.toml"), format!("{head}{body}"));
    }
    repository.clean()
}

/// The obligations of a limit in the only record.
fn of<'o>(outlook: &'o Outlook<'_>, limit: &str) -> Vec<&'o Obligation> {
    outlook
        .obligations
        .iter()
        .filter(|obligation| {
            let record = &outlook.register.records[obligation.record];
            let kind = outlook.register.kind_of(record);
            *kind.limits[obligation.limit].id == *limit
        })
        .collect()
}

fn statuses(outlook: &Outlook<'_>, limit: &str) -> Vec<Status> {
    of(outlook, limit)
        .iter()
        .map(|obligation| obligation.status)
        .collect()
}

const ASKED: &str = r#"
state = "open"
[ask]
department = "rd"
person = "zhang-wei"
at = 2026-04-30T10:00:00+08:00
partners = ["marketing", "admin"]
[[answers]]
department = "admin"
at = 2026-05-06T17:00:00+08:00
"#;

#[test]
fn each_partner_owes_an_answer_by_the_next_working_day() {
    // 30 April is a Thursday; 1 to 5 May is Labour Day: the next working day is 6 May.
    let loaded = errand(&[("CS-2026-0001", ASKED)]);
    let outlook = outlook(&loaded, "2026-05-06T18:00:01+08:00");
    let answers = of(&outlook, "answer");
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0].due.date.to_string(), "2026-05-06");
    assert_eq!(answers[0].status, Status::Overdue);
    assert_eq!(answers[1].status, Status::Met);
    assert_eq!(answers[0].clause.as_deref(), Some("T01"));
}

#[test]
fn an_answer_is_still_in_time_at_the_close_of_business() {
    let loaded = errand(&[("CS-2026-0001", ASKED)]);
    let at_close = outlook(&loaded, "2026-05-06T18:00:00+08:00");
    assert_eq!(
        statuses(&at_close, "answer"),
        [Status::DueSoon, Status::Met]
    );
}

#[test]
fn what_has_not_happened_yet_meets_nothing() {
    let loaded = errand(&[("CS-2026-0001", ASKED)]);
    let before = outlook(&loaded, "2026-05-06T16:00:00+08:00");
    assert_eq!(
        statuses(&before, "answer"),
        [Status::DueSoon, Status::DueSoon]
    );
    let earlier = outlook(&loaded, "2026-04-30T09:00:00+08:00");
    assert!(earlier.obligations.is_empty(), "nothing was asked yet");
}

#[test]
fn a_missed_limit_goes_to_the_head_and_then_to_the_lead() {
    let loaded = errand(&[("CS-2026-0001", ASKED)]);
    let name = |outlook: &Outlook<'_>| {
        let step = of(outlook, "answer")[0].escalated_to().cloned();
        step.map(|step| {
            outlook
                .register
                .organisation
                .person(step.to.unwrap())
                .id
                .to_string()
        })
    };
    // breach: 6 May 18:00; 48 hours later 8 May 18:00
    assert_eq!(name(&outlook(&loaded, "2026-05-08T17:59:00+08:00")), None);
    let head = outlook(&loaded, "2026-05-08T18:00:00+08:00");
    assert_eq!(name(&head).as_deref(), Some("li-na"));
    // five working days after the breach, with 9 May worked: 12 May
    let lead = outlook(&loaded, "2026-05-12T18:00:00+08:00");
    assert_eq!(name(&lead).as_deref(), Some("zhao-min"));
    assert_eq!(
        of(&lead, "answer")[0].escalation[0].clause.as_deref(),
        Some("T22")
    );
}

#[test]
fn what_a_head_owes_goes_to_the_lead_at_once() {
    let body = r#"
state = "open"
[ask]
department = "rd"
person = "zhang-wei"
at = 2026-05-06T10:00:00+08:00
"#;
    let profile = PROFILE.replace(
        "clause = \"T03\"",
        "clause = \"T03\"\nescalate = [ { after = \"48h\", to = \"head\" } ]",
    );
    let loaded = Repository::new()
        .file("templates/kinds/errand/kind.toml", KIND)
        .file("templates/profiles/default.toml", profile)
        .file(
            "records/CS-2026-0001.toml",
            format!("kind = \"errand\"\nid = \"CS-2026-0001\"\ntitle = \"试装\"\n{body}"),
        )
        .clean();
    let outlook = outlook(&loaded, "2026-05-18T09:00:00+08:00");
    let overdue = of(&outlook, "news")[0];
    let step = overdue.escalated_to().expect("two days have passed");
    let organisation = &outlook.register.organisation;
    assert_eq!(&*organisation.person(step.to.unwrap()).id, "zhao-min");
}

#[test]
fn what_the_lead_owes_goes_up_to_nobody() {
    let kind = KIND.replace(
        "owed_by = \"ask.partners\"",
        "owed_by = \"ask.partners.leader\"",
    );
    let loaded = Repository::new()
        .file("templates/kinds/errand/kind.toml", kind)
        .file("templates/profiles/default.toml", PROFILE)
        .file(
            "records/organisation/people.toml",
            "[zhao-min]\nname = \"赵敏\"\ndepartment = \"marketing\"\n[zhang-wei]\nname = \"张伟\"\ndepartment = \"rd\"\n",
        )
        .file(
            "records/organisation/departments.toml",
            "[rd]\nname = \"研发部\"\nhead = \"zhang-wei\"\n[marketing]\nname = \"市场部\"\nhead = \"zhao-min\"\nleader = \"zhao-min\"\n[admin]\nname = \"行政部\"\n",
        )
        .file(
            "records/CS-2026-0001.toml",
            format!("kind = \"errand\"\nid = \"CS-2026-0001\"\ntitle = \"试装\"\n{ASKED}"),
        )
        .clean();
    let outlook = outlook(&loaded, "2026-05-20T09:00:00+08:00");
    let owed = of(&outlook, "answer")[0];
    assert_eq!(owed.status, Status::Overdue);
    assert_eq!(owed.escalation, []);
}

#[test]
fn the_priority_shortens_the_limit() {
    let urgent = ASKED.replace(
        "state = \"open\"",
        "state = \"open\"\npriority = \"urgent\"",
    );
    let loaded = errand(&[("CS-2026-0001", &urgent)]);
    let outlook = outlook(&loaded, "2026-05-06T18:00:00+08:00");
    let answers = of(&outlook, "answer");
    assert_eq!(answers[0].due.instant.to_string(), "2026-04-30T04:00:00Z");
    assert_eq!(answers[1].status, Status::MetLate);
    assert_eq!(answers[1].clause.as_deref(), Some("T20"));
}

#[test]
fn a_void_matter_owes_nothing_more_and_a_closed_one_has_missed_it() {
    let void = ASKED.replace("\"open\"", "\"dropped\"");
    let loaded = errand(&[("CS-2026-0001", &void)]);
    let now = "2026-05-20T09:00:00+08:00";
    assert_eq!(
        statuses(&outlook(&loaded, now), "answer"),
        [Status::Lapsed, Status::Met]
    );
    let closed = ASKED.replace("\"open\"", "\"done\"") + "[end]\non = 2026-05-08\n";
    let loaded = errand(&[("CS-2026-0001", &closed)]);
    assert_eq!(
        statuses(&outlook(&loaded, now), "answer"),
        [Status::Missed, Status::Met]
    );
}

#[test]
fn rounds_are_met_missed_and_next() {
    let news = ASKED.to_owned()
        + r#"
[[news]]
at = 2026-05-06T09:00:00+08:00
text = "首批物料到位"
[[news]]
at = 2026-05-20T09:00:00+08:00
text = "节拍测完"
"#;
    let loaded = errand(&[("CS-2026-0001", &news)]);
    // weekly from Thursday 30 April: 7, 14, 21, 28 May
    let outlook_on = |day: &str| {
        let outlook = outlook(&loaded, day);
        statuses(&outlook, "news")
    };
    assert_eq!(
        outlook_on("2026-05-22T09:00:00+08:00"),
        [Status::Met, Status::Missed, Status::Met, Status::DueSoon]
    );
    // reported early on the 20th: the round of the 21st is met, the 28th is next
    assert_eq!(
        outlook_on("2026-05-20T10:00:00+08:00"),
        [Status::Met, Status::Missed, Status::Met, Status::Pending]
    );
    assert_eq!(
        outlook_on("2026-05-15T09:00:00+08:00"),
        [Status::Met, Status::Overdue, Status::DueSoon]
    );
    assert_eq!(
        outlook_on("2026-05-29T09:00:00+08:00"),
        [
            Status::Met,
            Status::Missed,
            Status::Met,
            Status::Overdue,
            Status::DueSoon
        ]
    );
}

#[test]
fn rounds_end_with_the_matter() {
    let ended = ASKED.replace("\"open\"", "\"done\"")
        + r#"
[[news]]
at = 2026-05-06T09:00:00+08:00
text = "完成"
[end]
on = 2026-05-08
"#;
    let loaded = errand(&[("CS-2026-0001", &ended)]);
    let outlook = outlook(&loaded, "2026-07-01T09:00:00+08:00");
    // the round of 14 May began, but the matter ended on the 8th
    assert_eq!(statuses(&outlook, "news"), [Status::Met]);
}

#[test]
fn a_notice_is_due_two_working_days_ahead() {
    // Monday 2 March 2026; Saturday 28 February is worked, so it counts: Friday 27.
    let body = r#"
state = "open"
[ask]
department = "rd"
person = "zhang-wei"
at = 2026-02-25T10:00:00+08:00
[meeting]
time = { from = 2026-03-02T14:00:00+08:00, to = 2026-03-02T15:00:00+08:00 }
invited_at = 2026-02-27T18:00:00+08:00
"#;
    let loaded = errand(&[("CS-2026-0001", body)]);
    let met = outlook(&loaded, "2026-02-28T10:00:00+08:00");
    assert_eq!(statuses(&met, "invite"), [Status::Met]);
    let late = body.replace("02-27T18:00:00", "02-27T18:00:01");
    let loaded = errand(&[("CS-2026-0001", &late)]);
    let outlook = outlook(&loaded, "2026-02-28T10:00:00+08:00");
    assert_eq!(statuses(&outlook, "invite"), [Status::MetLate]);
    assert_eq!(of(&outlook, "invite")[0].due.date.to_string(), "2026-02-27");
}

#[test]
fn tasks_are_tracked_and_dropped_ones_owe_nothing() {
    let body = ASKED.to_owned()
        + r#"
[[tasks]]
what = "测节拍"
owner = "wang-qiang"
due_on = 2026-05-08
done_on = 2026-05-09
[[tasks]]
what = "写报告"
owner = "marketing"
due_on = 2026-05-11
[[tasks]]
what = "订展台"
owner = "wang-qiang"
due_on = 2026-05-07
status = "cancelled"
"#;
    let repository = Repository::new()
        .file("templates/kinds/errand/kind.toml", KIND)
        .file("templates/profiles/default.toml", PROFILE)
        .file(
            "records/CS-2026-0001.toml",
            format!("kind = \"errand\"\nid = \"CS-2026-0001\"\ntitle = \"试装\"\n{body}"),
        );
    let loaded = repository.load();
    // D7: a department as owner is its head, with a note
    let rules: Vec<&str> = loaded
        .findings
        .iter()
        .map(|finding| &*finding.rule)
        .collect();
    assert_eq!(rules, ["department-as-owner"]);
    let outlook = outlook(&loaded, "2026-05-12T09:00:00+08:00");
    let actions: Vec<_> = outlook.actions.iter().map(|action| action.status).collect();
    assert_eq!(
        actions,
        [
            ActionStatus::DoneLate,
            ActionStatus::Overdue,
            ActionStatus::Dropped
        ]
    );
    assert_eq!(
        statuses(&outlook, "task"),
        [Status::MetLate, Status::Overdue]
    );
    let organisation = &outlook.register.organisation;
    assert_eq!(
        organisation.id_of(outlook.actions[1].owner.unwrap()),
        "li-na"
    );
}

#[test]
fn a_year_without_a_calendar_is_a_finding_where_a_limit_needs_it() {
    let body = ASKED
        .replace("2026-04-30", "2027-04-29")
        .replace("2026-05-06", "2027-05-06");
    let loaded = errand(&[("CS-2027-0001", &body)]);
    let outlook = outlook(&loaded, "2027-05-10T09:00:00+08:00");
    let rules: Vec<&str> = outlook
        .findings
        .iter()
        .map(|finding| &*finding.rule)
        .collect();
    assert!(rules.contains(&"uncounted-limit"), "{rules:?}");
    assert!(of(&outlook, "answer").is_empty());
}

#[test]
fn an_audience_is_a_wall() {
    let secret = ASKED.replace(
        "state = \"open\"",
        "state = \"open\"\naudience = \"confidential\"\nvisible_to = [\"zhao-min\"]",
    );
    let public = ASKED.replace(
        "state = \"open\"",
        "state = \"open\"\naudience = \"public\"\nvisible_to = [\"huaxin\"]",
    );
    let loaded = errand(&[
        ("CS-2026-0001", ASKED),
        ("CS-2026-0002", &secret),
        ("CS-2026-0003", &public),
    ]);
    let register = &loaded.register;
    let seen = |viewer: Viewer| {
        let outlook = Outlook::new(
            register,
            "2026-05-20T09:00:00+08:00".parse().unwrap(),
            viewer,
        );
        let allowed = |record: usize| outlook.records.contains(&record);
        assert!(
            outlook
                .obligations
                .iter()
                .all(|obligation| allowed(obligation.record))
        );
        outlook.records.clone()
    };
    let party = |id| Viewer::Public(register.organisation.find_party(id).unwrap());
    assert_eq!(seen(Viewer::Internal), [0, 2]);
    assert_eq!(seen(party("huaxin")), [2]);
    assert_eq!(seen(party("lanjing")), [] as [usize; 0]);
    let lead = register.organisation.find_person("zhao-min").unwrap();
    let board = Viewer::Confidential {
        group: "board".into(),
        members: vec![taizhang::organisation::Subject::Person(lead)],
    };
    assert_eq!(seen(board), [0, 1, 2]);
}

#[test]
fn the_way_of_a_matter_is_told_in_order() {
    let news =
        ASKED.to_owned() + "[[news]]\nat = 2026-05-06T09:00:00+08:00\ntext = \"首批物料到位\"\n";
    let loaded = errand(&[("CS-2026-0001", &news)]);
    let outlook = outlook(&loaded, "2026-05-06T12:00:00+08:00");
    let told: Vec<_> = timeline(&outlook, 0)
        .iter()
        .map(|entry| {
            let label = entry.label.get(taizhang::text::Language::Chinese);
            (label.to_owned(), entry.text.clone())
        })
        .collect();
    // the answer of 17:00 has not come yet
    assert_eq!(
        told,
        [
            ("发起时间".to_owned(), None),
            ("进度".to_owned(), Some("首批物料到位".to_owned()))
        ]
    );
    let steps: Vec<_> = steps(&loaded.register, 0)
        .iter()
        .map(|step| (step.state, step.passed, step.current))
        .collect();
    assert_eq!(
        steps,
        [(0, true, false), (1, false, true), (2, false, false)]
    );
}

#[test]
fn silence_is_no_consent_unless_the_profile_says_so() {
    let kind = KIND.replace(
        "id = \"answer\"\nlabel = \"反馈\"",
        "id = \"answer\"\nlabel = \"反馈\"\nsilence = \"逾期未答复\"",
    );
    let status = |profile: &str| {
        let loaded = Repository::new()
            .file("templates/kinds/errand/kind.toml", &kind)
            .file("templates/profiles/default.toml", profile)
            .file(
                "records/CS-2026-0001.toml",
                format!("kind = \"errand\"\nid = \"CS-2026-0001\"\ntitle = \"试装\"\n{ASKED}"),
            )
            .clean();
        statuses(&outlook(&loaded, "2026-05-07T09:00:00+08:00"), "answer")
    };
    assert_eq!(status(PROFILE), [Status::Overdue, Status::Met]);
    let consent = PROFILE.replace(
        "[limits.errand.answer]",
        "silence_is_consent = true\n[limits.errand.answer]",
    );
    assert_eq!(status(&consent), [Status::Lapsed, Status::Met]);
}

#[test]
fn the_last_instant_there_is_can_be_looked_from() {
    let loaded = errand(&[("CS-2026-0001", ASKED)]);
    let outlook = outlook(&loaded, "9999-12-30T22:00:00Z");
    assert!(!of(&outlook, "news").is_empty());
}
