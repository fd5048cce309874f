//! The CI files that `init` writes, run as far as a machine without a forge can:
//! their steps in a clone, with the variables that the forge sets and a forge
//! made of a few lines of shell; and the hook before a commit, with real git.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;
use taizhang::outlook::{Outlook, Status, Viewer};
use taizhang::register::{LoadOptions, load};

/// The comments of pull request 7, as the forges' interfaces give and take them.
const GH: &str = r#"#!/bin/sh
set -eu
method=GET; path=; jq=.; body=
shift
while [ $# -gt 0 ]; do
  case "$1" in
    --method) method=$2; shift ;;
    --jq) jq=$2; shift ;;
    --field) case "$2" in body=@*) body=${2#body=@} ;; esac; shift ;;
    --silent|--paginate) ;;
    *) path=$1 ;;
  esac
  shift
done
echo "$method $path" >> "$FORGE/calls"
case "$method $path" in
  "GET repos/a/b/pulls") jq -r "$jq" "$FORGE/pulls.json" ;;
  "GET repos/a/b/issues/7/comments") jq -r "$jq" "$FORGE/comments.json" ;;
  POST*) jq --rawfile body "$body" '. + [{id: 100, body: $body, user: {login: "github-actions[bot]"}}]' \
      "$FORGE/comments.json" > "$FORGE/new" && mv "$FORGE/new" "$FORGE/comments.json" ;;
  PATCH*) jq --rawfile body "$body" --argjson id "${path##*/}" 'map(if .id == $id then .body = $body else . end)' \
      "$FORGE/comments.json" > "$FORGE/new" && mv "$FORGE/new" "$FORGE/comments.json" ;;
  *) exit 1 ;;
esac
"#;
const CURL: &str = r#"#!/bin/sh
set -eu
method=GET; url=; data=
while [ $# -gt 0 ]; do
  case "$1" in
    --request) method=$2; shift ;;
    --data) data=${2#@}; shift ;;
    --config|--header|--output) shift ;;
    --*) ;;
    *) url=$1 ;;
  esac
  shift
done
grep -q 'token-of-the-job' || { echo "no token" >&2; exit 22; }
echo "$method $url" >> "$FORGE/calls"
case "$method $url" in
  "GET https://forge.example.com/api/v4/user") echo '{"id": 5}' ;;
  "GET https://forge.example.com/api/v4/projects/3/merge_requests/7/notes?per_page=100&page="*|\
  "GET https://forge.example.com/api/v1/repos/a/b/issues/7/comments") cat "$FORGE/comments.json" ;;
  "POST https://forge.example.com/api/v4/projects/3/merge_requests/7/notes"|\
  "POST https://forge.example.com/api/v1/repos/a/b/issues/7/comments")
    jq --slurpfile new "$data" '. + [{id: 100, body: $new[0].body, author: {id: 5}, user: {login: "gitea-actions"}}]' \
      "$FORGE/comments.json" > "$FORGE/new" && mv "$FORGE/new" "$FORGE/comments.json" ;;
  "PUT https://forge.example.com/api/v4/projects/3/merge_requests/7/notes/100"|\
  "PATCH https://forge.example.com/api/v1/repos/a/b/issues/comments/100")
    jq --slurpfile new "$data" 'map(if .id == 100 then .body = $new[0].body else . end)' \
      "$FORGE/comments.json" > "$FORGE/new" && mv "$FORGE/new" "$FORGE/comments.json" ;;
  *) echo "$method $url" >&2; exit 22 ;;
esac
"#;
/// Somebody else's comment that begins like ours.
const COMMENTS: &str = r#"[
  {"id": 98, "body": "hello", "user": {"login": "mallory"}, "author": {"id": 9}},
  {"id": 99, "body": "<!-- taizhang-review -->\nmine", "user": {"login": "mallory"}, "author": {"id": 9}}
]"#;
const PATH: &str = "records/2026/HY-2026-0001.toml";

/// A forge: a repository, what CI makes of it, and its comments.
struct Forge {
    place: tempfile::TempDir,
}

impl Forge {
    /// A new company's repository with one commit on `main`.
    fn new() -> Self {
        let forge = Forge {
            place: tempfile::tempdir().unwrap(),
        };
        let config =
            "[user]\nname = 李四\nemail = li.si@example.com\n[init]\ndefaultBranch = main\n";
        forge.write("gitconfig", config);
        forge.write("forge/comments.json", COMMENTS);
        for (name, script) in [("gh", GH), ("curl", CURL)] {
            let path = format!("bin/{name}");
            forge.write(&path, script);
            let run = forge.run("", &[], "chmod", &["+x", &path]);
            assert!(run.status.success());
        }
        fs::create_dir(forge.path("home")).unwrap();
        forge.done(
            "",
            env!("CARGO_BIN_EXE_taizhang"),
            &["init", "origin", "--git"],
        );
        forge.git("origin", &["add", "--all"]);
        forge.git(
            "origin",
            &["commit", "--quiet", "--no-verify", "--message", "start"],
        );
        forge
    }

    fn path(&self, path: &str) -> PathBuf {
        self.place.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn run(
        &self,
        below: &str,
        variables: &[(&str, &str)],
        program: &str,
        arguments: &[&str],
    ) -> Output {
        let binary = Path::new(env!("CARGO_BIN_EXE_taizhang")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{}:{path}", self.path("bin").display(), binary.display());
        Command::new(program)
            .args(arguments)
            .current_dir(self.path(below))
            .env("PATH", path)
            .env("HOME", self.path("home"))
            .env("FORGE", self.path("forge"))
            .env("GIT_CONFIG_GLOBAL", self.path("gitconfig"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CEILING_DIRECTORIES", self.place.path())
            .env("NO_COLOR", "1")
            .env_remove("GITHUB_STEP_SUMMARY")
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    fn done(&self, below: &str, program: &str, arguments: &[&str]) -> String {
        let output = self.run(below, &[], program, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn git(&self, below: &str, arguments: &[&str]) -> String {
        self.done(below, "git", arguments)
    }

    /// Puts a change onto its branch and into a pull request; the commit.
    fn propose(&self, record: &str) -> String {
        self.git("origin", &["checkout", "--quiet", "-B", "change"]);
        self.write(&format!("origin/{PATH}"), record);
        self.git("origin", &["add", "--all"]);
        self.git(
            "origin",
            &["commit", "--quiet", "--no-verify", "--message", "change"],
        );
        self.git("origin", &["update-ref", "refs/pull/7/head", "change"]);
        let commit = self.git("origin", &["rev-parse", "change"]);
        self.git("origin", &["checkout", "--quiet", "main"]);
        let pulls = format!(
            r#"[{{"number": 7, "head": {{"sha": "{commit}"}}, "base": {{"ref": "main"}}}}]"#
        );
        self.write("forge/pulls.json", &pulls);
        commit
    }

    /// What a job begins with: a clone with some commit in its folder.
    fn check_out(&self, clone: &str, what: &[&str]) {
        let _ = fs::remove_dir_all(self.path(clone));
        self.git("", &["clone", "--quiet", "origin", clone]);
        self.git(clone, &[&["checkout", "--quiet"], what].concat());
    }

    /// The bodies of our comments.
    fn comments(&self) -> Vec<String> {
        let all: Vec<serde_json::Value> =
            serde_json::from_str(&self.read("forge/comments.json")).unwrap();
        assert_eq!(
            all[1]["body"], "<!-- taizhang-review -->\nmine",
            "left alone"
        );
        all[2..]
            .iter()
            .map(|comment| comment["body"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A record that is as it should be.
fn meeting(title: &str) -> String {
    format!("kind = \"meeting\"\nid = \"HY-2026-0001\"\ntitle = \"{title}\"\nstate = \"draft\"\n")
}

/// One that is not.
fn broken() -> String {
    format!("{}\n[meeting]\nheld = \"下周\"\n", meeting("坏的"))
}

/// A step of a workflow: its name, its script, its own variables.
struct Step {
    name: String,
    script: String,
    variables: BTreeMap<String, String>,
}

fn yaml(forge: &Forge, path: &str) -> Value {
    serde_yaml::from_str(&forge.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The steps of a job of GitHub's and Gitea's kind that run on an event. Of the
/// conditions it understands those that these files have.
fn steps(workflow: &Value, job: &str, event: &str) -> Vec<Step> {
    let steps = workflow["jobs"][job]["steps"].as_sequence().unwrap();
    let runs = |step: &&Value| {
        let condition = step["if"].as_str().unwrap_or_default();
        let is_pull = event.starts_with("pull_request");
        !(condition.contains("event_name == 'pull_request'") && !is_pull
            || condition.contains("event_name != 'pull_request'") && is_pull)
    };
    steps
        .iter()
        .filter(runs)
        .filter_map(|step| {
            let variables = step["env"].as_mapping().into_iter().flatten();
            Some(Step {
                name: step["name"].as_str().unwrap_or_default().to_owned(),
                script: step["run"].as_str()?.to_owned(),
                variables: variables
                    .map(|(name, value)| {
                        let text = |value: &Value| value.as_str().unwrap().to_owned();
                        (text(name), text(value))
                    })
                    .collect(),
            })
        })
        .collect()
}

/// Runs the steps until one fails, as the forge does; those with `!cancelled()`
/// run in any case here, since each is looked at. The output by the step's name.
fn run_steps(
    forge: &Forge,
    clone: &str,
    steps: &[Step],
    variables: &[(&str, &str)],
    expressions: &[(&str, &str)],
) -> BTreeMap<String, (bool, String)> {
    let mut said = BTreeMap::new();
    for step in steps {
        let own: Vec<(&str, &str)> = step
            .variables
            .iter()
            .map(|(name, value)| {
                let value = expressions.iter().find(|(text, _)| value.contains(text));
                (name.as_str(), value.unwrap_or_else(|| panic!("{name}")).1)
            })
            .collect();
        let all = [variables, &own].concat();
        let output = forge.run(clone, &all, "sh", &["-e", "-c", &step.script]);
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        said.insert(step.name.clone(), (output.status.success(), text));
    }
    said
}

fn all_succeed(said: &BTreeMap<String, (bool, String)>) {
    for (name, (good, text)) in said {
        assert!(good, "{name}: {text}");
    }
}

#[test]
fn on_github_a_change_is_checked_explained_and_commented_once() {
    let forge = Forge::new();
    let workflow = yaml(&forge, "origin/.github/workflows/taizhang.yml");
    let summary = forge.path("summary.md");
    let variables = [
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_HEAD_REF", "change"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ("GITHUB_PATH", "/dev/null"),
    ];
    let pull_request = |record: &str| {
        let commit = forge.propose(record);
        // the merge as it would be
        forge.check_out("clone", &["--detach", "origin/main"]);
        forge.git(
            "clone",
            &["merge", "--quiet", "--no-ff", "--no-edit", "origin/change"],
        );
        let steps = steps(&workflow, "check", "pull_request");
        (commit, run_steps(&forge, "clone", &steps, &variables, &[]))
    };
    let comment = |commit: &str| {
        let workflow = yaml(&forge, "origin/.github/workflows/review.yml");
        forge.check_out("trusted", &["main"]);
        let steps = steps(&workflow, "comment", "workflow_run");
        let variables = [("GITHUB_REPOSITORY", "a/b"), ("GITHUB_PATH", "/dev/null")];
        let expressions = [
            ("github.token", "x"),
            ("owner.login", "somebody"),
            ("head_branch", "change"),
            ("head_sha", commit),
        ];
        let said = run_steps(&forge, "trusted", &steps, &variables, &expressions);
        all_succeed(&said);
        // nothing of the change was checked out
        assert!(!forge.path(&format!("trusted/{PATH}")).exists());
    };

    let (commit, said) = pull_request(&meeting("第一次会议"));
    all_succeed(&said);
    assert!(forge.path("clone/public/index.html").is_file());
    let review = forge.read("clone/reports/review.md");
    assert!(review.starts_with("<!-- taizhang-review -->\n"), "{review}");
    assert!(review.contains("第一次会议"), "{review}");
    assert!(forge.read("summary.md").contains("第一次会议"));
    assert!(forge.read("clone/reports/taizhang.sarif").contains("2.1.0"));
    // what was made is not committed by mistake
    assert_eq!(forge.git("clone", &["status", "--porcelain"]), "");
    comment(&commit);
    assert_eq!(forge.comments().len(), 1);
    assert!(forge.comments()[0].contains("第一次会议"));

    let (commit, said) = pull_request(&meeting("第二次会议"));
    all_succeed(&said);
    comment(&commit);
    let comments = forge.comments();
    assert_eq!(comments.len(), 1, "edited, not written again");
    assert!(comments[0].contains("第二次会议") && !comments[0].contains("第一次会议"));

    // a review that comes too late says nothing
    let before = forge.read("forge/calls");
    comment(&"0".repeat(40));
    let calls = forge.read("forge/calls");
    assert_eq!(&calls[before.len()..], "GET repos/a/b/pulls\n");

    let (_, said) = pull_request(&broken());
    let (good, text) = &said["检查"];
    assert!(!good);
    assert!(
        text.contains(&format!("::error file={PATH},line=")),
        "{text}"
    );
    assert!(said["改动说明"].0);
    assert!(forge.read("clone/reports/review.md").contains("❌"));
}

#[test]
fn a_number_of_another_open_branch_is_told_of() {
    let forge = Forge::new();
    forge.git("origin", &["checkout", "--quiet", "-b", "other"]);
    forge.write(
        "origin/records/2026/HY-2026-0001.toml",
        &meeting("别人的会议"),
    );
    forge.git("origin", &["add", "--all"]);
    forge.git(
        "origin",
        &["commit", "--quiet", "--no-verify", "--message", "other"],
    );
    forge.git("origin", &["checkout", "--quiet", "main"]);
    forge.propose(&meeting("会议"));
    let workflow = yaml(&forge, "origin/.gitea/workflows/taizhang.yml");
    forge.check_out("clone", &["--detach", "origin/change"]);
    let steps = steps(&workflow, "check", "pull_request");
    let variables = [
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_HEAD_REF", "change"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_PATH", "/dev/null"),
    ];
    let said = run_steps(&forge, "clone", &steps, &variables, &[]);
    let (good, text) = &said["检查"];
    assert!(!good);
    assert!(
        text.contains("number-taken") && text.contains("origin/other"),
        "{text}"
    );
}

#[test]
fn on_gitlab_a_change_is_checked_explained_and_commented_once() {
    let forge = Forge::new();
    let pipeline = yaml(&forge, "origin/.gitlab-ci.yml");
    let lines = |value: &Value| -> Vec<String> {
        let text = |line: &Value| line.as_str().unwrap().to_owned();
        value.as_sequence().unwrap().iter().map(text).collect()
    };
    let run = |job: &str, base: &str| {
        let own = pipeline[job].get("before_script");
        let before = own.unwrap_or(&pipeline["default"]["before_script"]);
        let script = [lines(before), lines(&pipeline[job]["script"])]
            .concat()
            .join("\n");
        let root = forge.path("clone/.taizhang");
        let variables = [
            ("CI_API_V4_URL", "https://forge.example.com/api/v4"),
            ("CI_MERGE_REQUEST_PROJECT_ID", "3"),
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "change"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base),
            ("TAIZHANG_TOKEN", "token-of-the-job"),
            ("TAIZHANG_ROOT", root.to_str().unwrap()),
        ];
        let output = forge.run("clone", &variables, "sh", &["-e", "-c", &script]);
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (output.status.success(), said)
    };
    let merge_request = |record: &str| {
        forge.propose(record);
        forge.check_out("clone", &["--detach", "origin/change"]);
        let base = forge.git("clone", &["merge-base", "HEAD", "origin/main"]);
        let checked = run("check-change", &base);
        (checked, run("comment", &base))
    };
    for title in ["第一次会议", "第二次会议"] {
        let (checked, commented) = merge_request(&meeting(title));
        assert!(checked.0, "{}", checked.1);
        assert!(commented.0, "{}", commented.1);
        let comments = forge.comments();
        assert_eq!(comments.len(), 1, "edited, not written again");
        assert!(comments[0].starts_with("<!-- taizhang-review -->\n"));
        assert!(comments[0].contains(title), "{}", comments[0]);
        assert!(forge.path("clone/public/index.html").is_file());
        assert_eq!(forge.git("clone", &["status", "--porcelain"]), "");
    }
    let (checked, commented) = merge_request(&broken());
    assert!(!checked.0);
    assert!(commented.0 && forge.comments()[0].contains("❌"));
    let quality: Vec<serde_json::Value> =
        serde_json::from_str(&forge.read("clone/reports/code-quality.json")).unwrap();
    assert!(
        quality
            .iter()
            .any(|issue| issue["location"]["path"] == PATH)
    );
    assert!(forge.read("clone/reports/junit.xml").contains("<failure"));

    // on the default branch: check, deadlines, Pages
    forge.check_out("clone", &["main"]);
    for job in ["check", "deadlines", "pages"] {
        let (good, said) = run(job, "");
        assert!(good, "{job}: {said}");
    }
    assert!(forge.path("clone/public/index.html").is_file());
}

#[test]
fn on_gitea_a_change_is_checked_explained_and_commented_once() {
    let forge = Forge::new();
    let comment = || {
        let workflow = yaml(&forge, "origin/.gitea/workflows/review.yml");
        forge.check_out("trusted", &["main"]);
        let steps = steps(&workflow, "comment", "pull_request_target");
        let variables = [
            ("GITHUB_REPOSITORY", "a/b"),
            ("GITHUB_API_URL", "https://forge.example.com/api/v1"),
            ("GITHUB_BASE_REF", "main"),
            ("GITHUB_PATH", "/dev/null"),
        ];
        let expressions = [
            ("secrets.GITHUB_TOKEN", "token-of-the-job"),
            ("number", "7"),
        ];
        let said = run_steps(&forge, "trusted", &steps, &variables, &expressions);
        all_succeed(&said);
        assert!(!forge.path(&format!("trusted/{PATH}")).exists());
    };
    for title in ["第一次会议", "第二次会议"] {
        forge.propose(&meeting(title));
        comment();
        let comments = forge.comments();
        assert_eq!(comments.len(), 1, "edited, not written again");
        assert!(comments[0].contains(title), "{}", comments[0]);
    }
}

#[test]
fn on_the_main_branch_everything_is_checked_and_published() {
    let forge = Forge::new();
    let variables = [("GITHUB_EVENT_NAME", "push"), ("GITHUB_PATH", "/dev/null")];
    for kind in ["github", "gitea"] {
        let workflow = yaml(&forge, &format!("origin/.{kind}/workflows/taizhang.yml"));
        let folder = forge.path("www");
        forge.check_out("clone", &["main"]);
        let steps = steps(&workflow, "check", "push");
        let expressions = [("SITE_FOLDER", folder.to_str().unwrap())];
        let summary = forge.path("summary.md");
        let variables = [
            &variables[..],
            &[("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())],
        ]
        .concat();
        all_succeed(&run_steps(
            &forge,
            "clone",
            &steps,
            &variables,
            &expressions,
        ));
        assert!(forge.path("clone/public/index.html").is_file(), "{kind}");
    }
    assert!(forge.path("www/index.html").is_file());
}

#[test]
fn what_became_overdue_fails_in_the_morning() {
    let forge = Forge::new();
    // the records of the demonstration, at an hour after one of its limits
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let register = load(root, &LoadOptions::default()).register;
    let viewer = Viewer::of_files(&register.organisation);
    let outlook = Outlook::new(&register, register.settings.as_of.unwrap(), viewer);
    let overdue = outlook
        .obligations
        .iter()
        .filter(|obligation| obligation.status == Status::Overdue)
        .max_by_key(|obligation| obligation.due.instant)
        .unwrap();
    let number = &register.records[overdue.record].id.value;
    let settings = fs::read_to_string(root.join("taizhang.toml")).unwrap();
    forge.check_out("clone", &["main"]);
    fs::remove_dir_all(forge.path("clone/records")).unwrap();
    let copied = Command::new("cp")
        .arg("-r")
        .args([root.join("records"), forge.path("clone/records")])
        .status();
    assert!(copied.unwrap().success());
    let morning = |hours: i64| {
        let at = overdue.due.instant + jiff::SignedDuration::from_hours(hours);
        let as_of = regex::Regex::new("(?m)^as_of = .*$").unwrap();
        let settings = as_of.replace(&settings, format!("as_of = {at}"));
        assert!(settings.contains(&at.to_string()));
        forge.write("clone/taizhang.toml", &settings);
        let summary = forge.path("summary.md");
        let _ = fs::remove_file(&summary);
        let variables = [
            ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
            ("GITHUB_PATH", "/dev/null"),
        ];
        let workflow = yaml(&forge, "origin/.github/workflows/taizhang.yml");
        let steps = steps(&workflow, "deadlines", "schedule");
        let said = run_steps(&forge, "clone", &steps, &variables, &[]);
        (said["时限"].0, forge.read("summary.md"))
    };
    let (good, summary) = morning(1);
    assert!(!good, "{summary}");
    assert!(summary.contains("### 逾期事项"), "{summary}");
    let new = summary
        .lines()
        .find(|line| line.starts_with("| **"))
        .unwrap();
    let plain = |text: &str| text.replace(['\\', '\u{200b}'], "");
    assert!(plain(&summary).contains(&**number), "{new}");
    // years later it is no news
    let (good, summary) = morning(24 * 300);
    assert!(good, "{summary}");
    assert!(plain(&summary).contains(&**number), "{summary}");
}

#[test]
fn workflows_may_do_no_more_than_they_need() {
    let forge = Forge::new();
    let version = regex::Regex::new(r"@(v[0-9]+|[0-9a-f]{40})$").unwrap();
    for (path, writes) in [
        (
            ".github/workflows/taizhang.yml",
            &["publish", "code-scanning"][..],
        ),
        (".github/workflows/review.yml", &["comment"]),
        (".gitea/workflows/taizhang.yml", &[]),
        (".gitea/workflows/review.yml", &[]),
    ] {
        let workflow = yaml(&forge, &format!("origin/{path}"));
        assert!(workflow["on"].is_mapping(), "{path}");
        assert!(workflow["concurrency"]["group"].is_string(), "{path}");
        let may_write = |permissions: &Value| {
            let all = permissions.as_mapping().unwrap();
            all.values().any(|value| value == "write")
        };
        let triggered_by_anyone = workflow["on"].get("pull_request").is_some();
        assert!(
            !(triggered_by_anyone && may_write(&workflow["permissions"])),
            "{path}"
        );
        for (name, job) in workflow["jobs"].as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            assert!(job["timeout-minutes"].is_u64(), "{path} {name}");
            let writing = job.get("permissions").is_some_and(may_write);
            assert_eq!(writing, writes.contains(&name), "{path} {name}");
            for step in job["steps"].as_sequence().unwrap() {
                if let Some(action) = step["uses"].as_str() {
                    assert!(version.is_match(action), "{path}: {action}");
                }
                // a branch's name put into a script would be a part of the script
                let script = step["run"].as_str().unwrap_or_default();
                assert!(!script.contains("${{"), "{path}: {script}");
                // where comments may be written, nothing of the change is checked out
                let fetched = step["with"]["ref"].as_str().unwrap_or_default();
                assert!(!fetched.contains("head"), "{path}: {fetched}");
            }
        }
        let text = forge.read(&format!("origin/{path}"));
        let reviews = path.ends_with("review.yml");
        assert_eq!(
            text.contains("secrets."),
            reviews && path.starts_with(".gitea"),
            "{path}"
        );
    }
}

#[test]
fn a_commit_with_errors_is_refused_by_the_hook() {
    let forge = Forge::new();
    let hook = "origin/.githooks/pre-commit";
    assert_eq!(
        forge.git("origin", &["config", "core.hooksPath"]),
        ".githooks"
    );
    assert!(
        forge
            .git("origin", &["ls-files", "-s", ".githooks"])
            .starts_with("100755")
    );
    let commit = || {
        let output = forge.run("origin", &[], "git", &["commit", "--message", "x"]);
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (output.status.success(), said)
    };
    let file = format!("origin/{PATH}");
    forge.write(&file, &broken());
    forge.git("origin", &["add", "--all"]);
    // what is mended in the folder only is not what is committed
    forge.write(&file, &meeting("会议"));
    let (good, said) = commit();
    assert!(!good);
    assert!(said.contains(PATH) && said.contains("没有提交"), "{said}");
    // and what is broken in the folder only does not matter
    forge.git("origin", &["add", "--all"]);
    forge.write(&file, &broken());
    let (good, said) = commit();
    assert!(good, "{said}");
    // an error that was there before is none of this commit's
    forge.git("origin", &["add", "--all"]);
    forge.git(
        "origin",
        &["commit", "--quiet", "--no-verify", "--message", "bad"],
    );
    forge.write(
        "origin/records/2026/HY-2026-0002.toml",
        &meeting("又一次").replace("0001", "0002"),
    );
    forge.git("origin", &["add", "--all"]);
    let (good, said) = commit();
    assert!(good, "{said}");
    // the rules of change hold: a number that is gone is not given again
    forge.git(
        "origin",
        &["rm", "--quiet", "records/2026/HY-2026-0002.toml"],
    );
    let (good, said) = commit();
    assert!(good, "{said}");
    forge.write(
        "origin/records/2026/HY-2026-0002.toml",
        &meeting("再来").replace("0001", "0002"),
    );
    forge.git("origin", &["add", "--all"]);
    let (good, said) = commit();
    assert!(!good && said.contains("number-reused"), "{said}");
    // some files only: git hands the hook an index of its own
    forge.write("origin/taizhang.md", "x");
    forge.git("origin", &["reset", "--quiet", "--hard"]);
    forge.write("origin/README.md", "# x\n");
    let output = forge.run(
        "origin",
        &[],
        "git",
        &["commit", "--message", "y", "README.md"],
    );
    assert!(output.status.success(), "{output:?}");
    // without the program nobody is kept from working
    let path = "/usr/bin:/bin";
    let output = forge.run(
        "origin",
        &[("PATH", path)],
        "sh",
        &[&forge.path(hook).to_string_lossy()],
    );
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("没有安装 taizhang"));
}

#[test]
fn the_hook_for_pre_commit_calls_what_there_is() {
    let text = include_str!("../.pre-commit-hooks.yaml");
    let hooks: Value = serde_yaml::from_str(text).unwrap();
    let hook = &hooks.as_sequence().unwrap()[0];
    assert_eq!(hook["pass_filenames"], Value::Bool(false));
    let files = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
    assert!(files.is_match(PATH) && !files.is_match("README.md"));
    let forge = Forge::new();
    let entry = hook["entry"].as_str().unwrap();
    forge.write(&format!("origin/{PATH}"), &broken());
    forge.git("origin", &["add", "--all"]);
    let run = || forge.run("origin", &[], "sh", &["-c", entry]);
    assert_eq!(run().status.code(), Some(1));
    forge.git("origin", &["rm", "--quiet", "--cached", PATH]);
    assert_eq!(
        run().status.code(),
        Some(0),
        "what is not staged is not checked"
    );
}
