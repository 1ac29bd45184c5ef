//! Movements: each fact about where somebody is, as a line of its own, told from an entry while the room
//! is folded.

use proto::{
    arrival,
    entry::Entry,
    export::{Movement, Reader},
    gate::Gate,
    id::{HomeId, PersonId},
    identity::Moment,
    nouns::Event,
    person::LeadBody,
    site::SiteKind,
    text::{Line, Short},
    transfer::PlaceNow,
    trouble::{self, Trouble},
    whereabouts::{self as whereabouts_of, FoundAt},
};

use crate::{
    noun::{
        member,
        person::{Person, row::lead_body},
        whereabouts,
    },
    room::Room,
};

/// Where somebody is said to be, before it is put in words.
struct Seen<'a> {
    state: &'static str,
    place: PlaceNow,
    home: Option<HomeId>,
    words: Option<&'a str>,
    vehicle: Option<&'a Short>,
    via: Option<&'a Line>,
}

impl<'a> Seen<'a> {
    const fn at(state: &'static str, place: PlaceNow) -> Self {
        Self { state, place, home: None, words: None, vehicle: None, via: None }
    }

    /// Returns what an event says about where somebody is, and who that is; nothing for plans.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other nouns move nobody")]
    fn of(event: &'a Event) -> Option<(PersonId, Self)> {
        match event {
            Event::Whereabouts(event) => {
                Self::of_whereabouts(event).map(|seen| (whereabouts::about(event), seen))
            }
            Event::Arrival(arrival::Event::Confirmed { person, on_word_of, .. }) => {
                let seen = Self::at("arrival confirmed", PlaceNow::Arrived);
                Some((*person, Self { via: on_word_of.as_ref(), ..seen }))
            }
            Event::Trouble(trouble::Event::Reported { person, trouble, words })
                if *trouble == Trouble::NotFound =>
            {
                let seen = Self::at("not found", PlaceNow::BeingConfirmed);
                Some((*person, Self { words: words.as_ref().map(Line::as_str), ..seen }))
            }
            _ => None,
        }
    }

    fn of_whereabouts(event: &'a whereabouts_of::Event) -> Option<Self> {
        use whereabouts_of::Event as E;
        Some(match event {
            E::Departed { home, vehicle, .. } => Self {
                home: *home,
                vehicle: vehicle.as_ref(),
                ..Self::at("left", PlaceNow::OnTheWay)
            },
            E::Arrived { home, .. } => {
                Self { home: *home, ..Self::at("arrived", PlaceNow::Arrived) }
            }
            E::Returned { .. } => Self::at("came back", PlaceNow::AtTheHome),
            E::TakenToHospital { hospital, .. } => Self {
                words: hospital.as_ref().map(Short::as_str),
                ..Self::at("taken to hospital", PlaceNow::InHospital)
            },
            E::GoneWithFamily { with, .. } => Self {
                words: with.as_ref().map(Short::as_str),
                ..Self::at("gone with family", PlaceNow::WithFamily)
            },
            E::Died { .. } => Self::at("died", PlaceNow::Died),
            E::FamilyTold { .. } => return None,
            E::Found { at, words, .. } => {
                let (place, home) = found(at);
                let words = words.as_ref().map(Line::as_str);
                Self { home, words, ..Self::at("found", place) }
            }
        })
    }
}

impl Room {
    /// Applies an entry and returns the movements that it records, as this reader may take them away.
    pub fn apply_moving(&mut self, entry: &Entry, reader: Reader) -> Vec<Movement> {
        let moving: Vec<(Seen<'_>, PersonId, String)> = entry
            .events
            .iter()
            .filter_map(|event| {
                let (about, seen) = Seen::of(event)?;
                let person = self.person(about)?;
                Some((seen, person.id, self.stands_at(person)))
            })
            .collect();
        self.apply(entry);
        moving
            .into_iter()
            .filter_map(|(seen, person, from)| self.movement(entry, &seen, person, from, reader))
            .collect()
    }

    /// Returns the line of one fact, on the state that its entry left.
    fn movement(
        &self,
        entry: &Entry,
        seen: &Seen<'_>,
        person: PersonId,
        from: String,
        reader: Reader,
    ) -> Option<Movement> {
        let person = self.person(person)?;
        let journey = person.journey.as_ref().map(|(journey, _)| journey);
        let booked = journey.and_then(|journey| journey.vehicle.clone());
        let worker = person.worker.and_then(|(worker, _)| self.members.get(&worker));
        let checked = |moment: Moment| person.checks.get(&moment).map(|done| done.at);
        let is_identified = self.takes(reader).is_some_and(|sees| sees.identity);
        let (gates, reasons) = gates(person, entry);
        Some(Movement {
            entry: entry.seq,
            at: entry.happened(),
            recorded: entry.at,
            person: person.id,
            reference: person.reference.clone(),
            nhs_number: person.details.nhs_number.clone().filter(|_| is_identified),
            from,
            to: self.place_words(person, seen.place, seen.home, seen.words),
            state: seen.state,
            vehicle: seen.vehicle.cloned().or(booked),
            crew: journey.and_then(|journey| journey.crew.clone()),
            expected: journey.and_then(|journey| journey.arrives_at),
            checked: checked(Moment::Ready),
            checked_at_door: checked(Moment::Door),
            by: member::actor(self, entry.actor),
            via: seen.via.cloned(),
            worker: worker.map(|member| member.profile.name.clone()),
            lead_body: leads(lead_body(&person.details.funding.clone().unwrap_or_default())),
            gates,
            reasons,
        })
    }

    /// Returns where somebody is by the facts so far.
    fn stands_at(&self, person: &Person) -> String {
        let words = person.place_words.as_ref().map(Line::as_str);
        self.place_words(person, person.place, None, words)
    }

    /// Returns a place in words: the home's name where there is one.
    fn place_words(
        &self,
        person: &Person,
        place: PlaceNow,
        home: Option<HomeId>,
        words: Option<&str>,
    ) -> String {
        let named = || home.or(person.goes_to()).and_then(|home| self.homes.get(&home));
        let named = || named().map_or("a home to confirm", |home| home.name.as_str()).to_owned();
        let with = |kind: &str| words.map_or_else(|| kind.to_owned(), |w| format!("{kind}: {w}"));
        match place {
            PlaceNow::AtTheHome => self.own_home(),
            PlaceNow::OnTheWay => format!("on the way to {}", named()),
            PlaceNow::Arrived => named(),
            PlaceNow::InHospital => with("hospital"),
            PlaceNow::WithFamily => with("family"),
            PlaceNow::BeingConfirmed => with("being confirmed"),
            PlaceNow::Died => "died".to_owned(),
        }
    }

    /// Returns the name of the failing home.
    fn own_home(&self) -> String {
        let site = self.sites.values().find(|site| site.kind == SiteKind::Home);
        let title = self.incident.as_ref().map(|state| &state.incident.title);
        site.map(|site| &site.name).or(title).map_or("the home", Short::as_str).to_owned()
    }
}

/// Returns the gates passed for somebody and those that this fact went past, and the reasons of the passes.
fn gates(person: &Person, entry: &Entry) -> (String, String) {
    let code = |gate: Gate| format!("{gate:?}");
    let passed = person.passes.values();
    let reasons =
        passed.clone().map(|pass| format!("{}: {}", code(pass.gate), pass.reason.as_str()));
    let reasons = reasons.collect::<Vec<_>>().join("; ");
    let past = person.breaches.iter().filter(|breach| breach.fact == entry.seq);
    let past = past.map(|breach| format!("{} not met", code(breach.gate)));
    let gates = passed.map(|pass| code(pass.gate)).chain(past).collect::<Vec<_>>().join("; ");
    (gates, reasons)
}

/// Returns who leads a move, in words.
fn leads(body: LeadBody) -> String {
    match body {
        LeadBody::Council => "council",
        LeadBody::Nhs => "NHS",
        LeadBody::NhsForOther => "NHS for another NHS body",
        LeadBody::OtherCouncilToAgree => "another council, to agree",
        LeadBody::Undecided => "undecided",
    }
    .to_owned()
}

/// Returns the place where somebody was found, and the home if it is one.
const fn found(at: &FoundAt) -> (PlaceNow, Option<HomeId>) {
    match at {
        FoundAt::AtTheHome => (PlaceNow::AtTheHome, None),
        FoundAt::OnTheWay => (PlaceNow::OnTheWay, None),
        FoundAt::Arrived { home } => (PlaceNow::Arrived, Some(*home)),
        FoundAt::InHospital => (PlaceNow::InHospital, None),
        FoundAt::WithFamily => (PlaceNow::WithFamily, None),
        FoundAt::Died => (PlaceNow::Died, None),
    }
}
