//! 归档名称: under which name a matter is filed (N2, N3).
//!
//! The handbooks differ (部门-日期-主题, 主题+日期), so the pattern stands in
//! the profile and is filled here.

use std::fmt;
use std::ops::Range;
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

impl fmt::Display for ArchiveName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Words(words) => f.write_str(words),
            Part::Department => f.write_str(Self::PLACEHOLDERS[0]),
            Part::Date => f.write_str(Self::PLACEHOLDERS[1]),
            Part::Title => f.write_str(Self::PLACEHOLDERS[2]),
        })
    }
}

/// A name taken apart; the parts are ranges of bytes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// The department, where the pattern has one.
    pub department: Option<Range<usize>>,
    /// The eight digits of the date, where the pattern has one.
    pub date: Option<Range<usize>>,
}

impl ArchiveName {
    /// Takes a name apart; none when it does not follow the pattern.
    pub fn read(&self, name: &str) -> Option<NameParts> {
        let mut parts = NameParts::default();
        follow(&self.parts, name, 0, &mut parts).then_some(parts)
    }
}

/// Whether a name follows these parts from here to its end.
fn follow(parts: &[Part], name: &str, at: usize, found: &mut NameParts) -> bool {
    let rest = &name[at..];
    let Some((part, others)) = parts.split_first() else {
        return rest.is_empty();
    };
    match part {
        Part::Words(words) => {
            rest.starts_with(&**words) && follow(others, name, at + words.len(), found)
        }
        Part::Date => {
            let digits = rest.bytes().take(8).filter(u8::is_ascii_digit).count();
            found.date = Some(at..at + digits);
            digits == 8 && follow(others, name, at + 8, found)
        }
        // the shortest stretch after which the others follow
        Part::Department | Part::Title => rest.char_indices().any(|(index, c)| {
            let end = at + index + c.len_utf8();
            let follows = follow(others, name, end, found);
            if follows && *part == Part::Department {
                found.department = Some(at..end);
            }
            follows
        }),
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
    fn a_name_is_taken_apart_by_its_pattern() {
        let read = |pattern: &str, name: &str| {
            let parts = ArchiveName::parse(pattern).unwrap().read(name)?;
            let part = |range: Option<Range<usize>>| range.map(|range| name[range].to_owned());
            Some((part(parts.department), part(parts.date)))
        };
        let some = |text: &str| Some(text.to_owned());
        let usual = "{department}-{date}-{title}";
        assert_eq!(
            read(usual, "研发部-20260331-试产-总结"),
            Some((some("研发部"), some("20260331")))
        );
        assert_eq!(
            read(usual, "R-D-20260331-试产"),
            Some((some("R-D"), some("20260331")))
        );
        for bad in [
            "研发部-20260331-",
            "研发部-2026331-试产",
            "-20260331-试产",
            "研发部20260331试产",
            "",
        ] {
            assert_eq!(read(usual, bad), None, "{bad}");
        }
        let other = "{title}{date}";
        assert_eq!(
            read(other, "2号线试产20260331"),
            Some((None, some("20260331")))
        );
        assert_eq!(read(other, "试产20260331终稿"), None);
    }

    #[test]
    fn a_pattern_that_names_something_else_is_refused() {
        assert_eq!(ArchiveName::parse("{dept}-{date}"), Err("{dept}"));
        assert_eq!(ArchiveName::parse("x-{date"), Err("{date"));
    }
}
