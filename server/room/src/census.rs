//! The census: people by place now and by stage. Kept by taking a person out before a change and putting
//! them back after it, so that both sums are the register at every entry.

use std::collections::BTreeMap;

use proto::{
    id::Time,
    person::Rating,
    role::Audience,
    row::census::{CensusRow, PaceRow, PlaceCount, RegisterChange, StageCount},
    transfer::{BreachState, PlaceNow, Stage},
};

use crate::{person::Person, stage::stage};

/// Milliseconds in a quarter of an hour.
const QUARTER_MS: i64 = 15 * 60_000;

/// What one person adds to the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) place: PlaceNow,
    stage: Stage,
    held_death: bool,
    confirmed: bool,
    without_place: bool,
    at_risk: bool,
    open_breaches: u32,
    passes: u32,
}

impl Share {
    /// Returns what this person adds.
    pub(crate) fn of(person: &Person) -> Self {
        let open = person.breaches.iter().filter(|breach| breach.state == BreachState::Open);
        Self {
            place: person.place,
            stage: stage(person),
            held_death: person.death_is_held(),
            confirmed: person.arrival.is_some() && person.place == PlaceNow::Arrived,
            without_place: person.place == PlaceNow::AtTheHome && person.destination.is_none(),
            at_risk: person.rating.as_ref().is_some_and(|(rating, _)| *rating == Rating::AtRisk),
            open_breaches: count(open.count()),
            passes: count(person.passes.len()),
        }
    }
}

/// Returns a length as the counts hold it.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
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
    open_breaches: u32,
    passes: u32,
    merged: Option<RegisterChange>,
    pub(crate) pace: BTreeMap<Time, PaceRow>,
}

impl Census {
    /// Puts a person's share in.
    pub(crate) fn put(&mut self, share: &Share) {
        self.register += 1;
        *self.places.entry(share.place).or_default() += 1;
        *self.stages.entry(share.stage).or_default() += 1;
        self.held_deaths += u32::from(share.held_death);
        self.confirmed += u32::from(share.confirmed);
        self.without_place += u32::from(share.without_place);
        self.at_risk += u32::from(share.at_risk);
        self.open_breaches += share.open_breaches;
        self.passes += share.passes;
    }

    /// Takes a person's share out.
    pub(crate) fn take(&mut self, share: &Share) {
        self.register = self.register.saturating_sub(1);
        let less = |count: &mut u32| *count = count.saturating_sub(1);
        less(self.places.entry(share.place).or_default());
        less(self.stages.entry(share.stage).or_default());
        self.held_deaths -= u32::from(share.held_death);
        self.confirmed -= u32::from(share.confirmed);
        self.without_place -= u32::from(share.without_place);
        self.at_risk -= u32::from(share.at_risk);
        self.open_breaches = self.open_breaches.saturating_sub(share.open_breaches);
        self.passes = self.passes.saturating_sub(share.passes);
    }

    /// Returns the people in one place.
    pub(crate) fn at(&self, place: PlaceNow) -> u32 {
        self.places.get(&place).copied().unwrap_or_default()
    }

    /// Notes that a merge made two people one.
    pub(crate) fn note_merge(&mut self, at: Time) {
        let to = self.register;
        self.merged = Some(RegisterChange { from: to.saturating_add(1), to, at });
    }

    /// Keeps the pace: who left and who arrived in the quarter hour of `at`, and how many are left.
    /// Returns the quarter's beginning.
    pub(crate) fn keep_pace(
        &mut self,
        at: Time,
        before: Option<PlaceNow>,
        after: PlaceNow,
    ) -> Time {
        let from = Time(at.0 - at.0.rem_euclid(QUARTER_MS));
        let at_the_home = self.at(PlaceNow::AtTheHome);
        let register = self.register;
        let fresh = PaceRow { from, left: 0, arrived: 0, at_the_home, register };
        let row = self.pace.entry(from).or_insert(fresh);
        row.at_the_home = at_the_home;
        row.register = register;
        if before == Some(PlaceNow::AtTheHome) && after != PlaceNow::AtTheHome {
            row.left += 1;
        }
        if before.is_some_and(|place| place != PlaceNow::Arrived) && after == PlaceNow::Arrived {
            row.arrived += 1;
        }
        from
    }

    /// Returns the census for an audience. Directors learn of a death when the family has (R51): until
    /// then the person counts under "being confirmed", and both sums hold.
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
            open_breaches: self.open_breaches,
            passes: self.passes,
        }
    }
}
