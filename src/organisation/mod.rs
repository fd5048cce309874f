//! The organisation: departments, people, outside parties, and its settings.
//!
//! Invariant: every index handed out exists; names that lead nowhere were
//! findings when the files were read.

mod outside;
mod paper;
mod people;
mod read;
mod settings;
mod site;

pub use paper::{EDGES, FACES, LetterPaper, Logo, PaperSettings, read_logo};
pub use people::{
    Contact, Department, DepartmentId, Organisation, PARTY_KINDS, Party, PartyId, Person, PersonId,
    Role, Subject,
};
pub use read::{read_departments, read_parties, read_people, read_roles};
pub use site::SiteSettings;
pub use settings::{AudienceSetting, Forge, Settings, read_settings};
