//! What starting needs of git outside a work tree: who works here, and a new
//! repository. Without git it knows nothing, and that is no error.

use std::path::Path;
use std::process::{Command, Stdio};

/// What git answers, if it does.
fn ask(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(output.stdout)
}

/// The mail address that commits made in this folder carry.
pub fn author_email(folder: &Path) -> Option<String> {
    let answer = ask(folder, &["config", "user.email"])?;
    let email = String::from_utf8(answer).ok()?.trim().to_owned();
    (!email.is_empty()).then_some(email)
}

/// Whether git can be called.
pub(super) fn is_there() -> bool {
    ask(Path::new("."), &["--version"]).is_some()
}

/// Makes a folder a repository with the branch `main`, whose commits are
/// checked by the hooks that stand in it.
pub(super) fn init(folder: &Path) -> bool {
    ask(folder, &["init", "--quiet", "--initial-branch=main"]).is_some()
        && ask(folder, &["config", "core.hooksPath", ".githooks"]).is_some()
}
