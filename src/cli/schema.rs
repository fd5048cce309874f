//! `taizhang schema`: what records look like, for editors.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::definition::Kind;
use crate::exchange::schema::{file_name, text};
use crate::register::Register;
use crate::text::Language;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The kind of matter; without it all of them, into the folder of --out
    kind: Option<String>,
    /// Folder to write <kind>.json into, instead of showing it
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    // what is wrong with files is said by `check`
    let Some(register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let language = common.language(&register);
    let Some(kinds) = wanted(&register, arguments, language) else {
        return ExitCode::from(2);
    };
    let written = match &arguments.out {
        Some(folder) => write(&register, &kinds, folder, language),
        None => show(&register, &kinds, language),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err((_, error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err((path, error)) => {
            let values = [("path", path.as_str()), ("detail", &error.to_string())];
            complain(register.words(language), "cli.schema-unwritable", &values);
            ExitCode::from(2)
        }
    }
}

/// The kinds asked for; none, and said so, when that is not clear.
fn wanted<'r>(
    register: &'r Register,
    arguments: &Arguments,
    language: Language,
) -> Option<Vec<&'r Kind>> {
    let words = register.words(language);
    let names: Vec<&str> = register.kinds.iter().map(|kind| &*kind.id).collect();
    let kinds = names.join(", ");
    match (&arguments.kind, &arguments.out) {
        (None, Some(_)) => Some(register.kinds.iter().collect()),
        (None, None) => {
            let first = names.first().copied().unwrap_or_default();
            let values = [("kinds", kinds.as_str()), ("first", first)];
            complain(words, "cli.schema-which", &values);
            None
        }
        (Some(name), _) => {
            let found = register.kind(name);
            if found.is_none() {
                let values = [("name", name.as_str()), ("kinds", &kinds)];
                complain(words, "cli.schema-unknown", &values);
            }
            found.map(|kind| vec![kind])
        }
    }
}

type Failure = (String, std::io::Error);

fn show(register: &Register, kinds: &[&Kind], language: Language) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for kind in kinds {
        out.write_all(text(register, kind, language).as_bytes())
            .map_err(|error| (String::new(), error))?;
    }
    Ok(())
}

fn write(
    register: &Register,
    kinds: &[&Kind],
    folder: &Path,
    language: Language,
) -> Result<(), Failure> {
    let failed = |path: &Path, error| (path.display().to_string(), error);
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for kind in kinds {
        let path = folder.join(file_name(kind));
        std::fs::write(&path, text(register, kind, language))
            .map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
