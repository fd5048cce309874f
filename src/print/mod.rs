//! Forms and minutes on paper: one view model, Tera to HTML, Typst to PDF.
//!
//! ```text
//! Register ── forms_of ──▶ FormRef ── view ──▶ FormView ─┬─ Papers::html ─▶ HTML
//!                                                        └─ Papers::job ──▶ typeset ─▶ PDF
//! ```
//!
//! Invariants: a view is made of the register alone; HTML and PDF of a view say
//! the same; a paper that cannot be typeset is a finding and the others are
//! printed.

mod batch;
mod bound;
mod company;
mod concerns;
mod conditions;
mod difference;
mod enclosed;
mod gathered;
mod offer;
mod origin;
mod papers;
mod provenance;
mod sheets;
mod trouble;
pub mod typeset;
pub mod verify;
pub mod view;

pub use batch::{Batch, Printed, Shelf, ShelfIndex};
pub use concerns::concerns;
pub use difference::Difference;
pub use enclosed::{EnclosedFile, enclosed_files};
pub use gathered::{Gathered, gathered};
pub use offer::{FormRef, forms_of, forms_of_kind, papers_of, title_of};
pub use origin::{Origin, PaperOf};
pub use papers::{PaperError, Papers};
pub use provenance::{Provenance, Version};
pub use sheets::{Sheet, Sheets};
pub use trouble::{finding_of_page, finding_of_template, findings_of, without_repeats};
pub use view::{Filling, FormView, blank_register, blank_register_name, view};
