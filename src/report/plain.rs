//! Markdown as plain text for a terminal.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The text without its marks: paragraphs apart, items with a dash, blocks of
/// code indented by four. Code in a line keeps its backticks, to be told apart.
pub fn from_markdown(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut depth: usize = 0;
    let mut numbers: Vec<Option<u64>> = Vec::new();
    let mut in_code = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. }) if depth == 0 => apart(&mut out),
            Event::Start(Tag::List(first)) => {
                if depth == 0 {
                    apart(&mut out);
                }
                depth += 1;
                numbers.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                depth -= 1;
                numbers.pop();
            }
            Event::Start(Tag::Item) => {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                out.push_str(&"  ".repeat(depth - 1));
                match numbers.last_mut() {
                    Some(Some(number)) => {
                        out.push_str(&format!("{number}. "));
                        *number += 1;
                    }
                    _ => out.push_str("- "),
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                apart(&mut out);
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if in_code => {
                for line in text.lines() {
                    if !line.is_empty() {
                        out.push_str("    ");
                    }
                    out.push_str(line);
                    out.push('\n');
                }
            }
            Event::Code(text) => out.push_str(&format!("`{text}`")),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A blank line between what was and what comes.
fn apart(out: &mut String) {
    if out.is_empty() {
        return;
    }
    out.truncate(out.trim_end().len());
    out.push_str("\n\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_structure_stays() {
        let text = "**先**看 `due_on`。\n\n- 一\n- 二\n\n```toml\na = 1\n```\n末段";
        assert_eq!(
            from_markdown(text),
            "先看 `due_on`。\n\n- 一\n- 二\n\n    a = 1\n\n末段"
        );
    }
}
