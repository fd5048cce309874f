//! The organisation: departments, people, outside parties, and its settings.
//!
//! Invariant: every index handed out exists; names that lead nowhere were
//! findings when the files were read.

mod colour;
mod keys;
mod logo;
mod outside;
mod paper;
mod people;
mod read;
mod settings;
mod site;

pub use colour::{Accent, Shade};
pub use keys::{Key, PublicKey};
pub use logo::Logo;
pub use paper::{EDGES, FACES, LetterPaper, PaperSettings};
pub use people::{
    Contact, Department, DepartmentId, Organisation, PARTY_KINDS, Party, PartyId, Person, PersonId,
    Role, Subject,
};
pub use read::{read_departments, read_parties, read_people, read_roles};
pub use settings::{AudienceSetting, Forge, Settings, read_settings};
pub use site::{NavigationEntry, NavigationGroup, SiteSettings, Target};
