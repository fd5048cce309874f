//! `taizhang review`: what a change means, for whoever has to approve it.

use std::process::ExitCode;

use super::Common;
use super::change::{self, HERE, Start, Way};
use super::complaint::{complain, of_git};
use crate::check::check;
use crate::finding::{Finding, sort};
use crate::organisation::Organisation;
use crate::outlook::{Outlook, Viewer};
use crate::register::{Loaded, Register, load_tree};
use crate::report::review::{html, json, markdown, view};
use crate::review::{Reviewed, review};
use crate::source::Tree;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The revision that the change is to come to; it starts where it left that
    #[arg(long, value_name = "REV")]
    base: String,
    /// The revision that it leads to [default: the files as they are]
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// Other open branches, which may have given the same numbers
    #[arg(long, value_name = "REV")]
    against: Vec<String>,
    /// As what
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For the pull request
    Markdown,
    /// A page of its own
    Html,
    /// For programs
    Json,
}

/// One side of the change.
struct Side {
    register: Register,
    findings: Vec<Finding>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(here) = common.open() else {
        return ExitCode::from(2);
    };
    let language = common.language(&here.register);
    let words = here.register.words(language);
    let way = Way {
        base: &arguments.base,
        head: arguments.head.as_deref().unwrap_or(HERE),
        against: &arguments.against,
    };
    let start = match Start::of(common, &way) {
        Ok(start) => start,
        Err((revision, error)) => {
            of_git(words, &revision, &error);
            return ExitCode::from(2);
        }
    };
    let side = |revision: &str, trusted: Option<&Organisation>| {
        let version = common.version(&start.git, revision, trusted);
        let side = version.map(|(loaded, _)| Side::of(loaded));
        side.map_err(|error| of_git(words, revision, &error))
    };
    let Ok(before) = side(&start.commit, None) else {
        return ExitCode::from(2);
    };
    let trusted = Some(start.trusted(&before.register));
    let mut after = match &arguments.head {
        Some(head) => match side(head, trusted) {
            Ok(after) => after,
            Err(()) => return ExitCode::from(2),
        },
        None => {
            let mut loaded = read(common, &Tree::folder(&common.root));
            common.confirmed(&mut loaded.register, trusted);
            Side::of(loaded)
        }
    };
    match change::findings(common, &way, (&start, &before.register), &after.register) {
        Ok(found) => after.findings.extend(found),
        Err((revision, error)) => {
            of_git(words, &revision, &error);
            return ExitCode::from(2);
        }
    }
    // the change does not word its own review
    after.register.words = before.register.words.clone();
    for (name, text) in &before.register.rules {
        after.register.rules.insert(name.clone(), text.clone());
    }
    let as_of = common.as_of(&after.register);
    let outlooks = [&before, &after].map(|side| {
        let outlook = {
            let viewer = Viewer::of_files(&side.register.organisation);
            Outlook::new(&side.register, as_of, viewer)
        };
        let mut findings = side.findings.clone();
        findings.extend(outlook.findings.iter().cloned());
        sort(&mut findings);
        (outlook, findings)
    });
    let [old, new] = outlooks
        .each_ref()
        .map(|(outlook, findings)| Reviewed { outlook, findings });
    let shown = view(&review(old, new), language);
    // nor lay it out
    let templates = &before.register.templates;
    let words = before.register.words(language);
    let text = match arguments.format {
        Format::Markdown => markdown(&shown, templates, words),
        Format::Html => html(&shown, templates, words),
        Format::Json => Ok(json(&shown)),
    };
    match text {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(detail) => {
            complain(words, "cli.review-template", &[("detail", &detail)]);
            ExitCode::from(2)
        }
    }
}

impl Side {
    fn of(loaded: Loaded) -> Side {
        let Loaded {
            register,
            mut findings,
            ..
        } = loaded;
        findings.extend(check(&register));
        Side { register, findings }
    }
}

fn read(common: &Common, tree: &Tree) -> Loaded {
    load_tree(tree, &common.options())
}
