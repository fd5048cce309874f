//! 归档名称: under which name a matter is filed (N2, N3).
//!
//! The handbooks differ (部门-日期-主题, 主题+日期), so the pattern stands in
//! the profile and is filled here.

use std::sync::Arc;

use jiff::civil::Date;

/// A pattern of names, `{department}-{date}-{title}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveName {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(Arc<str>),
    Department,
    Date,
    Title,
}

impl ArchiveName {
    /// What a pattern may name.
    pub const PLACEHOLDERS: [&'static str; 3] = ["{department}", "{date}", "{title}"];

    /// Reads a pattern; in error the braces that name nothing known.
    pub fn parse(text: &str) -> Result<Self, &str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (words, braces) = rest.split_at(open);
            if !words.is_empty() {
                parts.push(Part::Words(words.into()));
            }
            let end = braces.find('}').map_or(braces.len(), |end| end + 1);
            let (placeholder, after) = braces.split_at(end);
            parts.push(match placeholder {
                "{department}" => Part::Department,
                "{date}" => Part::Date,
                "{title}" => Part::Title,
                unknown => return Err(unknown),
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.into()));
        }
        Ok(ArchiveName { parts })
    }

    /// The name of a matter of that department and title, filed on that day
    /// (`研发部-20260331-星曜S3试产总结`).
    pub fn fill(&self, department: &str, date: Date, title: &str) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Words(words) => words.to_string(),
                Part::Department => department.to_owned(),
                Part::Date => date.strftime("%Y%m%d").to_string(),
                Part::Title => title.to_owned(),
            })
            .collect()
    }
}

impl Default for ArchiveName {
    /// 部门-日期-主题 (N2).
    fn default() -> Self {
        ArchiveName {
            parts: vec![
                Part::Department,
                Part::Words("-".into()),
                Part::Date,
                Part::Words("-".into()),
                Part::Title,
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn handbooks_name_the_same_matter_differently() {
        let day = jiff::civil::date(2026, 3, 31);
        let named = |pattern| {
            ArchiveName::parse(pattern)
                .unwrap()
                .fill("研发部", day, "试产总结")
        };
        assert_eq!(
            named("{department}-{date}-{title}"),
            "研发部-20260331-试产总结"
        );
        assert_eq!(named("{title}{date}"), "试产总结20260331");
        assert_eq!(
            ArchiveName::default(),
            ArchiveName::parse("{department}-{date}-{title}").unwrap()
        );
    }

    #[test]
    fn a_pattern_that_names_something_else_is_refused() {
        assert_eq!(ArchiveName::parse("{dept}-{date}"), Err("{dept}"));
        assert_eq!(ArchiveName::parse("x-{date"), Err("{date"));
    }
}
