//! 保管期限: how long the records of a kind are kept (D11), and the class of
//! DA/T 22 that they are filed under.

use crate::source::TableReader;

/// How long something is kept at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Retention {
    /// So many years.
    Years(u16),
    /// 永久
    Permanent,
}

/// A class of retention periods, the third part of an archive number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetentionClass {
    /// 定期10年
    Ten,
    /// 定期30年
    Thirty,
    /// 永久
    Permanent,
}

impl Retention {
    /// What the handbooks ask for at least (T08).
    pub const LEAST: Retention = Retention::Years(1);

    /// Reads `permanent`, `30y`, `10y`, `1y`; none when it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "permanent" {
            return Some(Retention::Permanent);
        }
        let years: u16 = text.strip_suffix('y')?.parse().ok()?;
        (years > 0).then_some(Retention::Years(years))
    }

    /// The shortest class that keeps it long enough: periods of the standard
    /// are minimums, and there is none below ten years.
    pub fn class(self) -> RetentionClass {
        match self {
            Retention::Years(..=10) => RetentionClass::Ten,
            Retention::Years(11..=30) => RetentionClass::Thirty,
            Retention::Years(_) | Retention::Permanent => RetentionClass::Permanent,
        }
    }
}

impl RetentionClass {
    /// All of them, shortest first.
    pub const ALL: [RetentionClass; 3] = [
        RetentionClass::Ten,
        RetentionClass::Thirty,
        RetentionClass::Permanent,
    ];

    /// The code in archive numbers (DA/T 22-2015).
    pub fn code(self) -> &'static str {
        match self {
            RetentionClass::Ten => "D10",
            RetentionClass::Thirty => "D30",
            RetentionClass::Permanent => "Y",
        }
    }

    /// How long that is.
    pub fn retention(self) -> Retention {
        match self {
            RetentionClass::Ten => Retention::Years(10),
            RetentionClass::Thirty => Retention::Years(30),
            RetentionClass::Permanent => Retention::Permanent,
        }
    }

    /// The last year in which a file of that year is kept; none when it is
    /// kept for ever. The period runs from the end of the file's year.
    pub fn kept_through(self, year: i16) -> Option<i16> {
        match self.retention() {
            Retention::Years(years) => Some(year.saturating_add_unsigned(years)),
            Retention::Permanent => None,
        }
    }
}

/// `retention` of a kind; the least there is when it says nothing.
pub(super) fn read_retention(reader: &TableReader<'_>) -> Retention {
    const KEY: &str = "retention";
    let Some(found) = reader.string(KEY) else {
        return Retention::LEAST;
    };
    Retention::parse(found.value).unwrap_or_else(|| {
        reader.unknown_name(
            "unknown-word",
            KEY,
            &found,
            &["permanent", "30y", "10y", "1y"],
        );
        Retention::LEAST
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_keeps_as_long_as_was_asked() {
        let class = |text| Retention::parse(text).map(|found| found.class().code());
        assert_eq!(class("1y"), Some("D10"));
        assert_eq!(class("10y"), Some("D10"));
        assert_eq!(class("11y"), Some("D30"));
        assert_eq!(class("30y"), Some("D30"));
        assert_eq!(class("50y"), Some("Y"));
        assert_eq!(class("permanent"), Some("Y"));
        for bad in ["", "y", "0y", "10", "ten", "-1y", "1w"] {
            assert_eq!(Retention::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn years_count_from_the_end_of_the_files_year() {
        assert_eq!(RetentionClass::Ten.kept_through(2025), Some(2035));
        assert_eq!(RetentionClass::Permanent.kept_through(2025), None);
    }
}
