//! W1: no words where a date, an owner or a result belongs.

use super::checked::Checked;
use super::wording;
use crate::finding::Finding;

pub(super) fn check(value: &Checked<'_, '_>, found: &mut Vec<Finding>) {
    let Some(list) = value.list("vague-words") else {
        return;
    };
    for (cell, text) in value.texts() {
        found.extend(list.hits(text).iter().map(|hit| {
            let place = value.place(cell, hit.range.clone());
            let label = &value.field.label;
            wording::finding("vague-wording", list, hit, place, value.level(), label)
        }));
    }
}
