//! The company's mark, for its paper and its site.

use std::path::{Component, Path};
use std::sync::Arc;

use crate::finding::Finding;
use crate::source::{Located, Tree};

/// A logo stands in every page and every PDF.
const LARGEST: u64 = 1 << 20;

/// A picture of the company's.
#[derive(Clone, Debug, PartialEq)]
pub struct Logo {
    /// Its file, from the repository's root.
    pub path: Arc<str>,
    /// `svg`, `png` or `jpg`.
    pub format: &'static str,
    /// The file.
    pub bytes: Arc<[u8]>,
}

/// The logo at a path of the repository; else what is wrong with it.
pub(super) fn read(found: &Located<Arc<str>>, tree: &Tree) -> Result<Logo, Box<Finding>> {
    let bad = |message| {
        let finding = Finding::error("bad-setting", found.place);
        Box::new(finding.message(message).with("value", &*found.value))
    };
    let relative = Path::new(&*found.value);
    let inside = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let format = match relative.extension().and_then(|end| end.to_str()) {
        Some(end) if end.eq_ignore_ascii_case("svg") => "svg",
        Some(end) if end.eq_ignore_ascii_case("png") => "png",
        Some(end)
            if ["jpg", "jpeg"]
                .iter()
                .any(|one| end.eq_ignore_ascii_case(one)) =>
        {
            "jpg"
        }
        _ => return Err(bad("logo-format")),
    };
    if !inside {
        return Err(bad("logo-outside"));
    }
    match tree.bytes(&found.value, LARGEST) {
        Ok(bytes) => Ok(Logo {
            path: found.value.clone(),
            format,
            bytes: bytes.into(),
        }),
        Err(Some(_)) => Err(bad("logo-large")),
        Err(None) => Err(bad("logo-missing")),
    }
}
