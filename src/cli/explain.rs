//! `taizhang explain NAME`: what a rule asks, where it comes from, how to
//! satisfy it, or what carries a clause; without a name, the list of all
//! rules or of all clauses.

use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;

use super::Common;
use super::clauses;
use super::complaint::complain;
use crate::check::{RULES, Run};
use crate::definition::{Kind, Rule};
use crate::finding::Level;
use crate::register::Register;
use crate::report::plain;
use crate::source::nearest;
use crate::text::{Language, Text, fill};
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Name of a rule, as findings show it, or number of a clause
    name: Option<String>,
    /// List every clause of the handbooks with what carries it
    #[arg(long, conflicts_with = "name")]
    clauses: bool,
    /// Only the clauses of this handbook
    #[arg(long, value_name = "ID", requires = "clauses")]
    handbook: Option<String>,
    /// The clauses for people, or for programs
    #[arg(long, value_enum, default_value_t = Format::Human, requires = "clauses")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// By handbook, a line for each sort of carrier
    Human,
    /// One object
    Json,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let register = common.load().register;
    let language = common.language(&register);
    let words = register.words(language);
    let text = match arguments.name.as_deref() {
        None if arguments.clauses => {
            let wanted = arguments.handbook.as_deref();
            if let Some(name) = wanted.filter(|wanted| !clauses::is_handbook(&register, wanted)) {
                let handbooks = register.handbooks.iter();
                let known: Vec<&str> = handbooks.map(|handbook| &*handbook.id).collect();
                let known = known.join(", ");
                complain(
                    words,
                    "cli.no-handbook",
                    &[("name", name), ("known", &known)],
                );
                return ExitCode::from(2);
            }
            match arguments.format {
                Format::Human => clauses::list(&register, language, wanted),
                Format::Json => crate::exchange::clauses::json(&register, language, wanted),
            }
        }
        None => list(&register, language),
        Some(name) => match explain(&register, language, name)
            .or_else(|| clauses::explain(&register, language, name))
        {
            Some(text) => text,
            None => {
                let clauses = register.clauses.iter().map(|clause| &*clause.id);
                match nearest(name, names(&register).chain(clauses)) {
                    Some(near) => {
                        complain(words, "cli.no-rule-near", &[("name", name), ("near", near)]);
                    }
                    None => complain(words, "cli.no-rule", &[("name", name)]),
                }
                return ExitCode::from(2);
            }
        },
    };
    // a reader that has seen enough closes the pipe
    let mut out = BufWriter::new(std::io::stdout().lock());
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    ExitCode::SUCCESS
}

fn names(register: &Register) -> impl Iterator<Item = &str> {
    let own = register.kinds.iter().flat_map(|kind| &kind.rules);
    RULES
        .iter()
        .map(|rule| rule.id)
        .chain(own.map(|rule| &*rule.id))
}

/// All rules with their titles, by what they are about.
fn list(register: &Register, language: Language) -> String {
    let words = register.words(language);
    let width = names(register).map(str::len).max().unwrap_or(0);
    let mut out = String::new();
    let mut group = |name: &str, rules: Vec<(&str, &str)>| {
        if rules.is_empty() {
            return;
        }
        out.push_str(name);
        out.push('\n');
        for (id, title) in rules {
            out.push_str(format!("  {id:width$}  {title}").trim_end());
            out.push('\n');
        }
        out.push('\n');
    };
    let of = |wanted: fn(Run) -> bool| {
        RULES
            .iter()
            .filter(|rule| wanted(rule.run))
            .map(|rule| {
                let title = register.rules.get(rule.id);
                (rule.id, title.map_or("", |text| text.title.get(language)))
            })
            .collect()
    };
    group(
        words.get("cli.rules-of-files"),
        of(|run| matches!(run, Run::Loading)),
    );
    group(
        words.get("cli.rules-of-records"),
        of(|run| matches!(run, Run::Record(_) | Run::RecordAndChange(..))),
    );
    group(
        words.get("cli.rules-of-register"),
        of(|run| matches!(run, Run::Register(_))),
    );
    group(
        words.get("cli.rules-of-changes"),
        of(|run| matches!(run, Run::Change(_))),
    );
    for kind in &register.kinds {
        let rules = kind
            .rules
            .iter()
            .map(|rule| (&*rule.id, rule.title.get(language)))
            .collect();
        group(kind.name.get(language), rules);
    }
    out.push_str(words.get("cli.more"));
    out
}

/// Everything about one rule; none when nobody has it.
fn explain(register: &Register, language: Language, name: &str) -> Option<String> {
    let words = register.words(language);
    let mut page = Page {
        register,
        words,
        language,
        text: String::new(),
    };
    if RULES.iter().any(|rule| rule.id == name) {
        match register.rules.get(name) {
            Some(text) => {
                page.head(name, &text.title);
                page.facts(text.level, &text.clauses);
                page.explanation(&text.explain);
                page.messages(
                    text.messages
                        .values()
                        .map(|message| (&message.text, message.help.as_ref())),
                );
            }
            None => page.text.push_str(name),
        }
        return Some(page.text.trim_end().to_owned());
    }
    let (kind, rule): (&Kind, &Rule) = register.kinds.iter().find_map(|kind| {
        let rule = kind.rules.iter().find(|rule| *rule.id == *name)?;
        Some((kind, rule))
    })?;
    page.head(name, &rule.title);
    page.fact("cli.applies", kind.name.get(language));
    page.facts(rule.level, rule.clause.as_slice());
    page.explanation(&rule.explain);
    page.messages([(&rule.message, rule.help.as_ref())].into_iter());
    Some(page.text.trim_end().to_owned())
}

struct Page<'r> {
    register: &'r Register,
    words: &'r Words,
    language: Language,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn fact(&mut self, label: &str, value: &str) {
        let label = self.words.get(label);
        let line = self
            .words
            .filled("cli.labelled", &[("label", label), ("value", value)]);
        self.line(&line);
    }

    fn head(&mut self, name: &str, title: &Text) {
        let line = self.words.filled(
            "cli.labelled",
            &[("label", name), ("value", title.get(self.language))],
        );
        self.line(&line);
        self.line("");
    }

    fn facts(&mut self, level: Level, clauses: &[Arc<str>]) {
        let level = match level {
            Level::Error => "levels.error",
            Level::Warning => "levels.warning",
            Level::Note => "levels.note",
        };
        self.fact("cli.level", self.words.get(level));
        for clause in clauses {
            let asks = self
                .register
                .clause(clause)
                .map_or("", |known| known.asks.get(self.language));
            self.fact("cli.clause", format!("{clause} {asks}").trim_end());
        }
        self.line("");
    }

    fn explanation(&mut self, text: &Text) {
        let text = plain::from_markdown(text.get(self.language));
        if !text.is_empty() {
            self.line(&text);
            self.line("");
        }
    }

    fn messages<'t>(&mut self, messages: impl Iterator<Item = (&'t Text, Option<&'t Text>)>) {
        let title = self.words.get("cli.messages");
        self.line(title);
        let open = |text: &Text| fill(text.get(self.language), |_| Some("…".into()));
        let help = self.words.get("report.help");
        let lines: Vec<String> = messages
            .flat_map(|(text, advice)| {
                let advice = advice.map(|advice| {
                    self.words
                        .filled("cli.labelled", &[("label", help), ("value", &open(advice))])
                });
                [
                    Some(format!("- {}", open(text))),
                    advice.map(|advice| format!("  {advice}")),
                ]
            })
            .flatten()
            .collect();
        for line in lines {
            self.line(&line);
        }
    }
}
