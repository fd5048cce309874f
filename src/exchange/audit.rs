//! Every change of every record in lines, for whoever looks into what happened:
//! who, when, in which commit, what from what to what, and how long the record
//! had stood in the state that it left.

use super::atom::did_word;
use super::field::Data;
use super::table::{ColumnType, Columns, Datum, Table};
use crate::display::{DateStyle, Display};
use crate::organisation::Subject;
use crate::outlook::Outlook;
use crate::past::{FactPart, FactView, Past, Step, Telling, visits};
use crate::text::Language;

/// A line: a part that changed, or a change of which no part is told.
#[derive(Clone)]
struct Line<'p> {
    record: Subjected,
    step: Step<'p>,
    fact: Option<FactView>,
    /// How long the state had lasted that was left: hours, working days.
    spent: Option<(i64, Option<i64>)>,
}

/// What a line is about.
#[derive(Clone)]
struct Subjected {
    number: String,
    title: String,
    kind: Option<usize>,
    state: Option<String>,
}

/// The audit list of the changes that `wanted` takes, by the record's number
/// and the step, newest first; what is
/// not committed yet stands first.
pub fn audit<'r>(
    outlook: &Outlook<'r>,
    language: Language,
    past: &Past,
    wanted: impl Fn(&str, &Step<'_>) -> bool,
) -> Table<'r> {
    let register = outlook.register;
    let display = Display::new(register, language, DateStyle::Table);
    let data = Data { outlook, display };
    let telling = Telling::new(display);
    let word = |name: &str| display.words.get(name).to_owned();
    let mut lines: Vec<Line<'_>> = Vec::new();
    for index in &outlook.records {
        let record = &register.records[*index];
        let kind = register.kind_of(record);
        let Some(timeline) = past.timeline(outlook, *index) else {
            continue;
        };
        let visits = visits(&timeline, &register.calendar);
        for step in timeline.steps {
            if !wanted(&record.id.value, &step) {
                continue;
            }
            let about = Subjected {
                number: record.id.value.to_string(),
                title: record.title.value.to_string(),
                kind: Some(record.kind),
                state: step.head.map(|head| telling.state(kind, &head.state)),
            };
            let left = { visits.iter() }
                .filter(|visit| visit.left_in.is_some() && visit.left_in == step.index)
                .map(|visit| (visit.time.as_hours(), visit.working_days))
                .next();
            let number = &record.id.value;
            let facts = step.facts.iter().filter_map(|fact| {
                let view = telling
                    .facts(kind, number, std::slice::from_ref(fact))
                    .pop()?;
                let spent = left.filter(|_| fact.part == FactPart::State);
                Some((Some(view), spent))
            });
            let mut facts: Vec<_> = facts.collect();
            if facts.is_empty() {
                facts.push((None, None));
            }
            lines.extend(facts.into_iter().map(|(fact, spent)| Line {
                record: about.clone(),
                step: step.clone(),
                fact,
                spent,
            }));
        }
    }
    lines.extend(
        { past.gone(outlook).into_iter() }
            .filter(|gone| wanted(&gone.number, &gone.step))
            .map(|gone| Line {
                record: Subjected {
                    number: gone.number,
                    title: gone.title,
                    kind: gone.kind,
                    state: None,
                },
                step: gone.step,
                fact: None,
                spent: None,
            }),
    );
    lines.sort_by(|a, b| {
        let key = |line: &Line<'_>| {
            line.step
                .index
                .map(|index| past.log().changes[index].commit)
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| a.record.number.cmp(&b.record.number))
    });
    let mut columns: Columns<'_, 'r, Line<'_>> = Columns::default();
    columns.add(
        "at",
        word("exchange.column.at"),
        ColumnType::Instant,
        |line: &Line<'_>| {
            Datum::from(
                line.step
                    .commit
                    .map(|commit| crate::calendar::Moment::Instant(commit.at)),
            )
        },
    );
    columns.add(
        "person",
        word("exchange.column.person"),
        ColumnType::Name,
        move |line: &Line<'_>| data.name_of(line.step.person.map(Subject::Person)),
    );
    columns.add(
        "author",
        word("exchange.column.author"),
        ColumnType::Text,
        |line: &Line<'_>| {
            line.step
                .commit
                .map_or(Datum::Nothing, |commit| Datum::text(commit.author.clone()))
        },
    );
    columns.add(
        "email",
        word("exchange.column.email"),
        ColumnType::Text,
        |line: &Line<'_>| {
            line.step
                .commit
                .map_or(Datum::Nothing, |commit| Datum::text(commit.email.clone()))
        },
    );
    columns.add(
        "record",
        word("exchange.column.id"),
        ColumnType::Record,
        |line: &Line<'_>| Datum::text(line.record.number.clone()),
    );
    columns.add(
        "title",
        word("exchange.column.title"),
        ColumnType::Text,
        |line: &Line<'_>| Datum::text(line.record.title.clone()),
    );
    columns.add(
        "kind",
        word("exchange.column.kind"),
        ColumnType::Choice,
        move |line: &Line<'_>| {
            line.record.kind.map_or(Datum::Nothing, |kind| {
                let kind = &register.kinds[kind];
                Datum::Named {
                    id: (*kind.id).into(),
                    name: kind.name.get(language).into(),
                }
            })
        },
    );
    columns.add(
        "did",
        word("exchange.column.did"),
        ColumnType::Choice,
        move |line: &Line<'_>| Datum::Named {
            id: line.step.did.name().into(),
            name: display.words.get(did_word(line.step.did)).into(),
        },
    );
    columns.add(
        "part",
        word("exchange.column.part"),
        ColumnType::Text,
        |line: &Line<'_>| {
            line.fact
                .as_ref()
                .map_or(Datum::Nothing, |fact| Datum::text(fact.label.clone()))
        },
    );
    for (id, name, of) in [
        (
            "before",
            "exchange.column.before",
            (|fact| &fact.before) as fn(&FactView) -> &Option<String>,
        ),
        ("after", "exchange.column.after", |fact| &fact.after),
    ] {
        columns.add(id, word(name), ColumnType::Text, move |line: &Line<'_>| {
            let text = line.fact.as_ref().and_then(|fact| of(fact).clone());
            text.map_or(Datum::Nothing, Datum::text)
        });
    }
    columns.add(
        "state",
        word("exchange.column.state"),
        ColumnType::Text,
        |line: &Line<'_>| {
            line.record
                .state
                .clone()
                .map_or(Datum::Nothing, Datum::text)
        },
    );
    columns.add(
        "state_hours",
        word("exchange.column.state_hours"),
        ColumnType::Number,
        |line: &Line<'_>| {
            line.spent
                .map_or(Datum::Nothing, |(hours, _)| Datum::Number(hours as f64))
        },
    );
    columns.add(
        "state_working_days",
        word("exchange.column.state_working_days"),
        ColumnType::Number,
        |line: &Line<'_>| {
            let days = line.spent.and_then(|(_, days)| days);
            days.map_or(Datum::Nothing, |days| Datum::Number(days as f64))
        },
    );
    columns.add(
        "note",
        word("exchange.column.note"),
        ColumnType::Text,
        move |line: &Line<'_>| telling.note(&line.step).map_or(Datum::Nothing, Datum::text),
    );
    columns.add(
        "commit",
        word("exchange.column.commit"),
        ColumnType::Text,
        |line: &Line<'_>| {
            line.step
                .commit
                .map_or(Datum::Nothing, |commit| Datum::text(commit.id.clone()))
        },
    );
    columns.table("history", word("exchange.title.history"), lines, |_| None)
}
