//! Texts on one line, for logs and formats whose lines mean something.
//!
//! Invariant: what comes out holds no control character: nothing that a record
//! says moves a terminal's cursor, ends a line or hides what follows.

use std::borrow::Cow;

/// The text on one line: control characters and marks that turn the direction
/// of writing are shown by their numbers.
pub fn single_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => out.push(' '),
            character if character.is_control() || turns_writing(character) => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
            }
            character => out.push(character),
        }
    }
    out
}

/// Lines of which none begins like a command of a forge's log (`::error::`), in
/// words that a repository may bring itself.
pub fn without_commands(text: &str) -> Cow<'_, str> {
    // three colons are none: so a place that has to do with a finding is drawn
    let is_command = |line: &str| {
        let line = line.trim_start();
        line.starts_with("::") && !line.starts_with(":::")
    };
    if !text.lines().any(is_command) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| match is_command(line) {
            true => format!("- {line}"),
            false => line.to_owned(),
        })
        .collect();
    Cow::Owned(lines.join("\n"))
}

/// A value as JSON, indented, in which what moves a cursor, turns the writing
/// round or was a command of GitHub's log (`##[error]`) stands by its number: as
/// data it is the same.
pub fn harmless_json(value: &impl serde::Serialize) -> serde_json::Result<String> {
    // outside of strings two of these signs are never side by side
    let text = serde_json::to_string_pretty(value)?.replace("##[", "##\\u005b");
    let harms = |c: char| c != '\n' && (c.is_control() || turns_writing(c));
    if !text.chars().any(harms) {
        return Ok(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        match harms(character) {
            true => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => out.push(character),
        }
    }
    Ok(out)
}

/// Whether it changes the direction or the visibility of what follows.
fn turns_writing(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_like_a_command() {
        assert_eq!(without_commands("a::b\n  ::c\n::d"), "a::b\n-   ::c\n- ::d");
        assert_eq!(without_commands("a\nb\n"), "a\nb\n");
        assert_eq!(without_commands("  ::: a:1:1"), "  ::: a:1:1");
    }

    #[test]
    fn json_says_the_same_without_harm() {
        let text = "a\u{202e}b\u{85}\u{7f}\n\u{1b}##[error]";
        let json = harmless_json(&[text]).unwrap_or_default();
        assert!(json.is_ascii() && json.contains("\\u202e"), "{json}");
        assert!(!json.contains("##["), "{json}");
        let again: Vec<String> = serde_json::from_str(&json).unwrap_or_default();
        assert_eq!(again, [text]);
    }

    #[test]
    fn nothing_leaves_its_line() {
        assert_eq!(single_line("一\n::error::二"), "一 ::error::二");
        assert_eq!(single_line("\u{1b}[31m红"), "\\u{1b}[31m红");
        assert_eq!(single_line("a\u{202e}b"), "a\\u{202e}b");
    }
}
