//! Findings as annotations of GitHub Actions: workflow commands in the log.
//!
//! Invariants: GitHub shows ten annotations of each level a step and drops the
//! rest without a word, so the heaviest come first and what is beyond is told in
//! plain lines; no value of a record can be taken for a command.

use std::io::Write;

use super::markdown::escaped;
use super::single_line::{single_line, without_commands};
use super::{Rendered, Reporter, summary};
use crate::finding::{Finding, Level};

/// How many annotations of a level GitHub shows of one step.
const SHOWN: usize = 10;

/// Writes errors, warnings and notes, each as an annotation as long as GitHub
/// shows it, else as a plain line; ends with the summary. `prefix` is the
/// repository's path in its work tree, empty or with a slash at its end.
pub fn write(
    reporter: &Reporter<'_>,
    findings: &[&Finding],
    prefix: &str,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut beyond: Vec<Rendered<'_>> = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let of_level = findings.iter().filter(|finding| finding.level == level);
        for (index, finding) in of_level.enumerate() {
            let rendered = reporter.render(finding);
            if index < SHOWN {
                annotation(&rendered, prefix, out)?;
            } else {
                beyond.push(rendered);
            }
        }
    }
    if !beyond.is_empty() {
        let count = beyond.len().to_string();
        let words = reporter.words();
        let line = words.filled("report.beyond", &[("count", &count)]);
        writeln!(out, "{}", plain_line(&line))?;
    }
    for rendered in &beyond {
        let location = &rendered.location;
        let line = format!(
            "- {}{}:{}:{} {}[{}] {}",
            prefix,
            location.path,
            location.start.line,
            location.start.column,
            reporter.level(rendered.level),
            rendered.rule,
            rendered.message
        );
        writeln!(out, "{}", plain_line(&line))?;
    }
    writeln!(out, "{}", plain_line(&summary(reporter, findings)))
}

/// How many findings the summary of a job lists: it may have a megabyte.
const LISTED: usize = 500;

/// All findings as a table in Markdown, for the summary of a job.
pub fn step_summary(reporter: &Reporter<'_>, findings: &[&Finding], prefix: &str) -> String {
    let words = reporter.words();
    let mut out = format!(
        "### taizhang check\n\n{}\n",
        escaped(&summary(reporter, findings))
    );
    if findings.is_empty() {
        return out;
    }
    let heads = ["level", "place", "rule", "message"];
    let heads = heads.map(|head| words.get(&format!("report.columns.{head}")).to_owned());
    out.push_str(&format!("\n| {} |\n|---|---|---|---|\n", heads.join(" | ")));
    for finding in findings.iter().take(LISTED) {
        let rendered = reporter.render(finding);
        let location = &rendered.location;
        let place = format!("{prefix}{}:{}", location.path, location.start.line);
        let message = match &rendered.help {
            Some(help) => format!("{}<br>{}", escaped(&rendered.message), escaped(help)),
            None => escaped(&rendered.message),
        };
        out.push_str(&format!(
            "| {} | {} | {} | {message} |\n",
            escaped(reporter.level(rendered.level)),
            escaped(&place),
            escaped(rendered.rule)
        ));
    }
    if findings.len() > LISTED {
        let count = (findings.len() - LISTED).to_string();
        let more = words.filled("report.more", &[("count", &count)]);
        out.push_str(&format!("\n{}\n", escaped(&more)));
    }
    out
}

fn annotation(rendered: &Rendered<'_>, prefix: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let command = match rendered.level {
        Level::Error => "::error",
        Level::Warning => "::warning",
        Level::Note => "::notice",
    };
    let location = &rendered.location;
    let mut properties = Vec::new();
    if !location.path.starts_with("built-in:") {
        let (start, end) = (location.start, location.end);
        let path = format!("{prefix}{}", location.path);
        properties.push(format!("file={}", property(&path)));
        properties.push(format!("line={},endLine={}", start.line, end.line));
        // columns count only within one line
        if start.line == end.line {
            let end = end.column.max(start.column + 1);
            properties.push(format!("col={},endColumn={end}", start.column));
        }
    }
    let title = match rendered.title {
        "" => rendered.rule.to_owned(),
        title => format!("{title} [{}]", rendered.rule),
    };
    properties.push(format!("title={}", property(&title)));
    let mut message = rendered.message.clone();
    if let Some(help) = &rendered.help {
        message.push('\n');
        message.push_str(help);
    }
    let line = format!("{command} {}::{}", properties.join(","), data(&message));
    writeln!(out, "{}", inert(&line))
}

/// A message: it may have lines, but those of ours only.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(single_line).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    let text = single_line(text);
    text.replace('%', "%25")
        .replace(':', "%3A")
        .replace(',', "%2C")
}

/// A line that is no command, whatever a record or the repository's own words say.
fn plain_line(text: &str) -> String {
    inert(&without_commands(&single_line(text)))
}

/// A line that the runner takes for nothing else: it knows commands at the
/// start of a line (`::`) and, of old, anywhere in it (`##[`).
fn inert(line: &str) -> String {
    line.replace("##[", "# #[")
}
