//! The transfer: its track items and the stage, which is always computed (PROCEDURE 4.1.2).

use proto::{
    person::row::Ask,
    role::Role,
    side::SideKind,
    transfer::{Item, ItemState, PlaceNow, Stage, TrackItem},
};

use super::{
    person::{Done, Person},
    trouble,
};
use crate::{gates, room::Room};

/// Returns the first matching stage of the table. A side plan is the stage only while the person is at the home, so
/// that a departed person never appears present.
pub(crate) fn stage(person: &Person) -> Stage {
    match person.place {
        PlaceNow::InHospital => Stage::InHospital,
        PlaceNow::WithFamily => Stage::WithFamily,
        PlaceNow::BeingConfirmed => Stage::BeingConfirmed,
        PlaceNow::Died => Stage::Died,
        PlaceNow::Arrived => Stage::Arrived,
        PlaceNow::OnTheWay => Stage::OnTheWay,
        PlaceNow::AtTheHome => at_the_home(person),
    }
}

/// Returns the stage of a person at the home.
fn at_the_home(person: &Person) -> Stage {
    let beside = person.sides.keys().next().map(|side| match side {
        SideKind::Exceptional => Stage::Exceptional,
        SideKind::OnHold => Stage::OnHold,
        SideKind::Dispute => Stage::Dispute,
    });
    let along = match person {
        Person { ready: Some(_), .. } => Stage::ReadyToGo,
        Person { destination: Some(_), .. } => Stage::PlaceHeld,
        Person { assessed: Some(_), .. } => Stage::FindingAPlace,
        Person { assessed: None, .. } => Stage::ToAssess,
    };
    beside.unwrap_or(along)
}

/// Returns the state of each track item.
pub(crate) fn items(room: &Room, person: &Person) -> Vec<TrackItem> {
    Item::ALL.into_iter().map(|item| track_item(room, person, item)).collect()
}

/// Returns the state of one item: done, else passed by its gate, else open.
fn track_item(room: &Room, person: &Person, item: Item) -> TrackItem {
    if let Some(done) = done(room, person, item) {
        return TrackItem { item, state: ItemState::Done, at: Some(done.at), by: done.by };
    }
    let passed = gates::of(item).and_then(|gate| person.passes.get(&gate));
    match passed {
        Some(pass) => {
            TrackItem { item, state: ItemState::Passed, at: Some(pass.at), by: Some(pass.by) }
        }
        None => TrackItem { item, state: ItemState::Open, at: None, by: None },
    }
}

/// Returns when and by whom an item was done.
fn done(room: &Room, person: &Person, item: Item) -> Option<Done> {
    match item {
        Item::Needs => person.assessed,
        Item::Place => person.destination.map(|(_, done)| done),
        Item::OnTheList
        | Item::NamedWorker
        | Item::Identity
        | Item::Journey
        | Item::Door
        | Item::Arrival => gates::item(room, person, item),
    }
}

/// Returns the open items that a later stage has overtaken.
pub(crate) fn asks(room: &Room, person: &Person) -> Vec<Ask> {
    let stage = stage(person);
    let open = |item: Item| track_item(room, person, item).state == ItemState::Open;
    let past = |line: Stage| stage > line && stage <= Stage::ReadyToGo;
    let mut asks = Vec::new();
    if past(Stage::FindingAPlace) && open(Item::Needs) {
        asks.push(Ask::Assess);
    }
    if past(Stage::PlaceHeld) && person.destination.is_none() {
        asks.push(Ask::Bed);
    }
    if past(Stage::FindingAPlace) && (open(Item::OnTheList) || open(Item::NamedWorker)) {
        asks.push(Ask::Papers);
    }
    if past(Stage::PlaceHeld) && open(Item::Journey) {
        asks.push(Ask::Transport);
    }
    if !person.troubles.is_empty() || person.to_confirm {
        asks.push(Ask::Role);
    }
    asks
}

/// Returns the accountable roles behind `Ask::Role`, each once, in role order.
pub(crate) fn ask_roles(person: &Person) -> Vec<Role> {
    let mut roles: Vec<Role> =
        person.troubles.iter().map(|open| trouble::answers_for(open.trouble)).collect();
    if person.to_confirm {
        roles.push(Role::Placements);
    }
    roles.sort_unstable();
    roles.dedup();
    roles
}
