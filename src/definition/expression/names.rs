//! Whether the names in an expression exist in its kind: fields, states and
//! choices. What a name leads to is followed through lists and comprehensions.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};

use super::{Expression, Function, LOOKUP};
use crate::definition::field::{Choice, Field, FieldType};
use crate::definition::path::Rows;
use crate::definition::section::Section;
use crate::definition::state::State;
use crate::definition::{Audience, Priority};
use crate::finding::Finding;
use crate::source::nearest;

/// What a part of an expression evaluates to, as far as names depend on it.
#[derive(Clone)]
enum Shape<'k> {
    /// Something with these fields: a section, a row.
    Fields(&'k [Field]),
    /// Something with these parts: a period, a signature.
    Parts(&'static [&'static str]),
    /// One of these words.
    Choice(&'k [Choice]),
    /// The name of a state.
    State,
    /// One of these words of the envelope.
    Words([&'static str; 3]),
    /// A list.
    List(Box<Shape<'k>>),
    /// Something without parts.
    Plain,
    /// Nothing is known of it.
    Unknown,
}

/// The keys of the envelope that expressions can read.
const ENVELOPE: [&str; 9] = [
    "audience",
    "id",
    "kind",
    "priority",
    "project",
    "related",
    "state",
    "title",
    "visible_to",
];

struct Walk<'k> {
    expression: &'k Expression,
    sections: &'k [Section],
    states: &'k [State],
    row: Option<Shape<'k>>,
    locals: Vec<(&'k str, Shape<'k>)>,
    findings: Vec<Finding>,
}

impl Expression {
    /// Every name in the expression that leads nowhere in a kind with these
    /// sections and states. `rows` is what `row` is a row of, if there is one.
    pub fn check_names(
        &self,
        sections: &[Section],
        states: &[State],
        rows: Option<&Rows>,
    ) -> Vec<Finding> {
        let row = rows.map(|rows| {
            let fields = &sections[rows.section].fields;
            match rows.field {
                None => Shape::Fields(fields),
                Some(field) => match &fields[field].kind {
                    FieldType::Table { columns, .. } => Shape::Fields(columns),
                    kind => of_type(kind),
                },
            }
        });
        let mut walk = Walk {
            expression: self,
            sections,
            states,
            row,
            locals: Vec::new(),
            findings: Vec::new(),
        };
        walk.shape(&self.tree);
        walk.findings
    }
}

fn of_field(field: &Field) -> Shape<'_> {
    match &field.kind {
        FieldType::Table { columns, .. } => Shape::List(Box::new(Shape::Fields(columns))),
        kind if field.many => Shape::List(Box::new(of_type(kind))),
        kind => of_type(kind),
    }
}

fn of_type(kind: &FieldType) -> Shape<'_> {
    match kind {
        FieldType::Period => Shape::Parts(&["from", "to"]),
        FieldType::Signature => Shape::Parts(&["person", "name", "at", "opinion"]),
        FieldType::Choice(choices) => Shape::Choice(choices),
        FieldType::Table { columns, .. } => Shape::Fields(columns),
        _ => Shape::Plain,
    }
}

impl<'k> Walk<'k> {
    fn shape(&mut self, node: &'k IdedExpr) -> Shape<'k> {
        match &node.expr {
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) => {
                let from = self.shape(&select.operand);
                let whole = match &select.operand.expr {
                    Expr::Ident(local) => format!("{local}.{}", select.field),
                    _ => select.field.clone(),
                };
                select
                    .field
                    .split('.')
                    .fold(from, |shape, field| self.part(shape, field, &whole))
            }
            Expr::Call(call) => self.call(call),
            Expr::List(list) => {
                let mut item = Shape::Unknown;
                for element in &list.elements {
                    item = self.shape(element);
                }
                Shape::List(Box::new(item))
            }
            Expr::Comprehension(fold) => {
                let item = match self.shape(&fold.iter_range) {
                    Shape::List(item) => *item,
                    Shape::Unknown => Shape::Unknown,
                    _ => {
                        self.report_at(&fold.iter_var, "not-a-list", |finding| finding);
                        Shape::Unknown
                    }
                };
                let outside = self.locals.len();
                self.locals.push((&fold.iter_var, item.clone()));
                self.locals.push((&fold.accu_var, Shape::Unknown));
                for part in [
                    &fold.accu_init,
                    &fold.loop_cond,
                    &fold.loop_step,
                    &fold.result,
                ] {
                    self.shape(part);
                }
                self.locals.truncate(outside);
                let keeps_items =
                    matches!(fold.accu_init.expr, Expr::List(_)) && !matches!(item, Shape::Unknown);
                match keeps_items {
                    // `filter` gives the same items, `map` something else
                    true if is_filter(&fold.loop_step) => Shape::List(Box::new(item)),
                    true => Shape::List(Box::new(Shape::Unknown)),
                    false => Shape::Plain,
                }
            }
            _ => Shape::Plain,
        }
    }

    fn name(&mut self, name: &'k str) -> Shape<'k> {
        if let Some((_, shape)) = self.locals.iter().rev().find(|(local, _)| *local == name) {
            return shape.clone();
        }
        if name.starts_with(LOOKUP) {
            return Shape::Unknown;
        }
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or("");
        let root = match first {
            "row" => match &self.row {
                Some(shape) => shape.clone(),
                None => {
                    self.report_at(name, "no-row", |finding| finding.with("name", "row"));
                    return Shape::Unknown;
                }
            },
            "index" if self.row.is_some() => Shape::Plain,
            "state" => Shape::State,
            "priority" => Shape::Words(Priority::ALL.map(Priority::name)),
            "audience" => Shape::Words(Audience::ALL.map(Audience::name)),
            "related" | "visible_to" => Shape::List(Box::new(Shape::Plain)),
            known if ENVELOPE.contains(&known) => Shape::Plain,
            _ => match self.sections.iter().find(|section| *section.id == *first) {
                Some(section) if section.repeated => {
                    Shape::List(Box::new(Shape::Fields(&section.fields)))
                }
                Some(section) => Shape::Fields(&section.fields),
                None => {
                    let known: Vec<&str> = self
                        .sections
                        .iter()
                        .map(|section| &*section.id)
                        .chain(ENVELOPE)
                        .collect();
                    self.unknown(name, first, &known);
                    return Shape::Unknown;
                }
            },
        };
        parts.fold(root, |shape, part| self.part(shape, part, name))
    }

    /// What a part of something is. `whole` is the path as written.
    fn part(&mut self, from: Shape<'k>, part: &str, whole: &str) -> Shape<'k> {
        match from {
            Shape::Fields(fields) => match fields.iter().find(|field| *field.id == *part) {
                Some(field) => of_field(field),
                None => {
                    let known: Vec<&str> = fields.iter().map(|field| &*field.id).collect();
                    self.unknown(whole, part, &known);
                    Shape::Unknown
                }
            },
            Shape::Parts(known) => {
                if !known.contains(&part) {
                    self.unknown(whole, part, known);
                }
                Shape::Plain
            }
            Shape::List(_) => {
                self.report_at(whole, "list-has-no-parts", |finding| {
                    finding.with("path", whole).with("name", part)
                });
                Shape::Unknown
            }
            Shape::Unknown => Shape::Unknown,
            _ => {
                self.unknown(whole, part, &[]);
                Shape::Unknown
            }
        }
    }

    fn call(&mut self, call: &'k CallExpr) -> Shape<'k> {
        let target = call.target.as_ref().map(|target| self.shape(target));
        let shapes: Vec<Shape<'k>> = call.args.iter().map(|arg| self.shape(arg)).collect();
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => {
                self.word(&shapes[0], right);
                self.word(&shapes[1], left);
                Shape::Plain
            }
            (operators::IN, [_, list]) => {
                if let Expr::List(list) = &list.expr {
                    list.elements
                        .iter()
                        .for_each(|item| self.word(&shapes[0], item));
                }
                Shape::Plain
            }
            (operators::INDEX, [table, key]) => {
                if let Expr::Ident(name) = &table.expr
                    && name.strip_prefix(LOOKUP) == Some(Function::StateAtLeast.name())
                {
                    self.word(&Shape::State, key);
                }
                match &shapes[0] {
                    Shape::List(item) => (**item).clone(),
                    _ => Shape::Unknown,
                }
            }
            (operators::CONDITIONAL, [..]) => shapes.get(1).cloned().unwrap_or(Shape::Unknown),
            _ => {
                let _ = target;
                Shape::Plain
            }
        }
    }

    /// A text that is compared with something that can only be certain words.
    fn word(&mut self, shape: &Shape<'k>, node: &IdedExpr) {
        let Expr::Literal(LiteralValue::String(text)) = &node.expr else {
            return;
        };
        let text: &str = text.inner();
        let (rule, known): (_, Vec<&str>) = match shape {
            Shape::Choice(choices) => (
                "unknown-choice",
                choices.iter().map(|choice| &*choice.id).collect(),
            ),
            Shape::State => (
                "unknown-state",
                self.states.iter().map(|state| &*state.id).collect(),
            ),
            Shape::Words(words) => ("unknown-word", words.to_vec()),
            _ => return,
        };
        if known.contains(&text) {
            return;
        }
        let place = self.expression.place_of(text);
        let mut finding = Finding::error(rule, place)
            .with("key", self.expression.key)
            .with("name", text)
            .with("known", known.join(", "));
        if let Some(near) = nearest(text, known) {
            finding = finding.message("near").with("near", near);
        }
        self.findings.push(finding);
    }

    fn unknown(&mut self, whole: &str, name: &str, known: &[&str]) {
        let mut place = self.expression.place_of(whole);
        // the part at fault inside the path, when the path was found
        if place != self.expression.place
            && let Some(offset) = offset_of(whole, name)
        {
            place.span.start += offset as u32;
            place.span.end = place.span.start + name.len() as u32;
        }
        let mut finding = Finding::error("unknown-path", place)
            .with("key", self.expression.key)
            .with("path", whole)
            .with("name", name)
            .with("known", known.join(", "));
        if let Some(near) = nearest(name, known.iter().copied()) {
            finding = finding.message("near").with("near", near);
        }
        // `all` and `exists` are expanded twice over: say it once
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn report_at(
        &mut self,
        words: &str,
        message: &'static str,
        with: impl FnOnce(Finding) -> Finding,
    ) {
        let place = self.expression.place_of(words);
        let finding = with(
            Finding::error("bad-expression", place)
                .message(message)
                .with("key", self.expression.key),
        );
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// Where a part of a dotted path starts in it.
fn offset_of(path: &str, part: &str) -> Option<usize> {
    let mut at = 0;
    for name in path.split('.') {
        if name == part {
            return Some(at);
        }
        at += name.len() + 1;
    }
    None
}

/// Whether the step of an expanded macro appends the item itself.
fn is_filter(step: &IdedExpr) -> bool {
    let Expr::Call(call) = &step.expr else {
        return false;
    };
    if call.func_name != operators::CONDITIONAL {
        return false;
    }
    let Some(Expr::Call(append)) = call.args.get(1).map(|then| &then.expr) else {
        return false;
    };
    matches!(
        append.args.get(1).map(|added| &added.expr),
        Some(Expr::List(list)) if matches!(list.elements.as_slice(), [item] if matches!(item.expr, Expr::Ident(_)))
    )
}
