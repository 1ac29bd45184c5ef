//! Kinds: the tags that distinguish plans, facts and events on the wire and in the journal. Each has a `kind` that
//! belongs to exactly one noun, so no other tag is needed.

use std::marker::PhantomData;

use serde::{
    Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

/// Declares the plans, facts or events of a noun, each with its kind. Those with `wire` also get a TypeScript type,
/// in a file of their own.
macro_rules! kinds {
    ($(#[$doc:meta])* wire enum $name:ident as $ts:literal in $file:literal { $($variants:tt)* }) => {
        $crate::kinds::kinds! {
            @ [$(#[$doc])* #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = $file, rename = $ts))]]
            $name { $($variants)* }
        }
    };
    ($(#[$doc:meta])* enum $name:ident { $($variants:tt)* }) => {
        $crate::kinds::kinds! { @ [$(#[$doc])*] $name { $($variants)* } }
    };
    (@ [$($attributes:tt)*] $name:ident {
        $($(#[$doc:meta])* $kind:literal => $variant:ident $({ $($fields:tt)* })?,)*
    }) => {
        $($attributes)*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "kind", deny_unknown_fields)]
        #[expect(missing_docs, reason = "each field is named by its type; the variant says what it is")]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $kind)] $variant $({ $($fields)* })?,)*
        }

        impl $name {
            /// Every kind.
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            /// Returns the kind.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $kind,)*
                }
            }
        }
    };
}
pub(crate) use kinds;

/// Declares an enum over the nouns: `Noun(noun)` holds that noun's type of the same name.
macro_rules! over_nouns {
    ($(#[$meta:meta])* enum $name:ident of Command { $($noun:ident($module:ident),)* }) => {
        $crate::kinds::over_nouns! { $(#[$meta])* enum $name { $($noun($module),)* } }

        $(impl From<$crate::$module::$name> for $crate::command::Command {
            fn from(it: $crate::$module::$name) -> Self {
                Self::$name(it.into())
            }
        })*
    };
    ($(#[$meta:meta])* enum $name:ident { $($noun:ident($module:ident),)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(untagged)]
        #[expect(missing_docs, reason = "each variant is named by its noun")]
        pub enum $name {
            $($noun($crate::$module::$name),)*
        }

        impl $name {
            /// The kinds of each noun.
            pub const KINDS: &'static [(&'static str, &'static [&'static str])] =
                &[$((stringify!($module), $crate::$module::$name::KINDS)),*];

            /// Returns the kind.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$noun(it) => it.kind(),)*
                }
            }
        }

        impl $crate::kinds::ByKind for $name {
            fn read<'de, D: serde::Deserializer<'de>>(
                kind: &str,
                whole: D,
            ) -> Result<Self, D::Error> {
                $(if $crate::$module::$name::KINDS.contains(&kind) {
                    return serde::Deserialize::deserialize(whole).map(Self::$noun);
                })*
                Err($crate::kinds::unknown(kind))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::kinds::by_kind(deserializer)
            }
        }

        $(impl From<$crate::$module::$name> for $name {
            fn from(it: $crate::$module::$name) -> Self {
                Self::$noun(it)
            }
        })*
    };
}
pub(crate) use over_nouns;

/// A type that is deserialised once its kind is known.
pub(crate) trait ByKind: Sized {
    /// Deserialises `whole`, which has this kind.
    fn read<'de, D: Deserializer<'de>>(kind: &str, whole: D) -> Result<Self, D::Error>;
}

/// Returns the error for a kind that belongs to no noun.
pub(crate) fn unknown<E: Error>(kind: &str) -> E {
    E::custom(format_args!("there is no kind {kind:?}"))
}

/// Deserialises a value with a kind. Our own encoder puts the kind first; other senders may put it anywhere.
pub(crate) fn by_kind<'de, T: ByKind, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(Kinded(PhantomData))
}

struct Kinded<T>(PhantomData<T>);

impl<'de, T: ByKind> Visitor<'de> for Kinded<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with a kind")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let Some(first) = map.next_key::<String>()? else {
            return Err(A::Error::missing_field(KIND));
        };
        if first == KIND {
            let kind: String = map.next_value()?;
            return T::read(&kind, MapAccessDeserializer::new(Headed { kind: Some(&kind), map }));
        }
        let mut whole = Map::new();
        whole.insert(first, map.next_value()?);
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if whole.insert(key, value).is_some() {
                return Err(A::Error::custom("a field is there twice"));
            }
        }
        let Some(Value::String(kind)) = whole.get(KIND).cloned() else {
            return Err(A::Error::missing_field(KIND));
        };
        T::read(&kind, Value::Object(whole)).map_err(A::Error::custom)
    }
}

const KIND: &str = "kind";

/// The rest of a map, with the consumed kind put back in front.
struct Headed<'a, A> {
    kind: Option<&'a str>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Headed<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: serde::de::DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if self.kind.is_some() {
            return seed.deserialize(serde::de::value::StrDeserializer::new(KIND)).map(Some);
        }
        self.map.next_key_seed(seed)
    }

    fn next_value_seed<V: serde::de::DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, A::Error> {
        match self.kind.take() {
            Some(kind) => seed.deserialize(serde::de::value::StrDeserializer::new(kind)),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// Deserialises a `T` from text.
#[cfg(test)]
fn from<T: for<'de> serde::Deserialize<'de>>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        command::Command,
        nouns::{Event, Fact, Plan},
    };

    #[test]
    fn a_kind_is_read_at_any_position_and_only_once() {
        let call = r#"{"kind":"answer_help","call":"00000000-0000-0000-0000-000000000001"}"#;
        let turned = r#"{"call":"00000000-0000-0000-0000-000000000001","kind":"answer_help"}"#;
        let read: Command = from(call).unwrap();
        assert!(matches!(read, Command::Fact(_)));
        assert_eq!(read, from(turned).unwrap());
        assert_eq!(serde_json::to_string(&read).unwrap(), call);
        for bad in [
            "{}",
            "[]",
            "3",
            r#"{"kind":"no_such"}"#,
            r#"{"kind":7}"#,
            r#"{"call":7}"#,
            r#"{"kind":"close_door","kind":"close_door"}"#,
            r#"{"more":1,"kind":"close_door"}"#,
            r#"{"kind":"close_door","more":1}"#,
            r#"{"more":1,"more":1,"kind":"close_door"}"#,
        ] {
            assert!(from::<Command>(bad).is_err(), "{bad}");
        }
        assert!(from::<Command>(r#"{"kind":"close_door"}"#).is_ok());
    }

    #[test]
    fn a_kind_belongs_to_one_noun() {
        for all in [[Plan::KINDS, Fact::KINDS].concat(), Event::KINDS.to_vec()] {
            let kinds: Vec<&str> = all.iter().flat_map(|(_, kinds)| *kinds).copied().collect();
            let once: BTreeSet<&str> = kinds.iter().copied().collect();
            assert_eq!(once.len(), kinds.len());
        }
    }
}
