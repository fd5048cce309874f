//! What a text is found by: short windows of it, so chosen that every part of
//! a text, however long and wherever it begins, is a chain of them.
//!
//! | window | kept | finds |
//! |---|---|---|
//! | one character | in which documents | one character |
//! | two characters, not both of a word | and where | Chinese, and where it meets words and numbers |
//! | two or three characters, two of them neighbours in a word | in which documents | short parts of words and numbers |
//! | four characters, two of them neighbours in a word | and where | words and numbers and parts of them |
//!
//! A word is a run of letters or digits ([`super::fold::is_word`]). Four of its
//! characters say so much more than two that their lists stay short, in
//! English as well. A window never reaches over a blank: what is asked is cut
//! there, too.

use super::fold::{BLANK, is_word};

/// Up to four units in one number, the first in the highest place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Term(pub u64);

/// The longest window.
const LONGEST: usize = 4;

impl Term {
    fn of(units: &[u16]) -> Self {
        let packed = (0..LONGEST).fold(0, |packed: u64, at| {
            packed << 16 | u64::from(units.get(at).copied().unwrap_or(0))
        });
        Term(packed)
    }

    /// The units again.
    pub fn units(self) -> impl Iterator<Item = u16> + Clone {
        (0..LONGEST)
            .rev()
            .map(move |place| (self.0 >> (16 * place)) as u16)
            .take_while(|unit| *unit != 0)
    }

    /// Whether it is kept where the term stands, not only in which documents.
    pub fn has_places(self) -> bool {
        let mut units = self.units();
        let (first, second) = (units.next(), units.next());
        match (first, second, units.count()) {
            (Some(first), Some(second), 0) => !(is_word(first) && is_word(second)),
            (_, _, rest) => rest + 2 == LONGEST,
        }
    }
}

/// Tells every term of a folded text with the place where it begins.
pub(super) fn terms(text: &[u16], mut each: impl FnMut(Term, usize)) {
    for at in 0..text.len() {
        let rest = &text[at..text.len().min(at + LONGEST)];
        let end = rest.iter().position(|unit| *unit == BLANK);
        let rest = &rest[..end.unwrap_or(rest.len())];
        let mut in_word = false;
        for length in 1..=rest.len() {
            in_word |= length > 1 && is_word(rest[length - 2]) && is_word(rest[length - 1]);
            if length <= 2 || in_word {
                each(Term::of(&rest[..length]), at);
            }
        }
    }
}

/// The term that ends a text; for most numbers one that the script looks up anyway.
pub(super) fn last_term(text: &[u16]) -> Term {
    let tail = |length: usize| &text[text.len().saturating_sub(length)..];
    let in_word = |units: &[u16]| {
        units
            .windows(2)
            .any(|pair| pair.iter().all(|unit| is_word(*unit)))
    };
    match text.len() {
        ..=2 => Term::of(text),
        3 if in_word(text) => Term::of(text),
        _ if in_word(tail(2)) => Term::of(tail(LONGEST)),
        _ => Term::of(tail(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, bool)> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut found = Vec::new();
        terms(&units, |term, _| {
            let units: Vec<u16> = term.units().collect();
            found.push((String::from_utf16_lossy(&units), term.has_places()));
        });
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn chinese_is_cut_in_twos_and_words_in_fours() {
        let named = |terms: &[(&str, bool)]| -> Vec<(String, bool)> {
            let mut named: Vec<_> = terms.iter().map(|(t, p)| ((*t).to_owned(), *p)).collect();
            named.sort();
            named
        };
        assert_eq!(
            found("成本v2"),
            named(&[
                ("成", false),
                ("本", false),
                ("v", false),
                ("2", false),
                ("成本", true),
                ("本v", true),
                ("v2", false),
                ("本v2", false),
                ("成本v2", true),
            ])
        );
        assert_eq!(
            found("ab c"),
            named(&[("a", false), ("b", false), ("c", false), ("ab", false)])
        );
    }
}
