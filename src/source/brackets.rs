//! Brackets that a value opens and nobody closes.
//!
//! The parser takes what follows such a bracket for items of the list, and
//! complains of every line to the end of the file. Here the place where the
//! next key or section begins ends the value, so that one finding stands at
//! the bracket and the rest of the file can be read.

use std::ops::Range;

/// A value that is left open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// Byte of its outermost bracket.
    pub(super) bracket: usize,
    /// Bytes from the line of its key to where the next key or section begins.
    pub(super) lines: Range<usize>,
}

/// Every value of a TOML text that is left open, in order.
pub(super) fn left_open(text: &str) -> Vec<Open> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut brackets: Vec<(usize, u8)> = Vec::new();
    let mut key = 0;
    let mut at = 0;
    while at < bytes.len() {
        if at == 0 || bytes[at - 1] == b'\n' {
            let line = line_at(text, at);
            match (brackets.first(), brackets.last()) {
                (Some((bracket, _)), Some((_, inner))) if begins_anew(line, *inner) => {
                    found.push(Open {
                        bracket: *bracket,
                        lines: key..at,
                    });
                    brackets.clear();
                }
                _ => {}
            }
            if brackets.is_empty() {
                key = at;
                // the brackets of a section are the parser's
                if line.trim_start().starts_with('[') {
                    at += line.len() + 1;
                    continue;
                }
            }
        }
        at = match bytes[at] {
            b'#' => at + line_at(text, at).len(),
            b'"' | b'\'' => past_string(text, at),
            open @ (b'[' | b'{') => {
                brackets.push((at, open));
                at + 1
            }
            b']' | b'}' => {
                brackets.pop();
                at + 1
            }
            _ => at + 1,
        };
    }
    if let Some((bracket, _)) = brackets.first() {
        found.push(Open {
            bracket: *bracket,
            lines: key..bytes.len(),
        });
    }
    found
}

/// The text with blanks in place of these lines; every other byte keeps its place.
pub(super) fn blanked(text: &str, open: &[Open]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for open in open {
        out.push_str(&text[from..open.lines.start]);
        let keep_ends = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
        out.extend(text[open.lines.clone()].bytes().map(keep_ends));
        from = open.lines.end;
    }
    out.push_str(&text[from..]);
    out
}

fn line_at(text: &str, at: usize) -> &str {
    let rest = &text.as_bytes()[at..];
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    // `at` and the end are at ASCII, so never inside a character
    &text[at..at + end]
}

/// Where the string that begins here ends; at the line's end when it does not.
fn past_string(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes[at];
    let many = [quote; 3];
    if bytes[at..].starts_with(&many) {
        let inside = at + many.len();
        return memchr::memmem::find(&bytes[inside..], &many)
            .map_or(bytes.len(), |end| inside + end + many.len());
    }
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'\n' {
        match bytes[end] {
            b'\\' if quote == b'"' => end += 1,
            byte if byte == quote => return end + 1,
            _ => {}
        }
        end += 1;
    }
    end.min(bytes.len())
}

/// Whether a line can only be the next key or section, and no part of a value
/// whose innermost open bracket is `inner`.
fn begins_anew(line: &str, inner: u8) -> bool {
    let line = line.trim();
    let is_name = |text: &str| {
        !text.is_empty()
            && text.split('.').all(|part| {
                let part = part.trim();
                !part.is_empty()
                    && part
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            })
    };
    if line.starts_with('[') {
        let uncommented = line.split('#').next().unwrap_or(line).trim_end();
        let name = uncommented
            .trim_start_matches('[')
            .trim_end_matches(']')
            .trim();
        // [1] and [true] may be lists in a list
        let is_value = matches!(name, "true" | "false" | "inf" | "nan")
            || !name.starts_with(|c: char| c.is_ascii_alphabetic());
        return uncommented.ends_with(']') && is_name(name) && !is_value;
    }
    // in braces, `key = …` belongs to them
    inner == b'['
        && line
            .split_once('=')
            .is_some_and(|(name, _)| is_name(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Vec<(&str, &str)> {
        left_open(text)
            .into_iter()
            .map(|open| (&text[open.bracket..=open.bracket], &text[open.lines]))
            .collect()
    }

    #[test]
    fn a_list_ends_where_the_next_key_begins() {
        let text = "a = 1\nb = [\"甲\"\nc = 2\n";
        assert_eq!(open(text), [("[", "b = [\"甲\"\n")]);
        let text = "b = [\n  { d = 1 },\n\n[[next]]\nc = [2\nd = 3\n[last] # ]\n";
        assert_eq!(
            open(text),
            [("[", "b = [\n  { d = 1 },\n\n"), ("[", "c = [2\n")]
        );
        assert_eq!(open("a = { b = [1\n"), [("{", "a = { b = [1\n")]);
    }

    #[test]
    fn what_is_closed_is_left_alone() {
        for text in [
            "a = [\n  [1],\n  [true],\n  \"x = [\",\n  '''\ny = [\n''', # [\n]\nb = 1\n",
            "a = {\n  b = 1,\n  c = [ { d = \"}\\\"{\" } ],\n}\n[e]\n[[f]]\n",
            "a = \"\"\"\nb = [\nc = 1\n\"\"\"\n",
            "[a\nb = 1\n",
            "a = \"open [\nb = 1\n",
            "\u{feff}a = [1]\r\nb = [\r\n  2,\r\n]\r\n",
        ] {
            assert_eq!(open(text), [], "{text}");
        }
    }

    #[test]
    fn blanks_move_nothing() {
        let text = "a = [\"甲\",\n  2\nb = 1\n";
        let blank = blanked(text, &left_open(text));
        assert_eq!(blank.len(), text.len());
        assert_eq!(blank.find("b = 1"), text.find("b = 1"));
        assert_eq!(blank.trim(), "b = 1");
        assert_eq!(blank.matches('\n').count(), 3);
    }
}
