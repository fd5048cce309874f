//! By what the text of a record is understood.

use super::Register;

impl Register {
    /// A sum of what decides how a record is read: the kinds, the names that
    /// the organisation gives, the zone of times without one. What was found
    /// out of a text holds as long as it is the same.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        let mut add = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        for (path, template) in self.templates.below("kinds/") {
            add(path.as_bytes());
            add(&template.bytes);
        }
        let mut add_all = |what: &str, mut ids: Vec<&str>| {
            ids.sort_unstable();
            add(what.as_bytes());
            ids.into_iter().for_each(|id| add(id.as_bytes()));
        };
        let organisation = &self.organisation;
        let people = organisation.people.iter();
        add_all("people", people.map(|one| &*one.id).collect());
        let departments = organisation.departments.iter();
        add_all("departments", departments.map(|one| &*one.id).collect());
        let parties = organisation.parties.iter();
        add_all("parties", parties.map(|one| &*one.id).collect());
        add(format!("{:?}", self.settings.time.time_zone).as_bytes());
        *hasher.finalize().as_bytes()
    }
}
