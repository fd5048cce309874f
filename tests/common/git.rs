//! A repository of records that lives in git, for tests of what git knows.

use std::path::Path;
use std::process::{Command, Output};

use super::Repository;

/// Somebody who commits.
#[derive(Clone, Copy, Debug)]
pub struct Author {
    /// The name git has.
    pub name: &'static str,
    /// The mail address git has.
    pub email: &'static str,
}

/// 张伟, head of 研发部 in [`Repository`].
pub const ZHANG_WEI: Author = Author {
    name: "张伟",
    email: "zhang.wei@example.com",
};
/// 李娜, head of 市场部.
pub const LI_NA: Author = Author {
    name: "李娜",
    email: "li.na@example.com",
};

/// A repository of records in a work tree of git.
pub struct GitRepository {
    /// The files.
    pub files: Repository,
}

impl GitRepository {
    /// Puts the files into git without committing them.
    pub fn of(files: Repository) -> Self {
        let repository = GitRepository { files };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// Where it lies.
    pub fn root(&self) -> &Path {
        self.files.root()
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.files.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// What a file says.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.files.path(path)).unwrap()
    }

    /// What git prints, without the line's end. Panics when git fails.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_as(ZHANG_WEI, "2026-05-06T09:30:00+08:00", arguments)
    }

    /// The same by somebody at some time.
    pub fn git_as(&self, author: Author, at: &str, arguments: &[&str]) -> String {
        let output = self.ask_git_as(author, at, arguments);
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Whether git succeeds, and all that it and what it calls print.
    pub fn try_git(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.ask_git_as(ZHANG_WEI, "2026-05-06T09:30:00+08:00", arguments);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    fn ask_git_as(&self, author: Author, at: &str, arguments: &[&str]) -> Output {
        Command::new("git")
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_EDITOR", "true")
            .env("GIT_AUTHOR_NAME", author.name)
            .env("GIT_AUTHOR_EMAIL", author.email)
            .env("GIT_COMMITTER_NAME", author.name)
            .env("GIT_COMMITTER_EMAIL", author.email)
            .env("GIT_AUTHOR_DATE", at)
            .env("GIT_COMMITTER_DATE", at)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Commits everything; returns the commit's name.
    pub fn commit(&self, message: &str) -> String {
        self.commit_as(ZHANG_WEI, "2026-05-06T09:30:00+08:00", message)
    }

    /// The same by somebody at some time.
    pub fn commit_as(&self, author: Author, at: &str, message: &str) -> String {
        self.git_as(author, at, &["add", "--all"]);
        let commit = ["commit", "--quiet", "--allow-empty", "--message", message];
        self.git_as(author, at, &commit);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs the program here.
    pub fn taizhang(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .current_dir(self.root())
            .env("NO_COLOR", "1")
            // who works on this machine is nobody of the company
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("GITHUB_STEP_SUMMARY")
            .args(arguments)
            .output()
            .unwrap()
    }
}
