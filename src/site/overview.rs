//! The first page: the sentence that matters, then the lists behind each
//! number, then where things stand.

use tera::Value;

use super::charts::{self, AgeingView, ColumnsView};
use super::chrome::CrumbView;
use super::context::Context;
use super::dates::Dates;
use super::duties::DutyRow;
use super::engine::SiteError;
use super::markup::Markup;
use super::register::PHASES;
use super::view::view;
use super::{address, chrome, handbook};
use crate::organisation::{DepartmentId, Subject};
use crate::outlook::Status;
use crate::publish::Output;

/// Most rows of a list; the page of deadlines has them all.
const MOST_ROWS: usize = 10;

view! {
    OverviewView {
        title: String,
        crumbs: Vec<CrumbView>,
        greeting: String,
        calm: bool,
        summary: Vec<SummaryView>,
        day_note: String,
        front: Option<Markup>,
        soon_title: String,
        overdue: Vec<DutyRow>,
        overdue_total: usize,
        escalated: Vec<DutyRow>,
        escalated_total: usize,
        soon: Vec<DutyRow>,
        soon_total: usize,
        waiting: Vec<DutyRow>,
        waiting_total: usize,
        columns: Option<ColumnsView>,
        ageing: Option<AgeingView>,
        departments: Vec<DepartmentView>,
        department_most: usize,
        phases: Vec<String>,
        kinds: Vec<KindView>,
        kind_most: usize,
    }
}

view! {
    /// A number of the sentence, and the list it leads to.
    SummaryView {
        id: &'static str,
        tone: &'static str,
        text: String,
    }
}

view! {
    DepartmentView {
        department: Markup,
        open: usize,
        overdue: usize,
        soon: usize,
        parts: Vec<PartView>,
    }
}

view! {
    /// How many matters of a kind stand in each phase; the register has them by state.
    KindView {
        label: String,
        href: String,
        counts: Vec<usize>,
        parts: Vec<PartView>,
    }
}

view! {
    /// A stretch of a bar, in units of one.
    PartView {
        tone: &'static str,
        start: usize,
        count: usize,
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.overview.title");
    let lists = Lists::new(context);
    let within = context.dates.length(&context.register.profile().due_soon);
    let summary = lists.summary(context, &within);
    let rows = |list: &[usize]| context.duty_rows(list, "", MOST_ROWS);
    let (departments, department_most) = departments(context);
    let (kinds, kind_most) = kinds(context);
    let insider = context.outlook.viewer.is_insider();
    let page = OverviewView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([]),
        greeting: if summary.is_empty() {
            String::new()
        } else {
            context.word("site.overview.greeting").to_owned()
        },
        calm: summary.is_empty(),
        summary,
        day_note: day_note(context),
        front: handbook::front(context),
        soon_title: context
            .words
            .filled("site.overview.soon", &[("within", &within)]),
        overdue: rows(&lists.overdue),
        overdue_total: lists.overdue.len(),
        escalated: rows(&lists.escalated),
        escalated_total: lists.escalated.len(),
        soon: rows(&lists.soon),
        soon_total: lists.soon.len(),
        waiting: rows(&lists.waiting),
        waiting_total: lists.waiting.len(),
        columns: insider
            .then(|| {
                let title = context.word("site.chart.columns").to_owned();
                charts::columns(context, "months", title, &context.statistics.all)
            })
            .flatten(),
        ageing: insider.then(|| charts::ageing(context)).flatten(),
        departments,
        department_most,
        phases: PHASES
            .iter()
            .map(|phase| context.word(phase.1).to_owned())
            .collect(),
        kinds,
        kind_most,
    };
    context.page(
        "site/overview.html",
        "index.html".to_owned(),
        "index.html",
        Value::from(page),
    )
}

/// Open obligations by what they ask of the reader.
struct Lists {
    overdue: Vec<usize>,
    escalated: Vec<usize>,
    soon: Vec<usize>,
    waiting: Vec<usize>,
}

impl Lists {
    fn new(context: &Context<'_>) -> Self {
        let mut lists = Lists {
            overdue: Vec::new(),
            escalated: Vec::new(),
            soon: Vec::new(),
            waiting: Vec::new(),
        };
        for index in context.desks.open.iter().copied() {
            match context.tone(&context.outlook.obligations[index]) {
                "overdue" => lists.overdue.push(index),
                "escalated" => lists.escalated.push(index),
                "soon" => lists.soon.push(index),
                "waiting" => lists.waiting.push(index),
                _ => {}
            }
        }
        lists
    }

    fn summary(&self, context: &Context<'_>, within: &str) -> Vec<SummaryView> {
        let parts = [
            (
                "overdue",
                "site.overview.summary_overdue",
                self.overdue.len(),
            ),
            (
                "escalated",
                "site.overview.summary_escalated",
                self.escalated.len(),
            ),
            ("soon", "site.overview.summary_soon", self.soon.len()),
            (
                "waiting",
                "site.overview.summary_waiting",
                self.waiting.len(),
            ),
        ];
        parts
            .into_iter()
            .filter(|(_, _, count)| *count > 0)
            .map(|(id, name, count)| SummaryView {
                id,
                tone: id,
                text: context
                    .words
                    .filled(name, &[("count", &count.to_string()), ("within", within)]),
            })
            .collect()
    }
}

/// What kind of day it is, and which working day comes next.
fn day_note(context: &Context<'_>) -> String {
    let calendar = context.dates.calendar();
    let today = context.outlook.today;
    let next = calendar.next_working_day(today).map_or_else(
        |_| String::new(),
        |next| {
            let values = [
                ("day", &*Dates::day(next)),
                ("weekday", context.dates.weekday(next)),
            ];
            context
                .words
                .filled("site.overview.next_working_day", &values)
        },
    );
    let note = match calendar.day(today) {
        Ok(day) if day.kind.is_working() => context
            .words
            .filled("site.overview.working_day", &[("next", &next)]),
        Ok(day) => {
            let name = day.festival.map_or(context.dates.weekday(today), |name| {
                match context.language {
                    crate::text::Language::Chinese => &name.zh,
                    crate::text::Language::English => &name.en,
                }
            });
            let values = [("name", name), ("next", &next)];
            context.words.filled("site.overview.day_off", &values)
        }
        // No holiday table for the year; loading has said so.
        Err(_) => return String::new(),
    };
    note.trim_end().to_owned()
}

fn departments(context: &Context<'_>) -> (Vec<DepartmentView>, usize) {
    if !context.outlook.viewer.is_insider() {
        return (Vec::new(), 1);
    }
    let mut most = 1;
    let rows = (0..context.register.organisation.departments.len() as u32)
        .map(|id| {
            let desk = context.desks.department(id);
            let soon = desk
                .owes
                .iter()
                .filter(|index| context.outlook.obligations[**index].status == Status::DueSoon)
                .count();
            let open = desk.owes.len();
            most = most.max(open);
            DepartmentView {
                department: context.name(Subject::Department(DepartmentId(id)), ""),
                open,
                overdue: desk.overdue,
                soon,
                parts: parts([
                    ("late", desk.overdue),
                    ("soon", soon),
                    ("open", open - desk.overdue - soon),
                ]),
            }
        })
        .collect();
    (rows, most)
}

fn kinds(context: &Context<'_>) -> (Vec<KindView>, usize) {
    let total = |counts: &[usize]| counts.iter().sum::<usize>();
    let mut most = 1;
    let kinds = context
        .outlook
        .kinds()
        .map(|(index, kind)| {
            let counts = context.registers[index].totals();
            most = most.max(total(counts));
            KindView {
                label: context.text(&kind.name).to_owned(),
                href: address::register(&kind.id, 1),
                counts: counts.to_vec(),
                parts: parts([("open", counts[0]), ("rest", total(counts) - counts[0])]),
            }
        })
        .collect();
    (kinds, most)
}

fn parts<const N: usize>(counts: [(&'static str, usize); N]) -> Vec<PartView> {
    let mut start = 0;
    let mut parts = Vec::new();
    for (tone, count) in counts {
        if count > 0 {
            parts.push(PartView { tone, start, count });
        }
        start += count;
    }
    parts
}
