//! Fonts by family: among the files of a job, and on this machine.
//!
//! Only asked for by a company that names them in its settings. What is found
//! is read and becomes part of the job, so that a worker still sees no disk.

/// Fonts that were asked for.
#[derive(Clone, Debug, Default)]
pub struct FoundFonts {
    /// The families that are there, in small letters.
    families: Vec<String>,
    /// Files to add to the job's: those of the machine.
    pub files: Vec<(String, Vec<u8>)>,
}

impl FoundFonts {
    /// Whether a family is there.
    pub fn has(&self, family: &str) -> bool {
        let family = family.trim().to_lowercase();
        self.families.contains(&family)
    }
}

/// Without the engine no font is needed, and so none is missing.
#[cfg(not(feature = "pdf"))]
pub fn installed_fonts(wanted: &[&str], _files: &[(String, Vec<u8>)]) -> FoundFonts {
    FoundFonts {
        families: wanted
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect(),
        files: Vec::new(),
    }
}

/// Looks for families among the files of a job, the built-in fonts and the
/// fonts of this machine, in this order. Reads the machine's fonts only when
/// one is wanted that is nowhere else.
#[cfg(feature = "pdf")]
pub fn installed_fonts(wanted: &[&str], files: &[(String, Vec<u8>)]) -> FoundFonts {
    use super::fonts::BUILT_IN_FAMILIES;
    use crate::definition::templates::is_font;

    let mut found = FoundFonts::default();
    if wanted.is_empty() {
        return found;
    }
    found
        .families
        .extend(BUILT_IN_FAMILIES.map(str::to_lowercase));
    for (path, bytes) in files {
        if is_font(path) {
            found.families.extend(families_of_file(bytes));
        }
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|family| !found.has(family))
        .map(|family| family.trim().to_lowercase())
        .collect();
    if !missing.is_empty() {
        machine::add(&missing, &mut found);
    }
    found
}

/// The files among these that have faces of a family, with the weight (400,
/// 700) and whether they are italic. Collections are left out: browsers take
/// single faces.
#[cfg(feature = "pdf")]
pub fn faces_of<'f>(
    family: &str,
    files: &'f [(String, Vec<u8>)],
) -> Vec<(&'f str, &'f [u8], u16, bool)> {
    use crate::definition::templates::is_font;

    let family = family.trim().to_lowercase();
    let of_family = |bytes: &[u8]| {
        let face = ttf_parser::Face::parse(bytes, 0).ok()?;
        let mut names = families(bytes, 0).into_iter();
        let single = ttf_parser::fonts_in_collection(bytes).is_none();
        (single && names.any(|name| name.to_lowercase() == family))
            .then(|| (face.weight().to_number(), face.is_italic()))
    };
    files
        .iter()
        .filter(|(path, _)| is_font(path))
        .filter_map(|(path, bytes)| {
            let (weight, italic) = of_family(bytes)?;
            Some((&**path, &**bytes, weight, italic))
        })
        .collect()
}

/// Without the engine fonts are not read.
#[cfg(not(feature = "pdf"))]
pub fn faces_of<'f>(
    _family: &str,
    _files: &'f [(String, Vec<u8>)],
) -> Vec<(&'f str, &'f [u8], u16, bool)> {
    Vec::new()
}

/// Every family name of a face of a file, in every language it has one in;
/// none of what is no font.
#[cfg(feature = "pdf")]
pub(super) fn families(bytes: &[u8], index: u32) -> Vec<String> {
    let Ok(face) = ttf_parser::Face::parse(bytes, index) else {
        return Vec::new();
    };
    use ttf_parser::name_id::{FAMILY, TYPOGRAPHIC_FAMILY};
    face.names()
        .into_iter()
        .filter(|name| matches!(name.name_id, FAMILY | TYPOGRAPHIC_FAMILY))
        .filter_map(|name| name.to_string())
        .collect()
}

/// The families of all faces of a font file, in small letters.
#[cfg(feature = "pdf")]
fn families_of_file(bytes: &[u8]) -> Vec<String> {
    let faces = ttf_parser::fonts_in_collection(bytes).unwrap_or(1);
    (0..faces)
        .flat_map(|index| families(bytes, index))
        .map(|family| family.to_lowercase())
        .collect()
}

#[cfg(feature = "pdf")]
mod machine {
    use std::env;
    use std::path::PathBuf;

    use rayon::prelude::*;
    use walkdir::WalkDir;

    use super::{FoundFonts, families_of_file};
    use crate::definition::templates::is_font;

    /// Larger files are no fonts for text.
    const LARGEST: u64 = 64 << 20;

    pub(super) fn add(missing: &[String], found: &mut FoundFonts) {
        let mut paths: Vec<PathBuf> = folders()
            .into_iter()
            .flat_map(WalkDir::new)
            .filter_map(Result::ok)
            .filter(|entry| entry.path().to_str().is_some_and(is_font))
            .filter(|entry| entry.metadata().is_ok_and(|data| data.len() <= LARGEST))
            .map(walkdir::DirEntry::into_path)
            .collect();
        // the same fonts in the same order, however the disk lists them
        paths.sort();
        paths.dedup();
        let read: Vec<(Vec<String>, PathBuf, Vec<u8>)> = paths
            .into_par_iter()
            .filter_map(|path| {
                let bytes = std::fs::read(&path).ok()?;
                let families = families_of_file(&bytes);
                let wanted = families.iter().any(|family| missing.contains(family));
                wanted.then_some((families, path, bytes))
            })
            .collect();
        for (number, (families, path, bytes)) in read.into_iter().enumerate() {
            let end = path.extension().and_then(|end| end.to_str());
            found.families.extend(families);
            found
                .files
                .push((format!("/fonts/{number}.{}", end.unwrap_or("ttf")), bytes));
        }
    }

    /// Where systems keep their fonts.
    fn folders() -> Vec<PathBuf> {
        let variable = |name: &str| env::var_os(name).map(PathBuf::from);
        let home = variable("HOME");
        let in_home = |path: &str| home.as_ref().map(|home| home.join(path));
        [
            variable("XDG_DATA_HOME").map(|data| data.join("fonts")),
            in_home(".local/share/fonts"),
            in_home(".fonts"),
            in_home("Library/Fonts"),
            Some("/usr/share/fonts".into()),
            Some("/usr/local/share/fonts".into()),
            Some("/Library/Fonts".into()),
            Some("/System/Library/Fonts".into()),
            variable("WINDIR").map(|windows| windows.join("Fonts")),
            variable("LOCALAPPDATA").map(|data| data.join("Microsoft/Windows/Fonts")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
