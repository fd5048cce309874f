//! Keeps the register and answers for it, until files change.
//!
//! Invariants: everything lent out of a register is let go of before it is
//! read again; a page comes before the rules have looked at all records, their
//! findings follow.

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::sync::{oneshot, watch};

use super::ServeOptions;
use super::findings::Told;
use super::page;
use super::watch::Watcher;
use crate::build::{LinksOnRequest, Paper, PapersOnRequest, may_be_told};
use crate::check::check;
use crate::confirmation::{Asked, establish};
use crate::finding::{Finding, sort};
use crate::history::{Git, GitError, Log};
use crate::outlook::{Outlook, Viewer};
use crate::past::Past;
use crate::print::Provenance;
use crate::print::typeset::{Engine, Job, Pool, PoolSettings};
use crate::register::{Loaded, Register, load};
use crate::report::Reporter;
use crate::site::{Editions, OnRequest, Site, SiteError, SiteFiles, SiteInput};
use crate::source::Tree;
use crate::text::Language;
use crate::words::Words;

/// So long the rules wait for somebody to ask for a page first.
const PATIENCE: Duration = Duration::from_millis(150);

/// What the keeper is told.
pub(super) enum Message {
    /// Somebody asks for the file at an address from the site's root.
    Ask {
        path: String,
        reply: oneshot::Sender<Answer>,
    },
    /// Files changed.
    Changed,
    /// The rules have looked at all records of a generation.
    Checked {
        generation: u64,
        findings: Vec<Finding>,
    },
}

/// What the keeper says.
pub(super) struct Answer {
    /// As HTTP has it.
    pub status: u16,
    /// Whether it is a page, whatever its address says.
    pub is_page: bool,
    pub bytes: Vec<u8>,
}

/// What holds now.
#[derive(Clone, Default)]
pub(super) struct Holds {
    /// How often files have been read.
    pub generation: u64,
    /// Whether the findings are complete.
    pub checked: bool,
    /// What the script shows, as JSON.
    pub told: Arc<str>,
}

/// Reads, answers, reads again.
pub(super) fn keep(
    options: &ServeOptions,
    mut watcher: Watcher,
    sender: &Sender<Message>,
    receiver: &Receiver<Message>,
    holds: &watch::Sender<Holds>,
) {
    let engine = Arc::new(Pool::new(PoolSettings::default()));
    let mut committed = (last_commit(options), provenance(options));
    for generation in 1.. {
        watcher.look_around();
        let mut loaded = load(&options.root, &options.load);
        let commit = last_commit(options);
        if commit != committed.0 {
            committed = (commit, provenance(options));
        }
        confirm(options, &mut loaded.register, committed.1.log());
        let keeper = Keeper {
            options,
            generation,
            register: &loaded.register,
            read: &loaded.findings,
            provenance: &committed.1,
            engine: &engine,
            sender,
            receiver,
            holds,
        };
        let left = keeper.tend();
        forget(loaded);
        if left == Left::Ended {
            return;
        }
    }
}

/// A register's memory goes in a million pieces: not while somebody waits.
fn forget(loaded: Loaded) {
    thread::spawn(move || drop(loaded));
}

/// When something was last committed, as far as the folder tells.
fn last_commit(options: &ServeOptions) -> Option<SystemTime> {
    let log = options.root.join(".git/logs/HEAD");
    std::fs::metadata(log).ok()?.modified().ok()
}

fn provenance(options: &ServeOptions) -> Provenance {
    // a site without history is better than none
    let read: Result<Provenance, GitError> = Provenance::read(&options.root);
    read.unwrap_or_default()
}

/// Tells how signatures stand; one that git cannot tell of keeps its name.
fn confirm(options: &ServeOptions, register: &mut Register, log: &Log) {
    let asked = Git::open(&options.root).and_then(|git| {
        let edited = git.edited()?;
        let asked = Asked {
            git: &git,
            log,
            edited: &edited,
            trusted: None,
        };
        establish(register, &asked)
    });
    // a site without levels is better than none
    asked.unwrap_or_default();
}

/// Why a generation ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Changed,
    Ended,
}

/// Why a round of answers ended.
enum Round {
    Left(Left),
    Checked(Vec<Finding>),
}

/// One generation.
struct Keeper<'k> {
    options: &'k ServeOptions,
    generation: u64,
    register: &'k Register,
    read: &'k [Finding],
    /// What was committed; whether files were edited since is asked anew for papers.
    provenance: &'k Provenance,
    engine: &'k Arc<Pool>,
    sender: &'k Sender<Message>,
    receiver: &'k Receiver<Message>,
    holds: &'k watch::Sender<Holds>,
}

impl<'k> Keeper<'k> {
    fn language(&self) -> Language {
        let asked = self.options.languages.first().copied();
        asked.unwrap_or(self.register.settings.language)
    }

    /// The languages that pages are in.
    fn editions(&self) -> Editions {
        let settings = &self.register.settings;
        let asked = match self.options.languages.as_slice() {
            [] => &settings.site.languages,
            asked => asked,
        };
        Editions::new(asked, settings.language)
    }

    fn words(&self) -> &'k Words {
        self.register.words(self.language())
    }

    fn tend(&self) -> Left {
        let register = self.register;
        let (organisation, settings) = (&register.organisation, &register.settings);
        let audience = &self.options.audience;
        let Some(viewer) = Viewer::parse(audience, organisation, settings) else {
            // the files may be about to name it again
            let text = self
                .words()
                .filled("cli.unknown-audience", &[("name", audience)]);
            self.announce(None, self.read, true, Some(&text));
            return self.excuse(&text);
        };
        let as_of = self.options.as_of.or(settings.as_of);
        let outlook = Outlook::new(register, as_of.unwrap_or_else(Timestamp::now), viewer);
        let files = SiteFiles::of_repository(&Tree::folder(&self.options.root));
        let findings = |more: Vec<Finding>| {
            let mut all: Vec<Finding> = self.read.to_vec();
            all.extend(outlook.findings.iter().cloned());
            all.extend(crate::site::check(&files, register));
            all.extend(more);
            all.retain(|finding| may_be_told(&outlook, finding));
            sort(&mut all);
            all
        };
        thread::scope(|scope| {
            let look = || {
                let (sender, generation) = (self.sender.clone(), self.generation);
                scope.spawn(move || {
                    let findings = check(register);
                    // the program ends when nobody listens
                    let _ = sender.send(Message::Checked {
                        generation,
                        findings,
                    });
                });
            };
            let first = findings(Vec::new());
            let checked = match self.answer(&outlook, &files, &first, Some(&look)) {
                Round::Left(left) => return left,
                Round::Checked(checked) => findings(checked),
            };
            match self.answer(&outlook, &files, &checked, None) {
                Round::Left(left) => left,
                Round::Checked(_) => Left::Changed,
            }
        })
    }

    /// Says the same to everybody until files change.
    fn excuse(&self, text: &str) -> Left {
        loop {
            match self.receiver.recv() {
                Ok(Message::Ask { reply, .. }) => {
                    // who asked may have gone
                    let _ = reply.send(self.plain(503, "serve.broken", text, true));
                }
                Ok(Message::Changed) => return Left::Changed,
                Ok(Message::Checked { .. }) => {}
                Err(_) => return Left::Ended,
            }
        }
    }

    /// Answers with these findings; `look` lets the rules look at all records,
    /// once the first page is out.
    fn answer(
        &self,
        outlook: &Outlook<'_>,
        files: &SiteFiles,
        findings: &[Finding],
        look: Option<&dyn Fn()>,
    ) -> Round {
        let language = self.language();
        let checked = look.is_none();
        let edition = self.engine.edition();
        let editions = self.editions();
        let paper = editions.first();
        let linked = PapersOnRequest::new(outlook, paper, self.provenance, edition.clone());
        let links: Vec<LinksOnRequest<'_, '_, '_>> = editions
            .all()
            .map(|language| linked.on_pages(language, editions.up(language)))
            .collect();
        let versions: OnceCell<Provenance> = OnceCell::new();
        let papers = OnceCell::new();
        let past: OnceCell<Past> = OnceCell::new();
        let sites: Vec<OnceCell<Result<Site<'_>, SiteError>>> =
            links.iter().map(|_| OnceCell::new()).collect();
        let requests: Vec<OnceCell<OnRequest<'_, '_>>> =
            links.iter().map(|_| OnceCell::new()).collect();
        self.announce(Some(outlook), findings, checked, None);
        let mut waiting = look;
        // of templates that pages could not be made with
        let mut mistakes = 0;
        loop {
            let message = match waiting {
                Some(_) => self.receiver.recv_timeout(PATIENCE),
                None => self.receiver.recv().map_err(RecvTimeoutError::from),
            };
            let (path, reply) = match message {
                Ok(Message::Ask { path, reply }) => (path, reply),
                Ok(Message::Changed) => return Round::Left(Left::Changed),
                Ok(Message::Checked {
                    generation,
                    findings,
                }) if generation == self.generation => return Round::Checked(findings),
                Ok(Message::Checked { .. }) => continue,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(look) = waiting.take() {
                        look();
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Round::Left(Left::Ended),
            };
            let (of, place) = editions.place(&path);
            let at = editions.all().position(|language| language == of);
            let at = at.unwrap_or_default();
            let site = sites[at].get_or_init(|| {
                let input = SiteInput {
                    outlook,
                    findings,
                    language: of,
                    files,
                    forms: &links[at],
                    past: past.get_or_init(|| {
                        // a site without history is better than none
                        let past = Past::of_folder(self.register, &self.options.root);
                        past.unwrap_or_default()
                    }),
                };
                Site::beside(input, &editions)
            });
            let found = match site {
                Ok(site) => requests[at].get_or_init(|| site.on_request()).file(place),
                Err(error) => Some(Err(error.clone())),
            };
            let of_pages = site
                .as_ref()
                .map_or_else(|_| Vec::new(), |site| site.findings(self.register));
            if of_pages.len() != mistakes {
                mistakes = of_pages.len();
                let all = [findings, &of_pages].concat();
                self.announce(Some(outlook), &all, checked, None);
            }
            let answer = match found {
                Some(Ok(bytes)) => self.file(&path, bytes, checked),
                Some(Err(error)) => {
                    let text = error.to_string();
                    self.announce(Some(outlook), findings, checked, Some(&text));
                    self.plain(500, "serve.broken", &text, checked)
                }
                None => {
                    let papers = papers.get_or_init(|| {
                        let versions = versions.get_or_init(|| provenance(self.options));
                        PapersOnRequest::new(outlook, paper, versions, edition.clone())
                    });
                    match papers.file(&path) {
                        Some(Ok(Paper::Text(text))) => self.file(&path, text.into_bytes(), checked),
                        Some(Ok(Paper::Pdf(job))) => {
                            self.typeset(*job, reply, checked);
                            continue;
                        }
                        Some(Err(finding)) => {
                            let reporter = Reporter::new(self.register, language);
                            let text = reporter.render(&finding).message;
                            self.plain(500, "serve.broken", &text, checked)
                        }
                        None => self.plain(404, "serve.none", &path, checked),
                    }
                }
            };
            let was_page = answer.is_page;
            // who asked may have gone
            let _ = reply.send(answer);
            if let Some(look) = waiting.take_if(|_| was_page) {
                look();
            }
        }
    }

    fn stamp(&self, checked: bool) -> String {
        format!("{}.{}", self.generation, u8::from(checked))
    }

    fn file(&self, path: &str, bytes: Vec<u8>, checked: bool) -> Answer {
        let is_page = path.ends_with(".html");
        let bytes = match is_page {
            true => page::live(&bytes, &self.stamp(checked)),
            false => bytes,
        };
        Answer {
            status: 200,
            is_page,
            bytes,
        }
    }

    fn plain(&self, status: u16, title: &'static str, detail: &str, checked: bool) -> Answer {
        let words = self.words();
        let page = page::plain(words, self.language(), words.get(title), detail);
        Answer {
            status,
            is_page: true,
            bytes: page::live(&page, &self.stamp(checked)),
        }
    }

    /// Lets a worker set a paper while others are answered.
    fn typeset(&self, job: Job, reply: oneshot::Sender<Answer>, checked: bool) {
        let engine = Arc::clone(self.engine);
        let trouble = self.plain(
            500,
            "serve.broken",
            self.words().get("serve.no-paper"),
            checked,
        );
        thread::spawn(move || {
            let set = engine.typeset(&[job], &|_| {}).pop();
            let answer = match set {
                Some(Ok(document)) => Answer {
                    status: 200,
                    is_page: false,
                    bytes: document.pdf,
                },
                _ => trouble,
            };
            // who asked may have gone
            let _ = reply.send(answer);
        });
    }

    /// Tells browsers what holds.
    fn announce(
        &self,
        outlook: Option<&Outlook<'_>>,
        findings: &[Finding],
        checked: bool,
        broken: Option<&str>,
    ) {
        let told = Told::new(
            self.register,
            outlook,
            self.language(),
            findings,
            checked,
            broken,
        );
        // texts and numbers can always be written
        let told = serde_json::to_string(&told).unwrap_or_default();
        self.holds.send_replace(Holds {
            generation: self.generation,
            checked,
            told: told.into(),
        });
    }
}
