//! What git knows of a signature (D9).
//!
//! Invariant: part of a record only beside it: no file says it, and two
//! versions that differ in nothing else are the same.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::definition::Confirmation;

/// How a signature stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How strongly it confirms; none where the past does not reach so far back.
    pub level: Option<Confirmation>,
    /// The commit that added it; none before it is committed.
    pub commit: Option<Brought>,
    /// Why it does not confirm more strongly.
    pub doubt: Option<Doubt>,
    /// 签后已改: what was signed was changed afterwards, and it is void.
    pub changed: Option<Altered>,
}

/// A change of what had been signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// The commit that made it; none before it is committed.
    pub commit: Option<Brought>,
}

/// A commit, as far as it is shown beside a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The first characters of its name.
    pub id: Arc<str>,
    /// Who wrote it.
    pub author: Arc<str>,
    /// When it was made.
    pub at: Timestamp,
}

/// Why a signature does not confirm more strongly than it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It is in the file and in no commit yet.
    NotCommitted,
    /// A merge brought it in, not the person's own commit.
    Merged,
    /// The clone is shallow: the commit that added it is not here.
    Shallow,
    /// It is an outsider's: no commit can be theirs.
    Outsider,
    /// The person has no mail address to be known by.
    NoEmail,
    /// Somebody else wrote the commit.
    OtherAuthor,
    /// The commit is not signed.
    Unsigned,
    /// The commit is signed by a key that is not listed for the person: another
    /// person's, or a forge's.
    ForeignKey,
    /// What the commit says is not what was signed.
    Broken,
    /// The key did not count yet.
    NotYet,
    /// The key did not count any more after that day.
    Expired(Date),
    /// The key did not count any more from that day on.
    Revoked(Date),
}

impl Doubt {
    /// The name in words files.
    pub fn name(&self) -> &'static str {
        match self {
            Doubt::NotCommitted => "not-committed",
            Doubt::Merged => "merged",
            Doubt::Shallow => "shallow",
            Doubt::Outsider => "outsider",
            Doubt::NoEmail => "no-email",
            Doubt::OtherAuthor => "other-author",
            Doubt::Unsigned => "unsigned",
            Doubt::ForeignKey => "foreign-key",
            Doubt::Broken => "broken",
            Doubt::NotYet => "not-yet",
            Doubt::Expired(_) => "expired",
            Doubt::Revoked(_) => "revoked",
        }
    }

    /// The day it is about.
    pub fn day(&self) -> Option<Date> {
        match self {
            Doubt::Expired(day) | Doubt::Revoked(day) => Some(*day),
            _ => None,
        }
    }
}
