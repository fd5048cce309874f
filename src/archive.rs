//! How a record is filed: the parts of its 档号 by DA/T 22-2015, and how long
//! it is kept (D11).
//!
//! ```text
//! X021-WS·2026-D10-RD-0001
//! 全宗号-门类代码·年度-保管期限-机构代码-件号
//! ```
//!
//! The field that holds the number is the one whose kind asks for the check
//! [`NUMBER_CHECK`]; no field is known by its name.

use std::fmt;
use std::ops::Range;

use crate::calendar::Moment;
use crate::definition::{Kind, Phase, RetentionClass};
use crate::record::{Cell, Record};
use crate::register::Register;

/// The check that makes a field the archive number.
pub const NUMBER_CHECK: &str = "archive-number";
/// The check that makes a field the archive name.
pub const NAME_CHECK: &str = "archive-name";

/// Digits of the last part.
const DIGITS: usize = 4;

/// How a record is filed. A part is missing where the organisation or the
/// record does not say it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing<'r> {
    /// 全宗号, from the settings.
    pub fonds: Option<&'r str>,
    /// 门类代码, from the settings.
    pub category: &'r str,
    /// 年度: the year the matter was concluded in; what runs over several
    /// years is filed in the last.
    pub year: Option<i16>,
    /// 保管期限, by the kind.
    pub class: RetentionClass,
    /// 机构代码: the code of the record's department, or of the one above it.
    pub department: Option<&'r str>,
}

impl<'r> Filing<'r> {
    /// How a record is to be filed.
    pub fn of(register: &'r Register, record: &Record) -> Self {
        let kind = register.kind_of(record);
        let organisation = &register.organisation;
        let mut department = register.department_of(record);
        let mut code = None;
        // a circle of parents ends after as many steps as there are departments
        for _ in 0..=organisation.departments.len() {
            let Some(id) = department else { break };
            let found = organisation.department(id);
            code = found.code.as_deref();
            if code.is_some() {
                break;
            }
            department = found.parent;
        }
        Filing {
            fonds: register.settings.fonds.as_deref(),
            category: &register.settings.archive_category,
            year: concluded(kind, record).map(|moment| register.calendar.date(moment).year()),
            class: kind.retention.class(),
            department: code,
        }
    }

    /// What stands before the number of the item; none while a part is missing.
    pub fn group(&self) -> Option<String> {
        let (fonds, year, department) = (self.fonds?, self.year?, self.department?);
        let (category, class) = (self.category, self.class.code());
        Some(format!("{fonds}-{category}·{year}-{class}-{department}"))
    }

    /// The last year in which it is kept; none when it is kept for ever, or
    /// its year is not known yet.
    pub fn kept_through(&self) -> Option<i16> {
        self.class.kept_through(self.year?)
    }
}

/// When a matter was concluded: when it entered the first closed state of its
/// main path.
pub fn concluded(kind: &Kind, record: &Record) -> Option<Moment> {
    kind.states
        .iter()
        .filter(|state| state.phase == Phase::Closed && !state.aside)
        .find_map(|state| record.moment(state.entered.as_ref()?))
}

/// Whether a record is filed: it has an archive number, or stands where it
/// must have one.
pub fn is_filed(kind: &Kind, record: &Record) -> bool {
    let Some((section, field)) = checked_field(kind, NUMBER_CHECK) else {
        return false;
    };
    let has_number = || {
        let row = record.section(section).first();
        row.is_some_and(|row| row.get(field).is_some())
    };
    let rank = kind.states[record.state.value].rank;
    let required = kind.sections[section].fields[field].required.from;
    required.is_some_and(|from| rank >= from) || has_number()
}

/// The value of the first field of a record whose kind asks for a check of it.
pub fn checked_value<'r>(kind: &Kind, record: &'r Record, check: &str) -> Option<&'r Cell> {
    let (section, field) = checked_field(kind, check)?;
    record.section(section).first()?.get(field)
}

/// Indexes of the section and the field of a kind that ask for a check.
pub fn checked_field(kind: &Kind, check: &str) -> Option<(usize, usize)> {
    kind.sections
        .iter()
        .enumerate()
        .find_map(|(index, section)| {
            let asks = |field: &crate::definition::Field| {
                field.checks.iter().any(|asked| **asked == *check)
            };
            Some((index, section.fields.iter().position(asks)?))
        })
}

/// An archive number taken apart; the parts are ranges of bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveNumber<'t> {
    text: &'t str,
    /// 全宗号
    pub fonds: Range<usize>,
    /// 门类代码
    pub category: Range<usize>,
    /// 年度, four digits
    pub year: Range<usize>,
    /// 保管期限
    pub class: Range<usize>,
    /// 机构代码
    pub department: Range<usize>,
    /// 件号
    pub item: Range<usize>,
    /// 件号 as a number, from 1.
    pub sequence: u32,
}

impl<'t> ArchiveNumber<'t> {
    /// Takes a number apart; none when it has not the shape of one.
    pub fn parse(text: &'t str) -> Option<Self> {
        let mut at = 0;
        let mut part = |separator: &str| -> Option<Range<usize>> {
            let end = at + text.get(at..)?.find(separator)?;
            let range = at..end;
            at = end + separator.len();
            (!range.is_empty()).then_some(range)
        };
        let fonds = part("-")?;
        let category = part("·")?;
        let year = part("-")?;
        let class = part("-")?;
        let department = part("-")?;
        let item = at..text.len();
        let digits = |range: &Range<usize>| text[range.clone()].bytes().all(|b| b.is_ascii_digit());
        let code = |range: &Range<usize>| {
            let known = |c: char| c.is_alphanumeric() && !c.is_ascii_lowercase();
            text[range.clone()].chars().all(known)
        };
        let shaped = year.len() == 4
            && digits(&year)
            && item.len() >= DIGITS
            && digits(&item)
            && [&fonds, &category, &class, &department]
                .into_iter()
                .all(code);
        let sequence = text.get(item.clone())?.parse().ok()?;
        (shaped && sequence > 0).then_some(ArchiveNumber {
            text,
            fonds,
            category,
            year,
            class,
            department,
            item,
            sequence,
        })
    }

    /// The words of a part.
    pub fn part(&self, range: &Range<usize>) -> &'t str {
        &self.text[range.clone()]
    }

    /// Everything before the number of the item: numbers run within it.
    pub fn group(&self) -> &'t str {
        &self.text[..self.department.end]
    }
}

/// The number of an item of a group: `X021-WS·2026-D10-RD` and 1 make
/// `X021-WS·2026-D10-RD-0001`.
pub fn number(group: impl fmt::Display, sequence: u32) -> String {
    format!("{group}-{sequence:0DIGITS$}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_number_is_taken_apart() {
        let text = "X021-WS·2026-D10-RD-0012";
        let number = ArchiveNumber::parse(text).unwrap();
        assert_eq!(number.part(&number.fonds), "X021");
        assert_eq!(number.part(&number.category), "WS");
        assert_eq!(number.part(&number.year), "2026");
        assert_eq!(number.part(&number.class), "D10");
        assert_eq!(number.part(&number.department), "RD");
        assert_eq!(number.sequence, 12);
        assert_eq!(super::number(number.group(), 12), text);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for bad in [
            "",
            "X021",
            "X021-WS.2026-D10-RD-0001",
            "X021-WS·26-D10-RD-0001",
            "X021-WS·2026-D10-RD-1",
            "X021-WS·2026-D10-RD-0000",
            "X021-WS·2026-D10-0001",
            "X021-WS·2026-D10-RD-0001 ",
            "x021-WS·2026-D10-RD-0001",
            "X021-WS·2026-D10-RD-00011111111111111111",
        ] {
            assert_eq!(ArchiveNumber::parse(bad), None, "{bad}");
        }
    }
}
