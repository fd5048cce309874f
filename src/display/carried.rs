//! What carries a clause, in words: carriers of one sort and one definition
//! stand together on a line.

use std::sync::Arc;

use super::Display;
use crate::calendar::Length;
use crate::definition::limit::{EscalationLevel, Reminded, Reminder};
use crate::definition::{Carrier, CarrierKind, Clause, Escalation, Priority, Profile};
use crate::finding::FileId;

/// Carriers of a clause that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// What they are.
    pub what: CarrierKind,
    /// The same in words: 字段.
    pub label: String,
    /// The definition they belong to, by name.
    pub definition: Arc<str>,
    /// The file they stand in.
    pub file: FileId,
    /// The definition and the part of it in words: 跨部门协作 · 需求发起;
    /// empty where the items say it themselves.
    pub of: String,
    /// Each of them in words, without doubles.
    pub items: Vec<String>,
}

impl Carried {
    /// The line in one piece: 跨部门协作 · 需求发起：目标、范围.
    pub fn text(&self, display: &Display<'_>) -> String {
        let items = display.list(&self.items);
        if self.of.is_empty() {
            return items;
        }
        display
            .words
            .filled("carriers.line", &[("of", &self.of), ("items", &items)])
    }
}

impl Display<'_> {
    /// What definitions carry a clause: by sort, then in the order of the files.
    pub fn carried(&self, clause: &Clause) -> Vec<Carried> {
        let mut carriers: Vec<&Carrier> = self
            .register
            .carriers
            .iter()
            .filter(|carrier| carrier.clause == clause.id)
            .collect();
        carriers.sort_by_key(|carrier| carrier.what);
        let mut lines: Vec<Carried> = Vec::new();
        for carrier in carriers {
            let (of, item) = self.carrier(carrier);
            let same = lines.iter_mut().find(|line| {
                line.what == carrier.what
                    && line.of == of
                    && (line.definition == carrier.of || of.is_empty())
            });
            match same {
                Some(line) => {
                    if !line.items.contains(&item) {
                        line.items.push(item);
                    }
                }
                None => lines.push(Carried {
                    what: carrier.what,
                    label: self
                        .words
                        .get(&format!("carriers.{}", carrier.what.name()))
                        .to_owned(),
                    definition: carrier.of.clone(),
                    file: carrier.place.file,
                    of,
                    items: vec![item],
                }),
            }
        }
        lines
    }

    /// Where a carrier belongs, and itself.
    fn carrier(&self, carrier: &Carrier) -> (String, String) {
        let labels: Vec<&str> = carrier
            .labels
            .iter()
            .map(|label| self.text(label))
            .collect();
        let path: Vec<&str> = carrier.path.iter().map(|name| &**name).collect();
        match (carrier.what, path.as_slice()) {
            (CarrierKind::Length, ["limits", kind, limit, rest @ ..]) => {
                let priority = match rest {
                    ["by_priority", name] => Priority::from_name(name),
                    _ => None,
                };
                let item = self.limit_and_length(&carrier.of, kind, limit, priority);
                (labels.join(" · "), item)
            }
            (CarrierKind::Reminder | CarrierKind::Escalation, ["limits", kind, limit, ..]) => {
                let step = self.consequence(carrier, kind, limit);
                let of = [labels.join(" · ")].into_iter().chain(step);
                let of: Vec<String> = of.collect();
                (of.join(" · "), self.limit_name(kind, limit))
            }
            (CarrierKind::Rule, [_, id, ..]) => self.named(&labels, id),
            (CarrierKind::Check, _) => self.named(&labels, &carrier.of),
            // every record has a title: it is no field of a section
            (CarrierKind::Field, ["title"]) => (
                labels.join(" · "),
                self.words.get("schema.title").to_owned(),
            ),
            _ => match labels.as_slice() {
                [of @ .., item] => (of.join(" · "), (*item).to_owned()),
                [] => (String::new(), carrier.of.to_string()),
            },
        }
    }

    /// A rule by what it asks and by its name, under which it can be explained.
    fn named(&self, labels: &[&str], name: &str) -> (String, String) {
        let (title, of) = labels.split_last().unwrap_or((&"", &[]));
        let item = self
            .words
            .filled("carriers.named", &[("title", title), ("name", name)]);
        (of.join(" · "), item)
    }

    /// 跨部门协作 · 反馈是否承接.
    fn limit_name(&self, kind: &str, limit: &str) -> String {
        let Some(kind) = self.register.kind(kind) else {
            return limit.to_owned();
        };
        let found = kind.limits.iter().find(|known| *known.id == *limit);
        let limit = found.map_or(limit, |found| self.text(&found.label));
        format!("{} · {limit}", self.text(&kind.name))
    }

    fn limit_and_length(
        &self,
        profile: &str,
        kind: &str,
        limit: &str,
        priority: Option<Priority>,
    ) -> String {
        let name = self.limit_name(kind, limit);
        let profiles = &self.register.profiles;
        let Some(profile) = profiles.iter().find(|known| *known.id == *profile) else {
            return name;
        };
        let of_profile = profile.limit(kind, limit);
        let length = of_profile.and_then(|length| match priority {
            Some(priority) => length.by_priority[priority as usize]
                .as_ref()
                .map(|(length, _)| length),
            None => length.length.as_ref(),
        });
        let reminders = of_profile.map_or(&[][..], |length| &length.remind);
        let reminders = reminders.iter().map(|reminder| self.reminder(reminder));
        let steps = of_profile.map_or(&[][..], |length| &length.escalate);
        let steps = steps.iter().map(|step| self.step(profile, step));
        let told: Vec<String> = length
            .map(|length| self.length(length))
            .into_iter()
            .chain(reminders)
            .chain(steps)
            .collect();
        if told.is_empty() {
            return name;
        }
        let told = told.join(self.words.get("carriers.then"));
        match priority {
            Some(priority) => self.words.filled(
                "carriers.length_of_priority",
                &[
                    ("name", &name),
                    ("length", &told),
                    ("priority", self.text(profile.priority(priority))),
                ],
            ),
            None => self
                .words
                .filled("carriers.length_of", &[("name", &name), ("length", &told)]),
        }
    }

    /// What a profile does about a missed limit by the carrier's clause.
    fn consequence(&self, carrier: &Carrier, kind: &str, limit: &str) -> Option<String> {
        let profiles = &self.register.profiles;
        let profile = profiles.iter().find(|known| known.id == carrier.of)?;
        let length = profile.limit(kind, limit)?;
        let by = |clause: &Option<Arc<str>>| clause.as_ref() == Some(&carrier.clause);
        if carrier.what == CarrierKind::Reminder {
            let mut reminders = length.remind.iter();
            let reminder = reminders.find(|reminder| by(&reminder.clause))?;
            return Some(self.reminder(reminder));
        }
        let step = length.escalate.iter().find(|step| by(&step.clause))?;
        Some(self.step(profile, step))
    }

    /// Who is reminded, and when.
    fn reminder(&self, reminder: &Reminder) -> String {
        let to = reminder.to.iter().map(|reminded| {
            let name = match reminded {
                Reminded::Owner => "carriers.reminded.owner",
                Reminded::Creditor => "carriers.reminded.creditor",
                Reminded::BothHeads => "carriers.reminded.both_heads",
                Reminded::Head => "carriers.reminded.head",
                Reminded::Leader => "carriers.reminded.leader",
                Reminded::Office => "carriers.reminded.office",
            };
            self.words.get(name).to_owned()
        });
        let to: Vec<String> = to.collect();
        let to = self.list(&to);
        match &reminder.after {
            None => self.words.filled("carriers.remind", &[("to", &to)]),
            Some(after) => {
                // “提前 1 个工作日” says itself that it is before
                let name = match after {
                    Length::Span { count, .. } if count.get() < 0 => "carriers.remind_before",
                    _ => "carriers.remind_after",
                };
                let after = self.length(after);
                self.words.filled(name, &[("after", &after), ("to", &to)])
            }
        }
    }

    /// To whom a missed limit goes, and after how long.
    fn step(&self, profile: &Profile, step: &Escalation) -> String {
        let to = match step.to {
            EscalationLevel::Head => "carriers.to_head",
            EscalationLevel::Leader => "carriers.to_leader",
            EscalationLevel::Office => "carriers.to_office",
        };
        let since = if profile.escalation_from_start {
            "carriers.after_start"
        } else {
            "carriers.after_breach"
        };
        let after = self
            .words
            .filled(since, &[("after", &self.length(&step.after))]);
        self.words.filled(to, &[("after", &after)])
    }
}
