//! How view models reach templates: as tera values, built without a detour
//! through serde, which would cost as much as the rendering itself.

/// A struct that a template reads: its fields by their names.
macro_rules! view {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        pub(super) struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl From<$name> for tera::Value {
            fn from(view: $name) -> tera::Value {
                let mut map = tera::Map::with_capacity([$(stringify!($field)),*].len());
                $(map.insert(stringify!($field).into(), view.$field.into());)*
                tera::Value::from(map)
            }
        }
    };
}

pub(super) use view;
