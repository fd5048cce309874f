//! Markdown, read once and written twice: as HTML for the site and the printed
//! HTML forms (`html`), and as a tree of plain blocks for Typst (`blocks`).
//!
//! Invariants:
//! - Text stays text. Whatever a record says, the HTML holds no element or
//!   attribute outside the list in `sanitise`, and a block holds only strings.
//! - A line break in the source between two Chinese characters is no space.

mod blocks;
mod emphasis;
mod html;
mod joining;
mod sanitise;

pub use blocks::{Block, Inline, to_blocks};
pub use html::{Heading, Page, page_to_html, page_with_links, to_html};

use pulldown_cmark::Options;

/// The dialect: CommonMark with tables and strikethrough.
const DIALECT: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);
