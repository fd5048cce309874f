//! Limits and appointments as a calendar by RFC 5545.
//!
//! What is owed stands there twice: as a to-do, and as an event of the whole
//! day with an alarm, because most calendars show no to-dos. An event of a
//! day blocks nobody's time.
//!
//! Invariants: every entry keeps its UID as long as its record, limit and row
//! keep their names; nothing in the file is of the moment it was written at;
//! `DTSTAMP` is when the record was last changed. It is published, not sent:
//! whoever is there is named in the description, nobody is an `ATTENDEE`
//! (RFC 5546 3.2.1), and no mail address is in it.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;

use super::address;
use super::changes::Revisions;
use super::content_lines::ContentLines;
use crate::calendar::Moment;
use crate::definition::{AppointmentPaths, FieldType, Priority};
use crate::display::{DateStyle, Display};
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::outlook::{Appointment, Obligation, Outlook, Status, appointments, timeline};
use crate::record::{Record, RowRef, Value};
use crate::text::Language;

/// When a calendar reminds of what is due that day: at nine the day before.
const BEFORE_DAY: &str = "-PT15H";
/// When it reminds of an appointment.
const BEFORE_APPOINTMENT: &str = "-PT30M";
/// How often those who subscribe may ask for it.
const REFRESHED: &str = "PT1H";

/// Whose calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everything that the viewer may see.
    Everyone,
    /// What a person owes, and where they are expected.
    Person(PersonId),
    /// What a department owes, and where its people are expected.
    Department(DepartmentId),
}

/// Everything that calendars are made of; worked out once for all of them.
pub struct Calendars<'o, 'r> {
    outlook: &'o Outlook<'r>,
    display: Display<'r>,
    appointments: Vec<Appointment>,
    revisions: Revisions<'o>,
    /// Of each record, when something happened last in it: what is owed in it
    /// stands in three calendars, twice in each.
    last_events: Vec<OnceLock<Timestamp>>,
    /// What makes a UID differ from those of other companies.
    domain: String,
    /// Where the pages are published that entries link to.
    pub(super) site: Option<String>,
}

impl<'o, 'r> Calendars<'o, 'r> {
    /// The calendars of an outlook.
    pub fn new(outlook: &'o Outlook<'r>, language: Language, revisions: Revisions<'o>) -> Self {
        let settings = &outlook.register.settings;
        let host = settings.site_url.as_deref().and_then(host_of);
        let domain = host.map_or_else(
            || {
                let name = settings.name.get(Language::Chinese);
                let hash = blake3::hash(name.as_bytes()).to_hex();
                format!("{}.taizhang.invalid", &hash[..12])
            },
            str::to_owned,
        );
        Calendars {
            outlook,
            display: Display::new(outlook.register, language, DateStyle::Table),
            appointments: appointments(outlook),
            revisions,
            last_events: vec![OnceLock::new(); outlook.register.records.len()],
            domain,
            site: settings.site_url.as_deref().map(str::to_owned),
        }
    }

    /// A calendar as a file.
    pub fn ics(&self, whose: Whose) -> Vec<u8> {
        let language = self.display.language.code().to_uppercase();
        let mut lines = ContentLines::default();
        lines.begin("VCALENDAR");
        lines.value("VERSION", "2.0");
        lines.text("PRODID", &format!("-//taizhang//taizhang//{language}"));
        lines.value("CALSCALE", "GREGORIAN");
        lines.value("METHOD", "PUBLISH");
        lines.text("X-WR-CALNAME", &self.name(whose));
        lines.value("REFRESH-INTERVAL;VALUE=DURATION", REFRESHED);
        lines.value("X-PUBLISHED-TTL", REFRESHED);
        for obligation in self.owed(whose) {
            let said = (self.summary(obligation), self.particulars(obligation));
            self.todo(&mut lines, obligation, &said);
            self.due_day(&mut lines, obligation, &said);
        }
        for appointment in &self.appointments {
            if self.expects(appointment, whose) {
                self.event(&mut lines, appointment);
            }
        }
        lines.end("VCALENDAR");
        lines.into_bytes()
    }

    fn name(&self, whose: Whose) -> String {
        let organisation = &self.outlook.register.organisation;
        let of = |subject: Subject| organisation.name_of(subject).get(self.display.language);
        let name = match whose {
            Whose::Everyone => self
                .outlook
                .register
                .settings
                .name
                .get(self.display.language),
            Whose::Person(id) => of(Subject::Person(id)),
            Whose::Department(id) => of(Subject::Department(id)),
        };
        self.display
            .words
            .filled("exchange.calendar.name", &[("name", name)])
    }

    /// What is owed, by when it is due.
    fn owed(&self, whose: Whose) -> Vec<&'o Obligation> {
        let outlook = self.outlook;
        let mut owed: Vec<&Obligation> = outlook
            .obligations
            .iter()
            .filter(|obligation| obligation.status.is_open())
            .filter(|obligation| match whose {
                Whose::Everyone => true,
                Whose::Person(id) => obligation.owed_by == Some(Subject::Person(id)),
                Whose::Department(id) => outlook.debtor_department(obligation) == Some(id),
            })
            .collect();
        owed.sort_by_key(|obligation| obligation.due.instant);
        owed
    }

    fn expects(&self, appointment: &Appointment, whose: Whose) -> bool {
        let organisation = &self.outlook.register.organisation;
        match whose {
            Whose::Everyone => true,
            Whose::Person(id) => appointment.people.contains(&Subject::Person(id)),
            Whose::Department(id) => appointment
                .people
                .iter()
                .any(|subject| organisation.department_of(*subject) == Some(id)),
        }
    }

    fn todo(
        &self,
        lines: &mut ContentLines,
        obligation: &Obligation,
        (summary, about): &(String, String),
    ) {
        let record = &self.outlook.register.records[obligation.record];
        lines.begin("VTODO");
        let uid = self.uid(obligation, "todo");
        self.describe(lines, obligation.record, &uid);
        lines.text("SUMMARY", summary);
        lines.text("DESCRIPTION", about);
        lines.value("DUE", &utc(obligation.due.instant));
        lines.value("STATUS", "NEEDS-ACTION");
        if let Some(priority) = &record.priority {
            let priority = match priority.value {
                Priority::Urgent => "1",
                Priority::Important => "5",
                Priority::Routine => "9",
            };
            lines.value("PRIORITY", priority);
        }
        lines.end("VTODO");
    }

    fn due_day(
        &self,
        lines: &mut ContentLines,
        obligation: &Obligation,
        (summary, about): &(String, String),
    ) {
        let date = obligation.due.date;
        lines.begin("VEVENT");
        let uid = self.uid(obligation, "day");
        self.describe(lines, obligation.record, &uid);
        lines.text("SUMMARY", summary);
        lines.text("DESCRIPTION", about);
        whole_day(lines, date, date);
        lines.value("TRANSP", "TRANSPARENT");
        alarm(lines, summary, BEFORE_DAY);
        lines.end("VEVENT");
    }

    fn event(&self, lines: &mut ContentLines, appointment: &Appointment) {
        let register = self.outlook.register;
        let record = &register.records[appointment.record];
        let paths = &register.kind_of(record).appointments[appointment.of];
        let summary = self.appointment_name(record, paths);
        let people: Vec<String> = appointment
            .people
            .iter()
            .map(|subject| self.display.subject(*subject).to_owned())
            .collect();
        let mut about = self.record_line(appointment.record);
        if !people.is_empty() {
            let names = self.display.list(&people);
            about.push('\n');
            about.push_str(&self.line("exchange.calendar.people", &names));
        }
        lines.begin("VEVENT");
        let row = appointment.row + 1;
        let uid = format!("{}.{}.{row}@{}", record.id.value, paths.id, self.domain);
        self.describe(lines, appointment.record, &uid);
        lines.text("SUMMARY", &summary);
        lines.text("DESCRIPTION", &about);
        match (appointment.starts, appointment.ends) {
            (Moment::Instant(starts), Some(Moment::Instant(ends))) => {
                lines.value("DTSTART", &utc(starts));
                lines.value("DTEND", &utc(ends));
            }
            (Moment::Instant(starts), None) => lines.value("DTSTART", &utc(starts)),
            (starts, ends) => {
                let day = |moment: Moment| register.calendar.date(moment);
                whole_day(lines, day(starts), day(ends.unwrap_or(starts)));
            }
        }
        if let Some(place) = &appointment.place {
            lines.text("LOCATION", place);
        }
        if appointment.cancelled {
            lines.value("STATUS", "CANCELLED");
        } else {
            lines.value("STATUS", "CONFIRMED");
            alarm(lines, &summary, BEFORE_APPOINTMENT);
        }
        lines.end("VEVENT");
    }

    /// What all entries have: who they are, and how often and when the record
    /// was changed.
    fn describe(&self, lines: &mut ContentLines, record: usize, uid: &str) {
        let register = self.outlook.register;
        let kind = register.kind_of(&register.records[record]);
        let revision = self.revisions.of(self.outlook, record);
        let changed = revision.map_or_else(|| self.last_event(record), |(_, at)| at);
        let times = revision.map_or(0, |(times, _)| times.saturating_sub(1));
        lines.text("UID", uid);
        lines.value("DTSTAMP", &utc(changed));
        lines.value("LAST-MODIFIED", &utc(changed));
        lines.value("SEQUENCE", &times.to_string());
        lines.text("CATEGORIES", self.display.text(&kind.name));
        if let Some(site) = &self.site {
            let page = address::record(&register.records[record].id.value);
            lines.value("URL", &format!("{site}/{}", address::encoded(&page)));
        }
    }

    /// When something happened last in a record, as far as it says; the
    /// outlook's instant where it says nothing.
    fn last_event(&self, record: usize) -> Timestamp {
        match self.last_events.get(record) {
            Some(known) => *known.get_or_init(|| self.last_told(record)),
            None => self.last_told(record),
        }
    }

    fn last_told(&self, record: usize) -> Timestamp {
        let last = timeline(self.outlook, record).last().map(|entry| entry.at);
        let calendar = &self.outlook.register.calendar;
        match last {
            Some(Moment::Instant(instant)) => instant,
            Some(Moment::Date(date)) => date
                .to_zoned(calendar.settings().time_zone.clone())
                .map_or(self.outlook.as_of, |zoned| zoned.timestamp()),
            None => self.outlook.as_of,
        }
    }

    fn summary(&self, obligation: &Obligation) -> String {
        let record = &self.outlook.register.records[obligation.record];
        let name = match obligation.status {
            Status::Overdue => "exchange.calendar.overdue",
            _ => "exchange.calendar.due",
        };
        let duty = self.display.duty(obligation);
        let values = [("duty", &*duty), ("title", record.heading())];
        self.display.words.filled(name, &values)
    }

    fn particulars(&self, obligation: &Obligation) -> String {
        let mut lines = vec![
            self.record_line(obligation.record),
            self.line("exchange.column.due", &self.display.due(&obligation.due)),
        ];
        for (name, subject) in [
            ("exchange.column.owed_by", obligation.owed_by),
            ("exchange.column.owed_to", obligation.owed_to),
        ] {
            if let Some(subject) = subject {
                lines.push(self.line(name, self.display.subject(subject)));
            }
        }
        if let Some(clause) = &obligation.clause {
            lines.push(self.line("exchange.column.clause", clause));
        }
        lines.join("\n")
    }

    fn record_line(&self, record: usize) -> String {
        let record = &self.outlook.register.records[record];
        format!("{} {}", record.id.value, record.heading())
    }

    fn line(&self, label: &str, value: &str) -> String {
        let label = self.display.words.get(label);
        self.display.words.filled(
            "exchange.calendar.line",
            &[("label", label), ("value", value)],
        )
    }

    fn appointment_name(&self, record: &Record, paths: &AppointmentPaths) -> String {
        match &paths.label {
            Some(label) => {
                let label = self.display.text(label);
                let values = [("duty", label), ("title", record.heading())];
                self.display.words.filled("exchange.calendar.due", &values)
            }
            None => record.heading().to_owned(),
        }
    }

    /// What an obligation is known by for ever.
    fn uid(&self, obligation: &Obligation, of: &str) -> String {
        let register = self.outlook.register;
        let record = &register.records[obligation.record];
        let limit = self.display.limit_of(obligation);
        let mut uid = format!("{}.{}", record.id.value, limit.id);
        match (&limit.each, obligation.row) {
            (Some(_), Some(row)) => {
                let name = self.row_name(obligation, row);
                uid.push_str(&format!(
                    ".{}",
                    name.unwrap_or_else(|| (row + 1).to_string())
                ));
            }
            (Some(_), None) => {
                if let Some(subject) = obligation.owed_by {
                    uid.push_str(&format!(".{}", register.organisation.id_of(subject)));
                }
            }
            _ => {}
        }
        if let Some(round) = obligation.round {
            uid.push_str(&format!(".{round}"));
        }
        format!("{uid}.{of}@{}", self.domain)
    }

    /// What the definition tells a row from its like by, in the words of the
    /// record: the same in every language.
    fn row_name(&self, obligation: &Obligation, row: usize) -> Option<String> {
        let register = self.outlook.register;
        let record = &register.records[obligation.record];
        let rows = self.display.limit_of(obligation).each.as_ref()?;
        let section = &register.kind_of(record).sections[rows.section];
        let identity = match rows.field {
            None => section.identity?,
            Some(field) => match &section.fields[field].kind {
                FieldType::Table { identity, .. } => (*identity)?,
                // an item of a list is what it is
                _ => 0,
            },
        };
        let value = match record.rows(rows).get(row)? {
            RowRef::Row(row) => &row.get(identity)?.value,
            RowRef::Item(cell) => &cell.value,
        };
        let organisation = &register.organisation;
        Some(match value {
            Value::Text(text) | Value::Reference(text) => text.trim().to_owned(),
            Value::Person(id) => organisation.id_of(Subject::Person(*id)).to_owned(),
            Value::Department(id) => organisation.id_of(Subject::Department(*id)).to_owned(),
            Value::Party(id) => organisation.id_of(Subject::Party(*id)).to_owned(),
            _ => return None,
        })
    }
}

/// From a day through another: the end of an event is the day after.
fn whole_day(lines: &mut ContentLines, first: Date, last: Date) {
    let day = |date: Date| date.strftime("%Y%m%d").to_string();
    lines.value("DTSTART;VALUE=DATE", &day(first));
    lines.value("DTEND;VALUE=DATE", &day(last.tomorrow().unwrap_or(last)));
}

fn alarm(lines: &mut ContentLines, text: &str, before: &str) {
    lines.begin("VALARM");
    lines.value("ACTION", "DISPLAY");
    lines.text("DESCRIPTION", text);
    lines.value("TRIGGER", before);
    lines.end("VALARM");
}

fn utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', ':', '?', '#']).next()?;
    (!host.is_empty()).then_some(host)
}
