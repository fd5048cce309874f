//! Markdown → HTML that may stand in a page.
//!
//! Our own writer rather than pulldown-cmark's: it writes the same bytes as the
//! serialiser behind ammonia (so that sanitising such output again changes
//! nothing), aligns table cells by class (the pages' policy forbids inline
//! styles), moves headings below those of the page, and joins Chinese lines.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::{emphasis, joining, sanitise};

/// A heading of a handbook page, for its table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The fragment that leads to it, without `#`.
    pub id: String,
    /// Its text without markup.
    pub text: String,
}

/// A handbook page: its HTML and its headings in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Sanitised HTML.
    pub html: String,
    /// The headings, the title among them.
    pub headings: Vec<Heading>,
}

/// The HTML of a text in a record. Headings start at the fourth level, below
/// those of the page and its sections; pictures are shown as their description,
/// for a page loads nothing from elsewhere.
#[must_use]
pub fn to_html(text: &str) -> String {
    // A line or two of plain words is most of what records hold.
    let mut writer = Writer {
        heading_shift: 3,
        ..Writer::default()
    };
    writer.write(text);
    writer.finish(text)
}

/// The HTML of a whole page from `site/pages`, headings with ids, pictures allowed.
#[must_use]
pub fn page_to_html(text: &str) -> Page {
    page_with_links(text, 0, &str::to_owned)
}

/// The same with links and pictures that lead where `lead` says, and headings
/// this much below those of the text.
#[must_use]
pub fn page_with_links(text: &str, shift: u8, lead: &dyn Fn(&str) -> String) -> Page {
    let mut writer = Writer {
        with_ids: true,
        with_pictures: true,
        heading_shift: shift,
        lead: Some(lead),
        ..Writer::default()
    };
    writer.write(text);
    let headings = std::mem::take(&mut writer.headings);
    Page {
        html: writer.finish(text),
        headings,
    }
}

/// How many elements may stand inside each other where the sanitiser has to
/// read the whole again: its time grows with the square of them.
const MAXIMUM_DEPTH: usize = 2_000;

#[derive(Default)]
struct Writer<'l> {
    out: String,
    /// Where links and pictures lead.
    lead: Option<&'l dyn Fn(&str) -> String>,
    heading_shift: u8,
    with_ids: bool,
    with_pictures: bool,
    headings: Vec<Heading>,
    /// Something was written that only the sanitiser can judge.
    doubtful: bool,
    /// At most how many elements can stand inside each other: the deepest
    /// Markdown, and every tag of raw HTML, for those need not be closed.
    depth: usize,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl Writer<'_> {
    fn write(&mut self, text: &str) {
        let events: Vec<Event<'_>> = emphasis::events(text);
        self.out.reserve(text.len() + text.len() / 2);
        self.depth = deepest(&events);
        let mut index = 0;
        while let Some(event) = events.get(index) {
            match event {
                Event::Start(Tag::Image { .. }) => index = self.picture(&events, index),
                Event::Start(Tag::Heading { level, .. }) => self.heading(&events, index, *level),
                Event::SoftBreak if joining::vanishes(&events, index) => {}
                Event::SoftBreak => self.out.push('\n'),
                event => self.event(event),
            }
            index += 1;
        }
    }

    /// The HTML; the source as it was written when it cannot be made harmless
    /// in a time that is bounded.
    fn finish(mut self, source: &str) -> String {
        if self.doubtful && self.depth > MAXIMUM_DEPTH {
            self.out.clear();
            self.out.push_str("<pre><code>");
            self.text(source);
            self.out.push_str("</code></pre>\n");
            self.out
        } else if self.doubtful {
            sanitise::clean(&self.out, self.with_pictures)
        } else {
            self.out
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) => self.text(text),
            Event::Code(code) => {
                self.out.push_str("<code>");
                self.text(code);
                self.out.push_str("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                self.doubtful = true;
                self.out.push_str(html);
            }
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            // Not in the dialect: footnotes, tasks, mathematics. Soft breaks are handled before.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::BlockQuote(_) => self.out.push_str("<blockquote>\n"),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.out.push_str("<pre><code>")
            }
            Tag::List(None) => self.out.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.out.push_str("<ol>\n"),
            Tag::List(Some(start)) => {
                self.out.push_str("<ol start=\"");
                self.out.push_str(&start.to_string());
                self.out.push_str("\">\n");
            }
            Tag::Item => self.out.push_str("<li>"),
            Tag::Table(alignments) => {
                self.alignments.clone_from(alignments);
                self.out.push_str("<table>");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => {
                self.out.push_str(if self.in_head { "<th" } else { "<td" });
                self.out.push_str(match self.alignments.get(self.column) {
                    Some(Alignment::Right) => " class=\"num\">",
                    Some(Alignment::Center) => " class=\"mid\">",
                    _ => ">",
                });
            }
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                self.out.push_str("<a href=\"");
                if *link_type == LinkType::Email {
                    self.out.push_str("mailto:");
                    self.doubtful |= !sanitise::is_harmless_address(&format!("mailto:{dest_url}"));
                    self.attribute(dest_url);
                } else {
                    self.address(dest_url);
                }
                self.title(title);
                self.out.push_str("\">");
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        self.out.push_str(match tag {
            TagEnd::Paragraph => "</p>\n",
            TagEnd::BlockQuote(_) => "</blockquote>\n",
            TagEnd::CodeBlock => "</code></pre>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::Table => "</tbody></table>\n",
            TagEnd::TableHead => {
                self.in_head = false;
                "</tr></thead><tbody>\n"
            }
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell => {
                self.column += 1;
                if self.in_head { "</th>" } else { "</td>" }
            }
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Link => "</a>",
            TagEnd::Heading(level) => {
                const CLOSING: [&str; 6] = [
                    "</h1>\n", "</h2>\n", "</h3>\n", "</h4>\n", "</h5>\n", "</h6>\n",
                ];
                CLOSING
                    .get(usize::from(self.level(level)).saturating_sub(1))
                    .copied()
                    .unwrap_or("</h6>\n")
            }
            _ => "",
        });
    }

    fn level(&self, level: HeadingLevel) -> u8 {
        (level as u8 + self.heading_shift).min(6)
    }

    fn heading(&mut self, events: &[Event<'_>], index: usize, level: HeadingLevel) {
        let level = self.level(level);
        self.out.push_str("<h");
        self.out.push(char::from(b'0' + level));
        if self.with_ids && level <= 4 {
            let text = text_until(events, index, |end| matches!(end, TagEnd::Heading(_))).0;
            let id = self.fresh_id(&text);
            self.out.push_str(" id=\"");
            self.attribute(&id);
            self.out.push('"');
            self.headings.push(Heading { level, id, text });
        }
        self.out.push('>');
    }

    /// The heading's words joined by hyphens, with a number where they are taken.
    fn fresh_id(&self, text: &str) -> String {
        let mut id = String::with_capacity(text.len());
        for character in text.chars() {
            if character.is_alphanumeric() {
                id.extend(character.to_lowercase());
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        let stem = id.trim_end_matches('-').to_owned();
        // These are the frame's own.
        let taken = |id: &str| {
            matches!(id, "" | "main" | "nav" | "top" | "toc-h")
                || self.headings.iter().any(|h| h.id == id)
        };
        let mut id = stem.clone();
        let mut number = 1;
        while taken(&id) {
            number += 1;
            id = format!("{stem}-{number}");
        }
        id
    }

    /// Writes a picture, or its description; returns the index of its end.
    fn picture(&mut self, events: &[Event<'_>], index: usize) -> usize {
        let (text, end) = text_until(events, index, |end| *end == TagEnd::Image);
        if let (
            true,
            Some(Event::Start(Tag::Image {
                dest_url, title, ..
            })),
        ) = (self.with_pictures, events.get(index))
        {
            self.out.push_str("<img src=\"");
            self.address(dest_url);
            self.out.push_str("\" alt=\"");
            self.attribute(&text);
            self.title(title);
            self.out.push_str("\">");
        } else {
            self.text(&text);
        }
        end
    }

    fn address(&mut self, address: &str) {
        let led = self.lead.map(|lead| lead(address));
        let address = led.as_deref().unwrap_or(address);
        self.doubtful |= !sanitise::is_harmless_address(address);
        self.attribute(address);
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            self.attribute(title);
        }
    }

    fn text(&mut self, text: &str) {
        self.escape(text, false);
    }

    fn attribute(&mut self, text: &str) {
        self.escape(text, true);
    }

    fn escape(&mut self, text: &str, quotes: bool) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\u{a0}', '\r', '\0', '\u{c}']) {
            self.out.push_str(&rest[..at]);
            let character = rest[at..].chars().next().unwrap_or_default();
            self.out.push_str(match character {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' if quotes => "&quot;",
                '"' => "\"",
                '\u{a0}' => "&nbsp;",
                // Not characters of HTML, however they came to be here.
                '\0' => "\u{fffd}",
                _ => " ",
            });
            rest = &rest[at + character.len_utf8()..];
        }
        self.out.push_str(rest);
    }
}

/// How deep the elements of these events can become: see [`Writer::depth`].
fn deepest(events: &[Event<'_>]) -> usize {
    let (mut open, mut deepest, mut raw) = (0_usize, 0, 0);
    for event in events {
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => open = open.saturating_sub(1),
            Event::Html(html) | Event::InlineHtml(html) => raw += html.matches('<').count(),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest + raw
}

/// The plain text from the start at `index` to its end, and the index of that end.
fn text_until(
    events: &[Event<'_>],
    index: usize,
    is_end: impl Fn(&TagEnd) -> bool,
) -> (String, usize) {
    let mut text = String::new();
    let mut depth = 0_usize;
    for (at, event) in events.iter().enumerate().skip(index) {
        match event {
            Event::Start(Tag::Image { .. } | Tag::Heading { .. }) => depth += 1,
            Event::End(end) if is_end(end) => {
                depth -= 1;
                if depth == 0 {
                    return (text, at);
                }
            }
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    (text, events.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_of_a_record_never_becomes_markup() {
        assert_eq!(to_html("<script>alert(1)</script>"), "");
        assert_eq!(
            to_html("甲 <img src=x onerror=alert(1)> <b onclick=x>乙</b>"),
            "<p>甲  <b>乙</b></p>\n"
        );
        assert_eq!(to_html("[去](javascript:alert(1))"), "<p><a>去</a></p>\n");
        assert_eq!(to_html("a < b & c"), "<p>a &lt; b &amp; c</p>\n");
    }

    #[test]
    fn markup_too_deep_for_the_sanitiser_is_shown_as_it_was_written() {
        let deep = "<div>".repeat(3_000);
        let html = to_html(&deep);
        assert_eq!(
            html,
            format!("<pre><code>{}</code></pre>\n", "&lt;div&gt;".repeat(3_000))
        );
        let quoted = format!("{}[去](javascript:x)", "> ".repeat(3_000));
        assert!(to_html(&quoted).starts_with("<pre><code>&gt; &gt; "));
        let usual = format!("{}[去](javascript:x)", "> ".repeat(20));
        assert!(to_html(&usual).contains("<a>去</a>"));
    }

    #[test]
    fn a_line_break_between_chinese_characters_is_no_space() {
        assert_eq!(
            to_html("整机续航不低于\n三十六小时。"),
            "<p>整机续航不低于三十六小时。</p>\n"
        );
        assert_eq!(
            to_html("见\n**附表**\n二"),
            "<p>见<strong>附表</strong>二</p>\n"
        );
        assert_eq!(to_html("battery\nlife"), "<p>battery\nlife</p>\n");
        assert_eq!(to_html("续航\n36 小时"), "<p>续航\n36 小时</p>\n");
    }

    #[test]
    fn headings_of_a_record_stay_below_those_of_the_page() {
        assert_eq!(to_html("# 一\n###### 二"), "<h4>一</h4>\n<h6>二</h6>\n");
    }

    #[test]
    fn a_page_lists_its_headings_with_their_own_ids() {
        let page = page_to_html("# 时限\n\n## 单位\n\n## 单位\n\n![图](a.png \"说明\")");
        let ids: Vec<_> = page
            .headings
            .iter()
            .map(|h| (h.level, h.id.as_str()))
            .collect();
        assert_eq!(ids, [(1, "时限"), (2, "单位"), (2, "单位-2")]);
        assert!(
            page.html
                .contains("<img src=\"a.png\" alt=\"图\" title=\"说明\">"),
            "{}",
            page.html
        );
    }

    #[test]
    fn pictures_in_records_show_as_their_description() {
        assert_eq!(
            to_html("![样机](https://example.com/a.png)"),
            "<p>样机</p>\n"
        );
    }

    #[test]
    fn columns_align_by_class() {
        let html = to_html("|名称|数量|\n|-|-:|\n|表带|3|");
        assert_eq!(
            html,
            "<table><thead><tr><th>名称</th><th class=\"num\">数量</th></tr></thead><tbody>\n\
             <tr><td>表带</td><td class=\"num\">3</td></tr>\n</tbody></table>\n"
        );
    }

    #[test]
    fn an_address_with_an_unknown_scheme_is_dropped_and_the_words_stay() {
        assert_eq!(to_html("[x](vbscript:y)"), "<p><a>x</a></p>\n");
        assert_eq!(
            to_html("<li@example.com>"),
            "<p><a href=\"mailto:li@example.com\">li@example.com</a></p>\n"
        );
    }

    /// Markdown's own characters, so that structures come up often.
    fn markdown() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\n".to_owned()),
            Just("\n\n".to_owned()),
            "[-*_`#>|~!()\\[\\]\"'&:+0-9. ]{1,4}",
            "[a-z<>/=]{1,6}",
            "[一-龥，。“”]{1,4}",
            Just("[名](https://example.com/a?b=1&c=\"2\")".to_owned()),
            Just("|a|b|\n|-|:-:|\n|c|d|\n".to_owned()),
            Just("<b>粗</b>".to_owned()),
            Just("&nbsp;&#13;&#0;&quot;".to_owned()),
            "\\PC{1,3}",
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// What the fast way writes is what the sanitiser would have made of it.
        #[test]
        fn without_raw_html_sanitising_changes_nothing(text in markdown(), with_pictures in any::<bool>()) {
            let mut writer = Writer { with_pictures, with_ids: with_pictures, ..Writer::default() };
            writer.write(&text);
            if !writer.doubtful {
                prop_assert_eq!(sanitise::clean(&writer.out, with_pictures), writer.out);
            }
        }
    }
}
