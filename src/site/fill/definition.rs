//! A kind as data for the form that is made of it: `fill/kind-<kind>.js`.
//!
//! Everything a person reads is in the site's language; everything that is
//! compared or written stands as records have it.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::expression::tree;
use crate::definition::form::columns_of;
use crate::definition::path::{Path, Root, Rows};
use crate::definition::rule::{At, Rule};
use crate::definition::{Field, FieldType, Kind, Section};
use crate::organisation::DepartmentId;
use crate::register::Register;
use crate::start::{self, Guidance};
use crate::text::{Language, Text};

/// What the form of a kind is made of.
pub(super) struct Definition<'r> {
    pub register: &'r Register,
    pub language: Language,
    pub kind: &'r Kind,
    /// The year of new numbers.
    pub year: i16,
    guidance: Guidance<'r>,
}

impl<'r> Definition<'r> {
    pub fn new(register: &'r Register, language: Language, kind: &'r Kind, year: i16) -> Self {
        // the browser puts the day in: these are placeholders of its own
        let [today, now] = ["{today}", "{now}"].map(str::to_owned);
        Definition {
            register,
            language,
            kind,
            year,
            guidance: Guidance::new(register, language, today, now),
        }
    }

    fn label<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    fn optional(&self, text: &Option<Text>) -> Value {
        text.as_ref()
            .map_or(Value::Null, |text| self.label(text).into())
    }

    /// All of it.
    pub fn json(&self) -> Value {
        let kind = self.kind;
        let sections: Vec<Value> = kind.sections.iter().map(|it| self.section(it)).collect();
        let rules: Vec<Value> = kind.rules.iter().map(|rule| self.rule(rule)).collect();
        json!({
            "id": &*kind.id,
            "name": self.label(&kind.name),
            "number": self.number(),
            "title": { "subject": kind.title_is_subject, "hint": self.optional(&kind.title_hint) },
            "states": self.states(),
            "transitions": self.transitions(),
            "priorityFrom": kind.priority_from,
            "parties": kind.parties.iter().map(|it| it.text.to_string()).collect::<Vec<_>>(),
            "responsible": kind.responsible.as_ref().map(|it| it.text.to_string()),
            "sections": sections,
            "rules": rules,
            "comments": {
                "head": self.guidance.head(kind),
                "title": self.guidance.title(kind),
                "state": self.guidance.states(kind),
                "priority": self.guidance.priorities(),
            },
        })
    }

    /// How records are numbered, which number is free, and where they lie.
    fn number(&self) -> Value {
        let kind = self.kind;
        let sequence = start::recorded(self.register, &kind.number, self.year) + 1;
        let folder = |department| {
            let path = start::folder(self.register, kind, department, self.year);
            path.to_string_lossy().replace('\\', "/")
        };
        let plain = folder(None);
        let departments = &self.register.organisation.departments;
        let mut own = Map::new();
        for (index, department) in departments.iter().enumerate() {
            let path = folder(Some(DepartmentId(index as u32)));
            if path != plain {
                own.insert(department.id.to_string(), path.into());
            }
        }
        json!({
            "next": kind.number.write(self.year, sequence),
            "text": &*kind.number.text,
            "pattern": kind.number.expression(),
            "folder": plain,
            "folders": own,
            "department": kind.department.as_ref().map(|path| path.text.to_string()),
        })
    }

    fn states(&self) -> Vec<Value> {
        let states = self.kind.states.iter();
        states
            .map(|state| {
                json!({
                    "id": &*state.id,
                    "label": self.label(&state.label),
                    "phase": state.phase.name(),
                    "rank": state.rank,
                    "aside": state.aside,
                    "entered": state.entered.as_ref().map(|path| &*path.text),
                })
            })
            .collect()
    }

    fn transitions(&self) -> Vec<Value> {
        let transitions = self.kind.transitions.iter();
        transitions
            .map(|it| json!({ "from": it.from, "to": it.to, "label": self.label(&it.label) }))
            .collect()
    }

    fn section(&self, section: &Section) -> Value {
        let fields: Vec<Value> = section
            .fields
            .iter()
            .map(|field| {
                let mut json = self.field(field);
                let prefilled = start::prefilled(self.kind, section, field);
                if prefilled {
                    json["prefill"] = true.into();
                }
                json
            })
            .collect();
        let name = |index: Option<usize>| index.map(|index| &*section.fields[index].id);
        let mut json = json!({
            "id": &*section.id,
            "label": self.label(&section.label),
            "hint": self.optional(&section.hint),
            "clause": section.clause.as_deref(),
            "repeated": section.repeated,
            "identity": name(section.identity),
            "comments": self.guidance.section(section),
            "fields": fields,
        });
        if let Some(of) = &section.commitment {
            json["commitment"] = json!({
                "what": name(Some(of.what)),
                "owner": name(Some(of.owner)),
                "due": name(Some(of.due)),
                "done": name(of.done),
                "standard": name(of.standard),
                "status": name(of.status),
                "dropped": words(&of.dropped),
            });
        }
        json
    }

    fn field(&self, field: &Field) -> Value {
        let mut json = json!({
            "id": &*field.id,
            "label": self.label(&field.label),
            "type": field.kind.name(),
            "about": self.guidance.about(field),
        });
        let mut add = |key: &str, value: Value| {
            let says_nothing = match &value {
                Value::Null => true,
                Value::Bool(value) => !value,
                Value::Array(items) => items.is_empty(),
                _ => false,
            };
            if !says_nothing {
                json[key] = value;
            }
        };
        add("hint", self.optional(&field.hint));
        add("many", field.many.into());
        let ranks = &self.kind.states;
        add(
            "from",
            json!(field.required.from.map(|from| ranks[from].rank)),
        );
        let condition = field.required.condition.as_ref();
        add("if", condition.map_or(Value::Null, tree));
        add("clause", json!(field.clause.as_deref()));
        add("checks", json!(words(&field.checks)));
        add("minimum", json!(field.minimum));
        add("maximum", json!(field.maximum));
        add("event", field.event.into());
        add("asked", field.prefill.into());
        match &field.kind {
            FieldType::Text { pattern } => {
                add("pattern", json!(pattern.as_ref().map(|it| it.as_str())));
            }
            FieldType::Choice(choices) => {
                let all: Vec<Value> = choices
                    .iter()
                    .map(|choice| json!([&*choice.id, self.label(&choice.label)]))
                    .collect();
                add("choices", all.into());
            }
            FieldType::Reference(kinds) => add("kinds", json!(words(kinds))),
            FieldType::Table { columns, identity } => {
                let all: Vec<Value> = columns
                    .iter()
                    .map(|column| {
                        let mut json = self.field(column);
                        json["column"] = self.guidance.column(column).into();
                        json
                    })
                    .collect();
                add("columns", all.into());
                let identity = identity.map(|index| &*columns[index].id);
                add("identity", json!(identity));
            }
            _ => {}
        }
        json
    }

    fn rule(&self, rule: &Rule) -> Value {
        json!({
            "id": &*rule.id,
            "level": rule.level.name(),
            "clause": rule.clause.as_deref(),
            "from": rule.from_state,
            "states": rule.states,
            "each": rule.each.as_ref().map(|rows| &*rows.text),
            "when": rule.when.as_ref().map(tree),
            "assert": tree(&rule.assert),
            "at": rule.at.as_ref().map(|at| self.at(at, rule.each.as_ref())),
            "message": self.label(&rule.message),
            "help": self.optional(&rule.help),
        })
    }

    /// Where a rule points: `{ "path" }`, `{ "column" }` of the row, `{ "section" }`.
    fn at(&self, at: &At, each: Option<&Rows>) -> Value {
        match at {
            At::Path(path) => json!({ "path": plain(path) }),
            At::Section(index) => json!({ "section": &*self.kind.sections[*index].id }),
            At::Column(index) => {
                let fields = each.map_or(&[][..], |rows| {
                    columns_of(&self.kind.sections[rows.section], rows)
                });
                json!({ "column": fields.get(*index).map(|field| &*field.id) })
            }
        }
    }
}

fn words(all: &[Arc<str>]) -> Vec<&str> {
    all.iter().map(|word| &**word).collect()
}

/// A path without the part of the value that is meant: what can be pointed at.
fn plain(path: &Path) -> &str {
    match (path.root, path.part) {
        (Root::Cell { .. }, Some(_)) => path
            .text
            .rsplit_once('.')
            .map_or(&*path.text, |(whole, _)| whole),
        _ => &path.text,
    }
}
