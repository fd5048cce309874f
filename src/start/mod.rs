//! Starting: a repository for a new company, the owners of its files on the
//! forge, and a record with the next number.
//!
//! Invariants: nothing that exists is overwritten; what cannot be finished
//! leaves nothing behind; no kind and no field is named here, what a new
//! record holds follows from its kind's definition.

mod draft;
mod git;
mod guidance;
mod number;
mod owners;
mod record;
mod renumber;
mod repository;
mod sign;
mod toml_text;

pub use draft::{Draft, write_draft};
pub use git::author_email;
pub use guidance::{Guidance, prefilled};
pub use number::recorded;
pub use owners::{Forge, code_owners};
pub use record::{Begun, Refusal, Wish, begin, folder};
pub use renumber::{NotRenumbered, Renumbered, renumber};
pub use repository::{Company, Obstacle, found};
pub use sign::{NotSigned, ReadyToSign, ToSign, sign};
