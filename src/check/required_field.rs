//! `required-field`: what a record must say in its state (D15).
//!
//! A draft may miss anything; a row that it does have must say what makes it
//! a row (`required_from` the draft itself), as a warning. A file that did not
//! parse is not asked for what may have been lost with the broken part.

use super::Scope;
use crate::definition::field::Field;
use crate::definition::path::Path;
use crate::definition::{Phase, Section};
use crate::display::{DateStyle, Display};
use crate::finding::{Finding, Level, Span};
use crate::record::{Cell, CurrentRow, Evaluation, Row, RowRef, SectionValue, Value, part_moment};
use crate::text::{Language, Text};

const RULE: &str = "required-field";

/// Finds what is missing from a record.
pub(super) fn run(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    if !scope.record.broken.is_empty() {
        return;
    }
    let events = entered(scope);
    let mut check = Check {
        evaluation: scope.evaluation(),
        scope,
        level: match scope.phase() {
            Phase::Draft => Level::Warning,
            _ => Level::Error,
        },
        events: &events,
        findings,
    };
    for index in 0..scope.kind.sections.len() {
        check.section(index);
    }
    check.events_of_rows();
    check.priority();
}

/// The events by which the states so far were entered.
fn entered<'r>(scope: &Scope<'r>) -> Vec<&'r Path> {
    if scope.phase() == Phase::Draft {
        return Vec::new();
    }
    let current = scope.record.state.value;
    let rank = scope.rank();
    scope
        .kind
        .states
        .iter()
        .enumerate()
        .filter(|(index, state)| *index == current || (!state.aside && state.rank <= rank))
        .filter_map(|(_, state)| state.entered.as_ref())
        .collect()
}

struct Check<'c, 'r> {
    scope: &'c Scope<'r>,
    evaluation: Evaluation<'r>,
    level: Level,
    events: &'c [&'r Path],
    findings: &'c mut Vec<Finding>,
}

impl<'r> Check<'_, 'r> {
    fn section(&mut self, index: usize) {
        let section: &'r Section = &self.scope.kind.sections[index];
        let (record, kind) = (self.scope.record, self.scope.kind);
        match &record.sections[index] {
            SectionValue::Absent if section.repeated => {}
            SectionValue::Absent => self.absent(index, section),
            SectionValue::One(row) => self.row(index, section, row, None),
            SectionValue::Many(rows) => {
                for (at, row) in rows.iter().enumerate() {
                    let current = CurrentRow {
                        row: RowRef::Row(row),
                        fields: &kind.sections[index].fields,
                        index: at,
                    };
                    self.row(index, section, row, Some(current));
                }
            }
        }
    }

    /// A section that is not there: one finding names all it would have to say.
    fn absent(&mut self, index: usize, section: &'r Section) {
        let mut labels: Vec<Text> = Vec::new();
        let mut clause = None;
        for (at, field) in section.fields.iter().enumerate() {
            if self.is_event(index, at, field) || self.is_required(field, None) {
                labels.push(field.label.clone());
                clause = clause.or_else(|| field.clause.clone());
            }
        }
        if labels.is_empty() {
            return;
        }
        let finding = self
            .finding(self.scope.record.state.span)
            .message("section")
            .with("section", &section.label)
            .with("name", &*section.id)
            .with("fields", self.list(&labels))
            .clause(section.clause.clone().or(clause));
        self.findings.push(finding);
    }

    fn row(
        &mut self,
        index: usize,
        section: &'r Section,
        row: &'r Row,
        current: Option<CurrentRow<'r>>,
    ) {
        for (at, field) in section.fields.iter().enumerate() {
            let cell = row.get(at);
            // an event in a repeated section is that of any row
            let is_event = |check: &mut Self| !section.repeated && check.is_event(index, at, field);
            // an empty list of attachments is for `attachments-stated` to say
            let stated = field.checks.iter().any(|check| &**check == "none-stated");
            let said = stated && row.written(at).is_some()
                || !section.repeated && super::archive_number::says_what_is_missing(field);
            let absent = cell.is_none() && !said;
            if absent && (is_event(self) || self.is_required(field, current)) {
                let finding = self
                    .missing(field, row, at)
                    .with("section", &section.label)
                    .clause(field.clause.clone().or_else(|| section.clause.clone()));
                self.findings.push(finding);
            }
            if let Some(cell) = cell {
                self.count(section, field, cell);
                self.columns(section, field, cell);
            }
        }
    }

    /// The rows of a table field.
    fn columns(&mut self, section: &'r Section, field: &'r Field, cell: &'r Cell) {
        let Value::Rows(rows) = &cell.value else {
            return;
        };
        let columns = field.columns();
        for (index, row) in rows.iter().enumerate() {
            let current = CurrentRow {
                row: RowRef::Row(row),
                fields: columns,
                index,
            };
            for (at, column) in columns.iter().enumerate() {
                if row.get(at).is_none() && self.is_required(column, Some(current)) {
                    let clause = [&column.clause, &field.clause, &section.clause]
                        .into_iter()
                        .find_map(Clone::clone);
                    let finding = self
                        .missing(column, row, at)
                        .with("section", &field.label)
                        .clause(clause);
                    self.findings.push(finding);
                }
            }
        }
    }

    /// Too few or too many rows, or items of a list.
    fn count(&mut self, section: &Section, field: &Field, cell: &Cell) {
        let count = match &cell.value {
            Value::Rows(rows) => rows.len(),
            Value::Many(items) => items.len(),
            _ => return,
        };
        let low = field.minimum.filter(|minimum| (count as f64) < *minimum);
        let high = field.maximum.filter(|maximum| (count as f64) > *maximum);
        let (message, bound) = match (low, high) {
            (Some(bound), _) if self.level == Level::Error => ("too-few", bound),
            (_, Some(bound)) => ("too-many", bound),
            _ => return,
        };
        let finding = self
            .finding(cell.span)
            .message(message)
            .with("field", &field.label)
            .with("count", count)
            .with("bound", bound.to_string())
            .clause(field.clause.clone().or_else(|| section.clause.clone()));
        self.findings.push(finding);
    }

    /// Whether a field that is not there has to be.
    fn is_required(&mut self, field: &Field, row: Option<CurrentRow<'r>>) -> bool {
        let required = &field.required;
        let reached = match (required.from, &required.condition) {
            (Some(from), _) => self.scope.rank() >= self.scope.kind.states[from].rank,
            (None, Some(_)) => self.scope.phase() != Phase::Draft,
            (None, None) => false,
        };
        if !reached {
            return false;
        }
        // a draft has to complete its rows and nothing else
        if self.level == Level::Warning && row.is_none() {
            return false;
        }
        self.condition_holds(field, row)
    }

    /// Whether the field's own condition, if it has one, holds.
    fn condition_holds(&mut self, field: &Field, row: Option<CurrentRow<'r>>) -> bool {
        let Some(condition) = &field.required.condition else {
            return true;
        };
        match self.evaluation.holds(condition, row) {
            Ok(holds) => holds,
            Err(error) => {
                let failed = error.finding(condition, self.scope.record);
                self.findings.extend(failed);
                false
            }
        }
    }

    /// Whether the field is the event of a state that was entered. A state
    /// may be passed over when the event's field says under which condition it
    /// is needed, and that does not hold (no notice for a visit).
    fn is_event(&mut self, section: usize, index: usize, field: &Field) -> bool {
        let cell = Some((section, index, None));
        self.events.iter().any(|path| path.cell() == cell) && self.condition_holds(field, None)
    }

    /// Events that stand in rows, or in a part of a value: any will do.
    fn events_of_rows(&mut self) {
        let (kind, record) = (self.scope.kind, self.scope.record);
        for path in self.events {
            let Some((section, field, column)) = path.cell() else {
                continue;
            };
            let definition = &kind.sections[section];
            let is_there = record.find(path).any(|found| {
                matches!(found.cell.value, Value::Invalid)
                    || part_moment(&found.cell.value, path.part).is_some()
            });
            let field = &definition.fields[field];
            let plain = !definition.repeated && column.is_none();
            // a plain field that is missing was found with its section
            let said = plain && record.first(path).is_none();
            if is_there || said {
                continue;
            }
            let field = column.map_or(field, |column| &field.columns()[column]);
            let span = record
                .first(path)
                .map_or(record.state.span, |cell| cell.span);
            let finding = self
                .finding(span)
                .message("event")
                .with("field", &field.label)
                .with("section", &definition.label)
                .with("path", &*path.text)
                .clause(field.clause.clone().or_else(|| definition.clause.clone()));
            self.findings.push(finding);
        }
    }

    fn priority(&mut self) {
        let record = self.scope.record;
        let due = self
            .scope
            .kind
            .priority_from
            .is_some_and(|from| self.scope.rank() >= from);
        let missing = record.priority.is_none() && !record.priority_unread;
        if due && missing && self.level == Level::Error {
            let finding = self.finding(record.state.span).message("priority");
            self.findings.push(finding);
        }
    }

    /// Labels one after the other, in both languages.
    fn list(&self, labels: &[Text]) -> Text {
        let [zh, en] = [Language::Chinese, Language::English].map(|language| {
            let display = Display::new(self.scope.register, language, DateStyle::Table);
            let all: Vec<String> = labels
                .iter()
                .map(|label| display.text(label).to_owned())
                .collect();
            display.list(&all)
        });
        Text::new(zh, en)
    }

    /// A field missing from a row: at the empty value if there is one, else
    /// at the row.
    fn missing(&self, field: &Field, row: &Row, at: usize) -> Finding {
        let span = row.written(at).map_or(row.span, |cell| cell.span);
        self.finding(span)
            .with("field", &field.label)
            .with("name", &*field.id)
    }

    fn finding(&self, span: Span) -> Finding {
        let state = &self.scope.kind.states[self.scope.record.state.value];
        Finding::error(RULE, self.scope.record.place(span))
            .level(self.level)
            .with("state", &state.label)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use crate::check::sample::{findings, record};

    const SECTIONS: &str = r#"
priority_required_from = "open"
[sections.request]
label = "需求"
clause = "P1"
fields.goal = { type = "text", required_from = "open", clause = "F6", label = "目标" }
fields.note = { type = "text", label = "备注" }
fields.person = { type = "person", many = true, required_from = "open", minimum = 2, maximum = 3, label = "人员" }
fields.reason = { type = "text", required_if = "request.note == 'late'", label = "原因" }
fields.lead = { type = "department", required_from = "closed", required_if = "size(request.person) > 2", label = "牵头" }
fields.parts.type = "table"
fields.parts.label = "部分"
fields.parts.columns.what = { type = "text", required_from = "draft", label = "内容" }
fields.parts.columns.due_on = { type = "date", required_if = "row.what == '壳'", label = "截止" }
[sections.closing]
label = "关闭"
fields.closed_on = { type = "date", required_from = "closed", label = "关闭日期" }
[sections.actions]
label = "任务"
repeated = true
fields.task = { type = "text", required_from = "draft", label = "事项" }
fields.result = { type = "text", required_from = "closed", required_if = "row.task != '跟进'", label = "结果" }
"#;

    const GOOD: &str = r#"
priority = "urgent"
[request]
goal = "定案"
person = ["li-na", "wang-wei"]
"#;

    fn of(state: &str, rest: &str) -> Vec<String> {
        findings(SECTIONS, &record(state, rest))
    }

    #[test]
    fn a_record_that_says_what_its_state_asks_for_passes() {
        assert_eq!(of("open", GOOD), Vec::<String>::new());
        let closed = format!("{GOOD}\n[closing]\nclosed_on = 2026-05-20\n");
        assert_eq!(of("closed", &closed), Vec::<String>::new());
    }

    #[test]
    fn a_draft_may_miss_everything_but_what_its_rows_are_about() {
        assert_eq!(of("draft", ""), Vec::<String>::new());
        assert_eq!(
            of("draft", "[[actions]]\nresult = \"好\"\n"),
            ["required-field @[[actions]]: 缺少“事项”：任务里必须写明（当前状态：草稿）"]
        );
    }

    #[test]
    fn a_missing_field_is_found_at_its_section_and_an_empty_one_at_itself() {
        let rest = "priority = \"urgent\"\n[request]\nperson = [\"li-na\", \"wang-wei\"]\n";
        assert_eq!(
            of("open", rest),
            ["required-field @[request]: 缺少“目标”：需求里必须写明（当前状态：进行中）"]
        );
        assert_eq!(
            of("open", &format!("{rest}goal = \"  \"\n")),
            ["required-field @\"  \": 缺少“目标”：需求里必须写明（当前状态：进行中）"]
        );
    }

    #[test]
    fn a_missing_section_is_one_finding_at_the_state() {
        assert_eq!(
            of("closed", GOOD),
            ["required-field @\"closed\": 缺少“关闭”一节（当前状态：已关闭），其中必填：关闭日期"]
        );
    }

    #[test]
    fn an_aside_state_asks_for_what_its_rank_asks_for() {
        assert_eq!(of("rejected", GOOD), Vec::<String>::new());
        assert_eq!(of("rejected", "priority = \"urgent\"\n").len(), 1);
    }

    #[test]
    fn priority_is_required_from_its_state() {
        let rest = GOOD.replace("priority = \"urgent\"", "");
        assert_eq!(
            of("open", &rest),
            ["required-field @\"open\": 没有写明紧急程度（当前状态：进行中）"]
        );
        // a word that is none is told of once, by loading
        let rest = GOOD.replace("priority = \"urgent\"", "priority = \"高\"");
        assert_eq!(
            of("open", &rest),
            ["unknown-word @\"高\": priority 不能写“高”"]
        );
    }

    #[test]
    fn conditions_decide_and_together_with_a_state_both_must_hold() {
        assert_eq!(of("open", &format!("{GOOD}note = \"late\"\n")).len(), 1);
        assert_eq!(
            of(
                "open",
                &format!("{GOOD}note = \"late\"\nreason = \"停电\"\n")
            ),
            Vec::<String>::new()
        );
        // three people, but not closed yet
        let three = GOOD.replace("\"wang-wei\"]", "\"wang-wei\", \"li-na\"]");
        assert_eq!(of("open", &three), Vec::<String>::new());
        let closed = format!("{three}[closing]\nclosed_on = 2026-05-20\n");
        assert_eq!(
            of("closed", &closed),
            ["required-field @[request]: 缺少“牵头”：需求里必须写明（当前状态：已关闭）"]
        );
    }

    #[test]
    fn rows_are_checked_one_by_one() {
        let rest = format!(
            "{GOOD}parts = [ {{ what = \"屏\" }}, {{ what = \"壳\" }}, {{ due_on = 2026-05-20 }} ]\n"
        );
        assert_eq!(
            of("open", &rest),
            [
                "required-field @{ what = \"壳\" }: 缺少“截止”：部分里必须写明（当前状态：进行中）",
                "required-field @{ due_on = 2026-05-20 }: 缺少“内容”：部分里必须写明（当前状态：进行中）",
            ]
        );
        let rest = format!(
            "{GOOD}[closing]\nclosed_on = 2026-05-20\n[[actions]]\ntask = \"跟进\"\n[[actions]]\ntask = \"画图\"\n"
        );
        assert_eq!(
            of("closed", &rest),
            ["required-field @[[actions]]: 缺少“结果”：任务里必须写明（当前状态：已关闭）"]
        );
    }

    #[test]
    fn counts_have_bounds() {
        let one = GOOD.replace(", \"wang-wei\"]", "]");
        assert_eq!(
            of("open", &one),
            ["required-field @[\"li-na\"]: “人员”只有 1 项，至少要 2 项"]
        );
        let four = GOOD.replace("[\"li-na\",", "[\"li-na\", \"li-na\", \"li-na\",");
        assert_eq!(
            of("open", &four),
            [
                "required-field @[\"li-na\", \"li-na\", \"li-na\", \"wang-wei\"]: “人员”有 4 项，最多 3 项"
            ]
        );
    }

    #[test]
    fn a_value_that_was_not_understood_is_not_missing_too() {
        let rest = GOOD.replace("\"定案\"", "3");
        let found = of("open", &rest);
        assert!(
            found
                .iter()
                .all(|finding| !finding.starts_with("required-field")),
            "{found:?}"
        );
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_file_that_did_not_parse_is_not_asked_for_more() {
        let found = of("open", "priority = \"urgent\"\n[request\ngoal = \"定案\"\n");
        assert!(!found.is_empty());
        assert!(
            found
                .iter()
                .all(|finding| !finding.starts_with("required-field")),
            "{found:?}"
        );
    }

    #[test]
    fn a_state_needs_the_event_by_which_it_was_entered() {
        let kind = |entered: &str| {
            format!(
                r#"
[sections.request]
label = "需求"
fields.sent_at = {{ type = "instant", label = "发出时间" }}
fields.note = {{ type = "text", label = "备注" }}
fields.called_at = {{ type = "instant", required_if = "state == 'sent' && request.note == 'call'", label = "通知时间" }}
fields.signature = {{ type = "signature", label = "签字" }}
[sections.replies]
label = "反馈"
repeated = true
fields.at = {{ type = "instant", label = "反馈时间" }}
[[states]]
id = "sent"
label = "已发出"
phase = "open"
entered = "{entered}"
"#
            )
        };
        let of = |entered: &str, state: &str, rest: &str| {
            let mut found = findings(&kind(entered), &record(state, rest));
            // that a signature lacks its time is said by another rule too
            found.retain(|finding| finding.starts_with("required-field"));
            found
        };
        let none = Vec::<String>::new();
        assert_eq!(of("request.sent_at", "open", ""), none);
        // the condition of the event's own field decides whether it was needed
        let note = |note: &str| format!("[request]\nnote = \"{note}\"\n");
        assert_eq!(of("request.called_at", "sent", &note("visit")), none);
        assert_eq!(of("request.called_at", "sent", &note("call")).len(), 1);
        assert_eq!(
            of("request.sent_at", "sent", "[request]\nnote = \"x\"\n"),
            ["required-field @[request]: 缺少“发出时间”：需求里必须写明（当前状态：已发出）"]
        );
        assert_eq!(
            of("request.sent_at", "sent", ""),
            ["required-field @\"sent\": 缺少“需求”一节（当前状态：已发出），其中必填：发出时间"]
        );
        assert_eq!(
            of(
                "request.sent_at",
                "sent",
                "[request]\nsent_at = 2026-05-06T09:30:00+08:00\n"
            ),
            none
        );
        assert_eq!(
            of("replies.at", "sent", "[[replies]]\n"),
            ["required-field @\"sent\": 状态是“已发出”，却没有写明“反馈时间”（反馈）"]
        );
        assert_eq!(
            of(
                "replies.at",
                "sent",
                "[[replies]]\n[[replies]]\nat = 2026-05-06T09:30:00+08:00\n"
            ),
            none
        );
        let signed = "[request]\nsignature = { person = \"li-na\" }\n";
        assert_eq!(
            of("request.signature.at", "sent", signed),
            ["required-field @{ person = \"li-na\" }: 状态是“已发出”，却没有写明“签字”（需求）"]
        );
    }
}
