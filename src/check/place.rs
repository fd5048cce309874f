//! Where in a file the words of a string value stand.
//!
//! A value is not its source: quotes, escapes, line ends and the first line
//! break of a multi-line string lie between the two.

use std::ops::Range;

use crate::finding::{Place, Span};
use crate::record::Record;
use crate::register::Register;

/// The place of bytes `range` of a string value that stands at `span`; the
/// whole value when its source cannot be followed.
pub fn in_value(register: &Register, record: &Record, span: Span, range: Range<usize>) -> Place {
    let source = register.sources.file(record.file).slice(span);
    let inner = raw_range(source, &range).map(|raw| {
        let start = span.start as usize;
        Span::new(start + raw.start..start + raw.end)
    });
    record.place(inner.unwrap_or(span))
}

/// The bytes of a string's source that make bytes `range` of its value.
fn raw_range(source: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let quote = source.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let triple = source.len() >= 6 && source.starts_with(&[quote; 3].iter().collect::<String>());
    let mut at = if triple { 3 } else { 1 };
    if triple {
        let first = &source[at..];
        let line_end = ["\r\n", "\n"].iter().find(|end| first.starts_with(**end));
        at += line_end.map_or(0, |end| end.len());
    }
    let end = source.len() - if triple { 3 } else { 1 };
    let mut value = 0;
    let mut start = None;
    while at < end {
        let (raw, made) = unit(source.get(at..end)?, quote == '"')?;
        if made > 0 {
            if start.is_none() && value + made > range.start {
                start = Some(at);
            }
            value += made;
            if value >= range.end {
                return Some(start?..at + raw);
            }
        }
        at += raw;
    }
    None
}

/// How many bytes of source the next piece takes, and how many bytes of value it makes.
fn unit(rest: &str, escapes: bool) -> Option<(usize, usize)> {
    let first = rest.chars().next()?;
    if rest.starts_with("\r\n") {
        return Some((2, 1));
    }
    if first != '\\' || !escapes {
        return Some((first.len_utf8(), first.len_utf8()));
    }
    let digits = match rest[1..].chars().next()? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        // a backslash at the end of a line swallows all white space after it
        c if c.is_whitespace() => {
            let blank = rest[1..].len() - rest[1..].trim_start().len();
            return Some((1 + blank, 0));
        }
        _ => return Some((2, 1)),
    };
    let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
    Some((2 + digits, char::from_u32(code)?.len_utf8()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What of the source is pointed at for a term of the value.
    fn pointed<'s>(source: &'s str, value: &str, term: &str) -> &'s str {
        let at = value.find(term).unwrap();
        &source[raw_range(source, &(at..at + term.len())).unwrap()]
    }

    #[test]
    fn plain_strings_are_offset_by_their_quotes() {
        assert_eq!(pointed("\"请尽快办\"", "请尽快办", "尽快"), "尽快");
        assert_eq!(pointed("'请尽快办'", "请尽快办", "尽快"), "尽快");
        assert_eq!(pointed("'a\\n尽快'", "a\\n尽快", "尽快"), "尽快");
    }

    #[test]
    fn escapes_before_and_inside_are_followed() {
        assert_eq!(pointed(r#""\"甲\"\n尽快""#, "\"甲\"\n尽快", "尽快"), "尽快");
        assert_eq!(pointed(r#""\u5C3d快办""#, "尽快办", "尽快"), r"\u5C3d快");
    }

    #[test]
    fn multi_line_strings_lose_their_first_line_break_and_folded_lines() {
        let source = "\"\"\"\n一\r\n二 \\\n   尽快\"\"\"";
        assert_eq!(pointed(source, "一\n二 尽快", "尽快"), "尽快");
        assert_eq!(pointed("'''\r\n尽快'''", "尽快", "尽快"), "尽快");
    }
}
