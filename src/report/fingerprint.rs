//! What makes a finding the same one in another version of the files.

use std::collections::HashMap;

use super::{Rendered, Reporter};
use crate::finding::Finding;

/// What a finding is known by from one version to the next: rule, file, words at
/// fault and message, but no line, so that it stays the same when lines are put
/// before it.
pub fn key(reporter: &Reporter<'_>, rendered: &Rendered<'_>) -> String {
    let words = reporter.sources().words(rendered.location.place);
    [
        rendered.rule,
        rendered.location.path,
        words,
        &*rendered.message,
    ]
    .join("\u{0}")
}

/// A short name for each finding, in their order: the same in every run, the
/// same after lines have moved, and no two alike.
pub fn fingerprints(reporter: &Reporter<'_>, findings: &[&Finding]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            let key = key(reporter, &reporter.render(finding));
            let count = seen.entry(key.clone()).or_default();
            *count += 1;
            let hash = blake3::hash(format!("{key}\u{0}{count}").as_bytes());
            hash.to_hex()
                .as_str()
                .get(..32)
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

/// The findings that are not among those of before: each of those explains one
/// of now away.
pub fn new_since<'f>(
    before: (&Reporter<'_>, &[&Finding]),
    now: (&Reporter<'_>, &[&'f Finding]),
) -> Vec<&'f Finding> {
    let mut known: HashMap<String, usize> = HashMap::new();
    for finding in before.1 {
        let key = key(before.0, &before.0.render(finding));
        *known.entry(key).or_default() += 1;
    }
    now.1
        .iter()
        .copied()
        .filter(|finding| {
            let count = known.get_mut(&key(now.0, &now.0.render(finding)));
            match count {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        })
        .collect()
}
