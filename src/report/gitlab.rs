//! Findings as a Code Quality report of GitLab.

use std::io::Write;

use serde::Serialize;

use super::Reporter;
use super::fingerprint::fingerprints;
use super::single_line::single_line;
use crate::finding::{Finding, Level};

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes one JSON array and a line end. `prefix` is the repository's path in its
/// work tree, empty or with a slash at its end.
pub fn write(
    reporter: &Reporter<'_>,
    findings: &[&Finding],
    prefix: &str,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let names = fingerprints(reporter, findings);
    let issues: Vec<Issue<'_>> = findings
        .iter()
        .zip(names)
        .map(|(finding, fingerprint)| {
            let rendered = reporter.render(finding);
            let description = match &rendered.help {
                Some(help) => format!("{} – {help}", rendered.message),
                None => rendered.message.clone(),
            };
            Issue {
                description: single_line(&description),
                check_name: rendered.rule,
                fingerprint,
                severity: match rendered.level {
                    Level::Error => "major",
                    Level::Warning => "minor",
                    Level::Note => "info",
                },
                location: Location {
                    path: format!("{prefix}{}", rendered.location.path),
                    lines: Lines {
                        begin: rendered.location.start.line,
                        end: rendered.location.end.line,
                    },
                },
            }
        })
        .collect();
    writeln!(out, "{}", super::harmless_json(&issues)?)
}
