//! Movements: each fact about whereabouts as a line of its own, produced from entries during the fold.

use proto::{
    class::Class,
    entry::Entry,
    export::{Movement, Reader},
    gate::Gate,
    id::{HomeId, PersonId},
    identity::Moment,
    person::LeadBody,
    site::SiteKind,
    text::{Line, Short},
    transfer::PlaceNow,
};

use crate::{
    noun::{
        Seen, member,
        person::{Person, row::lead_body},
    },
    nouns,
    room::Room,
};

impl Room {
    /// Applies an entry and returns the movements it records, as this reader may export them.
    pub fn apply_moving(&mut self, entry: &Entry, reader: Reader) -> Vec<Movement> {
        let moving: Vec<(Seen<'_>, PersonId, String)> = entry
            .events
            .iter()
            .filter_map(|event| {
                let (about, seen) = nouns::seen(event)?;
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

    /// Returns the line of one fact, on the state after its entry.
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
        let is_identified = self.takes(reader).is_some_and(|sees| sees.has(Class::Ident));
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

    /// Returns a person's whereabouts by the facts so far.
    fn stands_at(&self, person: &Person) -> String {
        let words = person.place_words.as_ref().map(Line::as_str);
        self.place_words(person, person.place, None, words)
    }

    /// Describes a place, by the home's name if there is one.
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

/// Returns the person's passed gates and the gates this fact breached, with the reasons of the passes.
fn gates(person: &Person, entry: &Entry) -> (String, String) {
    let code = |gate: Gate| format!("{gate:?}");
    let passed = person.passes.iter();
    let reasons =
        passed.clone().map(|(gate, pass)| format!("{}: {}", code(*gate), pass.reason.as_str()));
    let reasons = reasons.collect::<Vec<_>>().join("; ");
    let past = person.breaches.iter().filter(|breach| breach.fact == entry.seq);
    let past = past.map(|breach| format!("{} not met", code(breach.gate)));
    let gates = passed.map(|(gate, _)| code(*gate)).chain(past).collect::<Vec<_>>().join("; ");
    (gates, reasons)
}

/// Describes the body that leads a move.
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
