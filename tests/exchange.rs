//! What is taken along, opened again by other programs' readers.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use common::Repository;
use taizhang::exchange::{Exchange, Format, Item};
use taizhang::gathering::gather;
use taizhang::history::Git;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::past::Past;
use taizhang::register::{LoadOptions, load};
use taizhang::text::Language;

const AS_OF: &str = "2026-05-07T10:00:00+08:00";

const KIND: &str = r#"
name = { zh = "走访", en = "Visit" }
number = "ZF-{year}-{seq:4}"
internal = false
retention = "10y"
responsible = "visit.host"
department = "visit.department"
parties = ["visit.guests"]
announced = "visit.announced_at"

[[appointments]]
id = "visit"
starts = "visit.time.from"
ends = "visit.time.to"
place = "visit.place"
people = ["visit.with"]

[sections.visit]
label = { zh = "走访", en = "Visit" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.host = { type = "person", label = { zh = "接待人", en = "Host" } }
fields.with = { type = "person", many = true, label = { zh = "同行", en = "With" } }
fields.guests = { type = "party", many = true, label = { zh = "来访单位", en = "Guests" } }
fields.time = { type = "period", label = { zh = "时间", en = "Time" } }
fields.place = { type = "text", label = { zh = "地点", en = "Place" } }
fields.budget = { type = "money", label = { zh = "预算", en = "Budget" } }
fields.seats = { type = "number", label = { zh = "座位", en = "Seats" } }
fields.day = { type = "date", label = { zh = "日期", en = "Day" } }
fields.remote = { type = "boolean", label = { zh = "线上", en = "Remote" } }
fields.note = { type = "markdown", label = { zh = "备注", en = "Note" } }
fields.follows = { type = "reference", label = { zh = "承接", en = "Follows" } }
fields.announced_at = { type = "instant", event = true, label = { zh = "通知时间", en = "Announced" } }
fields.level = { type = "choice", label = { zh = "级别", en = "Level" }, choices = [ { id = "high", label = { zh = "高", en = "High" } }, { id = "low", label = { zh = "低", en = "Low" } } ] }

[sections.tasks]
label = { zh = "待办", en = "Tasks" }
repeated = true
identity = "id"
commitment = { what = "task", owner = "owner", due = "due_on", done = "done_on" }
fields.id = { type = "text", label = { zh = "序号", en = "No." } }
fields.task = { type = "text", label = { zh = "任务", en = "Task" } }
fields.owner = { type = "person", label = { zh = "责任人", en = "Owner" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due" } }
fields.done_on = { type = "date", label = { zh = "完成", en = "Done" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "进行中", en = "Open" }
phase = "open"
entered = "visit.announced_at"

[[limits]]
id = "task"
label = { zh = "完成待办", en = "Do it" }
each = "tasks"
due = "tasks.due_on"
to = "tasks.done_on"
owed_by = "tasks.owner"
"#;

/// Everything a spreadsheet, a calendar or a feed could stumble over.
const HOSTILE: [&str; 10] = [
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+86 138 0000 0000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "\t=1+1",
    "＝1＋1",
    "逗号,分号;引号\"和'单引号'",
    "第一行\n第二行\r\n第三行",
    "控制\u{1}\u{8}\u{1b}字符",
    "表情🚀👩‍💻与生僻字𠮷",
];

fn record(number: u32, title: &str, note: &str, envelope: &str) -> String {
    let toml = |text: &str| serde_json::to_string(text).unwrap().replace('\u{7f}', "");
    format!(
        "kind = \"visit\"\nid = \"ZF-2026-{number:04}\"\ntitle = {}\nstate = \"open\"\n{envelope}\n\
         [visit]\ndepartment = \"rd\"\nhost = \"zhang-wei\"\nwith = [\"li-na\"]\nguests = [\"huaxin\", \"lanjing\"]\n\
         time = {{ from = 2026-05-12T09:00:00+08:00, to = 2026-05-12T10:30:00+08:00 }}\nplace = \"302, 三楼; 东\"\n\
         budget = \"-1234.50\"\nseats = -3\nday = 2026-05-20\nremote = true\nlevel = \"high\"\n\
         announced_at = 2026-05-06T08:30:00+08:00\nnote = {}\n\
         [[tasks]]\nid = \"A1\"\ntask = \"准备样机\"\nowner = \"li-na\"\ndue_on = 2026-05-06\n\
         [[tasks]]\nid = \"A2\"\ntask = \"发邀请函\"\nowner = \"zhang-wei\"\ndue_on = 2026-05-20\n",
        toml(title),
        toml(note)
    )
}

fn repository() -> Repository {
    Repository::new().file("templates/kinds/visit/kind.toml", KIND)
}

fn with_hostile() -> Repository {
    let mut repository = repository();
    for (index, text) in HOSTILE.iter().enumerate() {
        let path = format!("records/ZF-2026-{:04}.toml", index + 1);
        let title = text.lines().next().unwrap_or("").trim();
        repository = repository.file(&path, record(index as u32 + 1, title, text, ""));
    }
    let long = "长".repeat(4_000);
    repository.file("records/ZF-2026-0090.toml", record(90, "四千字", &long, ""))
}

/// The bytes of an item for a viewer.
fn taken(repository: &Repository, viewer: &str, name: &str, format: Format) -> Vec<u8> {
    taken_with(repository, viewer, name, format, &Past::default())
}

fn taken_with(
    repository: &Repository,
    viewer: &str,
    name: &str,
    format: Format,
    past: &Past,
) -> Vec<u8> {
    let loaded = load(repository.root(), &LoadOptions::default());
    let register = &loaded.register;
    let viewer = Viewer::parse(viewer, &register.organisation, &register.settings).unwrap();
    let outlook = Outlook::new(register, AS_OF.parse().unwrap(), viewer);
    let item = Item::named(&outlook, name).unwrap_or_else(|| panic!("{name}"));
    let exchange = Exchange::new(&outlook, Language::Chinese, past);
    exchange
        .file(&item, format)
        .unwrap_or_else(|| panic!("{name}: {format:?}"))
}

fn rows_of_csv(bytes: &[u8]) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
    let text = bytes
        .strip_prefix("\u{feff}".as_bytes())
        .expect("the mark that Excel wants");
    let mut reader = csv::Reader::from_reader(text);
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            header
                .iter()
                .cloned()
                .zip(row.iter().map(str::to_owned))
                .collect()
        })
        .collect();
    (header, rows)
}

#[test]
fn csv_is_read_back_whole_and_nothing_in_it_is_a_formula() {
    let bytes = taken(&with_hostile(), "internal", "visit", Format::Csv);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("\r\n"), "RFC 4180 lines");
    let (header, rows) = rows_of_csv(&bytes);
    assert_eq!(header[..3], ["编号", "标题", "状态"]);
    assert_eq!(rows.len(), HOSTILE.len() + 1);
    for (row, text) in rows.iter().zip(HOSTILE) {
        let clean: String = text
            .replace("\r\n", "\n")
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        let note = &row["备注"];
        assert_eq!(note.strip_prefix('\'').unwrap_or(note), clean);
        let first = note.trim_start().chars().next().unwrap();
        assert!(!"=+-@＝＋－＠".contains(first), "{note:?}");
        assert!(!note.starts_with(['\t', '\r', '\n']), "{note:?}");
    }
    let row = &rows[0];
    assert_eq!(row["预算"], "-1234.50", "a negative amount stays a number");
    assert_eq!(row["座位"], "-3");
    assert_eq!(row["日期"], "2026-05-20");
    assert_eq!(row["时间 · 开始"], "2026-05-12 09:00", "in company time");
    assert_eq!(row["来访单位"], "华芯微电子有限公司、蓝鲸健康科技有限公司");
    assert_eq!(row["级别"], "高");
    assert_eq!(row["线上"], "是");
    assert_eq!(rows[HOSTILE.len()]["备注"].chars().count(), 4_000);
}

#[test]
fn a_workbook_has_typed_cells_and_a_sheet_for_the_rows_in_records() {
    let bytes = taken(&with_hostile(), "internal", "visit", Format::Xlsx);
    assert_eq!(
        bytes,
        taken(&with_hostile(), "internal", "visit", Format::Xlsx),
        "the same bytes at another moment"
    );
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["走访", "待办", "说明"]);
    let sheet = book.worksheet_range("走访").unwrap();
    let header: Vec<String> = sheet
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(|c| c.to_string())
        .collect();
    let cell = |row: usize, label: &str| {
        let column = header.iter().position(|known| known == label).unwrap();
        sheet.rows().nth(row).unwrap()[column].clone()
    };
    let Data::DateTime(day) = cell(1, "日期") else {
        panic!("a day is a day: {:?}", cell(1, "日期"));
    };
    assert_eq!(day.to_ymd_hms_milli(), (2026, 5, 20, 0, 0, 0, 0));
    let Data::DateTime(starts) = cell(1, "时间 · 开始") else {
        panic!("an instant is an instant");
    };
    assert_eq!(starts.to_ymd_hms_milli(), (2026, 5, 12, 9, 0, 0, 0));
    assert_eq!(cell(1, "座位"), Data::Float(-3.0));
    assert_eq!(cell(1, "预算"), Data::Float(-1234.5));
    for (row, text) in HOSTILE.iter().enumerate() {
        let clean: String = text
            .replace("\r\n", "\n")
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        assert_eq!(
            cell(row + 1, "备注"),
            Data::String(clean),
            "text, word for word"
        );
    }
    assert!(book.worksheet_formula("走访").unwrap().is_empty());
    let tasks = book.worksheet_range("待办").unwrap();
    assert_eq!(tasks.height(), 1 + 2 * (HOSTILE.len() + 1));
}

#[test]
fn json_follows_its_published_schema() {
    let schema: serde_json::Value = serde_json::from_str(taizhang::exchange::json::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let repository = with_hostile();
    for name in [
        "visit",
        "actions",
        "deadlines",
        "obligations",
        "archive",
        "person:li-na",
    ] {
        let bytes = taken(&repository, "internal", name, Format::Json);
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{name}");
    }
    let bytes = taken(&repository, "internal", "visit", Format::Json);
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let row = &value["rows"][0];
    assert_eq!(value["as_of"], AS_OF);
    assert_eq!(row["visit.time.from"], "2026-05-12T09:00:00+08:00");
    assert_eq!(row["visit.budget"], "-1234.50");
    assert_eq!(row["visit.budget.currency"], "CNY");
    assert_eq!(row["visit.host"]["id"], "zhang-wei");
    assert_eq!(row["visit.host"]["name"], "张伟");
    assert_eq!(row["visit.seats"], -3);
    assert_eq!(value["details"][0]["rows"][1]["task"], "发邀请函");
    let missing = serde_json::json!({ "version": 1 });
    assert!(!validator.is_valid(&missing), "the schema does refuse");
}

#[test]
fn lists_say_who_owes_what() {
    let repository = repository().file(
        "records/ZF-2026-0001.toml",
        record(1, "试制线走访", "无", ""),
    );
    let (_, rows) = rows_of_csv(&taken(&repository, "internal", "deadlines", Format::Csv));
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["应办事项"], "完成待办：准备样机");
    assert_eq!(rows[0]["进展"], "逾期");
    assert_eq!(rows[0]["逾期天数"], "1");
    assert_eq!(rows[0]["部门"], "市场部");
    let (_, rows) = rows_of_csv(&taken(
        &repository,
        "internal",
        "person:zhang-wei",
        Format::Csv,
    ));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["应办事项"], "完成待办：发邀请函");
    let (_, rows) = rows_of_csv(&taken(&repository, "internal", "actions", Format::Csv));
    assert_eq!(rows[1]["任务"], "发邀请函");
    assert_eq!(rows[1]["责任人"], "张伟");
}

/// The content lines of a calendar as RFC 5545 has them: folded at 75 octets.
fn unfolded(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("folded between characters");
    assert!(text.ends_with("\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        assert!(!line.chars().any(|c| c.is_control()), "{line:?}");
    }
    text.replace("\r\n ", "")
        .split_terminator("\r\n")
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_calendar_is_valid_and_says_what_is_due_and_who_meets() {
    let repository = with_hostile();
    let bytes = taken(&repository, "internal", "deadlines", Format::Ics);
    assert_eq!(
        bytes,
        taken(&repository, "internal", "deadlines", Format::Ics)
    );
    let lines = unfolded(&bytes);
    let calendar = ical::IcalParser::new(Cursor::new(&bytes))
        .next()
        .unwrap()
        .unwrap();
    let records = HOSTILE.len() + 1;
    assert_eq!(calendar.todos.len(), 2 * records);
    assert_eq!(
        calendar.events.len(),
        3 * records,
        "each limit's day, and each visit"
    );
    let value = |properties: &[ical::property::Property], name: &str| {
        let found: Vec<_> = properties.iter().filter(|p| p.name == name).collect();
        assert!(found.len() <= 1, "{name} twice");
        found.first().and_then(|p| p.value.clone())
    };
    let mut uids: Vec<String> = calendar
        .events
        .iter()
        .map(|event| &event.properties)
        .chain(calendar.todos.iter().map(|todo| &todo.properties))
        .map(|properties| {
            for needed in ["DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "SUMMARY"] {
                assert!(value(properties, needed).is_some(), "{needed}");
            }
            assert_eq!(
                value(properties, "DTSTAMP").unwrap(),
                "20260506T003000Z",
                "without git: when something happened last in the record"
            );
            value(properties, "UID").unwrap()
        })
        .collect();
    let count = uids.len();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), count, "every entry has a UID of its own");
    assert!(
        uids.iter()
            .any(|uid| uid.starts_with("ZF-2026-0001.task.A1.todo@"))
    );
    let day = calendar
        .events
        .iter()
        .find(|event| {
            value(&event.properties, "UID")
                .unwrap()
                .contains("0001.task.A2.day")
        })
        .unwrap();
    assert_eq!(value(&day.properties, "DTSTART").unwrap(), "20260520");
    assert_eq!(
        value(&day.properties, "DTEND").unwrap(),
        "20260521",
        "the day after"
    );
    assert_eq!(day.alarms.len(), 1);
    let visit = calendar
        .events
        .iter()
        .find(|event| {
            value(&event.properties, "UID")
                .unwrap()
                .contains("0001.visit.1")
        })
        .unwrap();
    assert_eq!(
        value(&visit.properties, "DTSTART").unwrap(),
        "20260512T010000Z"
    );
    assert_eq!(
        value(&visit.properties, "DTEND").unwrap(),
        "20260512T023000Z"
    );
    assert_eq!(
        value(&visit.properties, "LOCATION").unwrap(),
        "302\\, 三楼\\; 东"
    );
    assert!(
        value(&visit.properties, "DESCRIPTION")
            .unwrap()
            .contains("张伟、李娜")
    );
    let text = lines.join("\n");
    assert!(!text.contains("ATTENDEE") && !text.contains("mailto:"));
    assert!(text.contains("DUE:20260506T"));
}

#[test]
fn a_calendar_of_a_person_is_of_that_person() {
    let repository = repository().file(
        "records/ZF-2026-0001.toml",
        record(1, "试制线走访", "无", ""),
    );
    let count = |name: &str| {
        let bytes = taken(&repository, "internal", name, Format::Ics);
        let calendar = ical::IcalParser::new(Cursor::new(&bytes))
            .next()
            .unwrap()
            .unwrap();
        (calendar.todos.len(), calendar.events.len())
    };
    assert_eq!(count("person:li-na"), (1, 2));
    assert_eq!(count("person:wang-qiang"), (0, 0));
    assert_eq!(count("department:marketing"), (1, 2));
    assert_eq!(count("department:admin"), (0, 0));
}

#[test]
fn a_uid_outlives_a_change_of_title_and_of_language() {
    let uids = |title: &str| {
        let repository = repository().file("records/ZF-2026-0001.toml", record(1, title, "无", ""));
        let bytes = taken(&repository, "internal", "deadlines", Format::Ics);
        let lines = unfolded(&bytes);
        let uids = lines.into_iter().filter(|line| line.starts_with("UID:"));
        uids.collect::<Vec<_>>()
    };
    assert_eq!(uids("旧题"), uids("新题"));
    assert_eq!(uids("旧题").len(), 5);
}

#[test]
fn feeds_are_read_by_a_feed_reader() {
    let repository = with_hostile();
    let bytes = taken(&repository, "internal", "notices", Format::Atom);
    let feed = feed_rs::parser::parse(&bytes[..]).unwrap();
    assert_eq!(feed.entries.len(), HOSTILE.len() + 1);
    assert!(feed.id.starts_with("urn:uuid:"));
    assert_eq!(
        feed.updated.unwrap().to_rfc3339(),
        "2026-05-06T00:30:00+00:00"
    );
    let titles: Vec<String> = feed
        .entries
        .iter()
        .map(|e| e.title.clone().unwrap().content)
        .collect();
    assert!(titles.contains(&HOSTILE[0].to_owned()), "{titles:?}");
    assert!(feed.entries.iter().all(|entry| !entry.links.is_empty()));
    let bytes = taken(&repository, "internal", "changes", Format::Atom);
    let feed = feed_rs::parser::parse(&bytes[..]).unwrap();
    assert_eq!(feed.entries.len(), 0, "without git nothing is known");
}

#[test]
fn an_outside_party_takes_only_what_it_may_see() {
    let repository = repository()
        .file(
            "records/ZF-2026-0001.toml",
            record(
                1,
                "公开走访",
                "无",
                "audience = \"public\"\nvisible_to = [\"huaxin\"]",
            ),
        )
        .file(
            "records/ZF-2026-0002.toml",
            record(2, "内部机密走访", "机密内容", ""),
        )
        .file(
            "records/ZF-2026-0003.toml",
            record(
                3,
                "保密走访",
                "绝密",
                "audience = \"confidential\"\nvisible_to = [\"li-na\"]",
            ),
        );
    for (name, format) in [
        ("visit", Format::Csv),
        ("visit", Format::Json),
        ("deadlines", Format::Csv),
        ("deadlines", Format::Ics),
        ("actions", Format::Json),
        ("notices", Format::Atom),
    ] {
        let outside = taken(&repository, "public:huaxin", name, format);
        let text = String::from_utf8(outside).unwrap().replace("\r\n ", "");
        assert!(
            text.contains("公开走访") || name == "actions",
            "{name} {format:?}"
        );
        for secret in ["机密", "保密", "绝密", "ZF-2026-0002", "ZF-2026-0003"] {
            assert!(!text.contains(secret), "{name} {format:?}: {secret}");
        }
        let inside = taken(&repository, "internal", name, format);
        let text = String::from_utf8(inside).unwrap().replace("\r\n ", "");
        assert!(!text.contains("ZF-2026-0003"), "{name} {format:?}");
    }
    let loaded = load(repository.root(), &LoadOptions::default());
    let register = &loaded.register;
    let party = register.organisation.find_party("huaxin").unwrap();
    let viewer = Viewer::Public(party);
    let outlook = Outlook::new(register, AS_OF.parse().unwrap(), viewer);
    for name in [
        "person:li-na",
        "department:rd",
        "archive",
        "ZF-2026-0002",
        "collaboration",
    ] {
        assert_eq!(Item::named(&outlook, name), None, "{name}");
    }
}

#[test]
fn what_is_gathered_can_be_taken_along() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let register = load(root, &LoadOptions::default()).register;
    let schema: serde_json::Value = serde_json::from_str(taizhang::exchange::json::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let outlook = Outlook::new(&register, AS_OF.parse().unwrap(), Viewer::Internal);
    let past = Past::default();
    let exchange = Exchange::new(&outlook, Language::Chinese, &past);
    let mut seen = 0;
    for paper in &register.register_papers {
        for gathering in gather(&outlook, paper) {
            let name = match &gathering.slug {
                Some(slug) => format!("{}:{slug}", paper.id),
                None => paper.id.to_string(),
            };
            let item = Item::named(&outlook, &name).unwrap_or_else(|| panic!("{name}"));
            let json = exchange.file(&item, Format::Json).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&json)
                .map(|error| error.to_string())
                .collect();
            assert_eq!(errors, [""; 0], "{name}");
            let count = |value: &serde_json::Value| value["rows"].as_array().unwrap().len();
            let mut counts = vec![count(&json)];
            counts.extend(json["details"].as_array().into_iter().flatten().map(count));
            let lines: Vec<usize> = gathering.tables.iter().map(Vec::len).collect();
            assert_eq!(counts, lines, "{name}");
            let book = exchange.file(&item, Format::Xlsx).unwrap();
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            assert_eq!(sheet.rows().count(), lines[0] + 1, "{name}");
            let csv = exchange.file(&item, Format::Csv);
            assert_eq!(csv.is_some(), lines.len() == 1, "{name}");
            if let Some(csv) = csv {
                assert_eq!(rows_of_csv(&csv).1.len(), lines[0], "{name}");
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
    // what stands there: names, days and amounts are not words alone
    let item = Item::named(&outlook, "customer-file:beichen").unwrap();
    let json = exchange.file(&item, Format::Json).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let row = &json["rows"][0];
    assert!(row["id"].as_str().unwrap().starts_with("KH-"), "{row}");
    assert!(row["state"]["id"].is_string(), "{row}");
    assert!(row["responsible"]["name"].is_string(), "{row}");
    // an outside party has its own file and no other
    let party = register.organisation.find_party("beichen").unwrap();
    let outlook = Outlook::new(&register, AS_OF.parse().unwrap(), Viewer::Public(party));
    for paper in &register.register_papers {
        for gathering in gather(&outlook, paper) {
            assert_eq!(gathering.slug.as_deref(), Some("beichen"), "{}", paper.id);
        }
    }
    assert_eq!(Item::named(&outlook, "customer-file:jingwei"), None);
    assert_eq!(Item::named(&outlook, "action-register"), None);
}

fn git(repository: &Repository, arguments: &[&str]) {
    let output = std::process::Command::new("git")
        .current_dir(repository.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_COMMITTER_DATE", "2026-05-06T19:30:00+08:00")
        .env("GIT_AUTHOR_DATE", "2026-05-06T19:30:00+08:00")
        .args([
            "-c",
            "user.name=Li Na",
            "-c",
            "user.email=Li.Na@example.com",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
}

fn commit(repository: &Repository, message: &str) {
    git(repository, &["add", "--all"]);
    git(repository, &["commit", "--quiet", "--message", message]);
}

/// Three commits: a secret record with an open one, the open one alone, and
/// one that an outside party may see.
fn with_past() -> Repository {
    let people = "[zhang-wei]\nname = \"张伟\"\ndepartment = \"rd\"\n\
                  [li-na]\nname = \"李娜\"\ndepartment = \"marketing\"\nemail = \"li.na@example.com\"\n\
                  [sun-li]\nname = \"孙丽\"\ndepartment = \"admin\"\n[zhao-min]\nname = \"赵敏\"\ndepartment = \"admin\"\n";
    let repository = repository().file("records/organisation/people.toml", people);
    git(&repository, &["init", "--quiet", "--initial-branch=main"]);
    let repository = repository
        .file("records/ZF-2026-0001.toml", record(1, "样机走访", "无", ""))
        .file(
            "records/ZF-2026-0002.toml",
            record(
                2,
                "保密走访",
                "绝密",
                "audience = \"confidential\"\nvisible_to = [\"li-na\"]",
            ),
        );
    commit(&repository, "样机走访与并购谈判");
    let repository = repository.file(
        "records/ZF-2026-0001.toml",
        record(1, "样机走访", "改了", ""),
    );
    commit(&repository, "补记走访结果");
    let repository = repository.file(
        "records/ZF-2026-0003.toml",
        record(
            3,
            "公开走访",
            "无",
            "audience = \"public\"\nvisible_to = [\"huaxin\"]",
        ),
    );
    commit(&repository, "内部说明：报价底线");
    repository
}

/// What became of its records.
fn past_of(repository: &Repository) -> Past {
    let git = Git::open(repository.root()).unwrap();
    Past::read(&repository.load().register, &git).unwrap()
}

#[test]
fn changes_are_told_to_those_who_may_see_the_records_and_no_further() {
    let repository = with_past();
    let past = past_of(&repository);
    let feed = |viewer: &str| {
        let bytes = taken_with(&repository, viewer, "changes", Format::Atom, &past);
        (
            feed_rs::parser::parse(&bytes[..]).unwrap(),
            String::from_utf8(bytes).unwrap(),
        )
    };
    let (inside, text) = feed("internal");
    let titles: Vec<&str> = inside
        .entries
        .iter()
        .map(|e| &*e.title.as_ref().unwrap().content)
        .collect();
    assert_eq!(
        titles,
        [
            "ZF-2026-0003 公开走访：新增",
            "ZF-2026-0001 样机走访：修改",
            "ZF-2026-0001 样机走访：新增",
        ]
    );
    assert_eq!(
        inside.entries[1].summary.as_ref().unwrap().content,
        "补记走访结果"
    );
    assert!(
        inside.entries[2].summary.is_none(),
        "the commit touches a secret record as well"
    );
    assert_eq!(
        inside.entries[0].authors[0].name.as_deref(),
        Some("李娜"),
        "known by the mail address"
    );
    let ids: std::collections::BTreeSet<&String> = inside.entries.iter().map(|e| &e.id).collect();
    assert_eq!(ids.len(), 3);
    for secret in ["并购", "0002", "保密"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let loaded = repository.load();
    let party = loaded.register.organisation.find_party("huaxin").unwrap();
    let outlook = Outlook::new(
        &loaded.register,
        AS_OF.parse().unwrap(),
        Viewer::Public(party),
    );
    assert_eq!(
        Item::named(&outlook, "changes"),
        None,
        "no outsider learns when people work"
    );
    let calendar = taken_with(
        &repository,
        "public:huaxin",
        "deadlines",
        Format::Ics,
        &past,
    );
    let calendar = unfolded(&calendar).join("\n");
    assert!(calendar.contains("公开走访") && !calendar.contains("20260506T113000Z"));
}

#[test]
fn a_calendar_counts_how_often_a_record_was_changed() {
    let repository = with_past();
    let past = past_of(&repository);
    let bytes = taken_with(&repository, "internal", "deadlines", Format::Ics, &past);
    let lines = unfolded(&bytes);
    let of = |number: &str, name: &str| {
        let uid = format!("UID:{number}.visit.1@");
        let at = lines
            .iter()
            .position(|line| line.starts_with(&uid))
            .unwrap();
        let begin = lines[..at]
            .iter()
            .rposition(|line| line == "BEGIN:VEVENT")
            .unwrap();
        let end = at
            + lines[at..]
                .iter()
                .position(|line| line == "END:VEVENT")
                .unwrap();
        let found = lines[begin..end]
            .iter()
            .find_map(|line| line.strip_prefix(name));
        found.unwrap().to_owned()
    };
    assert_eq!(of("ZF-2026-0001", "SEQUENCE:"), "1");
    assert_eq!(of("ZF-2026-0003", "SEQUENCE:"), "0");
    assert_eq!(
        of("ZF-2026-0001", "DTSTAMP:"),
        "20260506T113000Z",
        "the commit's time"
    );
}

#[test]
fn an_address_of_the_site_makes_links_whole() {
    let settings = "name = \"青禾仪表\"\ncoordination_office = \"admin\"\nsite_url = \"https://tz.example.com/台账\"\n";
    let repository = repository().file("taizhang.toml", settings);
    let loaded = repository.load();
    let rules: Vec<_> = loaded
        .findings
        .iter()
        .map(|finding| &*finding.rule)
        .collect();
    assert_eq!(rules, ["bad-setting"], "addresses are ASCII");
    let repository = repository
        .file("taizhang.toml", settings.replace("台账", "tz/"))
        .file("records/ZF-2026-0001.toml", record(1, "走访", "无", ""));
    assert!(repository.load().findings.is_empty());
    let bytes = taken(&repository, "internal", "notices", Format::Atom);
    let feed = feed_rs::parser::parse(&bytes[..]).unwrap();
    assert_eq!(
        feed.entries[0].links[0].href,
        "https://tz.example.com/tz/records/ZF-2026-0001.html"
    );
    let own = feed
        .links
        .iter()
        .find(|link| link.rel.as_deref() == Some("self"))
        .unwrap();
    assert_eq!(own.href, "https://tz.example.com/tz/data/notices.atom");
    let calendar = taken(&repository, "internal", "deadlines", Format::Ics);
    let lines = unfolded(&calendar).join("\n");
    assert!(lines.contains("URL:https://tz.example.com/tz/records/ZF-2026-0001.html"));
    assert!(lines.contains("@tz.example.com"));
}

fn taizhang(repository: &Repository, arguments: &[&str]) -> std::process::Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["--as-of", AS_OF])
        .args(arguments)
        .current_dir(repository.root())
        .output()
        .unwrap()
}

#[test]
fn the_command_writes_what_it_is_asked_for_and_says_what_there_is() {
    let repository = repository().file(
        "records/ZF-2026-0001.toml",
        record(1, "试制线走访", "无", ""),
    );
    let csv = taizhang(&repository, &["export", "visit", "--format", "csv"]);
    assert_eq!(csv.status.code(), Some(0));
    assert_eq!(rows_of_csv(&csv.stdout).1.len(), 1);
    let out = repository.path("out");
    let path = out.join("tasks.xlsx").display().to_string();
    let xlsx = taizhang(&repository, &["export", "actions", "--out", &path]);
    assert_eq!(
        String::from_utf8(xlsx.stdout).unwrap().trim(),
        path,
        "the format is in the name"
    );
    assert!(Xlsx::new(Cursor::new(std::fs::read(&path).unwrap())).is_ok());
    let folder = out.display().to_string();
    let ics = taizhang(
        &repository,
        &[
            "export",
            "person:li-na",
            "--format",
            "ics",
            "--out",
            &folder,
        ],
    );
    assert_eq!(ics.status.code(), Some(0));
    assert!(out.join("li-na.ics").exists());
    let said = |arguments: &[&str]| {
        let output = taizhang(&repository, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let listed = said(&["export"]);
    for name in ["visit", "deadlines", "person:ID"] {
        assert!(listed.contains(&format!("\n  {name}\n")), "{listed}");
    }
    assert!(said(&["export", "visitt"]).contains("没有可导出的“visitt”"));
    let wrong = said(&["export", "visit", "--format", "ics"]);
    assert_eq!(
        wrong.trim(),
        "“visit”不能导出为 ics，可以用：csv, xlsx, json"
    );
    let refused = said(&["export", "ZF-2026-0001", "--audience", "public:huaxin"]);
    assert!(
        refused.contains("没有可导出的"),
        "as if it were not there: {refused}"
    );
}

#[test]
fn a_record_for_mailing_is_one_file_that_asks_for_nothing_else() {
    let repository = repository().file(
        "records/ZF-2026-0001.toml",
        record(
            1,
            "公开走访",
            "<script>alert(1)</script>\n\n**要点**",
            "project = \"样机\"\naudience = \"public\"\nvisible_to = [\"huaxin\"]",
        ),
    );
    for audience in ["internal", "public:huaxin"] {
        let output = taizhang(
            &repository,
            &["export", "ZF-2026-0001", "--audience", audience],
        );
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let html = String::from_utf8(output.stdout).unwrap();
        assert!(html.contains("公开走访") && html.contains("<strong>要点</strong>"));
        assert!(html.contains("default-src 'none'") && html.contains("--ink:"));
        for outside in [
            "<script",
            "src=",
            "href=\"..",
            "href=\"records",
            "<link",
            "@import",
        ] {
            assert!(!html.contains(outside), "{audience}: {outside}");
        }
        let mut pictures = html.split("url(").skip(1);
        assert!(pictures.all(|address| address.starts_with("\"data:")));
    }
}
