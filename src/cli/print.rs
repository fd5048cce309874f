//! `taizhang print`: forms of records, filled or blank, as PDF or HTML files.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;

use super::Common;
use crate::finding::Finding;
use crate::outlook::{Outlook, Viewer};
use crate::print::Provenance;
use crate::print::typeset::{Engine, Pool, PoolSettings, TypesetError, TypstProgram};
use crate::print::{
    Batch, Papers, Printed, Sheet, Sheets, Shelf, ShelfIndex, finding_of_page, finding_of_template,
    findings_of, without_repeats,
};
use crate::register::Register;
use crate::report::{Reporter, terminal};
use crate::text::Language;
use crate::words::Words;

mod records;
mod registers;

/// What each paper of a bound PDF may take on top of what one may.
const TIME_A_PAPER: Duration = Duration::from_millis(500);
const MEMORY_A_PAPER: u64 = 4 << 20;
const INPUT_A_PAPER: usize = 1 << 20;
/// How often a terminal is told that a document is still being set.
const TICK: Duration = Duration::from_millis(120);
/// What PDFs in a folder were set from: they are not set twice.
const INDEX: &str = ".taizhang.json";

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Records to print, by number
    #[arg(value_name = "ID")]
    records: Vec<String>,
    /// Only this form, by its name or an unambiguous beginning of it; printed
    /// as a draft where the record has not come so far
    #[arg(long)]
    form: Option<String>,
    /// Records of this kind of matter
    #[arg(long, value_name = "KIND", conflicts_with = "blank")]
    kind: Option<String>,
    /// Records whose files changed since this commit, branch or tag; what is
    /// not committed counts
    #[arg(long, value_name = "REV", conflicts_with = "blank")]
    changed_since: Option<String>,
    /// Records of this person: those they answer for, themselves or as head of
    /// the department, signed, or still owe something in; with --register,
    /// only the paper of this person
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// Blank forms of this kind of matter, or this register paper, to be
    /// filled in by hand; `all` for every one
    #[arg(long, value_name = "NAME")]
    blank: Option<String>,
    /// A register paper, gathered from many records, by its name; `all` for
    /// every one
    #[arg(long, value_name = "NAME")]
    register: Option<String>,
    /// Of a register paper only that of this party
    #[arg(long, value_name = "PARTY", requires = "register")]
    party: Option<String>,
    /// Of a register paper only that of this department
    #[arg(long, value_name = "DEPARTMENT", requires = "register")]
    department: Option<String>,
    /// Of a register paper only that of this project
    #[arg(long, value_name = "PROJECT", requires = "register")]
    project: Option<String>,
    /// Of a register paper only that of this year
    #[arg(long, value_name = "YEAR", requires = "register")]
    year: Option<i16>,
    /// Whom papers are for: internal, public:PARTY or confidential:GROUP;
    /// without it they are for the company, and those of a confidential record
    /// for whoever may see that; no other confidential one is named on them
    #[arg(long)]
    audience: Option<String>,
    /// Every form of every record, and every register paper
    #[arg(long, conflicts_with = "records")]
    all: bool,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Pdf)]
    format: Format,
    /// Folder for the files; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "forms")]
    out: PathBuf,
    /// All papers bound in this one PDF instead, with an outline and pages
    /// numbered throughout
    #[arg(long, value_name = "FILE.pdf", conflicts_with_all = ["out", "format"])]
    bound: Option<PathBuf>,
    /// Set with this Typst instead of the one inside; 0.14 or later
    #[arg(long, value_name = "PATH")]
    typst: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// PDF/A-3a, for paper and archive
    Pdf,
    /// A page with a print style, for the browser
    Html,
}

/// One run of the command.
struct Run<'a> {
    common: &'a Common,
    arguments: &'a Arguments,
    /// All of it, for names on the command line and places of findings.
    whole: &'a Register,
    /// As whom the papers are for may know it.
    register: &'a Register,
    language: Language,
    words: &'a Words,
    papers: &'a Papers,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(mut register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let provenance = common.confirmed(&mut register, None);
    match print(&register, &provenance, common, arguments) {
        Ok(status) => status,
        Err(messages) => {
            for message in messages {
                eprintln!("{message}");
            }
            ExitCode::from(2)
        }
    }
}

fn print(
    register: &Register,
    provenance: &Provenance,
    common: &Common,
    arguments: &Arguments,
) -> Result<ExitCode, Vec<String>> {
    let language = common.language(register);
    let words = register.words(language);
    let papers = Papers::new(register);
    let viewer = viewer(register, arguments, words)?;
    let outlook = Outlook::new(register, common.as_of(register), viewer);
    let run = Run {
        common,
        arguments,
        whole: register,
        register: outlook.register,
        language,
        words,
        papers: &papers,
    };
    let engine = run.engine(PoolSettings::default())?;
    let program = engine.edition();
    let made = Sheets {
        outlook: &outlook,
        provenance,
        language,
        for_viewer: arguments.audience.is_some(),
        papers: &papers,
        program: &program,
    };
    let mut sheets = records::chosen(&run, &made)?;
    let company = match arguments.audience {
        None if arguments.register.is_some() || arguments.all => Some(Outlook::new(
            register,
            common.as_of(register),
            Viewer::Internal,
        )),
        _ => None,
    };
    let made = Sheets {
        outlook: company.as_ref().unwrap_or(&outlook),
        ..made
    };
    sheets.extend(registers::chosen(&run, &made)?);
    tell_apart(&mut sheets);
    if let Some(file) = &arguments.bound {
        return run.bind(&sheets, file);
    }
    std::fs::create_dir_all(&arguments.out)
        .map_err(|error| vec![run.not_written(&arguments.out, &error)])?;
    let progress = progress(sheets.len(), &words.filled("print.command.printing", &[]));
    let outcomes = match arguments.format {
        Format::Pdf => run.pdf(&sheets, &*engine, &progress)?,
        Format::Html => run.html(&sheets, &progress)?,
    };
    progress.finish_and_clear();
    run.tell(outcomes)
}

/// Why a file was not written.
enum Trouble {
    /// The paper cannot be set.
    Findings(Vec<Finding>),
    /// The disk or a template.
    Message(String),
}

/// A file, and whether it was there already.
type Outcome = Result<(PathBuf, bool), Trouble>;

/// Whom the papers are for; without a word, whoever prints them.
fn viewer(
    register: &Register,
    arguments: &Arguments,
    words: &Words,
) -> Result<Viewer, Vec<String>> {
    let Some(name) = &arguments.audience else {
        return Ok(Viewer::Repository);
    };
    Viewer::parse(name, &register.organisation, &register.settings)
        .ok_or_else(|| vec![words.filled("cli.unknown-audience", &[("name", name.as_str())])])
}

impl Run<'_> {
    /// What sets papers.
    fn engine(&self, settings: PoolSettings) -> Result<Box<dyn Engine>, Vec<String>> {
        let Some(program) = &self.arguments.typst else {
            return Ok(Box::new(Pool::new(settings)));
        };
        match TypstProgram::new(program, settings) {
            Ok(typst) => Ok(Box::new(typst)),
            Err(TypesetError::NotStarted { reason } | TypesetError::NotAWorker { reason }) => {
                let values = [("detail", reason.as_str())];
                Err(vec![self.words.filled("print.command.no_typst", &values)])
            }
            Err(other) => Err(vec![format!("{other:?}")]),
        }
    }

    fn pdf(
        &self,
        sheets: &[Sheet<'_>],
        engine: &dyn Engine,
        progress: &ProgressBar,
    ) -> Result<Vec<Outcome>, Vec<String>> {
        let out = &self.arguments.out;
        let shelf = Shelf::open(out, INDEX);
        let batch = Batch {
            papers: self.papers,
            engine,
            shelf: &shelf,
        };
        let outcomes: Vec<Mutex<Option<Outcome>>> =
            sheets.iter().map(|_| Mutex::new(None)).collect();
        let all: Vec<&Sheet<'_>> = sheets.iter().collect();
        let name = |sheet: &Sheet<'_>| format!("{}.pdf", sheet.view.file_name);
        let new = batch.print(&all, &name, &|at, result| {
            let sheet = &sheets[at];
            let path = out.join(name(sheet));
            let outcome = match result {
                Ok(Printed::Kept(_)) => Ok((path, true)),
                Ok(Printed::Set(pdf)) => self.write(path, &pdf),
                Err(error) => Err(Trouble::Findings(findings_of(
                    self.register,
                    &sheet.view,
                    sheet.place,
                    &error,
                ))),
            };
            if let Ok(mut place) = outcomes[at].lock() {
                *place = Some(outcome);
            }
            progress.inc(1);
        });
        self.remember(&shelf, new, out)?;
        Ok(outcomes
            .into_iter()
            .filter_map(|outcome| outcome.into_inner().ok().flatten())
            .collect())
    }

    /// All papers in one file.
    fn bind(&self, sheets: &[Sheet<'_>], file: &Path) -> Result<ExitCode, Vec<String>> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let Some(name) = file.file_name().map(|name| name.to_string_lossy()) else {
            let values = [("path", "."), ("detail", "")];
            return Err(vec![
                self.words.filled("print.command.not_written", &values),
            ]);
        };
        std::fs::create_dir_all(folder).map_err(|error| vec![self.not_written(folder, &error)])?;
        let settings = PoolSettings::default();
        // a book takes as long as its papers, and more memory than any of them
        let count = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
        let engine = self.engine(PoolSettings {
            workers: 1,
            time_limit: settings.time_limit + TIME_A_PAPER.saturating_mul(count),
            memory_limit: settings.memory_limit + u64::from(count) * MEMORY_A_PAPER,
            input_limit: settings.input_limit + sheets.len() * INPUT_A_PAPER,
            ..settings
        })?;
        let shelf = Shelf::open(folder, INDEX);
        let batch = Batch {
            papers: self.papers,
            engine: &*engine,
            shelf: &shelf,
        };
        let count = sheets.len().to_string();
        let values = [("count", count.as_str())];
        let title = self.words.filled("print.paper.bound", &values);
        let mut outcomes = Vec::new();
        let waiting = waiting(&self.words.filled("print.command.binding", &values));
        let bound = batch.bind(sheets, &title, &name, &mut |sheet, error| {
            let findings = findings_of(self.register, &sheet.view, sheet.place, error);
            outcomes.push(Err(Trouble::Findings(findings)));
        });
        waiting.finish_and_clear();
        match (bound, sheets.first()) {
            (Ok((Printed::Kept(_), _)), _) => outcomes.push(Ok((file.to_owned(), true))),
            (Ok((Printed::Set(pdf), index)), _) => {
                outcomes.push(self.write(file.to_owned(), &pdf));
                self.remember(&shelf, index, folder)?;
            }
            // of no paper at all nothing can be bound, and nothing is wrong
            (Err(_), None) => {}
            (Err(error), Some(first)) => {
                if outcomes.len() < sheets.len() {
                    let findings = findings_of(self.register, &first.view, first.place, &error);
                    outcomes.push(Err(Trouble::Findings(findings)));
                }
            }
        }
        self.tell(outcomes)
    }

    /// Keeps what is known of the files in a folder.
    fn remember(&self, shelf: &Shelf, new: ShelfIndex, folder: &Path) -> Result<(), Vec<String>> {
        let mut index = shelf.index();
        index.extend(new);
        let path = folder.join(INDEX);
        let text = serde_json::to_vec_pretty(&index).unwrap_or_default();
        std::fs::write(&path, text).map_err(|error| vec![self.not_written(&path, &error)])
    }

    fn html(
        &self,
        sheets: &[Sheet<'_>],
        progress: &ProgressBar,
    ) -> Result<Vec<Outcome>, Vec<String>> {
        let path = self.arguments.out.join("print.css");
        let style = match self.papers.style_sheet(self.words, self.language) {
            Ok(style) => std::fs::write(&path, style)
                .map(|()| None)
                .map_err(|error| vec![self.not_written(&path, &error)])?,
            Err(error) => {
                let finding = finding_of_template(self.register, &error);
                Some(Err(Trouble::Findings(vec![finding])))
            }
        };
        let pages: Vec<Outcome> = sheets
            .par_iter()
            .map(|sheet| {
                let page = self
                    .papers
                    .html(&sheet.view, "print.css")
                    .map_err(|error| {
                        let (view, place) = (&sheet.view, sheet.place);
                        let finding = finding_of_page(self.register, view, place, &error);
                        Trouble::Findings(vec![finding])
                    })?;
                let name = format!("{}.html", sheet.view.file_name);
                let outcome = self.write(self.arguments.out.join(name), page.as_bytes());
                progress.inc(1);
                outcome
            })
            .collect();
        Ok(pages.into_iter().chain(style).collect())
    }

    fn write(&self, path: PathBuf, bytes: &[u8]) -> Outcome {
        match std::fs::write(&path, bytes) {
            Ok(()) => Ok((path, false)),
            Err(error) => Err(Trouble::Message(self.not_written(&path, &error))),
        }
    }

    fn not_written(&self, path: &Path, error: &std::io::Error) -> String {
        let path = path.display().to_string();
        let detail = error.to_string();
        let values = [("path", path.as_str()), ("detail", detail.as_str())];
        self.words.filled("print.command.not_written", &values)
    }

    /// The files on stdout; what went wrong, and how many there are, on stderr.
    fn tell(&self, outcomes: Vec<Outcome>) -> Result<ExitCode, Vec<String>> {
        let reporter = Reporter::new(self.whole, self.language);
        let style = super::style(&std::io::stderr());
        let (mut new, mut kept) = (0, 0);
        let mut failed = 0;
        let mut messages = Vec::new();
        let mut found = self.papers.findings().to_vec();
        for outcome in outcomes {
            match outcome {
                Ok((path, was_there)) => {
                    *(if was_there { &mut kept } else { &mut new }) += 1;
                    println!("{}", path.display());
                }
                Err(Trouble::Findings(findings)) => {
                    failed += 1;
                    found.extend(findings);
                }
                Err(Trouble::Message(message)) => messages.push(message),
            }
        }
        for finding in &without_repeats(found) {
            eprintln!("{}", terminal::finding(&reporter, finding, style));
        }
        if !messages.is_empty() {
            messages.dedup();
            return Err(messages);
        }
        let counts = [new, kept, failed].map(|count: usize| count.to_string());
        let values = [
            ("new", counts[0].as_str()),
            ("kept", counts[1].as_str()),
            ("failed", counts[2].as_str()),
        ];
        let name = match failed {
            0 => "print.command.printed",
            _ => "print.command.printed_some",
        };
        eprintln!("{}", self.words.filled(name, &values));
        Ok(ExitCode::from(u8::from(failed > 0)))
    }
}

/// Numbers that differ only in what a file name cannot hold would be one file.
fn tell_apart(sheets: &mut [Sheet<'_>]) {
    let mut taken = HashSet::new();
    for sheet in sheets {
        let name = sheet.view.file_name.clone();
        let mut next = 2;
        while !taken.insert(sheet.view.file_name.to_lowercase()) {
            sheet.view.file_name = format!("{name}-{next}");
            next += 1;
        }
    }
}

/// Where progress is shown: on a terminal only.
fn terminal_only() -> ProgressDrawTarget {
    if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// Shows that one document is being set, and since when: how far it is only the
/// typesetter knows.
fn waiting(words: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, terminal_only());
    bar.enable_steady_tick(TICK);
    match ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        Ok(style) => bar.with_style(style).with_message(words.to_owned()),
        Err(_) => bar,
    }
}

fn progress(count: usize, words: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(count as u64), terminal_only());
    let line = words.replace("{done}", "{pos}").replace("{count}", "{len}");
    match ProgressStyle::with_template(&format!("{line} {{wide_bar}} {{eta}}")) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
