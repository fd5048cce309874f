//! The language of parts (WCAG 2.2, 3.1.2): what records say in Chinese is
//! marked as such on a page in another language, so that it is read out and
//! drawn as Chinese.
//!
//! It is done to finished pages: there is no telling in a template what a value
//! will be written in, and none can forget it here. An element whose words are
//! all Chinese gets the attribute; Chinese words among others stand in a `bdi`,
//! which no style sheet lays hands on, and with those others in one element
//! more: in a row of boxes each piece would be a box of its own.

use crate::text::Language;

/// Elements that hold nothing but text.
const TEXT_ONLY: [&str; 3] = ["title", "option", "textarea"];
/// Elements without content.
const EMPTY: [&str; 9] = [
    "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr",
];
/// Elements whose content is not for reading.
const SKIPPED: [&str; 2] = ["script", "style"];

/// The page with its Chinese words marked. It is one that our templates made:
/// attributes are quoted, and every element but the empty ones is closed.
pub(super) fn mark_chinese(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 8);
    let mut rest = page;
    // the element that was opened just now, and where its mark would stand; none
    // in one that says its language itself
    let mut opened: Option<(&str, Option<usize>)> = None;
    let mut drawing = 0_usize;
    while !rest.is_empty() {
        let Some(start) = rest.find('<') else {
            out.push_str(rest);
            break;
        };
        let (text, tail) = rest.split_at(start);
        let tag = &tail[..tag_length(tail)];
        let name = name(tag);
        if text.contains(is_chinese) {
            let closes = tag.strip_prefix("</").is_some_and(|_| opened.is_some());
            let whole = opened.filter(|_| closes && is_all_chinese(text));
            let inside = opened.map(|(name, _)| name);
            match whole {
                Some((_, place)) => {
                    if let Some(place) = place {
                        out.insert_str(place, &attribute());
                    }
                    out.push_str(text);
                }
                None if drawing > 0 || inside.is_some_and(|name| TEXT_ONLY.contains(&name)) => {
                    out.push_str(text);
                }
                None => push_marked(&mut out, text),
            }
        } else {
            out.push_str(text);
        }
        out.push_str(tag);
        rest = &tail[tag.len()..];
        let is_open = !tag.starts_with("</") && !tag.starts_with("<!");
        opened = None;
        match (is_open, name) {
            (true, "svg") => drawing += 1,
            (false, "svg") => drawing = drawing.saturating_sub(1),
            _ => {}
        }
        if is_open && SKIPPED.contains(&name) {
            let end = rest.find(&format!("</{name}")).unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if is_open && !EMPTY.contains(&name) && !tag.ends_with("/>") {
            let is_told = tag.contains(" lang=");
            opened = Some((name, (!is_told).then_some(out.len() - 1)));
        }
    }
    out
}

fn attribute() -> String {
    format!(" lang=\"{}\"", Language::Chinese.tag())
}

/// Text of several languages: Chinese words marked, all of it in one element.
fn push_marked(out: &mut String, text: &str) {
    let inner = text.trim();
    let first = text.len() - text.trim_start().len();
    let (before, after) = (&text[..first], &text[first + inner.len()..]);
    let attribute = attribute();
    out.push_str(before);
    if is_all_chinese(inner) {
        out.push_str(&format!("<bdi{attribute}>{inner}</bdi>"));
    } else {
        out.push_str("<bdi>");
        for piece in inner.split_inclusive(' ') {
            let word = piece.trim_end_matches(' ');
            match word.contains(is_chinese) {
                true => out.push_str(&format!("<bdi{attribute}>{word}</bdi>")),
                false => out.push_str(word),
            }
            out.push_str(&piece[word.len()..]);
        }
        out.push_str("</bdi>");
    }
    out.push_str(after);
}

/// Whether it reads as Chinese from end to end: no word of several Latin
/// letters stands by itself.
fn is_all_chinese(text: &str) -> bool {
    let words = text.split_whitespace();
    let foreign = |word: &str| {
        !word.contains(is_chinese)
            && word.chars().filter(|letter| letter.is_alphabetic()).count() > 1
    };
    !{ words }.any(foreign)
}

/// Han characters.
fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Length of the tag or comment at the start of a text.
fn tag_length(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |end| end + 3);
    }
    let mut quoted = false;
    let end = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(text.len(), |end| end + 1)
}

/// The name of a tag's element.
fn name(tag: &str) -> &str {
    let inner = tag.trim_start_matches(['<', '/']);
    let end = inner.find(|letter: char| !letter.is_ascii_alphanumeric());
    &inner[..end.unwrap_or(inner.len())]
}

#[cfg(test)]
mod tests {
    use super::mark_chinese;

    #[test]
    fn chinese_words_are_marked_where_they_stand() {
        for (page, marked) in [
            ("<p>Due today</p>", "<p>Due today</p>"),
            ("<p>夹具试制</p>", "<p lang=\"zh-CN\">夹具试制</p>"),
            (
                "<td class=\"a\">星曜S2 夹具</td>",
                "<td class=\"a\" lang=\"zh-CN\">星曜S2 夹具</td>",
            ),
            (
                "<p>By 张伟 (研发部)</p>",
                "<p><bdi>By <bdi lang=\"zh-CN\">张伟</bdi> <bdi lang=\"zh-CN\">(研发部)</bdi></bdi></p>",
            ),
            (
                "<p>张伟<br>李娜</p>",
                "<p><bdi lang=\"zh-CN\">张伟</bdi><br><bdi lang=\"zh-CN\">李娜</bdi></p>",
            ),
            (
                "<p><b>To:</b> 张伟</p>",
                "<p><b>To:</b> <bdi lang=\"zh-CN\">张伟</bdi></p>",
            ),
        ] {
            assert_eq!(mark_chinese(page), marked);
        }
    }

    #[test]
    fn what_is_marked_or_may_not_hold_an_element_is_left() {
        for page in [
            "<a lang=\"zh-CN\">中文</a>",
            "<title>Changes · 示例公司</title>",
            "<script src=\"a.js\">\"中文\"</script>",
            "<svg><text>Owed by 张伟</text></svg>",
            "<!-- 中文 --><p title=\"a > 中文\">a</p>",
            "<input value=\"中文\">",
        ] {
            assert_eq!(mark_chinese(page), page);
        }
        assert_eq!(
            mark_chinese("<svg><text x=\"1\">张伟</text></svg>"),
            "<svg><text x=\"1\" lang=\"zh-CN\">张伟</text></svg>"
        );
        assert_eq!(
            mark_chinese("<option>张伟</option>"),
            "<option lang=\"zh-CN\">张伟</option>"
        );
    }
}
