//! Rows of a service user.

use proto::{
    gate::BreachState,
    id::PersonId,
    person::{
        Funding, FundingSource, LeadBody,
        row::{DeskPerson, PhonePerson, Times, WallPerson},
    },
    role::Audience,
    row::Row,
    text::{Bedroom, Line, PersonName, Reference, Short},
    transfer::PlaceNow,
};

use super::{Person, likeness};
use crate::{
    noun::{
        gate, side,
        transfer::{ask_roles, asks, items, stage},
        trouble,
    },
    privacy::{boards::bedroom_on_boards, protected},
    room::Room,
};

/// Returns a person's row.
pub(crate) fn row(room: &Room, audience: Audience, id: PersonId) -> Option<Row> {
    let person = room.people.get(&id)?;
    #[cfg(plant = "wall_row_leaks_name")]
    let audience = if audience == Audience::Wall { Audience::Phone } else { audience };
    match audience {
        Audience::Wall => Some(Row::WallPerson(wall(room, person))),
        Audience::Desk => desk(room, person).map(Row::DeskPerson),
        Audience::Phone => phone(room, person).map(Row::PhonePerson),
        Audience::Sitrep => None,
    }
}

/// Returns a person's bedroom as shown. A reference is never drawn equal to a bedroom, but a bedroom added later may
/// equal a reference; it is then labelled, so that two people are not confused (P-97).
fn bedroom(room: &Room, person: &Person) -> Option<Bedroom> {
    let bedroom = person.details.bedroom.clone()?;
    let reads_as = Reference::parse(bedroom.as_str()).ok();
    if reads_as.is_some_and(|reference| room.references.contains(&reference)) {
        return Bedroom::parse(&format!("BEDROOM {}", bedroom.as_str())).ok();
    }
    Some(bedroom)
}

/// Returns a person as the wall shows them: by reference and bedroom.
fn wall(room: &Room, person: &Person) -> WallPerson {
    WallPerson {
        reference: person.reference.clone(),
        bedroom: bedroom_on_boards(person).and_then(|_| bedroom(room, person)),
        stage: stage(person),
        place: person.place,
        rating: person.rating.as_ref().map(|(rating, _)| *rating),
        marks: person.details.marks.unwrap_or_default(),
        similar: likeness::is_similar(room, person),
        asks: asks(room, person),
        ask_roles: ask_roles(person),
        to_confirm: arrival_open(person),
        times: times(person),
        destination: protected::destination(person),
    }
}

/// Returns a person as the desk shows them.
pub(crate) fn desk(room: &Room, person: &Person) -> Option<DeskPerson> {
    let details = &person.details;
    let funding = details.funding.clone().unwrap_or_default();
    let words = |words: &Line| protected::row_text(room, Some(person.id), words.as_str());
    let label = |words: &Short| protected::row_label(room, Some(person.id), words);
    Some(DeskPerson {
        person: person.id,
        reference: person.reference.clone(),
        name: name(person)?,
        known_as: details.known_as.clone(),
        date_of_birth: details.date_of_birth.clone(),
        bedroom: bedroom(room, person),
        stage: stage(person),
        place: person.place,
        place_words: person.place_words.as_ref().map(words),
        rating: person.rating.as_ref().map(|(rating, _)| *rating),
        rating_reason: person.rating.as_ref().map(|(_, reason)| words(reason)),
        marks: details.marks.unwrap_or_default(),
        similar: likeness::is_similar(room, person),
        protected: person.is_protected(),
        questions: person.questions.clone(),
        items: items(room, person),
        worker: person.worker.map(|(worker, _)| worker),
        destination: protected::destination(person),
        journey: protected::journey(room, person),
        times: times(person),
        to_confirm: arrival_open(person),
        mobility: details.mobility,
        care: details.care,
        funding_disagrees: funding.disagrees(),
        lead_body: lead_body(&funding),
        keep_together: details.keep_together.as_ref().and_then(label),
        handle_safely: details.handle_safely.as_ref().map(words),
        side_plans: side::rows(room, person),
        passes: gate::passes(room, person),
        breaches: person.breaches.clone(),
        troubles: trouble::rows(room, person),
        family_told_of_death: person.family_told,
        card: person.card,
    })
}

/// Returns a person as phones show them.
fn phone(room: &Room, person: &Person) -> Option<PhonePerson> {
    let details = &person.details;
    let open = person.breaches.iter().filter(|breach| breach.state == BreachState::Open);
    let words = |words: &Line| protected::row_text(room, Some(person.id), words.as_str());
    let label = |words: &Short| protected::row_label(room, Some(person.id), words);
    Some(PhonePerson {
        person: person.id,
        reference: person.reference.clone(),
        name: name(person)?,
        known_as: details.known_as.clone(),
        date_of_birth: details.date_of_birth.clone(),
        bedroom: bedroom(room, person),
        stage: stage(person),
        place: person.place,
        rating: person.rating.as_ref().map(|(rating, _)| *rating),
        marks: details.marks.unwrap_or_default(),
        similar: likeness::is_similar(room, person),
        protected: person.is_protected(),
        items: items(room, person),
        worker: person.worker.map(|(worker, _)| worker),
        destination: protected::destination(person),
        journey: protected::journey(room, person),
        times: times(person),
        to_confirm: arrival_open(person),
        handle_safely: details.handle_safely.as_ref().map(words),
        keep_together: details.keep_together.as_ref().and_then(label),
        not_met: open.map(|breach| breach.gate).collect(),
        troubles: trouble::rows(room, person),
    })
}

/// Returns the name; every registered person has one.
fn name(person: &Person) -> Option<PersonName> {
    person.details.name.clone()
}

/// Returns whether a person has arrived and the arrival is unconfirmed (G24).
fn arrival_open(person: &Person) -> bool {
    person.place == PlaceNow::Arrived && person.arrival.is_none()
}

/// Returns the times a screen counts from. A planned departure without a place is omitted.
fn times(person: &Person) -> Times {
    let journey = person.journey.as_ref().map(|(journey, _)| journey);
    Times {
        leaves_at: journey
            .filter(|_| person.destination.is_some())
            .and_then(|journey| journey.leaves_at),
        arrives_at: journey.and_then(|journey| journey.arrives_at),
        left_at: person.left_at,
        arrived_at: person.arrived_at,
        since: Some(person.since).filter(|since| since.0 != i64::MIN),
    }
}

/// Returns the body that leads the move (rule R1, PROCEDURE 3.4). A tie or a disagreement is left to people.
pub(crate) fn lead_body(funding: &Funding) -> LeadBody {
    let Some(source) = funding.source() else { return LeadBody::Undecided };
    match source {
        FundingSource::ThisCouncil | FundingSource::SelfFunded | FundingSource::PersonalBudget => {
            LeadBody::Council
        }
        FundingSource::NhsChc => LeadBody::Nhs,
        FundingSource::OtherNhs => LeadBody::NhsForOther,
        FundingSource::OtherCouncil => LeadBody::OtherCouncilToAgree,
        FundingSource::Joint => match funding.council_share {
            Some(share) if share > 50 => LeadBody::Council,
            Some(share) if share < 50 => LeadBody::Nhs,
            Some(_) | None => LeadBody::Undecided,
        },
    }
}
