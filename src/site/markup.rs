//! The HTML of single values: links, dates, tags, signatures. Everything
//! larger is a template in `templates/site`.
//!
//! Invariant: the only way into a [`Markup`] is through escaping, or through
//! [`crate::markdown`], which sanitises. Templates print it as it is.

use tera::Value;

/// A piece of HTML that may stand in a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Markup(String);

impl Markup {
    /// Plain words.
    pub fn text(text: &str) -> Self {
        let mut markup = Markup(String::with_capacity(text.len()));
        markup.push(text);
        markup
    }

    /// Plain words whose numbers and days (`XT-2026-0012`, 2026-05-20) are not
    /// broken at their hyphens.
    pub fn unbroken(text: &str) -> Self {
        let mut markup = Markup(String::with_capacity(text.len()));
        let joined = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let mut rest = text;
        while let Some(start) = rest.find(joined) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|letter| !joined(letter)).unwrap_or(from.len());
            let (piece, after) = from.split_at(end);
            markup.push(before);
            let inner = piece.trim_matches('-');
            if inner.contains('-') && inner.bytes().any(|byte| byte.is_ascii_digit()) {
                markup.add(&Markup::span(&["nowrap"], piece));
            } else {
                markup.push(piece);
            }
            rest = after;
        }
        markup.push(rest);
        markup
    }

    /// A link; the words alone where it leads nowhere.
    pub fn link(address: Option<&str>, text: &str) -> Self {
        let mut markup = Markup::default();
        match address {
            Some(address) => {
                markup.0.push_str("<a href=\"");
                markup.push(address);
                markup.0.push_str("\">");
                markup.push(text);
                markup.0.push_str("</a>");
            }
            None => markup.push(text),
        }
        markup
    }

    /// The link by which a row is opened.
    pub fn title(address: &str, text: &str) -> Self {
        let mut markup = Markup("<a class=\"title\" href=\"".to_owned());
        markup.push(address);
        markup.0.push_str("\">");
        markup.push(text);
        markup.0.push_str("</a>");
        markup
    }

    /// Adds a cell of a table.
    pub fn cell(&mut self, class: &str, attributes: &[(&'static str, &str)], inner: &Markup) {
        self.0.push_str("<td class=\"");
        self.push(class);
        self.0.push('"');
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.push(value);
            self.0.push('"');
        }
        self.0.push('>');
        self.0.push_str(&inner.0);
        self.0.push_str("</td>");
    }

    /// Several values below each other; one alone as it is.
    pub fn list(items: &[Markup]) -> Self {
        if let [only] = items {
            return only.clone();
        }
        let mut markup = Markup("<ul class=\"many\">".to_owned());
        for item in items {
            markup.0.push_str("<li>");
            markup.0.push_str(&item.0);
            markup.0.push_str("</li>");
        }
        markup.0.push_str("</ul>");
        markup
    }

    /// The number of a clause, a link where its row can be shown.
    pub fn clause(address: Option<&str>, id: &str) -> Self {
        let Some(address) = address else {
            return Markup::span(&["clause"], id);
        };
        let mut markup = Markup("<a class=\"clause\" href=\"".to_owned());
        markup.push(address);
        markup.0.push_str("\">");
        markup.push(id);
        markup.0.push_str("</a>");
        markup
    }

    /// A word with the shape and colour of a tone, boxed.
    pub fn tag(tone: &str, text: &str) -> Self {
        Markup::span(&["tag ", tone], text)
    }

    /// The same without a box, for a line of a table.
    pub fn mark(tone: &str, text: &str) -> Self {
        Markup::span(&["mark ", tone], text)
    }

    /// Words with a class.
    pub fn span(class: &[&str], text: &str) -> Self {
        let mut markup = Markup::default();
        markup.0.push_str("<span class=\"");
        for part in class {
            markup.push(part);
        }
        markup.0.push_str("\">");
        markup.push(text);
        markup.0.push_str("</span>");
        markup
    }

    /// A day or an instant with its machine-readable form; the clock apart, so that phones can drop it.
    pub fn time(iso: &str, day: &str, clock: Option<&str>) -> Self {
        let mut markup = Markup(String::with_capacity(96));
        markup.0.push_str("<time datetime=\"");
        markup.push(iso);
        markup.0.push_str("\">");
        markup.push(day);
        if let Some(clock) = clock {
            markup.0.push_str(" <span class=\"clock\">");
            markup.push(clock);
            markup.0.push_str("</span>");
        }
        markup.0.push_str("</time>");
        markup
    }

    /// Markdown of a record.
    pub fn prose(markdown: &str) -> Self {
        let mut markup = Markup(String::with_capacity(markdown.len() + 64));
        markup.0.push_str("<div class=\"prose\">");
        markup.0.push_str(&crate::markdown::to_html(markdown));
        markup.0.push_str("</div>");
        markup
    }

    /// A handbook page.
    pub fn page(page: &crate::markdown::Page) -> Self {
        Markup(page.html.clone())
    }

    /// Several values in a row that wraps.
    pub fn chips(items: &[Markup]) -> Self {
        if let [only] = items {
            return only.clone();
        }
        let mut markup = Markup("<span class=\"chips\">".to_owned());
        for item in items {
            markup.0.push_str("<span>");
            markup.0.push_str(&item.0);
            markup.0.push_str("</span>");
        }
        markup.0.push_str("</span>");
        markup
    }

    /// Wraps in an element with a class.
    pub fn wrapped(self, class: &str) -> Self {
        let mut markup = Markup::default();
        markup.0.push_str("<span class=\"");
        markup.push(class);
        markup.0.push_str("\">");
        markup.0.push_str(&self.0);
        markup.0.push_str("</span>");
        markup
    }

    /// Adds plain words.
    pub fn push(&mut self, text: &str) {
        let mut plain = 0;
        // All that is escaped is one byte, which no other character holds.
        for (at, byte) in text.bytes().enumerate() {
            let escaped = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                _ => continue,
            };
            self.0.push_str(&text[plain..at]);
            self.0.push_str(escaped);
            plain = at + 1;
        }
        self.0.push_str(&text[plain..]);
    }

    /// Adds another piece, after a blank when something stands before it.
    pub fn join(&mut self, other: &Markup) {
        if !self.0.is_empty() && !other.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(&other.0);
    }

    /// Adds another piece as it is.
    pub fn add(&mut self, other: &Markup) {
        self.0.push_str(&other.0);
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Markup> for Value {
    fn from(markup: Markup) -> Value {
        Value::safe_string(&markup.0)
    }
}

impl From<&Markup> for Value {
    fn from(markup: &Markup) -> Value {
        Value::safe_string(&markup.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_are_not_broken() {
        let unbroken = |text| Markup::unbroken(text).0;
        assert_eq!(
            unbroken("完成 · XT-2026-0012 · <P9>"),
            "完成 · <span class=\"nowrap\">XT-2026-0012</span> · &lt;P9&gt;"
        );
        assert_eq!(
            unbroken("自2026-05-06 12:00起"),
            "自<span class=\"nowrap\">2026-05-06</span> 12:00起"
        );
        assert_eq!(unbroken("S3 - 3 e-mail"), "S3 - 3 e-mail");
    }

    #[test]
    fn words_stay_words_in_text_and_in_attributes() {
        let hostile = "<script>\"'&";
        let escaped = "&lt;script&gt;&quot;&#39;&amp;";
        assert_eq!(Markup::text(hostile).0, escaped);
        assert_eq!(
            Markup::link(Some(hostile), hostile).0,
            format!("<a href=\"{escaped}\">{escaped}</a>")
        );
        assert_eq!(
            Markup::tag(hostile, hostile).0,
            format!("<span class=\"tag {escaped}\">{escaped}</span>")
        );
        assert!(
            !Markup::time(hostile, hostile, Some(hostile))
                .0
                .contains("<script")
        );
        assert!(!Markup::prose(hostile).0.contains("<script"));
    }
}
