//! Where the files of a repository are read from: its folder on disk, or a
//! version of it that is kept in memory, such as a commit of git.
//!
//! Invariant: paths are `/`-separated from the root, and nothing outside the
//! root is ever read; a version never touches the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::walk::{self, MAXIMUM_FILE_SIZE, Room, Trouble, Walked};

/// The files of a repository.
#[derive(Clone, Debug)]
pub enum Tree {
    /// As they lie in a folder.
    Folder(PathBuf),
    /// As they were once: each file's bytes, or why there are none.
    Version(BTreeMap<String, Result<Vec<u8>, Trouble>>),
}

impl Tree {
    /// The files as they lie in a folder.
    pub fn folder(root: &Path) -> Tree {
        Tree::Folder(root.to_owned())
    }

    /// Every file below a folder whose name ends in `.extension`, in the order
    /// of their paths. Hidden files and folders are passed over; a folder that
    /// does not exist is empty.
    pub fn walk(&self, below: &str, extension: &str) -> Vec<Walked> {
        match self {
            Tree::Folder(root) => walk::walk(root, below, extension),
            Tree::Version(files) => in_folder(files, below)
                .filter(|(path, relative, _)| {
                    let hidden = relative.split('/').any(|part| part.starts_with('.'));
                    let end = Path::new(path).extension();
                    !hidden && end.is_some_and(|end| end == extension)
                })
                .map(|(path, _, content)| walk::read_kept(path, content.clone()))
                .collect(),
        }
    }

    /// The file of that path; none when there is nothing by that name.
    pub fn read_file(&self, path: &str) -> Option<Walked> {
        match self {
            Tree::Folder(root) => walk::read_file(root, path),
            Tree::Version(files) => {
                let content = files.get(path)?;
                Some(walk::read_kept(path, content.clone()))
            }
        }
    }

    /// Whether a path is a folder.
    pub fn is_folder(&self, path: &str) -> bool {
        match self {
            Tree::Folder(root) => root.join(path).is_dir(),
            Tree::Version(files) => in_folder(files, path).next().is_some(),
        }
    }

    /// Whether a path, or a folder that it is in, is a link.
    pub fn has_link(&self, path: &str) -> bool {
        match self {
            Tree::Folder(root) => Path::new(path)
                .ancestors()
                .take_while(|part| !part.as_os_str().is_empty())
                .any(|part| root.join(part).is_symlink()),
            Tree::Version(_) => false,
        }
    }

    /// What every readable file below a folder says, by its path below it.
    /// `largest` is the greatest size in bytes that a file of that path may have;
    /// larger ones are left out.
    pub fn bytes_below(
        &self,
        below: &str,
        largest: impl Fn(&str) -> u64,
    ) -> Vec<(String, Vec<u8>)> {
        match self {
            Tree::Folder(root) => {
                let folder = root.join(below);
                // the walk itself follows no link but a first one
                if walk::leads_outside(root, &folder) {
                    return Vec::new();
                }
                let mut room = Room::default();
                walkdir::WalkDir::new(&folder)
                    .sort_by_file_name()
                    .into_iter()
                    .filter_map(Result::ok)
                    .filter(|entry| entry.file_type().is_file())
                    .filter_map(|entry| {
                        let relative = entry.path().strip_prefix(&folder).ok()?;
                        let path = relative.to_str()?.replace('\\', "/");
                        let size = entry.metadata().ok()?.len();
                        if size > largest(&path) || !room.takes(size) {
                            return None;
                        }
                        Some((path, std::fs::read(entry.path()).ok()?))
                    })
                    .collect()
            }
            Tree::Version(files) => in_folder(files, below)
                .filter_map(|(_, relative, content)| {
                    let bytes = content.as_ref().ok()?;
                    let fits = bytes.len() as u64 <= largest(relative);
                    fits.then(|| (relative.to_owned(), bytes.clone()))
                })
                .collect(),
        }
    }

    /// What one file says. The error is its size in bytes where it is larger
    /// than `largest`, and none where it is no readable file.
    pub fn bytes(&self, path: &str, largest: u64) -> Result<Vec<u8>, Option<u64>> {
        match self {
            Tree::Folder(root) => {
                let path = root.join(path);
                if walk::leads_outside(root, &path) {
                    return Err(None);
                }
                match std::fs::metadata(&path) {
                    Ok(data) if data.is_file() && data.len() > largest => Err(Some(data.len())),
                    Ok(data) if data.is_file() => std::fs::read(&path).map_err(|_| None),
                    _ => Err(None),
                }
            }
            Tree::Version(files) => match files.get(path) {
                Some(Ok(bytes)) if bytes.len() as u64 > largest => Err(Some(bytes.len() as u64)),
                Some(Ok(bytes)) => Ok(bytes.clone()),
                Some(Err(Trouble::TooLarge(size))) => Err(Some(*size)),
                Some(Err(_)) | None => Err(None),
            },
        }
    }
}

/// The greatest size of any file but a font.
pub(crate) fn ordinary_size(_path: &str) -> u64 {
    MAXIMUM_FILE_SIZE
}

type Kept = Result<Vec<u8>, Trouble>;

/// The files below a folder: path, path below the folder, content.
fn in_folder<'f>(
    files: &'f BTreeMap<String, Kept>,
    below: &str,
) -> impl Iterator<Item = (&'f str, &'f str, &'f Kept)> {
    let prefix = format!("{below}/");
    files
        .range(prefix.clone()..)
        .map_while(move |(path, content)| {
            let relative = path.strip_prefix(&*prefix)?;
            Some((path.as_str(), relative, content))
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn version() -> Tree {
        let file = |path: &str, text: &str| (path.to_owned(), Ok(text.as_bytes().to_vec()));
        Tree::Version(BTreeMap::from([
            file("records/2026/A-1.toml", "a = 1"),
            file("records/2026/.hidden.toml", ""),
            file("records/2026/notes.md", ""),
            ("records/B.toml".to_owned(), Err(Trouble::Link)),
            file("recordsAndMore/C.toml", ""),
            file("taizhang.toml", "name = 'x'"),
        ]))
    }

    #[test]
    fn a_version_is_walked_as_a_folder_is() {
        let tree = version();
        let walked = tree.walk("records", "toml");
        let paths: Vec<&str> = walked.iter().map(|one| &*one.file.path).collect();
        assert_eq!(paths, ["records/2026/A-1.toml", "records/B.toml"]);
        assert_eq!(walked[0].file.text, "a = 1");
        assert!(matches!(walked[1].trouble, Some(Trouble::Link)));
        assert!(tree.walk("nothing", "toml").is_empty());
        assert!(tree.read_file("taizhang.toml").is_some());
        assert!(tree.read_file("other.toml").is_none());
    }

    #[test]
    fn a_file_too_large_is_told_by_its_size() {
        let tree = version();
        assert_eq!(tree.bytes("taizhang.toml", 4), Err(Some(10)));
        assert_eq!(tree.bytes("taizhang.toml", 10).unwrap(), b"name = 'x'");
        assert_eq!(tree.bytes("records/B.toml", 10), Err(None));
        let below = tree.bytes_below("records/2026", |_| 4);
        let paths: Vec<&str> = below.iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths, [".hidden.toml", "notes.md"]);
    }
}
