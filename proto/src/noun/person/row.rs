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

/// A fixed word on the wall for what is still open (4.1.2); free text never stands there.
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
    /// Ask the role that answers for an open trouble.
    Role,
}

/// When somebody was where.
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
    /// In the present place since; none for somebody who has not moved.
    pub since: Option<Time>,
}

/// Where somebody goes or went. While it is protected it looks like one not decided yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct Destination {
    /// The home whose place was accepted.
    pub home: Option<HomeId>,
    /// The home named by whoever saw them leave or arrive, where it is another.
    pub claimed: Option<HomeId>,
    /// Two versions stand: a person settles it.
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
    /// Rating; none while nobody has rated the person.
    pub rating: Option<Rating>,
    /// Marks.
    pub marks: Marks,
    /// A similar name is in the room.
    pub similar: bool,
    /// What is still open, in fixed words.
    pub asks: Vec<Ask>,
    /// Whom to ask, where `asks` holds `role`.
    pub ask_roles: Vec<Role>,
    /// Arrived, and not confirmed.
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
    /// The place in words: the hospital, with whom.
    pub place_words: Option<RowText>,
    /// Rating; none while nobody has rated the person.
    pub rating: Option<Rating>,
    /// Its reason.
    pub rating_reason: Option<RowText>,
    /// Marks.
    pub marks: Marks,
    /// A similar name is in the room.
    pub similar: bool,
    /// Where they go is protected: it is not in this row, and nobody says it.
    pub protected: bool,
    /// What the import could not settle.
    pub questions: Vec<OpenQuestion>,
    /// The tracks' items.
    pub items: Vec<TrackItem>,
    /// Named social worker.
    pub worker: Option<MemberId>,
    /// Destination.
    pub destination: Destination,
    /// Journey.
    pub journey: Option<BookedJourney>,
    /// Times.
    pub times: Times,
    /// Arrived, and not confirmed.
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
    /// The line whoever handles the person must read.
    pub handle_safely: Option<RowText>,
    /// Plans beside the way.
    pub side_plans: Vec<StandingSide>,
    /// Passes.
    pub passes: Vec<Pass>,
    /// Breaches.
    pub breaches: Vec<Breach>,
    /// Not going to plan.
    pub troubles: Vec<OpenTrouble>,
    /// The family of somebody who died was told.
    pub family_told_of_death: bool,
    /// The card's revision: the entry that changed it last.
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
    /// Rating; none while nobody has rated the person.
    pub rating: Option<Rating>,
    /// Marks.
    pub marks: Marks,
    /// A similar name is in the room.
    pub similar: bool,
    /// Where they go is protected: it is not in this row, and nobody says it.
    pub protected: bool,
    /// The tracks' items.
    pub items: Vec<TrackItem>,
    /// Named social worker.
    pub worker: Option<MemberId>,
    /// Destination.
    pub destination: Destination,
    /// Journey.
    pub journey: Option<BookedJourney>,
    /// Times.
    pub times: Times,
    /// Arrived, and not confirmed.
    pub to_confirm: bool,
    /// The line whoever handles the person must read.
    pub handle_safely: Option<RowText>,
    /// Keep-together group.
    pub keep_together: Option<RowText>,
    /// Gates that a fact went past, open ("not met, recorded").
    pub not_met: Vec<Gate>,
    /// Not going to plan.
    pub troubles: Vec<OpenTrouble>,
}
