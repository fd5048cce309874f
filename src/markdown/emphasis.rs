//! Emphasis beside Chinese punctuation.
//!
//! CommonMark tells where emphasis begins and ends by the spaces around
//! punctuation. Chinese has none, so that `**重点。**其余` keeps its asterisks.
//! Its amendment for Chinese, Japanese and Korean counts a mark beside such a
//! character as one beside a letter. pulldown-cmark has it in no release yet;
//! until then a character that stands in no text is put between punctuation and
//! mark, and taken out of what was parsed.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag};

use super::{DIALECT, joining};

/// A noncharacter: neither space nor punctuation, and in no text ("not for
/// interchange").
const JOINT: char = '\u{FDD0}';

/// What a text says, in the dialect of this module.
pub(super) fn events(text: &str) -> Vec<Event<'_>> {
    match joined(text) {
        Cow::Borrowed(text) => Parser::new_ext(text, DIALECT).collect(),
        Cow::Owned(text) => Parser::new_ext(&text, DIALECT)
            .map(|event| without_joints(event).into_static())
            .collect(),
    }
}

/// The text with a joint between each mark of emphasis and punctuation that
/// would hide it.
fn joined(text: &str) -> Cow<'_, str> {
    // nothing is put into a text that has one
    if !text.contains(['*', '~']) || text.contains(JOINT) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find(['*', '~']) {
        let start = from + found;
        let rest = &text[start..];
        let mark = if rest.starts_with('*') { '*' } else { '~' };
        let end = start + rest.len() - rest.trim_start_matches(mark).len();
        from = end;
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        let (Some(before), Some(after)) = (before, after) else {
            continue;
        };
        let is_apart = before.is_whitespace() || after.is_whitespace() || before == '\\';
        if is_apart || !(joining::is_chinese(before) || joining::is_chinese(after)) {
            continue;
        }
        for (is_hidden, place) in [
            (!before.is_alphanumeric(), start),
            (!after.is_alphanumeric(), end),
        ] {
            if is_hidden {
                out.push_str(&text[done..place]);
                out.push(JOINT);
                done = place;
            }
        }
    }
    match done {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(out + &text[done..]),
    }
}

fn without_joints(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) => Event::Text(plain(text)),
        Event::Code(text) => Event::Code(plain(text)),
        Event::Html(text) => Event::Html(plain(text)),
        Event::InlineHtml(text) => Event::InlineHtml(plain(text)),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: plain(dest_url),
            title: plain(title),
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: plain(dest_url),
            title: plain(title),
            id,
        }),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(plain(info))))
        }
        other => other,
    }
}

fn plain(text: CowStr<'_>) -> CowStr<'_> {
    match text.contains(JOINT) {
        true => text.replace(JOINT, "").into(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{to_blocks, to_html};

    #[test]
    fn punctuation_inside_or_outside_hides_no_emphasis() {
        for (text, html) in [
            ("**重点。**其余", "<p><strong>重点。</strong>其余</p>"),
            (
                "说明**（重点）**如下",
                "<p>说明<strong>（重点）</strong>如下</p>",
            ),
            ("他说**“可以”**。", "<p>他说<strong>“可以”</strong>。</p>"),
            (
                "**甲。**与**乙。**都是",
                "<p><strong>甲。</strong>与<strong>乙。</strong>都是</p>",
            ),
            ("*注意：*请按时", "<p><em>注意：</em>请按时</p>"),
            ("~~旧价。~~新价", "<p><del>旧价。</del>新价</p>"),
            ("价格**$5**元", "<p>价格<strong>$5</strong>元</p>"),
            (
                "**见[附件](a.html)。**另行通知",
                "<p><strong>见<a href=\"a.html\">附件</a>。</strong>另行通知</p>",
            ),
        ] {
            assert_eq!(
                to_html(text)
                    .trim()
                    .replace(" rel=\"noopener noreferrer\"", ""),
                html,
                "{text}"
            );
            assert!(!format!("{:?}", to_blocks(text)).contains('*'), "{text}");
        }
    }

    #[test]
    fn what_is_no_emphasis_stays_as_it_is_written() {
        for text in [
            "3 * 4，5*6",
            "\\*\\*重点。\\*\\*其余",
            "`**重点。**其余`",
            "** 重点。**其余",
            "（**）",
            "**重点。其余",
        ] {
            let html = to_html(text);
            assert!(!html.contains("strong") && !html.contains("<em>"), "{html}");
            assert!(!html.contains('\u{FDD0}'), "{html}");
        }
        let code = to_html("```\n**重点。**其余\n```");
        assert!(code.contains("**重点。**其余"), "{code}");
    }
}
