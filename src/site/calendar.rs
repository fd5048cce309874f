//! The calendar: a page a month with working days, festivals, what is due and
//! when people meet.
//!
//! Invariant: only months with something in them have a page, and the current
//! and the next one.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::chrome::CrumbView;
use super::context::Context;
use super::dates::Dates;
use super::engine::SiteError;
use super::markup::Markup;
use super::view::view;
use super::{address, chrome};
use crate::calendar::{DayKind, Moment};
use crate::outlook::{Appointment, Outlook, appointments};
use crate::publish::Output;
use crate::text::Language;

/// Most limits of a day; the page of deadlines has them all.
const MOST_DUTIES: usize = 6;
/// Most meetings of a day.
const MOST_EVENTS: usize = 6;
/// Days that a meeting can last: what lasts longer is a slip of the pen.
const LONGEST: i32 = 31;

/// What stands in the calendar on a day.
#[derive(Default)]
struct Entries {
    /// Open limits by due instant, as indexes of the outlook's obligations.
    duties: Vec<usize>,
    /// How many that were due that day are settled.
    settled: usize,
    /// As indexes of the appointments.
    events: Vec<usize>,
}

/// All days on which something stands.
pub(super) struct Almanac {
    /// By when they begin.
    appointments: Vec<Appointment>,
    days: BTreeMap<Date, Entries>,
    /// The months that have a page, by their first days.
    months: Vec<Date>,
}

impl Almanac {
    /// The first day of a month that has a page, by its index.
    pub fn first_day(&self, month: usize) -> Date {
        self.months[month]
    }

    pub fn new(outlook: &Outlook<'_>) -> Self {
        let register = outlook.register;
        let mut days: BTreeMap<Date, Entries> = BTreeMap::new();
        for (index, owed) in outlook.obligations.iter().enumerate() {
            let entries = days.entry(owed.due.date).or_default();
            match owed.status.is_open() {
                true => entries.duties.push(index),
                false => entries.settled += 1,
            }
        }
        let appointments = appointments(outlook);
        for (index, appointment) in appointments.iter().enumerate() {
            if appointment.cancelled {
                continue;
            }
            let first = register.calendar.date(appointment.starts);
            let last = appointment
                .ends
                .map_or(first, |ends| register.calendar.date(ends));
            let most = first.checked_add(LONGEST.days()).unwrap_or(first);
            let dates = first.series(1.day());
            for date in dates.take_while(|date| *date <= last.min(most)) {
                days.entry(date).or_default().events.push(index);
            }
        }
        for entries in days.values_mut() {
            let due = |index: &usize| outlook.obligations[*index].due.instant;
            entries.duties.sort_by_key(|index| (due(index), *index));
        }
        let today = outlook.today.first_of_month();
        let next = today.checked_add(1.month()).unwrap_or(today);
        let mut months: Vec<Date> = days.keys().map(|day| day.first_of_month()).collect();
        months.extend([today, next]);
        months.sort_unstable();
        months.dedup();
        Almanac {
            appointments,
            days,
            months,
        }
    }

    /// How many months have a page.
    pub fn len(&self) -> usize {
        self.months.len()
    }
}

view! {
    CalendarView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        lead: String,
        unknown: bool,
        before: Option<MonthLink>,
        after: Option<MonthLink>,
        years: Vec<YearView>,
        weekdays: Vec<String>,
        weeks: Vec<Vec<DayView>>,
    }
}

view! {
    MonthLink {
        label: String,
        href: Option<String>,
    }
}

view! {
    /// The months of a year that have a page.
    YearView {
        label: String,
        months: Vec<MonthLink>,
    }
}

view! {
    /// A day; without a number it belongs to another month.
    DayView {
        iso: String,
        number: String,
        weekday: String,
        relative: String,
        class: String,
        mark: Option<String>,
        festival: Option<String>,
        events: Vec<EventView>,
        duties: Vec<DutyView>,
        more: Option<MonthLink>,
        settled: Option<String>,
    }
}

view! {
    EventView {
        clock: String,
        title: String,
        href: String,
        kind: String,
        place: String,
    }
}

view! {
    DutyView {
        tone: &'static str,
        state: String,
        label: String,
        title: String,
        href: String,
        who: Markup,
        others: Option<String>,
        iso: String,
    }
}

/// The page of a month by its index; the current month stands at the root, too.
pub(super) fn render(context: &Context<'_>, month: Option<usize>) -> Result<Output, SiteError> {
    let almanac = &context.almanac;
    let today = context.outlook.today.first_of_month();
    let first = month.map_or(today, |month| almanac.months[month]);
    let root = if month.is_some() { "../" } else { "" };
    let link = |month: &Date| format!("{root}{}", address::month(month.year(), month.month()));
    let neighbour = |month: Option<&Date>| {
        month.map(|month| MonthLink {
            label: context.month_name(month.year(), month.month()),
            href: Some(link(month)),
        })
    };
    let at = almanac.months.iter().position(|known| *known == first);
    let before = at.and_then(|at| almanac.months.get(at.checked_sub(1)?));
    let after = at.and_then(|at| almanac.months.get(at + 1));
    let name = context.month_name(first.year(), first.month());
    let title = context.word("site.calendar.title");
    let counted = counts(context, first);
    let mut crumbs = chrome::crumbs([(
        context.word("site.overview.title"),
        Some(format!("{root}index.html")),
    )]);
    match month {
        Some(_) => crumbs.extend(chrome::crumbs([
            (title, Some(format!("{root}calendar.html"))),
            (&name, None),
        ])),
        None => crumbs.extend(chrome::crumbs([(title, None)])),
    }
    let page = CalendarView {
        title: format!("{title} {name}"),
        crumbs,
        heading: name.clone(),
        lead: counted.text,
        unknown: !counted.known,
        before: neighbour(before),
        after: neighbour(after),
        years: almanac
            .months
            .chunk_by(|a, b| a.year() == b.year())
            .map(|months| YearView {
                label: months
                    .first()
                    .map_or_else(String::new, |month| month.year().to_string()),
                months: months
                    .iter()
                    .map(|month| MonthLink {
                        label: context
                            .words
                            .get(&format!("display.months.{}", month.month()))
                            .to_owned(),
                        href: (*month != first).then(|| link(month)),
                    })
                    .collect(),
            })
            .collect(),
        weekdays: (1..=7)
            .map(|day| {
                context
                    .words
                    .get(&format!("display.weekdays.{day}"))
                    .to_owned()
            })
            .collect(),
        weeks: weeks(context, first, root),
    };
    let path = match month {
        Some(_) => address::month(first.year(), first.month()),
        None => "calendar.html".to_owned(),
    };
    context.page("site/calendar.html", path, "calendar.html", page)
}

/// What a month comes to.
struct Counted {
    text: String,
    /// Whether its days off are known.
    known: bool,
}

fn counts(context: &Context<'_>, first: Date) -> Counted {
    let calendar = context.dates.calendar();
    let (mut working, mut due, mut meetings) = (0, 0, 0);
    let mut known = true;
    for date in days_of(first) {
        match calendar.is_working_day(date) {
            Ok(is_working) => working += usize::from(is_working),
            Err(_) => known = false,
        }
        if let Some(entries) = context.almanac.days.get(&date) {
            due += entries.duties.len();
            meetings += entries.events.len();
        }
    }
    let name = if known {
        "site.calendar.lead"
    } else {
        "site.calendar.lead_unknown"
    };
    let text = context.words.filled(
        name,
        &[
            ("working", &working.to_string()),
            ("due", &due.to_string()),
            ("meetings", &meetings.to_string()),
        ],
    );
    Counted { text, known }
}

fn days_of(first: Date) -> impl Iterator<Item = Date> {
    let last = first.last_of_month();
    first.series(1.day()).take_while(move |date| *date <= last)
}

/// The month week by week, from Monday (GB/T 7408), filled up with days of its
/// neighbours.
fn weeks(context: &Context<'_>, first: Date, root: &str) -> Vec<Vec<DayView>> {
    let lead = usize::try_from(first.weekday().to_monday_zero_offset()).unwrap_or(0);
    let mut days: Vec<DayView> = (0..lead).map(|_| DayView::outside()).collect();
    days.extend(days_of(first).map(|date| day(context, date, root)));
    while !days.len().is_multiple_of(7) {
        days.push(DayView::outside());
    }
    let mut weeks = Vec::with_capacity(6);
    while !days.is_empty() {
        let rest = days.split_off(7.min(days.len()));
        weeks.push(std::mem::replace(&mut days, rest));
    }
    weeks
}

impl DayView {
    fn outside() -> Self {
        DayView {
            iso: String::new(),
            number: String::new(),
            weekday: String::new(),
            relative: String::new(),
            class: "outside".to_owned(),
            mark: None,
            festival: None,
            events: Vec::new(),
            duties: Vec::new(),
            more: None,
            settled: None,
        }
    }
}

fn day(context: &Context<'_>, date: Date, root: &str) -> DayView {
    let empty = Entries::default();
    let entries = context.almanac.days.get(&date).unwrap_or(&empty);
    let known = context.dates.calendar().day(date).ok();
    let kind = known.map(|day| day.kind);
    let festival = known
        .and_then(|day| day.festival)
        .map(|name| match context.language {
            Language::Chinese => name.zh.clone(),
            Language::English => name.en.clone(),
        });
    let mark = match kind {
        Some(DayKind::MakeUp) => Some("site.calendar.make_up"),
        Some(DayKind::Holiday) => Some("site.calendar.holiday"),
        _ => None,
    };
    let today = context.outlook.today;
    let mut class = kind.map_or("unknown", DayKind::code).to_owned();
    if date == today {
        class.push_str(" today");
    }
    if entries.duties.is_empty() && entries.events.is_empty() {
        class.push_str(" quiet");
    }
    let duties = duties(context, &entries.duties, root);
    let hidden =
        duties.len().saturating_sub(MOST_DUTIES) + entries.events.len().saturating_sub(MOST_EVENTS);
    DayView {
        iso: Dates::day(date),
        number: date.day().to_string(),
        weekday: context.dates.weekday(date).to_owned(),
        relative: if date == today {
            context.word("site.calendar.today").to_owned()
        } else {
            String::new()
        },
        class,
        mark: mark.map(|mark| context.words.get(mark).to_owned()),
        festival,
        events: entries
            .events
            .iter()
            .take(MOST_EVENTS)
            .map(|event| event_view(context, *event, date, root))
            .collect(),
        duties: duties.into_iter().take(MOST_DUTIES).collect(),
        more: (hidden > 0).then(|| MonthLink {
            label: context
                .words
                .filled("site.calendar.more", &[("count", &hidden.to_string())]),
            href: Some(format!("{root}deadlines.html")),
        }),
        settled: (entries.settled > 0).then(|| {
            let count = entries.settled.to_string();
            context
                .words
                .filled("site.calendar.settled", &[("count", &count)])
        }),
    }
}

fn event_view(context: &Context<'_>, index: usize, date: Date, root: &str) -> EventView {
    let appointment = &context.almanac.appointments[index];
    let record = &context.register.records[appointment.record];
    let kind = context.register.kind_of(record);
    let label = kind.appointments[appointment.of].label.as_ref();
    let clock = |moment: Moment| {
        let (day, clock) = context.dates.parts(moment);
        clock.filter(|_| day == date)
    };
    let from = clock(appointment.starts);
    let to = appointment.ends.and_then(clock);
    let clock = match (from, to) {
        (Some(from), Some(to)) => format!("{from}–{to}"),
        (Some(from), None) => from,
        (None, Some(to)) => format!("–{to}"),
        (None, None) => String::new(),
    };
    EventView {
        clock,
        title: record.heading().to_owned(),
        href: format!("{root}{}", address::record(&record.id.value)),
        kind: context.text(label.unwrap_or(&kind.name)).to_owned(),
        place: appointment.place.clone().unwrap_or_default(),
    }
}

/// What is due on a day; what several people owe alike stands once.
fn duties(context: &Context<'_>, indexes: &[usize], root: &str) -> Vec<DutyView> {
    let mut views: Vec<(DutyView, usize)> = Vec::new();
    for index in indexes {
        let row = context.duty_row(*index, root);
        let alike = views
            .iter_mut()
            .find(|(view, _)| view.href == row.href && view.label == row.label);
        match alike {
            Some((_, count)) => *count += 1,
            None => views.push((
                DutyView {
                    tone: row.tone,
                    state: row.state,
                    label: row.label,
                    title: row.title,
                    href: row.href,
                    who: row.who,
                    others: None,
                    iso: row.iso,
                },
                1,
            )),
        }
    }
    views
        .into_iter()
        .map(|(mut view, count)| {
            view.others = (count > 1).then(|| {
                let count = count.to_string();
                context
                    .words
                    .filled("site.calendar.others", &[("count", &count)])
            });
            view
        })
        .collect()
}

impl Context<'_> {
    /// 2026年5月
    pub fn month_name(&self, year: i16, month: i8) -> String {
        let name = self
            .words
            .get(&format!("display.months.{month}"))
            .to_owned();
        self.words.filled(
            "site.calendar.month",
            &[("year", &year.to_string()), ("month", &name)],
        )
    }
}
