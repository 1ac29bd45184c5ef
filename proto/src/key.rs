//! Keys: the names of rows, and the audiences that have a row under each.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CommandId, HelpId, HomeId, MemberId, PersonId, Seq, SignInId, SiteId, Time},
    role::Audience,
    row::Row,
};

/// Declares the kinds of keys: the wire word, the id that distinguishes rows of one kind, and the row of each
/// audience, if any.
macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident $(($id:ty))? = $word:literal for $($audience:ident($row:ident))+;)*) => {
        /// The name of a row: the smallest unit a screen replaces. On the wire `kind` or `kind/id`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "key.ts", type = "string"))]
        pub enum Key {
            $($(#[$doc])* $key $(($id))?,)*
        }

        impl Key {
            /// Returns whether an audience can ever hold a row under this key.
            pub fn is_for(self, audience: Audience) -> bool {
                match self {
                    $(keys!(@pattern $key $($id)?) => [$(Audience::$audience),+].contains(&audience),)*
                }
            }

            /// Returns whether an audience holds this row type under this key.
            pub fn holds(self, audience: Audience, row: &Row) -> bool {
                match self {
                    $(keys!(@pattern $key $($id)?) => {
                        $((audience == Audience::$audience && matches!(row, Row::$row(_))))||+
                    })*
                }
            }

            /// The kinds of keys, each with the row of each audience.
            #[cfg(test)]
            pub(crate) const KINDS: &'static [(&'static str, &'static [(Audience, &'static str)])] =
                &[$(($word, &[$((Audience::$audience, stringify!($row))),+])),*];
        }

        impl std::fmt::Display for Key {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(keys!(@bind $key id $($id)?) => keys!(@write f $word id $($id)?),)*
                }
            }
        }

        impl std::str::FromStr for Key {
            type Err = KeyError;
            fn from_str(text: &str) -> Result<Self, KeyError> {
                let (kind, id) = text.split_once('/').map_or((text, None), |(kind, id)| (kind, Some(id)));
                match kind {
                    $($word => keys!(@read $key id $($id)?),)*
                    _ => Err(KeyError),
                }
            }
        }
    };
    (@pattern $key:ident) => { Self::$key };
    (@pattern $key:ident $id:ty) => { Self::$key(_) };
    (@bind $key:ident $name:ident) => { Self::$key };
    (@bind $key:ident $name:ident $id:ty) => { Self::$key($name) };
    (@write $f:ident $word:literal $name:ident) => { $f.write_str($word) };
    (@write $f:ident $word:literal $name:ident $id:ty) => {{
        $f.write_str(concat!($word, "/"))?;
        $name.write($f)
    }};
    (@read $key:ident $name:ident) => { if $name.is_none() { Ok(Self::$key) } else { Err(KeyError) } };
    (@read $key:ident $name:ident $id:ty) => {
        $name.and_then(<$id as KeyId>::read).map(Self::$key).ok_or(KeyError)
    };
}

keys! {
    /// The incident.
    Incident = "incident" for Wall(WallIncident) Desk(DeskIncident) Phone(PhoneIncident) Sitrep(SitrepIncident);
    /// The counts of people.
    Census = "census" for Wall(Census) Desk(Census) Phone(Census) Sitrep(Census);
    /// The counts of the team, for audiences that see no members.
    Team = "team" for Sitrep(Team);
    /// A site.
    Site(SiteId) = "site" for Desk(Site) Phone(Site);
    /// A home.
    Home(HomeId) = "home" for Wall(WallHome) Desk(Home) Phone(Home);
    /// A member.
    Member(MemberId) = "member" for Wall(WallMember) Desk(DeskMember) Phone(PhoneMember);
    /// A sign-in.
    SignIn(SignInId) = "sign_in" for Wall(WallSignIn) Desk(DeskSignIn) Phone(PhoneSignIn);
    /// A service user.
    Person(PersonId) = "person" for Wall(WallPerson) Desk(DeskPerson) Phone(PhonePerson);
    /// An edit that was set aside.
    Edit(CommandId) = "edit" for Desk(Edit) Phone(Edit);
    /// A quarter hour, by its start.
    Pace(Time) = "pace" for Wall(Pace) Desk(Pace) Sitrep(Pace);
    /// A quarter hour with booked departures, by its start.
    Planned(Time) = "planned" for Sitrep(Planned);
    /// The counts of gates: breaches and passes.
    Gates = "gates" for Sitrep(Gates);
    /// A log line, by its entry. The line determines which audiences hold it.
    Log(Seq) = "log" for Wall(ShownLog) Desk(DeskLog) Phone(PhoneLog) Sitrep(ShownLog);
    /// A call for help.
    Help(HelpId) = "help" for Wall(WallHelp) Desk(Help) Phone(Help);
    /// The door.
    Door = "door" for Desk(Door);
    /// A person waiting at the door.
    Asker(MemberId) = "asker" for Desk(Asker);
    /// A member whom the roster expects.
    Expected(MemberId) = "expected" for Desk(Expected);
    /// A paper pack, by its number.
    Pack(u32) = "pack" for Desk(Pack);
}

/// The id that distinguishes rows of one kind, as keys encode it on the wire.
trait KeyId: Sized {
    fn write(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result;
    fn read(text: &str) -> Option<Self>;
}

/// Encodes and decodes these as their own text.
macro_rules! as_text {
    ($($id:ty),*) => {$(
        impl KeyId for $id {
            fn write(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )*};
}
as_text!(CommandId, HelpId, HomeId, MemberId, PersonId, SignInId, SiteId, u32);

impl KeyId for Seq {
    fn write(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl KeyId for Time {
    fn write(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

/// The error for a text that names no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a row")]
pub struct KeyError;

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
