//! The transfer: a service user's move to another provider (PROCEDURE 4.1).

use serde::{Deserialize, Serialize};

use crate::id::{MemberId, Time};

/// A person's current place, by facts alone: the census (4.1.2). Everybody is in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "transfer.ts"))]
#[serde(rename_all = "snake_case")]
pub enum PlaceNow {
    /// At the failing home.
    AtTheHome,
    /// On the way to another home.
    OnTheWay,
    /// Arrived at another home.
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

/// The stage, always computed (4.1.2), including side states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "transfer.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Needs are not assessed.
    ToAssess,
    /// Assessed; no accepted place.
    FindingAPlace,
    /// A place is accepted.
    PlaceHeld,
    /// Declared ready.
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
    /// Side state: stays for the present, by an exceptional arrangement.
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

/// A track item, with its gate (4.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "transfer.ts"))]
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

/// The state of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "transfer.ts"))]
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
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "transfer.ts"))]
pub struct TrackItem {
    /// The item.
    pub item: Item,
    /// Its state.
    pub state: ItemState,
    /// When it was done or passed.
    pub at: Option<Time>,
    /// Who did it.
    pub by: Option<MemberId>,
}
