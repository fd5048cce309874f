//! The repository as it is served.
//!
//! Invariants: records are as their files are now. What they rest on, that is
//! definitions, settings, the organisation and templates, is as it was when it
//! could be read last: while one of those is broken, the site stays as it was,
//! and what is wrong stands beside it. The past is found out with a commit;
//! between two only what is not committed yet is.

use std::collections::BTreeSet;

use super::ServeOptions;
use super::watch::Changed;
use crate::confirmation::{Asked, establish};
use crate::finding::Finding;
use crate::history::Git;
use crate::past::Past;
use crate::print::Provenance;
use crate::register::{Loaded, ORGANISATION, RECORDS, Refresh, load};
use crate::site::{self, SiteFiles};
use crate::source::Tree;

/// What it came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// Pages are as they were.
    Nothing,
    /// Pages may have changed.
    Pages,
    /// So may how the signatures of records stand whose files did not change.
    Confirmations,
}

/// With more files than this it is as quick to ask git for all of them.
const MANY: usize = 500;

/// What pages are made of.
pub(super) struct Repository {
    tree: Tree,
    /// The last that could be read.
    pub loaded: Loaded,
    /// Pages and assets of the company's own.
    pub files: SiteFiles,
    /// What cannot be read now.
    pub broken: Option<Broken>,
    /// What became of the records.
    pub past: Past,
    /// What was committed; whether files were edited since the past tells.
    pub provenance: Provenance,
    git: Option<Git>,
}

/// A repository that is not served, for what is wrong with it.
pub(super) struct Broken {
    /// All that could be read of it.
    pub loaded: Loaded,
    /// Why it is not served, in the order of the files.
    pub findings: Vec<Finding>,
}

impl Repository {
    /// What can be loaded, broken or not: there is nothing better yet.
    pub(super) fn new(options: &ServeOptions) -> Self {
        let loaded = load(&options.root, &options.load);
        let tree = Tree::folder(&options.root);
        let files = SiteFiles::of_repository(&tree);
        let mut repository = Repository {
            tree,
            loaded,
            files,
            broken: None,
            past: Past::default(),
            provenance: Provenance::default(),
            git: None,
        };
        repository.look_back(options);
        repository
    }

    /// Takes in what changed.
    pub(super) fn follow(&mut self, options: &ServeOptions, changed: &Changed) -> Followed {
        if changed.unknown || changed.below("site") {
            self.files = SiteFiles::of_repository(&self.tree);
        }
        let records = changed.paths_below(RECORDS);
        // pages of the company's own are read with the definitions
        let pages = changed.paths_below("site");
        let rest = changed.unknown
            || pages.iter().any(|path| !is_asset(path))
            || ["taizhang.toml", "templates", "assets"]
                .iter()
                .any(|part| changed.below(part));
        let refresh = match rest {
            true => Refresh::Everything,
            false => self.loaded.refresh(&self.tree, &records),
        };
        match refresh {
            Refresh::Same if records.len() == changed.paths.len() => return Followed::Nothing,
            Refresh::Same | Refresh::Records => {}
            Refresh::Everything => self.load(options, &records),
        }
        if changed.unknown || changed.below(".git") || !self.follow_past(options, changed) {
            self.look_back(options);
            return Followed::Confirmations;
        }
        let only = (refresh != Refresh::Everything).then_some(&records);
        self.confirm(only);
        Followed::Pages
    }

    /// Finds out what became of the records, and how their signatures stand.
    fn look_back(&mut self, options: &ServeOptions) {
        // a site without history is better than none
        self.git = Git::open(&options.root).ok();
        let past = Past::of_folder(&self.loaded.register, &options.root);
        self.past = past.unwrap_or_default();
        self.provenance = Provenance::of_past(&self.past);
        self.confirm(None);
    }

    /// Finds out what is not committed yet; false where git does not tell.
    fn follow_past(&mut self, options: &ServeOptions, changed: &Changed) -> bool {
        let Some(git) = self.git.as_ref().filter(|_| changed.paths.len() <= MANY) else {
            return self.git.is_none();
        };
        let register = &self.loaded.register;
        let followed = self
            .past
            .follow(register, git, &options.root, &changed.paths);
        followed.is_ok()
    }

    /// Tells how signatures stand in these files, or in all; one that git
    /// cannot tell of keeps its name.
    fn confirm(&mut self, only: Option<&BTreeSet<String>>) {
        let Some(git) = &self.git else { return };
        let asked = Asked {
            git,
            log: self.past.log(),
            edited: self.past.edited(),
            trusted: None,
            only,
        };
        // a site without levels is better than none
        establish(&mut self.loaded.register, &asked).unwrap_or_default();
    }

    fn load(&mut self, options: &ServeOptions, records: &BTreeSet<String>) {
        let loaded = load(&options.root, &options.load);
        let broken = Broken::of(loaded, &self.files);
        match broken {
            Ok(loaded) => {
                forget(std::mem::replace(&mut self.loaded, loaded));
                self.broken = None;
            }
            Err(broken) => {
                // records go on
                let own = records
                    .iter()
                    .filter(|path| !path.starts_with(ORGANISATION));
                self.loaded.refresh(&self.tree, &own.cloned().collect());
                self.broken = Some(*broken);
            }
        }
    }
}

impl Broken {
    /// What was loaded, if it can be served.
    fn of(loaded: Loaded, files: &SiteFiles) -> Result<Loaded, Box<Broken>> {
        let register = &loaded.register;
        let is_broken = |finding: &&Finding| {
            let path = &register.sources.file(finding.place.file).path;
            let rests = !path.starts_with(&format!("{RECORDS}/")) || path.starts_with(ORGANISATION);
            let broken = [
                "toml-syntax",
                "unreadable-file",
                "missing-settings",
                "template-failed",
            ];
            rests && broken.contains(&&*finding.rule)
        };
        let of_pages = site::check(files, register);
        let findings = loaded.findings.iter().chain(&of_pages);
        let findings: Vec<Finding> = findings.filter(is_broken).cloned().collect();
        match findings.is_empty() {
            true => Ok(loaded),
            false => Err(Box::new(Broken { loaded, findings })),
        }
    }
}

/// Whether a file below `site` is handed out as it is.
fn is_asset(path: &str) -> bool {
    let extension = std::path::Path::new(path).extension();
    extension.is_some_and(|extension| extension != "md")
}

/// A register's memory goes in a million pieces: not while somebody waits.
fn forget(loaded: Loaded) {
    std::thread::spawn(move || drop(loaded));
}
