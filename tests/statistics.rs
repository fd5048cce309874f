//! What an outlook adds up to, on a register small enough to work it out by
//! hand, and on the demonstration; and that the figures of the site draw it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::pages::{Making, site_of, words};
use common::{Repository, outlook};
use taizhang::definition::Phase;
use taizhang::organisation::Subject;
use taizhang::outlook::statistics::{Load, Longest, MONTHS, Oldest, Series, Statistics, Tally};
use taizhang::outlook::{Outlook, Status, Viewer};
use taizhang::register::{LoadOptions, Loaded, load};

const SETTINGS: &str = r#"
name = { zh = "测试公司", en = "Test Ltd" }
office_hours = ["09:00-12:00", "13:30-18:00"]
"#;

const KIND: &str = r#"
name = { zh = "问询", en = "Question" }
number = "WX-{year}-{seq:4}"
responsible = "ask.person"
department = "ask.department"

[sections.ask]
label = { zh = "提出", en = "Asked" }
fields.department = { type = "department", label = "部门" }
fields.person = { type = "person", label = "经办人" }
fields.at = { type = "instant", label = "提出时间", event = true }

[sections.answer]
label = { zh = "答复", en = "Answer" }
fields.at = { type = "instant", label = "答复时间", event = true }

[sections.handle]
label = { zh = "办理", en = "Handling" }
fields.on = { type = "date", label = "开始办理", event = true }

[sections.tasks]
label = { zh = "任务", en = "Tasks" }
repeated = true
commitment = { what = "what", owner = "owner", start = "from", due = "due_on", done = "done_on" }
fields.what = { type = "text", label = "内容" }
fields.owner = { type = "person", label = "责任人" }
fields.from = { type = "date", label = "开始" }
fields.due_on = { type = "date", label = "截止" }
fields.done_on = { type = "date", label = "完成" }

[sections.extras]
label = { zh = "附带任务", en = "Extras" }
repeated = true
commitment = { what = "what", owner = "owner", due = "due_on" }
fields.what = { type = "text", label = "内容" }
fields.owner = { type = "person", label = "责任人" }
fields.due_on = { type = "date", label = "截止" }

[sections.end]
label = { zh = "结束", en = "End" }
fields.on = { type = "date", label = "结束日期", event = true }

[[states]]
id = "draft"
label = "草稿"
phase = "draft"
[[states]]
id = "asked"
label = "待办理"
phase = "open"
entered = "ask.at"
[[states]]
id = "handled"
label = "办理中"
phase = "open"
entered = "handle.on"
[[states]]
id = "done"
label = "已办结"
phase = "closed"
entered = "end.on"

[[limits]]
id = "answer"
label = "答复来函"
clause = "P1.2"
from = "ask.at"
to = "answer.at"
owed_by = "ask.person"

[[limits]]
id = "task"
label = "完成任务"
each = "tasks"
due = "tasks.due_on"
to = "tasks.done_on"
owed_by = "tasks.owner"
"#;

const PROFILE: &str = r#"
name = { zh = "测试制度", en = "Test profile" }
due_soon = "5wd"
priority = { urgent = "紧急", important = "重要", routine = "常规" }
[limits.question.answer]
length = "2wd"
clause = "T01"
"#;

/// A Wednesday. 1 to 5 May was Labour Day, Saturday 9 May was worked.
const NOW: &str = "2026-05-20T09:00:00+08:00";

fn asked(number: u32, head: &str, at: &str, rest: &str) -> (String, String) {
    let id = format!("WX-2026-{number:04}");
    let text = format!(
        "kind = \"question\"\nid = \"{id}\"\ntitle = \"试装－首批－问询{number}\"\n{head}\n\
         [ask]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nat = {at}\n{rest}"
    );
    (format!("records/{id}.toml"), text)
}

fn register() -> (Repository, Loaded) {
    let records = [
        // answered the same evening, done on the 12th
        asked(
            1,
            "state = \"done\"",
            "2026-05-06T09:00:00+08:00",
            "[answer]\nat = 2026-05-06T18:00:00+08:00\n[handle]\non = 2026-05-08\n[end]\non = 2026-05-12\n",
        ),
        // answered on Monday morning what was due on Friday evening
        asked(
            2,
            "state = \"handled\"",
            "2026-05-06T09:00:00+08:00",
            "[answer]\nat = 2026-05-11T09:00:00+08:00\n[handle]\non = 2026-05-11\n",
        ),
        // due today in the evening, with a task that is a limit and one that is none
        asked(
            3,
            "state = \"asked\"",
            "2026-05-18T09:00:00+08:00",
            "[[tasks]]\nwhat = \"备料\"\nowner = \"li-na\"\nfrom = 2026-05-18\ndue_on = 2026-06-30\n\
             [[extras]]\nwhat = \"拍照\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-15\n",
        ),
        // due on 29 April and still not answered
        asked(4, "state = \"asked\"", "2026-04-27T09:00:00+08:00", ""),
        // what the company may not see
        asked(
            5,
            "state = \"asked\"\naudience = \"confidential\"\nvisible_to = [\"admin\"]",
            "2026-04-27T09:00:00+08:00",
            "",
        ),
        (
            "records/WX-2026-0006.toml".to_owned(),
            "kind = \"question\"\nid = \"WX-2026-0006\"\ntitle = \"未写完\"\nstate = \"draft\"\n"
                .to_owned(),
        ),
    ];
    let mut repository = Repository::new()
        .file("taizhang.toml", SETTINGS)
        .file("templates/kinds/question/kind.toml", KIND)
        .file("templates/profiles/default.toml", PROFILE);
    for (path, text) in records {
        repository = repository.file(&path, text);
    }
    let loaded = repository.clean();
    (repository, loaded)
}

fn index(loaded: &Loaded, id: &str) -> usize {
    loaded.register.find(id).unwrap()
}

#[test]
fn months_hold_what_fell_due_in_them_and_only_what_the_viewer_sees() {
    let (_kept, loaded) = register();
    let statistics = Statistics::new(&outlook(&loaded, NOW));
    let may = Tally {
        met: 1,
        met_late: 1,
        open: 1,
        ..Tally::default()
    };
    let april = Tally {
        overdue: 1,
        ..Tally::default()
    };
    assert_eq!(statistics.months[MONTHS - 1].to_string(), "2026-05-01");
    assert_eq!(*statistics.all.this_month(), may);
    assert_eq!(*statistics.all.last_month(), april);
    assert_eq!(
        statistics.all.total().total(),
        4,
        "the task falls due in June"
    );
    assert_eq!(statistics.all.this_month().on_time(), Some(50));
    let rd = loaded.register.organisation.find_department("rd").unwrap();
    assert_eq!(statistics.departments[rd.0 as usize], statistics.all);
    // the same register for those who may see the fifth
    let admin = loaded
        .register
        .organisation
        .find_department("admin")
        .unwrap();
    let group = Viewer::Confidential {
        group: "board".to_owned(),
        members: vec![Subject::Department(admin)],
    };
    let outlook = Outlook::new(&loaded.register, NOW.parse().unwrap(), group);
    let statistics = Statistics::new(&outlook);
    assert_eq!(statistics.all.last_month().overdue, 2);
}

#[test]
fn a_limit_knows_how_much_of_its_time_was_used() {
    let (_kept, loaded) = register();
    let statistics = Statistics::new(&outlook(&loaded, NOW));
    let [answer] = statistics.limits.as_slice() else {
        panic!("only the answers fell due: {:?}", statistics.limits)
    };
    // Two working days from Wednesday 9:00 are three days of 7.5 hours. One of
    // them was used by the first, and with Saturday four by the second:
    // 33 and 133 per cent.
    assert_eq!(answer.shares, [0, 1, 0, 0, 0, 1, 0, 0]);
    assert_eq!(answer.median, Some(83));
    assert_eq!(answer.measured(), 2);
    assert_eq!(answer.tally.judged(), 3);
    assert_eq!(answer.clauses, ["T01".into()]);
}

#[test]
fn nothing_is_counted_twice_among_what_is_to_do() {
    let (_kept, loaded) = register();
    let statistics = Statistics::new(&outlook(&loaded, NOW));
    let organisation = &loaded.register.organisation;
    let load = |overdue, soon, later| Load {
        overdue,
        soon,
        later,
    };
    let department =
        |id| statistics.department_loads[organisation.find_department(id).unwrap().0 as usize];
    let person = |id| statistics.person_loads[organisation.find_person(id).unwrap().0 as usize];
    assert_eq!(department("rd"), load(1, 1, 0));
    // the task is an obligation of its own, the extra one is not
    assert_eq!(department("marketing"), load(1, 0, 1));
    assert_eq!(person("li-na"), load(0, 0, 1));
    assert_eq!(person("wang-qiang"), load(1, 0, 0));
    assert_eq!(department("admin"), Load::default());
}

#[test]
fn open_matters_have_an_age_in_working_days() {
    let (_kept, loaded) = register();
    let statistics = Statistics::new(&outlook(&loaded, NOW));
    let [ageing] = statistics.ageing.as_slice() else {
        panic!("one kind")
    };
    // 2 working days, 11 and 15; the draft and what has ended have none
    assert_eq!(ageing.classes, [1, 0, 2, 0, 0]);
    assert_eq!(ageing.unknown, 0);
    let oldest = Oldest {
        record: index(&loaded, "WX-2026-0004"),
        days: 15,
    };
    assert_eq!(ageing.oldest, Some(oldest));
}

#[test]
fn a_stay_lasts_from_one_state_to_the_next() {
    let (_kept, loaded) = register();
    let statistics = Statistics::new(&outlook(&loaded, NOW));
    let [flow] = statistics.flows.as_slice() else {
        panic!("one kind")
    };
    let [asked, handled] = flow.stays.as_slice() else {
        panic!("two states under way: {:?}", flow.stays)
    };
    // 6 to 8 May: two working days; 6 to 11 May: four, with the Saturday
    assert_eq!(
        (asked.standing, asked.measured, asked.median),
        (2, 2, Some(3.0))
    );
    let longest = Longest {
        record: index(&loaded, "WX-2026-0004"),
        days: 15,
        still: true,
    };
    assert_eq!(asked.longest, Some(longest));
    // 8 to 12 May: three; since 11 May: seven, and not over
    assert_eq!(
        (handled.standing, handled.measured, handled.median),
        (1, 1, Some(3.0))
    );
    assert_eq!(
        handled.longest.map(|longest| (longest.days, longest.still)),
        Some((7, true))
    );
}

#[test]
fn where_a_state_keeps_no_date_nobody_says_how_long_the_one_before_lasted() {
    let (kept, _) = register();
    let kind = KIND.replace("entered = \"handle.on\"\n", "");
    let kept = kept.file("templates/kinds/question/kind.toml", kind);
    let loaded = kept.load();
    let statistics = Statistics::new(&outlook(&loaded, NOW));
    let stays = &statistics.flows[0].stays;
    assert_eq!((stays[0].measured, stays[0].median), (0, None));
    assert_eq!(stays[1].standing, 1);
    assert_eq!(stays[1].longest, None);
}

fn site(loaded: &Loaded, viewer: Viewer) -> BTreeMap<String, String> {
    let outlook = Outlook::new(&loaded.register, NOW.parse().unwrap(), viewer);
    let making = Making {
        findings: &loaded.findings,
        ..Making::default()
    };
    site_of(&outlook, &making)
}

#[test]
fn the_page_says_it_draws_it_and_has_the_numbers() {
    let (_kept, loaded) = register();
    let site = site(&loaded, Viewer::Internal);
    let page = &site["statistics.html"];
    let text = words(page);
    assert!(
        text.contains("本月到期、已有结果的 2 项中，按时 1 项，按时率 50%，上月为 0%。"),
        "{text}"
    );
    // month, due, on time, met late, not met, to come, rate
    assert!(text.contains("2026-05 3 1 1 0 1 50%"), "{text}");
    assert!(text.contains("2026-04 1 0 0 1 0 0%"), "{text}");
    // two above the line and one below it, 24 each; the line stands at 16 + 48
    for bar in [
        "<rect class=\"m-met\" x=\"74.3%\" y=\"40\" width=\"4.8%\" height=\"24\"/>",
        "<rect class=\"m-open\" x=\"74.3%\" y=\"16\" width=\"4.8%\" height=\"24\"/>",
        "x=\"74.3%\" y=\"64\" width=\"4.8%\" height=\"24\"/>",
        "<rect class=\"m-unmet\" x=\"67.6%\" y=\"64\" width=\"4.8%\" height=\"24\"/>",
    ] {
        assert!(page.contains(bar), "{bar} in {page}");
    }
    assert!(text.contains("20–40%：1 项、100–150%：1 项"), "{text}");
    // nothing of the fifth record, which is confidential
    assert!(!page.contains("WX-2026-0005"));
    assert!(site["index.html"].contains("href=\"statistics.html\""));
    assert!(site["departments/rd.html"].contains("class=\"columns\""));
}

#[test]
fn a_record_shows_its_path_when_it_has_one() {
    let (_kept, loaded) = register();
    let site = site(&loaded, Viewer::Internal);
    let late = words(&site["records/WX-2026-0002.html"]);
    assert!(late.contains("待办理 05-06 → 05-11 4 个工作日"), "{late}");
    assert!(late.contains("答复来函 05-06 → 05-08 逾期办结"), "{late}");
    // the time there was, the time used, what went beyond it, the end, too late
    let page = &site["records/WX-2026-0002.html"];
    for stroke in ["t-span", "t-used", "t-over", "t-due", "t-miss", "t-now"] {
        assert!(page.contains(&format!("class=\"{stroke}\"")), "{stroke}");
    }
    let planned = words(&site["records/WX-2026-0003.html"]);
    assert!(planned.contains("备料 05-18 → 06-30"), "{planned}");
    assert!(planned.contains("拍照 → 05-15 逾期"), "{planned}");
    assert!(!site["records/WX-2026-0006.html"].contains("class=\"tracks\""));
    // what is over has no line of today
    assert!(!site["records/WX-2026-0001.html"].contains("class=\"t-now\""));
}

#[test]
fn an_outside_party_gets_no_statistics() {
    let (_kept, loaded) = register();
    let party = loaded.register.organisation.find_party("huaxin").unwrap();
    let site = site(&loaded, Viewer::Public(party));
    assert!(!site.contains_key("statistics.html"));
    for (path, text) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!text.contains("class=\"columns\""), "{path}");
        assert!(!text.contains("statistics.html"), "{path}");
    }
}

#[test]
fn the_figures_of_the_demonstration_add_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = load(root, &LoadOptions::default());
    let outlook = outlook(&loaded, "2026-05-07T09:00:00+08:00");
    let statistics = Statistics::new(&outlook);
    for (index, month) in statistics.months.iter().enumerate() {
        let of_month = |tally: &dyn Fn(&Tally) -> usize, wanted: &[Status]| {
            let due = outlook.obligations.iter().filter(|obligation| {
                let day = obligation.due.date;
                (day.year(), day.month()) == (month.year(), month.month())
                    && wanted.contains(&obligation.status)
            });
            assert_eq!(
                tally(&statistics.all.months[index]),
                due.count(),
                "{month} {wanted:?}"
            );
        };
        of_month(&|tally| tally.met, &[Status::Met]);
        of_month(&|tally| tally.met_late, &[Status::MetLate]);
        of_month(&|tally| tally.unmet(), &[Status::Overdue, Status::Missed]);
        of_month(&|tally| tally.open, &[Status::DueSoon, Status::Pending]);
    }
    let total = statistics.all.total();
    assert!(total.judged() > 500 && total.late() > 50, "{total:?}");
    let sum = |parts: &[Series]| parts.iter().map(|part| part.total().total()).sum::<usize>();
    assert_eq!(sum(&statistics.kinds), total.total());
    assert_eq!(sum(&statistics.departments), total.total());
    let of_limits: usize = statistics
        .limits
        .iter()
        .map(|limit| limit.tally.total())
        .sum();
    assert_eq!(of_limits, total.total());
    for limit in &statistics.limits {
        // what was late stands beyond the limit, and nothing else does
        let beyond: usize = limit.shares[5..].iter().sum();
        assert!(beyond <= limit.tally.met_late, "{limit:?}");
        assert!(limit.measured() <= limit.tally.met + limit.tally.met_late);
    }
    let open = outlook
        .records
        .iter()
        .filter(|record| outlook.phase(**record) == Phase::Open)
        .count();
    assert_eq!(
        statistics
            .ageing
            .iter()
            .map(|kind| kind.total())
            .sum::<usize>(),
        open
    );
    let standing = statistics.flows.iter().flat_map(|flow| &flow.stays);
    assert_eq!(standing.map(|stay| stay.standing).sum::<usize>(), open);
    let owed = outlook
        .obligations
        .iter()
        .filter(|obligation| obligation.status.is_open())
        .count();
    let loads = statistics.department_loads.iter().map(|load| load.total());
    // a task that is an obligation by the same day is one thing to do
    let alone = outlook.actions.iter().filter(|action| {
        let mut obligations = outlook.obligations_of(action.record).iter();
        action.status.is_open()
            && !obligations
                .any(|owed| owed.row == action.row.into() && Some(owed.due) == action.due)
    });
    assert_eq!(loads.sum::<usize>(), owed + alone.count());
}
