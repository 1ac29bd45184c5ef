//! The census: people by current place and by stage. A person's share is removed before a change and added back after
//! it, so both sums equal the register at every entry.

use std::collections::BTreeMap;

use proto::{
    census::{CensusRow, PaceRow, PlaceCount, PlannedRow, RegisterChange, StageCount},
    gate::{BreachCount, BreachState, Gate, GatesRow, PassCount},
    id::Time,
    key::Key,
    rating::Rating,
    role::{Audience, Role},
    transfer::{PlaceNow, Stage},
};

use super::{person::Person, transfer::stage};
use crate::room::{Room, Touched};

/// Fifteen minutes in milliseconds.
const QUARTER_MS: i64 = 15 * 60_000;

/// One person's contribution to the counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) place: PlaceNow,
    stage: Stage,
    held_death: bool,
    /// They have left the home.
    pub(crate) has_left: bool,
    confirmed: bool,
    without_place: bool,
    at_risk: bool,
    open_troubles: u32,
    /// Each breach: its gate, the accountable role, and whether it is unreviewed.
    pub(crate) breaches: Vec<(Gate, Role, bool)>,
    pub(crate) passes: Vec<Gate>,
    /// The quarter hour of the booked departure.
    pub(crate) planned: Option<Time>,
}

impl Share {
    /// Returns this person's share.
    pub(crate) fn of(person: &Person) -> Self {
        let breaches = person.breaches.iter();
        let leaves_at = person.journey.as_ref().and_then(|(journey, _)| journey.leaves_at);
        Self {
            place: person.place,
            stage: stage(person),
            held_death: person.death_is_held(),
            has_left: person.has_left,
            confirmed: person.arrival.is_some() && person.place == PlaceNow::Arrived,
            without_place: person.place == PlaceNow::AtTheHome && person.destination.is_none(),
            at_risk: person.rating.as_ref().is_some_and(|(rating, _)| *rating == Rating::AtRisk),
            open_troubles: count(person.troubles.len()),
            breaches: breaches
                .map(|breach| (breach.gate, breach.owner, breach.state == BreachState::Open))
                .collect(),
            passes: person.passes.keys().copied().collect(),
            planned: leaves_at.filter(|_| person.destination.is_some()).map(quarter),
        }
    }
}

/// Returns the start of the quarter hour that contains a time.
fn quarter(at: Time) -> Time {
    Time(at.0 - at.0.rem_euclid(QUARTER_MS))
}

/// Decrements a key's count and removes the key at zero.
fn one_less<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K) {
    let left = counts.get(&key).copied().unwrap_or_default().saturating_sub(1);
    if left == 0 {
        counts.remove(&key);
    } else {
        counts.insert(key, left);
    }
}

/// Converts a length to a count.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The change to the census.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// A person was added to the register.
    Registered,
    /// Two rows were merged into one person.
    Merged,
    /// A person moved from one place to another.
    Between {
        /// The previous place.
        from: PlaceNow,
        /// The current place.
        to: PlaceNow,
        /// This shows that they left the home.
        left: bool,
    },
}

/// The counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Census {
    register: u32,
    places: BTreeMap<PlaceNow, u32>,
    stages: BTreeMap<Stage, u32>,
    held_deaths: u32,
    confirmed: u32,
    without_place: u32,
    at_risk: u32,
    open_troubles: u32,
    breaches: BTreeMap<(Gate, Role, bool), u32>,
    passes: BTreeMap<Gate, u32>,
    merged: Option<RegisterChange>,
    pub(crate) planned: BTreeMap<Time, u32>,
    pub(crate) pace: BTreeMap<Time, PaceRow>,
}

impl Census {
    /// Adds a person's share.
    pub(crate) fn put(&mut self, share: &Share) {
        self.register += 1;
        *self.places.entry(share.place).or_default() += 1;
        *self.stages.entry(share.stage).or_default() += 1;
        self.held_deaths += u32::from(share.held_death);
        self.confirmed += u32::from(share.confirmed);
        self.without_place += u32::from(share.without_place);
        self.at_risk += u32::from(share.at_risk);
        self.open_troubles += share.open_troubles;
        for breach in &share.breaches {
            *self.breaches.entry(*breach).or_default() += 1;
        }
        for gate in &share.passes {
            *self.passes.entry(*gate).or_default() += 1;
        }
        if let Some(quarter) = share.planned {
            *self.planned.entry(quarter).or_default() += 1;
        }
    }

    /// Removes a person's share.
    pub(crate) fn take(&mut self, share: &Share) {
        self.register = self.register.saturating_sub(1);
        let less = |count: &mut u32| *count = count.saturating_sub(1);
        less(self.places.entry(share.place).or_default());
        less(self.stages.entry(share.stage).or_default());
        self.held_deaths -= u32::from(share.held_death);
        self.confirmed -= u32::from(share.confirmed);
        self.without_place -= u32::from(share.without_place);
        self.at_risk -= u32::from(share.at_risk);
        self.open_troubles = self.open_troubles.saturating_sub(share.open_troubles);
        for breach in &share.breaches {
            one_less(&mut self.breaches, *breach);
        }
        for gate in &share.passes {
            one_less(&mut self.passes, *gate);
        }
        if let Some(quarter) = share.planned {
            one_less(&mut self.planned, quarter);
        }
    }

    /// Returns the number of people in one place.
    pub(crate) fn at(&self, place: PlaceNow) -> u32 {
        self.places.get(&place).copied().unwrap_or_default()
    }

    /// Records that a merge made two people one.
    pub(crate) fn note_merge(&mut self, at: Time) {
        let to = self.register;
        self.merged = Some(RegisterChange { from: to.saturating_add(1), to, at });
    }

    /// Updates the pace: departures, arrivals and people remaining in the quarter hour of `at`. Returns the start of
    /// the quarter hour.
    pub(crate) fn keep_pace(&mut self, at: Time, moved: Moved) -> Time {
        let from = quarter(at);
        let at_the_home = self.at(PlaceNow::AtTheHome);
        let register = self.register;
        let (left, arrived, registered, merged) = (0, 0, 0, 0);
        let fresh = PaceRow { from, left, arrived, at_the_home, register, registered, merged };
        let row = self.pace.entry(from).or_insert(fresh);
        row.at_the_home = at_the_home;
        row.register = register;
        match moved {
            Moved::Registered => row.registered += 1,
            Moved::Merged => row.merged += 1,
            Moved::Between { from, to, left } => {
                row.left += u32::from(left);
                row.arrived += u32::from(from != to && to == PlaceNow::Arrived);
            }
        }
        from
    }

    /// Returns the census for an audience. Directors learn of a death after the family does (R51): until then the
    /// person counts under "being confirmed", and both sums hold.
    pub(crate) fn row(&self, audience: Audience) -> CensusRow {
        let held = if audience == Audience::Sitrep { self.held_deaths } else { 0 };
        let place = |place: PlaceNow| {
            let people = self.at(place);
            let people = match place {
                PlaceNow::Died => people.saturating_sub(held),
                PlaceNow::BeingConfirmed => people + held,
                PlaceNow::AtTheHome
                | PlaceNow::OnTheWay
                | PlaceNow::Arrived
                | PlaceNow::InHospital
                | PlaceNow::WithFamily => people,
            };
            PlaceCount { place, people }
        };
        let stage = |stage: Stage| {
            let people = self.stages.get(&stage).copied().unwrap_or_default();
            let people = if stage == Stage::Died {
                people.saturating_sub(held)
            } else if stage == Stage::BeingConfirmed {
                people + held
            } else {
                people
            };
            StageCount { stage, people }
        };
        CensusRow {
            register: self.register,
            places: PlaceNow::ALL.into_iter().map(place).collect(),
            stages: Stage::ALL.into_iter().map(stage).collect(),
            merged: self.merged,
            confirmed: self.confirmed,
            without_place: self.without_place,
            at_risk: self.at_risk,
            open_breaches: self.breaches_that(true).sum(),
            passes: self.passes.values().sum(),
            open_troubles: self.open_troubles,
        }
    }

    /// Returns the counts of open or of reviewed breaches.
    fn breaches_that(&self, are_open: bool) -> impl Iterator<Item = u32> {
        self.breaches.iter().filter(move |((_, _, open), _)| *open == are_open).map(|(_, n)| *n)
    }

    /// Returns breaches and passes by gate.
    pub(crate) fn gates(&self) -> GatesRow {
        let count = |gate, owner, open| self.breaches.get(&(gate, owner, open)).copied();
        let mut kinds: Vec<(Gate, Role)> =
            self.breaches.keys().map(|(gate, owner, _)| (*gate, *owner)).collect();
        kinds.dedup();
        let breach = |(gate, owner)| {
            let open = count(gate, owner, true).unwrap_or_default();
            let reviewed = count(gate, owner, false).unwrap_or_default();
            BreachCount { gate, owner, open, reviewed }
        };
        let pass = |(gate, passes): (&Gate, &u32)| PassCount { gate: *gate, passes: *passes };
        GatesRow {
            breaches: kinds.into_iter().map(breach).collect(),
            passes: self.passes.iter().map(pass).collect(),
        }
    }

    /// Returns the departures booked for a quarter hour.
    pub(crate) fn planned(&self, from: Time) -> Option<PlannedRow> {
        self.planned.get(&from).map(|people| PlannedRow { from, people: *people })
    }
}

/// Returns the keys of the quarter hours.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.census.pace.keys().copied().map(Key::Pace));
    keys.extend(room.census.planned.keys().copied().map(Key::Planned));
}
