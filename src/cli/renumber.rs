//! `taizhang renumber`: another number for a record, in its file, its name and
//! wherever it is referred to.

use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::start::{NotRenumbered, renumber};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The number it has
    old: String,
    /// The number to give it; without it, the next free one
    new: Option<String>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let words = register.words(common.language(&register));
    let now = common.as_of(&register);
    let old = arguments.old.as_str();
    let new = arguments.new.as_deref();
    match renumber(&common.root, &register, old, new, now) {
        Ok(done) => {
            println!("{}", done.path);
            let values = [
                ("old", old),
                ("new", &*done.number),
                ("count", &*done.mended.len().to_string()),
            ];
            eprintln!("{}", words.filled("cli.renumbered", &values));
            for path in &done.mended {
                eprintln!("  {path}");
            }
            if !done.mentioned.is_empty() {
                eprintln!("{}", words.filled("cli.renumber-prose", &values));
            }
            for path in &done.mentioned {
                eprintln!("  {path}");
            }
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            let new = new.unwrap_or_default();
            match refusal {
                NotRenumbered::Unknown => complain(words, "cli.renumber-unknown", &[("id", old)]),
                NotRenumbered::Pattern(pattern) => complain(
                    words,
                    "cli.renumber-pattern",
                    &[("id", new), ("pattern", &pattern)],
                ),
                NotRenumbered::Taken => complain(words, "cli.renumber-taken", &[("id", new)]),
                NotRenumbered::NoNumber => complain(words, "cli.new-no-number", &[]),
                NotRenumbered::Unwritable(path, error) => complain(
                    words,
                    "cli.schema-unwritable",
                    &[
                        ("path", &*path.display().to_string()),
                        ("detail", &*error.to_string()),
                    ],
                ),
            }
            ExitCode::from(2)
        }
    }
}
