//! What passes between the pool and a worker, over its standard streams.
//!
//! A frame is
//!
//! | bytes | |
//! |---|---|
//! | 4 | `TZT1` |
//! | 4 | length H of the header, little endian |
//! | 8 | length B of the body, little endian |
//! | H | header: JSON, a [`Request`] or a [`Response`] |
//! | B | body: raw bytes, cut by lengths that the header names |
//!
//! The worker speaks first ([`Response::Ready`]). Then the pool asks and the
//! worker answers, one at a time: [`Request::Job`] is answered by `Done`,
//! `Diagnostics`, `MissingGlyphs` or `UnknownFiles`; after the last the pool
//! sends [`Request::Files`] (no answer) and the job again. So the worker may
//! forget files when it likes.
//!
//! A stream that ends between frames has ended; inside one it is torn
//! (`UnexpectedEof`); anything that is not a frame is `InvalidData`. No length
//! read from a stream is believed before the bytes are there.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::{Diagnostic, MissingGlyph};

const MAGIC: &[u8; 4] = b"TZT1";
/// Headers hold paths, lengths and messages.
const LONGEST_HEADER: u32 = 64 << 20;
/// Bodies hold documents.
const LONGEST_BODY: u64 = 2 << 30;

/// What the pool asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Request {
    /// Keep these files. Body: their contents, one after the other.
    Files { hash: String, files: Vec<Part> },
    /// Typeset this. Body: the data, then the attachments.
    Job {
        files: String,
        main: String,
        today: jiff::civil::Date,
        archive: bool,
        data: u64,
        attachments: Vec<Part>,
    },
}

/// A file within a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub path: String,
    pub length: u64,
}

/// What a worker answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Response {
    /// The worker has its fonts and waits. `version` is the version of this
    /// crate: pool and worker are one binary.
    Ready {
        version: String,
    },
    /// Send the files, then the job again.
    UnknownFiles,
    /// Body: the PDF.
    Done {
        pages: u32,
    },
    Diagnostics(Vec<Diagnostic>),
    MissingGlyphs(Vec<MissingGlyph>),
}

/// Writes one frame and flushes.
pub(super) fn write_frame(
    out: &mut impl Write,
    header: &impl Serialize,
    body: &[&[u8]],
) -> io::Result<()> {
    let header = serde_json::to_vec(header)?;
    let header_length = u32::try_from(header.len())
        .ok()
        .filter(|length| *length <= LONGEST_HEADER)
        .ok_or_else(|| broken("header too long"))?;
    let body_length: u64 = body.iter().map(|part| part.len() as u64).sum();
    if body_length > LONGEST_BODY {
        return Err(broken("body too long"));
    }
    out.write_all(MAGIC)?;
    out.write_all(&header_length.to_le_bytes())?;
    out.write_all(&body_length.to_le_bytes())?;
    out.write_all(&header)?;
    for part in body {
        out.write_all(part)?;
    }
    out.flush()
}

/// Reads one frame; `None` where the stream ends between two.
pub(super) fn read_frame<H: DeserializeOwned>(
    from: &mut impl Read,
) -> io::Result<Option<(H, Vec<u8>)>> {
    let mut start = Vec::with_capacity(16);
    from.by_ref().take(16).read_to_end(&mut start)?;
    if start.is_empty() {
        return Ok(None);
    }
    let magic_length = start.len().min(MAGIC.len());
    if start[..magic_length] != MAGIC[..magic_length] {
        return Err(broken("not a frame"));
    }
    let Ok(start) = <[u8; 16]>::try_from(start) else {
        return Err(torn());
    };
    let [_, _, _, _, h0, h1, h2, h3, body_length @ ..] = start;
    let header_length = u32::from_le_bytes([h0, h1, h2, h3]);
    let body_length = u64::from_le_bytes(body_length);
    if header_length > LONGEST_HEADER || body_length > LONGEST_BODY {
        return Err(broken("a length out of bounds"));
    }
    let header = read_exactly(from, u64::from(header_length))?;
    let body = read_exactly(from, body_length)?;
    let header = serde_json::from_slice(&header)?;
    Ok(Some((header, body)))
}

fn read_exactly(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    // What is certain to be small is allocated at once, the rest as it comes.
    let mut bytes = Vec::with_capacity(length.min(1 << 20) as usize);
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(torn())
    }
}

/// Cuts a body into parts of the given lengths. `InvalidData` unless they are
/// exactly the body.
#[cfg(any(feature = "pdf", test))]
pub(super) fn cut(mut body: &[u8], lengths: impl Iterator<Item = u64>) -> io::Result<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    for length in lengths {
        let (part, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| body.split_at_checked(length))
            .ok_or_else(|| broken("a body shorter than its parts"))?;
        parts.push(part.to_vec());
        body = rest;
    }
    if body.is_empty() {
        Ok(parts)
    } else {
        Err(broken("a body longer than its parts"))
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn torn() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the stream ends inside a frame",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn frame() -> Vec<u8> {
        let mut bytes = Vec::new();
        write_frame(
            &mut bytes,
            &Response::Done { pages: 3 },
            &[b"%PDF", b"-1.7"],
        )
        .unwrap();
        bytes
    }

    #[test]
    fn a_frame_comes_back_as_it_went() {
        let mut stream = frame();
        stream.extend(frame());
        let mut stream = stream.as_slice();
        for _ in 0..2 {
            let (header, body) = read_frame::<Response>(&mut stream).unwrap().unwrap();
            assert_eq!(header, Response::Done { pages: 3 });
            assert_eq!(body, b"%PDF-1.7");
        }
        assert!(read_frame::<Response>(&mut stream).unwrap().is_none());
    }

    #[test]
    fn a_stream_cut_anywhere_is_torn() {
        let whole = frame();
        for length in 1..whole.len() {
            let error = read_frame::<Response>(&mut &whole[..length]).unwrap_err();
            assert_eq!(
                error.kind(),
                io::ErrorKind::UnexpectedEof,
                "cut at {length}"
            );
        }
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for noise in [&b"thread 'main' panicked"[..], b"\xff", b"TZT2............"] {
            let error = read_frame::<Response>(&mut &noise[..]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
        let mut endless = MAGIC.to_vec();
        endless.extend(5u32.to_le_bytes());
        endless.extend(u64::MAX.to_le_bytes());
        let error = read_frame::<Response>(&mut endless.as_slice()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_body_is_exactly_its_parts() {
        assert_eq!(
            cut(b"abc", [1, 0, 2].into_iter()).unwrap(),
            [&b"a"[..], b"", b"bc"]
        );
        assert!(cut(b"abc", [1].into_iter()).is_err());
        assert!(cut(b"abc", [u64::MAX].into_iter()).is_err());
    }
}
