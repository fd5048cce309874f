//! W7: where nothing is attached, that is said: 无.

use super::checked::Checked;
use crate::finding::{Finding, Span};
use crate::record::{Cell, Value};

/// What people write for 无.
const OTHER_WORDS: &[&str] = &[
    "没有",
    "暂无",
    "无附件",
    "无。",
    "不适用",
    "-",
    "/",
    "—",
    "n/a",
    "N/A",
    "nil",
    "None.",
    "no",
];

/// Whether an attachment's name says that there is none, in words other than 无.
pub(super) fn means_none(name: &str) -> bool {
    OTHER_WORDS.contains(&name.trim())
}

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    let record = value.scope.record;
    let report = |message: &'static str, span: Span| {
        Finding::error("attachments-stated", record.place(span))
            .level(value.level())
            .clause(Some("W7".into()))
            .message(message)
            .with("field", &value.field.label)
    };
    let whole = value.cell.span;
    let items = value.items();
    let name = |cell: &Cell| match &cell.value {
        Value::Attachment(attachment) => Some(attachment.name.clone()),
        _ => None,
    };
    let names: Vec<_> = items.iter().filter_map(name).collect();
    let nothing = items.iter().all(|item| match &item.value {
        Value::Attachment(attachment) => attachment.name.trim().is_empty(),
        other => other.is_empty(),
    });
    if nothing {
        found.push(report("empty", whole).fix(whole, "\"无\"", false));
        return;
    }
    if let [only] = names.as_slice()
        && items.len() == 1
        && means_none(only)
    {
        let finding = report("other-word", whole).with("text", &**only);
        found.push(finding.fix(whole, "\"无\"", true));
        return;
    }
    for item in items {
        let none = matches!(item.value, Value::NoneStated)
            || name(item).is_some_and(|name| means_none(&name));
        if none && items.len() > 1 {
            found.push(report("contradiction", item.span));
        }
    }
}
