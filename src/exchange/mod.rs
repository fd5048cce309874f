//! Records, lists and definitions in the formats of other programs.
//!
//! [`table`] is what tables are made of, [`register`] and [`lists`] say which
//! there are, [`csv`], [`xlsx`] and [`json`] how they are written. Invariants:
//! what is exported is made of an outlook, so that nothing its viewer may not
//! see is in it (D12); the same outlook gives the same bytes.

mod cell;
pub mod clauses;
pub mod csv;
mod field;
pub mod json;
pub mod lists;
pub mod register;
pub mod schema;
pub mod table;
pub mod xlsx;
