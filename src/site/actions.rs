//! The action tracker: every task of every matter and meeting.

use super::chrome::CrumbView;
use super::context::Context;
use super::dates::Dates;
use super::engine::SiteError;
use super::markup::Markup;
use super::view::view;
use super::{address, chrome};
use crate::outlook::{Action, ActionStatus};
use crate::publish::Output;
use crate::record::Value;

/// Most rows of a group.
const MOST_ROWS: usize = 200;
/// Most rows of what is done: the latest.
const MOST_DONE: usize = 50;

view! {
    ActionsView {
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
        items: Vec<ActionRow>,
        empty: String,
        empty_text: String,
    }
}

view! {
    ActionRow {
        task: String,
        href: String,
        standard: String,
        owner: Markup,
        helpers: Option<String>,
        record: String,
        iso: Option<String>,
        when: Option<Markup>,
        tone: &'static str,
        relative: Option<String>,
        state: String,
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.actions.title");
    let mut groups: [Vec<&Action>; 4] = Default::default();
    for action in &context.outlook.actions {
        match action.status {
            ActionStatus::Overdue => groups[0].push(action),
            ActionStatus::DueSoon => groups[1].push(action),
            ActionStatus::Open => groups[2].push(action),
            ActionStatus::Done | ActionStatus::DoneLate => groups[3].push(action),
            ActionStatus::Dropped => {}
        }
    }
    for (index, group) in groups.iter_mut().enumerate() {
        group.sort_by_key(|action| {
            let due = action.due.map_or(i64::MAX, |due| due.instant.as_second());
            // What is done: the latest first.
            (
                if index == 3 { -due } else { due },
                action.record,
                action.section,
                action.row,
            )
        });
    }
    let [overdue, soon, later, done] = &groups;
    let open = overdue.len() + soon.len() + later.len();
    let lead = context.words.filled(
        "site.actions.lead",
        &[
            ("open", &open.to_string()),
            ("overdue", &overdue.len().to_string()),
        ],
    );
    let group = |id: &'static str, names: [&'static str; 3], actions: &[&Action]| {
        let [label, empty, empty_text] = names.map(|name| context.word(name).to_owned());
        GroupView {
            id,
            label,
            total: actions.len(),
            items: actions
                .iter()
                .take(if id == "done" { MOST_DONE } else { MOST_ROWS })
                .map(|action| row(context, action))
                .collect(),
            empty,
            empty_text,
        }
    };
    let page = ActionsView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead,
        groups: vec![
            group(
                "overdue",
                [
                    "site.actions.overdue",
                    "site.actions.overdue_none",
                    "site.actions.overdue_none_text",
                ],
                overdue,
            ),
            group(
                "soon",
                [
                    "site.actions.soon",
                    "site.actions.soon_none",
                    "site.actions.soon_none_text",
                ],
                soon,
            ),
            group(
                "later",
                [
                    "site.actions.later",
                    "site.actions.later_none",
                    "site.actions.later_none_text",
                ],
                later,
            ),
            group(
                "done",
                [
                    "site.actions.done",
                    "site.actions.done_none",
                    "site.actions.done_none_text",
                ],
                done,
            ),
        ],
    };
    context.page(
        "site/actions.html",
        "actions.html".to_owned(),
        "actions.html",
        page,
    )
}

fn row(context: &Context<'_>, action: &Action) -> ActionRow {
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
    let (tone, word) = match action.status {
        ActionStatus::Overdue => ("overdue", "site.tone.overdue"),
        ActionStatus::DueSoon => ("soon", "site.tone.soon"),
        ActionStatus::Open => ("pending", "site.tone.pending"),
        ActionStatus::Done => ("met", "site.tone.met"),
        ActionStatus::DoneLate => ("met-late", "site.tone.met-late"),
        ActionStatus::Dropped => ("stopped", "site.tone.lapsed"),
    };
    let helpers: Vec<&str> = action
        .helpers
        .iter()
        .map(|helper| context.plain_name(*helper))
        .collect();
    ActionRow {
        task: if task.is_empty() {
            record.heading().to_owned()
        } else {
            task
        },
        href: format!("{}#{}", address::record(&record.id.value), section.id),
        standard: line(commitment.and_then(|commitment| commitment.standard)),
        owner: context.name_or_nobody(action.owner, ""),
        helpers: (!helpers.is_empty()).then(|| {
            context.words.filled(
                "site.actions.with",
                &[(
                    "names",
                    &helpers.join(context.word("display.list_separator")),
                )],
            )
        }),
        record: record.id.value.to_string(),
        iso: action.due.map(|due| Dates::instant(due.instant)),
        when: action.due.map(|due| {
            let date = due.date;
            Markup::time(&Dates::day(date), &context.dates.long_day(date), None)
        }),
        tone,
        relative: action.due.map(|due| match action.done {
            Some(done) => context.dates.met(&due, done),
            None => context.dates.relative(&due),
        }),
        state: context.word(word).to_owned(),
    }
}
