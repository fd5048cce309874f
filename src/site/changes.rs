//! What was changed of late in which records, by whom and when: from git, for
//! the company's own people.

use jiff::{Timestamp, ToSpan};

use super::chrome;
use super::chrome::CrumbView;
use super::context::Context;
use super::dates::Dates;
use super::engine::SiteError;
use super::markup::Markup;
use super::record_past::{LineView, line, who};
use super::take::TakeLink;
use super::view::view;
use crate::calendar::Moment;
use crate::exchange::Item;
use crate::exchange::atom::did_word;
use crate::exchange::changes::{RecordsChanged, changes};
use crate::past::{Extent, Telling};
use crate::publish::Output;

/// Where the page stands.
pub(super) const ADDRESS: &str = "changes.html";
/// How far back it reaches from the newest change, in days, and how many
/// changed records it shows at most.
const DAYS: i64 = 30;
const MOST: usize = 200;
/// Of a commit that changed more records than this only so many are named.
const MOST_OF_COMMIT: usize = 12;
/// Of a record so many parts that changed are told; its page tells all.
const MOST_OF_RECORD: usize = 4;

view! {
    ChangesView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        pending: Vec<CommitView>,
        take: Vec<TakeLink>,
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
        total: usize,
        commits: Vec<CommitView>,
    }
}

view! {
    CommitView {
        iso: String,
        clock: String,
        who: Option<Markup>,
        subject: Option<String>,
        id: String,
        records: Vec<ChangeView>,
        more: Option<String>,
    }
}

view! {
    ChangeView {
        id: String,
        link: Markup,
        kind: String,
        did: String,
        note: Option<String>,
        lines: Vec<LineView>,
        rest: Option<String>,
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.changes.title");
    let all = changes(context.outlook, context.past);
    let pending = all.iter().take_while(|change| change.commit.is_none());
    let pending: Vec<CommitView> = { pending }.map(|change| commit(context, change)).collect();
    let all = &all[pending.len()..];
    let shown = of_late(all);
    let days: Vec<DayView> = shown
        .chunk_by(|a, b| day_of(context, a) == day_of(context, b))
        .filter_map(|of_day| {
            let date = day_of(context, of_day.first()?)?;
            Some(DayView {
                iso: Dates::day(date),
                day: Dates::day(date),
                weekday: context.dates.weekday(date).to_owned(),
                total: of_day.iter().map(|change| change.records.len()).sum(),
                commits: of_day
                    .iter()
                    .map(|change| commit(context, change))
                    .collect(),
            })
        })
        .collect();
    let shallow = context.past.extent() == Extent::Part;
    let lead = match (all.is_empty(), shallow) {
        (true, _) => String::new(),
        (false, shallow) => {
            let count: usize = shown.iter().map(|change| change.records.len()).sum();
            let lead = if shallow {
                "site.changes.lead_shallow"
            } else {
                "site.changes.lead"
            };
            context.words.filled(lead, &[("count", &count.to_string())])
        }
    };
    let (empty, empty_text) = if context.past.extent() == Extent::Nothing {
        ("site.changes.no_git", "site.changes.no_git_text")
    } else {
        ("site.changes.none", "site.changes.none_text")
    };
    let page = ChangesView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead,
        pending,
        take: [Item::Changes, Item::History]
            .into_iter()
            .flat_map(|item| context.take(&item, title, ""))
            .collect(),
        days,
        empty: context.word(empty).to_owned(),
        empty_text: context.word(empty_text).to_owned(),
    };
    context.page("site/changes.html", ADDRESS.to_owned(), ADDRESS, page)
}

/// The changes of the last days, counted back from the newest: the site may be
/// of an earlier instant than its files.
fn of_late<'c, 'l>(all: &'c [RecordsChanged<'l>]) -> &'c [RecordsChanged<'l>] {
    let at = |change: &RecordsChanged<'_>| change.commit.map(|commit| commit.at);
    let Some(newest) = all.first().and_then(at) else {
        return all;
    };
    let since = newest
        .checked_sub((DAYS * 24).hours())
        .unwrap_or(Timestamp::MIN);
    let mut count = 0;
    let end = all.iter().position(|change| {
        let full = count >= MOST;
        count += change.records.len().min(MOST_OF_COMMIT);
        full || at(change).is_some_and(|at| at < since)
    });
    &all[..end.unwrap_or(all.len())]
}

fn day_of(context: &Context<'_>, change: &RecordsChanged<'_>) -> Option<jiff::civil::Date> {
    Some(context.dates.parts(Moment::Instant(change.commit?.at)).0)
}

fn commit(context: &Context<'_>, change: &RecordsChanged<'_>) -> CommitView {
    let register = context.register;
    let clock = change.commit.map(|commit| {
        let (_, clock) = context.dates.parts(Moment::Instant(commit.at));
        clock.unwrap_or_default()
    });
    let telling = Telling::new(context.display);
    let records = change.records.iter().take(MOST_OF_COMMIT);
    let rest = change.records.len().saturating_sub(MOST_OF_COMMIT);
    CommitView {
        iso: { change.commit }.map_or_else(String::new, |commit| Dates::instant(commit.at)),
        clock: clock.unwrap_or_default(),
        who: { change.records.first() }.and_then(|(_, step)| who(context, step, "")),
        id: { change.commit }.map_or_else(String::new, |commit| commit.short().to_owned()),
        subject: change.subject.map(str::to_owned),
        records: records
            .map(|(index, step)| {
                let record = &register.records[*index];
                let kind = register.kind_of(record);
                let facts = telling.facts(kind, &record.id.value, &step.facts);
                let rest = facts.len().saturating_sub(MOST_OF_RECORD);
                ChangeView {
                    id: record.id.value.to_string(),
                    link: context.record_link(&record.id.value, Some(record.heading()), ""),
                    kind: context.text(&kind.name).to_owned(),
                    did: context.word(did_word(step.did)).to_owned(),
                    note: telling.note(step).filter(|_| step.commit.is_some()),
                    lines: { facts.into_iter() }
                        .take(MOST_OF_RECORD)
                        .map(line)
                        .collect(),
                    rest: (rest > 0).then(|| {
                        let rest = rest.to_string();
                        context
                            .words
                            .filled("site.changes.rest", &[("count", &rest)])
                    }),
                }
            })
            .collect(),
        more: (rest > 0).then(|| {
            context
                .words
                .filled("site.changes.more", &[("count", &rest.to_string())])
        }),
    }
}
