//! The protected destination (R35): who may not be told where somebody goes. What is shown of where
//! somebody goes is decided here alone: while a protection stands it is in no row, no line of the log and
//! no file, and on the card of those who may read it.

use std::collections::BTreeMap;

use proto::{
    class::{Class, Level, Scope},
    entry::Entry,
    export::Movement,
    id::{HomeId, MemberId, PersonId, Seq},
    journey::Journey,
    key::Key,
    pack::code,
    person::row::{DeskPerson, Destination},
    protection::ProtectedPlace,
    refusal::{Code, Refusal},
    role::Role,
    text::{Line, Short, Text},
    transfer::PlaceNow,
    trouble::OpenTrouble,
};

use super::homes::{is_named_in, lower_words};
use crate::{
    noun::{
        log::LogLine,
        pack::{self, PackHeld},
        person::{Person, row},
        sign_in,
    },
    nouns,
    room::{Room, Touched},
};

/// What may read otherwise after an entry: the lines of the log that screens hold, and the homes named in
/// the rows of people who are protected.
pub(crate) struct Told {
    lines: BTreeMap<Seq, String>,
    people: BTreeMap<PersonId, Option<DeskPerson>>,
}

/// Refuses a journey whose vehicle or crew says where somebody protected goes: both stand in rows.
pub(crate) fn says_no_home(room: &Room, person: &Person, journey: &Journey) -> Result<(), Refusal> {
    let mut said = journey.vehicle.iter().chain(&journey.crew);
    if person.is_protected() && said.any(|words| room.home_names.are_in(words.as_str())) {
        let words = "where this person goes is protected: do not name a home here";
        return Err(Refusal::new(Code::Value, words));
    }
    Ok(())
}

/// Refuses to say by a home's name who has the pack of somebody protected.
pub(crate) fn packs_say_no_home(room: &Room, packs: &[u32], held_by: &str) -> Result<(), Refusal> {
    let protected =
        |number: &&u32| pack::held(room, **number).is_some_and(|held| guards(room, held));
    match packs.iter().find(protected).filter(|_| room.home_names.are_in(held_by)) {
        Some(number) => {
            let code = code(*number);
            let words =
                format!("{code} is of somebody whose destination is protected: name no home");
            Err(Refusal::new(Code::Value, words))
        }
        None => Ok(()),
    }
}

/// Returns in whose hands a pack is, as rows show it.
pub(crate) fn pack_holder(room: &Room, held: &PackHeld) -> Option<Short> {
    let names_home = |words: &Short| room.home_names.are_in(words.as_str());
    held.held_by.clone().filter(|words| !(guards(room, held) && names_home(words)))
}

/// Tells whether a pack is of somebody protected.
fn guards(room: &Room, held: &PackHeld) -> bool {
    held.pack.person.is_some_and(|id| room.protected.contains(&room.stands_for(id)))
}

/// Returns where somebody protected goes, for a reader who may know; `None` for anybody else, and for
/// somebody whose rows say it.
pub(crate) fn place(room: &Room, reader: MemberId, person: &Person) -> Option<ProtectedPlace> {
    let may = person.is_protected() && reads_protected(room, reader, person);
    may.then(|| ProtectedPlace {
        destination: known_destination(person),
        protections: person.protections.values().cloned().collect(),
    })
}

/// Tells whether a member may know where this person goes: by their role, as the person's own worker,
/// or as the team leader at the home until the person has left it.
fn reads_protected(room: &Room, reader: MemberId, person: &Person) -> bool {
    let held = room.roles(reader);
    let worker = person.worker.map(|(worker, _)| worker);
    let is_here = || matches!(person.place, PlaceNow::AtTheHome | PlaceNow::OnTheWay);
    let is_worker = || worker == Some(reader);
    let reads = |role: &Role| {
        let cell = role.on(Class::Prot);
        cell.level >= Level::Read && (cell.scope == Scope::All || is_worker())
    };
    // The matrix masks it from the team leader; whoever sees the crew off has to know where they drive.
    let sees_off = held.contains(&Role::TeamLeaderSite) && is_here();
    held.iter().any(reads) || (sees_off && sign_in::is_at_the_home(room, reader))
}

/// Returns a line of the log as it may be said: about somebody protected it names no home. Any home's
/// name is left out, not theirs alone, or what stands would tell which it was.
pub(crate) fn told(room: &Room, line: &LogLine) -> String {
    if is_guarded(room, line) { room.home_names.left_out(&line.text) } else { line.text.clone() }
}

/// Returns why a line came late, as it may be said.
pub(crate) fn told_late(room: &Room, line: &LogLine) -> Option<Line> {
    let why = line.late_reason.clone()?;
    if is_guarded(room, line) && room.home_names.are_in(why.as_str()) {
        return Line::parse(&room.home_names.left_out(why.as_str())).ok();
    }
    Some(why)
}

/// Tells whether a line speaks of somebody protected: filed under them, by reference, by name where it
/// is filed under nobody, or by what it corrects.
fn is_guarded(room: &Room, line: &LogLine) -> bool {
    if room.protected.is_empty() {
        return false;
    }
    let about = line.person.map(|id| room.stands_for(id));
    if about.is_some_and(|id| room.protected.contains(&id)) {
        return true;
    }
    let said = lower_words(&line.text);
    let people = room.protected.iter().filter_map(|id| room.people.get(id));
    let is_named = people.into_iter().any(|person| {
        said.contains(&person.reference.as_str().to_lowercase())
            || (about.is_none() && is_named_in(person, &said))
    });
    let corrects = line.corrects.and_then(|old| room.log.get(old));
    is_named || corrects.is_some_and(|old| is_guarded(room, old))
}

/// Returns words of a row about somebody: of somebody protected they name no home.
fn row_words<const N: usize>(room: &Room, person: &Person, words: Text<N>) -> Option<Text<N>> {
    if !person.is_protected() || !room.home_names.are_in(words.as_str()) {
        return Some(words);
    }
    Text::parse(&room.home_names.left_out(words.as_str())).ok()
}

/// Takes from a desk's row what would say where somebody protected goes.
pub(crate) fn guard_row(room: &Room, person: &Person, row: &mut DeskPerson) {
    if !person.is_protected() {
        return;
    }
    row.place_words = row.place_words.take().and_then(|words| row_words(room, person, words));
    row.rating_reason = row.rating_reason.take().and_then(|words| row_words(room, person, words));
    row.journey = row.journey.take().map(|journey| guard_journey(room, person, journey));
    row.troubles = guard_troubles(room, person, std::mem::take(&mut row.troubles));
    let plans = std::mem::take(&mut row.side_plans).into_iter().filter_map(|mut plan| {
        plan.reason = row_words(room, person, plan.reason)?;
        Some(plan)
    });
    row.side_plans = plans.collect();
    let passes = std::mem::take(&mut row.passes).into_iter().filter_map(|mut pass| {
        pass.reason = row_words(room, person, pass.reason)?;
        Some(pass)
    });
    row.passes = passes.collect();
}

/// Returns a journey as rows show it. A vehicle or a crew that is called after a home is not there:
/// half of a name would be sent back with the next change of the journey.
pub(crate) fn guard_journey(room: &Room, person: &Person, journey: Journey) -> Journey {
    if !person.is_protected() {
        return journey;
    }
    let names = |words: &Short| room.home_names.are_in(words.as_str());
    Journey {
        vehicle: journey.vehicle.filter(|words| !names(words)),
        crew: journey.crew.filter(|words| !names(words)),
        ..journey
    }
}

/// Returns what is not going to plan, as rows show it.
pub(crate) fn guard_troubles(
    room: &Room,
    person: &Person,
    troubles: Vec<OpenTrouble>,
) -> Vec<OpenTrouble> {
    let guarded = troubles.into_iter().map(|open| OpenTrouble {
        words: open.words.and_then(|words| row_words(room, person, words)),
        ..open
    });
    guarded.collect()
}

impl Room {
    /// Takes from movements where people went who are protected when the file is made: there they look
    /// like people without a destination.
    pub fn guard_movements(&self, movements: &mut [Movement]) {
        let is_protected = |id: PersonId| self.protected.contains(&self.stands_for(id));
        let names = &self.home_names;
        for movement in movements.iter_mut().filter(|movement| is_protected(movement.person)) {
            for place in [&mut movement.from, &mut movement.to] {
                *place = names.replaced(place, "a home to confirm");
            }
            for words in [&mut movement.vehicle, &mut movement.crew] {
                *words = words.take().filter(|words| !names.are_in(words.as_str()));
            }
            let via = movement.via.take();
            movement.via = via.and_then(|via| Line::parse(&names.left_out(via.as_str())).ok());
            movement.reasons = names.left_out(&movement.reasons);
        }
    }
}

/// Returns what the entry may make read otherwise; `None` where it cannot.
pub(crate) fn told_before(room: &Room, entry: &Entry) -> Option<Told> {
    let is_any = !room.protected.is_empty();
    let may = entry.events.iter().any(|event| nouns::retells(event, is_any));
    may.then(|| all_told(room))
}

/// Marks what reads otherwise than before.
pub(crate) fn touch_retold(room: &Room, before: &Told, touched: &mut Touched) {
    let after = all_told(room);
    let lines = after.lines.iter().filter(|(seq, text)| before.lines.get(seq) != Some(text));
    touched.extend(lines.map(|(seq, _)| Key::Log(*seq)));
    let people = after.people.iter().filter(|(id, row)| before.people.get(id) != Some(row));
    touched.extend(people.map(|(id, _)| Key::Person(*id)));
    let who: Vec<PersonId> = before.people.keys().chain(after.people.keys()).copied().collect();
    let is_theirs =
        |held: &&PackHeld| held.pack.person.is_some_and(|id| who.contains(&room.stands_for(id)));
    let packs = room.packs.iter().filter(is_theirs).filter(|held| {
        held.held_by.as_ref().is_some_and(|words| room.home_names.are_in(words.as_str()))
    });
    touched.extend(packs.map(|held| Key::Pack(held.pack.number)));
}

fn all_told(room: &Room) -> Told {
    let held = room.log.held().into_iter();
    let lines = held.filter_map(|seq| Some((seq, told(room, room.log.get(seq)?))));
    let people = room.protected.iter();
    let people = people.filter_map(|id| Some((*id, row::desk(room, room.people.get(id)?))));
    Told { lines: lines.collect(), people: people.collect() }
}

/// Returns where somebody goes or went as every row shows it: while it is protected, like somebody for
/// whom nothing is decided yet.
pub(crate) fn destination(person: &Person) -> Destination {
    let is_protected = person.is_protected();
    #[cfg(plant = "protected_told")]
    let is_protected = false;
    let known = known_destination(person);
    if is_protected {
        return Destination { to_confirm: known.to_confirm, ..Destination::default() };
    }
    known
}

/// Returns where somebody goes or went, both versions where they differ.
fn known_destination(person: &Person) -> Destination {
    Destination { home: accepted(person), claimed: person.claimed, to_confirm: person.to_confirm }
}

fn accepted(person: &Person) -> Option<HomeId> {
    person.destination.map(|(home, _)| home)
}

/// Returns what a card's revision follows while no row shows it.
pub(crate) fn whereto(person: &Person) -> Option<(Option<HomeId>, Option<HomeId>, bool)> {
    person.is_protected().then(|| (accepted(person), person.claimed, person.to_confirm))
}
