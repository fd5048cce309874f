//! What a template can see: the job's files, the built-in fonts, the job's
//! date. No disk, no packages, no clock, no environment.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World as TypstWorld};

use super::fonts;
use crate::definition::templates::is_font;

/// What all documents of a process share.
pub(super) struct Base {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Base {
    /// The base of this process, made at the first call.
    pub fn shared() -> io::Result<Arc<Self>> {
        static SHARED: OnceLock<Arc<Base>> = OnceLock::new();
        if let Some(base) = SHARED.get() {
            return Ok(base.clone());
        }
        let (book, fonts) = fonts::load()?;
        let library = LazyHash::new(library());
        let base = Arc::new(Self {
            library,
            book: LazyHash::new(book),
            fonts,
        });
        Ok(SHARED.get_or_init(|| base).clone())
    }
}

/// Typst's own, with cells that head a row (`pdf.header-cell`): PDF/UA wants
/// them told apart from data.
fn library() -> Library {
    Library::builder()
        .with_features([Feature::A11yExtras].into_iter().collect())
        .build()
}

/// Shared files, their sources parsed once.
pub(super) struct FileSet {
    hash: String,
    files: HashMap<FileId, File>,
    /// Its own fonts before the built-in ones, if it has any.
    fonts: Option<(LazyHash<FontBook>, Vec<Font>)>,
}

enum File {
    Source(Source),
    Data(Bytes),
}

impl File {
    fn new(id: FileId, path: &str, bytes: Vec<u8>) -> Self {
        if path.ends_with(".typ") {
            match String::from_utf8(bytes) {
                // A byte-order mark is no part of the text.
                Ok(text) => {
                    let text = text
                        .strip_prefix('\u{feff}')
                        .map(str::to_owned)
                        .unwrap_or(text);
                    File::Source(Source::new(id, text))
                }
                Err(error) => File::Data(Bytes::new(error.into_bytes())),
            }
        } else {
            File::Data(Bytes::new(bytes))
        }
    }
}

impl FileSet {
    pub fn new(base: &Base, hash: String, files: Vec<(String, Vec<u8>)>) -> Self {
        let (own, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| is_font(path));
        let own = own.into_iter().map(|(_, bytes)| bytes);
        let fonts = fonts::with(&base.book, &base.fonts, own)
            .map(|(book, fonts)| (LazyHash::new(book), fonts));
        Self {
            hash,
            files: by_id(files.into_iter()),
            fonts,
        }
    }

    pub fn hash(&self) -> &str {
        &self.hash
    }
}

/// Files whose path cannot be a path in a project are left out: no template
/// could name them.
fn by_id(files: impl Iterator<Item = (String, Vec<u8>)>) -> HashMap<FileId, File> {
    files
        .filter_map(|(path, bytes)| {
            let id = project_file(&path)?;
            Some((id, File::new(id, &path, bytes)))
        })
        .collect()
}

/// The id of a path in the job.
pub(super) fn project_file(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// A document made of many has a numbered folder for each; what is not in
/// `/3/` is looked for beside it.
fn outside(path: &str) -> Option<FileId> {
    let (folder, rest) = path.strip_prefix('/')?.split_once('/')?;
    folder.parse::<usize>().ok()?;
    project_file(&format!("/{rest}"))
}

/// The world of one document.
pub(super) struct World {
    base: Arc<Base>,
    shared: Arc<FileSet>,
    own: HashMap<FileId, File>,
    main: FileId,
    today: Datetime,
}

impl World {
    pub fn new(
        base: Arc<Base>,
        shared: Arc<FileSet>,
        own: impl Iterator<Item = (String, Vec<u8>)>,
        main: FileId,
        today: Datetime,
    ) -> Self {
        Self {
            base,
            shared,
            own: by_id(own),
            main,
            today,
        }
    }

    fn look_up(&self, id: FileId) -> FileResult<&File> {
        let path = id.get();
        if let VirtualRoot::Package(_) = path.root() {
            let reason = "packages are not available: put the files among the templates";
            return Err(FileError::Package(PackageError::Other(Some(reason.into()))));
        }
        self.own
            .get(&id)
            .or_else(|| self.shared.files.get(&id))
            .or_else(|| {
                self.shared
                    .files
                    .get(&outside(path.vpath().get_with_slash())?)
            })
            .ok_or_else(|| FileError::NotFound(PathBuf::from(path.vpath().get_with_slash())))
    }
}

impl TypstWorld for World {
    fn library(&self) -> &LazyHash<Library> {
        &self.base.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        match &self.shared.fonts {
            Some((book, _)) => book,
            None => &self.base.book,
        }
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match self.look_up(id)? {
            File::Source(source) => Ok(source.clone()),
            File::Data(bytes) if bytes.as_str().is_err() => Err(FileError::InvalidUtf8),
            File::Data(_) => Err(FileError::NotSource),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match self.look_up(id)? {
            File::Source(source) => Ok(Bytes::from_string(source.clone())),
            File::Data(bytes) => Ok(bytes.clone()),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        let fonts = match &self.shared.fonts {
            Some((_, fonts)) => fonts,
            None => &self.base.fonts,
        };
        fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}
