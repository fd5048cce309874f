//! Writing a signature into a record: where it belongs, and what it would say.
//!
//! Invariants: comments and layout stay; nothing is written here, the new text
//! is the answer; whose turn it is, the rules of the kind say, not this file:
//! a signature that would break one is refused.

use jiff::Timestamp;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::change::{SignatureSpot, Version, given};
use crate::check::Checker;
use crate::definition::{Field, FieldType, Kind};
use crate::finding::{Argument, Finding, Level};
use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::record::{Record, Row, Value as RecordValue, read_record};
use crate::register::Register;
use crate::source::SourceFile;
use crate::text::Text;

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

/// A field that takes signatures.
#[derive(Clone, Copy)]
struct Place {
    section: usize,
    field: usize,
    column: Option<usize>,
}

/// Where in a place a signature goes.
#[derive(Clone, Copy)]
struct Target {
    place: Place,
    /// Of a repeated section.
    row: usize,
    /// Of a table: the row, or one that is yet to come.
    inner: Option<usize>,
    /// Whether that row is yet to come.
    new: bool,
    /// Of a list: how many it has.
    item: Option<usize>,
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

fn all_places(kind: &Kind) -> Vec<Place> {
    let takes = |field: &Field| matches!(field.kind, FieldType::Signature);
    let mut all = Vec::new();
    for (section, definition) in kind.sections.iter().enumerate() {
        for (field, definition) in definition.fields.iter().enumerate() {
            if takes(definition) {
                all.push(Place {
                    section,
                    field,
                    column: None,
                });
            }
            for (column, definition) in definition.columns().iter().enumerate() {
                if takes(definition) {
                    all.push(Place {
                        section,
                        field,
                        column: Some(column),
                    });
                }
            }
        }
    }
    all
}

fn places(kind: &Kind, wish: &ToSign<'_>) -> Vec<Place> {
    let mut places = all_places(kind);
    places.retain(|place| {
        let section = &kind.sections[place.section];
        let name = name(kind, *place);
        let own = name.strip_prefix(&format!("{}.", section.id));
        let in_section = wish.section.is_none_or(|wanted| wanted == &*section.id);
        let of_field = wish
            .field
            .is_none_or(|wanted| wanted == name || Some(wanted) == own);
        in_section && of_field
    });
    places
}

/// `section.field`, `section.table.column`.
fn name(kind: &Kind, place: Place) -> String {
    let section = &kind.sections[place.section];
    let field = &section.fields[place.field];
    match place.column {
        None => format!("{}.{}", section.id, field.id),
        Some(column) => format!("{}.{}.{}", section.id, field.id, field.columns()[column].id),
    }
}

fn names(kind: &Kind, places: &[Place]) -> Vec<String> {
    places.iter().map(|place| name(kind, *place)).collect()
}

fn definition(kind: &Kind, place: Place) -> &Field {
    let field = &kind.sections[place.section].fields[place.field];
    match place.column {
        None => field,
        Some(column) => &field.columns()[column],
    }
}

fn label(kind: &Kind, place: Place) -> Text {
    let section = &kind.sections[place.section].label;
    let field = &definition(kind, place).label;
    let both = |language| format!("{} / {}", section.get(language), field.get(language));
    Text::new(
        both(crate::text::Language::Chinese),
        both(crate::text::Language::English),
    )
}

/// Where in the record the signature goes.
fn target(
    register: &Register,
    kind: &Kind,
    record: &Record,
    place: Place,
    wish: &ToSign<'_>,
) -> Result<Target, NotSigned> {
    let section = &kind.sections[place.section];
    let rows = record.section(place.section);
    let what = || label(kind, place);
    let many = definition(kind, place).many;
    let signed = |row: Option<&Row>, at: usize| {
        row.and_then(|row| row.get(at))
            .is_some_and(|cell| !cell.value.is_empty())
    };
    let items = |row: Option<&Row>, at: usize| match row.and_then(|row| row.get(at)) {
        Some(cell) if many => match &cell.value {
            RecordValue::Many(items) => Some(items.len()),
            _ => Some(1),
        },
        _ => many.then_some(0),
    };
    let row = match section.repeated {
        true => {
            let own = own_row(register, wish, &section.fields, rows, |row| {
                place.column.is_some() || many || !signed(Some(row), place.field)
            });
            pick(own, rows.len(), what)?
        }
        false => 0,
    };
    let found = rows.get(row);
    let Some(column) = place.column else {
        if !many && signed(found, place.field) {
            return Err(NotSigned::AlreadySigned(what()));
        }
        return Ok(Target {
            place,
            row,
            inner: None,
            new: false,
            item: items(found, place.field),
        });
    };
    let table = &section.fields[place.field];
    let inner: &[Row] = match found
        .and_then(|row| row.get(place.field))
        .map(|cell| &cell.value)
    {
        Some(RecordValue::Rows(inner)) => inner,
        _ => &[],
    };
    let own = own_row(register, wish, table.columns(), inner, |row| {
        many || !signed(Some(row), column)
    });
    let mine = own_row(register, wish, table.columns(), inner, |_| true);
    let (at, new) = match pick(own, inner.len(), what) {
        Ok(at) => (at, false),
        Err(NotSigned::NoRow(..)) if !matches!(mine, Own::None) => {
            return Err(NotSigned::AlreadySigned(what()));
        }
        // a row that has nothing to say but who signs can be begun here
        Err(NotSigned::NoRow(..)) if identity_of(register, table, wish.person).is_some() => {
            (inner.len(), true)
        }
        Err(other) => return Err(other),
    };
    Ok(Target {
        place,
        row,
        inner: Some(at),
        new,
        item: items(inner.get(at), column),
    })
}

/// Which rows are the signer's.
enum Own {
    One(usize),
    None,
    Several(Vec<usize>),
}

fn own_row(
    register: &Register,
    wish: &ToSign<'_>,
    fields: &[Field],
    rows: &[Row],
    open: impl Fn(&Row) -> bool,
) -> Own {
    if let Some(row) = wish.row {
        return match row.checked_sub(1).filter(|at| *at < rows.len()) {
            Some(at) if open(&rows[at]) => Own::One(at),
            _ => Own::None,
        };
    }
    let department = register.organisation.person(wish.person).department;
    let named = |row: &Row, wanted: &RecordValue| {
        let mut cells = fields.iter().enumerate().filter_map(|(at, _)| row.get(at));
        cells.any(|cell| match (&cell.value, wanted) {
            (RecordValue::Person(one), RecordValue::Person(other)) => one == other,
            (RecordValue::Department(one), RecordValue::Department(other)) => one == other,
            _ => false,
        })
    };
    let of = |wanted: RecordValue| -> Vec<usize> {
        let all = rows.iter().enumerate();
        all.filter(|(_, row)| open(row) && named(row, &wanted))
            .map(|(at, _)| at)
            .collect()
    };
    // a row that names the person is theirs rather than one of their department
    let by_person = of(RecordValue::Person(wish.person));
    let mine = match by_person.is_empty() {
        true => department.map_or_else(Vec::new, |department| {
            of(RecordValue::Department(department))
        }),
        false => by_person,
    };
    match mine.as_slice() {
        [] => Own::None,
        [one] => Own::One(*one),
        _ => Own::Several(mine.iter().map(|at| at + 1).collect()),
    }
}

fn pick(own: Own, count: usize, what: impl Fn() -> Text) -> Result<usize, NotSigned> {
    match own {
        Own::One(at) => Ok(at),
        Own::None => Err(NotSigned::NoRow(what(), count)),
        Own::Several(rows) => Err(NotSigned::SeveralRows(what(), rows)),
    }
}

/// The column that tells rows apart, and what it says of the signer.
fn identity_of(register: &Register, table: &Field, person: PersonId) -> Option<(usize, Subject)> {
    let FieldType::Table { columns, identity } = &table.kind else {
        return None;
    };
    let at = (*identity)?;
    let organisation = &register.organisation;
    match columns.get(at)?.kind {
        FieldType::Person => Some((at, Subject::Person(person))),
        FieldType::Department => {
            let department: DepartmentId = organisation.person(person).department?;
            Some((at, Subject::Department(department)))
        }
        _ => None,
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

/// The file's text with the signature; none where the text is not laid out as
/// the record was read.
fn written(
    register: &Register,
    kind: &Kind,
    target: Target,
    wish: &ToSign<'_>,
    text: &str,
) -> Option<String> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut document: DocumentMut = bare.parse().ok()?;
    let entry = entry(register, wish)?;
    let section = &kind.sections[target.place.section];
    let field = &section.fields[target.place.field];
    let root = document.as_table_mut();
    let item = root
        .entry(&section.id)
        .or_insert_with(|| Item::Table(Table::new()));
    let row: &mut dyn TableLike = match section.repeated {
        true => row_mut(item, target.row)?,
        false => item.as_table_like_mut()?,
    };
    let Some((at, column)) = target.inner.zip(target.place.column) else {
        put(row, field, entry);
        return Some(finished(text, &document));
    };
    let columns = field.columns();
    if target.new {
        let (identity, subject) = identity_of(register, field, wish.person)?;
        let name = register.organisation.id_of(subject).to_owned();
        let mut begun = InlineTable::new();
        begun.insert(&*columns[identity].id, name.into());
        put(&mut begun, &columns[column], entry);
        append(row, &field.id, begun)?;
    } else {
        let rows = row.get_mut(&field.id)?;
        put(row_mut(rows, at)?, &columns[column], entry);
    }
    Some(finished(text, &document))
}

fn finished(text: &str, document: &DocumentMut) -> String {
    let mark = if text.starts_with('\u{feff}') {
        "\u{feff}"
    } else {
        ""
    };
    let out = document.to_string();
    // lines end as they did
    match text.contains("\r\n") {
        true => format!("{mark}{}", out.replace("\r\n", "\n").replace('\n', "\r\n")),
        false => format!("{mark}{out}"),
    }
}

/// `{ person = "…", at = …, opinion = "…" }`
fn entry(register: &Register, wish: &ToSign<'_>) -> Option<InlineTable> {
    let zone = register.settings.time.time_zone.clone();
    let at = wish.at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z");
    let at: toml_edit::Datetime = at.to_string().parse().ok()?;
    let person = &*register.organisation.person(wish.person).id;
    let mut entry = InlineTable::new();
    entry.insert("person", person.into());
    entry.insert("at", at.into());
    if let Some(opinion) = wish.opinion {
        entry.insert("opinion", opinion.into());
    }
    Some(entry)
}

fn put(row: &mut dyn TableLike, field: &Field, entry: InlineTable) {
    if !field.many {
        row.insert(&field.id, Item::Value(Value::InlineTable(entry)));
        return;
    }
    match row.get_mut(&field.id).and_then(Item::as_array_mut) {
        Some(all) => push(all, entry),
        None => {
            let mut all = Array::new();
            all.push(entry);
            row.insert(&field.id, Item::Value(Value::Array(all)));
        }
    }
}

fn append(row: &mut dyn TableLike, name: &str, begun: InlineTable) -> Option<()> {
    match row.get_mut(name) {
        Some(Item::ArrayOfTables(all)) => all.push(begun.into_table()),
        Some(item) => push(item.as_array_mut()?, begun),
        None => {
            let mut all = Array::new();
            all.push(begun);
            row.insert(name, Item::Value(Value::Array(all)));
        }
    }
    Some(())
}

/// Adds to a list, laid out as what stands there.
fn push(all: &mut Array, entry: InlineTable) {
    let before = all.iter().last().map(|last| last.decor().clone());
    let mut value = Value::InlineTable(entry);
    if let Some(before) = before {
        let prefix = before.prefix().and_then(|prefix| prefix.as_str());
        // a comment before the last one is the last one's
        let layout = prefix.filter(|prefix| !prefix.contains('#')).unwrap_or(" ");
        value.decor_mut().set_prefix(layout);
        all.push_formatted(value);
    } else {
        all.push(value);
    }
}

fn row_mut(item: &mut Item, at: usize) -> Option<&mut dyn TableLike> {
    match item {
        Item::ArrayOfTables(all) => {
            let all: &mut ArrayOfTables = all;
            Some(all.get_mut(at)?)
        }
        Item::Value(Value::Array(all)) => {
            let table = all.get_mut(at)?.as_inline_table_mut()?;
            // the blank before the brace is not one before a comma
            if let Some((_, last)) = table.iter_mut().last() {
                let decor = last.decor_mut();
                let blank = decor.suffix().and_then(|suffix| suffix.as_str());
                if blank.is_some_and(|blank| blank.trim().is_empty()) {
                    decor.set_suffix("");
                }
            }
            Some(table)
        }
        _ => None,
    }
}
