//! What of a kind happens at a time and a place, and when its records are
//! made known: what calendars and feeds are made of.

use std::sync::Arc;

use super::path::{Path, PathScope};
use crate::source::TableReader;
use crate::text::Text;

/// Something people come together for: a meeting, a negotiation, a visit.
#[derive(Clone, Debug)]
pub struct AppointmentPaths {
    /// Its name within the kind: calendars know it by this for ever.
    pub id: Arc<str>,
    /// What it is called beside the record's title; nothing where the record
    /// is about nothing else.
    pub label: Option<Text>,
    /// When it begins.
    pub starts: Path,
    /// When it ends.
    pub ends: Option<Path>,
    /// Where.
    pub place: Option<Path>,
    /// Who is there; who answers for the record always is.
    pub people: Vec<Path>,
}

/// Reads `[[appointments]]` of a kind.
pub(super) fn read_appointments(
    reader: &TableReader<'_>,
    scope: &PathScope<'_>,
) -> Vec<AppointmentPaths> {
    reader
        .tables("appointments")
        .into_iter()
        .filter_map(|table| {
            let id = table.required_string("id");
            let label = table.text("label");
            let starts = table
                .required_string("starts")
                .and_then(|found| scope.path(&table, "starts", &found));
            let ends = scope.optional(&table, "ends");
            let place = scope.optional(&table, "place");
            let people = scope.paths(&table, "people");
            table.finish();
            Some(AppointmentPaths {
                id: id?.value.into(),
                label,
                starts: starts?,
                ends,
                place,
                people,
            })
        })
        .collect()
}
