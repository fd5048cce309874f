//! The title of a record that is not read as one: it lies in another branch,
//! whose definitions nobody asks for.

use super::{SourceFile, parse};
use crate::finding::FileId;

/// The title that a record's file gives itself; none when it has none.
pub fn written_title(text: &str) -> Option<String> {
    let file = SourceFile::new("", text);
    let parsed = parse(FileId(0), &file);
    let title = parsed.table.get_ref().get("title")?.get_ref().as_str()?;
    Some(title.to_owned())
}
