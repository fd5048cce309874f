//! Files of any shape: tables in tables, rows in rows, written with headers, in
//! braces or with dotted keys.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use crate::content::content;
use crate::merged;
use crate::properties::chosen;

type Tree = BTreeMap<&'static str, Node>;

#[derive(Clone, Debug)]
enum Node {
    Number(u8),
    List(Vec<u8>),
    Table(Tree),
    Rows(Vec<Tree>),
}

const KEYS: [&str; 4] = ["a", "b", "c", "id"];

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        (0u8..3).prop_map(Node::Number),
        prop::collection::vec(0u8..4, 0..4).prop_map(Node::List),
    ];
    let node = leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop::sample::select(&KEYS[..]);
        let tree = prop::collection::btree_map(key, inner, 0..4);
        prop_oneof![
            tree.clone().prop_map(Node::Table),
            prop::collection::vec(tree, 0..4).prop_map(Node::Rows),
        ]
    });
    prop::collection::btree_map(prop::sample::select(&KEYS[..]), node, 0..5)
}

/// Replaces, takes out or adds something: each number decides one thing.
fn edited(tree: &Tree, edits: &[(u8, u8, Node)]) -> Tree {
    let mut tree = tree.clone();
    for (way, what, node) in edits {
        edit(&mut tree, *way, *what, node);
    }
    tree
}

fn edit(tree: &mut Tree, way: u8, what: u8, node: &Node) {
    let key = KEYS[usize::from(way) % KEYS.len()];
    match (tree.get_mut(key), what % 4) {
        (Some(Node::Table(inner)), 0 | 1) => edit(inner, way / 4, what / 4, node),
        (Some(Node::Rows(rows)), 0 | 1) if !rows.is_empty() => {
            let at = usize::from(way) % rows.len();
            match (what / 4 % 4, node) {
                (0, _) => drop(rows.remove(at)),
                (1, Node::Table(row)) => rows.insert(at, row.clone()),
                _ => edit(&mut rows[at], way / 4, what / 4, node),
            }
        }
        (Some(_), 2) => drop(tree.remove(key)),
        _ => drop(tree.insert(key, node.clone())),
    }
}

/// How a part is written: by its path, so that all versions of it look alike
/// where they have one seed.
fn style(path: &[&str], seed: u8) -> u8 {
    let sum = path
        .iter()
        .flat_map(|key| key.bytes())
        .map(u32::from)
        .sum::<u32>();
    ((sum * 7 + u32::from(seed) * 5 + path.len() as u32) % 3) as u8
}

fn written(tree: &Tree, seed: u8) -> String {
    let mut out = String::new();
    table(&mut out, &mut Vec::new(), tree, seed);
    out
}

fn table(out: &mut String, path: &mut Vec<&'static str>, tree: &Tree, seed: u8) {
    let mut below = Vec::new();
    for (key, node) in tree {
        path.push(key);
        match (node, style(path, seed)) {
            (Node::Table(inner), 0) => below.push((*key, std::slice::from_ref(inner), false)),
            (Node::Rows(rows), 0 | 1) if !rows.is_empty() => below.push((*key, rows, true)),
            (Node::Table(inner), 2) if !inner.is_empty() => dotted(out, key, inner),
            _ => {
                let _ = writeln!(out, "{key} = {}", braces(node));
            }
        }
        path.pop();
    }
    for (key, tables, are_rows) in below {
        path.push(key);
        for inner in tables {
            let name = path.join(".");
            let _ = match are_rows {
                true => writeln!(out, "\n[[{name}]] # {name}"),
                false => writeln!(out, "\n# {name}\n[{name}]"),
            };
            table(out, path, inner, seed);
        }
        path.pop();
    }
}

fn dotted(out: &mut String, name: &str, tree: &Tree) {
    for (key, node) in tree {
        match node {
            Node::Table(inner) if !inner.is_empty() => dotted(out, &format!("{name}.{key}"), inner),
            _ => {
                let _ = writeln!(out, "{name}.{key} = {}", braces(node));
            }
        }
    }
}

fn braces(node: &Node) -> String {
    let of_tree = |tree: &Tree| -> String {
        let entries: Vec<String> = tree
            .iter()
            .map(|(key, node)| format!("{key} = {}", braces(node)))
            .collect();
        format!("{{ {} }}", entries.join(", "))
    };
    match node {
        Node::Number(number) => number.to_string(),
        Node::List(items) => format!("{items:?}"),
        Node::Table(tree) => of_tree(tree),
        Node::Rows(rows) => {
            let rows: Vec<String> = rows.iter().map(of_tree).collect();
            format!("[\n  {}\n]", rows.join(",\n  "))
        }
    }
}

fn edits() -> impl Strategy<Value = Vec<(u8, u8, Node)>> {
    let row = trees().prop_map(Node::Table);
    let node = prop_oneof![(0u8..9).prop_map(Node::Number), row];
    prop::collection::vec((any::<u8>(), any::<u8>(), node), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_merged_and_either_way_round_to_the_same(
        base in trees(), ours in edits(), theirs in edits(), seeds in prop::array::uniform3(0u8..3)
    ) {
        let [ours, theirs] = [edited(&base, &ours), edited(&base, &theirs)];
        let base = written(&base, seeds[0]);
        let (ours, theirs) = (written(&ours, seeds[1]), written(&theirs, seeds[2]));
        let one = merged(&base, &ours, &theirs).expect("ours first");
        let other = merged(&base, &theirs, &ours).expect("theirs first");
        prop_assert_eq!(one.conflicts.len(), other.conflicts.len());
        prop_assert_eq!(content(&chosen(&one.text, true)), content(&chosen(&other.text, false)));
        prop_assert_eq!(content(&chosen(&one.text, false)), content(&chosen(&other.text, true)));
    }
}
