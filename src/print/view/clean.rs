//! Characters that act instead of showing.

use std::borrow::Cow;

/// The text with every character that would act on its surroundings (controls,
/// bidirectional overrides) written out as `[U+202E]`, and without those that
/// show nothing (byte-order marks, zero-width spaces). Line ends become `\n`,
/// tabs a blank.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| treatment(c) == Treatment::Keep) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match treatment(c) {
            Treatment::Keep => out.push(c),
            Treatment::Drop => {}
            Treatment::Blank => out.push(' '),
            Treatment::LineEnd => {
                if !(c == '\r' && rest.peek() == Some(&'\n')) {
                    out.push('\n');
                }
            }
            Treatment::Show => {
                out.push_str(&format!("[U+{:04X}]", c as u32));
            }
        }
    }
    Cow::Owned(out)
}

#[derive(PartialEq)]
enum Treatment {
    Keep,
    Drop,
    Blank,
    LineEnd,
    Show,
}

fn treatment(c: char) -> Treatment {
    match c {
        '\n' => Treatment::Keep,
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Treatment::LineEnd,
        '\t' => Treatment::Blank,
        // zero-width spaces and joiners, soft hyphens, byte-order marks
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => Treatment::Drop,
        // marks, embeddings, overrides and isolates of the bidirectional algorithm
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => Treatment::Show,
        '\u{2061}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' => Treatment::Show,
        '\u{E0000}'..='\u{E007F}' => Treatment::Show,
        c if c.is_control() => Treatment::Show,
        _ => Treatment::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_and_what_shows_nothing_goes() {
        assert_eq!(clean("报价\u{202E}0001"), "报价[U+202E]0001");
        assert_eq!(clean("\u{FEFF}甲\u{200B}乙"), "甲乙");
        assert_eq!(clean("一\r\n二\r三\u{2028}四"), "一\n二\n三\n四");
        assert_eq!(clean("a\u{0}b\tc"), "a[U+0000]b c");
    }

    #[test]
    fn ordinary_text_is_the_same_text() {
        assert!(matches!(
            clean("星曜S3：±0.05 mm，“是”\n第二行"),
            Cow::Borrowed(_)
        ));
    }
}
