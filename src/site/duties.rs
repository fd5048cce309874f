//! Obligations as rows of lists, and who has which on the desk.

use super::address;
use super::context::Context;
use super::dates::Dates;
use super::markup::Markup;
use super::signed::Signed;
use super::view::view;
use crate::calendar::Moment;
use crate::definition::{FieldType, Limit, LimitStart, Path, Root};
use crate::organisation::Subject;
use crate::outlook::{Obligation, Outlook, Status};

view! {
    /// A row of a list: state, matter, who, due.
    DutyRow {
        tone: &'static str,
        state: String,
        title: String,
        href: String,
        label: String,
        id: String,
        clause: Option<Markup>,
        reminder: Option<String>,
        escalation: Option<String>,
        who: Markup,
        when: Markup,
        iso: String,
        relative: String,
    }
}

view! {
    /// An entry of a record's panel of limits.
    LimitRow {
        tone: &'static str,
        state: String,
        label: String,
        when: Markup,
        iso: String,
        relative: String,
        who: Markup,
        whom: Option<Markup>,
        basis: Option<Markup>,
        reminder: Option<String>,
        escalation: Option<String>,
    }
}

/// Open obligations by who owes and who awaits them, each list by due instant.
pub(super) struct Desks {
    /// Overdue ones in all, escalated ones among them.
    pub overdue: usize,
    /// All open ones by due instant, as indexes of the outlook's obligations.
    pub open: Vec<usize>,
    /// The earliest open one of each record.
    pub next: Vec<Option<usize>>,
    pub people: Vec<Desk>,
    pub departments: Vec<Desk>,
}

/// What one has to do and waits for.
#[derive(Default)]
pub(super) struct Desk {
    pub owes: Vec<usize>,
    pub awaits: Vec<usize>,
    /// Overdue ones among those owed.
    pub overdue: usize,
    /// Those owed that a signature meets.
    pub signs: Vec<usize>,
    /// Of a person the records they answer for or take part in, open ones
    /// first, then the newest; of a department its open ones.
    pub records: Vec<usize>,
    /// What they answer for and was concluded lately, the latest first.
    pub concluded: Vec<usize>,
    /// What a person has signed, the latest first.
    pub signed: Vec<Signed>,
}

impl Desks {
    pub fn new(outlook: &Outlook<'_>) -> Self {
        let organisation = &outlook.register.organisation;
        let mut open: Vec<usize> = (0..outlook.obligations.len())
            .filter(|index| outlook.obligations[*index].status.is_open())
            .collect();
        open.sort_by_key(|index| (outlook.obligations[*index].due.instant, *index));
        let mut desks = Desks {
            overdue: 0,
            next: vec![None; outlook.register.records.len()],
            people: organisation
                .people
                .iter()
                .map(|_| Desk::default())
                .collect(),
            departments: organisation
                .departments
                .iter()
                .map(|_| Desk::default())
                .collect(),
            open: Vec::new(),
        };
        for index in open.iter().copied() {
            let obligation = &outlook.obligations[index];
            let overdue = usize::from(obligation.status == Status::Overdue);
            desks.overdue += overdue;
            desks.next[obligation.record].get_or_insert(index);
            let signs = is_signed(outlook, obligation);
            if let Some(Subject::Person(person)) = obligation.owed_by {
                let desk = &mut desks.people[person.0 as usize];
                desk.owes.push(index);
                desk.signs.extend(signs.then_some(index));
                desk.overdue += overdue;
            }
            if let Some(Subject::Person(person)) = obligation.owed_to
                && obligation.owed_to != obligation.owed_by
            {
                desks.people[person.0 as usize].awaits.push(index);
            }
            let debtor = outlook.debtor_department(obligation);
            if let Some(department) = debtor {
                let desk = &mut desks.departments[department.0 as usize];
                desk.owes.push(index);
                desk.signs.extend(signs.then_some(index));
                desk.overdue += overdue;
            }
            let creditor = obligation
                .owed_to
                .and_then(|subject| organisation.department_of(subject));
            if let Some(department) = creditor.filter(|creditor| Some(*creditor) != debtor) {
                desks.departments[department.0 as usize].awaits.push(index);
            }
        }
        desks.open = open;
        desks.add_records(outlook);
        desks
    }

    pub fn person(&self, id: u32) -> &Desk {
        &self.people[id as usize]
    }

    pub fn department(&self, id: u32) -> &Desk {
        &self.departments[id as usize]
    }
}

/// Whether it is met by somebody's signature.
fn is_signed(outlook: &Outlook<'_>, obligation: &Obligation) -> bool {
    let record = &outlook.register.records[obligation.record];
    let kind = outlook.register.kind_of(record);
    let to = kind.limits[obligation.limit].to.as_ref();
    to.and_then(Path::cell)
        .is_some_and(|(section, field, column)| {
            let field = &kind.sections[section].fields[field];
            let field = column
                .and_then(|column| field.columns().get(column))
                .unwrap_or(field);
            matches!(field.kind, FieldType::Signature)
        })
}

impl<'r> Context<'r> {
    /// The limit that an obligation applies.
    pub fn limit_of(&self, obligation: &Obligation) -> &'r Limit {
        self.display.limit_of(obligation)
    }

    /// Whether each row answers for itself to something outside it: it acknowledges.
    pub fn is_acknowledgement(&self, obligation: &Obligation) -> bool {
        let limit = self.limit_of(obligation);
        let (Some(each), Some(to)) = (&limit.each, &limit.to) else {
            return false;
        };
        let in_row = |path: &Path| {
            matches!(path.root, Root::Cell { section, field, .. }
                if section == each.section && each.field.is_none_or(|rows| rows == field))
        };
        // A row with a date of its own is a task or a milestone.
        let (LimitStart::Event(start) | LimitStart::Due(start)) = &limit.start;
        in_row(to) && !in_row(start)
    }

    /// How an obligation stands: tone and word.
    pub fn tone(&self, obligation: &Obligation) -> &'static str {
        match obligation.status {
            Status::Overdue if obligation.escalated_to().is_some() => "escalated",
            Status::Overdue => "overdue",
            Status::DueSoon | Status::Pending if self.is_acknowledgement(obligation) => "waiting",
            Status::DueSoon => "soon",
            Status::Pending => "pending",
            Status::MetLate => "met-late",
            Status::Met => "met",
            Status::Missed => "missed",
            Status::Lapsed => "lapsed",
        }
    }

    /// A row of a list for a page at this depth.
    pub fn duty_row(&self, index: usize, root: &str) -> DutyRow {
        let obligation = &self.outlook.obligations[index];
        let record = &self.register.records[obligation.record];
        let tone = self.tone(obligation);
        let iso = Dates::instant(obligation.due.instant);
        DutyRow {
            tone,
            state: self.tone_word(tone).to_owned(),
            title: record.heading().to_owned(),
            href: format!("{root}{}", address::record(&record.id.value)),
            label: self.display.duty(obligation),
            id: record.id.value.to_string(),
            clause: obligation
                .clause
                .as_ref()
                .map(|clause| self.clause(clause, root)),
            reminder: self.reminder(obligation),
            escalation: self.escalation(obligation),
            who: self.name_or_nobody(obligation.owed_by, root),
            when: self.dates.due(&obligation.due),
            iso,
            relative: self.dates.relative(&obligation.due),
        }
    }

    /// Rows of a list, no more than `most`.
    pub fn duty_rows(&self, indexes: &[usize], root: &str, most: usize) -> Vec<DutyRow> {
        indexes
            .iter()
            .take(most)
            .map(|index| self.duty_row(*index, root))
            .collect()
    }

    /// An entry of a record's panel.
    pub fn limit_row(&self, obligation: &Obligation, root: &str) -> LimitRow {
        let tone = self.tone(obligation);
        let relative = match obligation.met_at {
            Some(met) => self.dates.met(&obligation.due, met),
            None if obligation.status.is_open() => self.dates.relative(&obligation.due),
            None => String::new(),
        };
        LimitRow {
            tone,
            state: self.tone_word(tone).to_owned(),
            label: self.display.duty(obligation),
            when: self.dates.due(&obligation.due),
            iso: Dates::instant(obligation.due.instant),
            relative,
            who: self.name_or_nobody(obligation.owed_by, root),
            whom: obligation.owed_to.map(|subject| self.name(subject, root)),
            basis: self.basis(obligation, root),
            reminder: self.reminder(obligation),
            escalation: self.escalation(obligation),
        }
    }

    /// The word of a tone.
    pub fn tone_word(&self, tone: &'static str) -> &'r str {
        self.word(match tone {
            "escalated" => "site.tone.escalated",
            "overdue" => "site.tone.overdue",
            "waiting" => "site.tone.waiting",
            "soon" => "site.tone.soon",
            "pending" => "site.tone.pending",
            "met-late" => "site.tone.met-late",
            "met" => "site.tone.met",
            "missed" => "site.tone.missed",
            _ => "site.tone.lapsed",
        })
    }

    /// Where the date comes from: event, length, clauses.
    fn basis(&self, obligation: &Obligation, root: &str) -> Option<Markup> {
        let limit = self.limit_of(obligation);
        let record = &self.register.records[obligation.record];
        let basis = match (&limit.start, obligation.start, &obligation.length) {
            (LimitStart::Event(path), Some(start), Some(length)) => {
                let event = path.cell().map_or("", |(section, field, column)| {
                    let field = &self.register.kinds[record.kind].sections[section].fields[field];
                    let field = column
                        .and_then(|column| field.columns().get(column))
                        .unwrap_or(field);
                    self.text(&field.label)
                });
                let day = Dates::day(self.dates.calendar().date(start));
                let length = self.dates.length(length);
                self.words.filled(
                    "site.record.basis",
                    &[("event", event), ("day", &day), ("length", &length)],
                )
            }
            (LimitStart::Due(_), _, _) => self.word("site.record.basis_date").to_owned(),
            _ => String::new(),
        };
        let mut basis = Markup::text(&basis);
        let step = limit.clause.as_deref();
        let length = obligation
            .clause
            .as_deref()
            .filter(|clause| Some(*clause) != step);
        for clause in step.into_iter().chain(length) {
            if !basis.is_empty() {
                basis.push(" · ");
            }
            basis.add(&self.clause(clause, root));
        }
        Some(basis).filter(|basis| !basis.is_empty())
    }

    /// Who is reminded of it, and since when or from when on.
    pub fn reminder(&self, obligation: &Obligation) -> Option<String> {
        let reached = obligation.reminders.iter().rev().find(|step| step.reached);
        let (name, step) = match (reached, obligation.reminders.first()) {
            (Some(step), _) => ("site.record.reminded", step),
            (None, Some(step)) => ("site.record.reminds", step),
            (None, None) => return None,
        };
        let names: Vec<&str> = step.to.iter().map(|who| self.plain_name(*who)).collect();
        let names = names.join(self.word("display.list_separator"));
        let day = self.minute(step.at);
        Some(self.words.filled(name, &[("day", &day), ("names", &names)]))
    }

    /// A day with the minute.
    pub fn minute(&self, at: jiff::Timestamp) -> String {
        let (day, clock) = self.dates.parts(Moment::Instant(at));
        match clock {
            Some(clock) => format!("{} {clock}", Dates::day(day)),
            None => Dates::day(day),
        }
    }

    /// Where an overdue obligation has gone or goes next.
    fn escalation(&self, obligation: &Obligation) -> Option<String> {
        if obligation.status != Status::Overdue {
            return None;
        }
        let (name, step) = match (obligation.escalated_to(), obligation.next_escalation()) {
            (Some(step), _) => ("site.record.escalated_to", step),
            (None, Some(step)) => ("site.record.escalates_to", step),
            (None, None) => return None,
        };
        let day = self.minute(step.at);
        let to = step.to.map_or(self.word("site.value.nobody"), |person| {
            self.plain_name(Subject::Person(person))
        });
        Some(self.words.filled(name, &[("day", &day), ("name", to)]))
    }
}
