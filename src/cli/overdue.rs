//! `taizhang overdue`: what is past its limit, for whoever looks every morning.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};

use super::Common;
use crate::display::{DateStyle, Display};
use crate::organisation::Subject;
use crate::outlook::{Obligation, Outlook, Status, Viewer};
use crate::report::markdown::escaped;
use crate::report::single_line;
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Exit with 1 only for what became overdue within the last so many hours (24h); the rest is listed
    #[arg(long, value_name = "TIME")]
    within: Option<SignedDuration>,
    /// As what
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines
    Human,
    /// A table, for the summary of a job or an issue
    Markdown,
}

/// What stands of an obligation in a line of the list.
struct Line {
    is_new: bool,
    cells: [String; 5],
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    // what is wrong with files is said by `check`
    let Some(register) = common.open().map(|loaded| loaded.register) else {
        return ExitCode::from(2);
    };
    let language = common.language(&register);
    let viewer = Viewer::of_files(&register.organisation);
    let outlook = Outlook::new(&register, common.as_of(&register), viewer);
    let display = Display::new(outlook.register, language, DateStyle::Table);
    let since: Option<Timestamp> = arguments
        .within
        .and_then(|length| outlook.as_of.checked_sub(length).ok());
    let mut overdue: Vec<&Obligation> = outlook
        .obligations
        .iter()
        .filter(|obligation| obligation.status == Status::Overdue)
        .collect();
    // what came last first: that is the news
    overdue.sort_by_key(|obligation| std::cmp::Reverse(obligation.due.instant));
    let lines: Vec<Line> = overdue
        .into_iter()
        .map(|obligation| {
            let record = &outlook.register.records[obligation.record];
            let words = display.words;
            let who = match obligation.escalated_to().and_then(|step| step.to) {
                Some(person) => {
                    let owed = name(&display, obligation);
                    let to = display.subject(Subject::Person(person));
                    words.filled("overdue.escalated", &[("who", &owed), ("to", to)])
                }
                None => name(&display, obligation),
            };
            Line {
                is_new: since.is_none_or(|since| obligation.due.instant > since),
                cells: [
                    display.due(&obligation.due),
                    record.id.value.to_string(),
                    record.title.value.to_string(),
                    display.duty(obligation),
                    who,
                ],
            }
        })
        .collect();
    print!("{}", text(&lines, arguments.format, display.words));
    ExitCode::from(u8::from(lines.iter().any(|line| line.is_new)))
}

fn name(display: &Display<'_>, obligation: &Obligation) -> String {
    match obligation.owed_by {
        Some(subject) => display.subject(subject).to_owned(),
        None => display.words.get("site.value.nobody").to_owned(),
    }
}

fn text(lines: &[Line], format: Format, words: &Words) -> String {
    let new = lines.iter().filter(|line| line.is_new).count().to_string();
    let all = lines.len().to_string();
    let summary = match lines.is_empty() {
        true => words.get("overdue.none").to_owned(),
        false => words.filled("overdue.summary", &[("count", &all), ("new", &new)]),
    };
    let mut out = String::new();
    match format {
        Format::Human => {
            for line in lines {
                let sign = if line.is_new { "! " } else { "  " };
                let cells = line.cells.each_ref().map(|cell| single_line(cell));
                out.push_str(&format!("{sign}{}\n", cells.join("  ")));
            }
            out.push_str(&format!("{summary}\n"));
        }
        Format::Markdown => {
            out.push_str(&format!(
                "### {}\n\n{summary}\n",
                words.get("overdue.title")
            ));
            if !lines.is_empty() {
                let heads = ["due", "number", "matter", "what", "who"];
                let heads = heads.map(|head| words.get(&format!("overdue.{head}")).to_owned());
                out.push_str(&format!(
                    "\n| {} |\n|---|---|---|---|---|\n",
                    heads.join(" | ")
                ));
            }
            for line in lines {
                let cells = line.cells.each_ref().map(|cell| match line.is_new {
                    true => format!("**{}**", escaped(cell)),
                    false => escaped(cell),
                });
                out.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
        }
    }
    out
}
