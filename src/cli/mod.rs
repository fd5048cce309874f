//! The command line: a file a command; arguments → one library call → output.
//!
//! Data goes to stdout, everything else to stderr. Exit status: 0 clean,
//! 1 findings of level error, 2 the command could not run.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod calendar;
mod check;
mod complaint;
mod explain;
mod print;
mod schema;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::Timestamp;

use crate::text::Language;

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
    /// Language of output: zh or en
    #[arg(long, global = true, value_parser = language)]
    lang: Option<Language>,
    /// Profile to take instead of the one in taizhang.toml
    #[arg(long, global = true)]
    profile: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Check every record; exit with 1 when something must be mended
    Check(check::Arguments),
    /// Print forms of records, filled or blank
    Print(print::Arguments),
    /// What a rule asks, why, and how to satisfy it; without RULE, all rules
    Explain(explain::Arguments),
    /// Count in working days and holidays
    #[command(subcommand)]
    Calendar(calendar::Command),
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
    lang: Option<Language>,
    profile: Option<String>,
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
        Some(Command::Check(arguments)) => check::run(&common, &arguments),
        Some(Command::Print(arguments)) => print::run(&common, &arguments),
        Some(Command::Explain(arguments)) => explain::run(&common, &arguments),
        Some(Command::Calendar(command)) => calendar::run(&common, &command),
        Some(Command::Schema(arguments)) => schema::run(&common, &arguments),
        Some(Command::TypesetWorker) => typeset_worker(),
        None => ExitCode::from(2),
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
