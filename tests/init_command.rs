//! `taizhang init` as a new company meets it: what is written, that it checks
//! and builds at once, and that the files for forges and editors say what they
//! are meant to say there.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use regex::Regex;
use taizhang::register::{LoadOptions, load};
use taizhang::text::Language;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Everything there is below the folder, but for git's own.
    fn files(&self, below: &str) -> BTreeSet<String> {
        let root = self.path(below);
        walkdir::WalkDir::new(&root)
            .into_iter()
            .filter_entry(|entry| entry.file_name() != ".git")
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(&root).unwrap();
                path.to_string_lossy().into_owned()
            })
            .collect()
    }

    fn run(&self, below: &str, program: &str, arguments: &[&str]) -> Output {
        Command::new(program)
            .current_dir(self.path(below))
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", self.path("gitconfig"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CEILING_DIRECTORIES", self.0.path())
            .output()
            .unwrap()
    }

    fn taizhang(&self, below: &str, arguments: &[&str]) -> Output {
        self.run(below, env!("CARGO_BIN_EXE_taizhang"), arguments)
    }

    /// Runs the program and expects it to succeed; what it said on stdout.
    fn done(&self, below: &str, arguments: &[&str]) -> String {
        let output = self.taizhang(below, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the program and expects that it cannot do it; what it said on stderr.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.taizhang("", arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn a_new_repository_checks_and_builds_at_once() {
    let place = Place::new();
    for (language, clean) in [("zh", "没有发现问题"), ("en", "Nothing found")] {
        let said = place.done("", &["--lang", language, "init", language]);
        let written: BTreeSet<String> = said
            .lines()
            .map(|line| {
                line.strip_prefix(&format!("{language}/"))
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(written, place.files(language), "says what it wrote");
        let said = place.done(language, &["check"]);
        assert!(said.contains(clean), "{said}");
        place.done(language, &["build"]);
        assert!(
            place
                .path(&format!("{language}/public/index.html"))
                .is_file()
        );
        // and a record can be begun in it
        let path = place.done(language, &["new", "meeting", "--person", "li-si"]);
        let text = place.read(&format!("{language}/{}", path.trim()));
        assert!(
            text.starts_with("#:schema ../../schema/meeting.json\n"),
            "{text}"
        );
        assert!(text.contains("\"li-si\""), "{text}");
        place.done(language, &["check"]);
    }
    let chinese = Regex::new(r"\p{Han}").unwrap();
    for path in [
        "README.md",
        "taizhang.toml",
        "ci/install",
        ".github/CODEOWNERS",
        ".gitlab-ci.yml",
    ] {
        assert!(
            chinese.is_match(&place.read(&format!("zh/{path}"))),
            "{path}"
        );
        assert!(
            !chinese.is_match(&place.read(&format!("en/{path}"))),
            "{path}"
        );
    }
}

#[test]
fn both_languages_do_the_same() {
    let place = Place::new();
    place.done("", &["init", "zh"]);
    place.done("", &["--lang", "en", "init", "en"]);
    assert_eq!(place.files("zh"), place.files("en"));
    let comment = Regex::new(r"(?m)#.*$").unwrap();
    let name = Regex::new(r"(?m)- name: .*$").unwrap();
    let said = Regex::new(r#"(?m)^ *echo "[^$].*" >&2$"#).unwrap();
    for path in [
        ".github/workflows/taizhang.yml",
        ".gitlab-ci.yml",
        ".gitea/workflows/taizhang.yml",
        ".editorconfig",
        ".gitignore",
        ".gitattributes",
        ".taplo.toml",
        "ci/install",
        "ci/against",
        "ci/comment-github",
        "ci/comment-gitlab",
        "ci/comment-gitea",
        ".github/workflows/review.yml",
        ".gitea/workflows/review.yml",
        ".githooks/pre-commit",
        "records/organisation/departments.toml",
        "records/organisation/people.toml",
        "records/organisation/parties.toml",
        "records/organisation/roles.toml",
    ] {
        let [zh, en] = ["zh", "en"].map(|language| {
            let text = place.read(&format!("{language}/{path}"));
            let text = name.replace_all(&text, "- name").into_owned();
            let text = said.replace_all(&text, "echo").into_owned();
            let lines: Vec<String> = comment
                .replace_all(&text, "")
                .lines()
                .map(|line| line.trim_end().to_owned())
                .filter(|line| !line.is_empty())
                .collect();
            lines.join("\n")
        });
        assert_eq!(zh, en, "{path}");
    }
}

#[test]
fn every_setting_that_is_explained_is_one() {
    let place = Place::new();
    let setting = Regex::new(r"(?m)^# (\[+[a-z]+\]+$|[a-z_]+ = )").unwrap();
    for language in ["zh", "en"] {
        place.done("", &["--lang", language, "init", language]);
        let path = format!("{language}/taizhang.toml");
        let text = place.read(&path);
        let open = setting.replace_all(&text, "$1");
        assert!(open.contains("\n[forge]\n") && open.contains("\nas_of = "));
        fs::write(place.path(&path), &*open).unwrap();
        // the logo that the settings name is the company's to bring
        let logo = place.path(&format!("{language}/assets/logo.svg"));
        fs::create_dir_all(logo.parent().unwrap()).unwrap();
        fs::write(
            logo,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#,
        )
        .unwrap();
        let loaded = load(&place.path(language), &LoadOptions::default());
        let rules: Vec<_> = loaded.findings.iter().map(|found| &found.rule).collect();
        assert!(rules.is_empty(), "{rules:?}");
        assert_eq!(loaded.register.settings.audiences.len(), 1);
    }
}

#[test]
fn a_company_has_its_name_wherever_it_is_written() {
    let place = Place::new();
    let name = "北斗“阀门” \"A&B\" <em>\\ 公司@year@";
    place.done(
        "",
        &["--profile", "record-guide", "init", "a/b/c", "--name", name],
    );
    let loaded = load(&place.path("a/b/c"), &LoadOptions::default());
    assert!(loaded.findings.is_empty());
    let settings = &loaded.register.settings;
    assert_eq!(settings.name.get(Language::Chinese), name);
    assert_eq!(&*loaded.register.profile().id, "record-guide");
    let readme = place.read("a/b/c/README.md");
    let title = readme.lines().next().unwrap();
    let shown = taizhang::markdown::page_to_html(title).html;
    assert!(shown.contains("&lt;em&gt;\\ 公司@year@"), "{shown}");
}

#[test]
fn what_is_there_is_left_as_it_is() {
    let place = Place::new();
    fs::create_dir(place.path("full")).unwrap();
    fs::write(place.path("full/notes.txt"), "mine").unwrap();
    let said = place.refused(&["init", "full"]);
    assert!(said.contains("full 里已经有文件"), "{said}");
    assert_eq!(place.files("full").len(), 1);
    fs::write(place.path("file"), "").unwrap();
    let said = place.refused(&["init", "file"]);
    assert!(said.contains("不是文件夹"), "{said}");
    // what cannot be finished leaves nothing behind
    let said = place.refused(&["--profile", "recordguide", "init", "new"]);
    assert!(said.contains("是不是 record-guide？"), "{said}");
    let left: Vec<_> = fs::read_dir(place.0.path())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_repository_of_git_without_files_is_taken() {
    let place = Place::new();
    fs::create_dir(place.path("cloned")).unwrap();
    assert!(place.run("cloned", "git", &["init", "-q"]).status.success());
    place.done("cloned", &["init", ".", "--git"]);
    assert!(place.path("cloned/taizhang.toml").is_file());
    let status = place.run("cloned", "git", &["status", "--porcelain", "-uall"]);
    let lines = String::from_utf8(status.stdout).unwrap();
    assert_eq!(lines.lines().count(), place.files("cloned").len());
    place.done("", &["init", "fresh", "--git"]);
    let head = place.read("fresh/.git/HEAD");
    assert_eq!(head.trim(), "ref: refs/heads/main");
}

#[test]
fn only_the_files_of_the_forge_asked_for() {
    let place = Place::new();
    for (forge, has) in [
        ("github", [true, false, false]),
        ("gitlab", [false, true, false]),
        ("gitea", [false, false, true]),
    ] {
        place.done("", &["init", forge, "--forge", forge]);
        let files = place.files(forge);
        let starts = [".github/", ".gitlab", ".gitea/"];
        let there = starts.map(|start| files.iter().any(|path| path.starts_with(start)));
        assert_eq!(there, has, "{forge}");
    }
}

#[test]
fn editors_are_told_which_schema_holds() {
    let place = Place::new();
    place.done("", &["init", "x"]);
    for path in [".vscode/settings.json", ".vscode/extensions.json"] {
        let json: serde_json::Value =
            serde_json::from_str(&place.read(&format!("x/{path}"))).unwrap();
        assert!(json.is_object());
    }
    // the same files as the command that makes them anew
    place.done("x", &["schema", "--out", "again"]);
    let schemas = place.files("x/schema");
    assert!(schemas.len() >= 3);
    for path in &schemas {
        assert_eq!(
            place.read(&format!("x/schema/{path}")),
            place.read(&format!("x/again/{path}"))
        );
    }
    let rules = place.read("x/.taplo.toml");
    let table = toml::de::DeTable::parse(&rules).unwrap();
    let rules = table
        .get_ref()
        .get("rule")
        .unwrap()
        .get_ref()
        .as_array()
        .unwrap();
    assert_eq!(rules.len(), schemas.len());
    let mut by_schema: BTreeMap<String, String> = BTreeMap::new();
    for rule in rules.iter() {
        let rule = rule.get_ref().as_table().unwrap();
        let include = rule.get("include").unwrap().get_ref().as_array().unwrap();
        let include = include
            .iter()
            .next()
            .unwrap()
            .get_ref()
            .as_str()
            .unwrap()
            .to_owned();
        let schema = rule.get("schema").unwrap().get_ref().as_table().unwrap();
        let schema = schema
            .get("path")
            .unwrap()
            .get_ref()
            .as_str()
            .unwrap()
            .to_owned();
        assert!(place.path("x").join(&schema).is_file(), "{schema}");
        by_schema.insert(schema, include);
    }
    let path = place.done("x", &["new", "notice", "--short"]);
    let matches = |include: &str| {
        let pattern = include.strip_prefix("**/").unwrap().replace('*', "[^/]*");
        let pattern = Regex::new(&format!("^(.*/)?{pattern}$")).unwrap();
        pattern.is_match(path.trim())
    };
    let matching: Vec<&String> = by_schema
        .iter()
        .filter(|(_, include)| matches(include))
        .map(|(schema, _)| schema)
        .collect();
    assert_eq!(
        matching,
        ["./schema/notice.json"],
        "one schema holds for a file"
    );
}

#[test]
fn without_the_program_the_pipeline_says_what_to_set() {
    let place = Place::new();
    place.done("", &["init", "x"]);
    fs::create_dir(place.path("home")).unwrap();
    let output = Command::new("/bin/sh")
        .arg("ci/install")
        .current_dir(place.path("x"))
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", place.path("home"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("TAIZHANG_BINARY_URL"), "{said}");
    // a compiled program is taken from where the variable says, if it is the right one
    let built = place.path("built");
    fs::write(&built, "#!/bin/sh\necho taizhang 9\n").unwrap();
    let install = |sum: &str| {
        Command::new("/bin/sh")
            .arg("ci/install")
            .current_dir(place.path("x"))
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", place.path("home"))
            .env("TAIZHANG_BINARY_URL", format!("file://{}", built.display()))
            .env("TAIZHANG_BINARY_SHA256", sum)
            .output()
            .unwrap()
    };
    assert!(!install(&"0".repeat(64)).status.success());
    assert!(!place.path("home/.local/bin/taizhang").exists());
    let output = install("");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "taizhang 9\n");
}

const DEPARTMENTS: &str = r#"
[office]
name = "总经理办公室"
head = "a"
[admin]
name = "行政部"
head = "b"
[r.d]
name = "研发部"
head = "c"
["x y"]
name = "不是文件夹名"
head = "c"
"#;
const PEOPLE: &str = r#"
[a]
name = "甲"
department = "office"
account = "jia"
email = "a@example.com"
[b]
name = "乙"
department = "admin"
account = "@company/admin"
[c]
name = "丙"
department = "admin"
email = "c@example.com"
[d]
name = "丁"
department = "admin"
account = "ding"
"#;

/// A company where one head has no account, and its CODEOWNERS.
fn owners(place: &Place, forge: &str) -> String {
    if !place.path("x").exists() {
        place.done("", &["init", "x"]);
        let departments = DEPARTMENTS.replace("[r.d]", "[\"r.d\"]");
        fs::write(
            place.path("x/records/organisation/departments.toml"),
            departments,
        )
        .unwrap();
        fs::write(place.path("x/records/organisation/people.toml"), PEOPLE).unwrap();
    }
    place.done("x", &["codeowners", "--forge", forge])
}

/// The lines that are no comments, split at blanks.
fn lines(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(' ').collect())
        .collect()
}

#[test]
fn on_github_the_last_line_that_matches_names_the_owners() {
    let place = Place::new();
    let text = owners(&place, "github");
    let owners = |path: &str| -> Vec<String> {
        let lines = lines(&text);
        let found = lines.iter().rev().find(|line| {
            line[0] == "*" || line[0].ends_with('/') && format!("/{path}").starts_with(line[0])
        });
        found.unwrap()[1..]
            .iter()
            .map(|owner| (*owner).to_owned())
            .collect()
    };
    let all = ["@jia", "@company/admin", "c@example.com"];
    assert_eq!(owners("records/2026/XT-2026-0001.toml"), all);
    assert_eq!(
        owners("records/r.d/2026/XT-2026-0001.toml"),
        ["c@example.com"]
    );
    for path in [
        "records/organisation/people.toml",
        "taizhang.toml",
        "templates/kinds/a/kind.toml",
    ] {
        assert_eq!(owners(path), ["@company/admin"], "{path}");
    }
    assert!(!text.contains("x y"), "{text}");
    // what the dialect does not know: negation, classes, escaped comment signs
    assert!(
        lines(&text)
            .iter()
            .all(|line| !line[0].contains(['!', '[', '\\']))
    );
    // other forges read the same lines
    assert_eq!(lines(&self::owners(&place, "gitee")), lines(&text));
}

#[test]
fn on_gitlab_records_and_the_rest_are_sections_of_their_own() {
    let place = Place::new();
    let text = owners(&place, "gitlab");
    let (settings, records) = text.split_once("\n[记录]\n").unwrap();
    let (_, settings) = settings.split_once("\n[设置、定义与组织]\n").unwrap();
    assert!(
        lines(settings)
            .iter()
            .all(|line| line[1..] == ["@company/admin"])
    );
    assert!(settings.contains("/records/organisation/ "));
    let records = lines(records);
    assert_eq!(
        records[0],
        ["/records/", "@jia", "@company/admin", "c@example.com"]
    );
    assert!(records.contains(&vec!["/records/r.d/", "c@example.com"]));
}

#[test]
fn on_gitea_lines_are_expressions_for_whole_paths() {
    let place = Place::new();
    let text = owners(&place, "gitea");
    let owners = |path: &str| -> BTreeSet<String> {
        lines(&text)
            .iter()
            .filter(|line| {
                // its tokenizer takes a backslash away: none may be needed
                assert!(!line[0].contains('\\'));
                let (wanted, pattern) = match line[0].strip_prefix('!') {
                    Some(pattern) => (false, pattern),
                    None => (true, line[0]),
                };
                let pattern = Regex::new(&format!("^{pattern}$")).unwrap();
                pattern.is_match(path) == wanted
            })
            .flat_map(|line| line[1..].iter().map(|owner| (*owner).to_owned()))
            .collect()
    };
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    // a mail address is no name there: who has no account is told of, once
    let heads: BTreeSet<String> = set(&["@jia", "@company/admin"]);
    assert_eq!(owners("records/2026/XT-2026-0001.toml"), heads);
    assert_eq!(owners("records/XT-2026-0001.toml"), heads);
    assert_eq!(owners("records/office/XT-2026-0001.toml"), set(&["@jia"]));
    assert_eq!(owners("records/r.d/XT-2026-0001.toml"), set(&[]));
    for path in [
        "records/organisation/people.toml",
        "taizhang.toml",
        "templates/kinds/a/kind.toml",
    ] {
        assert_eq!(owners(path), set(&["@company/admin"]), "{path}");
    }
    assert_eq!(text.matches("丙 (c)").count(), 1, "{text}");
}

#[test]
fn owners_that_are_out_of_date_are_told_of() {
    let place = Place::new();
    owners(&place, "github");
    let check = |forge: &str| place.taizhang("x", &["codeowners", "--check", "--forge", forge]);
    // the organisation was changed after the file had been made
    let output = check("github");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("taizhang codeowners --forge github > .github/CODEOWNERS"),
        "{said}"
    );
    let anew = owners(&place, "github");
    for text in [anew.replace('\n', "\r\n"), anew] {
        fs::write(place.path("x/.github/CODEOWNERS"), text).unwrap();
        assert_eq!(check("github").status.code(), Some(0));
    }
    fs::remove_file(place.path("x/.gitea/CODEOWNERS")).unwrap();
    assert_eq!(check("gitea").status.code(), Some(1));
}

#[test]
fn an_unknown_forge_is_answered_with_those_there_are() {
    let place = Place::new();
    place.done("", &["init", "x"]);
    let output = place.taizhang("x", &["codeowners", "--forge", "svn"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("github, gitlab, gitea"), "{said}");
    // without one it is the forge of taizhang.toml
    let settings = place.read("x/taizhang.toml");
    let forge = "[forge]\nkind = \"forgejo\"\nurl = \"https://git.example.com/a/b\"\n";
    fs::write(
        place.path("x/taizhang.toml"),
        format!("{settings}\n{forge}"),
    )
    .unwrap();
    assert!(
        place
            .done("x", &["codeowners"])
            .contains(".gitea/CODEOWNERS")
    );
}
