//! `taizhang build`, and `taizhang` alone: the site with its papers.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Common;
use crate::build::{BuildError, BuildOptions, PaperChoice, build};
use crate::finding::{Finding, Level};
use crate::outlook::Viewer;
use crate::print::Provenance;
use crate::publish::PublishError;
use crate::register::Loaded;
use crate::report::{Reporter, terminal};
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Where the site goes [default: public, in the repository]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Whom it is for: internal, public:PARTY or confidential:GROUP
    #[arg(long, default_value = "internal")]
    audience: String,
    /// Which papers go with it
    #[arg(long, value_enum, default_value_t = FormsChoice::All)]
    forms: FormsChoice,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum FormsChoice {
    /// PDF and HTML
    All,
    /// HTML only
    Html,
    /// None
    None,
}

impl Default for Arguments {
    fn default() -> Self {
        Arguments {
            out: None,
            audience: "internal".to_owned(),
            forms: FormsChoice::All,
        }
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(Loaded {
        mut register,
        mut findings,
        ..
    }) = common.open()
    else {
        return ExitCode::from(2);
    };
    let past = common.past(&register, register.words(common.language(&register)));
    common.confirm(&mut register, past.log(), past.edited(), None);
    let provenance = Provenance::of_past(&past);
    // The process ends with the build: the register's memory goes at once, not
    // in a million pieces.
    let register = &*std::mem::ManuallyDrop::new(register);
    let language = common.language(register);
    let words = register.words(language);
    let Some(viewer) = Viewer::parse(
        &arguments.audience,
        &register.organisation,
        &register.settings,
    ) else {
        let text = words.filled("cli.unknown-audience", &[("name", &arguments.audience)]);
        eprintln!("{text}");
        return ExitCode::from(2);
    };
    findings.extend(crate::check::check(register));
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| common.root.join("public"));
    let options = BuildOptions {
        root: &common.root,
        out: &out,
        as_of: common.as_of(register),
        viewer,
        editions: &common.editions(register),
        papers: match arguments.forms {
            FormsChoice::All => PaperChoice::All,
            FormsChoice::Html => PaperChoice::Html,
            FormsChoice::None => PaperChoice::None,
        },
        provenance: &provenance,
        past: &past,
    };
    let bar = std::io::stderr()
        .is_terminal()
        .then(|| indicatif::ProgressBar::new(0));
    let progress = |done: usize, total: usize| {
        if let Some(bar) = &bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    };
    let built = build(register, findings, &options, &progress);
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let built = match built {
        Ok(built) => built,
        Err(error) => {
            eprintln!("{}", explain(&error, words));
            return ExitCode::from(2);
        }
    };
    let errors: Vec<&Finding> = built
        .findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .collect();
    if !errors.is_empty() {
        let reporter = Reporter::new(register, language);
        let style = super::style(&std::io::stderr());
        // what cannot be written to stderr can be told to nobody
        let _ = terminal::write(&reporter, &errors, style, &mut std::io::stderr().lock());
    }
    let summary = &built.summary;
    let text = words.filled(
        "cli.built",
        &[
            ("records", &built.records.to_string()),
            ("papers", &built.papers.to_string()),
            ("written", &summary.written.to_string()),
            ("unchanged", &summary.unchanged.to_string()),
            ("removed", &summary.removed.to_string()),
        ],
    );
    eprintln!("{text}");
    if built.papers > 0 {
        eprintln!(
            "{} {}",
            words.get("cli.forms-at"),
            shown(&out.join("forms"))
        );
    }
    eprintln!("{}", words.get("cli.look-at"));
    println!("{}", shown(&out.join("index.html")));
    ExitCode::from(u8::from(!errors.is_empty()))
}

/// A path as it would be typed.
fn shown(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(".").unwrap_or(path).display()
}

/// Why nothing was published, in words.
fn explain(error: &BuildError, words: &Words) -> String {
    match error {
        BuildError::OutputIsRepository(path) => {
            let path = path.display().to_string();
            words.filled("cli.output-is-repository", &[("path", &path)])
        }
        BuildError::Publish(errors) => {
            let lines: Vec<String> = errors.iter().map(|error| in_words(error, words)).collect();
            lines.join("\n")
        }
        other => other.to_string(),
    }
}

fn in_words(error: &PublishError, words: &Words) -> String {
    let parameters = error.parameters();
    // values that are codes have words of their own
    let values: Vec<(&str, &str)> = parameters
        .iter()
        .map(|(name, value)| {
            let word = words.find(&format!("publish.{name}.{value}"));
            (*name, word.unwrap_or(value))
        })
        .collect();
    words.filled(&format!("publish.errors.{}", error.code()), &values)
}
