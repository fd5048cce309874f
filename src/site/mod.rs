//! The intranet site: pages made of view models and templates.
//!
//! A file a page type builds the view model; `templates/site` lays it out and
//! `templates/words` has every word. [`Site::new`] does once what all pages
//! share, [`Site::outputs`] renders every page on every core.
//!
//! Invariants:
//! - A value of a record reaches a page through [`markup`] or through the
//!   templates' own escaping, never as HTML of its own.
//! - Only what the outlook's viewer may see is ever asked for (D12).
//! - All links are relative: a site opens from a folder and below any address.

mod about;
mod acknowledgement;
mod actions;
mod address;
mod calendar;
mod cells;
mod changes;
mod charts;
mod chrome;
mod clauses;
mod collections;
mod context;
mod data;
mod dates;
mod deadlines;
mod dealings;
mod department;
mod desk;
mod duties;
mod editions;
mod engine;
mod files;
mod fill;
mod forms;
mod gathered;
mod gathered_table;
mod handbook;
mod list;
mod markup;
mod navigation;
mod on_request;
mod organisation;
mod overview;
mod own_look;
mod own_pages;
mod papers;
mod parts;
mod party;
mod person;
mod project;
mod record;
mod record_history;
mod record_limits;
mod record_past;
mod register;
mod register_table;
mod search;
mod signed;
mod statistics;
mod take;
mod values;
mod view;

pub use editions::Editions;
pub use engine::SiteError;
pub use files::{OwnFile, SiteFiles};
pub use on_request::OnRequest;

use rayon::prelude::*;

use crate::exchange::{Exchange, Item};
use crate::finding::Finding;
use crate::organisation::PartyId;
use crate::outlook::Outlook;
use crate::past::Past;
use crate::publish::Output;
use crate::register::Register;
use crate::text::Language;
use context::Context;
use data::Lists;

/// A printed form that pages link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedForm {
    /// Which form of its kind, or which register paper, by its name in definitions.
    pub id: String,
    /// Its name, in the site's language.
    pub name: String,
    /// The clause that asks for it.
    pub clause: Option<String>,
    /// Words and address from the site's root of each version: `PDF`, `forms/….pdf`.
    pub files: Vec<(String, String)>,
}

/// What printed forms there are; the site itself knows nothing of paper.
pub trait Forms: Sync {
    /// The forms of a record, by its index.
    fn of_record(&self, record: usize) -> Vec<PrintedForm>;
    /// The blank forms of a kind, by its index.
    fn of_kind(&self, kind: usize) -> Vec<PrintedForm>;
    /// The papers of a register paper's definition, by its index.
    fn of_register(&self, paper: usize) -> Vec<PrintedForm>;
    /// How many these are.
    fn count_of_register(&self, paper: usize) -> usize {
        self.of_register(paper).len()
    }
}

/// A site without paper.
pub struct NoForms;

impl Forms for NoForms {
    fn of_record(&self, _record: usize) -> Vec<PrintedForm> {
        Vec::new()
    }
    fn of_kind(&self, _kind: usize) -> Vec<PrintedForm> {
        Vec::new()
    }
    fn of_register(&self, _paper: usize) -> Vec<PrintedForm> {
        Vec::new()
    }
}

/// What a site is made of.
pub struct SiteInput<'r> {
    /// The register as of an instant, for a viewer.
    pub outlook: &'r Outlook<'r>,
    /// All findings; a record's page shows those in its file.
    pub findings: &'r [Finding],
    /// The language of labels.
    pub language: Language,
    /// Handbook pages and assets.
    pub files: &'r SiteFiles,
    /// Printed forms to link to.
    pub forms: &'r dyn Forms,
    /// What became of the records.
    pub past: &'r Past,
}

/// A site ready to be rendered.
pub struct Site<'r> {
    context: Context<'r>,
    lists: Lists,
    pages: Vec<Page>,
    segments: Vec<search::Segment>,
    exchange: Exchange<'r, 'r>,
    taken: Vec<Item>,
    /// Where its files stand from the root of what all languages share.
    folder: String,
}

/// A file of the site to be made.
enum Page {
    Overview,
    Registers,
    /// A page of a list, by its index.
    List {
        list: usize,
        number: usize,
    },
    /// A page of a long list on somebody's desk.
    Desk {
        whose: desk::Whose,
        which: desk::Which,
        number: usize,
    },
    /// A page of a register paper of which there are many.
    Papers {
        paper: usize,
        number: usize,
    },
    Data(data::File),
    Statistics,
    Organisation,
    Department(u32),
    Person(u32),
    Record(usize),
    Handbook(usize),
    Clauses(usize),
    Search,
    Changes,
    Asset(usize),
    Calendar(Option<usize>),
    Parties(usize),
    Party(u32),
    Projects(usize),
    Project(usize),
    Gathered {
        paper: usize,
        gathering: Option<usize>,
        number: usize,
    },
    GatheredGroups {
        paper: usize,
        number: usize,
    },
    Forms,
    About,
    Findings(usize),
    Fill,
    FillKind(usize),
    FillData(usize),
    FillCompany,
    FillRecord(usize),
}

impl<'r> Site<'r> {
    /// Prepares what all pages share. Fails when a template cannot be read.
    pub fn new(input: SiteInput<'r>) -> Result<Self, SiteError> {
        let editions = Editions::only(input.language);
        Site::beside(input, &editions)
    }

    /// The same for one of several languages, whose pages lead to each other.
    pub fn beside(input: SiteInput<'r>, editions: &Editions) -> Result<Self, SiteError> {
        let folder = editions.folder(input.language);
        let exchange = Exchange::new(input.outlook, input.language, input.past).below(&folder);
        let context = Context::new(input, editions)?;
        let organisation = &context.register.organisation;
        let (lists, (segments, taken)) = rayon::join(
            || Lists::new(&context),
            || {
                let taken = || Item::of_site(context.outlook, context.collections.to_take());
                rayon::join(|| search::segments(&context), taken)
            },
        );
        let mut pages = vec![Page::Overview, Page::Registers, Page::Search];
        for (list, definition) in lists.all.iter().enumerate() {
            let numbers = 1..=definition.pages.count();
            pages.extend(numbers.map(|number| Page::List { list, number }));
        }
        pages.extend(lists.files().into_iter().map(Page::Data));
        for paper in 0..context.register.register_papers.len() {
            let numbers = 1..=papers::count(&context, paper);
            pages.extend(numbers.map(|number| Page::Papers { paper, number }));
        }
        if context.outlook.viewer.is_insider() {
            pages.push(Page::Statistics);
            pages.push(Page::Organisation);
            pages.push(Page::Changes);
            pages.extend((0..organisation.departments.len() as u32).map(Page::Department));
            pages.extend((0..organisation.people.len() as u32).map(Page::Person));
            let people = (0..organisation.people.len() as u32).map(desk::Whose::Person);
            let departments = 0..organisation.departments.len() as u32;
            let all: Vec<_> = people
                .chain(departments.map(desk::Whose::Department))
                .collect();
            // each goes through all that is owed
            let long: Vec<_> = all
                .par_iter()
                .flat_map_iter(|whose| {
                    let lists = desk::long_lists(&context, *whose).into_iter();
                    lists.map(move |(which, count)| (*whose, which, count))
                })
                .collect();
            for (whose, which, count) in long {
                pages.extend((1..=count).map(|number| Page::Desk {
                    whose,
                    which,
                    number,
                }));
            }
            pages.extend((0..context.register.handbooks.len()).map(Page::Clauses));
            pages.extend([Page::Fill, Page::FillCompany]);
            pages.extend((0..context.register.kinds.len()).map(Page::FillKind));
            pages.extend((0..context.register.kinds.len()).map(Page::FillData));
        }
        pages.extend((0..context.own.pages.len()).map(Page::Handbook));
        pages.extend(collected_pages(&context));
        if folder.is_empty() {
            pages.extend(shared(&context));
        }
        pages.extend(context.outlook.records.iter().copied().map(Page::Record));
        Ok(Site {
            context,
            lists,
            pages,
            segments,
            exchange,
            taken,
            folder,
        })
    }

    /// What was wrong with the organisation's templates when pages were made of
    /// them so far; the built-in ones stood in. `register` is the whole one.
    pub fn findings(&self, register: &Register) -> Vec<Finding> {
        self.context.mistakes(register)
    }

    /// How many files the site has beside those of the search index and those
    /// to take along.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether it has none; it always has some.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Every file of the site, rendered in parallel.
    pub fn outputs(&self) -> impl ParallelIterator<Item = Result<Output, SiteError>> {
        let pages = self.pages.par_iter().map(|page| self.render(page));
        let taken = self.taken.par_iter();
        let taken = taken.flat_map_iter(|item| self.exchange.outputs(item).into_iter().map(Ok));
        let schema = self.folder.is_empty().then(|| Ok(Exchange::schema()));
        pages
            .chain(self.search_index().map(Ok))
            .chain(taken)
            .chain(schema)
            .map(|output| {
                output.map(|output| Output {
                    path: format!("{}{}", self.folder, output.path),
                    ..output
                })
            })
    }

    /// The files of the search index alone.
    pub fn search_index(&self) -> impl ParallelIterator<Item = Output> {
        let segments = self.segments.par_iter();
        segments.flat_map_iter(|segment| search::outputs(&self.context, segment))
    }

    fn render(&self, page: &Page) -> Result<Output, SiteError> {
        let mut output = self.draw(page)?;
        if output.path.ends_with(".html") {
            output.bytes = in_its_language(output.bytes, self.context.words.language);
        }
        Ok(output)
    }

    fn draw(&self, page: &Page) -> Result<Output, SiteError> {
        let context = &self.context;
        match page {
            Page::Overview => overview::render(context),
            Page::Registers => register::render_all(context),
            Page::List { list, number } => self.lists.page(context, *list, *number),
            Page::Desk {
                whose,
                which,
                number,
            } => desk::render_list(context, *whose, *which, *number),
            Page::Papers { paper, number } => papers::render(context, *paper, *number),
            Page::Data(file) => Ok(self.lists.data(context, *file)),
            Page::Statistics => statistics::render(context),
            Page::Organisation => organisation::render(context),
            Page::Department(id) => department::render(context, *id),
            Page::Person(id) => person::render(context, *id),
            Page::Record(index) => record::render(context, *index),
            Page::Handbook(index) => handbook::render(context, *index),
            Page::Clauses(index) => clauses::render(context, *index),
            Page::Search => search::render(context, &self.segments),
            Page::Changes => changes::render(context),
            Page::Asset(index) => Ok(context.asset(*index)),
            Page::Calendar(month) => calendar::render(context, *month),
            Page::Parties(number) => party::render_all(context, *number),
            Page::Party(id) => party::render(context, *id),
            Page::Projects(number) => project::render_all(context, *number),
            Page::Project(index) => project::render(context, *index),
            Page::Gathered {
                paper,
                gathering,
                number,
            } => gathered::render(context, *paper, *gathering, *number),
            Page::GatheredGroups { paper, number } => {
                gathered::render_groups(context, *paper, *number)
            }
            Page::Forms => forms::render(context),
            Page::About => about::render(context),
            Page::Findings(number) => about::render_findings(context, *number),
            Page::Fill => fill::render_all(context),
            Page::FillKind(kind) => fill::render(context, *kind),
            Page::FillData(kind) => Ok(fill::data(context, *kind)),
            Page::FillCompany => Ok(fill::company(context)),
            Page::FillRecord(index) => Ok(fill::record(context, *index)),
        }
    }
}

/// What says nothing in a language, and stands once for all of them.
fn shared(context: &Context<'_>) -> Vec<Page> {
    let assets = (0..context.assets.len()).map(Page::Asset);
    let records = context.outlook.records.iter().copied();
    let records = records.filter(|_| context.outlook.viewer.is_insider());
    assets.chain(records.map(Page::FillRecord)).collect()
}

/// Pages made of many records: the calendar, parties, projects, what register
/// definitions gather, forms, and what is said of the site itself.
fn collected_pages(context: &Context<'_>) -> Vec<Page> {
    let insider = context.outlook.viewer.is_insider();
    let mut pages = vec![Page::Calendar(None), Page::Forms, Page::About];
    pages.extend((0..context.almanac.len()).map(|month| Page::Calendar(Some(month))));
    let parties = 0..context.register.organisation.parties.len() as u32;
    pages.extend(
        parties
            .filter(|party| collections::shows_party(context.outlook, PartyId(*party)))
            .map(Page::Party),
    );
    let papers = context.register.register_papers.iter();
    for (paper, definition) in papers.enumerate() {
        let gatherings = &context.collections.gatherings[paper];
        if definition.per.is_some() && insider {
            let count = gathered::group_page_count(context, paper);
            pages.extend((1..=count).map(|number| Page::GatheredGroups { paper, number }));
        }
        for (at, gathering) in gatherings.iter().enumerate() {
            let count = gathered::page_count(definition, gathering);
            pages.extend((1..=count).map(|number| Page::Gathered {
                paper,
                gathering: Some(at),
                number,
            }));
        }
        if definition.per.is_none() && gatherings.is_empty() && insider {
            pages.push(Page::Gathered {
                paper,
                gathering: None,
                number: 1,
            });
        }
    }
    if insider {
        pages.extend((1..=party::page_count(context)).map(Page::Parties));
        pages.extend((1..=project::page_count(context)).map(Page::Projects));
        pages.extend((0..context.collections.projects.len()).map(Page::Project));
        pages.extend((1..=about::page_count(context)).map(Page::Findings));
    }
    pages
}

/// A page of that language, with what is in another one marked.
fn in_its_language(page: Vec<u8>, language: Language) -> Vec<u8> {
    match (language, std::str::from_utf8(&page)) {
        (Language::Chinese, _) | (_, Err(_)) => page,
        (_, Ok(text)) => parts::mark_chinese(text).into_bytes(),
    }
}

/// A record's page by itself, in one file with everything in it: to be mailed
/// to somebody who has no site to look at. `record` is its index.
pub fn page_of_record(input: SiteInput<'_>, record: usize) -> Result<Vec<u8>, SiteError> {
    let settings = &input.outlook.register.settings.site;
    let own = own_look::style(input.files, settings).unwrap_or_default();
    let style = format!("{}{own}", input.files.style_sheet());
    let context = Context::alone(input)?;
    let page = record::render_alone(&context, record, &style)?;
    Ok(in_its_language(page, context.words.language))
}

/// What is wrong with what a repository brings to its site: templates, pages,
/// and the navigation of its settings. `register` is the whole one.
pub fn check(files: &SiteFiles, register: &Register) -> Vec<Finding> {
    let mut findings = engine::unread(register);
    findings.extend(own_pages::check(files, register));
    findings.extend(navigation::check(files, register));
    findings
}
