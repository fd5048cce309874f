//! What evaluating an expression can cost, told from its tree alone.
//!
//! The evaluator cannot be stopped, so what it is given is measured first:
//! whoever writes a definition may be anybody ([`crate::record::work`]).

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};

use super::Fault;

/// A step of the evaluator goes through so many bytes of text.
const BYTES_A_STEP: u64 = 64;
/// A pattern whose program fits into this (bytes) costs little to make.
const SMALL_PATTERN: usize = 16 << 10;
/// One that does not fit into this is refused.
const LARGEST_PATTERN: usize = 256 << 10;
/// Steps that making a pattern costs, each time: a small one, a large one,
/// and one that is a value of the record and may be anything.
const MAKING: [u64; 3] = [300, 20_000, 5_000_000];

/// How an expression's cost grows with what it is evaluated on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Nodes of the tree.
    nodes: u64,
    /// How deep comprehensions stand inside each other.
    depth: u32,
    /// The same of those that make lists, inside the making of another.
    making: u32,
    /// Sums: of numbers, but also of texts and lists.
    sums: u64,
    /// Functions that go through a text.
    scans: u64,
    /// Steps for making patterns.
    patterns: u64,
}

impl Cost {
    /// Measures a tree. The error is a pattern that cannot be made or would be
    /// too large.
    pub(super) fn of(tree: &IdedExpr) -> Result<Cost, Fault> {
        let mut cost = Cost::default();
        // depth and making of where the node stands
        let mut waiting = vec![(tree, 0_u32, 0_u32)];
        while let Some((node, depth, making)) = waiting.pop() {
            cost.nodes += 1;
            cost.depth = cost.depth.max(depth);
            cost.making = cost.making.max(making);
            match &node.expr {
                Expr::Call(call) => {
                    cost.add(call)?;
                    let parts = call.target.as_deref().into_iter().chain(&call.args);
                    waiting.extend(parts.map(|part| (part, depth, making)));
                }
                Expr::Comprehension(fold) => {
                    waiting.push((&fold.iter_range, depth, making));
                    let makes = matches!(fold.accu_init.expr, Expr::List(_));
                    let making = making + u32::from(makes);
                    for part in [
                        &fold.accu_init,
                        &fold.loop_cond,
                        &fold.loop_step,
                        &fold.result,
                    ] {
                        waiting.push((part, depth + 1, making));
                    }
                }
                Expr::List(list) => {
                    waiting.extend(list.elements.iter().map(|item| (item, depth, making)));
                }
                Expr::Select(select) => waiting.push((&select.operand, depth, making)),
                // the rest has no parts, or is refused
                _ => {}
            }
        }
        Ok(cost)
    }

    fn add(&mut self, call: &CallExpr) -> Result<(), Fault> {
        match &*call.func_name {
            operators::ADD => self.sums += 1,
            "contains" | "startsWith" | "endsWith" | "size" => self.scans += 1,
            "matches" => {
                self.scans += 1;
                self.patterns += match call.args.first().map(|pattern| &pattern.expr) {
                    Some(Expr::Literal(LiteralValue::String(pattern))) => {
                        cost_of_pattern(pattern.inner())?
                    }
                    _ => MAKING[2],
                };
            }
            _ => {}
        }
        Ok(())
    }

    /// The most steps that it takes where no list has more items and no text
    /// more bytes than these.
    pub fn steps(&self, longest_list: u64, text: u64) -> u64 {
        let words = (self.sums.saturating_mul(self.sums + 1))
            .saturating_add(self.scans.saturating_mul(self.sums + 1))
            .saturating_mul(text / BYTES_A_STEP);
        let once = self
            .nodes
            .saturating_add(words)
            .saturating_add(self.patterns);
        once.saturating_mul(self.items(longest_list).saturating_pow(self.depth))
    }

    /// The most bytes that it holds at once on the same.
    pub fn bytes(&self, longest_list: u64, text: u64) -> u64 {
        let one = text.saturating_mul(self.sums + 1);
        one.saturating_mul(self.items(longest_list).saturating_pow(self.making))
    }

    /// Lists can be added to each other, too.
    fn items(&self, longest_list: u64) -> u64 {
        longest_list.max(1).saturating_mul(self.sums + 1)
    }
}

fn cost_of_pattern(pattern: &str) -> Result<u64, Fault> {
    let fits = |limit| {
        let mut builder = regex::RegexBuilder::new(pattern);
        builder.size_limit(limit).build()
    };
    if fits(SMALL_PATTERN).is_ok() {
        return Ok(MAKING[0]);
    }
    match fits(LARGEST_PATTERN) {
        // what is no pattern at all is told of when it is used
        Ok(_) | Err(regex::Error::Syntax(_)) => Ok(MAKING[1]),
        Err(_) => Err(Fault::NotAllowed {
            what: "matches('…{1000}…')",
        }),
    }
}
