//! Records as rows of registers and lists.

use super::address;
use super::context::Context;
use super::dates::Dates;
use super::markup::Markup;
use super::view::view;
use crate::organisation::Subject;

view! {
    /// A row of a list of records.
    RecordRow {
        id: String,
        href: String,
        title: String,
        tags: Markup,
        department: Markup,
        owner: Markup,
        iso: Option<String>,
        when: Option<Markup>,
        tone: Option<&'static str>,
        relative: Option<String>,
        state: Markup,
        rank: usize,
    }
}

impl Context<'_> {
    /// A record as a row, for a page at this depth.
    pub fn record_row(&self, index: usize, root: &str) -> RecordRow {
        let record = &self.register.records[index];
        let next = self.desks.next[index].map(|next| &self.outlook.obligations[next]);
        let department = self.outlook.department_of(index).map(Subject::Department);
        RecordRow {
            id: record.id.value.to_string(),
            href: format!("{root}{}", address::record(&record.id.value)),
            title: record.heading().to_owned(),
            tags: self.tags(record, false),
            department: self.name_or_nobody(department, root),
            owner: self.name_or_nobody(self.outlook.responsible_for(index), root),
            iso: next.map(|next| Dates::instant(next.due.instant)),
            when: next.map(|next| self.dates.due(&next.due)),
            tone: next.map(|next| self.tone(next)),
            relative: next.map(|next| self.dates.relative(&next.due)),
            state: self.state_mark(record).clone(),
            rank: record.state.value,
        }
    }
}
