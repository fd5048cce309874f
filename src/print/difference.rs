//! What one view says and another does not, label by label.
//!
//! Works on the JSON of views, because one of them comes out of a PDF.

use serde_json::Value;

/// A value that is not the same.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The label over it; of a table its column.
    pub label: String,
    /// In which row of its table, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// What stood there; none where nothing did.
    pub was: Option<String>,
    /// What stands there now; none where nothing does.
    pub now: Option<String>,
}

/// A label with its value.
struct Item {
    label: String,
    row: Option<usize>,
    value: String,
}

impl Item {
    fn is_same(&self, other: &Item) -> bool {
        self.label == other.label && self.value == other.value
    }
}

/// The differences of two views, in the order of the paper. Layout, standing
/// words and the version that was printed are none.
pub(super) fn differences(was: &Value, now: &Value) -> Vec<Difference> {
    let (was, now) = (items(was), items(now));
    let mut differences = Vec::new();
    let (mut from, mut to) = (0, 0);
    for (a, b) in common(&was, &now)
        .into_iter()
        .chain([(was.len(), now.len())])
    {
        gap(&was[from..a], &now[to..b], &mut differences);
        (from, to) = (a + 1, b + 1);
    }
    differences
}

/// Items between two that are the same: those of one label changed, the others
/// went or came.
fn gap(was: &[Item], now: &[Item], into: &mut Vec<Difference>) {
    let mut taken = vec![false; now.len()];
    for item in was {
        let other = (0..now.len()).find(|at| !taken[*at] && now[*at].label == item.label);
        if let Some(at) = other {
            taken[at] = true;
        }
        let now = other.map(|at| now[at].value.clone());
        into.push(Difference {
            label: item.label.clone(),
            row: item.row,
            was: Some(item.value.clone()).filter(|value| !value.is_empty()),
            now: now.filter(|value| !value.is_empty()),
        });
    }
    for (item, taken) in now.iter().zip(taken) {
        if !taken {
            into.push(Difference {
                label: item.label.clone(),
                row: item.row,
                was: None,
                now: Some(item.value.clone()).filter(|value| !value.is_empty()),
            });
        }
    }
    into.retain(|difference| difference.was != difference.now);
}

/// So many pairs are compared to find what stayed in its order; of longer
/// texts only what is the same at both ends.
const MOST_PAIRS: usize = 4_000_000;

/// The longest sequence that both have, as indexes in each.
fn common(was: &[Item], now: &[Item]) -> Vec<(usize, usize)> {
    let same = |a: usize, b: usize| was[a].is_same(&now[b]);
    let shorter = was.len().min(now.len());
    let head = (0..shorter).take_while(|at| same(*at, *at)).count();
    let tail = (1..=shorter - head)
        .take_while(|at| same(was.len() - at, now.len() - at))
        .count();
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    let (m, n) = (was.len() - head - tail, now.len() - head - tail);
    if m * n <= MOST_PAIRS {
        // how many the rest after each pair have in common
        let mut longest = vec![0u32; (m + 1) * (n + 1)];
        for a in (0..m).rev() {
            for b in (0..n).rev() {
                longest[a * (n + 1) + b] = if same(head + a, head + b) {
                    longest[(a + 1) * (n + 1) + b + 1] + 1
                } else {
                    longest[(a + 1) * (n + 1) + b].max(longest[a * (n + 1) + b + 1])
                };
            }
        }
        let (mut a, mut b) = (0, 0);
        while a < m && b < n {
            if same(head + a, head + b) {
                pairs.push((head + a, head + b));
                (a, b) = (a + 1, b + 1);
            } else if longest[(a + 1) * (n + 1) + b] >= longest[a * (n + 1) + b + 1] {
                a += 1;
            } else {
                b += 1;
            }
        }
    }
    pairs.extend((1..=tail).rev().map(|at| (was.len() - at, now.len() - at)));
    pairs
}

fn items(view: &Value) -> Vec<Item> {
    let mut items = Vec::new();
    let words = &view["words"];
    let mut add = |label: &str, value: String| {
        items.push(Item {
            label: label.to_owned(),
            row: None,
            value,
        });
    };
    add("", text(&view["company"]));
    add("", text(&view["title"]));
    add("", list(&view["marks"]));
    add(&text(&words["number"]), text(&view["number"]));
    add("", text(&view["subject"]));
    add(&text(&words["state"]), text(&view["state"]));
    for block in array(&view["blocks"]) {
        of_block(block, &mut items);
    }
    items
}

fn of_block(block: &Value, items: &mut Vec<Item>) {
    let mut add = |label: &Value, row: Option<usize>, value: String| {
        items.push(Item {
            label: text(label),
            row,
            value,
        });
    };
    let nothing = Value::Null;
    for row in array(&block["rows"]) {
        for cell in array(&row["cells"]) {
            add(&cell["label"], None, content(&cell["content"]));
        }
    }
    match block["kind"].as_str() {
        Some("heading" | "text" | "seal") => add(&nothing, None, text(&block["text"])),
        Some("table") => {
            let columns = array(&block["columns"]);
            for (number, row) in array(&block["rows"]).iter().enumerate() {
                for (column, cell) in columns.iter().zip(array(row)) {
                    add(&column["label"], Some(number + 1), content(cell));
                }
            }
        }
        Some("signatures") => {
            for line in array(&block["lines"]) {
                let parts = ["who", "name", "date", "opinion"].map(|part| text(&line[part]));
                add(&line["label"], None, joined(parts));
            }
        }
        _ => {}
    }
}

fn content(content: &Value) -> String {
    match content["type"].as_str() {
        Some("lines") => list(&content["lines"]),
        Some("checks") => joined(array(&content["options"]).iter().map(|option| {
            let mark = match option["chosen"].as_bool() {
                Some(true) => '☑',
                _ => '☐',
            };
            format!("{mark}{}", text(&option["label"]))
        })),
        Some("blocks") => {
            let mut texts = Vec::new();
            all_text(&content["blocks"], &mut texts);
            texts.concat()
        }
        _ => String::new(),
    }
}

/// Every text in a tree of blocks and inlines, in order.
fn all_text<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| all_text(item, into)),
        Value::Object(map) => {
            if map.get("type").and_then(Value::as_str) == Some("paragraph") && !into.is_empty() {
                into.push(" ");
            }
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "text" => into.push(text),
                    Value::String(_) => {}
                    value => all_text(value, into),
                }
            }
        }
        _ => {}
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> String {
    joined(array(value).iter().map(text))
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use serde_json::json;

    fn view(owner: &str, rows: &[[&str; 2]]) -> Value {
        let line = |text: &str| json!({"type": "lines", "lines": [text]});
        let rows: Vec<Value> = rows
            .iter()
            .map(|row| json!([line(row[0]), line(row[1])]))
            .collect();
        json!({
            "title": "单", "printed_of": owner, "words": {"number": "编号"},
            "blocks": [
                {"kind": "grid", "rows": [{"cells": [{"label": "牵头人", "content": line(owner)}]}]},
                {"kind": "table", "columns": [{"label": "任务"}, {"label": "期限"}], "rows": rows},
            ],
        })
    }

    fn said(differences: &[Difference]) -> Vec<String> {
        differences
            .iter()
            .map(|one| {
                let value = |value: &Option<String>| value.clone().unwrap_or_default();
                let row = one.row.map(|row| row.to_string()).unwrap_or_default();
                format!("{}{row}:{}→{}", one.label, value(&one.was), value(&one.now))
            })
            .collect()
    }

    #[test]
    fn the_version_alone_is_no_difference() {
        let mut now = view("张伟", &[]);
        now["printed_of"] = json!("26cb4a615");
        assert!(differences(&view("张伟", &[]), &now).is_empty());
    }

    #[test]
    fn a_changed_value_is_told_with_its_label() {
        let was = view("张伟", &[["甲", "5月"], ["乙", "6月"]]);
        let now = view("李娜", &[["甲", "5月"], ["乙", "7月"]]);
        assert_eq!(
            said(&differences(&was, &now)),
            ["牵头人:张伟→李娜", "期限2:6月→7月"]
        );
    }

    #[test]
    fn a_row_put_in_between_is_the_only_difference() {
        let was = view("张伟", &[["甲", "5月"], ["乙", "6月"]]);
        let now = view("张伟", &[["甲", "5月"], ["丙", "5月"], ["乙", "6月"]]);
        let found = said(&differences(&was, &now));
        assert_eq!(found, ["任务2:→丙", "期限2:→5月"]);
        let found = said(&differences(&now, &was));
        assert_eq!(found, ["任务2:丙→", "期限2:5月→"]);
    }
}
