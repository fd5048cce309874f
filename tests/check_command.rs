//! `taizhang check` as a person and as a program meet it, and the words of
//! every rule of loading.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use taizhang::check::{RULES, Run};
use taizhang::finding::Wording;
use taizhang::register::{LoadOptions, load};
use taizhang::report::Reporter;
use taizhang::text::Language;

const SETTINGS: &str = "name = \"星衡智能\"\n";
const DEPARTMENTS: &str = r#"
[rd]
name = { zh = "研发部", en = "R&D" }
head = "zhang-wei"

[marketing]
name = { zh = "市场部", en = "Marketing" }
"#;
const PEOPLE: &str = r#"
[zhang-wei]
name = "张伟"
department = "rd"

[li-na]
name = "李娜"
department = "marketing"
"#;
const PARTIES: &str = r#"
[weilan]
name = "蔚蓝电子"
"#;
/// A kind with a field of every type that can be filled wrongly.
const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"

[sections.main]
label = "主要"
fields.day = { type = "date", label = "日期" }
fields.at = { type = "instant", label = "时刻" }
fields.period = { type = "period", label = "起止" }
fields.length = { type = "duration", label = "时长" }
fields.cost = { type = "money", label = { zh = "费用", en = "Cost" } }
fields.share = { type = "number", minimum = 0, maximum = 100, label = { zh = "占比", en = "Share" } }
fields.code = { type = "text", pattern = "[A-Z]{3}", label = { zh = "代号", en = "Code" } }
fields.model = { type = "text", pattern = "[A-Z]{3}", label = { zh = "型号", en = "Model" }, hint = { zh = "三个大写字母", en = "three capitals" } }
fields.mode = { type = "choice", label = "形式", choices = [ { id = "online", label = { zh = "线上", en = "Online" } } ] }
fields.owner = { type = "person", label = "负责人" }
fields.department = { type = "department", label = "部门" }
fields.party = { type = "party", label = "单位" }
fields.meeting = { type = "reference", kinds = ["meeting"], label = "会议" }
fields.rows = { type = "table", label = "明细", columns = { task = { type = "text", label = "任务" } } }

[sections.notes]
label = "记录"
repeated = true
fields.text = { type = "text", label = "内容" }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
"#;

struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.file("taizhang.toml", SETTINGS);
        repository.file("records/organisation/departments.toml", DEPARTMENTS);
        repository.file("records/organisation/people.toml", PEOPLE);
        repository.file("records/organisation/parties.toml", PARTIES);
        repository.file("templates/kinds/trial/kind.toml", KIND);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// A record of the trial kind with these lines behind its envelope.
    fn record(&self, name: &str, number: u32, lines: &str) {
        let text = format!(
            "kind = \"trial\"\nid = \"SY-2026-{number:04}\"\ntitle = \"样机\"\nstate = \"draft\"\n{lines}"
        );
        self.file(&format!("records/{name}.toml"), text);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        taizhang(self.path(), arguments)
    }
}

fn taizhang(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A broken repository and what has to be said of it: path, rule, message.
fn everything_wrong() -> (Repository, Vec<(String, &'static str, &'static str)>) {
    let repository = Repository::new();
    let mut expected: Vec<(String, &str, &str)> = Vec::new();
    let mut number = 0;
    let mut record = |name: &str, lines: &str, says: &[(&'static str, &'static str)]| {
        number += 1;
        repository.record(name, number, lines);
        for (rule, message) in says {
            expected.push((format!("records/{name}.toml"), rule, message));
        }
    };
    record(
        "dates",
        "[main]\nday = \"5月8日\"\nat = 2026-05-06\n",
        &[("inexact-date", "near"), ("inexact-date", "no-time")],
    );
    record(
        "more-dates",
        "[main]\nday = 2026-05-08T10:00:00+08:00\nat = \"持续跟进\"\n",
        &[("inexact-date", "has-time"), ("inexact-date", "plain")],
    );
    record(
        "period",
        "[main]\nperiod = { from = 2026-05-08, to = 2026-05-07 }\n",
        &[("period-order", "plain")],
    );
    record(
        "lengths",
        "[main]\nlength = \"3个工作日\"\n",
        &[("bad-length", "near")],
    );
    record(
        "length",
        "[main]\nlength = \"soon\"\n",
        &[("bad-length", "plain")],
    );
    record(
        "amounts",
        "[main]\ncost = \"三万\"\nshare = 120\n",
        &[("bad-amount", "plain"), ("out-of-range", "plain")],
    );
    record(
        "patterns",
        "[main]\ncode = \"x\"\nmodel = \"x\"\n",
        &[("pattern", "plain"), ("pattern", "hint")],
    );
    record(
        "choices",
        "[main]\nmode = \"onlin\"\n",
        &[("unknown-choice", "near")],
    );
    record(
        "choice",
        "[main]\nmode = \"telephone\"\n",
        &[("unknown-choice", "plain")],
    );
    record(
        "labels",
        "[main]\nmode = \"线上\"\nowner = \"李娜\"\ndepartment = \"市场部\"\nparty = \"蔚蓝电子\"\n",
        &[
            ("unknown-choice", "display-name"),
            ("unknown-person", "display-name"),
            ("unknown-department", "display-name"),
            ("unknown-party", "display-name"),
        ],
    );
    record(
        "groups",
        "[main]\nowner = \"各部门负责人\"\ndepartment = \"全体部门\"\n",
        &[("unknown-person", "group"), ("unknown-department", "group")],
    );
    record(
        "slips",
        "priority = \"urgnet\"\nvisible_to = [\"marketng\"]\nrelated = [\"SY-206-0001\"]\n[main]\nowner = \"li-nb\"\ndepartment = \"marketin\"\nparty = \"weilam\"\ndey = 1\n",
        &[
            ("unknown-word", "near"),
            ("unknown-subject", "near"),
            ("unknown-reference", "near"),
            ("unknown-person", "near"),
            ("unknown-department", "near"),
            ("unknown-party", "near"),
            ("unknown-key", "near"),
        ],
    );
    record(
        "strangers",
        "priority = \"whenever\"\nvisible_to = [\"everybody\"]\nrelated = [\"gone\"]\n[main]\nowner = \"somebody-else\"\ndepartment = \"astronomy\"\nparty = \"unheard-of\"\nweather = 1\n",
        &[
            ("unknown-word", "plain"),
            ("unknown-subject", "plain"),
            ("unknown-reference", "plain"),
            ("unknown-person", "plain"),
            ("unknown-department", "plain"),
            ("unknown-party", "plain"),
            ("unknown-key", "plain"),
        ],
    );
    record(
        "owners",
        "[main]\nowner = \"张伟、李娜\"\n",
        &[("several-owners", "plain")],
    );
    record(
        "head",
        "[main]\nowner = \"rd\"\n",
        &[("department-as-owner", "plain")],
    );
    record(
        "no-head",
        "[main]\nowner = \"marketing\"\n",
        &[("department-as-owner", "no-head")],
    );
    record(
        "reference",
        "[main]\nmeeting = \"SY-2026-0001\"\n",
        &[("unknown-reference", "kind")],
    );
    record(
        "shapes",
        "project = 3\n[[main]]\nday = 2026-05-08\n[notes]\ntext = \"x\"\n",
        &[
            ("wrong-type", "plain"),
            ("section-shape", "single"),
            ("section-shape", "repeated"),
        ],
    );
    record(
        "syntax-comma",
        "a = [\"x\" \"y\"]\n",
        &[("toml-syntax", "comma")],
    );
    record(
        "syntax-date",
        "a = 2026-02-30\n",
        &[("toml-syntax", "date")],
    );
    record(
        "syntax-quotes",
        "a = “评审”\n",
        &[("toml-syntax", "quotes")],
    );
    record("syntax-open", "a = [1,\n", &[("toml-syntax", "unclosed")]);
    record(
        "syntax-escape",
        "a = \"C:\\work\"\n",
        &[("toml-syntax", "escape")],
    );
    record(
        "syntax-control",
        "a = \"\u{1b}[31m\"\n",
        &[("toml-syntax", "control")],
    );
    record("syntax-value", "a =\n", &[("toml-syntax", "missing-value")]);
    record(
        "syntax-twice",
        "title = \"b\"\n",
        &[("toml-syntax", "duplicate-key")],
    );
    record("syntax", "[main]]\n", &[("toml-syntax", "plain")]);
    let mut file = |path: &str, content: &[u8], says: &[(&'static str, &'static str)]| {
        repository.file(path, content);
        for (rule, message) in says {
            expected.push((path.to_owned(), rule, message));
        }
    };
    file(
        "taizhang.toml",
        "name = \"星衡\"\ntime_zone = \"Asia/Beijing\"\noffice_hours = [\"nine to five\"]\nsite_url = \"intranet\"\nprofile = \"defualt\"\n".as_bytes(),
        &[
            ("bad-setting", "time-zone"),
            ("bad-setting", "office-hours"),
            ("bad-setting", "site-url"),
            ("unknown-profile", "near"),
        ],
    );
    file("records/empty.toml", b"", &[("empty-file", "plain")]);
    file(
        "records/no-kind.toml",
        b"id = \"SY-2026-0900\"\n",
        &[("missing-kind", "plain")],
    );
    file(
        "records/kind.toml",
        b"kind = \"trail\"\n",
        &[("unknown-kind", "near")],
    );
    file(
        "records/kinds.toml",
        b"kind = \"complaint-of-a-neighbour\"\n",
        &[("unknown-kind", "plain")],
    );
    file(
        "records/bare.toml",
        b"kind = \"trial\"\ntitle = \" \"\nstate = \"darft\"\n",
        &[
            ("missing-key", "record"),
            ("missing-key", "empty"),
            ("unknown-state", "near"),
        ],
    );
    file(
        "records/states.toml",
        "kind = \"trial\"\nid = \"SY-2026-0901\"\ntitle = \"a\"\nstate = \"草稿\"\n".as_bytes(),
        &[("unknown-state", "display-name")],
    );
    file(
        "records/state.toml",
        b"kind = \"trial\"\nid = \"SY-2026-0901\"\ntitle = \"a\"\nstate = \"somewhere\"\n",
        &[("unknown-state", "plain")],
    );
    file(
        "records/gbk.toml",
        b"title = \"\xc6\xc0\xc9\xf3\"\n",
        &[("unreadable-file", "not-utf8")],
    );
    file(
        "records/large.toml",
        &[b'#'; (1 << 20) + 1],
        &[("unreadable-file", "too-large")],
    );
    file(
        "records/organisation/teams.toml",
        b"",
        &[("unknown-file", "plain")],
    );
    file(
        "records/organisation/parties.toml",
        "[weilan]\nname = \"蔚蓝电子\"\n[third]\nname = 3\n[fourth]\n".as_bytes(),
        &[("wrong-type", "definition"), ("missing-key", "plain")],
    );
    file(
        "templates/calendar/2030.toml",
        "year = 2030\n[[festivals]]\nname = \"元旦\"\noff = [2030-01-01, 2030-01-01]\nwork = [2030-01-02]\n".as_bytes(),
        &[("bad-calendar", "plain")],
    );
    file(
        "templates/profiles/own.toml",
        br#"
name = "own"
priority = { urgent = "a", important = "b", routine = "c" }
[limits.trial.reply]
length = "1wd"
[limits.triel.reply]
length = "1wd"
"#,
        &[("unknown-limit", "plain"), ("unknown-limit", "near")],
    );
    file(
        "templates/kinds/broken/kind.toml",
        br#"
name = "broken"
number = "B-1"
responsible = "main.department"
department = "main.deparment"
parties = ["elsewhere.party"]

[sections.title]
label = "title"

[sections.main]
label = "main"
fields.department = { type = "department", label = "d" }
fields.code = { type = "text", pattern = "[A-Z", label = "c" }
fields.rows = { type = "table", label = "r", columns = { inner = { type = "table", label = "i", columns = {} } } }

[[states]]
id = "open"
label = "open"

[[states]]
id = "open"
label = "open"

[[limits]]
id = "reply"
label = "reply"
from = "main.department"
match = ["main.department"]

[[rules]]
id = "each"
title = "t"
each = "main"
assert = "1 +"
message = "m"
"#,
        &[
            ("bad-number-pattern", "plain"),
            ("path-type", "plain"),
            ("unknown-path", "near"),
            ("unknown-path", "plain"),
            ("reserved-name", "plain"),
            ("bad-pattern", "plain"),
            ("table-in-table", "plain"),
            ("duplicate-name", "plain"),
            ("bad-match", "plain"),
            ("no-rows", "plain"),
            ("bad-expression", "plain"),
        ],
    );
    let long = format!(
        "name = \"long\"\nnumber = \"L-{{year}}-{{seq:4}}\"\n[sections.a]\nlabel = \"a\"\n[[states]]\nid = \"open\"\nlabel = \"o\"\n[[rules]]\nid = \"long\"\ntitle = \"t\"\nmessage = \"m\"\nassert = \"{}\"\n",
        "true && ".repeat(300) + "true"
    );
    file(
        "templates/kinds/long/kind.toml",
        long.as_bytes(),
        &[("bad-expression", "too-long")],
    );
    let asserts = [
        ("sise(main.rows) > 0", "near-function"),
        ("frobnicate(main.rows)", "unknown-function"),
        ("row.task == 'a'", "no-row"),
        ("main.day.exists(x, x == 1)", "not-a-list"),
        ("main.rows.task == 'a'", "list-has-no-parts"),
    ];
    for (index, (assert, message)) in asserts.into_iter().enumerate() {
        let rule = format!(
            "{KIND}\n[[rules]]\nid = \"expression-{index}\"\ntitle = \"t\"\nmessage = \"m\"\nassert = \"{assert}\"\n"
        );
        let path = format!("templates/kinds/expression-{index}/kind.toml");
        file(&path, rule.as_bytes(), &[("bad-expression", message)]);
    }
    // the second of two with one number
    file(
        "records/twin.toml",
        b"kind = \"trial\"\nid = \"SY-2026-0001\"\ntitle = \"a\"\nstate = \"draft\"\n",
        &[("duplicate-number", "plain")],
    );
    #[cfg(unix)]
    {
        let link = repository.path().join("records/link.toml");
        std::os::unix::fs::symlink("/etc/hostname", link).unwrap();
        expected.push(("records/link.toml".to_owned(), "unreadable-file", "link"));
    }
    (repository, expected)
}

/// A value above the first department is none: everybody stays in their own.
#[test]
fn a_stray_value_among_departments_moves_nobody() {
    let repository = tempfile::tempdir().unwrap();
    let folder = repository.path().join("records/organisation");
    std::fs::create_dir_all(&folder).unwrap();
    let departments = "name = \"总经办\"\n[a]\nname = \"甲部\"\n[b]\nname = \"乙部\"\n";
    std::fs::write(folder.join("departments.toml"), departments).unwrap();
    let people = "[li]\nname = \"李\"\ndepartment = \"b\"\n";
    std::fs::write(folder.join("people.toml"), people).unwrap();
    let organisation = load(repository.path(), &LoadOptions::default())
        .register
        .organisation;
    let home = organisation.people[0].department.unwrap();
    assert_eq!(&*organisation.department(home).id, "b");
}

/// Settings that are no file of the repository are not waited for, not
/// followed, and the records still load.
#[cfg(unix)]
#[test]
fn settings_that_are_no_file_of_the_repository_are_a_finding() {
    for target in ["/dev/zero", "/etc/hostname", "taizhang.toml", "records"] {
        let (repository, _) = everything_wrong();
        let settings = repository.path().join("taizhang.toml");
        let _ = std::fs::remove_file(&settings);
        std::os::unix::fs::symlink(target, &settings).unwrap();
        let loaded = load(repository.path(), &LoadOptions::default());
        let of_settings: Vec<_> = loaded
            .findings
            .iter()
            .filter(|finding| {
                loaded.register.sources.file(finding.place.file).path == "taizhang.toml"
            })
            .map(|finding| (&*finding.rule, finding.wording.clone()))
            .collect();
        assert_eq!(
            of_settings,
            [("unreadable-file", Wording::Named("link"))],
            "{target}"
        );
        assert!(!loaded.register.records.is_empty());
    }
}

/// What a broken repository cannot show: a system that refuses a file (tests
/// may run as root), what needs another `taizhang.toml`, and bounds of
/// expressions, which are tested where they are drawn.
const ELSEWHERE: [(&str, &str); 17] = [
    ("bad-setting", "binding-edge"),
    ("bad-setting", "colour"),
    ("bad-setting", "colour-pale"),
    ("bad-setting", "font"),
    ("bad-setting", "logo-format"),
    ("bad-setting", "logo-large"),
    ("bad-setting", "logo-missing"),
    ("bad-setting", "logo-outside"),
    ("bad-setting", "margin"),
    ("unreadable-file", "system"),
    ("unreadable-file", "too-much"),
    ("missing-settings", "plain"),
    ("unknown-profile", "plain"),
    ("bad-expression", "too-deep"),
    ("bad-expression", "too-many-parts"),
    ("bad-expression", "too-nested"),
    ("bad-expression", "not-allowed"),
];

#[test]
fn every_message_of_loading_has_words_for_all_it_says() {
    let (repository, expected) = everything_wrong();
    let loaded = load(repository.path(), &LoadOptions::default());
    let placeholder = regex::Regex::new(r"\{[a-z_-]+\}").unwrap();
    let mut unsaid = Vec::new();
    for (path, rule, message) in &expected {
        let finding = loaded.findings.iter().find(|finding| {
            finding.rule == *rule
                && finding.wording == Wording::Named(message)
                && loaded.register.sources.file(finding.place.file).path == *path
        });
        let Some(finding) = finding else {
            unsaid.push(format!("{rule}.{message} of {path}"));
            continue;
        };
        for language in [Language::Chinese, Language::English] {
            let reporter = Reporter::new(&loaded.register, language);
            let rendered = reporter.render(finding);
            assert!(
                !rendered.message.starts_with(&format!("{rule}.{message}")),
                "{rule}.{message} has no words"
            );
            assert!(!rendered.title.is_empty(), "{rule} has no title");
            for text in [Some(&rendered.message), rendered.help.as_ref()]
                .into_iter()
                .flatten()
            {
                assert!(!placeholder.is_match(text), "{rule}.{message}: {text}");
                let is_chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                // an English message may quote the Chinese of the record, and
                // some say nothing but what was given
                assert!(
                    is_chinese || language == Language::English || text.is_ascii(),
                    "{rule}.{message}: {text}"
                );
            }
        }
    }
    assert_eq!(unsaid, Vec::<String>::new());
    // nothing is worded that nobody says, and nothing is said unworded
    let said: BTreeSet<(&str, &str)> = expected
        .iter()
        .map(|(_, rule, message)| (*rule, *message))
        .chain(ELSEWHERE)
        .collect();
    for rule in RULES.iter().filter(|rule| matches!(rule.run, Run::Loading)) {
        let text = &loaded.register.rules[rule.id];
        for language in [Language::Chinese, Language::English] {
            assert!(
                !text.explain.get(language).is_empty(),
                "{} is not explained",
                rule.id
            );
        }
        // rules that other stages find have tests of their own
        let is_found_here = said.iter().any(|(id, _)| *id == rule.id);
        for name in text.messages.keys().filter(|_| is_found_here) {
            assert!(
                said.contains(&(rule.id, &**name)),
                "nobody says {}.{name}",
                rule.id
            );
        }
    }
}

#[test]
fn every_clause_of_a_rule_is_a_clause() {
    let repository = Repository::new();
    let register = load(repository.path(), &LoadOptions::default()).register;
    for text in register.rules.values() {
        for clause in &text.clauses {
            let known = register.clauses.iter().any(|known| known.id == *clause);
            assert!(known, "{} names {clause}", text.id);
        }
    }
}

/// A few faults of different shapes: wide characters before and in the words
/// at fault, a fix, another place, a whole file, control characters.
fn faults() -> Repository {
    let repository = Repository::new();
    repository.record(
        "2026/SY-2026-0001",
        1,
        "priority = \"urgnet\"\n\n[main]\nrows = [{ task = \"完成样机评审\", who = \"张\" }] # 行尾\nowner = \"张伟、李娜\"\nday = \"5月8日\"\n",
    );
    repository.record("2026/b", 1, "[main]\nshare\t= 120 # \u{202e}\u{9b}x\n");
    repository.file("records/2026/empty.toml", "");
    repository
}

#[test]
fn findings_on_a_terminal() {
    let output = faults().run(&["check", "records"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    insta::assert_snapshot!("terminal-zh", stdout(&output));
}

#[test]
fn findings_in_english() {
    let output = faults().run(&["--lang", "en", "check", "records"]);
    insta::assert_snapshot!("terminal-en", stdout(&output));
}

#[test]
fn nothing_but_text_reaches_the_terminal() {
    let text = stdout(&faults().run(&["check"]));
    let harmful = text
        .chars()
        .find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
    assert_eq!(harmful, None);
}

#[test]
fn a_path_keeps_the_findings_below_it() {
    let repository = faults();
    let only_b = stdout(&repository.run(&["check", "records/2026/b.toml"]));
    assert!(only_b.contains("records/2026/b.toml:6:9"), "{only_b}");
    assert!(!only_b.contains("urgnet"), "{only_b}");
    let all = stdout(&repository.run(&["check", "records"]));
    for path in ["records/", "./records/2026", "records/../records"] {
        assert!(stdout(&repository.run(&["check", path])) == all, "{path}");
    }
    let whole = stdout(&repository.run(&["check"]));
    assert!(stdout(&repository.run(&["check", "."])) == whole);
    let root = repository.path().to_str().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let from_elsewhere = taizhang(elsewhere.path(), &["--root", root, "check", "records/2026"]);
    assert!(stdout(&from_elsewhere) == all);
    let organisation = repository.run(&["check", "records/organisation"]);
    assert_eq!(organisation.status.code(), Some(0));
    assert_eq!(stdout(&organisation), "没有发现问题。\n");
}

#[test]
fn what_cannot_be_checked_is_no_success() {
    let repository = Repository::new();
    let empty = tempfile::tempdir().unwrap();
    for (folder, arguments, says) in [
        (empty.path(), &["check"][..], "不是台账"),
        (
            empty.path(),
            &["--root", "nowhere", "check"],
            "没有这个文件夹：nowhere",
        ),
        (
            repository.path(),
            &["check", "records/nowhere.toml"],
            "没有这个文件：records/nowhere.toml",
        ),
        (repository.path(), &["check", "/"], "不在台账"),
    ] {
        let output = taizhang(folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        let text = stderr(&output);
        assert!(text.contains(says), "{text}");
        assert!(text.contains("改法"), "{text}");
    }
}

#[test]
fn a_warning_alone_is_a_success() {
    let repository = Repository::new();
    repository.record("SY-2026-0001", 1, "[main]\nat = 2026-05-06\n");
    let output = repository.run(&["check", "records"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(
        stdout(&output).ends_with(
            "1 个警告，涉及 1 个文件。运行 taizhang explain inexact-date 看规则说明。\n"
        )
    );
}

#[test]
fn findings_as_json_follow_their_schema() {
    let (repository, expected) = everything_wrong();
    let output = repository.run(&["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = serde_json::from_str(taizhang::report::json::SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = schema
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let findings = report["findings"].as_array().unwrap();
    for (path, rule, _) in &expected {
        assert!(
            findings
                .iter()
                .any(|finding| finding["path"] == **path && finding["rule"] == *rule),
            "{rule} in {path}"
        );
    }
    let by_level = |level: &str| findings.iter().filter(|f| f["level"] == level).count();
    for level in ["error", "warning", "note"] {
        assert_eq!(report["counts"][level], by_level(level), "{level}");
    }
}

#[test]
fn json_places_are_those_that_an_editor_shows() {
    let output = faults().run(&[
        "check",
        "--format",
        "json",
        "records/2026/SY-2026-0001.toml",
    ]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let owner = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["rule"] == "several-owners")
        .unwrap();
    assert_eq!(owner["clause"], "W4");
    assert_eq!(owner["line"], 9);
    assert_eq!(owner["column"], 9);
    assert_eq!(owner["end_line"], 9);
    assert_eq!(owner["end_column"], 16);
    assert_eq!(owner["fix"]["replacement"], "\"zhang-wei\"");
    assert_eq!(owner["fix"]["safe"], false);
}

#[test]
fn what_paper_cannot_bear_is_told_of() {
    let told = |paper: &str| -> Vec<&'static str> {
        let repository = Repository::new();
        repository.file(
            "taizhang.toml",
            format!("name = \"星衡\"\n[paper]\n{paper}\n"),
        );
        repository.file("assets/huge.svg", vec![b' '; (1 << 20) + 1]);
        load(repository.path(), &LoadOptions::default())
            .findings
            .iter()
            .filter(|finding| finding.rule == "bad-setting")
            .filter_map(|finding| match finding.wording {
                Wording::Named(name) => Some(name),
                Wording::Own { .. } => None,
            })
            .collect()
    };
    assert_eq!(told("accent = \"#fafad2\""), ["colour-pale"]);
    assert_eq!(told("accent = \"#1f3a5f\""), [] as [&str; 0]);
    assert_eq!(told("accent = \"blue-ish\""), ["colour"]);
    assert_eq!(told("fonts.text = \"仿宋; 宋体\""), ["font"]);
    assert_eq!(told("margins.left = 24"), ["binding-edge"]);
    assert_eq!(told("margins.top = 9"), ["margin"]);
    assert_eq!(told("margins = { left = 25, top = 10 }"), [] as [&str; 0]);
    assert_eq!(told("logo = \"assets/seal.gif\""), ["logo-format"]);
    assert_eq!(told("logo = \"../seal.svg\""), ["logo-outside"]);
    assert_eq!(told("logo = \"assets/none.svg\""), ["logo-missing"]);
    assert_eq!(told("logo = \"assets/huge.svg\""), ["logo-large"]);
}
