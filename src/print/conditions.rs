//! Whether a condition of a form holds for a record.

use crate::definition::Expression;
use crate::record::Record;
use crate::register::Register;

/// Whether the condition holds.
// Until expressions can be evaluated, every condition holds: a part too many
// on the paper can be crossed out, a missing one cannot be filled in.
pub(super) fn holds(_register: &Register, _record: &Record, _when: &Expression) -> bool {
    true
}
