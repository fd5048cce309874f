//! The command line: a file a command; arguments → one library call → output.
//!
//! Data goes to stdout, everything else to stderr. Exit status: 0 clean,
//! 1 findings of level error, 2 the command could not run.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod build;
mod calendar;
mod change;
mod check;
mod clauses;
mod codeowners;
mod complaint;
mod confirmed;
mod explain;
mod export;
mod history;
mod init;
mod merge;
mod new;
mod overdue;
mod print;
mod renumber;
mod review;
mod schema;
mod serve;
mod sign;
mod verify;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::Timestamp;

use crate::history::GitError;
use crate::past::Past;
use crate::print::Provenance;
use crate::register::{LoadOptions, Loaded, Register, load};
use crate::report::terminal::Style;
use crate::site::Editions;
use crate::text::Language;
use crate::words::Words;

/// Everything a command line can say.
#[derive(Parser)]
#[command(name = "taizhang", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// The repository: the folder with taizhang.toml
    #[arg(long, global = true, default_value = ".")]
    root: PathBuf,
    /// The instant to take as now, with its offset
    #[arg(long, global = true, value_name = "INSTANT")]
    as_of: Option<Timestamp>,
    /// Language of output: zh or en; of a site also both, zh,en
    #[arg(long, global = true, value_parser = language, value_delimiter = ',')]
    lang: Vec<Language>,
    /// Profile to take instead of the one in taizhang.toml
    #[arg(long, global = true)]
    profile: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site with its forms; what taizhang does when told nothing else
    Build(build::Arguments),
    /// Check every record; exit with 1 when something must be mended
    Check(check::Arguments),
    /// Show the site in a browser and keep it true while files change
    Serve(serve::Arguments),
    /// Print forms of records, filled or blank
    Print(print::Arguments),
    /// Which records papers were printed from, and whether they still hold
    Verify(verify::Arguments),
    /// What a change means, for whoever has to approve it
    Review(review::Arguments),
    /// Who changed what and when; of one record also how long it stood in each state
    History(history::Arguments),
    /// Make a repository for a new company, ready to check and to build
    Init(init::Arguments),
    /// Begin a record: the next number, every required field in place
    New(new::Arguments),
    /// Sign a part of a record, in a commit of its own
    Sign(sign::Arguments),
    /// Give a record another number, wherever it is named
    Renumber(renumber::Arguments),
    /// Merge what two branches made of a file: what git calls, and how to tell it to
    Merge(merge::Arguments),
    /// What a rule asks and why, or what carries a clause; without NAME, all rules
    Explain(explain::Arguments),
    /// Take registers, lists, calendars, feeds and records along for other programs
    Export(export::Arguments),
    /// Count in working days and holidays
    #[command(subcommand)]
    Calendar(calendar::Command),
    /// What is past its limit; exit with 1 when there is something
    Overdue(overdue::Arguments),
    /// Show who approves which files, for the forge
    Codeowners(codeowners::Arguments),
    /// Write the JSON Schema of records, for editors
    Schema(schema::Arguments),
    /// Typeset documents for a parent process (not for people)
    #[command(hide = true)]
    TypesetWorker,
}

fn language(text: &str) -> Result<Language, String> {
    Language::from_code(text).ok_or_else(|| "zh, en".to_owned())
}

/// What all commands share.
pub(crate) struct Common {
    root: PathBuf,
    as_of: Option<Timestamp>,
    lang: Vec<Language>,
    profile: Option<String>,
}

impl Common {
    /// Reads the repository; none, and said so, when there is none at the root.
    fn open(&self) -> Option<Loaded> {
        let loaded = self.load();
        let words = loaded.register.words(self.language(&loaded.register));
        complaint::is_repository(&self.root, words).then_some(loaded)
    }

    /// Reads what there is at the root, for commands that also run without a repository.
    fn load(&self) -> Loaded {
        load(&self.root, &self.options())
    }

    /// What the command line says of reading.
    fn options(&self) -> LoadOptions {
        LoadOptions {
            profile: self.profile.clone(),
            templates: None,
        }
    }

    /// Which versions the records are of; nothing, and said so, where git
    /// cannot tell.
    fn provenance(&self, words: &Words) -> Provenance {
        Provenance::read(&self.root).unwrap_or_else(|error| {
            no_history(words, error);
            Provenance::default()
        })
    }

    /// What became of the records; nothing, and said so, where git cannot tell.
    fn past(&self, register: &Register, words: &Words) -> Past {
        Past::of_folder(register, &self.root).unwrap_or_else(|error| {
            no_history(words, error);
            Past::default()
        })
    }

    /// The language asked for, else the repository's.
    fn language(&self, register: &Register) -> Language {
        let asked = self.lang.first().copied();
        asked.unwrap_or(register.settings.language)
    }

    /// The languages of a site: those asked for, else the repository's.
    fn editions(&self, register: &Register) -> Editions {
        let settings = &register.settings;
        let asked = match self.lang.is_empty() {
            true => &settings.site.languages,
            false => &self.lang,
        };
        Editions::new(asked, settings.language)
    }

    /// The instant asked for, else the one a demonstration is dated at, else now.
    fn as_of(&self, register: &Register) -> Timestamp {
        self.as_of
            .or(register.settings.as_of)
            .unwrap_or_else(Timestamp::now)
    }
}

fn no_history(words: &Words, error: GitError) {
    let detail = match error {
        GitError::Failed(detail) => detail,
        other => format!("{other:?}"),
    };
    eprintln!("{}", words.filled("cli.no-history", &[("detail", &detail)]));
}

/// How findings look on a stream: colours only on a terminal that wants them
/// (no-color.org), and its own width.
fn style(stream: &impl IsTerminal) -> Style {
    let is_terminal = stream.is_terminal();
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    Style {
        colour: is_terminal && !refused,
        width: terminal_size::terminal_size()
            .filter(|_| is_terminal)
            .map(|(width, _)| usize::from(width.0)),
    }
}

/// Runs the command line and says how it ended.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let common = Common {
        root: arguments.root,
        as_of: arguments.as_of,
        lang: arguments.lang,
        profile: arguments.profile,
    };
    match arguments.command {
        None => build::run(&common, &build::Arguments::default()),
        Some(Command::Build(arguments)) => build::run(&common, &arguments),
        Some(Command::Check(arguments)) => check::run(&common, &arguments),
        Some(Command::Serve(arguments)) => serve::run(&common, &arguments),
        Some(Command::Print(arguments)) => print::run(&common, &arguments),
        Some(Command::Verify(arguments)) => verify::run(&common, &arguments),
        Some(Command::Review(arguments)) => review::run(&common, &arguments),
        Some(Command::History(arguments)) => history::run(&common, &arguments),
        Some(Command::Init(arguments)) => init::run(&common, &arguments),
        Some(Command::Overdue(arguments)) => overdue::run(&common, &arguments),
        Some(Command::Codeowners(arguments)) => codeowners::run(&common, &arguments),
        Some(Command::New(arguments)) => new::run(&common, &arguments),
        Some(Command::Sign(arguments)) => sign::run(&common, &arguments),
        Some(Command::Renumber(arguments)) => renumber::run(&common, &arguments),
        Some(Command::Merge(arguments)) => merge::run(&common, &arguments),
        Some(Command::Explain(arguments)) => explain::run(&common, &arguments),
        Some(Command::Export(arguments)) => export::run(&common, &arguments),
        Some(Command::Calendar(command)) => calendar::run(&common, &command),
        Some(Command::Schema(arguments)) => schema::run(&common, &arguments),
        Some(Command::TypesetWorker) => typeset_worker(),
    }
}

fn typeset_worker() -> ExitCode {
    match crate::print::typeset::serve(std::io::stdin(), std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
