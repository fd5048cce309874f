//! Asking git.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Why git gave no answer, as data: the words for it stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitError {
    /// There is no git on this machine.
    Missing,
    /// The folder is not in a work tree of git.
    NoRepository,
    /// The revision names no commit here: misspelt, or beyond a shallow clone.
    UnknownRevision(String),
    /// Anything else, in git's own words.
    Failed(String),
}

/// What is kept in git's own directory has a folder there.
const OWN_FOLDER: &str = "taizhang";

/// A work tree of git, or a folder in one.
#[derive(Debug)]
pub struct Git {
    root: PathBuf,
    /// The root's path in the work tree, with a slash at its end; empty at the top.
    prefix: String,
    /// In git's own directory; it may not exist.
    own_folder: PathBuf,
    /// The list of a shallow clone's oldest commits; there is none of a whole one.
    shallow: PathBuf,
}

impl Git {
    /// Finds the work tree that `root` is in.
    pub fn open(root: &Path) -> Result<Git, GitError> {
        let mut git = Git {
            root: root.to_owned(),
            prefix: String::new(),
            own_folder: PathBuf::new(),
            shallow: PathBuf::new(),
        };
        let asked = ["rev-parse", "--is-inside-work-tree", "--show-prefix"];
        let paths = ["--git-path", OWN_FOLDER, "--git-path", "shallow"];
        let answer = git
            .run(asked.into_iter().chain(paths))
            .map_err(|error| match error {
                // other words mean something else: somebody else's files
                // ("dubious ownership"), a damaged repository
                GitError::Failed(words) if words.contains("not a git repository") => {
                    GitError::NoRepository
                }
                other => other,
            })?;
        let answer = String::from_utf8_lossy(&answer);
        let mut lines = answer.lines();
        if lines.next() != Some("true") {
            return Err(GitError::NoRepository);
        }
        git.prefix = lines.next().unwrap_or_default().to_owned();
        git.own_folder = root.join(lines.next().unwrap_or(OWN_FOLDER));
        git.shallow = root.join(lines.next().unwrap_or_default());
        Ok(git)
    }

    /// The commit that a revision names.
    pub fn commit_id(&self, revision: &str) -> Result<String, GitError> {
        let unknown = || GitError::UnknownRevision(revision.to_owned());
        let wanted = format!("{revision}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
        let answer =
            self.run(arguments.into_iter().chain([&*wanted]))
                .map_err(|error| match error {
                    GitError::Failed(_) => unknown(),
                    other => other,
                })?;
        let id = String::from_utf8_lossy(&answer).trim().to_owned();
        if id.is_empty() {
            return Err(unknown());
        }
        Ok(id)
    }

    /// The files under the root that differ from what they were at a revision,
    /// deleted ones and new ones included, by their paths from the root.
    pub fn changed_since(&self, revision: &str) -> Result<Vec<String>, GitError> {
        let id = self.commit_id(revision)?;
        let mut paths = self.paths([
            "diff",
            "--name-only",
            "--no-renames",
            "--relative",
            "-z",
            &id,
        ])?;
        paths.extend(self.paths(["ls-files", "--others", "--exclude-standard", "-z"])?);
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    /// The files that any branch known here ever had below a folder, by their
    /// paths from the top of the work tree: deleted ones, and those of others, too.
    pub fn ever_added(&self, below: &str) -> Result<Vec<String>, GitError> {
        self.paths([
            "log",
            "--all",
            "--format=",
            "--name-only",
            "--diff-filter=A",
            "--no-renames",
            "-z",
            "--",
            below,
        ])
    }

    /// The files under the root that say something else than in the newest
    /// commit, by their paths from the root.
    pub fn edited(&self) -> Result<BTreeSet<String>, GitError> {
        let status = self.run([
            "status",
            "--porcelain=v1",
            "-z",
            "--no-renames",
            "--untracked-files=all",
            "--",
            ".",
        ])?;
        Ok(String::from_utf8_lossy(&status)
            .split('\0')
            // two letters of state and a blank stand before the path
            .filter_map(|entry| self.below_root(entry.get(3..)?).map(str::to_owned))
            .collect())
    }

    /// What a file, named by its path from the root, said at a revision; none
    /// when it was not there.
    pub fn file_at(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let id = self.commit_id(revision)?;
        let object = format!("{id}:{}{path}", self.prefix);
        match self.run(["cat-file", "blob", &object]) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(GitError::Failed(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// The root's path in the work tree, with a slash at its end; empty at the top.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A folder in git's own, which is committed by nobody and may not exist.
    pub(super) fn own_folder(&self) -> &Path {
        &self.own_folder
    }

    /// The commits up to `HEAD` that a revision does not have.
    pub fn newer_than(&self, revision: &str) -> Result<BTreeSet<String>, GitError> {
        let id = self.commit_id(revision)?;
        let answer = self.run(["rev-list", &format!("{id}..HEAD")])?;
        let answer = String::from_utf8_lossy(&answer);
        Ok(answer.lines().map(str::to_owned).collect())
    }

    /// A commit and all that it rests on, one a line: newest first, none before
    /// the ones that rest on it.
    pub(super) fn rest_of(&self, commit: &str) -> Result<String, GitError> {
        let answer = self.run(["rev-list", "--date-order", commit])?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// The oldest commits of a shallow clone, whose parents are not here; none
    /// of a whole one.
    pub(super) fn shallow_commits(&self) -> Result<Vec<String>, GitError> {
        match std::fs::read_to_string(&self.shallow) {
            Ok(ids) => Ok(ids.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(GitError::Failed(error.to_string())),
        }
    }

    /// The path from the root of a file that git names from the top of the
    /// work tree; none outside the root.
    pub(super) fn below_root<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&*self.prefix)
    }

    fn paths<'a>(
        &self,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<String>, GitError> {
        let answer = self.run(arguments)?;
        Ok(answer
            .split(|byte| *byte == 0)
            .filter(|path| !path.is_empty())
            .map(|path| String::from_utf8_lossy(path).into_owned())
            .collect())
    }

    /// What git prints for these arguments.
    pub(super) fn run(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Vec<u8>, GitError> {
        let output = self
            .command(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| not_run(&error))?;
        answer(output)
    }

    /// The same, with something to read for git.
    pub(super) fn run_with(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        input: &[u8],
    ) -> Result<Vec<u8>, GitError> {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| not_run(&error))?;
        let stdin = child.stdin.take();
        // git answers before it has read everything: both at once, or both wait
        let output = std::thread::scope(|scope| {
            scope.spawn(|| {
                if let Some(mut stdin) = stdin {
                    // a git that stops reading tells why itself
                    let _ = stdin.write_all(input);
                }
            });
            child.wait_with_output()
        });
        answer(output.map_err(|error| not_run(&error))?)
    }

    fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new("git");
        command
            .current_dir(&self.root)
            // no optional locks, no prompts, no program that the configuration names
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .args(["--no-pager", "--literal-pathspecs"])
            .args(["-c", "core.fsmonitor=false"])
            .args(["-c", "core.quotePath=false"])
            .args(["-c", "diff.external="])
            .args(["-c", "log.showSignature=false"])
            .args(arguments);
        command
    }
}

fn not_run(error: &io::Error) -> GitError {
    match error.kind() {
        io::ErrorKind::NotFound => GitError::Missing,
        _ => GitError::Failed(error.to_string()),
    }
}

fn answer(output: Output) -> Result<Vec<u8>, GitError> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let first = message.lines().next().unwrap_or_default();
    Err(GitError::Failed(first.to_owned()))
}
