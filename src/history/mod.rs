//! git: which commit the files are of, what has changed since another one, and
//! what a file said then.
//!
//! Invariants: nothing here writes but what is kept for the next run, in git's
//! own directory ([`kept`]); a repository without git, without a commit or
//! without that revision is an answer, not a failure; git is asked for the
//! whole repository at once, never file by file, and is told not to run what
//! the repository's configuration may name.

mod branch;
mod commit_object;
mod git;
pub mod kept;
mod log;
mod snapshot;
mod trail;
mod version;
mod walk;
mod walked;

pub use branch::NamedFile;
pub use commit_object::CommitObject;
pub use git::{Git, GitError};
pub use log::{Change, Did, Log, is_nothing};
pub use snapshot::{Commit, Snapshot};
