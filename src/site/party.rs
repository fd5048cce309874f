//! Outside parties: who they are, what is owed to and by them, what was
//! promised, and their files 客户沟通档案, 供应商档案.

use super::chrome::CrumbView;
use super::collections::{papers_per, shows_party};
use super::context::Context;
use super::dealings::{Dealings, DealingsView};
use super::engine::SiteError;
use super::gathered;
use super::gathered_table::TableView;
use super::list::{PageLink, links};
use super::record::{FactView, FormView};
use super::view::view;
use super::{address, chrome};
use crate::definition::register_paper::Per;
use crate::gathering::Group;
use crate::organisation::{PARTY_KINDS, PartyId, Subject};
use crate::publish::Output;

use super::markup::Markup;

/// From a folder up to the root.
const ROOT: &str = "../";
/// Rows of a page of the list: about 130 KB.
pub(super) const ROWS: usize = 300;

view! {
    PartiesView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        groups: Vec<KindView>,
        pages: Vec<PageLink>,
    }
}

view! {
    /// Parties that are the same to the company.
    KindView {
        id: String,
        label: String,
        parties: Vec<PartyRow>,
    }
}

view! {
    PartyRow {
        link: Markup,
        contact: String,
        open: usize,
        overdue: usize,
        tasks: usize,
        total: usize,
    }
}

view! {
    PartyView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        lead: String,
        facts: Vec<FactView>,
        contacts: Vec<ContactView>,
        dealings: DealingsView,
        files: Vec<FileView>,
    }
}

view! {
    ContactView {
        name: String,
        position: String,
        phone: String,
        email: String,
    }
}

view! {
    /// A file of the party: the beginning of its tables, and its papers.
    FileView {
        id: String,
        name: String,
        clause: Option<Markup>,
        href: String,
        papers: Vec<FormView>,
        tables: Vec<TableView>,
    }
}

/// How many pages the list has.
pub(super) fn page_count(context: &Context<'_>) -> usize {
    let parties = context.register.organisation.parties.len();
    parties.div_ceil(ROWS).max(1)
}

pub(super) fn render_all(context: &Context<'_>, number: usize) -> Result<Output, SiteError> {
    let organisation = &context.register.organisation;
    let title = context.word("site.party.title");
    let mut ids: Vec<(usize, u32)> = (0..organisation.parties.len() as u32)
        .filter(|id| shows_party(context.outlook, PartyId(*id)))
        .map(|id| {
            let kind = &*organisation.party(PartyId(id)).kind;
            let place = PARTY_KINDS.iter().position(|known| *known == kind);
            (place.unwrap_or(PARTY_KINDS.len()), id)
        })
        .collect();
    ids.sort_unstable();
    let total = ids.len();
    let shown = ids.chunks(ROWS).nth(number - 1).unwrap_or(&[]);
    let groups = shown
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| {
            let kind = group
                .first()
                .map_or("", |(_, id)| &*organisation.party(PartyId(*id)).kind);
            KindView {
                id: kind.to_owned(),
                label: kind_name(context, kind).to_owned(),
                parties: group.iter().map(|(_, id)| row(context, *id)).collect(),
            }
        })
        .collect();
    let count = page_count(context);
    let page = PartiesView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: context
            .words
            .filled("site.party.lead_all", &[("count", &total.to_string())]),
        groups,
        pages: links(number, count, |page| address::numbered("parties", page)),
    };
    let path = address::numbered("parties", number);
    context.page("site/parties.html", path, "parties.html", page)
}

fn kind_name<'c>(context: &'c Context<'_>, kind: &'c str) -> &'c str {
    let name = format!("site.party.kinds.{kind}");
    context.words.find(&name).unwrap_or(kind)
}

fn row(context: &Context<'_>, id: u32) -> PartyRow {
    let party = context.register.organisation.party(PartyId(id));
    let dealings = Dealings::new(context, &context.collections.parties[id as usize]);
    let contact = party.contacts.first();
    PartyRow {
        link: context.name(Subject::Party(PartyId(id)), ""),
        contact: contact.map_or_else(String::new, |contact| {
            context.text(&contact.name).to_owned()
        }),
        open: dealings.open.len(),
        overdue: dealings.overdue,
        tasks: dealings.tasks.len(),
        total: dealings.total,
    }
}

pub(super) fn render(context: &Context<'_>, id: u32) -> Result<Output, SiteError> {
    let party = context.register.organisation.party(PartyId(id));
    let subject = Subject::Party(PartyId(id));
    let name = context.text(&party.name);
    let insider = context.outlook.viewer.is_insider();
    let dealings = Dealings::new(context, &context.collections.parties[id as usize]);
    let counts = [
        ("open", dealings.open.len().to_string()),
        ("closed", dealings.closed.len().to_string()),
        ("overdue", dealings.overdue.to_string()),
        ("tasks", dealings.tasks.len().to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let mut crumbs = chrome::crumbs([(
        context.word("site.overview.title"),
        Some(format!("{ROOT}index.html")),
    )]);
    if insider {
        let list = Some(format!("{ROOT}parties.html"));
        crumbs.extend(chrome::crumbs([(context.word("site.party.title"), list)]));
    }
    crumbs.extend(chrome::crumbs([(name, None)]));
    let page = PartyView {
        title: name.to_owned(),
        crumbs,
        heading: name.to_owned(),
        lead: context.words.filled("site.party.lead", &counts),
        facts: vec![FactView {
            label: context.word("site.party.kind").to_owned(),
            value: Markup::text(kind_name(context, &party.kind)),
        }],
        contacts: party
            .contacts
            .iter()
            .map(|contact| ContactView {
                name: context.text(&contact.name).to_owned(),
                position: contact
                    .title
                    .as_ref()
                    .map_or("", |title| context.text(title))
                    .to_owned(),
                phone: contact.phone.as_deref().unwrap_or_default().to_owned(),
                email: contact.email.as_deref().unwrap_or_default().to_owned(),
            })
            .collect(),
        dealings: dealings.view(context, Some(subject), ROOT),
        files: files(context, Per::Party, &Group::Subject(subject)),
    };
    let entry = match insider {
        true => "parties.html".to_owned(),
        false => address::party(&party.id),
    };
    context.page("site/party.html", address::party(&party.id), &entry, page)
}

/// The register definitions in which something stands for a group, with the
/// beginning of their tables.
pub(super) fn files(context: &Context<'_>, per: Per, group: &Group) -> Vec<FileView> {
    /// Rows of a table before its own page has the rest.
    const MOST_ROWS: usize = 10;
    papers_per(&context.register.register_papers, per)
        .filter_map(|(paper, definition)| {
            let (at, gathering) = context.collections.of_group(paper, group)?;
            let href = format!(
                "{ROOT}{}",
                gathered::address_of(context, paper, Some(at), 1)
            );
            let name = gathered::group_name(context, definition, group);
            let tables = definition
                .tables
                .iter()
                .zip(&gathering.tables)
                .enumerate()
                .filter(|(_, (_, lines))| !lines.is_empty())
                .map(|(index, (table, lines))| {
                    context.gathered_table(super::gathered_table::Shown {
                        table,
                        lines: &lines[..lines.len().min(MOST_ROWS)],
                        total: lines.len(),
                        more: (lines.len() > MOST_ROWS).then(|| href.clone()),
                        id: format!("{}-{}", address::file_name(&definition.id), index + 1),
                        root: ROOT,
                    })
                })
                .collect();
            Some(FileView {
                id: address::file_name(&definition.id),
                name: context.text(&definition.name).to_owned(),
                clause: definition
                    .clause
                    .as_deref()
                    .map(|clause| context.clause(clause, ROOT)),
                papers: gathered::papers(context, paper, Some(&name)),
                href,
                tables,
            })
        })
        .collect()
}
