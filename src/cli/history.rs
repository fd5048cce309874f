//! `taizhang history`: who changed what and when, for reading, as CSV, as JSON.

use std::collections::BTreeSet;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Common;
use crate::calendar::Moment;
use crate::display::{DateStyle, Display};
use crate::exchange::atom::did_word;
use crate::exchange::audit::audit;
use crate::exchange::{csv, json};
use crate::history::Git;
use crate::organisation::Subject;
use crate::outlook::{Outlook, Viewer};
use crate::past::{Beginning, Extent, Past, Step, Telling, stays};
use crate::register::{Loaded, Register};
use crate::report::single_line;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The record; without it, all
    id: Option<String>,
    /// Only what is newer than a day (2026-05-01, that day included) or a revision
    #[arg(long, value_name = "REV|DATE")]
    since: Option<String>,
    /// As what
    #[arg(long, value_enum, default_value_t = Format::Plain)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For reading
    Plain,
    /// A line for each part that changed
    Csv,
    /// The same for programs
    Json,
}

/// Since when.
enum Since {
    Ever,
    Day(Timestamp),
    Commits(BTreeSet<String>),
}

impl Since {
    fn of(common: &Common, register: &Register, text: Option<&str>) -> Option<Since> {
        let Some(text) = text else {
            return Some(Since::Ever);
        };
        if let Ok(day) = text.parse::<Date>() {
            let zone = register.calendar.settings().time_zone.clone();
            return Some(Since::Day(day.to_zoned(zone).ok()?.timestamp()));
        }
        let newer = Git::open(&common.root).and_then(|git| git.newer_than(text));
        newer.ok().map(Since::Commits)
    }

    /// What is not committed yet is always newer.
    fn takes(&self, step: &Step<'_>) -> bool {
        match (self, step.commit) {
            (Since::Ever, _) | (_, None) => true,
            (Since::Day(day), Some(commit)) => commit.at >= *day,
            (Since::Commits(newer), Some(commit)) => newer.contains(&commit.id),
        }
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(Loaded { register, .. }) = common.open() else {
        return ExitCode::from(2);
    };
    let language = common.language(&register);
    let words = register.words(language);
    let refuse = |text: String| {
        eprintln!("{text}");
        ExitCode::from(2)
    };
    let only = match &arguments.id {
        None => None,
        Some(id) => match register.find(id) {
            Some(index) => Some(index),
            None => return refuse(words.filled("cli.history.unknown", &[("id", id)])),
        },
    };
    let Some(since) = Since::of(common, &register, arguments.since.as_deref()) else {
        let since = arguments.since.as_deref().unwrap_or_default();
        return refuse(words.filled("cli.history.since", &[("since", since)]));
    };
    let past = common.past(&register, words);
    match past.extent() {
        Extent::Nothing => eprintln!("{}", words.get("cli.history.no-git")),
        Extent::Part => eprintln!("{}", words.get("cli.history.shallow")),
        Extent::All => {}
    }
    // whoever runs this has the files
    let viewer = Viewer::of_files(&register.organisation);
    let outlook = Outlook::new(&register, common.as_of(&register), viewer);
    let display = Display::new(&register, language, DateStyle::Table);
    let text = match arguments.format {
        Format::Plain => Plain {
            outlook: &outlook,
            display,
            past: &past,
            since: &since,
        }
        .text(only)
        .into_bytes(),
        Format::Csv | Format::Json => {
            let number = only.map(|index| &*register.records[index].id.value);
            let table = audit(&outlook, language, &past, |about, step| {
                since.takes(step) && number.is_none_or(|number| number == about)
            });
            match arguments.format {
                Format::Csv => csv::csv(&display, &table),
                _ => json::json(&outlook, &display, &table.into()),
            }
        }
    };
    match std::io::Write::write_all(&mut std::io::stdout().lock(), &text) {
        // whoever reads may have read enough
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => refuse(error.to_string()),
        _ => ExitCode::SUCCESS,
    }
}

/// The changes for reading.
struct Plain<'a, 'r> {
    outlook: &'a Outlook<'r>,
    display: Display<'r>,
    past: &'a Past,
    since: &'a Since,
}

impl Plain<'_, '_> {
    fn text(&self, only: Option<usize>) -> String {
        let records = match only {
            Some(index) => vec![index],
            None => self.outlook.records.clone(),
        };
        let mut all: Vec<(usize, Step<'_>)> = Vec::new();
        let mut below = String::new();
        for index in records {
            let Some(timeline) = self.past.timeline(self.outlook, index) else {
                continue;
            };
            if only.is_some() {
                below = self.stays(index, &timeline);
            }
            let steps = timeline.steps.into_iter();
            all.extend(
                steps
                    .filter(|step| self.since.takes(step))
                    .map(|step| (index, step)),
            );
        }
        // newest first, and what is not committed yet before it
        all.sort_by_key(|(index, step)| {
            let commit = step
                .index
                .map(|change| self.past.log().changes[change].commit);
            (commit, *index)
        });
        let mut out: String = all
            .iter()
            .map(|(index, step)| self.step(*index, step))
            .collect();
        out.push_str(&below);
        out
    }

    fn step(&self, index: usize, step: &Step<'_>) -> String {
        let register = self.outlook.register;
        let record = &register.records[index];
        let words = self.display.words;
        let who = match (step.person, step.commit) {
            (Some(person), _) => self.display.subject(Subject::Person(person)).to_owned(),
            (None, Some(commit)) => commit.author.clone(),
            (None, None) => String::new(),
        };
        let when = step
            .commit
            .map(|commit| self.display.moment(Moment::Instant(commit.at)));
        let values = [
            ("when", &*when.unwrap_or_default()),
            ("who", &*who),
            ("commit", step.commit.map_or("", |commit| commit.short())),
            ("id", &*record.id.value),
            ("did", words.get(did_word(step.did))),
        ];
        let telling = Telling::new(self.display);
        let mut lines = vec![
            words
                .filled("cli.history.line", &values)
                .trim_start()
                .to_owned(),
        ];
        if let Some(note) = telling.note(step) {
            let note = words.filled("cli.history.note", &[("note", &note)]);
            lines.push(format!("    {note}"));
        }
        let kind = register.kind_of(record);
        let facts = telling.lines(kind, &record.id.value, &step.facts);
        lines.extend(facts.into_iter().map(|fact| format!("    {fact}")));
        lines.iter().map(|line| single_line(line) + "\n").collect()
    }

    /// How long the record stood in each state.
    fn stays(&self, index: usize, timeline: &crate::past::Timeline<'_>) -> String {
        let register = self.outlook.register;
        let kind = register.kind_of(&register.records[index]);
        let words = self.display.words;
        let telling = Telling::new(self.display);
        let until = self.outlook.as_of;
        let stays = stays(timeline, kind, &register.calendar, until);
        if stays.is_empty() {
            return String::new();
        }
        let mut out = format!("\n{}\n", words.get("cli.history.stays"));
        for stay in stays {
            let days = stay.working_days.map_or_else(String::new, |days| {
                let days = days.to_string();
                words.filled("site.past.working_days", &[("count", &days)])
            });
            let state = telling.state(kind, &stay.state);
            let time = telling.wall_time(stay.time);
            let values = [("state", &*state), ("days", &*days), ("time", &*time)];
            out.push_str("    ");
            out.push_str(&words.filled("cli.history.stay", &values));
            out.push('\n');
        }
        if timeline.beginning == Beginning::Beyond {
            out.push_str(words.get("cli.history.shallow"));
            out.push('\n');
        }
        out
    }
}
