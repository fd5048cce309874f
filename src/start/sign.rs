//! Writing a signature into a record: where it belongs, and what it would say.
//!
//! Invariants: comments and layout stay; nothing is written here, the new text
//! is the answer; whose turn it is, the rules of the kind say, not this file:
//! a signature that would break one is refused.

mod place;
mod write;

use jiff::Timestamp;

use crate::change::{SignatureSpot, Version, given};
use crate::check::Checker;
use crate::definition::{FieldType, Kind};
use crate::finding::{Argument, Finding, Level};
use crate::organisation::PersonId;
use crate::record::{Record, read_record};
use crate::register::Register;
use crate::source::SourceFile;
use crate::text::Text;
use place::{Place, Target, all_places, definition, label, names, places, target};
use write::written;

/// What is to be signed, by whom.
pub struct ToSign<'w> {
    /// The record's number.
    pub id: &'w str,
    /// The section, by name; any where none is given.
    pub section: Option<&'w str>,
    /// The field, or `table.column`; any where none is given.
    pub field: Option<&'w str>,
    /// Which row, from 1; the signer's own where none is given.
    pub row: Option<usize>,
    /// Who signs.
    pub person: PersonId,
    /// What they remark.
    pub opinion: Option<&'w str>,
    /// When, in the second.
    pub at: Timestamp,
    /// Whether it is signed although something is missing.
    pub incomplete: bool,
}

/// A signature as it would be written.
#[derive(Clone, Debug)]
pub struct ReadyToSign {
    /// The record's file, by its path from the root.
    pub path: String,
    /// What the file says.
    pub before: String,
    /// What it says with the signature.
    pub text: String,
    /// Where the signature stands.
    pub spot: SignatureSpot,
    /// Section and field, for people.
    pub what: Text,
}

/// Why there is nothing to sign.
#[derive(Debug)]
pub enum NotSigned {
    /// No record has that number.
    Unknown,
    /// The record cannot be read whole.
    Unreadable,
    /// No signature goes there; the fields that take one.
    NoField(Vec<String>),
    /// Several do; they.
    Several(Vec<String>),
    /// It is signed already.
    AlreadySigned(Text),
    /// None of its rows is the signer's; how many there are.
    NoRow(Text, usize),
    /// Several rows are; they, from 1.
    SeveralRows(Text, Vec<usize>),
    /// Something that is signed is still missing: what.
    Incomplete(Vec<Finding>),
    /// A rule would be broken: it is another person's turn, or another time's.
    Refused(Vec<Finding>),
}

/// Works a signature out.
pub fn sign(register: &Register, wish: &ToSign<'_>) -> Result<ReadyToSign, NotSigned> {
    let index = register.find(wish.id).ok_or(NotSigned::Unknown)?;
    let record = &register.records[index];
    if !record.broken.is_empty() {
        return Err(NotSigned::Unreadable);
    }
    let kind = register.kind_of(record);
    let places = places(kind, wish);
    if places.is_empty() {
        return Err(NotSigned::NoField(names(kind, &all_places(kind))));
    }
    let mut ready: Vec<(Place, ReadyToSign)> = Vec::new();
    let mut refused: Option<NotSigned> = None;
    for place in &places {
        let tried = target(register, kind, record, *place, wish)
            .and_then(|target| attempt(register, kind, record, target, wish));
        match tried {
            Ok(found) => ready.push((*place, found)),
            // the reason that is told is that of what comes closest
            Err(reason) => {
                let closer = refused
                    .as_ref()
                    .is_none_or(|other| closeness(&reason) > closeness(other));
                if closer {
                    refused = Some(reason);
                }
            }
        }
    }
    match ready.len() {
        0 => Err(refused.unwrap_or(NotSigned::Unknown)),
        1 => Ok(ready.remove(0).1),
        _ => {
            let places: Vec<Place> = ready.iter().map(|(place, _)| *place).collect();
            Err(NotSigned::Several(names(kind, &places)))
        }
    }
}

fn closeness(reason: &NotSigned) -> u8 {
    match reason {
        NotSigned::Incomplete(_) => 4,
        NotSigned::SeveralRows(..) => 3,
        NotSigned::AlreadySigned(_) => 2,
        NotSigned::Refused(_) => 1,
        _ => 0,
    }
}

/// The text with the signature, if no rule is against it.
fn attempt(
    register: &Register,
    kind: &Kind,
    record: &Record,
    target: Target,
    wish: &ToSign<'_>,
) -> Result<ReadyToSign, NotSigned> {
    let source = register.sources.file(record.file);
    let (path, before) = (source.path.clone(), source.text.clone());
    let text = written(register, kind, target, wish, &before).ok_or(NotSigned::Unreadable)?;
    let file = SourceFile::new(path.clone(), text.clone());
    let (signed, _) = read_record(
        &register.kinds,
        &register.organisation,
        &register.settings.time,
        record.file,
        &file,
    );
    let signed = signed.ok_or(NotSigned::Unreadable)?;
    // as it will be where the signature is asked for
    let field = definition(kind, target.place);
    let asked = field.required.from.filter(|from| {
        let state = &kind.states[record.state.value];
        kind.states[*from].rank > state.rank
    });
    let moved = |record: &Record| {
        let mut moved = record.clone();
        moved.state.value = asked.unwrap_or(record.state.value);
        moved
    };
    let checker = Checker::new(register);
    let of_rules = |record: &Record| -> Vec<Finding> {
        let mut found = checker.record(record);
        found.retain(|finding| finding.level == Level::Error);
        found
    };
    let (old, new) = (of_rules(&moved(record)), of_rules(&moved(&signed)));
    let is_new = |finding: &&Finding| {
        !old.iter().any(|known| {
            known.rule == finding.rule
                && known.wording == finding.wording
                && known.arguments == finding.arguments
        })
    };
    let missing = |finding: &Finding| &*finding.rule == "required-field";
    // their places are places in a text that nobody has yet
    let told = |finding: &Finding| Finding {
        place: record.place(record.id.span),
        related: Vec::new(),
        fix: None,
        ..finding.clone()
    };
    let broken: Vec<Finding> = new
        .iter()
        .filter(|finding| !missing(finding))
        .filter(is_new)
        .map(told)
        .collect();
    if !broken.is_empty() {
        return Err(NotSigned::Refused(broken));
    }
    let still: Vec<Finding> = new
        .iter()
        .filter(|finding| missing(finding) && is_signed(kind, target.place, finding))
        .map(told)
        .collect();
    if !still.is_empty() && !wish.incomplete {
        return Err(NotSigned::Incomplete(still));
    }
    let spot = spot(register, &signed, &file, target).ok_or(NotSigned::Unreadable)?;
    Ok(ReadyToSign {
        path,
        before,
        text,
        spot,
        what: label(kind, target.place),
    })
}

/// Whether something is missing from what the signature covers: no signature,
/// and no step that is taken later.
fn is_signed(kind: &Kind, place: Place, finding: &Finding) -> bool {
    let argument = |name: &str| finding.arguments.iter().find(|(other, _)| *other == name);
    let covered = &definition(kind, place).signs;
    let sections =
        kind.sections
            .iter()
            .enumerate()
            .filter(|(at, section)| match covered.is_empty() {
                true => *at == place.section,
                false => covered.iter().any(|name| *name.value == *section.id),
            });
    for (_, section) in sections {
        let own = |label: &Text| {
            let found = argument("section").map(|(_, value)| value);
            matches!(found, Some(Argument::Labelled(text)) if text == label)
        };
        if !own(&section.label) {
            continue;
        }
        let Some((_, Argument::Plain(name))) = argument("name") else {
            return false;
        };
        let field = section.fields.iter().find(|field| *field.id == **name);
        return field
            .is_some_and(|field| !field.event && !matches!(field.kind, FieldType::Signature));
    }
    false
}

fn spot(
    register: &Register,
    record: &Record,
    file: &SourceFile,
    target: Target,
) -> Option<SignatureSpot> {
    let version = Version {
        register,
        record,
        file,
    };
    let given = given(version).into_iter().map(|given| given.spot);
    given
        .filter(|spot| {
            spot.section == target.place.section
                && spot.row == target.row
                && spot.field == target.place.field
                && spot.inner == target.inner.zip(target.place.column)
        })
        .find(|spot| target.item.is_none() || spot.item == target.item || spot.item.is_none())
}
