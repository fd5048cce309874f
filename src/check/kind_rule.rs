//! The rules written in the kinds' definitions, found under their own names.

use std::borrow::Cow;

use super::{Scope, placeholder};
use crate::definition::path::{Path, Root};
use crate::definition::rule::{At, Rule, placeholders};
use crate::finding::{Argument, Finding, Span, Wording};
use crate::record::{CurrentRow, Evaluation};
use crate::text::Language;

/// Runs the rules of a record's kind.
pub(super) fn run(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    // half a file would break rules that the whole one keeps
    if !scope.record.broken.is_empty() {
        return;
    }
    let (record, kind) = (scope.record, scope.kind);
    let evaluation = scope.evaluation();
    let rank = scope.rank();
    for rule in &kind.rules {
        let reached = rule.from_state.is_none_or(|from| rank >= from);
        let applies = rule.states.is_empty() || rule.states.contains(&record.state.value);
        if !reached || !applies {
            continue;
        }
        let Some(rows) = &rule.each else {
            judge(scope, &evaluation, rule, None, findings);
            continue;
        };
        for (index, row) in record.rows(rows).into_iter().enumerate() {
            let current = CurrentRow::of(kind, rows, row, index);
            judge(scope, &evaluation, rule, Some(current), findings);
        }
    }
}

fn judge<'r>(
    scope: &Scope<'r>,
    evaluation: &Evaluation<'r>,
    rule: &Rule,
    row: Option<CurrentRow<'r>>,
    findings: &mut Vec<Finding>,
) {
    if let Some(when) = &rule.when {
        match evaluation.holds(when, row) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                findings.extend(error.finding(when, scope.record));
                return;
            }
        }
    }
    match evaluation.holds(&rule.assert, row) {
        Ok(true) => {}
        Ok(false) => findings.push(finding(scope, rule, row)),
        Err(error) => findings.extend(error.finding(&rule.assert, scope.record)),
    }
}

fn finding(scope: &Scope<'_>, rule: &Rule, row: Option<CurrentRow<'_>>) -> Finding {
    let place = scope.record.place(place(scope, rule, row));
    let mut arguments: Vec<(Cow<'static, str>, Argument)> = Vec::new();
    for text in [Some(&rule.message), rule.help.as_ref()]
        .into_iter()
        .flatten()
    {
        for language in [Language::Chinese, Language::English] {
            for name in placeholders(text.get(language)) {
                if arguments.iter().any(|(known, _)| known == name) {
                    continue;
                }
                if let Some(value) = placeholder::value(scope, rule, row, name) {
                    arguments.push((Cow::Owned(name.to_owned()), value.into()));
                }
            }
        }
    }
    Finding {
        rule: Cow::Owned(rule.id.to_string()),
        level: rule.level,
        place,
        clause: rule.clause.clone(),
        wording: Wording::Own {
            message: rule.message.clone(),
            help: rule.help.clone(),
        },
        arguments,
        related: Vec::new(),
        fix: None,
    }
}

/// Where to point: at the value, else at the nearest thing around it that is
/// there, else at the state.
fn place(scope: &Scope<'_>, rule: &Rule, row: Option<CurrentRow<'_>>) -> Span {
    let record = scope.record;
    let around = row.map(|current| current.row.span());
    let section = |index: usize| record.section(index).first().map(|row| row.span);
    let found = match &rule.at {
        None => around,
        Some(At::Column(column)) => row.and_then(|current| match current.row.get(*column) {
            Some(cell) => Some(cell.span),
            None => around,
        }),
        Some(At::Section(index)) => section(*index).or(around),
        Some(At::Path(path)) => at_path(scope, path).or(around),
    };
    found.unwrap_or(record.state.span)
}

fn at_path(scope: &Scope<'_>, path: &Path) -> Option<Span> {
    let record = scope.record;
    match path.root {
        Root::Id => Some(record.id.span),
        Root::Title => Some(record.title.span),
        Root::State => Some(record.state.span),
        Root::Priority => record.priority.as_ref().map(|found| found.span),
        Root::Project => record.project.as_ref().map(|found| found.span),
        Root::Audience => (record.audience.span != Span::default()).then_some(record.audience.span),
        Root::Related => record.related.first().map(|found| found.span),
        Root::Cell { section, field, .. } => {
            let rows = record.section(section);
            let written = || rows.iter().find_map(|row| row.written(field));
            record
                .first(path)
                .or_else(written)
                .map(|cell| cell.span)
                .or_else(|| rows.first().map(|row| row.span))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use crate::check::sample::{findings, record};

    const SECTIONS: &str = r#"
[sections.request]
label = "需求"
fields.department = { type = "department", label = "部门" }
fields.due_on = { type = "date", label = "截止" }
fields.sent_at = { type = "instant", label = "发出" }
fields.who = { type = "person", many = true, label = "谁" }
[sections.acceptance]
label = "验收"
fields.concluded_on = { type = "date", label = "日期" }
[sections.actions]
label = "任务"
repeated = true
fields.task = { type = "text", label = "任务" }
fields.owner = { type = "person", label = "责任人" }
fields.due_on = { type = "date", label = "截止" }
fields.status = { type = "choice", label = "状态", choices = [ { id = "open", label = "进行中" }, { id = "done", label = "完成" } ] }
"#;

    const REST: &str = r#"
[request]
department = "rd"
due_on = 2026-05-20
sent_at = 2026-05-06T01:30:00Z
who = ["li-na", "wang-wei"]
[[actions]]
task = "画图"
owner = "li-na"
due_on = 2026-05-10
status = "done"
[[actions]]
task = "试产"
due_on = 2026-06-10
status = "open"
"#;

    fn of(state: &str, rule: &str) -> Vec<String> {
        let kind = format!("{SECTIONS}\n[[rules]]\nid = \"sample-rule\"\ntitle = \"t\"\n{rule}\n");
        findings(&kind, &record(state, REST))
    }

    #[test]
    fn a_rule_that_holds_says_nothing_and_one_that_does_not_says_its_message() {
        let rule = |date: &str| {
            format!(
                "message = \"{{request.department}}要在 {{request.due_on}} 前完成（{{title}}，{{state}}，{{request.who}}，{{request.sent_at}}，{{acceptance.concluded_on}}，{{ }}）\"\nassert = \"request.due_on < '{date}'\"\nat = \"request.due_on\""
            )
        };
        assert_eq!(of("open", &rule("2026-05-21")), Vec::<String>::new());
        assert_eq!(
            of("open", &rule("2026-05-20")),
            [
                "sample-rule @2026-05-20: 研发部要在 2026-05-20 前完成（样例，进行中，李娜、王伟，2026-05-06 09:30，—，{ }）"
            ]
        );
    }

    #[test]
    fn a_misspelt_placeholder_is_found_when_the_definition_loads() {
        for (message, expected) in [
            (
                "{request.due_no}",
                "unknown-path @\"{request.due_no}\": 没有字段“due_no”",
            ),
            ("{row.tsak}", "unknown-path @\"{row.tsak}\": 没有字段“tsak”"),
            ("{row}", ""),
            ("{index}: {actions.task}, { name = \\\"…\\\" }", ""),
        ] {
            let rule = format!("each = \"actions\"\nmessage = \"{message}\"\nassert = \"true\"\n");
            assert_eq!(of("open", &rule).join(""), expected);
        }
    }

    #[test]
    fn states_and_conditions_decide_whether_a_rule_applies() {
        let never = "message = \"m\"\nassert = \"false\"\n";
        for (state, gate, applies) in [
            ("draft", "from_state = \"open\"", false),
            ("open", "from_state = \"open\"", true),
            ("closed", "from_state = \"open\"", true),
            ("rejected", "from_state = \"closed\"", false),
            ("closed", "states = [\"open\"]", false),
            ("open", "states = [\"open\"]", true),
            ("open", "when = \"request.department == 'rd'\"", true),
            ("open", "when = \"request.department != 'rd'\"", false),
        ] {
            let found = of(state, &format!("{never}{gate}"));
            assert_eq!(!found.is_empty(), applies, "{state} {gate}");
        }
    }

    #[test]
    fn a_rule_for_each_row_is_found_at_the_row_at_fault() {
        let rule = "each = \"actions\"\nmessage = \"{index}. {row.task}（{actions.owner}，{row.status}）晚于 {request.due_on}\"\nassert = \"row.due_on <= request.due_on\"\n";
        let message = "2. 试产（—，进行中）晚于 2026-05-20";
        assert_eq!(
            of("open", rule),
            [format!("sample-rule @[[actions]]: {message}")]
        );
        assert_eq!(
            of("open", &format!("{rule}at = \"due_on\"")),
            [format!("sample-rule @2026-06-10: {message}")]
        );
        // the column is empty: the row
        assert_eq!(
            of("open", &format!("{rule}at = \"owner\"")),
            [format!("sample-rule @[[actions]]: {message}")]
        );
    }

    #[test]
    fn what_is_not_there_is_pointed_at_by_what_is_around_it() {
        let rule = "message = \"m\"\nassert = \"has(acceptance.concluded_on)\"\n";
        for (at, words) in [
            ("acceptance.concluded_on", "\"open\""),
            ("acceptance", "\"open\""),
            ("request", "[request]"),
            ("title", "\"样例\""),
            ("priority", "\"open\""),
            ("actions.owner", "\"li-na\""),
        ] {
            assert_eq!(
                of("open", &format!("{rule}at = \"{at}\"")),
                [format!("sample-rule @{words}: m")],
                "{at}"
            );
        }
    }

    #[test]
    fn a_list_field_is_gone_through_by_its_items() {
        let rule = "each = \"request.who\"\nmessage = \"{row}\"\nassert = \"row == 'li-na'\"\n";
        assert_eq!(of("open", rule), ["sample-rule @\"wang-wei\": 王伟"]);
    }

    #[test]
    fn an_expression_without_a_result_is_a_finding_of_its_own() {
        let rule = "message = \"m\"\nassert = \"acceptance.concluded_on >= request.due_on\"\n";
        assert_eq!(
            of("open", rule),
            [
                "expression-failed @\"open\": 表达式 assert = \"acceptance.concluded_on >= request.due_on\" 算不出结果：“>=”的一边没有填写"
            ]
        );
    }
}
