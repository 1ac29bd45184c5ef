//! The conditions of the track "known".

use super::{Look, State};

/// G1: confirmed on the register by two identifiers.
pub(super) fn on_the_list(look: Look<'_>) -> State {
    let missing = "not confirmed on the register by two identifiers";
    State::of(look.person.confirmed, look.at, missing)
}

/// G3: a named social worker, who is a member of the room.
pub(super) fn named_worker(look: Look<'_>) -> State {
    let worker = look.person.worker;
    let worker = worker.filter(|(worker, _)| look.room.members.contains_key(worker));
    let named = worker.map(|(_, named)| named);
    State::of(named, look.at, "no named social worker")
}
