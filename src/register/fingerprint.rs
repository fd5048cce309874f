//! By what the text of a record is understood.

use super::Register;
use crate::digest::Digest;

impl Register {
    /// A sum of what decides how a record is read: the kinds, the names that
    /// the organisation gives, the zone of times without one. What was found
    /// out of a text holds as long as it is the same.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut digest = Digest::default();
        for (path, template) in self.templates.below("kinds/") {
            digest.add(path);
            digest.add(&template.bytes);
        }
        let mut add_all = |what: &str, mut ids: Vec<&str>| {
            ids.sort_unstable();
            digest.add(what);
            ids.into_iter().for_each(|id| digest.add(id));
        };
        let organisation = &self.organisation;
        let people = organisation.people.iter();
        add_all("people", people.map(|one| &*one.id).collect());
        let departments = organisation.departments.iter();
        add_all("departments", departments.map(|one| &*one.id).collect());
        let parties = organisation.parties.iter();
        add_all("parties", parties.map(|one| &*one.id).collect());
        digest.add(format!("{:?}", self.settings.time.time_zone));
        *digest.finish().as_bytes()
    }
}
