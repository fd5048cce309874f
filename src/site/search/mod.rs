//! Full-text search without a server: an index in small files, and the page
//! whose script reads those that a query needs.
//!
//! # The index
//!
//! Everything is JavaScript that calls `taizhang.take(name, content)`, because
//! `<script>` is the one thing that loads from a folder and under a strict
//! Content-Security-Policy. A *segment* is the records of a year (`segments`):
//!
//! ```text
//! search.html                      names the segments, the newest first
//! search/2026-0.js                 head: how many files of each sort, and names
//! search/2026-0-4f1c29a0b7/d7.js   which documents a term is in
//!                         /p7.js   and where in them
//!                         /t7.js   texts of some documents, for the passages
//!                         /facets.js   kind, department, state, audience of each
//! ```
//!
//! Documents have a number within their segment, the oldest first. Their texts
//! are folded (`fold`) and cut into *terms* (`terms`), each of which is a key
//! in one `d` and, if it has places, one `p` file: that of FNV-1a of its UTF-16
//! units, modulo the number of files. Numbers are written as the characters of
//! a text (`integers`). The value in `d` is the number of documents that have
//! the term in number or title, these documents, then those that have it in
//! their lines; a document is the number of those skipped since the last. In
//! `p` stand, document by document in the same order, the places (`postings`).
//! A record's number, folded and behind `=`, is a key as well, in the file of
//! its last term: it finds the record whose number is just that. A `t` file has
//! its labels, and of each document what results show and its lines.
//!
//! So what is asked is found where and only where a plain search through the
//! text would find it, whatever part of a text it is: the documents that have
//! all its terms are met, and of more than one term the places tell whether
//! they follow each other. Blanks in a query part it; all parts must be found.
//!
//! # Invariants
//!
//! - Only what the outlook's viewer may see is indexed, and of a record only
//!   what its page shows (D12).
//! - The same documents give the same bytes. A folder's name holds a hash of
//!   its content: its files never change, and those of a year whose records did
//!   not change stand where they stood.
//! - The number of files grows with the size of the texts: of documents, places
//!   and texts there is one each for every 8 to 16 KB of them.

mod documents;
mod fold;
mod index;
mod integers;
mod page;
mod postings;
mod segments;
mod shards;
mod terms;

pub(super) use index::outputs;
pub(super) use page::{ADDRESS, render};
pub(super) use segments::{Segment, segments};
