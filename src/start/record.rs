//! A new record: its number, its place, its file.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::draft::{Draft, write_draft};
use super::toml_text::quoted;
use super::{git, number};
use crate::definition::{Kind, Phase};
use crate::exchange::schema;
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::register::{RECORDS, Register};
use crate::source::nearest;
use crate::text::Language;

/// What is wanted of a new record.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Its kind, by name.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Whose it is; without it the department of who begins it.
    pub department: Option<String>,
    /// Who begins it; without it the person whose mail address git knows.
    pub person: Option<String>,
    /// The state it begins in; without it the first draft.
    pub state: Option<String>,
    /// The file, or the folder for it; without it where its like are.
    pub out: Option<PathBuf>,
    /// Only what has to be filled in: no comments on the rest.
    pub short: bool,
}

/// A record that was written.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Its number.
    pub id: String,
    /// Its file.
    pub path: PathBuf,
    /// Who begins it, if that is known.
    pub author: Option<PersonId>,
    /// git's mail address, where nobody has it.
    pub unknown_email: Option<String>,
}

/// Why a record was not begun. Nothing was written.
#[derive(Debug)]
pub enum Refusal {
    /// There is no kind, state, person or department of that name.
    Unknown {
        /// Which of them: `kind`, `state`, `person`, `department`.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest one there is.
        near: Option<String>,
        /// All of them with what they are called.
        known: Vec<(String, String)>,
    },
    /// The file exists.
    Exists(PathBuf),
    /// The file would lie where no records are read.
    Outside(PathBuf),
    /// The numbers of the year are used up.
    NoNumber,
    /// The system refused.
    Unwritable(PathBuf, std::io::Error),
}

/// Writes a new record below `root` and says where it is.
///
/// The number is above every one ever given in the year of `now` (company
/// time). Two that are begun at once get different ones: the repository's
/// settings file is locked meanwhile, and no file is ever overwritten.
pub fn begin(
    root: &Path,
    register: &Register,
    wish: &Wish,
    now: Timestamp,
    language: Language,
) -> Result<Begun, Refusal> {
    let kind = wanted_kind(register, &wish.kind, language)?;
    let state = wanted_state(kind, wish.state.as_deref(), language)?;
    let (author, unknown_email) = author(root, register, wish.person.as_deref(), language)?;
    let department = department(register, wish.department.as_deref(), author, language)?;
    let mut values = BTreeMap::new();
    // a department that was asked for is the record's, whoever begins it
    if let (Some(_), Some(id), Some(path)) = (&wish.department, department, &kind.department) {
        let id = quoted(&register.organisation.department(id).id);
        values.insert(path.text.to_string(), id);
    }
    let year = now
        .to_zoned(register.settings.time.time_zone.clone())
        .year();

    // held until the file is there; without it the file itself decides
    let _lock = File::open(root.join("taizhang.toml"))
        .ok()
        .filter(|file| file.lock().is_ok());
    let mut sequence = number::highest(register, root, &kind.number, year);
    loop {
        sequence = sequence.checked_add(1).ok_or(Refusal::NoNumber)?;
        let id = kind.number.write(year, sequence);
        let path = match &wish.out {
            Some(out) => chosen(root, out, &id)?,
            None => root
                .join(folder(register, kind, department, year))
                .join(format!("{id}.toml")),
        };
        let schema = schema_from(root, &path, kind);
        let text = write_draft(
            register,
            language,
            &Draft {
                kind,
                id: &id,
                title: &wish.title,
                state,
                schema: schema.as_deref(),
                author,
                department,
                now,
                values: values.clone(),
                with_rest: !wish.short,
            },
        );
        match write_new(&path, &text) {
            Ok(()) => {
                return Ok(Begun {
                    id,
                    path,
                    author,
                    unknown_email,
                });
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                if wish.out.is_some() {
                    return Err(Refusal::Exists(path));
                }
            }
            Err(error) => return Err(Refusal::Unwritable(path, error)),
        }
    }
}

fn unknown<'n>(
    what: &'static str,
    name: &str,
    known: impl Iterator<Item = (&'n str, &'n str)>,
) -> Refusal {
    let known: Vec<(String, String)> = known
        .map(|(id, label)| (id.to_owned(), label.to_owned()))
        .collect();
    let ids = known.iter().map(|(id, _)| id.as_str());
    Refusal::Unknown {
        what,
        name: name.to_owned(),
        near: nearest(name, ids).map(str::to_owned),
        known,
    }
}

/// The kind of that name, in records or for people.
fn wanted_kind<'r>(
    register: &'r Register,
    name: &str,
    language: Language,
) -> Result<&'r Kind, Refusal> {
    let found = register.kind(name).or_else(|| {
        let called = |kind: &&Kind| kind.name.get(language) == name;
        register.kinds.iter().find(called)
    });
    let known = register
        .kinds
        .iter()
        .map(|kind| (&*kind.id, kind.name.get(language)));
    found.ok_or_else(|| unknown("kind", name, known))
}

fn wanted_state(kind: &Kind, name: Option<&str>, language: Language) -> Result<usize, Refusal> {
    let Some(name) = name else {
        let draft = kind
            .states
            .iter()
            .position(|state| state.phase == Phase::Draft);
        return Ok(draft.unwrap_or(0));
    };
    let known = kind
        .states
        .iter()
        .map(|state| (&*state.id, state.label.get(language)));
    kind.state(name)
        .ok_or_else(|| unknown("state", name, known))
}

/// Who begins a record, and git's mail address where it is nobody's.
fn author(
    root: &Path,
    register: &Register,
    name: Option<&str>,
    language: Language,
) -> Result<(Option<PersonId>, Option<String>), Refusal> {
    let organisation = &register.organisation;
    if let Some(name) = name {
        let known = organisation
            .people
            .iter()
            .filter(|person| !person.left)
            .map(|person| (&*person.id, person.name.get(language)));
        let found = organisation.find_person(name);
        return match found {
            Some(person) => Ok((Some(person), None)),
            None => Err(unknown("person", name, known)),
        };
    }
    let Some(email) = git::author_email(root) else {
        return Ok((None, None));
    };
    let same = |known: &str| known.eq_ignore_ascii_case(&email);
    let found = organisation
        .people
        .iter()
        .position(|person| !person.left && person.email.as_deref().is_some_and(same));
    Ok(match found {
        Some(index) => (Some(PersonId(index as u32)), None),
        None => (None, Some(email)),
    })
}

fn department(
    register: &Register,
    name: Option<&str>,
    author: Option<PersonId>,
    language: Language,
) -> Result<Option<DepartmentId>, Refusal> {
    let organisation = &register.organisation;
    let Some(name) = name else {
        let author = author.map(Subject::Person);
        return Ok(author.and_then(|author| organisation.department_of(author)));
    };
    let known = organisation
        .departments
        .iter()
        .map(|department| (&*department.id, department.name.get(language)));
    match organisation.find_department(name) {
        Some(department) => Ok(Some(department)),
        None => Err(unknown("department", name, known)),
    }
}

/// Where records like this one are, from the root: beside the newest of the
/// same kind, else of any kind; the folders of a year and of a department are
/// exchanged for the new record's own. The first record goes to a folder of
/// its year.
pub fn folder(
    register: &Register,
    kind: &Kind,
    department: Option<DepartmentId>,
    year: i16,
) -> PathBuf {
    let organisation = &register.organisation;
    let newest = |same: bool| {
        register
            .records
            .iter()
            .filter(|record| !same || register.kind_of(record).id == kind.id)
            .filter_map(|record| {
                let pattern = &register.kind_of(record).number;
                Some((pattern.read(&record.id.value)?, record.file))
            })
            .max_by_key(|(number, _)| *number)
    };
    let Some(((of_year, _), like)) = newest(true).or_else(|| newest(false)) else {
        return Path::new(RECORDS).join(year.to_string());
    };
    let file = &register.sources.file(like).path;
    let folders = file
        .rsplit_once('/')
        .map_or(RECORDS, |(folders, _)| folders);
    let of_year = of_year.to_string();
    folders
        .split('/')
        .map(|name| {
            if name == of_year {
                return year.to_string();
            }
            match (department, organisation.find_department(name)) {
                (Some(own), Some(_)) => organisation.department(own).id.to_string(),
                _ => name.to_owned(),
            }
        })
        .collect()
}

/// The file that was asked for; a folder gets the number as the file's name.
fn chosen(root: &Path, out: &Path, id: &str) -> Result<PathBuf, Refusal> {
    let is_file = out.extension().is_some_and(|ending| ending == "toml") && !out.is_dir();
    let path = match is_file {
        true => out.to_path_buf(),
        false => out.join(format!("{id}.toml")),
    };
    let absolute = |path: &Path| std::path::absolute(path).ok();
    let climbs = path
        .components()
        .any(|part| part == std::path::Component::ParentDir);
    let inside = absolute(&root.join(RECORDS))
        .zip(absolute(&path))
        .is_some_and(|(records, path)| path.starts_with(records));
    match inside && !climbs {
        true => Ok(path),
        false => Err(Refusal::Outside(path)),
    }
}

/// The way from the record's folder to the schema of its kind, if there is one.
fn schema_from(root: &Path, path: &Path, kind: &Kind) -> Option<String> {
    let below = Path::new("schema").join(schema::file_name(kind));
    if !root.join(&below).is_file() {
        return None;
    }
    let root = std::path::absolute(root).ok()?;
    let path = std::path::absolute(path).ok()?;
    let depth = path
        .parent()?
        .strip_prefix(&root)
        .ok()?
        .components()
        .count();
    let below = below.to_string_lossy().replace('\\', "/");
    Some(format!("{}{below}", "../".repeat(depth)))
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes()).inspect_err(|_| {
        // half a record is worse than none
        let _ = fs::remove_file(path);
    })
}
