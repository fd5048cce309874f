//! What all pages share: names as links, states as marks, the navigation, and
//! who has what on the desk.

use std::collections::HashMap;
use std::sync::Arc;

use tera::Value;

use super::calendar::Almanac;
use super::chrome::{self, Chrome};
use super::collections::{Collections, shows_party};
use super::dates::Dates;
use super::duties::Desks;
use super::editions::Editions;
use super::engine::{Engine, SiteError};
use super::list::Pages;
use super::markup::Markup;
use super::navigation::Usual;
use super::own_look::{self, Asset};
use super::own_pages::OwnPages;
use super::register;
use super::{Forms, SiteInput, about, address};
use crate::definition::{Audience, Phase, Priority, State};
use crate::display::{DateStyle, Display};
use crate::finding::{FileId, Finding};
use crate::history::Commit;
use crate::organisation::{PartyId, Subject};
use crate::outlook::Outlook;
use crate::outlook::statistics::Statistics;
use crate::past::Past;
use crate::publish::Output;
use crate::record::Record;
use crate::register::Register;
use crate::text::{Language, Text};
use crate::words::Words;

/// The shared part of a build.
pub(super) struct Context<'r> {
    pub outlook: &'r Outlook<'r>,
    pub register: &'r Register,
    pub words: &'r Words,
    pub language: Language,
    /// The company's own pages.
    pub own: OwnPages,
    /// The files below `assets/`.
    pub assets: Vec<Asset<'r>>,
    pub forms: &'r dyn Forms,
    pub display: Display<'r>,
    pub dates: Dates<'r>,
    /// Whether pages link to each other: one that is sent by itself does not.
    pub linked: bool,
    pub desks: Desks,
    pub statistics: Statistics,
    /// The pages of each kind's register.
    pub registers: Vec<Pages>,
    /// Records put together by what they have in common.
    pub collections: Collections,
    /// What stands on which day.
    pub almanac: Almanac,
    /// The findings that the site may tell.
    pub told: Vec<&'r Finding>,
    /// What became of the records.
    pub past: &'r Past,
    /// The commit that the files are of.
    pub commit: Option<&'r Commit>,
    /// Whom the site is for, unless it is for the whole company.
    pub audience: Option<String>,
    /// Findings by the file they are in.
    pub findings: HashMap<FileId, Vec<&'r Finding>>,
    engine: Engine,
    chrome: Chrome,
    /// From the root of these pages to what all languages share.
    pub up: &'static str,
    /// People, departments and parties as links, from the root and from a folder.
    names: [Names; 2],
    /// Tags of each kind's states.
    states: Vec<Vec<Markup>>,
    priorities: [Markup; 3],
    confidential: Markup,
    public: Markup,
    /// The clauses by number, as links from the root and from a folder.
    clauses: HashMap<Arc<str>, [Markup; 2]>,
}

#[derive(Default)]
struct Names {
    people: Vec<Markup>,
    departments: Vec<Markup>,
    parties: Vec<Markup>,
}

impl<'r> Context<'r> {
    pub fn new(input: SiteInput<'r>, editions: &Editions) -> Result<Self, SiteError> {
        Context::with_links(input, Some(editions))
    }

    /// What a page needs that stands alone: no name leads anywhere.
    pub fn alone(input: SiteInput<'r>) -> Result<Self, SiteError> {
        Context::with_links(input, None)
    }

    fn with_links(input: SiteInput<'r>, editions: Option<&Editions>) -> Result<Self, SiteError> {
        let linked = editions.is_some();
        let alone = Editions::only(input.language);
        let editions = editions.unwrap_or(&alone);
        let SiteInput {
            outlook,
            findings,
            language,
            files,
            forms,
            past,
        } = input;
        let register = outlook.register;
        let words = register.words(language);
        let display = Display::new(register, language, DateStyle::Table);
        let dates = Dates::new(display, outlook.as_of);
        // each looks at all records: side by side
        let ((desks, registers), (statistics, (collections, almanac))) = rayon::join(
            || rayon::join(|| Desks::new(outlook), || register::of_all_kinds(outlook)),
            || {
                let dated = || rayon::join(|| Collections::new(outlook), || Almanac::new(outlook));
                rayon::join(|| Statistics::new(outlook), dated)
            },
        );
        let insider = outlook.viewer.is_insider();
        let own = OwnPages::new(files, register, language, insider);
        let navigation = Usual {
            outlook,
            language,
            words,
            desks: &desks,
            own: &own,
        };
        let navigation = navigation.arranged();
        let assets = own_look::assets(files, &register.settings.site, insider);
        let own_style = assets.iter().any(|asset| asset.path == own_look::STYLE);
        let engine = Engine::new(
            &register.templates,
            words,
            vec![
                (
                    "site",
                    chrome::site(outlook, language, words, &dates, own_style),
                ),
                ("navigation", navigation.into()),
                ("languages", chrome::languages(editions, language, register)),
            ],
        )?;
        let up = editions.up(language);
        let chrome = Chrome::new(&engine, outlook, &own, up)?;
        let states = register
            .kinds
            .iter()
            .map(|kind| {
                let of_state =
                    |state: &State| Markup::tag(tone_of(state), state.label.get(language));
                kind.states.iter().map(of_state).collect()
            })
            .collect();
        let mut by_file: HashMap<FileId, Vec<&Finding>> = HashMap::new();
        for finding in findings {
            by_file.entry(finding.place.file).or_default().push(finding);
        }
        let priority = |priority: Priority| {
            Markup::tag(
                priority.name(),
                register.profile().priority(priority).get(language),
            )
        };
        let audience = |tone: &str, audience: Audience| {
            Markup::tag(
                tone,
                words.get(&format!("site.audience.{}", audience.name())),
            )
        };
        Ok(Context {
            names: ["", "../"].map(|root| names(outlook, language, root, linked)),
            states,
            priorities: Priority::ALL.map(priority),
            confidential: audience("locked", Audience::Confidential),
            public: audience("plain", Audience::Public),
            clauses: if linked {
                clauses(outlook)
            } else {
                HashMap::new()
            },
            linked,
            findings: by_file,
            outlook,
            register,
            words,
            language,
            own,
            assets,
            forms,
            display,
            dates,
            desks,
            statistics,
            registers,
            collections,
            almanac,
            told: about::told(outlook, findings),
            commit: past.log().commits.first(),
            past,
            audience: chrome::audience(outlook, language),
            engine,
            chrome,
            up,
        })
    }

    /// Renders a page at `path`; `current` is its entry in the navigation.
    pub fn page(
        &self,
        template: &str,
        path: String,
        current: &str,
        page: impl Into<Value>,
    ) -> Result<Output, SiteError> {
        let mut context = tera::Context::new();
        self.chrome.insert(&mut context, &path, current);
        let shared = format!("{}{}", address::root_of(&path), self.up);
        context.insert("shared", &shared);
        context.insert_value("page", page.into());
        let bytes = self.engine.render(template, &context, &path)?;
        Ok(Output { path, bytes })
    }

    /// Renders a page that stands alone, with this style sheet in it.
    pub fn page_alone(
        &self,
        template: &str,
        page: impl Into<Value>,
        style: &str,
    ) -> Result<Vec<u8>, SiteError> {
        let mut context = tera::Context::new();
        // a style sheet cannot end its element: `<` has no place in one
        context.insert_value("style", Value::safe_string(&style.replace('<', "")));
        for (name, part) in [
            ("head", "site/alone-head.html"),
            ("top", "site/alone-top.html"),
            ("foot", "site/alone-foot.html"),
        ] {
            let part = self.engine.fragment(part, &context)?;
            context.insert_value(name, part);
        }
        context.insert_value("page", page.into());
        self.engine.render(template, &context, template)
    }

    /// A file below `assets/`.
    pub fn asset(&self, index: usize) -> Output {
        let asset = &self.assets[index];
        Output {
            path: format!("assets/{}", asset.path),
            bytes: asset.bytes.to_vec(),
        }
    }

    /// What is wrong with the organisation's templates, as far as pages showed it.
    pub fn mistakes(&self, register: &Register) -> Vec<Finding> {
        self.engine.findings(register)
    }

    /// The words under a name of the site's table.
    pub fn word(&self, name: &'r str) -> &'r str {
        self.words.get(name)
    }

    /// A definition's text in the site's language.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    /// The name of somebody as a link, for pages at this depth.
    pub fn name(&self, subject: Subject, root: &str) -> Markup {
        let names = &self.names[usize::from(!root.is_empty())];
        let found = match subject {
            Subject::Person(id) => names.people.get(id.0 as usize),
            Subject::Department(id) => names.departments.get(id.0 as usize),
            Subject::Party(id) => names.parties.get(id.0 as usize),
        };
        found.cloned().unwrap_or_default()
    }

    /// The same, or that nobody is named.
    pub fn name_or_nobody(&self, subject: Option<Subject>, root: &str) -> Markup {
        subject.map_or_else(
            || Markup::span(&["none"], self.word("site.value.nobody")),
            |subject| self.name(subject, root),
        )
    }

    /// The name of somebody as plain words.
    pub fn plain_name(&self, subject: Subject) -> &'r str {
        self.register
            .organisation
            .name_of(subject)
            .get(self.language)
    }

    /// The number of a clause, linked to what it asks, for pages at this depth.
    pub fn clause(&self, id: &str, root: &str) -> Markup {
        match self.clauses.get(id) {
            Some(links) => links[usize::from(!root.is_empty())].clone(),
            None => Markup::clause(None, id),
        }
    }

    /// State, priority and audience as tags.
    pub fn tags(&self, record: &Record) -> Markup {
        let mut tags = self.states[record.kind][record.state.value].clone();
        tags.join(&self.unusual(record));
        tags
    }

    /// A state of a record's kind as a tag, by its index.
    pub fn state_tag(&self, record: &Record, state: usize) -> Markup {
        self.states[record.kind][state].clone()
    }

    /// Priority and audience as tags, where they are not the usual ones.
    pub fn unusual(&self, record: &Record) -> Markup {
        let mut tags = Markup::default();
        match &record.priority {
            Some(priority) if priority.value != Priority::Routine => {
                tags.join(&self.priorities[priority.value as usize]);
            }
            _ => {}
        }
        match record.audience.value {
            Audience::Confidential => tags.join(&self.confidential),
            Audience::Public => tags.join(&self.public),
            Audience::Internal => {}
        }
        tags
    }

    /// A link to a record that the viewer may see; its number alone otherwise.
    pub fn record_link(&self, id: &str, text: Option<&str>, root: &str) -> Markup {
        match self
            .register
            .find(id)
            .filter(|index| self.outlook.sees(*index))
        {
            Some(_) => {
                let page = format!("{root}{}", address::record(id));
                Markup::link(self.linked.then_some(&*page), text.unwrap_or(id))
            }
            None => Markup::text(id),
        }
    }
}

/// The tone in which a state is shown.
pub(super) fn tone_of(state: &State) -> &'static str {
    match state.phase {
        Phase::Draft => "draft",
        Phase::Open if state.aside => "waiting",
        Phase::Open => "active",
        Phase::Closed => "closed",
        Phase::Void => "stopped",
    }
}

/// The clauses with links to their rows, which an outsider's site does not have.
fn clauses(outlook: &Outlook<'_>) -> HashMap<Arc<str>, [Markup; 2]> {
    let clauses = outlook.register.clauses.iter();
    let handbooks = &outlook.register.handbooks;
    clauses
        .filter(|_| outlook.viewer.is_insider())
        .filter(|clause| handbooks.iter().any(|known| known.id == clause.handbook))
        .map(|clause| {
            let page = address::clauses(&clause.handbook);
            let anchor = address::file_name(&clause.id);
            let link =
                |root: &str| Markup::clause(Some(&format!("{root}{page}#{anchor}")), &clause.id);
            (clause.id.clone(), [link(""), link("../")])
        })
        .collect()
}

/// Names with links to their pages, which an outsider's site does not have.
fn names(outlook: &Outlook<'_>, language: Language, root: &str, linked: bool) -> Names {
    let organisation = &outlook.register.organisation;
    let link = |path: String, name: &Text| {
        let href = format!("{root}{path}");
        let href = (linked && outlook.viewer.is_insider()).then_some(href.as_str());
        Markup::link(href, name.get(language))
    };
    Names {
        people: organisation
            .people
            .iter()
            .map(|p| link(address::person(&p.id), &p.name))
            .collect(),
        departments: organisation
            .departments
            .iter()
            .map(|d| link(address::department(&d.id), &d.name))
            .collect(),
        parties: organisation
            .parties
            .iter()
            .zip(0..)
            .map(|(p, id)| {
                let href = format!("{root}{}", address::party(&p.id));
                let shown = linked && shows_party(outlook, PartyId(id));
                Markup::link(shown.then_some(href.as_str()), p.name.get(language))
            })
            .collect(),
    }
}
