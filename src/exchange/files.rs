//! The files themselves, of one thing for the command, of all for a site.

use std::sync::OnceLock;

use super::atom::Feeds;
use super::calendar::{Calendars, Whose};
use super::changes::Revisions;
use super::format::Format;
use super::item::{Gathered, Item};
use super::lists::{self, Owed};
use super::table::Book;
use super::{audit, csv, gathered, json, register, xlsx};
use crate::display::{DateStyle, Display};
use crate::gathering::{Gathering, gather};
use crate::organisation::Subject;
use crate::outlook::Outlook;
use crate::past::Past;
use crate::publish::Output;
use crate::text::Language;

/// Where the JSON Schema of tables stands in a site.
const SCHEMA: &str = "data/table.schema.json";

/// Registers of more records than this leave the tables of their lists to the
/// command: a site is to be built in moments.
const DETAILED: usize = 2_000;

/// An outlook, ready to be taken along.
pub struct Exchange<'o, 'r> {
    outlook: &'o Outlook<'r>,
    language: Language,
    past: &'o Past,
    calendars: Calendars<'o, 'r>,
    /// What each register definition gathers, when the first is asked for.
    gatherings: Vec<OnceLock<Vec<Gathering>>>,
    /// Where the site is published that files link to.
    site: Option<String>,
}

impl<'o, 'r> Exchange<'o, 'r> {
    /// What can be taken along of an outlook, with labels in a language.
    pub fn new(outlook: &'o Outlook<'r>, language: Language, past: &'o Past) -> Self {
        let site = outlook.register.settings.site_url.as_deref();
        Exchange {
            outlook,
            language,
            past,
            calendars: Calendars::new(outlook, language, Revisions::new(past)),
            gatherings: { outlook.register.register_papers.iter() }
                .map(|_| OnceLock::new())
                .collect(),
            site: site.map(str::to_owned),
        }
    }

    /// The same for pages that stand in a folder of the site (`en/`).
    pub fn below(mut self, folder: &str) -> Self {
        if let (Some(site), Some(folder)) = (&mut self.site, folder.strip_suffix('/')) {
            site.push('/');
            site.push_str(folder);
        }
        self.calendars.site.clone_from(&self.site);
        self
    }

    /// A thing in a format; none where it has no such format, and of pages,
    /// which the site makes.
    pub fn file(&self, item: &Item, format: Format) -> Option<Vec<u8>> {
        if !item.formats(self.outlook).contains(&format) || !item.is_for(self.outlook) {
            return None;
        }
        match format {
            Format::Csv | Format::Xlsx | Format::Json => {
                Some(self.write(&self.book(item)?, format))
            }
            Format::Ics => Some(self.calendars.ics(whose(item)?)),
            Format::Atom if *item == Item::Notices => Some(self.feeds().of_notices()),
            Format::Atom => Some(self.feeds().of_changes(self.past)),
            Format::Html => None,
        }
    }

    /// The files of a thing in every format it has: its rows are gathered once.
    pub fn outputs(&self, item: &Item) -> Vec<Output> {
        let mut book = self.book(item);
        if let Some(book) = &mut book
            && book.table.rows.len() > DETAILED
        {
            book.details.clear();
        }
        let formats = item.formats(self.outlook).iter();
        formats
            .filter_map(|format| {
                let bytes = match (format, &book) {
                    (Format::Csv | Format::Xlsx | Format::Json, Some(book)) => {
                        self.write(book, *format)
                    }
                    _ => self.file(item, *format)?,
                };
                Some(Output {
                    path: item.path(self.outlook, *format),
                    bytes,
                })
            })
            .collect()
    }

    /// The JSON Schema of tables, as a file of a site.
    pub fn schema() -> Output {
        Output {
            path: SCHEMA.to_owned(),
            bytes: json::SCHEMA.as_bytes().to_vec(),
        }
    }

    fn feeds(&self) -> Feeds<'_, 'r> {
        Feeds::new(self.outlook, self.language, self.site.as_deref())
    }

    fn book(&self, item: &Item) -> Option<Book<'r>> {
        let (outlook, language) = (self.outlook, self.language);
        let owed = |which| lists::obligations(outlook, language, which).into();
        Some(match item {
            Item::Register(kind) => register::register(outlook, language, *kind),
            Item::Actions => lists::actions(outlook, language).into(),
            Item::Deadlines => owed(Owed::Open),
            Item::Obligations => owed(Owed::All),
            Item::Archive => lists::archive(outlook, language).into(),
            Item::Person(id) => owed(Owed::Of(Subject::Person(*id))),
            Item::Department(id) => owed(Owed::Of(Subject::Department(*id))),
            Item::History => audit::audit(outlook, language, self.past, |_, _| true).into(),
            Item::Gathered(Gathered { paper, at, .. }) => {
                let definition = outlook.register.register_papers.get(*paper)?;
                let all = self.gatherings[*paper].get_or_init(|| gather(outlook, definition));
                gathered::gathered(outlook, language, definition, all.get(*at)?)?
            }
            Item::Changes | Item::Notices | Item::Record(_) => return None,
        })
    }

    fn write(&self, book: &Book<'_>, format: Format) -> Vec<u8> {
        let display = Display::new(self.outlook.register, self.language, DateStyle::Table);
        match format {
            Format::Xlsx => xlsx::xlsx(self.outlook, &display, book),
            Format::Json => json::json(self.outlook, &display, book),
            _ => csv::csv(&display, &book.table),
        }
    }
}

/// Whose calendar goes with a thing.
fn whose(item: &Item) -> Option<Whose> {
    match item {
        Item::Deadlines => Some(Whose::Everyone),
        Item::Person(id) => Some(Whose::Person(*id)),
        Item::Department(id) => Some(Whose::Department(*id)),
        _ => None,
    }
}
