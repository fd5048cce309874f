//! How view models reach templates: as tera values, built without a detour
//! through serde, which would cost as much as the rendering itself.

/// A struct that a template reads: its fields by their names.
macro_rules! view {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        pub(in crate::site) struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl From<$name> for tera::Value {
            fn from(view: $name) -> tera::Value {
                // tera fills its map from another one, whose order and hashing
                // are for nothing: numbers are put in order at once.
                #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
                #[allow(non_camel_case_types)]
                enum Name {
                    $($field,)*
                }
                impl From<Name> for tera::value::Key<'static> {
                    fn from(of_view: Name) -> Self {
                        tera::value::Key::Str(match of_view {
                            $(Name::$field => stringify!($field),)*
                        })
                    }
                }
                let fields = [$((Name::$field, tera::Value::from(view.$field)),)*];
                tera::Value::from(std::collections::BTreeMap::from(fields))
            }
        }
    };
}

pub(super) use view;
