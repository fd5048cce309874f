//! The handbooks side by side: the same records under another profile.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod consequences;
mod demonstration;
mod differences;
mod forms;
mod limits;
mod one_record;
