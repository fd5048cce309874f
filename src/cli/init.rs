//! `taizhang init`: a repository for a new company.

use std::path::PathBuf;
use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::definition::Templates;
use crate::register::{LoadOptions, load};
use crate::start::{Company, Forge, Obstacle, found};
use crate::text::Language;
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder: one that is not there yet, or an empty one
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The company's name
    #[arg(long)]
    name: Option<String>,
    /// The forge to write files for
    #[arg(long, value_enum, default_value_t = ForgeChoice::All)]
    forge: ForgeChoice,
    /// Make it a repository of git
    #[arg(long)]
    git: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ForgeChoice {
    Github,
    Gitlab,
    Gitea,
    /// Files for each of them
    All,
}

impl ForgeChoice {
    fn forges(self) -> Vec<Forge> {
        match self {
            ForgeChoice::Github => vec![Forge::GitHub],
            ForgeChoice::Gitlab => vec![Forge::GitLab],
            ForgeChoice::Gitea => vec![Forge::Gitea],
            ForgeChoice::All => Forge::ALL.to_vec(),
        }
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let language = common.lang.first().copied().unwrap_or(Language::Chinese);
    // there is no repository yet: the words are those of the program
    let options = LoadOptions {
        profile: None,
        templates: Some(Templates::built_in()),
    };
    let register = load(&arguments.folder, &options).register;
    let words = register.words(language);
    let now = common.as_of(&register);
    let company = Company {
        name: Some(
            arguments
                .name
                .clone()
                .unwrap_or_else(|| words.get("cli.init-name").to_owned()),
        ),
        language,
        forges: arguments.forge.forges(),
        profile: common
            .profile
            .clone()
            .unwrap_or_else(|| register.settings.profile.value.to_string()),
        year: now
            .to_zoned(register.settings.time.time_zone.clone())
            .year(),
        with_git: arguments.git,
    };
    match found(&arguments.folder, &company) {
        Ok(files) => {
            for file in &files {
                println!("{}", arguments.folder.join(file).display());
            }
            let folder = arguments.folder.display().to_string();
            let count = files.len().to_string();
            let values = [("folder", folder.as_str()), ("count", &count)];
            eprintln!("{}", words.filled("cli.init-done", &values));
            ExitCode::SUCCESS
        }
        Err(obstacle) => {
            refused(words, &obstacle);
            ExitCode::from(2)
        }
    }
}

/// Says why there is no new repository.
fn refused(words: &Words, obstacle: &Obstacle) {
    match obstacle {
        Obstacle::NotEmpty(path) => {
            let path = path.display().to_string();
            complain(words, "cli.init-not-empty", &[("path", &path)]);
        }
        Obstacle::NoFolder(path) => {
            let path = path.display().to_string();
            complain(words, "cli.init-no-folder", &[("path", &path)]);
        }
        Obstacle::UnknownProfile { name, near, known } => {
            let known = known.join(", ");
            let message = match near {
                Some(_) => "cli.init-no-profile-near",
                None => "cli.init-no-profile",
            };
            let near = near.as_deref().unwrap_or_default();
            let values = [("name", name.as_str()), ("near", near), ("known", &known)];
            complain(words, message, &values);
        }
        Obstacle::NoGit => complain(words, "cli.init-no-git", &[]),
        Obstacle::Unwritable(path, error) => {
            let values = [
                ("path", &*path.display().to_string()),
                ("detail", &*error.to_string()),
            ];
            complain(words, "cli.schema-unwritable", &values);
        }
    }
}
