//! CEL expressions of definitions, compiled once when a definition loads.
//!
//! Invariants: an expression that compiled is bounded in length, size, depth
//! and nesting, so that neither parser nor evaluator (both recursive) can
//! exhaust the stack; it calls only functions that exist. Whether its names
//! exist in the kind is said by [`Expression::check_names`], once the kind is
//! complete.
//!
//! What is evaluated is not the tree as it was parsed (see [`rewrite`]): whole
//! paths are one name (`request.due_on`), `has(x)` compares with null, and
//! the functions that need the register are look-ups.

mod cost;
mod functions;
mod guard;
mod names;
mod rewrite;

use std::sync::Arc;

use cel::IdedExpr;

pub use cost::Cost;
pub use functions::{Function, LOOKUP};

use crate::finding::{Finding, Place, Span};
use crate::source::{Located, TableReader, nearest};

/// A compiled expression with the place it was written at.
#[derive(Clone)]
pub struct Expression {
    /// As it was written.
    pub source: Arc<str>,
    /// Where it stands in the definition.
    pub place: Place,
    /// The key it stands under: `when`, `assert`, `required_if`.
    pub key: &'static str,
    /// Ready to run.
    tree: Arc<IdedExpr>,
    cost: Cost,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expression")
            .field("source", &self.source)
            .field("place", &self.place)
            .finish()
    }
}

/// Why a text is no expression of ours.
#[derive(Debug, Clone, PartialEq)]
enum Fault {
    /// It is larger than the evaluator may be given.
    TooLarge {
        /// What there is too much of; a message of the rule.
        measure: &'static str,
        /// How much there may be.
        limit: usize,
    },
    /// It does not follow the grammar.
    Syntax {
        /// Character column, from 1.
        column: usize,
        /// What the parser says.
        detail: String,
    },
    /// A function that does not exist, or not with so many arguments.
    UnknownFunction {
        /// The function.
        name: String,
    },
    /// Something the language has and these expressions do not.
    NotAllowed {
        /// What it is, as it is written in the language.
        what: &'static str,
    },
}

fn compile(source: &str) -> Result<IdedExpr, Fault> {
    guard::text(source)?;
    let tree = cel::parser::Parser::new().parse(source).map_err(|errors| {
        let first = errors.errors.first();
        Fault::Syntax {
            column: first.map_or(1, |error| usize::try_from(error.pos.1).unwrap_or(1)),
            detail: first.map_or_else(String::new, |error| error.msg.clone()),
        }
    })?;
    guard::tree(&tree)?;
    rewrite::rewrite(tree)
}

impl Expression {
    /// Reads the expression under a key; a finding when it does not compile.
    pub fn read(reader: &TableReader<'_>, key: &'static str) -> Option<Expression> {
        let found = reader.string(key)?;
        let compiled = compile(found.value).and_then(|tree| Ok((Cost::of(&tree)?, tree)));
        match compiled {
            Ok((cost, tree)) => Some(Expression {
                source: found.value.into(),
                place: found.place,
                key,
                tree: Arc::new(tree),
                cost,
            }),
            Err(fault) => {
                reader.report(fault.finding(key, &found));
                None
            }
        }
    }

    /// What evaluating it can cost.
    pub fn cost(&self) -> &Cost {
        &self.cost
    }

    /// The tree that is evaluated.
    pub(crate) fn tree(&self) -> &IdedExpr {
        &self.tree
    }

    /// The place of the first whole occurrence of `words` in the expression;
    /// all of it when there is none.
    fn place_of(&self, words: &str) -> Place {
        place_of(self.place, &self.source, words)
    }
}

impl Fault {
    fn finding(self, key: &'static str, found: &Located<&str>) -> Finding {
        let rule = "bad-expression";
        let (place, source) = (found.place, found.value);
        match self {
            Fault::TooLarge { measure, limit } => Finding::error(rule, place)
                .message(measure)
                .with("key", key)
                .with("limit", limit),
            Fault::Syntax { column, detail } => {
                Finding::error(rule, character(place, source, column.max(1)))
                    .with("key", key)
                    .with("detail", detail)
            }
            Fault::UnknownFunction { name } => {
                let finding = Finding::error(rule, place_of(place, source, &name))
                    .message("unknown-function")
                    .with("key", key)
                    .with("name", name.as_str());
                match nearest(&name, functions::names()) {
                    Some(near) if near != name => {
                        finding.message("near-function").with("near", near)
                    }
                    _ => {
                        let known: Vec<&str> = functions::names().collect();
                        finding.with("known", known.join(", "))
                    }
                }
            }
            Fault::NotAllowed { what } => Finding::error(rule, place)
                .message("not-allowed")
                .with("key", key)
                .with("what", what),
        }
    }
}

/// How many bytes of quotes stand before the text of a TOML string; none when
/// escapes make offsets differ from those in the file.
fn quotes(place: Place, source: &str) -> Option<usize> {
    match place.span.range().len().checked_sub(source.len())? {
        2 => Some(1),
        6 => Some(3),
        7 => Some(4),
        _ => None,
    }
}

fn inside(place: Place, source: &str, start: usize, length: usize) -> Place {
    let Some(quotes) = quotes(place, source) else {
        return place;
    };
    let start = place.span.start as usize + quotes + start.min(source.len());
    Place {
        file: place.file,
        span: Span::new(start..start + length),
    }
}

/// The place of a character of an expression, counted from 1.
fn character(place: Place, source: &str, column: usize) -> Place {
    match source.char_indices().nth(column - 1) {
        Some((at, c)) => inside(place, source, at, c.len_utf8()),
        // at the end something is missing: the closing quote
        None => inside(place, source, source.len(), 1),
    }
}

fn place_of(place: Place, source: &str, words: &str) -> Place {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let found = source.match_indices(words).find(|(at, _)| {
        let before = source[..*at].chars().next_back();
        let after = source[at + words.len()..].chars().next();
        !before.is_some_and(|c| part_of_name(c) || c == '.') && !after.is_some_and(part_of_name)
    });
    match found {
        Some((at, _)) => inside(place, source, at, words.len()),
        None => place,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::check::sample;

    fn fault(source: &str) -> Fault {
        match compile(source) {
            Ok(_) => panic!("compiles: {source}"),
            Err(fault) => fault,
        }
    }

    #[test]
    fn what_would_exhaust_the_stack_is_refused_before_it_is_parsed() {
        for source in [
            "(".repeat(999),
            "[".repeat(999),
            "-".repeat(999),
            "!".repeat(998),
            format!("a{}", ".a".repeat(499)),
            format!("1{}", "+1".repeat(499)),
            format!("a{}", "[0]".repeat(330)),
            format!("true{}", "?1:1".repeat(125)),
            "a.all(b,".repeat(110),
            "x".repeat(1_001),
        ] {
            assert!(matches!(fault(&source), Fault::TooLarge { .. }), "{source}");
        }
    }

    #[test]
    fn the_largest_expressions_let_through_can_be_compiled() {
        for source in [
            format!("{}true{}", "(".repeat(40), ")".repeat(40)),
            format!("1{}", "+1".repeat(90)),
            format!("true{}", " && true".repeat(90)),
            format!("request{}", ".a".repeat(90)),
            format!("{}true", "!".repeat(90)),
            "a.all(b, b.all(c, c > 1))".to_owned(),
        ] {
            // what matters is that it comes back at all, with whichever answer
            let _ = compile(&source);
        }
        assert!(compile("a.all(b, b.all(c, c > 1))").is_ok());
    }

    #[test]
    fn functions_that_do_not_exist_are_named() {
        for (source, name) in [
            ("haz(request.due_on)", "haz"),
            ("actions.al(a, a.done)", "al"),
            ("actions.all(a)", "all"),
            ("head_of('rd', 1)", "head_of"),
            ("request.due_on.getDayOfWeek()", "getDayOfWeek"),
            ("timestamp('2026-01-01')", "timestamp"),
        ] {
            assert_eq!(
                fault(source),
                Fault::UnknownFunction { name: name.into() },
                "{source}"
            );
        }
    }

    const SECTIONS: &str = r#"
[sections.request]
label = "需求"
fields.due_on = { type = "date", label = "截止" }
fields.time = { type = "period", label = "时间" }
fields.parts.type = "table"
fields.parts.label = "部分"
fields.parts.columns.what = { type = "text", label = "内容" }
[sections.actions]
label = "任务"
repeated = true
fields.task = { type = "text", label = "任务" }
fields.status = { type = "choice", label = "状态", choices = [ { id = "open", label = "进行" }, { id = "done", label = "完成" } ] }
fields.confirmed = { type = "signature", label = "确认" }
"#;

    /// The findings for a rule with this `assert`, and whether it is each's.
    fn with(assert: &str, each: bool) -> Vec<String> {
        let each = if each { "each = \"actions\"" } else { "" };
        let kind = format!(
            "{SECTIONS}\n[[rules]]\nid = \"r\"\ntitle = \"t\"\nmessage = \"m\"\nassert = \"{assert}\"\n{each}\n"
        );
        let loaded = sample::register(&kind, &[]);
        loaded
            .findings
            .iter()
            .map(|finding| {
                let words = loaded.register.sources.words(finding.place);
                let near = finding.arguments.iter().find(|(name, _)| name == "near");
                let near = match near {
                    Some((_, crate::finding::Argument::Plain(near))) => near.as_str(),
                    _ => "",
                };
                format!("{} @{words} {near}", finding.rule)
            })
            .collect()
    }

    #[test]
    fn names_that_exist_are_accepted() {
        for (assert, each) in [
            ("has(request.due_on) && state == 'open'", false),
            ("request.time.from < request.time.to", false),
            ("request.parts.exists(p, p.what == 'x')", false),
            ("actions.all(a, a.status in ['open', 'done'])", false),
            (
                "actions.filter(a, has(a.task)).all(a, a.confirmed.person == head_of('rd'))",
                false,
            ),
            ("actions.map(a, a.task).exists(t, t == title)", false),
            ("row.status != 'done' || index > 0", true),
            ("state_at_least('closed') && size(related) == 0", false),
            ("working_days(request.due_on, '2026-05-20') < 3", false),
        ] {
            assert_eq!(with(assert, each), Vec::<String>::new(), "{assert}");
        }
    }

    #[test]
    fn a_misspelt_name_is_found_at_its_place() {
        for (assert, each, expected) in [
            ("has(request.due_no)", false, "unknown-path @due_no due_on"),
            ("has(requst.due_on)", false, "unknown-path @requst request"),
            (
                "'截止' != 'x' && has(request.due_no)",
                false,
                "unknown-path @due_no due_on",
            ),
            ("request.time.form < '2'", false, "unknown-path @form from"),
            (
                "request.parts.all(p, has(p.waht))",
                false,
                "unknown-path @waht what",
            ),
            (
                "actions.exists(a, a.stauts == 'open')",
                false,
                "unknown-path @stauts status",
            ),
            (
                "actions.filter(a, true).all(b, has(b.tsak))",
                false,
                "unknown-path @tsak task",
            ),
            ("has(row.tsak)", true, "unknown-path @tsak task"),
            (
                "actions.all(a, a.status != 'dnoe')",
                false,
                "unknown-choice @dnoe done",
            ),
            ("row.status in ['dnoe']", true, "unknown-choice @dnoe done"),
            ("state == 'opne'", false, "unknown-state @opne open"),
            ("state_at_least('opne')", false, "unknown-state @opne open"),
            ("priority == 'urgnet'", false, "unknown-word @urgnet urgent"),
            ("has(row.task)", false, "bad-expression @row.task "),
            (
                "actions.status == 'done'",
                false,
                "bad-expression @actions.status ",
            ),
            ("request.exists(x, true)", false, "bad-expression @x "),
            ("haz(request.due_on)", false, "bad-expression @haz has"),
            ("has(request.due_on) &&", false, "bad-expression @\" "),
        ] {
            assert_eq!(with(assert, each), [expected], "{assert}");
        }
    }
}
