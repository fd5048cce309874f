//! Records, lists and definitions in the formats of other programs.
//!
//! [`table`] is what tables are made of, [`register`] and [`lists`] say which
//! there are, [`csv`], [`xlsx`] and [`json`] how they are written; [`calendar`] is
//! for calendars, [`atom`] for those who follow what changes. Invariants:
//! what is exported is made of an outlook, so that nothing its viewer may not
//! see is in it (D12); the same outlook gives the same bytes.

pub mod address;
pub mod atom;
pub mod audit;
pub mod calendar;
mod cell;
pub mod changes;
pub mod clauses;
mod content_lines;
pub mod csv;
mod field;
mod files;
pub mod format;
mod gathered;
pub mod item;
pub mod json;
pub mod lists;
pub mod register;
pub mod schema;
pub mod table;
pub mod xlsx;

pub use files::Exchange;
pub use format::Format;
pub use item::{Gathered, Item};
