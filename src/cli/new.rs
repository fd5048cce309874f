//! `taizhang new`: a record with the next number, every required field in place.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::register::Register;
use crate::start::{Refusal, Wish, begin};
use crate::text::Language;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The kind of matter
    kind: Option<String>,
    /// Its title
    #[arg(long, default_value = "")]
    title: String,
    /// Whose it is; without it, the department of the person
    #[arg(long, value_name = "DEPARTMENT")]
    department: Option<String>,
    /// Who begins it; without it, the person with git's user.email
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// The state it begins in; without it, a draft
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// The file, or the folder for it; without it, where its like are
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Only what has to be filled in, no comments on what may be
    #[arg(long)]
    short: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    // what is wrong with files is said by `check`
    let Some(register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let language = common.language(&register);
    let words = register.words(language);
    let Some(kind) = arguments.kind.clone() else {
        list(&register, language);
        return ExitCode::SUCCESS;
    };
    let wish = Wish {
        kind,
        title: arguments.title.clone(),
        department: arguments.department.clone(),
        person: arguments.person.clone(),
        state: arguments.state.clone(),
        out: arguments.out.clone(),
        short: arguments.short,
    };
    let now = common.as_of(&register);
    match begin(&common.root, &register, &wish, now, language) {
        Ok(begun) => {
            let path = shown(&begun.path);
            println!("{path}");
            if let Some(email) = &begun.unknown_email {
                eprintln!("{}", words.filled("cli.new-nobody", &[("email", email)]));
            }
            eprintln!("{}", words.filled("cli.new-next", &[("path", &path)]));
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            refused(&register, language, refusal);
            ExitCode::from(2)
        }
    }
}

/// The kinds there are, each with what it is for.
fn list(register: &Register, language: Language) {
    let words = register.words(language);
    let longest = register.kinds.iter().map(|kind| kind.id.len()).max();
    for kind in &register.kinds {
        let id = format!("{:1$}", kind.id, longest.unwrap_or(0));
        let values = [
            ("kind", id.as_str()),
            ("name", kind.name.get(language)),
            ("description", kind.description.get(language)),
        ];
        println!("{}", words.filled("cli.new-kind", &values));
    }
    eprintln!("{}", words.get("cli.new-which"));
}

/// Says why no record was begun.
fn refused(register: &Register, language: Language, refusal: Refusal) {
    let words = register.words(language);
    match refusal {
        Refusal::Unknown {
            what,
            name,
            near,
            known,
        } => {
            let known = listed(&known);
            let (message, near) = match &near {
                Some(near) => (format!("cli.new-no-{what}-near"), near.as_str()),
                None => (format!("cli.new-no-{what}"), ""),
            };
            let values = [("name", name.as_str()), ("near", near), ("known", &known)];
            complain(words, &message, &values);
        }
        Refusal::Exists(path) => {
            complain(words, "cli.new-exists", &[("path", &shown(&path))]);
        }
        Refusal::Outside(path) => {
            complain(words, "cli.new-outside", &[("path", &shown(&path))]);
        }
        Refusal::NoNumber => complain(words, "cli.new-no-number", &[]),
        Refusal::Unwritable(path, error) => {
            let values = [("path", &*shown(&path)), ("detail", &*error.to_string())];
            complain(words, "cli.schema-unwritable", &values);
        }
    }
}

/// A path as it would be typed.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// `meeting 会议` for each.
fn listed(known: &[(String, String)]) -> String {
    let each: Vec<String> = known
        .iter()
        .map(|(id, label)| format!("{id} {label}"))
        .collect();
    each.join(" · ")
}
