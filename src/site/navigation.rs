//! The navigation: the usual groups of pages, or what the settings make of them.
//!
//! Invariant: an entry leads to a page that the viewer's site has; others of
//! the settings are left out, and those that no site could have are findings.

use super::collections::shows_party;
use super::duties::Desks;
use super::files::SiteFiles;
use super::own_pages::OwnPages;
use super::view::view;
use super::{address, changes, search, statistics};
use crate::definition::{Navigation, Phase};
use crate::finding::{Finding, Place};
use crate::organisation::{NavigationEntry, PartyId, Target};
use crate::outlook::{Outlook, Viewer};
use crate::register::Register;
use crate::source::nearest;
use crate::text::Language;
use crate::words::Words;

view! {
    /// A group of the navigation.
    GroupView {
        label: String,
        items: Vec<ItemView>,
    }
}

view! {
    /// An entry of the navigation.
    ItemView {
        label: String,
        href: String,
        count: Option<String>,
        tone: Option<&'static str>,
        outside: bool,
    }
}

/// What the usual navigation is made of.
pub(super) struct Usual<'u, 'r> {
    pub outlook: &'u Outlook<'r>,
    pub language: Language,
    pub words: &'u Words,
    pub desks: &'u Desks,
    pub own: &'u OwnPages,
}

/// A usual group: its name in settings, the name of its words, its entries.
type Group = (&'static str, &'static str, Vec<ItemView>);

fn item(label: &str, href: &str) -> ItemView {
    ItemView {
        label: label.to_owned(),
        href: href.to_owned(),
        count: None,
        tone: None,
        outside: false,
    }
}

fn counted(label: &str, href: &str, count: usize, tone: Option<&'static str>) -> ItemView {
    ItemView {
        count: (count > 0).then(|| count.to_string()),
        tone: tone.filter(|_| count > 0),
        ..item(label, href)
    }
}

impl Usual<'_, '_> {
    /// What templates see as `navigation`.
    pub fn arranged(&self) -> Vec<GroupView> {
        let mut usual = self.groups();
        let settings = &self.outlook.register.settings.site.navigation;
        let groups: Vec<GroupView> = if settings.is_empty() {
            let groups = usual.into_iter();
            groups
                .map(|(_, label, items)| GroupView {
                    label: self.words.get(label).to_owned(),
                    items,
                })
                .collect()
        } else {
            // what is named stands where it is named, and nowhere else
            let mut named: Vec<Vec<ItemView>> = settings
                .iter()
                .map(|group| self.named(&group.items, &mut usual))
                .collect();
            let groups = settings.iter().zip(named.iter_mut());
            groups
                .map(|(group, named)| {
                    let mut items = std::mem::take(named);
                    let rest = usual
                        .iter_mut()
                        .find(|(name, ..)| group.group == Some(name));
                    let mut label = "";
                    if let Some((_, word, rest)) = rest {
                        label = self.words.get(word);
                        let hidden = |item: &ItemView| {
                            let mut hide = group.hide.iter();
                            hide.any(|hidden| is_page(&item.href, &hidden.value))
                        };
                        items.extend(
                            std::mem::take(rest)
                                .into_iter()
                                .filter(|item| !hidden(item)),
                        );
                    }
                    let own = group.label.as_ref().map(|label| label.get(self.language));
                    GroupView {
                        label: own.unwrap_or(label).to_owned(),
                        items,
                    }
                })
                .collect()
        };
        let filled = groups.into_iter().filter(|group| !group.items.is_empty());
        filled.collect()
    }

    /// The entries that settings name, taken out of the usual groups.
    fn named(&self, entries: &[NavigationEntry], usual: &mut [Group]) -> Vec<ItemView> {
        let insider = self.outlook.viewer.is_insider();
        let entries = entries.iter().filter(|entry| insider || !entry.internal);
        entries
            .filter_map(|entry| {
                let mut found = match &entry.to {
                    Target::Outside(url) => ItemView {
                        outside: true,
                        ..item("", url)
                    },
                    Target::Page(page) => taken(usual, page).or_else(|| self.other(page))?,
                };
                if let Some(label) = &entry.label {
                    label.get(self.language).clone_into(&mut found.label);
                }
                Some(found)
            })
            .collect()
    }

    /// A page that the usual navigation does not have.
    fn other(&self, page: &str) -> Option<ItemView> {
        let (outlook, language) = (self.outlook, self.language);
        let insider = outlook.viewer.is_insider();
        let href = format!("{page}.html");
        match page {
            "search" => return Some(item(self.words.get("site.search.title"), &href)),
            "about" => return Some(item(self.words.get("site.about.title"), &href)),
            "findings" if insider => {
                return Some(item(self.words.get("site.findings.title"), &href));
            }
            _ => {}
        }
        match found(outlook.register, page)? {
            Found::Named(name) => insider.then(|| item(name.get(language), &href)),
            Found::Party(id) => {
                let party = outlook.register.organisation.party(id);
                shows_party(outlook, id).then(|| item(party.name.get(language), &href))
            }
            Found::Record(index) => {
                let record = &outlook.register.records[index];
                outlook.sees(index).then(|| item(&record.id.value, &href))
            }
        }
    }

    /// The five usual groups.
    fn groups(&self) -> Vec<Group> {
        let (outlook, words) = (self.outlook, self.words);
        let insider = outlook.viewer.is_insider();
        let open_actions = outlook
            .actions
            .iter()
            .filter(|action| action.status.is_open())
            .count();
        let mut today = vec![
            item(words.get("site.nav.overview"), "index.html"),
            counted(
                words.get("site.nav.deadlines"),
                "deadlines.html",
                self.desks.overdue,
                Some("late"),
            ),
            counted(
                words.get("site.nav.actions"),
                "actions.html",
                open_actions,
                None,
            ),
            item(words.get("site.calendar.title"), "calendar.html"),
        ];
        if insider {
            today.push(item(words.get("site.nav.changes"), changes::ADDRESS));
            today.push(item(words.get("site.fill.title"), address::FILL));
            today.push(item(words.get("site.nav.statistics"), statistics::ADDRESS));
        }
        vec![
            ("today", "site.nav.today", today),
            (
                "matters",
                "site.nav.matters",
                self.of_kinds(Navigation::Matters),
            ),
            (
                "meetings",
                "site.nav.meetings",
                self.of_kinds(Navigation::Meetings),
            ),
            ("registers", "site.nav.registers", self.registers()),
            ("rules", "site.nav.rules", self.rules()),
        ]
    }

    /// Registers of kinds, and what register definitions put there themselves.
    fn of_kinds(&self, navigation: Navigation) -> Vec<ItemView> {
        let (outlook, language) = (self.outlook, self.language);
        let papers = outlook.register.register_papers.iter();
        let gathered = papers
            .filter(|paper| outlook.viewer.is_insider() && paper.navigation == Some(navigation))
            .map(|paper| {
                item(
                    paper.name.get(language),
                    &address::gathered(&paper.id, None, 1),
                )
            });
        outlook
            .kinds()
            .filter(|(_, kind)| kind.navigation == navigation)
            .map(|(index, kind)| {
                let open = outlook.records.iter().filter(|record| {
                    outlook.register.records[**record].kind == index
                        && outlook.phase(**record) == Phase::Open
                });
                counted(
                    kind.name.get(language),
                    &address::register(&kind.id, 1),
                    open.count(),
                    None,
                )
            })
            .chain(gathered)
            .collect()
    }

    fn registers(&self) -> Vec<ItemView> {
        let (outlook, words) = (self.outlook, self.words);
        let insider = outlook.viewer.is_insider();
        let mut items = vec![item(words.get("site.nav.all_registers"), "registers.html")];
        items.extend(self.of_kinds(Navigation::Registers));
        if let Viewer::Public(party) = &outlook.viewer {
            let party = outlook.register.organisation.party(*party);
            let name = party.name.get(self.language);
            items.push(item(name, &address::party(&party.id)));
        }
        if insider {
            items.push(item(words.get("site.party.title"), "parties.html"));
            items.push(item(words.get("site.project.title"), "projects.html"));
        }
        items.push(item(words.get("site.forms.title"), "forms.html"));
        if insider {
            let label = words.get("site.nav.organisation");
            items.push(item(label, "organisation.html"));
        }
        items
    }

    fn rules(&self) -> Vec<ItemView> {
        let pages = self.own.pages.iter();
        let mut items: Vec<ItemView> = pages
            .map(|page| item(&page.title, &address::handbook(&page.name)))
            .collect();
        let first = self.outlook.register.handbooks.first();
        if let Some(first) = first.filter(|_| self.outlook.viewer.is_insider()) {
            let label = self.words.get("site.clauses.title");
            items.push(item(label, &address::clauses(&first.id)));
        }
        items
    }
}

/// Takes the entry of a page out of the usual groups.
fn taken(usual: &mut [Group], page: &str) -> Option<ItemView> {
    usual.iter_mut().find_map(|(_, _, items)| {
        let at = items.iter().position(|item| is_page(&item.href, page))?;
        Some(items.remove(at))
    })
}

fn is_page(href: &str, page: &str) -> bool {
    href.strip_suffix(".html") == Some(page)
}

/// A page of one thing.
enum Found<'r> {
    /// Of a person, a department or what a definition gathers.
    Named(&'r crate::text::Text),
    Party(PartyId),
    Record(usize),
}

/// Whose page stands at an address without `.html`.
fn found<'r>(register: &'r Register, page: &str) -> Option<Found<'r>> {
    let organisation = &register.organisation;
    let is = |path: String| is_page(&path, page);
    match page.split_once('/')?.0 {
        "people" => {
            let mut all = organisation.people.iter();
            let person = all.find(|person| is(address::person(&person.id)))?;
            Some(Found::Named(&person.name))
        }
        "departments" => {
            let mut all = organisation.departments.iter();
            let department = all.find(|one| is(address::department(&one.id)))?;
            Some(Found::Named(&department.name))
        }
        "gathered" => {
            let mut all = register.register_papers.iter();
            let paper = all.find(|paper| is(address::gathered(&paper.id, None, 1)))?;
            Some(Found::Named(&paper.name))
        }
        "clauses" => {
            let mut all = register.handbooks.iter();
            let handbook = all.find(|handbook| is(address::clauses(&handbook.id)))?;
            Some(Found::Named(&handbook.name))
        }
        "parties" => {
            let mut all = organisation.parties.iter();
            let at = all.position(|party| is(address::party(&party.id)))?;
            Some(Found::Party(PartyId(u32::try_from(at).ok()?)))
        }
        "records" => {
            let mut all = register.records.iter();
            let at = all.position(|record| is(address::record(&record.id.value)))?;
            Some(Found::Record(at))
        }
        _ => None,
    }
}

/// What the settings name and no site has.
pub(super) fn check(files: &SiteFiles, register: &Register) -> Vec<Finding> {
    let mut known: Vec<String> = [
        "index",
        "deadlines",
        "actions",
        "calendar",
        "registers",
        "parties",
        "projects",
        "forms",
        "organisation",
        "about",
        "findings",
    ]
    .map(str::to_owned)
    .into();
    let addresses = [
        search::ADDRESS,
        changes::ADDRESS,
        statistics::ADDRESS,
        address::FILL,
    ];
    let mut paths: Vec<String> = addresses.map(str::to_owned).into();
    paths.extend(
        register
            .kinds
            .iter()
            .map(|kind| address::register(&kind.id, 1)),
    );
    let papers = register.register_papers.iter();
    paths.extend(papers.map(|paper| address::gathered(&paper.id, None, 1)));
    paths.extend(files.pages.iter().map(|page| address::handbook(&page.name)));
    paths.extend(
        register
            .handbooks
            .iter()
            .map(|one| address::clauses(&one.id)),
    );
    let paths = paths.iter().filter_map(|path| path.strip_suffix(".html"));
    known.extend(paths.map(str::to_owned));
    let unknown = |page: &str, place: Place| -> Option<Finding> {
        if known.iter().any(|known| known == page) || found(register, page).is_some() {
            return None;
        }
        let finding = Finding::error("bad-setting", place).with("value", page);
        Some(match nearest(page, known.iter().map(String::as_str)) {
            Some(near) => finding.message("page-near").with("near", near).fix(
                place.span,
                format!("\"{near}\""),
                false,
            ),
            None => finding.message("page"),
        })
    };
    let groups = register.settings.site.navigation.iter();
    groups
        .flat_map(|group| {
            let items = group.items.iter().filter_map(|entry| match &entry.to {
                Target::Page(page) => unknown(page, entry.place),
                Target::Outside(_) => None,
            });
            let hidden = group.hide.iter();
            items.chain(hidden.filter_map(|hidden| unknown(&hidden.value, hidden.place)))
        })
        .collect()
}
