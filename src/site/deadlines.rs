//! Every open limit by the day it is due.

use jiff::civil::{Date, Weekday};

use super::chrome;
use super::chrome::CrumbView;
use super::context::Context;
use super::dates::Dates;
use super::duties::DutyRow;
use super::engine::SiteError;
use super::view::view;
use crate::outlook::Status;
use crate::publish::Output;

/// Most rows of a group: about 150 KB.
const MOST_ROWS: usize = 300;

view! {
    DeadlinesView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        groups: Vec<GroupView>,
    }
}

view! {
    GroupView {
        id: &'static str,
        label: String,
        total: usize,
        days: Vec<DayView>,
        empty: String,
        empty_text: String,
    }
}

view! {
    DayView {
        iso: String,
        day: String,
        weekday: String,
        relative: String,
        today: bool,
        items: Vec<DutyRow>,
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.deadlines.title");
    let today = context.outlook.today;
    let sunday = end_of_week(today);
    let next_sunday = sunday.tomorrow().map_or(sunday, end_of_week);
    let mut groups: [Vec<usize>; 4] = Default::default();
    for index in context.desks.open.iter().copied() {
        let obligation = &context.outlook.obligations[index];
        let date = obligation.due.date;
        let group = match obligation.status {
            Status::Overdue => 0,
            _ if date <= sunday => 1,
            _ if date <= next_sunday => 2,
            _ => 3,
        };
        groups[group].push(index);
    }
    let names = [
        (
            "overdue",
            "site.deadlines.overdue",
            "site.deadlines.overdue_none",
            "site.deadlines.overdue_none_text",
        ),
        (
            "this-week",
            "site.deadlines.this_week",
            "site.deadlines.this_week_none",
            "site.deadlines.this_week_none_text",
        ),
        (
            "next-week",
            "site.deadlines.next_week",
            "site.deadlines.next_week_none",
            "site.deadlines.next_week_none_text",
        ),
        (
            "later",
            "site.deadlines.later",
            "site.deadlines.later_none",
            "site.deadlines.later_none_text",
        ),
    ];
    let groups = names
        .into_iter()
        .zip(groups)
        .map(|((id, label, empty, empty_text), indexes)| GroupView {
            id,
            label: context.word(label).to_owned(),
            total: indexes.len(),
            days: days(context, &indexes, today),
            empty: context.word(empty).to_owned(),
            empty_text: context.word(empty_text).to_owned(),
        })
        .collect();
    let page = DeadlinesView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: context.word("site.deadlines.lead").to_owned(),
        groups,
    };
    context.page(
        "site/deadlines.html",
        "deadlines.html".to_owned(),
        "deadlines.html",
        page,
    )
}

/// Rows that are in order of time, day by day.
fn days(context: &Context<'_>, indexes: &[usize], today: Date) -> Vec<DayView> {
    let rows = &indexes[..indexes.len().min(MOST_ROWS)];
    let date_of = |index: &usize| context.outlook.obligations[*index].due.date;
    rows.chunk_by(|a, b| date_of(a) == date_of(b))
        .filter_map(|day| {
            let date = date_of(day.first()?);
            Some(DayView {
                iso: Dates::day(date),
                day: Dates::day(date),
                weekday: context.dates.weekday(date).to_owned(),
                relative: context.dates.near_day(date).to_owned(),
                today: date == today,
                items: context.duty_rows(day, "", day.len()),
            })
        })
        .collect()
}

/// The Sunday that ends the week (GB/T 7408: weeks begin on Monday).
fn end_of_week(date: Date) -> Date {
    if date.weekday() == Weekday::Sunday {
        return date;
    }
    date.nth_weekday(1, Weekday::Sunday).unwrap_or(date)
}
