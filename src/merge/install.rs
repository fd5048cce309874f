//! Tells git of the merge driver: which files it is for stands in the
//! repository, how it is called in the settings of whoever works in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The line of `.gitattributes` that hands records to the driver.
pub const ATTRIBUTES: &str = "records/**/*.toml merge=taizhang";
/// What git calls the driver with: the three versions, the length of marks, the
/// path, the names of both sides.
pub const DRIVER: &str = "merge %O %A %B %L %P %X %Y";

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// `.gitattributes`, when a line was added to it.
    pub attributes: Option<PathBuf>,
    /// The command that git runs from now on.
    pub command: String,
}

/// Why git was not told.
#[derive(Debug)]
pub enum NotInstalled {
    /// `.gitattributes` cannot be read or written.
    System(PathBuf, std::io::Error),
    /// What git said.
    Git(String),
}

/// Adds the driver to the repository at `root`, or, `global`, to the settings of
/// the user for every repository; `name` says what it is for.
pub fn install(root: &Path, name: &str, global: bool) -> Result<Installed, NotInstalled> {
    let command = format!("{} {DRIVER}", program());
    for (key, value) in [("name", name), ("driver", &*command)] {
        let output = Command::new("git")
            .arg("-C")
            .arg(root)
            .args(["config", if global { "--global" } else { "--local" }])
            .args([&format!("merge.taizhang.{key}"), value])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| NotInstalled::Git(error.to_string()))?;
        if !output.status.success() {
            let detail = String::from_utf8_lossy(&output.stderr);
            return Err(NotInstalled::Git(detail.trim().to_owned()));
        }
    }
    let attributes = write_attributes(root)?;
    Ok(Installed {
        attributes,
        command,
    })
}

fn write_attributes(root: &Path) -> Result<Option<PathBuf>, NotInstalled> {
    let path = root.join(".gitattributes");
    let system = |error| NotInstalled::System(path.clone(), error);
    let mut text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(system(error)),
    };
    let words = |line: &str| {
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    if text.lines().any(|line| words(line) == words(ATTRIBUTES)) {
        return Ok(None);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(ATTRIBUTES);
    text.push('\n');
    fs::write(&path, text).map_err(system)?;
    Ok(Some(path))
}

/// How this program is called from a shell: by its name, where the name leads to it.
fn program() -> String {
    const NAME: &str = env!("CARGO_PKG_NAME");
    let Ok(own) = std::env::current_exe() else {
        return NAME.to_owned();
    };
    let real = |path: &Path| fs::canonicalize(path).ok();
    let file = format!("{NAME}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|it| it.is_file());
    match found {
        Some(found) if real(&found) == real(&own) => NAME.to_owned(),
        _ => format!("'{}'", own.display().to_string().replace('\'', "'\\''")),
    }
}
