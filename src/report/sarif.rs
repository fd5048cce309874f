//! Findings as SARIF 2.1.0, for code scanning and editors.

use std::io::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::{Location, Rendered, Reporter};
use crate::finding::{Finding, Level};
use crate::source::Sources;
use crate::text::Language;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What stands in a path of a URI as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Writes one log with one run. `prefix` is the repository's path in its work
/// tree, empty or with a slash at its end.
pub fn write(
    reporter: &Reporter<'_>,
    findings: &[&Finding],
    prefix: &str,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut names: Vec<&str> = findings.iter().map(|finding| &*finding.rule).collect();
    names.sort_unstable();
    names.dedup();
    let mut titles: Vec<Option<Rendered<'_>>> = names.iter().map(|_| None).collect();
    let prints = fingerprints(reporter, findings);
    let mut results = Vec::with_capacity(findings.len());
    for (finding, fingerprint) in findings.iter().zip(prints) {
        let rendered = reporter.render(finding);
        let rule = names.binary_search(&rendered.rule).unwrap_or_default();
        results.push(result(reporter, &rendered, rule, prefix, &fingerprint));
        titles[rule].get_or_insert(rendered);
    }
    let rules: Vec<Value> = names
        .iter()
        .zip(&titles)
        .map(|(name, rendered)| descriptor(reporter, name, rendered.as_ref()))
        .collect();
    let language = match reporter.words().language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    };
    let log = json!({
        "version": "2.1.0",
        "$schema": SCHEMA,
        "runs": [{
            "tool": { "driver": {
                "name": "taizhang",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "language": language,
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(out, "{}", super::harmless_json(&log)?)
}

fn descriptor(reporter: &Reporter<'_>, name: &str, rendered: Option<&Rendered<'_>>) -> Value {
    let title = rendered.map_or("", |rendered| rendered.title);
    let clause = rendered.and_then(|rendered| rendered.clause);
    let mut rule = json!({ "id": name });
    if !title.is_empty() {
        rule["shortDescription"] = json!({ "text": title });
    }
    if let Some(explain) = reporter.explanation(name) {
        let plain = super::plain::from_markdown(explain);
        rule["help"] = json!({ "text": plain, "markdown": explain });
    }
    if let Some(clause) = clause {
        rule["properties"] = json!({ "tags": [clause] });
    }
    rule
}

fn result(
    reporter: &Reporter<'_>,
    rendered: &Rendered<'_>,
    rule: usize,
    prefix: &str,
    fingerprint: &str,
) -> Value {
    let text = match &rendered.help {
        Some(help) => format!("{}\n{help}", rendered.message),
        None => rendered.message.clone(),
    };
    let mut result = json!({
        "ruleId": rendered.rule,
        "ruleIndex": rule,
        "level": match rendered.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        "message": { "text": text },
        "locations": [location(&rendered.location, prefix)],
        "partialFingerprints": { "taizhang/v1": fingerprint },
    });
    if !rendered.related.is_empty() {
        let related = rendered.related.iter();
        result["relatedLocations"] = related.map(|place| location(place, prefix)).collect();
    }
    if let Some(fix) = rendered.fix {
        let (offset, length) = characters(reporter.sources(), &rendered.location, fix.span);
        result["fixes"] = json!([{
            "artifactChanges": [{
                "artifactLocation": artifact(rendered.location.path, prefix),
                "replacements": [{
                    "deletedRegion": { "charOffset": offset, "charLength": length },
                    "insertedContent": { "text": fix.replacement },
                }],
            }],
        }]);
    }
    result
}

fn location(location: &Location<'_>, prefix: &str) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": artifact(location.path, prefix),
        "region": {
            "startLine": location.start.line,
            "startColumn": location.start.column,
            "endLine": location.end.line,
            "endColumn": location.end.column,
        },
    }})
}

fn artifact(path: &str, prefix: &str) -> Value {
    // what is built in is no file of the repository
    match path.strip_prefix("built-in:") {
        Some(path) => json!({ "uri": format!("taizhang:{}", utf8_percent_encode(path, PATH)) }),
        None => {
            let path = format!("{prefix}{path}");
            let uri = utf8_percent_encode(&path, PATH).to_string();
            json!({ "uri": uri, "uriBaseId": "%SRCROOT%" })
        }
    }
}

/// A span in characters: where it starts, how long it is.
fn characters(
    sources: &Sources,
    location: &Location<'_>,
    span: crate::finding::Span,
) -> (usize, usize) {
    let file = sources.file(location.place.file);
    let start = file.floor(span.start as usize);
    let before = file.text.get(..start).unwrap_or_default();
    (before.chars().count(), file.slice(span).chars().count())
}
