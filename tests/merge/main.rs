//! What two branches make of one file, put together.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod anything;
#[path = "../common/mod.rs"]
mod common;
mod content;
mod git;
mod layout;
mod matter;
mod properties;

use std::sync::LazyLock;

use taizhang::merge::{Definitions, Frame, Outcome, Style, merge};

/// The definitions that ship with the program.
static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::read(common::Repository::new().root()));

/// Merges versions of a record.
fn merged(base: &str, ours: &str, theirs: &str) -> Option<Outcome> {
    let register = &DEFINITIONS.register;
    let frame = Frame {
        kinds: &register.kinds,
        zone: &register.settings.time.time_zone,
    };
    merge(base, ours, theirs, frame, &Style::default())
}
