//! From the tree as it was parsed to the one that is evaluated.
//!
//! - A path from a variable of the record is one name, `request.due_on`, so
//!   that a field of a section that is not there is null and no error, and so
//!   that a path is looked up once. From the variable of a comprehension it is
//!   one selection, `a` then `time.from`, for the same reason.
//! - `has(x)` is `x != null`: a field that is defined and not filled in is null.
//! - A function that needs the register, `head_of(x)`, is a look-up of `x` in
//!   `@head_of`.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, ListExpr, LiteralValue, SelectExpr, operators};

use super::Fault;
use super::functions::{self, Function, LOOKUP};

/// Rewrites a tree; the first thing in it that is not ours is a fault.
pub(super) fn rewrite(tree: IdedExpr) -> Result<IdedExpr, Fault> {
    expression(tree, &mut Vec::new())
}

fn expression(node: IdedExpr, locals: &mut Vec<String>) -> Result<IdedExpr, Fault> {
    let id = node.id;
    let expr = match node.expr {
        Expr::Ident(name) => Expr::Ident(name),
        Expr::Literal(literal) => Expr::Literal(literal),
        Expr::Select(select) => return selection(id, select, locals),
        Expr::Call(call) => call_(call, locals)?,
        Expr::List(list) => Expr::List(ListExpr::new(all(list.elements, locals)?)),
        Expr::Comprehension(mut fold) => {
            fold.iter_range = expression(fold.iter_range, locals)?;
            let outside = locals.len();
            locals.push(fold.iter_var.clone());
            locals.extend(fold.iter_var2.clone());
            locals.push(fold.accu_var.clone());
            for part in [
                &mut fold.accu_init,
                &mut fold.loop_cond,
                &mut fold.loop_step,
                &mut fold.result,
            ] {
                *part = expression(std::mem::take(part), locals)?;
            }
            locals.truncate(outside);
            Expr::Comprehension(fold)
        }
        Expr::Map(_) => return Err(Fault::NotAllowed { what: "{…: …}" }),
        Expr::Struct(_) => return Err(Fault::NotAllowed { what: "Name{…}" }),
        Expr::Unspecified => return Err(Fault::NotAllowed { what: "…" }),
    };
    Ok(IdedExpr { id, expr })
}

fn all(nodes: Vec<IdedExpr>, locals: &mut Vec<String>) -> Result<Vec<IdedExpr>, Fault> {
    nodes
        .into_iter()
        .map(|node| expression(node, locals))
        .collect()
}

fn selection(id: u64, select: SelectExpr, locals: &mut Vec<String>) -> Result<IdedExpr, Fault> {
    let operand = expression(*select.operand, locals)?;
    let expr = match operand.expr {
        Expr::Ident(name) if locals.contains(&name) => Expr::Select(SelectExpr {
            operand: Box::new(IdedExpr {
                id: operand.id,
                expr: Expr::Ident(name),
            }),
            field: select.field,
            test: false,
        }),
        Expr::Ident(name) => Expr::Ident(format!("{name}.{}", select.field)),
        Expr::Select(inner) if matches!(inner.operand.expr, Expr::Ident(_)) => {
            Expr::Select(SelectExpr {
                field: format!("{}.{}", inner.field, select.field),
                ..inner
            })
        }
        other => Expr::Select(SelectExpr {
            operand: Box::new(IdedExpr {
                id: operand.id,
                expr: other,
            }),
            field: select.field,
            test: false,
        }),
    };
    let value = IdedExpr { id, expr };
    if !select.test {
        return Ok(value);
    }
    let null = IdedExpr {
        id,
        expr: Expr::Literal(LiteralValue::Null),
    };
    Ok(IdedExpr {
        id,
        expr: call(operators::NOT_EQUALS, vec![value, null]),
    })
}

fn call(name: &str, args: Vec<IdedExpr>) -> Expr {
    Expr::Call(CallExpr {
        func_name: name.to_owned(),
        target: None,
        args,
    })
}

fn call_(original: CallExpr, locals: &mut Vec<String>) -> Result<Expr, Fault> {
    let CallExpr {
        func_name: name,
        target,
        args,
    } = original;
    let target = match target {
        Some(target) => Some(Box::new(expression(*target, locals)?)),
        None => None,
    };
    let mut args = all(args, locals)?;
    let is_operator = !name.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_operator || functions::exists(&name, target.is_some(), args.len()) {
        return Ok(Expr::Call(CallExpr {
            func_name: name,
            target,
            args,
        }));
    }
    match Function::from_name(&name) {
        Some(function) if target.is_none() && args.len() == function.arguments() => {
            let table = IdedExpr {
                id: 0,
                expr: Expr::Ident(format!("{LOOKUP}{name}")),
            };
            let key = match (args.pop(), args.is_empty()) {
                (Some(only), true) => only,
                (last, _) => {
                    args.extend(last);
                    IdedExpr {
                        id: 0,
                        expr: Expr::List(ListExpr::new(args)),
                    }
                }
            };
            Ok(call(operators::INDEX, vec![table, key]))
        }
        _ => Err(Fault::UnknownFunction { name }),
    }
}
