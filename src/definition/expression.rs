//! CEL expressions of definitions, compiled once when a definition loads.

use std::sync::Arc;

use crate::finding::{Finding, Place, Span};
use crate::source::TableReader;

/// A compiled expression with the place it was written at.
#[derive(Debug, Clone)]
pub struct Expression {
    /// As it was written.
    pub source: Arc<str>,
    /// Where it stands in the definition.
    pub place: Place,
    /// Ready to run.
    pub program: Arc<cel::Program>,
}

/// Longest expression in bytes: the evaluator is recursive, so what it is
/// given has to be bounded.
const MAXIMUM_LENGTH: usize = 1_000;

impl Expression {
    /// Reads the expression under a key; a finding when it does not compile.
    pub fn read(reader: &TableReader<'_>, key: &'static str) -> Option<Expression> {
        let found = reader.string(key)?;
        if found.value.len() > MAXIMUM_LENGTH {
            reader.report(
                Finding::error("bad-expression", found.place)
                    .message("too-long")
                    .with("limit", MAXIMUM_LENGTH),
            );
            return None;
        }
        match cel::Program::compile(found.value) {
            Ok(program) => Some(Expression {
                source: found.value.into(),
                place: found.place,
                program: Arc::new(program),
            }),
            Err(errors) => {
                for error in errors.errors.iter().take(1) {
                    let column = usize::try_from(error.pos.1).unwrap_or(1).max(1);
                    reader.report(
                        Finding::error("bad-expression", inside(found.place, found.value, column))
                            .with("detail", error.msg.as_str()),
                    );
                }
                None
            }
        }
    }
}

/// The place of a character of a one-line expression inside its quotes.
fn inside(place: Place, source: &str, column: usize) -> Place {
    let offset = source
        .char_indices()
        .nth(column - 1)
        .map_or(source.len(), |(at, _)| at) as u32;
    let start = (place.span.start + 1 + offset).min(place.span.end);
    Place {
        file: place.file,
        span: Span {
            start,
            end: (start + 1).min(place.span.end.max(start)),
        },
    }
}
