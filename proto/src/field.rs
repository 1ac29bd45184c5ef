//! Fields: a record that people edit, declared once. From the declaration come its change, how edits merge, and which
//! class of data each field is.

use crate::class::Class;

/// A field of a record whose groups of fields are `G`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<G: 'static> {
    /// Its name on the wire.
    pub name: &'static str,
    /// The group that is edited as one.
    pub group: G,
    /// Its class of data.
    pub class: Class,
    /// What it is called on screens.
    pub label: &'static str,
    /// Rows show it; otherwise it is on the card alone.
    pub is_shown: bool,
}

/// Declares a record: a field a line, with its type, its group, its class of data and its label. A field that rows show
/// ends in `shown`.
macro_rules! fields {
    (
        $(#[$meta:meta])*
        record $name:ident by $group:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty, $in:ident, $class:ident, $label:literal $(, $shown:ident)?;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $(
                $(#[$doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }

        impl $name {
            /// Every field, in the order of forms.
            pub const FIELDS: &'static [$crate::field::Field<$group>] = &[$(
                $crate::field::Field {
                    name: stringify!($field),
                    group: $group::$in,
                    class: $crate::class::Class::$class,
                    label: $label,
                    is_shown: $crate::field::fields!(@shown $($shown)?),
                },
            )*];

            /// Returns the fields of these that hold something.
            fn held(&self) -> impl Iterator<Item = &'static $crate::field::Field<$group>> {
                let held = [$(self.$field.is_some(),)*];
                Self::FIELDS.iter().zip(held).filter_map(|(field, held)| held.then_some(field))
            }

            /// Returns the groups of fields that this changes, in order, each once.
            pub fn groups(&self) -> Vec<$group> {
                let groups: std::collections::BTreeSet<$group> =
                    self.held().map(|field| field.group).collect();
                groups.into_iter().collect()
            }

            /// Returns only these fields.
            #[must_use]
            pub fn only_those(
                &self,
                is_wanted: impl Fn(&$crate::field::Field<$group>) -> bool,
            ) -> Self {
                let mut fields = Self::FIELDS.iter();
                Self {$(
                    $field: fields
                        .next()
                        .filter(|field| is_wanted(field))
                        .and_then(|_| self.$field.clone()),
                )*}
            }

            /// Returns only the fields of one group.
            #[must_use]
            pub fn only(&self, group: $group) -> Self {
                self.only_those(|field| field.group == group)
            }

            /// Puts the fields that `change` holds over these.
            pub fn take(&mut self, change: Self) {
                $(
                    if change.$field.is_some() {
                        self.$field = change.$field;
                    }
                )*
            }
        }
    };
    (@shown) => { false };
    (@shown shown) => { true };
}
pub(crate) use fields;
