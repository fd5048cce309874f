//! Long lists: groups of rows, cut into pages that stay small however many
//! records there are, with the same rows as data for scripts.
//!
//! Invariant: a page holds [`ROWS`] rows at most; every row is on one of them.

use super::address;
use super::cells::{Column, Row};
use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::record::FormView;
use super::take::TakeLink;
use super::view::view;
use crate::publish::Output;

/// Rows of a page: about 70 KB.
pub(super) const ROWS: usize = 100;
/// Rows of a file of data: about 1 MB.
const ROWS_OF_DATA: usize = 4000;

/// Items in groups, in the order of their list.
#[derive(Clone)]
pub(super) struct Pages {
    /// Group and item.
    items: Vec<(usize, usize)>,
    totals: Vec<usize>,
}

impl Pages {
    /// Puts items into so many groups; within each they keep their order.
    pub fn new(groups: usize, items: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut items: Vec<(usize, usize)> = items.collect();
        items.sort_by_key(|(group, _)| *group);
        let mut totals = vec![0; groups];
        for (group, _) in &items {
            totals[*group] += 1;
        }
        Pages { items, totals }
    }

    /// How many items stand in each group.
    pub fn totals(&self) -> &[usize] {
        &self.totals
    }

    /// How many there are in all.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// How many pages there are; an empty list has one.
    pub fn count(&self) -> usize {
        self.items.len().div_ceil(ROWS).max(1)
    }

    /// The items of a page, from 1.
    fn page(&self, number: usize) -> &[(usize, usize)] {
        self.items.chunks(ROWS).nth(number - 1).unwrap_or(&[])
    }

    /// The page on which a group begins.
    fn page_of(&self, group: usize) -> usize {
        self.totals[..group].iter().sum::<usize>() / ROWS + 1
    }
}

/// A group of a list, with what stands there when it has no rows.
pub(super) struct Group {
    pub id: &'static str,
    pub label: String,
    pub empty: String,
    pub empty_text: String,
}

impl Group {
    /// A group by the names of its words: label, what is said of an empty one and why.
    pub fn new<'r>(context: &Context<'r>, id: &'static str, words: [&'r str; 3]) -> Self {
        let [label, empty, empty_text] = words.map(|name| context.word(name).to_owned());
        Group {
            id,
            label,
            empty,
            empty_text,
        }
    }
}

/// Rows that scripts load together: those of a year, or as they come.
pub(super) struct Part {
    pub name: String,
    /// Positions in the list's items.
    pub items: Vec<usize>,
}

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The records of a kind, by its index.
    Register(usize),
    /// What is owed.
    Deadlines,
    /// The tasks.
    Actions,
}

/// A list that scripts can sort and filter as a whole.
pub(super) struct List {
    pub of: Of,
    /// Its name, in addresses of data and in settings of readers.
    pub name: String,
    /// What every page shows.
    pub columns: Vec<Column>,
    /// Columns that only scripts show, in files of their own.
    pub more: Vec<Column>,
    pub groups: Vec<Group>,
    pub pages: Pages,
    pub parts: Vec<Part>,
    /// Whether a part is a year.
    pub by_year: bool,
}

impl List {
    /// A list in the order of its pages, its data cut as they come or, where
    /// `year` says one, by years, the latest first.
    pub fn new(
        of: Of,
        name: String,
        columns: Vec<Column>,
        groups: Vec<Group>,
        pages: Pages,
        year: Option<&dyn Fn(usize) -> i16>,
    ) -> Self {
        let parts = match year {
            Some(year) => {
                let mut by_year = std::collections::BTreeMap::<i16, Vec<usize>>::new();
                for (at, (_, item)) in pages.items.iter().enumerate() {
                    by_year.entry(year(*item)).or_default().push(at);
                }
                let years = by_year.into_iter().rev();
                years
                    .map(|(year, items)| Part {
                        name: year.to_string(),
                        items,
                    })
                    .collect()
            }
            None => {
                let all: Vec<usize> = (0..pages.len()).collect();
                let chunks = all.chunks(ROWS_OF_DATA).zip(1..);
                chunks
                    .map(|(items, number): (&[usize], usize)| Part {
                        name: number.to_string(),
                        items: items.to_vec(),
                    })
                    .collect()
            }
        };
        List {
            of,
            name,
            columns,
            more: Vec::new(),
            groups,
            pages,
            parts,
            by_year: year.is_some(),
        }
    }

    /// What scripts read first: columns, groups, and which files hold the rows.
    pub fn head(&self) -> Output {
        let columns = |columns: &[Column]| -> Vec<_> { columns.iter().map(Column::data).collect() };
        let head = serde_json::json!({
            "name": self.name,
            "columns": columns(&self.columns),
            "more": columns(&self.more),
            "groups": self.groups.iter().map(|group| &group.label).collect::<Vec<_>>(),
            "years": self.by_year,
            "total": self.pages.len(),
            "parts": self.parts.iter().map(|part| &part.name).collect::<Vec<_>>(),
        });
        Output {
            path: address::data(&self.name),
            bytes: format!("taizhang.list({head});\n").into_bytes(),
        }
    }

    /// The rows of a part; `row` makes the cells of an item.
    pub fn part(&self, context: &Context<'_>, part: usize, row: impl Fn(usize) -> Row) -> Output {
        let part = &self.parts[part];
        self.rows(
            context,
            part,
            &part.name,
            |group, out| {
                out.extend_from_slice(group.to_string().as_bytes());
            },
            row,
        )
    }

    /// The cells of a part that only scripts show.
    pub fn more_of_part(
        &self,
        context: &Context<'_>,
        part: usize,
        row: impl Fn(usize) -> Row,
    ) -> Output {
        let part = &self.parts[part];
        let name = format!("{}-more", part.name);
        self.rows(context, part, &name, |_, _| {}, row)
    }

    fn rows(
        &self,
        context: &Context<'_>,
        part: &Part,
        name: &str,
        first: impl Fn(usize, &mut Vec<u8>),
        row: impl Fn(usize) -> Row,
    ) -> Output {
        let mut bytes = Vec::with_capacity(part.items.len() * 240);
        bytes.extend_from_slice(b"taizhang.part(");
        bytes.extend_from_slice(serde_json::json!([self.name, name]).to_string().as_bytes());
        bytes.extend_from_slice(b",[\n");
        for at in &part.items {
            let (group, item) = self.pages.items[*at];
            bytes.push(b'[');
            let start = bytes.len();
            first(group, &mut bytes);
            for cell in row(item) {
                if bytes.len() > start {
                    bytes.push(b',');
                }
                context.cell_data(&mut bytes, &cell);
            }
            bytes.extend_from_slice(b"],\n");
        }
        bytes.extend_from_slice(b"]);\n");
        Output {
            path: address::data_part(&self.name, name),
            bytes,
        }
    }
}

view! {
    /// A page of a list.
    ListView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        lead: Markup,
        jumps: Vec<JumpView>,
        begin: Option<String>,
        blanks: Vec<FormView>,
        papers: Vec<PaperLink>,
        take: Vec<TakeLink>,
        data: Option<String>,
        names: String,
        columns: Vec<ColumnView>,
        groups: Vec<GroupView>,
        complete: bool,
        pages: Vec<PageLink>,
    }
}

view! {
    /// The head of a column.
    ColumnView {
        id: String,
        label: String,
        holds: &'static str,
    }
}

view! {
    /// A link to a group, with its number of rows.
    JumpView {
        href: String,
        label: String,
        total: usize,
        tone: &'static str,
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
    GroupView {
        id: &'static str,
        label: String,
        total: usize,
        items: Vec<Markup>,
        empty: String,
        empty_text: String,
    }
}

view! {
    /// A page of the list, the page itself without address; a gap without text.
    PageLink {
        text: String,
        href: Option<String>,
    }
}

/// A page of a list, as its own file describes it.
pub(super) struct ListPage<'p> {
    pub title: &'p str,
    pub crumbs: Vec<CrumbView>,
    pub lead: Markup,
    /// The address of the form that begins one.
    pub begin: Option<String>,
    pub blanks: Vec<FormView>,
    pub papers: Vec<PaperLink>,
    /// The files to take it along as.
    pub take: Vec<TakeLink>,
    /// The entry of the navigation.
    pub current: &'p str,
    /// From the page up to the root.
    pub root: &'static str,
    pub number: usize,
    /// The address of a page.
    pub address: &'p dyn Fn(usize) -> String,
    pub columns: &'p [Column],
    pub groups: &'p [Group],
    pub pages: &'p Pages,
    /// The name of its data, if it has any.
    pub data: Option<&'p str>,
    /// Whether groups without rows are left out.
    pub skip_empty: bool,
}

impl ListPage<'_> {
    /// Renders it; `row` makes the cells of an item.
    pub fn render(
        self,
        context: &Context<'_>,
        row: impl Fn(usize) -> Row,
    ) -> Result<Output, SiteError> {
        let path = (self.address)(self.number);
        let file = |number: usize| {
            let path = (self.address)(number);
            path.rsplit('/').next().unwrap_or(&path).to_owned()
        };
        let rows = self.pages.page(self.number);
        let count = self.pages.count();
        let totals = self.pages.totals();
        let mut groups = Vec::new();
        let mut jumps = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let items: Vec<Markup> = rows
                .iter()
                .filter(|(of, _)| *of == index)
                .map(|(_, item)| context.cells(self.columns, &row(*item), self.root))
                .collect();
            let page = self.pages.page_of(index);
            let here = page == self.number;
            if totals[index] > 0 || (!self.skip_empty && here) {
                jumps.push(JumpView {
                    href: match here {
                        true => format!("#{}", group.id),
                        false => format!("{}#{}", file(page), group.id),
                    },
                    label: group.label.clone(),
                    total: totals[index],
                    tone: if group.id == "overdue" && totals[index] > 0 {
                        "late"
                    } else {
                        ""
                    },
                });
            }
            // An empty group says so once, where its rows would begin.
            if items.is_empty() && (self.skip_empty || !here || totals[index] > 0) {
                continue;
            }
            groups.push(GroupView {
                id: group.id,
                label: group.label.clone(),
                total: totals[index],
                items,
                empty: group.empty.clone(),
                empty_text: group.empty_text.clone(),
            });
        }
        let page = ListView {
            title: match self.number {
                1 => self.title.to_owned(),
                number => format!("{} {number}", self.title),
            },
            crumbs: self.crumbs,
            heading: self.title.to_owned(),
            lead: self.lead,
            jumps,
            begin: self.begin,
            blanks: self.blanks,
            papers: self.papers,
            take: self.take,
            data: self
                .data
                .map(|name| format!("{}{}", self.root, address::data(name))),
            names: format!("{}{}", self.root, address::data("names")),
            columns: heads(self.columns),
            groups,
            complete: count == 1,
            pages: links(self.number, count, file),
        };
        context.page("site/list.html", path, self.current, page)
    }
}

/// The heads of the shown columns.
pub(super) fn heads(columns: &[Column]) -> Vec<ColumnView> {
    let shown = columns.iter().filter(|column| column.shown);
    shown
        .map(|column| ColumnView {
            id: column.id.clone(),
            label: column.label.clone(),
            holds: column.holds.name(),
        })
        .collect()
}

/// The first and the last page and those around this one; nothing of a single one.
pub(super) fn links(number: usize, count: usize, file: impl Fn(usize) -> String) -> Vec<PageLink> {
    let mut links = Vec::new();
    if count == 1 {
        return links;
    }
    let mut before = 0;
    for page in (1..=count).filter(|page| *page == 1 || *page == count || page.abs_diff(number) < 4)
    {
        if page > before + 1 {
            links.push(PageLink {
                text: String::new(),
                href: None,
            });
        }
        before = page;
        links.push(PageLink {
            text: page.to_string(),
            href: (page != number).then(|| file(page)),
        });
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_rows_are_one_page_and_one_more_is_two() {
        let pages = |count: usize| Pages::new(1, (0..count).map(|item| (0, item))).count();
        assert_eq!((pages(0), pages(ROWS), pages(ROWS + 1)), (1, 1, 2));
    }

    #[test]
    fn a_group_begins_on_the_page_of_its_first_row() {
        let pages = Pages::new(3, (0..ROWS * 2 + 1).map(|item| (item % 3, item)));
        let third = pages.totals()[0];
        assert_eq!(pages.page_of(0), 1);
        assert_eq!(pages.page_of(1), third / ROWS + 1);
        let first = pages.page(1);
        assert!(first.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn links_lead_to_both_ends_and_around() {
        let texts = |number, count| -> Vec<String> {
            links(number, count, |page| page.to_string())
                .into_iter()
                .map(|link| link.text)
                .collect()
        };
        assert!(texts(1, 1).is_empty());
        assert_eq!(texts(2, 3), ["1", "2", "3"]);
        assert_eq!(
            texts(20, 50),
            ["1", "", "17", "18", "19", "20", "21", "22", "23", "", "50"]
        );
    }
}
