//! Applies the changes that findings propose, where nobody has to look at them
//! first.
//!
//! Invariants: only the bytes that a fix names are replaced, so that comments
//! and layout stay; two fixes never touch the same bytes; a file that would no
//! longer be TOML afterwards keeps its text.

use std::collections::BTreeMap;

use crate::finding::{FileId, Finding, Fix};
use crate::source::{SourceFile, Sources, parse};

/// A file with its fixes applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// Its path from the root.
    pub path: String,
    /// What it said.
    pub before: String,
    /// What it says now.
    pub after: String,
    /// How many fixes were applied.
    pub fixes: usize,
}

/// Applies every safe fix of these findings, in the files of the repository.
pub fn apply_safe(sources: &Sources, findings: &[Finding]) -> Vec<Mended> {
    let mut by_file: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
    for finding in findings {
        if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safe) {
            by_file.entry(finding.place.file).or_default().push(fix);
        }
    }
    by_file
        .into_iter()
        .filter_map(|(file, fixes)| mended(file, sources.file(file), fixes))
        .collect()
}

fn mended(id: FileId, file: &SourceFile, mut fixes: Vec<&Fix>) -> Option<Mended> {
    if file.path.starts_with("built-in:") {
        return None;
    }
    fixes.sort_by_key(|fix| fix.span);
    let mut after = String::with_capacity(file.text.len());
    let (mut at, mut count) = (0, 0);
    for fix in fixes {
        let span = fix.span.range();
        let (Some(between), true) = (file.text.get(at..span.start), span.start <= span.end) else {
            // it touches what the one before has changed
            continue;
        };
        if file.text.get(span.clone()).is_none() {
            continue;
        }
        after.push_str(between);
        after.push_str(&fix.replacement);
        at = span.end;
        count += 1;
    }
    after.push_str(file.text.get(at..)?);
    let was_sound = parse(id, file).findings.is_empty();
    let copy = SourceFile::new(file.path.clone(), after.clone());
    let is_sound = parse(id, &copy).findings.is_empty();
    (count > 0 && (is_sound || !was_sound)).then(|| Mended {
        path: file.path.clone(),
        before: file.text.clone(),
        after,
        fixes: count,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::finding::{Place, Span};

    fn sources(text: &str) -> (Sources, FileId) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("records/a.toml", text));
        (sources, file)
    }

    fn finding(file: FileId, text: &str, words: &str, replacement: &str, safe: bool) -> Finding {
        let start = text.find(words).unwrap();
        let span = Span::new(start..start + words.len());
        Finding::error("inexact-date", Place { file, span }).fix(span, replacement, safe)
    }

    #[test]
    fn only_the_words_at_fault_are_replaced_and_only_by_safe_fixes() {
        let text = "# 计划\na = \"2026-05-20\"   # 周三\nb = \"五月底\"\n";
        let (sources, file) = sources(text);
        let findings = [
            finding(file, text, "\"2026-05-20\"", "2026-05-20", true),
            finding(file, text, "\"五月底\"", "2026-05-31", false),
        ];
        let mended = apply_safe(&sources, &findings);
        assert_eq!(mended.len(), 1);
        assert_eq!(
            mended[0].after,
            "# 计划\na = 2026-05-20   # 周三\nb = \"五月底\"\n"
        );
        assert_eq!(mended[0].fixes, 1);
    }

    #[test]
    fn of_two_fixes_of_the_same_bytes_the_first_counts() {
        let text = "a = \"x\"\n";
        let (sources, file) = sources(text);
        let findings = [
            finding(file, text, "\"x\"", "1", true),
            finding(file, text, "\"x\"", "2", true),
        ];
        let mended = apply_safe(&sources, &findings);
        assert_eq!((&*mended[0].after, mended[0].fixes), ("a = 1\n", 1));
    }

    #[test]
    fn a_fix_that_breaks_the_file_is_not_applied() {
        let text = "a = \"x\"\n";
        let (sources, file) = sources(text);
        let findings = [finding(file, text, "\"x\"", "[", true)];
        assert_eq!(apply_safe(&sources, &findings), []);
    }
}
