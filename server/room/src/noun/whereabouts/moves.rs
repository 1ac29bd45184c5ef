//! How a fact changes a person's whereabouts (PROCEDURE 4.1.2, 4.1.3). While they are being confirmed, only a report
//! of where the person was found resolves them.

use proto::{
    id::{HomeId, Time},
    identity::Moment,
    text::Line,
    transfer::PlaceNow,
    trouble::Trouble,
    whereabouts::FoundAt,
};

use crate::noun::person::Person;

/// Moves the person to a place, unless a later fact holds or their whereabouts are being confirmed. A contradiction
/// puts them under "being confirmed". Returns whether they moved.
pub(super) fn moves(person: &mut Person, to: PlaceNow, at: Time, words: Option<Line>) -> bool {
    if person.predates(at) || person.place == PlaceNow::BeingConfirmed {
        return false;
    }
    if person.place == PlaceNow::Died {
        settle(person, PlaceNow::BeingConfirmed, at, None);
        return false;
    }
    settle(person, to, at, words);
    true
}

/// Sets the person's place.
pub(super) fn settle(person: &mut Person, to: PlaceNow, at: Time, words: Option<Line>) {
    match to {
        PlaceNow::AtTheHome => person.has_left = false,
        PlaceNow::OnTheWay | PlaceNow::Arrived | PlaceNow::InHospital | PlaceNow::WithFamily => {
            person.has_left = true;
            if person.place == PlaceNow::AtTheHome || person.left_at.is_none() {
                person.left_at = Some(at);
            }
        }
        PlaceNow::BeingConfirmed | PlaceNow::Died => {}
    }
    person.place = to;
    person.since = at;
    person.place_words = words;
}

/// Records a departure from the home. A repeated departure is one journey; a departure after an arrival is a
/// contradiction.
pub(super) fn departed(person: &mut Person, at: Time, home: Option<HomeId>) {
    let accepted = person.destination.map(|(home, _)| home);
    let differs = home.is_some() && home != accepted;
    match person.place {
        PlaceNow::OnTheWay => {
            let other = home.is_some() && home != person.goes_to();
            person.to_confirm |= other;
            person.claimed = home.filter(|_| differs).or(person.claimed);
        }
        PlaceNow::Arrived if !person.predates(at) => {
            settle(person, PlaceNow::BeingConfirmed, at, None);
            person.to_confirm = true;
        }
        PlaceNow::AtTheHome
        | PlaceNow::Arrived
        | PlaceNow::InHospital
        | PlaceNow::WithFamily
        | PlaceNow::BeingConfirmed
        | PlaceNow::Died => {
            if moves(person, PlaceNow::OnTheWay, at, None) {
                person.claimed = home.filter(|_| differs);
                person.to_confirm = differs || accepted.is_none();
            } else if person.left_at.is_none() {
                person.left_at = Some(at);
            }
        }
    }
}

/// Records an arrival. An arrival at a different home is a contradiction; meanwhile the person is counted once.
pub(super) fn arrived(person: &mut Person, at: Time, home: Option<HomeId>) {
    let expected = person.goes_to();
    let elsewhere = home.is_some() && home != expected;
    if person.place == PlaceNow::Arrived {
        if elsewhere {
            settle(person, PlaceNow::BeingConfirmed, at, None);
            person.to_confirm = true;
        }
        return;
    }
    if moves(person, PlaceNow::Arrived, at, None) {
        person.arrived_at = Some(at);
        person.arrival = None;
        let accepted = person.destination.map(|(home, _)| home);
        person.claimed = home.or(person.claimed).filter(|home| Some(*home) != accepted);
        person.to_confirm = elsewhere || person.goes_to().is_none();
    }
}

/// Records a return to the home.
pub(super) fn returned(person: &mut Person, at: Time) {
    if moves(person, PlaceNow::AtTheHome, at, None) {
        start_over(person);
    }
}

/// Resets the transfer: another departure requires its gates again.
fn start_over(person: &mut Person) {
    person.checks.remove(&Moment::Door);
    person.checks.remove(&Moment::Ready);
    (person.ready, person.cleared, person.arrival) = (None, None, None);
    (person.left_at, person.arrived_at, person.claimed) = (None, None, None);
    person.to_confirm = false;
}

/// Records where the person was found, which resolves their whereabouts.
pub(super) fn found_at(person: &mut Person, at: Time, found: &FoundAt, words: Option<Line>) {
    let to = match found {
        FoundAt::AtTheHome => PlaceNow::AtTheHome,
        FoundAt::OnTheWay => PlaceNow::OnTheWay,
        FoundAt::Arrived { .. } => PlaceNow::Arrived,
        FoundAt::InHospital => PlaceNow::InHospital,
        FoundAt::WithFamily => PlaceNow::WithFamily,
        FoundAt::Died => PlaceNow::Died,
    };
    settle(person, to, at, words);
    person.to_confirm = false;
    if let FoundAt::Arrived { home } = found {
        let accepted = person.destination.map(|(home, _)| home);
        person.claimed = Some(*home).filter(|home| Some(*home) != accepted);
        person.arrived_at = Some(at);
    }
    if to == PlaceNow::AtTheHome {
        start_over(person);
    }
    person.troubles.retain(|open| open.trouble != Trouble::NotFound);
}
