//! Which records share an index: those of a year, and of a large year those of
//! a stretch of numbers. A record added this year leaves the files of earlier
//! years as they are, byte for byte.

use std::collections::BTreeMap;

use crate::site::context::Context;

/// Sequence numbers of one segment, whatever the kind.
const STRETCH: u32 = 10_000;
/// The segment of records whose numbers tell no year.
const UNDATED: &str = "undated";
/// The segment of the handbook's pages.
const HANDBOOK: &str = "handbook";

/// Documents that are indexed together.
pub(in crate::site) struct Segment {
    /// Its name in addresses: `2026-0`.
    pub name: String,
    /// The year of its records' numbers.
    pub year: Option<i16>,
    /// What it holds.
    pub content: Content,
}

/// What a segment holds.
pub(in crate::site) enum Content {
    /// Records by index, the oldest first.
    Records(Vec<usize>),
    /// All pages of the handbook.
    Handbook,
}

/// The segments of what the viewer may see, the newest first.
pub(in crate::site) fn segments(context: &Context<'_>) -> Vec<Segment> {
    let mut stretches: BTreeMap<Option<(i16, u32)>, Vec<usize>> = BTreeMap::new();
    for index in context.outlook.records.iter().copied() {
        let record = &context.register.records[index];
        let number = context
            .register
            .kind_of(record)
            .number
            .read(&record.id.value);
        let stretch = number.map(|(year, sequence)| (year, sequence / STRETCH));
        stretches.entry(stretch).or_default().push(index);
    }
    let mut segments: Vec<Segment> = stretches
        .into_iter()
        .rev()
        .map(|(stretch, mut records)| {
            let number = |index: usize| &context.register.records[index].id.value;
            records.sort_by_cached_key(|index| {
                (
                    super::documents::began_on(context, *index),
                    number(*index).clone(),
                )
            });
            Segment {
                name: stretch.map_or_else(
                    || UNDATED.to_owned(),
                    |(year, stretch)| format!("{year}-{stretch}"),
                ),
                year: stretch.map(|(year, _)| year),
                content: Content::Records(records),
            }
        })
        .collect();
    if !context.own.pages.is_empty() {
        segments.push(Segment {
            name: HANDBOOK.to_owned(),
            year: None,
            content: Content::Handbook,
        });
    }
    segments
}
