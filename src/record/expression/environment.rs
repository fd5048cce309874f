//! The functions of the expression language that need nothing but their
//! arguments, made once for the whole process.

use std::sync::{Arc, OnceLock};

use cel::common::types::{self, CelNull, CelString};
use cel::common::value::CowVal;
use cel::{Env, ExecutionError};

static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();

/// The standard library with our own functions.
pub(super) fn environment() -> Arc<Env> {
    ENVIRONMENT
        .get_or_init(|| {
            let mut environment = Env::stdlib();
            for (name, of_text) in [
                ("day", day as cel_function::Function),
                ("year", year as cel_function::Function),
            ] {
                // refused only when declared twice, which a constant list is not
                let _ = environment.add_overload(name, name, vec![types::STRING_TYPE], of_text);
                let of_null = format!("{name}_of_null");
                let _ = environment.add_overload(name, &of_null, vec![types::NULL_TYPE], null);
            }
            Arc::new(environment)
        })
        .clone()
}

use cel::common::functions as cel_function;

/// `day('2026-05-06T09:30:00+08:00')` is `'2026-05-06'`.
fn day<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    cut("day", &arguments, "2026-05-06".len())
}

/// `year('2026-05-06')` is `'2026'`.
fn year<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    cut("year", &arguments, "2026".len())
}

fn cut<'b, 'v>(
    function: &str,
    arguments: &[CowVal<'b, 'v>],
    length: usize,
) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let text = arguments
        .first()
        .and_then(|argument| argument.downcast_ref::<CelString>());
    let Some(text) = text else {
        return Err(ExecutionError::function_error(
            function,
            super::functions::TYPES,
        ));
    };
    let text: &str = text.inner();
    Ok(CowVal::owned(CelString::from(
        text.get(..length).unwrap_or(text).to_owned(),
    )))
}

/// Nothing comes of nothing.
fn null<'b, 'v>(_: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    Ok(CowVal::owned(CelNull))
}
