//! Exact decimals for money: TOML's floats are read from their own digits.

use std::fmt;
use std::str::FromStr;

/// A decimal with two places, as amounts of money are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    /// Hundredths (分).
    pub hundredths: i64,
}

/// The text is no amount with at most two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseDecimalError;

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ',' | '_' | '，'))
            .collect();
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits.strip_prefix('+').unwrap_or(&digits)),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(places) || places.len() > 2 {
            return Err(ParseDecimalError);
        }
        let whole: i64 = whole.parse().map_err(|_| ParseDecimalError)?;
        let places: i64 = format!("{places:0<2}")
            .parse()
            .map_err(|_| ParseDecimalError)?;
        let hundredths = whole
            .checked_mul(100)
            .and_then(|amount| amount.checked_add(places))
            .ok_or(ParseDecimalError)?;
        Ok(Decimal {
            hundredths: if negative { -hundredths } else { hundredths },
        })
    }
}

impl fmt::Display for Decimal {
    /// `-12,345.60`: groups of three, always two places.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.hundredths.unsigned_abs();
        let whole = (magnitude / 100).to_string();
        if self.hundredths < 0 {
            f.write_str("-")?;
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{:02}", magnitude % 100)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(
            "128000.1".parse::<Decimal>().unwrap().hundredths,
            12_800_010
        );
        assert_eq!(
            "-1,280.05".parse::<Decimal>().unwrap().to_string(),
            "-1,280.05"
        );
        assert_eq!(
            "1234567".parse::<Decimal>().unwrap().to_string(),
            "1,234,567.00"
        );
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for bad in ["", ".5", "1.234", "1e3", "十", "99999999999999999999"] {
            assert!(bad.parse::<Decimal>().is_err(), "{bad}");
        }
    }
}
