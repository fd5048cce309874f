//! What ships inside the binary, and what an organisation puts over it, file by file.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use crate::source::{MAXIMUM_FILE_SIZE, Tree};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static ASSETS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/site/assets");

/// A font with all of Unicode's Chinese characters has up to 50 MB.
const LARGEST_FONT: u64 = 64 << 20;

/// Whether a file is a font, by its name.
pub fn is_font(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| {
        ["ttf", "otf", "ttc", "otc"]
            .iter()
            .any(|known| end.eq_ignore_ascii_case(known))
    })
}

/// Where a template came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Out of the binary.
    BuiltIn,
    /// From the organisation's `templates/`.
    Organisation,
}

/// A template file.
#[derive(Clone, Debug)]
pub struct Template {
    /// Where it came from.
    pub origin: Origin,
    /// What stands in it.
    pub bytes: std::borrow::Cow<'static, [u8]>,
}

/// All template files by their path below `templates/`.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    files: BTreeMap<String, Template>,
}

impl Templates {
    /// Only what ships with the binary.
    pub fn built_in() -> Self {
        let mut files = BTreeMap::new();
        collect(&BUILT_IN, &mut |path, bytes| {
            files.insert(
                path.to_owned(),
                Template {
                    origin: Origin::BuiltIn,
                    bytes: bytes.into(),
                },
            );
        });
        Templates { files }
    }

    /// The built-in ones with the files of a repository's `templates` over them.
    pub fn of_repository(tree: &Tree) -> Self {
        let mut templates = Self::built_in();
        let largest = |path: &str| match is_font(path) {
            true => LARGEST_FONT,
            false => MAXIMUM_FILE_SIZE,
        };
        for (name, bytes) in tree.bytes_below("templates", largest) {
            // the demonstration's repository is the source of the binary itself
            let built_in = templates.files.get(&name);
            if built_in.is_some_and(|built_in| *built_in.bytes == *bytes) {
                continue;
            }
            templates.insert(name, bytes);
        }
        templates
    }

    /// A file by its path below `templates/`.
    pub fn get(&self, path: &str) -> Option<&Template> {
        self.files.get(path)
    }

    /// The files below a folder (`kinds/`), by path.
    pub fn below<'t>(
        &'t self,
        prefix: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'t Template)> + 't {
        self.files
            .range(prefix.to_owned()..)
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(path, template)| (path.as_str(), template))
    }

    /// Puts a file in; what was there by that name is no more.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(
            path.into(),
            Template {
                origin: Origin::Organisation,
                bytes: bytes.into().into(),
            },
        );
    }
}

/// The style sheets and scripts of the site, by path below `assets/`.
pub fn assets() -> BTreeMap<String, &'static [u8]> {
    let mut files = BTreeMap::new();
    collect(&ASSETS, &mut |path, bytes| {
        files.insert(path.to_owned(), bytes);
    });
    files
}

fn collect(dir: &'static Dir<'static>, take: &mut impl FnMut(&str, &'static [u8])) {
    for file in dir.files() {
        take(
            &file.path().to_string_lossy().replace('\\', "/"),
            file.contents(),
        );
    }
    for inner in dir.dirs() {
        collect(inner, take);
    }
}
