//! Single files of a site, made when somebody asks for them. Of a site in
//! several languages addresses are those from the root of its own pages.
//!
//! Invariant: the addresses known here are those of [`Site::outputs`], and each
//! gives the same bytes; nothing else has an address. The disk is not asked.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::context::Context;
use super::data::File;
use super::list::Of;
use super::{Page, Site, SiteError, address, changes, desk, gathered, search, statistics};
use crate::exchange::Exchange;
use crate::organisation::{DepartmentId, PartyId, PersonId};
use crate::publish::Output;

/// A site whose files are made one by one.
pub struct OnRequest<'s, 'r> {
    site: &'s Site<'r>,
    places: HashMap<String, Place>,
    /// The search index of each segment, made when its first file is asked for.
    indexes: Vec<OnceLock<HashMap<String, Vec<u8>>>>,
}

#[derive(Clone, Copy)]
enum Place {
    Page(usize),
    /// Of what can be taken along.
    Taken(usize),
    Schema,
}

impl<'r> Site<'r> {
    /// The same site, file by file.
    pub fn on_request(&self) -> OnRequest<'_, 'r> {
        let pages = self.pages.iter().enumerate();
        let mut places: HashMap<String, Place> = pages
            .map(|(at, page)| (self.path(page), Place::Page(at)))
            .collect();
        let outlook = self.context.outlook;
        for (at, item) in self.taken.iter().enumerate() {
            for format in item.formats(outlook) {
                places.insert(item.path(outlook, *format), Place::Taken(at));
            }
        }
        if self.folder.is_empty() {
            places.insert(Exchange::schema().path, Place::Schema);
        }
        OnRequest {
            site: self,
            places,
            indexes: self.segments.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// Where a page stands.
    fn path(&self, page: &Page) -> String {
        let context = &self.context;
        let organisation = &context.register.organisation;
        match page {
            Page::Overview => "index.html".to_owned(),
            Page::Registers => "registers.html".to_owned(),
            Page::List { list, number } => match self.lists.all[*list].of {
                Of::Register(kind) => address::register(&context.register.kinds[kind].id, *number),
                Of::Deadlines => address::numbered("deadlines", *number),
                Of::Actions => address::numbered("actions", *number),
            },
            Page::Desk {
                whose,
                which,
                number,
            } => desk_path(context, *whose, *which, *number),
            Page::Papers { paper, number } => {
                address::papers(&context.register.register_papers[*paper].id, *number)
            }
            Page::Data(file) => self.data_path(*file),
            Page::Statistics => statistics::ADDRESS.to_owned(),
            Page::Organisation => "organisation.html".to_owned(),
            Page::Department(id) => {
                address::department(&organisation.department(DepartmentId(*id)).id)
            }
            Page::Person(id) => address::person(&organisation.person(PersonId(*id)).id),
            Page::Record(index) => address::record(&context.register.records[*index].id.value),
            Page::Handbook(index) => address::handbook(&context.own.pages[*index].name),
            Page::Clauses(index) => address::clauses(&context.register.handbooks[*index].id),
            Page::Search => search::ADDRESS.to_owned(),
            Page::Changes => changes::ADDRESS.to_owned(),
            Page::Asset(index) => format!("assets/{}", context.assets[*index].path),
            Page::Calendar(None) => "calendar.html".to_owned(),
            Page::Calendar(Some(month)) => {
                let first = context.almanac.first_day(*month);
                address::month(first.year(), first.month())
            }
            Page::Parties(number) => address::numbered("parties", *number),
            Page::Party(id) => address::party(&organisation.party(PartyId(*id)).id),
            Page::Projects(number) => address::numbered("projects", *number),
            Page::Project(index) => address::project(&context.collections.projects[*index].slug),
            Page::Gathered {
                paper,
                gathering,
                number,
            } => gathered::address_of(context, *paper, *gathering, *number),
            Page::GatheredGroups { paper, number } => {
                gathered::address_of(context, *paper, None, *number)
            }
            Page::Forms => "forms.html".to_owned(),
            Page::About => "about.html".to_owned(),
            Page::Findings(number) => address::numbered("findings", *number),
            Page::Fill => address::FILL.to_owned(),
            Page::FillCompany => address::FILL_COMPANY.to_owned(),
            Page::FillKind(kind) => address::fill(&context.register.kinds[*kind].id),
            Page::FillData(kind) => address::fill_data(&context.register.kinds[*kind].id),
            Page::FillRecord(index) => {
                address::fill_record(&context.register.records[*index].id.value)
            }
        }
    }

    fn data_path(&self, file: File) -> String {
        let part = |list: usize, part: usize| {
            let list = &self.lists.all[list];
            (&list.name, &list.parts[part].name)
        };
        match file {
            File::Words => address::data("words"),
            File::Names => address::data("names"),
            File::Head(list) => address::data(&self.lists.all[list].name),
            File::Part(list, at) => {
                let (list, part) = part(list, at);
                address::data_part(list, part)
            }
            File::More(list, at) => {
                let (list, part) = part(list, at);
                address::data_part(list, &format!("{part}-more"))
            }
        }
    }
}

fn desk_path(
    context: &Context<'_>,
    whose: desk::Whose,
    which: desk::Which,
    number: usize,
) -> String {
    address::desk(&whose.address(context), which.id(), number)
}

impl OnRequest<'_, '_> {
    /// The file at an address from the site's root; none where there is none.
    pub fn file(&self, path: &str) -> Option<Result<Vec<u8>, SiteError>> {
        let site = self.site;
        match self.places.get(path) {
            Some(Place::Page(at)) => {
                let output = site.render(&site.pages[*at]);
                Some(output.map(|output| output.bytes))
            }
            Some(Place::Taken(at)) => {
                let mut outputs = site.exchange.outputs(&site.taken[*at]).into_iter();
                let found = outputs.find(|output| output.path == path)?;
                Some(Ok(found.bytes))
            }
            Some(Place::Schema) => Some(Ok(Exchange::schema().bytes)),
            None => self.of_search(path).map(Ok),
        }
    }

    /// The addresses of all files but those of the search index.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    fn of_search(&self, path: &str) -> Option<Vec<u8>> {
        let name = path.strip_prefix("search/")?;
        let at = self.site.segments.iter().position(|segment| {
            let rest = name.strip_prefix(&segment.name);
            rest.is_some_and(|rest| rest.starts_with(['.', '-']))
        })?;
        let index = self.indexes[at].get_or_init(|| {
            let outputs = search::outputs(&self.site.context, &self.site.segments[at]);
            let files = outputs.into_iter();
            files.map(|Output { path, bytes }| (path, bytes)).collect()
        });
        index.get(path).cloned()
    }
}
