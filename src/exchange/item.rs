//! What can be taken along: its names, its formats, its files in a site.

use super::address;
use super::format::Format;
use crate::definition::Phase;
use crate::definition::register_paper::Per;
use crate::gathering::gather;
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::outlook::Outlook;

/// Something to take along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The register of a kind, by its index.
    Register(usize),
    /// All tasks.
    Actions,
    /// What is owed, by when, and all appointments.
    Deadlines,
    /// Everything ever owed.
    Obligations,
    /// What is filed.
    Archive,
    /// What a person owes and awaits.
    Person(PersonId),
    /// What a department owes and awaits.
    Department(DepartmentId),
    /// What was changed in which records.
    Changes,
    /// Every change of every record, to look into.
    History,
    /// What was announced.
    Notices,
    /// What a register definition gathers, for one of those it is for.
    Gathered(Gathered),
    /// One record, by its index.
    Record(usize),
}

/// Which of the gatherings of which definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// Index of the definition.
    pub paper: usize,
    /// Index of the gathering in the order of [`gather`].
    pub at: usize,
    /// The gathering's name in addresses; none of one over everything.
    pub slug: Option<String>,
}

const TABLE: &[Format] = &[Format::Csv, Format::Xlsx, Format::Json];
const TABLE_AND_CALENDAR: &[Format] = &[Format::Csv, Format::Xlsx, Format::Json, Format::Ics];
/// Several tables, which a CSV file has no room for.
const TABLES: &[Format] = &[Format::Xlsx, Format::Json];
/// Too long for a workbook, and for programs there is the command.
const LINES: &[Format] = &[Format::Csv];
const FEED: &[Format] = &[Format::Atom];
const PAGE: &[Format] = &[Format::Html];

/// The names of what is no kind, no record and nobody.
const NAMED: [(&str, Item); 7] = [
    ("actions", Item::Actions),
    ("deadlines", Item::Deadlines),
    ("obligations", Item::Obligations),
    ("archive", Item::Archive),
    ("changes", Item::Changes),
    ("history", Item::History),
    ("notices", Item::Notices),
];

impl Item {
    /// What a name of the command line means: one of the program's words, a
    /// kind, `person:ID`, `department:ID`, a register definition with whom or what
    /// its paper is of (`customer-file:ID`), or the number of a record.
    pub fn named(outlook: &Outlook<'_>, name: &str) -> Option<Item> {
        let register = outlook.register;
        let organisation = &register.organisation;
        if let Some((_, item)) = NAMED.iter().find(|(known, _)| *known == name) {
            return Some(item.clone()).filter(|item| item.is_for(outlook));
        }
        let found = match name.split_once(':') {
            Some(("person", id)) => organisation.find_person(id).map(Item::Person),
            Some(("department", id)) => organisation.find_department(id).map(Item::Department),
            Some(_) => Item::gathered(outlook, name),
            None => {
                let mut kinds = register.kinds.iter();
                let kind = kinds.position(|kind| *kind.id == *name).map(Item::Register);
                let record = || register.find(name).map(Item::Record);
                kind.or_else(record)
                    .or_else(|| Item::gathered(outlook, name))
            }
        };
        found.filter(|item| item.is_for(outlook))
    }

    /// What a name of a definition means, with what its paper is of behind a colon.
    fn gathered(outlook: &Outlook<'_>, name: &str) -> Option<Item> {
        let (name, of) = match name.split_once(':') {
            Some((name, of)) => (name, Some(of)),
            None => (name, None),
        };
        let mut papers = outlook.register.register_papers.iter();
        let paper = papers.position(|paper| *paper.id == *name)?;
        let gatherings = gather(outlook, &outlook.register.register_papers[paper]);
        let mut slugs = gatherings.into_iter().map(|gathering| gathering.slug);
        let at = slugs.position(|slug| slug.as_deref() == of)?;
        let slug = of.map(str::to_owned);
        Some(Item::Gathered(Gathered { paper, at, slug }))
    }

    /// Whether the viewer may have it.
    pub fn is_for(&self, outlook: &Outlook<'_>) -> bool {
        match self {
            Item::Person(_)
            | Item::Department(_)
            | Item::Archive
            | Item::Changes
            | Item::History => outlook.viewer.is_insider(),
            Item::Record(index) => outlook.sees(*index),
            Item::Register(kind) => outlook.kinds().any(|(known, _)| known == *kind),
            _ => true,
        }
    }

    /// The names that the command line understands, as they would be typed.
    pub fn names(outlook: &Outlook<'_>) -> Vec<String> {
        let mut names: Vec<String> = outlook
            .kinds()
            .map(|(_, kind)| kind.id.to_string())
            .collect();
        let named = NAMED.iter().filter(|(_, item)| item.is_for(outlook));
        names.extend(named.map(|(name, _)| (*name).to_owned()));
        if outlook.viewer.is_insider() {
            names.extend(["person:ID".to_owned(), "department:ID".to_owned()]);
        }
        for paper in &outlook.register.register_papers {
            let of = match (paper.per, outlook.viewer.is_insider()) {
                (None, true) => "",
                (None, false) => continue,
                (Some(Per::Party), _) => ":PARTY",
                (Some(Per::Department), _) => ":DEPARTMENT",
                (Some(Per::Person), _) => ":PERSON",
                (Some(Per::Project), _) => ":PROJECT",
                (Some(Per::Year), _) => ":YEAR",
            };
            names.push(format!("{}{of}", paper.id));
        }
        names
    }

    /// The formats it has.
    pub fn formats(&self, outlook: &Outlook<'_>) -> &'static [Format] {
        match self {
            Item::Gathered(Gathered { paper, .. }) => {
                match outlook.register.register_papers[*paper].tables.len() {
                    1 => TABLE,
                    _ => TABLES,
                }
            }
            Item::Register(_) | Item::Actions | Item::Obligations | Item::Archive => TABLE,
            Item::Deadlines | Item::Person(_) | Item::Department(_) => TABLE_AND_CALENDAR,
            Item::Changes | Item::Notices => FEED,
            Item::History => LINES,
            Item::Record(_) => PAGE,
        }
    }

    /// Where a site has it, from the site's root.
    pub fn path(&self, outlook: &Outlook<'_>, format: Format) -> String {
        let register = outlook.register;
        let of = |folder, name: &str| address::data(folder, name, format.extension());
        let id = |subject| register.organisation.id_of(subject);
        match self {
            Item::Register(kind) => of(Some("registers"), &register.kinds[*kind].id),
            Item::Person(person) => of(Some("people"), id(Subject::Person(*person))),
            Item::Department(department) => {
                of(Some("departments"), id(Subject::Department(*department)))
            }
            Item::Record(index) => of(Some("records"), &register.records[*index].id.value),
            Item::Gathered(Gathered { paper, slug, .. }) => {
                let name = &register.register_papers[*paper].id;
                let extension = format.extension();
                address::gathered(name, slug.as_deref(), extension)
            }
            other => {
                let named = NAMED.iter().find(|(_, item)| item == other);
                of(None, named.map_or("", |(name, _)| name))
            }
        }
    }

    /// Everything a site has, with these gatherings. Everything ever owed and
    /// single records are for the command alone: they would double the site.
    pub fn of_site(outlook: &Outlook<'_>, gathered: impl Iterator<Item = Gathered>) -> Vec<Item> {
        let organisation = &outlook.register.organisation;
        let mut items: Vec<Item> = outlook
            .kinds()
            .map(|(kind, _)| Item::Register(kind))
            .collect();
        items.extend([Item::Actions, Item::Deadlines, Item::Archive]);
        items.extend([Item::Changes, Item::History, Item::Notices]);
        items.extend(
            (0..organisation.departments.len() as u32).map(|id| Item::Department(DepartmentId(id))),
        );
        items.extend((0..organisation.people.len() as u32).map(|id| Item::Person(PersonId(id))));
        items.extend(gathered.map(Item::Gathered));
        items.retain(|item| item.is_for(outlook));
        items
    }
}

/// Whether a record has been made known by its kind's `announced`.
pub(super) fn is_out(outlook: &Outlook<'_>, record: usize) -> bool {
    !matches!(outlook.phase(record), Phase::Draft | Phase::Void)
}
