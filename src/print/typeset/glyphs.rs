//! Characters that no font can show. Typst draws an empty box and says nothing.

use typst::layout::{Frame, FrameItem, Point};
use typst::syntax::Span;
use typst_layout::PagedDocument;

/// So many are reported: the rest is of the same kind.
const MOST: usize = 100;
/// Characters shown either side of a missing one.
const CONTEXT: usize = 12;

/// One missing glyph, before its span is made a place.
pub(super) struct Missing {
    pub character: String,
    pub context: String,
    pub page: u32,
    pub span: Span,
}

/// Every character of the document that was set with the glyph for a missing
/// one, once for each line it stands in.
pub(super) fn missing_glyphs(document: &PagedDocument) -> Vec<Missing> {
    let mut found: Vec<Missing> = Vec::new();
    for (page, number) in document.pages().iter().zip(1u32..) {
        let mut text = PageText::default();
        text.read(&page.frame, Point::zero());
        for (range, span) in text.missing {
            let missing = Missing {
                character: text.text[range.clone()].to_owned(),
                context: context(&text.text, range),
                page: number,
                span,
            };
            let known = found.iter().any(|other| {
                other.character == missing.character && other.context == missing.context
            });
            if !known {
                found.push(missing);
            }
            if found.len() == MOST {
                return found;
            }
        }
    }
    found
}

/// The text of a page in the order it was set, a line a line.
#[derive(Default)]
struct PageText {
    text: String,
    missing: Vec<(std::ops::Range<usize>, Span)>,
    height: f64,
}

impl PageText {
    fn read(&mut self, frame: &Frame, origin: Point) {
        for (position, item) in frame.items() {
            let at = origin + *position;
            match item {
                FrameItem::Group(group) => {
                    self.end_line();
                    self.read(&group.frame, at);
                    self.end_line();
                }
                FrameItem::Text(item) => {
                    let height = at.y.to_pt();
                    if (height - self.height).abs() > 0.01 {
                        self.end_line();
                    }
                    self.height = height;
                    let start = self.text.len();
                    self.text.push_str(&item.text);
                    for glyph in item.glyphs.iter().filter(|glyph| glyph.id == 0) {
                        let range = glyph.range();
                        // A cluster of several empty glyphs is one character.
                        let range = start + range.start..start + range.end;
                        if self.missing.last().is_none_or(|(last, _)| *last != range)
                            && self.text.get(range.clone()).is_some()
                        {
                            self.missing.push((range, glyph.span.0));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

fn context(text: &str, range: std::ops::Range<usize>) -> String {
    let before: Vec<char> = text[..range.start]
        .chars()
        .rev()
        .take_while(|character| *character != '\n')
        .take(CONTEXT)
        .collect();
    let after = text[range.end..]
        .chars()
        .take_while(|character| *character != '\n')
        .take(CONTEXT);
    before
        .into_iter()
        .rev()
        .chain(text[range.clone()].chars())
        .chain(after)
        .collect()
}
