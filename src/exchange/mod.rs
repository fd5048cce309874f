//! Records and definitions in the formats of other programs.

pub mod clauses;
pub mod schema;
