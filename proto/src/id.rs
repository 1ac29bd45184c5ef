//! Identifiers: ids, entry numbers, tags and times.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::limit::{TIME_MAX, TIME_MIN};

/// Declares an id: a UUID with a type of its own.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "id.ts"))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(test, ts(type = "string"))] pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A room: the live shared record of one incident.
    RoomId;
    /// A service user on the register.
    PersonId;
    /// A member: a person who may enter the room.
    MemberId;
    /// A command, created by its sender; its outcome is stored under this id for ever.
    CommandId;
    /// The device (one login of one face) that sent a command.
    DeviceId;
    /// A place where members sign in.
    SiteId;
    /// A member's presence at a site, from sign-on to sign-off.
    SignInId;
    /// A possible receiving provider.
    HomeId;
    /// A call for help.
    HelpId;
}

/// The number of an entry in its room's journal: 1, 2, 3 ... without a gap (I-1).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "id.ts"))]
#[serde(transparent)]
pub struct Seq(#[cfg_attr(test, ts(type = "number"))] pub u64);

impl Seq {
    /// Returns the number of the next entry.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A time: whole milliseconds since 1970 in UTC, within the years that a room accepts (P-104). Screens show it in
/// the room's own time zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "id.ts", type = "number"))]
#[serde(transparent)]
pub struct Time(pub i64);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time = Self(i64::deserialize(deserializer)?);
        if time.is_possible() || cfg!(plant = "era_open") {
            return Ok(time);
        }
        Err(serde::de::Error::custom("a time outside the years 1900 to 2199, which a room takes"))
    }
}

impl Time {
    /// Returns the time `ms` milliseconds later.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Tells whether the time lies in the years that a room accepts.
    pub const fn is_possible(self) -> bool {
        TIME_MIN.0 <= self.0 && self.0 <= TIME_MAX.0
    }

    /// Returns the nearest time in the years that a room accepts.
    #[must_use]
    pub fn nearest_possible(self) -> Self {
        self.clamp(TIME_MIN, TIME_MAX)
    }

    /// Deserializes a claimed time without checking its range: the caller does that, because a fact is never
    /// refused.
    pub fn claimed<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self)
    }

    /// Deserializes an optional claimed time.
    pub fn maybe_claimed<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        Option::<i64>::deserialize(deserializer).map(|claim| claim.map(Self))
    }

    /// Returns the milliseconds from `earlier` to this time; negative if `earlier` is later.
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The first 8 bytes of an entry's chain value, 16 hex digits on the wire: proof that a cursor is on this history
/// and no other (I-3, I-21).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "id.ts", type = "string"))]
pub struct Tag(pub [u8; 8]);

impl std::fmt::Display for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A tag that is not 16 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tag is 16 hex digits")]
pub struct TagError;

impl std::str::FromStr for Tag {
    type Err = TagError;
    fn from_str(text: &str) -> Result<Self, TagError> {
        if text.len() != 16 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(TagError);
        }
        u64::from_str_radix(text, 16).map(|n| Self(n.to_be_bytes())).map_err(|_| TagError)
    }
}

impl Serialize for Tag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A screen's position in a room's history: the last entry it holds, with its proof.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "id.ts"))]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The last entry held; 0 before the first.
    pub seq: Seq,
    /// The tag of that entry.
    pub tag: Tag,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P-104
    #[test]
    fn a_time_is_of_the_years_1900_to_2199() {
        let shown = |time: Time| jiff::Timestamp::from_millisecond(time.0).unwrap().to_string();
        assert_eq!(shown(TIME_MIN), "1900-01-01T00:00:00Z");
        assert_eq!(shown(TIME_MAX), "2199-12-31T23:59:59.999Z");
        let read = |ms: i64| serde_json::from_str::<Time>(&ms.to_string());
        for out in [i64::MIN, i64::MAX, TIME_MIN.0 - 1, TIME_MAX.0 + 1] {
            assert!(read(out).unwrap_err().to_string().contains("1900 to 2199"), "{out}");
            assert!(Time(out).nearest_possible().is_possible(), "{out}");
        }
        for within in [TIME_MIN, Time(0), TIME_MAX] {
            assert_eq!(read(within.0).unwrap(), within);
        }
    }
}
