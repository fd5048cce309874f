//! The files of records in a register: which were read, and what each of them
//! alone has to say.
//!
//! Invariant: taking files in gives the register and the findings that reading
//! all of them at once gives, whichever were read before.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::load::Loaded;
use super::references;
use crate::finding::{FileId, Finding, sort};
use crate::record::{Record, WorkLeft, read_record, work_of};
use crate::source::{SourceFile, Walked, fits_easily};

/// What was read, file by file.
pub(super) struct Reading {
    /// What is wrong with all that is not a record.
    others: Vec<Finding>,
    /// The first file of a record; behind it there are only such, by path.
    first: FileId,
    /// What each of them has to say by itself.
    files: Vec<OfFile>,
    /// Records whose number another one has.
    doubles: Vec<Record>,
    /// Whether links lead to any of them.
    linked: bool,
}

/// What a file of a record has to say by itself.
#[derive(Default)]
struct OfFile {
    findings: Vec<Finding>,
    /// The work that its expressions make, as [`work_of`] says.
    work: Option<u64>,
}

/// A file of a record that is to be taken in.
enum Taken {
    /// As it was before, under this number.
    Kept(Arc<SourceFile>, usize),
    /// Read just now.
    Read(Box<Walked>),
}

impl Taken {
    fn read(walked: Walked) -> Self {
        Taken::Read(Box::new(walked))
    }
}

impl Reading {
    /// Nothing but definitions and the organisation has been read, in files
    /// before this one.
    pub(super) fn new(first: FileId, others: Vec<Finding>) -> Self {
        Reading {
            others,
            first,
            files: Vec::new(),
            doubles: Vec::new(),
            linked: false,
        }
    }

    /// How many files of records were read.
    fn len(&self) -> usize {
        self.files.len()
    }
}

impl Loaded {
    /// Takes files of records in, by path, where there are none yet.
    pub(super) fn take_in(&mut self, walked: Vec<Walked>) {
        self.merge(walked.into_iter().map(Taken::read).collect());
    }

    /// Whether what files say depends on other files: on those that links lead
    /// to, or on how much there is to read.
    pub(super) fn is_entangled(&self) -> bool {
        let files = self.register.sources.from(self.reading.first);
        let bytes = files.iter().map(|file| file.text.len()).sum();
        self.reading.linked || !fits_easily(files.len(), bytes)
    }

    /// Whether a file of a record says what it said when it was read, or is not
    /// there as it was not there.
    pub(super) fn says(&self, path: &str, now: Option<&Walked>) -> bool {
        let files = self.register.sources.from(self.reading.first);
        let at = files.binary_search_by(|file| file.path.as_str().cmp(path));
        match (at, now) {
            (Ok(at), Some(now)) => {
                let mut found = self.reading.files[at].findings.iter();
                let unread = found.any(|finding| finding.rule == "unreadable-file");
                !unread && now.trouble.is_none() && files[at].text == now.file.text
            }
            (Err(_), None) => true,
            _ => false,
        }
    }

    /// Whether there is a file of a record in this folder.
    pub(super) fn has_folder(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        let files = self.register.sources.from(self.reading.first);
        let at = files.partition_point(|file| file.path < folder);
        files
            .get(at)
            .is_some_and(|file| file.path.starts_with(&folder))
    }

    /// Takes in what these files say now; none where one is gone.
    pub(super) fn take_changes(&mut self, changes: BTreeMap<String, Option<Walked>>) {
        let files = self.register.sources.cut(self.reading.first);
        let mut all = Vec::with_capacity(files.len() + changes.len());
        let mut changes = changes.into_iter().peekable();
        for (index, file) in files.into_iter().enumerate() {
            while let Some((_, new)) = changes.next_if(|(path, _)| *path < file.path) {
                all.extend(new.map(Taken::read));
            }
            match changes.next_if(|(path, _)| *path == file.path) {
                Some((_, new)) => all.extend(new.map(Taken::read)),
                None => all.push(Taken::Kept(file, index)),
            }
        }
        all.extend(changes.filter_map(|(_, new)| new.map(Taken::read)));
        self.merge(all);
    }

    fn merge(&mut self, files: Vec<Taken>) {
        let (register, reading) = (&mut self.register, &mut self.reading);
        let first = reading.first.0;
        let mut moved: Vec<Option<FileId>> = vec![None; reading.len()];
        let mut before = std::mem::take(&mut reading.files);
        let mut fresh: Vec<FileId> = Vec::new();
        for taken in files {
            let id = register.sources.next();
            match taken {
                Taken::Kept(file, index) => {
                    register.sources.add_shared(file);
                    let mut of_file = std::mem::take(&mut before[index]);
                    let old = FileId(first + index as u32);
                    for finding in &mut of_file.findings {
                        finding.renumber(old, id);
                    }
                    reading.files.push(of_file);
                    moved[index] = Some(id);
                }
                Taken::Read(walked) => {
                    reading.linked |= walked.linked;
                    let trouble = walked.finding(id);
                    if trouble.is_none() {
                        fresh.push(id);
                    }
                    reading.files.push(OfFile {
                        findings: trouble.into_iter().collect(),
                        work: None,
                    });
                    register.sources.add(walked.file);
                }
            }
        }
        let (sources, kinds) = (&register.sources, &register.kinds);
        let (organisation, time) = (&register.organisation, &register.settings.time);
        let read: Vec<(Option<Record>, OfFile)> = fresh
            .par_iter()
            .with_min_len(64)
            .map(|file| {
                let source = sources.file(*file);
                let (record, findings) = read_record(kinds, organisation, time, *file, source);
                let work = record.as_ref().and_then(|record| {
                    let text = source.text.len() as u64;
                    work_of(record, &kinds[record.kind], text)
                });
                (record, OfFile { findings, work })
            })
            .collect();
        let kept = std::mem::take(&mut register.records);
        let doubles = std::mem::take(&mut reading.doubles);
        let kept = kept.into_iter().chain(doubles).filter_map(|mut record| {
            record.file = moved[(record.file.0 - first) as usize]?;
            Some(record)
        });
        let mut records: Vec<Record> = kept.collect();
        for (file, (record, of_file)) in fresh.iter().zip(read) {
            records.extend(record);
            reading.files[(file.0 - first) as usize] = of_file;
        }
        records.sort_by_key(|record| record.file);
        let mut findings = reading.others.clone();
        let of_files = reading.files.iter().flat_map(|of_file| &of_file.findings);
        findings.extend(of_files.cloned());
        let index = references::index(records, &mut findings);
        let (mut records, by_id) = (index.records, index.by_id);
        let mut left = WorkLeft::default();
        for record in &mut records {
            let work = reading.files[(record.file.0 - first) as usize].work;
            findings.extend(left.take(record, &kinds[record.kind], work));
        }
        register.referenced_by = references::link(&records, kinds, &by_id, &mut findings);
        register.records = records;
        register.by_id = by_id;
        register.views = Default::default();
        reading.doubles = index.doubles;
        sort(&mut findings);
        self.findings = findings;
    }
}
