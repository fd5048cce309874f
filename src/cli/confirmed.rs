//! How signatures stand, asked of git beside what a command reads.

use std::collections::BTreeSet;

use super::Common;
use crate::confirmation::{Asked, establish};
use crate::definition::{Confirmation, Kind};
use crate::history::{Git, GitError, Log};
use crate::organisation::Organisation;
use crate::print::Provenance;
use crate::register::Register;

impl Common {
    /// Tells how the signatures of the files at the root stand, and which
    /// versions the files are of. Where git does not know, that is said once,
    /// if anything depends on it.
    pub(super) fn confirmed(
        &self,
        register: &mut Register,
        trusted: Option<&Organisation>,
    ) -> Provenance {
        let provenance = self.provenance(register.words(self.language(register)));
        self.confirm(register, provenance.log(), provenance.edited(), trusted);
        provenance
    }

    /// The same, where the past is known already.
    pub(super) fn confirm(
        &self,
        register: &mut Register,
        log: &Log,
        edited: &BTreeSet<String>,
        trusted: Option<&Organisation>,
    ) {
        let told = Git::open(&self.root).map_or(Ok(()), |git| {
            let asked = Asked {
                git: &git,
                log,
                edited,
                trusted,
                only: None,
            };
            establish(register, &asked)
        });
        let words = register.words(self.language(register));
        if let Err(error) = told {
            super::no_history(words, error);
        }
        if (log.commits.is_empty() || log.shallow) && is_demanded(register) {
            eprintln!("{}", words.get("cli.levels-unknown"));
        }
    }

    /// Tells how the signatures of a revision stand that the register is of.
    pub(super) fn confirmed_at(
        &self,
        register: &mut Register,
        revision: &str,
        trusted: Option<&Organisation>,
    ) -> Result<(), GitError> {
        let git = Git::open(&self.root)?;
        let log = Log::up_to(&git, &git.commit_id(revision)?)?;
        establish(
            register,
            &Asked {
                git: &git,
                log: &log,
                edited: &BTreeSet::new(),
                trusted,
                only: None,
            },
        )
    }
}

/// Whether the organisation asks for more than names.
fn is_demanded(register: &Register) -> bool {
    let more = |level: Option<Confirmation>| level.is_some_and(|level| level > Confirmation::Typed);
    let of_kind = |kind: &Kind| {
        let fields = kind.sections.iter().flat_map(|section| &section.fields);
        let mut levels = fields.flat_map(|field| {
            let columns = field.columns().iter().map(|column| column.level);
            columns.chain([field.level])
        });
        more(Some(kind.confirmation)) || levels.any(more)
    };
    more(register.settings.confirmation) || register.kinds.iter().any(of_kind)
}
