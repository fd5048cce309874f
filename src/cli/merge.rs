//! `taizhang merge`: the merge driver that git calls, and telling git of it.
//!
//! Git reads the exit status: 0 merged, 1 conflicts, above 128 it could not be done.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::merge::{
    Conflict, ConflictKind, Definitions, Driven, Failure, NotInstalled, Side, Step, Style, Task,
    Textual, drive, install,
};
use crate::report::single_line;
use crate::words::Words;

/// Above 128 git takes a status for a failure instead of conflicts.
const FAILED: u8 = 129;
/// No more conflicts than this are told one by one.
const MOST: usize = 20;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The version that both come from (%O)
    #[arg(required_unless_present = "install")]
    base: Option<PathBuf>,
    /// Our version; the result is written to it (%A)
    #[arg(required_unless_present = "install")]
    ours: Option<PathBuf>,
    /// Their version (%B)
    #[arg(required_unless_present = "install")]
    theirs: Option<PathBuf>,
    /// How long conflict marks are (%L)
    #[arg(default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=200))]
    size: u16,
    /// What the file is called, from the top of the work tree (%P)
    #[arg(default_value = "")]
    path: String,
    /// What our side is called (%X)
    #[arg(default_value = "ours")]
    our_name: String,
    /// What their side is called (%Y)
    #[arg(default_value = "theirs")]
    their_name: String,
    /// Have git call this for records: .gitattributes and git's settings
    #[arg(long, conflicts_with = "base")]
    install: bool,
    /// With --install: in the settings of the user instead of the repository
    #[arg(long, requires = "install")]
    global: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    if arguments.install {
        return tell_git(common, arguments.global);
    }
    let (Some(base), Some(ours), Some(theirs)) =
        (&arguments.base, &arguments.ours, &arguments.theirs)
    else {
        return ExitCode::from(FAILED);
    };
    let root = root_of(&common.root, &arguments.path);
    let definitions = Definitions::read(&root);
    let words = definitions
        .register
        .words(common.language(&definitions.register));
    let task = Task {
        base: base.clone(),
        ours: ours.clone(),
        theirs: theirs.clone(),
        path: below(&common.root.join(&arguments.path), &root),
    };
    // a git that does not know a placeholder leaves it as it is
    let named = |name: &str, otherwise: &str| match name.starts_with('%') || name.is_empty() {
        true => otherwise.to_owned(),
        false => name.to_owned(),
    };
    let style = Style {
        size: usize::from(arguments.size),
        ours: named(&arguments.our_name, "ours"),
        theirs: named(&arguments.their_name, "theirs"),
    };
    let path = single_line(&arguments.path);
    match drive(&task, &definitions, &style) {
        Ok(Driven::Merged(outcome)) if outcome.conflicts.is_empty() => ExitCode::SUCCESS,
        Ok(Driven::Merged(outcome)) => {
            let count = outcome.conflicts.len().to_string();
            let values = [("path", path.as_str()), ("count", &count)];
            eprintln!("{}", words.filled("merge.conflicts", &values));
            for conflict in outcome.conflicts.iter().take(MOST) {
                eprintln!("  {}", told(words, conflict, &style));
            }
            eprintln!("{}", words.get("merge.conflicts-help"));
            ExitCode::from(1)
        }
        Ok(Driven::Lines { why, conflicts }) => {
            let why = words.get(match why {
                Textual::TooLarge => "merge.too-large",
                Textual::NotUtf8 => "merge.not-utf8",
                Textual::NotToml => "merge.not-toml",
            });
            let message = match conflicts {
                true => "merge.lines-conflict",
                false => "merge.lines",
            };
            eprintln!(
                "{}",
                words.filled(message, &[("path", &path), ("why", why)])
            );
            ExitCode::from(u8::from(conflicts))
        }
        Err(failure) => {
            match failure {
                Failure::System(path, error) => unwritable(words, &path, &error),
                Failure::Git(detail) => git_failed(words, &detail),
            }
            ExitCode::from(FAILED)
        }
    }
}

fn tell_git(common: &Common, global: bool) -> ExitCode {
    let register = Definitions::read(&common.root).register;
    let words = register.words(common.language(&register));
    match install(&common.root, words.get("merge.name"), global) {
        Ok(installed) => {
            if let Some(path) = installed.attributes {
                println!("{}", path.display());
            }
            let values = [("command", installed.command.as_str())];
            eprintln!("{}", words.filled("merge.installed", &values));
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            match refusal {
                NotInstalled::System(path, error) => unwritable(words, &path, &error),
                NotInstalled::Git(detail) => git_failed(words, &detail),
            }
            ExitCode::from(2)
        }
    }
}

fn unwritable(words: &Words, path: &Path, error: &std::io::Error) {
    let (path, detail) = (path.display().to_string(), error.to_string());
    let values = [("path", path.as_str()), ("detail", &detail)];
    complain(words, "cli.schema-unwritable", &values);
}

fn git_failed(words: &Words, detail: &str) {
    let detail = single_line(detail);
    complain(words, "cli.git-failed", &[("detail", &detail)]);
}

/// The register that a file belongs to: the nearest folder above it with
/// settings, else the top of the work tree.
fn root_of(top: &Path, path: &str) -> PathBuf {
    let file = top.join(path);
    file.ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(top))
        .find(|folder| folder.join("taizhang.toml").is_file())
        .map_or_else(|| top.to_owned(), Path::to_path_buf)
}

fn below(file: &Path, root: &Path) -> String {
    let path = file.strip_prefix(root).unwrap_or(file);
    path.to_string_lossy().replace('\\', "/")
}

/// A conflict in the words of the form.
fn told(words: &Words, conflict: &Conflict, style: &Style) -> String {
    let path: Vec<String> = conflict
        .path
        .iter()
        .map(|step| match step {
            Step::Key(label, key) => match label {
                Some(label) => label.get(words.language).to_owned(),
                None => match words.find(&format!("review.parts.{}", envelope(key))) {
                    Some(label) => label.to_owned(),
                    None => printable(key),
                },
            },
            Step::Row(Some(name), _) => printable(name),
            Step::Row(None, place) => words.filled("merge.row", &[("number", &place.to_string())]),
        })
        .collect();
    let message = match conflict.kind {
        ConflictKind::Changed => "merge.changed",
        ConflictKind::Removed(Side::Ours) => "merge.removed-ours",
        ConflictKind::Removed(Side::Theirs) => "merge.removed-theirs",
        ConflictKind::SameName => "merge.same-name",
        ConflictKind::SameNumber => "merge.same-number",
    };
    let side = match conflict.kind {
        ConflictKind::Removed(Side::Theirs) => &style.theirs,
        _ => &style.ours,
    };
    let [ours, theirs] =
        [&conflict.ours, &conflict.theirs].map(|text| printable(text.as_deref().unwrap_or("—")));
    let values = [
        ("what", path.join(" › ")),
        ("ours", ours),
        ("theirs", theirs),
        ("side", single_line(side)),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    words.filled(message, &values)
}

/// Longest value shown, in characters.
const LONGEST: usize = 40;

/// What a record says, as part of a line on a terminal.
fn printable(text: &str) -> String {
    let short: String = text.chars().take(LONGEST).collect();
    let mut out = single_line(&short);
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

/// The part of a record's head that a key is.
fn envelope(key: &str) -> &str {
    if key == "id" { "number" } else { key }
}
