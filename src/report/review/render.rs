//! A review as Markdown, HTML and JSON.

use std::fmt::Write as _;

use tera::Tera;

use super::view::ReviewView;
use crate::definition::Templates;
use crate::report::markdown::escaped;
use crate::tera_templates;
use crate::words::Words;

/// The first line of every review in Markdown: by it a bot finds its own
/// comment and edits it instead of writing another.
pub const MARKER: &str = "<!-- taizhang-review -->";

/// Where the templates of texts stand.
const FOLDER: &str = "text/";

/// The review as Markdown, by `text/review.md`. `templates` are those of the
/// older side.
pub fn markdown(view: &ReviewView, templates: &Templates, words: &Words) -> Result<String, String> {
    let mut tera = tera_templates::read(templates, FOLDER)?;
    tera.autoescape_on([".md"]);
    tera.set_escape_fn(|text, out| out.write_all(escaped(text).as_bytes()));
    let text = draw(&tera, "text/review.md", view, words)?;
    // templates are easier to read with lines that Markdown does not want
    let mut out = format!("{MARKER}\n");
    let mut blank = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if blank {
            out.push('\n');
        }
        blank = false;
        let _ = writeln!(out, "{line}");
    }
    Ok(out)
}

/// The review as a page of its own, by `text/review.html`.
pub fn html(view: &ReviewView, templates: &Templates, words: &Words) -> Result<String, String> {
    let mut tera = tera_templates::read(templates, FOLDER)?;
    tera.autoescape_on([".html"]);
    draw(&tera, "text/review.html", view, words)
}

/// The review for programs: the view, as JSON.
pub fn json(view: &ReviewView) -> String {
    let mut text = serde_json::to_string_pretty(view).unwrap_or_default();
    text.push('\n');
    text
}

fn draw(tera: &Tera, name: &str, view: &ReviewView, words: &Words) -> Result<String, String> {
    let mut context = tera::Context::new();
    context.insert("review", view);
    context.insert("words", words.tree());
    tera.render(name, &context)
        .map_err(|error| error.to_string())
}
