//! `taizhang calendar add START LENGTH`: what day that is, and how it is counted.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

use super::Common;
use super::complaint::complain;
use crate::calendar::{
    Calendar, CalendarError, DayKind, Due, Length, LengthError, Moment, Role, Step, Unit,
};
use crate::finding::Finding;
use crate::register::Register;
use crate::report::Reporter;
use crate::report::terminal::{self, Style};
use crate::source::guess_date;
use crate::text::Language;
use crate::words::Words;

/// Of a long count so many days are listed at its start, and half as many at its end.
const LISTED: usize = 20;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// The day on which a limit ends
    Add(Add),
}

#[derive(clap::Args)]
pub(super) struct Add {
    /// Where the limit starts: 2026-02-12, 2026-02-12T09:30:00+08:00, today or now
    start: String,
    /// How long it is: 2wd, -2wd, 3d, 1mo, 24h, 4wh, "17:00 today", "end of this week"
    #[arg(allow_hyphen_values = true)]
    length: String,
    /// List the days that are counted
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(common: &Common, Command::Add(arguments): &Command) -> ExitCode {
    let loaded = common.load();
    let register = loaded.register;
    let language = common.language(&register);
    let words = register.words(language);
    if !common.root.is_dir() {
        let path = common.root.display().to_string();
        complain(words, "cli.no-root", &[("path", &path)]);
        return ExitCode::from(2);
    }
    warn_of_settings(&register, &loaded.findings, language, &common.root);
    let calendar = &register.calendar;
    let now = || common.as_of(&register);
    let Some(start) = read_start(&arguments.start, calendar, now) else {
        let text = arguments.start.as_str();
        match guess_date(text, None) {
            Some(date) => {
                let near = date.to_string();
                complain(
                    words,
                    "calendar.bad-start-near",
                    &[("text", text), ("near", &near)],
                );
            }
            None => complain(words, "calendar.bad-start", &[("text", text)]),
        }
        return ExitCode::from(2);
    };
    let length = match arguments.length.parse::<Length>() {
        Ok(length) => length,
        Err(error) => {
            complain_of_length(words, &error);
            return ExitCode::from(2);
        }
    };
    let answer = calendar
        .add(start, &length)
        .and_then(|due| Ok((due, calendar.explain(start, &length)?)));
    let (due, steps) = match answer {
        Ok(answer) => answer,
        Err(error) => {
            complain_of_calendar(words, error);
            return ExitCode::from(2);
        }
    };
    let mut out = std::io::stdout();
    let said =
        writeln!(out, "{}", shown(calendar, start, &length, &due)).and_then(|()| out.flush());
    if said.is_ok() && (arguments.explain || out.is_terminal()) {
        eprint!("{}", explanation(calendar, &steps, &due, words, language));
    }
    ExitCode::SUCCESS
}

/// A day, or an instant; without an offset it is company time.
fn read_start(text: &str, calendar: &Calendar, now: impl Fn() -> Timestamp) -> Option<Moment> {
    let text = text.trim();
    match text {
        "now" => return Some(Moment::Instant(now())),
        "today" => return Some(Moment::Date(calendar.local(now()).date())),
        _ => {}
    }
    // a date would pass for a date-time at midnight
    if text.len() <= "2026-02-12".len() {
        return text.parse::<Date>().ok().map(Moment::Date);
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(Moment::Instant(instant));
    }
    let local = text.parse::<DateTime>().ok()?;
    let zone = &calendar.settings().time_zone;
    let instant = zone.to_ambiguous_zoned(local).compatible().ok()?;
    Some(Moment::Instant(instant.timestamp()))
}

/// The day, or the instant with its offset where the start or the length has hours.
fn shown(calendar: &Calendar, start: Moment, length: &Length, due: &Due) -> String {
    let has_hours = matches!(
        length,
        Length::SameDay(_)
            | Length::Span {
                unit: Unit::Hours | Unit::WorkingHours,
                ..
            }
    );
    match start {
        Moment::Date(_) if !has_hours => due.date.to_string(),
        _ => {
            let zone = &calendar.settings().time_zone;
            let offset = zone.to_offset(due.instant);
            due.instant.display_with_offset(offset).to_string()
        }
    }
}

/// A line a day: what day it is, and what it is to the limit.
fn explanation(
    calendar: &Calendar,
    steps: &[Step<'_>],
    due: &Due,
    words: &Words,
    language: Language,
) -> String {
    let mut out = String::new();
    let last = steps.len().saturating_sub(LISTED / 2);
    for (index, step) in steps.iter().enumerate() {
        if index == LISTED && last > LISTED {
            let count = (last - LISTED).to_string();
            out.push_str(&words.filled("calendar.folded", &[("count", &count)]));
            out.push('\n');
        }
        if index >= LISTED && index < last {
            continue;
        }
        let weekday = step.date.weekday().to_monday_one_offset();
        let mut parts = vec![role(step, words)];
        parts.extend(day(step, words, language));
        if step.is_due {
            let (hour, minute) = calendar.clock(due);
            let clock = format!("{hour:02}:{minute:02}");
            parts.push(words.filled("calendar.due", &[("clock", &clock)]));
        }
        out.push_str(&format!(
            "{} {}  {}\n",
            step.date,
            words.get(&format!("display.weekdays.{weekday}")),
            parts.join(words.get("calendar.separator")),
        ));
    }
    out
}

/// What the day is to the limit.
fn role(step: &Step<'_>, words: &Words) -> String {
    match step.role {
        Role::Start => words.get("calendar.start").to_owned(),
        Role::Counted { nth } => words.filled("calendar.counted", &[("nth", &nth.to_string())]),
        Role::Worked { time } => {
            words.filled("calendar.worked", &[("time", &duration(time, words))])
        }
        Role::MovedFrom => words.get("calendar.moved-from").to_owned(),
        Role::Skipped => words.get("calendar.skipped").to_owned(),
        Role::End => words.get("calendar.end").to_owned(),
    }
}

/// Why the day is worked or off, where that is not what its weekday says.
fn day(step: &Step<'_>, words: &Words, language: Language) -> Option<String> {
    let festival = step.festival.map_or("", |name| match language {
        Language::Chinese => name.zh.as_str(),
        Language::English => name.en.as_str(),
    });
    let name = match step.kind? {
        DayKind::Working => return None,
        DayKind::MakeUp => "calendar.make-up",
        DayKind::Weekend => "calendar.weekend",
        DayKind::Holiday => "calendar.holiday",
    };
    Some(words.filled(name, &[("festival", festival)]))
}

fn duration(time: SignedDuration, words: &Words) -> String {
    let minutes = time.as_mins();
    let part = |name: &str, count: i64| {
        (count != 0).then(|| words.filled(name, &[("count", &count.to_string())]))
    };
    [
        part("calendar.hours", minutes / 60),
        part("calendar.minutes", minutes % 60),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ")
}

/// What is wrong in the settings and tables that the answer rests on.
fn warn_of_settings(register: &Register, findings: &[Finding], language: Language, root: &Path) {
    if !root.join("taizhang.toml").exists() {
        return;
    }
    let reporter = Reporter::new(register, language);
    for finding in findings {
        let path = &register.sources.file(finding.place.file).path;
        if path == "taizhang.toml" || path.starts_with("templates/calendar/") {
            let text = terminal::finding(&reporter, finding, Style::default());
            eprintln!("{text}\n");
        }
    }
}

fn complain_of_length(words: &Words, error: &LengthError) {
    let parameters = error.parameters();
    let values: Vec<(&str, &str)> = parameters
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    complain(words, &format!("calendar.{}", error.code()), &values);
    if error.correction().is_none() {
        let help = words.filled("calendar.length-help", &values);
        eprintln!("  {}: {help}", words.get("report.help"));
    }
}

fn complain_of_calendar(words: &Words, error: CalendarError) {
    let parameters = error.parameters();
    let values: Vec<(&str, &str)> = parameters
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    complain(words, &format!("calendar.{}", error.code()), &values);
}
