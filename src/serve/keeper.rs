//! Keeps the repository and answers for it, until files change.
//!
//! Invariants: everything lent out of a register is let go of before files are
//! read again; a page never waits for the rules to look at many records, their
//! findings follow.

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use tokio::sync::{oneshot, watch};

use super::ServeOptions;
use super::findings::Told;
use super::kept::{Kept, Unread};
use super::page;
use super::repository::{Followed, Repository};
use super::watch::{Changed, Watcher};
use crate::build::{LinksOnRequest, Paper, PapersOnRequest, may_be_told};
use crate::check::Said;
use crate::finding::{Finding, sort};
use crate::outlook::{Outlook, Viewer};
use crate::print::Provenance;
use crate::print::typeset::{Engine, Job, Pool, PoolSettings};
use crate::register::Register;
use crate::report::Reporter;
use crate::site::{Editions, OnRequest, Site, SiteError, SiteInput};
use crate::text::Language;
use crate::words::Words;

/// So long the rules wait for somebody to ask for a page first.
const PATIENCE: Duration = Duration::from_millis(150);
/// Up to so many records are looked at by the rules before a page is made: it
/// takes less time than making the page twice.
const FEW: usize = 32;

/// What the keeper is told.
pub(super) enum Message {
    /// Somebody asks for the file at an address from the site's root.
    Ask {
        path: String,
        reply: oneshot::Sender<Answer>,
    },
    /// Files changed.
    Changed(Changed),
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
    /// Another number whenever pages have changed, always a higher one.
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
    let mut repository = Repository::new(options);
    let mut said = Said::default();
    let mut kept = Kept::default();
    // no number that an earlier server gave: its pages are loaded again
    let mut generation = Timestamp::now().as_millisecond().unsigned_abs();
    loop {
        watcher.look_around();
        let keeper = Keeper {
            options,
            generation,
            repository: &repository,
            register: &repository.loaded.register,
            engine: &engine,
            sender,
            receiver,
            holds,
        };
        match keeper.tend(&mut said, &mut kept) {
            Left::Ended => return,
            Left::Changed(changed) => {
                match repository.follow(options, &changed) {
                    Followed::Nothing => continue,
                    Followed::Pages => {}
                    Followed::Confirmations => said = Said::default(),
                }
                generation += 1;
            }
        }
    }
}

/// Why a generation ended.
enum Left {
    Changed(Changed),
    Ended,
}

/// Why a round of answers ended.
enum Round {
    Left(Left),
    Checked(Vec<Finding>),
}

impl Round {
    /// Why the generation ended with it.
    fn left(self) -> Left {
        match self {
            Round::Left(left) => left,
            Round::Checked(_) => Left::Changed(Changed::default()),
        }
    }
}

/// One generation.
struct Keeper<'k> {
    options: &'k ServeOptions,
    generation: u64,
    repository: &'k Repository,
    register: &'k Register,
    engine: &'k Arc<Pool>,
    sender: &'k Sender<Message>,
    receiver: &'k Receiver<Message>,
    holds: &'k watch::Sender<Holds>,
}

/// What is known of a generation at some time.
struct Known<'a> {
    outlook: &'a Outlook<'a>,
    findings: &'a [Finding],
    /// Whether these are all.
    checked: bool,
}

impl<'a> Known<'a> {
    /// The rules have not looked yet.
    fn first(outlook: &'a Outlook<'a>, findings: &'a [Finding]) -> Self {
        Known {
            outlook,
            findings,
            checked: false,
        }
    }

    fn all(outlook: &'a Outlook<'a>, findings: &'a [Finding]) -> Self {
        Known {
            checked: true,
            ..Known::first(outlook, findings)
        }
    }
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

    fn tend(&self, said: &mut Said, kept: &mut Kept) -> Left {
        let register = self.register;
        let (organisation, settings) = (&register.organisation, &register.settings);
        let audience = &self.options.audience;
        let Some(viewer) = Viewer::parse(audience, organisation, settings) else {
            // the files may be about to name it again
            let text = self
                .words()
                .filled("cli.unknown-audience", &[("name", audience)]);
            self.announce(None, &[], Some(&text));
            return self.excuse(&text);
        };
        let as_of = self.options.as_of.or(settings.as_of);
        let outlook = Outlook::new(register, as_of.unwrap_or_else(this_minute), viewer);
        let findings = |more: Vec<Finding>| {
            let mut all: Vec<Finding> = self.repository.loaded.findings.clone();
            all.extend(outlook.findings.iter().cloned());
            all.extend(crate::site::check(&self.repository.files, register));
            all.extend(more);
            all.retain(|finding| may_be_told(&outlook, finding));
            sort(&mut all);
            all
        };
        let stop = AtomicBool::new(false);
        let stop = &stop;
        if said.missing(register) <= FEW {
            let all = findings(said.check(register, stop).unwrap_or_default());
            return self.answer(&Known::all(&outlook, &all), kept, None).left();
        }
        thread::scope(|scope| {
            let look = || {
                let (sender, generation) = (self.sender.clone(), self.generation);
                scope.spawn(move || {
                    if let Some(findings) = said.check(register, stop) {
                        // the program ends when nobody listens
                        let _ = sender.send(Message::Checked {
                            generation,
                            findings,
                        });
                    }
                });
            };
            let first = findings(Vec::new());
            let left =
                match self.answer(&Known::first(&outlook, &first), kept, Some(Box::new(look))) {
                    Round::Left(left) => left,
                    Round::Checked(checked) => {
                        let all = findings(checked);
                        self.answer(&Known::all(&outlook, &all), kept, None).left()
                    }
                };
            stop.store(true, Ordering::Relaxed);
            left
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
                Ok(Message::Changed(changed)) => return Left::Changed(changed),
                Ok(Message::Checked { .. }) => {}
                Err(_) => return Left::Ended,
            }
        }
    }

    /// Answers with what is known; `look` lets the rules look at all records,
    /// once the first page is out.
    fn answer(
        &self,
        known: &Known<'_>,
        kept: &mut Kept,
        mut look: Option<Box<dyn FnOnce() + '_>>,
    ) -> Round {
        let language = self.language();
        let outlook = known.outlook;
        let repository = self.repository;
        let edition = self.engine.edition();
        let editions = self.editions();
        let paper = editions.first();
        let committed = &repository.provenance;
        let linked = PapersOnRequest::new(outlook, paper, committed, edition.clone());
        let links: Vec<LinksOnRequest<'_, '_, '_>> = editions
            .all()
            .map(|language| linked.on_pages(language, editions.up(language)))
            .collect();
        let sites: Vec<OnceCell<Result<Site<'_>, SiteError>>> =
            links.iter().map(|_| OnceCell::new()).collect();
        let requests: Vec<OnceCell<OnRequest<'_, '_>>> =
            links.iter().map(|_| OnceCell::new()).collect();
        let site = |at: usize| {
            let language = editions.all().nth(at).unwrap_or(paper);
            sites[at].get_or_init(|| {
                let input = SiteInput {
                    outlook,
                    findings: known.findings,
                    language,
                    files: &repository.files,
                    forms: &links[at],
                    past: &repository.past,
                };
                Site::beside(input, &editions)
            })
        };
        let versions: OnceCell<Provenance> = OnceCell::new();
        let papers = OnceCell::new();
        let unread = Unread::new(&repository.loaded);
        self.announce(Some(known), &[], None);
        // while browsers are told, and ask
        if let Ok(site) = site(0) {
            requests[0].get_or_init(|| site.on_request());
        }
        // of templates that pages could not be made with
        let mut mistakes = 0;
        loop {
            let message = match look {
                Some(_) => self.receiver.recv_timeout(PATIENCE),
                None => self.receiver.recv().map_err(RecvTimeoutError::from),
            };
            let (path, reply) = match message {
                Ok(Message::Ask { path, reply }) => (path, reply),
                Ok(Message::Changed(changed)) => return Round::Left(Left::Changed(changed)),
                Ok(Message::Checked {
                    generation,
                    findings,
                }) if generation == self.generation && !known.checked => {
                    return Round::Checked(findings);
                }
                Ok(Message::Checked { .. }) => continue,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(look) = look.take() {
                        look();
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Round::Left(Left::Ended),
            };
            let (of, place) = editions.place(&path);
            let at = editions.all().position(|language| language == of);
            let at = at.unwrap_or_default();
            let site = site(at);
            let found = match site {
                Ok(site) => requests[at].get_or_init(|| site.on_request()).file(place),
                Err(error) => Some(Err(error.clone())),
            };
            let of_pages = site
                .as_ref()
                .map_or_else(|_| Vec::new(), |site| site.findings(self.register));
            if of_pages.len() != mistakes {
                mistakes = of_pages.len();
                self.announce(Some(known), &of_pages, None);
            }
            let last = kept.page(&path);
            let answer = match (found, last) {
                (Some(Ok(_)), Some(last)) if unread.page(place) => self.kept(last, known),
                (Some(Ok(bytes)), _) => {
                    if is_page(&path) {
                        kept.keep(&path, &bytes);
                    }
                    self.file(&path, &bytes, known)
                }
                (Some(Err(error)), last) => {
                    let text = error.to_string();
                    self.announce(Some(known), &of_pages, Some(&text));
                    match last {
                        Some(last) => self.kept(last, known),
                        None => self.plain(500, "serve.broken", &text, known.checked),
                    }
                }
                (None, Some(last)) if unread.may_be(place, self.register) => self.kept(last, known),
                (None, _) => {
                    let papers = papers.get_or_init(|| {
                        let past = || Provenance::of_past(&repository.past);
                        let versions = versions.get_or_init(past);
                        PapersOnRequest::new(outlook, paper, versions, edition.clone())
                    });
                    match papers.file(&path) {
                        Some(Ok(Paper::Text(text))) => self.file(&path, text.as_bytes(), known),
                        Some(Ok(Paper::Pdf(job))) => {
                            self.typeset(*job, reply, known.checked);
                            continue;
                        }
                        Some(Err(finding)) => {
                            let reporter = Reporter::new(self.register, language);
                            let text = reporter.render(&finding).message;
                            self.plain(500, "serve.broken", &text, known.checked)
                        }
                        None => self.plain(404, "serve.none", &path, known.checked),
                    }
                }
            };
            let was_page = answer.is_page;
            // who asked may have gone
            let _ = reply.send(answer);
            if let Some(look) = look.take_if(|_| was_page) {
                look();
            }
        }
    }

    fn stamp(&self, checked: bool) -> String {
        format!("{}.{}", self.generation, u8::from(checked))
    }

    fn file(&self, path: &str, bytes: &[u8], known: &Known<'_>) -> Answer {
        let is_page = is_page(path);
        let bytes = match is_page {
            true => page::live(bytes, &self.stamp(known.checked), None),
            false => bytes.to_vec(),
        };
        Answer {
            status: 200,
            is_page,
            bytes,
        }
    }

    /// A page as it was last, which says so.
    fn kept(&self, page: &[u8], known: &Known<'_>) -> Answer {
        let note = self.words().get("serve.kept");
        Answer {
            status: 200,
            is_page: true,
            bytes: page::live(page, &self.stamp(known.checked), Some(note)),
        }
    }

    fn plain(&self, status: u16, title: &'static str, detail: &str, checked: bool) -> Answer {
        let words = self.words();
        let page = page::plain(words, self.language(), words.get(title), detail);
        Answer {
            status,
            is_page: true,
            bytes: page::live(&page, &self.stamp(checked), None),
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

    /// Tells browsers what holds, with what pages came upon.
    fn announce(&self, known: Option<&Known<'_>>, of_pages: &[Finding], broken: Option<&str>) {
        let mut told = Told::new(self.register, self.language());
        if let Some(aside) = &self.repository.broken {
            told.put_aside(&aside.loaded.register, &aside.findings);
        }
        told.add_mistake(broken);
        match known {
            Some(known) => told.add(Some(known.outlook), &[known.findings, of_pages].concat()),
            None => told.add(None, &self.repository.loaded.findings),
        }
        let checked = known.is_none_or(|known| known.checked);
        self.holds.send_replace(Holds {
            generation: self.generation,
            checked,
            told: told.finish(checked).into(),
        });
    }
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

/// The minute that it is: pages say no more of the time, and what is counted
/// up to it can be counted once for all changes in it.
fn this_minute() -> Timestamp {
    let now = Timestamp::now();
    let minute = TimestampRound::new()
        .smallest(Unit::Minute)
        .mode(RoundMode::Trunc);
    now.round(minute).unwrap_or(now)
}
