//! Who looks: an audience is a wall (D12).

use super::Register;
use crate::definition::Audience;
use crate::organisation::{DepartmentId, Organisation, PartyId, PersonId, Settings, Subject};
use crate::record::Record;

/// Whom a build is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Whoever has the repository, and so every file in it already. Papers for
    /// them are about any record, and name no other confidential one.
    Repository,
    /// The whole company: everything but what is confidential.
    Internal,
    /// An outside party: only what is public and names it.
    Public(PartyId),
    /// A group of `taizhang.toml`: what is confidential and meant for one of
    /// its members, beside what everybody sees.
    Confidential {
        /// The group's name.
        group: String,
        /// Its members.
        members: Vec<Subject>,
    },
}

impl Viewer {
    /// Reads `internal`, `public:PARTY` or `confidential:GROUP`; none when it
    /// is none of these or names nobody.
    pub fn parse(text: &str, organisation: &Organisation, settings: &Settings) -> Option<Viewer> {
        if text == Audience::Internal.name() {
            return Some(Viewer::Internal);
        }
        let (audience, name) = text.split_once(':')?;
        match Audience::from_name(audience)? {
            Audience::Public => organisation.find_party(name).map(Viewer::Public),
            Audience::Confidential => {
                let group = settings.audiences.iter().find(|group| *group.id == *name)?;
                let members = group
                    .members
                    .iter()
                    .filter_map(|member| {
                        organisation
                            .find_department(&member.value)
                            .map(Subject::Department)
                            .or_else(|| {
                                organisation.find_person(&member.value).map(Subject::Person)
                            })
                    })
                    .collect();
                Some(Viewer::Confidential {
                    group: name.to_owned(),
                    members,
                })
            }
            Audience::Internal => None,
        }
    }

    /// Somebody before whom the files themselves lie open, a reviewer of a
    /// change: a member of everything.
    pub fn of_files(organisation: &Organisation) -> Viewer {
        let departments = (0..organisation.departments.len() as u32)
            .map(|id| Subject::Department(DepartmentId(id)));
        let people = (0..organisation.people.len() as u32).map(|id| Subject::Person(PersonId(id)));
        let parties = (0..organisation.parties.len() as u32).map(|id| Subject::Party(PartyId(id)));
        Viewer::Confidential {
            group: String::new(),
            members: departments.chain(people).chain(parties).collect(),
        }
    }

    /// How [`Viewer::parse`] reads it.
    pub fn name(&self, organisation: &Organisation) -> String {
        let (audience, name) = match self {
            Viewer::Repository | Viewer::Internal => {
                return Audience::Internal.name().to_owned();
            }
            Viewer::Public(party) => (Audience::Public, organisation.id_of(Subject::Party(*party))),
            Viewer::Confidential { group, .. } => (Audience::Confidential, group.as_str()),
        };
        format!("{}:{name}", audience.name())
    }

    /// Whether the viewer belongs to the company. An outsider sees the records
    /// meant for it and nothing of the organisation behind them: no pages of
    /// people and departments, no handbook, no escalation.
    pub fn is_insider(&self) -> bool {
        !matches!(self, Viewer::Public(_))
    }

    /// Whether the viewer may see a record: what is left of it is in
    /// [`Register::seen_by`].
    pub fn sees(&self, register: &Register, record: &Record) -> bool {
        match (self, record.audience.value) {
            (Viewer::Repository, _) => true,
            (Viewer::Public(party), Audience::Public) => {
                let kind = register.kind_of(record);
                kind.outside_state(record.state.value).is_some()
                    && record
                        .visible_to
                        .iter()
                        .any(|subject| subject.value == Subject::Party(*party))
            }
            (Viewer::Public(_), _) => false,
            (_, Audience::Public | Audience::Internal) => true,
            (viewer, Audience::Confidential) => {
                let named: Vec<Subject> = record.visible_to.iter().map(|at| at.value).collect();
                viewer.is_among(&register.organisation, &named)
            }
        }
    }

    /// Whether one of the viewer's members is one of these, or works there.
    pub fn is_among(&self, organisation: &Organisation, named: &[Subject]) -> bool {
        let Viewer::Confidential { members, .. } = self else {
            return false;
        };
        named.iter().any(|named| {
            let mut members = members.iter();
            members.any(|member| within(organisation, *member, *named))
        })
    }
}

/// Whether a member of a group is, or works in, what a record names.
fn within(organisation: &Organisation, member: Subject, named: Subject) -> bool {
    if member == named {
        return true;
    }
    match (member, named) {
        (Subject::Person(person), Subject::Department(department)) => {
            organisation.person(person).department == Some(department)
        }
        (Subject::Department(department), Subject::Person(person)) => {
            organisation.person(person).department == Some(department)
        }
        _ => false,
    }
}
