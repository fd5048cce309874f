//! Findings for programs: one JSON object, as `findings.schema.json` beside
//! this file says.
//!
//! Invariant: what stands in the schema stays; new keys may come. `version`
//! changes when a key goes or changes its meaning.

use serde::Serialize;

use super::{Counts, Location, Reporter};
use crate::finding::Finding;

/// Version of the shape.
const VERSION: u32 = 1;

/// The JSON Schema of what [`write`] writes.
pub const SCHEMA: &str = include_str!("findings.schema.json");

#[derive(Serialize)]
struct Report<'r> {
    version: u32,
    language: &'static str,
    counts: CountsOut,
    findings: Vec<FindingOut<'r>>,
}

#[derive(Serialize)]
struct CountsOut {
    error: usize,
    warning: usize,
    note: usize,
    files: usize,
}

#[derive(Serialize)]
struct FindingOut<'r> {
    rule: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'r str,
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'r str>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(flatten)]
    location: LocationOut<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixOut<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<LocationOut<'r>>,
}

#[derive(Serialize)]
struct FixOut<'r> {
    start: u32,
    end: u32,
    replacement: &'r str,
    safe: bool,
}

#[derive(Serialize)]
struct LocationOut<'r> {
    path: &'r str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl<'r> From<Location<'r>> for LocationOut<'r> {
    fn from(location: Location<'r>) -> Self {
        LocationOut {
            path: location.path,
            line: location.start.line,
            column: location.start.column,
            end_line: location.end.line,
            end_column: location.end.column,
        }
    }
}

/// Writes the findings as one JSON object and a line end.
pub fn write(
    reporter: &Reporter<'_>,
    findings: &[&Finding],
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let counts = Counts::of(findings.iter().copied());
    let report = Report {
        version: VERSION,
        language: reporter.words().language.code(),
        counts: CountsOut {
            error: counts.errors,
            warning: counts.warnings,
            note: counts.notes,
            files: counts.files,
        },
        findings: findings
            .iter()
            .map(|finding| {
                let rendered = reporter.render(finding);
                FindingOut {
                    rule: rendered.rule,
                    title: rendered.title,
                    level: rendered.level.name(),
                    clause: rendered.clause,
                    message: rendered.message,
                    help: rendered.help,
                    location: rendered.location.into(),
                    fix: rendered.fix.map(|fix| FixOut {
                        start: fix.span.start,
                        end: fix.span.end,
                        replacement: &fix.replacement,
                        safe: fix.safe,
                    }),
                    related: rendered.related.into_iter().map(Into::into).collect(),
                }
            })
            .collect(),
    };
    writeln!(out, "{}", super::harmless_json(&report)?)
}
