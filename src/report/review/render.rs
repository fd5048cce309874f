//! A review as Markdown, HTML and JSON.

use std::fmt::Write as _;

use tera::Tera;

use super::shown::ReviewView;
use crate::definition::Templates;
use crate::report::markdown::escaped;
use crate::report::{harmless_json, single_line};
use crate::tera_templates;
use crate::words::Words;

/// The first line of every review in Markdown: by it a bot finds its own
/// comment and edits it instead of writing another.
pub const MARKER: &str = "<!-- taizhang-review -->";

/// Longest review in Markdown, in characters: forges take comments of 65,536.
const LONGEST: usize = 60_000;

/// Where the templates of texts stand.
const FOLDER: &str = "text/";

/// The review as Markdown, by `text/review.md`, no longer than a comment may
/// be. `templates` are those of the older side.
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
    Ok(shortened(out, words))
}

/// The text up to the last line that fits, with what it leaves open closed and
/// a word on what is left out.
fn shortened(text: String, words: &Words) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else {
        return text;
    };
    let end = text[..end].rfind('\n').map_or(0, |at| at + 1);
    let (kept, left) = text.split_at(end);
    let mut out = kept.trim_end().to_owned();
    let count = |tag: &str| kept.matches(tag).count();
    let open = count("<details>").saturating_sub(count("</details>"));
    out.push_str("\n\n");
    out.push_str(&"</details>\n\n".repeat(open));
    let lines = left.lines().count().to_string();
    let _ = writeln!(
        out,
        "{}",
        words.filled("review.left_out", &[("count", &lines)])
    );
    out
}

/// The review as a page of its own, by `text/review.html`.
pub fn html(view: &ReviewView, templates: &Templates, words: &Words) -> Result<String, String> {
    let mut tera = tera_templates::read(templates, FOLDER)?;
    tera.autoescape_on([".html"]);
    // a value begins no line: what reads a log line by line takes none for its own
    tera.set_escape_fn(|text, out| {
        let text = single_line(text);
        for character in text.chars() {
            match character {
                '&' => out.write_all(b"&amp;")?,
                '<' => out.write_all(b"&lt;")?,
                '>' => out.write_all(b"&gt;")?,
                '"' => out.write_all(b"&quot;")?,
                // `##[error]`: GitHub's log knew commands of that shape, too
                '[' => out.write_all(b"&#x5b;")?,
                '\'' => out.write_all(b"&#x27;")?,
                other => write!(out, "{other}")?,
            }
        }
        Ok(())
    });
    draw(&tera, "text/review.html", view, words)
}

/// The review for programs: the view, as JSON.
pub fn json(view: &ReviewView) -> String {
    let mut text = harmless_json(view).unwrap_or_default();
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
