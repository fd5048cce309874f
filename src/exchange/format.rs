//! The formats that things can be taken in.

/// A format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
    /// JSON.
    Json,
    /// A calendar.
    Ics,
    /// A feed.
    Atom,
    /// One page with everything in it.
    Html,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 6] = [
        Format::Csv,
        Format::Xlsx,
        Format::Json,
        Format::Ics,
        Format::Atom,
        Format::Html,
    ];

    /// The name on the command line, and the end of files' names.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Json => "json",
            Format::Ics => "ics",
            Format::Atom => "atom",
            Format::Html => "html",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.extension() == name)
    }

    /// Its name on pages, under `exchange.format`.
    pub fn word(self) -> &'static str {
        match self {
            Format::Csv => "exchange.format.csv",
            Format::Xlsx => "exchange.format.xlsx",
            Format::Json => "exchange.format.json",
            Format::Ics => "exchange.format.ics",
            Format::Atom => "exchange.format.atom",
            Format::Html => "exchange.format.html",
        }
    }
}
