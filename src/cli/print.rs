//! `taizhang print`: forms of records, filled or blank, as PDF or HTML files.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;
use rayon::prelude::*;

use super::Common;
use crate::definition::Kind;
use crate::definition::form::Form;
use crate::finding::{Finding, Place, Span};
use crate::print::typeset::{Engine, Pool, PoolSettings};
use crate::print::{
    Filling, FormView, Papers, findings_of, forms_of, forms_of_kind, papers_of, view,
};
use crate::register::Register;
use crate::report::{Reporter, terminal};
use crate::text::Language;

mod registers;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Records to print, by number
    #[arg(value_name = "ID")]
    records: Vec<String>,
    /// Only this form, by its name or an unambiguous beginning of it; printed
    /// as a draft where the record has not come so far
    #[arg(long)]
    form: Option<String>,
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
    /// Of a register paper only that of this person
    #[arg(long, value_name = "PERSON", requires = "register")]
    person: Option<String>,
    /// Of a register paper only that of this project
    #[arg(long, value_name = "PROJECT", requires = "register")]
    project: Option<String>,
    /// Of a register paper only that of this year
    #[arg(long, value_name = "YEAR", requires = "register")]
    year: Option<i16>,
    /// Whom register papers are for: internal, public:PARTY or
    /// confidential:GROUP
    #[arg(long, default_value = "internal")]
    audience: String,
    /// Every form of every record, and every register paper
    #[arg(long, conflicts_with = "records")]
    all: bool,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Pdf)]
    format: Format,
    /// Folder for the files; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "forms")]
    out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// PDF/A-3a, for paper and archive
    Pdf,
    /// A page with a print style, for the browser
    Html,
}

/// A paper with the place that findings about it point at.
struct Sheet {
    view: FormView,
    place: Place,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let language = common.language(&register);
    match print(&register, language, common, arguments) {
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
    language: Language,
    common: &Common,
    arguments: &Arguments,
) -> Result<ExitCode, Vec<String>> {
    let mut sheets = chosen(register, language, arguments)?;
    sheets.extend(registers::chosen(register, language, common, arguments)?);
    tell_apart(&mut sheets);
    let words = register.words(language);
    let wrong_template = |error: crate::print::PaperError| {
        vec![words.filled("print.command.template", &[("detail", &error.message)])]
    };
    let papers = Papers::new(&register.templates).map_err(wrong_template)?;
    std::fs::create_dir_all(&arguments.out)
        .map_err(|error| vec![not_written(register, language, &arguments.out, &error)])?;
    let progress = progress(sheets.len(), &words.filled("print.command.printing", &[]));
    let results = match arguments.format {
        Format::Pdf => {
            let today = today(register, common);
            pdf(
                register,
                language,
                &papers,
                &sheets,
                today,
                &arguments.out,
                &progress,
            )
        }
        Format::Html => {
            let style = papers
                .style_sheet(words, language)
                .map_err(wrong_template)?;
            let path = arguments.out.join("print.css");
            std::fs::write(&path, style)
                .map_err(|error| vec![not_written(register, language, &path, &error)])?;
            html(
                register,
                language,
                &papers,
                &sheets,
                &arguments.out,
                &progress,
            )
        }
    };
    progress.finish_and_clear();
    let reporter = Reporter::new(register, language);
    let style = super::style(&std::io::stderr());
    let mut failed = false;
    let mut messages = Vec::new();
    for result in results {
        match result {
            Ok(path) => println!("{}", path.display()),
            Err(Trouble::Findings(findings)) => {
                failed = true;
                for finding in &findings {
                    eprintln!("{}", terminal::finding(&reporter, finding, style));
                }
            }
            Err(Trouble::Message(message)) => messages.push(message),
        }
    }
    if !messages.is_empty() {
        return Err(messages);
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// Why a file was not written.
enum Trouble {
    /// The paper cannot be set.
    Findings(Vec<Finding>),
    /// The disk or a template.
    Message(String),
}

type Outcome = Result<PathBuf, Trouble>;

fn pdf(
    register: &Register,
    language: Language,
    papers: &Papers,
    sheets: &[Sheet],
    today: Date,
    out: &Path,
    progress: &ProgressBar,
) -> Vec<Outcome> {
    let jobs: Vec<_> = sheets
        .iter()
        .map(|sheet| papers.job(&sheet.view, today))
        .collect();
    let outcomes: Vec<Mutex<Option<Outcome>>> = sheets.iter().map(|_| Mutex::new(None)).collect();
    Pool::new(PoolSettings::default()).typeset_each(&jobs, &|index, result| {
        let sheet = &sheets[index];
        let outcome = match result {
            Ok(document) => {
                let path = out.join(format!("{}.pdf", sheet.view.file_name));
                write(register, language, path, &document.pdf)
            }
            Err(error) => Err(Trouble::Findings(findings_of(
                &sheet.view,
                sheet.place,
                &error,
            ))),
        };
        if let Ok(mut place) = outcomes[index].lock() {
            *place = Some(outcome);
        }
        progress.inc(1);
    });
    outcomes
        .into_iter()
        .filter_map(|outcome| outcome.into_inner().ok().flatten())
        .collect()
}

fn html(
    register: &Register,
    language: Language,
    papers: &Papers,
    sheets: &[Sheet],
    out: &Path,
    progress: &ProgressBar,
) -> Vec<Outcome> {
    sheets
        .par_iter()
        .map(|sheet| {
            let page = papers.html(&sheet.view, "print.css").map_err(|error| {
                let values = [("detail", error.message.as_str())];
                let words = register.words(language);
                Trouble::Message(words.filled("print.command.template", &values))
            })?;
            let path = out.join(format!("{}.html", sheet.view.file_name));
            let outcome = write(register, language, path, page.as_bytes());
            progress.inc(1);
            outcome
        })
        .collect()
}

fn write(register: &Register, language: Language, path: PathBuf, bytes: &[u8]) -> Outcome {
    match std::fs::write(&path, bytes) {
        Ok(()) => Ok(path),
        Err(error) => Err(Trouble::Message(not_written(
            register, language, &path, &error,
        ))),
    }
}

fn not_written(
    register: &Register,
    language: Language,
    path: &Path,
    error: &std::io::Error,
) -> String {
    let path = path.display().to_string();
    let detail = error.to_string();
    register.words(language).filled(
        "print.command.not_written",
        &[("path", &path), ("detail", &detail)],
    )
}

/// What the command line asks for.
fn chosen(
    register: &Register,
    language: Language,
    arguments: &Arguments,
) -> Result<Vec<Sheet>, Vec<String>> {
    let words = register.words(language);
    let mut sheets = Vec::new();
    let mut wrong = Vec::new();
    let mut records: Vec<usize> = Vec::new();
    if arguments.all {
        records.extend(0..register.records.len());
    }
    for id in &arguments.records {
        match register.find(id) {
            Some(index) => records.push(index),
            None => wrong.push(words.filled("print.command.unknown_record", &[("name", id)])),
        }
    }
    let mut unknown_form = Vec::new();
    let mut found_form = false;
    for index in records {
        let record = &register.records[index];
        let kind = register.kind_of(record);
        let papers = match &arguments.form {
            None => forms_of(register, record),
            Some(name) => match form_named(register, language, kind, name) {
                Ok(form) => {
                    found_form = true;
                    // of all records only those that have come so far
                    let offered = forms_of(register, record);
                    match arguments.all {
                        true => offered
                            .into_iter()
                            .filter(|paper| paper.form.id == form.id)
                            .collect(),
                        false => papers_of(kind, form, record),
                    }
                }
                Err(message) => {
                    unknown_form.push(message);
                    continue;
                }
            },
        };
        if papers.is_empty() && !arguments.all {
            let values = [("name", &*record.id.value)];
            eprintln!("{}", words.filled("print.command.no_forms", &values));
        }
        sheets.extend(papers.into_iter().map(|paper| Sheet {
            view: paper.view(register, language),
            place: record.place(record.id.span),
        }));
    }
    if let Some(name) = &arguments.blank {
        let kinds: Vec<&Kind> = match name.as_str() {
            "all" => register.kinds.iter().collect(),
            name => register.kind(name).into_iter().collect(),
        };
        let is_register = register.register_paper(name).is_some();
        if kinds.is_empty() && !is_register {
            let papers = register.register_papers.iter().map(|paper| &*paper.id);
            let kinds = register.kinds.iter().map(|kind| &*kind.id);
            let known: Vec<&str> = kinds.chain(papers).collect();
            let values = [("name", name.as_str()), ("known", &known.join(", "))];
            wrong.push(words.filled("print.command.unknown_kind", &values));
        }
        for kind in kinds {
            let forms: Vec<&Form> = match &arguments.form {
                None => forms_of_kind(register, kind).collect(),
                Some(name) => match form_named(register, language, kind, name) {
                    Ok(form) => {
                        found_form = true;
                        vec![form]
                    }
                    Err(message) => {
                        unknown_form.push(message);
                        continue;
                    }
                },
            };
            sheets.extend(forms.into_iter().map(|form| Sheet {
                view: view(register, kind, form, Filling::Blank, language),
                place: Place {
                    file: kind.file,
                    span: Span::default(),
                },
            }));
        }
    }
    // of several kinds it is enough that one has the form
    if !found_form {
        unknown_form.dedup();
        wrong.append(&mut unknown_form);
    }
    let nothing = arguments.records.is_empty()
        && !arguments.all
        && arguments.blank.is_none()
        && arguments.register.is_none();
    if nothing {
        wrong.push(words.get("print.command.which").to_owned());
    }
    if wrong.is_empty() {
        Ok(sheets)
    } else {
        Err(wrong)
    }
}

/// The form of that name, or the only one whose name begins so.
fn form_named<'k>(
    register: &Register,
    language: Language,
    kind: &'k Kind,
    name: &str,
) -> Result<&'k Form, String> {
    if let Some(form) = kind.form(name) {
        return Ok(form);
    }
    let begun: Vec<&Form> = kind
        .forms
        .iter()
        .filter(|form| !name.is_empty() && form.id.starts_with(name))
        .collect();
    let list = |forms: &[&Form]| {
        let names: Vec<&str> = forms.iter().map(|form| &*form.id).collect();
        names.join(", ")
    };
    let words = register.words(language);
    match begun.as_slice() {
        [only] => Ok(only),
        [] => {
            let known = list(&kind.forms.iter().collect::<Vec<_>>());
            let values = [("name", name), ("known", &known)];
            Err(words.filled("print.command.unknown_form", &values))
        }
        several => {
            let known = list(several);
            let values = [("name", name), ("known", &known)];
            Err(words.filled("print.command.ambiguous_form", &values))
        }
    }
}

/// Numbers that differ only in what a file name cannot hold would be one file.
fn tell_apart(sheets: &mut [Sheet]) {
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

/// The day that PDFs are dated: that of `--as-of`, of the settings, or today.
fn today(register: &Register, common: &Common) -> Date {
    register.calendar.local(common.as_of(register)).date()
}

fn progress(count: usize, words: &str) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(count as u64), target);
    let line = words.replace("{done}", "{pos}").replace("{count}", "{len}");
    match ProgressStyle::with_template(&format!("{line} {{wide_bar}} {{eta}}")) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
