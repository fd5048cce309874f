//! What a merged file looks like.

use std::fmt::Write;

use crate::content::content;
use crate::merged;

/// The merged text; panics when something conflicts.
fn clean(base: &str, ours: &str, theirs: &str) -> String {
    let outcome = merged(base, ours, theirs).expect("readable versions");
    assert_eq!(outcome.conflicts, [], "{}", outcome.text);
    outcome.text
}

const BASE: &str = r#"kind = "collaboration"
id = "XT-2026-0001"
title = "样机评审"   # 主题
state = "executing"

# 发起
[request]
department = "rd"
partners = [
  { department = "marketing", contact = "li-na" }, # 市场
]
background = """
第一段。

第二段。

第三段。
"""

[[actions]]
id = "A1"
task = "备料"
"#;

#[test]
fn comments_of_ours_stay_and_new_rows_bring_theirs_along() {
    let ours = BASE.replace("# 主题", "# 主题，已定").replace(
        "task = \"备料\"\n",
        "task = \"备料\"\n# 周三前定\ndue_on = 2026-05-20\n",
    );
    let theirs = BASE.replace("# 发起", "# 发起部门填写").replace(
        "[[actions]]\nid = \"A1\"",
        "# 新增\n[[actions]]\nid = \"A0\"\ntask = \"立项\" # 先做\n\n[[actions]]\nid = \"A1\"",
    );
    let expected = ours.replace("# 发起", "# 发起部门填写").replace(
        "[[actions]]\nid = \"A1\"",
        "# 新增\n[[actions]]\nid = \"A0\"\ntask = \"立项\" # 先做\n\n[[actions]]\nid = \"A1\"",
    );
    assert_eq!(clean(BASE, &ours, &theirs), expected);
}

#[test]
fn a_list_on_several_lines_stays_one_and_a_row_on_one_line_fits_in() {
    let ours = BASE.replace("\"li-na\" }, # 市场\n", "\"wang-qiang\" }, # 市场\n");
    let partners = "partners = [{ department = \"marketing\", contact = \"li-na\" }, { department = \"admin\" }]";
    let start = BASE.find("partners").unwrap();
    let end = BASE.find("background").unwrap();
    let theirs = format!("{}{partners}\n{}", &BASE[..start], &BASE[end..]);
    let expected = ours.replace(
        "\"wang-qiang\" }, # 市场\n",
        "\"wang-qiang\" }, # 市场\n  { department = \"admin\" },\n",
    );
    assert_eq!(clean(BASE, &ours, &theirs), expected);
}

#[test]
fn paragraphs_of_a_long_text_are_merged() {
    let ours = BASE.replace("第一段。", "第一段，改过。");
    let theirs = BASE.replace("第三段。", "第三段，也改过。");
    let both = ours.replace("第三段。", "第三段，也改过。");
    assert_eq!(clean(BASE, &ours, &theirs), both);
}

#[test]
fn a_section_that_theirs_has_added_stands_where_it_stood_there() {
    let ours = BASE.replace("\"备料\"", "\"备料和打样\"");
    let plan = "[plan]\nversion = \"V1.0\"\n\n";
    let theirs = BASE.replace("[[actions]]", &format!("{plan}[[actions]]"));
    let expected = ours.replace("[[actions]]", &format!("{plan}[[actions]]"));
    assert_eq!(clean(BASE, &ours, &theirs), expected);
}

#[test]
fn a_value_put_down_as_a_whole_is_never_mixed() {
    let signed = |person: &str, day: u8| {
        BASE.replace(
            "background",
            &format!(
                "head_signature = {{ person = \"{person}\", at = 2026-05-{day:02} }}\nbackground"
            ),
        )
    };
    let outcome = merged(&signed("a", 1), &signed("b", 1), &signed("a", 2)).unwrap();
    assert_eq!(outcome.conflicts.len(), 1);
    assert!(outcome.text.contains(
        "=======\nhead_signature = { person = \"a\", at = 2026-05-02 }\n>>>>>>> theirs\n"
    ));
}

#[test]
fn the_ends_of_lines_and_the_mark_at_the_beginning_are_those_of_ours() {
    let ours = BASE
        .replace("\"备料\"", "\"备料和打样\"")
        .replace('\n', "\r\n");
    let ours = format!("\u{feff}{ours}");
    let theirs = BASE.replace("样机评审", "样机复审");
    let expected = ours.replace("样机评审", "样机复审");
    assert_eq!(clean(BASE, &ours, &theirs), expected);
}

#[test]
fn files_that_nobody_has_defined_are_merged_by_what_they_look_like() {
    let base =
        "# 人员\n\n[zhang-wei]\nname = \"张伟\"\nkeys = [\"a\"]\n\n[li-na]\nname = \"李娜\"\n";
    let ours = base
        .replace("\"a\"", "\"a\", \"b\"")
        .replace("李娜", "李 娜");
    let theirs = format!(
        "{}\n[sun-li]\nname = \"孙丽\"\n",
        base.replace("\"a\"", "\"a\", \"c\"")
    );
    let expected = format!(
        "{}\n[sun-li]\nname = \"孙丽\"\n",
        ours.replace("\"b\"", "\"b\", \"c\"")
    );
    assert_eq!(clean(base, &ours, &theirs), expected);
    // rows by their id, wherever they stand
    let row = |id: &str, value: u8| format!("[[row]]\nid = \"{id}\"\nvalue = {value}\n");
    let base = format!("{}{}", row("x", 1), row("y", 1));
    let ours = format!("{}{}", row("y", 1), row("x", 2));
    let theirs = format!("{}{}", row("x", 1), row("y", 3));
    let expected = format!("{}{}", row("y", 3), row("x", 2));
    assert_eq!(clean(&base, &ours, &theirs), expected);
}

#[test]
fn what_can_only_be_merged_line_by_line_is_left_alone() {
    assert_eq!(merged("a = 1\n", "a = [\n", "a = 2\n"), None);
    assert_eq!(merged("a = 1\n", "a = 2\n", "a = 1\na = 3\n"), None);
    // rows without a name, too many to be compared with each other
    let rows = |value: u8| {
        let mut text = String::new();
        for row in 0..5000 {
            let _ = write!(text, "[[row]]\nvalue = {}\n", row * 10 + i32::from(value));
        }
        text
    };
    assert_eq!(merged(&rows(0), &rows(1), &rows(2)), None);
}

#[test]
fn a_file_as_large_as_may_be_is_merged() {
    // as many keys and rows as a megabyte holds
    let text = |value: u8, without: &str| {
        let mut text = String::new();
        for key in 0..30_000 {
            if !format!("{key}").ends_with(without) {
                let _ = writeln!(text, "k{key} = {value}");
            }
        }
        for row in 0..10_000 {
            let _ = write!(text, "[[row]]\nid = \"{row}\"\nvalue = {value}\n");
        }
        text
    };
    let base = text(0, "x");
    let merged = merged(&base, &text(0, "1"), &text(7, "x")).unwrap();
    // every key that one side has taken out and the other changed
    assert_eq!(merged.conflicts.len(), 3_000);
    assert!(merged.text.contains("[[row]]\nid = \"9999\"\nvalue = 7\n"));
    let other = format!("{}\n[more]\nx = 1\n", text(7, "1"));
    assert_eq!(
        content(&clean(&base, &text(7, "1"), &other)),
        content(&other)
    );
}

fn clean_conflicts(text: &str) -> usize {
    text.lines()
        .filter(|line| line.starts_with("<<<<<<<"))
        .count()
}

#[test]
fn conflicts_in_different_entries_are_marked_one_by_one() {
    let ours = BASE
        .replace("样机评审", "样机一审")
        .replace("\"备料\"", "\"备齐料\"");
    let theirs = BASE
        .replace("样机评审", "样机二审")
        .replace("\"备料\"", "\"备好料\"");
    let outcome = merged(BASE, &ours, &theirs).unwrap();
    assert_eq!(clean_conflicts(&outcome.text), 2);
    assert_eq!(outcome.conflicts.len(), 2);
}
