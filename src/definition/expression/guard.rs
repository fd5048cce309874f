//! Bounds on expressions: parser and evaluator call themselves, so what they
//! are given has to end before the stack does.

use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr};

use super::Fault;

/// Longest expression, in bytes.
const LENGTH: usize = 1_000;
/// Most brackets opened: the parser descends into each.
const BRACKETS: usize = 40;
/// Most signs (operators, dots, commas): the tree can be as deep as there are.
const SIGNS: usize = 240;
/// Most nodes of the tree.
const NODES: usize = 400;
/// Deepest tree: a level takes some 20 KB of the stack in a debug build.
const DEPTH: usize = 32;
/// How often `all`, `exists` … may stand inside each other: each multiplies
/// the work by the number of rows.
const NESTING: usize = 2;

const COMPREHENSIONS: [&str; 5] = [".all(", ".exists(", ".exists_one(", ".map(", ".filter("];

/// Before anything is parsed. Signs inside quotes count too: telling strings
/// apart is the parser's work, and it has not run.
pub(super) fn text(source: &str) -> Result<(), Fault> {
    let too_large = |measure, limit| Err(Fault::TooLarge { measure, limit });
    if source.len() > LENGTH {
        return too_large("too-long", LENGTH);
    }
    let count = |wanted: &[u8]| source.bytes().filter(|byte| wanted.contains(byte)).count();
    if count(b"([{") > BRACKETS {
        return too_large("too-deep", BRACKETS);
    }
    if count(b"+-*/%.!?:<>=&|,([{") > SIGNS {
        return too_large("too-many-parts", SIGNS);
    }
    // parsing one inside another costs nine times as much at each level
    let mut open: Vec<bool> = Vec::new();
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'(' => {
                let head = &source[..=at];
                open.push(COMPREHENSIONS.iter().any(|name| head.ends_with(name)));
                if open.iter().filter(|open| **open).count() > NESTING {
                    return too_large("too-nested", NESTING);
                }
            }
            b')' => {
                open.pop();
            }
            _ => {}
        }
    }
    Ok(())
}

/// Of the parsed tree.
pub(super) fn tree(root: &IdedExpr) -> Result<(), Fault> {
    let mut nodes = 0;
    // a stack of our own: the depth is what is being measured
    let mut waiting = vec![(root, 1_usize, 0_usize)];
    while let Some((node, depth, nesting)) = waiting.pop() {
        nodes += 1;
        for (measure, value, limit) in [
            ("too-many-parts", nodes, NODES),
            ("too-deep", depth, DEPTH),
            ("too-nested", nesting, NESTING),
        ] {
            if value > limit {
                return Err(Fault::TooLarge { measure, limit });
            }
        }
        let mut add = |child, nesting| waiting.push((child, depth + 1, nesting));
        match &node.expr {
            Expr::Call(call) => {
                if let Some(target) = &call.target {
                    add(target, nesting);
                }
                call.args.iter().for_each(|argument| add(argument, nesting));
            }
            Expr::Comprehension(fold) => {
                add(&fold.iter_range, nesting);
                for child in [
                    &fold.accu_init,
                    &fold.loop_cond,
                    &fold.loop_step,
                    &fold.result,
                ] {
                    add(child, nesting + 1);
                }
            }
            Expr::List(list) => list.elements.iter().for_each(|item| add(item, nesting)),
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        add(&entry.key, nesting);
                        add(&entry.value, nesting);
                    }
                }
            }
            Expr::Select(select) => add(&select.operand, nesting),
            Expr::Struct(_) | Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => {}
        }
    }
    Ok(())
}
