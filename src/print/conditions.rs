//! Whether a condition of a form holds for a record.

use crate::definition::Expression;
use crate::record::Record;
use crate::register::Register;

/// Whether the condition holds. One that cannot be evaluated counts as
/// holding: a part too many on the paper can be crossed out, a missing one
/// cannot be filled in. `check` says what is wrong with it.
pub(super) fn holds(register: &Register, record: &Record, when: &Expression) -> bool {
    register
        .evaluation(record)
        .holds(when, None)
        .unwrap_or(true)
}
