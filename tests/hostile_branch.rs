//! A branch from somebody who means harm, in a real repository: `check` and
//! `review` come to an end within bounds of work and memory, follow nothing out
//! of the repository, run nothing, and write nothing that does anything where
//! it is read: in a terminal, a forge's log, a comment, a report.
//!
//! The bounds are the system's (`ulimit`), on the work a process does: how
//! fast the machine is or how busy does not matter.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(unix)]

mod common;

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use common::Repository;
use common::git::{Author, GitRepository};
use pulldown_cmark::{Event, Options, Parser, Tag};

const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"

[sections.main]
label = "主要"
fields.scope = { type = "text", label = "范围" }
fields.owner = { type = "person", label = "负责人" }

[sections.actions]
label = "任务"
repeated = true
fields.task = { type = "text", label = "任务" }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"

[[states]]
id = "open"
label = { zh = "进行中", en = "Open" }
phase = "open"
"#;

/// What a text field may hold that means something to somebody who reads it.
const EVIL: &str = "[x](https://evil.example) ![i](https://evil.example/p.png) <script>alert(1)</script> <img src=x onerror=alert(1)> @all @somebody #1 GH-1 a/b#2 0123456789abcdef0123456789abcdef01234567 https://evil.example www.evil.example `code` *b* | cell | ]]> </details> --> {{ words }} {% raw %} $(touch pwned) ::error::x ##[error]y";

fn record(number: u32, rest: &str) -> String {
    format!(
        "kind = \"trial\"\nid = \"SY-2026-{number:04}\"\ntitle = \"试验－{number}\"\nstate = \"open\"\n{rest}"
    )
}

/// A repository with one good record on `main`, and the branch `evil` to be.
fn repository() -> GitRepository {
    let repository =
        GitRepository::of(Repository::new().file("templates/kinds/trial/kind.toml", KIND));
    repository.write(
        "records/SY-2026-0001.toml",
        record(1, "[main]\nscope = \"好\"\n"),
    );
    repository.commit("start");
    repository.git(&["checkout", "--quiet", "-b", "evil"]);
    repository
}

/// Runs the program with so much memory and work, and no more.
fn bounded(repository: &GitRepository, arguments: &[&str]) -> Output {
    let output = Command::new("sh")
        .args([
            "-c",
            "ulimit -v 6000000 && ulimit -t 400 && exec \"$0\" \"$@\"",
        ])
        .arg(env!("CARGO_BIN_EXE_taizhang"))
        .args(arguments)
        .current_dir(repository.root())
        .env("NO_COLOR", "1")
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .unwrap();
    let code = output.status.code();
    assert!(
        matches!(code, Some(0 | 1)),
        "{arguments:?}: {code:?} {}",
        shown(&output.stderr)
    );
    output
}

fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().take(2_000).collect()
}

/// Nothing that moves a terminal's cursor, turns the writing round, or is a
/// command of a forge's log.
fn is_inert(what: &str, bytes: &[u8], annotations: bool) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    for line in text.lines() {
        let short: String = line.chars().take(300).collect();
        assert!(
            !line.chars().any(|c| c.is_control() || turns(c)),
            "{what}: {short:?}"
        );
        assert!(!annotations || !line.contains("##["), "{what}: {short}");
        // three colons are drawn before a place that has to do with a finding
        if line.trim_start().starts_with("::") && !line.trim_start().starts_with(":::") {
            let ours = ["::error ", "::warning ", "::notice "];
            let is_ours = annotations && ours.iter().any(|start| line.starts_with(start));
            assert!(is_ours, "{what}: {short}");
            // nothing ends the message early
            assert!(!line.contains('\r'), "{what}: {short}");
        }
    }
    assert!(!text.contains("root:x:0"), "{what}: a link was followed");
    text
}

/// What a forge makes of the text: no link, picture, mention, no HTML but ours.
fn is_inert_markdown(text: &str) {
    let ours = [
        "<!-- taizhang-review -->",
        "<details>",
        "<summary>",
        "</summary>",
        "</details>",
        "<del>",
        "</del>",
        "<ins>",
        "</ins>",
        "<br>",
    ];
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                panic!("a link to {dest_url}")
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let mut rest = html.to_string();
                for tag in ours {
                    rest = rest.replace(tag, "");
                }
                assert!(!rest.contains('<'), "{rest}");
            }
            Event::Text(text) => {
                let mut letters = text.chars().peekable();
                while let Some(letter) = letters.next() {
                    if letter == '@' || letter == '#' {
                        let next = letters.peek();
                        assert!(next.is_none_or(|c| !c.is_alphanumeric()), "{text}");
                    }
                }
                assert!(
                    !text.contains("https://") && !text.contains("www.e"),
                    "{text}"
                );
            }
            _ => {}
        }
    }
    // GitLab runs lines that begin with a slash
    assert!(text.lines().all(|line| !line.starts_with('/')));
}

/// Everything that can be said of a branch, and that all of it does nothing.
fn every_format_is_inert(repository: &GitRepository, expects: &[&str]) {
    let checks = ["human", "json", "github", "gitlab", "sarif", "junit"];
    formats_are_inert(repository, &checks, &["markdown", "html", "json"], expects);
}

/// The same for these formats of `check` and of `review`.
fn formats_are_inert(
    repository: &GitRepository,
    checks: &[&str],
    reviews: &[&str],
    expects: &[&str],
) {
    for &format in checks {
        let output = bounded(repository, &["check", "--base", "main", "--format", format]);
        let github = format == "github";
        let text = is_inert(format, &output.stdout, github);
        is_inert(format, &output.stderr, github);
        match format {
            "json" | "gitlab" | "sarif" => {
                serde_json::from_str::<serde_json::Value>(&text).unwrap();
            }
            "junit" => {
                let mut reader = quick_xml::Reader::from_str(&text);
                while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
            }
            _ => {}
        }
        if format == "json" {
            for rule in expects {
                assert!(
                    text.contains(&format!("\"{rule}\"")),
                    "{rule}: {}",
                    shown(&output.stdout)
                );
            }
        }
    }
    for &format in reviews {
        let arguments = [
            "review", "--base", "main", "--head", "evil", "--format", format,
        ];
        let output = bounded(repository, &arguments);
        let text = is_inert(format, &output.stdout, true);
        is_inert(format, &output.stderr, true);
        match format {
            "markdown" => {
                assert!(text.chars().count() < 65_000, "a comment takes no more");
                is_inert_markdown(&text);
            }
            "html" => {
                let lower = text.to_lowercase();
                for tag in ["<script", "<img", "<a ", "<iframe", "<svg", "<link"] {
                    assert!(!lower.contains(tag), "{tag}");
                }
                assert!(text.contains("default-src 'none'"));
            }
            _ => {
                serde_json::from_str::<serde_json::Value>(&text).unwrap();
            }
        }
    }
    for path in ["pwned", "records/pwned"] {
        assert!(!repository.root().join(path).exists(), "something was run");
    }
}

#[test]
fn values_names_and_words_do_nothing_where_they_are_read() {
    let repository = repository();
    let toml = EVIL.replace('\\', "\\\\").replace('"', "\\\"");
    let control = "\\u001b[31m\\u0007\\u202e\\u2066\\n::error::z\\r\\n##[set-env]\\u0085\\u2028";
    repository.write(
        "records/SY-2026-0001.toml",
        record(1, &format!("project = \"{toml}\"\n[main]\nscope = \"{toml}{control}\"\nowner = \"{control}{toml}\"\n[[actions]]\ntask = \"{toml}\"\n")),
    );
    repository.write(
        "records/SY-2026-0002.toml",
        record(2, "").replace("试验－2", &format!("{toml}{control}")),
    );
    repository.write(
        "records/SY-2026-0003.toml",
        record(
            3,
            &format!("related = [\"{toml}\"]\n\"{toml}{control}\" = 1\n[\"{control}\"]\n"),
        ),
    );
    for (number, name) in [
        "-rf",
        "--output=x",
        "a\nb",
        "::error::x",
        "\u{1b}[2J",
        "\u{202e}lmot",
        "\"quoted\"",
        "'",
        "a b",
        "[x](https://evil.example)",
        "@all",
        "<b>",
        "%0A::error::",
        "$(touch pwned)",
        "`touch pwned`",
        "\\",
    ]
    .iter()
    .enumerate()
    {
        let text = record(100 + number as u32, "owner = 1\n");
        repository.write(&format!("records/{name}.toml"), text);
    }
    // a repository brings words, texts of rules, templates and settings of its own
    let built_in = include_str!("../templates/words/zh.toml");
    let words = built_in
        .replace("[levels]\n", "[levels]\n# \n")
        .replace("错误", "\\n::error::错误\\u001b[1m")
        .replace("警告", "::warning::@all")
        .replace("改法", "::set-output::[x](https://evil.example)");
    assert_ne!(words, built_in);
    repository.write("templates/words/zh.toml", words);
    repository.write(
        "templates/rules/unknown-person.toml",
        include_str!("../templates/rules/unknown-person.toml").replace(
            "没有",
            "\\n::error::\\u001b[31m[x](https://evil.example) @all 没有",
        ),
    );
    repository.write(
        "templates/text/review.md",
        "@all [x](https://evil.example)\n{% for i in [1,2,3] %}::error::{{ review }}{% endfor %}",
    );
    repository.write("templates/text/review.html", "<script>alert(1)</script>");
    repository.write(
        "templates/kinds/trial/kind.toml",
        KIND.replace("label = \"主要\"", &format!("label = \"{toml}{control}\"")),
    );
    let settings = repository.read("taizhang.toml");
    repository.write(
        "taizhang.toml",
        format!("{settings}\n[paper]\nlogo = \"../../../../../etc/passwd\"\n"),
    );
    // what git would run, if it were asked for the wrong thing
    repository.write(".gitattributes", "* diff=evil filter=evil merge=evil\n");
    for (key, value) in [
        ("diff.evil.textconv", "touch pwned; cat"),
        ("diff.evil.command", "touch pwned"),
        ("diff.external", "touch pwned"),
        ("core.fsmonitor", "touch pwned; false"),
        ("core.pager", "touch pwned"),
        ("log.showSignature", "true"),
        ("gpg.program", "touch"),
    ] {
        repository.git(&["config", key, value]);
    }
    // a repository inside the repository, with settings of its own
    repository.write("records/bare/HEAD", "ref: refs/heads/main\n");
    repository.write(
        "records/bare/config",
        "[core]\nbare = false\nworktree = ..\nfsmonitor = touch pwned\n",
    );
    std::fs::create_dir_all(repository.root().join("records/bare/objects")).unwrap();
    std::fs::create_dir_all(repository.root().join("records/bare/refs")).unwrap();
    let author = Author {
        name: "::error::[x](https://evil.example) @all",
        email: "@all::error::",
    };
    repository.git(&["config", "--unset", "core.fsmonitor"]);
    repository.git(&["config", "--unset", "diff.external"]);
    let message = format!("::error::\u{1b}[31m{}", EVIL.repeat(1_000));
    repository.write("message", message);
    repository.git_as(author, "2026-05-06T09:30:00+08:00", &["add", "--all"]);
    let submodule = "160000,0123456789abcdef0123456789abcdef01234567,records/module";
    repository.git(&["update-index", "--add", "--cacheinfo", submodule]);
    let commit = ["commit", "--quiet", "--file", "message"];
    repository.git_as(author, "2026-05-06T09:30:00+08:00", &commit);
    repository.git(&["config", "core.fsmonitor", "touch pwned; false"]);
    repository.git(&["config", "diff.external", "touch pwned"]);
    let _ = std::fs::remove_file(repository.root().join("pwned"));
    every_format_is_inert(&repository, &["unknown-person", "unknown-key"]);
}

#[test]
fn no_link_leads_out_and_nothing_is_waited_for() {
    let repository = repository();
    let root = repository.root();
    for (target, link) in [
        ("/etc/passwd", "records/passwd.toml"),
        ("/", "records/everything"),
        ("/dev/zero", "records/zero.toml"),
        ("/proc/self/environ", "records/environ.toml"),
        ("nowhere", "records/nowhere.toml"),
        ("circle.toml", "records/circle.toml"),
        ("..", "records/up"),
        ("/etc", "templates/lists"),
        ("/etc/passwd", "templates/kinds/trial/passwd.toml"),
        ("/", "site"),
    ] {
        symlink(target, root.join(link)).unwrap();
    }
    // each folder twice in the one before: two to the power of thirty files
    for level in 0..30 {
        let folder = root.join(format!("records/d{level}"));
        std::fs::create_dir(&folder).unwrap();
        for name in ["a", "b"] {
            symlink(format!("../d{}", level + 1), folder.join(name)).unwrap();
        }
    }
    repository.write("records/d30/SY-2026-0030.toml", record(30, ""));
    let settings = repository.read("taizhang.toml");
    symlink("/etc/passwd", root.join("logo.svg")).unwrap();
    repository.write(
        "taizhang.toml",
        format!("{settings}\n[paper]\nlogo = \"logo.svg\"\n"),
    );
    repository.commit("links");
    // what only lies in the folder: nobody ever writes into it
    let made = Command::new("mkfifo")
        .arg(root.join("records/pipe.toml"))
        .status();
    assert!(made.unwrap().success());
    every_format_is_inert(&repository, &["unreadable-file"]);
}

#[test]
fn definitions_and_records_cannot_make_endless_work() {
    let repository = repository();
    // expressions: lists inside lists, texts put together, patterns that grow
    let many = |of: &str| vec![of; 60].join(" + ");
    let mut kind = KIND.to_owned();
    for (index, assert) in [
        "actions.all(a, actions.exists(b, a.task == b.task && actions.size() > 0))".to_owned(),
        format!("size(actions.map(a, {})) > 0", many("main.scope")),
        format!(
            "size(actions.map(a, actions.map(b, {}))) > 0",
            many("title")
        ),
        format!(
            "({}).all(a, ({}).all(b, a != b))",
            many("actions"),
            many("actions")
        ),
        "actions.all(a, actions.all(b, !a.task.matches(main.scope)))".to_owned(),
        "main.scope.matches('(\\\\\\\\w{500}){500}')".to_owned(),
        "actions.all(a, a.task.matches('\\\\\\\\w{30}'))".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        let _ = write!(
            kind,
            "\n[[rules]]\nid = \"evil-{index}\"\ntitle = \"t\"\nmessage = \"m\"\nassert = \"{assert}\"\neach = \"actions\"\n"
        );
    }
    for index in 0..300 {
        let _ = write!(
            kind,
            "\n[[rules]]\nid = \"more-{index}\"\ntitle = \"t\"\nmessage = \"m\"\nassert = \"actions.all(a, actions.exists(b, a.task == b.task))\"\neach = \"actions\"\n"
        );
    }
    kind = kind.replace(
        "label = \"范围\" }",
        "label = \"范围\", pattern = '(\\w{1000}){1000}' }",
    );
    repository.write("templates/kinds/trial/kind.toml", &kind);
    repository.write("templates/print/loop.typ", "#let f(x) = f(x + 1)\n#f(0)");
    repository.write(
        "templates/site/page.html",
        "{% for a in range(end=1000000000) %}{{ a }}{% endfor %}",
    );
    let mut list = String::from("label = \"词\"\nkind = \"words\"\n");
    for index in 0..2_000 {
        let _ = write!(
            list,
            "[[words]]\nterm = \"词{index}\"\nshape = '\\w{{9}}'\n"
        );
    }
    repository.write("templates/lists/evil.toml", list);
    repository.write("templates/calendar/2027.toml", "[[days]]\n".repeat(2_000));
    // records: as many rows, as deep, as long as a file may be
    let rows = |count: usize| {
        (0..count)
            .map(|row| format!("[[actions]]\ntask = \"{row}\"\n"))
            .collect::<String>()
    };
    repository.write("records/SY-2026-0001.toml", record(1, &rows(990)));
    repository.write(
        "records/SY-2026-0002.toml",
        record(2, &"[[actions]]\n".repeat(85_000)),
    );
    let scope = "甲".repeat(300_000);
    let long = format!("[main]\nscope = \"{scope}\"\n{}", rows(900));
    repository.write("records/SY-2026-0003.toml", record(3, &long));
    for (number, text) in [
        format!("x = {}", "[".repeat(900_000)),
        format!("x = {}", "{ a = ".repeat(150_000)),
        format!("x{} = 1", ".a".repeat(400_000)),
        format!("[x{}]", ".a".repeat(400_000)),
        (0..5_000).map(|key| format!("k{key} = 1\n")).collect(),
        format!("{} = 1", "k".repeat(1_000_000)),
        format!("{} = 1", "k".repeat(10_000_000)),
        format!("x = \"{}", "\\".repeat(900_000)),
        format!("x = {}", "\"\"\"".repeat(300_000)),
        format!(
            "related = [{}]",
            (0..5_000)
                .map(|to| format!("\"SY-2026-{to:04}\","))
                .collect::<String>()
        ),
        "visible_to = [\"rd\"]\n".repeat(4_000),
    ]
    .iter()
    .enumerate()
    {
        let number = 10 + number as u32;
        repository.write(
            &format!("records/SY-2026-{number:04}.toml"),
            record(number, text),
        );
    }
    // each names the next, the last one the first
    for number in 50..90 {
        let next = if number == 89 { 50 } else { number + 1 };
        let text = record(
            number,
            &format!(
                "related = [\"SY-2026-{next:04}\", \"SY-2026-{number:04}\"]\nproject = \"SY-2026-{next:04}\"\n"
            ),
        );
        repository.write(&format!("records/SY-2026-{number:04}.toml"), text);
    }
    repository.commit("work");
    // the work is the same in every format
    formats_are_inert(
        &repository,
        &["json"],
        &["markdown"],
        &[
            "unreadable-file",
            "expression-failed",
            "bad-expression",
            "bad-pattern",
        ],
    );
}

#[test]
fn rows_by_the_ten_thousand_are_compared() {
    let repository = repository();
    let rows = |from: usize| {
        let row = |row: usize| format!("[[actions]]\ntask = \"{row}\"\n");
        record(1, &(from..from + 30_000).map(row).collect::<String>())
    };
    repository.write("records/SY-2026-0001.toml", rows(0));
    repository.commit("rows");
    repository.git(&["branch", "--force", "main"]);
    repository.write("records/SY-2026-0001.toml", rows(50_000));
    repository.commit("other rows");
    for format in ["markdown", "json"] {
        let arguments = [
            "review", "--base", "main", "--head", "evil", "--format", format,
        ];
        let output = bounded(&repository, &arguments);
        is_inert(format, &output.stdout, true);
    }
}

#[test]
fn files_by_the_ten_thousand_are_read() {
    let repository = repository();
    // one object under many names, as a commit of a few kilobytes can have it
    let mut stream = String::new();
    let text = record(2, "");
    let _ = write!(
        stream,
        "blob\nmark :1\ndata {}\n{text}\ncommit refs/heads/evil\ncommitter a <a> 1778000000 +0800\ndata 1\nx\nfrom refs/heads/main^0\n",
        text.len()
    );
    for file in 0..20_000 {
        let _ = writeln!(stream, "M 100644 :1 records/{}/x{file}.toml", file / 1_000);
    }
    repository.write("stream", stream);
    let root = repository.root();
    let imported = Command::new("git")
        .current_dir(root)
        .args(["fast-import", "--quiet", "--force"])
        .stdin(std::fs::File::open(root.join("stream")).unwrap())
        .status();
    assert!(imported.unwrap().success());
    let arguments = ["review", "--base", "main", "--head", "evil"];
    let output = bounded(&repository, &arguments);
    let text = is_inert("markdown", &output.stdout, true);
    assert!(text.chars().count() < 65_000);
    is_inert_markdown(&text);
}
