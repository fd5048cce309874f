//! What can be taken along: its names, its formats, its files in a site.

use super::address;
use super::format::Format;
use crate::definition::Phase;
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::outlook::Outlook;

/// Something to take along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// One record, by its index.
    Record(usize),
}

const TABLE: &[Format] = &[Format::Csv, Format::Xlsx, Format::Json];
const TABLE_AND_CALENDAR: &[Format] = &[Format::Csv, Format::Xlsx, Format::Json, Format::Ics];
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
    /// kind, `person:ID`, `department:ID`, or the number of a record.
    pub fn named(outlook: &Outlook<'_>, name: &str) -> Option<Item> {
        let register = outlook.register;
        let organisation = &register.organisation;
        if let Some((_, item)) = NAMED.iter().find(|(known, _)| *known == name) {
            return Some(*item).filter(|item| item.is_for(outlook));
        }
        let found = match name.split_once(':') {
            Some(("person", id)) => organisation.find_person(id).map(Item::Person),
            Some(("department", id)) => organisation.find_department(id).map(Item::Department),
            _ => {
                let mut kinds = register.kinds.iter();
                let kind = kinds.position(|kind| *kind.id == *name).map(Item::Register);
                let record = || register.find(name).map(Item::Record);
                kind.or_else(record)
            }
        };
        found.filter(|item| item.is_for(outlook))
    }

    /// Whether the viewer may have it.
    pub fn is_for(self, outlook: &Outlook<'_>) -> bool {
        match self {
            Item::Person(_)
            | Item::Department(_)
            | Item::Archive
            | Item::Changes
            | Item::History => outlook.viewer.is_insider(),
            Item::Record(index) => outlook.sees(index),
            Item::Register(kind) => outlook.kinds().any(|(known, _)| known == kind),
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
        names
    }

    /// The formats it has.
    pub fn formats(self) -> &'static [Format] {
        match self {
            Item::Register(_) | Item::Actions | Item::Obligations | Item::Archive => TABLE,
            Item::Deadlines | Item::Person(_) | Item::Department(_) => TABLE_AND_CALENDAR,
            Item::Changes | Item::Notices => FEED,
            Item::History => LINES,
            Item::Record(_) => PAGE,
        }
    }

    /// Where a site has it, from the site's root.
    pub fn path(self, outlook: &Outlook<'_>, format: Format) -> String {
        let register = outlook.register;
        let of = |folder, name: &str| address::data(folder, name, format.extension());
        let id = |subject| register.organisation.id_of(subject);
        match self {
            Item::Register(kind) => of(Some("registers"), &register.kinds[kind].id),
            Item::Person(person) => of(Some("people"), id(Subject::Person(person))),
            Item::Department(department) => {
                of(Some("departments"), id(Subject::Department(department)))
            }
            Item::Record(index) => of(Some("records"), &register.records[index].id.value),
            other => {
                let named = NAMED.iter().find(|(_, item)| *item == other);
                of(None, named.map_or("", |(name, _)| name))
            }
        }
    }

    /// Everything a site has. Everything ever owed and single records are for
    /// the command alone: they would double the site.
    pub fn of_site(outlook: &Outlook<'_>) -> Vec<Item> {
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
        items.retain(|item| item.is_for(outlook));
        items
    }
}

/// Whether a record has been made known by its kind's `announced`.
pub(super) fn is_out(outlook: &Outlook<'_>, record: usize) -> bool {
    !matches!(outlook.phase(record), Phase::Draft | Phase::Void)
}
