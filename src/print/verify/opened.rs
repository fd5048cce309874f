//! A PDF taken apart: what it says of itself, before any of it is believed.

use serde::Serialize;
use serde_json::Value;

use crate::print::bound::{BINDING, Binding, name_in};
use crate::print::enclosed::{EnclosedFile, enclosed_files};
use crate::print::origin::{Origin, PaperOf};
use crate::print::papers::Enclosed;

/// Why there is nothing to verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unverifiable {
    /// It is no PDF.
    NotPdf,
    /// It is a PDF that cannot be read, or one whose enclosed files cannot.
    Damaged,
    /// It carries nothing that says where it comes from.
    NotOurs,
}

impl Unverifiable {
    /// The name in words files and data.
    pub fn name(self) -> &'static str {
        match self {
            Unverifiable::NotPdf => "not-pdf",
            Unverifiable::Damaged => "damaged",
            Unverifiable::NotOurs => "not-ours",
        }
    }
}

/// A PDF taken apart.
pub(super) struct Opened {
    /// Its papers, in order.
    pub papers: Vec<Paper>,
    /// What is bound, where it is more than one paper.
    pub binding: Option<(Vec<u8>, Binding)>,
}

/// A paper taken apart.
pub(super) struct Paper {
    /// Where it says it comes from.
    pub origin: Origin,
    /// The same as it stands in the PDF.
    pub origin_bytes: Vec<u8>,
    /// What stands on it.
    pub view: Value,
    /// The same as it stands in the PDF.
    pub view_bytes: Vec<u8>,
    /// The record inside, if any.
    pub source: Option<Vec<u8>>,
}

/// Takes a PDF apart.
pub(super) fn open(pdf: &[u8]) -> Result<Opened, Unverifiable> {
    // readers look for it in the first kilobyte
    let start = &pdf[..pdf.len().min(1024)];
    if !start.windows(5).any(|bytes| bytes == b"%PDF-") {
        return Err(Unverifiable::NotPdf);
    }
    let files = Files(enclosed_files(pdf).ok_or(Unverifiable::Damaged)?);
    let Some(listed) = files.only(BINDING)? else {
        let origin = files
            .only(Enclosed::Origin.name())?
            .ok_or(Unverifiable::NotOurs)?;
        let view = files
            .only(Enclosed::View.name())?
            .ok_or(Unverifiable::Damaged)?;
        let source = files.only(Enclosed::Source.name())?;
        return Ok(Opened {
            papers: vec![paper(origin, view, source.map(<[u8]>::to_vec))?],
            binding: None,
        });
    };
    let binding: Binding = read(listed)?;
    let mut papers = Vec::with_capacity(binding.papers.len());
    for name in &binding.papers {
        let own = |file| files.only(&name_in(name, file));
        let origin = own(Enclosed::Origin)?.ok_or(Unverifiable::Damaged)?;
        let view = own(Enclosed::View)?.ok_or(Unverifiable::Damaged)?;
        let mut paper = paper(origin, view, None)?;
        if let PaperOf::Record { digest, .. } = &paper.origin.of {
            let start = digest.get(..16).unwrap_or(digest);
            let source = format!("{start}.{}", Enclosed::Source.name());
            paper.source = files.only(&source)?.map(<[u8]>::to_vec);
        }
        papers.push(paper);
    }
    Ok(Opened {
        papers,
        binding: Some((listed.to_vec(), binding)),
    })
}

fn paper(origin: &[u8], view: &[u8], source: Option<Vec<u8>>) -> Result<Paper, Unverifiable> {
    Ok(Paper {
        origin: read(origin)?,
        origin_bytes: origin.to_vec(),
        view: read(view)?,
        view_bytes: view.to_vec(),
        source,
    })
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Unverifiable> {
    serde_json::from_slice(bytes).map_err(|_| Unverifiable::Damaged)
}

/// The files inside a PDF.
struct Files(Vec<EnclosedFile>);

impl Files {
    /// The file of that name. Of two, which one would be believed?
    fn only(&self, name: &str) -> Result<Option<&[u8]>, Unverifiable> {
        let mut named = self.0.iter().filter(|file| file.name == name);
        match (named.next(), named.next()) {
            (_, Some(_)) => Err(Unverifiable::Damaged),
            (file, None) => Ok(file.map(|file| &*file.bytes)),
        }
    }
}
