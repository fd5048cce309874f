//! A matter lives from its draft to the archive in ten pull requests; each
//! review is kept as a snapshot, each check of what it brings is clean.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::Path;

use common::Repository;
use common::git::{Author, GitRepository};

const FILE: &str = "records/2026/XT-2026-0901.toml";

/// Who answers for the matter, and does all of it.
const LU_PING: Author = Author {
    name: "卢平",
    email: "lu.ping@example.com",
};

/// The demonstration's company without its matters.
fn company() -> GitRepository {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Repository::new();
    for name in ["departments", "people", "parties", "roles"] {
        let path = format!("records/organisation/{name}.toml");
        let text = std::fs::read(root.join(&path)).unwrap();
        files = files.file(&path, text);
    }
    let settings = std::fs::read(root.join("taizhang.toml")).unwrap();
    GitRepository::of(files.file("taizhang.toml", settings))
}

/// The pull requests: name, the instant at which each is looked at, and what
/// the record says after it.
fn pull_requests() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/matter");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let first = text.lines().next().unwrap();
            let at = first.strip_prefix("# as of ").unwrap().to_owned();
            let record = text.split_once('\n').unwrap().1.to_owned();
            (name, at, record)
        })
        .collect()
}

#[test]
fn ten_pull_requests_are_explained() {
    let repository = company();
    repository.git(&["config", "user.name", LU_PING.name]);
    repository.git(&["config", "user.email", LU_PING.email]);
    repository.commit("公司");
    let all = pull_requests();
    assert_eq!(all.len(), 10);
    for (name, at, record) in all {
        repository.write(FILE, record);
        let check = repository.taizhang(&["--as-of", &at, "check", "--base", "HEAD"]);
        assert_eq!(check.status.code(), Some(0), "{name}: {check:?}");
        repository.commit_as(LU_PING, &at, &name);
        let open = repository.taizhang(&["--as-of", &at, "review", "--base", "HEAD~1"]);
        let merged = [
            "--as-of", &at, "review", "--base", "HEAD~1", "--head", "HEAD",
        ];
        let merged = repository.taizhang(&merged);
        assert_eq!(merged.status.code(), Some(0), "{merged:?}");
        let text = String::from_utf8(merged.stdout).unwrap();
        assert_eq!(text, String::from_utf8(open.stdout).unwrap(), "{name}");
        insta::assert_snapshot!(name, text);
    }
}
