//! Every open limit by the day it is due: who owes it, by which clause, and
//! who is told or gets it next.

use jiff::civil::{Date, Weekday};

use super::cells::{Cell, Choice, Column, Holds, Row};
use super::context::Context;
use super::engine::SiteError;
use super::list::{Group, List, ListPage, Of, Pages};
use super::markup::Markup;
use super::{address, chrome, register_table};
use crate::exchange::Item;
use crate::organisation::{PersonId, Subject};
use crate::outlook::{Obligation, Status};
use crate::publish::Output;

/// How an open obligation can stand, in the order of what it asks of the reader.
const TONES: [&str; 5] = ["escalated", "overdue", "soon", "waiting", "pending"];

/// All open limits as a list.
pub(super) fn list(context: &Context<'_>) -> List {
    let group = |id, words| Group::new(context, id, words);
    let groups = vec![
        group(
            "overdue",
            [
                "site.deadlines.overdue",
                "site.deadlines.overdue_none",
                "site.deadlines.overdue_none_text",
            ],
        ),
        group(
            "today",
            [
                "site.deadlines.today",
                "site.deadlines.today_none",
                "site.deadlines.today_none_text",
            ],
        ),
        group(
            "this-week",
            [
                "site.deadlines.this_week",
                "site.deadlines.this_week_none",
                "site.deadlines.this_week_none_text",
            ],
        ),
        group(
            "next-week",
            [
                "site.deadlines.next_week",
                "site.deadlines.next_week_none",
                "site.deadlines.next_week_none_text",
            ],
        ),
        group(
            "later",
            [
                "site.deadlines.later",
                "site.deadlines.later_none",
                "site.deadlines.later_none_text",
            ],
        ),
    ];
    let today = context.outlook.today;
    let sunday = end_of_week(today);
    let next_sunday = sunday.tomorrow().map_or(sunday, end_of_week);
    let group_of = |index: usize| {
        let obligation = &context.outlook.obligations[index];
        let date = obligation.due.date;
        match obligation.status {
            Status::Overdue => 0,
            _ if date <= today => 1,
            _ if date <= sunday => 2,
            _ if date <= next_sunday => 3,
            _ => 4,
        }
    };
    // by due instant, so that what is late longest comes first
    let open = context.desks.open.iter();
    let pages = Pages::new(groups.len(), open.map(|index| (group_of(*index), *index)));
    List::new(
        Of::Deadlines,
        "deadlines".to_owned(),
        columns(context, Beside::Debtor),
        groups,
        pages,
        None,
    )
}

/// Who stands beside an obligation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// Who owes it.
    Debtor,
    /// To whom it is owed.
    Creditor,
    /// Who owes it, and since when it is awaited.
    DebtorSince,
}

/// The columns of a list of obligations.
pub(super) fn columns(context: &Context<'_>, beside: Beside) -> Vec<Column> {
    let column = |id: &str, name: &'static str, holds: Holds| {
        Column::new(id, context.words.get(name), holds)
    };
    let tones = TONES.map(|tone| Choice {
        id: tone.to_owned(),
        label: context.tone_word(tone).to_owned(),
        tone,
    });
    let mut columns = vec![
        column("due", "site.deadlines.due", Holds::Due),
        column("title", "site.list.title", Holds::Title),
    ];
    columns.push(match beside {
        Beside::Creditor => column("whom", "site.deadlines.whom", Holds::Names),
        _ => column("person", "site.deadlines.who", Holds::Names).filterable(),
    });
    if beside == Beside::DebtorSince {
        columns.push(column("since", "site.deadlines.since", Holds::Moment));
    }
    columns.extend([
        column("next", "site.deadlines.next", Holds::Prose),
        column("state", "site.list.state", Holds::State)
            .of(tones.into())
            .filterable(),
    ]);
    if beside == Beside::Debtor {
        columns.extend([
            column("clause", "site.deadlines.clause", Holds::Text).optional(),
            column("number", "site.list.number", Holds::Number).optional(),
            column("since", "site.deadlines.since", Holds::Moment).optional(),
            column("whom", "site.deadlines.whom", Holds::Names).optional(),
            column("department", "site.list.department", Holds::Names)
                .optional()
                .filterable(),
            column("kind", "site.list.kind", Holds::Choice)
                .of(kinds(context))
                .optional()
                .filterable(),
        ]);
    }
    columns
}

/// The kinds of matter as something to pick rows by.
pub(super) fn kinds(context: &Context<'_>) -> Vec<Choice> {
    let kinds = context.register.kinds.iter();
    kinds
        .map(|kind| Choice {
            id: kind.id.to_string(),
            label: context.text(&kind.name).to_owned(),
            tone: "",
        })
        .collect()
}

/// An obligation in these columns.
pub(super) fn row(context: &Context<'_>, index: usize, beside: Beside) -> Row {
    let obligation = &context.outlook.obligations[index];
    let record = &context.register.records[obligation.record];
    let tone = context.tone(obligation);
    // A date that was agreed has no event before it: it is awaited since the matter began.
    let since = obligation
        .start
        .or_else(|| register_table::opened(context, obligation.record))
        .map_or(Cell::Nothing, Cell::Moment);
    let whom = Cell::name(obligation.owed_to);
    let who = Cell::name(obligation.owed_by);
    let mut sub = context.words.filled(
        "site.deadlines.of",
        &[
            ("label", &context.display.duty(obligation)),
            ("number", &record.id.value),
        ],
    );
    if let Some(clause) = &obligation.clause {
        sub = context
            .words
            .filled("site.deadlines.by", &[("label", &sub), ("clause", clause)]);
    }
    let mut row = vec![
        context.due_cell(obligation),
        Cell::Title {
            text: record.heading().to_owned(),
            href: address::record(&record.id.value),
            sub,
            tags: Vec::new(),
        },
    ];
    let state = TONES.iter().position(|known| *known == tone).unwrap_or(4);
    let rest = [
        Cell::text(context.next_step(obligation)),
        Cell::Choice(state),
    ];
    match beside {
        Beside::Creditor => row.push(whom),
        Beside::DebtorSince => row.extend([who, since]),
        Beside::Debtor => {
            let department = context.outlook.debtor_department(obligation);
            row.push(who);
            row.extend(rest);
            row.extend([
                context.clause_cell(obligation.clause.as_deref()),
                Cell::text(&*record.id.value),
                since,
                whom,
                Cell::name(department.map(Subject::Department)),
                Cell::Choice(record.kind),
            ]);
            return row;
        }
    }
    row.extend(rest);
    row
}

pub(super) fn render(
    context: &Context<'_>,
    list: &List,
    number: usize,
) -> Result<Output, SiteError> {
    let title = context.word("site.deadlines.title");
    let page = ListPage {
        title,
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: Markup::text(context.word("site.deadlines.lead")),
        begin: None,
        blanks: Vec::new(),
        papers: Vec::new(),
        take: context.take(&Item::Deadlines, title, ""),
        current: "deadlines.html",
        root: "",
        number,
        address: &|number| address::numbered("deadlines", number),
        columns: &list.columns,
        groups: &list.groups,
        pages: &list.pages,
        data: Some(&list.name),
        skip_empty: false,
    };
    page.render(context, |index| row(context, index, Beside::Debtor))
}

/// The Sunday that ends the week (GB/T 7408: weeks begin on Monday).
fn end_of_week(date: Date) -> Date {
    if date.weekday() == Weekday::Sunday {
        return date;
    }
    date.nth_weekday(1, Weekday::Sunday).unwrap_or(date)
}

impl Context<'_> {
    /// The end of a limit as a cell.
    pub fn due_cell(&self, obligation: &Obligation) -> Cell {
        Cell::Due {
            due: obligation.due,
            tone: self.tone(obligation),
            relative: self.dates.relative(&obligation.due),
        }
    }

    /// A clause as a cell, with its row in the table of clauses.
    pub fn clause_cell(&self, clause: Option<&str>) -> Cell {
        let Some(id) = clause else {
            return Cell::Nothing;
        };
        match self.register.clause(id) {
            Some(clause) if self.outlook.viewer.is_insider() => {
                let page = address::clauses(&clause.handbook);
                Cell::Link(id.to_owned(), format!("{page}#{}", address::file_name(id)))
            }
            _ => Cell::text(id),
        }
    }

    /// Who has it now and who gets it next; of what is not late yet, who is told.
    pub fn next_step(&self, obligation: &Obligation) -> String {
        let name = |person: Option<PersonId>| {
            person.map_or(self.word("site.value.nobody"), |person| {
                self.plain_name(Subject::Person(person))
            })
        };
        let mut steps = Vec::new();
        if obligation.status == Status::Overdue {
            let reached = obligation
                .escalated_to()
                .map(|step| ("site.record.escalated_to", step));
            let next = obligation
                .next_escalation()
                .map(|step| ("site.record.escalates_to", step));
            for (words, step) in reached.into_iter().chain(next) {
                let values = [("day", &*self.minute(step.at)), ("name", name(step.to))];
                steps.push(self.words.filled(words, &values));
            }
        }
        if steps.is_empty() {
            steps.extend(self.reminder(obligation));
        }
        steps.join(self.word("site.deadlines.then"))
    }
}
