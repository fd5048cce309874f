//! Pages of register definitions: the project register, the archive list, a
//! customer's file. What has one for each of many gets a list of them.

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::gathered_table::{Shown, TableView};
use super::list::{PageLink, links};
use super::markup::Markup;
use super::record::{FactView, FormView, forms};
use super::take::TakeLink;
use super::view::view;
use super::{address, chrome};
use crate::definition::register_paper::{ColumnValue, Derived, Per, RegisterPaper};
use crate::exchange::{Gathered, Item};
use crate::gathering::{Gathering, Group};
use crate::publish::Output;

/// From a folder up to the root.
const ROOT: &str = "../";
/// Lines of a page: about 130 KB.
const LINES: usize = 120;
/// Lines of a page on which a line says much.
const LONG_LINES: usize = 40;
/// Rows of a page of a list of gatherings: about 100 KB.
const GROUPS: usize = 300;

view! {
    GatheredView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        description: String,
        clause: Option<Markup>,
        facts: Vec<FactView>,
        wide: bool,
        papers: Vec<FormView>,
        take: Vec<TakeLink>,
        tables: Vec<TableView>,
        pages: Vec<PageLink>,
    }
}

view! {
    GroupsView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        description: String,
        clause: Option<Markup>,
        column: String,
        groups: Vec<GroupRow>,
        papers: Vec<FormView>,
        take: Vec<TakeLink>,
        pages: Vec<PageLink>,
    }
}

view! {
    /// One of those there is a gathering for.
    GroupRow {
        label: String,
        href: String,
        records: usize,
        papers: Option<FormView>,
    }
}

/// How many pages a gathering has.
pub(super) fn page_count(paper: &RegisterPaper, gathering: &Gathering) -> usize {
    let total: usize = gathering.tables.iter().map(Vec::len).sum();
    total.div_ceil(lines_of_a_page(paper)).max(1)
}

/// What says much in a line: texts with structure, lists of tasks.
fn lines_of_a_page(paper: &RegisterPaper) -> usize {
    let long = paper.tables.iter().any(|table| {
        let matrix = table.has_matrix();
        let tasks = |value: &ColumnValue| matches!(value, ColumnValue::Derived(Derived::Tasks));
        matrix || table.columns.iter().any(|column| tasks(&column.value))
    });
    if long { LONG_LINES } else { LINES }
}

/// The address of a definition's page; with a gathering that of its own.
pub(super) fn address_of(
    context: &Context<'_>,
    paper: usize,
    gathering: Option<usize>,
    number: usize,
) -> String {
    let id = &context.register.register_papers[paper].id;
    let slug = gathering.and_then(|at| context.collections.gatherings[paper][at].slug.as_deref());
    address::gathered(id, slug, number)
}

/// The entry of the navigation that a definition's pages stand under.
pub(super) fn entry(context: &Context<'_>, paper: usize) -> String {
    let definition = &context.register.register_papers[paper];
    match definition.navigation {
        Some(_) => address::gathered(&definition.id, None, 1),
        None => "registers.html".to_owned(),
    }
}

/// The name of a group.
pub(super) fn group_name(context: &Context<'_>, paper: &RegisterPaper, group: &Group) -> String {
    match group {
        Group::Subject(subject) => context.plain_name(*subject).to_owned(),
        Group::Words(words) if paper.per == Some(Per::Year) => context
            .words
            .filled("site.calendar.year", &[("year", words)]),
        Group::Words(words) => words.clone(),
    }
}

/// A page of what a definition gathers.
pub(super) fn render(
    context: &Context<'_>,
    paper: usize,
    gathering: Option<usize>,
    number: usize,
) -> Result<Output, SiteError> {
    let definition = &context.register.register_papers[paper];
    let path = address_of(context, paper, gathering, number);
    let empty = Gathering {
        of: None,
        slug: None,
        tables: vec![Vec::new(); definition.tables.len()],
    };
    let found = context.collections.gatherings[paper].get(gathering.unwrap_or(0));
    let found = found.unwrap_or(&empty);
    let name = context.text(&definition.name);
    let group = found
        .of
        .as_ref()
        .map(|group| group_name(context, definition, group));
    let heading = match &group {
        Some(group) => context
            .words
            .filled("site.gathered.of", &[("paper", name), ("of", group)]),
        None => name.to_owned(),
    };
    let mut crumbs = chrome::crumbs([
        (
            context.word("site.overview.title"),
            Some(format!("{ROOT}index.html")),
        ),
        (
            context.word("site.registers.title"),
            Some(format!("{ROOT}registers.html")),
        ),
    ]);
    if group.is_some() && context.outlook.viewer.is_insider() {
        let list = address::gathered(&definition.id, None, 1);
        crumbs.extend(chrome::crumbs([(name, Some(format!("{ROOT}{list}")))]));
    }
    crumbs.extend(chrome::crumbs([(group.as_deref().unwrap_or(name), None)]));
    let file = |number: usize| {
        let path = address_of(context, paper, gathering, number);
        path.rsplit('/').next().unwrap_or(&path).to_owned()
    };
    let count = page_count(definition, found);
    let take = take(context, paper, gathering, &heading);
    let page = GatheredView {
        title: if number > 1 {
            format!("{heading} {number}")
        } else {
            heading.clone()
        },
        crumbs,
        heading,
        description: context.text(&definition.description).to_owned(),
        clause: definition
            .clause
            .as_deref()
            .map(|clause| context.clause(clause, ROOT)),
        facts: facts(context, found),
        wide: definition
            .tables
            .iter()
            .any(|table| table.columns.len() > 6),
        papers: papers(context, paper, group.as_deref()),
        take,
        tables: tables(context, paper, found, number),
        pages: links(number, count, file),
    };
    let entry = entry(context, paper);
    context.page("site/gathered.html", path, &entry, page)
}

/// The lines that stand on a page, table by table.
fn tables(
    context: &Context<'_>,
    paper: usize,
    gathering: &Gathering,
    number: usize,
) -> Vec<TableView> {
    let definition = &context.register.register_papers[paper];
    let most = lines_of_a_page(definition);
    let (from, to) = ((number - 1) * most, number * most);
    let mut before = 0;
    let mut views = Vec::new();
    for (index, (table, lines)) in definition.tables.iter().zip(&gathering.tables).enumerate() {
        let start = from.saturating_sub(before).min(lines.len());
        let end = to.saturating_sub(before).min(lines.len());
        before += lines.len();
        // a later page says nothing of what stood on an earlier one
        if start == end && (number > 1 || !lines.is_empty()) {
            continue;
        }
        views.push(context.gathered_table(Shown {
            table,
            lines: &lines[start..end],
            total: lines.len(),
            more: None,
            id: format!("table-{}", index + 1),
            root: ROOT,
        }));
    }
    views
}

/// What is known of whom or what it is of.
fn facts(context: &Context<'_>, gathering: &Gathering) -> Vec<FactView> {
    let mut facts = Vec::new();
    if let Some(Group::Subject(subject)) = &gathering.of {
        facts.push(FactView {
            label: context.word("site.gathered.page_of").to_owned(),
            value: context.name(*subject, ROOT),
        });
    }
    let records = gathering.records().len();
    if records > 0 {
        facts.push(FactView {
            label: context.word("site.gathered.records").to_owned(),
            value: Markup::text(&records.to_string()),
        });
    }
    facts
}

/// What stands on a page can be taken along; what is filed, all years in one.
fn take(
    context: &Context<'_>,
    paper: usize,
    gathering: Option<usize>,
    heading: &str,
) -> Vec<TakeLink> {
    let definition = &context.register.register_papers[paper];
    if is_filed(definition) {
        return take_filed(context, definition);
    }
    let at = gathering.unwrap_or(0);
    let Some(found) = context.collections.gatherings[paper].get(at) else {
        return Vec::new();
    };
    let slug = found.slug.clone();
    context.take(&Item::Gathered(Gathered { paper, at, slug }), heading, ROOT)
}

fn take_filed(context: &Context<'_>, definition: &RegisterPaper) -> Vec<TakeLink> {
    match is_filed(definition) {
        true => context.take(&Item::Archive, context.text(&definition.name), ROOT),
        false => Vec::new(),
    }
}

fn is_filed(definition: &RegisterPaper) -> bool {
    definition.tables.iter().any(|table| table.filed)
}

/// The printed papers of a gathering: those that bear its name.
pub(super) fn papers(context: &Context<'_>, paper: usize, group: Option<&str>) -> Vec<FormView> {
    let definition = &context.register.register_papers[paper];
    let name = context.text(&definition.name);
    let blank = context.word("site.registers.blank");
    let mut papers = forms(context, context.forms.of_register(paper), ROOT);
    papers.retain(|form| match group {
        Some(group) => form.name.starts_with(group),
        None => form.name != blank,
    });
    for form in &mut papers {
        form.clause = None;
        if group.is_some() && papers_are_one(&form.name, group) {
            name.clone_into(&mut form.name);
        }
    }
    papers
}

fn papers_are_one(form: &str, group: Option<&str>) -> bool {
    Some(form) == group
}

/// How many pages the list of a definition's gatherings has.
pub(super) fn group_page_count(context: &Context<'_>, paper: usize) -> usize {
    let gatherings = &context.collections.gatherings[paper];
    gatherings.len().div_ceil(GROUPS).max(1)
}

/// The list of those that a definition has a gathering for.
pub(super) fn render_groups(
    context: &Context<'_>,
    paper: usize,
    number: usize,
) -> Result<Output, SiteError> {
    let definition = &context.register.register_papers[paper];
    let name = context.text(&definition.name);
    let gatherings = &context.collections.gatherings[paper];
    let printed = forms(context, context.forms.of_register(paper), ROOT);
    let mut groups: Vec<GroupRow> = gatherings
        .iter()
        .enumerate()
        .filter_map(|(at, gathering)| {
            let group = gathering.of.as_ref()?;
            let label = group_name(context, definition, group);
            let href = address_of(context, paper, Some(at), 1);
            Some(GroupRow {
                href: href.rsplit('/').next().unwrap_or(&href).to_owned(),
                records: gathering.records().len(),
                papers: printed
                    .iter()
                    .find(|form| form.name == label)
                    .map(|form| FormView {
                        name: label.clone(),
                        clause: None,
                        files: form.files.iter().map(|file| file.again()).collect(),
                    }),
                label,
            })
        })
        .collect();
    // the latest year is the one that is looked for
    if definition.per == Some(Per::Year) {
        groups.reverse();
    }
    let groups: Vec<GroupRow> = groups
        .into_iter()
        .skip((number - 1) * GROUPS)
        .take(GROUPS)
        .collect();
    let column = match definition.per {
        Some(Per::Party) => "print.register.of.party",
        Some(Per::Department) => "print.register.of.department",
        Some(Per::Person) => "print.register.of.person",
        Some(Per::Project) => "print.register.of.project",
        Some(Per::Year) => "print.register.of.year",
        None => "print.register.of.all",
    };
    let page = GroupsView {
        title: name.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (
                context.word("site.registers.title"),
                Some(format!("{ROOT}registers.html")),
            ),
            (name, None),
        ]),
        heading: name.to_owned(),
        description: context.text(&definition.description).to_owned(),
        clause: definition
            .clause
            .as_deref()
            .map(|clause| context.clause(clause, ROOT)),
        column: context.word(column).to_owned(),
        groups,
        take: take_filed(context, definition),
        pages: links(number, group_page_count(context, paper), |number| {
            let path = address::gathered(&definition.id, None, number);
            path.rsplit('/').next().unwrap_or(&path).to_owned()
        }),
        papers: printed
            .into_iter()
            .filter(|form| form.name == context.word("site.registers.blank"))
            .collect(),
    };
    let path = address::gathered(&definition.id, None, number);
    let entry = entry(context, paper);
    context.page("site/gathered-list.html", path, &entry, page)
}
