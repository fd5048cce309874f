//! A change in the words of the forms: as Markdown for the pull request, as
//! HTML, as JSON.
//!
//! Invariants: the three show one view; every value goes through its format's
//! escaping; the templates are those of the older side or built in, since a
//! change must not be able to write its own review.

mod render;
mod shown;
mod view;

pub use crate::change::{Piece, PieceKind, difference};
pub use render::{MARKER, html, json, markdown};
pub use shown::ReviewView;
pub use view::view;
