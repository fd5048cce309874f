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
    let (mut hexadecimal, mut is_commit) = (0, false);
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
        if hexadecimal == 0 {
            is_commit = is_commit_name(&line[at..]);
        }
        hexadecimal = match character.is_ascii_hexdigit() {
            true => hexadecimal + 1,
            false => 0,
        };
        if hexadecimal == 6 && is_commit {
            out.push(BREAK);
        }
    }
    out
}

/// Whether it begins like the name of a commit; a date has no letters.
fn is_commit_name(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_hexdigit);
    let (count, letters) = digits.fold((0, 0), |(count, letters), byte| {
        (count + 1, letters + usize::from(byte.is_ascii_alphabetic()))
    });
    count > 6 && letters > 0
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
        assert_eq!(plain("20260303"), "20260303");
        assert_eq!(plain("<!-- x -->"), r"\<\!-- x --\>");
        assert_eq!(plain("- a"), r"\- a");
        assert_eq!(plain("12. a 3.5"), r"12\. a 3.5");
        assert_eq!(plain(":smile: 18:00"), r"\:|smile: 18:00");
        assert_eq!(plain("硬件方案，5月20日"), "硬件方案，5月20日");
    }
}
