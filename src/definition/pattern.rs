//! Regular expressions of definitions.
//!
//! Invariant: matching takes time in proportion to the text, whatever the
//! pattern; what a pattern of a few characters may become in memory is bounded.

use regex::{Regex, RegexBuilder};

/// Largest program of one pattern (bytes): `\\w{300}` is larger.
const LARGEST: usize = 1 << 20;

/// The pattern, or what is wrong with it in a line.
pub(super) fn pattern(text: &str) -> Result<Regex, String> {
    let made = RegexBuilder::new(text).size_limit(LARGEST).build();
    made.map_err(|error| {
        // the last line says what is wrong, those before draw the pattern
        let error = error.to_string();
        let detail = error.lines().last().unwrap_or_default();
        detail.strip_prefix("error: ").unwrap_or(detail).to_owned()
    })
}
