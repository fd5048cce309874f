//! A repository for a new company: the files of `templates/init/`, and those
//! that are made from them (schemas, editor rules, owners).
//!
//! `init/<language>/every` and `init/every` are written always,
//! `init/<language>/<forge>` for that forge. A name that begins with `dot-`
//! gets its dot back here: in the program's own repository such a file would
//! be one of its settings.
//!
//! Everything is written aside, read as a repository, and only then put in
//! its place.

use std::fs;
use std::path::{Path, PathBuf};

use super::owners::{Forge, code_owners};
use super::{git, toml_text};
use crate::definition::Templates;
use crate::exchange::schema;
use crate::register::{LoadOptions, Register, load};
use crate::source::nearest;
use crate::text::Language;

/// What is known of the company.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its name; without one a placeholder.
    pub name: Option<String>,
    /// The language of its site, papers and of the files themselves.
    pub language: Language,
    /// The forges to write files for.
    pub forges: Vec<Forge>,
    /// The profile it follows.
    pub profile: String,
    /// The year, for examples of paths.
    pub year: i16,
    /// Whether the folder becomes a repository of git.
    pub with_git: bool,
}

/// Why no repository was made. Nothing was written.
#[derive(Debug)]
pub enum Obstacle {
    /// There is something in the folder.
    NotEmpty(PathBuf),
    /// It is not a folder.
    NoFolder(PathBuf),
    /// There is no such profile.
    UnknownProfile {
        /// Its name.
        name: String,
        /// The nearest one there is.
        near: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// There is no git to make a repository with.
    NoGit,
    /// The system refused.
    Unwritable(PathBuf, std::io::Error),
}

/// The token that a template has in place of the rules for editors.
const SCHEMAS: &str = "schemas";

/// Makes a repository and says which files it has, by their paths in it.
///
/// A folder that exists has to be empty, but for `.git`.
pub fn found(folder: &Path, company: &Company) -> Result<Vec<String>, Obstacle> {
    expect_empty(folder)?;
    if company.with_git && !git::is_there() {
        return Err(Obstacle::NoGit);
    }
    let near = nearby(folder);
    let unwritable = |error| Obstacle::Unwritable(near.clone(), error);
    let staging = tempfile::Builder::new()
        .prefix(".taizhang-init-")
        .tempdir_in(&near)
        .map_err(unwritable)?;
    let files = write_all(staging.path(), company)?;
    if company.with_git && !folder.join(".git").exists() && !git::init(staging.path()) {
        return Err(Obstacle::NoGit);
    }
    move_into_place(staging.path(), folder)?;
    Ok(files)
}

fn expect_empty(folder: &Path) -> Result<(), Obstacle> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            return Err(Obstacle::NoFolder(folder.to_owned()));
        }
        Err(error) => return Err(Obstacle::Unwritable(folder.to_owned(), error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| Obstacle::Unwritable(folder.to_owned(), error))?;
        if entry.file_name() != ".git" {
            return Err(Obstacle::NotEmpty(folder.to_owned()));
        }
    }
    Ok(())
}

/// The folder itself, or the nearest one above that is there: on the same
/// disk, so that files can be moved.
fn nearby(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute
        .ancestors()
        .find(|above| above.is_dir())
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Writes every file below `root`.
fn write_all(root: &Path, company: &Company) -> Result<Vec<String>, Obstacle> {
    let templates = Templates::built_in();
    let code = company.language.code();
    let mut sources = vec!["init/every/".to_owned(), format!("init/{code}/every/")];
    for forge in &company.forges {
        sources.push(format!("init/{code}/{}/", forge.name()));
    }
    let mut waiting: Vec<(String, String)> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    for source in &sources {
        for (path, template) in templates.below(source) {
            let name = with_dots(&path[source.len()..]);
            let text = String::from_utf8_lossy(&template.bytes);
            if text.contains(&format!("@{SCHEMAS}@")) {
                waiting.push((name, text.into_owned()));
                continue;
            }
            let text = filled(&text, |token| company.value(token));
            write(root, &name, &text)?;
            files.push(name);
        }
    }
    let options = LoadOptions::default();
    let register = load(root, &options).register;
    let known: Vec<String> = register
        .profiles
        .iter()
        .map(|profile| profile.id.to_string())
        .collect();
    if !known.contains(&company.profile) {
        let near = nearest(&company.profile, known.iter().map(String::as_str));
        return Err(Obstacle::UnknownProfile {
            name: company.profile.clone(),
            near: near.map(str::to_owned),
            known,
        });
    }
    for kind in &register.kinds {
        let name = format!("schema/{}", schema::file_name(kind));
        write(
            root,
            &name,
            &schema::text(&register, kind, company.language),
        )?;
        files.push(name);
    }
    for forge in &company.forges {
        let name = forge.owners_path();
        write(
            root,
            name,
            &code_owners(&register, *forge, company.language),
        )?;
        files.push(name.to_owned());
    }
    for (name, text) in waiting {
        let text = filled(&text, |token| match token {
            SCHEMAS => Some(editor_rules(&register)),
            other => company.value(other),
        });
        write(root, &name, &text)?;
        files.push(name);
    }
    files.sort();
    Ok(files)
}

impl Company {
    /// What a token of a template stands for.
    fn value(&self, token: &str) -> Option<String> {
        let name = self.name.as_deref();
        Some(match token {
            // as TOML, and as Markdown
            "name" => toml_text::quoted(name?),
            "title" => markdown(name?),
            "profile" => toml_text::quoted(&self.profile),
            "forge" => toml_text::quoted(self.forges.first()?.name()),
            "year" => self.year.to_string(),
            "version" => env!("CARGO_PKG_VERSION").to_owned(),
            _ => return None,
        })
    }
}

/// Which schema holds for which files, for editors that read taplo's settings.
fn editor_rules(register: &Register) -> String {
    let rules: Vec<String> = register
        .kinds
        .iter()
        .map(|kind| {
            // {year} and {seq:4} are whatever stands there
            let mut pattern = String::new();
            let mut inside = false;
            for c in kind.number.text.chars() {
                match c {
                    '{' => pattern.push('*'),
                    '}' => {}
                    c if !inside => pattern.push(c),
                    _ => {}
                }
                inside = c == '{' || inside && c != '}';
            }
            let files = toml_text::quoted(&format!("**/{pattern}.toml"));
            let schema = toml_text::quoted(&format!("./schema/{}", schema::file_name(kind)));
            format!("[[rule]]\ninclude = [{files}]\nschema.path = {schema}\n")
        })
        .collect();
    rules.join("\n")
}

/// Replaces each `@token@` that has a value.
fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.find(|c: char| !c.is_ascii_lowercase());
        let found = end
            .filter(|end| after[*end..].starts_with('@'))
            .and_then(|end| Some((value(&after[..end])?, end)));
        match found {
            Some((value, end)) => {
                out.push_str(&value);
                rest = &after[end + 1..];
            }
            None => {
                out.push('@');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A text that Markdown shows as it is.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in toml_text::on_one_line(text).chars() {
        if "\\`*_[]<>#&|~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn with_dots(path: &str) -> String {
    let parts: Vec<String> = path
        .split('/')
        .map(|part| match part.strip_prefix("dot-") {
            Some(rest) => format!(".{rest}"),
            None => part.to_owned(),
        })
        .collect();
    parts.join("/")
}

fn write(root: &Path, name: &str, text: &str) -> Result<(), Obstacle> {
    let path = root.join(name);
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .and_then(|()| match text.starts_with("#!") {
            true => make_runnable(&path),
            false => Ok(()),
        })
        .map_err(|error| Obstacle::Unwritable(path.clone(), error))
}

/// A script is run by its name: git passes over a hook that cannot be.
#[cfg(unix)]
fn make_runnable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

/// Elsewhere a script is run by what its first line says.
#[cfg(not(unix))]
fn make_runnable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Moves what was written into the folder: all of it, or nothing.
fn move_into_place(from: &Path, folder: &Path) -> Result<(), Obstacle> {
    let unwritable = |error| Obstacle::Unwritable(folder.to_owned(), error);
    fs::create_dir_all(folder).map_err(unwritable)?;
    let mut moved: Vec<PathBuf> = Vec::new();
    let result = fs::read_dir(from).and_then(|entries| {
        for entry in entries {
            let entry = entry?;
            let to = folder.join(entry.file_name());
            fs::rename(entry.path(), &to)?;
            moved.push(to);
        }
        Ok(())
    });
    result.map_err(|error| {
        for path in &moved {
            let is_folder = path.is_dir();
            let _ = match is_folder {
                true => fs::remove_dir_all(path),
                false => fs::remove_file(path),
            };
        }
        unwritable(error)
    })
}
