//! Forms and minutes on paper: one view model, Tera to HTML, Typst to PDF.

pub mod typeset;
