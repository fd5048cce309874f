//! The content lines of RFC 5545 3.1: escaped, folded, ended by CR LF.
//!
//! Written here because the libraries there are put the current time and a
//! random UID into every component that has none, alarms included.

use super::cell;

/// A line has no more octets than this, its end not counted.
const LONGEST: usize = 75;

/// Content lines in the making.
#[derive(Default)]
pub(super) struct ContentLines {
    out: String,
}

impl ContentLines {
    /// Begins a component.
    pub fn begin(&mut self, component: &str) {
        self.value("BEGIN", component);
    }

    /// Ends it.
    pub fn end(&mut self, component: &str) {
        self.value("END", component);
    }

    /// A property whose value is no text: a date, a number, a word of the
    /// format. `name` may carry parameters.
    pub fn value(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// A property whose value is text.
    pub fn text(&mut self, name: &str, text: &str) {
        let mut line = format!("{name}:");
        for character in cell::plain(text).chars() {
            match character {
                '\\' | ';' | ',' => line.extend(['\\', character]),
                '\n' => line.push_str("\\n"),
                // the format has no word for any other control character
                '\t' => line.push(' '),
                character => line.push(character),
            }
        }
        self.fold(&line);
    }

    /// The bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    /// A line is broken between characters, not within one.
    fn fold(&mut self, line: &str) {
        let mut room = LONGEST;
        for character in line.chars() {
            let size = character.len_utf8();
            if size > room {
                self.out.push_str("\r\n ");
                room = LONGEST - 1;
            }
            room -= size;
            self.out.push(character);
        }
        self.out.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        let mut lines = ContentLines::default();
        lines.text("SUMMARY", text);
        String::from_utf8(lines.into_bytes()).unwrap_or_default()
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            text("a,b;c\\d\ne\tf\u{1}"),
            "SUMMARY:a\\,b\\;c\\\\d\\ne f\r\n"
        );
    }

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        // 8 octets of name, 67 of ASCII: just fits
        assert_eq!(text(&"x".repeat(67)).matches("\r\n ").count(), 0);
        assert_eq!(
            text(&"x".repeat(68)),
            format!("SUMMARY:{}\r\n x\r\n", "x".repeat(67))
        );
        // 22 characters of three octets fill 74
        assert_eq!(
            text(&"汉".repeat(23)),
            format!("SUMMARY:{}\r\n 汉\r\n", "汉".repeat(22))
        );
        assert!(text(&"🚀".repeat(100)).lines().all(|line| line.len() <= 75));
    }
}
