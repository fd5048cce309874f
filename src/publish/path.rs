//! Which paths an output may have: relative, and a file name on every system
//! the site may be copied to.

use std::collections::HashMap;

use super::{PublishError, STATE_DIRECTORY};

/// What is wrong with an output's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// Nothing, or nothing between two slashes, or a slash at either end.
    EmptyPart,
    /// A part `.` or `..`.
    DotPart,
    /// A character that Windows refuses in a name (`< > : " | ? * \`), or a
    /// control character.
    Character,
    /// A part that ends in a full stop or a space, which Windows drops.
    Ending,
    /// A name Windows keeps for a device, such as `con` or `lpt1.html`.
    Device,
    /// A part longer than 255 bytes.
    TooLong,
    /// The name of the directory where the manifest stands, anywhere.
    Reserved,
}

impl PathFault {
    /// A kebab-case name for messages to choose words by.
    pub fn code(self) -> &'static str {
        match self {
            PathFault::EmptyPart => "empty-part",
            PathFault::DotPart => "dot-part",
            PathFault::Character => "character",
            PathFault::Ending => "ending",
            PathFault::Device => "device",
            PathFault::TooLong => "too-long",
            PathFault::Reserved => "reserved",
        }
    }
}

/// Whether an output may stand at `path`. An absolute path shows as an empty
/// first part, a Windows drive as a colon.
pub fn check_path(path: &str) -> Result<(), PathFault> {
    path.split('/').try_for_each(check_part)
}

fn check_part(part: &str) -> Result<(), PathFault> {
    if part.is_empty() {
        return Err(PathFault::EmptyPart);
    }
    if part == "." || part == ".." {
        return Err(PathFault::DotPart);
    }
    if part.len() > 255 {
        return Err(PathFault::TooLong);
    }
    let refused =
        |c: char| c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\');
    if part.contains(refused) {
        return Err(PathFault::Character);
    }
    if part.ends_with(['.', ' ']) {
        return Err(PathFault::Ending);
    }
    if part.eq_ignore_ascii_case(STATE_DIRECTORY) {
        return Err(PathFault::Reserved);
    }
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    if is_device(stem) {
        return Err(PathFault::Device);
    }
    Ok(())
}

fn is_device(stem: &str) -> bool {
    if ["con", "prn", "aux", "nul"]
        .iter()
        .any(|name| stem.eq_ignore_ascii_case(name))
    {
        return true;
    }
    let (Some(letters), Some(number)) = (stem.get(..3), stem.get(3..)) else {
        return false;
    };
    (letters.eq_ignore_ascii_case("com") || letters.eq_ignore_ascii_case("lpt"))
        && matches!(
            number,
            "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
}

/// Every fault of a whole set of paths, in their order: each path by itself,
/// then the ones that cannot stand beside each other, on a file system that
/// does not tell cases apart either.
pub(super) fn check_all(paths: &[&str]) -> Vec<PublishError> {
    let mut faults = Vec::new();
    let mut seen: HashMap<String, &str> = HashMap::with_capacity(paths.len());
    for &path in paths {
        if let Err(fault) = check_path(path) {
            faults.push(PublishError::UnsafePath {
                path: path.to_owned(),
                fault,
            });
        } else if let Some(other) = seen.insert(path.to_lowercase(), path) {
            faults.push(PublishError::DuplicatePath {
                path: path.to_owned(),
                other: other.to_owned(),
            });
        }
    }
    let mut known: HashMap<&str, bool> = HashMap::new();
    for &path in paths {
        for directory in ancestors(path) {
            let first_time = known.insert(directory, true).is_none();
            if first_time && let Some(file) = seen.get(&directory.to_lowercase()) {
                faults.push(PublishError::FileAndDirectory {
                    path: (*file).to_owned(),
                    other: path.to_owned(),
                });
            }
        }
    }
    faults
}

/// The directories a path stands in, outermost first: `a/b/c` → `a`, `a/b`.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_pass() {
        for path in [
            "index.html",
            "records/XT-2026-0012.html",
            "pages/跨部门协作.html",
            "assets/a.b.c.js",
            ".nojekyll",
            "console.html",
            "com10.html",
            "com.html",
            "a b/c.html",
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn names_that_are_not_safe_everywhere_fail() {
        for (path, fault) in [
            ("", PathFault::EmptyPart),
            ("/etc/passwd", PathFault::EmptyPart),
            ("a//b", PathFault::EmptyPart),
            ("a/", PathFault::EmptyPart),
            ("../a", PathFault::DotPart),
            ("a/../b", PathFault::DotPart),
            ("./a", PathFault::DotPart),
            ("C:/a", PathFault::Character),
            ("a\\b", PathFault::Character),
            ("a\nb", PathFault::Character),
            ("what?.html", PathFault::Character),
            ("a./b", PathFault::Ending),
            ("a ", PathFault::Ending),
            ("CON", PathFault::Device),
            ("records/nul.html", PathFault::Device),
            ("Lpt1.tar.gz", PathFault::Device),
            (".taizhang/manifest", PathFault::Reserved),
            ("a/.TaiZhang", PathFault::Reserved),
        ] {
            assert_eq!(check_path(path), Err(fault), "{path}");
        }
        assert_eq!(check_path(&"长".repeat(86)), Err(PathFault::TooLong));
        assert_eq!(check_path(&"长".repeat(85)), Ok(()));
    }

    #[test]
    fn paths_that_cannot_stand_together_are_named() {
        let faults = check_all(&["a.html", "A.html", "b", "b/c.html", "b/d.html"]);
        assert_eq!(
            faults,
            [
                PublishError::DuplicatePath {
                    path: "A.html".into(),
                    other: "a.html".into()
                },
                PublishError::FileAndDirectory {
                    path: "b".into(),
                    other: "b/c.html".into()
                },
            ]
        );
    }
}
