//! Whether a line break in the source reads as a space.
//!
//! Chinese is written without spaces, so an author who wraps a paragraph at
//! the edge of the editor does not mean one. CSS Text 3 asks browsers for the
//! same (segment break transformation); few do it, and Typst does not.

use pulldown_cmark::{Event, TagEnd};

/// True where the soft break at `index` stands between two Chinese characters.
pub(super) fn vanishes(events: &[Event<'_>], index: usize) -> bool {
    let Some((before, rest)) = events.split_at_checked(index) else {
        return false;
    };
    let left = before
        .iter()
        .rev()
        .find_map(|event| edge(event, |text| text.chars().next_back()));
    let right = rest
        .iter()
        .skip(1)
        .find_map(|event| edge(event, |text| text.chars().next()));
    match (left.flatten(), right.flatten()) {
        (Some(left), Some(right)) => {
            (is_chinese(left) && (is_chinese(right) || is_shared_mark(right)))
                || (is_shared_mark(left) && is_chinese(right))
        }
        _ => false,
    }
}

/// The character that an event shows at its edge; `None` to look further, through emphasis and links.
fn edge(event: &Event<'_>, pick: impl Fn(&str) -> Option<char>) -> Option<Option<char>> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(pick(text)),
        Event::Start(_)
        | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {
            None
        }
        _ => Some(None),
    }
}

/// Han characters, kana, and full-width punctuation. Not Hangul: Korean writes spaces.
pub(super) fn is_chinese(character: char) -> bool {
    matches!(character,
        '\u{2E80}'..='\u{312F}' | '\u{3190}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

/// Punctuation that Chinese and Latin text share.
fn is_shared_mark(character: char) -> bool {
    matches!(character, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}
