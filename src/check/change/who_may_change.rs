//! A record is changed by those whom its definition names; who that was, git
//! says.

use super::Author;
use super::matter::ChangedMatter;
use crate::change::{Change, Part, Version};
use crate::definition::{Kind, MayChange};
use crate::finding::Finding;
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::text::{Language, Text};

const RULE: &str = "who-may-change";

pub(in crate::check) fn check(matter: &ChangedMatter<'_>, found: &mut Vec<Finding>) {
    let (Some(before), Some(after)) = (matter.before, matter.after) else {
        return;
    };
    let path = &after.register.sources.file(after.record.file).path;
    let authors = matter.circumstances.authors.get(path);
    let Some(authors) = authors.filter(|authors| !authors.is_empty()) else {
        return;
    };
    let kind = after.register.kind_of(after.record);
    // one of them suffices: they answer for it together
    let mut told: Vec<&str> = Vec::new();
    for change in &matter.changes {
        let (part, allowed) = allowed(kind, change);
        let Some(allowed) = allowed else { continue };
        if told.contains(&part) {
            continue;
        }
        let known: Vec<PersonId> = { authors.iter() }
            .filter_map(|author| after.register.organisation.person_of_mail(&author.email))
            .collect();
        // whose it was counts as well: a matter may be handed over
        let may = |person: &PersonId| {
            let versions = [before, after];
            versions
                .iter()
                .any(|version| may_change(*version, allowed, *person))
        };
        if known.iter().any(may) {
            continue;
        }
        told.push(part);
        let finding = Finding::warning(RULE, matter.place(after, change));
        let who = listed(authors);
        let finding = match known.len() == authors.len() {
            true => finding.with("who", who).with("what", label(after, change)),
            false => {
                let strangers = authors.iter().filter(|author| {
                    let organisation = &after.register.organisation;
                    organisation.person_of_mail(&author.email).is_none()
                });
                let mails: Vec<&str> = strangers.map(|author| &*author.email).collect();
                Finding::note(RULE, matter.place(after, change))
                    .message("unknown")
                    .with("who", mails.join(", "))
            }
        };
        found.push(finding.with("known", names(after, allowed)));
    }
}

/// The part that a change is of, and who may change it; none where everybody may.
fn allowed<'k>(kind: &'k Kind, change: &Change<'k>) -> (&'k str, Option<&'k [MayChange]>) {
    let own = match change.part {
        Part::Section(spot) => kind.section(&spot.section.id).and_then(|index| {
            let section = &kind.sections[index];
            Some((&*section.id, section.changed_by.as_deref()?))
        }),
        _ => None,
    };
    match own {
        Some((section, own)) => (section, Some(own)),
        None => ("", kind.changed_by.as_deref()),
    }
}

fn may_change(version: Version<'_>, allowed: &[MayChange], person: PersonId) -> bool {
    let register = version.register;
    let organisation = &register.organisation;
    // the two versions may rest on different files of the organisation
    let works_in = organisation.person(person).department;
    let own = register.department_of(version.record);
    let is_of = |department: DepartmentId| works_in == Some(department);
    let is_named = |subject: Subject| match subject {
        Subject::Person(named) => named == person,
        Subject::Department(department) => is_of(department),
        Subject::Party(_) => false,
    };
    let kind = register.kind_of(version.record);
    allowed.iter().any(|may| match may {
        MayChange::Department => own.is_some_and(is_of),
        MayChange::Head => own.is_some_and(|own| organisation.department(own).head == Some(person)),
        MayChange::Leader => {
            own.is_some_and(|own| organisation.department(own).leader == Some(person))
        }
        MayChange::Office => { register.settings.coordination_office.as_ref() }
            .and_then(|office| organisation.find_department(&office.value))
            .is_some_and(is_of),
        MayChange::Responsible => { kind.responsible.iter() }
            .flat_map(|path| version.record.subjects(path, organisation))
            .any(is_named),
        MayChange::Participants => { kind.participants.iter() }
            .flat_map(|path| version.record.subjects(path, organisation))
            .any(|subject| {
                is_named(subject) || organisation.department_of(subject).is_some_and(is_of)
            }),
        MayChange::Named(path) => version
            .record
            .subjects(path, organisation)
            .into_iter()
            .any(is_named),
    })
}

fn listed(authors: &[Author]) -> String {
    let names: Vec<&str> = authors.iter().map(|author| &*author.name).collect();
    names.join(", ")
}

/// What was changed: the section, or the record.
fn label(after: Version<'_>, change: &Change<'_>) -> Text {
    match change.part {
        Part::Section(spot) => spot.section.label.clone(),
        _ => after.register.kind_of(after.record).name.clone(),
    }
}

/// Who may, in both languages.
fn names(version: Version<'_>, allowed: &[MayChange]) -> Text {
    let [zh, en] = [Language::Chinese, Language::English].map(|language| {
        let words = version.register.words(language);
        let word = |name: &str| words.get(&format!("may_change.{name}")).to_owned();
        let names: Vec<String> = { allowed.iter() }
            .map(|may| match may {
                MayChange::Department => word("own"),
                MayChange::Head => word("head"),
                MayChange::Leader => word("leader"),
                MayChange::Office => word("office"),
                MayChange::Responsible => word("answers"),
                MayChange::Participants => word("concerned"),
                MayChange::Named(path) => {
                    let kind = version.register.kind_of(version.record);
                    let field = crate::record::field_of(kind, path);
                    match field {
                        Some(field) => field.label.get(language).to_owned(),
                        None => path.text.to_string(),
                    }
                }
            })
            .collect();
        names.join(words.get("display.list_separator"))
    });
    Text::new(zh, en)
}
