//! `taizhang verify`: which record a paper was printed from, and whether it
//! still holds.

use std::path::PathBuf;
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use super::Common;
use crate::calendar::Moment;
use crate::history::Git;
use crate::print::typeset::{Pool, PoolSettings};
use crate::print::verify::{
    LastChange, Pages, RecordNow, Source, Unverifiable, Verified, Verifier,
};
use crate::print::{Difference, PaperOf, Papers};
use crate::register::Register;
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// PDFs that taizhang printed
    #[arg(value_name = "FILE.pdf", required = true)]
    files: Vec<PathBuf>,
    /// How to say it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Do not take papers whose pages cannot be compared: those of another
    /// version of the program or of other templates
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// So many files are held in memory at once.
const AT_ONCE: usize = 64;

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(mut register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let provenance = common.confirmed(&mut register, None);
    let language = common.language(&register);
    let words = register.words(language);
    let papers = Papers::new(&register);
    let git = Git::open(&common.root).ok();
    let file_at = |commit: &str, path: &str| {
        let git = git.as_ref()?;
        git.file_at(commit, path).ok().flatten()
    };
    let verifier = Verifier {
        register: &register,
        provenance: &provenance,
        papers: &papers,
        engine: &Pool::new(PoolSettings::default()),
        as_of: common.as_of(&register),
        file_at: &file_at,
    };
    let told = Told {
        register: &register,
        words,
    };
    let (mut hold, mut unreadable) = (true, false);
    let mut all = Vec::new();
    for files in arguments.files.chunks(AT_ONCE) {
        let mut pdfs = Vec::new();
        let mut read = Vec::new();
        for file in files {
            match std::fs::read(file) {
                Ok(bytes) => {
                    pdfs.push(bytes);
                    read.push(file);
                }
                Err(error) => {
                    unreadable = true;
                    let path = file.display().to_string();
                    let detail = error.to_string();
                    let values = [("path", path.as_str()), ("detail", detail.as_str())];
                    eprintln!("{}", words.filled("verify.unreadable", &values));
                }
            }
        }
        for (file, result) in read.into_iter().zip(verifier.verify(&pdfs)) {
            let path = file.display().to_string();
            let held = |paper: &Verified| {
                paper.holds() && (!arguments.strict || paper.pages == Pages::Confirmed)
            };
            let holds = result.as_ref().is_ok_and(|papers| papers.iter().all(held));
            hold &= holds;
            match arguments.format {
                Format::Human => print!("{}", told.human(&path, &result, holds)),
                Format::Json => all.push(match result {
                    Ok(papers) => json!({"file": path, "holds": holds, "papers": papers}),
                    Err(why) => json!({"file": path, "holds": false, "problem": why}),
                }),
            }
        }
    }
    if arguments.format == Format::Json {
        println!("{:#}", serde_json::Value::Array(all));
    }
    match (unreadable, hold) {
        (true, _) => ExitCode::from(2),
        (false, true) => ExitCode::SUCCESS,
        (false, false) => ExitCode::from(1),
    }
}

/// What was found, in words.
struct Told<'a> {
    register: &'a Register,
    words: &'a Words,
}

impl Told<'_> {
    fn human(
        &self,
        path: &str,
        result: &Result<Vec<Verified>, Unverifiable>,
        holds: bool,
    ) -> String {
        let papers = match result {
            Ok(papers) => papers,
            Err(why) => {
                let why = self
                    .words
                    .get(&format!("verify.problem.{}", why.name()))
                    .to_owned();
                return self.line("verify.not_verified", &[("file", path), ("why", &why)]);
            }
        };
        let verdict = match holds {
            true => "verify.holds",
            false => "verify.does_not_hold",
        };
        let mut text = self.line(verdict, &[("file", path)]);
        for paper in papers {
            self.paper(paper, &mut text);
        }
        if let Some(first) = papers.first() {
            let program = ("program", first.origin.program.as_str());
            text.push_str(&match first.pages {
                Pages::Confirmed => self.line("verify.pages_confirmed", &[]),
                Pages::Unknown => self.line("verify.pages_unknown", &[program]),
                Pages::Differ => self.line("verify.pages_differ", &[]),
            });
        }
        text
    }

    fn paper(&self, verified: &Verified, text: &mut String) {
        text.push_str(&self.of(verified));
        text.push_str(&self.record(&verified.record));
        if verified.source == Source::Differs {
            text.push_str(&self.line("verify.source_differs", &[]));
        }
        match &verified.differences {
            Some(differences) if differences.is_empty() => {
                text.push_str(&self.line("verify.same", &[]));
            }
            Some(differences) => {
                text.push_str(&self.line("verify.differs", &[]));
                for difference in differences {
                    text.push_str(&self.difference(difference));
                }
            }
            None => {}
        }
    }

    /// What paper it is, and of which version.
    fn of(&self, verified: &Verified) -> String {
        let language = format!("verify.language.{}", verified.origin.language);
        let language = self.words.get(&language).to_owned();
        let title = ("title", verified.title.as_str());
        let language = ("language", language.as_str());
        match &verified.origin.of {
            PaperOf::Record {
                record,
                path,
                commit,
                author,
                committed_at,
                edited,
                ..
            } => {
                let row = [("number", record.as_str()), ("path", path), title, language];
                let mut text = self.line("verify.of_record", &row);
                if let (Some(commit), Some(at)) = (commit, committed_at) {
                    let change = LastChange {
                        id: commit.clone(),
                        author: author.clone().unwrap_or_default(),
                        at: *at,
                    };
                    let name = match edited {
                        true => "verify.version_edited",
                        false => "verify.version",
                    };
                    text.push_str(&self.change(name, &change));
                }
                text
            }
            PaperOf::Register { as_of, .. } => {
                let day = self.day(*as_of);
                self.line("verify.of_register", &[title, language, ("day", &day)])
            }
            PaperOf::Blank { .. } => self.line("verify.of_blank", &[title, language]),
        }
    }

    fn record(&self, record: &RecordNow) -> String {
        match record {
            RecordNow::None => String::new(),
            RecordNow::Unchanged => self.line("verify.record.unchanged", &[]),
            RecordNow::Changed {
                commit: Some(commit),
                edited: false,
            } => self.change("verify.record.changed_in", commit),
            RecordNow::Changed { edited: true, .. } => self.line("verify.record.changed_now", &[]),
            RecordNow::Changed { .. } => self.line("verify.record.changed", &[]),
            RecordNow::Renumbered { number } => {
                self.line("verify.record.renumbered", &[("number", number)])
            }
            RecordNow::Gone {
                commit: Some(commit),
            } => self.change("verify.record.gone_in", commit),
            RecordNow::Gone { commit: None } => self.line("verify.record.gone", &[]),
            RecordNow::Withdrawn => self.line("verify.record.withdrawn", &[]),
        }
    }

    fn change(&self, name: &str, change: &LastChange) -> String {
        let day = self.day(change.at);
        let author = match change.author.is_empty() {
            true => String::new(),
            false => self
                .words
                .filled("verify.author", &[("name", &change.author)]),
        };
        let short = change.id.get(..9).unwrap_or(&change.id);
        let values = [("version", short), ("day", &day), ("author", &author)];
        self.line(name, &values)
    }

    fn difference(&self, difference: &Difference) -> String {
        let nothing = self.words.get("verify.nothing");
        let mut label = difference.label.clone();
        if label.is_empty() {
            label = self.words.get("verify.unlabelled").to_owned();
        }
        if let Some(row) = difference.row {
            let row = row.to_string();
            let values = [("label", label.as_str()), ("row", row.as_str())];
            label = self.words.filled("verify.row", &values);
        }
        let values = [
            ("label", label.as_str()),
            ("was", difference.was.as_deref().unwrap_or(nothing)),
            ("now", difference.now.as_deref().unwrap_or(nothing)),
        ];
        self.line("verify.difference", &values)
    }

    fn day(&self, at: Timestamp) -> String {
        let date = self.register.calendar.date(Moment::Instant(at));
        date.to_string()
    }

    fn line(&self, name: &str, values: &[(&str, &str)]) -> String {
        let mut line = self.words.filled(name, values);
        line.push('\n');
        line
    }
}
