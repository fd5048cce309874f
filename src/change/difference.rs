//! What changed in a text, word by word; a Chinese character is a word.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, TextDiff};

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PieceKind {
    /// It stands in both.
    Same,
    /// It stood in the older one.
    Removed,
    /// It stands in the newer one.
    Added,
    /// Something of both, left out.
    Skipped,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// The words.
    pub text: String,
}

/// Of what stands in both no more than this is shown on either side of a
/// change, in characters.
const AROUND: usize = 16;
/// A text longer than this (bytes) is not compared word by word.
const LONGEST: usize = 20_000;
/// What stands in both between two changes and is no longer than this, in
/// characters, is counted to the changes: scattered letters help nobody.
const ISLAND: usize = 1;

/// The pieces of two texts, in order.
pub fn difference(before: &str, after: &str) -> Vec<Piece> {
    if before.len().max(after.len()) > LONGEST {
        return [(PieceKind::Removed, before), (PieceKind::Added, after)]
            .map(|(kind, text)| Piece {
                kind,
                text: shortened(text),
            })
            .into();
    }
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .diff_unicode_words(before, after);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => PieceKind::Same,
            ChangeTag::Delete => PieceKind::Removed,
            ChangeTag::Insert => PieceKind::Added,
        };
        match pieces.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => pieces.push(Piece {
                kind,
                text: change.value().to_owned(),
            }),
        }
    }
    cut(&joined(pieces))
}

/// Takes islands between changes into the changes, and puts what was removed
/// before what was added.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let (mut removed, mut added) = (String::new(), String::new());
    let flush = |out: &mut Vec<Piece>, removed: &mut String, added: &mut String| {
        for (kind, text) in [(PieceKind::Removed, removed), (PieceKind::Added, added)] {
            if !text.is_empty() {
                out.push(Piece {
                    kind,
                    text: std::mem::take(text),
                });
            }
        }
    };
    let count = pieces.len();
    for (index, piece) in pieces.into_iter().enumerate() {
        match piece.kind {
            PieceKind::Removed => removed.push_str(&piece.text),
            PieceKind::Added => added.push_str(&piece.text),
            PieceKind::Same | PieceKind::Skipped => {
                let inner = !(removed.is_empty() && added.is_empty()) && index + 1 < count;
                let short = piece.text.chars().nth(ISLAND).is_none();
                if inner && short && !piece.text.contains('\n') {
                    removed.push_str(&piece.text);
                    added.push_str(&piece.text);
                } else {
                    flush(&mut out, &mut removed, &mut added);
                    out.push(piece);
                }
            }
        }
    }
    flush(&mut out, &mut removed, &mut added);
    out
}

/// Leaves out what is far from every change.
fn cut(pieces: &[Piece]) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    let skipped = || Piece {
        kind: PieceKind::Skipped,
        text: "…".to_owned(),
    };
    for (index, piece) in pieces.iter().enumerate() {
        if piece.kind != PieceKind::Same {
            out.push(piece.clone());
            continue;
        }
        let characters: Vec<char> = piece.text.chars().collect();
        let before = if index == 0 { 0 } else { AROUND };
        let after = if index + 1 == pieces.len() { 0 } else { AROUND };
        if characters.len() <= before + after + 4 {
            out.push(piece.clone());
            continue;
        }
        let same = |part: &[char]| Piece {
            kind: PieceKind::Same,
            text: part.iter().collect(),
        };
        if before > 0 {
            out.push(same(&characters[..before]));
        }
        out.push(skipped());
        if after > 0 {
            out.push(same(&characters[characters.len() - after..]));
        }
    }
    out
}

fn shortened(text: &str) -> String {
    let mut out: String = text.chars().take(4 * AROUND).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        difference(before, after)
            .into_iter()
            .map(|piece| match piece.kind {
                PieceKind::Same | PieceKind::Skipped => piece.text,
                PieceKind::Removed => format!("[-{}-]", piece.text),
                PieceKind::Added => format!("[+{}+]", piece.text),
            })
            .collect()
    }

    #[test]
    fn chinese_is_compared_character_by_character() {
        assert_eq!(
            told("5月20日前完成样机评审", "5月27日前完成样机复审"),
            "5月[-20-][+27+]日前完成样机[-评-][+复+]审"
        );
    }

    #[test]
    fn a_single_character_between_two_changes_belongs_to_them() {
        assert_eq!(told("甲的乙。", "丙的丁。"), "[-甲的乙-][+丙的丁+]。");
    }

    #[test]
    fn what_is_far_from_a_change_is_left_out() {
        let long = "一二三四五六七八九十".repeat(8);
        let told = told(&format!("{long}旧"), &format!("{long}新"));
        assert_eq!(told, "…五六七八九十一二三四五六七八九十[-旧-][+新+]");
    }

    #[test]
    fn english_is_compared_word_by_word() {
        assert_eq!(
            told("the quick fox", "the slow fox"),
            "the [-quick-][+slow+] fox"
        );
    }
}
