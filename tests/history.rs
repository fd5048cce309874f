//! What git says of a repository of records.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use taizhang::history::{Did, Git, GitError, Log, Snapshot};
use taizhang::source::{Tree, Trouble};

/// A repository with an author, and with a folder for records.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["config", "user.name", "张伟"]);
        repository.git(&["config", "user.email", "zhang.wei@example.com"]);
        repository
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_COMMITTER_DATE", "2026-05-06T09:30:00+08:00")
            .env("GIT_AUTHOR_DATE", "2026-05-06T09:30:00+08:00")
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self) -> String {
        self.commit_as("改")
    }

    fn commit_as(&self, subject: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Whether git does it.
    fn try_git(&self, arguments: &[&str]) -> bool {
        let mut command = Command::new("git");
        command.current_dir(self.root()).args(arguments);
        command.output().unwrap().status.success()
    }
}

#[test]
fn a_snapshot_names_the_commit_and_what_was_edited_since() {
    let repository = Repository::new();
    repository.file("records/一.toml", "一");
    repository.file("records/2026/二 号.toml", "二");
    repository.file("records/三.toml", "三");
    let id = repository.commit();
    let snapshot = Snapshot::read(repository.root()).unwrap();
    let commit = snapshot.commit.clone().unwrap();
    assert_eq!(commit.id, id);
    assert!(id.starts_with(commit.short()) && commit.short().len() == 9);
    assert_eq!(commit.author, "张伟");
    assert_eq!(commit.email, "zhang.wei@example.com");
    assert_eq!(commit.at.to_string(), "2026-05-06T01:30:00Z");
    assert!(!snapshot.has_edits());

    repository.file("records/2026/二 号.toml", "贰");
    repository.file("records/四.toml", "四");
    fs::remove_file(repository.root().join("records/三.toml")).unwrap();
    let snapshot = Snapshot::read(repository.root()).unwrap();
    let edited = |path| snapshot.is_edited(path);
    assert!(edited("records/2026/二 号.toml") && edited("records/四.toml"));
    assert!(edited("records/三.toml") && !edited("records/一.toml"));
}

#[test]
fn a_folder_of_a_repository_is_looked_at_alone() {
    let repository = Repository::new();
    repository.file("台账/records/一.toml", "一");
    repository.file("other.txt", "x");
    repository.commit();
    repository.file("台账/records/一.toml", "壹");
    repository.file("other.txt", "y");
    let root = repository.root().join("台账");
    let snapshot = Snapshot::read(&root).unwrap();
    assert!(snapshot.is_edited("records/一.toml"));
    assert!(!snapshot.is_edited("other.txt"));
    let git = Git::open(&root).unwrap();
    assert_eq!(git.changed_since("HEAD").unwrap(), ["records/一.toml"]);
    let then = git.file_at("HEAD", "records/一.toml").unwrap().unwrap();
    assert_eq!(then, "一".as_bytes());
}

#[test]
fn without_git_or_commits_there_is_no_commit() {
    let bare = tempfile::tempdir().unwrap();
    assert_eq!(Snapshot::read(bare.path()), Ok(Snapshot::default()));
    assert_eq!(Git::open(bare.path()).unwrap_err(), GitError::NoRepository);
    let unborn = Repository::new();
    unborn.file("records/一.toml", "一");
    assert_eq!(Snapshot::read(unborn.root()), Ok(Snapshot::default()));
}

#[test]
fn what_changed_since_a_revision_is_listed() {
    let repository = Repository::new();
    repository.file("records/一.toml", "一");
    repository.file("records/二.toml", "二");
    let first = repository.commit();
    repository.file("records/二.toml", "贰");
    repository.file("records/三.toml", "三");
    repository.commit();
    repository.git(&["mv", "records/一.toml", "records/一号.toml"]);
    repository.file(".gitignore", "public/\n");
    repository.file("public/index.html", "x");
    repository.file("records/四.toml", "四");
    let git = Git::open(repository.root()).unwrap();
    let changed = git.changed_since(&first).unwrap();
    let expected = [
        ".gitignore",
        "records/一.toml",
        "records/一号.toml",
        "records/三.toml",
        "records/二.toml",
        "records/四.toml",
    ];
    assert_eq!(changed, expected);
    assert_eq!(git.file_at(&first, "records/三.toml").unwrap(), None);
}

#[test]
fn a_revision_is_never_an_option_or_a_path() {
    let repository = Repository::new();
    repository.file("records/一.toml", "一");
    repository.commit();
    let git = Git::open(repository.root()).unwrap();
    for revision in ["--output=x", "nowhere", "", "HEAD:records/一.toml", "-1"] {
        assert_eq!(
            git.changed_since(revision).unwrap_err(),
            GitError::UnknownRevision(revision.to_owned()),
        );
    }
    assert!(!repository.root().join("x").exists());
}

#[cfg(unix)]
#[test]
fn what_the_configuration_names_is_not_run() {
    let repository = Repository::new();
    repository.file("records/一.toml", "一");
    repository.commit();
    let witness = repository.root().join("ran");
    let program = format!("touch {}; cat", witness.display());
    for key in ["core.fsmonitor", "core.pager", "diff.external"] {
        repository.git(&["config", key, &program]);
    }
    repository.file("records/一.toml", "壹");
    Snapshot::read(repository.root()).unwrap();
    let git = Git::open(repository.root()).unwrap();
    git.changed_since("HEAD").unwrap();
    assert!(!witness.exists());
}

#[test]
fn every_file_knows_the_commit_that_changed_it_last() {
    let repository = Repository::new();
    repository.file("records/一.toml", "一");
    repository.file("records/二.toml", "二");
    let first = repository.commit();
    repository.file("records/二.toml", "贰");
    let second = repository.commit();
    repository.git(&["switch", "--quiet", "--create", "side", &first]);
    repository.file("records/三.toml", "三");
    let side = repository.commit();
    repository.git(&["switch", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "-m", "合并", "side"]);
    repository.git(&["rm", "--quiet", "records/一.toml"]);
    let last = repository.commit();
    let log = Log::read(repository.root()).unwrap();
    let last_change = |path| log.last_change(path).map(|commit| commit.id.as_str());
    assert_eq!(last_change("records/一.toml"), Some(last.as_str()));
    assert_eq!(last_change("records/二.toml"), Some(second.as_str()));
    assert_eq!(last_change("records/三.toml"), Some(side.as_str()));
    assert_eq!(last_change("records/四.toml"), None);
    assert_eq!(log.commits.len(), 5);
    assert!(log.subjects.iter().any(|subject| subject == "合并"));
    let deleted = log.changes.iter().find(|change| change.did == Did::Deleted);
    assert_eq!(&*deleted.unwrap().path, "records/一.toml");
    assert!(!log.shallow);
}

/// The trail of a file: what each commit did to it, with the path it had then.
fn trail(repository: &Repository, path: &str) -> Vec<String> {
    let log = Log::read(repository.root()).unwrap();
    log.trail(path)
        .into_iter()
        .map(|change| {
            let subject = &log.subjects[change.commit];
            format!("{subject}: {:?} {}", change.did, change.path)
        })
        .collect()
}

#[test]
fn a_record_is_followed_to_where_it_lay_before() {
    let repository = Repository::new();
    let two = "records/2026/XT-2.toml";
    repository.file("records/XT-1.toml", "一");
    repository.file("records/XT-2.toml", "二");
    repository.commit_as("记");
    repository.file("records/XT-1.toml", "一 一");
    repository.commit_as("改");
    // one only moved, the other one edited on the way
    repository.git(&["rm", "--quiet", "records/XT-1.toml", "records/XT-2.toml"]);
    repository.file("records/old/XT-9.toml", "一 一");
    repository.file(two, "二 二 二 二");
    repository.commit_as("移");
    // another one in the place that one left
    repository.file("records/XT-1.toml", "别的");
    repository.commit_as("新");
    assert_eq!(
        trail(&repository, "records/old/XT-9.toml"),
        [
            "移: Moved records/old/XT-9.toml",
            "改: Changed records/XT-1.toml",
            "记: Added records/XT-1.toml",
        ]
    );
    assert_eq!(
        trail(&repository, two),
        [
            "移: Moved records/2026/XT-2.toml",
            "记: Added records/XT-2.toml"
        ]
    );
    assert_eq!(
        trail(&repository, "records/XT-1.toml"),
        ["新: Added records/XT-1.toml"],
        "the one that was here before is another one"
    );
    assert_eq!(trail(&repository, "records/none.toml"), [""; 0]);
    let log = Log::read(repository.root()).unwrap();
    let moved = log.trail(two)[0];
    let was = log.trail(two)[1];
    assert_eq!(moved.from.as_deref(), Some("records/XT-2.toml"));
    assert_eq!(moved.before.len(), 1);
    assert_eq!(moved.before[0], was.object);
}

#[test]
fn what_a_branch_did_before_it_knew_of_a_move_is_on_the_trail() {
    let repository = Repository::new();
    let text = "一\n二\n三\n四\n五\n六\n";
    repository.file("records/XT-1.toml", text);
    repository.commit_as("记");
    repository.git(&["switch", "--quiet", "--create", "side"]);
    repository.file("records/XT-1.toml", &text.replace("六", "陆"));
    repository.commit_as("改");
    repository.git(&["switch", "--quiet", "main"]);
    fs::create_dir_all(repository.root().join("records/2026")).unwrap();
    repository.git(&["mv", "records/XT-1.toml", "records/2026/XT-1.toml"]);
    repository.commit_as("移");
    repository.git(&["merge", "--quiet", "--no-ff", "-m", "合", "side"]);
    let mut trail = trail(&repository, "records/2026/XT-1.toml");
    // both branches at the same instant: git may name either first
    trail.sort();
    assert_eq!(
        trail,
        [
            // neither side had the new text in the new place
            "合: Changed records/2026/XT-1.toml",
            "改: Changed records/XT-1.toml",
            "移: Moved records/2026/XT-1.toml",
            "记: Added records/XT-1.toml",
        ]
    );
}

#[test]
fn what_a_merge_decided_is_the_merges_and_what_it_took_is_not() {
    let repository = Repository::new();
    repository.file("records/XT-1.toml", "一");
    repository.file("records/XT-2.toml", "二");
    repository.commit_as("记");
    repository.git(&["switch", "--quiet", "--create", "side"]);
    repository.file("records/XT-1.toml", "壹");
    repository.file("records/XT-2.toml", "贰");
    repository.commit_as("旁");
    repository.git(&["switch", "--quiet", "main"]);
    repository.file("records/XT-1.toml", "1");
    repository.commit_as("主");
    let merge = ["merge", "--quiet", "--no-commit", "side"];
    assert!(!repository.try_git(&merge), "both say something else");
    repository.file("records/XT-1.toml", "一壹1");
    repository.commit_as("合");
    let told = trail(&repository, "records/XT-1.toml");
    assert_eq!(told[0], "合: Changed records/XT-1.toml");
    assert_eq!(told.len(), 4, "{told:?}");
    let log = Log::read(repository.root()).unwrap();
    assert_eq!(log.trail("records/XT-1.toml")[0].before.len(), 2);
    assert_eq!(
        trail(&repository, "records/XT-2.toml"),
        [
            "旁: Changed records/XT-2.toml",
            "记: Added records/XT-2.toml"
        ]
    );
}

#[test]
fn a_file_that_was_deleted_and_put_back_is_one_file() {
    let repository = Repository::new();
    repository.file("records/XT-1.toml", "一");
    repository.commit_as("记");
    repository.git(&["rm", "--quiet", "records/XT-1.toml"]);
    repository.commit_as("删");
    repository.file("records/XT-1.toml", "一");
    repository.commit_as("回");
    assert_eq!(
        trail(&repository, "records/XT-1.toml"),
        [
            "回: Added records/XT-1.toml",
            "删: Deleted records/XT-1.toml",
            "记: Added records/XT-1.toml",
        ]
    );
}

#[test]
fn a_shallow_clone_does_not_take_its_first_commit_for_the_origin_of_all() {
    let repository = Repository::new();
    repository.file("records/一.toml", "一");
    repository.commit();
    repository.file("records/二.toml", "二");
    repository.commit();
    repository.file("records/三.toml", "三");
    repository.commit();
    let clone = tempfile::tempdir().unwrap();
    let origin = format!("file://{}", repository.root().display());
    let target = clone.path().display().to_string();
    repository.git(&["clone", "--quiet", "--depth=2", &origin, &target]);
    let log = Log::read(clone.path()).unwrap();
    assert!(log.shallow);
    assert_eq!(log.commits.len(), 2);
    assert!(log.last_change("records/三.toml").is_some());
    assert!(log.last_change("records/二.toml").is_none());
    assert!(log.last_change("records/一.toml").is_none());
}

#[test]
fn a_commit_is_read_as_the_folder_was_then() {
    let repository = Repository::new();
    repository.file("taizhang.toml", "name = '甲'\n");
    repository.file("records/2026/XT-1.toml", "一\n");
    repository.file("records/gone.toml", "没有了\n");
    repository.file("records/large.toml", &"x".repeat((1 << 20) + 1));
    repository.file("attachments/huge.docx", "not read");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", repository.root().join("records/link.toml")).unwrap();
    let first = repository.commit();
    repository.file("records/2026/XT-1.toml", "二\n");
    fs::remove_file(repository.root().join("records/gone.toml")).unwrap();
    repository.commit();
    let git = Git::open(repository.root()).unwrap();

    let then = git.version(&first).unwrap();
    let walked = then.walk("records", "toml");
    let told: Vec<_> = walked
        .iter()
        .map(|one| (&*one.file.path, &*one.file.text, one.trouble.clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("records/2026/XT-1.toml", "一\n", None),
            ("records/gone.toml", "没有了\n", None),
            (
                "records/large.toml",
                "",
                Some(Trouble::TooLarge((1 << 20) + 1))
            ),
            ("records/link.toml", "", Some(Trouble::Link)),
        ]
    );
    assert_eq!(
        then.read_file("taizhang.toml").unwrap().file.text,
        "name = '甲'\n"
    );
    assert!(then.read_file("attachments/huge.docx").is_none());

    let now = git.version("HEAD").unwrap();
    let paths = |tree: &Tree| -> Vec<String> {
        let walked = tree.walk("records", "toml");
        walked.into_iter().map(|one| one.file.path).collect()
    };
    assert_eq!(paths(&now), paths(&Tree::folder(repository.root())));
    assert!(!paths(&now).contains(&"records/gone.toml".to_owned()));
    assert!(matches!(
        git.version("nothing"),
        Err(GitError::UnknownRevision(_))
    ));
}
