//! Text on the wall and directors' boards names nobody. A known name is refused on entry; text that names a person
//! who becomes known later is withheld from then on (P-31, P-110 to P-112).

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    deadline::{BoardDeadline, Deadline},
    id::Seq,
    incident::IncidentChange,
    key::Key,
    member::Profile,
    refusal::{Code, Refusal},
    role::Audience,
    text::{Bedroom, BoardText, Line, Short, Text},
};

use super::{
    letters::{Said, plain_words, said},
    names::{Names, PlaceNames},
    post::personal_parts,
    protected,
};
use crate::{
    noun::{log::LogLine, person::Person},
    room::{Room, Touched},
};

/// Replaces a line that names a person.
pub(crate) const LINE: &str = "This line names somebody: it is on the desk.";
/// Replaces the setter of a deadline.
const SET_BY: &str = "(on the desk)";
/// Replaces the reason of a deadline.
const WHY: &str = "the reason is on the desk";
/// Replaces the order.
const ORDER: &str = "It is on the desk";
/// Replaces the room's title.
const TITLE: &str = "Title on the desk";
/// Replaces a home's name.
const HOME: &str = "see the desk";
/// The maximum number of letters in a bedroom without a number.
const BEDROOM_LETTERS: usize = 2;

/// An index of the words shown on boards: which rows contain which words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    by_key: BTreeMap<Key, Vec<Said>>,
    by_word: BTreeMap<String, BTreeSet<Key>>,
}

impl Shown {
    /// Replaces the indexed words of a row.
    fn put<'a>(&mut self, key: Key, texts: impl Iterator<Item = &'a str>) {
        self.remove(key);
        let all: Vec<Said> = texts.flat_map(said).collect();
        for word in all.iter().flat_map(Said::forms) {
            self.by_word.entry(word.to_owned()).or_default().insert(key);
        }
        self.by_key.insert(key, all);
    }

    fn remove(&mut self, key: Key) {
        let all = self.by_key.remove(&key).unwrap_or_default();
        for word in all.iter().flat_map(Said::forms) {
            if let Some(keys) = self.by_word.get_mut(word) {
                keys.remove(&key);
                if keys.is_empty() {
                    self.by_word.remove(word);
                }
            }
        }
    }

    /// Returns the rows that contain any of the words.
    fn with_any<'a>(&self, words: impl Iterator<Item = &'a str>) -> BTreeSet<Key> {
        words.filter_map(|word| self.by_word.get(word)).flatten().copied().collect()
    }

    /// Returns the rows that contain all of the words.
    fn with_all(&self, words: &[String]) -> BTreeSet<Key> {
        let mut sets = words.iter().map(|word| self.by_word.get(word).cloned().unwrap_or_default());
        let first = sets.next().unwrap_or_default();
        sets.fold(first, |both, keys| both.intersection(&keys).copied().collect())
    }
}

/// Refuses text for the wall or for directors that names a service user or a member; `what` describes the text.
pub(crate) fn names_nobody(room: &Room, what: &str, text: &str) -> Result<(), Refusal> {
    if !room.names.are_in(text, &room.places) {
        return Ok(());
    }
    let instead = "on the wall and to directors use the reference";
    Err(Refusal::new(Code::Value, format!("{what} names somebody: {instead}")))
}

/// Refuses a title or an order that names a person. The service's own name is public.
pub(crate) fn tells_nobody(room: &Room, change: &IncidentChange) -> Result<(), Refusal> {
    let title = change.title.as_ref().filter(|title| !is_service(room, title));
    if let Some(title) = title {
        names_nobody(room, "the title", title.as_str())?;
    }
    change.order.as_ref().map_or(Ok(()), |order| names_nobody(room, "the order", order.as_str()))
}

/// Refuses a deadline that names a person: boards show its setter and reason.
pub(crate) fn sets_as_nobody(room: &Room, deadline: &Deadline) -> Result<(), Refusal> {
    if room.names.are_in(deadline.set_by.as_str(), &room.places) {
        let words = "who set it is somebody's name: the wall shows the body or the role";
        return Err(Refusal::new(Code::Value, words));
    }
    names_nobody(room, "the reason", deadline.why.as_str())
}

/// Refuses a home's short name, shown on the wall, that is a person's full name.
pub(crate) fn calls_a_home(room: &Room, short_name: &Short) -> Result<(), Refusal> {
    if room.names.are_whole_in(short_name.as_str()) {
        let words = "this short name is somebody's name, and the wall shows it: give the home \
                     another one, such as the first word of its name and its town";
        return Err(Refusal::new(Code::Value, words));
    }
    Ok(())
}

/// Returns whether a line is withheld from the boards it is meant for.
pub(crate) fn is_withheld(room: &Room, line: &LogLine) -> bool {
    (line.show.wall || line.show.directors) && room.names.are_in(&line.text, &room.places)
}

/// Returns a line as boards render it.
pub(crate) fn line(room: &Room, line: &LogLine) -> BoardText {
    if is_withheld(room, line) { cleared(LINE) } else { cleared(&protected::told(room, line)) }
}

/// Returns the title as boards render it. A title is the service's name: only additional words, or a full name, can
/// name a person.
pub(crate) fn title(room: &Room, title: &Short) -> BoardText {
    if is_service(room, title) { cleared(title.as_str()) } else { instead_of(room, title, TITLE) }
}

/// Returns whether a title is only a place name and not a person's full name.
fn is_service(room: &Room, title: &Short) -> bool {
    room.places.is_one(title.as_str()) && !room.names.are_whole_in(title.as_str())
}

/// Returns a deadline as boards render it.
pub(crate) fn deadline(room: &Room, deadline: &Deadline) -> BoardDeadline {
    let set_by = instead_of(room, &deadline.set_by, SET_BY);
    BoardDeadline { at: deadline.at, set_by, why: instead_of(room, &deadline.why, WHY) }
}

/// Returns the order as the directors' board renders it.
pub(crate) fn order(room: &Room, order: &Line) -> BoardText {
    instead_of(room, order, ORDER)
}

/// Returns whether boards withhold any of the incident's text.
pub(crate) fn is_incident_withheld(room: &Room) -> bool {
    let Some(state) = &room.incident else { return false };
    let (said, ordered) = (&state.incident.title, &state.incident.order);
    let nearest = state.nearest();
    let is_other = |shown: &BoardText, words: &str| **shown != *words;
    is_other(&title(room, said), said.as_str())
        || ordered.as_ref().is_some_and(|words| is_other(&order(room, words), words.as_str()))
        || nearest.as_ref().is_some_and(|one| {
            let shown = deadline(room, one);
            is_other(&shown.set_by, one.set_by.as_str()) || is_other(&shown.why, one.why.as_str())
        })
}

/// Returns a home's short name as the wall renders it. It is public: only a person's full name is withheld.
pub(crate) fn home(room: &Room, short_name: &Short) -> BoardText {
    let is_named = room.names.are_whole_in(short_name.as_str());
    cleared(if is_named { HOME } else { short_name.as_str() })
}

fn instead_of<const N: usize>(room: &Room, words: &Text<N>, instead: &str) -> BoardText {
    let is_named = room.names.are_in(words.as_str(), &room.places);
    cleared(if is_named { instead } else { words.as_str() })
}

#[expect(clippy::disallowed_methods, reason = "they are cleared here")]
fn cleared(words: &str) -> BoardText {
    BoardText::cleared(words)
}

/// Applies a change of a person's names, and marks board text that starts or stops naming them.
pub(crate) fn rename(
    room: &mut Room,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
    touched: &mut Touched,
) {
    let mut changed = Names::default();
    for name in before.difference(after) {
        room.names.remove(name);
        changed.add(name);
    }
    for name in after.difference(before) {
        room.names.add(name);
        changed.add(name);
    }
    let mut rows = room.shown.with_any(changed.telling());
    rows.retain(|key| may_be_named(room, *key, &changed));
    #[cfg(plant = "name_known_later_stays")]
    rows.clear();
    touched.extend(rows);
}

/// Returns whether a changed name can affect a row; for a home's row only a full name can.
fn may_be_named(room: &Room, key: Key, changed: &Names) -> bool {
    let Some(all) = room.shown.by_key.get(&key) else { return false };
    if matches!(key, Key::Home(_)) {
        return changed.are_all_said(all);
    }
    changed.are_said(all, &PlaceNames::default())
}

/// Adds a place name and marks board text that contains it: a personal name within it names nobody.
pub(crate) fn name_place(room: &mut Room, name: &str, touched: &mut Touched) {
    let words = room.places.add(name);
    touched.extend(room.shown.with_all(&words));
}

/// Indexes the board text of the rows that an entry touched.
pub(crate) fn keep_shown(room: &mut Room, touched: &Touched) {
    for key in touched.iter().copied() {
        if key == Key::Incident {
            keep_incident(room);
        } else if let Key::Log(seq) = key {
            keep_line(room, seq);
        } else if let Key::Home(id) = key
            && let Some(home) = room.homes.get(&id)
        {
            room.shown.put(key, std::iter::once(home.short_name.as_str()));
        }
    }
}

fn keep_incident(room: &mut Room) {
    let Some(state) = &room.incident else { return };
    let deadlines = state.deadlines.values();
    let deadlines = deadlines.flat_map(|one| [one.set_by.as_str(), one.why.as_str()]);
    let order = state.incident.order.iter().map(Text::as_str);
    let title = std::iter::once(state.incident.title.as_str());
    room.shown.put(Key::Incident, title.chain(order).chain(deadlines));
}

fn keep_line(room: &mut Room, seq: Seq) {
    let held = [Audience::Wall, Audience::Sitrep];
    let is_held = held.into_iter().any(|audience| room.log.is_held(audience, seq));
    match room.log.get(seq).filter(|_| is_held) {
        Some(line) => room.shown.put(Key::Log(seq), std::iter::once(line.text.as_str())),
        None => room.shown.remove(Key::Log(seq)),
    }
}

/// Returns every name of a person.
pub(crate) fn calls(person: &Person) -> BTreeSet<String> {
    let details = &person.details;
    let names = details.name.iter().chain(&details.known_as).chain(&person.aliases);
    let mut all: BTreeSet<String> = names.map(|name| name.as_str().to_owned()).collect();
    let last = details.name.as_ref().and_then(|name| name.as_str().split_whitespace().last());
    if let (Some(known_as), Some(last)) = (&details.known_as, last) {
        all.insert(format!("{} {last}", known_as.as_str()));
    }
    all
}

/// Returns every name of a member; a post is not a personal name.
pub(crate) fn calls_of_member(profile: &Profile) -> BTreeSet<String> {
    personal_parts(profile.name.as_str()).map(str::to_owned).collect()
}

/// Returns a bedroom as the wall renders it. It appears beside a reference, so it must be a number, or too few
/// letters for a name, and contain no part of the occupant's name.
pub(crate) fn bedroom_on_boards(person: &Person) -> Option<Bedroom> {
    let bedroom = person.details.bedroom.as_ref()?;
    let text = bedroom.as_str();
    if text.chars().filter(|c| c.is_alphabetic()).count() <= BEDROOM_LETTERS {
        return Some(bedroom.clone());
    }
    let words = plain_words(text);
    let is_number = text.contains(|c: char| c.is_ascii_digit());
    let theirs: BTreeSet<String> =
        calls(person).iter().flat_map(|name| plain_words(name)).collect();
    let is_theirs = words.iter().any(|word| theirs.contains(word));
    (is_number && !is_theirs).then(|| bedroom.clone())
}
