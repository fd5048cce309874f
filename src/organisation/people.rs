//! Departments, people, outside parties.

use std::collections::HashMap;
use std::sync::Arc;

use super::keys::Key;
use crate::finding::Place;
use crate::text::Text;

/// Index of a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DepartmentId(pub u32);

/// Index of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u32);

/// Index of an outside party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyId(pub u32);

/// Somebody who can owe something or be owed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A person.
    Person(PersonId),
    /// A department.
    Department(DepartmentId),
    /// An outside party.
    Party(PartyId),
}

/// A department.
#[derive(Clone, Debug)]
pub struct Department {
    /// Name in records.
    pub id: Arc<str>,
    /// Name for people.
    pub name: Text,
    /// Short name, not to be used outside (W6).
    pub short: Option<Text>,
    /// Code for numbers and the archive (D11).
    pub code: Option<Arc<str>>,
    /// Who heads it.
    pub head: Option<PersonId>,
    /// 分管领导: who in the company's lead answers for it.
    pub leader: Option<PersonId>,
    /// The department above it.
    pub parent: Option<DepartmentId>,
    /// Where it is defined.
    pub place: Place,
}

/// A person of the company.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name in records.
    pub id: Arc<str>,
    /// Name.
    pub name: Text,
    /// What they are.
    pub title: Option<Text>,
    /// Where they work.
    pub department: Option<DepartmentId>,
    /// 工号: their number in the company.
    pub staff_number: Option<Arc<str>>,
    /// Mail address; also how git's authors are told apart.
    pub email: Option<Arc<str>>,
    /// Telephone or other contact.
    pub phone: Option<Arc<str>>,
    /// Name on the forge, for CODEOWNERS: `li-na`, or a team `company/rd`.
    pub account: Option<Arc<str>>,
    /// Public keys they sign with (D9).
    pub keys: Vec<Key>,
    /// Whether they have left: known in old records, no longer to be given new tasks.
    pub left: bool,
    /// Where they are defined.
    pub place: Place,
}

/// Somebody at an outside party.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Name.
    pub name: Text,
    /// What they are.
    pub title: Option<Text>,
    /// Telephone.
    pub phone: Option<Arc<str>>,
    /// Mail address.
    pub email: Option<Arc<str>>,
}

/// What a party can be to the company.
pub const PARTY_KINDS: [&str; 5] = ["customer", "supplier", "partner", "regulator", "media"];

/// An outside party.
#[derive(Clone, Debug)]
pub struct Party {
    /// Name in records.
    pub id: Arc<str>,
    /// Full name.
    pub name: Text,
    /// What it is to the company: customer, supplier, partner, regulator, media.
    pub kind: Arc<str>,
    /// Who to talk to.
    pub contacts: Vec<Contact>,
    /// Where it is defined.
    pub place: Place,
}

/// What some departments are to the company's procedures: its legal department,
/// those that countersign contracts.
#[derive(Clone, Debug)]
pub struct Role {
    /// Name in definitions: `legal`.
    pub id: Arc<str>,
    /// Name for people.
    pub label: Text,
    /// Which departments have it, in the order of the file.
    pub departments: Vec<DepartmentId>,
    /// Where it is defined.
    pub place: Place,
}

/// The role of every department.
const EVERY_ROLE: &str = "*";

/// All of them, with indexes by name.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    /// Departments in the order of their file.
    pub departments: Vec<Department>,
    /// People in the order of their file.
    pub people: Vec<Person>,
    /// Outside parties in the order of their file.
    pub parties: Vec<Party>,
    /// Roles of departments in the order of their file.
    pub roles: Vec<Role>,
    pub(super) department_ids: HashMap<Arc<str>, DepartmentId>,
    pub(super) person_ids: HashMap<Arc<str>, PersonId>,
    pub(super) party_ids: HashMap<Arc<str>, PartyId>,
}

impl Organisation {
    /// The department of that name.
    pub fn find_department(&self, id: &str) -> Option<DepartmentId> {
        self.department_ids.get(id).copied()
    }

    /// The person of that name.
    pub fn find_person(&self, id: &str) -> Option<PersonId> {
        self.person_ids.get(id).copied()
    }

    /// The person with that mail address, in whatever case it is written; of
    /// several the first who has not left.
    pub fn person_of_mail(&self, mail: &str) -> Option<PersonId> {
        let has = |person: &Person| {
            let own = person.email.as_deref();
            own.is_some_and(|own| own.eq_ignore_ascii_case(mail))
        };
        let found = |left: bool| {
            let mut people = self.people.iter();
            people.position(|person| person.left == left && has(person))
        };
        let index = found(false).or_else(|| found(true))?;
        u32::try_from(index).ok().map(PersonId)
    }

    /// The party of that name.
    pub fn find_party(&self, id: &str) -> Option<PartyId> {
        self.party_ids.get(id).copied()
    }

    /// The departments that have a role, `*` all; none when the organisation
    /// names none.
    pub fn departments_in(&self, role: &str) -> Vec<DepartmentId> {
        if role == EVERY_ROLE {
            return (0..self.departments.len() as u32)
                .map(DepartmentId)
                .collect();
        }
        self.roles
            .iter()
            .find(|candidate| *candidate.id == *role)
            .map_or_else(Vec::new, |role| role.departments.clone())
    }

    /// A department by index.
    pub fn department(&self, id: DepartmentId) -> &Department {
        &self.departments[id.0 as usize]
    }

    /// A person by index.
    pub fn person(&self, id: PersonId) -> &Person {
        &self.people[id.0 as usize]
    }

    /// A party by index.
    pub fn party(&self, id: PartyId) -> &Party {
        &self.parties[id.0 as usize]
    }

    /// The department a subject belongs to; none for outsiders.
    pub fn department_of(&self, subject: Subject) -> Option<DepartmentId> {
        match subject {
            Subject::Person(person) => self.person(person).department,
            Subject::Department(department) => Some(department),
            Subject::Party(_) => None,
        }
    }

    /// The head of the subject's department, or of the one above when it has none.
    pub fn head_of(&self, subject: Subject) -> Option<PersonId> {
        self.up(subject, |department| department.head)
    }

    /// The 分管领导 of the subject's department, or of the one above.
    pub fn leader_of(&self, subject: Subject) -> Option<PersonId> {
        self.up(subject, |department| department.leader)
    }

    fn up(
        &self,
        subject: Subject,
        role: impl Fn(&Department) -> Option<PersonId>,
    ) -> Option<PersonId> {
        let mut department = self.department_of(subject)?;
        // a circle of parents ends after as many steps as there are departments
        for _ in 0..=self.departments.len() {
            let found = self.department(department);
            if let Some(person) = role(found) {
                return Some(person);
            }
            department = found.parent?;
        }
        None
    }

    /// The name of a subject for people.
    pub fn name_of(&self, subject: Subject) -> &Text {
        match subject {
            Subject::Person(id) => &self.person(id).name,
            Subject::Department(id) => &self.department(id).name,
            Subject::Party(id) => &self.party(id).name,
        }
    }

    /// The name of a subject in records.
    pub fn id_of(&self, subject: Subject) -> &str {
        match subject {
            Subject::Person(id) => &self.person(id).id,
            Subject::Department(id) => &self.department(id).id,
            Subject::Party(id) => &self.party(id).id,
        }
    }
}
