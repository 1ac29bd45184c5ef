//! The incident's own state: what it is, its deadlines, whether the premises were claimed empty.

use std::collections::BTreeMap;

use proto::{
    event::Event,
    id::{DeviceId, Seq, Time},
    incident::{Deadline, Incident, IncidentChange},
    refusal::{Code, Refusal},
    row::incident::IncidentStage,
    text::{Line, Text},
};

use crate::{context::Context, state::Room};

/// A part of what is said of the incident, changed as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Title,
    Order,
    Contacts,
    Telephone,
}

impl Part {
    /// Returns the parts that a change writes, with what it writes.
    pub(crate) fn of(change: &IncidentChange) -> Vec<(Self, &str)> {
        let parts = [
            (Self::Title, change.title.as_ref().map(Text::as_str)),
            (Self::Order, change.order.as_ref().map(Text::as_str)),
            (Self::Contacts, change.contacts.as_ref().map(Text::as_str)),
            (Self::Telephone, change.telephone.as_ref().map(Text::as_str)),
        ];
        parts.into_iter().filter_map(|(part, words)| words.map(|words| (part, words))).collect()
    }

    /// Returns what stands.
    fn stands(self, incident: &Incident) -> &str {
        let words = match self {
            Self::Title => Some(incident.title.as_str()),
            Self::Order => incident.order.as_ref().map(Text::as_str),
            Self::Contacts => incident.contacts.as_ref().map(Text::as_str),
            Self::Telephone => incident.telephone.as_ref().map(Text::as_str),
        };
        words.unwrap_or_default()
    }

    /// Returns its name.
    const fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Order => "order",
            Self::Contacts => "contacts",
            Self::Telephone => "telephone",
        }
    }
}

/// The incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncidentState {
    pub(crate) incident: Incident,
    pub(crate) opened_at: Time,
    /// The deadlines that stand, the nearest first, each by the entry that set it.
    pub(crate) deadlines: BTreeMap<(Time, Seq), Deadline>,
    /// The entry and device that changed each part last.
    pub(crate) edited: BTreeMap<Part, (Seq, Option<DeviceId>)>,
    /// How far it is.
    pub(crate) stage: IncidentStage,
}

impl IncidentState {
    /// Returns the incident as it is when the room opens.
    pub(crate) fn new(incident: Incident, opened_at: Time) -> Self {
        let stage = IncidentStage::Moving;
        Self { incident, opened_at, deadlines: BTreeMap::new(), edited: BTreeMap::new(), stage }
    }

    /// Returns the deadlines that stand at a time, by the entries that set them.
    pub(crate) fn standing(&self, at: Time) -> Vec<Seq> {
        let there = self.deadlines.keys().filter(|(time, _)| *time == at);
        there.map(|(_, entry)| *entry).collect()
    }

    /// Returns the nearest deadline that stands.
    pub(crate) fn nearest(&self) -> Option<Deadline> {
        self.deadlines.values().next().cloned()
    }
}

impl Room {
    /// Changes what is said of the incident. A part that another device changed after what the author saw is not
    /// overwritten: the change is refused whole, with both versions, since the lead who wrote it is there to read them
    /// (P-107).
    pub(crate) fn decide_incident(
        &self,
        context: &Context,
        change: &IncidentChange,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(state) = &self.incident else { return Ok(Vec::new()) };
        let seen = self.seen(context)?;
        let parts = Part::of(change);
        let is_stale = |part: &Part| {
            let last = state.edited.get(part).copied();
            last.is_some_and(|(at, device)| at > seen && device != context.device)
        };
        let stale = parts
            .iter()
            .filter(|(part, words)| is_stale(part) && part.stands(&state.incident) != *words);
        let told: Vec<String> = stale
            .map(|(part, words)| {
                let (word, stands) = (part.word(), part.stands(&state.incident));
                format!(
                    "The {word} says \u{201c}{stands}\u{201d}; you wrote \u{201c}{words}\u{201d}."
                )
            })
            .collect();
        if !told.is_empty() {
            let told = told.join(" ");
            let words = format!(
                "somebody else changed this while you wrote, and nothing of yours was saved. {told} Open the form \
                 again and write what holds."
            );
            return Err(Refusal::new(Code::NotNow, words));
        }
        let is_empty = parts.is_empty();
        let changed = Event::IncidentChanged { change: change.clone() };
        Ok(if is_empty { Vec::new() } else { vec![changed] })
    }

    /// Lifts a deadline. Several may stand at one time: then it says which.
    pub(crate) fn decide_lift(
        &self,
        at: Time,
        entry: Option<Seq>,
        why: &Line,
    ) -> Result<Vec<Event>, Refusal> {
        let standing = self.incident.as_ref().map(|state| state.standing(at)).unwrap_or_default();
        let why = why.clone();
        match (entry, standing.len()) {
            (Some(entry), _) if standing.contains(&entry) => {
                Ok(vec![Event::DeadlineLifted { entry, why }])
            }
            (None, 1) => Ok(vec![Event::DeadlinesLifted { at, why }]),
            (None, 2..) => {
                let words = "several deadlines stand at that time: say which is lifted";
                Err(Refusal::new(Code::Value, words))
            }
            (Some(_), _) | (None, 0) => {
                Err(Refusal::new(Code::Already, "no deadline stands at that time"))
            }
        }
    }
}
