//! Markdown → a tree of plain blocks, for the Typst side of printed forms.
//!
//! Invariant: a leaf is a string that its reader prints as text. Nothing here
//! can become Typst markup, because the template receives data, not source.

use pulldown_cmark::{Alignment, Event, LinkType, Tag, TagEnd};
use serde::Serialize;

use super::{emphasis, joining, sanitise};

/// How deep blocks and inlines may nest; what lies deeper joins its ancestor.
/// Typst lays out recursively, so this bounds its stack; and the HTML forms are
/// made of components, of which Tera lets twenty stand in each other.
const DEEPEST: usize = 12;

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its text.
        inlines: Vec<Inline>,
    },
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        inlines: Vec<Inline>,
    },
    /// A list.
    List {
        /// The first number of a numbered list; `None` for bullets.
        start: Option<u64>,
        /// The blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote {
        /// What it quotes.
        blocks: Vec<Block>,
    },
    /// Text in fixed width, line breaks kept.
    Code {
        /// The text, without its last line break.
        text: String,
    },
    /// A table.
    Table {
        /// `left`, `center` or `right`, one a column.
        alignments: Vec<&'static str>,
        /// The cells of the head.
        head: Vec<Vec<Inline>>,
        /// The cells of each row.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A rule across.
    Rule,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Inline {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// Words in fixed width.
    Code {
        /// The words.
        text: String,
    },
    /// Emphasis.
    Emphasis {
        /// What is emphasised.
        inlines: Vec<Inline>,
    },
    /// Strong emphasis.
    Strong {
        /// What is emphasised.
        inlines: Vec<Inline>,
    },
    /// Struck through.
    Struck {
        /// What is struck through.
        inlines: Vec<Inline>,
    },
    /// A link.
    Link {
        /// Where it leads: `http`, `https`, `mailto`, `tel` or relative; empty where it was none of these.
        address: String,
        /// Its words.
        inlines: Vec<Inline>,
    },
    /// A line break that the author asked for.
    Break,
}

/// The blocks of a text. Raw HTML is reduced to its words, pictures to their description.
#[must_use]
pub fn to_blocks(text: &str) -> Vec<Block> {
    let events: Vec<Event<'_>> = emphasis::events(text);
    let mut reader = Reader {
        events: &events,
        at: 0,
    };
    reader.blocks(0)
}

struct Reader<'e, 't> {
    events: &'e [Event<'t>],
    at: usize,
}

impl<'e, 't> Reader<'e, 't> {
    fn next(&mut self) -> Option<&'e Event<'t>> {
        let event = self.events.get(self.at);
        self.at += 1;
        event
    }

    /// Blocks up to the end of the element that was just entered.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::End(_) => break,
                Event::Rule => blocks.push(Block::Rule),
                Event::Start(tag) if is_inline(tag) => self.loose(&mut blocks, depth),
                Event::Start(_) if depth >= DEEPEST => {
                    let words = self.words();
                    push_paragraph(&mut blocks, words);
                }
                Event::Start(tag) => self.block(tag, depth, &mut blocks),
                Event::Html(html) => push_text(&mut blocks, &sanitise::text_of(html)),
                _ => self.loose(&mut blocks, depth),
            }
        }
        blocks
    }

    /// Inlines that stand directly in an item of a tight list.
    fn loose(&mut self, blocks: &mut Vec<Block>, depth: usize) {
        self.at -= 1;
        let mut inlines = Vec::new();
        self.inlines(&mut inlines, depth + 1, true);
        push_paragraph(blocks, inlines);
    }

    fn block(&mut self, tag: &Tag<'_>, depth: usize, blocks: &mut Vec<Block>) {
        match tag {
            Tag::Paragraph => {
                let inlines = self.line(depth);
                push_paragraph(blocks, inlines);
            }
            Tag::Heading { level, .. } => {
                let inlines = self.line(depth);
                blocks.push(Block::Heading {
                    level: *level as u8,
                    inlines,
                });
            }
            Tag::BlockQuote(_) => {
                let inner = self.blocks(depth + 1);
                blocks.push(Block::Quote { blocks: inner });
            }
            Tag::List(start) => {
                let mut items = Vec::new();
                while let Some(Event::Start(Tag::Item)) = self.next() {
                    items.push(self.blocks(depth + 1));
                }
                blocks.push(Block::List {
                    start: *start,
                    items,
                });
            }
            Tag::CodeBlock(_) => {
                let mut text = String::new();
                while let Some(event) = self.next() {
                    match event {
                        Event::Text(part) => text.push_str(part),
                        _ => break,
                    }
                }
                blocks.push(Block::Code {
                    text: text.trim_end_matches('\n').to_owned(),
                });
            }
            Tag::Table(alignments) => {
                let table = self.table(alignments, depth);
                blocks.push(table);
            }
            // HTML blocks, and what the dialect does not have.
            _ => blocks.extend(self.blocks(depth + 1)),
        }
    }

    fn table(&mut self, alignments: &[Alignment], depth: usize) -> Block {
        let mut head = Vec::new();
        let mut rows = Vec::new();
        loop {
            match self.next() {
                Some(Event::Start(Tag::TableHead)) => head = self.cells(depth),
                Some(Event::Start(Tag::TableRow)) => rows.push(self.cells(depth)),
                _ => break,
            }
        }
        let alignments = alignments
            .iter()
            .map(|alignment| match alignment {
                Alignment::Right => "right",
                Alignment::Center => "center",
                Alignment::Left | Alignment::None => "left",
            })
            .collect();
        Block::Table {
            alignments,
            head,
            rows,
        }
    }

    fn cells(&mut self, depth: usize) -> Vec<Vec<Inline>> {
        let mut cells = Vec::new();
        while let Some(Event::Start(Tag::TableCell)) = self.next() {
            cells.push(self.line(depth));
        }
        cells
    }

    fn line(&mut self, depth: usize) -> Vec<Inline> {
        let mut inlines = Vec::new();
        self.inlines(&mut inlines, depth + 1, false);
        inlines
    }

    /// Inlines up to the end of the element, or, in an item (`loose`), up to the next block.
    fn inlines(&mut self, out: &mut Vec<Inline>, depth: usize, loose: bool) {
        while let Some(event) = self.next() {
            match event {
                Event::End(_) => {
                    if loose {
                        self.at -= 1;
                    }
                    return;
                }
                Event::Start(tag) if loose && !is_inline(tag) => {
                    self.at -= 1;
                    return;
                }
                Event::Rule | Event::Html(_) if loose => {
                    self.at -= 1;
                    return;
                }
                Event::Text(text) => push_words(out, text),
                Event::Code(text) => out.push(Inline::Code {
                    text: text.to_string(),
                }),
                Event::InlineHtml(html) if is_line_break(html) => out.push(Inline::Break),
                Event::InlineHtml(html) => push_words(out, &sanitise::text_of(html)),
                Event::HardBreak => out.push(Inline::Break),
                Event::SoftBreak if joining::vanishes(self.events, self.at - 1) => {}
                Event::SoftBreak => push_words(out, " "),
                Event::Start(_) if depth >= DEEPEST => {
                    let words = self.words();
                    out.extend(words);
                }
                Event::Start(tag) => {
                    let mut inlines = Vec::new();
                    self.inlines(&mut inlines, depth + 1, false);
                    match tag {
                        Tag::Emphasis => out.push(Inline::Emphasis { inlines }),
                        Tag::Strong => out.push(Inline::Strong { inlines }),
                        Tag::Strikethrough => out.push(Inline::Struck { inlines }),
                        Tag::Link {
                            link_type,
                            dest_url,
                            ..
                        } => {
                            let mut address = dest_url.to_string();
                            if *link_type == LinkType::Email {
                                address.insert_str(0, "mailto:");
                            }
                            if !sanitise::is_harmless_address(&address) {
                                address.clear();
                            }
                            out.push(Inline::Link { address, inlines });
                        }
                        _ => out.extend(inlines),
                    }
                }
                _ => {}
            }
        }
    }

    /// The words of everything inside an element that nests too deep.
    fn words(&mut self) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut open = 1_usize;
        while open > 0 {
            match self.next() {
                Some(Event::Start(_)) => open += 1,
                Some(Event::End(end)) => {
                    open -= 1;
                    if matches!(end, TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) {
                        push_words(&mut out, " ");
                    }
                }
                Some(Event::Text(text) | Event::Code(text)) => push_words(&mut out, text),
                Some(Event::SoftBreak | Event::HardBreak) => push_words(&mut out, " "),
                Some(_) => {}
                None => break,
            }
        }
        out
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn is_line_break(html: &str) -> bool {
    let name = html
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/')
        .trim();
    name.eq_ignore_ascii_case("br")
}

/// Adds words, joining them to words just before.
fn push_words(out: &mut Vec<Inline>, words: &str) {
    if let Some(Inline::Text { text }) = out.last_mut() {
        text.push_str(words);
    } else if !words.is_empty() {
        out.push(Inline::Text {
            text: words.to_owned(),
        });
    }
}

fn push_text(blocks: &mut Vec<Block>, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        blocks.push(Block::Paragraph {
            inlines: vec![Inline::Text {
                text: text.to_owned(),
            }],
        });
    }
}

fn push_paragraph(blocks: &mut Vec<Block>, inlines: Vec<Inline>) {
    if !inlines.is_empty() {
        blocks.push(Block::Paragraph { inlines });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn json(text: &str) -> String {
        serde_json::to_string(&to_blocks(text)).unwrap()
    }

    #[test]
    fn a_tight_list_has_a_paragraph_an_item() {
        assert_eq!(
            json("1. 甲 **乙**\n2. 丙\n   - 丁"),
            r#"[{"type":"list","start":1,"items":[[{"type":"paragraph","inlines":[{"type":"text","text":"甲 "},{"type":"strong","inlines":[{"type":"text","text":"乙"}]}]}],[{"type":"paragraph","inlines":[{"type":"text","text":"丙"}]},{"type":"list","start":null,"items":[[{"type":"paragraph","inlines":[{"type":"text","text":"丁"}]}]]}]]}]"#
        );
    }

    #[test]
    fn chinese_lines_join_and_latin_lines_keep_a_space() {
        assert_eq!(
            json("续航\n不足"),
            r#"[{"type":"paragraph","inlines":[{"type":"text","text":"续航不足"}]}]"#
        );
        assert_eq!(
            json("a\nb"),
            r#"[{"type":"paragraph","inlines":[{"type":"text","text":"a b"}]}]"#
        );
    }

    #[test]
    fn html_is_reduced_to_its_words_and_scripts_are_not_addresses() {
        assert_eq!(
            json("甲<br/>乙 [丙](javascript:x)"),
            r#"[{"type":"paragraph","inlines":[{"type":"text","text":"甲"},{"type":"break"},{"type":"text","text":"乙 "},{"type":"link","address":"","inlines":[{"type":"text","text":"丙"}]}]}]"#
        );
        assert_eq!(
            json("<div>甲</div>"),
            r#"[{"type":"paragraph","inlines":[{"type":"text","text":"甲"}]}]"#
        );
    }

    #[test]
    fn tags_that_no_page_honours_are_words() {
        assert_eq!(
            json("甲<b>乙</b><img src=x><型号>"),
            r#"[{"type":"paragraph","inlines":[{"type":"text","text":"甲乙<img src=x><型号>"}]}]"#
        );
        assert_eq!(
            json("<script>甲</script><!-- 乙 -->"),
            r#"[{"type":"paragraph","inlines":[{"type":"text","text":"<script>甲</script>"}]}]"#
        );
    }

    #[test]
    fn a_table_keeps_its_alignment() {
        assert_eq!(
            json("|a|b|\n|-|-:|\n|c|d|"),
            r#"[{"type":"table","alignments":["left","right"],"head":[[{"type":"text","text":"a"}],[{"type":"text","text":"b"}]],"rows":[[[{"type":"text","text":"c"}],[{"type":"text","text":"d"}]]]}]"#
        );
    }

    fn depth(blocks: &[Block]) -> usize {
        let inner = |block: &Block| match block {
            Block::Quote { blocks } => depth(blocks),
            Block::List { items, .. } => items.iter().map(|item| depth(item)).max().unwrap_or(0),
            _ => 0,
        };
        blocks
            .iter()
            .map(|block| 1 + inner(block))
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn nesting_ends_and_the_words_stay() {
        let blocks = to_blocks(&format!("{}词", "> ".repeat(500)));
        assert!(depth(&blocks) <= DEEPEST + 1);
        assert!(serde_json::to_string(&blocks).unwrap().contains("词"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[-*_`#>|~!()\\[\\]<a-c一二\n ]{0,80}") {
            prop_assert!(depth(&to_blocks(&text)) <= DEEPEST + 1);
        }

        #[test]
        fn every_letter_outside_markup_is_kept(text in "[一-龥*_>\n -]{0,60}") {
            let letters = |s: &str| s.chars().filter(|c| ('一'..='龥').contains(c)).collect::<String>();
            prop_assert_eq!(letters(&json(&text)), letters(&text));
        }
    }
}
