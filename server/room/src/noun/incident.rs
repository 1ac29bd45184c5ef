//! The incident's own state: its details, its deadlines, and whether the premises were claimed empty.

use std::collections::BTreeMap;

use proto::{
    class::Class,
    deadline::{Deadline, StandingDeadline},
    entry::Entry,
    id::{DeviceId, Seq, Time},
    incident::{
        DeskIncident, Event, Incident, IncidentChange, PhoneIncident, Plan, SitrepIncident,
        WallIncident,
    },
    key::Key,
    premises::IncidentStage,
    refusal::Code,
    role::Audience,
    row::Row,
    text::Text,
};

use super::{Decision, Fold, Plans, Said, details, one, refuse};
use crate::{
    context::Context,
    privacy::boards,
    rights::Needs,
    room::{Room, Touched},
};

/// A part of the incident's details, edited as a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Title,
    Order,
    Contacts,
    Telephone,
}

impl Part {
    /// Returns the parts that a change writes, with their values.
    fn of(change: &IncidentChange) -> Vec<(Self, &str)> {
        let parts = [
            (Self::Title, change.title.as_ref().map(Text::as_str)),
            (Self::Order, change.order.as_ref().map(Text::as_str)),
            (Self::Contacts, change.contacts.as_ref().map(Text::as_str)),
            (Self::Telephone, change.telephone.as_ref().map(Text::as_str)),
        ];
        parts.into_iter().filter_map(|(part, words)| words.map(|words| (part, words))).collect()
    }

    /// Returns the current value.
    fn stands(self, incident: &Incident) -> &str {
        let words = match self {
            Self::Title => Some(incident.title.as_str()),
            Self::Order => incident.order.as_ref().map(Text::as_str),
            Self::Contacts => incident.contacts.as_ref().map(Text::as_str),
            Self::Telephone => incident.telephone.as_ref().map(Text::as_str),
        };
        words.unwrap_or_default()
    }

    /// Returns the part's name.
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
    /// The active deadlines, nearest first, keyed by the entry that set each.
    pub(crate) deadlines: BTreeMap<(Time, Seq), Deadline>,
    /// The entry and device that last changed each part.
    pub(crate) edited: BTreeMap<Part, (Seq, Option<DeviceId>)>,
    /// The incident's stage.
    pub(crate) stage: IncidentStage,
}

impl IncidentState {
    /// Returns the nearest active deadline.
    pub(crate) fn nearest(&self) -> Option<Deadline> {
        self.deadlines.values().next().cloned()
    }
}

/// The incident's plans and events.
pub(crate) struct Incidents;

impl Plans for Incidents {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Open { .. } => Needs::OPERATOR,
            Plan::Change { .. } => Needs::lead(&[Class::Log]),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Open { .. } if room.incident.is_some() => {
                refuse(Code::Already, "this room is open")
            }
            Plan::Open { incident } => Ok(one(Event::Opened { incident: incident.clone() })),
            Plan::Change { change } => {
                boards::tells_nobody(room, change)?;
                edit(room, by, change)
            }
        }
    }
}

/// Changes the incident's details. An edit based on a stale version of a part changed by another device is refused
/// whole, with both versions, because the lead who wrote it is present to compare them (P-107).
fn edit(room: &Room, by: &Context, change: &IncidentChange) -> Decision {
    let Some(state) = &room.incident else { return Ok(Vec::new()) };
    let seen = details::seen(room, by)?;
    let parts = Part::of(change);
    let is_stale = |part: &Part| {
        let last = state.edited.get(part).copied();
        last.is_some_and(|(at, device)| at > seen && device != by.device)
    };
    let stale = parts
        .iter()
        .filter(|(part, words)| is_stale(part) && part.stands(&state.incident) != *words);
    let told: Vec<String> = stale
        .map(|(part, words)| {
            let (word, stands) = (part.word(), part.stands(&state.incident));
            format!("The {word} says \u{201c}{stands}\u{201d}; you wrote \u{201c}{words}\u{201d}.")
        })
        .collect();
    if !told.is_empty() {
        let told = told.join(" ");
        let words = format!(
            "somebody else changed this while you wrote, and nothing of yours was saved. {told} Open the form \
             again and write what holds."
        );
        return refuse(Code::NotNow, words);
    }
    let changed = Event::Changed { change: change.clone() };
    Ok(if parts.is_empty() { Vec::new() } else { one(changed) })
}

impl Fold for Incidents {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        touched.insert(Key::Incident);
        match event {
            Event::Opened { incident } => {
                touched.extend([Key::Census, Key::Team, Key::Gates]);
                room.incident = Some(IncidentState {
                    incident: incident.clone(),
                    opened_at: entry.at,
                    deadlines: BTreeMap::new(),
                    edited: BTreeMap::new(),
                    stage: IncidentStage::Moving,
                });
            }
            Event::Changed { change } => {
                let Some(state) = &mut room.incident else { return };
                for (part, _) in Part::of(change) {
                    state.edited.insert(part, (entry.seq, entry.device));
                }
                let change = change.clone();
                let incident = &mut state.incident;
                incident.title = change.title.unwrap_or_else(|| incident.title.clone());
                incident.order = change.order.or_else(|| incident.order.take());
                incident.contacts = change.contacts.or_else(|| incident.contacts.take());
                incident.telephone = change.telephone.or_else(|| incident.telephone.take());
            }
        }
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        Some(Said::new(match event {
            Event::Opened { .. } => "Room opened.",
            Event::Changed { .. } => "What is said of the incident changed.",
        }))
    }
}

/// Returns the incident's row.
pub(crate) fn row(room: &Room, audience: Audience) -> Option<Row> {
    let state = room.incident.as_ref()?;
    let incident = &state.incident;
    let (title, stage, deadline) = (incident.title.clone(), state.stage, state.nearest());
    let opened_at = state.opened_at;
    Some(match audience {
        Audience::Wall => {
            let title = boards::title(room, &title);
            let deadline = deadline.map(|one| boards::deadline(room, &one));
            Row::WallIncident(WallIncident { title, stage, deadline })
        }
        Audience::Desk => Row::DeskIncident(DeskIncident {
            title,
            stage,
            deadline,
            deadlines: standing(state),
            kind: incident.kind,
            cause: incident.cause,
            service: incident.service,
            timescale: incident.timescale,
            telephone: incident.telephone.clone(),
            order: incident.order.clone(),
            contacts: incident.contacts.clone(),
            withheld: boards::is_incident_withheld(room),
            opened_at,
        }),
        Audience::Phone => {
            let telephone = incident.telephone.clone();
            Row::PhoneIncident(PhoneIncident { title, deadline, telephone })
        }
        Audience::Sitrep => {
            let title = boards::title(room, &title);
            let deadline = deadline.map(|one| boards::deadline(room, &one));
            let order = incident.order.as_ref();
            let order = order.map(|order| boards::order(room, order));
            Row::SitrepIncident(SitrepIncident { title, stage, deadline, order, opened_at })
        }
    })
}

/// Returns the active deadlines, nearest first.
fn standing(state: &IncidentState) -> Vec<StandingDeadline> {
    let deadlines = state.deadlines.iter().map(|((_, entry), deadline)| (*entry, deadline.clone()));
    deadlines.map(|(entry, deadline)| StandingDeadline { entry, deadline }).collect()
}
