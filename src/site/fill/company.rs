//! What all forms share, as data: `fill/company.js` has who there is, which
//! days are worked, the lists of words, and what the rules say.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::definition::{Audience, Position, Priority, WordList};
use crate::organisation::{PersonId, Subject};
use crate::register::Register;
use crate::text::{Language, Text};

/// The rules that `assets/fill/` finds as `check` does, besides those of the kinds.
const RULES: [&str; 23] = [
    "attachment-name",
    "attachments-stated",
    "audience-named",
    "bad-amount",
    "bad-length",
    "commitment-complete",
    "department-as-owner",
    "five-elements",
    "inexact-date",
    "internal-names",
    "measurable-goal",
    "missing-key",
    "number-pattern",
    "out-of-range",
    "pattern",
    "period-order",
    "placeholder-wording",
    "required-field",
    "row-identity",
    "signature-complete",
    "subject-wording",
    "unknown-person",
    "vague-wording",
];

/// The shared part of all forms.
pub(super) fn json(register: &Register, language: Language) -> Value {
    let words = register.words(language);
    let priorities =
        Priority::ALL.map(|it| json!([it.name(), register.profile().priority(it).get(language)]));
    let audiences = Audience::ALL.map(|it| {
        let name = it.name();
        json!([name, words.get(&format!("schema.audiences.{name}"))])
    });
    let settings = &register.settings;
    let zone = settings.time.time_zone.iana_name();
    json!({
        "language": language.tag(),
        "zone": zone,
        "words": words.tree().get("site").and_then(|site| site.get("fill")),
        "display": words.tree().get("display"),
        "envelope": words.tree().get("schema"),
        "types": words.tree().get("types"),
        "priorities": priorities,
        "audiences": audiences,
        "departments": departments(register, language),
        "people": people(register, language),
        "parties": parties(register, language),
        "roles": roles(register),
        "years": years(register),
        "lists": lists(register, language),
        "rules": rules(register, language),
        "forge": settings.forge.as_ref().map(|forge| json!({
            "kind": &*forge.kind, "url": &*forge.url, "branch": &*forge.branch,
        })),
    })
}

fn departments(register: &Register, language: Language) -> Vec<Value> {
    let organisation = &register.organisation;
    let person = |id: Option<PersonId>| id.map(|id| &*organisation.person(id).id);
    (0..organisation.departments.len())
        .map(|index| {
            let id = crate::organisation::DepartmentId(index as u32);
            let department = organisation.department(id);
            let subject = Subject::Department(id);
            json!({
                "id": &*department.id,
                "name": department.name.get(language),
                "head": person(organisation.head_of(subject)),
                "leader": person(organisation.leader_of(subject)),
                "department": &*department.id,
            })
        })
        .collect()
}

fn people(register: &Register, language: Language) -> Vec<Value> {
    let organisation = &register.organisation;
    let person = |id: Option<PersonId>| id.map(|id| &*organisation.person(id).id);
    (0..organisation.people.len())
        .map(|index| {
            let id = PersonId(index as u32);
            let found = organisation.person(id);
            let subject = Subject::Person(id);
            let department = organisation.department_of(subject);
            let mut json = json!({
                "id": &*found.id,
                "name": found.name.get(language),
                "head": person(organisation.head_of(subject)),
                "leader": person(organisation.leader_of(subject)),
                "department": department.map(|id| &*organisation.department(id).id),
            });
            if found.left {
                json["left"] = true.into();
            }
            json
        })
        .collect()
}

fn parties(register: &Register, language: Language) -> Vec<Value> {
    let parties = register.organisation.parties.iter();
    parties
        .map(|party| json!({ "id": &*party.id, "name": party.name.get(language) }))
        .collect()
}

/// The departments of each role, by name; `*` is every one.
fn roles(register: &Register) -> Value {
    let organisation = &register.organisation;
    let mut all = Map::new();
    let names = organisation.roles.iter().map(|role| &*role.id);
    for name in names.chain(["*"]) {
        let departments: Vec<_> = organisation
            .departments_in(name)
            .into_iter()
            .map(|id| &*organisation.department(id).id)
            .collect();
        all.insert(name.to_owned(), json!(departments));
    }
    Value::Object(all)
}

/// Each year whose days off are known: a letter a day, `w` where people work.
fn years(register: &Register) -> Value {
    let holidays = register.calendar.holidays();
    let mut all = Map::new();
    for (year, _) in holidays.years() {
        let mut days = String::with_capacity(366);
        let mut date = Date::new(year, 1, 1).ok();
        while let Some(day) = date.filter(|day| day.year() == year) {
            let works = register.calendar.is_working_day(day).unwrap_or(false);
            days.push(if works { 'w' } else { '-' });
            date = day.checked_add(1.day()).ok();
        }
        all.insert(year.to_string(), days.into());
    }
    Value::Object(all)
}

fn lists(register: &Register, language: Language) -> Value {
    let all = register.lists.values();
    all.map(|list| (list.id.to_string(), of_list(list, language)))
        .collect::<Map<_, _>>()
        .into()
}

fn of_list(list: &WordList, language: Language) -> Value {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.get(language).to_owned());
    let words: Vec<Value> = list
        .words
        .iter()
        .map(|term| {
            json!({
                "term": &*term.term,
                "suggest": text(&term.suggest),
                "clause": term.clause.as_deref(),
                "level": term.level.map(|level| level.name()),
                "position": match term.position {
                    Position::Anywhere => "anywhere",
                    Position::Trailing => "trailing",
                    Position::Whole => "whole",
                },
                "unlessFollowed": term.unless_followed,
                "notIn": plain(&term.not_in),
            })
        })
        .collect();
    let elements: Vec<Value> = list
        .elements
        .iter()
        .map(|it| json!({ "name": it.name.get(language), "shape": it.shape.as_str() }))
        .collect();
    json!({
        "clause": list.clause.as_deref(),
        "shape": list.shape.as_ref().map(|shape| shape.as_str()),
        "words": words,
        "except": plain(&list.except),
        "elements": elements,
    })
}

fn plain(words: &[Arc<str>]) -> Vec<&str> {
    words.iter().map(|word| &**word).collect()
}

/// What the rules say, by name: the clause, text and help of each message.
fn rules(register: &Register, language: Language) -> Value {
    let mut all = Map::new();
    for (id, text) in &register.rules {
        if !RULES.contains(&&**id) {
            continue;
        }
        let messages: Map<String, Value> = text
            .messages
            .iter()
            .map(|(name, message)| {
                let help = message.help.as_ref().map(|help| help.get(language));
                let both = json!([message.text.get(language), help]);
                (name.to_string(), both)
            })
            .collect();
        let clause = text.clauses.first().map(|clause| &**clause);
        all.insert(
            id.to_string(),
            json!({ "clause": clause, "messages": messages }),
        );
    }
    Value::Object(all)
}
