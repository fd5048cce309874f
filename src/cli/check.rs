//! `taizhang check`: every finding, on a terminal or as a forge reads it.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Common;
use super::change::{self, HERE, Refused, Start, Way};
use super::complaint::{complain, of_git};
use crate::check::{Mended, apply_safe, check};
use crate::finding::{Finding, Level};
use crate::history::Git;
use crate::organisation::Organisation;
use crate::register::{Loaded, Register, load_tree};
use crate::report::fingerprint::new_since;
use crate::report::{Reporter, github, gitlab, json, junit, sarif, terminal};
use crate::site::SiteFiles;
use crate::source::Tree;
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Only findings in these files or folders
    paths: Vec<PathBuf>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Only what was not found where the files left this revision of git
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Other open branches, which may have given the same numbers
    #[arg(long, value_name = "REV", requires = "base")]
    against: Vec<String>,
    /// What the next commit will hold, in place of the files as they lie here
    #[arg(long)]
    staged: bool,
    /// First apply the fixes that nobody has to look at
    #[arg(long, conflicts_with = "staged")]
    fix: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Findings with the lines they are about
    Human,
    /// One object; see findings.schema.json
    Json,
    /// Annotations of GitHub Actions, and a summary of the job
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit XML
    Junit,
}

/// The variable that names the file of a job's summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let begun = match arguments.staged {
        true => staged(common),
        false => opened(common),
    };
    let Some((loaded, tree)) = begun else {
        return ExitCode::from(2);
    };
    let way = arguments.base.as_deref().map(|base| Way {
        base,
        head: HERE,
        against: &arguments.against,
    });
    let before = match way.as_ref().map(|way| Before::of(common, way)) {
        None => None,
        Some(Ok(before)) => Some(before),
        Some(Err((revision, error))) => {
            let words = loaded.register.words(common.language(&loaded.register));
            of_git(words, &revision, &error);
            return ExitCode::from(2);
        }
    };
    let trusted = before.as_ref().map(Before::trusted);
    let mut found = Found::of(common, (loaded, &tree), trusted);
    if arguments.fix {
        let mended = apply_safe(&found.register.sources, &found.findings);
        let language = common.language(&found.register);
        if !write_all(&common.root, &mended, found.register.words(language)) {
            return ExitCode::from(2);
        }
        if !mended.is_empty() {
            match opened(common) {
                Some((again, tree)) => found = Found::of(common, (again, &tree), trusted),
                None => return ExitCode::from(2),
            }
        }
    }
    let Found { register, findings } = &found;
    let language = common.language(register);
    let words = register.words(language);
    let Some(only) = wanted(&common.root, &arguments.paths, words) else {
        return ExitCode::from(2);
    };
    let is_wanted = |finding: &&Finding| {
        let path = &register.sources.file(finding.place.file).path;
        only.is_empty() || only.iter().any(|wanted| is_below(path, wanted))
    };
    let mut findings: Vec<&Finding> = findings.iter().filter(is_wanted).collect();
    let reporter = Reporter::new(register, language);
    let brought;
    if let (Some(way), Some(before)) = (&way, &before) {
        match since(common, way, (before, register), &reporter, &findings) {
            Ok(new) => brought = new,
            Err((revision, error)) => {
                of_git(words, &revision, &error);
                return ExitCode::from(2);
            }
        }
        findings = brought.iter().filter(is_wanted).collect();
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written =
        write(common, arguments.format, &reporter, &findings, &mut out).and_then(|()| out.flush());
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
    std::mem::forget((found, before));
    code
}

/// The repository and what is wrong with it.
struct Found {
    register: Register,
    findings: Vec<Finding>,
}

impl Found {
    /// Of the files of a tree.
    fn of(
        common: &Common,
        (mut loaded, tree): (Loaded, &Tree),
        trusted: Option<&Organisation>,
    ) -> Found {
        common.confirmed(&mut loaded.register, trusted);
        Found::checked(loaded, tree)
    }

    fn checked(loaded: Loaded, tree: &Tree) -> Found {
        let Loaded {
            register,
            mut findings,
            ..
        } = loaded;
        findings.extend(check(&register));
        let files = SiteFiles::of_repository(tree);
        findings.extend(crate::site::check(&files, &register));
        crate::finding::sort(&mut findings);
        Found { register, findings }
    }
}

/// What a change starts from.
struct Before {
    start: Start,
    found: Found,
}

impl Before {
    fn of(common: &Common, way: &Way<'_>) -> Result<Before, Refused> {
        let of = |error| (way.base.to_owned(), error);
        let start = Start::of(common, way)?;
        let version = common.version(&start.git, &start.commit, None);
        let (loaded, tree) = version.map_err(of)?;
        let found = Found::checked(loaded, &tree);
        Ok(Before { start, found })
    }

    fn trusted(&self) -> &Organisation {
        self.start.trusted(&self.found.register)
    }
}

/// Those of the findings that were not there before a change, and what is wrong
/// with the way from there.
fn since(
    common: &Common,
    way: &Way<'_>,
    (before, register): (&Before, &Register),
    reporter: &Reporter<'_>,
    findings: &[&Finding],
) -> Result<Vec<Finding>, Refused> {
    let Before { start, found } = before;
    let known: Vec<&Finding> = found.findings.iter().collect();
    let then = Reporter::new(&found.register, reporter.words().language);
    let new = new_since((&then, &known), (reporter, findings));
    let mut brought: Vec<Finding> = new.into_iter().cloned().collect();
    let changed = change::findings(common, way, (start, &found.register), register)?;
    brought.extend(changed);
    crate::finding::sort(&mut brought);
    Ok(brought)
}

fn write(
    common: &Common,
    format: Format,
    reporter: &Reporter<'_>,
    findings: &[&Finding],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    // forges know files from the top of the work tree
    let prefix = || {
        let git = Git::open(&common.root);
        git.map(|git| git.prefix().to_owned()).unwrap_or_default()
    };
    match format {
        Format::Human => terminal::write(reporter, findings, super::style(&std::io::stdout()), out),
        Format::Json => json::write(reporter, findings, out),
        Format::Github => {
            let prefix = prefix();
            if let Some(path) = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) {
                let summary = github::step_summary(reporter, findings, &prefix);
                let mut file = std::fs::File::options()
                    .append(true)
                    .create(true)
                    .open(path)?;
                writeln!(file, "{summary}")?;
            }
            github::write(reporter, findings, &prefix, out)
        }
        Format::Gitlab => gitlab::write(reporter, findings, &prefix(), out),
        Format::Sarif => sarif::write(reporter, findings, &prefix(), out),
        Format::Junit => junit::write(reporter, findings, &prefix(), out),
    }
}

/// The files as they lie there.
fn opened(common: &Common) -> Option<(Loaded, Tree)> {
    Some((common.open()?, Tree::folder(&common.root)))
}

/// What git would commit; none, and said so, where it cannot tell.
fn staged(common: &Common) -> Option<(Loaded, Tree)> {
    match Git::open(&common.root).and_then(|git| git.staged()) {
        Ok(tree) => Some((load_tree(&tree, &common.options()), tree)),
        Err(error) => {
            let here = common.load().register;
            of_git(here.words(common.language(&here)), "", &error);
            None
        }
    }
}

/// Writes mended files, each in one step; false, and said so, when one of them
/// could not be written.
fn write_all(root: &Path, mended: &[Mended], words: &Words) -> bool {
    for file in mended {
        let path = root.join(&file.path);
        if let Err(error) = replace(&path, &file.before, &file.after) {
            let detail = error.to_string();
            complain(
                words,
                "cli.not-mended",
                &[("path", &file.path), ("detail", &detail)],
            );
            return false;
        }
    }
    if !mended.is_empty() {
        let fixes: usize = mended.iter().map(|file| file.fixes).sum();
        let values = [
            ("fixes", &*fixes.to_string()),
            ("files", &*mended.len().to_string()),
        ];
        eprintln!("{}", words.filled("cli.mended", &values));
    }
    true
}

/// Replaces a file's text, unless somebody else has changed it meanwhile.
pub(super) fn replace(path: &Path, before: &str, after: &str) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    if std::fs::read(&path)? != before.as_bytes() {
        return Err(std::io::ErrorKind::ResourceBusy.into());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(after.as_bytes())?;
    file.as_file()
        .set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
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
