//! What an object of git says of a record, without its sections.

use serde::{Deserialize, Serialize};

use super::said::Said;
use crate::change::Version;
use crate::definition::Audience;
use crate::finding::{Argument, FileId, Finding};
use crate::organisation::Subject;
use crate::record::{Record, read_record};
use crate::register::{Register, Viewer};
use crate::source::SourceFile;

/// The head of a record as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Its number.
    pub number: Box<str>,
    /// Its kind, by name.
    pub kind: Box<str>,
    /// Its title.
    pub title: Box<str>,
    /// Its state, by name.
    pub state: Box<str>,
    /// Whether it was for some alone.
    confidential: bool,
    /// For whom.
    visible_to: Vec<Said>,
}

/// What could be made of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reading {
    /// A record.
    Read(Head),
    /// No TOML, or not all of it.
    Broken,
    /// A record of a kind that no definition of today has, or of none.
    UnknownKind(Box<str>),
    /// Too large, or not here: a clone without all objects.
    Missing,
}

impl Reading {
    /// The head, where there is one.
    pub fn head(&self) -> Option<&Head> {
        match self {
            Reading::Read(head) => Some(head),
            _ => None,
        }
    }
}

impl Head {
    pub(super) fn of(version: Version<'_>) -> Head {
        let Version {
            register, record, ..
        } = version;
        let kind = register.kind_of(record);
        let of = |subject: Subject| Said::of_subject(&register.organisation, subject);
        Head {
            number: (*record.id.value).into(),
            kind: (*kind.id).into(),
            title: record.title.value.trim().into(),
            state: state_of(version).into(),
            confidential: record.audience.value == Audience::Confidential,
            visible_to: record.visible_to.iter().map(|at| of(at.value)).collect(),
        }
    }

    /// Whether one of the company's own may know what stood there.
    pub fn is_seen_by(&self, viewer: &Viewer, register: &Register) -> bool {
        let organisation = &register.organisation;
        let named = self.visible_to.iter();
        let named: Vec<Subject> = named
            .filter_map(|said| said.subject(organisation))
            .collect();
        match (self.confidential, viewer) {
            (_, Viewer::Repository) => true,
            (_, Viewer::Public(_)) => false,
            (false, _) => true,
            (true, viewer) => viewer.is_among(organisation, &named),
        }
    }
}

/// The state that a version says, by name; as it stands there, where its kind
/// has none of that name (any more).
pub(super) fn state_of(version: Version<'_>) -> &str {
    let state = &version.record.state;
    let known = &version.register.kind_of(version.record).states[state.value].id;
    let written = version.file.slice(state.span).trim_matches(['"', '\'']);
    match written.is_empty() {
        true => known,
        false => written,
    }
}

/// A record as it was, with the text that it was read from: its file is none
/// of the register's.
pub(super) struct Former {
    record: Record,
    source: SourceFile,
}

impl Former {
    /// The record to compare, in the register by whose definitions it was read.
    pub fn version<'r>(&'r self, register: &'r Register) -> Version<'r> {
        Version {
            register,
            record: &self.record,
            file: &self.source,
        }
    }
}

/// Reads an object by today's definitions. The record is there only when all
/// of it could be parsed.
pub(super) fn read(register: &Register, bytes: Option<Vec<u8>>) -> (Reading, Option<Former>) {
    let Some(bytes) = bytes else {
        return (Reading::Missing, None);
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return (Reading::Broken, None);
    };
    let source = SourceFile::new("", text);
    let (record, findings) = read_record(
        &register.kinds,
        &register.organisation,
        &register.settings.time,
        FileId(u32::MAX),
        &source,
    );
    match record {
        Some(record) if record.broken.is_empty() => {
            let former = Former { record, source };
            let head = Head::of(former.version(register));
            (Reading::Read(head), Some(former))
        }
        None if !findings.iter().any(is_broken) => {
            let arguments = findings.iter().flat_map(|finding| &finding.arguments);
            let name = { arguments }.find_map(|(name, value)| match value {
                Argument::Plain(text) if name == "name" => Some(&**text),
                _ => None,
            });
            (Reading::UnknownKind(name.unwrap_or_default().into()), None)
        }
        _ => (Reading::Broken, None),
    }
}

fn is_broken(finding: &Finding) -> bool {
    matches!(&*finding.rule, "toml-syntax" | "empty-file")
}
