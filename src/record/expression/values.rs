//! The values of a record as the expression language sees them.

use std::fmt::Write;

use cel::ExecutionError;
use cel::common::traits::{Indexer, Sizer};
use cel::common::types::{self, CelBool, CelDouble, CelInt, CelList, CelNull, CelString, Type};
use cel::common::value::{CowVal, Val};

use super::{CurrentRow, Scope};
use crate::calendar::{Calendar, Moment};
use crate::definition::field::{Field, FieldType};
use crate::record::{Cell, Row, RowRef, Signature, Value};

type Boxed<'v> = Box<dyn Val + 'v>;

/// A list of these.
pub(super) fn list<'b, 'v>(items: impl Iterator<Item = Boxed<'v>>) -> CowVal<'b, 'v> {
    CowVal::owned(CelList::from(items.collect::<Vec<Boxed<'v>>>()))
}

fn null<'v>() -> Boxed<'v> {
    Box::new(CelNull)
}

fn text<'v>(text: &'v str) -> Boxed<'v> {
    Box::new(CelString::from(text))
}

/// The row that the expression is about, or something in it.
pub(super) fn current<'b>(
    scope: &'b Scope<'b>,
    current: &CurrentRow<'b>,
    path: Option<&str>,
) -> Option<CowVal<'b, 'b>> {
    match (current.row, path) {
        (RowRef::Row(row), None) => Some(CowVal::owned(RowValue::new(
            scope,
            current.fields,
            Some(row),
        ))),
        (RowRef::Row(row), Some(path)) => RowValue::new(scope, current.fields, Some(row))
            .at(path)
            .map(CowVal::Owned),
        (RowRef::Item(cell), path) => {
            let field = current.fields.first()?;
            match path {
                None => Some(CowVal::Owned(single(scope, field, &cell.value))),
                Some(part) => part_of(scope, field, Some(&cell.value), part).map(CowVal::Owned),
            }
        }
    }
}

/// A section or a row: its fields by name.
#[derive(Clone, Copy)]
pub(super) struct RowValue<'r> {
    scope: &'r Scope<'r>,
    fields: &'r [Field],
    /// None: the section was not written, all fields are null.
    row: Option<&'r Row>,
}

impl<'r> RowValue<'r> {
    pub fn new(scope: &'r Scope<'r>, fields: &'r [Field], row: Option<&'r Row>) -> Self {
        RowValue { scope, fields, row }
    }

    /// The value at a path of one or two names; none when there is no such field.
    pub fn at(&self, path: &str) -> Option<Boxed<'r>> {
        let (name, part) = match path.split_once('.') {
            Some((name, part)) => (name, Some(part)),
            None => (path, None),
        };
        let index = self.fields.iter().position(|field| *field.id == *name)?;
        let field = &self.fields[index];
        let cell = self.row.and_then(|row| row.get(index));
        match part {
            None => Some(whole(self.scope, field, cell)),
            Some(part) => part_of(self.scope, field, cell.map(|cell| &cell.value), part),
        }
    }
}

/// All of a field's value.
fn whole<'r>(scope: &'r Scope<'r>, field: &'r Field, cell: Option<&'r Cell>) -> Boxed<'r> {
    let columns = field.columns();
    let is_list = field.many || !columns.is_empty();
    match cell.map(|cell| &cell.value) {
        Some(Value::Invalid) => {
            scope.touch_unreadable();
            null()
        }
        Some(Value::Many(items)) => {
            let items = scope.bounded(items).iter();
            list(items.map(|item| single(scope, field, &item.value))).into_owned()
        }
        Some(Value::Rows(rows)) => list(
            scope
                .bounded(rows)
                .iter()
                .map(|row| Box::new(RowValue::new(scope, columns, Some(row))) as Boxed<'r>),
        )
        .into_owned(),
        // that there are none was said: the list is there, and empty
        Some(Value::NoneStated) | None if is_list => {
            Box::new(CelList::from(Vec::<Boxed<'r>>::new()))
        }
        Some(value) => single(scope, field, value),
        None => null(),
    }
}

/// A value that is no list.
fn single<'r>(scope: &'r Scope<'r>, field: &'r Field, value: &'r Value) -> Boxed<'r> {
    let organisation = scope.evaluation.organisation;
    match value {
        Value::Text(words) | Value::Reference(words) => text(words),
        Value::Moment(moment) => iso(scope.evaluation.calendar, *moment),
        Value::Duration(length) => Box::new(CelString::from(length.to_string())),
        Value::Money { amount, .. } => Box::new(CelDouble::from(amount.hundredths as f64 / 100.0)),
        Value::Number(number) => Box::new(CelDouble::from(*number)),
        Value::Boolean(value) => Box::new(CelBool::from(*value)),
        Value::Choice(index) => match &field.kind {
            FieldType::Choice(choices) => choices
                .get(usize::from(*index))
                .map_or_else(null, |choice| text(&choice.id)),
            _ => null(),
        },
        Value::Person(person) => text(&organisation.person(*person).id),
        Value::Department(department) => text(&organisation.department(*department).id),
        Value::Party(party) => text(&organisation.party(*party).id),
        Value::Attachment(attachment) => text(&attachment.name),
        Value::NoneStated => text("none"),
        Value::Period(..) | Value::Signature(_) => Box::new(PartsValue {
            scope,
            field,
            value,
        }),
        Value::Invalid => {
            scope.touch_unreadable();
            null()
        }
        Value::Many(_) | Value::Rows(_) => null(),
    }
}

/// A part of a period or a signature; none when there is no such part.
fn part_of<'r>(
    scope: &'r Scope<'r>,
    field: &Field,
    value: Option<&'r Value>,
    part: &str,
) -> Option<Boxed<'r>> {
    let calendar = scope.evaluation.calendar;
    let known: &[&str] = match field.kind {
        FieldType::Period => &["from", "to"],
        FieldType::Signature => &["person", "name", "at", "opinion"],
        _ => return None,
    };
    if !known.contains(&part) {
        return None;
    }
    Some(match value {
        Some(Value::Period(from, to)) => iso(calendar, if part == "from" { *from } else { *to }),
        Some(Value::Signature(signature)) => part_of_signature(scope, signature, part),
        Some(Value::Invalid) => {
            scope.touch_unreadable();
            null()
        }
        _ => null(),
    })
}

fn part_of_signature<'r>(scope: &'r Scope<'r>, signature: &'r Signature, part: &str) -> Boxed<'r> {
    let evaluation = &scope.evaluation;
    match part {
        "person" => signature
            .person
            .map_or_else(null, |id| text(&evaluation.organisation.person(id).id)),
        "name" => signature.name.as_deref().map_or_else(null, text),
        "at" => signature
            .at
            .map_or_else(null, |at| iso(evaluation.calendar, at)),
        _ => signature.opinion.as_deref().map_or_else(null, text),
    }
}

/// `2026-05-20`, or `2026-05-06T09:30:00+08:00` in company time.
fn iso<'v>(calendar: &Calendar, moment: Moment) -> Boxed<'v> {
    let mut words = String::with_capacity(25);
    // writing into a string cannot fail
    let _ = match moment {
        Moment::Date(date) => write!(words, "{date}"),
        Moment::Instant(instant) => {
            let offset = calendar.settings().time_zone.to_offset(instant);
            write!(words, "{}", instant.display_with_offset(offset))
        }
    };
    Box::new(CelString::from(words))
}

impl std::fmt::Debug for RowValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RowValue").field(&self.row).finish()
    }
}

/// The name that something is indexed with.
fn key(index: &dyn Val) -> Result<&str, ExecutionError> {
    match index.downcast_ref::<CelString>() {
        Some(name) => Ok(name.inner()),
        None => Err(ExecutionError::UnexpectedType {
            got: index.get_type().name().to_owned(),
            want: "string".to_owned(),
        }),
    }
}

impl Indexer for RowValue<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = key(index)?;
        match self.at(name) {
            Some(value) => Ok(CowVal::Owned(value)),
            None => Err(ExecutionError::no_such_key(name)),
        }
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Boxed<'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(index).map(CowVal::into_owned)
    }
}

impl Sizer for RowValue<'_> {
    /// How many fields are filled in.
    fn size(&self) -> CelInt {
        let filled = |row: &Row| {
            (0..self.fields.len())
                .filter(|index| row.get(*index).is_some())
                .count() as i64
        };
        CelInt::from(self.row.map_or(0, filled))
    }
}

impl Val for RowValue<'_> {
    fn get_type(&self) -> &Type {
        Self::cel_type()
    }

    fn cel_type() -> &'static Type {
        &types::MAP_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Boxed<'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

/// A period or a signature: its parts by name.
#[derive(Clone, Copy)]
struct PartsValue<'r> {
    scope: &'r Scope<'r>,
    field: &'r Field,
    value: &'r Value,
}

impl std::fmt::Debug for PartsValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PartsValue").field(self.value).finish()
    }
}

impl Indexer for PartsValue<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = key(index)?;
        match part_of(self.scope, self.field, Some(self.value), name) {
            Some(value) => Ok(CowVal::Owned(value)),
            None => Err(ExecutionError::no_such_key(name)),
        }
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Boxed<'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(index).map(CowVal::into_owned)
    }
}

impl Val for PartsValue<'_> {
    fn get_type(&self) -> &Type {
        Self::cel_type()
    }

    fn cel_type() -> &'static Type {
        &types::MAP_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Boxed<'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}
