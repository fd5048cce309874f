//! Text as the index knows it: in one form whatever way it was typed.
//!
//! Invariant: `site/assets/search.js` folds what is asked in the same way; the
//! ranges here and there are the same.

use unicode_normalization::UnicodeNormalization;

/// What stands between words. Only between two of them is it kept.
pub(super) const BLANK: u16 = 0x20;

/// Adds the units (UTF-16) of a text: compatibility forms replaced (NFKC, so that
/// full-width letters and digits are plain ones), lower case, no control or
/// invisible characters, and of blanks only one each between two words:
/// `成本 Ｖ2.0` and `成本V2.0` are the same.
pub(super) fn fold(text: &str, out: &mut Vec<u16>) {
    let start = out.len();
    let mut blank = false;
    let mut take = |character: char| {
        if is_blank(character) {
            blank = true;
            return;
        }
        if is_ignored(character) {
            return;
        }
        for lower in character.to_lowercase() {
            let mut units = [0; 2];
            let units = lower.encode_utf16(&mut units);
            let between = |last: &u16| is_word(*last) && is_word(units[0]);
            if blank && out.len() > start && out.last().is_some_and(between) {
                out.push(BLANK);
            }
            blank = false;
            out.extend_from_slice(units);
        }
    };
    if text.chars().all(is_plain) {
        text.chars().for_each(|c| take(narrow(c)));
    } else {
        text.nfkc().for_each(take);
    }
}

/// Whether a unit is part of a word of Latin, Greek or Cyrillic letters or of
/// a number. All else is a character for itself, as Chinese ones are.
pub(super) fn is_word(unit: u16) -> bool {
    matches!(unit,
        0x30..=0x39 | 0x61..=0x7a | 0xc0..=0x24f | 0x370..=0x52f | 0x1e00..=0x1fff)
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Control characters, soft hyphens, joiners, marks of direction, selectors of variants.
fn is_ignored(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}'..='\u{200f}'
        | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// What NFKC leaves alone or, full-width forms, only makes narrow: nearly all
/// that is written, at a tenth of the time.
fn is_plain(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{4e00}'..='\u{9fff}' | '、' | '。' | '《' | '》'
        | '“' | '”' | '—' | '–' | '！'..='～')
}

fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut units = Vec::new();
        fold(text, &mut units);
        String::from_utf16_lossy(&units)
    }

    #[test]
    fn however_it_was_typed_it_is_the_same() {
        assert_eq!(folded("成本 Ｖ２.0"), "成本v2.0");
        assert_eq!(folded("成本V2.0"), "成本v2.0");
        assert_eq!(folded("  Star   Watch\nS3 "), "star watch s3");
        assert_eq!(folded("ﬁle ① ㎏"), "file 1 kg");
        assert_eq!(folded("Cafe\u{301}"), "café");
        assert_eq!(folded("样\u{200b}机\u{ad}"), "样机");
    }

    #[test]
    fn the_quick_way_gives_what_nfkc_gives() {
        let text: String = ('\0'..='\u{ffff}').filter(|c| is_plain(*c)).collect();
        let mut slow = Vec::new();
        fold(&format!("{text}é"), &mut slow);
        slow.pop();
        let mut quick = Vec::new();
        fold(&text, &mut quick);
        assert_eq!(quick, slow);
    }
}
