//! Evaluating the expressions of a kind against a record.
//!
//! Invariants: nothing of the record is copied but what an expression reads;
//! an expression that reads a value that could not be understood has no
//! result, because that value has its finding already; nothing panics.
//!
//! Values: dates and instants are ISO text (instants in company time), so
//! that comparing texts compares times; money and numbers are doubles;
//! people, departments, parties and choices are their names in records; what
//! is not filled in is null, and a list that is not there is empty.

mod environment;
mod functions;
mod values;

use std::sync::atomic::{AtomicBool, Ordering};

use cel::common::types::{CelBool, CelInt, CelNull, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, ExecutionError, Value as CelValue};

use super::{Record, RowRef, SectionValue};
use crate::calendar::Calendar;
use crate::definition::field::Field;
use crate::definition::form::columns_of;
use crate::definition::path::Rows;
use crate::definition::{Expression, Kind};
use crate::organisation::Organisation;
use functions::LookUp;
use values::{RowValue, list};

/// Longest list that an expression goes through: one list inside another makes
/// the square of it.
const MAXIMUM_ROWS: usize = 1_000;

/// Why an expression has no result.
#[derive(Clone, Debug, PartialEq)]
pub enum EvaluationError {
    /// It reads a value that could not be understood, or the record makes too
    /// much work: nothing more is to be said.
    Unreadable,
    /// It ordered a value with one that is not filled in.
    Null {
        /// The operator or function.
        operator: String,
    },
    /// It put values of different types together.
    Types {
        /// The operator or function.
        operator: String,
        /// The types, as the expression language names them.
        types: String,
    },
    /// It needs a year of which no holidays are known.
    MissingYear(i16),
    /// It goes through a list that is longer than this.
    TooManyRows(usize),
    /// It gives neither true nor false.
    NotBoolean(String),
    /// Something else, in the evaluator's own words.
    Other(String),
}

impl EvaluationError {
    /// The finding that says so, for the record it happened with; none when
    /// the value at fault has its finding already.
    pub fn finding(
        &self,
        expression: &Expression,
        record: &Record,
    ) -> Option<crate::finding::Finding> {
        let finding =
            crate::finding::Finding::error("expression-failed", record.place(record.state.span))
                .with("key", expression.key)
                .with("expression", &*expression.source)
                .related(expression.place);
        Some(match self {
            EvaluationError::Unreadable => return None,
            EvaluationError::Null { operator } => {
                finding.message("null").with("operator", operator.as_str())
            }
            EvaluationError::Types { operator, types } => finding
                .message("types")
                .with("operator", operator.as_str())
                .with("types", types.as_str()),
            EvaluationError::MissingYear(year) => {
                finding.message("year").with("year", year.to_string())
            }
            EvaluationError::TooManyRows(limit) => finding.message("rows").with("limit", *limit),
            EvaluationError::NotBoolean(found) => {
                finding.message("not-boolean").with("found", found.as_str())
            }
            EvaluationError::Other(detail) => finding.with("detail", detail.as_str()),
        })
    }
}

/// What the expressions about one record are evaluated with. Cheap to make.
#[derive(Clone, Copy)]
pub struct Evaluation<'r> {
    /// Departments and people.
    pub organisation: &'r Organisation,
    /// Working days and the company's zone.
    pub calendar: &'r Calendar,
    /// The record's kind.
    pub kind: &'r Kind,
    /// The record.
    pub record: &'r Record,
}

/// The row that an expression is about.
#[derive(Clone, Copy)]
pub struct CurrentRow<'r> {
    /// The row.
    pub row: RowRef<'r>,
    /// Its fields or columns.
    pub fields: &'r [Field],
    /// Its index, from 0.
    pub index: usize,
}

impl<'r> CurrentRow<'r> {
    /// A row of something of this kind that has rows.
    pub fn of(kind: &'r Kind, rows: &Rows, row: RowRef<'r>, index: usize) -> Self {
        CurrentRow {
            row,
            fields: kind
                .sections
                .get(rows.section)
                .map_or(&[], |section| columns_of(section, rows)),
            index,
        }
    }
}

impl<'r> Evaluation<'r> {
    /// Whether an expression holds for the record, or for a row of it.
    pub fn holds(
        &self,
        expression: &Expression,
        row: Option<CurrentRow<'r>>,
    ) -> Result<bool, EvaluationError> {
        if self.record.too_costly {
            return Err(EvaluationError::Unreadable);
        }
        let scope = Scope {
            evaluation: *self,
            row,
            unreadable: AtomicBool::new(false),
            too_many: AtomicBool::new(false),
        };
        let mut context = Context::with_env(environment::environment());
        context.set_variable_resolver(&scope);
        let result = CelValue::resolve_val(expression.tree(), &context);
        if scope.unreadable.load(Ordering::Relaxed) {
            return Err(EvaluationError::Unreadable);
        }
        if scope.too_many.load(Ordering::Relaxed) {
            return Err(EvaluationError::TooManyRows(MAXIMUM_ROWS));
        }
        match result {
            Ok(value) => value
                .downcast_ref::<CelBool>()
                .map(|value| *value.inner())
                .ok_or_else(|| EvaluationError::NotBoolean(value.get_type().name().to_owned())),
            Err(error) => Err(explain(&error)),
        }
    }
}

/// What the variables of one evaluation are read from.
struct Scope<'r> {
    evaluation: Evaluation<'r>,
    row: Option<CurrentRow<'r>>,
    /// Whether a value was asked for that could not be understood.
    unreadable: AtomicBool,
    /// Whether a list was asked for that is too long.
    too_many: AtomicBool,
}

impl Scope<'_> {
    fn touch_unreadable(&self) {
        self.unreadable.store(true, Ordering::Relaxed);
    }

    /// The items that an expression is shown: none, and no result, when there
    /// are more than it can go through.
    fn bounded<'t, T>(&self, items: &'t [T]) -> &'t [T] {
        if items.len() <= MAXIMUM_ROWS {
            return items;
        }
        self.too_many.store(true, Ordering::Relaxed);
        &[]
    }

    fn envelope<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let Evaluation {
            organisation,
            kind,
            record,
            ..
        } = self.evaluation;
        let text = |text: &'b str| Some(CowVal::owned(CelString::from(text)));
        let texts = |texts: &mut dyn Iterator<Item = &'b str>| {
            list(texts.map(|text| Box::new(CelString::from(text)) as Box<dyn Val>))
        };
        match name {
            "state" => text(&kind.states[record.state.value].id),
            "priority" => match &record.priority {
                Some(priority) => text(priority.value.name()),
                None => Some(CowVal::owned(CelNull)),
            },
            "audience" => text(record.audience.value.name()),
            "project" => match &record.project {
                Some(project) => text(&project.value),
                None => Some(CowVal::owned(CelNull)),
            },
            "title" => text(&record.title.value),
            "id" => text(&record.id.value),
            "kind" => text(&kind.id),
            "related" => Some(texts(
                &mut self.bounded(&record.related).iter().map(|to| &*to.value),
            )),
            "visible_to" => Some(texts(
                &mut self
                    .bounded(&record.visible_to)
                    .iter()
                    .map(|subject| organisation.id_of(subject.value)),
            )),
            _ => None,
        }
    }

    fn section<'b>(&'b self, name: &str, path: Option<&str>) -> Option<CowVal<'b, 'b>> {
        let Evaluation { kind, record, .. } = self.evaluation;
        let index = kind.section(name)?;
        let section = &kind.sections[index];
        let rows = record.section(index);
        if section.repeated {
            return match path {
                None => Some(list(self.bounded(rows).iter().map(|row| {
                    Box::new(RowValue::new(self, &section.fields, Some(row))) as Box<dyn Val>
                }))),
                Some(_) => None,
            };
        }
        let row = match record.sections.get(index) {
            Some(SectionValue::One(row)) => Some(row),
            _ => rows.first(),
        };
        let value = RowValue::new(self, &section.fields, row);
        match path {
            None => Some(CowVal::owned(value)),
            Some(path) => value.at(path).map(CowVal::Owned),
        }
    }
}

impl VariableResolver for Scope<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        if let Some(function) = LookUp::named(self, variable) {
            return Some(CowVal::owned(function));
        }
        let (name, path) = match variable.split_once('.') {
            Some((name, path)) => (name, Some(path)),
            None => (variable, None),
        };
        if let Some(current) = &self.row {
            match (name, path) {
                ("index", None) => return Some(CowVal::owned(CelInt::from(current.index as i64))),
                ("row", _) => return values::current(self, current, path),
                _ => {}
            }
        }
        match path {
            None => self.envelope(name).or_else(|| self.section(name, None)),
            Some(_) => self.section(name, path),
        }
    }
}

/// The evaluator's error in terms that can be said to people.
fn explain(error: &ExecutionError) -> EvaluationError {
    let sign = |operator: &str| {
        let name = match operator {
            "add" => "+",
            "sub" => "-",
            "mul" => "*",
            "div" => "/",
            "rem" => "%",
            other => other.trim_matches(|c| c == '_' || c == '@'),
        };
        name.to_owned()
    };
    let of_types = |operator: &str, types: &[String]| {
        let operator = sign(operator);
        if types
            .iter()
            .any(|name| name == "null_type" || name == "null")
        {
            return EvaluationError::Null { operator };
        }
        EvaluationError::Types {
            operator,
            types: types.join(", "),
        }
    };
    match error {
        ExecutionError::NoSuchOverload(overload) => {
            of_types(overload.function(), overload.argument_types())
        }
        ExecutionError::UnsupportedBinaryOperator(name, left, right) => of_types(
            name,
            &[left.type_of().to_string(), right.type_of().to_string()],
        ),
        ExecutionError::FunctionError { function, message } => {
            match message.strip_prefix(functions::MISSING_YEAR) {
                Some(year) => EvaluationError::MissingYear(year.parse().unwrap_or(0)),
                None if message == functions::TYPES => of_types(function, &[]),
                None => EvaluationError::Other(message.clone()),
            }
        }
        other => EvaluationError::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::check::sample;
    use crate::register::Register;

    const SECTIONS: &str = r#"
[sections.request]
label = "需求"
fields.person = { type = "person", label = "发起人" }
fields.department = { type = "department", label = "部门" }
fields.due_on = { type = "date", label = "截止" }
fields.sent_at = { type = "instant", label = "时间" }
fields.time = { type = "period", label = "时间" }
fields.amount = { type = "money", label = "金额" }
fields.count = { type = "number", label = "数" }
fields.urgent = { type = "boolean", label = "急" }
fields.who = { type = "person", many = true, label = "谁" }
fields.files = { type = "attachment", many = true, label = "附件" }
fields.signature = { type = "signature", label = "签字" }
fields.scope = { type = "text", label = "范围" }
fields.parts.type = "table"
fields.parts.label = "部分"
fields.parts.columns.what = { type = "text", label = "内容" }
fields.parts.columns.due_on = { type = "date", label = "截止" }
[sections.acceptance]
label = "验收"
fields.concluded_on = { type = "date", label = "日期" }
fields.signature = { type = "signature", label = "签字" }
[sections.actions]
label = "任务"
repeated = true
fields.task = { type = "text", label = "任务" }
fields.owner = { type = "person", label = "责任人" }
fields.time = { type = "period", label = "时间" }
fields.status = { type = "choice", label = "状态", choices = [ { id = "open", label = "进行" }, { id = "done", label = "完成" } ] }
"#;

    const REST: &str = r#"
priority = "urgent"
related = ["YL-2026-0001"]
[request]
person = "li-na"
department = "rd"
due_on = 2026-05-20
sent_at = 2026-05-06T01:30:00Z
time = { from = 2026-05-08, to = 2026-05-09 }
amount = "1200.50 CNY"
count = 3
urgent = true
who = ["li-na", "wang-wei"]
files = "无"
scope = ""
signature = { person = "wang-wei", at = 2026-05-06T15:10:00+08:00, opinion = "同意" }
[[request.parts]]
what = "壳"
due_on = 2026-05-10
[[request.parts]]
what = "屏"
[[actions]]
task = "画图"
owner = "li-na"
status = "done"
time = { from = 2026-05-08, to = 2026-05-09 }
[[actions]]
task = "试产"
status = "open"
"#;

    /// The results of expressions for a record in state `open` with this rest.
    fn results(
        rest: &str,
        expressions: &[&str],
        each: Option<&str>,
    ) -> Vec<Vec<Result<bool, EvaluationError>>> {
        let rules: String = expressions
            .iter()
            .enumerate()
            .map(|(index, expression)| {
                let each = each.map_or_else(String::new, |each| format!("each = \"{each}\"\n"));
                format!(
                    "[[rules]]\nid = \"r{index}\"\ntitle = \"t\"\nmessage = \"m\"\nassert = \"{expression}\"\n{each}"
                )
            })
            .collect();
        let loaded = sample::register(
            &format!("{SECTIONS}\n{rules}"),
            &[&sample::record("open", rest)],
        );
        let register: &Register = &loaded.register;
        let record = &register.records[0];
        let kind = register.kind_of(record);
        assert_eq!(
            kind.rules.len(),
            expressions.len(),
            "{:?}",
            sample::shown(&loaded, &loaded.findings)
        );
        let evaluation = Evaluation {
            organisation: &register.organisation,
            calendar: &register.calendar,
            kind,
            record,
        };
        kind.rules
            .iter()
            .map(|rule| match &rule.each {
                None => vec![evaluation.holds(&rule.assert, None)],
                Some(rows) => record
                    .rows(rows)
                    .into_iter()
                    .enumerate()
                    .map(|(index, row)| {
                        let row = CurrentRow::of(kind, rows, row, index);
                        evaluation.holds(&rule.assert, Some(row))
                    })
                    .collect(),
            })
            .collect()
    }

    fn all_hold(expressions: &[&str]) {
        for (expression, result) in expressions.iter().zip(results(REST, expressions, None)) {
            assert_eq!(result, [Ok(true)], "{expression}");
        }
    }

    #[test]
    fn values_of_every_type_can_be_compared() {
        all_hold(&[
            "state == 'open' && priority == 'urgent' && audience == 'internal'",
            "id == 'YL-2026-0001' && title == '样例' && kind == 'sample'",
            "project == null && related == ['YL-2026-0001'] && size(visible_to) == 0",
            "request.person == 'li-na' && request.department == 'rd'",
            "request.due_on == '2026-05-20' && request.due_on < '2026-06-01'",
            "request.sent_at == '2026-05-06T09:30:00+08:00'",
            "day(request.sent_at) == '2026-05-06' && year(request.sent_at) == '2026'",
            "request.time.from == '2026-05-08' && request.time.to == '2026-05-09'",
            "request.amount == 1200.5 && request.amount > 1000",
            "request.count == 3 && request.urgent",
            "request.signature.person == 'wang-wei' && request.signature.opinion == '同意'",
            "request.signature.at == '2026-05-06T15:10:00+08:00'",
            "request.signature.name == null",
            "size(request.who) == 2 && 'wang-wei' in request.who",
        ]);
    }

    #[test]
    fn what_is_absent_is_null_or_empty_and_has_says_so() {
        all_hold(&[
            "!has(acceptance.concluded_on) && acceptance.concluded_on == null",
            "acceptance.signature.person == null && !has(acceptance.signature.at)",
            "!has(request.scope)",
            "has(request.time.from) && has(request.signature)",
            "has(request.files) && size(request.files) == 0",
            "day(acceptance.concluded_on) == null && head_of(acceptance.signature.person) == null",
            "actions.exists(a, !has(a.owner) && a.time.from == null)",
        ]);
    }

    #[test]
    fn lists_are_gone_through() {
        all_hold(&[
            "size(actions) == 2 && actions.exists_one(a, a.status == 'done')",
            "actions.all(a, has(a.task)) && !actions.all(a, has(a.owner))",
            "actions.filter(a, a.status == 'open').all(a, a.task == '试产')",
            "actions.map(a, a.task) == ['画图', '试产']",
            "actions[0].time.to == '2026-05-09'",
            "request.parts.exists(p, p.what == '壳' && p.due_on <= request.due_on)",
            "request.who.all(p, department_of(p) == request.department)",
            "request.parts.all(p, actions.exists(a, a.task != p.what))",
        ]);
    }

    #[test]
    fn functions_know_the_organisation_the_states_and_the_calendar() {
        all_hold(&[
            "head_of('rd') == 'wang-wei' && head_of('li-na') == 'wang-wei'",
            "leader_of(request.department) == 'li-na'",
            "departments_in('legal') == ['rd'] && departments_in('nobody') == [] && size(departments_in('*')) >= 1",
            "department_of('nobody') == null",
            "state_at_least('open') && !state_at_least('closed')",
            // 2026-05-09 is a Saturday on which people work
            "working_days('2026-05-08', '2026-05-11') == 2",
            "working_days(request.sent_at, request.due_on) == 11",
            "working_days(acceptance.concluded_on, request.due_on) == null",
            "request.person.startsWith('li') && request.person.matches('^[a-z]+-[a-z]+$')",
        ]);
    }

    #[test]
    fn rows_are_seen_one_by_one() {
        assert_eq!(
            results(
                REST,
                &["row.status == 'done'", "index == 1", "has(row.time.from)"],
                Some("actions")
            ),
            [
                [Ok(true), Ok(false)],
                [Ok(false), Ok(true)],
                [Ok(true), Ok(false)]
            ]
        );
        assert_eq!(
            results(REST, &["row == 'li-na'"], Some("request.who")),
            [[Ok(true), Ok(false)]]
        );
        assert_eq!(
            results(REST, &["has(row.due_on)"], Some("request.parts")),
            [[Ok(true), Ok(false)]]
        );
    }

    #[test]
    fn an_expression_without_a_result_says_why() {
        let types = |operator: &str, types: &str| EvaluationError::Types {
            operator: operator.into(),
            types: types.into(),
        };
        let null = |operator: &str| EvaluationError::Null {
            operator: operator.into(),
        };
        for (expression, expected) in [
            ("acceptance.concluded_on >= request.due_on", null(">=")),
            ("request.due_on < acceptance.concluded_on", null("<")),
            ("request.due_on > 3", types(">", "string, int")),
            ("size(acceptance.concluded_on) == 1", null("size")),
            ("request.due_on + 1 == 'x'", types("+", "string, int")),
            (
                "request.person",
                EvaluationError::NotBoolean("string".into()),
            ),
            (
                "working_days('2026-05-08', '2199-05-08') > 1",
                EvaluationError::MissingYear(2199),
            ),
            (
                "working_days('soon', '2026-05-08') > 1",
                types("working_days", ""),
            ),
        ] {
            assert_eq!(
                results(REST, &[expression], None),
                [[Err(expected)]],
                "{expression}"
            );
        }
    }

    #[test]
    fn a_value_that_was_not_understood_gives_no_result_and_no_finding() {
        let rest = "[request]\ndue_on = \"下周\"\nperson = \"li-na\"\n";
        let expressions = [
            "request.due_on >= '2026-05-01'",
            "has(request.due_on)",
            "request.person == 'li-na'",
        ];
        assert_eq!(
            results(rest, &expressions, None),
            [
                [Err(EvaluationError::Unreadable)],
                [Err(EvaluationError::Unreadable)],
                [Ok(true)]
            ]
        );
    }

    #[test]
    fn a_list_too_long_to_go_through_gives_no_result() {
        let rows = |count: usize| "[[actions]]\ntask = \"x\"\n".repeat(count);
        let of = |count| results(&rows(count), &["actions.all(a, a.task == 'x')"], None);
        assert_eq!(of(MAXIMUM_ROWS), [[Ok(true)]]);
        assert_eq!(
            of(MAXIMUM_ROWS + 1),
            [[Err(EvaluationError::TooManyRows(MAXIMUM_ROWS))]]
        );
    }

    #[test]
    fn the_deepest_expression_let_through_is_evaluated_on_a_small_stack() {
        let long = format!("true{}", " && true".repeat(90));
        let deep = format!("{}true{}", "(".repeat(30), ")".repeat(30));
        let sum = format!("0{} == 30", "+1".repeat(30));
        let nested = "actions.all(a, actions.exists(b, ".to_owned()
            + &"false ? false : ".repeat(6)
            + "b.task == a.task"
            + "))";
        all_hold(&[&long, &deep, &sum, &nested]);
    }
}
