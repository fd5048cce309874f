//! Lists as tables: the same columns and cells as rows of a page and as data
//! for scripts.
//!
//! Invariants:
//! - What a script draws from the data is what stands in the page, in every
//!   row, also of those on other pages; `site/assets/cells.js` is the other half.
//! - The data hold what the viewer may see and nothing else (D12): the ids of
//!   people and departments only where they have pages.

use super::context::Context;
use super::dates::Dates;
use super::markup::Markup;
use crate::calendar::{Due, Moment};
use crate::organisation::Subject;

/// What the cells of a column are: how they are drawn, put in order and filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// The number of a record.
    Number,
    /// What it is about, as a link.
    Title,
    /// People, departments, outside parties.
    Names,
    /// The end of a limit, with how far away it is.
    Due,
    /// A day or an instant.
    Moment,
    /// How it stands: a choice with a mark; ends the row.
    State,
    /// One of a few.
    Choice,
    /// An amount, put in order by value.
    Amount,
    /// Words.
    Text,
    /// Words of several lines, which want room.
    Prose,
}

impl Holds {
    /// The name in data and style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Holds::Number => "number",
            Holds::Title => "title",
            Holds::Names => "names",
            Holds::Due => "due",
            Holds::Moment => "moment",
            Holds::State => "state",
            Holds::Choice => "choice",
            Holds::Amount => "amount",
            Holds::Text => "text",
            Holds::Prose => "prose",
        }
    }
}

/// One of the things that a choice can be.
pub(super) struct Choice {
    /// Its name in addresses.
    pub id: String,
    pub label: String,
    /// The mark before it; empty without.
    pub tone: &'static str,
}

/// A column of a list.
pub(super) struct Column {
    /// Its name in addresses and settings.
    pub id: String,
    pub label: String,
    pub holds: Holds,
    /// What a cell can be, where it is one of a few, in their order.
    pub choices: Vec<Choice>,
    /// Whether it stands there before anybody chooses columns.
    pub shown: bool,
    /// Whether rows can be picked by it.
    pub filter: bool,
    /// Whether it is only for picking rows.
    pub hidden: bool,
    /// The part of the form it comes from; empty of what every matter has.
    pub section: String,
}

impl Column {
    /// A column that is shown.
    pub fn new(id: &str, label: &str, holds: Holds) -> Self {
        Column {
            id: id.to_owned(),
            label: label.to_owned(),
            holds,
            choices: Vec::new(),
            shown: true,
            filter: false,
            hidden: false,
            section: String::new(),
        }
    }

    /// The same, to be chosen.
    pub fn optional(mut self) -> Self {
        self.shown = false;
        self
    }

    /// The same, to pick rows by.
    pub fn filterable(mut self) -> Self {
        self.filter = true;
        self
    }

    /// The same, with what its cells can be.
    pub fn of(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// The same, never shown: only to pick rows by.
    pub fn hidden(mut self) -> Self {
        self.shown = false;
        self.filter = true;
        self.hidden = true;
        self
    }

    /// The class of its cells: what a phone makes of them.
    fn class(&self) -> &'static str {
        match self.holds {
            Holds::Number => "no rest",
            Holds::Title => "full",
            Holds::State => "end",
            Holds::Amount => "num rest",
            Holds::Prose => "rest words",
            _ => "rest",
        }
    }

    /// The column as scripts read it.
    pub fn data(&self) -> serde_json::Value {
        let choices: Vec<[&str; 3]> = self
            .choices
            .iter()
            .map(|choice| [&*choice.id, &*choice.label, choice.tone])
            .collect();
        serde_json::json!({
            "id": self.id, "label": self.label, "holds": self.holds.name(), "class": self.class(),
            "choices": choices, "shown": self.shown, "filter": self.filter, "hidden": self.hidden,
            "section": self.section,
        })
    }
}

/// A mark behind a title.
pub(super) struct Tag {
    pub tone: &'static str,
    pub label: String,
}

/// What stands in a column of a row.
pub(super) enum Cell {
    Nothing,
    Text(String),
    /// Words that are put in order by something else: a sum by its amount.
    Amount(f64, String),
    /// The same, by words: a period by its beginning.
    Keyed(String, String),
    Moment(Moment),
    Due {
        due: Due,
        tone: &'static str,
        relative: String,
    },
    /// An index of the column's choices.
    Choice(usize),
    Names(Vec<Subject>),
    /// Address from the site's root.
    Title {
        text: String,
        href: String,
        sub: String,
        tags: Vec<Tag>,
    },
    /// Words with the address they lead to, from the site's root.
    Link(String, String),
}

impl Cell {
    /// Nothing for empty words.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() {
            return Cell::Nothing;
        }
        Cell::Text(text)
    }

    /// One person, department or party, if there is one.
    pub fn name(subject: Option<Subject>) -> Cell {
        Cell::Names(subject.into_iter().collect())
    }
}

/// A row of a list.
pub(super) type Row = Vec<Cell>;

impl Context<'_> {
    /// The shown cells of a row, for a page at this depth.
    pub fn cells(&self, columns: &[Column], row: &Row, root: &str) -> Markup {
        let mut cells = Markup::default();
        for (column, cell) in columns.iter().zip(row).filter(|(column, _)| column.shown) {
            self.cell(&mut cells, column, cell, root);
        }
        cells
    }

    fn cell(&self, out: &mut Markup, column: &Column, cell: &Cell, root: &str) {
        let class = column.class();
        match cell {
            Cell::Nothing => out.cell("opt", &[], &Markup::default()),
            Cell::Text(text) if column.holds == Holds::Prose => {
                out.cell(class, &[], &Markup::unbroken(text));
            }
            Cell::Text(text) => out.cell(class, &[], &Markup::text(text)),
            Cell::Amount(key, text) => {
                let key = key.to_string();
                out.cell(class, &[("data-value", &key)], &Markup::text(text));
            }
            Cell::Keyed(key, text) => {
                out.cell(class, &[("data-value", key)], &Markup::text(text));
            }
            Cell::Moment(moment) => {
                let key = Dates::iso(*moment);
                out.cell(class, &[("data-value", &key)], &self.dates.moment(*moment));
            }
            Cell::Due {
                due,
                tone,
                relative,
            } => {
                let iso = Dates::instant(due.instant);
                let mut text = self.dates.due(due);
                text.join(&Markup::span(&["rel ", tone], relative));
                let named = [
                    ("data-due", &*iso),
                    ("data-tone", tone),
                    ("data-value", &iso),
                ];
                out.cell(class, &named, &text);
            }
            Cell::Choice(index) => {
                let Some(choice) = column.choices.get(*index) else {
                    return out.cell("opt", &[], &Markup::default());
                };
                let text = match choice.tone {
                    "" => Markup::text(&choice.label),
                    tone => Markup::mark(tone, &choice.label),
                };
                out.cell(class, &[("data-value", &index.to_string())], &text);
            }
            Cell::Names(names) if names.is_empty() && column.shown => {
                out.cell(class, &[], &self.name_or_nobody(None, root));
            }
            Cell::Names(names) => {
                let names: Vec<Markup> = names.iter().map(|name| self.name(*name, root)).collect();
                out.cell(class, &[], &Markup::chips(&names));
            }
            Cell::Title {
                text,
                href,
                sub,
                tags,
            } => {
                let mut title = Markup::title(&format!("{root}{href}"), text);
                for tag in tags {
                    title.join(&Markup::tag(tag.tone, &tag.label));
                }
                if !sub.is_empty() {
                    title.join(&Markup::unbroken(sub).wrapped("sub"));
                }
                out.cell(class, &[], &title);
            }
            Cell::Link(text, href) => {
                out.cell(
                    class,
                    &[],
                    &Markup::link(Some(&format!("{root}{href}")), text),
                );
            }
        }
    }

    /// A cell as scripts read it, appended to a line of JSON.
    pub fn cell_data(&self, out: &mut Vec<u8>, cell: &Cell) {
        match cell {
            Cell::Nothing => out.push(b'0'),
            Cell::Text(text) => quote(out, text),
            Cell::Amount(key, text) => {
                let key = if key.is_finite() { *key } else { 0.0 };
                out.extend_from_slice(format!("[{key},").as_bytes());
                quote(out, text);
                out.push(b']');
            }
            Cell::Keyed(key, text) => quote_all(out, &[key, text]),
            Cell::Moment(moment) => quote(out, &self.sortable(*moment)),
            Cell::Due {
                due,
                tone,
                relative,
            } => {
                let day = format!("{} {}", Dates::day(due.date), self.dates.due_clock(due));
                let iso = Dates::instant(due.instant);
                quote_all(out, &[&*day, &*iso, *tone, &**relative]);
            }
            Cell::Choice(index) => out.extend_from_slice((index + 1).to_string().as_bytes()),
            Cell::Names(names) if names.is_empty() => out.push(b'0'),
            Cell::Names(names) => {
                let keys: Vec<String> = names.iter().map(|name| self.name_key(*name)).collect();
                match keys.as_slice() {
                    [one] => quote(out, one),
                    many => quote_all(out, many),
                }
            }
            Cell::Title {
                text,
                href,
                sub,
                tags,
            } => {
                out.push(b'[');
                quote(out, text);
                out.push(b',');
                quote(out, href);
                if !sub.is_empty() || !tags.is_empty() {
                    out.push(b',');
                    quote(out, sub);
                }
                for tag in tags {
                    out.push(b',');
                    quote_all(out, &[tag.tone, &*tag.label]);
                }
                out.push(b']');
            }
            Cell::Link(text, href) => quote_all(out, &[text, href]),
        }
    }

    /// A moment by the company's clock, so that the order of words is that of time.
    pub fn sortable(&self, moment: Moment) -> String {
        match self.dates.parts(moment) {
            (day, Some(clock)) => format!("{} {clock}", Dates::day(day)),
            (day, None) => Dates::day(day),
        }
    }

    /// How data name somebody: by letter and id, which `data/names.js` knows,
    /// where they have a page; else by their name.
    pub fn name_key(&self, subject: Subject) -> String {
        let letter = match subject {
            Subject::Person(_) => "p",
            Subject::Department(_) => "d",
            Subject::Party(_) => "o",
        };
        if self.outlook.viewer.is_insider() {
            let id = self.register.organisation.id_of(subject);
            format!("{letter}:{id}")
        } else {
            self.plain_name(subject).to_owned()
        }
    }
}

fn quote(out: &mut Vec<u8>, text: &str) {
    // Writing a text into memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

fn quote_all(out: &mut Vec<u8>, texts: &[impl AsRef<str>]) {
    out.push(b'[');
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        quote(out, text.as_ref());
    }
    out.push(b']');
}
