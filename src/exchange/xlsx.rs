//! Tables as a workbook: days, instants, numbers and amounts are what they
//! are, the header stays in sight, every column can be filtered, and a print
//! is landscape with the header on every page.
//!
//! Invariants: the same book gives the same bytes: nothing in it is of the
//! moment it was written at. Text is written as text: no cell is a formula.

use std::borrow::Cow;

use jiff::civil::DateTime;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthChar;

use super::cell;
use super::table::{Book, ColumnType, Datum, Table};
use crate::display::Display;
use crate::outlook::Outlook;
use crate::text::Language;

/// Excel takes no more characters (UTF-16 units) in a cell; the mark says that
/// more was there.
const LONGEST_TEXT: usize = 32_767;
const CUT: &str = "…";
/// Characters that Excel forbids in the name of a sheet, and how many may
/// stand in one.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
const LONGEST_NAME: usize = 31;
/// Widths of columns, in digits; a Chinese character is as wide as two.
const NARROWEST: usize = 8;
const WIDEST: usize = 44;
/// Text up to this width is broken into lines in its cell; longer text would
/// make rows taller than the screen.
const WRAPPED: usize = 4 * WIDEST;
/// Rows that widths are taken from.
const MEASURED: usize = 500;
/// A4.
const PAPER: u8 = 9;
/// The most rows Excel has on a sheet.
const MOST_ROWS: usize = 1_048_575;

/// A book as a workbook: a sheet for its table, one for each table of details
/// in which something stands, and one that says what it is and as of when.
pub fn xlsx(outlook: &Outlook<'_>, display: &Display<'_>, book: &Book<'_>) -> Vec<u8> {
    // nothing that is written here is refused: names are made to fit, texts cut
    workbook(outlook, display, book).unwrap_or_default()
}

fn workbook(
    outlook: &Outlook<'_>,
    display: &Display<'_>,
    book: &Book<'_>,
) -> Result<Vec<u8>, XlsxError> {
    let local = outlook.register.calendar.local(outlook.as_of);
    let company = outlook.register.settings.name.get(display.language);
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new()
        .set_title(&book.table.title)
        .set_company(company);
    if let Some(created) = date_time(local) {
        properties = properties.set_creation_datetime(&created);
    }
    workbook.set_properties(&properties);
    let formats = Formats::new(display.language);
    let mut names = Vec::new();
    let details = book.details.iter().filter(|table| !table.rows.is_empty());
    for table in std::iter::once(&book.table).chain(details) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&table.title, &mut names))?;
        fill(sheet, display, &formats, table, company)?;
    }
    let sheet = workbook.add_worksheet();
    let title = display.words.get("exchange.about.title");
    sheet.set_name(sheet_name(title, &mut names))?;
    about(sheet, outlook, display, &formats, &book.table.title)?;
    workbook.save_to_buffer()
}

/// What cells look like.
struct Formats {
    header: Format,
    plain: Format,
    wrapped: Format,
    day: Format,
    instant: Format,
    number: Format,
    money: Format,
}

impl Formats {
    fn new(language: Language) -> Self {
        let font = match language {
            Language::Chinese => "微软雅黑",
            Language::English => "Calibri",
        };
        let plain = Format::new()
            .set_font_name(font)
            .set_font_size(10)
            .set_align(FormatAlign::Top);
        let at_right = |format: &str| {
            plain
                .clone()
                .set_num_format(format)
                .set_align(FormatAlign::Right)
        };
        Formats {
            header: plain
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("#EDEDED")
                .set_border_bottom(FormatBorder::Thin),
            wrapped: plain.clone().set_text_wrap(),
            day: plain.clone().set_num_format("yyyy-mm-dd"),
            instant: plain.clone().set_num_format("yyyy-mm-dd hh:mm"),
            number: at_right("General"),
            money: at_right("#,##0.00"),
            plain,
        }
    }
}

fn fill(
    sheet: &mut Worksheet,
    display: &Display<'_>,
    formats: &Formats,
    table: &Table<'_>,
    company: &str,
) -> Result<(), XlsxError> {
    let rows = &table.rows[..table.rows.len().min(MOST_ROWS)];
    for (at, column) in table.columns.iter().enumerate() {
        let at = at as u16;
        sheet.write_string_with_format(0, at, cut(&cell::plain(&column.label)), &formats.header)?;
    }
    for (row, data) in rows.iter().enumerate() {
        for (at, datum) in data.iter().enumerate() {
            write(sheet, display, formats, (row as u32 + 1, at as u16), datum)?;
        }
    }
    for (at, column) in table.columns.iter().enumerate() {
        let of_rows = rows
            .iter()
            .take(MEASURED)
            .map(|row| width_of(display, &row[at], column.kind));
        let widest = of_rows.max().unwrap_or(0).max(width(&column.label) + 3);
        sheet.set_column_width(at as u16, widest.clamp(NARROWEST, WIDEST) as f64)?;
    }
    if let (Some(last), Ok(rows)) = (
        (table.columns.len() as u16).checked_sub(1),
        u32::try_from(rows.len()),
    ) {
        sheet.autofilter(0, 0, rows, last)?;
    }
    // the number of the record stays in sight, too
    sheet.set_freeze_panes(1, 1)?;
    sheet
        .set_landscape()
        .set_paper_size(PAPER)
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(0, 0)?;
    let escaped = |text: &str| text.replace('&', "&&");
    sheet.set_header(format!("&L{}&R{}", escaped(company), escaped(&table.title)));
    sheet.set_footer("&C&P / &N");
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    display: &Display<'_>,
    formats: &Formats,
    (row, column): (u32, u16),
    datum: &Datum<'_>,
) -> Result<(), XlsxError> {
    let words = match datum {
        Datum::Nothing => return Ok(()),
        Datum::Day(date) => match date_time(date.at(0, 0, 0, 0)) {
            Some(day) => {
                sheet.write_datetime_with_format(row, column, &day, &formats.day)?;
                return Ok(());
            }
            None => cell::words(display, datum),
        },
        Datum::Instant(instant) => match date_time(display.register.calendar.local(*instant)) {
            Some(instant) => {
                sheet.write_datetime_with_format(row, column, &instant, &formats.instant)?;
                return Ok(());
            }
            None => cell::words(display, datum),
        },
        Datum::Number(number) if number.is_finite() => {
            sheet.write_number_with_format(row, column, *number, &formats.number)?;
            return Ok(());
        }
        Datum::Amount(amount) => {
            let number = amount.hundredths as f64 / 100.0;
            sheet.write_number_with_format(row, column, number, &formats.money)?;
            return Ok(());
        }
        _ => cell::words(display, datum),
    };
    let format = if words.contains('\n') || width(&words) > WIDEST {
        if width(&words) <= WRAPPED {
            &formats.wrapped
        } else {
            &formats.plain
        }
    } else {
        &formats.plain
    };
    sheet.write_string_with_format(row, column, cut(&words), format)?;
    Ok(())
}

/// What the book is, as of when, for whom, made by what.
fn about(
    sheet: &mut Worksheet,
    outlook: &Outlook<'_>,
    display: &Display<'_>,
    formats: &Formats,
    title: &str,
) -> Result<(), XlsxError> {
    let register = outlook.register;
    let word = |name: &str| display.words.get(name).to_owned();
    let as_of = Datum::Instant(outlook.as_of);
    let lines = [
        (word("exchange.about.company"), {
            register.settings.name.get(display.language).to_owned()
        }),
        (word("exchange.about.what"), title.to_owned()),
        (
            word("exchange.about.as_of"),
            cell::words(display, &as_of).into_owned(),
        ),
        (
            word("exchange.about.profile"),
            register.profile().name.get(display.language).to_owned(),
        ),
        (
            word("exchange.about.audience"),
            outlook.viewer.name(&register.organisation),
        ),
        (
            word("exchange.about.made_by"),
            format!("taizhang {}", env!("CARGO_PKG_VERSION")),
        ),
    ];
    for (row, (label, value)) in lines.iter().enumerate() {
        let row = row as u32;
        sheet.write_string_with_format(row, 0, label, &formats.header)?;
        sheet.write_string_with_format(row, 1, cut(&cell::plain(value)), &formats.plain)?;
    }
    sheet.set_column_width(0, 14)?;
    sheet.set_column_width(1, WIDEST as f64)?;
    Ok(())
}

/// A local time as Excel knows it; none before 1900 and after 9999.
fn date_time(local: DateTime) -> Option<ExcelDateTime> {
    let year = u16::try_from(local.year()).ok()?;
    let date = ExcelDateTime::from_ymd(year, local.month() as u8, local.day() as u8).ok()?;
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    date.and_hms(hour as u16, minute as u8, second as u8).ok()
}

/// A name that a sheet may have and that no other one has: without the
/// characters that Excel forbids, no longer than it allows.
fn sheet_name(title: &str, taken: &mut Vec<String>) -> String {
    let name: String = title
        .chars()
        .map(|c| match c {
            c if FORBIDDEN.contains(&c) || c.is_control() => ' ',
            c => c,
        })
        .collect();
    let name = name.trim().trim_matches('\'').trim();
    let name = if name.is_empty() { "-" } else { name };
    let mut number = 1;
    loop {
        let suffix = match number {
            1 => String::new(),
            number => format!(" {number}"),
        };
        let room = LONGEST_NAME - suffix.len();
        let mut fitted = fitting(name, room).trim_end_matches('\'').to_owned();
        fitted.push_str(&suffix);
        // Excel keeps this one for itself, and does not tell cases apart
        let key = fitted.to_lowercase();
        if key != "history" && !taken.contains(&key) {
            taken.push(key);
            return fitted;
        }
        number += 1;
    }
}

/// As much of a text from its beginning as has so many UTF-16 units.
fn fitting(text: &str, units: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > units {
            return &text[..at];
        }
    }
    text
}

fn cut(text: &str) -> Cow<'_, str> {
    let fitted = fitting(text, LONGEST_TEXT);
    if fitted.len() == text.len() {
        return Cow::Borrowed(text);
    }
    format!("{}{CUT}", fitting(text, LONGEST_TEXT - 1)).into()
}

/// How wide a value is in its cell, in digits.
fn width_of(display: &Display<'_>, datum: &Datum<'_>, kind: ColumnType) -> usize {
    let margin = 2;
    match datum {
        Datum::Nothing => 0,
        Datum::Day(_) => 10 + margin,
        Datum::Instant(_) => 16 + margin,
        _ if kind == ColumnType::Money => 14 + margin,
        datum => width(&cell::words(display, datum)) + margin,
    }
}

/// How wide the widest line of a text is; Chinese is twice as wide.
fn width(text: &str) -> usize {
    let of_line = |line: &str| line.chars().map(|c| c.width().unwrap_or(0)).sum();
    text.lines().map(of_line).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_fit_and_differ() {
        let mut taken = Vec::new();
        assert_eq!(sheet_name("行动项", &mut taken), "行动项");
        assert_eq!(sheet_name("行动项", &mut taken), "行动项 2");
        assert_eq!(sheet_name("A/B: [x]?*\\", &mut taken), "A B   x");
        assert_eq!(sheet_name("'引号'", &mut taken), "引号");
        assert_eq!(sheet_name("History", &mut taken), "History 2");
        assert_eq!(sheet_name("", &mut taken), "-");
        let long = "长".repeat(40);
        assert_eq!(sheet_name(&long, &mut taken), "长".repeat(31));
        assert_eq!(
            sheet_name(&long, &mut taken),
            format!("{} 2", "长".repeat(29))
        );
        // an astral character is two units
        assert_eq!(sheet_name(&"🚀".repeat(20), &mut taken), "🚀".repeat(15));
    }
}
