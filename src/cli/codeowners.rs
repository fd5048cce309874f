//! `taizhang codeowners`: who approves what, in the forge's own dialect.

use std::io::Write;
use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::start::{Forge, code_owners};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// github, gitlab or gitea; without it, the forge of taizhang.toml
    #[arg(long)]
    forge: Option<String>,
    /// Only say whether the file of the repository is as it should be; exit with 1 if not
    #[arg(long)]
    check: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    // what is wrong with files is said by `check`
    let Some(register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let language = common.language(&register);
    let wanted = arguments.forge.as_deref();
    let name = wanted.or(register.settings.forge.as_ref().map(|forge| &*forge.kind));
    let name = name.unwrap_or(Forge::GitHub.name());
    let Some(forge) = Forge::from_name(name) else {
        let known = Forge::ALL.map(Forge::name).join(", ");
        let values = [("name", name), ("known", known.as_str())];
        complain(register.words(language), "cli.no-forge", &values);
        return ExitCode::from(2);
    };
    let text = code_owners(&register, forge, language);
    if arguments.check {
        let words = register.words(language);
        let path = forge.owners_path();
        let there = std::fs::read_to_string(common.root.join(path));
        // who checks out on Windows may have other line ends
        let same = there.is_ok_and(|there| there.replace("\r\n", "\n") == text);
        if !same {
            complain(
                words,
                "cli.owners-changed",
                &[("path", path), ("forge", forge.name())],
            );
        }
        return ExitCode::from(u8::from(!same));
    }
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}
