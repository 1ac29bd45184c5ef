//! Rows of a service user.

use serde::{Deserialize, Serialize};

use crate::{
    gate::{Breach, Gate, Pass},
    id::{HomeId, MemberId, PersonId, Seq, Time},
    journey::BookedJourney,
    person::{Care, LeadBody, Marks, Mobility},
    rating::Rating,
    register::OpenQuestion,
    role::Role,
    side::StandingSide,
    text::{Bedroom, BirthDate, PersonName, Reference, RowText},
    transfer::{PlaceNow, Stage, TrackItem},
    trouble::OpenTrouble,
};

/// A fixed word on the wall for an open item (4.1.2); never free text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Needs are not assessed.
    Assess,
    /// No bed.
    Bed,
    /// Papers or identity are not in order.
    Papers,
    /// No transport.
    Transport,
    /// Ask the role accountable for an open trouble.
    Role,
}

/// The times of a person's journey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct Times {
    /// Planned departure.
    pub leaves_at: Option<Time>,
    /// Expected arrival.
    pub arrives_at: Option<Time>,
    /// Left.
    pub left_at: Option<Time>,
    /// Arrived.
    pub arrived_at: Option<Time>,
    /// When the person came to the current place; `None` if they have not moved.
    pub since: Option<Time>,
}

/// A person's destination. While protected it looks undecided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct Destination {
    /// The home whose place was accepted.
    pub home: Option<HomeId>,
    /// The home named by a witness of the departure or arrival, if different.
    pub claimed: Option<HomeId>,
    /// Two versions contradict; a person must resolve them.
    pub to_confirm: bool,
}

/// A service user, on the wall: no name, no worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct WallPerson {
    /// Reference.
    pub reference: Reference,
    /// Bedroom.
    pub bedroom: Option<Bedroom>,
    /// Stage.
    pub stage: Stage,
    /// Place now.
    pub place: PlaceNow,
    /// Rating; `None` if unrated.
    pub rating: Option<Rating>,
    /// Marks.
    pub marks: Marks,
    /// A similar name is in the room.
    pub similar: bool,
    /// Open items, in fixed words.
    pub asks: Vec<Ask>,
    /// The roles behind `Ask::Role`.
    pub ask_roles: Vec<Role>,
    /// Arrived and unconfirmed.
    pub to_confirm: bool,
    /// Times.
    pub times: Times,
    /// Destination.
    pub destination: Destination,
}

/// A service user, on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct DeskPerson {
    /// Their id.
    pub person: PersonId,
    /// Reference.
    pub reference: Reference,
    /// Name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// Known as.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub known_as: Option<PersonName>,
    /// Birth date.
    pub date_of_birth: Option<BirthDate>,
    /// Bedroom.
    pub bedroom: Option<Bedroom>,
    /// Stage.
    pub stage: Stage,
    /// Place now.
    pub place: PlaceNow,
    /// Details of the place: the hospital, or the companion.
    pub place_words: Option<RowText>,
    /// Rating; `None` if unrated.
    pub rating: Option<Rating>,
    /// Its reason.
    pub rating_reason: Option<RowText>,
    /// Marks.
    pub marks: Marks,
    /// A similar name is in the room.
    pub similar: bool,
    /// The destination is protected: it is not in this row and must not be disclosed.
    pub protected: bool,
    /// Questions left open by the import.
    pub questions: Vec<OpenQuestion>,
    /// The track items.
    pub items: Vec<TrackItem>,
    /// Named social worker.
    pub worker: Option<MemberId>,
    /// Destination.
    pub destination: Destination,
    /// Journey.
    pub journey: Option<BookedJourney>,
    /// Times.
    pub times: Times,
    /// Arrived and unconfirmed.
    pub to_confirm: bool,
    /// How the person moves.
    pub mobility: Option<Mobility>,
    /// Kind of care.
    pub care: Option<Care>,
    /// The funding sources contradict each other.
    pub funding_disagrees: bool,
    /// Lead body.
    pub lead_body: LeadBody,
    /// Keep-together group.
    pub keep_together: Option<RowText>,
    /// Handling instructions that must be read.
    pub handle_safely: Option<RowText>,
    /// Side plans.
    pub side_plans: Vec<StandingSide>,
    /// Passes.
    pub passes: Vec<Pass>,
    /// Breaches.
    pub breaches: Vec<Breach>,
    /// Open troubles.
    pub troubles: Vec<OpenTrouble>,
    /// The family has been informed of the death.
    pub family_told_of_death: bool,
    /// The card's revision: the entry that last changed it.
    pub card: Seq,
}

/// A service user, on a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct PhonePerson {
    /// Their id.
    pub person: PersonId,
    /// Reference.
    pub reference: Reference,
    /// Name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// Known as.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub known_as: Option<PersonName>,
    /// Birth date.
    pub date_of_birth: Option<BirthDate>,
    /// Bedroom.
    pub bedroom: Option<Bedroom>,
    /// Stage.
    pub stage: Stage,
    /// Place now.
    pub place: PlaceNow,
    /// Rating; `None` if unrated.
    pub rating: Option<Rating>,
    /// Marks.
    pub marks: Marks,
    /// A similar name is in the room.
    pub similar: bool,
    /// The destination is protected: it is not in this row and must not be disclosed.
    pub protected: bool,
    /// The track items.
    pub items: Vec<TrackItem>,
    /// Named social worker.
    pub worker: Option<MemberId>,
    /// Destination.
    pub destination: Destination,
    /// Journey.
    pub journey: Option<BookedJourney>,
    /// Times.
    pub times: Times,
    /// Arrived and unconfirmed.
    pub to_confirm: bool,
    /// Handling instructions that must be read.
    pub handle_safely: Option<RowText>,
    /// Keep-together group.
    pub keep_together: Option<RowText>,
    /// Gates with open breaches ("not met, recorded").
    pub not_met: Vec<Gate>,
    /// Open troubles.
    pub troubles: Vec<OpenTrouble>,
}
