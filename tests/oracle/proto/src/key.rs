//! Keys: the names of rows.

use serde::{Deserialize, Serialize};

use crate::id::{CommandId, HelpId, HomeId, MemberId, PersonId, Seq, SignInId, SiteId, Time};

/// The name of a row: the smallest thing a screen replaces. On the wire `kind` or `kind/id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The incident.
    Incident,
    /// The people counted.
    Census,
    /// The team counted, for those who see no members.
    Team,
    /// A site.
    Site(SiteId),
    /// A home.
    Home(HomeId),
    /// A member.
    Member(MemberId),
    /// A sign-in.
    SignIn(SignInId),
    /// A service user.
    Person(PersonId),
    /// An edit set aside.
    Edit(CommandId),
    /// A quarter hour, by its beginning.
    Pace(Time),
    /// A quarter hour in which departures are booked, by its beginning.
    Planned(Time),
    /// The gates counted: breaches and passes.
    Gates,
    /// A log line, by its entry.
    Log(Seq),
    /// A call for help.
    Help(HelpId),
    /// The door.
    Door,
    /// Somebody at the door.
    Asker(MemberId),
    /// Somebody the roster expects.
    Expected(MemberId),
    /// A paper pack, by its number.
    Pack(u32),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Incident => f.write_str("incident"),
            Self::Census => f.write_str("census"),
            Self::Team => f.write_str("team"),
            Self::Site(id) => write!(f, "site/{id}"),
            Self::Home(id) => write!(f, "home/{id}"),
            Self::Member(id) => write!(f, "member/{id}"),
            Self::SignIn(id) => write!(f, "sign_in/{id}"),
            Self::Person(id) => write!(f, "person/{id}"),
            Self::Edit(id) => write!(f, "edit/{id}"),
            Self::Pace(from) => write!(f, "pace/{}", from.0),
            Self::Planned(from) => write!(f, "planned/{}", from.0),
            Self::Gates => f.write_str("gates"),
            Self::Log(seq) => write!(f, "log/{seq}"),
            Self::Help(id) => write!(f, "help/{id}"),
            Self::Door => f.write_str("door"),
            Self::Asker(id) => write!(f, "asker/{id}"),
            Self::Expected(id) => write!(f, "expected/{id}"),
            Self::Pack(number) => write!(f, "pack/{number}"),
        }
    }
}

/// A text that names no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a row")]
pub struct KeyError;

impl std::str::FromStr for Key {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (kind, id) = text.split_once('/').unwrap_or((text, ""));
        let uuid = || id.parse().map_err(|_| KeyError);
        match kind {
            "incident" if id.is_empty() => Ok(Self::Incident),
            "census" if id.is_empty() => Ok(Self::Census),
            "team" if id.is_empty() => Ok(Self::Team),
            "gates" if id.is_empty() => Ok(Self::Gates),
            "site" => uuid().map(|id| Self::Site(SiteId(id))),
            "home" => uuid().map(|id| Self::Home(HomeId(id))),
            "member" => uuid().map(|id| Self::Member(MemberId(id))),
            "sign_in" => uuid().map(|id| Self::SignIn(SignInId(id))),
            "person" => uuid().map(|id| Self::Person(PersonId(id))),
            "edit" => uuid().map(|id| Self::Edit(CommandId(id))),
            "pace" => id.parse().map(|ms| Self::Pace(Time(ms))).map_err(|_| KeyError),
            "help" => uuid().map(|id| Self::Help(HelpId(id))),
            "door" if id.is_empty() => Ok(Self::Door),
            "asker" => uuid().map(|id| Self::Asker(MemberId(id))),
            "expected" => uuid().map(|id| Self::Expected(MemberId(id))),
            "pack" => id.parse().map(Self::Pack).map_err(|_| KeyError),
            "planned" => id.parse().map(|ms| Self::Planned(Time(ms))).map_err(|_| KeyError),
            "log" => id.parse().map(|seq| Self::Log(Seq(seq))).map_err(|_| KeyError),
            _ => Err(KeyError),
        }
    }
}

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
