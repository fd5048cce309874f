//! In which documents each term stands, and where in them: gathered document by
//! document, written down as it will be in the files, so that an index in the
//! making is no larger than a finished one.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::fold::fold;
use super::integers;
use super::terms::{Term, terms};

/// Between two lines, so that no chain of terms leads from one into the next.
const GAP: u32 = 2;

/// The terms of a text, each with its places, ready to be added.
pub(super) struct Counted {
    /// Each term with the end of its places.
    terms: Vec<(Term, u32)>,
    /// The places of all terms: see [`Postings`].
    places: Vec<u8>,
}

impl Counted {
    /// Reads the lines of a text. Places count on from line to line.
    pub fn new<'t>(lines: impl Iterator<Item = &'t str>) -> Self {
        let mut found: Vec<(Term, u32)> = Vec::new();
        let mut units = Vec::new();
        let mut start = 0;
        for line in lines {
            units.clear();
            fold(line, &mut units);
            terms(&units, |term, at| found.push((term, start + at as u32)));
            start += units.len() as u32 + GAP;
        }
        found.sort_unstable();
        let mut counted = Counted {
            terms: Vec::with_capacity(found.len() / 2),
            places: Vec::with_capacity(found.len() * 2),
        };
        for same in found.chunk_by(|a, b| a.0 == b.0) {
            let term = same[0].0;
            if term.has_places() {
                let mut last = 0;
                for (rest, (_, place)) in (0..same.len() as u32).rev().zip(same) {
                    let step = place - last;
                    integers::push(&mut counted.places, step << 1 | u32::from(rest > 0));
                    last = *place;
                }
            }
            let end = counted.places.len() as u32;
            counted.terms.push((term, end));
        }
        counted
    }
}

/// The documents of a term and its places in them.
#[derive(Default)]
pub(super) struct Posting {
    /// How many documents.
    pub count: u32,
    /// The document after the last one.
    next: u32,
    /// The documents in ascending order, each as the number of those skipped.
    pub documents: Vec<u8>,
    /// For each of them the places in ascending order: twice the distance from
    /// the last, and one more where another follows.
    pub places: Vec<u8>,
}

/// The postings of all terms of one part of the documents: titles, or bodies.
#[derive(Default)]
pub(super) struct Postings {
    by_term: HashMap<Term, Posting, BuildHasherDefault<TermHasher>>,
}

impl Postings {
    /// Adds a document; each is added once, in ascending order.
    pub fn add(&mut self, document: u32, counted: &Counted) {
        let mut start = 0;
        for (term, end) in &counted.terms {
            let posting = self.by_term.entry(*term).or_default();
            integers::push(&mut posting.documents, document - posting.next);
            posting.next = document + 1;
            posting.count += 1;
            let end = *end as usize;
            posting
                .places
                .extend_from_slice(&counted.places[start..end]);
            start = end;
        }
    }

    /// The terms there are.
    pub fn terms(&self) -> impl Iterator<Item = Term> + '_ {
        self.by_term.keys().copied()
    }

    /// What is known of a term.
    pub fn get(&self, term: Term) -> Option<&Posting> {
        self.by_term.get(&term)
    }
}

/// Scatters a term's one number; nobody outside chooses terms to make them meet.
#[derive(Default)]
struct TermHasher(u64);

impl Hasher for TermHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}
