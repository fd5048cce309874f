//! The organisation as an outside party may know it (D12).

use std::collections::HashSet;

use super::people::{Contact, Department, Organisation, Party, Person, Subject};

impl Organisation {
    /// Whom the records that an outsider sees name, and nothing of anybody
    /// else: neither who heads a department, nor who works where. Indexes stay
    /// the same; in the place of all others stands somebody without a name.
    pub fn outside(&self, named: &HashSet<Subject>) -> Organisation {
        let departments = self.departments.iter().zip(0..).map(|(found, index)| {
            let nobody = Department {
                id: "".into(),
                name: Default::default(),
                short: None,
                code: None,
                head: None,
                leader: None,
                parent: None,
                place: found.place,
            };
            match named.contains(&Subject::Department(super::DepartmentId(index))) {
                true => Department {
                    id: found.id.clone(),
                    name: found.name.clone(),
                    ..nobody
                },
                false => nobody,
            }
        });
        let people = self.people.iter().zip(0..).map(|(found, index)| {
            let nobody = Person {
                id: "".into(),
                name: Default::default(),
                title: None,
                department: None,
                staff_number: None,
                email: None,
                phone: None,
                account: None,
                keys: Vec::new(),
                left: false,
                place: found.place,
            };
            let department = found
                .department
                .filter(|department| named.contains(&Subject::Department(*department)));
            match named.contains(&Subject::Person(super::PersonId(index))) {
                // a form that says how to reach somebody may say it
                true => Person {
                    id: found.id.clone(),
                    name: found.name.clone(),
                    title: found.title.clone(),
                    department,
                    email: found.email.clone(),
                    phone: found.phone.clone(),
                    ..nobody
                },
                false => nobody,
            }
        });
        let parties = self.parties.iter().zip(0..).map(|(found, index)| {
            let contacts: Vec<Contact> = Vec::new();
            match named.contains(&Subject::Party(super::PartyId(index))) {
                true => found.clone(),
                false => Party {
                    id: "".into(),
                    name: Default::default(),
                    kind: "".into(),
                    contacts,
                    place: found.place,
                },
            }
        });
        let mut outside = Organisation {
            departments: departments.collect(),
            people: people.collect(),
            parties: parties.collect(),
            roles: Vec::new(),
            ..self.clone()
        };
        let is = |subject: Subject| named.contains(&subject);
        outside
            .department_ids
            .retain(|_, id| is(Subject::Department(*id)));
        outside.person_ids.retain(|_, id| is(Subject::Person(*id)));
        outside.party_ids.retain(|_, id| is(Subject::Party(*id)));
        outside
    }
}
