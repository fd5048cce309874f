//! A value as the words of a cell: what CSV holds, and XLSX where it has no
//! type for it.

use std::borrow::Cow;

use super::table::Datum;
use crate::display::Display;
use crate::source::Decimal;

/// The words of a value: days and instants in company time, `2026-05-20` and
/// `2026-05-20 09:30`; amounts without groups; lists with the language's sign
/// between their items. Empty where there is nothing.
pub(super) fn words<'d>(display: &Display<'_>, datum: &'d Datum<'_>) -> Cow<'d, str> {
    match datum {
        Datum::Nothing => Cow::Borrowed(""),
        Datum::Text(text) => plain(text),
        Datum::Day(date) => date.to_string().into(),
        Datum::Instant(instant) => {
            let local = display.register.calendar.local(*instant);
            local.strftime("%Y-%m-%d %H:%M").to_string().into()
        }
        Datum::Number(number) => number.to_string().into(),
        Datum::Amount(amount) => digits(*amount).into(),
        Datum::Boolean(value) => {
            let name = if *value { "display.yes" } else { "display.no" };
            Cow::Owned(display.words.get(name).to_owned())
        }
        Datum::Named { name, .. } => plain(name),
        Datum::List(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| words(display, item).into_owned())
                .collect();
            display.list(&items).into()
        }
    }
}

/// An amount in digits: `-12345.60`.
pub(super) fn digits(amount: Decimal) -> String {
    let magnitude = amount.hundredths.unsigned_abs();
    let sign = if amount.hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}

/// Text as files of other programs can hold it: lines end with U+000A, and
/// control characters and noncharacters, which XML forbids, are left out.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let unfit = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if !text.contains(unfit) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines
        .chars()
        .filter(|c| !unfit(*c))
        .collect::<String>()
        .into()
}
