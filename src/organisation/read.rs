//! `records/organisation/{departments,people,parties}.toml`.

use std::sync::Arc;

use toml::de::DeValue;

use super::keys::read_keys;
use super::people::{
    Contact, Department, DepartmentId, Organisation, PARTY_KINDS, Party, PartyId, Person, PersonId,
    Role,
};
use crate::finding::Finding;
use crate::source::{Located, TableReader};

/// First pass over departments: names only, so that people can name them.
/// Second pass, [`read_departments`] with `people` known, resolves heads.
pub fn read_departments(organisation: &mut Organisation, reader: &TableReader<'_>) {
    for (id, table) in reader.entries_as_tables() {
        let index = DepartmentId(organisation.departments.len() as u32);
        if let Some(first) = organisation.find_department(id.value) {
            duplicate(&table, &id, organisation.department(first).place);
            skip(table);
            continue;
        }
        let head = table
            .string("head")
            .and_then(|found| person(organisation, &table, "head", &found));
        let leader = table
            .string("leader")
            .and_then(|found| person(organisation, &table, "leader", &found));
        let department = Department {
            id: id.value.into(),
            name: table.required_text("name"),
            short: table.text("short"),
            code: table.string("code").map(|found| found.value.into()),
            head,
            leader,
            parent: None,
            place: id.place,
        };
        table.get("parent");
        table.get("note");
        table.finish();
        organisation.departments.push(department);
        organisation.department_ids.insert(id.value.into(), index);
    }
    for (id, table) in reader.entries_as_tables() {
        let Some(found) = table.string("parent") else {
            continue;
        };
        let parent = find(
            &table,
            "unknown-department",
            "parent",
            &found,
            organisation.find_department(found.value),
            organisation.departments.iter().map(|d| &*d.id),
        );
        if let Some(index) = organisation.find_department(id.value) {
            organisation.departments[index.0 as usize].parent = parent;
        }
    }
    // people were read first and remember their departments by name
}

/// People; `department` is resolved against the names in `departments`.
pub fn read_people(
    organisation: &mut Organisation,
    reader: &TableReader<'_>,
    departments: Option<&TableReader<'_>>,
) {
    let known: Vec<&str> = departments
        .map(|table| {
            // as `read_departments` counts them: what is no table is none
            let is_table = |value: &DeValue<'_>| matches!(value, DeValue::Table(_));
            table
                .entries()
                .filter(|(_, value)| is_table(value.get_ref()))
                .map(|(name, _)| name.value)
                .collect()
        })
        .unwrap_or_default();
    for (id, table) in reader.entries_as_tables() {
        if let Some(first) = organisation.find_person(id.value) {
            duplicate(&table, &id, organisation.person(first).place);
            skip(table);
            continue;
        }
        let index = PersonId(organisation.people.len() as u32);
        let department = table.required_string("department").and_then(|found| {
            find(
                &table,
                "unknown-department",
                "department",
                &found,
                known
                    .iter()
                    .position(|name| *name == found.value)
                    .map(|index| DepartmentId(index as u32)),
                known.iter().copied(),
            )
        });
        let person = Person {
            id: id.value.into(),
            name: match (table.required_string("name"), table.string("name_en")) {
                (Some(zh), Some(en)) => crate::text::Text::new(zh.value, en.value),
                (Some(only), None) | (None, Some(only)) => crate::text::Text::same(only.value),
                (None, None) => crate::text::Text::same(id.value),
            },
            title: table.text("title"),
            department,
            staff_number: table.string("staff_number").map(|found| found.value.into()),
            email: table.string("email").map(|found| found.value.into()),
            phone: table.string("phone").map(|found| found.value.into()),
            account: table.string("account").map(|found| found.value.into()),
            keys: read_keys(organisation, index, &table),
            left: table.boolean("left"),
            place: id.place,
        };
        table.get("note");
        table.finish();
        organisation.people.push(person);
        organisation.person_ids.insert(id.value.into(), index);
    }
}

/// Outside parties.
pub fn read_parties(organisation: &mut Organisation, reader: &TableReader<'_>) {
    for (id, table) in reader.entries_as_tables() {
        if let Some(first) = organisation.find_party(id.value) {
            duplicate(&table, &id, organisation.party(first).place);
            skip(table);
            continue;
        }
        let contacts = table
            .tables("contacts")
            .into_iter()
            .map(|contact| {
                let read = Contact {
                    name: contact.required_text("name"),
                    title: contact.text("title"),
                    phone: text(&contact, "phone"),
                    email: text(&contact, "email"),
                };
                contact.finish();
                read
            })
            .collect();
        let kinds = &PARTY_KINDS.map(|kind| (kind, kind));
        let party = Party {
            id: id.value.into(),
            name: table.required_text("name"),
            kind: table.choice("kind", kinds).unwrap_or("partner").into(),
            contacts,
            place: id.place,
        };
        table.get("note");
        table.finish();
        let index = PartyId(organisation.parties.len() as u32);
        organisation.parties.push(party);
        organisation.party_ids.insert(id.value.into(), index);
    }
}

/// Roles of departments.
pub fn read_roles(organisation: &mut Organisation, reader: &TableReader<'_>) {
    for (id, table) in reader.entries_as_tables() {
        if let Some(first) = organisation.roles.iter().find(|role| *role.id == *id.value) {
            duplicate(&table, &id, first.place);
            skip(table);
            continue;
        }
        let departments = table
            .strings("departments")
            .iter()
            .filter_map(|found| {
                find(
                    &table,
                    "unknown-department",
                    "departments",
                    found,
                    organisation.find_department(found.value),
                    organisation.departments.iter().map(|d| &*d.id),
                )
            })
            .collect();
        let role = Role {
            id: id.value.into(),
            label: table.required_text("label"),
            departments,
            place: id.place,
        };
        table.get("note");
        table.finish();
        organisation.roles.push(role);
    }
}

fn text(reader: &TableReader<'_>, key: &'static str) -> Option<Arc<str>> {
    reader.string(key).map(|found| found.value.into())
}

fn person(
    organisation: &Organisation,
    reader: &TableReader<'_>,
    key: &'static str,
    found: &Located<&str>,
) -> Option<PersonId> {
    find(
        reader,
        "unknown-person",
        key,
        found,
        organisation.find_person(found.value),
        organisation.people.iter().map(|person| &*person.id),
    )
}

fn find<'n, T>(
    reader: &TableReader<'_>,
    rule: &'static str,
    key: &'static str,
    found: &Located<&str>,
    index: Option<T>,
    known: impl Iterator<Item = &'n str>,
) -> Option<T> {
    if index.is_none() {
        let known: Vec<&str> = known.collect();
        reader.unknown_name(rule, key, found, &known);
    }
    index
}

fn duplicate(reader: &TableReader<'_>, id: &Located<&str>, first: crate::finding::Place) {
    reader.report(
        Finding::error("duplicate-name", id.place)
            .with("name", id.value)
            .related(first),
    );
}

/// Drops a table without calling its keys unknown.
fn skip(reader: TableReader<'_>) {
    drop(reader);
}
