//! What is owed, in words.

use super::Display;
use crate::calendar::{Due, Moment};
use crate::definition::{FieldType, Limit};
use crate::outlook::{Obligation, Status};
use crate::record::Value;

impl<'r> Display<'r> {
    /// The limit that an obligation applies.
    pub fn limit_of(&self, obligation: &Obligation) -> &'r Limit {
        let record = &self.register.records[obligation.record];
        &self.register.kinds[record.kind].limits[obligation.limit]
    }

    /// How early or late a limit was met, in days: 提前 1 天, 迟 2 天.
    pub fn met(&self, due: &Due, met: Moment) -> String {
        let day = self.register.calendar.date(met);
        let early = day
            .until(due.date)
            .map_or(0, |span| i64::from(span.get_days()));
        let (name, days) = match due.is_met_by(met) {
            true if early > 0 => ("site.relative.met_early", early),
            true => return self.words.get("site.relative.met_that_day").to_owned(),
            false => ("site.relative.met_late", (-early).max(1)),
        };
        self.words.filled(name, &[("count", &days.to_string())])
    }

    /// What is owed: the limit's label, the task where rows are tasks, the round.
    pub fn duty(&self, obligation: &Obligation) -> String {
        let limit = self.limit_of(obligation);
        let name = match &limit.silence {
            Some(silence) if obligation.status == Status::Overdue => silence,
            _ => &limit.label,
        };
        let mut label = self.text(name).to_owned();
        if let Some(what) = self.duty_what(obligation) {
            label = self
                .words
                .filled("site.duty.of", &[("label", &label), ("what", what)]);
        }
        if let Some(round) = obligation.round {
            label = self.words.filled(
                "site.duty.round",
                &[("label", &label), ("round", &round.to_string())],
            );
        }
        label
    }
    /// What tells the row of an obligation apart, where it is words: a task, a
    /// milestone.
    pub fn duty_what(&self, obligation: &Obligation) -> Option<&'r str> {
        let each = self.limit_of(obligation).each.as_ref()?;
        let record = &self.register.records[obligation.record];
        let section = &self.register.kinds[record.kind].sections[each.section];
        let column = match each.field {
            None => section
                .commitment
                .as_ref()
                .map(|commitment| commitment.what)
                .or(section.identity),
            Some(field) => match &section.fields[field].kind {
                FieldType::Table { identity, .. } => *identity,
                _ => None,
            },
        }?;
        let row = *record.rows(each).get(obligation.row?)?;
        match &row.get(column)?.value {
            Value::Text(text) => text.lines().next(),
            _ => None,
        }
    }
}
