//! What carries the clauses of the handbooks: every place of a definition
//! file where a `clause` or `clauses` names one.
//!
//! Invariant: carriers are collected from the files as they stand, not from
//! what was made of them, so that none is missed that a later version of a
//! definition adds, and each keeps its place.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{FileId, Place, Span};
use crate::text::Text;

/// What sort of thing carries a clause, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CarrierKind {
    /// A kind of matter as a whole.
    Kind,
    /// A section of a kind.
    Section,
    /// A field of a section.
    Field,
    /// A column of a table.
    Column,
    /// A step from state to state.
    Transition,
    /// A limit of a kind: who owes what.
    Limit,
    /// The length of a limit in a profile.
    Length,
    /// Whom a profile reminds of a limit.
    Reminder,
    /// To whom a profile passes a missed limit up.
    Escalation,
    /// Anything else that a profile says.
    Profile,
    /// A rule of a kind.
    Rule,
    /// A rule of the program.
    Check,
    /// A printed form.
    Form,
    /// A paper or list gathered from many records.
    Gathered,
    /// A word list.
    List,
}

impl CarrierKind {
    /// The name in JSON and in the words files (`[carriers]`).
    pub fn name(self) -> &'static str {
        match self {
            CarrierKind::Kind => "kind",
            CarrierKind::Section => "section",
            CarrierKind::Field => "field",
            CarrierKind::Column => "column",
            CarrierKind::Transition => "transition",
            CarrierKind::Limit => "limit",
            CarrierKind::Length => "length",
            CarrierKind::Reminder => "reminder",
            CarrierKind::Escalation => "escalation",
            CarrierKind::Profile => "profile",
            CarrierKind::Rule => "rule",
            CarrierKind::Check => "check",
            CarrierKind::Form => "form",
            CarrierKind::Gathered => "gathered",
            CarrierKind::List => "list",
        }
    }

    /// Whether it is a part of a kind of matter.
    pub fn is_of_a_kind(self) -> bool {
        matches!(
            self,
            CarrierKind::Kind
                | CarrierKind::Section
                | CarrierKind::Field
                | CarrierKind::Column
                | CarrierKind::Transition
                | CarrierKind::Limit
                | CarrierKind::Rule
                | CarrierKind::Form
        )
    }
}

/// Something in a definition file that says which clause it carries.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// The clause it names.
    pub clause: Arc<str>,
    /// Where it names it.
    pub place: Place,
    /// What it is.
    pub what: CarrierKind,
    /// The definition it belongs to: the kind, profile, rule or list, by name.
    pub of: Arc<str>,
    /// The names on the way to it in the file: `sections`, `request`, …
    pub path: Vec<Arc<str>>,
    /// The labels on the way to it, the file's own first.
    pub labels: Vec<Text>,
}

/// The carriers of a definition file, `path` being its path below
/// `templates/`; none in a file that cannot carry clauses.
pub fn carriers(file: FileId, path: &str, table: &DeTable<'_>) -> Vec<Carrier> {
    let Some((sort, of)) = sort_of(path) else {
        return Vec::new();
    };
    let mut walk = Walk {
        file,
        sort,
        of: of.into(),
        path: Vec::new(),
        labels: Vec::new(),
        found: Vec::new(),
    };
    walk.table(table);
    walk.found
}

/// The folders of definitions that carry clauses.
#[derive(Clone, Copy)]
enum Sort {
    Kinds,
    Profiles,
    Rules,
    Lists,
    Registers,
}

fn sort_of(path: &str) -> Option<(Sort, &str)> {
    let (folder, rest) = path.split_once('/')?;
    let sort = match folder {
        "kinds" => return Some((Sort::Kinds, rest.strip_suffix("/kind.toml")?)),
        "profiles" => Sort::Profiles,
        "rules" => Sort::Rules,
        "lists" => Sort::Lists,
        "registers" => Sort::Registers,
        _ => return None,
    };
    Some((sort, rest.strip_suffix(".toml")?))
}

struct Walk {
    file: FileId,
    sort: Sort,
    of: Arc<str>,
    path: Vec<Arc<str>>,
    labels: Vec<Text>,
    found: Vec<Carrier>,
}

impl Walk {
    fn table(&mut self, table: &DeTable<'_>) {
        let label = ["name", "label", "title"]
            .into_iter()
            .find_map(|key| text(table.get(key)?.get_ref()));
        let labelled = label.is_some();
        self.labels.extend(label);
        for (key, value) in table.iter() {
            let key: &str = key.get_ref();
            match value.get_ref() {
                DeValue::String(clause) if matches!(key, "clause" | "clauses") => {
                    self.carrier(clause, value);
                }
                DeValue::Array(clauses) if key == "clauses" => {
                    for value in clauses.iter() {
                        if let DeValue::String(clause) = value.get_ref() {
                            self.carrier(clause, value);
                        }
                    }
                }
                DeValue::Table(inner) => {
                    self.path.push(key.into());
                    self.table(inner);
                    self.path.pop();
                }
                DeValue::Array(items) => {
                    for item in items.iter() {
                        if let DeValue::Table(inner) = item.get_ref() {
                            self.path.push(key.into());
                            let name = inner.get("id").or_else(|| inner.get("to"));
                            let name = name.and_then(|name| name.get_ref().as_str());
                            self.path.extend(name.map(Arc::from));
                            self.table(inner);
                            self.path
                                .truncate(self.path.len() - 1 - usize::from(name.is_some()));
                        }
                    }
                }
                _ => {}
            }
        }
        if labelled {
            self.labels.pop();
        }
    }

    fn carrier(&mut self, clause: &str, value: &Spanned<DeValue<'_>>) {
        self.found.push(Carrier {
            clause: clause.into(),
            place: Place {
                file: self.file,
                span: Span::new(value.span()),
            },
            what: self.what(),
            of: self.of.clone(),
            path: self.path.clone(),
            labels: self.labels.clone(),
        });
    }

    fn what(&self) -> CarrierKind {
        let path: Vec<&str> = self.path.iter().map(|name| &**name).collect();
        match (self.sort, path.as_slice()) {
            (Sort::Kinds, ["sections", _, "fields", _, "columns", ..]) => CarrierKind::Column,
            (Sort::Kinds, ["sections", _, "fields", ..]) => CarrierKind::Field,
            (Sort::Kinds, ["sections", ..]) => CarrierKind::Section,
            (Sort::Kinds, ["transitions", ..]) => CarrierKind::Transition,
            (Sort::Kinds, ["limits", ..]) => CarrierKind::Limit,
            (Sort::Kinds, ["rules", ..]) => CarrierKind::Rule,
            (Sort::Kinds, ["forms", ..]) => CarrierKind::Form,
            (Sort::Kinds, ["title"]) => CarrierKind::Field,
            (Sort::Kinds, _) => CarrierKind::Kind,
            (Sort::Profiles, ["limits", _, _, "escalate", ..]) => CarrierKind::Escalation,
            (Sort::Profiles, ["limits", _, _, "remind", ..]) => CarrierKind::Reminder,
            (Sort::Profiles, ["limits", ..]) => CarrierKind::Length,
            (Sort::Profiles, ["forms", ..]) => CarrierKind::Form,
            (Sort::Profiles, _) => CarrierKind::Profile,
            (Sort::Rules, _) => CarrierKind::Check,
            (Sort::Lists, _) => CarrierKind::List,
            (Sort::Registers, _) => CarrierKind::Gathered,
        }
    }
}

/// A text in both languages, where the value is one.
fn text(value: &DeValue<'_>) -> Option<Text> {
    match value {
        DeValue::String(text) => Some(Text::same(text.as_ref())),
        DeValue::Table(table) => {
            let of = |language: &str| table.get(language)?.get_ref().as_str();
            match (of("zh"), of("en")) {
                (Some(zh), Some(en)) => Some(Text::new(zh, en)),
                (Some(only), None) | (None, Some(only)) => Some(Text::same(only)),
                (None, None) => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::source::{SourceFile, parse};
    use crate::text::Language;

    fn read(path: &str, text: &str) -> Vec<(CarrierKind, String, String, String)> {
        let source = SourceFile::new(path, text);
        let parsed = parse(FileId(0), &source);
        carriers(FileId(0), path, parsed.table.get_ref())
            .into_iter()
            .map(|carrier| {
                assert!(source.slice(carrier.place.span).contains(&*carrier.clause));
                let labels: Vec<&str> = carrier
                    .labels
                    .iter()
                    .map(|label| label.get(Language::English))
                    .collect();
                let clause = carrier.clause.to_string();
                (
                    carrier.what,
                    clause,
                    carrier.path.join("."),
                    labels.join("/"),
                )
            })
            .collect()
    }

    #[test]
    fn every_part_of_a_kind_that_names_a_clause_is_a_carrier() {
        let found = read(
            "kinds/loan/kind.toml",
            r#"
name = { zh = "借用", en = "Loan" }
clauses = ["P1", "K1"]
title = { subject = true, clause = "W2" }
[sections.request]
label = { en = "Request" }
clause = "P1.1"
[sections.request.fields.partners]
label = { en = "Partners" }
clause = "F1"
columns.duty = { type = "text", label = { en = "Duty" }, clause = "F3" }
[[limits]]
id = "reply"
label = { en = "Answer" }
clause = "P1.2"
[[transitions]]
from = ["draft"]
to = "open"
label = { en = "Submit" }
clause = "P1.3"
[[rules]]
id = "closing"
title = { en = "Accepted first" }
clause = "K4"
[[forms]]
id = "slip"
name = { en = "Slip" }
clause = "B24"
"#,
        );
        let expected = [
            (CarrierKind::Kind, "P1", "", "Loan"),
            (CarrierKind::Kind, "K1", "", "Loan"),
            (CarrierKind::Field, "W2", "title", "Loan"),
            (
                CarrierKind::Section,
                "P1.1",
                "sections.request",
                "Loan/Request",
            ),
            (
                CarrierKind::Field,
                "F1",
                "sections.request.fields.partners",
                "Loan/Request/Partners",
            ),
            (
                CarrierKind::Column,
                "F3",
                "sections.request.fields.partners.columns.duty",
                "Loan/Request/Partners/Duty",
            ),
            (CarrierKind::Limit, "P1.2", "limits.reply", "Loan/Answer"),
            (
                CarrierKind::Transition,
                "P1.3",
                "transitions.open",
                "Loan/Submit",
            ),
            (
                CarrierKind::Rule,
                "K4",
                "rules.closing",
                "Loan/Accepted first",
            ),
            (CarrierKind::Form, "B24", "forms.slip", "Loan/Slip"),
        ];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(what, clause, path, labels)| {
                (what, clause.to_owned(), path.to_owned(), labels.to_owned())
            })
            .collect();
        let mut sorted = found.clone();
        sorted.sort_by_key(|(_, clause, ..)| {
            expected.iter().position(|(_, known, ..)| known == clause)
        });
        assert_eq!(sorted, expected);
    }

    #[test]
    fn a_profile_carries_lengths_and_what_follows() {
        let found = read(
            "profiles/strict.toml",
            r#"
name = "Strict"
[limits.loan.reply]
length = "24h"
clause = "T21"
by_priority.urgent = { length = "2h", clause = "T20" }
remind = [ { to = ["owner", "both-heads"], clause = "T19" } ]
escalate = [ { after = "48h", to = "head", clause = "T22" } ]
"#,
        );
        let whats: Vec<_> = found
            .iter()
            .map(|(what, clause, ..)| (*what, clause.as_str()))
            .collect();
        assert_eq!(
            whats,
            [
                (CarrierKind::Length, "T21"),
                (CarrierKind::Length, "T20"),
                (CarrierKind::Reminder, "T19"),
                (CarrierKind::Escalation, "T22"),
            ]
        );
        assert_eq!(found[2].2, "limits.loan.reply.remind");
        assert_eq!(found[3].2, "limits.loan.reply.escalate.head");
    }

    #[test]
    fn the_clause_list_itself_and_other_files_carry_nothing() {
        let text = "clause = \"P1\"\n";
        assert!(read("clauses.toml", text).is_empty());
        assert!(read("calendar/2026.toml", text).is_empty());
        assert_eq!(read("lists/vague.toml", text).len(), 1);
    }
}
