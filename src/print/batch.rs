//! Setting many papers, on every core, and only those that changed.
//!
//! Invariant: a paper is taken over from the last time only where everything
//! that its bytes depend on is the same, and where the file still is what was
//! set then.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Papers;
use super::bound::failed_papers;
use super::sheets::{Sheet, digest};
use super::typeset::{Engine, Job, TypesetError};
use crate::digest::Digest;

/// So many jobs exist at once: memory does not grow with the batch.
const AT_ONCE: usize = 512;

/// Papers that were set before, in a folder, with what each was set from.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    known: ShelfIndex,
}

/// Of each file, by its path in the folder: what it was set from, and what it
/// says; both as fingerprints.
pub type ShelfIndex = BTreeMap<String, (String, String)>;

impl Shelf {
    /// The papers of a folder, by its index file. Empty where there is none,
    /// or one that cannot be read: then all is set again.
    pub fn open(folder: &Path, index: &str) -> Self {
        let known = fs::read(folder.join(index))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Shelf {
            folder: folder.to_owned(),
            known,
        }
    }

    /// What is known of files that are still there.
    pub fn index(&self) -> ShelfIndex {
        let mut known = self.known.clone();
        known.retain(|path, _| self.folder.join(path).is_file());
        known
    }

    /// A file that was set from the same; none when somebody changed it since.
    fn kept(&self, path: &str, key: &str) -> Option<Vec<u8>> {
        let (known, content) = self.known.get(path)?;
        let bytes = (known == key).then(|| fs::read(self.folder.join(path)).ok())??;
        (digest(&bytes) == *content).then_some(bytes)
    }
}

/// A paper of a batch.
#[derive(Debug, PartialEq, Eq)]
pub enum Printed {
    /// It was set just now.
    Set(Vec<u8>),
    /// It was there and is the same.
    Kept(Vec<u8>),
}

impl Printed {
    /// The PDF.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Printed::Set(bytes) | Printed::Kept(bytes) => bytes,
        }
    }
}

/// Sets papers with these templates and this engine.
pub struct Batch<'a> {
    /// The templates.
    pub papers: &'a Papers,
    /// What sets them.
    pub engine: &'a dyn Engine,
    /// Where they were set before.
    pub shelf: &'a Shelf,
}

impl Batch<'_> {
    /// Sets each sheet that changed. `path` is where its file lies in the
    /// shelf's folder; `done` is told of each as soon as it is ready, in no
    /// particular order and from several threads. Returns what is now known of
    /// the sheets' files.
    pub fn print(
        &self,
        sheets: &[&Sheet<'_>],
        path: &(dyn Fn(&Sheet<'_>) -> String + Sync),
        done: &(dyn Fn(usize, Result<Printed, TypesetError>) + Sync),
    ) -> ShelfIndex {
        let edition = self.engine.edition();
        let index = Mutex::new(ShelfIndex::new());
        let learn = |path: String, key: &str, bytes: &[u8]| {
            let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
            index.insert(path, (key.to_owned(), digest(bytes)));
        };
        for (part, sheets) in sheets.chunks(AT_ONCE).enumerate() {
            let mut wanted: Vec<(usize, Job, String)> = sheets
                .par_iter()
                .enumerate()
                .filter_map(|(at, sheet)| {
                    let job = self.papers.job_of(sheet);
                    let key = fingerprint(&job, sheet, &edition);
                    let path = path(sheet);
                    match self.shelf.kept(&path, &key) {
                        Some(bytes) => {
                            learn(path, &key, &bytes);
                            done(part * AT_ONCE + at, Ok(Printed::Kept(bytes)));
                            None
                        }
                        None => Some((at, job, key)),
                    }
                })
                .collect();
            // Papers of one form follow each other: what they share is set once.
            wanted.sort_by_key(|(at, ..)| (sheets[*at].view.style, &*sheets[*at].view.title));
            let mut jobs = Vec::with_capacity(wanted.len());
            let mut of = Vec::with_capacity(wanted.len());
            for (at, job, key) in wanted {
                jobs.push(job);
                of.push((at, key));
            }
            self.engine.typeset_each(&jobs, &|job, result| {
                let Some((at, key)) = of.get(job) else {
                    return;
                };
                let result = result.map(|document| {
                    learn(path(sheets[*at]), key, &document.pdf);
                    Printed::Set(document.pdf)
                });
                done(part * AT_ONCE + at, result);
            });
        }
        index.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch<'_> {
    /// Sets sheets as one PDF, unless it is there and the same: with what is
    /// now known of its file. Papers that cannot be set are told to `failed`
    /// and left out; the error is why nothing could be set.
    pub fn bind(
        &self,
        sheets: &[Sheet<'_>],
        title: &str,
        path: &str,
        failed: &mut dyn FnMut(&Sheet<'_>, &TypesetError),
    ) -> Result<(Printed, ShelfIndex), TypesetError> {
        let mut left: Vec<&Sheet<'_>> = sheets.iter().collect();
        let mut hasher = blake3::Hasher::new();
        hasher.update(title.as_bytes());
        let edition = self.engine.edition();
        for sheet in sheets {
            let job = self.papers.job_of(sheet);
            hasher.update(fingerprint(&job, sheet, &edition).as_bytes());
            hasher.update(sheet.view.file_name.as_bytes());
        }
        let key = hasher.finalize().to_hex().to_string();
        let known =
            |bytes: &[u8]| ShelfIndex::from([(path.to_owned(), (key.clone(), digest(bytes)))]);
        if let Some(bytes) = self.shelf.kept(path, &key) {
            let index = known(&bytes);
            return Ok((Printed::Kept(bytes), index));
        }
        loop {
            let job = self
                .papers
                .bind(&left, title)
                .filter(|_| !left.is_empty())
                .ok_or(TypesetError::Unanswered)?;
            let mut results = self.engine.typeset(&[job], &|_| {});
            match results.pop().unwrap_or(Err(TypesetError::Unanswered)) {
                Ok(document) => {
                    // one that lacks papers is set again
                    let index = match left.len() == sheets.len() {
                        true => known(&document.pdf),
                        false => ShelfIndex::new(),
                    };
                    return Ok((Printed::Set(document.pdf), index));
                }
                Err(error) => {
                    let wrong = failed_papers(&left, &error);
                    if wrong.is_empty() {
                        return Err(error);
                    }
                    for (at, error) in &wrong {
                        failed(left[*at], error);
                    }
                    let mut at = 0;
                    left.retain(|_| {
                        at += 1;
                        !wrong.iter().any(|(wrong, _)| wrong + 1 == at)
                    });
                }
            }
        }
    }
}

/// Everything that a sheet's PDF depends on, in 64 letters. The instant that a
/// gathered paper was made at is told in it, but does not change it.
fn fingerprint(job: &Job, sheet: &Sheet<'_>, edition: &str) -> String {
    let mut digest = Digest::default();
    digest.add(edition);
    digest.add(&*job.main);
    digest.add([u8::from(job.archive)]);
    digest.add(&*job.data);
    digest.add(sheet.source.unwrap_or_default());
    digest.add(serde_json::to_vec(&sheet.origin.lasting()).unwrap_or_default());
    digest.finish().to_hex().to_string()
}
