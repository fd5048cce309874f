//! The files of one segment, made in one go.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::documents::{Document, Documents, Named};
use super::fold::fold;
use super::integers;
use super::postings::{Counted, Postings};
use super::segments::{Content, Segment};
use super::shards::TermShards;
use crate::publish::Output;
use crate::site::context::Context;

/// Where the index stands, from the site's root.
const FOLDER: &str = "search";
/// Documents that are read at once, on every core.
const BATCH: usize = 256;
/// Bytes that a file of texts should have: a page of results needs up to twenty.
const TEXTS_SIZE: usize = 8 << 10;

/// The files of a segment.
pub(in crate::site) fn outputs(context: &Context<'_>, segment: &Segment) -> Vec<Output> {
    let documents = Documents::new(context);
    let mut index = Index::default();
    match &segment.content {
        Content::Records(records) => {
            for batch in records.chunks(BATCH) {
                let read = |record: &usize| Prepared::new(documents.record(*record));
                let batch: Vec<Prepared> = batch.par_iter().map(read).collect();
                batch.iter().for_each(|prepared| index.add(prepared));
            }
        }
        Content::Handbook => {
            for page in &context.own.pages {
                index.add(&Prepared::new(documents.page(page)));
            }
        }
    }
    index.finish(segment)
}

/// A document with its terms.
struct Prepared {
    document: Document,
    number: Vec<u16>,
    title: Counted,
    body: Counted,
}

impl Prepared {
    fn new(document: Document) -> Self {
        let mut number = Vec::new();
        fold(&document.number, &mut number);
        let title = [document.number.as_str(), document.title.as_str()];
        Prepared {
            number,
            title: Counted::new(title.into_iter()),
            body: Counted::new(document.lines.iter().map(|(_, line)| line.as_str())),
            document,
        }
    }
}

/// Names in the order of their first use; the number of each is its place.
#[derive(Default)]
struct Table {
    names: Vec<Named>,
    numbers: HashMap<Named, u32>,
}

impl Table {
    fn number(&mut self, name: &Named) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), number);
        number
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        let names = self.names.iter();
        names.map(|(id, label)| (&**id, &**label)).collect()
    }
}

/// What the script reads first of a segment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'i> {
    /// Where the other files stand.
    folder: String,
    year: Option<i16>,
    documents: u32,
    document_shards: usize,
    place_shards: usize,
    /// How many documents each file of texts has.
    texts: String,
    kinds: Vec<(&'i str, &'i str)>,
    departments: Vec<(&'i str, &'i str)>,
    /// Tones and labels.
    states: Vec<(&'i str, &'i str)>,
    audiences: Vec<(&'i str, &'i str)>,
}

/// What filters need: for each document its number in a table of the head.
#[derive(Serialize)]
struct Facets {
    kind: String,
    department: String,
    state: String,
    audience: String,
}

/// Number, title, address, day, kind, department, state, and lines, each
/// behind the number of its label.
#[derive(Serialize)]
struct Text<'d>(
    &'d str,
    &'d str,
    &'d str,
    &'d str,
    u32,
    u32,
    u32,
    Vec<Part<'d>>,
);

#[derive(Serialize)]
#[serde(untagged)]
enum Part<'d> {
    Label(u32),
    Line(&'d str),
}

/// JSON is JavaScript; none of our own values fails to be written.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// A segment in the making.
#[derive(Default)]
struct Index {
    count: u32,
    titles: Postings,
    bodies: Postings,
    numbers: Vec<(Vec<u16>, u32)>,
    kinds: Table,
    departments: Table,
    states: Table,
    audiences: Table,
    /// The labels of the file of texts in the making.
    labels: Table,
    /// By kind, department, state and audience: the number of each document's.
    facets: [Vec<u8>; 4],
    /// The documents of the file of texts in the making.
    text: Vec<u8>,
    /// Texts of documents, in files of a size, and how many documents each has.
    texts: Vec<Vec<u8>>,
    texts_of: Vec<u32>,
}

impl Index {
    fn add(&mut self, prepared: &Prepared) {
        let Prepared {
            document,
            number,
            title,
            body,
        } = prepared;
        self.titles.add(self.count, title);
        self.bodies.add(self.count, body);
        if !number.is_empty() {
            self.numbers.push((number.clone(), self.count));
        }
        let facets = [
            self.kinds.number(&document.kind),
            self.departments.number(&document.department),
            self.states.number(&document.state),
            self.audiences.number(&document.audience),
        ];
        for (list, number) in self.facets.iter_mut().zip(facets) {
            integers::push(list, number);
        }
        self.add_text(document, facets);
        self.count += 1;
    }

    fn add_text(&mut self, document: &Document, [kind, department, state, _]: [u32; 4]) {
        let mut lines = Vec::with_capacity(document.lines.len() * 2);
        for (label, line) in &document.lines {
            let label = self.labels.number(&(label.clone(), Arc::default()));
            lines.extend([Part::Label(label), Part::Line(line)]);
        }
        let text = json(&Text(
            &document.number,
            &document.title,
            &document.address,
            &document.day,
            kind,
            department,
            state,
            lines,
        ));
        if self.text.is_empty() {
            self.texts_of.push(0);
        }
        self.text
            .push(if self.text.is_empty() { b'[' } else { b',' });
        self.text.extend_from_slice(&text);
        if let Some(count) = self.texts_of.last_mut() {
            *count += 1;
        }
        if self.text.len() > TEXTS_SIZE {
            self.finish_texts();
        }
    }

    /// Ends a file of texts: its labels, and its documents.
    fn finish_texts(&mut self) {
        let documents = std::mem::take(&mut self.text);
        if documents.is_empty() {
            return;
        }
        let labels = std::mem::take(&mut self.labels);
        let labels: Vec<&str> = labels.names.iter().map(|(label, _)| &**label).collect();
        let mut content = b"[".to_vec();
        content.extend(json(&labels));
        content.push(b',');
        content.extend(documents);
        content.extend(b"]]");
        self.texts.push(content);
    }

    fn finish(mut self, segment: &Segment) -> Vec<Output> {
        let TermShards { documents, places } =
            TermShards::new(&self.titles, &self.bodies, &self.numbers);
        self.finish_texts();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let [kind, department, state, audience] = &self.facets;
        let facets = json(&Facets {
            kind: text(kind),
            department: text(department),
            state: text(state),
            audience: text(audience),
        });
        let mut texts_of = Vec::new();
        for count in &self.texts_of {
            integers::push(&mut texts_of, *count);
        }
        let mut head = Head {
            folder: String::new(),
            year: segment.year,
            documents: self.count,
            document_shards: documents.len(),
            place_shards: places.len(),
            texts: text(&texts_of),
            kinds: self.kinds.pairs(),
            departments: self.departments.pairs(),
            states: self.states.pairs(),
            audiences: self.audiences.pairs(),
        };
        let numbered = |letter: char, files: Vec<Vec<u8>>| {
            files
                .into_iter()
                .enumerate()
                .map(move |(number, bytes)| (format!("{letter}{number}"), bytes))
        };
        let files: Vec<(String, Vec<u8>)> = numbered('d', documents)
            .chain(numbered('p', places))
            .chain(numbered('t', self.texts))
            .chain([("facets".to_owned(), facets)])
            .collect();
        let version = version(&head, &files);
        head.folder = format!("{}-{version}", segment.name);
        let mut outputs: Vec<Output> = files
            .into_iter()
            .map(|(name, content)| handing_over(&format!("{}/{name}", head.folder), &content))
            .collect();
        outputs.push(handing_over(&segment.name, &json(&head)));
        outputs
    }
}

/// What tells this state of a segment from any other. It stands in the folder's
/// name, so that no browser puts files of two builds together out of its cache.
fn version(head: &Head<'_>, files: &[(String, Vec<u8>)]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&json(head));
    for (_, content) in files {
        hasher.update(&(content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    hasher.finalize().to_hex().chars().take(10).collect()
}

/// A file that hands its content over under its own name.
fn handing_over(name: &str, content: &[u8]) -> Output {
    let mut bytes = Vec::with_capacity(content.len() + name.len() + 24);
    bytes.extend_from_slice(format!("taizhang.take(\"{name}\",").as_bytes());
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b");\n");
    Output {
        path: format!("{FOLDER}/{name}.js"),
        bytes,
    }
}
