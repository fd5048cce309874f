//! The register 台账: all records, the definitions and the organisation they
//! rest on, and the indexes between them.
//!
//! Invariant: the register holds everything that could be read. What could
//! not is in the findings that came with it.

mod calendars;
mod definitions;
mod fingerprint;
mod load;
mod organisation;
mod reading;
mod references;
mod refresh;
mod seen;
mod viewer;

pub use load::{LoadOptions, Loaded, ORGANISATION, RECORDS, load, load_tree};
pub use refresh::Refresh;
pub use viewer::Viewer;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::calendar::Calendar;
use crate::definition::{
    Carrier, Clause, Handbook, Kind, Profile, RegisterPaper, RuleText, Templates, WordList,
};
use crate::organisation::{DepartmentId, Organisation, Settings};
use crate::record::{Evaluation, Record};
use crate::source::Sources;
use crate::text::Language;
use crate::words::Words;

/// Everything that was read.
#[derive(Clone)]
pub struct Register {
    /// Every file, for places.
    pub sources: Sources,
    /// Template files, built-in and the organisation's.
    pub templates: Arc<Templates>,
    /// `taizhang.toml`.
    pub settings: Settings,
    /// Departments, people, parties.
    pub organisation: Organisation,
    /// Working days and hours.
    pub calendar: Calendar,
    /// The kinds of matter, by name.
    pub kinds: Vec<Kind>,
    /// Papers gathered from many records, by name.
    pub register_papers: Vec<RegisterPaper>,
    /// All profiles, by name.
    pub profiles: Vec<Profile>,
    /// Index of the one that holds.
    pub profile: usize,
    /// Word lists by name.
    pub lists: BTreeMap<Arc<str>, WordList>,
    /// The texts of the rules by name.
    pub rules: BTreeMap<Arc<str>, RuleText>,
    /// The handbooks, and the project's own decisions.
    pub handbooks: Vec<Handbook>,
    /// The clauses of the handbooks.
    pub clauses: Vec<Clause>,
    /// What carries the clauses, in the order of the files.
    pub carriers: Vec<Carrier>,
    /// The words of the interface, Chinese and English.
    pub words: [Arc<Words>; 2],
    /// All records, by number.
    pub records: Vec<Record>,
    by_id: HashMap<Arc<str>, usize>,
    /// For each record, the records that name it, by index and without doubles.
    pub referenced_by: Vec<Vec<usize>>,
    /// The highest number of each kind and year behind the wall: a free one is
    /// above it. Empty where nothing is kept from the viewer.
    pub(crate) given: Vec<(usize, i16, u32)>,
    views: seen::Views,
    /// Numbers behind the wall, of a register that is seen.
    hidden: HashSet<Arc<str>>,
}

impl Register {
    /// The profile that holds.
    pub fn profile(&self) -> &Profile {
        &self.profiles[self.profile]
    }

    /// The index of the record of that number.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The kind of a record.
    pub fn kind_of(&self, record: &Record) -> &Kind {
        &self.kinds[record.kind]
    }

    /// Whose a record is: its kind's department, else that of who answers for it.
    pub fn department_of(&self, record: &Record) -> Option<DepartmentId> {
        let kind = self.kind_of(record);
        [&kind.department, &kind.responsible]
            .into_iter()
            .flatten()
            .find_map(|path| {
                let subject = record.subjects(path, &self.organisation).first().copied()?;
                self.organisation.department_of(subject)
            })
    }

    /// What expressions about a record are evaluated with.
    pub fn evaluation<'r>(&'r self, record: &'r Record) -> Evaluation<'r> {
        Evaluation {
            organisation: &self.organisation,
            calendar: &self.calendar,
            kind: self.kind_of(record),
            record,
        }
    }

    /// The words of a language.
    pub fn words(&self, language: Language) -> &Words {
        match language {
            Language::Chinese => &self.words[0],
            Language::English => &self.words[1],
        }
    }

    /// The clause of that number.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| *clause.id == *id)
    }

    /// The register paper of that name.
    pub fn register_paper(&self, id: &str) -> Option<&RegisterPaper> {
        self.register_papers.iter().find(|paper| *paper.id == *id)
    }

    /// The kind of that name.
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| *kind.id == *id)
    }
}
