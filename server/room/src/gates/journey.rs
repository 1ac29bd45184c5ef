//! The conditions of the track "journey".

use proto::identity::Moment;

use super::{Look, State};

/// G22: identity checked by a second identifier before "ready".
pub(super) fn identity(look: Look<'_>) -> State {
    let checked = look.person.checks.get(&Moment::Ready).copied();
    State::of(checked, look.at, "identity not checked by a second identifier")
}

/// G22: identity checked again at the door.
pub(super) fn identity_at_the_door(look: Look<'_>) -> State {
    let checked = look.person.checks.get(&Moment::Door).copied();
    State::of(checked, look.at, "identity not checked again at the door")
}

/// G23: vehicle, crew, expected arrival and destination.
pub(super) fn booked_whole(look: Look<'_>) -> State {
    let Some((journey, booked)) =
        look.person.journey.as_ref().filter(|(_, done)| done.is_by(look.at))
    else {
        return State::Open("no journey booked: vehicle, crew and expected arrival".to_owned());
    };
    let accepted = look.person.destination.map(|(_, accepted)| accepted);
    let lacks = [
        (journey.vehicle.is_none(), "vehicle"),
        (journey.crew.is_none(), "crew"),
        (journey.arrives_at.is_none(), "expected arrival"),
        (!accepted.is_some_and(|accepted| accepted.is_by(look.at)), "destination"),
    ];
    let lacks: Vec<&str> =
        lacks.into_iter().filter_map(|(lacks, what)| lacks.then_some(what)).collect();
    if lacks.is_empty() {
        return State::Done(*booked);
    }
    State::Open(format!("missing: {}", lacks.join(", ")))
}

/// G24: the arrival is confirmed. The plan itself carries the evidence.
pub(super) fn arrival(look: Look<'_>) -> State {
    State::of(look.person.arrival, look.at, "the arrival is not confirmed")
}
