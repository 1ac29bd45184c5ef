//! The protected destination (R35): who must not learn where a person goes. This module alone decides what shows a
//! destination: while a protection is in force, no row, log line or file contains it, and only the cards of
//! authorised readers do.

use std::collections::BTreeMap;

use proto::{
    class::{Class, Level, Scope},
    entry::Entry,
    export::Movement,
    id::{HomeId, MemberId, PersonId, Seq},
    journey::{BookedJourney, Journey},
    key::Key,
    pack::code,
    person::row::Destination,
    protection::ProtectedPlace,
    refusal::{Code, Refusal},
    role::{Audience, Role},
    row::Row,
    text::{Line, RowText, Short},
    transfer::PlaceNow,
};

use super::homes::{is_named_in, lower_words};
use crate::{
    noun::{
        log::LogLine,
        pack::{self, PackHeld},
        person::Person,
        sign_in,
    },
    nouns,
    room::{Room, Touched},
};

/// A snapshot of what an entry may redact or reveal: the log lines in screens' windows, and the rows with free text
/// about protected people.
pub(crate) struct Told {
    lines: BTreeMap<Seq, (RowText, Option<RowText>)>,
    rows: BTreeMap<Key, Option<Row>>,
}

/// Refuses a journey whose vehicle or crew names the home of a protected person: rows show both.
pub(crate) fn says_no_home(room: &Room, person: &Person, journey: &Journey) -> Result<(), Refusal> {
    let mut said = journey.vehicle.iter().chain(&journey.crew);
    if person.is_protected() && said.any(|words| room.home_names.are_in(words.as_str())) {
        let words = "where this person goes is protected: do not name a home here";
        return Err(Refusal::new(Code::Value, words));
    }
    Ok(())
}

/// Refuses a home's name as the holder of a protected person's pack.
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

/// Returns a pack's holder as rows show it.
pub(crate) fn pack_holder(room: &Room, held: &PackHeld) -> Option<RowText> {
    row_label(room, held.pack.person, held.held_by.as_ref()?)
}

/// Returns whether a pack belongs to a protected person.
fn guards(room: &Room, held: &PackHeld) -> bool {
    held.pack.person.is_some_and(|id| room.protected.contains(&room.stands_for(id)))
}

/// Returns a protected person's destination for an authorised reader; `None` for other readers and for a person whose
/// rows show it.
pub(crate) fn place(room: &Room, reader: MemberId, person: &Person) -> Option<ProtectedPlace> {
    let may = person.is_protected() && reads_protected(room, reader, person);
    may.then(|| ProtectedPlace {
        destination: known_destination(person),
        protections: person.protections.values().cloned().collect(),
    })
}

/// Returns whether a member may know this person's destination: by role, as the person's named worker, or as the team
/// leader at the home until the person has left it.
fn reads_protected(room: &Room, reader: MemberId, person: &Person) -> bool {
    let held = room.roles(reader);
    let worker = person.worker.map(|(worker, _)| worker);
    let is_here = || matches!(person.place, PlaceNow::AtTheHome | PlaceNow::OnTheWay);
    let is_worker = || worker == Some(reader);
    let reads = |role: &Role| {
        let cell = role.on(Class::Prot);
        cell.level >= Level::Read && (cell.scope == Scope::All || is_worker())
    };
    // The matrix masks it from the team leader, but the one who sees the crew off must know the destination.
    let sees_off = held.contains(&Role::TeamLeaderSite) && is_here();
    held.iter().any(reads) || (sees_off && sign_in::is_at_the_home(room, reader))
}

/// Returns the text of a row, about a person or not. Text that mentions a protected person is redacted of every
/// home's name, not just their own: a selective redaction would reveal it.
#[expect(clippy::disallowed_methods, reason = "they are cleared here")]
pub(crate) fn row_text(room: &Room, about: Option<PersonId>, words: &str) -> RowText {
    if is_guarded(room, about, words) {
        return RowText::cleared(room.home_names.left_out(words));
    }
    RowText::cleared(words)
}

/// Returns row text that a client may send back with its next edit. If it would name a home it is omitted altogether:
/// a redacted name would be saved as the whole.
pub(crate) fn row_label(room: &Room, about: Option<PersonId>, words: &Short) -> Option<RowText> {
    let names_home = || room.home_names.are_in(words.as_str());
    let is_hidden = is_guarded(room, about, words.as_str()) && names_home();
    (!is_hidden).then(|| row_text(room, about, words.as_str()))
}

/// Returns a log line's text as rows show it.
pub(crate) fn told(room: &Room, line: &LogLine) -> RowText {
    row_text(room, subject(room, line), &line.text)
}

/// Returns the reason of a late line as rows show it.
pub(crate) fn told_late(room: &Room, line: &LogLine) -> Option<RowText> {
    let why = line.late_reason.as_ref()?;
    Some(row_text(room, subject(room, line), why.as_str()))
}

/// Returns the subject of a line: the person it is filed under, or the protected person that it, or the line it
/// corrects, mentions.
fn subject(room: &Room, line: &LogLine) -> Option<PersonId> {
    let about = line.person.map(|id| room.stands_for(id));
    if about.is_some_and(|id| room.protected.contains(&id)) {
        return about;
    }
    let spoken = line.speaks_of.iter().map(|id| room.stands_for(*id));
    if let Some(protected) = spoken.into_iter().find(|id| room.protected.contains(id)) {
        return Some(protected);
    }
    let corrects = line.corrects.and_then(|old| room.log.get(old));
    let of_old = corrects.and_then(|old| subject(room, old));
    spoken_of(room, about, &line.text).or(of_old.filter(|id| room.protected.contains(id))).or(about)
}

/// Returns whether text is about, or mentions, a protected person.
fn is_guarded(room: &Room, about: Option<PersonId>, words: &str) -> bool {
    let about = about.map(|id| room.stands_for(id));
    about.is_some_and(|id| room.protected.contains(&id)) || spoken_of(room, about, words).is_some()
}

/// Returns a protected person mentioned in text: by reference, or also by name if the text is about nobody.
fn spoken_of(room: &Room, about: Option<PersonId>, words: &str) -> Option<PersonId> {
    if room.protected.is_empty() {
        return None;
    }
    let said = lower_words(words);
    let people = room.protected.iter().filter_map(|id| room.people.get(id));
    let named = people.into_iter().find(|person| {
        said.contains(&person.reference.as_str().to_lowercase())
            || (about.is_none() && is_named_in(person, &said))
    });
    named.map(|person| person.id)
}

/// Returns a booked journey as rows show it.
pub(crate) fn journey(room: &Room, person: &Person) -> Option<BookedJourney> {
    let (journey, _) = person.journey.as_ref()?;
    let label = |words: &Option<Short>| row_label(room, Some(person.id), words.as_ref()?);
    Some(BookedJourney {
        vehicle: label(&journey.vehicle),
        crew: label(&journey.crew),
        leaves_at: journey.leaves_at,
        arrives_at: journey.arrives_at,
    })
}

impl Room {
    /// Redacts the destinations of people protected at the time of export: they look like people without a
    /// destination.
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

/// Returns a snapshot of what the entry may redact or reveal; `None` if it cannot.
pub(crate) fn told_before(room: &Room, entry: &Entry) -> Option<Told> {
    let is_any = !room.protected.is_empty();
    let may = entry.events.iter().any(|event| nouns::retells(event, is_any));
    may.then(|| all_told(room))
}

/// Marks the rows whose text changed.
pub(crate) fn touch_retold(room: &Room, before: &Told, touched: &mut Touched) {
    let after = all_told(room);
    let lines = after.lines.iter().filter(|(seq, text)| before.lines.get(seq) != Some(text));
    touched.extend(lines.map(|(seq, _)| Key::Log(*seq)));
    let keys = before.rows.keys().chain(after.rows.keys());
    let changed = keys.filter(|key| {
        let row = |told: &Told| told.rows.get(key).cloned().unwrap_or_else(|| shown(room, **key));
        row(before) != row(&after)
    });
    touched.extend(changed.copied());
}

fn all_told(room: &Room) -> Told {
    let held = room.log.held().into_iter();
    let lines = held.filter_map(|seq| {
        let line = room.log.get(seq)?;
        Some((seq, (told(room, line), told_late(room, line))))
    });
    let mut keys: Touched = room.protected.iter().copied().map(Key::Person).collect();
    let packs = room.packs.iter().filter(|held| held.held_by.is_some());
    keys.extend(packs.map(|held| Key::Pack(held.pack.number)));
    keys.extend(room.help.keys().copied().map(Key::Help));
    keys.extend(room.edits.keys().copied().map(Key::Edit));
    let worded = room.sign_ins.iter().filter(|(_, sign_in)| sign_in.has_words());
    keys.extend(worded.map(|(id, _)| Key::SignIn(*id)));
    let rows = keys.into_iter().map(|key| (key, shown(room, key)));
    Told { lines: lines.collect(), rows: rows.collect() }
}

/// Returns a row as desks show it; other audiences see no text beyond it.
fn shown(room: &Room, key: Key) -> Option<Row> {
    room.row(Audience::Desk, key)
}

/// Returns a person's destination as every row shows it; a protected one looks undecided.
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

/// Returns a person's destination, both versions if they differ.
fn known_destination(person: &Person) -> Destination {
    Destination { home: accepted(person), claimed: person.claimed, to_confirm: person.to_confirm }
}

fn accepted(person: &Person) -> Option<HomeId> {
    person.destination.map(|(home, _)| home)
}

/// Returns the destination fields that determine a card's revision while no row shows them.
pub(crate) fn whereto(person: &Person) -> Option<(Option<HomeId>, Option<HomeId>, bool)> {
    person.is_protected().then(|| (accepted(person), person.claimed, person.to_confirm))
}
