//! Values in Markdown that a forge renders: comments, summaries.
//!
//! Invariant: a value is shown as it is and does nothing: it makes no link, no
//! heading, no table cell, names no user and refers to no issue or commit.

use super::single_line::single_line;

/// Breaks what a forge looks for in the rendered text: mentions, references,
/// addresses. It has no width.
const BREAK: char = '\u{200b}';

/// The text as Markdown on one line.
pub fn escaped(text: &str) -> String {
    let line = single_line(text);
    let mut out = String::with_capacity(line.len() + 8);
    let mut digits_of_a_hash = 0;
    for character in line.chars() {
        match character {
            '@' | '#' => {
                out.push('\\');
                out.push(character);
                out.push(BREAK);
            }
            ':' => {
                out.push_str("\\:");
                out.push(BREAK);
            }
            character if character.is_ascii_punctuation() => {
                out.push('\\');
                out.push(character);
            }
            character => out.push(character),
        }
        // seven digits of a commit's name become a link to it
        digits_of_a_hash = match character.is_ascii_hexdigit() {
            true => digits_of_a_hash + 1,
            false => 0,
        };
        if digits_of_a_hash == 6 {
            out.push(BREAK);
            digits_of_a_hash = 0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_does_nothing() {
        let plain = |text: &str| escaped(text).replace(BREAK, "|");
        assert_eq!(plain("[x](http://a)"), r"\[x\]\(http\:|\/\/a\)");
        assert_eq!(plain("@all #12"), r"\@|all \#|12");
        assert_eq!(plain("a | b\n# c"), r"a \| b \#| c");
        assert_eq!(plain("deadbeef01"), "deadbe|ef01");
        assert_eq!(plain("<!-- x -->"), r"\<\!\-\- x \-\-\>");
        assert_eq!(plain("硬件方案，5月20日"), "硬件方案，5月20日");
    }
}
