//! What was changed of late in which records, by whom and when: from git, for
//! the company's own people.

use jiff::{Timestamp, ToSpan};

use super::chrome;
use super::chrome::CrumbView;
use super::context::Context;
use super::dates::Dates;
use super::engine::SiteError;
use super::markup::Markup;
use super::take::TakeLink;
use super::view::view;
use crate::calendar::Moment;
use crate::exchange::Item;
use crate::exchange::atom::did_word;
use crate::exchange::changes::{RecordsChanged, changes};
use crate::history::Log;
use crate::organisation::Subject;
use crate::publish::Output;

/// Where the page stands.
pub(super) const ADDRESS: &str = "changes.html";
/// How far back it reaches from the newest change, in days, and how many
/// changed records it shows at most.
const DAYS: i64 = 30;
const MOST: usize = 200;
/// Of a commit that changed more records than this only so many are named.
const MOST_OF_COMMIT: usize = 12;

view! {
    ChangesView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
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
        who: Markup,
        subject: Option<String>,
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
    }
}

pub(super) fn render(context: &Context<'_>, log: &Log) -> Result<Output, SiteError> {
    let title = context.word("site.changes.title");
    let all = changes(context.outlook, log);
    let shown = of_late(&all);
    let days: Vec<DayView> = shown
        .chunk_by(|a, b| day_of(context, a) == day_of(context, b))
        .filter_map(|of_day| {
            let date = day_of(context, of_day.first()?);
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
    let lead = match (all.is_empty(), log.shallow) {
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
    let (empty, empty_text) = if log.commits.is_empty() {
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
        take: context.take(Item::Changes, title, ""),
        days,
        empty: context.word(empty).to_owned(),
        empty_text: context.word(empty_text).to_owned(),
    };
    context.page("site/changes.html", ADDRESS.to_owned(), ADDRESS, page)
}

/// The changes of the last days, counted back from the newest: the site may be
/// of an earlier instant than its files.
fn of_late<'c, 'l>(all: &'c [RecordsChanged<'l>]) -> &'c [RecordsChanged<'l>] {
    let Some(newest) = all.first() else {
        return all;
    };
    let since = newest
        .commit
        .at
        .checked_sub((DAYS * 24).hours())
        .unwrap_or(Timestamp::MIN);
    let mut count = 0;
    let end = all.iter().position(|change| {
        let full = count >= MOST;
        count += change.records.len().min(MOST_OF_COMMIT);
        full || change.commit.at < since
    });
    &all[..end.unwrap_or(all.len())]
}

fn day_of(context: &Context<'_>, change: &RecordsChanged<'_>) -> jiff::civil::Date {
    context.dates.parts(Moment::Instant(change.commit.at)).0
}

fn commit(context: &Context<'_>, change: &RecordsChanged<'_>) -> CommitView {
    let register = context.register;
    let (_, clock) = context.dates.parts(Moment::Instant(change.commit.at));
    let records = change.records.iter().take(MOST_OF_COMMIT);
    let rest = change.records.len().saturating_sub(MOST_OF_COMMIT);
    CommitView {
        iso: Dates::instant(change.commit.at),
        clock: clock.unwrap_or_default(),
        who: match change.person {
            Some(person) => context.name(Subject::Person(person), ""),
            None => Markup::text(&change.commit.author),
        },
        subject: change.subject.map(str::to_owned),
        records: records
            .map(|(index, did)| {
                let record = &register.records[*index];
                ChangeView {
                    id: record.id.value.to_string(),
                    link: context.record_link(&record.id.value, Some(record.heading()), ""),
                    kind: context.text(&register.kind_of(record).name).to_owned(),
                    did: context.word(did_word(*did)).to_owned(),
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
