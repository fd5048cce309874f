//! Texts on one line, for logs and formats whose lines mean something.
//!
//! Invariant: what comes out holds no control character: nothing that a record
//! says moves a terminal's cursor, ends a line or hides what follows.

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

/// Whether it changes the direction or the visibility of what follows.
fn turns_writing(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_line() {
        assert_eq!(single_line("一\n::error::二"), "一 ::error::二");
        assert_eq!(single_line("\u{1b}[31m红"), "\\u{1b}[31m红");
        assert_eq!(single_line("a\u{202e}b"), "a\\u{202e}b");
    }
}
