//! The incident: a provider's failure or exit (PROCEDURE 3.1).

use serde::{Deserialize, Serialize};

use crate::{
    deadline::{BoardDeadline, Deadline, StandingDeadline},
    id::Time,
    kinds::kinds,
    premises::IncidentStage,
    text::{BoardText, Line, Note, Short, Telephone},
};

/// Failure or exit (P 3.1, 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// The provider can no longer carry on.
    Failure,
    /// A planned departure from the market.
    Exit,
}

/// The cause of the failure or exit (P 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The regulator closes it.
    RegulatorClosure,
    /// The commissioner ends the contract.
    CommissionerTermination,
    /// Fire, flood, building failure.
    PremisesDamage,
    /// The owner closes it, or is insolvent.
    OwnerClosure,
    /// The service is redesigned.
    Redesign,
    /// Too few staff are left.
    StaffLoss,
}

/// The kind of service (after P 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// A care home.
    Residential,
    /// Supported living.
    SupportedLiving,
    /// Care in people's own homes.
    HomeCare,
    /// A day service.
    DayService,
    /// Another key service.
    Other,
}

/// The time available (after P 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Timescale {
    /// Immediate and unplanned.
    Immediate,
    /// By a set date.
    Planned,
}

/// The details given when a room is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// The room's title: the service's name, as boards show it.
    pub title: Short,
    /// Failure or exit.
    pub kind: IncidentKind,
    /// The cause.
    pub cause: Cause,
    /// The kind of service.
    pub service: Service,
    /// The time available.
    pub timescale: Timescale,
    /// The incident room's telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub telephone: Option<Telephone>,
    /// The text of the order under which the home closes.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub order: Option<Line>,
    /// Other contacts to reach, as text.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub contacts: Option<Note>,
}

/// A change of the incident's details; absent fields keep their value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts", optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct IncidentChange {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub title: Option<Short>,
    /// The text of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub order: Option<Line>,
    /// The contacts, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub contacts: Option<Note>,
    /// The incident room's telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub telephone: Option<Telephone>,
}

/// The incident, on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
pub struct WallIncident {
    /// The room's title.
    pub title: BoardText,
    /// The stage.
    pub stage: IncidentStage,
    /// The nearest active deadline.
    pub deadline: Option<BoardDeadline>,
}

/// The incident, on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
pub struct DeskIncident {
    /// The room's title.
    #[cfg_attr(test, ts(type = "string"))]
    pub title: Short,
    /// The stage.
    pub stage: IncidentStage,
    /// The nearest active deadline.
    pub deadline: Option<Deadline>,
    /// Every active deadline, nearest first.
    pub deadlines: Vec<StandingDeadline>,
    /// Failure or exit.
    pub kind: IncidentKind,
    /// The cause.
    pub cause: Cause,
    /// The kind of service.
    pub service: Service,
    /// The time available.
    pub timescale: Timescale,
    /// The incident room's telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub telephone: Option<Telephone>,
    /// The text of the order.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub order: Option<Line>,
    /// The contacts, as text.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub contacts: Option<Note>,
    /// The title, the order or the nearest deadline names a person: boards show substitute text.
    #[serde(default)]
    pub withheld: bool,
    /// When the room was opened.
    pub opened_at: Time,
}

/// The incident, on a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
pub struct PhoneIncident {
    /// The room's title.
    #[cfg_attr(test, ts(type = "string"))]
    pub title: Short,
    /// The nearest active deadline.
    pub deadline: Option<Deadline>,
    /// The incident room's telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub telephone: Option<Telephone>,
}

/// The incident, on the sitrep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "incident.ts"))]
pub struct SitrepIncident {
    /// The room's title.
    pub title: BoardText,
    /// The stage.
    pub stage: IncidentStage,
    /// The nearest active deadline.
    pub deadline: Option<BoardDeadline>,
    /// The text of the order.
    pub order: Option<BoardText>,
    /// When the room was opened.
    pub opened_at: Time,
}

kinds! {
    /// The plans.
    wire enum Plan as "IncidentPlans" in "incident.ts" {
        /// Opens the room: entry 1.
        "open_incident" => Open { incident: Incident },
        /// Changes the incident's details.
        "change_incident" => Change { change: IncidentChange },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// The room was opened.
        "incident_opened/1" => Opened { incident: Incident },
        /// The incident's details changed.
        "incident_changed/1" => Changed { change: IncidentChange },
    }
}
