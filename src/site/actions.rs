//! The action tracker: every task of every matter and meeting.

use super::cells::{Cell, Choice, Column, Holds, Row};
use super::context::Context;
use super::deadlines::kinds;
use super::engine::SiteError;
use super::list::{Group, List, ListPage, Of, Pages};
use super::markup::Markup;
use super::{address, chrome};
use crate::exchange::Item;
use crate::organisation::Subject;
use crate::outlook::{Action, ActionStatus};
use crate::publish::Output;
use crate::record::Value;

/// How a task can stand, with the tone it is shown in.
const STATES: [(ActionStatus, &str, &str); 6] = [
    (ActionStatus::Overdue, "overdue", "site.tone.overdue"),
    (ActionStatus::DueSoon, "soon", "site.tone.soon"),
    (ActionStatus::Open, "pending", "site.tone.pending"),
    (ActionStatus::DoneLate, "met-late", "site.tone.met-late"),
    (ActionStatus::Done, "met", "site.tone.met"),
    (ActionStatus::Dropped, "stopped", "site.tone.lapsed"),
];

/// All tasks as a list: what is late first, what is done last.
pub(super) fn list(context: &Context<'_>) -> List {
    let group = |id, words| Group::new(context, id, words);
    let groups = vec![
        group(
            "overdue",
            [
                "site.actions.overdue",
                "site.actions.overdue_none",
                "site.actions.overdue_none_text",
            ],
        ),
        group(
            "soon",
            [
                "site.actions.soon",
                "site.actions.soon_none",
                "site.actions.soon_none_text",
            ],
        ),
        group(
            "later",
            [
                "site.actions.later",
                "site.actions.later_none",
                "site.actions.later_none_text",
            ],
        ),
        group(
            "done",
            [
                "site.actions.done",
                "site.actions.done_none",
                "site.actions.done_none_text",
            ],
        ),
    ];
    let actions = &context.outlook.actions;
    let group_of = |action: &Action| match action.status {
        ActionStatus::Overdue => Some(0),
        ActionStatus::DueSoon => Some(1),
        ActionStatus::Open => Some(2),
        ActionStatus::Done | ActionStatus::DoneLate => Some(3),
        ActionStatus::Dropped => None,
    };
    let mut items: Vec<(usize, usize)> = actions
        .iter()
        .enumerate()
        .filter_map(|(index, action)| Some((group_of(action)?, index)))
        .collect();
    items.sort_by_key(|(group, index)| {
        let due = actions[*index].due;
        let due = due.map_or(i64::MAX, |due| due.instant.as_second());
        // of what is done the latest first
        (if *group == 3 { -due } else { due }, *index)
    });
    let pages = Pages::new(groups.len(), items.into_iter());
    List::new(
        Of::Actions,
        "actions".to_owned(),
        columns(context),
        groups,
        pages,
        None,
    )
}

fn columns(context: &Context<'_>) -> Vec<Column> {
    let column = |id: &str, name: &'static str, holds: Holds| {
        Column::new(id, context.words.get(name), holds)
    };
    let states = STATES.map(|(_, tone, word)| Choice {
        id: tone.to_owned(),
        label: context.word(word).to_owned(),
        tone,
    });
    vec![
        column("due", "site.actions.due", Holds::Due),
        column("title", "site.actions.task", Holds::Title),
        column("person", "site.actions.owner", Holds::Names).filterable(),
        column("number", "site.actions.source", Holds::Number),
        column("state", "site.list.state", Holds::State)
            .of(states.into())
            .filterable(),
        column("done", "site.actions.done_on", Holds::Moment).optional(),
        column("helpers", "site.actions.helpers", Holds::Names).optional(),
        column("matter", "site.list.title", Holds::Prose).optional(),
        column("department", "site.list.department", Holds::Names)
            .optional()
            .filterable(),
        column("kind", "site.list.kind", Holds::Choice)
            .of(kinds(context))
            .optional()
            .filterable(),
    ]
}

/// A task in these columns.
pub(super) fn row(context: &Context<'_>, index: usize) -> Row {
    let action = &context.outlook.actions[index];
    let record = &context.register.records[action.record];
    let section = &context.register.kinds[record.kind].sections[action.section];
    let line = |field: Option<usize>| -> String {
        let cell =
            field.and_then(|field| record.section(action.section).get(action.row)?.get(field));
        match cell.map(|cell| &cell.value) {
            Some(Value::Text(text)) => text.lines().next().unwrap_or("").to_owned(),
            _ => String::new(),
        }
    };
    let commitment = section.commitment.as_ref();
    let task = line(commitment.map(|commitment| commitment.what));
    let state = STATES
        .iter()
        .position(|(status, ..)| *status == action.status)
        .unwrap_or(2);
    let department = action
        .owner
        .and_then(|owner| context.register.organisation.department_of(owner))
        .or_else(|| context.outlook.department_of(action.record));
    vec![
        action.due.map_or(Cell::Nothing, |due| Cell::Due {
            due,
            tone: STATES[state].1,
            relative: match action.done {
                Some(done) => context.dates.met(&due, done),
                None => context.dates.relative(&due),
            },
        }),
        Cell::Title {
            text: if task.is_empty() {
                record.heading().to_owned()
            } else {
                task
            },
            href: format!("{}#{}", address::record(&record.id.value), section.id),
            sub: line(commitment.and_then(|commitment| commitment.standard)),
            tags: Vec::new(),
        },
        Cell::name(action.owner),
        Cell::text(&*record.id.value),
        Cell::Choice(state),
        action.done.map_or(Cell::Nothing, Cell::Moment),
        Cell::Names(action.helpers.clone()),
        Cell::text(record.heading()),
        Cell::name(department.map(Subject::Department)),
        Cell::Choice(record.kind),
    ]
}

pub(super) fn render(
    context: &Context<'_>,
    list: &List,
    number: usize,
) -> Result<Output, SiteError> {
    let title = context.word("site.actions.title");
    let totals = list.pages.totals();
    let open: usize = totals[..3].iter().sum();
    let lead = context.words.filled(
        "site.actions.lead",
        &[
            ("open", &open.to_string()),
            ("overdue", &totals[0].to_string()),
        ],
    );
    let page = ListPage {
        title,
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: Markup::text(&lead),
        begin: None,
        blanks: Vec::new(),
        papers: Vec::new(),
        take: context.take(&Item::Actions, title, ""),
        current: "actions.html",
        root: "",
        number,
        address: &|number| address::numbered("actions", number),
        columns: &list.columns,
        groups: &list.groups,
        pages: &list.pages,
        data: Some(&list.name),
        skip_empty: false,
    };
    page.render(context, |index| row(context, index))
}
