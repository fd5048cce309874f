//! `taizhang sign`: writes a signature into a record and commits it, as the
//! person who runs it.

use std::process::{Command, ExitCode, Stdio};

use super::Common;
use super::check::replace;
use super::complaint::complain;
use crate::change::{Version, given};
use crate::display::{DateStyle, Display};
use crate::finding::Finding;
use crate::history::Git;
use crate::organisation::PersonId;
use crate::register::Register;
use crate::report::Reporter;
use crate::start::{NotSigned, ReadyToSign, ToSign, author_email, sign};
use crate::text::Language;
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The record's number
    id: String,
    /// The section to sign, by name
    #[arg(long, short)]
    section: Option<String>,
    /// The field that takes the signature: field, table.column or section.field
    #[arg(long)]
    field: Option<String>,
    /// The row, from 1 [default: one's own]
    #[arg(long)]
    row: Option<usize>,
    /// Who signs [default: whose mail address git has]
    #[arg(long = "as", value_name = "PERSON")]
    person: Option<String>,
    /// What to remark
    #[arg(long, short)]
    opinion: Option<String>,
    /// Sign although something that is signed is still missing
    #[arg(long)]
    incomplete: bool,
    /// Write the signature and leave the commit to others
    #[arg(long)]
    no_commit: bool,
    /// Sign the commit, whether git is set up to or not
    #[arg(long, short = 'S', conflicts_with = "no_commit")]
    gpg_sign: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let language = common.language(&register);
    let words = register.words(language);
    let Some(person) = signer(common, arguments, &register, words) else {
        return ExitCode::from(2);
    };
    let wish = ToSign {
        id: &arguments.id,
        section: arguments.section.as_deref(),
        field: arguments.field.as_deref(),
        row: arguments.row,
        person,
        opinion: arguments.opinion.as_deref(),
        at: common.as_of(&register),
        incomplete: arguments.incomplete,
    };
    let ready = match sign(&register, &wish) {
        Ok(ready) => ready,
        Err(reason) => {
            refused(&register, language, &wish, reason);
            return ExitCode::from(1);
        }
    };
    if !arguments.no_commit && !is_committed(common, &ready, words) {
        return ExitCode::from(2);
    }
    let path = common.root.join(&ready.path);
    if let Err(error) = replace(&path, &ready.before, &ready.text) {
        let detail = error.to_string();
        let values = [("path", &*ready.path), ("detail", &*detail)];
        complain(words, "cli.not-mended", &values);
        return ExitCode::from(2);
    }
    println!("{}", ready.path);
    let values = [
        ("id", &*arguments.id),
        ("what", ready.what.get(language)),
        (
            "name",
            register.organisation.person(person).name.get(language),
        ),
    ];
    if arguments.no_commit {
        eprintln!("{}", words.filled("cli.sign.written", &values));
        return ExitCode::SUCCESS;
    }
    let message = words.filled("cli.sign.message", &values);
    if !commit(common, &ready.path, &message, arguments.gpg_sign) {
        // what could not be committed is not left behind
        let back = replace(&path, &ready.text, &ready.before);
        let name = match back {
            Ok(()) => "cli.sign.not-committed",
            Err(_) => "cli.sign.left-behind",
        };
        complain(words, name, &[("path", &ready.path)]);
        return ExitCode::from(2);
    }
    tell(common, arguments, &ready, &values);
    ExitCode::SUCCESS
}

/// Who signs; none, and said so, when nobody of the organisation does.
fn signer(
    common: &Common,
    arguments: &Arguments,
    register: &Register,
    words: &Words,
) -> Option<PersonId> {
    let organisation = &register.organisation;
    let email = author_email(&common.root);
    if let Some(name) = &arguments.person {
        let found = organisation.find_person(name);
        if found.is_none() {
            complain(words, "cli.sign.no-person", &[("name", name)]);
        }
        // whoever commits for another is not that person
        let own = found.and_then(|person| organisation.person(person).email.as_deref());
        let same = own.zip(email.as_deref());
        if found.is_some() && !same.is_some_and(|(own, git)| own.eq_ignore_ascii_case(git)) {
            let email = email.as_deref().unwrap_or("–");
            let values = [("name", &**name), ("email", email)];
            eprintln!("{}", words.filled("cli.sign.for-another", &values));
        }
        return found;
    }
    let Some(email) = email else {
        complain(words, "cli.sign.no-email", &[]);
        return None;
    };
    let mut people = organisation.people.iter();
    let found = people.position(|person| {
        let own = person.email.as_deref();
        !person.left && own.is_some_and(|own| own.eq_ignore_ascii_case(&email))
    });
    if found.is_none() {
        complain(words, "cli.sign.nobody", &[("email", &email)]);
    }
    found.map(|index| PersonId(index as u32))
}

/// Whether the record's file is as the newest commit has it: a signature goes
/// into a commit of its own, over what others can see.
fn is_committed(common: &Common, ready: &ReadyToSign, words: &Words) -> bool {
    let edited = Git::open(&common.root).and_then(|git| git.edited());
    match edited {
        Ok(edited) if edited.contains(&ready.path) => {
            complain(words, "cli.sign.edited", &[("path", &ready.path)]);
            false
        }
        Ok(_) => true,
        Err(error) => {
            super::complaint::of_git(words, "HEAD", &error);
            false
        }
    }
}

/// One commit with this file and nothing else. Git asks for what it needs
/// itself: a passphrase, an answer of a hook.
fn commit(common: &Common, path: &str, message: &str, sign: bool) -> bool {
    let git = || {
        let mut git = Command::new("git");
        git.arg("-C").arg(&common.root);
        git
    };
    let key = git()
        .args(["config", "user.signingkey"])
        .stdin(Stdio::null())
        .output();
    let has_key = key.is_ok_and(|output| output.status.success());
    let mut command = git();
    command.args(["commit", "--quiet", "--only", "--message", message]);
    if sign || has_key {
        command.arg("--gpg-sign");
    }
    command.arg("--").arg(path).stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Says how the signature stands now.
fn tell(common: &Common, arguments: &Arguments, ready: &ReadyToSign, values: &[(&str, &str)]) {
    let Some(mut register) = common.open().map(|loaded| loaded.register) else {
        return;
    };
    common.confirmed(&mut register, None);
    let language = common.language(&register);
    let display = Display::new(&register, language, DateStyle::Table);
    let standing = register.find(&arguments.id).and_then(|index| {
        let version = Version::new(&register, &register.records[index]);
        let given = given(version).into_iter();
        let mut own = given.filter(|given| given.spot == ready.spot);
        display.standing(own.next()?.signature)
    });
    let Some(standing) = standing else {
        return;
    };
    let commit = standing.commit.unwrap_or_default();
    let all = [values, &[("level", &*standing.level), ("commit", &*commit)]].concat();
    eprintln!("{}", display.words.filled("cli.sign.done", &all));
    if let Some(doubt) = standing.doubt {
        let values = [("why", &*doubt)];
        eprintln!("  {}", display.words.filled("cli.sign.doubt", &values));
    }
}

/// Says why nothing was signed.
fn refused(register: &Register, language: Language, wish: &ToSign<'_>, reason: NotSigned) {
    let words = register.words(language);
    let list = |findings: &[Finding]| {
        let reporter = Reporter::new(register, language);
        for finding in findings {
            eprintln!("  {}", reporter.render(finding).message);
        }
    };
    match reason {
        NotSigned::Unknown => complain(words, "cli.renumber-unknown", &[("id", wish.id)]),
        NotSigned::Unreadable => complain(words, "cli.sign.unreadable", &[("id", wish.id)]),
        NotSigned::NoField(known) => {
            let known = known.join(", ");
            complain(words, "cli.sign.no-field", &[("known", &known)]);
        }
        NotSigned::Several(known) => {
            let known = known.join(", ");
            complain(words, "cli.sign.several", &[("known", &known)]);
        }
        NotSigned::AlreadySigned(what) => {
            complain(words, "cli.sign.already", &[("what", what.get(language))]);
        }
        NotSigned::NoRow(what, count) => {
            let count = count.to_string();
            let values = [("what", what.get(language)), ("count", &*count)];
            complain(words, "cli.sign.no-row", &values);
        }
        NotSigned::SeveralRows(what, rows) => {
            let rows: Vec<String> = rows.iter().map(usize::to_string).collect();
            let rows = rows.join(", ");
            let values = [("what", what.get(language)), ("rows", &*rows)];
            complain(words, "cli.sign.several-rows", &values);
        }
        NotSigned::Incomplete(missing) => {
            complain(words, "cli.sign.incomplete", &[]);
            list(&missing);
        }
        NotSigned::Refused(broken) => {
            complain(words, "cli.sign.refused", &[]);
            list(&broken);
        }
    }
}
