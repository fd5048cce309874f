//! The headings of gathered tables.

use super::Display;
use crate::definition::Field;
use crate::definition::register_paper::{ColumnValue, Paths, RegisterColumn};
use crate::record::field_of;

impl Display<'_> {
    /// What stands above a column: its own label, or that of what it shows.
    pub fn column_label(&self, column: &RegisterColumn) -> String {
        if let Some(label) = &column.label {
            return self.text(label).to_owned();
        }
        match &column.value {
            ColumnValue::Derived(derived) => {
                let name = format!("print.register.{}", derived.name());
                self.words.get(&name).to_owned()
            }
            ColumnValue::Paths(paths) => match self.first_field(paths) {
                Some(field) => self.text(&field.label).to_owned(),
                None => {
                    let path = paths.iter().flatten().next();
                    let name = path.map_or("", |path| &*path.text);
                    self.words.get(&format!("print.envelope.{name}")).to_owned()
                }
            },
            ColumnValue::Ink => String::new(),
        }
    }

    /// The field that the first path leads to; none of a key that all records have.
    pub fn first_field(&self, paths: &Paths) -> Option<&Field> {
        let kinds = &self.register.kinds;
        let (path, kind) = paths
            .iter()
            .zip(kinds)
            .find_map(|(paths, kind)| Some((paths.first()?, kind)))?;
        field_of(kind, path)
    }
}
