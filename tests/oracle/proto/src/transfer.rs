//! The transfer: a service user's way to a new provider (PROCEDURE 4.1).

use serde::{Deserialize, Serialize};

use crate::{
    gate::Gate,
    id::{HomeId, MemberId, Seq, Time},
    role::Role,
    text::{Line, Short},
};

/// Where a person is, by facts alone: the census (4.1.2). Everybody is in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceNow {
    /// At the failing home.
    AtTheHome,
    /// On the way to another.
    OnTheWay,
    /// Arrived at another.
    Arrived,
    /// In hospital.
    InHospital,
    /// With family.
    WithFamily,
    /// Whereabouts being confirmed.
    BeingConfirmed,
    /// Died.
    Died,
}

impl PlaceNow {
    /// Every place, in the order boards show them.
    pub const ALL: [Self; 7] = [
        Self::AtTheHome,
        Self::OnTheWay,
        Self::Arrived,
        Self::InHospital,
        Self::WithFamily,
        Self::BeingConfirmed,
        Self::Died,
    ];
}

/// The stage, computed and never set (4.1.2), side states included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Needs are not assessed.
    ToAssess,
    /// Assessed; no place stands.
    FindingAPlace,
    /// An accepted place stands.
    PlaceHeld,
    /// A standing "ready".
    ReadyToGo,
    /// On the way.
    OnTheWay,
    /// Arrived.
    Arrived,
    /// Side state: in hospital.
    InHospital,
    /// Side state: gone with family.
    WithFamily,
    /// Side state: whereabouts being confirmed.
    BeingConfirmed,
    /// Side state: stays for now, by an exceptional arrangement.
    Exceptional,
    /// Side state: on hold.
    OnHold,
    /// Side state: a dispute.
    Dispute,
    /// Side state: died.
    Died,
}

impl Stage {
    /// Every stage, in the order boards show them.
    pub const ALL: [Self; 13] = [
        Self::ToAssess,
        Self::FindingAPlace,
        Self::PlaceHeld,
        Self::ReadyToGo,
        Self::OnTheWay,
        Self::Arrived,
        Self::InHospital,
        Self::WithFamily,
        Self::BeingConfirmed,
        Self::Exceptional,
        Self::OnHold,
        Self::Dispute,
        Self::Died,
    ];
}

/// An item of the tracks, each with its gate (4.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Known: confirmed on the list (G1).
    OnTheList,
    /// Known: a named social worker (G3).
    NamedWorker,
    /// Known: needs assessed (G4).
    Needs,
    /// Place: a home accepted for the person.
    Place,
    /// Journey: identity checked before "ready" (G22).
    Identity,
    /// Journey: vehicle, crew, expected arrival, destination (G23).
    Journey,
    /// Journey: identity checked again at the door (G22).
    Door,
    /// Journey: arrival confirmed (G24).
    Arrival,
}

impl Item {
    /// Every item, in the order screens show them.
    pub const ALL: [Self; 8] = [
        Self::OnTheList,
        Self::NamedWorker,
        Self::Needs,
        Self::Place,
        Self::Identity,
        Self::Journey,
        Self::Door,
        Self::Arrival,
    ];
}

/// How an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not done.
    Open,
    /// Done.
    Done,
    /// Its gate was passed with a reason.
    Passed,
}

/// An item as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackItem {
    /// Which.
    pub item: Item,
    /// How it stands.
    pub state: ItemState,
    /// When it was done or passed.
    pub at: Option<Time>,
    /// Who did it.
    pub by: Option<MemberId>,
}

/// How a journey is planned (G23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// The vehicle.
    pub vehicle: Option<Short>,
    /// The crew.
    pub crew: Option<Short>,
    /// Planned departure.
    pub leaves_at: Option<Time>,
    /// Expected arrival.
    pub arrives_at: Option<Time>,
}

/// A plan beside the way: the person's stage while they are at the home (4.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SideKind {
    /// Stays for now: exceptional arrangement.
    Exceptional,
    /// On hold.
    OnHold,
    /// A dispute.
    Dispute,
}

/// A standing plan beside the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SidePlan {
    /// Which.
    pub side: SideKind,
    /// Why, and for an exceptional arrangement who cares for the person.
    pub reason: Line,
    /// Until when, or when it is looked at again.
    pub until: Option<Time>,
}

/// When identity is checked (G22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before "ready".
    Ready,
    /// At the door.
    Door,
    /// On arrival.
    Arrival,
}

/// How a breach stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachState {
    /// Nobody has reviewed it.
    Open,
    /// The item was done in time and recorded afterwards.
    DoneButRecordedLate,
    /// Reviewed and accepted.
    Accepted,
    /// Reviewed: a lesson.
    Lesson,
}

/// A gate that a fact went past, neither met nor passed (R34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// The entry of the fact; with the gate it names the breach.
    pub fact: Seq,
    /// The gate.
    pub gate: Gate,
    /// When the fact happened.
    pub at: Time,
    /// Who answers for it.
    pub owner: Role,
    /// How it stands.
    pub state: BreachState,
}

/// A gate passed: an override with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// The gate.
    pub gate: Gate,
    /// Why.
    pub reason: Line,
    /// Who passed it.
    pub by: MemberId,
    /// When.
    pub at: Time,
    /// Until when it holds.
    pub until: Option<Time>,
}

/// What is not going to plan (PROCEDURE 3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The person refuses.
    Refuses,
    /// The person is unwell.
    Unwell,
    /// Family is taking them.
    FamilyTakingThem,
    /// The crew has a problem.
    CrewProblem,
    /// The papers are wrong.
    WrongPapers,
    /// The person is not found. This is also a fact about where they are.
    NotFound,
}

/// Where somebody was found, or was taken back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case", deny_unknown_fields)]
pub enum FoundAt {
    /// At the failing home.
    AtTheHome,
    /// On the way.
    OnTheWay,
    /// At a receiving home.
    Arrived {
        /// Which.
        home: HomeId,
    },
    /// In hospital.
    InHospital,
    /// With family.
    WithFamily,
    /// Dead.
    Died,
}
