//! Expressions as data for `assets/fill/expression.js`, which has no parser:
//! a page's policy allows no code made of text.
//!
//! ```text
//! ["name", "request.due_on"]   ["=", 3]   [".", a, "due_on"]   ["[]", a, b, …]
//! ["()", "_&&_", target or null, a, b, …]
//! ["for", list, item, result, begin, while, step, end]
//! ```
//!
//! Invariant: the tree is the one that `check` evaluates, already rewritten.

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue};
use serde_json::{Value, json};

use crate::definition::Expression;

/// The expression's tree; null where a form in the browser cannot tell.
pub(super) fn tree(expression: &Expression) -> Value {
    node(expression.tree()).unwrap_or(Value::Null)
}

fn node(tree: &IdedExpr) -> Option<Value> {
    Some(match &tree.expr {
        Expr::Ident(name) => json!(["name", name]),
        Expr::Literal(literal) => json!(["=", value(literal)?]),
        Expr::Select(select) => json!([".", node(&select.operand)?, select.field]),
        Expr::List(list) => nodes(vec![json!("[]")], &list.elements)?,
        Expr::Call(call) => {
            let target = match &call.target {
                Some(target) => node(target)?,
                None => Value::Null,
            };
            nodes(vec![json!("()"), json!(call.func_name), target], &call.args)?
        }
        Expr::Comprehension(fold) => json!([
            "for",
            node(&fold.iter_range)?,
            fold.iter_var,
            fold.accu_var,
            node(&fold.accu_init)?,
            node(&fold.loop_cond)?,
            node(&fold.loop_step)?,
            node(&fold.result)?,
        ]),
        Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => return None,
    })
}

fn nodes(mut all: Vec<Value>, trees: &[IdedExpr]) -> Option<Value> {
    for tree in trees {
        all.push(node(tree)?);
    }
    Some(Value::Array(all))
}

fn value(literal: &LiteralValue) -> Option<Value> {
    Some(match literal {
        LiteralValue::Boolean(value) => json!(*value.inner()),
        LiteralValue::Double(value) => json!(*value.inner()),
        LiteralValue::Int(value) => json!(*value.inner()),
        LiteralValue::UInt(value) => json!(*value.inner()),
        LiteralValue::String(value) => json!(value.inner()),
        LiteralValue::Null => Value::Null,
        LiteralValue::Bytes(_) => return None,
    })
}
