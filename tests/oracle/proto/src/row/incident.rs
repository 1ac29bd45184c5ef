//! Rows of the incident and of the homes.

use serde::{Deserialize, Serialize};

use crate::{
    id::{HomeId, Time},
    incident::{Cause, Deadline, IncidentKind, Service, StandingDeadline, Timescale},
    person::Care,
    text::{Line, Note, Short, Telephone},
};

/// How far the incident is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStage {
    /// People are still at the home.
    Moving,
    /// The premises were claimed empty but for exceptional arrangements.
    ClearedExcept,
    /// The premises were claimed empty.
    Cleared,
}

/// The incident, on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallIncident {
    /// The room's title.
    pub title: Short,
    /// How far it is.
    pub stage: IncidentStage,
    /// The nearest deadline that stands: when, who set it, why.
    pub deadline: Option<Deadline>,
}

/// The incident, on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskIncident {
    /// The room's title.
    pub title: Short,
    /// How far it is.
    pub stage: IncidentStage,
    /// The nearest deadline that stands.
    pub deadline: Option<Deadline>,
    /// Every deadline that stands, the nearest first.
    pub deadlines: Vec<StandingDeadline>,
    /// Failure or exit.
    pub kind: IncidentKind,
    /// Why.
    pub cause: Cause,
    /// What kind of service.
    pub service: Service,
    /// How much time there is.
    pub timescale: Timescale,
    /// The incident room's telephone.
    pub telephone: Option<Telephone>,
    /// The order in words.
    pub order: Option<Line>,
    /// The contacts in words.
    pub contacts: Option<Note>,
    /// The title, the order or the nearest deadline names somebody: boards have other words in its place.
    #[serde(default)]
    pub withheld: bool,
    /// When the room was opened.
    pub opened_at: Time,
}

/// The incident, on a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneIncident {
    /// The room's title.
    pub title: Short,
    /// The nearest deadline that stands.
    pub deadline: Option<Deadline>,
    /// The incident room's telephone.
    pub telephone: Option<Telephone>,
}

/// The incident, on the sitrep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitrepIncident {
    /// The room's title.
    pub title: Short,
    /// How far it is.
    pub stage: IncidentStage,
    /// The nearest deadline that stands.
    pub deadline: Option<Deadline>,
    /// The order in words.
    pub order: Option<Line>,
    /// When the room was opened.
    pub opened_at: Time,
}

/// A home, on desk and phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeRow {
    /// Its id.
    pub home: HomeId,
    /// Its name.
    pub name: Short,
    /// The name boards have room for.
    pub short_name: Short,
    /// Where it is.
    pub address: Option<Line>,
    /// Its telephone.
    pub telephone: Option<Telephone>,
    /// What it is registered for.
    pub registered_for: Vec<Care>,
    /// Miles from the failing home.
    pub miles: Option<u16>,
}

/// A home, on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallHome {
    /// The name boards have room for.
    pub short_name: Short,
}
