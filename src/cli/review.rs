//! `taizhang review`: what a change means, for whoever has to approve it.

use std::process::ExitCode;

use super::Common;
use super::change::{self, Way};
use super::complaint::{complain, of_git};
use crate::check::check;
use crate::finding::{Finding, sort};
use crate::history::Git;
use crate::outlook::{Outlook, Viewer};
use crate::register::{LoadOptions, Loaded, Register, load_tree};
use crate::report::review::{html, json, markdown, view};
use crate::review::{Reviewed, review};
use crate::source::Tree;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The revision that the change starts from
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
    let side = |revision: &str| {
        Git::open(&common.root)
            .and_then(|git| git.version(revision))
            .map_err(|error| of_git(words, revision, &error))
            .map(|tree| read(common, &tree))
    };
    let Ok(before) = side(&arguments.base) else {
        return ExitCode::from(2);
    };
    let mut after = match &arguments.head {
        Some(head) => match side(head) {
            Ok(after) => after,
            Err(()) => return ExitCode::from(2),
        },
        None => read(common, &Tree::folder(&common.root)),
    };
    let way = Way {
        base: &arguments.base,
        head: arguments.head.as_deref().unwrap_or("HEAD"),
        against: &arguments.against,
    };
    match change::findings(common, &way, &before.register, &after.register) {
        Ok(found) => after.findings.extend(found),
        Err((revision, error)) => {
            of_git(words, &revision, &error);
            return ExitCode::from(2);
        }
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
    // the change does not word or lay out its own review
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

fn read(common: &Common, tree: &Tree) -> Side {
    let options = LoadOptions {
        profile: common.profile.clone(),
        templates: None,
    };
    let Loaded {
        register,
        mut findings,
        ..
    } = load_tree(tree, &options);
    findings.extend(check(&register));
    Side { register, findings }
}
