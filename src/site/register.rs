//! Registers 台账: all records of a kind, in pages of so many rows, and the
//! list of all registers.

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::record::{FormView, forms};
use super::record_rows::RecordRow;
use super::view::view;
use super::{address, chrome};
use crate::definition::Phase;
use crate::outlook::{Outlook, Status};
use crate::publish::Output;

/// Rows of a page: about 120 KB.
const ROWS: usize = 200;
/// From a folder up to the root.
const ROOT: &str = "../";
/// The order of a register: what is under way first.
pub(super) const PHASES: [(Phase, &str); 4] = [
    (Phase::Open, "site.register.open"),
    (Phase::Draft, "site.register.draft"),
    (Phase::Closed, "site.register.closed"),
    (Phase::Void, "site.register.void"),
];

/// The records of a kind in the order of its register: by phase, the newest
/// number first.
pub(super) struct RegisterPages {
    records: Vec<(usize, usize)>,
    totals: [usize; PHASES.len()],
}

impl RegisterPages {
    pub fn of_all_kinds(outlook: &Outlook<'_>) -> Vec<Self> {
        let mut pages: Vec<Self> = outlook
            .register
            .kinds
            .iter()
            .map(|_| RegisterPages {
                records: Vec::new(),
                totals: [0; PHASES.len()],
            })
            .collect();
        for index in outlook.records.iter().rev().copied() {
            let of_kind = &mut pages[outlook.register.records[index].kind];
            let phase = outlook.phase(index);
            let phase = PHASES
                .iter()
                .position(|(known, _)| *known == phase)
                .unwrap_or(0);
            of_kind.records.push((phase, index));
            of_kind.totals[phase] += 1;
        }
        for of_kind in &mut pages {
            // Stable: within a phase the numbers stay in descending order.
            of_kind.records.sort_by_key(|(phase, _)| *phase);
        }
        pages
    }

    /// How many records stand in each of the phases.
    pub fn totals(&self) -> &[usize; PHASES.len()] {
        &self.totals
    }

    /// How many pages the register has; an empty one has one.
    pub fn page_count(&self) -> usize {
        self.records.len().div_ceil(ROWS).max(1)
    }

    fn page_of_phase(&self, phase: usize) -> usize {
        self.totals[..phase].iter().sum::<usize>() / ROWS + 1
    }
}

view! {
    RegisterView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        description: String,
        clauses: Markup,
        jumps: Vec<JumpView>,
        blanks: Vec<FormView>,
        papers: Vec<PaperLink>,
        phases: Vec<PhaseView>,
        pages: Vec<PageLink>,
    }
}

view! {
    /// A link to a group, with its number of rows.
    JumpView {
        href: String,
        label: String,
        total: usize,
    }
}

view! {
    /// A link to a register paper.
    PaperLink {
        href: String,
        label: String,
    }
}

view! {
    PhaseView {
        id: &'static str,
        label: String,
        total: usize,
        items: Vec<RecordRow>,
    }
}

view! {
    PageLink {
        text: String,
        href: Option<String>,
    }
}

pub(super) fn render(
    context: &Context<'_>,
    kind: usize,
    number: usize,
) -> Result<Output, SiteError> {
    let definition = &context.register.kinds[kind];
    let pages = &context.registers[kind];
    let label = context.text(&definition.name);
    let path = address::register(&definition.id, number);
    let file = |number: usize| {
        let path = address::register(&definition.id, number);
        path.rsplit('/').next().unwrap_or(&path).to_owned()
    };
    let rows = pages.records.chunks(ROWS).nth(number - 1).unwrap_or(&[]);
    let phases = PHASES
        .iter()
        .enumerate()
        .filter_map(|(phase, (name, words))| {
            let items: Vec<RecordRow> = rows
                .iter()
                .filter(|(of, _)| *of == phase)
                .map(|(_, index)| context.record_row(*index, ROOT))
                .collect();
            (!items.is_empty()).then(|| PhaseView {
                id: name.name(),
                label: context.word(words).to_owned(),
                total: pages.totals[phase],
                items,
            })
        })
        .collect();
    let jumps = PHASES
        .iter()
        .enumerate()
        .filter(|(phase, _)| pages.totals[*phase] > 0)
        .map(|(phase, (name, words))| {
            let page = pages.page_of_phase(phase);
            let file = if page == number {
                String::new()
            } else {
                file(page)
            };
            JumpView {
                href: format!("{file}#{}", name.name()),
                label: context.word(words).to_owned(),
                total: pages.totals[phase],
            }
        })
        .collect();
    let mut clauses = Markup::default();
    for clause in &definition.clauses {
        clauses.join(&context.clause(clause, ROOT));
    }
    let count = pages.page_count();
    let links = (1..=if count > 1 { count } else { 0 })
        .map(|page| PageLink {
            text: page.to_string(),
            href: (page != number).then(|| file(page)),
        })
        .collect();
    let page = RegisterView {
        title: if number > 1 {
            format!("{label} {number}")
        } else {
            label.to_owned()
        },
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
        heading: label.to_owned(),
        description: context.text(&definition.description).to_owned(),
        clauses,
        jumps,
        papers: papers_with(context, kind),
        blanks: forms(context, context.forms.of_kind(kind), ROOT),
        phases,
        pages: links,
    };
    context.page(
        "site/register.html",
        path,
        &address::register(&definition.id, 1),
        page,
    )
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
        clause: Option<Markup>,
        description: String,
        forms: Vec<FormView>,
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
        .register
        .kinds
        .iter()
        .enumerate()
        .map(|(kind, definition)| RegisterRow {
            label: context.text(&definition.name).to_owned(),
            href: address::register(&definition.id, 1),
            open: context.registers[kind].totals[0],
            overdue: late.iter().filter(|(of, _)| *of == kind).count(),
            total: context.registers[kind].records.len(),
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
        papers: papers(context),
    };
    context.page(
        "site/registers.html",
        "registers.html".to_owned(),
        "registers.html",
        page,
    )
}

/// The register papers that somebody may open.
fn papers(context: &Context<'_>) -> Vec<PaperView> {
    context
        .register
        .register_papers
        .iter()
        .enumerate()
        .filter_map(|(index, paper)| {
            // the clause stands once, over all of them
            let mut forms = forms(context, context.forms.of_register(index), "");
            for form in &mut forms {
                form.clause = None;
            }
            (!forms.is_empty()).then(|| PaperView {
                id: paper.id.to_string(),
                name: context.text(&paper.name).to_owned(),
                clause: paper
                    .clause
                    .as_deref()
                    .map(|clause| context.clause(clause, "")),
                description: context.text(&paper.description).to_owned(),
                forms,
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
        .filter(|(index, _)| !context.forms.of_register(*index).is_empty())
        .map(|(_, paper)| PaperLink {
            href: format!("{ROOT}registers.html#{}", paper.id),
            label: context.text(&paper.name).to_owned(),
        })
        .collect()
}
