//! What a merge has left unfinished: lines of `<<<<<<<`, `=======`, `>>>>>>>`
//! with both sides between them.
//!
//! They are looked for in every text, since inside of a text of several lines
//! they leave the file valid TOML. Ours is then what the file says, so that one
//! finding stands at the conflict and the rest of the file can be read.

use std::ops::Range;

/// No merge draws shorter marks.
const SIZE: usize = 7;

/// Two versions of some lines, between marks; or a mark that was left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmerged {
    /// The line of its first mark, without its end.
    pub mark: Range<usize>,
    /// Bytes from its first mark to the end of its last one.
    pub lines: Range<usize>,
    /// The lines of our side and of theirs; none for a mark left alone.
    pub sides: Option<[Range<usize>; 2]>,
}

/// Every conflict of a text, in order.
pub(super) fn unmerged(text: &str) -> Vec<Unmerged> {
    let is_there = |mark: &[u8]| memchr::memmem::find(text.as_bytes(), mark).is_some();
    if !is_there(b"<<<<<<<") && !is_there(b">>>>>>>") {
        return Vec::new();
    }
    let mut found: Vec<Unmerged> = Vec::new();
    let mut open: Option<Open> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let Some((mark, size)) = mark_of(line) else {
            continue;
        };
        let alone = |range: Range<usize>| Unmerged {
            mark: range.start..range.start + line.trim_end().len(),
            lines: range,
            sides: None,
        };
        let is_open = open.is_some();
        match (mark, open.as_mut().filter(|open| open.size == size)) {
            ('<', _) => {
                // another one begins within: the marks of a merge of merges
                if open.as_ref().is_some_and(|open| open.size != size) {
                    continue;
                }
                if let Some(open) = open.take() {
                    found.push(open.alone());
                }
                open = Some(Open {
                    size,
                    mark: range.start..range.start + line.trim_end().len(),
                    line: range.clone(),
                    base: None,
                    middle: None,
                });
            }
            ('|', Some(open)) if open.middle.is_none() => open.base = Some(range),
            ('=', Some(open)) if open.middle.is_none() => open.middle = Some(range),
            ('>', Some(_)) => {
                if let Some(open) = open.take() {
                    found.push(open.closed(range));
                }
            }
            ('>', None) if !is_open => found.push(alone(range)),
            _ => {}
        }
    }
    if let Some(open) = open {
        found.push(open.alone());
    }
    found
}

struct Open {
    size: usize,
    mark: Range<usize>,
    line: Range<usize>,
    base: Option<Range<usize>>,
    middle: Option<Range<usize>>,
}

impl Open {
    fn alone(self) -> Unmerged {
        Unmerged {
            mark: self.mark,
            lines: self.line,
            sides: None,
        }
    }

    fn closed(self, end: Range<usize>) -> Unmerged {
        let start = self.line.start;
        let sides = self.middle.map(|middle| {
            let ours = self.base.map_or(middle.start, |base| base.start);
            [self.line.end..ours, middle.end..end.start]
        });
        Unmerged {
            mark: self.mark,
            lines: start..end.end,
            sides,
        }
    }
}

/// Which mark a line is, and how long.
fn mark_of(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| "<|=>".contains(*c))?;
    let rest = line.trim_start_matches(mark);
    let size = line.len() - rest.len();
    let rest = rest.trim_end_matches(['\n', '\r']);
    let is_mark = match mark {
        '=' => rest.is_empty(),
        _ => rest.is_empty() || rest.starts_with(' '),
    };
    (size >= SIZE && is_mark).then_some((mark, size))
}

/// The text with blanks in place of marks and of every side but the one: ours
/// is 0, theirs 1. Every other byte keeps its place.
pub fn settled(text: &str, unmerged: &[Unmerged], side: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let blank = |out: &mut String, range: Range<usize>| {
        let keep_ends = |byte: &u8| if *byte == b'\n' { '\n' } else { ' ' };
        out.extend(text.as_bytes()[range].iter().map(keep_ends));
    };
    for conflict in unmerged {
        out.push_str(&text[from..conflict.lines.start]);
        let kept = match &conflict.sides {
            Some(sides) => sides[side.min(1)].clone(),
            None => conflict.lines.end..conflict.lines.end,
        };
        blank(&mut out, conflict.lines.start..kept.start);
        out.push_str(&text[kept.clone()]);
        blank(&mut out, kept.end..conflict.lines.end);
        from = conflict.lines.end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(text: &str) -> Vec<(&str, Option<[&str; 2]>)> {
        let told = |one: Unmerged| {
            let sides = one.sides.map(|sides| sides.map(|side| &text[side]));
            (&text[one.mark], sides)
        };
        unmerged(text).into_iter().map(told).collect()
    }

    #[test]
    fn both_sides_are_found_with_and_without_what_they_come_from() {
        let text = "a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> other\nc = 4\n";
        assert_eq!(told(text), [("<<<<<<< HEAD", Some(["b = 2\n", "b = 3\n"]))]);
        let text = "<<<<<<< HEAD\r\nb = 2\r\n||||||| 1f2e\r\nb = 1\r\n=======\r\n>>>>>>> other";
        assert_eq!(told(text), [("<<<<<<< HEAD", Some(["b = 2\r\n", ""]))]);
    }

    #[test]
    fn a_mark_left_alone_is_one_too() {
        assert_eq!(told("a = 1\n>>>>>>> other\n"), [(">>>>>>> other", None)]);
        assert_eq!(told("<<<<<<< HEAD\na = 1\n"), [("<<<<<<< HEAD", None)]);
        let text = "<<<<<<< HEAD\n<<<<<<< HEAD\na = 1\n=======\n>>>>>>> other\n";
        assert_eq!(told(text).len(), 2);
    }

    #[test]
    fn lines_that_only_look_like_marks_are_none() {
        for text in [
            "a = '''\n标题\n=======\n'''\n",
            "a = '''\n<<<<<< six\n>>>>>>\n'''\n",
            "a = '''\n>>>>>>>quoted\n'''\n",
            "a = 1 # <<<<<<< HEAD\n",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn longer_marks_are_those_of_another_merge() {
        let text = "<<<<<<< HEAD\na\n||||||| base\n<<<<<<<<< x\n=========\n>>>>>>>>> y\n=======\nb\n>>>>>>> z\n";
        assert_eq!(told(text), [("<<<<<<< HEAD", Some(["a\n", "b\n"]))]);
    }

    #[test]
    fn blanks_move_nothing() {
        let text = "a = 1\n<<<<<<< 本\nb = \"甲\"\n=======\nb = \"乙\"\n>>>>>>> 他\nc = 4\n";
        for (side, value) in [(0, "b = \"甲\""), (1, "b = \"乙\"")] {
            let settled = settled(text, &unmerged(text), side);
            assert_eq!(settled.len(), text.len());
            assert_eq!(settled.find(value), text.find(value));
            let lines: Vec<&str> = settled.split_whitespace().collect();
            assert_eq!(lines.join(" "), format!("a = 1 {value} c = 4"));
        }
    }
}
