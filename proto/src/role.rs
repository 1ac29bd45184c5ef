//! A member's roles, and the purpose of a screen.

use serde::{Deserialize, Serialize};

/// A role in the room: the sixteen of the procedure (D-4) and those it names elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "role.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Lead co-ordinating manager.
    Lead,
    /// Deputy of the lead.
    Deputy,
    /// Reassessments.
    Reassess,
    /// Mental capacity assessment.
    Mca,
    /// Best interests meetings.
    Bim,
    /// Vacancies.
    Vacancies,
    /// Finance.
    Finance,
    /// Placements and new-home liaison.
    Placements,
    /// Moving and handling, and equipment.
    Moving,
    /// Transport.
    Transport,
    /// Family liaison.
    Family,
    /// Medication, belongings and packing.
    Meds,
    /// Case record update.
    Records,
    /// Staff support.
    Staffsup,
    /// Media, councillor and MP enquiries.
    Media,
    /// Business support.
    Bizsup,
    /// The loggist.
    Loggist,
    /// Named social worker of some of the people (D-22).
    NamedSw,
    /// Team leader at the home.
    TeamLeaderSite,
    /// Nurse at the home.
    Nurse,
    /// Manager appointed to run the home (D-26).
    HomeManager,
    /// Director of the council or of the NHS body: counts, no person.
    Director,
    /// Senior manager who briefs directors and councillors (D-8): counts, no person.
    SeniorManager,
}

impl Role {
    /// Every role, in the order of the procedure.
    pub const ALL: [Self; 23] = [
        Self::Lead,
        Self::Deputy,
        Self::Reassess,
        Self::Mca,
        Self::Bim,
        Self::Vacancies,
        Self::Finance,
        Self::Placements,
        Self::Moving,
        Self::Transport,
        Self::Family,
        Self::Meds,
        Self::Records,
        Self::Staffsup,
        Self::Media,
        Self::Bizsup,
        Self::Loggist,
        Self::NamedSw,
        Self::TeamLeaderSite,
        Self::Nurse,
        Self::HomeManager,
        Self::Director,
        Self::SeniorManager,
    ];
}

/// How a login was obtained; it caps what the member's roles may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "role.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Ceiling {
    /// By staff login, or by an administrator's link that counts as one.
    Staff,
    /// By the room's door code, approved by the lead: works, but reads no money and admits nobody.
    Code,
    /// By a link for one person from outside.
    Link,
    /// A paired screen: it reads one projection and writes nothing.
    Screen,
}

impl Ceiling {
    /// Every ceiling.
    pub const ALL: [Self; 4] = [Self::Staff, Self::Code, Self::Link, Self::Screen];
}

/// The audience of a row. Each gets its own projection of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "role.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The incident room's screens: never a name.
    Wall,
    /// The co-ordinators' laptops.
    Desk,
    /// The telephones at the home.
    Phone,
    /// Directors: counts only.
    Sitrep,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 4] = [Self::Wall, Self::Desk, Self::Phone, Self::Sitrep];

    /// Returns the audience's word, as in addresses and cookies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Desk => "desk",
            Self::Phone => "phone",
            Self::Sitrep => "sitrep",
        }
    }
}

impl std::str::FromStr for Audience {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|audience| audience.word() == text);
        found.ok_or_else(|| format!("{text:?} is none of wall, desk, phone, sitrep"))
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let quoted = serde_json::Value::String(text.to_owned());
        serde_json::from_value(quoted).map_err(|_| format!("{text:?} is no role of the procedure"))
    }
}
