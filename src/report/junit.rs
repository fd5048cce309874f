//! Findings as a JUnit report: a suite a file, a case a finding. Only errors are
//! failures; what is less stands in the case's output.

use std::fmt::Write as _;
use std::io::Write;

use super::{Counts, Reporter, single_line, without_commands};
use crate::finding::{FileId, Finding, Level};

/// Writes one XML document. Without findings it has one case that passed: a
/// report without cases is taken for one that failed.
pub fn write(
    reporter: &Reporter<'_>,
    findings: &[&Finding],
    prefix: &str,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let counts = Counts::of(findings.iter().copied());
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="taizhang" tests="{}" failures="{}">"#,
        findings.len().max(1),
        counts.errors
    )?;
    if findings.is_empty() {
        writeln!(
            out,
            r#"  <testsuite name="taizhang check" tests="1" failures="0">"#
        )?;
        let clean = escaped(reporter.words().get("report.clean"));
        writeln!(
            out,
            r#"    <testcase classname="taizhang" name="{clean}"/>"#
        )?;
        writeln!(out, "  </testsuite>")?;
    }
    for of_file in findings.chunk_by(|one, next| one.place.file == next.place.file) {
        suite(reporter, of_file[0].place.file, of_file, prefix, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(
    reporter: &Reporter<'_>,
    file: FileId,
    findings: &[&Finding],
    prefix: &str,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let path = escaped(&single_line(&format!(
        "{prefix}{}",
        reporter.sources().file(file).path
    )));
    let failures = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .count();
    writeln!(
        out,
        r#"  <testsuite name="{path}" tests="{}" failures="{failures}">"#,
        findings.len()
    )?;
    for finding in findings {
        let rendered = reporter.render(finding);
        let start = rendered.location.start;
        let message = escaped(&single_line(&rendered.message));
        writeln!(
            out,
            r#"    <testcase classname="{path}" name="{}:{} {} {message}" file="{path}" line="{}">"#,
            start.line,
            start.column,
            escaped(rendered.rule),
            start.line
        )?;
        let mut text = format!("{path}:{}:{}", start.line, start.column);
        if let Some(help) = &rendered.help {
            let _ = write!(text, "\n{}", without_commands(&escaped(help)));
        }
        match rendered.level {
            Level::Error => writeln!(
                out,
                r#"      <failure message="{message}" type="{}">{text}</failure>"#,
                escaped(rendered.rule)
            )?,
            Level::Warning | Level::Note => {
                writeln!(out, "      <system-out>{text}</system-out>")?;
            }
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// As text or in an attribute; what XML 1.0 cannot hold at all is U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            character if character.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            character => out.push(character),
        }
    }
    out
}
