//! A value of a record as it stands in a page, by its field's type.

use super::context::Context;
use super::markup::Markup;
use crate::definition::{Field, FieldType};
use crate::display::StandingText;
use crate::organisation::Subject;
use crate::record::{Cell, Signature, Value};

/// A text longer than this, in characters, gets the full width.
const SHORT: usize = 30;

impl Context<'_> {
    /// A value, for a page at this depth.
    pub fn value(&self, field: &Field, cell: &Cell, root: &str) -> Markup {
        match &cell.value {
            Value::Text(text) => match field.kind {
                FieldType::Markdown => Markup::prose(text),
                _ => Markup::text(text),
            },
            Value::Moment(moment) => self.dates.moment(*moment),
            Value::Period(from, to) => {
                let mut markup = self.dates.moment(*from);
                markup.join(&Markup::text(self.word("site.value.to")));
                markup.join(&self.dates.moment(*to));
                markup
            }
            Value::Person(id) => self.name(Subject::Person(*id), root),
            Value::Department(id) => self.name(Subject::Department(*id), root),
            Value::Party(id) => self.name(Subject::Party(*id), root),
            Value::Reference(id) => self.record_link(id, None, root),
            Value::Attachment(attachment) => Markup::text(&attachment.name),
            Value::Signature(signature) => self.signature(signature, root),
            Value::Many(items) => {
                let items: Vec<Markup> = items
                    .iter()
                    .map(|item| self.value(field, item, root))
                    .collect();
                Markup::chips(&items)
            }
            Value::Duration(_)
            | Value::Money { .. }
            | Value::Number(_)
            | Value::Boolean(_)
            | Value::Choice(_)
            | Value::NoneStated => Markup::text(&self.display.value(field, cell)),
            // Tables are laid out by the page; what could not be read has its finding.
            Value::Rows(_) | Value::Invalid => Markup::default(),
        }
    }

    /// A value, or that there is none.
    pub fn value_or_none(&self, field: &Field, cell: Option<&Cell>, root: &str) -> Markup {
        match cell {
            Some(cell) => self.value(field, cell, root),
            None => Markup::span(&["none"], self.word("site.value.none")),
        }
    }

    /// Whether a value wants the full width.
    pub fn is_wide(&self, field: &Field, cell: Option<&Cell>) -> bool {
        match (&field.kind, cell.map(|cell| &cell.value)) {
            (FieldType::Markdown, Some(_)) => true,
            (_, Some(Value::Text(text))) => text.chars().nth(SHORT).is_some(),
            (_, Some(Value::Many(items))) => {
                items.len() > 2 || matches!(field.kind, FieldType::Attachment)
            }
            (_, Some(Value::Period(..))) => true,
            _ => false,
        }
    }

    /// Who confirmed, what was remarked, when. The level (D9) is that of a name
    /// that stands in the record, unless git was asked.
    fn signature(&self, signature: &Signature, root: &str) -> Markup {
        let mut markup = match (signature.person, &signature.name) {
            (Some(person), _) => self.name(Subject::Person(person), root),
            (None, Some(name)) => Markup::text(name),
            (None, None) => return Markup::default(),
        };
        if let Some(opinion) = &signature.opinion {
            markup.join(&Markup::span(&["opinion"], opinion));
        }
        if let Some(at) = signature.at {
            markup.join(&Markup::span(&["soft"], &self.dates.moment_text(at)));
        }
        match self.display.standing(signature) {
            Some(standing) => self.standing(&standing, &mut markup),
            None => markup.join(&Markup::span(
                &["level"],
                self.word("site.confirmation.typed"),
            )),
        }
        markup.wrapped("sign")
    }

    fn standing(&self, standing: &StandingText, markup: &mut Markup) {
        let class: &[&str] = match standing.void {
            Some(_) => &["level", "void"],
            None => &["level"],
        };
        markup.join(&Markup::span(class, &standing.level));
        if let Some(commit) = &standing.commit {
            markup.join(&Markup::span(&["soft", "commit"], commit));
        }
        if let Some(void) = &standing.void {
            markup.join(&Markup::span(&["level", "late"], void));
        }
    }
}
