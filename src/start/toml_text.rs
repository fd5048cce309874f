//! TOML as text: keys and values that a parser reads back as they were.

use std::fmt::Write;

/// A text as a basic string, quotes included.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                // writing to a String does not fail
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A key, bare where TOML allows it.
pub(super) fn key(name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if !name.is_empty() && name.bytes().all(bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A text fit for one line of comment: no line ends, no control characters.
pub(super) fn on_one_line(text: &str) -> String {
    let parts: Vec<&str> = text
        .split(|c: char| c.is_control() || c.is_whitespace() && c != '\u{3000}')
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_text_is_read_back_as_it_was(name in ".*", text in any::<String>()) {
            let line = format!("{} = {} # {}", key(&name), quoted(&text), on_one_line(&text));
            let table = toml::de::DeTable::parse(&line).unwrap();
            let value = table.get_ref().get(name.as_str()).unwrap();
            prop_assert_eq!(value.get_ref().as_str(), Some(text.as_str()));
        }
    }
}
