//! What differs between two versions of the demonstration.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;

use taizhang::change::{Change, Comparison, Pair, Part, Told, Version, compare, compare_registers};
use taizhang::register::{LoadOptions, Register, load_tree};
use taizhang::source::Tree;
use taizhang::text::Language;

const FILE: &str = "records/2026/XT-2026-0012.toml";

/// The demonstration with one record, changed by `edit`.
fn version(edit: impl Fn(&str) -> String) -> Register {
    version_with(FILE, edit)
}

/// The demonstration with one file changed by `edit`.
fn version_with(path: &str, edit: impl Fn(&str) -> String) -> Register {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    for folder in ["records/organisation", "records/2026"] {
        for (name, bytes) in Tree::folder(root).bytes_below(folder, |_| 1 << 20) {
            files.insert(format!("{folder}/{name}"), Ok(bytes));
        }
    }
    let settings = std::fs::read(root.join("taizhang.toml")).unwrap();
    files.insert("taizhang.toml".to_owned(), Ok(settings));
    let text = String::from_utf8(files.remove(path).unwrap().unwrap()).unwrap();
    let edited = edit(&text);
    // a record with another number lies in a file of another name
    let path = match edited.contains("id = \"XT-2026-0912\"") {
        true => path.replace("0012", "0912"),
        false => path.to_owned(),
    };
    files.insert(path, Ok(edited.into_bytes()));
    load_tree(&Tree::Version(files), &LoadOptions::default()).register
}

/// Each change as `where: what it said → what it says`, by the words of the file.
fn told(before: &Register, after: &Register) -> Vec<String> {
    let comparison = compare_registers(before, after);
    let mut all = Vec::new();
    for pair in &comparison.pairs {
        if let (Some(old), Some(new)) = comparison.versions(*pair) {
            let changes = compare(old, new);
            all.extend(changes.iter().map(|change| in_words(change, old, new)));
        }
    }
    all
}

fn in_words(change: &Change<'_>, old: Version<'_>, new: Version<'_>) -> String {
    let words = |told: Option<Told<'_>>, version: Version<'_>| match told {
        None => "–".to_owned(),
        Some(Told::Row(..)) => "row".to_owned(),
        Some(told) => version
            .register
            .sources
            .words(version.place(told.span()))
            .to_owned(),
    };
    let place = match change.part {
        Part::Section(spot) => {
            let names = [
                Some(&spot.section.label),
                spot.field.map(|field| &field.label),
                spot.column.map(|column| &column.label),
            ];
            let labels: Vec<&str> = names
                .into_iter()
                .flatten()
                .map(|label| label.get(Language::English))
                .collect();
            labels.join(" / ")
        }
        Part::Title => "title".to_owned(),
        Part::State => "state".to_owned(),
        Part::Number => "number".to_owned(),
        _ => "envelope".to_owned(),
    };
    let before = words(change.before, old);
    let after = words(change.after, new);
    format!("{place}: {before} → {after}")
}

#[test]
fn layout_comments_and_order_are_no_change() {
    let before = version(str::to_owned);
    let after = version(|text| {
        let commented = format!("# 批注\n{text}\n\n");
        commented.replace("priority = \"urgent\"\n", "priority   =   'urgent' # 高\n")
    });
    let comparison = compare_registers(&before, &after);
    assert_eq!(comparison.pairs.len(), 1, "the file's bytes differ");
    assert_eq!(told(&before, &after), Vec::<String>::new());
}

#[test]
fn a_changed_title_owner_and_row_are_told_with_their_places() {
    let before = version(str::to_owned);
    let after = version(|text| {
        let text = text.replacen("owner = \"jin-shan\"", "owner = \"li-na\"", 1);
        text.replacen("title = \"", "title = \"新", 1)
    });
    let told = told(&before, &after);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("title: "), "{told:?}");
    assert!(told[1].ends_with(": \"jin-shan\" → \"li-na\""), "{told:?}");
}

#[test]
fn a_record_with_another_number_is_the_same_record() {
    let before = version(str::to_owned);
    let after = version(|text| text.replace("XT-2026-0012", "XT-2026-0912"));
    let comparison: Comparison<'_> = compare_registers(&before, &after);
    let pairs: Vec<&Pair> = comparison
        .pairs
        .iter()
        .filter(|pair| pair.before == before.find("XT-2026-0012"))
        .collect();
    assert_eq!(pairs.len(), 1);
    assert_eq!(pairs[0].after, after.find("XT-2026-0912"));
    let told = told(&before, &after);
    assert_eq!(told, ["number: \"XT-2026-0012\" → \"XT-2026-0912\""]);
}

#[test]
fn another_file_is_told_and_changes_no_record() {
    let before = version(str::to_owned);
    let after = version_with("records/organisation/people.toml", |text| {
        format!("# 六月更新\n{text}")
    });
    let comparison = compare_registers(&before, &after);
    assert!(comparison.pairs.is_empty());
    let paths: Vec<&str> = comparison.files.iter().map(|file| &*file.path).collect();
    assert_eq!(paths, ["records/organisation/people.toml"]);
    assert!(comparison.files[0].before && comparison.files[0].after);
}
