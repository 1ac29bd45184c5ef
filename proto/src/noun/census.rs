//! The census: people counted by place and by stage (PROCEDURE 4.1.2).

use serde::{Deserialize, Serialize};

use crate::{
    id::Time,
    transfer::{PlaceNow, Stage},
};

/// People in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct PlaceCount {
    /// The place.
    pub place: PlaceNow,
    /// How many people.
    pub people: u32,
}

/// People at one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// How many people.
    pub people: u32,
}

/// The last change of the register. Registration raises it; only a merge lowers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct RegisterChange {
    /// The previous count.
    pub from: u32,
    /// The resulting count.
    pub to: u32,
    /// When.
    pub at: Time,
}

/// The counts of people by current place and by stage. Both sums equal the register at every entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct CensusRow {
    /// People on the register.
    pub register: u32,
    /// By current place; every place once, in board order.
    pub places: Vec<PlaceCount>,
    /// By stage; every stage once, in board order.
    pub stages: Vec<StageCount>,
    /// The last merge that lowered the register, if any.
    pub merged: Option<RegisterChange>,
    /// Confirmed arrivals (G24).
    pub confirmed: u32,
    /// People at the home without a place.
    pub without_place: u32,
    /// People rated at risk.
    pub at_risk: u32,
    /// Unreviewed breaches.
    pub open_breaches: u32,
    /// Active passes.
    pub passes: u32,
    /// Unanswered reports of trouble.
    pub open_troubles: u32,
}

/// A quarter hour in which the census changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct PaceRow {
    /// Its start.
    pub from: Time,
    /// People who left the home in it, as the room learned it; excludes deaths there and people not found.
    pub left: u32,
    /// People who arrived in it.
    pub arrived: u32,
    /// People at the home after its last change.
    pub at_the_home: u32,
    /// The register after its last change.
    pub register: u32,
    /// People added to the register in it.
    pub registered: u32,
    /// Duplicates merged in it, and counted once from then on.
    pub merged: u32,
}

/// A quarter hour with booked departures, whether or not they have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct PlannedRow {
    /// Its start.
    pub from: Time,
    /// People with a place and a departure booked in it.
    pub people: u32,
}
