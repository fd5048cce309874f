//! What taizhang promises, shown by the program itself on copies of the
//! demonstration: checked, broken, built, printed, extended.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod broken;
mod built;
mod demonstration;
mod extended;
mod printed;
mod source;
