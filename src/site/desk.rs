//! What stands on somebody's desk: the lists that the pages of a person and of
//! a department share, and the pages of their own that long ones have.

use super::cells::{Cell, Column, Holds, Row};
use super::charts::{self, ColumnsView, LoadsView};
use super::chrome::CrumbView;
use super::context::Context;
use super::deadlines::{self, Beside};
use super::duties::Desk;
use super::engine::SiteError;
use super::list::{ColumnView, Group, ListPage, Pages, heads};
use super::markup::Markup;
use super::record::FactView;
use super::take::TakeLink;
use super::view::view;
use super::{address, organisation, register_table};
use crate::exchange::Item;
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::publish::Output;

/// From a folder up to the root.
pub(super) const ROOT: &str = "../";
/// Rows of a list on the page itself; what is longer has pages of its own.
const MOST_ROWS: usize = 30;

/// Whose desk it is, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Person(u32),
    Department(u32),
}

/// A list on a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// What is owed, by due date.
    Owes,
    /// What of it is to be signed.
    Signs,
    /// What others owe, and since when.
    Awaits,
    /// What they answer for and was concluded lately.
    Concluded,
    /// What they have signed.
    Signed,
    /// The matters.
    Matters,
    /// The people of a department.
    People,
}

impl Which {
    const ALL: [Which; 7] = [
        Which::Owes,
        Which::Signs,
        Which::Awaits,
        Which::Matters,
        Which::Concluded,
        Which::Signed,
        Which::People,
    ];

    /// Its name in addresses and templates.
    pub fn id(self) -> &'static str {
        match self {
            Which::Owes => "owes",
            Which::Signs => "signs",
            Which::Awaits => "awaits",
            Which::Concluded => "concluded",
            Which::Signed => "signed",
            Which::Matters => "matters",
            Which::People => "people",
        }
    }

    /// Whether it stands there without rows, to say so.
    fn says_empty(self) -> bool {
        matches!(self, Which::Owes | Which::Awaits | Which::Matters)
    }

    fn group(self, context: &Context<'_>, whose: Whose) -> Group {
        let words = match (whose, self) {
            (Whose::Person(_), Which::Owes) => [
                "site.person.owes",
                "site.person.owes_none",
                "site.person.owes_none_text",
            ],
            (Whose::Person(_), Which::Awaits) => [
                "site.person.awaits",
                "site.person.awaits_none",
                "site.person.awaits_none_text",
            ],
            (Whose::Person(_), Which::Matters) => [
                "site.person.matters",
                "site.person.matters_none",
                "site.person.matters_none_text",
            ],
            (Whose::Department(_), Which::Owes) => [
                "site.department.owes",
                "site.department.owes_none",
                "site.department.owes_none_text",
            ],
            (Whose::Department(_), Which::Awaits) => [
                "site.department.awaits",
                "site.department.awaits_none",
                "site.department.awaits_none_text",
            ],
            (Whose::Department(_), Which::Matters) => [
                "site.department.matters",
                "site.department.matters_none",
                "site.department.matters_none_text",
            ],
            (_, Which::Signs) => ["site.desk.signs"; 3],
            (_, Which::Concluded) => ["site.desk.concluded"; 3],
            (_, Which::Signed) => ["site.desk.signed"; 3],
            (_, Which::People) => ["site.department.people"; 3],
        };
        Group::new(context, self.id(), words)
    }

    fn columns(self, context: &Context<'_>, whose: Whose) -> Vec<Column> {
        let column = |id: &str, name: &'static str, holds: Holds| {
            Column::new(id, context.words.get(name), holds)
        };
        match (self, whose) {
            (Which::Owes | Which::Signs, Whose::Person(_)) => {
                deadlines::columns(context, Beside::Creditor)
            }
            (Which::Owes | Which::Signs, Whose::Department(_)) => {
                let mut columns = deadlines::columns(context, Beside::Debtor);
                columns.retain(|column| column.shown);
                columns
            }
            (Which::Awaits, _) => deadlines::columns(context, Beside::DebtorSince),
            (Which::Matters | Which::Concluded, Whose::Person(_)) => {
                register_table::columns_of_any(context, true)
            }
            (Which::Matters | Which::Concluded, Whose::Department(_)) => {
                register_table::columns_of_any(context, false)
            }
            (Which::Signed, _) => vec![
                column("signed", "site.desk.signed_at", Holds::Moment),
                column("title", "site.list.title", Holds::Title),
                column("number", "site.list.number", Holds::Number),
                column("opinion", "site.desk.opinion", Holds::Prose),
            ],
            (Which::People, _) => vec![
                column("person", "site.desk.name", Holds::Names),
                column("position", "site.person.position", Holds::Text),
                column("owes", "site.overview.open", Holds::Amount),
                column("overdue", "site.tone.overdue", Holds::Amount),
            ],
        }
    }
}

impl Whose {
    /// The files to take it along as.
    fn take(self, context: &Context<'_>) -> Vec<TakeLink> {
        let item = match self {
            Whose::Person(id) => Item::Person(PersonId(id)),
            Whose::Department(id) => Item::Department(DepartmentId(id)),
        };
        context.take(&item, context.plain_name(self.subject()), ROOT)
    }

    fn desk<'c>(self, context: &'c Context<'_>) -> &'c Desk {
        match self {
            Whose::Person(id) => context.desks.person(id),
            Whose::Department(id) => context.desks.department(id),
        }
    }

    /// The address of their page.
    pub fn address(self, context: &Context<'_>) -> String {
        let organisation = &context.register.organisation;
        match self {
            Whose::Person(id) => address::person(&organisation.person(PersonId(id)).id),
            Whose::Department(id) => {
                address::department(&organisation.department(DepartmentId(id)).id)
            }
        }
    }

    fn subject(self) -> Subject {
        match self {
            Whose::Person(id) => Subject::Person(PersonId(id)),
            Whose::Department(id) => Subject::Department(DepartmentId(id)),
        }
    }

    /// What stands in a list: indexes of obligations, records, signatures or people.
    fn items(self, context: &Context<'_>, which: Which) -> Vec<usize> {
        let desk = self.desk(context);
        match which {
            Which::Owes => desk.owes.clone(),
            Which::Signs => desk.signs.clone(),
            Which::Awaits => desk.awaits.clone(),
            Which::Concluded => desk.concluded.clone(),
            Which::Matters => desk.records.clone(),
            Which::Signed => (0..desk.signed.len()).collect(),
            Which::People => match self {
                Whose::Department(id) => organisation::people_of(context, DepartmentId(id)),
                Whose::Person(_) => Vec::new(),
            },
        }
    }

    /// How many stand in a list.
    fn count(self, context: &Context<'_>, which: Which) -> usize {
        let desk = self.desk(context);
        match which {
            Which::Owes => desk.owes.len(),
            Which::Signs => desk.signs.len(),
            Which::Awaits => desk.awaits.len(),
            Which::Concluded => desk.concluded.len(),
            Which::Matters => desk.records.len(),
            Which::Signed => desk.signed.len(),
            Which::People => self.items(context, which).len(),
        }
    }

    fn row(self, context: &Context<'_>, which: Which, item: usize) -> Row {
        match which {
            Which::Owes | Which::Signs => match self {
                Whose::Person(_) => deadlines::row(context, item, Beside::Creditor),
                Whose::Department(_) => deadlines::row(context, item, Beside::Debtor),
            },
            Which::Awaits => deadlines::row(context, item, Beside::DebtorSince),
            Which::Matters | Which::Concluded => register_table::row_of_any(context, item),
            Which::Signed => signed(context, self.desk(context), item),
            Which::People => organisation::person_row(context, item as u32),
        }
    }
}

/// A signature as a row.
fn signed(context: &Context<'_>, desk: &Desk, item: usize) -> Row {
    let signed = &desk.signed[item];
    let record = &context.register.records[signed.record];
    let (section, field, column) = signed.field;
    let field = &context.register.kind_of(record).sections[section].fields[field];
    let field = column
        .and_then(|column| field.columns().get(column))
        .unwrap_or(field);
    vec![
        signed.at.map_or(Cell::Nothing, Cell::Moment),
        Cell::Title {
            text: record.heading().to_owned(),
            href: address::record(&record.id.value),
            sub: context.text(&field.label).to_owned(),
            tags: Vec::new(),
        },
        Cell::text(&*record.id.value),
        Cell::text(signed.opinion.as_deref().unwrap_or_default()),
    ]
}

view! {
    /// The page of a person or a department.
    DeskView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        lead: String,
        facts: Vec<FactView>,
        me: bool,
        take: Vec<TakeLink>,
        columns: Option<ColumnsView>,
        loads: Option<LoadsView>,
        lists: Vec<DeskList>,
    }
}

view! {
    /// A list on it, with the address of the rest of a long one.
    DeskList {
        id: &'static str,
        label: String,
        total: usize,
        columns: Vec<ColumnView>,
        items: Vec<Markup>,
        complete: bool,
        more: Option<String>,
        empty: String,
        empty_text: String,
    }
}

/// What the page of a person or a department says beside the lists.
pub(super) struct DeskPage {
    pub crumbs: Vec<CrumbView>,
    pub lead: String,
    pub facts: Vec<FactView>,
}

/// The page of a person or a department.
pub(super) fn render(
    context: &Context<'_>,
    whose: Whose,
    page: DeskPage,
) -> Result<Output, SiteError> {
    let path = whose.address(context);
    let lists = Which::ALL
        .into_iter()
        .filter_map(|which| {
            let items = whose.items(context, which);
            if items.is_empty() && !which.says_empty() {
                return None;
            }
            let group = which.group(context, whose);
            let columns = which.columns(context, whose);
            let complete = items.len() <= MOST_ROWS;
            Some(DeskList {
                id: group.id,
                label: group.label,
                total: items.len(),
                columns: heads(&columns),
                items: items
                    .iter()
                    .take(MOST_ROWS)
                    .map(|item| context.cells(&columns, &whose.row(context, which, *item), ROOT))
                    .collect(),
                complete,
                more: (!complete).then(|| format!("{ROOT}{}", address::desk(&path, which.id(), 1))),
                empty: group.empty,
                empty_text: group.empty_text,
            })
        })
        .collect();
    let name = context.plain_name(whose.subject()).to_owned();
    let (columns, loads) = match whose {
        Whose::Person(_) => (None, None),
        Whose::Department(id) => (
            charts::columns(
                context,
                "months",
                context.word("site.chart.columns").to_owned(),
                &context.statistics.departments[id as usize],
            ),
            charts::people_loads(context, DepartmentId(id), ROOT),
        ),
    };
    let view = DeskView {
        title: name.clone(),
        crumbs: page.crumbs,
        heading: name,
        lead: page.lead,
        facts: page.facts,
        me: matches!(whose, Whose::Person(_)),
        take: whose.take(context),
        columns,
        loads,
        lists,
    };
    context.page("site/desk.html", path, "organisation.html", view)
}

/// The pages of their own that long lists of a desk have: which, and how many.
pub(super) fn long_lists(context: &Context<'_>, whose: Whose) -> Vec<(Which, usize)> {
    Which::ALL
        .into_iter()
        .map(|which| (which, whose.count(context, which)))
        .filter(|(_, count)| *count > MOST_ROWS)
        .map(|(which, count)| (which, count.div_ceil(super::list::ROWS)))
        .collect()
}

/// A page of a long list of a desk.
pub(super) fn render_list(
    context: &Context<'_>,
    whose: Whose,
    which: Which,
    number: usize,
) -> Result<Output, SiteError> {
    let items = whose.items(context, which);
    let pages = Pages::new(1, items.into_iter().map(|item| (0, item)));
    let group = which.group(context, whose);
    let label = group.label.clone();
    let owner = whose.address(context);
    let name = context.plain_name(whose.subject());
    let title = context
        .words
        .filled("site.desk.title", &[("name", name), ("list", &label)]);
    let steps = [
        (
            context.word("site.overview.title"),
            Some(format!("{ROOT}index.html")),
        ),
        (
            context.word("site.organisation.title"),
            Some(format!("{ROOT}organisation.html")),
        ),
        (name, Some(format!("{ROOT}{owner}"))),
        (&*label, None),
    ];
    let crumbs = super::chrome::crumbs(steps);
    let page = ListPage {
        title: &title,
        crumbs,
        lead: Markup::default(),
        begin: None,
        blanks: Vec::new(),
        papers: Vec::new(),
        take: whose.take(context),
        current: "organisation.html",
        root: ROOT,
        number,
        address: &|number| address::desk(&owner, which.id(), number),
        columns: &which.columns(context, whose),
        groups: &[group],
        pages: &pages,
        data: None,
        skip_empty: true,
    };
    page.render(context, |item| whose.row(context, which, item))
}
