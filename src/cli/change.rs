//! What the rules of change say of the way from a revision to the files, for
//! `check --base` and `review`.

use std::collections::{BTreeMap, BTreeSet};

use super::Common;
use crate::check::change::{Author, Circumstances, Claim, Numbers, check_change};
use crate::finding::Finding;
use crate::history::{Git, GitError, NamedFile};
use crate::organisation::Organisation;
use crate::register::{RECORDS, Register, load_tree};
use crate::source::written_title;

/// What the files as they lie here rest on.
pub(super) const HERE: &str = "HEAD";

/// A change: where it starts, where it leads to, and what is open beside it.
pub(super) struct Way<'a> {
    /// The revision that it left some time, and is to come to.
    pub base: &'a str,
    /// The revision of what it leads to, or on which that rests.
    pub head: &'a str,
    /// Other branches, by name.
    pub against: &'a [String],
}

/// Why nothing can be said, with the revision asked for.
pub(super) type Refused = (String, GitError);

/// Where a change left its base: what has come to the base since is no part of
/// it, and is not undone by it.
pub(super) struct Start {
    /// The commit, by its full name.
    pub commit: String,
    /// The commit that it leads to, or on which that rests.
    head: String,
    /// Where they are.
    pub git: Git,
    /// Whose keys count, where the base has moved on since.
    organisation: Option<Organisation>,
}

impl Start {
    /// Finds it. A base that shares no commit with the change is where it starts.
    pub fn of(common: &Common, way: &Way<'_>) -> Result<Start, Refused> {
        let of = |error| (way.base.to_owned(), error);
        let git = Git::open(&common.root).map_err(of)?;
        let tip = git.commit_id(way.base).map_err(of)?;
        let head = match git.commit_id(way.head) {
            Ok(head) => head,
            // before the first commit there is nothing to have left
            Err(_) if way.head == HERE => tip.clone(),
            Err(error) => return Err((way.head.to_owned(), error)),
        };
        let fork = git.merge_base(&tip, &head).map_err(of)?;
        let organisation = match &fork {
            Some(fork) if *fork != tip => {
                let now = load_tree(&git.version(&tip).map_err(of)?, &common.options());
                Some(now.register.organisation)
            }
            _ => None,
        };
        Ok(Start {
            commit: fork.unwrap_or(tip),
            head,
            git,
            organisation,
        })
    }

    /// Whose mail addresses and keys count: those that the base says today, for
    /// a change does not vouch for itself. `before` is what it starts from.
    pub fn trusted<'o>(&'o self, before: &'o Register) -> &'o Organisation {
        self.organisation.as_ref().unwrap_or(&before.organisation)
    }
}

/// What is wrong with a change, from what it starts from.
pub(super) fn findings(
    common: &Common,
    way: &Way<'_>,
    (start, before): (&Start, &Register),
    after: &Register,
) -> Result<Vec<Finding>, Refused> {
    let of = |revision: &str| {
        let revision = revision.to_owned();
        move |error| (revision, error)
    };
    let Start {
        commit: fork,
        head,
        git,
        ..
    } = start;
    let new: BTreeSet<String> = after
        .records
        .iter()
        .map(|record| &*record.id.value)
        .filter(|number| before.find(number).is_none())
        .map(str::to_owned)
        .collect();
    let mut numbers = Numbers::default();
    if !new.is_empty() {
        let deleted = git.deleted(fork, RECORDS, &new).map_err(of(way.base))?;
        numbers.former = titles(deleted);
        let base = [way.base.to_owned()];
        for branch in base.iter().chain(way.against) {
            let origin = git.merge_base(branch, head).map_err(of(branch))?;
            let named = git
                .named_since(branch, origin.as_deref(), RECORDS, &new)
                .map_err(of(branch))?;
            let claims = titles(named).into_iter().map(|(number, title)| Claim {
                number,
                branch: branch.clone(),
                title,
            });
            numbers.claims.extend(claims);
        }
    }
    let circumstances = Circumstances {
        as_of: common.as_of(after),
        numbers,
        authors: authors(git, fork, way).map_err(of(way.base))?,
    };
    Ok(check_change(before, after, &circumstances))
}

/// Who changed each file since the fork: those who committed it, and of what is
/// in no commit whoever works here.
fn authors(
    git: &Git,
    fork: &str,
    way: &Way<'_>,
) -> Result<BTreeMap<String, Vec<Author>>, GitError> {
    let author = |(name, email): (String, String)| Author { name, email };
    let committed = match git.commit_id(way.head) {
        Ok(head) => git.authors(fork, &head)?,
        Err(_) => BTreeMap::new(),
    };
    let mut authors: BTreeMap<String, Vec<Author>> = BTreeMap::new();
    for (path, all) in committed {
        authors.insert(path, all.into_iter().map(author).collect());
    }
    let here = way.head == HERE && git.commit_id("HEAD").is_ok();
    if let Some(own) = git.own_author().filter(|_| here) {
        let own = author(own);
        for path in git.edited()? {
            let of_path = authors.entry(path).or_default();
            if !of_path.contains(&own) {
                of_path.push(own.clone());
            }
        }
    }
    Ok(authors)
}

/// The titles of some files by their names; of several of one name the first.
fn titles(files: Vec<NamedFile>) -> BTreeMap<String, String> {
    let mut titles = BTreeMap::new();
    for file in files {
        let title = written_title(&String::from_utf8_lossy(&file.bytes));
        titles.entry(file.name).or_insert(title.unwrap_or_default());
    }
    titles
}
