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

/// What changed the register last. It rises by registration and falls by merge alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct RegisterChange {
    /// The register before.
    pub from: u32,
    /// The register after.
    pub to: u32,
    /// When.
    pub at: Time,
}

/// The people counted, by place now and by stage. Both sums are the register, at every entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct CensusRow {
    /// People on the register.
    pub register: u32,
    /// By place now; every place once, in the order of boards.
    pub places: Vec<PlaceCount>,
    /// By stage; every stage once, in the order of boards.
    pub stages: Vec<StageCount>,
    /// What lowered the register last, if anything did.
    pub merged: Option<RegisterChange>,
    /// Arrivals confirmed (G24).
    pub confirmed: u32,
    /// People without a place, of those at the home.
    pub without_place: u32,
    /// People rated at risk.
    pub at_risk: u32,
    /// Breaches nobody has reviewed.
    pub open_breaches: u32,
    /// Passes that stand.
    pub passes: u32,
    /// Reports that something does not go to plan, which nobody has answered.
    pub open_troubles: u32,
}

/// A quarter hour in which the census changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct PaceRow {
    /// When it began.
    pub from: Time,
    /// People who left the home in it, as the room learned it: not those who died there or are not found.
    pub left: u32,
    /// People who arrived in it.
    pub arrived: u32,
    /// People at the home after its last change.
    pub at_the_home: u32,
    /// The register after its last change.
    pub register: u32,
    /// People who were put on the register in it.
    pub registered: u32,
    /// People who were found to be listed twice in it, and counted once from then on.
    pub merged: u32,
}

/// A quarter hour for which departures are booked, whether they have happened or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "census.ts"))]
pub struct PlannedRow {
    /// When it begins.
    pub from: Time,
    /// People with a place whose departure is booked for it.
    pub people: u32,
}
