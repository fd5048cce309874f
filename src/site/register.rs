//! Registers 台账: all records of a kind, in pages of so many rows, and the
//! list of all registers.

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::list::{Group, List, ListPage, Of, Pages, PaperLink};
use super::markup::Markup;
use super::record::{FormView, forms};
use super::view::view;
use super::{address, chrome, papers, register_table};
use crate::definition::{Kind, Phase};
use crate::exchange::Item;
use crate::outlook::{Outlook, Status};
use crate::publish::Output;

/// From a folder up to the root.
const ROOT: &str = "../";
/// The order of a register: what is under way first.
pub(super) const PHASES: [(Phase, &str); 4] = [
    (Phase::Open, "site.register.open"),
    (Phase::Draft, "site.register.draft"),
    (Phase::Closed, "site.register.closed"),
    (Phase::Void, "site.register.void"),
];

/// The records of each kind in the order of its register: by phase, the newest
/// number first.
pub(super) fn of_all_kinds(outlook: &Outlook<'_>) -> Vec<Pages> {
    let mut items: Vec<Vec<(usize, usize)>> = vec![Vec::new(); outlook.register.kinds.len()];
    for index in outlook.records.iter().rev().copied() {
        let phase = outlook.phase(index);
        let phase = PHASES.iter().position(|(known, _)| *known == phase);
        items[outlook.register.records[index].kind].push((phase.unwrap_or(0), index));
    }
    items
        .into_iter()
        .map(|items| Pages::new(PHASES.len(), items.into_iter()))
        .collect()
}

/// The register of a kind as a list.
pub(super) fn list(context: &Context<'_>, kind: usize) -> List {
    let definition = &context.register.kinds[kind];
    let groups = PHASES
        .map(|(phase, words)| {
            Group::new(
                context,
                phase.name(),
                [words, "site.register.none", "site.register.none_text"],
            )
        })
        .into();
    let pages = &context.registers[kind];
    let year = |index: usize| {
        let number = &context.register.records[index].id.value;
        definition.number.read(number).map_or(0, |(year, _)| year)
    };
    let mut list = List::new(
        Of::Register(kind),
        address::file_name(&definition.id),
        register_table::columns(context, kind),
        groups,
        pages.clone(),
        Some(&year),
    );
    list.more = register_table::more_columns(context, kind);
    list
}

pub(super) fn render(
    context: &Context<'_>,
    list: &List,
    kind: usize,
    number: usize,
) -> Result<Output, SiteError> {
    let definition = &context.register.kinds[kind];
    let label = context.text(&definition.name);
    let mut lead = Markup::text(context.text(&definition.description));
    for clause in &definition.clauses {
        lead.join(&context.clause(clause, ROOT));
    }
    let page = ListPage {
        title: label,
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (
                context.word("site.registers.title"),
                Some(format!("{ROOT}registers.html")),
            ),
            (label, None),
        ]),
        lead,
        begin: fill_address(context, definition, ""),
        blanks: forms(context, context.forms.of_kind(kind), ROOT),
        papers: papers_with(context, kind),
        take: context.take(&Item::Register(kind), label, ROOT),
        current: &address::register(&definition.id, 1),
        root: ROOT,
        number,
        address: &|number| address::register(&definition.id, number),
        columns: &list.columns,
        groups: &list.groups,
        pages: &list.pages,
        data: Some(&list.name),
        skip_empty: list.pages.len() > 0,
    };
    page.render(context, |index| register_table::first_cells(context, index))
}

/// The form of a kind, of a record when its number is given; insiders only.
pub(super) fn fill_address(context: &Context<'_>, kind: &Kind, record: &str) -> Option<String> {
    let query = match record {
        "" => String::new(),
        id => format!("?record={}", address::file_name(id)),
    };
    let insider = context.outlook.viewer.is_insider();
    insider.then(|| format!("{ROOT}{}{query}", address::fill(&kind.id)))
}

view! {
    RegistersView {
        title: String,
        crumbs: Vec<CrumbView>,
        registers: Vec<RegisterRow>,
        papers: Vec<PaperView>,
    }
}

view! {
    /// A register paper: one, or one for each of many.
    PaperView {
        id: String,
        name: String,
        href: Option<String>,
        clause: Option<Markup>,
        description: String,
        forms: Vec<FormView>,
        total: usize,
        more: Option<String>,
    }
}

view! {
    RegisterRow {
        label: String,
        href: String,
        open: usize,
        overdue: usize,
        total: usize,
        retention: String,
    }
}

pub(super) fn render_all(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.registers.title");
    // Matters, as in the columns beside it, not what is owed in them.
    let mut late: Vec<(usize, usize)> = context
        .outlook
        .obligations
        .iter()
        .filter(|obligation| obligation.status == Status::Overdue)
        .map(|obligation| {
            let kind = context.register.records[obligation.record].kind;
            (kind, obligation.record)
        })
        .collect();
    late.sort_unstable();
    late.dedup();
    let registers = context
        .outlook
        .kinds()
        .map(|(kind, definition)| RegisterRow {
            label: context.text(&definition.name).to_owned(),
            href: address::register(&definition.id, 1),
            open: context.registers[kind].totals()[0],
            overdue: late.iter().filter(|(of, _)| *of == kind).count(),
            total: context.registers[kind].len(),
            retention: context.display.retention(definition.retention),
        })
        .collect();
    let page = RegistersView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        registers,
        papers: paper_views(context),
    };
    context.page(
        "site/registers.html",
        "registers.html".to_owned(),
        "registers.html",
        page,
    )
}

/// The register papers that somebody may open.
fn paper_views(context: &Context<'_>) -> Vec<PaperView> {
    context
        .register
        .register_papers
        .iter()
        .enumerate()
        .filter_map(|(index, paper)| {
            // the clause stands once, over all of them
            let mut of_paper = context.forms.of_register(index);
            let total = of_paper.len();
            let more = (total > papers::MOST).then(|| address::papers(&paper.id, 1));
            if more.is_some() {
                of_paper.clear();
            }
            let mut forms = forms(context, of_paper, "");
            for form in &mut forms {
                form.clause = None;
            }
            let insider = context.outlook.viewer.is_insider();
            (insider || total > 0).then(|| PaperView {
                id: paper.id.to_string(),
                href: insider.then(|| address::gathered(&paper.id, None, 1)),
                name: context.text(&paper.name).to_owned(),
                clause: paper
                    .clause
                    .as_deref()
                    .map(|clause| context.clause(clause, "")),
                description: context.text(&paper.description).to_owned(),
                forms,
                total,
                more,
            })
        })
        .collect()
}

/// The register papers on which records of a kind stand.
fn papers_with(context: &Context<'_>, kind: usize) -> Vec<PaperLink> {
    context
        .register
        .register_papers
        .iter()
        .enumerate()
        .filter(|(_, paper)| paper.tables.iter().any(|table| table.kinds.contains(&kind)))
        .filter(|(index, _)| !context.collections.gatherings[*index].is_empty())
        .map(|(_, paper)| PaperLink {
            href: format!("{ROOT}{}", address::gathered(&paper.id, None, 1)),
            label: context.text(&paper.name).to_owned(),
        })
        .collect()
}
