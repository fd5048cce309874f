//! What became of every record, out of real repositories of git.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::Repository;
use common::git::{GitRepository, LI_NA, ZHANG_WEI};
use taizhang::display::{DateStyle, Display};
use taizhang::history::Git;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::past::{Beginning, Extent, Past, Reading, Step, Telling, Timeline, stays};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;

const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"
department = "main.department"
responsible = "main.person"

[sections.main]
label = { zh = "事项", en = "Matter" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.person = { type = "person", label = { zh = "负责人", en = "Responsible" } }
fields.due_on = { type = "date", label = { zh = "期限", en = "Due on" } }
fields.text = { type = "markdown", label = { zh = "内容", en = "Content" } }
fields.source = { type = "reference", label = { zh = "来源", en = "Source" } }
fields.way = { type = "choice", label = { zh = "方式", en = "Way" }, choices = [
  { id = "mail", label = { zh = "邮件", en = "Mail" } },
  { id = "call", label = { zh = "电话", en = "Call" } },
] }

[sections.steps]
label = { zh = "步骤", en = "Steps" }
repeated = true
identity = "id"
fields.id = { type = "text", label = { zh = "编号", en = "Id" } }
fields.task = { type = "text", label = { zh = "任务", en = "Task" } }
fields.owner = { type = "person", label = { zh = "谁做", en = "Owner" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "办理中", en = "Open" }
phase = "open"
[[states]]
id = "closed"
label = { zh = "已关闭", en = "Closed" }
phase = "closed"

[[transitions]]
from = ["draft"]
to = "open"
label = { zh = "提交", en = "Submit" }
[[transitions]]
from = ["open"]
to = "closed"
label = { zh = "关闭", en = "Close" }
"#;

const KIND_FILE: &str = "templates/kinds/trial/kind.toml";
const ONE: &str = "records/SY-2026-0001.toml";

/// A matter of these values.
fn matter(number: u32, state: &str, lines: &str) -> String {
    format!(
        r#"kind = "trial"
id = "SY-2026-{number:04}"
title = "试产"
state = "{state}"

[main]
department = "rd"
person = "zhang-wei"
{lines}"#
    )
}

/// 张伟 and 李娜 with the addresses that they commit with.
const PEOPLE: &str = r#"
[zhang-wei]
name = "张伟"
department = "rd"
email = "Zhang.Wei@example.com"
[li-na]
name = "李娜"
department = "marketing"
email = "li.na@example.com"
"#;
const PEOPLE_FILE: &str = "records/organisation/people.toml";

fn repository() -> GitRepository {
    let files = Repository::new().file(KIND_FILE, KIND);
    GitRepository::of(files.file(PEOPLE_FILE, PEOPLE))
}

/// 9:30 of a day of May 2026.
fn may(day: u32) -> String {
    format!("2026-05-{day:02}T09:30:00+08:00")
}

/// The past of a repository, read anew.
struct Read {
    register: Register,
    past: Past,
}

impl Read {
    fn of(root: &Path) -> Read {
        let register = load(root, &LoadOptions::default()).register;
        let past = match Git::open(root) {
            Ok(git) => Past::read(&register, &git).unwrap(),
            Err(_) => Past::default(),
        };
        Read { register, past }
    }

    fn outlook(&self, viewer: &str) -> Outlook<'_> {
        let register = &self.register;
        let viewer = Viewer::parse(viewer, &register.organisation, &register.settings);
        let as_of = "2026-05-20T10:00:00+08:00".parse().unwrap();
        Outlook::new(register, as_of, viewer.unwrap())
    }

    fn timeline<'o>(&'o self, outlook: &Outlook<'_>, number: &str) -> Option<Timeline<'o>> {
        self.past
            .timeline(outlook, self.register.find(number).unwrap())
    }

    /// Each step in a line: who, when, what was done, and what changed.
    fn told_to(&self, viewer: &str, number: &str) -> Vec<String> {
        let outlook = self.outlook(viewer);
        let timeline = self.timeline(&outlook, number);
        let steps = timeline.map(|timeline| timeline.steps).unwrap_or_default();
        steps
            .iter()
            .map(|step| self.line(&outlook, number, step))
            .collect()
    }

    fn told(&self, number: &str) -> Vec<String> {
        self.told_to("internal", number)
    }

    fn line(&self, outlook: &Outlook<'_>, number: &str, step: &Step<'_>) -> String {
        let register = outlook.register;
        let record = &register.records[register.find(number).unwrap()];
        let telling = Telling::new(Display::new(register, Language::Chinese, DateStyle::Table));
        let facts = telling.lines(register.kind_of(record), number, &step.facts);
        let who = match (step.person, step.commit) {
            (Some(person), _) => format!("@{}", register.organisation.person(person).id),
            (None, Some(commit)) => commit.author.clone(),
            (None, None) => "未提交".to_owned(),
        };
        let day = step.commit.map(|commit| {
            let local = register.calendar.local(commit.at);
            format!(" {}日", local.day())
        });
        let reading = match step.reading {
            Some(Reading::Broken) => " 读不出",
            Some(Reading::UnknownKind(_)) => " 没有这个类型",
            _ => "",
        };
        let day = day.unwrap_or_default();
        format!("{who}{day} {:?}{reading} {}", step.did, facts.join(" | "))
            .trim_end()
            .to_owned()
    }
}

#[test]
fn a_timeline_tells_who_changed_what_in_the_words_of_the_form() {
    let repository = repository();
    repository.write(
        ONE,
        matter(1, "draft", "due_on = 2026-05-20\nway = \"mail\"\n"),
    );
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    let step = "[[steps]]\nid = \"B1\"\ntask = \"备料\"\nowner = \"zhang-wei\"\n";
    let open = matter(1, "open", "due_on = 2026-05-27\nway = \"call\"\n");
    repository.write(ONE, format!("{open}{step}"));
    repository.commit_as(LI_NA, &may(8), "提交");
    repository.write(
        ONE,
        format!("{open}{step}").replace("owner = \"zhang-wei\"", "owner = \"li-na\""),
    );
    repository.commit_as(ZHANG_WEI, &may(11), "换人");
    let read = Read::of(repository.root());
    assert_eq!(
        read.told("SY-2026-0001"),
        [
            "@zhang-wei 11日 Changed 步骤 B1 › 谁做：张伟 → 李娜",
            "@li-na 8日 Changed 状态：草稿 → 办理中 | 事项 › 期限：2026-05-20 → 2026-05-27 | 事项 › 方式：邮件 → 电话 | 步骤 B1：编号：B1；任务：备料；谁做：张伟",
            "@zhang-wei 6日 Added",
        ]
    );
    assert_eq!(read.past.extent(), Extent::All);
}

#[test]
fn a_renamed_label_is_told_as_it_is_now() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", "way = \"mail\"\n"));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, matter(1, "open", "way = \"call\"\n"));
    repository.commit_as(ZHANG_WEI, &may(7), "改");
    let told = || Read::of(repository.root()).told("SY-2026-0001")[0].clone();
    assert!(told().ends_with("状态：草稿 → 办理中 | 事项 › 方式：邮件 → 电话"));
    let kind = KIND
        .replace("办理中", "进行中")
        .replace("\"电话\"", "\"致电\"");
    repository.write(KIND_FILE, kind);
    assert!(told().ends_with("状态：草稿 → 进行中 | 事项 › 方式：邮件 → 致电"));
    let people = PEOPLE.replace("张伟", "张大伟");
    repository.write(PEOPLE_FILE, people);
    assert!(told().starts_with("@zhang-wei 7日"));
}

#[test]
fn what_is_not_committed_yet_comes_first() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", ""));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, matter(1, "open", ""));
    repository.write("records/SY-2026-0002.toml", matter(2, "draft", ""));
    let read = Read::of(repository.root());
    assert_eq!(
        read.told("SY-2026-0001"),
        ["未提交 Changed 状态：草稿 → 办理中", "@zhang-wei 6日 Added"]
    );
    assert_eq!(read.told("SY-2026-0002"), ["未提交 Added"]);
}

#[test]
fn a_version_that_could_not_be_read_is_said_and_compared_across() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", "way = \"mail\"\n"));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, matter(1, "draft", "way = [\n"));
    repository.commit_as(ZHANG_WEI, &may(7), "坏");
    repository.write(ONE, matter(1, "open", "way = \"call\"\n"));
    repository.commit_as(ZHANG_WEI, &may(8), "修");
    let expected = [
        "@zhang-wei 8日 Changed 状态：草稿 → 办理中 | 事项 › 方式：邮件 → 电话",
        "@zhang-wei 7日 Changed 读不出",
        "@zhang-wei 6日 Added",
    ];
    for _ in ["found out", "kept"] {
        assert_eq!(Read::of(repository.root()).told("SY-2026-0001"), expected);
    }
}

#[test]
fn a_value_that_nobody_understands_any_more_is_told_by_its_words() {
    let repository = repository();
    repository.write(
        ONE,
        matter(1, "draft", "way = \"pigeon\"\ndue_on = \"bald\"\n"),
    );
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(
        ONE,
        matter(1, "open", "way = \"pigeon\"\ndue_on = 2026-05-20\n"),
    );
    repository.commit_as(ZHANG_WEI, &may(7), "改");
    repository.write(
        ONE,
        matter(1, "closed", "way = \"pigeon\"\ndue_on = 2026-05-20\n"),
    );
    repository.commit_as(ZHANG_WEI, &may(8), "关");
    assert_eq!(
        Read::of(repository.root()).told("SY-2026-0001"),
        [
            "@zhang-wei 8日 Changed 状态：办理中 → 已关闭",
            "@zhang-wei 7日 Changed 状态：草稿 → 办理中 | 事项 › 期限：\"bald\" → 2026-05-20",
            "@zhang-wei 6日 Added",
        ]
    );
}

#[test]
fn a_kind_that_nobody_knows_any_more_is_said() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", "").replace("trial", "forgotten"));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, matter(1, "open", ""));
    repository.commit_as(ZHANG_WEI, &may(7), "改");
    assert_eq!(
        Read::of(repository.root()).told("SY-2026-0001"),
        [
            "@zhang-wei 7日 Changed",
            "@zhang-wei 6日 Added 没有这个类型"
        ]
    );
}

#[test]
fn a_move_and_what_a_merge_decided_are_told() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", "way = \"mail\"\ntext = \"甲\"\n"));
    let base = repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.git(&["switch", "--quiet", "--create", "side", &base]);
    repository.write(ONE, matter(1, "draft", "way = \"call\"\ntext = \"乙\"\n"));
    repository.commit_as(LI_NA, &may(7), "旁");
    repository.git(&["switch", "--quiet", "main"]);
    repository.write(ONE, matter(1, "open", "way = \"mail\"\ntext = \"丙\"\n"));
    repository.commit_as(ZHANG_WEI, &may(8), "主");
    let merge = [
        "merge",
        "--quiet",
        "--no-ff",
        "--strategy-option=ours",
        "--no-commit",
        "side",
    ];
    repository.git(&merge);
    repository.write(ONE, matter(1, "open", "way = \"call\"\ntext = \"丁\"\n"));
    repository.commit_as(ZHANG_WEI, &may(9), "合");
    let two = "records/2026/SY-2026-0001.toml";
    std::fs::create_dir_all(repository.files.path("records/2026")).unwrap();
    repository.git(&["mv", ONE, two]);
    repository.commit_as(LI_NA, &may(10), "移");
    assert_eq!(
        Read::of(repository.root()).told("SY-2026-0001"),
        [
            "@li-na 10日 Moved",
            // the way came from one side, the state from the other; the text is the merge's own
            "@zhang-wei 9日 Changed 事项 › 内容：丙 → 丁",
            "@zhang-wei 8日 Changed 状态：草稿 → 办理中 | 事项 › 内容：甲 → 丙",
            "@li-na 7日 Changed 事项 › 内容：甲 → 乙 | 事项 › 方式：邮件 → 电话",
            "@zhang-wei 6日 Added",
        ]
    );
}

#[test]
fn a_record_keeps_its_past_when_it_gets_another_number() {
    let repository = repository();
    let text = "text = \"\"\"\n一\n二\n三\n四\n五\n六\n七\n八\n九\n十\n\"\"\"\n";
    repository.write(ONE, matter(1, "draft", text));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    let output = repository.taizhang(&["renumber", "SY-2026-0001", "SY-2026-0007"]);
    assert!(output.status.success(), "{output:?}");
    repository.commit_as(LI_NA, &may(7), "换号");
    assert_eq!(
        Read::of(repository.root()).told("SY-2026-0007"),
        [
            "@li-na 7日 Moved 编号：SY-2026-0001 → SY-2026-0007",
            "@zhang-wei 6日 Added",
        ]
    );
}

#[test]
fn a_shallow_clone_says_where_its_knowledge_ends_and_no_git_says_nothing() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", ""));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, matter(1, "open", ""));
    repository.commit_as(ZHANG_WEI, &may(7), "改");
    repository.write("records/SY-2026-0002.toml", matter(2, "draft", ""));
    repository.commit_as(ZHANG_WEI, &may(8), "二");
    let clone = tempfile::tempdir().unwrap();
    let origin = format!("file://{}", repository.root().display());
    let target = clone.path().display().to_string();
    repository.git(&["clone", "--quiet", "--depth=1", &origin, &target]);
    let read = Read::of(clone.path());
    assert_eq!(read.past.extent(), Extent::Part);
    let outlook = read.outlook("internal");
    let timeline = read.timeline(&outlook, "SY-2026-0001").unwrap();
    assert!(timeline.steps.is_empty());
    assert_eq!(timeline.beginning, Beginning::Beyond);

    std::fs::remove_dir_all(clone.path().join(".git")).unwrap();
    let read = Read::of(clone.path());
    assert_eq!(read.past.extent(), Extent::Nothing);
    assert_eq!(read.told("SY-2026-0001"), [""; 0]);
}

#[test]
fn what_was_confidential_is_not_told_once_it_is_not() {
    let repository = repository();
    let secret = matter(1, "draft", "text = \"并购\"\n");
    let secret = secret.replace(
        "state =",
        "audience = \"confidential\"\nvisible_to = [\"zhang-wei\"]\nstate =",
    );
    repository.write(ONE, &secret);
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, secret.replace("并购", "并购二"));
    repository.commit_as(ZHANG_WEI, &may(7), "改");
    repository.write(ONE, matter(1, "open", "text = \"采购\"\n"));
    repository.commit_as(ZHANG_WEI, &may(8), "公开");
    repository.write(ONE, matter(1, "closed", "text = \"采购\"\n"));
    repository.commit_as(ZHANG_WEI, &may(9), "关");
    let read = Read::of(repository.root());
    assert_eq!(
        read.told("SY-2026-0001"),
        [
            "@zhang-wei 9日 Changed 状态：办理中 → 已关闭",
            "@zhang-wei 8日 Changed"
        ]
    );
    let outlook = read.outlook("internal");
    let timeline = read.timeline(&outlook, "SY-2026-0001").unwrap();
    assert_eq!(timeline.beginning, Beginning::KeptBack);
    assert!(timeline.steps[1].kept_back);
    // an outsider is told nothing at all
    let outlook = read.outlook("public:huaxin");
    assert!(read.timeline(&outlook, "SY-2026-0001").is_none());
}

#[test]
fn the_time_in_each_state_is_counted_through_the_calendar() {
    let repository = repository();
    let at = |state: &str, day: u32| {
        repository.write(ONE, matter(1, state, ""));
        repository.commit_as(ZHANG_WEI, &may(day), state);
    };
    at("draft", 6);
    at("open", 8);
    at("draft", 11);
    at("open", 12);
    let read = Read::of(repository.root());
    let outlook = read.outlook("internal");
    let timeline = read.timeline(&outlook, "SY-2026-0001").unwrap();
    let register = &read.register;
    let kind = register.kind("trial").unwrap();
    let told: Vec<(String, i64, Option<i64>, bool)> =
        stays(&timeline, kind, &register.calendar, outlook.as_of)
            .into_iter()
            .map(|stay| {
                let hours = stay.time.as_hours();
                (stay.state.to_string(), hours, stay.working_days, stay.lasts)
            })
            .collect();
    // 9 May 2026 is a Saturday of work (调休), 10 a day off
    assert_eq!(
        told,
        [
            ("draft".to_owned(), 3 * 24, Some(3), false),
            ("open".to_owned(), (3 + 8) * 24, Some(2 + 6), true),
        ]
    );
}

/// The files that are kept in the git directory.
fn kept(repository: &GitRepository) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = repository.files.path(".git/taizhang");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect()
}

#[test]
fn what_is_kept_is_believed_only_where_it_is_whole_and_ours() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", ""));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, matter(1, "open", ""));
    repository.commit_as(ZHANG_WEI, &may(7), "改");
    let told = || Read::of(repository.root()).told("SY-2026-0001");
    let first = told();
    assert_eq!(first.len(), 2);
    let whole = kept(&repository);
    assert_eq!(whole.len(), 2, "the commits, and what their versions say");
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    for (path, bytes) in &whole {
        let mut foreign = bytes.clone();
        foreign[12] ^= 1;
        let mut damaged = bytes.clone();
        *damaged.last_mut().unwrap() ^= 1;
        for bad in [
            &b""[..],
            b"something else",
            &bytes[..bytes.len() / 2],
            &foreign,
            &damaged,
        ] {
            std::fs::write(path, bad).unwrap();
            assert_eq!(told(), first);
            assert_eq!(kept(&repository), whole, "written anew");
        }
    }
    // nothing of it is read from a commit that is not there any more
    repository.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    assert_eq!(told(), ["@zhang-wei 6日 Added"]);
    repository.write(ONE, matter(1, "closed", ""));
    repository.commit_as(LI_NA, &may(9), "另一个");
    assert_eq!(
        told(),
        [
            "@li-na 9日 Changed 状态：草稿 → 已关闭",
            "@zhang-wei 6日 Added"
        ]
    );
}

#[test]
fn what_is_kept_grows_by_what_is_newer() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", ""));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    Read::of(repository.root());
    for (day, state) in [(7, "open"), (8, "draft"), (9, "closed")] {
        repository.write(ONE, matter(1, state, ""));
        repository.commit_as(ZHANG_WEI, &may(day), state);
        let grown = Read::of(repository.root()).told("SY-2026-0001");
        std::fs::remove_dir_all(repository.files.path(".git/taizhang")).unwrap();
        assert_eq!(grown, Read::of(repository.root()).told("SY-2026-0001"));
        assert_eq!(grown.len(), day as usize - 5);
    }
}

#[test]
fn a_state_that_no_definition_has_is_told_as_it_stands() {
    let repository = repository();
    for (day, state) in [(6, "open"), (7, "nowhere"), (8, "closed")] {
        repository.write(ONE, matter(1, state, ""));
        repository.commit_as(ZHANG_WEI, &may(day), state);
    }
    assert_eq!(
        Read::of(repository.root()).told("SY-2026-0001"),
        [
            "@zhang-wei 8日 Changed 状态：nowhere → 已关闭",
            "@zhang-wei 7日 Changed 状态：办理中 → nowhere",
            "@zhang-wei 6日 Added"
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_git_directory_that_cannot_be_written_is_no_trouble() {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", ""));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    // a file where the folder would be: also root cannot write into that
    std::fs::write(repository.files.path(".git/taizhang"), "").unwrap();
    assert_eq!(
        Read::of(repository.root()).told("SY-2026-0001"),
        ["@zhang-wei 6日 Added"]
    );
}

/// What the program prints, and how it ended.
fn run(repository: &GitRepository, arguments: &[&str]) -> (String, Option<i32>) {
    let mut all = vec!["--as-of", "2026-05-20T10:00:00+08:00"];
    all.extend(arguments);
    let output = repository.taizhang(&all);
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.code())
}

/// Two records: one that moved on, one that is gone again.
fn two_records() -> GitRepository {
    let repository = repository();
    repository.write(ONE, matter(1, "draft", "way = \"mail\"\n"));
    repository.write("records/SY-2026-0002.toml", matter(2, "draft", ""));
    repository.commit_as(ZHANG_WEI, &may(6), "记");
    repository.write(ONE, matter(1, "open", "way = \"call\"\n"));
    repository.commit_as(LI_NA, &may(8), "提交");
    std::fs::remove_file(repository.files.path("records/SY-2026-0002.toml")).unwrap();
    repository.commit_as(LI_NA, &may(11), "重复了，删去");
    repository
}

#[test]
fn the_command_tells_one_record_with_the_time_in_each_state() {
    let repository = two_records();
    let (text, code) = run(&repository, &["history", "SY-2026-0001"]);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(code, Some(0));
    let without_commit = |line: &str| {
        let words = line.split_whitespace().enumerate();
        let kept = words.filter(|(at, _)| *at != 3).map(|(_, word)| word);
        kept.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        without_commit(lines[0]),
        "2026-05-08 09:30 李娜 SY-2026-0001 修改"
    );
    assert_eq!(
        lines[1..3],
        ["状态：草稿 → 办理中", "事项 › 方式：邮件 → 电话"]
    );
    assert_eq!(
        without_commit(lines[3]),
        "2026-05-06 09:30 张伟 SY-2026-0001 新增"
    );
    assert_eq!(
        lines[4..],
        [
            "",
            "各状态用时",
            "草稿：2 个工作日，2 天 0 小时",
            "办理中：9 个工作日，12 天 0 小时",
        ]
    );
    assert_eq!(run(&repository, &["history", "SY-2026-0009"]).1, Some(2));
}

#[test]
fn the_audit_list_has_a_line_for_each_part_and_the_records_that_are_gone() {
    let repository = two_records();
    let (text, code) = run(&repository, &["history", "--format", "csv"]);
    assert_eq!(code, Some(0));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<BTreeMap<String, String>> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let cells = headers.iter().zip(&row);
            cells
                .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
                .collect()
        })
        .collect();
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            let names = ["谁", "编号", "做了什么", "哪一项", "原来", "现在"];
            let cells: Vec<&str> = names.iter().map(|name| &*row[*name]).collect();
            cells.join("|")
        })
        .collect();
    assert_eq!(
        told,
        [
            "李娜|SY-2026-0002|删除|||",
            "李娜|SY-2026-0001|修改|状态|草稿|办理中",
            "李娜|SY-2026-0001|修改|事项 › 方式|邮件|电话",
            "张伟|SY-2026-0001|新增|||",
            "张伟|SY-2026-0002|新增|||",
        ]
    );
    assert_eq!(rows[1]["原状态历时（小时）"], "48");
    assert_eq!(rows[1]["原状态历时（工作日）"], "2");
    let lines = |since: &str| {
        let (text, code) = run(
            &repository,
            &["history", "--format", "csv", "--since", since],
        );
        (text.lines().count(), code)
    };
    assert_eq!(lines("2026-05-08"), (4, Some(0)), "that day included");
    assert_eq!(lines("HEAD~1"), (2, Some(0)));
    assert_eq!(lines("nowhere"), (0, Some(2)));
    let (json, _) = run(&repository, &["history", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json.is_object());
}

#[test]
fn a_site_tells_it_inside_and_nothing_outside() {
    let repository = two_records();
    repository.write(ONE, matter(1, "open", "way = \"mail\"\n"));
    let built = |audience: &str| {
        let out = tempfile::tempdir().unwrap();
        let folder = out.path().display().to_string();
        let arguments = [
            "build",
            "--forms",
            "none",
            "--audience",
            audience,
            "--out",
            &folder,
        ];
        let (_, code) = run(&repository, &arguments);
        assert!(code != Some(2), "{code:?}");
        out
    };
    let inside = built("internal");
    let read = |path: &str| std::fs::read_to_string(inside.path().join(path)).unwrap();
    let page = read("records/SY-2026-0001.html");
    let at = page.find("变更记录").unwrap();
    for words in [
        "尚未提交",
        "<del>电话</del> → <ins>邮件</ins>",
        "<ins>办理中</ins>",
        "2 个工作日",
    ] {
        assert!(page[at..].contains(words), "{words}: {}", &page[at..]);
    }
    let changes = read("changes.html");
    assert!(
        changes.contains("尚未提交") && changes.contains("<ins>办理中</ins>"),
        "{changes}"
    );
    assert!(read("data/history.csv").contains("SY-2026-0002"));
    assert!(read("data/changes.atom").contains("状态：草稿 → 办理中"));
    let outside = built("public:huaxin");
    assert!(!outside.path().join("data/history.csv").exists());
    assert!(!outside.path().join("changes.html").exists());
}
