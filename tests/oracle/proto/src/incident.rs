//! The incident: a provider's failure or exit (PROCEDURE 3.1).

use serde::{Deserialize, Serialize};

use crate::{
    id::{Seq, Time},
    text::{Line, Note, Short, Telephone},
};

/// Failure or exit (P 3.1, 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// The provider can no longer carry on.
    Failure,
    /// A planned departure from the market.
    Exit,
}

/// Why the provider fails or leaves (P 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// What kind of service it is (after P 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// How much time there is (after P 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timescale {
    /// At once, unplanned.
    Immediate,
    /// By a set date.
    Planned,
}

/// What is known when a room is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// The room's title: the service's name, as boards show it.
    pub title: Short,
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
    /// The order under which the home closes, in words.
    pub order: Option<Line>,
    /// Who else must be reached, in words.
    pub contacts: Option<Note>,
}

/// What may be changed of an incident; only the fields given change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IncidentChange {
    /// A new title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Short>,
    /// The order in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Line>,
    /// The contacts in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Note>,
    /// The incident room's telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Telephone>,
}

/// A time by which the premises must be empty. Several may stand; boards show the nearest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// When.
    pub at: Time,
    /// The body or role that set it; boards show it, so never a person's name.
    pub set_by: Short,
    /// Why this time.
    pub why: Line,
}

/// A deadline that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingDeadline {
    /// The entry that set it: several may stand at one time, and by this one of them is lifted.
    pub entry: Seq,
    /// When, who set it, why.
    pub deadline: Deadline,
}
