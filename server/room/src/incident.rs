//! The incident's own state: what it is, its deadlines, whether the premises were claimed empty.

use std::collections::BTreeMap;

use proto::{
    id::Time,
    incident::{Deadline, Incident},
    row::incident::IncidentStage,
};

/// The incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncidentState {
    pub(crate) incident: Incident,
    pub(crate) opened_at: Time,
    /// The deadlines that stand, the nearest first.
    pub(crate) deadlines: BTreeMap<Time, Deadline>,
    /// How far it is.
    pub(crate) stage: IncidentStage,
}

impl IncidentState {
    /// Returns the incident as it is when the room opens.
    pub(crate) fn new(incident: Incident, opened_at: Time) -> Self {
        let stage = IncidentStage::Moving;
        Self { incident, opened_at, deadlines: BTreeMap::new(), stage }
    }

    /// Returns the nearest deadline that stands.
    pub(crate) fn nearest(&self) -> Option<Deadline> {
        self.deadlines.values().next().cloned()
    }
}
