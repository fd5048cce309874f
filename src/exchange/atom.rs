//! Feeds by RFC 4287: what was changed, and what was announced.
//!
//! Invariants: an entry keeps its id for ever, whatever the site's address;
//! what a feed says is what [`super::changes`] lets its viewer know.

use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person, Text};
use jiff::Timestamp;

use super::address;
use super::changes::{RecordsChanged, changes};
use super::format::Format;
use super::item::{Item, is_out};
use crate::calendar::Moment;
use crate::display::{DateStyle, Display};
use crate::history::Did;
use crate::organisation::Subject;
use crate::outlook::Outlook;
use crate::past::{Past, Telling};
use crate::record::part_moment;
use crate::text::Language;

/// Most entries of a feed.
const MOST_ENTRIES: usize = 100;
/// A commit that changed more records than this has one entry for all.
const MOST_OF_COMMIT: usize = 20;
/// From a feed up to the site's root.
const ROOT: &str = "../";

/// What feeds are made of.
pub struct Feeds<'o, 'r> {
    outlook: &'o Outlook<'r>,
    display: Display<'r>,
    /// Where the pages are published that entries link to.
    site: Option<&'o str>,
}

impl<'o, 'r> Feeds<'o, 'r> {
    /// The feeds of an outlook, whose pages are published at `site`.
    pub fn new(outlook: &'o Outlook<'r>, language: Language, site: Option<&'o str>) -> Self {
        Feeds {
            outlook,
            display: Display::new(outlook.register, language, DateStyle::Table),
            site,
        }
    }

    /// What was changed in which records, newest first.
    pub fn of_changes(&self, past: &Past) -> Vec<u8> {
        let mut entries = Vec::new();
        for change in changes(self.outlook, past) {
            if entries.len() >= MOST_ENTRIES {
                break;
            }
            self.of_commit(&change, &mut entries);
        }
        entries.truncate(MOST_ENTRIES);
        self.feed(Item::Changes, "site.changes.title", entries)
    }

    /// What was announced, newest first.
    pub fn of_notices(&self) -> Vec<u8> {
        let mut announced: Vec<(Timestamp, usize)> = self
            .outlook
            .records
            .iter()
            .filter_map(|index| Some((self.announced(*index)?, *index)))
            .collect();
        announced.sort_unstable_by(|a, b| b.cmp(a));
        let entries = announced
            .into_iter()
            .take(MOST_ENTRIES)
            .map(|(at, index)| self.notice(index, at))
            .collect();
        self.feed(Item::Notices, "exchange.title.notices", entries)
    }

    fn feed(&self, item: Item, title: &str, entries: Vec<Entry>) -> Vec<u8> {
        let settings = &self.outlook.register.settings;
        let company = settings.name.get(self.display.language);
        let path = item.path(self.outlook, Format::Atom);
        let title = self.display.words.filled(
            "exchange.feed.title",
            &[
                ("title", self.display.words.get(title)),
                ("company", company),
            ],
        );
        let mut links = vec![link("alternate", &format!("{}index.html", self.root()))];
        if let Some(site) = self.site {
            let mut own = link("self", &format!("{site}/{path}"));
            own.set_mime_type("application/atom+xml".to_owned());
            links.push(own);
        }
        let updated = entries.iter().map(|entry| *entry.updated()).max();
        let feed = Feed {
            title: Text::plain(plain(&title)),
            id: self.id(&["feed", &path]),
            updated: updated.unwrap_or_else(|| date_time(self.outlook.as_of)),
            authors: vec![author(company)],
            links,
            lang: Some(self.display.language.tag().to_owned()),
            entries,
            ..Feed::default()
        };
        let mut bytes = feed.to_string().into_bytes();
        bytes.push(b'\n');
        bytes
    }

    /// An entry for each record that a commit changed, or one for all.
    fn of_commit(&self, change: &RecordsChanged<'_>, into: &mut Vec<Entry>) {
        let display = &self.display;
        let register = self.outlook.register;
        // what is in no commit may never come
        let Some(commit) = change.commit else { return };
        let at = date_time(commit.at);
        let authors = vec![author(match change.person {
            Some(person) => display.subject(Subject::Person(person)),
            None => &commit.author,
        })];
        let summary = change.subject.map(|subject| Text::plain(plain(subject)));
        if change.records.len() > MOST_OF_COMMIT {
            let count = change.records.len().to_string();
            let title = display
                .words
                .filled("exchange.feed.many", &[("count", &count)]);
            into.push(Entry {
                title: Text::plain(title),
                id: self.id(&["commit", &commit.id]),
                updated: at,
                authors,
                links: vec![link("alternate", &format!("{}index.html", self.root()))],
                summary,
                ..Entry::default()
            });
            return;
        }
        let telling = Telling::new(*display);
        for (index, step) in &change.records {
            let record = &register.records[*index];
            let did = display.words.get(did_word(step.did)).to_owned();
            let kind = register.kind_of(record);
            let lines = telling.lines(kind, &record.id.value, &step.facts);
            let values = [
                ("id", &*record.id.value),
                ("title", record.heading()),
                ("did", &did),
            ];
            into.push(Entry {
                title: Text::plain(plain(
                    &display.words.filled("exchange.feed.change", &values),
                )),
                id: self.id(&["change", &commit.id, &record.id.value]),
                updated: at,
                authors: authors.clone(),
                categories: vec![self.category(*index)],
                links: vec![self.record_link(*index)],
                summary: summary.clone(),
                content: (!lines.is_empty()).then(|| Content {
                    content_type: Some("text".to_owned()),
                    value: Some(plain(&lines.join("\n"))),
                    ..Content::default()
                }),
                ..Entry::default()
            });
        }
    }

    /// When a record was announced, if it has been.
    fn announced(&self, index: usize) -> Option<Timestamp> {
        let register = self.outlook.register;
        let record = &register.records[index];
        let path = register.kind_of(record).announced.as_ref()?;
        let moment = part_moment(&record.first(path)?.value, path.part)?;
        let at = match moment {
            Moment::Instant(instant) => instant,
            Moment::Date(date) => date
                .to_zoned(register.calendar.settings().time_zone.clone())
                .ok()?
                .timestamp(),
        };
        (at <= self.outlook.as_of && is_out(self.outlook, index)).then_some(at)
    }

    fn notice(&self, index: usize, at: Timestamp) -> Entry {
        let register = self.outlook.register;
        let record = &register.records[index];
        let department = self.outlook.department_of(index).map(Subject::Department);
        let authors = department.map(|subject| author(self.display.subject(subject)));
        let kind = self.display.text(&register.kind_of(record).name);
        Entry {
            title: Text::plain(plain(record.heading())),
            id: self.id(&["announced", &record.id.value]),
            updated: date_time(at),
            published: Some(date_time(at)),
            authors: authors.into_iter().collect(),
            categories: vec![self.category(index)],
            links: vec![self.record_link(index)],
            content: Some(Content {
                content_type: Some("text".to_owned()),
                value: Some(plain(&format!("{kind} {}", record.id.value))),
                ..Content::default()
            }),
            ..Entry::default()
        }
    }

    fn category(&self, index: usize) -> Category {
        let register = self.outlook.register;
        let kind = register.kind_of(&register.records[index]);
        Category {
            term: kind.id.to_string(),
            label: Some(plain(self.display.text(&kind.name))),
            ..Category::default()
        }
    }

    fn record_link(&self, index: usize) -> Link {
        let record = &self.outlook.register.records[index];
        let page = address::record(&record.id.value);
        link(
            "alternate",
            &format!("{}{}", self.root(), address::encoded(&page)),
        )
    }

    /// What leads to the site's pages: its address, where it is known, else
    /// the way up from the feed.
    fn root(&self) -> String {
        match self.site {
            Some(site) => format!("{site}/"),
            None => ROOT.to_owned(),
        }
    }

    /// An id out of what an entry is of: a UUID made of a hash (RFC 9562,
    /// version 8), told apart by company and audience.
    fn id(&self, of: &[&str]) -> String {
        let register = self.outlook.register;
        let mut hasher = blake3::Hasher::new();
        let company = register.settings.name.get(Language::Chinese);
        let audience = self.outlook.viewer.name(&register.organisation);
        for part in ["taizhang", company, &audience].iter().chain(of) {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!(
            "urn:uuid:{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }
}

/// The word for what was done to a record.
pub fn did_word(did: Did) -> &'static str {
    match did {
        Did::Added => "site.changes.added",
        Did::Changed => "site.changes.changed",
        Did::Moved => "site.changes.moved",
        Did::Deleted => "site.changes.deleted",
    }
}

fn author(name: &str) -> Person {
    Person {
        name: plain(name),
        ..Person::default()
    }
}

fn link(rel: &str, href: &str) -> Link {
    Link {
        rel: rel.to_owned(),
        href: href.to_owned(),
        ..Link::default()
    }
}

/// An instant as the library for feeds knows it; 1970 where it has no word
/// for it.
fn date_time(instant: Timestamp) -> FixedDateTime {
    FixedDateTime::parse_from_rfc3339(&instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

fn plain(text: &str) -> String {
    super::cell::plain(text).into_owned()
}
