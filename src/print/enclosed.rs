//! What a PDF carries inside: reading the files attached to it.
//!
//! A PDF that is looked at may come from anywhere. Files larger than
//! [`LARGEST`] are not unpacked, and of a PDF only the list of attached files
//! is followed.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Stream, String as PdfString};

/// A file inside a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnclosedFile {
    /// Its name.
    pub name: String,
    /// What it is to the paper: `Source`, `Data`, `Supplement`.
    pub relationship: String,
    /// What it says.
    pub bytes: Vec<u8>,
}

/// Largest attached file that is unpacked, in bytes: records are refused well
/// below it.
const LARGEST: usize = 16 << 20;

/// The files attached to a PDF as a whole, in its order; none when the bytes
/// are no PDF.
pub fn enclosed_files(pdf: &[u8]) -> Option<Vec<EnclosedFile>> {
    let pdf = Pdf::new(pdf.to_vec()).ok()?;
    let xref = pdf.xref();
    let root: Dict<'_> = xref.get(xref.root_id())?;
    let Some(list) = root.get::<Array<'_>>("AF") else {
        return Some(Vec::new());
    };
    Some(
        list.iter::<Dict<'_>>()
            .filter_map(|file| read(&file))
            .collect(),
    )
}

fn read(file: &Dict<'_>) -> Option<EnclosedFile> {
    let name = file
        .get::<PdfString<'_>>("UF")
        .or_else(|| file.get::<PdfString<'_>>("F"))?;
    let relationship = file
        .get::<Name<'_>>("AFRelationship")
        .map(|name| String::from_utf8_lossy(&name).into_owned());
    let stream = file.get::<Dict<'_>>("EF")?.get::<Stream<'_>>("F")?;
    if stream.raw_data().len() > LARGEST {
        return None;
    }
    let bytes = stream.decoded().ok()?;
    Some(EnclosedFile {
        name: text(name.as_bytes()),
        relationship: relationship.unwrap_or_default(),
        bytes: bytes.get(..LARGEST.min(bytes.len()))?.to_vec(),
    })
}

/// A text string of a PDF: UTF-16 or UTF-8 with their marks, else Latin.
fn text(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect();
        return String::from_utf16_lossy(&units);
    }
    match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => String::from_utf8_lossy(rest).into_owned(),
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
