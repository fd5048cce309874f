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
    let mut hexadecimal = 0;
    for (at, character) in line.char_indices() {
        let (before, after) = (&line[..at], &line[at + character.len_utf8()..]);
        match character {
            '@' | '#' => {
                out.push('\\');
                out.push(character);
                out.push(BREAK);
            }
            // an address, or a picture by its name
            ':' if after.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()) => {
                out.push_str("\\:");
                out.push(BREAK);
            }
            // a list's mark at the beginning, a line under a heading
            '-' | '+' | '=' if !before.trim_start().is_empty() => out.push(character),
            // a number of a list, an address
            '.' if !is_number(before) && !before.ends_with("www") => out.push(character),
            ',' | ';' | ':' | '%' | '/' | '"' | '\'' | '?' => out.push(character),
            character if character.is_ascii_punctuation() => {
                out.push('\\');
                out.push(character);
            }
            character => out.push(character),
        }
        // seven digits of a commit's name become a link to it
        hexadecimal = match character.is_ascii_hexdigit() {
            true => hexadecimal + 1,
            false => 0,
        };
        if hexadecimal == 6 {
            out.push(BREAK);
            hexadecimal = 0;
        }
    }
    out
}

fn is_number(text: &str) -> bool {
    text.trim_start().chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_does_nothing() {
        let plain = |text: &str| escaped(text).replace(BREAK, "|");
        assert_eq!(plain("[x](http://a)"), r"\[x\]\(http\:|//a\)");
        assert_eq!(plain("www.example.com"), r"www\.example.com");
        assert_eq!(plain("@all #12"), r"\@|all \#|12");
        assert_eq!(plain("a | b\n# c"), r"a \| b \#| c");
        assert_eq!(plain("deadbeef01"), "deadbe|ef01");
        assert_eq!(plain("<!-- x -->"), r"\<\!-- x --\>");
        assert_eq!(plain("- a"), r"\- a");
        assert_eq!(plain("12. a 3.5"), r"12\. a 3.5");
        assert_eq!(plain(":smile: 18:00"), r"\:|smile: 18:00");
        assert_eq!(plain("硬件方案，5月20日"), "硬件方案，5月20日");
    }
}
