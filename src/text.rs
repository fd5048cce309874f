//! Texts that exist in Chinese and in English, and the choice between them.

use std::sync::Arc;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// 简体中文, the default.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// All of them, by their codes.
    pub const NAMES: [(&str, Language); 2] = [("zh", Language::Chinese), ("en", Language::English)];

    /// The code in `--lang`, in file names and in the `lang` attribute's stem.
    pub fn code(self) -> &'static str {
        match self {
            Language::Chinese => "zh",
            Language::English => "en",
        }
    }

    /// The language of that code (`zh`, `zh-CN`, `en`, `en-GB` …), if it is one of ours.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.split(['-', '_']).next() {
            Some("zh") => Some(Language::Chinese),
            Some("en") => Some(Language::English),
            _ => None,
        }
    }

    /// The value for HTML's and PDF's language tags.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }
}

/// A text in both languages. Where a definition gives only one, both are that.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    zh: Arc<str>,
    en: Arc<str>,
}

impl Text {
    /// A text of its own in each language.
    pub fn new(zh: impl Into<Arc<str>>, en: impl Into<Arc<str>>) -> Self {
        Text {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The same text in both.
    pub fn same(text: impl Into<Arc<str>>) -> Self {
        let zh = text.into();
        Text { en: zh.clone(), zh }
    }

    /// A text made for each language.
    pub fn made(make: impl Fn(Language) -> String) -> Self {
        Text::new(make(Language::Chinese), make(Language::English))
    }

    /// The text for this language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::same("")
    }
}

/// Replaces each `{name}` of a template by what `value` says of the name;
/// a placeholder nobody knows stays as it is, so that it is seen. The space
/// that sets off a number or a Latin name goes where the value is Chinese.
pub fn fill<'a>(
    template: &str,
    mut value: impl FnMut(&str) -> Option<std::borrow::Cow<'a, str>>,
) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        match after.find('}') {
            Some(close) => {
                let name = &after[1..close];
                rest = &after[close + 1..];
                match value(name) {
                    Some(text) => {
                        close_up(&mut out, &text);
                        out.push_str(&text);
                        let mut next = rest.chars();
                        let ends_in_han = text.chars().next_back().is_some_and(is_han);
                        if ends_in_han
                            && next.next() == Some(' ')
                            && next.next().is_some_and(is_han)
                        {
                            rest = &rest[1..];
                        }
                    }
                    None => out.push_str(&after[..=close]),
                }
            }
            None => {
                out.push_str(after);
                rest = "";
            }
        }
    }
    out.push_str(rest);
    out
}

/// Takes back the space between two Chinese characters.
fn close_up(out: &mut String, next: &str) {
    let before = out
        .strip_suffix(' ')
        .and_then(|out| out.chars().next_back());
    if before.is_some_and(is_han) && next.chars().next().is_some_and(is_han) {
        out.pop();
    }
}

/// Whether this is a Chinese character (the unified ideographs).
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_space_is_left_around_a_chinese_value() {
        let filled = |value: &'static str| {
            fill("签字人 {who} 不是 {who} 的人", |_| {
                Some(value.into())
            })
        };
        assert_eq!(filled("王强"), "签字人王强不是王强的人");
        assert_eq!(filled("wang"), "签字人 wang 不是 wang 的人");
        assert_eq!(filled("张 三"), "签字人张 三不是张 三的人");
    }

    #[test]
    fn fill_replaces_known_names_and_keeps_unknown_ones() {
        let text = fill("{a}与{b}{", |name| (name == "a").then(|| "甲".into()));
        assert_eq!(text, "甲与{b}{");
    }

    #[test]
    fn codes_with_a_region_are_understood() {
        assert_eq!(Language::from_code("zh-CN"), Some(Language::Chinese));
        assert_eq!(Language::from_code("en_GB"), Some(Language::English));
        assert_eq!(Language::from_code("fr"), None);
    }
}
