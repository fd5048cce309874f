//! The small files of a segment, each a call that hands its content to the
//! page's script: `taizhang.take("2026-0-….../d3", {…});`.

use super::integers;
use super::postings::{Posting, Postings};
use super::terms::{Term, last_term};

/// Bytes that a file of documents should have; packed they are half of it.
const DOCUMENTS_SIZE: usize = 12 << 10;
/// The same of places, which are asked for less often.
const PLACES_SIZE: usize = 16 << 10;

/// Which of `count` files has a term: FNV-1a of its UTF-16 units, each a step.
/// A hash of the whole term, since terms that begin alike are used alike.
fn shard_of(units: impl Iterator<Item = u16>, count: usize) -> usize {
    let hash = units.fold(0x811c_9dc5_u32, |hash, unit| {
        (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193)
    });
    hash as usize % count.max(1)
}

/// The files of terms of a segment, by number: objects of JavaScript.
pub(super) struct TermShards {
    /// In which documents the terms stand.
    pub documents: Vec<Vec<u8>>,
    /// Where in them.
    pub places: Vec<Vec<u8>>,
}

impl TermShards {
    /// Distributes the terms. `numbers` are those of records, folded, with
    /// their documents: each is found as a whole as well, under `=` in the file
    /// of its last term, which a search for it reads anyway.
    pub fn new(titles: &Postings, bodies: &Postings, numbers: &[(Vec<u16>, u32)]) -> Self {
        let mut terms: Vec<Term> = titles.terms().chain(bodies.terms()).collect();
        terms.sort_unstable();
        terms.dedup();
        let both = |term: Term| [titles.get(term), bodies.get(term)];
        let size = |list: fn(&Posting) -> &Vec<u8>| -> usize {
            let of_term = |term: &Term| -> usize {
                both(*term)
                    .into_iter()
                    .flatten()
                    .map(|posting| list(posting).len() + 8)
                    .sum()
            };
            terms.iter().map(of_term).sum()
        };
        let numbered: usize = numbers.iter().map(|(number, _)| number.len() + 10).sum();
        let of_documents = size(|posting| &posting.documents) + numbered;
        let of_places = size(|posting| &posting.places);
        let mut documents = Shards::new(of_documents, DOCUMENTS_SIZE);
        let mut places = Shards::new(of_places, PLACES_SIZE);
        for term in terms {
            let [title, body] = both(term);
            let shard = documents.entry(term, term.units());
            integers::push(shard, title.map_or(0, |posting| posting.count));
            for posting in [title, body].into_iter().flatten() {
                shard.extend_from_slice(&posting.documents);
            }
            shard.push(b'"');
            if term.has_places() {
                let shard = places.entry(term, term.units());
                for posting in [title, body].into_iter().flatten() {
                    shard.extend_from_slice(&posting.places);
                }
                shard.push(b'"');
            }
        }
        for (number, document) in numbers {
            let key = std::iter::once(u16::from(b'=')).chain(number.iter().copied());
            let shard = documents.entry(last_term(number), key);
            integers::push(shard, 1);
            integers::push(shard, *document);
            shard.push(b'"');
        }
        TermShards {
            documents: documents.finished(),
            places: places.finished(),
        }
    }
}

/// Objects in the making.
struct Shards(Vec<Vec<u8>>);

impl Shards {
    fn new(size: usize, of_one: usize) -> Self {
        Shards(vec![b"{".to_vec(); size.div_ceil(of_one).max(1)])
    }

    /// Begins an entry, up to the quotation mark that opens its value, in the file of a term.
    fn entry(&mut self, term: Term, key: impl Iterator<Item = u16>) -> &mut Vec<u8> {
        let index = shard_of(term.units(), self.0.len());
        let shard = &mut self.0[index];
        if shard.len() > 1 {
            shard.push(b',');
        }
        shard.push(b'"');
        push_key(shard, key);
        shard.extend_from_slice(b"\":\"");
        shard
    }

    fn finished(mut self) -> Vec<Vec<u8>> {
        self.0.iter_mut().for_each(|shard| shard.push(b'}'));
        self.0
    }
}

/// A term between quotation marks; half of a surrogate pair as an escape.
fn push_key(out: &mut Vec<u8>, units: impl Iterator<Item = u16>) {
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(c @ ('"' | '\\')) => out.extend([b'\\', c as u8]),
            Ok(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(half) => {
                out.extend_from_slice(format!("\\u{:04x}", half.unpaired_surrogate()).as_bytes());
            }
        }
    }
}
