//! What a kind, a form and a profile are, read from TOML.
//!
//! Invariant: nothing here knows a particular kind. All paths and state
//! names of a definition are resolved when it is read, so that later stages
//! work with indexes and cannot meet a misspelt name.

pub mod appointment;
pub mod archive_name;
pub mod carrier;
pub mod changed_by;
pub mod clause;
pub mod commitment;
pub mod delay;
pub mod expression;
pub mod field;
pub mod form;
pub mod kind;
pub mod limit;
pub mod lists;
pub mod outside;
pub mod path;
mod pattern;
pub mod profile;
pub mod register_paper;
pub mod retention;
pub mod rule;
pub mod rule_text;
pub mod section;
pub mod state;
pub mod templates;

pub use appointment::AppointmentPaths;
pub use archive_name::ArchiveName;
pub use carrier::{Carrier, CarrierKind};
pub use changed_by::MayChange;
pub use clause::{Clause, Handbook};
pub use commitment::{Commitment, Log};
pub use delay::Delay;
pub use expression::Expression;
pub use field::{Choice, Field, FieldType, Requirement};
pub use form::{Block, Form, FormStyle, Orientation};
pub use kind::{Kind, Navigation, NumberPattern};
pub use limit::{Escalation, Limit, LimitLength, LimitStart, Owner, Reminder};
pub use lists::{Element, Hit, Position, Term, WordList};
pub use path::{Part, Path, Root, Rows};
pub use profile::Profile;
pub use register_paper::RegisterPaper;
pub use retention::{Retention, RetentionClass};
pub use rule::Rule;
pub use rule_text::{RuleMessage, RuleText};
pub use section::Section;
pub use state::{Phase, State, Transition};
pub use templates::Templates;

/// How a person confirms (D9), weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirmation {
    /// The name stands in the record.
    Typed,
    /// The commit that added the name was made by that person.
    Committed,
    /// That commit carries a valid signature by a key listed for the person.
    Signed,
}

impl Confirmation {
    /// All of them by their names in definitions, weakest first.
    pub const NAMES: [(&str, Confirmation); 3] = [
        ("typed", Confirmation::Typed),
        ("committed", Confirmation::Committed),
        ("signed", Confirmation::Signed),
    ];

    /// The name in definitions.
    pub fn name(self) -> &'static str {
        match self {
            Confirmation::Typed => "typed",
            Confirmation::Committed => "committed",
            Confirmation::Signed => "signed",
        }
    }
}

/// One scale of urgency for every handbook (D6); the profile has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// 紧急, 高
    Urgent,
    /// 重要, 中
    Important,
    /// 常规, 低
    Routine,
}

impl Priority {
    /// All of them, most urgent first.
    pub const ALL: [Priority; 3] = [Priority::Urgent, Priority::Important, Priority::Routine];

    /// The name in records.
    pub fn name(self) -> &'static str {
        match self {
            Priority::Urgent => "urgent",
            Priority::Important => "important",
            Priority::Routine => "routine",
        }
    }

    /// The priority of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.name() == name)
    }
}

/// Who may see a record (D12), widest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// May leave the company, to the parties named.
    Public,
    /// The whole company.
    #[default]
    Internal,
    /// Named people and departments only.
    Confidential,
}

impl Audience {
    /// All of them.
    pub const ALL: [Audience; 3] = [Audience::Public, Audience::Internal, Audience::Confidential];

    /// The name in records.
    pub fn name(self) -> &'static str {
        match self {
            Audience::Public => "public",
            Audience::Internal => "internal",
            Audience::Confidential => "confidential",
        }
    }

    /// The audience of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|audience| audience.name() == name)
    }
}
