//! W3: no placeholder instead of the content.
//!
//! One handbook forbids 详见附件 and then uses it in its own example, followed
//! by the attachment's name and its gist: only a pointer that ends the text is
//! a placeholder, and one that ends a text with content of its own is warned of.

use super::checked::Checked;
use super::wording;
use crate::finding::{Finding, Level};

/// Characters before a pointer that make it more than a placeholder.
const CONTENT: usize = 12;

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    let Some(list) = value.list("placeholders") else {
        return;
    };
    for (cell, text) in value.texts() {
        for hit in list.hits(text) {
            let mut level = value.level();
            let mut pointer = false;
            if hit.term.unless_followed {
                if says_something(&text[hit.range.end..]) {
                    continue;
                }
                pointer = true;
                if text[..hit.range.start].chars().count() >= CONTENT {
                    level = Level::Warning;
                }
            }
            let place = value.place(cell, hit.range.clone());
            let label = &value.field.label;
            let finding = wording::finding("placeholder-wording", list, &hit, place, level, label);
            found.push(match pointer {
                true => finding.message("pointer"),
                false => finding,
            });
        }
    }
}

/// Whether a text names something: the number of an attachment is not enough.
fn says_something(text: &str) -> bool {
    let said = text.chars().filter(|c| {
        c.is_alphanumeric() && !c.is_numeric() && !"一二三四五六七八九十之".contains(*c)
    });
    said.count() >= 2
}
