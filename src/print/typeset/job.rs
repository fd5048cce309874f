//! What a job is: sources, data, limits of its world; and what comes back.

use std::sync::Arc;

use crate::definition::templates::is_font;
use crate::digest::Digest;

/// Where a template finds the job's data: `json("/data.json")`.
pub const DATA_PATH: &str = "/data.json";

/// The files that many jobs share: Typst sources, images, words. Cheap to
/// clone; a worker receives one set once.
#[derive(Debug, Clone)]
pub struct TemplateFiles(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    files: Vec<(String, Vec<u8>)>,
    hash: String,
    size: usize,
    font_size: usize,
}

impl TemplateFiles {
    /// A set of files by absolute path (`/form.typ`). Of two files with one
    /// path the later counts.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        let mut digest = Digest::default();
        let (mut size, mut font_size) = (0, 0);
        for (path, bytes) in &files {
            digest.add(path);
            digest.add(bytes);
            match is_font(path) {
                true => font_size += bytes.len(),
                false => size += bytes.len(),
            }
        }
        let hash = digest.finish().to_hex().to_string();
        Self(Arc::new(Inner {
            files,
            hash,
            size,
            font_size,
        }))
    }

    /// The files, in the order given.
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.0.files
    }

    /// Identifies paths and contents.
    pub fn hash(&self) -> &str {
        &self.0.hash
    }

    /// Bytes of all files together, but for fonts: those are read, not set.
    pub fn size(&self) -> usize {
        self.0.size
    }

    /// Bytes of all fonts together.
    pub fn font_size(&self) -> usize {
        self.0.font_size
    }
}

/// A file that belongs to one job, for the template to attach (`pdf.attach`),
/// to show or to read.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Absolute path. Use few different ones: a worker can tell 65,535 apart
    /// in its life.
    pub path: String,
    /// Contents.
    pub bytes: Vec<u8>,
}

/// One document to typeset.
#[derive(Debug, Clone)]
pub struct Job {
    /// What the caller calls the document; comes back nowhere but in its hands.
    pub name: String,
    /// Path of the source to start from, one of `files`: `/main.typ`.
    pub main: String,
    /// Shared sources.
    pub files: TemplateFiles,
    /// JSON, readable by the template at [`DATA_PATH`].
    pub data: Vec<u8>,
    /// Files of this job alone; they cover shared ones of the same path.
    pub attachments: Vec<Attachment>,
    /// What `datetime.today()` answers, and the date of the PDF unless the
    /// template sets one.
    pub today: jiff::civil::Date,
    /// PDF/A-3a and PDF/UA-1 (the template must set a title and a language)
    /// rather than plain tagged PDF 1.7.
    pub archive: bool,
}

impl Job {
    /// Bytes that the job asks a worker to read.
    pub fn input_size(&self) -> usize {
        let attached: usize = self.attachments.iter().map(|file| file.bytes.len()).sum();
        self.files.size() + self.data.len() + attached
    }
}

/// A typeset document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The PDF file.
    pub pdf: Vec<u8>,
    /// Number of pages.
    pub pages: u32,
}
