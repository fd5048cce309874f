//! How signatures stand, asked of git beside what a command reads.

use std::collections::BTreeSet;

use super::Common;
use crate::confirmation::{Asked, establish};
use crate::definition::{Confirmation, Kind};
use crate::history::{Git, GitError, Log};
use crate::organisation::Organisation;
use crate::print::Provenance;
use crate::register::{Loaded, Register, load_tree};
use crate::source::Tree;

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

    /// What a revision holds, with how its signatures stand, and the files that
    /// it was read from.
    pub(super) fn version(
        &self,
        git: &Git,
        revision: &str,
        trusted: Option<&Organisation>,
    ) -> Result<(Loaded, Tree), GitError> {
        let tree = git.version(revision)?;
        let mut loaded = load_tree(&tree, &self.options());
        let asked = Asked {
            git,
            log: &Log::up_to(git, &git.commit_id(revision)?)?,
            edited: &BTreeSet::new(),
            trusted,
            only: None,
        };
        establish(&mut loaded.register, &asked)?;
        Ok((loaded, tree))
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
