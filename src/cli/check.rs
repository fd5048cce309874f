//! `taizhang check`: every finding, on a terminal or as JSON.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::finding::{Finding, Level};
use crate::report::{Reporter, json, terminal};
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Only findings in these files or folders
    paths: Vec<PathBuf>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Findings with the lines they are about
    Human,
    /// One object; see findings.schema.json
    Json,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(loaded) = common.open() else {
        return ExitCode::from(2);
    };
    let register = loaded.register;
    let language = common.language(&register);
    let words = register.words(language);
    let Some(only) = wanted(&common.root, &arguments.paths, words) else {
        return ExitCode::from(2);
    };
    let mut findings = loaded.findings;
    findings.extend(crate::check::check(&register));
    crate::finding::sort(&mut findings);
    let findings: Vec<&Finding> = findings
        .iter()
        .filter(|finding| {
            let path = &register.sources.file(finding.place.file).path;
            only.is_empty() || only.iter().any(|wanted| is_below(path, wanted))
        })
        .collect();
    let reporter = Reporter::new(&register, language);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = match arguments.format {
        Format::Human => terminal::write(
            &reporter,
            &findings,
            super::style(&std::io::stdout()),
            &mut out,
        ),
        Format::Json => json::write(&reporter, &findings, &mut out),
    }
    .and_then(|()| out.flush());
    let code = match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
        _ => ExitCode::from(u8::from(
            findings.iter().any(|finding| finding.level == Level::Error),
        )),
    };
    // The process ends: its memory goes at once, not in a million pieces.
    std::mem::forget(register);
    code
}

/// The paths to keep findings of, from the root; empty means all. None, and
/// said so, when one of them is not there or lies outside.
fn wanted(root: &Path, paths: &[PathBuf], words: &Words) -> Option<Vec<String>> {
    let mut only = Vec::with_capacity(paths.len());
    let mut good = true;
    for path in paths {
        let shown = path.display().to_string();
        // as the shell completes it, else as findings write it
        let there = [path.clone(), root.join(path)]
            .into_iter()
            .find(|path| path.exists());
        let Some(there) = there else {
            complain(words, "cli.no-path", &[("path", &shown)]);
            good = false;
            continue;
        };
        match from_root(root, &there) {
            Some(path) => only.push(path),
            None => {
                let root = root.display().to_string();
                complain(words, "cli.outside", &[("path", &shown), ("root", &root)]);
                good = false;
            }
        }
    }
    // the root itself is everything
    if only.iter().any(String::is_empty) {
        only.clear();
    }
    good.then_some(only)
}

/// A path seen from the root; links are followed only where that is needed.
fn from_root(root: &Path, path: &Path) -> Option<String> {
    let lexical = |path: &Path| std::path::absolute(path).ok();
    let real = |path: &Path| path.canonicalize().ok();
    let has_parents = |path: &Path| {
        path.components()
            .any(|part| part == std::path::Component::ParentDir)
    };
    let relative = [lexical(root).zip(lexical(path)), real(root).zip(real(path))]
        .into_iter()
        .flatten()
        .filter(|(root, path)| !has_parents(root) && !has_parents(path))
        .find_map(|(root, path)| Some(path.strip_prefix(root).ok()?.to_path_buf()))?;
    let parts: Vec<_> = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    Some(parts.join("/"))
}

fn is_below(path: &str, wanted: &str) -> bool {
    path.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
